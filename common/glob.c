/* glob.c — reads patterns, and answers what is plain to see in them. Braces are multiplied out as
 * text first (glob_brace.c); each alternative then is a list of names. */
#include "common/path.h"
#include "common/glob.h"

#include "common/glob_inside.h"

#include <stdlib.h>
#include <string.h>

/* What a reading goes along. */
struct reader {
	struct arena *arena; /* for what stays */
	struct str text;
	const uint32_t *origin; /* where each byte was in the pattern; NULL: right there */
	size_t at;
	struct glob_error *error;
};

static bool wrong_at(struct reader *r, size_t at, const char *text)
{
	r->error->text = text;
	r->error->offset = !r->origin       ? at
			   : at < r->text.n ? r->origin[at]
			   : r->text.n      ? r->origin[r->text.n - 1]
					    : 0;
	return false;
}

struct ranges {
	struct glob_range *at;
	uint32_t n;
};

static int range_compare(const void *a, const void *b)
{
	uint32_t x = ((const struct glob_range *)a)->low, y = ((const struct glob_range *)b)->low;
	return (x > y) - (x < y);
}

/* Sorted and apart; turned round if so wished. */
static struct ranges ranges_tidy(struct arena *arena, struct ranges in, bool negated)
{
	qsort(in.at, in.n, sizeof *in.at, range_compare);
	struct ranges out = { ARENA_MANY(arena, in.n + 1, struct glob_range), 0 };
	for (uint32_t i = 0; i < in.n; i++) {
		if (out.n && in.at[i].low <= out.at[out.n - 1].high + 1) {
			if (in.at[i].high > out.at[out.n - 1].high)
				out.at[out.n - 1].high = in.at[i].high;
		} else {
			out.at[out.n++] = in.at[i];
		}
	}
	if (!negated)
		return out;
	struct ranges rest = { ARENA_MANY(arena, out.n + 1, struct glob_range), 0 };
	uint32_t low = 0;
	for (uint32_t i = 0; i < out.n; i++) {
		if (out.at[i].low > low)
			rest.at[rest.n++] = (struct glob_range){ low, out.at[i].low - 1 };
		low = out.at[i].high + 1;
	}
	if (low <= PATH_CODE_POINT_LAST)
		rest.at[rest.n++] = (struct glob_range){ low, PATH_CODE_POINT_LAST };
	return rest;
}

/* Only what a name can have. A class is of characters: bytes outside of UTF-8 are in none, so that
 * whenever two units have something in common, they have a code point. */
static struct glob_unit unit_of(struct arena *arena, struct ranges in)
{
	struct glob_range *at = ARENA_MANY(arena, in.n + 2, struct glob_range);
	uint32_t n = 0;
	for (uint32_t i = 0; i < in.n; i++) {
		for (size_t j = 0; j < 3; j++) {
			uint32_t low = in.at[i].low, high = in.at[i].high;
			if (low < glob_inside_ranges[j].low)
				low = glob_inside_ranges[j].low;
			if (high > glob_inside_ranges[j].high)
				high = glob_inside_ranges[j].high;
			if (low <= high)
				at[n++] = (struct glob_range){ low, high };
		}
	}
	return (struct glob_unit){ at, n, false };
}

/* One character of a class, perhaps escaped; false at the end of the text. */
static bool class_character(struct reader *r, uint32_t *c)
{
	if (r->at < r->text.n && r->text.at[r->at] == '\\')
		r->at++;
	if (r->at >= r->text.n)
		return false;
	*c = path_next(r->text, &r->at);
	return true;
}

static const char unclosed_class[] = "`[` is not closed: write `\\[` for the character itself";

static bool read_range(struct reader *r, size_t open, struct ranges *ranges)
{
	size_t begin = r->at;
	uint32_t low, high;
	if (str_starts(str_slice(r->text, r->at, r->text.n), STR("[:")))
		return wrong_at(
			r, begin,
			"there are no named classes here: write the characters, as in `[a-z0-9]`");
	if (!class_character(r, &low))
		return wrong_at(r, open, unclosed_class);
	high = low;
	if (r->at + 1 < r->text.n && r->text.at[r->at] == '-' && r->text.at[r->at + 1] != ']') {
		r->at++;
		if (!class_character(r, &high))
			return wrong_at(r, open, unclosed_class);
	}
	if (low == '/' || high == '/')
		return wrong_at(r, begin, "a class stays inside of a name, so `/` cannot be in it");
	if (low > high)
		return wrong_at(r, begin, "the range is the wrong way round");
	ranges->at[ranges->n++] = (struct glob_range){ low, high };
	return true;
}

static bool read_class(struct reader *r, struct glob_unit *unit)
{
	size_t open = r->at++;
	struct ranges ranges = { ARENA_MANY(r->arena, r->text.n - open, struct glob_range), 0 };
	bool negated = r->at < r->text.n && r->text.at[r->at] == '!';
	r->at += negated;
	if (r->at < r->text.n && r->text.at[r->at] == '^')
		return wrong_at(
			r, r->at,
			"write `[!…]` for all but these characters, or `\\^` for the character itself");
	for (size_t first = r->at;
	     r->at < r->text.n && (r->at == first || r->text.at[r->at] != ']');)
		if (!read_range(r, open, &ranges))
			return false;
	if (r->at >= r->text.n)
		return wrong_at(r, open, unclosed_class);
	r->at++;
	*unit = unit_of(r->arena, ranges_tidy(r->arena, ranges, negated));
	return unit->n || wrong_at(r, open, "the class has no character that a name can have");
}

struct name {
	struct glob_unit *unit;
	uint32_t n;
	size_t least; /* units besides stars */
	bool wild;
	char *text;                /* with escapes taken out */
	size_t text_n, head, tail; /* bytes before the first and after the last wildcard */
};

static void name_add_wild(struct name *name, struct glob_unit unit)
{
	if (!name->wild)
		name->head = name->text_n;
	name->wild = true;
	name->tail = name->text_n;
	name->unit[name->n++] = unit;
	name->least += !unit.star;
}

static bool read_literal(struct reader *r, struct name *name)
{
	if (r->text.at[r->at] == '\\' && ++r->at == r->text.n)
		return wrong_at(
			r, r->at - 1,
			"`\\` at the end takes nothing as it is: write `\\\\` for the character "
			"itself, and `/` between folders");
	if (r->text.at[r->at] == '/')
		return wrong_at(r, r->at, "`/` cannot be part of a name: leave out the `\\`");
	size_t begin = r->at;
	struct glob_range *one = ARENA_NEW(r->arena, struct glob_range);
	one->low = one->high = path_next(r->text, &r->at);
	memcpy(name->text + name->text_n, r->text.at + begin, r->at - begin);
	name->text_n += r->at - begin;
	name->unit[name->n++] = (struct glob_unit){ one, 1, false };
	name->least++;
	return true;
}

static bool read_units(struct reader *r, struct name *name)
{
	while (r->at < r->text.n && r->text.at[r->at] != '/') {
		struct glob_unit unit = glob_inside_star_unit;
		switch (r->text.at[r->at]) {
		case '*':
			if (name->n && name->unit[name->n - 1].star)
				return wrong_at(
					r, r->at,
					"`**` stands alone between slashes, as in `a/**/b.c`: write `*` "
					"for a part of a name");
			r->at++;
			name_add_wild(name, unit);
			break;
		case '?':
			r->at++;
			unit.star = false;
			name_add_wild(name, unit);
			break;
		case '[':
			if (!read_class(r, &unit))
				return false;
			name_add_wild(name, unit);
			break;
		default:
			if (!read_literal(r, name))
				return false;
		}
	}
	return true;
}

/* `begin` is where the name is in the text. */
static bool name_finish(struct reader *r, struct name *name, size_t begin,
			struct glob_segment *segment)
{
	struct str text = { name->text, name->text_n };
	const char *why;
	if (!name->wild) {
		if (!path_is_safe(text, &why))
			return wrong_at(r, begin,
					begin == r->at ? "it has two slashes in a row" : why);
		*segment = (struct glob_segment){ .kind = GLOB_NAME, .text = text, .head = text };
	} else {
		*segment = (struct glob_segment){
			.kind = GLOB_WILD,
			.unit_n = name->n,
			.unit = name->unit,
			.text = str_slice(r->text, begin, r->at),
			.head = str_slice(text, 0, name->head),
			.tail = str_slice(text, name->tail, text.n),
		};
	}
	if (name->least > PATH_NAME_LONGEST || (!name->wild && text.n > PATH_NAME_LONGEST))
		return wrong_at(r, begin,
				"it has a name longer than the 255 bytes that a system allows");
	if (name->wild && !glob_meet_segment(segment, &glob_inside_star))
		return wrong_at(
			r, begin,
			"it can only match `.`, `..` or what a system takes for `.git`, which belong to no "
			"agent");
	return true;
}

static bool read_name(struct reader *r, struct glob_segment *segment)
{
	size_t begin = r->at, end = begin;
	while (end < r->text.n && r->text.at[end] != '/')
		end++;
	if (str_is(str_slice(r->text, begin, end), "**")) {
		*segment = glob_inside_any;
		r->at = end;
		return true;
	}
	/* An escaped slash or one in a class is found to be wrong before anything behind it is
	 * read. */
	struct name name = { .unit = ARENA_MANY(r->arena, end - begin + 1, struct glob_unit),
			     .text = arena_take(r->arena, end - begin + 1) };
	return read_units(r, &name) && name_finish(r, &name, begin, segment);
}

/* A name without any wildcard or escape is the part of the text that it is. */
static bool read_plain_name(struct reader *r, struct glob_segment *segment)
{
	size_t begin = r->at;
	size_t slash = str_find(str_slice(r->text, begin, r->text.n), '/');
	r->at = slash == SIZE_MAX ? r->text.n : begin + slash;
	struct str text = str_slice(r->text, begin, r->at);
	const char *why;
	if (!text.n)
		return wrong_at(r, begin, "it has two slashes in a row");
	if (!path_is_safe(text, &why))
		return wrong_at(r, begin, why);
	if (text.n > PATH_NAME_LONGEST)
		return wrong_at(r, begin,
				"it has a name longer than the 255 bytes that a system allows");
	*segment = (struct glob_segment){ .kind = GLOB_NAME, .text = text, .head = text };
	return true;
}

static void alternative_add(struct glob_alternative *a, struct glob_segment segment)
{
	if (segment.kind != GLOB_ANY || !a->n || a->at[a->n - 1].kind != GLOB_ANY)
		a->at[a->n++] = segment;
}

static bool read_alternative(struct reader *r, bool plain, struct glob_alternative *a)
{
	while (str_starts(str_slice(r->text, r->at, r->text.n), STR("./")))
		r->at += 2;
	struct str rest = str_slice(r->text, r->at, r->text.n);
	if (!rest.n || str_is(rest, "."))
		return wrong_at(r, r->at, "it names nothing: write `**` for the whole repository");
	if (rest.at[0] == '/')
		return wrong_at(
			r, r->at,
			"it begins with `/`, but paths are relative to the repository's root: leave the "
			"slash out");
	size_t most = 1;
	for (size_t i = 0; i < rest.n; i++)
		most += rest.at[i] == '/';
	a->at = ARENA_MANY(r->arena, most, struct glob_segment);
	bool bare = true;
	while (r->at < r->text.n) {
		struct glob_segment segment;
		if (!(plain ? read_plain_name(r, &segment) : read_name(r, &segment)))
			return false;
		bare = bare && segment.kind == GLOB_NAME;
		alternative_add(a, segment);
		if (r->at < r->text.n && ++r->at == r->text.n)
			alternative_add(a, glob_inside_any);
	}
	a->end = bare ? GLOB_BARE : GLOB_EXACT;
	if (a->n && a->at[a->n - 1].kind == GLOB_ANY) {
		a->n--;
		a->end = GLOB_BELOW;
	}
	return true;
}

static bool read_text(struct reader *r)
{
	if (r->text.n > PATH_LONGEST)
		return wrong_at(r, PATH_LONGEST, "it is longer than 4095 bytes");
	for (size_t at = 0; at < r->text.n;) {
		size_t begin = at;
		uint32_t c = path_next(r->text, &at);
		if (!c)
			return wrong_at(r, begin, "it has a NUL byte");
		if (c >= PATH_BYTE)
			return wrong_at(r, begin, "it is not valid UTF-8");
	}
	return true;
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("*?[{}\\", s.at[i]))
			return false;
	return true;
}

bool glob_parse(struct arena *arena, struct str pattern, struct glob *glob,
		struct glob_error *error)
{
	struct reader whole = { .arena = arena, .text = pattern, .error = error };
	if (!read_text(&whole))
		return false;
	bool plain = is_plain(pattern);
	glob->n = plain ? 1 : glob_brace_count(pattern, error);
	if (!glob->n)
		return false;
	glob->at = ARENA_MANY(arena, glob->n, struct glob_alternative);
	for (size_t k = 0; k < glob->n; k++) {
		struct reader r = { .arena = arena, .text = pattern, .error = error };
		if (glob->n > 1)
			r.text = glob_brace_write(arena, pattern, k, &r.origin);
		if (!read_alternative(&r, plain, &glob->at[k]))
			return false;
		if (glob->at[k].n && glob->at[k].at[0].kind == GLOB_NAME &&
		    str_is(glob->at[k].at[0].text, PATH_RUNS))
			return wrong_at(&r, 0,
					"it leads into `" PATH_RUNS
					"`, where orch keeps its runs, which belongs to no agent");
	}
	return true;
}

/* The name that begins at *at, which moves behind it and the slash; false when there is none
 * left. */
static bool next_name(struct str path, size_t *at, struct str *name)
{
	if (*at > path.n)
		return false;
	size_t slash = str_find(str_slice(path, *at, path.n), '/');
	*name = str_slice(path, *at, slash == SIZE_MAX ? path.n : *at + slash);
	*at += name->n + 1;
	return true;
}

static bool alternative_needs(const struct glob_alternative *a, struct str path)
{
	struct str name;
	size_t i = 0;
	for (size_t at = 0; next_name(path, &at, &name); i++)
		if (i == a->n || a->at[i].kind == GLOB_ANY || !glob_match_segment(&a->at[i], name))
			return false;
	return i < a->n || a->end == GLOB_BELOW;
}

bool glob_needs_folder(const struct glob *glob, struct str path)
{
	for (size_t i = 0; i < glob->n; i++)
		if (alternative_needs(&glob->at[i], path))
			return true;
	return false;
}

/* Goes along the path with all places of the alternative at once; whatever place is left at its end
 * that is not the last one can go on. */
static bool alternative_goes_on(const struct glob_alternative *a, struct str path)
{
	size_t n = glob_inside_length(a), alive = 1;
	bool place[PATH_LONGEST / 2 + 4] = { true };
	struct str name;
	for (size_t at = 0; alive && next_name(path, &at, &name);) {
		alive = 0;
		for (size_t i = 0; i < n; i++)
			if (place[i] && glob_inside_segment(a, i)->kind == GLOB_ANY)
				place[i + 1] = true;
		/* Backwards, so that no place is moved twice over one name. */
		place[n] = false;
		for (size_t i = n; i-- > 0;) {
			const struct glob_segment *segment = glob_inside_segment(a, i);
			if (!place[i])
				continue;
			place[i] = segment->kind == GLOB_ANY;
			if (!place[i] && glob_match_segment(segment, name))
				place[i + 1] = true;
			alive += place[i] || (place[i + 1] && i + 1 < n);
		}
	}
	for (size_t i = 0; i < n; i++)
		if (place[i])
			return true;
	return false;
}

bool glob_meets_below(const struct glob *glob, struct str path)
{
	if (!path_is_safe(path, NULL))
		return false;
	for (size_t i = 0; i < glob->n; i++)
		if (alternative_goes_on(&glob->at[i], path))
			return true;
	return false;
}

bool glob_is_literal(const struct glob *glob)
{
	return glob->n == 1 && glob->at[0].end == GLOB_BARE;
}

static bool alternative_names(const struct glob_alternative *a, struct str path)
{
	struct str name;
	size_t i = 0;
	if (a->end != GLOB_BARE)
		return false;
	for (size_t at = 0; next_name(path, &at, &name); i++)
		if (i == a->n || !str_equal(a->at[i].text, name))
			return false;
	return i == a->n;
}

bool glob_names(const struct glob *glob, struct str path)
{
	for (size_t i = 0; i < glob->n; i++)
		if (alternative_names(&glob->at[i], path))
			return true;
	return false;
}

/* How many names at the beginning are folders of every path that matches. */
static size_t folder_depth(const struct glob_alternative *a)
{
	size_t depth = 0;
	while (depth < a->n && a->at[depth].kind == GLOB_NAME)
		depth++;
	return depth == a->n && a->end != GLOB_BELOW ? depth - 1 : depth;
}

struct str glob_folder(struct arena *arena, const struct glob *glob)
{
	const struct glob_alternative *first = &glob->at[0];
	size_t depth = folder_depth(first), bytes = 0;
	for (size_t i = 1; i < glob->n; i++) {
		size_t same = 0, other = folder_depth(&glob->at[i]);
		while (same < depth && same < other &&
		       str_equal(first->at[same].text, glob->at[i].at[same].text))
			same++;
		depth = same;
	}
	for (size_t i = 0; i < depth; i++)
		bytes += first->at[i].text.n + 1;
	char *at = arena_take(arena, bytes + 1);
	size_t n = 0;
	for (size_t i = 0; i < depth; i++) {
		if (i)
			at[n++] = '/';
		memcpy(at + n, first->at[i].text.at, first->at[i].text.n);
		n += first->at[i].text.n;
	}
	return (struct str){ at, n };
}

struct str glob_of_name(struct arena *arena, struct str path)
{
	char *at = arena_take(arena, path.n * 2 + 1);
	size_t n = 0;
	for (size_t i = 0; i < path.n; i++) {
		if (path.at[i] && strchr("[]?\\", path.at[i]))
			at[n++] = '\\';
		at[n++] = path.at[i];
	}
	return (struct str){ at, n };
}
