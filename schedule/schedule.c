/* schedule.c — how instructions follow one another, and questions about who comes after whom. */
#include "schedule/schedule.h"

#include "common/fail.h"
#include "common/map.h"
#include "common/vec.h"
#include "schedule/simulate.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMAL_LONGEST = 30 };

/* The strings that instructions refer to, numbered in the order of their first use. */
struct operands {
	struct arena *arena;
	struct map number;
	VEC(struct str) list;
};

static uint32_t operand_of(struct operands *operands, struct str s)
{
	uint32_t *found = map_find(&operands->number, s);
	if (found)
		return *found;
	uint32_t number = (uint32_t)operands->list.n;
	*VEC_ADD(operands->arena, &operands->list) = s;
	map_add(operands->arena, &operands->number, s, number);
	return number;
}

static void emit(struct code *code, enum op op, uint32_t operand)
{
	code->at[code->n++] = (struct instruction){ op, operand };
}

static void emit_each(struct code *code, enum op op, struct index_list operands)
{
	for (size_t i = 0; i < operands.n; i++)
		emit(code, op, operands.at[i]);
}

static struct code agent_strand(struct operands *operands, const struct schedule_work *work)
{
	enum { ALWAYS = 5 };	/* prepare, launch, harvest, gate, record */
	size_t n = ALWAYS + work->copy.n + work->link.n + work->setup.n + work->tests.n;
	struct code code = { ARENA_MANY(operands->arena, n, struct instruction), 0 };
	emit(&code, OP_PREPARE, 0);
	for (size_t i = 0; i < work->copy.n; i++)
		emit(&code, OP_COPY, operand_of(operands, work->copy.at[i]));
	for (size_t i = 0; i < work->link.n; i++)
		emit(&code, OP_LINK, operand_of(operands, work->link.at[i]));
	emit_each(&code, OP_SETUP, work->setup);
	emit(&code, OP_LAUNCH, 0);
	emit(&code, OP_HARVEST, 0);
	emit(&code, OP_GATE, 0);
	emit_each(&code, OP_CHECK, work->tests);
	emit(&code, OP_RECORD, 0);
	BUG_IF(code.n != n, "a strand of another length than was counted");
	return code;
}

static struct code plan_strand(struct arena *arena, const struct schedule *s,
			       const uint32_t *submit_order, const uint32_t *merge_order,
			       struct index_list tests)
{
	enum { EACH = 4 };	/* submit, await, merge, advance */
	size_t agents = s->agent_n, n = agents * (EACH + tests.n) + 2 * s->metric_n + 1;
	struct code code = { ARENA_MANY(arena, n, struct instruction), 0 };
	for (size_t i = 0; i < s->metric_n; i++)
		emit(&code, OP_MEASURE, (uint32_t)i);
	for (size_t i = 0; i < agents; i++)
		emit(&code, OP_SUBMIT, submit_order[i]);
	for (size_t i = 0; i < agents; i++) {
		emit(&code, OP_AWAIT, merge_order[i]);
		emit(&code, OP_MERGE, merge_order[i]);
		emit_each(&code, OP_TEST, tests);
		emit(&code, OP_ADVANCE, merge_order[i]);
	}
	for (size_t i = 0; i < s->metric_n; i++)
		emit(&code, OP_MEASURE, (uint32_t)i);
	emit(&code, OP_LAND, 0);
	return code;
}

void schedule_strands(struct arena *arena, struct schedule *s, const struct schedule_work *by_agent,
		      const uint32_t *submit_order, const uint32_t *merge_order,
		      struct index_list plan_tests)
{
	struct operands operands = { arena };
	for (size_t i = 0; i < s->agent_n; i++)
		s->agent[i].code = agent_strand(&operands, &by_agent[i]);
	s->plan.code = plan_strand(arena, s, submit_order, merge_order, plan_tests);
	s->strings = (struct str_list){ operands.list.at, operands.list.n };
}

struct urgent {
	uint64_t remaining;
	uint32_t agent;
};

static int more_urgent(const void *a, const void *b)
{
	const struct urgent *x = a, *y = b;
	if (x->remaining != y->remaining)
		return x->remaining < y->remaining ? 1 : -1;
	return (x->agent > y->agent) - (x->agent < y->agent);
}

void schedule_lower(struct arena *arena, struct schedule *s, const struct schedule_work *by_agent,
		    const uint32_t *merge_order, struct index_list plan_tests)
{
	const uint64_t *remaining = simulate_remaining(arena, s);
	struct urgent *urgent = ARENA_MANY(arena, s->agent_n, struct urgent);
	uint32_t *order = ARENA_MANY(arena, s->agent_n, uint32_t);
	for (size_t i = 0; i < s->agent_n; i++)
		urgent[i] = (struct urgent){ remaining[i], (uint32_t)i };
	qsort(urgent, s->agent_n, sizeof *urgent, more_urgent);
	for (size_t i = 0; i < s->agent_n; i++)
		order[i] = urgent[i].agent;
	schedule_strands(arena, s, by_agent, order, merge_order, plan_tests);
}

const char *schedule_order_sign(uint32_t order)
{
	static const char *const signs[SCHEDULE_ORDER_COUNT] = { [SCHEDULE_ORDER_NONE] = "",
								 [SCHEDULE_ORDER_AT_MOST] = "<=",
								 [SCHEDULE_ORDER_AT_LEAST] = ">=",
								 [SCHEDULE_ORDER_BELOW] = "<",
								 [SCHEDULE_ORDER_ABOVE] = ">" };
	return signs[order];
}

static struct str digits(struct str s)
{
	size_t n = 0;
	while (n < s.n && s.at[n] >= '0' && s.at[n] <= '9')
		n++;
	return str_slice(s, n, s.n);
}

static struct str unsigned_part(struct str s)
{
	return s.n && (s.at[0] == '-' || s.at[0] == '+') ? str_slice(s, 1, s.n) : s;
}

bool schedule_is_decimal(struct str s)
{
	struct str whole = unsigned_part(s), rest = digits(whole);
	if (s.n > DECIMAL_LONGEST || rest.n == whole.n)
		return false;
	if (rest.n && rest.at[0] == '.') {
		struct str behind = str_slice(rest, 1, rest.n);
		rest = digits(behind);
		if (rest.n == behind.n)
			return false;
	}
	if (rest.n && (rest.at[0] == 'e' || rest.at[0] == 'E')) {
		struct str power = unsigned_part(str_slice(rest, 1, rest.n));
		rest = digits(power);
		if (rest.n == power.n)
			return false;
	}
	return !rest.n;
}

double schedule_decimal(struct str s)
{
	char text[DECIMAL_LONGEST + 1] = { 0 };
	BUG_IF(!schedule_is_decimal(s), "the value of what is no decimal number");
	memcpy(text, s.at, s.n);
	return strtod(text, NULL);
}

bool schedule_meets_goal(const struct schedule_metric *metric, struct str number)
{
	if (metric->order == SCHEDULE_ORDER_NONE)
		return true;
	double is = schedule_decimal(number), goal = schedule_decimal(metric->goal);
	switch (metric->order) {
	case SCHEDULE_ORDER_AT_MOST: return is <= goal;
	case SCHEDULE_ORDER_AT_LEAST: return is >= goal;
	case SCHEDULE_ORDER_BELOW: return is < goal;
	default: return is > goal;
	}
}

int schedule_signal(struct str name)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = { { "", SIGTERM },     { "TERM", SIGTERM }, { "INT", SIGINT },
			{ "HUP", SIGHUP },   { "QUIT", SIGQUIT }, { "USR1", SIGUSR1 },
			{ "USR2", SIGUSR2 } };
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (str_is(name, signals[i].name))
			return signals[i].number;
	return 0;
}

uint32_t schedule_find_agent(const struct schedule *s, struct str name)
{
	for (size_t i = 0; i < s->agent_n; i++)
		if (str_equal(s->agent[i].name, name))
			return (uint32_t)i;
	return SCHEDULE_NONE;
}

static struct index_list marked(struct arena *arena, const bool *mark, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += mark[i];
	struct index_list list = { ARENA_MANY(arena, count, uint32_t), 0 };
	for (size_t i = 0; i < n; i++)
		if (mark[i])
			list.at[list.n++] = (uint32_t)i;
	return list;
}

/* One pass suffices in both directions, since `after` leads to lower indices only. */
struct index_list schedule_ancestors(struct arena *arena, const struct schedule *s, uint32_t agent)
{
	bool *mark = ARENA_MANY(arena, s->agent_n, bool);
	mark[agent] = true;
	for (size_t i = agent + (size_t)1; i-- > 0;)
		for (size_t j = 0; mark[i] && j < s->agent[i].after.n; j++)
			mark[s->agent[i].after.at[j]] = true;
	mark[agent] = false;
	return marked(arena, mark, s->agent_n);
}

struct index_list schedule_dependents(struct arena *arena, const struct schedule *s, uint32_t agent)
{
	bool *mark = ARENA_MANY(arena, s->agent_n, bool);
	mark[agent] = true;
	for (size_t i = agent + (size_t)1; i < s->agent_n; i++)
		for (size_t j = 0; !mark[i] && j < s->agent[i].after.n; j++)
			mark[i] = mark[s->agent[i].after.at[j]];
	mark[agent] = false;
	return marked(arena, mark, s->agent_n);
}
