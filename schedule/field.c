/* field.c — see field.h. */
#include "schedule/field.h"

#include "common/fail.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORD(NAME, word) [SCHEDULE_##NAME] = word,
static const char *const prompt_words[] = { SCHEDULE_PROMPTS(WORD) };
static const char *const isolation_words[] = { SCHEDULE_ISOLATIONS(WORD) };
static const char *const sandbox_words[] = { SCHEDULE_SANDBOXES(WORD) };
static const char *const rule_words[] = { SCHEDULE_RULES(WORD) };
static const char *const order_words[] = { SCHEDULE_ORDERS(WORD) };
static const char *const sum_words[] = { SCHEDULE_SUMS(WORD) };

/* What follows the kind of a field: the words of a choice. */
#define KIND_STRING FIELD_STRING
#define KIND_STRINGS FIELD_STRINGS
#define KIND_NUMBER FIELD_NUMBER
#define KIND_SECONDS FIELD_SECONDS
#define KIND_FLAG FIELD_FLAG
#define KIND_COMMAND FIELD_COMMAND
#define KIND_POOL FIELD_POOL
#define KIND_RUNNER FIELD_RUNNER
#define KIND_POOLS FIELD_POOLS
#define KIND_AGENTS FIELD_AGENTS
#define KIND_CODE FIELD_CODE
#define KIND_CHOICE_PROMPT FIELD_CHOICE, .words = prompt_words, .word_n = COUNT(prompt_words)
#define KIND_CHOICE_ISOLATION \
	FIELD_CHOICE, .words = isolation_words, .word_n = COUNT(isolation_words)
#define KIND_CHOICE_SANDBOX FIELD_CHOICE, .words = sandbox_words, .word_n = COUNT(sandbox_words)
#define KIND_CHOICE_RULE FIELD_CHOICE, .words = rule_words, .word_n = COUNT(rule_words)
#define KIND_CHOICE_ORDER FIELD_CHOICE, .words = order_words, .word_n = COUNT(order_words)
#define KIND_CHOICE_SUM FIELD_CHOICE, .words = sum_words, .word_n = COUNT(sum_words)

#define AT(type, field_kind, field) \
	{ #field, .offset = offsetof(type, field), .kind = KIND_##field_kind },
#define PLAN_AT(kind, name) AT(struct schedule_plan, kind, name)
#define POOL_AT(kind, name) AT(struct schedule_pool, kind, name)
#define COMMAND_AT(kind, name) AT(struct schedule_command, kind, name)
#define METRIC_AT(kind, name) AT(struct schedule_metric, kind, name)
#define RUNNER_AT(kind, name) AT(struct schedule_runner, kind, name)
#define RULE_AT(kind, name) AT(struct schedule_rule, kind, name)
#define AGENT_AT(kind, name) AT(struct schedule_agent, kind, name)
static const struct field plan_fields[] = { SCHEDULE_PLAN(PLAN_AT) };
static const struct field pool_fields[] = { SCHEDULE_POOL(POOL_AT) };
static const struct field command_fields[] = { SCHEDULE_COMMAND(COMMAND_AT) };
static const struct field metric_fields[] = { SCHEDULE_METRIC(METRIC_AT) };
static const struct field runner_fields[] = { SCHEDULE_RUNNER(RUNNER_AT) };
static const struct field rule_fields[] = { SCHEDULE_RULE(RULE_AT) };
static const struct field agent_fields[] = { SCHEDULE_AGENT(AGENT_AT) };

#define RECORD(singular, named)                                         \
	{                                                               \
#singular, singular##_fields, COUNT(singular##_fields), \
			sizeof(struct schedule_##singular), named       \
	}
static const struct field_record records[FIELD_TABLE_COUNT] = {
	[FIELD_TABLE_PLAN] = RECORD(plan, true),
	[FIELD_TABLE_POOL] = RECORD(pool, true),
	[FIELD_TABLE_COMMAND] = RECORD(command, false),
	[FIELD_TABLE_METRIC] = RECORD(metric, true),
	[FIELD_TABLE_RUNNER] = RECORD(runner, true),
	[FIELD_TABLE_RULE] = RECORD(rule, false),
	[FIELD_TABLE_AGENT] = RECORD(agent, true),
};

const struct field_record *field_record(enum field_table table)
{
	BUG_IF((unsigned)table >= FIELD_TABLE_COUNT, "no such table");
	return &records[table];
}

struct field_rows field_rows(const struct schedule *s, enum field_table table)
{
	switch (table) {
	case FIELD_TABLE_PLAN:
		return (struct field_rows){ (void *)&s->plan, 1 };
#define ROWS(KIND, singular) \
	case FIELD_TABLE_##KIND: \
		return (struct field_rows){ s->singular, s->singular##_n };
	SCHEDULE_TABLES(ROWS)
#undef ROWS
	case FIELD_TABLE_COUNT:
		break;
	}
	fail_bug(__FILE__, __LINE__, "table", "no such table");
}

struct field_rows field_rows_make(struct arena *arena, struct schedule *s, enum field_table table,
				  size_t n)
{
	switch (table) {
	case FIELD_TABLE_PLAN:
		BUG_IF(n != 1, "there is one plan");
		break;
#define ROWS(KIND, singular)                                                 \
	case FIELD_TABLE_##KIND:                                             \
		s->singular = ARENA_MANY(arena, n, struct schedule_##singular); \
		s->singular##_n = n;                                         \
		break;
	SCHEDULE_TABLES(ROWS)
#undef ROWS
	case FIELD_TABLE_COUNT:
		break;
	}
	return field_rows(s, table);
}

void *field_row(const struct field_record *record, struct field_rows rows, size_t index)
{
	BUG_IF(index >= rows.n, "a row outside of its table");
	return (char *)rows.at + index * record->size;
}

void *field_at(const struct field *field, void *row)
{
	return (char *)row + field->offset;
}
