/* inside.c — see inside.h. */
#include "tests/property/inside.h"

#include "common/file.h"
#include "common/text.h"
#include "runtime/merge.h"
#include "runtime/visible.h"
#include "schedule/image.h"
#include "tests/property/agents.h"
#include "tests/property/orders.h"
#include "tests/property/overlaps.h"
#include "tests/unit/test.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

enum { MENDS_MOST = 40 };

bool inside_check(struct inside *in, bool holds, const char *what, ...)
{
	va_list args;
	char text[2048];
	struct text shown = { 0 };
	in->tally->checks++;
	if (holds)
		return true;
	in->tally->wrong++;
	va_start(args, what);
	vsnprintf(text, sizeof text, what, args);
	va_end(args);
	visible_add(&shown, str_from(text), true);
	printf("seed %llu: %s\n", (unsigned long long)in->seed, shown.at);
	text_release(&shown);
	printf("    alone: build/tests/property/property --seed %llu --keep\n",
	       (unsigned long long)in->seed);
	fflush(stdout);
	return false;
}

bool inside_world(struct inside *in, bool good, const struct fail *fail)
{
	return inside_check(in, good, "%s", good ? "" : fail->text);
}

/* --- the plan --- */

static bool compile(struct inside *in, struct arena *arena, const struct plans *plans, bool apart,
		    struct compile *c)
{
	struct fail fail;
	const char *path = arena_format(arena, "%s/plan.orch", in->folder).at;
	char *text = plans_text(plans, apart ? PLANS_APART : PLANS_FREE, "/bin/true", "x");
	bool good = file_write(path, str_from(text), 0600, &fail) &&
		    compile_plan(arena, path, NULL, c, &fail);
	free(text);
	inside_world(in, good, &fail);
	return good;
}

bool inside_unproved(struct inside *in, struct arena *arena, const struct plans *plans,
		     struct schedule **schedule)
{
	struct compile c;
	if (!compile(in, arena, plans, true, &c) ||
	    !inside_check(in, c.schedule != NULL, "a plan without any overlap was refused"))
		return false;
	*schedule = c.schedule;
	for (size_t i = 0; i < c.schedule->agent_n; i++) {
		struct schedule_agent *to = &c.schedule->agent[i];
		const struct plans_agent *from = &plans->agent[plans_find(plans, to->name)];
		to->owns = (struct str_list){ ARENA_MANY(arena, from->pattern_n, struct str),
					      from->pattern_n };
		for (size_t k = 0; k < from->pattern_n; k++)
			to->owns.at[k] = arena_copy(arena, str_from(from->pattern[k].text));
	}
	return true;
}

/* Is the schedule what the plan means? */
static bool check_schedule(struct inside *in)
{
	const struct schedule *s = in->schedule;
	size_t n = in->plans.agent_n;
	if (!inside_check(in, s->agent_n == n, "the schedule has other agents"))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		size_t mine = plans_find(&in->plans, s->agent[i].name);
		if (!inside_check(in, mine < n, "an agent that nobody declared"))
			return false;
		in->of[mine] = i;
		in->plan_of[i] = (uint32_t)mine;
	}
	for (size_t i = 0; i < n; i++) {
		const struct plans_agent *it = &in->plans.agent[i];
		const struct schedule_agent *agent = &s->agent[in->of[i]];
		struct index_list before = schedule_ancestors(&in->arena, s, in->of[i]);
		uint32_t got = 0;
		bool owned = agent->owns.n + agent->creates.n == it->pattern_n;
		for (size_t k = 0; k < before.n; k++)
			got |= 1u << in->plan_of[before.at[k]];
		inside_check(in, got == it->before, "%s comes after others than the plan says",
			     it->name);
		for (size_t k = 0; k < it->pattern_n && owned; k++) {
			struct str_list list = it->pattern[k].creates ? agent->creates
								      : agent->owns;
			owned = false;
			for (size_t j = 0; j < list.n; j++)
				owned |= str_is(list.at[j], it->pattern[k].text);
		}
		inside_check(in, owned, "%s owns something else than the plan says", it->name);
	}
	return true;
}

static bool only_overlaps(struct inside *in, const struct compile *c)
{
	for (size_t i = 0; i < c->diags.list.n; i++) {
		const struct diag *diag = &c->diags.list.at[i];
		if (diag->code != DIAG_OVERLAP && c->diags.errors &&
		    !inside_check(in, diag->code >= DIAG_HIDDEN_CHARACTER,
				  "the plan is refused for another reason: %.*s",
				  STR_ARG(diag->message)))
			return false;
	}
	return true;
}

/* The compiler's word, and by trying. */
static bool settle(struct inside *in)
{
	for (int i = 0; i < MENDS_MOST; i++) {
		size_t a, b;
		const char *path;
		bool clash = plans_clash(&in->plans, &a, &b, &path);
		if (!compile(in, &in->arena, &in->plans, false, &in->compile) ||
		    !only_overlaps(in, &in->compile))
			return false;
		in->tally->plans++;
		if (in->compile.schedule) {
			in->tally->accepted++;
			in->tally->mended += in->plans.mended != 0;
			return inside_check(in, !clash,
					    "the plan was accepted, and w%zu and w%zu both own %s",
					    a, b, clash ? path : "");
		}
		in->tally->rejected++;
		if (!overlaps_show(in, &in->compile, &a, &b))
			return false;
		plans_mend(&in->plans, a, b);
		/* Enough of this one: what we can see ourselves is mended, too. */
		while (i && plans_clash(&in->plans, &b, &a, &path))
			plans_mend(&in->plans, a, b);
	}
	return inside_check(in, false, "the plan cannot be mended");
}

/* --- the repository --- */

static bool run(struct inside *in, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool run(struct inside *in, const char *format, ...)
{
	char line[8192];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	return inside_check(in, system(line) == 0, "%s", line);
}

bool inside_import(struct inside *in, struct str script)
{
	struct fail fail;
	const char *path = arena_format(&in->arena, "%s/script", in->folder).at;
	inside_world(in, file_write(path, script, 0600, &fail), &fail);
	return run(in, "git -C '%s' fast-import --quiet --force <'%s'", in->root, path);
}

struct oid inside_ref(struct inside *in, const char *name)
{
	struct oid id = { "" };
	struct str bytes;
	struct fail fail;
	const char *path = arena_format(&in->arena, "%s/.git/%s", in->root, name).at;
	if (file_read(&in->arena, path, 100, &bytes, &fail) && bytes.n >= 40)
		memcpy(id.hex, bytes.at, 40);
	return id;
}

static bool make_repository(struct inside *in, const char *scratch)
{
	struct fail fail = { "git" };
	bool good =
		run(in,
		    "cd '%s' && { [ -d template ] || { git init -q -b main template && cd template && "
		    "git config user.name tester && git config user.email tester@localhost && cd ..; }; } && "
		    "mkdir '%s' && cp -r template '%s'",
		    scratch, in->folder, in->root) &&
		repo_open(in->root, &in->repo, &fail);
	if (good)
		oracle_open(&in->oracle, in->root);
	return inside_check(in, good, "no repository: %s", fail.text);
}

static bool make_base(struct inside *in)
{
	struct str script;
	in->base_model = plans_base(&in->arena, &in->plans, &script);
	if (!inside_import(in, script) || !run(in, "git -C '%s' reset -q --hard main", in->root))
		return false;
	in->base = inside_ref(in, "refs/heads/main");
	struct model got = oracle_tree(&in->oracle, &in->arena, in->base);
	return inside_check(in, model_equal(&got, &in->base_model), "the base is another");
}

struct oid inside_commit(struct inside *in, struct oid tree, const struct oid *parents, size_t n)
{
	struct oid commit = { "" };
	struct fail fail;
	inside_world(in,
		     repo_commit_write(in->repo,
				       &(struct repo_commit){ .tree = tree,
							      .parents = parents,
							      .parent_n = n,
							      .message = "a result\n",
							      .time = INSIDE_TIME },
				       &commit, &fail),
		     &fail);
	return commit;
}

bool inside_begin(struct inside *in, struct tally *tally, uint64_t seed, const char *scratch)
{
	*in = (struct inside){ .tally = tally, .seed = seed };
	in->folder = arena_format(&in->arena, "%s/%llu", scratch, (unsigned long long)seed).at;
	in->root = arena_format(&in->arena, "%s/r", in->folder).at;
	plans_make(&in->arena, seed, &in->plans);
	in->of = ARENA_MANY(&in->arena, PLANS_AGENTS, uint32_t);
	in->plan_of = ARENA_MANY(&in->arena, PLANS_AGENTS, uint32_t);
	if (!make_repository(in, scratch) || !settle(in))
		return false;
	in->schedule = in->compile.schedule;
	return check_schedule(in) && make_base(in);
}

void inside_end(struct inside *in)
{
	oracle_close(&in->oracle);
	in->tally->git_merges += in->oracle.merged;
	repo_close(in->repo);
	arena_release(&in->arena);
}

/* --- an agent --- */

static struct tree_orders orders_for(struct inside *in, size_t agent, int execution)
{
	const struct schedule_agent *it = &in->schedule->agent[in->of[agent]];
	struct arena *arena = &in->arena;
	return (struct tree_orders){
		.work_dir = arena_format(arena, "%s/%d/trees/%s", in->folder, execution,
					 in->plans.agent[agent].name)
				    .at,
		.git_dir = arena_format(arena, "%s/%d/git/%s", in->folder, execution,
					in->plans.agent[agent].name)
				   .at,
		.manifest = arena_format(arena, "%s/%d/%s.manifest", in->folder, execution,
					 in->plans.agent[agent].name)
				    .at,
		.decoded = in->seed % 2 ? arena_format(arena, "%s/contents", in->folder).at : NULL,
		.lock = arena_format(arena, "%s/lock", in->folder).at,
		.branch = arena_copy(arena, it->branch).at,
		.isolation = it->isolation,
		.commit = in->agent[agent].start,
	};
}

/* The start as it has to be: the base, and what each that comes before has changed. */
static struct model expected_start(struct inside *in, size_t agent)
{
	struct model model = in->base_model;
	for (size_t a = 0; a < agent; a++) {
		struct str clash;
		if (!(in->plans.agent[agent].before >> a & 1))
			continue;
		struct model_changes changes = model_diff(&in->arena, &in->agent[a].start_model,
							  &in->agent[a].result_model);
		inside_check(in, model_apply(&in->arena, &model, &changes, &clash),
			     "%s cannot start: what it comes after clashes at %s",
			     in->plans.agent[agent].name, clash.at);
	}
	return model;
}

/* The same by git: the results merged into the base, one after the other. */
static void check_start_by_git(struct inside *in, size_t agent)
{
	struct oid at = in->base, tree = oracle_tree_of(&in->oracle, in->base);
	for (size_t a = 0; a < agent; a++) {
		if (!(in->plans.agent[agent].before >> a & 1))
			continue;
		if (!inside_check(in, oracle_merge(&in->oracle, at, in->agent[a].result, &tree),
				  "git has a conflict in the start of %s",
				  in->plans.agent[agent].name))
			return;
		at = inside_commit(in, tree, (struct oid[]){ at, in->agent[a].result }, 2);
	}
	inside_check(in, oid_equal(tree, oracle_tree_of(&in->oracle, in->agent[agent].start)),
		     "git has another start for %s", in->plans.agent[agent].name);
	in->tally->starts++;
}

static bool make_start(struct inside *in, size_t agent, struct oid *commit)
{
	struct oid *start = ARENA_MANY(&in->arena, PLANS_AGENTS, struct oid),
		   *result = ARENA_MANY(&in->arena, PLANS_AGENTS, struct oid);
	struct str conflict;
	struct fail fail;
	for (size_t a = 0; a < in->plans.agent_n; a++) {
		start[in->of[a]] = in->agent[a].start;
		result[in->of[a]] = in->agent[a].result;
	}
	bool good = merge_start(&in->arena, in->repo, in->schedule, in->of[agent], in->base, start,
				result, commit, &conflict, &fail);
	inside_world(in, good, &fail);
	return good && inside_check(in, !conflict.n, "a conflict in the start of %s: %.*s",
				    in->plans.agent[agent].name, STR_ARG(conflict));
}

static bool path_is_in(const struct model_changes *changes, struct str path)
{
	for (size_t i = 0; i < changes->list.n; i++)
		if (str_equal(changes->list.at[i].path, path))
			return true;
	return false;
}

/* What entered the result is owned, and is what lies on the disk. */
static void check_entered(struct inside *in, size_t agent, const struct oracle_walk *walk,
			  const struct model *result)
{
	struct inside_agent *it = &in->agent[agent];
	struct model_changes entered = model_diff(&in->arena, &it->start_model, result);
	for (size_t i = 0; i < entered.list.n; i++) {
		const struct model_change *change = &entered.list.at[i];
		const struct model_file *disk = model_find(&walk->disk, change->path);
		inside_check(in, plans_owns(&in->plans.agent[agent], change->path.at),
			     "%.*s entered the result of %s, which does not own it",
			     STR_ARG(change->path), in->plans.agent[agent].name);
		if (!walk->unsure)
			inside_check(in,
				     disk ? disk->mode == change->after.mode &&
						     disk->content == change->after.content
					  : !change->after.mode,
				     "%.*s in the result of %s is not what lies on the disk",
				     STR_ARG(change->path), in->plans.agent[agent].name);
	}
}

struct verdict {
	struct model_changes strays;
	bool refused, empty, creates; /* creates: one is missing */
};

static struct verdict judge(struct inside *in, size_t agent, const struct oracle_walk *walk,
			    const struct model *result)
{
	const struct plans_agent *me = &in->plans.agent[agent];
	struct inside_agent *it = &in->agent[agent];
	struct model_changes changes = model_diff(&in->arena, &it->start_model, &walk->disk);
	struct verdict verdict = { .refused = walk->refused.n != 0,
				   .empty = model_equal(&it->start_model, result) };
	for (size_t i = 0; i < changes.list.n; i++) {
		struct model_change *change = &changes.list.at[i];
		if (change->before.mode == 0160000)
			verdict.refused = true;
		else if (!plans_owns(me, change->path.at))
			*VEC_ADD(&in->arena, &verdict.strays.list) = *change;
	}
	for (size_t k = 0; k < me->pattern_n; k++) {
		bool there = !me->pattern[k].creates;
		for (size_t i = 0; i < result->files.n && !there; i++) {
			struct plans_agent one = { .pattern_n = 1 };
			one.pattern[0] = me->pattern[k];
			there = plans_owns(&one, result->files.at[i].path.at);
		}
		verdict.creates |= !there;
	}
	return verdict;
}

/* The gate's word against ours. */
static void check_gate(struct inside *in, size_t agent, const struct oracle_walk *walk,
		       const struct gate *gate, const struct model *result)
{
	const char *name = in->plans.agent[agent].name;
	struct verdict verdict = judge(in, agent, walk, result);
	size_t kinds[5] = { 0 };
	for (size_t i = 0; i < gate->n; i++) {
		kinds[gate->at[i].kind]++;
		in->tally->findings[gate->at[i].kind]++;
		if (gate->at[i].kind == GATE_STRAY && !walk->unsure && !verdict.refused)
			inside_check(in, path_is_in(&verdict.strays, gate->at[i].path),
				     "%s is blamed for %.*s, which it did not change or owns", name,
				     STR_ARG(gate->at[i].path));
	}
	if (walk->unsure)
		return;
	inside_check(in, !verdict.strays.list.n || kinds[GATE_STRAY] + kinds[GATE_REFUSED],
		     "%s changed what it does not own, and nothing was said", name);
	if (!verdict.refused)
		inside_check(in, verdict.strays.list.n == kinds[GATE_STRAY],
			     "%s strayed at %zu paths, and %zu were said", name,
			     verdict.strays.list.n, kinds[GATE_STRAY]);
	inside_check(in, !verdict.refused || kinds[GATE_REFUSED],
		     "%s left behind what no result can have, and nothing was said", name);
	inside_check(in, verdict.refused || verdict.strays.list.n || !kinds[GATE_REFUSED],
		     "%s is refused for nothing", name);
	inside_check(in, verdict.empty || verdict.creates == (kinds[GATE_CREATES] != 0),
		     "what %s was to create: the gate and we differ", name);
	inside_check(in, gate->n || !verdict.empty, "%s did nothing and passed", name);
	if (!gate->n)
		inside_check(in, model_equal(result, &walk->disk),
			     "%s passed, and its result is not what lies in its tree", name);
}

static bool take_result(struct inside *in, size_t agent, const struct tree_orders *orders)
{
	struct inside_agent *it = &in->agent[agent];
	struct harvest harvest;
	struct gate gate;
	struct fail fail;
	struct oracle_walk walk = oracle_look(&in->oracle, &in->arena, orders->work_dir,
					      &it->start_model, plans_names,
					      &in->plans.agent[agent]);
	bool good = harvest_take(&in->arena, in->repo, in->schedule, in->of[agent], orders,
				 &harvest, &fail);
	inside_world(in, good, &fail);
	if (!good)
		return false;
	gate_judge(&in->arena, in->schedule, in->of[agent], &harvest, &gate);
	struct model result = oracle_tree(&in->oracle, &in->arena, harvest.tree);
	check_entered(in, agent, &walk, &result);
	check_gate(in, agent, &walk, &gate, &result);
	it->passed = !gate.n;
	it->result_model = result;
	it->disk = walk.disk;
	if (it->passed)
		it->result = inside_commit(in, harvest.tree, &it->start, 1);
	in->tally->passed += it->passed;
	return true;
}

static bool run_agent(struct inside *in, size_t agent, int execution)
{
	struct inside_agent *it = &in->agent[agent];
	struct fail fail;
	char here[1024];
	for (size_t a = 0; a < agent; a++)
		if ((in->plans.agent[agent].before >> a & 1) && !in->agent[a].passed) {
			in->tally->skipped++;
			return true;
		}
	if (!make_start(in, agent, &it->start))
		return false;
	it->start_model = oracle_tree(&in->oracle, &in->arena, it->start);
	struct model want = expected_start(in, agent);
	inside_check(in, model_equal(&it->start_model, &want),
		     "%s does not start from the base and what it comes after",
		     in->plans.agent[agent].name);
	if (in->plans.agent[agent].before && in->seed % 2 == 0)
		check_start_by_git(in, agent);
	struct tree_orders orders = orders_for(in, agent, execution);
	bool good = tree_prepare(in->repo, &orders, &fail);
	inside_world(in, good, &fail);
	if (!good || !getcwd(here, sizeof here) || chdir(orders.work_dir))
		return false;
	struct oracle_walk fresh = oracle_look(&in->oracle, &in->arena, orders.work_dir,
					       &it->start_model, plans_names,
					       &in->plans.agent[agent]);
	inside_check(in, model_equal(&fresh.disk, &it->start_model) && !fresh.refused.n,
		     "what %s finds in its tree is not its start", in->plans.agent[agent].name);
	it->ran = true;
	in->tally->agents++;
	in->tally->worktrees += in->plans.agent[agent].worktree;
	in->tally->deeds += agents_act(&in->plans, agent);
	if (chdir(here) || !take_result(in, agent, &orders))
		return false;
	/* Its branch is the main repository's, which the next execution makes again. */
	if (orders.isolation == SCHEDULE_WORKTREE) {
		good = tree_remove(in->repo, &orders, &fail);
		inside_world(in, good, &fail);
	}
	return good;
}

/* All agents, in an order that is `turn` of those that the plan allows. */
static bool execute(struct inside *in, int execution, uint64_t *random)
{
	uint32_t done = 0;
	for (size_t n = 0; n < in->plans.agent_n;) {
		size_t a = (size_t)(test_random(random) % in->plans.agent_n);
		if ((done >> a & 1) || (in->plans.agent[a].before & ~done))
			continue;
		if (!run_agent(in, a, execution))
			return false;
		done |= 1u << a;
		n++;
	}
	return true;
}

/* --- all of it --- */

static void note_shape(struct inside *in)
{
	for (size_t a = 0; a < in->plans.agent_n; a++)
		for (size_t b = 0; b < a; b++) {
			in->tally->pairs++;
			in->tally->beside += !plans_ordered(&in->plans, a, b);
		}
}

/* Everything a second time, in another order: the same commits come of it. */
static void run_again(struct inside *in, uint64_t *random)
{
	struct inside_agent first[PLANS_AGENTS];
	memcpy(first, in->agent, sizeof first);
	memset(in->agent, 0, sizeof in->agent);
	in->tally->again++;
	if (!execute(in, 2, random))
		return;
	for (size_t a = 0; a < in->plans.agent_n; a++)
		inside_check(in,
			     first[a].passed == in->agent[a].passed &&
				     oid_equal(first[a].start, in->agent[a].start) &&
				     oid_equal(first[a].result, in->agent[a].result),
			     "%s came to something else when agents ran in another order",
			     in->plans.agent[a].name);
}

void inside_run(struct inside *in)
{
	uint64_t random = in->seed * 7919 + 12345;
	uint64_t users = oracle_users(&in->oracle);
	note_shape(in);
	if (!execute(in, 1, &random))
		return;
	orders_check(in, &random);
	/* Starts do not depend on when they are made. */
	for (size_t a = 0; a < in->plans.agent_n; a++) {
		struct oid commit;
		if (in->agent[a].ran && make_start(in, a, &commit))
			inside_check(in, oid_equal(commit, in->agent[a].start),
				     "%s starts elsewhere later", in->plans.agent[a].name);
	}
	if (in->seed % 5 == 0)
		run_again(in, &random);
	inside_check(in, users == oracle_users(&in->oracle), "something of the user's was touched");
}
