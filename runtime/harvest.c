/* harvest.c — see harvest.h. The scan says what changed; what is owned goes into the start tree by
 * path, so whatever else there is in the work tree, in its index or in its commits has no way
 * in. */
#include "runtime/harvest.h"

#include "common/glob.h"
#include "runtime/manifest.h"
#include "runtime/scan.h"
#include "runtime/splice.h"

#include <stdlib.h>
#include <string.h>

struct harvesting {
	struct arena *arena;
	const struct schedule_agent *agent;
	const struct manifest *manifest;
	struct harvest *harvest;
	struct glob *owned;
	size_t owned_n;
};

/* What the agent owns: `owns`, then `creates`. */
static void read_patterns(struct harvesting *h)
{
	struct str_list lists[] = { h->agent->owns, h->agent->creates };
	struct glob_error error;
	h->owned = ARENA_MANY(h->arena, lists[0].n + lists[1].n + 1, struct glob);
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < lists[i].n; j++)
			BUG_IF(
			    !glob_parse(h->arena, lists[i].at[j], &h->owned[h->owned_n++], &error),
			    "a pattern that the verifier let pass");
}

static bool is_owned(const struct harvesting *h, struct str path)
{
	for (size_t i = 0; i < h->owned_n; i++)
		if (glob_match(&h->owned[i], path))
			return true;
	return false;
}

static size_t longest_folder(const struct manifest *manifest, struct str path)
{
	size_t longest = 0;
	for (size_t i = 1; i <= path.n; i++) {
		if (i < path.n && path.at[i] != '/')
			continue;
		if (!manifest_has_folder(manifest, str_slice(path, 0, i)))
			break;
		longest = i;
	}
	return longest;
}

static int by_path(const void *a, const void *b)
{
	return str_compare(((const struct harvest_change *)a)->path,
			   ((const struct harvest_change *)b)->path);
}

static void take_changes(struct harvesting *h, const struct scan *scan)
{
	h->harvest->at = ARENA_MANY(h->arena, scan->changes.n + 1, struct harvest_change);
	h->harvest->n = scan->changes.n;
	for (size_t i = 0; i < scan->changes.n; i++) {
		const struct scan_change *from = &scan->changes.at[i];
		h->harvest->at[i] = (struct harvest_change){
			.path = from->path,
			.mode_before = from->mode_before,
			.mode_after = from->mode_after,
			.before = from->before,
			.after = from->after,
			.refused = from->refused,
			.held = from->held,
			.owned = is_owned(h, from->path),
			.in_folder = longest_folder(h->manifest, from->path),
		};
	}
	if (scan->changes.n)
		qsort(h->harvest->at, h->harvest->n, sizeof *h->harvest->at, by_path);
}

static struct harvest_change *find_change(struct harvest *harvest, struct str path)
{
	struct harvest_change key = { .path = path };
	return harvest->n ? bsearch(&key, harvest->at, harvest->n, sizeof key, by_path) : NULL;
}

/* The start tree with the owned changes, or with all. */
static bool build(struct harvesting *h, struct repo *main, bool owned_only, struct oid *tree,
		  struct fail *fail)
{
	struct harvest *harvest = h->harvest;
	struct splice_edit *edits = ARENA_MANY(h->arena, harvest->n + 1, struct splice_edit);
	size_t n = 0;
	for (size_t i = 0; i < harvest->n; i++) {
		const struct harvest_change *c = &harvest->at[i];
		if (owned_only ? c->owned && !c->refused : !c->refused || c->held)
			edits[n++] =
			    (struct splice_edit){ c->path, c->mode_after, c->after, false };
	}
	if (!splice_tree(main, harvest->start_tree, edits, n, tree, fail))
		return false;
	for (size_t i = 0; i < n && owned_only; i++)
		if (edits[i].left_out)
			find_change(harvest, edits[i].path)->refused =
				"it takes the place of files that the agent does not own";
	return true;
}

static bool in_result(struct harvest *harvest, const struct manifest_file *file)
{
	const struct harvest_change *change = find_change(harvest, file->path);
	return !file->brought &&
	       (!change || !change->owned || change->refused || change->mode_after);
}

static void find_created(struct harvesting *h)
{
	size_t n = h->agent->creates.n;
	const struct glob *creates = h->owned + h->agent->owns.n;
	bool *created = ARENA_MANY(h->arena, n + 1, bool);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < h->harvest->n && !created[i]; j++) {
			const struct harvest_change *c = &h->harvest->at[j];
			created[i] = c->owned && !c->refused && c->mode_after &&
				     glob_match(&creates[i], c->path);
		}
		for (size_t j = 0; j < h->manifest->files.n && !created[i]; j++)
			created[i] = glob_match(&creates[i], h->manifest->files.at[j].path) &&
				     in_result(h->harvest, &h->manifest->files.at[j]);
	}
	h->harvest->created = created;
}

/* How git keeps the files of the commit that the tree was written from: what the agent made of
 * .gitattributes counts once it is committed. */
static bool read_rules(struct arena *arena, struct repo *main, const struct manifest *manifest,
		       struct conversion *conversion, struct fail *fail)
{
	bool good = conversion_begin(arena, main, conversion, fail);
	for (size_t i = 0; good && i < manifest->tracked; i++) {
		const struct manifest_file *file = &manifest->files.at[i];
		good = conversion_add(conversion, file->path, file->mode, file->id, fail);
	}
	if (good)
		conversion_ready(conversion);
	return good;
}

bool harvest_take(struct arena *arena, struct repo *main, const struct schedule *schedule,
		  uint32_t agent, const struct tree_orders *orders, struct harvest *harvest,
		  struct fail *fail)
{
	struct manifest manifest;
	struct conversion conversion;
	struct scan scan;
	struct harvesting h = { .arena = arena,
				.agent = &schedule->agent[agent],
				.manifest = &manifest,
				.harvest = harvest };
	*harvest = (struct harvest){ 0 };
	if (!manifest_read(arena, orders->manifest, &manifest, fail))
		return false;
	if (!oid_equal(manifest.commit, orders->commit))
		return fail_set(fail,
				"%s was written from the commit %.10s, not from %.10s: it is of "
				"another attempt",
				orders->manifest, manifest.commit.hex, orders->commit.hex);
	read_patterns(&h);
	if (!repo_commit_tree(main, orders->commit, &harvest->start_tree, fail) ||
	    !read_rules(arena, main, &manifest, &conversion, fail) ||
	    !scan_tree(arena, main, orders->work_dir, &manifest, &conversion, h.owned, h.owned_n, &scan,
		       fail))
		return false;
	take_changes(&h, &scan);
	harvest->ignored = (struct str_list){ scan.ignored.at, scan.ignored.n };
	bool strays = false;
	for (size_t i = 0; i < harvest->n; i++)
		strays |= !harvest->at[i].owned || harvest->at[i].refused;
	if ((strays && !build(&h, main, false, &harvest->stray_tree, fail)) ||
	    !build(&h, main, true, &harvest->tree, fail))
		return false;
	find_created(&h);
	return true;
}
