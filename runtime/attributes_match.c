/* attributes_match.c — the patterns of .gitattributes, which are those of .gitignore: `*` and `?` stay
 * inside of a name, `**` between slashes is any number of folders, `[…]` has ranges and classes.
 *
 * Not common/glob.h, whose language has braces and is compiled to be intersected. */
#include "runtime/attributes.h"

#include "common/fail.h"

#include <ctype.h>
#include <stdlib.h>

static bool in_class(struct str name, unsigned char c)
{
	static const struct {
		const char *name;
		int (*is)(int);
	} classes[] = { { "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
			{ "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
			{ "lower", islower }, { "print", isprint }, { "punct", ispunct },
			{ "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit } };
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (str_is(name, classes[i].name))
			return c < 0x80 && classes[i].is(c);
	return false;
}

/* One member of a bracket at *at, which moves behind it; false when the bracket is never closed. */
static bool member(struct str p, size_t *at, unsigned char c, unsigned char *last, bool *matched)
{
	unsigned char first = (unsigned char)p.at[*at];
	if (first == '[' && *at + 1 < p.n && p.at[*at + 1] == ':') {
		size_t end = *at + 2;
		while (end < p.n && p.at[end] != ']')
			end++;
		if (end >= p.n)
			return false;
		if (end > *at + 2 && p.at[end - 1] == ':') {
			*matched |= in_class(str_slice(p, *at + 2, end - 1), c);
			*at = end + 1;
			*last = 0;
			return true;
		}
	}
	if (first == '\\') {
		if (++*at >= p.n)
			return false;
		first = (unsigned char)p.at[*at];
	} else if (first == '-' && *last && *at + 1 < p.n && p.at[*at + 1] != ']') {
		first = (unsigned char)p.at[++*at];
		if (first == '\\') {
			if (++*at >= p.n)
				return false;
			first = (unsigned char)p.at[*at];
		}
		*matched |= *last <= c && c <= first;
		++*at;
		*last = 0;
		return true;
	}
	*matched |= first == c;
	*last = first;
	++*at;
	return true;
}

/* A bracket that begins at *at. */
static bool bracket(struct str p, size_t *at, unsigned char c, bool *closed)
{
	bool matched = false;
	unsigned char last = 0;
	size_t i = *at + 1;
	bool negated = i < p.n && (p.at[i] == '!' || p.at[i] == '^');
	i += negated;
	for (size_t first = i; (*closed = i < p.n) && (i == first || p.at[i] != ']');)
		if (!member(p, &i, c, &last, &matched)) {
			*closed = false;
			break;
		}
	*at = i + 1;
	return *closed && matched != negated && c != '/';
}

struct matching {
	struct str p, text;
	unsigned char
		*failed; /* a bit for each place in both from where there is no match; or NULL */
};

static bool match(struct matching *m, size_t at, size_t from);

/* With many stars the same question comes up again and again. */
static bool match_once(struct matching *m, size_t at, size_t from)
{
	size_t bit = at * (m->text.n + 1) + from;
	if (m->failed && m->failed[bit / 8] & 1 << bit % 8)
		return false;
	if (match(m, at, from))
		return true;
	if (m->failed)
		m->failed[bit / 8] |= (unsigned char)(1 << bit % 8);
	return false;
}

/* Stars that begin at `at`. */
static bool stars(struct matching *m, size_t at, size_t from)
{
	struct str p = m->p, text = m->text;
	size_t end = at;
	while (end < p.n && p.at[end] == '*')
		end++;
	bool deep = end - at > 1 && (at == 0 || p.at[at - 1] == '/') &&
		    (end == p.n || p.at[end] == '/');
	if (end == p.n)
		return deep || str_find(str_slice(text, from, text.n), '/') == SIZE_MAX;
	if (deep && match_once(m, end + 1, from))
		return true;
	for (size_t i = from; i <= text.n; i++) {
		if (match_once(m, end, i))
			return true;
		if (i < text.n && text.at[i] == '/' && !deep)
			return false;
	}
	return false;
}

static bool match(struct matching *m, size_t at, size_t from)
{
	struct str p = m->p;
	for (; at < p.n; from++) {
		if (p.at[at] == '*')
			return stars(m, at, from);
		if (from >= m->text.n)
			return false;
		unsigned char c = (unsigned char)m->text.at[from];
		bool closed = true;
		if (p.at[at] == '[') {
			if (!bracket(p, &at, c, &closed) || !closed)
				return false;
		} else if (p.at[at] == '?') {
			if (c == '/')
				return false;
			at++;
		} else {
			if (p.at[at] == '\\' && ++at >= p.n)
				return false;
			if ((unsigned char)p.at[at++] != c)
				return false;
		}
	}
	return from == m->text.n;
}

bool attributes_match(struct str pattern, struct str path)
{
	struct matching m = { pattern, path, NULL };
	size_t groups = 0;
	for (size_t i = 0; i < pattern.n; i++)
		groups += pattern.at[i] == '*' && (i == 0 || pattern.at[i - 1] != '*');
	if (groups > 2) {
		m.failed = calloc((pattern.n + 1) * (path.n + 1) / 8 + 1, 1);
		if (!m.failed)
			fail_memory();
	}
	bool matched = match(&m, 0, 0);
	free(m.failed);
	return matched;
}
