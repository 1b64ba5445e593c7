/* splice.c — see splice.h. As in merge.c, a name is two things, the file and the folder of that
 * name, and at the end one of them. */
#include "runtime/splice.h"

#include "common/vec.h"

#include <stdlib.h>

static const uint32_t FOLDER = 0040000;

int splice_order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	for (size_t i = 0; i < n; i++) {
		if (a.at[i] == b.at[i])
			continue;
		int left = a.at[i] == '/' ? -1 : (unsigned char)a.at[i];
		int right = b.at[i] == '/' ? -1 : (unsigned char)b.at[i];
		return left - right;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static int by_path(const void *a, const void *b)
{
	return splice_order(((const struct splice_edit *)a)->path,
			    ((const struct splice_edit *)b)->path);
}

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct repo_entry *)a)->name,
			   ((const struct repo_entry *)b)->name);
}

struct edits {
	struct splice_edit *at;
	size_t n;
	size_t from;	/* where the names in this folder begin in the paths */
};

static struct str name_at(const struct splice_edit *edit, size_t from)
{
	struct str rest = str_slice(edit->path, from, edit->path.n);
	size_t slash = str_find(rest, '/');
	return slash == SIZE_MAX ? rest : str_slice(rest, 0, slash);
}

static bool splice_folder(struct repo *repo, struct oid tree, struct edits edits,
			  struct oid *spliced, struct fail *fail);

/* All edits of one name, the file's own first; *entry is what the tree has, mode 0 for nothing. */
static bool splice_name(struct repo *repo, struct edits edits, struct repo_entry *entry,
			struct fail *fail)
{
	struct oid below = entry->mode == FOLDER ? entry->id : (struct oid){ "" };
	struct splice_edit *own =
	    edits.at[0].path.n == edits.from + entry->name.n ? edits.at : NULL;
	struct repo_entry file = *entry;
	if (own)
		file = (struct repo_entry){ entry->name, own->mode, own->id };
	else if (entry->mode == FOLDER)
		file.mode = 0;
	struct edits rest = { edits.at + (own != NULL), edits.n - (own != NULL),
			      edits.from + entry->name.n + 1 };
	if (file.mode && !own) {	/* the file stays */
		for (size_t i = 0; i < rest.n; i++)
			rest.at[i].left_out = rest.at[i].mode != 0;
		return true;
	}
	if (rest.n && !splice_folder(repo, below, rest, &below, fail))
		return false;
	if (own && file.mode && !oid_none(below))
		own->left_out = true;
	if (!oid_none(below))
		*entry = (struct repo_entry){ entry->name, FOLDER, below };
	else
		*entry = file;
	return true;
}

static bool splice_entries(struct repo *repo, struct arena *arena, const struct repo_entries *old,
			   struct edits edits, struct repo_entries *result, struct fail *fail)
{
	VEC(struct repo_entry) list = { 0 };
	size_t at = 0;
	for (size_t i = 0, end; i < edits.n; i = end) {
		struct str name = name_at(&edits.at[i], edits.from);
		for (end = i + 1;
		     end < edits.n && str_equal(name_at(&edits.at[end], edits.from), name); end++)
			;
		while (at < old->n && str_compare(old->at[at].name, name) < 0)
			*VEC_ADD(arena, &list) = old->at[at++];
		struct repo_entry entry = { .name = name };
		if (at < old->n && str_equal(old->at[at].name, name))
			entry = old->at[at++];
		if (!splice_name(repo, (struct edits){ edits.at + i, end - i, edits.from }, &entry,
				 fail))
			return false;
		if (entry.mode)
			*VEC_ADD(arena, &list) = entry;
	}
	while (at < old->n)
		*VEC_ADD(arena, &list) = old->at[at++];
	*result = (struct repo_entries){ list.at, list.n };
	return true;
}

/* None stands for a folder without files. */
static bool splice_folder(struct repo *repo, struct oid tree, struct edits edits,
			  struct oid *spliced, struct fail *fail)
{
	struct arena arena = { 0 };
	struct repo_entries old = { 0 }, result = { 0 };
	bool good = oid_none(tree) || repo_tree_read(repo, &arena, tree, &old, fail);
	if (good && old.n)
		qsort(old.at, old.n, sizeof *old.at, by_name);
	good = good && splice_entries(repo, &arena, &old, edits, &result, fail);
	*spliced = (struct oid){ "" };
	if (good && result.n)
		good = repo_tree_write(repo, &result, spliced, fail);
	arena_release(&arena);
	return good;
}

bool splice_tree(struct repo *repo, struct oid tree, struct splice_edit *edits, size_t n,
		 struct oid *spliced, struct fail *fail)
{
	*spliced = tree;
	if (!n)
		return true;
	qsort(edits, n, sizeof *edits, by_path);
	for (size_t i = 0; i < n; i++) {
		edits[i].left_out = false;
		BUG_IF(i && str_equal(edits[i].path, edits[i - 1].path), "a path edited twice");
	}
	if (!splice_folder(repo, tree, (struct edits){ edits, n, 0 }, spliced, fail))
		return false;
	return !oid_none(*spliced) ||
	       repo_tree_write(repo, &(struct repo_entries){ 0 }, spliced, fail);
}
