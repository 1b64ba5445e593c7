/* glob_meet.c — have two patterns a path in common?
 *
 * A search of the pairs of places in the two patterns, breadth first, so the path found is a short
 * one. It is done twice: over the segments of two alternatives, and for two names with wildcards
 * over their characters. There a third automaton runs beside the two, that of the names which no
 * path can have (path.h), so `.*` and `*git` do not meet in ".git" but in ".agit". The work is in
 * the product of the lengths. */
#include "common/glob.h"

#include "common/fail.h"
#include "common/glob_inside.h"
#include "common/text.h"

#include <string.h>

/* How a place in a search was reached. */
struct step {
	uint32_t
		before; /* the place before it + 1; 0 when it was not reached; itself + 1 at the start */
	uint32_t by;	/* names: the code point; paths: is a name taken? */
};
struct search {
	struct arena arena;
	struct step *step;
	uint32_t *queue;
	size_t head, tail;
};

static void search_begin(struct search *s, size_t places)
{
	*s = (struct search){ .step = NULL };
	s->step = ARENA_MANY(&s->arena, places, struct step);
	s->queue = ARENA_MANY(&s->arena, places, uint32_t);
	s->step[0].before = 1;
	s->queue[s->tail++] = 0;
}

static void search_reach(struct search *s, size_t place, uint32_t before, uint32_t by)
{
	if (s->step[place].before)
		return;
	s->step[place] = (struct step){ before + 1, by };
	s->queue[s->tail++] = (uint32_t)place;
}

/* The places from the start's successor to `last`, into the arena of the search. */
static uint32_t *search_trail(struct search *s, uint32_t last, size_t *n)
{
	*n = 0;
	for (uint32_t at = last; at; at = s->step[at].before - 1)
		++*n;
	uint32_t *trail = ARENA_MANY(&s->arena, *n, uint32_t);
	size_t i = *n;
	for (uint32_t at = last; at; at = s->step[at].before - 1)
		trail[--i] = at;
	return trail;
}

/* Names */

static bool unit_has(const struct glob_unit *unit, uint32_t c)
{
	for (uint32_t i = 0; i < unit->n && unit->at[i].low <= c; i++)
		if (c <= unit->at[i].high)
			return true;
	return false;
}

/* A code point that both have, from `least` on and not special if so wished; the most readable, or
 * 0. */
static uint32_t common_from(const struct glob_unit *a, const struct glob_unit *b, uint32_t least,
			    bool plain)
{
	for (uint32_t i = 0, j = 0; i < a->n && j < b->n;) {
		uint32_t low = a->at[i].low > b->at[j].low ? a->at[i].low : b->at[j].low;
		uint32_t high = a->at[i].high < b->at[j].high ? a->at[i].high : b->at[j].high;
		for (uint32_t c = low > least ? low : least; c <= high && c <= PATH_CODE_POINT_LAST;
		     c++)
			if (c != 0x7F && (!plain || !path_is_special(c)))
				return c;
		if (a->at[i].high < b->at[j].high)
			i++;
		else
			j++;
	}
	return 0;
}

static uint32_t common_unit(const struct glob_unit *a, const struct glob_unit *b, bool plain)
{
	static const char readable[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	for (const char *c = readable; *c; c++) {
		uint32_t unit = (unsigned char)*c;
		if (unit_has(a, unit) && unit_has(b, unit) && (!plain || !path_is_special(unit)))
			return unit;
	}
	uint32_t found = common_from(a, b, ' ' + 1, plain);
	if (!found)
		found = common_from(a, b, 1, plain);
	return found ? found : unit_has(a, 0x7F) && unit_has(b, 0x7F) ? 0x7F : 0;
}

static uint32_t common_ignorable(const struct glob_unit *a, const struct glob_unit *b)
{
	for (uint32_t i = 0, j = 0; i < a->n && j < b->n;) {
		uint32_t low = a->at[i].low > b->at[j].low ? a->at[i].low : b->at[j].low;
		uint32_t high = a->at[i].high < b->at[j].high ? a->at[i].high : b->at[j].high;
		for (uint32_t c = low; c <= high && c < 0xE1000; c++)
			if (path_is_ignorable(c))
				return c;
		if (a->at[i].high < b->at[j].high)
			i++;
		else
			j++;
	}
	return 0;
}

struct names {
	struct search search;
	const struct glob_segment *a, *b;
	bool dots;	/* may the name begin with a dot? */
};

static size_t names_place(const struct names *m, size_t i, size_t j, enum path_name state)
{
	return (i * (m->b->unit_n + 1) + j) * PATH_NAME_STATES + state;
}

/* Takes one unit at the units i and j. A code point that no refused name has dominates all others:
 * from then on the third automaton has no say. */
static void names_take(struct names *m, uint32_t from, size_t i, size_t j, enum path_name state)
{
	const struct glob_unit *a = &m->a->unit[i], *b = &m->b->unit[j];
	size_t next_i = i + !a->star, next_j = j + !b->star;
	bool free = state == PATH_NAME_FREE;
	uint32_t c = common_unit(a, b, !free);
	if (c) {
		search_reach(&m->search, names_place(m, next_i, next_j, PATH_NAME_FREE), from, c);
		return;
	}
	if (free)
		return;
	for (const char *special = PATH_SPECIAL; *special; special++) {
		c = (unsigned char)*special;
		if (unit_has(a, c) && unit_has(b, c) && (c != '.' || from || m->dots))
			search_reach(&m->search,
				     names_place(m, next_i, next_j, path_name_step(state, c)), from,
				     c);
	}
	c = common_ignorable(a, b);
	if (c)
		search_reach(&m->search, names_place(m, next_i, next_j, state), from, c);
}

/* The next place where both names can end, or UINT32_MAX. */
static uint32_t names_search(struct names *m)
{
	size_t a_n = m->a->unit_n, b_n = m->b->unit_n;
	search_begin(&m->search, names_place(m, a_n, b_n, PATH_NAME_STATES));
	while (m->search.head < m->search.tail) {
		uint32_t from = m->search.queue[m->search.head++];
		enum path_name state = from % PATH_NAME_STATES;
		size_t i = from / PATH_NAME_STATES / (b_n + 1),
		       j = from / PATH_NAME_STATES % (b_n + 1);
		/* A star may be left at any time; two stars never stand together. */
		size_t last_i = i + (i < a_n && m->a->unit[i].star),
		       last_j = j + (j < b_n && m->b->unit[j].star);
		if (last_i == a_n && last_j == b_n && !path_name_refused(state))
			return from;
		for (size_t at_i = i; at_i <= last_i && at_i < a_n; at_i++)
			for (size_t at_j = j; at_j <= last_j && at_j < b_n; at_j++)
				if (state != PATH_NAME_FREE || !m->a->unit[at_i].star ||
				    !m->b->unit[at_j].star)
					names_take(m, from, at_i, at_j, state);
	}
	return UINT32_MAX;
}

static void add_code_point(struct text *out, uint32_t c)
{
	if (c < 0x80) {
		text_add_byte(out, (char)c);
		return;
	}
	unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xC0, 0xE0, 0xF0 };
	text_add_byte(out, (char)(lead[more] | c >> 6 * more));
	while (more--)
		text_add_byte(out, (char)(0x80 | (c >> 6 * more & 0x3F)));
}

static bool wild_meet_wild(const struct glob_segment *a, const struct glob_segment *b,
			   struct text *out)
{
	struct names m = { .a = a, .b = b };
	uint32_t last = names_search(&m);
	if (last == UINT32_MAX) {
		arena_release(&m.search.arena);
		m.dots = true;
		last = names_search(&m);
	}
	if (last != UINT32_MAX && out) {
		size_t n;
		uint32_t *trail = search_trail(&m.search, last, &n);
		for (size_t i = 0; i < n; i++)
			add_code_point(out, m.search.step[trail[i]].by);
	}
	arena_release(&m.search.arena);
	return last != UINT32_MAX;
}

static bool starts_alike(struct str a, struct str b)
{
	return a.n < b.n ? str_starts(b, a) : str_starts(a, b);
}

static bool ends_alike(struct str a, struct str b)
{
	return a.n < b.n ? str_ends(b, a) : str_ends(a, b);
}

static bool have_common(const struct glob_unit *a, const struct glob_unit *b)
{
	for (uint32_t i = 0, j = 0; i < a->n && j < b->n;) {
		if (a->at[i].high < b->at[j].low)
			i++;
		else if (b->at[j].high < a->at[i].low)
			j++;
		else
			return true;
	}
	return false;
}

/* Is there a common text at all, be it a name that is refused? Places are gone through in rows. */
static bool texts_meet(const struct glob_segment *a, const struct glob_segment *b)
{
	enum { MOST = 2 * PATH_NAME_LONGEST + 1 };
	bool rows[2][MOST + 2] = { { true } };
	BUG_IF(b->unit_n > MOST, "stars stand together");
	for (uint32_t i = 0; i <= a->unit_n; i++) {
		bool *row = rows[i % 2], *below = rows[(i + 1) % 2];
		const struct glob_unit *x = i < a->unit_n ? &a->unit[i] : NULL;
		memset(below, 0, b->unit_n + 1);
		for (uint32_t j = 0; j <= b->unit_n; j++) {
			const struct glob_unit *y = j < b->unit_n ? &b->unit[j] : NULL;
			if (!row[j])
				continue;
			if (x && x->star)
				below[j] = true;
			if (y && y->star)
				row[j + 1] = true;
			if (x && y && have_common(x, y))
				*(x->star ? &row[j + !y->star] : &below[j + !y->star]) = true;
		}
		if (i == a->unit_n)
			return row[b->unit_n];
	}
	return false;
}

/* Does the beginning alone make sure that no name is refused? */
static bool is_free(struct str head)
{
	enum path_name state = PATH_NAME_EMPTY;
	for (size_t at = 0; at < head.n && state != PATH_NAME_FREE;)
		state = path_name_step(state, path_next(head, &at));
	return state == PATH_NAME_FREE;
}

/* The search through all that is refused is dear; most pairs are decided without. */
static bool wilds_meet(const struct glob_segment *a, const struct glob_segment *b, struct text *out)
{
	if (!starts_alike(a->head, b->head) || !ends_alike(a->tail, b->tail) || !texts_meet(a, b))
		return false;
	return (!out && (is_free(a->head) || is_free(b->head))) || wild_meet_wild(a, b, out);
}

/* Adds a common name to `out`, if it is given. */
static bool segments_meet(const struct glob_segment *a, const struct glob_segment *b,
			  struct text *out)
{
	if (a->kind == GLOB_NAME || b->kind == GLOB_NAME) {
		const struct glob_segment *name = a->kind == GLOB_NAME ? a : b;
		bool meet = glob_match_segment(name == a ? b : a, name->text);
		if (meet && out)
			text_add(out, name->text);
		return meet;
	}
	return wilds_meet(a, b, out);
}

bool glob_meet_segment(const struct glob_segment *a, const struct glob_segment *b)
{
	return segments_meet(a, b, NULL);
}

/* Paths */

static void add_name(struct text *out, const struct glob_segment *a, const struct glob_segment *b)
{
	if (out->n)
		text_add_byte(out, '/');
	if (a->kind == GLOB_ANY)
		segments_meet(&glob_inside_star, b, out);
	else
		segments_meet(a, b->kind == GLOB_ANY ? &glob_inside_star : b, out);
}

static bool wild_alternatives_meet(const struct glob_alternative *a,
				   const struct glob_alternative *b, struct text *out)
{
	size_t a_n = glob_inside_length(a), b_n = glob_inside_length(b), wide = b_n + 1;
	uint32_t last = (uint32_t)(a_n * wide + b_n);
	struct search s;
	search_begin(&s, last + 1);
	while (s.head < s.tail && !s.step[last].before) {
		uint32_t from = s.queue[s.head++];
		size_t i = from / wide, j = from % wide;
		const struct glob_segment *x = i < a_n ? glob_inside_segment(a, i) : NULL;
		const struct glob_segment *y = j < b_n ? glob_inside_segment(b, j) : NULL;
		bool any_x = x && x->kind == GLOB_ANY, any_y = y && y->kind == GLOB_ANY;
		if (any_x)
			search_reach(&s, from + wide, from, false);
		if (any_y)
			search_reach(&s, from + 1, from, false);
		if (x && y && any_x != any_y)
			search_reach(&s, any_x ? from + 1 : from + wide, from, true);
		else if (x && y && !any_x && segments_meet(x, y, NULL))
			search_reach(&s, from + wide + 1, from, true);
	}
	bool meet = s.step[last].before;
	if (meet && out) {
		size_t n;
		uint32_t *trail = search_trail(&s, last, &n);
		for (size_t k = 0; k < n; k++) {
			uint32_t from = s.step[trail[k]].before - 1;
			if (s.step[trail[k]].by)
				add_name(out, glob_inside_segment(a, from / wide),
					 glob_inside_segment(b, from % wide));
		}
	}
	arena_release(&s.arena);
	return meet;
}

static bool alternatives_meet(const struct glob_alternative *a, const struct glob_alternative *b,
			      struct text *out)
{
	size_t both = a->n < b->n ? a->n : b->n;
	/* Most pairs differ in a name that both begin with. */
	for (size_t i = 0; i < both && a->at[i].kind == GLOB_NAME && b->at[i].kind == GLOB_NAME;
	     i++)
		if (!str_equal(a->at[i].text, b->at[i].text))
			return false;
	return wild_alternatives_meet(a, b, out);
}

bool glob_meet(struct arena *arena, const struct glob *a, const struct glob *b, struct str *witness)
{
	struct text out = { 0 };
	bool meet = false;
	for (size_t i = 0; i < a->n && !meet; i++)
		for (size_t j = 0; j < b->n && !meet; j++)
			meet = alternatives_meet(&a->at[i], &b->at[j], witness ? &out : NULL);
	if (meet && witness)
		*witness = arena_copy(arena, text_str(&out));
	text_release(&out);
	return meet;
}
