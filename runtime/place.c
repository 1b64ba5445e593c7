/* place.c — see place.h. */
#include "common/path.h"
#include "runtime/place.h"

#include <stdlib.h>
#include <string.h>

const char *place_orch(struct arena *arena, const char *root, const char *name)
{
	return arena_format(arena, "%s/" PATH_RUNS "%s%s", root, *name ? "/" : "", name).at;
}

const char *place_run(struct arena *arena, const char *root, int64_t run)
{
	return arena_format(arena, "%s/" PATH_RUNS "/runs/%lld", root, (long long)run).at;
}

const char *place_kept(struct arena *arena, const char *root, const char *hash)
{
	return arena_format(arena, "%s/" PATH_RUNS "/kept%s%s", root, *hash ? "/" : "", hash).at;
}

const char *place_in(struct arena *arena, const char *run_folder, const char *name)
{
	return arena_format(arena, "%s/%s", run_folder, name).at;
}

const char *place_agent(struct arena *arena, const char *run_folder, struct str agent,
			const char *name)
{
	return arena_format(arena, "%s/agents/%.*s%s%s", run_folder, STR_ARG(agent),
			    *name ? "/" : "", name)
		.at;
}

const char *place_attempt(struct arena *arena, const char *run_folder, struct str agent,
			  uint32_t attempt, const char *kind)
{
	return arena_format(arena, "%s/agents/%.*s/%u.%s", run_folder, STR_ARG(agent), attempt,
			    kind)
		.at;
}

const char *place_gone(struct arena *arena, const char *run_folder, struct str agent)
{
	return arena_format(arena, "%s/gone/%.*s", run_folder, STR_ARG(agent)).at;
}

const char *place_old(struct arena *arena, const char *run_folder, struct str agent,
		      uint32_t number)
{
	return arena_format(arena, "%s/old/%.*s.%u", run_folder, STR_ARG(agent), number).at;
}

const char *place_pool(struct arena *arena, const char *run_folder, struct str pool, uint32_t index)
{
	return arena_format(arena, "%s/pools/%.*s.%u", run_folder, STR_ARG(pool), index).at;
}

struct tree_orders place_tree(struct arena *arena, const char *run_folder,
			      const struct schedule_agent *agent, struct oid start)
{
	return (struct tree_orders){
		.work_dir =
			arena_format(arena, "%s/trees/%.*s", run_folder, STR_ARG(agent->name)).at,
		.git_dir = arena_format(arena, "%s/git/%.*s", run_folder, STR_ARG(agent->name)).at,
		.manifest = place_agent(arena, run_folder, agent->name, "manifest"),
		.branch = arena_copy(arena, agent->branch).at,
		.lock = place_in(arena, run_folder, "worktrees.lock"),
		.decoded = place_in(arena, run_folder, "contents"),
		.isolation = agent->isolation,
		.commit = start,
	};
}

struct tree_orders place_combination(struct arena *arena, const char *run_folder, struct str agent,
				     struct oid combined)
{
	return (struct tree_orders){
		.work_dir =
			arena_format(arena, "%s/combination/%.*s", run_folder, STR_ARG(agent)).at,
		.git_dir = arena_format(arena, "%s/git/%.*s.combination", run_folder,
					STR_ARG(agent))
				   .at,
		.manifest = place_agent(arena, run_folder, agent, "combination.manifest"),
		.branch = "",
		.lock = place_in(arena, run_folder, "worktrees.lock"),
		.decoded = place_in(arena, run_folder, "contents"),
		.isolation = SCHEDULE_CLONE,
		.commit = combined,
	};
}

const char *place_metric(struct arena *arena, const char *run_folder, struct str metric,
			 const char *name)
{
	return arena_format(arena, "%s/metrics/%.*s%s%s", run_folder, STR_ARG(metric),
			    *name ? "/" : "", name)
		.at;
}

const char *place_figure(struct arena *arena, const char *run_folder, struct str metric,
			 bool before, const char *kind)
{
	return arena_format(arena, "%s/metrics/%.*s/%s.%s", run_folder, STR_ARG(metric),
			    before ? "before" : "after", kind)
		.at;
}

struct tree_orders place_measure(struct arena *arena, const char *run_folder, struct str metric,
				 struct oid commit)
{
	return (struct tree_orders){
		.work_dir = arena_format(arena, "%s/measure/%.*s", run_folder, STR_ARG(metric)).at,
		.git_dir =
			arena_format(arena, "%s/measure/%.*s.git", run_folder, STR_ARG(metric)).at,
		.manifest = place_metric(arena, run_folder, metric, "manifest"),
		.branch = "",
		.lock = place_in(arena, run_folder, "worktrees.lock"),
		.decoded = place_in(arena, run_folder, "contents"),
		.isolation = SCHEDULE_CLONE,
		.commit = commit,
	};
}

struct str place_note(struct arena *arena, int64_t run)
{
	return arena_format(arena, "orch run %lld\n", (long long)run);
}

int64_t place_number(const char *run_folder)
{
	return strtoll(strrchr(run_folder, '/') + 1, NULL, 10);
}

struct str place_shown(struct str path, const char *root)
{
	size_t n = strlen(root);
	if (path.n > n + 1 && memcmp(path.at, root, n) == 0 && path.at[n] == '/')
		return str_slice(path, n + 1, path.n);
	return path;
}

const char *place_ref(struct arena *arena, int64_t run, const char *what)
{
	return arena_format(arena, "refs/orch/%lld/%s", (long long)run, what).at;
}

const char *place_agent_ref(struct arena *arena, int64_t run, const char *what, struct str agent)
{
	return arena_format(arena, "refs/orch/%lld/%s/%.*s", (long long)run, what, STR_ARG(agent))
		.at;
}

const char *place_attempt_ref(struct arena *arena, int64_t run, const char *what, struct str agent,
			      uint32_t attempt)
{
	return arena_format(arena, "refs/orch/%lld/%s/%.*s/%u", (long long)run, what,
			    STR_ARG(agent), attempt)
		.at;
}

const char *place_commit_ref(struct arena *arena, int64_t run, const char *what, struct str name,
			     struct oid commit)
{
	return arena_format(arena, "refs/orch/%lld/%s/%.*s/%.12s", (long long)run, what,
			    STR_ARG(name), commit.hex)
		.at;
}

const char *place_branch(struct arena *arena, struct str branch)
{
	return arena_format(arena, PLACE_BRANCHES "%.*s", STR_ARG(branch)).at;
}
