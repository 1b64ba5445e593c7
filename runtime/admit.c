/* admit.c — see admit.h. */
#include "runtime/admit.h"

#include "common/path.h"
#include "common/text.h"
#include "runtime/attempt.h"
#include "runtime/cgroup.h"
#include "runtime/child.h"
#include "runtime/filesystem.h"
#include "runtime/gate.h"
#include "runtime/place.h"
#include "runtime/repo_checkout.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SHOWN = 5,     /* of a list in a message */
	LISTED = 600,  /* bytes of names in a message */
	LATEST = 1000, /* runs that are looked through for a branch */
};

/* A path inside of the work tree is known only when that is there. */
static bool is_checkable(struct str word)
{
	return str_starts(word, STR("/")) ||
	       (str_find(word, '/') == SIZE_MAX && str_find_text(word, STR("${")) == SIZE_MAX);
}

static const char *path_of(struct arena *arena, const struct schedule_runner *runner)
{
	for (size_t i = 0; i < runner->env.n; i++)
		if (str_starts(runner->env.at[i], STR("PATH=")))
			return arena_copy(arena,
					  str_slice(runner->env.at[i], 5, runner->env.at[i].n))
				.at;
	return getenv("PATH");
}

bool admit_programs(struct arena *arena, const struct schedule *schedule, const char *root,
		    struct fail *fail)
{
	for (size_t i = 0; i < schedule->runner_n; i++) {
		const struct schedule_runner *runner = &schedule->runner[i];
		struct str word = runner->words.at[0];
		if (is_checkable(word) &&
		    !child_find(arena, arena_copy(arena, word).at, path_of(arena, runner), root).n)
			return fail_set(
				fail,
				"the program \"%.*s\" of the runner %.*s (plan %.*s) is not %s. Install it, or change the "
				"runner's `command`",
				STR_ARG(word), STR_ARG(runner->name), STR_ARG(schedule->plan.name),
				*word.at == '/' ? "there, or cannot be executed" : "in PATH");
	}
	return true;
}

static bool admit_folder(struct arena *arena, const char *folder, bool any, struct text *weak,
			 struct fail *fail)
{
	struct filesystem fs;
	if (!filesystem_try(arena, folder, &fs, fail))
		return false;
	struct str fault = filesystem_fault(arena, &fs);
	if (fault.n && any)
		text_addf(weak, "%sthe file system of %s (%s) is used all the same: %.*s",
			  weak->n ? "; " : "", folder, fs.name, STR_ARG(fault));
	return !fault.n || any ||
	       fail_set(
		       fail,
		       "the file system of %s (%s) cannot keep what orch promises: %.*s. Clone the "
		       "repository to a local disk (ext4, xfs, btrfs) and run orch there, or accept "
		       "this with --any-file-system",
		       folder, fs.name, STR_ARG(fault));
}

bool admit_place(struct arena *arena, struct repo *repo, bool any, struct str *weak,
		 struct fail *fail)
{
	const char *orch = place_orch(arena, repo_root(repo), ""), *git = repo_git_dir(repo);
	struct text text = { 0 };
	struct stat ours, theirs;
	bool made = mkdir(orch, 0777) == 0;
	bool good = admit_folder(arena, orch, any, &text, fail);
	if (good && stat(orch, &ours) == 0 && stat(git, &theirs) == 0 &&
	    ours.st_dev != theirs.st_dev)
		good = admit_folder(arena, git, any, &text, fail);
	if (made && !good)
		rmdir(orch);
	*weak = arena_copy(arena, text_str(&text));
	text_release(&text);
	return good;
}

bool admit_limits(const struct schedule *schedule, struct fail *fail)
{
	return cgroup_take(schedule, fail);
}

static bool admit_base(struct repo *repo, struct arena *arena, const struct schedule *schedule,
		       struct oid base, struct fail *fail)
{
	struct gate gate = { 0 };
	struct text message = { 0 };
	if (!gate_base(arena, repo, schedule, base, &gate, fail))
		return false;
	for (size_t i = 0; i < gate.n && i < SHOWN; i++)
		text_addf(&message, "%s%.*s", i ? "\n  " : "", STR_ARG(gate.at[i].text));
	if (gate.n > SHOWN)
		text_addf(&message, "\n  and %zu more", gate.n - SHOWN);
	if (gate.n)
		fail_set(fail, "%s", message.at);
	text_release(&message);
	return gate.n == 0;
}

/* Did this run make the branch, and is it where the run put it? */
static bool made_by(struct repo *repo, struct arena *arena, int64_t run, struct str branch,
		    struct oid there, bool *made, struct fail *fail)
{
	static const char *const kinds[] = { "agents", "start" };
	struct schedule *schedule;
	struct fail unreadable;
	struct oid kept;
	/* A run whose schedule is gone or damaged vouches for nothing. */
	if (!attempt_schedule(arena, place_run(arena, repo_root(repo), run), &schedule,
			      &unreadable))
		return true;
	for (size_t i = 0; i < schedule->agent_n; i++) {
		if (!str_equal(schedule->agent[i].branch, branch))
			continue;
		/* Only a linked work tree has its branch from the beginning, at the start. */
		for (size_t k = 0; k < (schedule->agent[i].isolation == SCHEDULE_WORKTREE ? 2 : 1);
		     k++) {
			if (!repo_ref_read(repo,
					   place_agent_ref(arena, run, kinds[k],
							   schedule->agent[i].name),
					   &kept, fail))
				return false;
			*made = *made || oid_equal(kept, there);
		}
		/* A result that a retry has replaced. */
		if (!repo_ref_read(repo,
				   place_commit_ref(arena, run, "earlier", schedule->agent[i].name,
						    there),
				   &kept, fail))
			return false;
		*made = *made || oid_equal(kept, there);
	}
	return true;
}

bool admit_replaceable(struct repo *repo, struct store *store, struct arena *arena,
		       struct str branch, struct oid there, bool *may, struct fail *fail)
{
	struct store_run *runs;
	size_t n;
	*may = false;
	if (!store_runs(store, arena, &runs, &n, fail))
		return false;
	for (size_t i = 0; i < n && !*may; i++)
		if (!made_by(repo, arena, runs[i].id, branch, there, may, fail))
			return false;
	return true;
}

/* The ref of a run that the journal does not know (somebody removed .orch) which keeps the commit
 * of the agent's branch; NULL: there is none. */
static bool find_kept(struct repo *repo, struct arena *arena, struct str agent, struct oid there,
		      const char **kept, struct fail *fail)
{
	static const char *const kinds[] = { "agents", "start" };
	uint64_t highest;
	struct oid id;
	*kept = NULL;
	if (!repo_ref_highest(repo, PLACE_RUNS, &highest, fail))
		return false;
	for (size_t i = 0; i < highest * 2 && i < LATEST * 2 && !*kept; i++) {
		const char *name = place_agent_ref(arena, (int64_t)(highest - i / 2), kinds[i % 2],
						   agent);
		if (!repo_ref_read(repo, name, &id, fail))
			return false;
		if (oid_equal(id, there))
			*kept = name;
	}
	return true;
}

/* " NAME" for each agent's branch that such a ref keeps, as many as fit into a message. */
static bool list_kept(struct repo *repo, struct arena *arena, const struct schedule *schedule,
		      struct text *names, struct fail *fail)
{
	for (size_t i = 0; i < schedule->agent_n; i++) {
		const struct schedule_agent *agent = &schedule->agent[i];
		const char *kept = NULL;
		struct oid there;
		if (!repo_ref_read(repo, place_branch(arena, agent->branch), &there, fail) ||
		    (!oid_none(there) && !find_kept(repo, arena, agent->name, there, &kept, fail)))
			return false;
		if (kept && names->n + agent->branch.n < LISTED)
			text_addf(names, " %.*s", STR_ARG(agent->branch));
	}
	return true;
}

static bool fail_kept(struct repo *repo, struct arena *arena, const struct schedule *schedule,
		      const struct schedule_agent *agent, const char *kept, struct fail *fail)
{
	struct text names = { 0 };
	if (list_kept(repo, arena, schedule, &names, fail))
		fail_set(
			fail,
			"the branch %.*s is there from a run that cannot be read: its journal or folder in .orch is gone, "
			"or another version of orch made it. Delete it, "
			"nothing is lost (%s keeps its commit), and what else there is of that run: %sgit branch -D%s",
			STR_ARG(agent->branch), kept,
			agent->isolation == SCHEDULE_WORKTREE ? "git worktree prune; " : "",
			names.at);
	text_release(&names);
	return false;
}

static bool fail_branch(struct repo *repo, struct arena *arena, const struct schedule *schedule,
			const struct schedule_agent *agent, struct str blocking, struct oid there,
			struct fail *fail)
{
	struct str shown = str_slice(blocking, strlen(PLACE_BRANCHES), blocking.n);
	const char *kept = NULL;
	if (!oid_none(there) && !find_kept(repo, arena, agent->name, there, &kept, fail))
		return false;
	if (kept)
		return fail_kept(repo, arena, schedule, agent, kept, fail);
	return fail_set(
		fail,
		"the branch %.*s is %s the branch %.*s of the agent %.*s. Rename it (git branch -m %.*s NEW-NAME), "
		"delete it, or choose another `branch` in the plan",
		STR_ARG(shown),
		oid_none(there) ? "in the way of"
				: "already there, and not as orch left it; it would be",
		STR_ARG(agent->branch), STR_ARG(agent->name), STR_ARG(shown));
}

bool admit_checkout(struct repo *repo, struct arena *arena, struct str branch, const char *then,
		    struct fail *fail)
{
	enum repo_checkout_place place;
	struct str linked;
	if (!repo_checkout_find(repo, arena, place_branch(arena, branch), &place, &linked, fail))
		return false;
	/* Work trees of earlier runs are orch's own. */
	struct str runs = str_from(place_orch(arena, repo_root(repo), ""));
	if (place == REPO_CHECKOUT_NOWHERE ||
	    (place == REPO_CHECKOUT_ELSEWHERE && path_is_within(linked, runs)))
		return true;
	if (place == REPO_CHECKOUT_HERE)
		linked = str_from(repo_root(repo));
	return fail_set(
		fail,
		"the branch %.*s is checked out in %.*s, and would be moved to an agent's new work. Check "
		"out another branch there, then %s",
		STR_ARG(branch), STR_ARG(linked), then);
}

static bool admit_branch(struct repo *repo, struct store *store, struct arena *arena,
			 const struct schedule *schedule, const struct schedule_agent *agent,
			 struct fail *fail)
{
	const char *name = place_branch(arena, agent->branch);
	struct str blocking;
	struct oid there = { "" };
	bool may = false;
	if (!repo_ref_blocked(repo, arena, name, &blocking, fail))
		return false;
	if (!blocking.n)
		return true;
	if (str_is(blocking, name) &&
	    (!repo_ref_read(repo, name, &there, fail) ||
	     !admit_replaceable(repo, store, arena, agent->branch, there, &may, fail)))
		return false;
	if (!may)
		return fail_branch(repo, arena, schedule, agent, blocking, there, fail);
	return admit_checkout(repo, arena, agent->branch, "begin again", fail);
}

bool admit_run(struct repo *repo, struct store *store, struct arena *arena,
	       const struct schedule *schedule, struct oid base, struct fail *fail)
{
	if (!admit_programs(arena, schedule, repo_root(repo), fail) ||
	    !admit_base(repo, arena, schedule, base, fail))
		return false;
	for (size_t i = 0; i < schedule->agent_n; i++)
		if (!admit_branch(repo, store, arena, schedule, &schedule->agent[i], fail))
			return false;
	return true;
}
