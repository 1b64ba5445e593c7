/* reuse.c — see reuse.h. */
#include "runtime/reuse.h"

#include "common/vec.h"
#include "runtime/attempt.h"
#include "runtime/prompt.h"
#include "runtime/state.h"

enum { LOOK_BACK = 20 }; /* runs of the plan */

struct earlier {
	int64_t id;
	struct schedule *schedule;
	struct machine_memory *memory; /* by agent */
};
struct reuse {
	struct run *run;
	bool read;
	VEC(struct earlier) runs; /* the last one first */
};

struct reuse *reuse_open(struct run *run)
{
	struct reuse *reuse = ARENA_NEW(&run->arena, struct reuse);
	reuse->run = run;
	return reuse;
}

/* A run whose schedule is gone, or of another version, is none that anything can be taken from. */
static bool read_run(struct reuse *reuse, const struct store_run *row, struct fail *fail)
{
	struct run *run = reuse->run;
	struct earlier earlier = { .id = row->id };
	struct machine_strand strand;
	struct fail unreadable;
	if (!attempt_schedule(&run->arena, place_run(&run->arena, run->root, row->id),
			      &earlier.schedule, &unreadable))
		return true;
	if (!store_memory(run->store, &run->arena, row->id, earlier.schedule->agent_n,
			  &earlier.memory, &strand, fail))
		return false;
	*VEC_ADD(&run->arena, &reuse->runs) = earlier;
	return true;
}

static bool read_runs(struct reuse *reuse, struct fail *fail)
{
	struct run *run = reuse->run;
	struct store_run *rows;
	size_t n;
	if (reuse->read)
		return true;
	reuse->read = true;
	if (!store_runs(run->store, &run->arena, &rows, &n, fail))
		return false;
	while (n-- > 0 && reuse->runs.n < LOOK_BACK)
		if (rows[n].id < run->row.id && str_equal(rows[n].plan, run->row.plan) &&
		    !read_run(reuse, &rows[n], fail))
			return false;
	return true;
}

static bool same_texts(struct str_list a, struct str_list b)
{
	bool same = a.n == b.n;
	for (size_t i = 0; same && i < a.n; i++)
		same = str_equal(a.at[i], b.at[i]);
	return same;
}

static bool same_runner(const struct schedule_runner *a, const struct schedule_runner *b)
{
	return same_texts(a->words, b->words) && a->prompt == b->prompt &&
	       same_texts(a->env, b->env) && same_texts(a->session, b->session);
}

static bool same_operand(const struct schedule *s, struct instruction at,
			 const struct schedule *then, struct instruction was)
{
	if (op_info(at.op)->operand == OP_OPERAND_STRING)
		return str_equal(s->strings.at[at.operand], then->strings.at[was.operand]);
	if (op_info(at.op)->operand != OP_OPERAND_COMMAND)
		return true;
	const struct schedule_command *a = &s->command[at.operand],
				      *b = &then->command[was.operand];
	return a->shell == b->shell && same_texts(a->words, b->words);
}

/* Do both strands have the same instructions of the kind? */
static bool same_steps(const struct schedule *s, struct code code, const struct schedule *then,
		       struct code was, enum op op)
{
	size_t i = 0, j = 0;
	for (;;) {
		while (i < code.n && code.at[i].op != op)
			i++;
		while (j < was.n && was.at[j].op != op)
			j++;
		if (i == code.n || j == was.n)
			return i == code.n && j == was.n;
		if (!same_operand(s, code.at[i++], then, was.at[j++]))
			return false;
	}
}

static bool told_the_same(const struct schedule *s, uint32_t agent, const struct schedule *then,
			  uint32_t was)
{
	struct text now = { 0 }, before = { 0 };
	prompt_write(s, agent, STR(""), &now);
	prompt_write(then, was, STR(""), &before);
	bool same = str_equal(text_str(&now), text_str(&before));
	text_release(&now);
	text_release(&before);
	return same;
}

const char *reuse_difference(const struct schedule *s, uint32_t agent, const struct schedule *then,
			     uint32_t agent_then)
{
	const struct schedule_agent *a = &s->agent[agent], *b = &then->agent[agent_then];
	if (!same_texts(a->owns, b->owns) || !same_texts(a->creates, b->creates))
		return "what it owns";
	if (!same_steps(s, a->code, then, b->code, OP_CHECK))
		return "its tests";
	if (!same_steps(s, a->code, then, b->code, OP_SETUP))
		return "its setup";
	if (!same_steps(s, a->code, then, b->code, OP_COPY) ||
	    !same_steps(s, a->code, then, b->code, OP_LINK))
		return "what is brought into its tree";
	if (!same_runner(&s->runner[a->runner], &then->runner[b->runner]))
		return "its runner";
	if (!same_texts(a->env, b->env))
		return "its environment";
	if (a->isolation != b->isolation || a->quiet != b->quiet)
		return "how it is held";
	return str_equal(a->prompt, b->prompt) && told_the_same(s, agent, then, agent_then)
		       ? NULL
		       : "its prompt";
}

/* Why a result did not stay in its run; NULL when it did. */
static const char *rejected(const struct machine_memory *memory)
{
	enum state state;
	if (!memory->state || !state_find(memory->state, &state))
		return "it was not kept";
	if (state == STATE_UNDONE)
		return "it was rolled back";
	return state == STATE_RECORDED || state == STATE_MERGING || state == STATE_MERGED
		       ? NULL
		       : "its result could not be merged";
}

static bool same_start(struct repo *repo, struct oid start, const struct machine_memory *memory,
		       bool *same, struct fail *fail)
{
	struct oid now, then;
	*same = false;
	if (!repo_there(repo, memory->start) || !repo_there(repo, memory->result))
		return true;
	if (!repo_commit_tree(repo, start, &now, fail) ||
	    !repo_commit_tree(repo, memory->start, &then, fail))
		return false;
	*same = oid_equal(now, then);
	return true;
}

bool reuse_look(struct reuse *reuse, uint32_t agent, struct oid start, struct world_reuse *found,
		struct fail *fail)
{
	struct run *run = reuse->run;
	struct str name = run->schedule->agent[agent].name;
	*found = (struct world_reuse){ .why = STR("no earlier run of the plan has a result of it") };
	bool said = false;
	if (!read_runs(reuse, fail))
		return false;
	for (size_t i = 0; i < reuse->runs.n; i++) {
		const struct earlier *earlier = &reuse->runs.at[i];
		uint32_t then = schedule_find_agent(earlier->schedule, name);
		bool same = false;
		if (then == SCHEDULE_NONE || oid_none(earlier->memory[then].result))
			continue;
		const char *what =
			reuse_difference(run->schedule, agent, earlier->schedule, then);
		if (!what && !same_start(run->repo, start, &earlier->memory[then], &same, fail))
			return false;
		const char *why = rejected(&earlier->memory[then]);
		if (same && why) {
			found->why = arena_format(&run->arena, "%s in run %lld", why,
						  (long long)earlier->id);
			return true;
		}
		if (same) {
			*found = (struct world_reuse){ .run = earlier->id,
						       .result = earlier->memory[then].result };
			return true;
		}
		if (!said)
			found->why = arena_format(&run->arena, "%s is not what it was in run %lld",
						  what ? what : "what it starts from",
						  (long long)earlier->id);
		said = true;
	}
	return true;
}
