/* glob_match.c — does a path match? The well-known method for `*`, which goes back to the last star
 * only, twice: over the characters of a name, and over the names of a path, where `**` is the
 * star. */
#include "common/glob.h"

#include "common/glob_inside.h"

#include <string.h>

static bool unit_has(const struct glob_unit *unit, uint32_t c)
{
	for (uint32_t i = 0; i < unit->n && unit->at[i].low <= c; i++)
		if (c <= unit->at[i].high)
			return true;
	return false;
}

static bool wild_matches(const struct glob_segment *segment, struct str name)
{
	const struct glob_unit *unit = segment->unit;
	uint32_t i = 0, star = UINT32_MAX;
	size_t at = 0, mark = 0;
	while (at < name.n) {
		size_t next = at;
		if (i < segment->unit_n && unit[i].star) {
			star = i++;
			mark = at;
		} else if (i < segment->unit_n && unit_has(&unit[i], path_next(name, &next))) {
			i++;
			at = next;
		} else if (star != UINT32_MAX) {
			path_next(name, &mark);
			at = mark;
			i = star + 1;
		} else {
			return false;
		}
	}
	while (i < segment->unit_n && unit[i].star)
		i++;
	return i == segment->unit_n;
}

bool glob_match_segment(const struct glob_segment *segment, struct str name)
{
	if (segment->kind == GLOB_ANY)
		return true;
	if (segment->kind == GLOB_NAME)
		return str_equal(segment->text, name);
	return name.n >= segment->head.n + segment->tail.n && str_starts(name, segment->head) &&
	       str_ends(name, segment->tail) && wild_matches(segment, name);
}

/* The name at `at`, which is at most path.n; *next is path.n + 1 after the last one. */
static struct str name_at(struct str path, size_t at, size_t *next)
{
	const char *slash = at < path.n ? memchr(path.at + at, '/', path.n - at) : NULL;
	size_t end = slash ? (size_t)(slash - path.at) : path.n;
	*next = end + 1;
	return str_slice(path, at, end);
}

static bool alternative_matches(const struct glob_alternative *a, struct str path)
{
	size_t n = glob_inside_length(a), i = 0, star = SIZE_MAX, at = 0, mark = 0;
	while (at <= path.n) {
		size_t next;
		const struct glob_segment *segment = i < n ? glob_inside_segment(a, i) : NULL;
		if (segment && segment->kind == GLOB_ANY) {
			star = i++;
			mark = at;
		} else if (segment && glob_match_segment(segment, name_at(path, at, &next))) {
			i++;
			at = next;
		} else if (star != SIZE_MAX) {
			name_at(path, mark, &mark);
			at = mark;
			i = star + 1;
		} else {
			return false;
		}
	}
	while (i < n && glob_inside_segment(a, i)->kind == GLOB_ANY)
		i++;
	return i == n;
}

bool glob_match(const struct glob *glob, struct str path)
{
	if (!path_is_safe(path, NULL))
		return false;
	for (size_t i = 0; i < glob->n; i++)
		if (alternative_matches(&glob->at[i], path))
			return true;
	return false;
}
