/* model.c — see model.h. */
#include "tests/property/model.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t model_content(struct str bytes)
{
	uint64_t hash = 0x9E3779B97F4A7C15u ^ bytes.n;
	for (size_t i = 0; i < bytes.n; i++)
		hash = (hash ^ (unsigned char)bytes.at[i]) * 0x2127599BF4325C37u + (hash >> 47);
	return hash;
}

static int by_path(const void *a, const void *b)
{
	return str_compare(((const struct model_file *)a)->path,
			   ((const struct model_file *)b)->path);
}

void model_sort(struct model *model)
{
	if (model->files.n)
		qsort(model->files.at, model->files.n, sizeof *model->files.at, by_path);
}

const struct model_file *model_find(const struct model *model, struct str path)
{
	struct model_file key = { .path = path };
	return model->files.n ? bsearch(&key, model->files.at, model->files.n, sizeof key, by_path)
			      : NULL;
}

static bool is_below(struct str path, struct str folder)
{
	return path.n > folder.n && path.at[folder.n] == '/' && str_starts(path, folder);
}

bool model_has_folder(const struct model *model, struct str path)
{
	for (size_t i = 0; i < model->files.n; i++)
		if (is_below(model->files.at[i].path, path))
			return true;
	return false;
}

static bool same(const struct model_file *a, const struct model_file *b)
{
	return a->mode == b->mode && (!a->mode || a->content == b->content);
}

bool model_equal(const struct model *a, const struct model *b)
{
	bool equal = a->files.n == b->files.n;
	for (size_t i = 0; i < a->files.n && equal; i++)
		equal = str_equal(a->files.at[i].path, b->files.at[i].path) &&
			same(&a->files.at[i], &b->files.at[i]);
	return equal;
}

struct model_changes model_diff(struct arena *arena, const struct model *before,
				const struct model *after)
{
	struct model_changes changes = { 0 };
	size_t i = 0, j = 0;
	while (i < before->files.n || j < after->files.n) {
		const struct model_file *x = i < before->files.n ? &before->files.at[i] : NULL;
		const struct model_file *y = j < after->files.n ? &after->files.at[j] : NULL;
		int order = !x ? 1 : !y ? -1 : str_compare(x->path, y->path);
		i += order <= 0;
		j += order >= 0;
		if (order == 0 && same(x, y))
			continue;
		struct model_change *change = VEC_ADD(arena, &changes.list);
		change->path = order <= 0 ? x->path : y->path;
		if (order <= 0)
			change->before = *x;
		if (order >= 0)
			change->after = *y;
	}
	return changes;
}

static bool is_possible(const struct model *model, struct str *clash)
{
	for (size_t i = 0; i < model->files.n; i++)
		for (size_t n = 1; n < model->files.at[i].path.n; n++)
			if (model->files.at[i].path.at[n] == '/' &&
			    model_find(model, str_slice(model->files.at[i].path, 0, n))) {
				*clash = model->files.at[i].path;
				return false;
			}
	return true;
}

bool model_apply(struct arena *arena, struct model *model, const struct model_changes *changes,
		 struct str *clash)
{
	struct model result = { 0 };
	size_t c = 0, f = 0;
	while (c < changes->list.n || f < model->files.n) {
		const struct model_change *change = c < changes->list.n ? &changes->list.at[c]
									: NULL;
		const struct model_file *file = f < model->files.n ? &model->files.at[f] : NULL,
					none = { 0 };
		int order = !file ? 1 : !change ? -1 : str_compare(file->path, change->path);
		if (order < 0) {
			*VEC_ADD(arena, &result.files) = *file;
			f++;
			continue;
		}
		const struct model_file *now = order ? &none : file;
		c++;
		f += order == 0;
		if (!same(now, &change->before) && !same(now, &change->after)) {
			*clash = change->path;
			return false;
		}
		if (change->after.mode)
			*VEC_ADD(arena, &result.files) = change->after;
	}
	*model = result;
	return is_possible(model, clash);
}

void model_print(const char *title, const struct model *model)
{
	printf("    %s:\n", title);
	for (size_t i = 0; i < model->files.n; i++)
		printf("      %06o %016llx %.*s\n", (unsigned)model->files.at[i].mode,
		       (unsigned long long)model->files.at[i].content,
		       STR_ARG(model->files.at[i].path));
}
