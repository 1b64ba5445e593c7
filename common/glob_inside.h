/* glob_inside.h — for the files of common/glob.h only: braces, and an alternative as a plain list
 * of segments, its end spelled out. Bare is `**` at the end; below is `**` and `*`. */
#ifndef COMMON_GLOB_INSIDE_H
#define COMMON_GLOB_INSIDE_H

#include "common/glob.h"

/* Every unit that a name can have: all but NUL, '/' and the surrogates, and the bytes outside of
 * UTF-8. */
static const struct glob_range glob_inside_ranges[] = {
	{ 1, '/' - 1 }, { '/' + 1, 0xD7FF }, { 0xE000, PATH_CODE_POINT_LAST }, { PATH_BYTE + 0x80, PATH_BYTE + 0xFF },
};
static const struct glob_unit glob_inside_star_unit = { glob_inside_ranges, 4, true };
static const struct glob_segment glob_inside_star = {
	.kind = GLOB_WILD, .unit_n = 1, .unit = &glob_inside_star_unit, .text = { "*", 1 }, .head = { "", 0 }, .tail = { "", 0 },
};
static const struct glob_segment glob_inside_any = {
	.kind = GLOB_ANY, .text = { "**", 2 }, .head = { "", 0 }, .tail = { "", 0 },
};

static inline size_t glob_inside_length(const struct glob_alternative *a)
{
	return a->n + (a->end == GLOB_BARE ? 1 : a->end == GLOB_BELOW ? 2 : 0);
}

static inline const struct glob_segment *glob_inside_segment(const struct glob_alternative *a,
							     size_t i)
{
	return i < a->n ? &a->at[i] : i == a->n ? &glob_inside_any : &glob_inside_star;
}

/* How many alternatives the braces stand for; 0 with *error when they are not well formed or too
 * many. */
size_t glob_brace_count(struct str pattern, struct glob_error *);
/* Alternative number k, and where each of its bytes was in the pattern; both in the arena. */
struct str glob_brace_write(struct arena *, struct str pattern, size_t k, const uint32_t **origin);

#endif
