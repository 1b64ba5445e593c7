/* strand.c — see strand.h.
 *
 * From the instructions that are there it is gathered what they are to do (what to copy, which
 * tests, which order of merging); then the strands are written anew from that, and must come out
 * the same. So how instructions follow one another is known in one place only. */
#include "schedule/strand.h"

#include "common/text.h"
#include "common/vec.h"

#define REMEDY "; build it again from the plan"

struct strands {
	struct arena *arena;
	const struct schedule *schedule;
	struct fail *fail;
	struct schedule_work *work;	/* by agent */
	uint32_t *submitted, *merged;	/* the agents in these orders */
	struct index_list tests;
};

static size_t count_op(struct code code, enum op op)
{
	size_t count = 0;
	for (size_t i = 0; i < code.n; i++)
		count += code.at[i].op == op;
	return count;
}

static struct index_list operands_of(struct arena *arena, struct code code, enum op op)
{
	struct index_list list = { ARENA_MANY(arena, count_op(code, op), uint32_t), 0 };
	for (size_t i = 0; i < code.n; i++)
		if (code.at[i].op == op)
			list.at[list.n++] = code.at[i].operand;
	return list;
}

static struct str_list strings_of(struct strands *v, struct code code, enum op op)
{
	struct str_list list = { ARENA_MANY(v->arena, count_op(code, op), struct str), 0 };
	for (size_t i = 0; i < code.n; i++)
		if (code.at[i].op == op)
			list.at[list.n++] = v->schedule->strings.at[code.at[i].operand];
	return list;
}

static size_t operand_bound(const struct schedule *s, enum op_operand operand)
{
	switch (operand) {
	case OP_OPERAND_AGENT:
		return s->agent_n;
	case OP_OPERAND_COMMAND:
		return s->command_n;
	case OP_OPERAND_METRIC:
		return s->metric_n;
	case OP_OPERAND_STRING:
		return s->strings.n;
	case OP_OPERAND_NONE:
		break;
	}
	return 1;	/* 0 alone */
}

/* `whose` is "the plan" or "agent `x`". */
static bool check_code(struct strands *v, struct str whose, struct code code, enum op_strand strand)
{
	for (size_t i = 0; i < code.n; i++) {
		if ((unsigned)code.at[i].op >= OP_COUNT)
			return fail_set(v->fail,
					"%.*s: instruction %zu of its strand does not exist" REMEDY,
					STR_ARG(whose), i);
		const struct op_info *info = op_info(code.at[i].op);
		if (info->strand != strand)
			return fail_set(
				v->fail,
				"%.*s: instruction %zu of its strand is `%s`, which belongs to %s" REMEDY,
				STR_ARG(whose), i, info->name,
				strand == OP_STRAND_PLAN ? "agents" : "the plan");
		if (code.at[i].operand >= operand_bound(v->schedule, info->operand))
			return fail_set(
				v->fail,
				"%.*s: instruction %zu of its strand, `%s %u`, refers to what is not there" REMEDY,
				STR_ARG(whose), i, info->name, code.at[i].operand);
	}
	return true;
}

static struct str agent_called(struct strands *v, size_t agent)
{
	return arena_format(v->arena, "agent `%.*s`", STR_ARG(v->schedule->agent[agent].name));
}

static bool gather_agents(struct strands *v)
{
	const struct schedule *s = v->schedule;
	v->work = ARENA_MANY(v->arena, s->agent_n, struct schedule_work);
	for (size_t i = 0; i < s->agent_n; i++) {
		struct code code = s->agent[i].code;
		if (!check_code(v, agent_called(v, i), code, OP_STRAND_AGENT))
			return false;
		v->work[i] = (struct schedule_work){
			.copy = strings_of(v, code, OP_COPY),
			.link = strings_of(v, code, OP_LINK),
			.setup = operands_of(v->arena, code, OP_SETUP),
			.tests = operands_of(v->arena, code, OP_CHECK),
		};
	}
	return true;
}

/* The operands of `op`, which must be all agents, each once and after what it comes after. */
static bool gather_order(struct strands *v, enum op op, uint32_t **order)
{
	const struct schedule *s = v->schedule;
	const char *name = op_info(op)->name;
	struct index_list list = operands_of(v->arena, s->plan.code, op);
	bool *seen = ARENA_MANY(v->arena, s->agent_n, bool);
	for (size_t i = 0; i < list.n; i++) {
		const struct schedule_agent *agent = &s->agent[list.at[i]];
		if (seen[list.at[i]])
			return fail_set(v->fail, "agent `%.*s` has more than one `%s`" REMEDY,
					STR_ARG(agent->name), name);
		for (size_t j = 0; j < agent->after.n; j++)
			if (!seen[agent->after.at[j]])
				return fail_set(
					v->fail,
					"agent `%.*s` has its `%s` before `%.*s`, which it comes after" REMEDY,
					STR_ARG(agent->name), name,
					STR_ARG(s->agent[agent->after.at[j]].name));
		seen[list.at[i]] = true;
	}
	for (size_t i = 0; i < s->agent_n; i++)
		if (!seen[i])
			return fail_set(v->fail, "agent `%.*s` has no `%s`" REMEDY,
					STR_ARG(s->agent[i].name), name);
	*order = list.at;
	return true;
}

/* The tests after the first merge; those after the others must be the same. */
static struct index_list gather_tests(struct strands *v)
{
	struct code code = v->schedule->plan.code;
	size_t from = 0;
	while (from < code.n && code.at[from].op != OP_TEST)
		from++;
	size_t to = from;
	while (to < code.n && code.at[to].op == OP_TEST)
		to++;
	return operands_of(v->arena, (struct code){ from < to ? code.at + from : NULL, to - from },
			   OP_TEST);
}

static bool gather_plan(struct strands *v)
{
	const struct schedule *s = v->schedule;
	uint32_t *order;
	if (!check_code(v, STR("the plan"), s->plan.code, OP_STRAND_PLAN) ||
	    !gather_order(v, OP_SUBMIT, &v->submitted) || !gather_order(v, OP_AWAIT, &v->merged) ||
	    !gather_order(v, OP_MERGE, &order) || !gather_order(v, OP_ADVANCE, &order))
		return false;
	v->tests = gather_tests(v);
	/* Before strands are written anew, which takes memory for as many instructions. */
	if (s->plan.code.n != s->agent_n * (4 + v->tests.n) + 2 * s->metric_n + 1)
		return fail_set(
			v->fail,
			"the plan's strand has %zu instructions, not each of %zu metrics twice, the same "
			"tests after each of %zu merges and one `land`" REMEDY,
			s->plan.code.n, s->metric_n, s->agent_n);
	return true;
}

static struct str instruction_text(struct strands *v, struct instruction at)
{
	const struct op_info *info = op_info(at.op);
	if (info->operand == OP_OPERAND_NONE)
		return str_from(info->name);
	if (info->operand == OP_OPERAND_METRIC)
		return arena_format(v->arena, "%s %.*s", info->name,
				    STR_ARG(v->schedule->metric[at.operand].name));
	if (info->operand == OP_OPERAND_AGENT)
		return arena_format(v->arena, "%s %.*s", info->name,
				    STR_ARG(v->schedule->agent[at.operand].name));
	return arena_format(v->arena, "%s %u", info->name, at.operand);
}

static bool same_code(struct strands *v, struct str whose, struct code is, struct code ought)
{
	for (size_t i = 0; i < is.n && i < ought.n; i++)
		if (is.at[i].op != ought.at[i].op || is.at[i].operand != ought.at[i].operand)
			return fail_set(
				v->fail,
				"%.*s: instruction %zu of its strand is `%.*s`, where `%.*s` belongs" REMEDY,
				STR_ARG(whose), i, STR_ARG(instruction_text(v, is.at[i])),
				STR_ARG(instruction_text(v, ought.at[i])));
	if (is.n != ought.n)
		return fail_set(v->fail,
				"%.*s: its strand has %zu instructions, where %zu belong" REMEDY,
				STR_ARG(whose), is.n, ought.n);
	return true;
}

static bool same_strings(struct strands *v, struct str_list ought)
{
	struct str_list is = v->schedule->strings;
	for (size_t i = 0; i < is.n; i++)
		if (is.n != ought.n || !str_equal(is.at[i], ought.at[i]))
			return fail_set(
				v->fail,
				"the operands of `copy` and `link` are not each there once and "
				"in the order of their first use" REMEDY);
	return true;
}

bool strand_verify(struct arena *arena, const struct schedule *s, struct fail *fail)
{
	struct strands v = { arena, s, fail };
	if (!gather_agents(&v) || !gather_plan(&v))
		return false;
	struct schedule ought = *s;
	ought.agent = ARENA_MANY(arena, s->agent_n, struct schedule_agent);
	for (size_t i = 0; i < s->agent_n; i++)
		ought.agent[i] = s->agent[i];
	schedule_strands(arena, &ought, v.work, v.submitted, v.merged, v.tests);
	for (size_t i = 0; i < s->agent_n; i++)
		if (!same_code(&v, agent_called(&v, i), s->agent[i].code, ought.agent[i].code))
			return false;
	return same_code(&v, STR("the plan"), s->plan.code, ought.plan.code) &&
	       same_strings(&v, ought.strings);
}
