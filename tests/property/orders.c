/* orders.c — see orders.h. */
#include "tests/property/orders.h"

#include "runtime/merge.h"
#include "tests/unit/test.h"

enum { FEW_ORDERS = 24, SOME_ORDERS = 8 };

struct ordering {
	struct inside *in;
	size_t wanted, made; /* how many are wanted, all of them if there are not more */
	uint32_t order[PLANS_AGENTS];
	bool by_git;
};

static struct oid merge_all(struct ordering *o, size_t n)
{
	struct inside *in = o->in;
	struct oid at = in->base, none = { "" };
	for (size_t i = 0; i < n; i++) {
		struct inside_agent *it = &in->agent[o->order[i]];
		struct str conflict;
		struct fail fail;
		bool good = merge_result(&in->arena, in->repo, in->schedule, in->of[o->order[i]],
					 at, it->start, it->result, INSIDE_TIME, &at, &conflict,
					 &fail);
		inside_world(in, good, &fail);
		in->tally->merges++;
		if (!good || !inside_check(in, !conflict.n, "a conflict at %.*s: %s is merged",
					   STR_ARG(conflict), in->plans.agent[o->order[i]].name))
			return none;
	}
	return oracle_tree_of(&in->oracle, at);
}

static struct oid merge_all_by_git(struct ordering *o, size_t n)
{
	struct inside *in = o->in;
	struct oid at = in->base, tree = oracle_tree_of(&in->oracle, at);
	for (size_t i = 0; i < n; i++) {
		struct oid result = in->agent[o->order[i]].result;
		if (!inside_check(in, oracle_merge(&in->oracle, at, result, &tree),
				  "git has a conflict when %s is merged",
				  in->plans.agent[o->order[i]].name))
			return (struct oid){ "" };
		at = inside_commit(in, tree, (struct oid[]){ at, result }, 2);
	}
	return tree;
}

static void try_order(struct ordering *o, size_t n)
{
	struct inside *in = o->in;
	struct oid tree = merge_all(o, n);
	if (!o->made++)
		in->final = tree;
	in->tally->orders++;
	inside_check(in, oid_equal(tree, in->final), "another order of merging, another tree");
	if (o->by_git)
		inside_check(in, oid_equal(merge_all_by_git(o, n), in->final),
			     "git merges to another tree");
}

static void extend(struct ordering *o, size_t n, uint32_t done)
{
	struct inside *in = o->in;
	bool last = true;
	for (uint32_t a = 0; a < in->plans.agent_n && o->made < o->wanted; a++) {
		if (!in->agent[a].passed || (done >> a & 1))
			continue;
		last = false;
		if (in->plans.agent[a].before & ~done)
			continue;
		o->order[n] = a;
		extend(o, n + 1, done | 1u << a);
	}
	if (last && o->made < o->wanted)
		try_order(o, n);
}

static void shuffle(struct ordering *o, uint64_t *random)
{
	struct inside *in = o->in;
	size_t n = 0, left = 0;
	uint32_t done = 0;
	for (size_t a = 0; a < in->plans.agent_n; a++)
		left += in->agent[a].passed;
	while (n < left) {
		uint32_t a = (uint32_t)(test_random(random) % in->plans.agent_n);
		if (!in->agent[a].passed || (done >> a & 1) || (in->plans.agent[a].before & ~done))
			continue;
		o->order[n++] = a;
		done |= 1u << a;
	}
	try_order(o, n);
}

/* In all orders when they are few; and some at random, of which git tries two. */
static void merge_in_orders(struct inside *in, uint64_t *random)
{
	struct ordering o = { .in = in, .wanted = FEW_ORDERS };
	extend(&o, 0, 0);
	for (int i = 0; i < SOME_ORDERS; i++) {
		o.by_git = i < 2;
		if (o.made >= FEW_ORDERS || o.by_git)
			shuffle(&o, random);
	}
}

/* --- what came of it --- */

static void check_final(struct inside *in)
{
	struct model model = oracle_tree(&in->oracle, &in->arena, in->final), want = in->base_model;
	for (size_t a = 0; a < in->plans.agent_n; a++) {
		struct str clash;
		if (!in->agent[a].passed)
			continue;
		struct model_changes changes = model_diff(&in->arena, &in->agent[a].start_model,
							  &in->agent[a].result_model);
		inside_check(in, model_apply(&in->arena, &want, &changes, &clash),
			     "path by path there is a clash at %s", clash.at);
	}
	inside_check(in, model_equal(&model, &want), "the end is not the sum of the results");
	struct model_changes all = model_diff(&in->arena, &in->base_model, &model);
	for (size_t i = 0; i < all.list.n; i++) {
		struct str path = all.list.at[i].path;
		const struct model_file *left = NULL;
		bool owned = false;
		for (size_t a = 0; a < in->plans.agent_n; a++)
			if (in->agent[a].passed && plans_owns(&in->plans.agent[a], path.at)) {
				owned = true;
				left = model_find(&in->agent[a].disk, path);
			}
		inside_check(in, owned, "%.*s is in the end, and nobody who passed owns it",
			     STR_ARG(path));
		inside_check(in,
			     left ? left->mode == all.list.at[i].after.mode &&
					     left->content == all.list.at[i].after.content
				  : !all.list.at[i].after.mode,
			     "%.*s is not what its last owner left", STR_ARG(path));
	}
}

void orders_check(struct inside *in, uint64_t *random)
{
	merge_in_orders(in, random);
	check_final(in);
}
