/* lineends.c — see lineends.h. */
#include "runtime/lineends.h"

#include <string.h>

enum { DELETE = 127, END_OF_FILE = 26, LEAST_PRINTABLE = 32 };

struct count {
	size_t crlf, cr, lf; /* both together; one without the other */
	size_t nul, printable, other;
};

static struct count count_bytes(struct str s)
{
	struct count count = { 0 };
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '\r' && i + 1 < s.n && s.at[i + 1] == '\n') {
			count.crlf++;
			i++;
		} else if (c == '\r') {
			count.cr++;
		} else if (c == '\n') {
			count.lf++;
		} else if (c == DELETE || (c < LEAST_PRINTABLE && !strchr("\b\t\033\014", c)) ||
			   !c) {
			count.nul += !c;
			count.other++;
		} else {
			count.printable++;
		}
	}
	if (s.n && s.at[s.n - 1] == END_OF_FILE)
		count.other--;
	return count;
}

static bool looks_binary(const struct count *count)
{
	return count->cr || count->nul || count->printable >> 7 < count->other;
}

/* A text that was committed with CRLF, and that nobody has said to be one, stays so. */
static bool keeps_crlf(struct str before)
{
	struct count count = count_bytes(before);
	return count.crlf && !looks_binary(&count);
}

static struct str drop_cr(struct arena *arena, struct str s, bool all)
{
	char *to = arena_take(arena, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] != '\r' || (!all && (i + 1 == s.n || s.at[i + 1] != '\n')))
			to[n++] = s.at[i];
	return (struct str){ to, n };
}

static struct str add_cr(struct arena *arena, struct str s, size_t lf)
{
	char *to = arena_take(arena, s.n + lf + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '\n' && (i == 0 || s.at[i - 1] != '\r'))
			to[n++] = '\r';
		to[n++] = s.at[i];
	}
	return (struct str){ to, n };
}

/* Where "$Id$" or "$Id: …$" ends, counted from the byte after its first dollar; 0: it is none.
 * *foreign: with spaces inside, as another system writes it. */
static size_t ident_at(struct str s, size_t from, bool *foreign)
{
	struct str rest = str_slice(s, from, s.n);
	*foreign = false;
	if (!str_starts(rest, STR("Id")) || rest.n < 3)
		return 0;
	if (rest.at[2] == '$')
		return 3;
	size_t end = rest.at[2] == ':' ? str_find(str_slice(rest, 3, rest.n), '$') : SIZE_MAX;
	if (end == SIZE_MAX || str_find(str_slice(rest, 3, 3 + end), '\n') != SIZE_MAX)
		return 0;
	struct str inside = str_slice(rest, 3 + (end > 0), 3 + end);
	size_t space = str_find(inside, ' ');
	*foreign = space != SIZE_MAX && space + 1 < inside.n;
	return 3 + end + 1;
}

/* `id` NULL: taken out. A foreign one is taken out too, but not replaced, as git has it. */
static struct str ident(struct arena *arena, struct str s, const char *id)
{
	bool foreign;
	size_t n = 0, found = 0;
	for (size_t i = 0; i + 1 < s.n; i++)
		found += s.at[i] == '$' && ident_at(s, i + 1, &foreign);
	if (!found)
		return s;
	char *to = arena_take(arena, s.n + found * 48 + 1);
	for (size_t i = 0; i < s.n; i++) {
		to[n++] = s.at[i];
		size_t length = s.at[i] == '$' ? ident_at(s, i + 1, &foreign) : 0;
		if (!length || (id && foreign))
			continue;
		if (id) {
			memcpy(to + n, "Id: ", 4);
			memcpy(to + n + 4, id, strlen(id));
			memcpy(to + n + 4 + strlen(id), " $", 2);
			n += 4 + strlen(id) + 2;
		} else {
			memcpy(to + n, "Id$", 3);
			n += 3;
		}
		i += length;
	}
	return (struct str){ to, n };
}

void lineends_look(struct lineends_seen *seen, struct str part)
{
	seen->cr = seen->cr || str_find(part, '\r') != SIZE_MAX;
	seen->nul = seen->nul || str_find(part, 0) != SIZE_MAX;
}

bool lineends_may_change(struct lineends how, struct lineends_seen seen)
{
	return how.ident || (how.kind == LINEENDS_TEXT && seen.cr) ||
	       (how.kind == LINEENDS_AUTO && seen.cr && !seen.nul);
}

struct str lineends_to_tree(struct arena *arena, struct lineends how, struct str bytes,
			    const char *id)
{
	if (how.ident)
		bytes = ident(arena, bytes, id);
	if (how.kind == LINEENDS_AS_THEY_ARE || !how.crlf || !bytes.n)
		return bytes;
	struct count count = count_bytes(bytes);
	if (!count.lf ||
	    (how.kind == LINEENDS_AUTO && (count.cr || count.crlf || looks_binary(&count))))
		return bytes;
	return add_cr(arena, bytes, count.lf);
}

struct str lineends_to_git(struct arena *arena, struct lineends how, struct str bytes,
			   struct str before)
{
	if (how.kind != LINEENDS_AS_THEY_ARE && bytes.n) {
		struct count count = count_bytes(bytes);
		bool automatic = how.kind == LINEENDS_AUTO;
		if (count.crlf && !(automatic && (looks_binary(&count) || keeps_crlf(before))))
			bytes = drop_cr(arena, bytes, automatic);
	}
	return how.ident ? ident(arena, bytes, NULL) : bytes;
}
