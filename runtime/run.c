/* run.c — see run.h. */
#include "runtime/run.h"

#include "common/file.h"
#include "runtime/admit.h"
#include "runtime/lock.h"
#include "runtime/openfiles.h"
#include "runtime/repo_checkout.h"
#include "runtime/stale.h"
#include "schedule/image.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_IMAGE = 1 << 30, FILES = 48 };

/* Linked work trees share refs, but each would have a journal and a lock of its own. */
static bool refuse_linked(struct run *run, struct fail *fail)
{
	struct str main;
	if (!repo_checkout_linked(run->repo, &run->arena, &main, fail))
		return false;
	return !main.n ||
	       fail_set(
		       fail,
		       "%s is a linked work tree of %.*s; run orch there (in a clone of it, if it is bare), with "
		       "`base \"BRANCH\"` in the plan if it is to start from the branch that is checked out here",
		       run->root, STR_ARG(main));
}

/* A link could lead to another repository's runs. */
static bool refuse_no_folder(struct run *run, struct fail *fail)
{
	struct stat info;
	const char *path = place_orch(&run->arena, run->root, "");
	if (lstat(path, &info) || S_ISDIR(info.st_mode))
		return true;
	return fail_set(
		fail,
		"%s is a %s, and orch keeps its runs in a folder of that name. Move it away: mv %s %s.old",
		path, S_ISLNK(info.st_mode) ? "symbolic link" : "file", path, path);
}

bool run_find_repository(struct run *run, const char *path, struct fail *fail)
{
	*run = (struct run){ .lock = -1 };
	if (!repo_open(path, &run->repo, fail))
		return false;
	run->root = repo_root(run->repo);
	return refuse_linked(run, fail) && refuse_no_folder(run, fail);
}

bool run_look(struct run *run, bool *any, struct fail *fail)
{
	const char *journal = place_orch(&run->arena, run->root, "journal.db");
	*any = file_there(journal);
	return !*any || store_open_read(journal, &run->store, fail);
}

void run_hear(bool hears)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, RUN_GENTLY);
	sigprocmask(hears ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
}

/* SQLite takes an empty file for a new journal. It is one when a first start was cut off; no run has a
 * folder then. */
static bool refuse_emptied(struct run *run, const char *journal, struct fail *fail)
{
	const char *runs = place_orch(&run->arena, run->root, "runs");
	struct stat info;
	if (stat(journal, &info) || info.st_size || !file_has_entries(runs))
		return true;
	return fail_set(
		fail,
		"%s is damaged: it is empty, and there are runs in %s. Put back a copy of it, or move it away to "
		"begin anew",
		journal, runs);
}

bool run_take(struct run *run, const char *what, struct fail *fail)
{
	const char *ignore = place_orch(&run->arena, run->root, ".gitignore"),
		   *journal = place_orch(&run->arena, run->root, "journal.db");
	run_hear(false);
	/* With its own .gitignore the folder does not show in the user's `git status`. */
	return file_make_folders(place_orch(&run->arena, run->root, "runs"), fail) &&
	       (file_there(ignore) || file_write(ignore, STR("*\n"), 0666, fail)) &&
	       lock_take(place_orch(&run->arena, run->root, "lock"), what, &run->lock, fail) &&
	       refuse_emptied(run, journal, fail) && store_open(journal, &run->store, fail);
}

void run_close(struct run *run)
{
	store_close(run->store);
	repo_close(run->repo);
	if (run->lock >= 0)
		close(run->lock);
	arena_release(&run->arena);
	*run = (struct run){ .lock = -1 };
}

bool *run_only(struct arena *arena, const struct schedule *schedule, struct str names,
	       struct str *unknown)
{
	bool *only = ARENA_MANY(arena, schedule->agent_n + 1, bool), any = false;
	*unknown = (struct str){ 0 };
	while (names.n) {
		size_t end = 0;
		while (end < names.n && names.at[end] != ' ' && names.at[end] != ',')
			end++;
		struct str name = str_slice(names, 0, end);
		names = str_slice(names, end < names.n ? end + 1 : end, names.n);
		if (!name.n)
			continue;
		uint32_t agent = schedule_find_agent(schedule, name);
		if (agent == SCHEDULE_NONE) {
			*unknown = name;
			return NULL;
		}
		struct index_list before = schedule_ancestors(arena, schedule, agent);
		any = only[agent] = true;
		for (size_t i = 0; i < before.n; i++)
			only[before.at[i]] = true;
	}
	return any ? only : NULL;
}

static bool use_row(struct run *run, struct fail *fail)
{
	struct str unknown;
	run->folder = place_run(&run->arena, run->root, run->row.id);
	run->only = run_only(&run->arena, run->schedule, run->row.only, &unknown);
	return !unknown.n ||
	       fail_set(
		       fail,
		       "the journal of run %lld names an agent that its schedule does not have: %.*s",
		       (long long)run->row.id, STR_ARG(unknown));
}

struct str run_gone(struct arena *arena, const char *root, int64_t id)
{
	const char *folder = place_run(arena, root, id);
	if (file_there(place_in(arena, folder, "schedule.orchb")))
		return STR("");
	return arena_format(
		arena,
		"the folder of run %lld is gone (%s), so orch cannot go on with it. Its results are under "
		"refs/orch/%lld (`git for-each-ref refs/orch/%lld`), and `git merge refs/orch/%lld/integration` "
		"takes what was merged; `orch exec --new PLAN.orch` begins a new run",
		(long long)id, folder, (long long)id, (long long)id, (long long)id);
}

bool run_load(struct run *run, int64_t id, struct fail *fail)
{
	bool found;
	struct str image;
	if (!store_find(run->store, &run->arena, id, &run->row, &found, fail))
		return false;
	if (!found && id)
		return fail_set(fail, "there is no run %lld here; `orch status` shows the last one",
				(long long)id);
	if (!found)
		return fail_set(fail, "nothing was run here yet; begin with `orch exec PLAN.orch`");
	const char *path = place_in(&run->arena, place_run(&run->arena, run->root, run->row.id),
				    "schedule.orchb");
	struct str gone = run_gone(&run->arena, run->root, run->row.id);
	if (gone.n)
		return fail_set(fail, "%.*s", STR_ARG(gone));
	if (!file_read(&run->arena, path, LARGEST_IMAGE, &image, fail))
		return false;
	if (!str_is(run->row.image_hash, repo_blob_name(image).hex))
		return fail_set(
			fail,
			"%s is not what run %lld began with; begin again with `orch exec --new`",
			path, (long long)run->row.id);
	/* It is what the run began with, so whoever wrote it could read it. */
	if (!image_read(&run->arena, image, &run->schedule, fail))
		return fail_set(
			fail,
			"another version of orch began run %lld, and this one cannot read its schedule. Use that "
			"one for it; its results are under refs/orch/%lld (`git for-each-ref refs/orch/%lld`)",
			(long long)run->row.id, (long long)run->row.id, (long long)run->row.id);
	return use_row(run, fail);
}

bool run_pin_ref(struct run *run, const char *name, struct oid id, struct fail *fail)
{
	struct oid there;
	bool moved;
	if (!repo_ref_read(run->repo, name, &there, fail))
		return false;
	if (oid_equal(there, id))
		return true;
	if (!oid_none(there))
		return fail_set(
			fail,
			"%s is at %.10s and should be at %.10s; somebody moved it. Move it away, then `orch resume`",
			name, there.hex, id.hex);
	if (!repo_ref_move(run->repo, name, there, id, "orch", &moved, fail))
		return false;
	return moved || fail_set(fail, "%s was made by somebody else just now", name);
}

bool run_pin(struct run *run, struct fail *fail)
{
	struct oid integration;
	const char *name = place_ref(&run->arena, run->row.id, "integration");
	return stale_clear_run(run->repo, run->row.id, fail) &&
	       run_pin_ref(run, place_ref(&run->arena, run->row.id, "base"), run->row.base, fail) &&
	       repo_ref_read(run->repo, name, &integration, fail) &&
	       (!oid_none(integration) ||
		run_pin_ref(run, name,
			    oid_none(run->row.integration) ? run->row.base : run->row.integration,
			    fail));
}

bool run_hold(struct run *run, struct fail *fail)
{
	return run->hold || hold_find(&run->arena, run->schedule, run->folder, &run->hold, fail);
}

/* A file of that name in its folder, for who takes the run up again. */
static const char *fresh_file(struct run *run, int64_t id)
{
	return place_in(&run->arena, place_run(&run->arena, run->root, id), "fresh");
}

static bool write_fresh(struct run *run, int64_t id, struct fail *fail)
{
	return file_write(fresh_file(run, id), STR(""), 0666, fail);
}

bool run_fresh(struct run *run)
{
	return file_there(fresh_file(run, run->row.id));
}

/* The last run is not finished: is it the one that is asked for? */
static bool take_up(struct run *run, const struct store_run *last, const struct store_run *wanted,
		    bool fresh, struct fail *fail)
{
	if (str_equal(last->image_hash, wanted->image_hash) &&
	    oid_equal(last->base, wanted->base) && str_equal(last->only, wanted->only)) {
		struct str gone = run_gone(&run->arena, run->root, last->id);
		if (gone.n)
			return fail_set(fail, "%.*s", STR_ARG(gone));
		run->row = *last;
		if (wanted->jobs)
			run->row.jobs = wanted->jobs;
		return (!fresh || write_fresh(run, run->row.id, fail)) && use_row(run, fail);
	}
	return fail_set(
		fail,
		"run %lld (%.*s) is not finished, and it is of another plan, base or choice of agents. "
		"`orch resume` goes on with it; `orch exec --new` begins a new run and leaves it as it is",
		(long long)last->id, STR_ARG(last->source));
}

/* The first run of a journal: above those that somebody removed the journal of, whose refs or
 * folders stay. */
static bool first_number(struct run *run, int64_t *id, struct fail *fail)
{
	uint64_t highest;
	if (!repo_ref_highest(run->repo, PLACE_RUNS, &highest, fail))
		return false;
	*id = (int64_t)highest + 1;
	/* One without trees is of a start that was cut off before anything ran. */
	while (file_there(place_in(&run->arena, place_run(&run->arena, run->root, *id), "trees")))
		++*id;
	return true;
}

/* Nothing of another journal may be in the way of this run's number. */
static bool number_is_free(struct run *run, int64_t id, struct fail *fail)
{
	struct str blocking;
	const char *name = arena_format(&run->arena, "refs/orch/%lld", (long long)id).at;
	if (!repo_ref_blocked(run->repo, &run->arena, name, &blocking, fail))
		return false;
	return !blocking.n ||
	       fail_set(
		       fail,
		       "%.*s is there from a run that the journal in .orch does not know. Bring its journal back, or, if nothing "
		       "of that run is wanted: git for-each-ref --format='delete %%(refname)' %s | git update-ref --stdin",
		       STR_ARG(blocking), name);
}

static bool create(struct run *run, int64_t id, const struct run_orders *orders, struct fail *fail)
{
	int64_t given;
	const char *folder = place_run(&run->arena, run->root, id);
	if (!number_is_free(run, id, fail) ||
	    !file_make_folders(place_in(&run->arena, folder, "agents"), fail) ||
	    !file_make_folders(place_in(&run->arena, folder, "pools"), fail) ||
	    !file_write(place_in(&run->arena, folder, "schedule.orchb"), orders->image, 0666, fail) ||
	    (orders->fresh && !write_fresh(run, id, fail)) ||
	    !hold_write(&run->arena, run->hold, folder, fail) ||
	    !file_sync_folder(place_orch(&run->arena, run->root, "runs"), fail) ||
	    !store_begin(run->store, &run->row, run->schedule, &given, fail))
		return false;
	BUG_IF(given != id, "the journal counts runs in another way");
	run->row.id = id;
	return use_row(run, fail);
}

/* Each node has two pipes; of libgit2's, SQLite's and our own there are a few. */
bool run_open_files(struct run *run, struct fail *fail)
{
	uint32_t jobs = run->row.jobs ? run->row.jobs : run->schedule->plan.jobs;
	unsigned long most = jobs < run->schedule->agent_n ? jobs : run->schedule->agent_n;
	return openfiles_reserve(
		FILES + 4 * (most + 1),
		arena_format(&run->arena, "a run with %lu agents at once", most).at, fail);
}

bool run_begin(struct run *run, const struct run_orders *orders, bool *resumed, struct fail *fail)
{
	struct store_run last;
	bool any;
	*resumed = false;
	if (!image_read(&run->arena, orders->image, &run->schedule, fail))
		return false;
	run->row = (struct store_run){
		.plan = run->schedule->plan.name,
		.source = orders->source,
		.only = orders->only,
		.jobs = orders->jobs,
		.image_hash = arena_copy(&run->arena, str_from(repo_blob_name(orders->image).hex)),
		.started = time(NULL),
	};
	if (!repo_base(run->repo, &run->arena, run->schedule->plan.base, &run->row.base,
		       &run->row.base_branch, fail) ||
	    !store_find(run->store, &run->arena, 0, &last, &any, fail))
		return false;
	run->row.integration = run->row.base;
	if (!admit_limits(run->schedule, fail) || !run_open_files(run, fail))
		return false;
	if (any && !last.ended && !orders->anew) {
		*resumed = true;
		return take_up(run, &last, &run->row, orders->fresh, fail);
	}
	run->row.id = any ? last.id + 1 : 0;
	return hold_find(&run->arena, run->schedule, NULL, &run->hold, fail) &&
	       admit_run(run->repo, run->store, &run->arena, run->schedule, run->row.base, fail) &&
	       (any || first_number(run, &run->row.id, fail)) &&
	       create(run, run->row.id, orders, fail);
}
