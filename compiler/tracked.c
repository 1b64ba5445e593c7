/* tracked.c — see tracked.h. */
#include "compiler/tracked.h"

#include "common/path.h"
#include "common/utf8.h"

#include <stdlib.h>

void tracked_begin(struct arena *arena, const struct facts *facts, struct tracked *t)
{
	*t = (struct tracked){ .arena = arena, .at = facts->entries.at, .n = facts->entries.n };
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].kind == FACTS_SUBMODULE)
			*VEC_ADD(arena, &t->submodules) = (uint32_t)i;
}

/* `path` against folder + "/" as far as that goes: 0 when the path is below the folder. */
static int compare_below(struct str path, struct str folder)
{
	struct str head = str_slice(path, 0, path.n < folder.n ? path.n : folder.n);
	int order = str_compare(head, folder);
	if (order || path.n < folder.n)
		return order;
	return path.n == folder.n ? -1 : (unsigned char)path.at[folder.n] - '/';
}

/* The first entry that is not before what is below the folder; `behind`: not before what comes
 * after that. */
static size_t find_below(const struct tracked *t, struct str folder, bool behind)
{
	size_t low = 0, high = t->n;
	if (!folder.n)
		return behind ? t->n : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_below(t->at[middle].path, folder);
		if (order < 0 || (behind && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t find_exact(const struct tracked *t, struct str path)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(t->at[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->n && str_equal(t->at[low].path, path) ? low : SIZE_MAX;
}

bool tracked_has(const struct tracked *t, struct str path)
{
	return find_exact(t, path) != SIZE_MAX;
}

bool tracked_has_folder(const struct tracked *t, struct str path)
{
	size_t first = find_below(t, path, false);
	return first < t->n && (!path.n || compare_below(t->at[first].path, path) == 0);
}

static int compare_names(const void *a, const void *b)
{
	const struct tracked_name *x = a, *y = b;
	int order = str_compare(x->name, y->name);
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* The first place in by_name that is not before the name. */
static size_t find_name(struct tracked *t, struct str name)
{
	size_t low = 0, high = t->n;
	if (!t->by_name) {
		t->by_name = ARENA_MANY(t->arena, t->n, struct tracked_name);
		for (size_t i = 0; i < t->n; i++)
			t->by_name[i] = (struct tracked_name){ path_last(t->at[i].path),
							       (uint32_t)i };
		if (t->n)
			qsort(t->by_name, t->n, sizeof *t->by_name, compare_names);
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(t->by_name[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool tracked_ends(struct tracked *t, struct str path)
{
	struct str name = path_last(path);
	if (tracked_has(t, path))
		return true;
	for (size_t i = find_name(t, name); i < t->n && str_equal(t->by_name[i].name, name); i++) {
		struct str other = t->at[t->by_name[i].index].path;
		if (other.n > path.n && str_ends(other, path) &&
		    other.at[other.n - path.n - 1] == '/')
			return true;
	}
	return false;
}

struct collecting {
	size_t most, n;
	uint32_t *found;
};

static bool collect(struct collecting *c, size_t index)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->found[i] == index)
			return true;
	if (c->n < c->most)
		c->found[c->n++] = (uint32_t)index;
	return c->n < c->most;
}

static struct str joined(struct arena *arena, const struct glob_alternative *a, size_t n)
{
	struct str path = STR("");
	for (size_t i = 0; i < n; i++)
		path = arena_format(arena, "%.*s%s%.*s", STR_ARG(path), i ? "/" : "",
				    STR_ARG(a->at[i].text));
	return path;
}

static bool all_names(const struct glob_alternative *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->at[i].kind != GLOB_NAME)
			return false;
	return true;
}

static void match_alternative(struct tracked *t, const struct glob_alternative *a,
			      struct arena *scratch, struct collecting *c)
{
	const struct glob one = { (struct glob_alternative *)a, 1 };
	bool plain = all_names(a), going = true;
	struct str folder = plain ? joined(scratch, a, a->n) : glob_folder(scratch, &one);
	size_t first = find_below(t, folder, false), past = find_below(t, folder, true), exact;
	if (plain && a->end != GLOB_BELOW && (exact = find_exact(t, folder)) != SIZE_MAX)
		going = collect(c, exact);
	if (plain && a->end == GLOB_EXACT)
		return;
	if (plain) {
		for (size_t i = first; going && i < past; i++)
			going = collect(c, i);
		return;
	}
	const struct glob_segment *last = &a->at[a->n - 1];
	if (last->kind == GLOB_NAME && a->end == GLOB_EXACT && past - first > 64) {
		size_t i = find_name(t, last->text);
		for (; going && i < t->n && str_equal(t->by_name[i].name, last->text); i++)
			if (t->by_name[i].index >= first && t->by_name[i].index < past &&
			    glob_match(&one, t->at[t->by_name[i].index].path))
				going = collect(c, t->by_name[i].index);
		return;
	}
	for (size_t i = first; going && i < past; i++)
		if (glob_match(&one, t->at[i].path))
			going = collect(c, i);
}

static int compare_indices(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

size_t tracked_match(struct tracked *t, const struct glob *glob, size_t most, uint32_t *found)
{
	struct arena scratch = { 0 };
	struct collecting c = { most, 0, found };
	for (size_t i = 0; i < glob->n && c.n < most; i++)
		match_alternative(t, &glob->at[i], &scratch, &c);
	if (c.n)
		qsort(found, c.n, sizeof *found, compare_indices);
	arena_release(&scratch);
	return c.n;
}

bool tracked_in_submodule(const struct tracked *t, const struct glob *glob)
{
	for (size_t i = 0; i < t->submodules.n; i++)
		if (glob_meets_below(glob, t->at[t->submodules.at[i]].path))
			return true;
	return false;
}

/* What may have been meant */

enum { SIBLINGS_MOST = 4096, NAMES_MOST = 256 };

/* How unlike a name that is there is what was written: 0 is but for case, 1 but for the ending,
 * then by letters; SIZE_MAX: too much. */
static size_t unlikeness(struct arena *scratch, struct str said, struct str there, bool file)
{
	size_t limit = 1 + said.n / 5 < 3 ? 1 + said.n / 5 : 3;
	if (str_equal(utf8_fold(scratch, said), utf8_fold(scratch, there)))
		return 0;
	size_t dot = str_find(said, '.'), other = str_find(there, '.');
	if (file && dot && dot != SIZE_MAX && dot == other &&
	    str_equal(str_slice(said, 0, dot), str_slice(there, 0, other)))
		return 1;
	size_t distance = said.n < 3 ? SIZE_MAX : str_distance(said, there, limit);
	return distance > limit ? SIZE_MAX : 1 + distance;
}

/* The name in the folder that is most like `said`; empty when none is, or several are as much. */
static struct str nearest_sibling(struct tracked *t, struct str folder, struct str said, bool file)
{
	struct arena scratch = { 0 };
	struct str best = STR("");
	size_t least = SIZE_MAX, past = find_below(t, folder, true), seen = 0;
	bool tie = false;
	for (size_t i = find_below(t, folder, false); i < past && seen++ < SIBLINGS_MOST;) {
		struct str rest = str_slice(t->at[i].path, folder.n ? folder.n + 1 : 0,
					    t->at[i].path.n);
		size_t slash = str_find(rest, '/');
		struct str name = slash == SIZE_MAX ? rest : str_slice(rest, 0, slash);
		size_t unlike = file || slash != SIZE_MAX ? unlikeness(&scratch, said, name, file)
							  : SIZE_MAX;
		tie = unlike == least ? true : unlike < least ? false : tie;
		if (unlike < least) {
			least = unlike;
			best = name;
		}
		i = slash == SIZE_MAX ? i + 1
				      : find_below(t,
						   str_slice(t->at[i].path, 0,
							     t->at[i].path.n - rest.n + slash),
						   true);
	}
	arena_release(&scratch);
	return tie ? STR("") : best;
}

static size_t common_names(struct str a, struct str b, bool from_end)
{
	size_t n = 0, i = 0, least = a.n < b.n ? a.n : b.n;
	for (; i < least; i++) {
		char x = from_end ? a.at[a.n - 1 - i] : a.at[i],
		     y = from_end ? b.at[b.n - 1 - i] : b.at[i];
		if (x != y)
			break;
		n += x == '/';
	}
	return n;
}

/* A file of the same last name in another folder: the one that shares most of its folders, from the
 * end, then from the beginning. */
static struct str moved(struct tracked *t, struct str path)
{
	struct str name = path_last(path), best = STR("");
	size_t most = 0, seen = 0;
	bool tie = false;
	for (size_t i = find_name(t, name); i < t->n && str_equal(t->by_name[i].name, name); i++) {
		struct str other = t->at[t->by_name[i].index].path;
		size_t like = 1 + common_names(path, other, true) * 64 +
			      common_names(path, other, false);
		if (++seen > NAMES_MOST)
			return STR("");
		tie = like == most ? true : like > most ? false : tie;
		if (like > most) {
			most = like;
			best = other;
		}
	}
	return tie ? STR("") : best;
}

/* The path with names that are not there replaced by what is most like them, as far as `names`
 * names go; empty when that leads nowhere. The last name may be a file's when `file`. */
static struct str corrected(struct tracked *t, struct str path, bool file)
{
	struct str folder = STR(""), rest = path, name;
	size_t changed = 0;
	while (str_split(&rest, '/', &name)) {
		struct str next = arena_format(t->arena, "%.*s%s%.*s", STR_ARG(folder),
					       folder.n ? "/" : "", STR_ARG(name));
		bool last = !rest.n && file;
		if (!tracked_has_folder(t, next) && !(last && tracked_has(t, next))) {
			struct str other = nearest_sibling(t, folder, name, last);
			if (!other.n || ++changed > 2)
				return STR("");
			next = arena_format(t->arena, "%.*s%s%.*s", STR_ARG(folder),
					    folder.n ? "/" : "", STR_ARG(other));
		}
		folder = next;
		if (!rest.n)
			break;
	}
	return changed ? folder : STR("");
}

static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (strchr("*?[]{}\\\"$", text.at[i]) || (unsigned char)text.at[i] < ' ')
			return false;
	return utf8_invalid(text) == SIZE_MAX && utf8_is_nfc(text);
}

static struct str nearest_path(struct tracked *t, struct str path)
{
	struct str other = moved(t, path);
	bool slash = str_find(path, '/') != SIZE_MAX;
	/* A name that is all over the place says little, unless its folder does as well. */
	if (other.n && (slash || str_find(other, '/') != SIZE_MAX))
		return other;
	return corrected(t, path, true);
}

struct str tracked_nearest(struct tracked *t, struct str pattern, const struct glob *glob)
{
	struct glob other;
	struct glob_error error;
	uint32_t found;
	struct str path, folder;
	if (glob_is_literal(glob)) {
		path = joined(t->arena, &glob->at[0], glob->at[0].n);
		struct str near = nearest_path(t, path);
		if (!near.n)
			near = corrected(t, path, true);
		return is_plain(near) ? near : STR("");
	}
	folder = glob_folder(t->arena, glob);
	if (!folder.n || !str_starts(pattern, folder))
		return STR("");
	struct str near = corrected(t, folder, false);
	if (!near.n || !is_plain(near))
		return STR("");
	near = arena_format(t->arena, "%.*s%.*s", STR_ARG(near),
			    STR_ARG(str_slice(pattern, folder.n, pattern.n)));
	return glob_parse(t->arena, near, &other, &error) && tracked_match(t, &other, 1, &found)
		       ? near
		       : STR("");
}

/* Twins */

static void fold_all(struct tracked *t)
{
	struct str last = STR("");	/* the folder before */
	t->is_folded = true;
	for (size_t i = 0; i < t->n; i++) {
		struct str path = t->at[i].path;
		for (size_t end = path.n; end; end--) {
			bool whole = end == path.n;
			if (!whole && path.at[end] != '/')
				continue;
			struct str part = str_slice(path, 0, end);
			if (!whole && str_starts(last, part) &&
			    (last.n == part.n || last.at[part.n] == '/'))
				break;	/* it and those above are there already */
			struct str key = utf8_fold(t->arena, part);
			if (!map_find(&t->folded, key))
				map_add(t->arena, &t->folded, key, (uint32_t)i);
		}
		last = path_folder(path);
	}
}

struct str tracked_twin(struct tracked *t, struct str path)
{
	if (!t->is_folded)
		fold_all(t);
	for (size_t end = 1; end <= path.n; end++) {
		if (end < path.n && path.at[end] != '/')
			continue;
		struct str part = str_slice(path, 0, end);
		if (tracked_has(t, part) || tracked_has_folder(t, part))
			continue;
		const uint32_t *found = map_find(&t->folded, utf8_fold(t->arena, part));
		if (!found)
			return STR("");
		/* As many names of it as the part has. */
		struct str other = t->at[*found].path;
		size_t names = 1, at = 0;
		for (size_t i = 0; i < part.n; i++)
			names += part.at[i] == '/';
		while (at < other.n && (other.at[at] != '/' || --names))
			at++;
		return str_slice(other, 0, at);
	}
	return STR("");
}
