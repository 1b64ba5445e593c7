/* gc.c — see gc.h. */
#include "runtime/gc.h"

#include "common/file.h"
#include "runtime/attempt.h"
#include "runtime/gc_refs.h"
#include "runtime/keep.h"
#include "runtime/landed.h"
#include "runtime/measure.h"
#include "runtime/pool.h"
#include "runtime/setup.h"
#include "runtime/visible.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS_OF_SIZE = 9 };

struct gc {
	struct run *run; /* its repository and journal; which run it is has no meaning here */
	const struct gc_orders *orders;
	struct gc_sum *sum;
	struct text *out;
	struct arena arena; /* of the run that is looked at */
	const struct store_run *row;
	const char *folder; /* of that run */
	struct schedule *schedule;
};

static void add_line(struct gc *gc, const char *what, uint64_t bytes, const char *path,
		     struct str why)
{
	struct text size = { 0 };
	measure_add(&size, bytes);
	text_addf(gc->out, "  %-12s %*s  ", what, COLUMNS_OF_SIZE, size.at);
	visible_add(gc->out, place_shown(str_from(path), gc->run->root), false);
	if (why.n) {
		text_add(gc->out, STR(": "));
		visible_add(gc->out, why, false);
	}
	text_add_byte(gc->out, '\n');
	text_release(&size);
}

static void kept(struct gc *gc, uint64_t bytes, const char *path, struct str why)
{
	gc->sum->kept += bytes;
	add_line(gc, "kept", bytes, path, why);
}

static void removed(struct gc *gc, uint64_t bytes, const char *path, struct str why)
{
	gc->sum->removed += bytes;
	add_line(gc, gc->orders->look ? "would remove" : "removed", bytes, path, why);
}

/* Nothing of an agent's is in it. */
static bool remove_plain(struct gc *gc, const char *name, const char *why, struct fail *fail)
{
	const char *path = place_in(&gc->arena, gc->folder, name);
	if (!file_there(path))
		return true;
	uint64_t bytes = measure_path(path);
	if (!gc->orders->look && !file_remove_tree(path, fail))
		return false;
	removed(gc, bytes, path, str_from(why));
	return true;
}

/* What keeps a tree from being removed; empty: nothing. */
static struct str obstacle(struct gc *gc, const struct keep *keep)
{
	struct text size = { 0 };
	struct str why = { 0 };
	if (keep->refused_path.n)
		return arena_format(
			&gc->arena,
			"no commit can hold %.*s in it (%s); look at it, and remove it by hand",
			STR_ARG(keep->refused_path), keep->refused_why);
	if (keep->ignored && !gc->orders->ignored) {
		measure_add(&size, keep->ignored_bytes);
		why = arena_format(
			&gc->arena,
			"git ignores %zu file%s in it (%s), such as %.*s, so they are in no commit; "
			"`orch gc --ignored` removes them too",
			keep->ignored, keep->ignored == 1 ? "" : "s", size.at,
			STR_ARG(keep->ignored_path));
		text_release(&size);
	}
	return why;
}

static struct str why_not_lost(struct gc *gc, const struct keep *keep)
{
	if (!keep->refs.n)
		return STR("all of it is in refs of the run");
	return arena_format(&gc->arena, "kept as %.*s%s", STR_ARG(keep->refs.at[0]),
			    keep->refs.n > 1 ? " and more" : "");
}

/* A tree with its git folder; `old`: one that an attempt moved away, which has none. */
static bool collect_tree(struct gc *gc, uint32_t agent, const struct tree_orders *tree, bool old,
			 struct fail *fail)
{
	const struct keep_place place = { &gc->arena, gc->run->repo, gc->schedule,
					  agent,      gc->folder,    gc->orders->look };
	struct keep keep;
	struct fail unkept;
	const char *shown = file_there(tree->work_dir) ? tree->work_dir : tree->git_dir;
	uint64_t bytes = measure_path(tree->work_dir) + (old ? 0 : measure_path(tree->git_dir));
	if (!keep_all(&place, tree, &keep, &unkept)) {
		kept(gc, bytes, shown, arena_copy(&gc->arena, str_from(unkept.text)));
		return true;
	}
	struct str why = obstacle(gc, &keep);
	if (why.n) {
		kept(gc, bytes, shown, why);
		return true;
	}
	if (!gc->orders->look && !keep_remove(&place, tree, fail))
		return false;
	removed(gc, bytes, shown, why_not_lost(gc, &keep));
	return true;
}

/* Its supervisor may still be ending what it left, should orch have been killed just now. */
static bool is_busy(struct gc *gc, struct str agent, bool *busy, struct fail *fail)
{
	const char *path = place_agent(&gc->arena, gc->folder, agent, "lock");
	int lock = -1;
	*busy = false;
	if (!file_there(path))
		return true;
	if (!pool_try(path, &lock, fail))
		return false;
	*busy = lock < 0;
	if (lock >= 0)
		close(lock);
	return true;
}

static bool collect_one_old(struct gc *gc, uint32_t agent, uint32_t number, struct fail *fail)
{
	struct tree_orders tree = { .isolation = SCHEDULE_CLONE, .git_dir = "" };
	tree.work_dir = place_old(&gc->arena, gc->folder, gc->schedule->agent[agent].name, number);
	tree.manifest = arena_format(&gc->arena, "%s.manifest", tree.work_dir).at;
	return !file_there(tree.work_dir) || collect_tree(gc, agent, &tree, true, fail);
}

/* Trees that attempts have moved away: AGENT.K, with gaps where some were removed. */
static bool collect_old(struct gc *gc, uint32_t agent, struct fail *fail)
{
	struct str name = gc->schedule->agent[agent].name;
	DIR *folder = opendir(place_in(&gc->arena, gc->folder, "old"));
	struct dirent *entry;
	bool good = true;
	while (folder && good && (entry = readdir(folder))) {
		struct str of = str_from(entry->d_name);
		uint64_t number;
		if (str_starts(of, name) && of.n > name.n && of.at[name.n] == '.' &&
		    str_to_number(str_slice(of, name.n + 1, of.n), &number))
			good = collect_one_old(gc, agent, (uint32_t)number, fail);
	}
	if (folder)
		closedir(folder);
	return good;
}

static bool collect_agent(struct gc *gc, uint32_t agent, struct oid start, struct fail *fail)
{
	const struct schedule_agent *of = &gc->schedule->agent[agent];
	const struct tree_orders tree = place_tree(&gc->arena, gc->folder, of, start);
	bool busy;
	if (!is_busy(gc, of->name, &busy, fail))
		return false;
	if (busy) {
		kept(gc, measure_path(tree.work_dir), tree.work_dir,
		     STR("the supervisor of its last attempt has not ended yet"));
		return true;
	}
	/* Of programs that were killed with orch; nobody is told of it. */
	if (!gc->orders->look &&
	    !file_remove_tree(place_agent(&gc->arena, gc->folder, of->name, "tmp"), fail))
		return false;
	bool git = file_there(of->isolation == SCHEDULE_CLONE
				      ? tree.git_dir
				      : tree_admin(&gc->arena, gc->run->repo, &tree));
	return ((!file_there(tree.work_dir) && !git) ||
		collect_tree(gc, agent, &tree, false, fail)) &&
	       collect_old(gc, agent, fail);
}

/* The git folders of combinations, in which nobody works. */
static bool collect_combinations(struct gc *gc, struct fail *fail)
{
	if (!remove_plain(gc, "combination", "trees in which tests of the plan ran", fail))
		return false;
	for (size_t i = 0; i < gc->schedule->agent_n; i++) {
		const char *git = place_combination(&gc->arena, gc->folder,
						    gc->schedule->agent[i].name, (struct oid){ "" })
					  .git_dir;
		if (!gc->orders->look && !file_remove_tree(git, fail))
			return false;
	}
	return true;
}

static bool collect_trees(struct gc *gc, struct fail *fail)
{
	struct machine_memory *memory;
	struct machine_strand strand;
	struct fail unreadable;
	if (!file_there(gc->folder)) {
		text_addf(
			gc->out,
			"  nothing      its folder is gone; what it kept is under refs/orch/%lld\n",
			(long long)gc->row->id);
		return true;
	}
	if (!attempt_schedule(&gc->arena, gc->folder, &gc->schedule, &unreadable)) {
		kept(gc, measure_path(gc->folder), gc->folder,
		     arena_copy(&gc->arena, str_from(unreadable.text)));
		return true;
	}
	if (!store_memory(gc->run->store, &gc->arena, gc->row->id, gc->schedule->agent_n, &memory,
			  &strand, fail) ||
	    (file_has_entries(place_in(&gc->arena, gc->folder, "gone")) &&
	     !remove_plain(gc, "gone", "an earlier removal was cut off", fail)))
		return false;
	for (uint32_t i = 0; i < gc->schedule->agent_n; i++)
		if (!collect_agent(gc, i, memory[i].start, fail))
			return false;
	/* Those that are empty now. */
	static const char *const folders[] = { "gone", "old", "trees", "git" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders && !gc->orders->look; i++)
		rmdir(place_in(&gc->arena, gc->folder, folders[i]));
	return collect_combinations(gc, fail) &&
	       remove_plain(gc, "measure", "trees in which metrics were measured", fail) &&
	       remove_plain(gc, "contents", "the files of the base, unpacked", fail) &&
	       (!gc->orders->refs ||
		gc_refs_remove(&gc->arena, gc->run, gc->row, gc->schedule, gc->orders->look,
			       &gc->sum->refs, gc->out, fail));
}

static const char *landed_words(struct gc *gc)
{
	switch (landed_now(gc->run->repo, &gc->arena, gc->row)) {
	case LANDED_NOTHING: return "nothing to land";
	case LANDED_ALL: return "landed";
	case LANDED_CHANGED: return "landed, and changed since";
	case LANDED_BACK: return "landed, and rolled back since";
	default: return "not landed";
	}
}

static bool collect_run(struct gc *gc, const struct store_run *row, struct fail *fail)
{
	gc->row = row;
	gc->folder = place_run(&gc->arena, gc->run->root, row->id);
	text_addf(gc->out, "run %lld of the plan %.*s (%s)\n", (long long)row->id,
		  STR_ARG(row->plan), row->ended ? landed_words(gc) : "not finished");
	bool good = true;
	if (row->ended)
		good = collect_trees(gc, fail) &&
		       (gc->orders->look ||
			repo_shelter_end(gc->run->repo, place_note(&gc->arena, row->id), fail));
	else
		kept(gc, measure_path(gc->folder), gc->folder,
		     arena_format(&gc->arena, "`orch resume %lld` goes on with it",
				  (long long)row->id));
	arena_release(&gc->arena);
	gc->arena = (struct arena){ 0 };
	return good;
}

static bool is_chosen(const struct gc_orders *orders, int64_t id)
{
	bool chosen = !orders->run_n;
	for (size_t i = 0; i < orders->run_n; i++)
		chosen |= orders->runs[i] == id;
	return chosen;
}

static void unused(void *self, const char *path)
{
	removed(self, measure_path(path), path, STR("no setup has used it for 30 days"));
}

/* Folders of runs whose journal somebody has removed. */
static void tell_unknown(struct gc *gc, const struct store_run *rows, size_t n)
{
	const char *runs = place_orch(&gc->arena, gc->run->root, "runs");
	DIR *folder = opendir(runs);
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		uint64_t id;
		bool known = !str_to_number(str_from(entry->d_name), &id);
		for (size_t i = 0; i < n && !known; i++)
			known = rows[i].id == (int64_t)id;
		const char *path = place_in(&gc->arena, runs, entry->d_name);
		if (!known)
			kept(gc, measure_path(path), path,
			     STR("the journal does not know this run, so nothing says what in it is kept"));
	}
	if (folder)
		closedir(folder);
}

bool gc_runs(struct run *run, const struct gc_orders *orders, struct gc_sum *sum, struct text *out,
	     struct fail *fail)
{
	struct gc gc = { .run = run, .orders = orders, .sum = sum, .out = out };
	struct store_run *rows;
	size_t n;
	*sum = (struct gc_sum){ 0 };
	bool good = store_runs(run->store, &run->arena, &rows, &n, fail);
	for (size_t i = 0; i < orders->run_n && good; i++) {
		bool known = false;
		for (size_t j = 0; j < n; j++)
			known |= rows[j].id == orders->runs[i];
		if (!known)
			good = fail_set(fail, "there is no run %lld here",
					(long long)orders->runs[i]);
	}
	for (size_t i = 0; i < n && good; i++)
		if (is_chosen(orders, rows[i].id))
			good = collect_run(&gc, &rows[i], fail);
	if (good && !orders->run_n)
		tell_unknown(&gc, rows, n);
	good = good && (orders->run_n || setup_collect(&gc.arena, run->root, orders->look,
						       unused, &gc, fail));
	arena_release(&gc.arena);
	return good;
}
