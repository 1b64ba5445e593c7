/* query.h — where in a line of JSON is what? A path to values, as runners' `events` have it.
 *
 *     type                                     the member `type`
 *     message.content[].text                   of each element of the list `content`, the member `text`
 *     [type=result].usage.input_tokens         only if the event's `type` is "result"
 *     content[type=text|thinking].text         of those elements whose `type` is one of these
 *
 * Segments are joined by `.`; a segment is a member's name, filters behind it, or both. `[]` stands for
 * each element of a list. `[PATH=VALUE|…]` keeps, of a list, the elements, and of anything else itself,
 * if the value there is one of these: a text as it is, a number, `true`, `false` or `null`. A list
 * inside of a path that is not spelled out leads nowhere. */
#ifndef COMMON_QUERY_H
#define COMMON_QUERY_H

#include "common/arena.h"
#include "common/json.h"

struct query_step;
struct query {
	const struct query_step *step;
	size_t n;
};

/* In the arena; text is borrowed. When it is no path: false, *at the byte where it ends to be one,
 * and *why in words. */
bool query_parse(struct arena *, struct str text, struct query *, size_t *at, const char **why);
/* Calls `found` for each value that the path leads to, in their order. */
void query_each(const struct query *, const struct json *root,
		void (*found)(void *self, const struct json *value), void *self);
/* The first of them; NULL: it leads nowhere. */
const struct json *query_first(const struct query *, const struct json *root);

#endif
