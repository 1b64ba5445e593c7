/* gc_refs.c — see gc_refs.h. Each ref by compare-and-swap from where it was when it was judged. */
#include "runtime/gc_refs.h"

#include "common/file.h"
#include "runtime/repo_checkout.h"

#include <string.h>

struct removal {
	struct arena *arena;
	struct run *run;
	const struct store_run *row;
	const struct schedule *schedule;
	struct oid tip; /* of the base branch */
	bool look;
	size_t removed, branches, stay;
};

static bool has_trees(struct removal *r)
{
	const char *folder = place_run(r->arena, r->run->root, r->row->id);
	for (size_t i = 0; i < r->schedule->agent_n; i++) {
		struct str name = r->schedule->agent[i].name;
		if (file_there(place_in(r->arena, folder,
					arena_format(r->arena, "trees/%.*s", STR_ARG(name)).at)) ||
		    file_there(place_in(r->arena, folder,
					arena_format(r->arena, "git/%.*s", STR_ARG(name)).at)))
			return true;
	}
	return false;
}

static bool drop(struct removal *r, const char *name, struct oid at, size_t *count,
		 struct fail *fail)
{
	bool moved = true;
	if (!r->look && !repo_ref_move(r->run->repo, name, at, (struct oid){ "" },
				       "orch: it has landed", &moved, fail))
		return false;
	*count += moved;
	return true;
}

/* The agents' branches first: their refs vouch for them. *stays by agent. */
static bool remove_branches(struct removal *r, bool *stays, struct fail *fail)
{
	for (size_t i = 0; i < r->schedule->agent_n; i++) {
		const struct schedule_agent *agent = &r->schedule->agent[i];
		const char *name = place_branch(r->arena, agent->branch);
		enum repo_checkout_place place;
		struct oid result, there;
		struct str linked;
		bool landed;
		if (!repo_ref_read(r->run->repo,
				   place_agent_ref(r->arena, r->row->id, "agents", agent->name),
				   &result, fail) ||
		    !repo_ref_read(r->run->repo, name, &there, fail))
			return false;
		stays[i] = !oid_none(there) && oid_equal(result, there);
		if (!stays[i])
			continue;
		if (!repo_checkout_find(r->run->repo, r->arena, name, &place, &linked, fail) ||
		    !repo_is_ancestor(r->run->repo, there, r->tip, &landed, fail))
			return false;
		stays[i] = !landed || place != REPO_CHECKOUT_NOWHERE;
		if (!stays[i] && !drop(r, name, there, &r->branches, fail))
			return false;
	}
	return true;
}

static bool is_vouching(struct removal *r, const bool *stays, struct str name)
{
	for (size_t i = 0; i < r->schedule->agent_n; i++)
		if (stays[i] && str_is(name, place_agent_ref(r->arena, r->row->id, "agents",
							     r->schedule->agent[i].name)))
			return true;
	return false;
}

static bool remove_refs(struct removal *r, const bool *stays, struct fail *fail)
{
	struct repo_ref *refs;
	size_t n;
	const char *prefix = place_ref(r->arena, r->row->id, "");
	if (!repo_ref_list(r->run->repo, r->arena, prefix, &refs, &n, fail))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool landed;
		if (!repo_is_ancestor(r->run->repo, refs[i].at, r->tip, &landed, fail))
			return false;
		if (!landed || is_vouching(r, stays, refs[i].name))
			r->stay++;
		else if (!drop(r, refs[i].name.at, refs[i].at, &r->removed, fail))
			return false;
	}
	return true;
}

bool gc_refs_remove(struct arena *arena, struct run *run, const struct store_run *row,
		    const struct schedule *schedule, bool look, size_t *removed, struct text *out,
		    struct fail *fail)
{
	struct removal r = {
		.arena = arena, .run = run, .row = row, .schedule = schedule, .look = look
	};
	bool *stays = ARENA_MANY(arena, schedule->agent_n + 1, bool);
	if (row->base_branch.n &&
	    !repo_ref_read(run->repo, arena_copy(arena, row->base_branch).at, &r.tip, fail))
		return false;
	if (oid_none(r.tip) || (!look && has_trees(&r))) {
		text_addf(out, "  kept         its refs: %s\n",
			  oid_none(r.tip) ? "there is no branch that could have their commits"
					  : "trees of it are still there");
		return true;
	}
	bool good = remove_branches(&r, stays, fail) && remove_refs(&r, stays, fail);
	*removed += r.removed + r.branches;
	if (r.removed || r.branches)
		text_addf(out,
			  "  %-12s %zu refs and %zu branches of agents: %.*s has their commits\n",
			  look ? "would remove" : "removed", r.removed, r.branches,
			  STR_ARG(str_slice(row->base_branch, strlen(PLACE_BRANCHES),
					    row->base_branch.n)));
	if (r.stay)
		text_addf(out, "  kept         %zu refs: only they lead to their commits\n",
			  r.stay);
	return good;
}
