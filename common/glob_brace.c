/* glob_brace.c — multiplies out braces. The alternatives are counted without making any; the k-th
 * is written by taking k apart at each brace, as one reads the digits of a number. */
#include "common/glob_inside.h"

enum { DEEPEST = 16 };

struct brace_reader {
	struct str text;
	size_t at;
	struct glob_error *error;
};

static size_t refuse(struct brace_reader *r, size_t at, const char *text)
{
	*r->error = (struct glob_error){ text, at };
	return 0;
}

/* Behind the element at `at`: an escape and a class are one, a brace is not looked into. */
static size_t element_end(struct str s, size_t at)
{
	if (s.at[at] == '\\')
		return at + 2 < s.n ? at + 2 : s.n;
	if (s.at[at] != '[')
		return at + 1;
	size_t end = at + 1;
	end += end < s.n && s.at[end] == '!';
	end += end < s.n && s.at[end] == ']';
	while (end < s.n && s.at[end] != ']')
		end += s.at[end] == '\\' ? 2 : 1;
	return end < s.n ? end + 1 : s.n;
}

/* How many alternatives the text from r->at on stands for, up to its end or, in a brace, to the `,`
 * or `}` that ends it; 0 when something is wrong. */
static size_t count_sequence(struct brace_reader *r, unsigned depth)
{
	size_t product = 1;
	while (r->at < r->text.n) {
		size_t open = r->at;
		char c = r->text.at[open];
		if (c == '}' && !depth)
			return refuse(r, open,
				      "`}` closes nothing: write `\\}` for the character itself");
		if (depth && (c == ',' || c == '}'))
			return product;
		r->at = element_end(r->text, open);
		if (c != '{')
			continue;
		if (depth == DEEPEST)
			return refuse(r, open, "braces are nested more than 16 deep");
		size_t sum = 0;
		char end = ',';
		for (size_t parts = 0; end == ','; parts++) {
			size_t part = count_sequence(r, depth + 1);
			if (!part)
				return 0;
			if (r->at == r->text.n)
				return refuse(
					r, open,
					"`{` is not closed: write `\\{` for the character itself");
			sum += part;
			end = r->text.at[r->at++];
			if (end == '}' && !parts)
				return refuse(
					r, open,
					"a brace has alternatives, as in `{a,b}`: write `\\{` for "
					"the character itself");
		}
		product *= sum;
		if (product > GLOB_ALTERNATIVES_MAX)
			return refuse(
				r, open,
				"the braces stand for more than 1024 alternatives: use `*`, or several "
				"patterns");
	}
	return product;
}

static size_t count_again(struct brace_reader *r, size_t at, unsigned depth)
{
	size_t before = r->at;
	r->at = at;
	size_t n = count_sequence(r, depth);
	r->at = before;
	return n;
}

/* Moves to the part of the brace at r->at that holds its alternative number *k, and takes from *k
 * those before it. */
static void find_part(struct brace_reader *r, unsigned depth, size_t *k)
{
	for (;;) {
		r->at++;
		size_t begin = r->at, part = count_sequence(r, depth + 1);
		if (*k < part) {
			r->at = begin;
			return;
		}
		*k -= part;
	}
}

static size_t brace_total(struct brace_reader *r, unsigned depth)
{
	size_t before = r->at, sum = 0;
	do {
		r->at++;
		sum += count_sequence(r, depth + 1);
	} while (r->text.at[r->at] == ',');
	r->at = before;
	return sum;
}

static void skip_brace(struct brace_reader *r, unsigned depth)
{
	do {
		r->at++;
		count_sequence(r, depth + 1);
	} while (r->text.at[r->at] == ',');
	r->at++;
}

/* Writes alternative number k of the sequence at r->at; the first brace is the number's highest
 * digit. */
static size_t write_sequence(struct brace_reader *r, unsigned depth, size_t k, char *out,
			     uint32_t *origin, size_t n)
{
	while (r->at < r->text.n &&
	       !(depth && (r->text.at[r->at] == ',' || r->text.at[r->at] == '}'))) {
		if (r->text.at[r->at] == '{') {
			size_t total = brace_total(r, depth),
			       rest = count_again(r, r->at, depth) / total;
			size_t digit = k / rest, open = r->at;
			k %= rest;
			find_part(r, depth, &digit);
			n = write_sequence(r, depth + 1, digit, out, origin, n);
			r->at = open;
			skip_brace(r, depth);
			continue;
		}
		for (size_t end = element_end(r->text, r->at); r->at < end; r->at++) {
			out[n] = r->text.at[r->at];
			origin[n++] = (uint32_t)r->at;
		}
	}
	return n;
}

size_t glob_brace_count(struct str pattern, struct glob_error *error)
{
	struct brace_reader r = { pattern, 0, error };
	return count_sequence(&r, 0);
}

struct str glob_brace_write(struct arena *arena, struct str pattern, size_t k,
			    const uint32_t **origin)
{
	struct glob_error none;
	struct brace_reader r = { pattern, 0, &none };
	char *text = arena_take(arena, pattern.n + 1);
	uint32_t *where = ARENA_MANY(arena, pattern.n + 1, uint32_t);
	*origin = where;
	return (struct str){ text, write_sequence(&r, 0, k, text, where, 0) };
}
