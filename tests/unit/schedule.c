/* schedule.c — strands, orders and who comes after whom; the table of instructions and of
 * fields. */
#include "schedule/schedule.h"

#include "schedule/field.h"
#include "schedule/simulate.h"
#include "tests/lib/schedules.h"

#include <string.h>

static void test_instructions(void)
{
	bool found = true;
	for (unsigned i = 0; i < OP_COUNT; i++) {
		enum op op = OP_COUNT;
		found &= op_find(str_from(op_info((enum op)i)->name), &op) && op == (enum op)i;
	}
	enum op op;
	CHECK(found, "each instruction is found by its name");
	CHECK(!op_find(STR("prepar"), &op) && !op_find(STR(""), &op), "no other name is one");
}

static void test_fields(void)
{
	struct schedule_agent agent = { .retry = 3, .name = STR("x") };
	const struct field_record *record = field_record(FIELD_TABLE_AGENT);
	bool seen = false;
	for (size_t i = 0; i < record->n; i++)
		if (!strcmp(record->field[i].name, "retry"))
			seen = *(uint32_t *)field_at(&record->field[i], &agent) == 3;
	CHECK(seen, "a field is found where it lies");
	CHECK(str_is(*(struct str *)field_at(&record->field[0], &agent), "x"), "the name is first");
}

static struct str strand_text(struct arena *arena, const struct schedule *s, struct code code)
{
	struct str text = STR("");
	for (size_t i = 0; i < code.n; i++) {
		const struct op_info *info = op_info(code.at[i].op);
		text = info->operand == OP_OPERAND_NONE
			       ? arena_format(arena, "%.*s%s ", STR_ARG(text), info->name)
		       : info->operand == OP_OPERAND_STRING
			       ? arena_format(arena, "%.*s%s:%.*s ", STR_ARG(text), info->name,
					      STR_ARG(s->strings.at[code.at[i].operand]))
			       : arena_format(arena, "%.*s%s:%u ", STR_ARG(text), info->name,
					      code.at[i].operand);
	}
	return text;
}

static void test_lower(void)
{
	struct arena arena = { 0 };
	struct str copies[] = { STR(".env"), STR("conf") }, links[] = { STR("conf") };
	uint32_t setup[] = { 2, 1 }, tests[] = { 0 }, first = 0;
	struct schedule_agent agents[] = { { .estimate = 5 },
					   { .estimate = 9 },
					   { .after = { &first, 1 }, .estimate = 7 } };
	struct schedule s = { .agent = agents, .agent_n = 3 };
	struct schedule_work work[] = {
		{ { copies, 2 }, { links, 1 }, { setup, 2 }, { tests, 1 } },
		{ .copy = { links, 1 } },
		{ { 0 } },
	};
	uint32_t merge_order[] = { 1, 0, 2 };
	schedule_lower(&arena, &s, work, merge_order, (struct index_list){ setup, 2 });
	CHECK(str_is(strand_text(&arena, &s, agents[0].code),
		     "prepare copy:.env copy:conf link:conf setup:2 setup:1 launch harvest gate check:0 record "),
	      "the strand of an agent with everything");
	CHECK(str_is(strand_text(&arena, &s, agents[1].code),
		     "prepare copy:conf launch harvest gate record "),
	      "the strand of another");
	CHECK(str_is(strand_text(&arena, &s, agents[2].code),
		     "prepare launch harvest gate record "),
	      "the strand of one with nothing");
	CHECK(str_is(strand_text(&arena, &s, s.plan.code),
		     "submit:0 submit:1 submit:2 await:1 merge:1 test:2 test:1 advance:1 await:0 merge:0 test:2 test:1 "
		     "advance:0 await:2 merge:2 test:2 test:1 advance:2 land "),
	      "the plan's strand: the longest remaining path first, then the order of merging");
	CHECK(s.strings.n == 2, "each operand is there once");
	arena_release(&arena);
}

static bool meets(enum schedule_order order, const char *goal, const char *number)
{
	return schedule_meets_goal(
		&(struct schedule_metric){ .order = order, .goal = str_from(goal) },
		str_from(number));
}

static void test_goals(void)
{
	static const char *const are[] = { "0", "12", "-3", "+4", "1.50", "0.001", "1e3", "2.5E-7", "1e+9",
					   "123456789012345678901234567890" };
	static const char *const are_not[] = { "", "-", ".5", "5.", "1e", "1e+", "1.2.3", "0x10", "nan", "inf",
					       " 1", "1 ", "1,5", "1_000", "--1", "1234567890123456789012345678901" };
	for (size_t i = 0; i < sizeof are / sizeof *are; i++)
		CHECK(schedule_is_decimal(str_from(are[i])), are[i]);
	for (size_t i = 0; i < sizeof are_not / sizeof *are_not; i++)
		CHECK(!schedule_is_decimal(str_from(are_not[i])), "no decimal number");
	CHECK(meets(SCHEDULE_ORDER_AT_MOST, "40", "40.0") && !meets(SCHEDULE_ORDER_AT_MOST, "40", "40.01"),
	      "at most");
	CHECK(meets(SCHEDULE_ORDER_AT_LEAST, "0.1", "1e-1") && !meets(SCHEDULE_ORDER_AT_LEAST, "2", "-3"),
	      "at least");
	CHECK(meets(SCHEDULE_ORDER_BELOW, "5", "4.9") && !meets(SCHEDULE_ORDER_BELOW, "5", "5"), "below");
	CHECK(meets(SCHEDULE_ORDER_ABOVE, "5", "5.1") && !meets(SCHEDULE_ORDER_ABOVE, "5", "5"), "above");
	CHECK(meets(SCHEDULE_ORDER_NONE, "", "7"), "no goal");
}

static bool comes_before(const struct schedule *s, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < s->agent[b].after.n; i++)
		if (s->agent[b].after.at[i] == a || comes_before(s, a, s->agent[b].after.at[i]))
			return true;
	return false;
}

static bool contains(struct index_list list, uint32_t index)
{
	for (size_t i = 0; i < list.n; i++)
		if (list.at[i] == index)
			return true;
	return false;
}

static bool ascends(struct index_list list)
{
	for (size_t i = 1; i < list.n; i++)
		if (list.at[i - 1] >= list.at[i])
			return false;
	return true;
}

static void test_relations(void)
{
	bool before = true, after = true, order = true;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct arena arena = { 0 };
		struct schedule *s = schedules_make(&arena, seed, 12);
		for (uint32_t a = 0; a < s->agent_n; a++) {
			struct index_list ancestors = schedule_ancestors(&arena, s, a);
			struct index_list dependents = schedule_dependents(&arena, s, a);
			order &= ascends(ancestors) && ascends(dependents);
			for (uint32_t b = 0; b < s->agent_n; b++) {
				before &= contains(ancestors, b) == comes_before(s, b, a);
				after &= contains(dependents, b) == comes_before(s, a, b);
			}
			order &= schedule_find_agent(s, s->agent[a].name) == a;
		}
		arena_release(&arena);
	}
	CHECK(before, "ancestors are all that come before");
	CHECK(after, "dependents are all that come after");
	CHECK(order, "in ascending order, and found by name");
	CHECK(schedule_find_agent(&(struct schedule){ 0 }, STR("x")) == SCHEDULE_NONE,
	      "nobody of that name");
}

int main(void)
{
	test_instructions();
	test_fields();
	test_lower();
	test_goals();
	test_relations();
	return test_end();
}
