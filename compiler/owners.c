/* owners.c — see owners.h. */
#include "compiler/owners.h"

#include <stdlib.h>

/* Of one path without wildcards, the path itself: as a folder, it has all under it. */
static struct str folder_of(struct arena *arena, const struct glob *glob)
{
	struct str folder = glob_folder(arena, glob);
	if (glob_is_literal(glob)) {
		const struct glob_alternative *path = &glob->at[0];
		return folder.n ? arena_format(arena, "%.*s/%.*s/", STR_ARG(folder),
					       STR_ARG(path->at[path->n - 1].text))
				: arena_format(arena, "%.*s/", STR_ARG(path->at[path->n - 1].text));
	}
	return folder.n ? arena_format(arena, "%.*s/", STR_ARG(folder)) : STR("");
}

void owners_parse(struct arena *arena, struct str text, struct glob *glob)
{
	struct glob_error error;
	bool good = glob_parse(arena, text, glob, &error);
	BUG_IF(!good, "a pattern that was not checked");
}

static int compare(const void *a, const void *b)
{
	const struct owners_pattern *x = a, *y = b;
	int order = str_compare(x->folder, y->folder);
	return order                  ? order
	       : x->agent != y->agent ? (x->agent > y->agent) - (x->agent < y->agent)
				      : (x->text > y->text) - (x->text < y->text);
}

void owners_collect(struct arena *arena, const struct plan *plan, struct owners *owners)
{
	*owners = (struct owners){ .arena = arena };
	for (uint32_t agent = 0; agent < plan->agents.n; agent++)
		for (unsigned which = PLAN_OWNS; which <= PLAN_CREATES; which++) {
			const struct plan_texts *list = &plan->agents.at[agent].list[which];
			for (size_t i = 0; i < list->list.n; i++) {
				struct owners_pattern *owned = VEC_ADD(arena, &owners->list);
				*owned = (struct owners_pattern){ .agent = agent, .text = &list->list.at[i] };
				owners_parse(arena, owned->text->text, &owned->glob);
				owned->folder = folder_of(arena, &owned->glob);
			}
		}
	if (owners->list.n)
		qsort(owners->list.at, owners->list.n, sizeof *owners->list.at, compare);
}

/* The first whose folder is not before `folder`. */
static size_t find_first(const struct owners *owners, struct str folder)
{
	size_t low = 0, high = owners->list.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(owners->list.at[middle].folder, folder) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void owners_near(const struct owners *owners, const struct glob *glob,
		 void (*visit)(void *self, const struct owners_pattern *), void *self)
{
	const struct owners_pattern *at = owners->list.at;
	struct arena scratch = { 0 };
	struct str folder = folder_of(&scratch, glob);
	for (size_t end = 0; end < folder.n; end++) {
		if (end && folder.at[end - 1] != '/')
			continue;
		struct str above = str_slice(folder, 0, end);
		for (size_t i = find_first(owners, above);
		     i < owners->list.n && str_equal(at[i].folder, above); i++)
			visit(self, &at[i]);
	}
	for (size_t i = find_first(owners, folder);
	     i < owners->list.n && str_starts(at[i].folder, folder); i++)
		visit(self, &at[i]);
	arena_release(&scratch);
}
