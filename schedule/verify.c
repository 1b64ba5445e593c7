/* verify.c — see verify.h.
 *
 * In an order in which each step may rely on those before it: names first, since messages use
 * them; then every field by its kind, from the table of fields; then what each record must be;
 * then the strands (strand.h) and the proof (proof.h). */
#include "schedule/verify.h"

#include "common/glob.h"
#include "common/map.h"
#include "common/query.h"
#include "common/regular.h"
#include "common/utf8.h"
#include "schedule/branch.h"
#include "schedule/field.h"
#include "schedule/proof.h"
#include "schedule/strand.h"

#include <string.h>

#define REMEDY "; build it again from the plan"

enum {
	NAME_LONGEST = 200,			/* bytes; names become folders */
	SECONDS_MOST = 10 * 366 * 24 * 3600,	/* ten years: a typing mistake, or a wrong unit */
};

struct verify {
	struct arena *arena;
	const struct schedule *schedule;
	struct fail *fail;
	size_t *named;	/* by pool: 1 + the row that named it last */
};

/* "agent `x`", "command 3", "the plan". */
static struct str called(struct verify *v, enum field_table table, size_t index)
{
	const struct field_record *record = field_record(table);
	if (table == FIELD_TABLE_PLAN)
		return STR("the plan");
	if (!record->named)
		return arena_format(v->arena, "%s %zu", record->name, index);
	void *row = field_row(record, field_rows(v->schedule, table), index);
	const struct str *name = field_at(&record->field[0], row);
	return arena_format(v->arena, "%s `%.*s`", record->name, STR_ARG(*name));
}

static bool is_name_part(struct str s)
{
	if (!s.n || (s.at[0] >= '0' && s.at[0] <= '9') || s.at[0] == '-' || s.at[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.at[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_';
		if (!word && (c != '-' || s.at[i - 1] == '-'))
			return false;
	}
	return true;
}

/* As in the language; `a.b` is `b` of the import `a`. */
static bool is_name(struct str s)
{
	if (!s.n || s.n > NAME_LONGEST)
		return false;
	for (struct str part; str_split(&s, '.', &part);)
		if (!is_name_part(part))
			return false;
	return true;
}

static bool check_names(struct verify *v)
{
	for (unsigned table = 0; table < FIELD_TABLE_COUNT; table++) {
		const struct field_record *record = field_record(table);
		struct field_rows rows = field_rows(v->schedule, table);
		struct map known = { 0 };
		for (size_t i = 0; record->named && i < rows.n; i++) {
			struct str name = *(const struct str *)field_at(&record->field[0],
									field_row(record, rows, i));
			if (!is_name(name))
				return fail_set(
					v->fail,
					"the name of %s %zu is not one that the language has" REMEDY,
					record->name, i);
			if (map_find(&known, name))
				return fail_set(v->fail, "there are two %ss named `%.*s`" REMEDY,
						record->name, STR_ARG(name));
			map_add(v->arena, &known, name, (uint32_t)i);
		}
	}
	return true;
}

/* NULL when all is well with the value, else what is wrong with it. */

static const char *text_wrong(struct str s)
{
	if (s.n && memchr(s.at, 0, s.n))
		return "has a NUL in it";
	return utf8_invalid(s) == SIZE_MAX ? NULL : "is not UTF-8";
}

static const char *texts_wrong(struct str_list list)
{
	const char *wrong = NULL;
	for (size_t i = 0; i < list.n && !wrong; i++)
		wrong = text_wrong(list.at[i]);
	return wrong;
}

static const char *pools_wrong(struct verify *v, struct index_list list, size_t row)
{
	for (size_t i = 0; i < list.n; i++) {
		if (list.at[i] >= v->schedule->pool_n)
			return "names a pool that is not there";
		if (v->named[list.at[i]] == row + 1)
			return "names a pool twice";
		v->named[list.at[i]] = row + 1;
	}
	return NULL;
}

static const char *after_wrong(struct index_list list, size_t own)
{
	for (size_t i = 0; i < list.n; i++) {
		if (list.at[i] >= own)
			return "names an agent that is not there before it";
		if (i && list.at[i - 1] >= list.at[i])
			return "is not in ascending order";
	}
	return NULL;
}

static const char *number_wrong(struct verify *v, const struct field *field, uint32_t number)
{
	switch (field->kind) {
	case FIELD_SECONDS:
		return number > SECONDS_MOST ? "is more than ten years" : NULL;
	case FIELD_FLAG:
		return number > 1 ? "is neither yes nor no" : NULL;
	case FIELD_CHOICE:
		return number >= field->word_n ? "is none of the choices" : NULL;
	case FIELD_COMMAND:
		return number >= v->schedule->command_n ? "names a command that is not there" : NULL;
	case FIELD_POOL:
		return number >= v->schedule->pool_n && number != SCHEDULE_NONE
			       ? "names a pool that is not there"
			       : NULL;
	case FIELD_RUNNER:
		return number >= v->schedule->runner_n ? "names a runner that is not there" : NULL;
	default:
		return NULL;
	}
}

static const char *field_wrong(struct verify *v, const struct field *field, void *row, size_t index)
{
	const void *at = field_at(field, row);
	switch (field->kind) {
	case FIELD_STRING:
		return text_wrong(*(const struct str *)at);
	case FIELD_STRINGS:
		return texts_wrong(*(const struct str_list *)at);
	case FIELD_POOLS:
		return pools_wrong(v, *(const struct index_list *)at, index);
	case FIELD_AGENTS:
		return after_wrong(*(const struct index_list *)at, index);
	case FIELD_CODE:
		return NULL;	/* strand.c */
	default:
		return number_wrong(v, field, *(const uint32_t *)at);
	}
}

static bool check_fields(struct verify *v)
{
	for (unsigned table = 0; table < FIELD_TABLE_COUNT; table++) {
		const struct field_record *record = field_record(table);
		struct field_rows rows = field_rows(v->schedule, table);
		for (size_t i = 0; i < rows.n; i++)
			for (size_t j = 0; j < record->n; j++) {
				const char *wrong = field_wrong(v, &record->field[j],
								field_row(record, rows, i), i);
				if (wrong)
					return fail_set(v->fail, "%.*s: its `%s` %s" REMEDY,
							STR_ARG(called(v, table, i)),
							record->field[j].name, wrong);
			}
	}
	const char *wrong = texts_wrong(v->schedule->strings);
	return !wrong || fail_set(v->fail, "an operand of an instruction %s" REMEDY, wrong);
}

/* NAME=value; the name as a shell would have it. */
static bool is_assignment(struct str s)
{
	size_t n = str_find(s, '=');
	if (n == SIZE_MAX || !n || (s.at[0] >= '0' && s.at[0] <= '9'))
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_'))
			return false;
	}
	return true;
}

static bool check_env(struct verify *v, struct str whose, struct str_list env)
{
	for (size_t i = 0; i < env.n; i++)
		if (!is_assignment(env.at[i]))
			return fail_set(v->fail,
					"%.*s: entry %zu of its `env` is not NAME=value" REMEDY,
					STR_ARG(whose), i);
	return true;
}

static bool check_rule(struct verify *v, size_t index)
{
	struct str_list paths = v->schedule->rule[index].paths;
	if (!paths.n)
		return fail_set(v->fail, "rule %zu: it has no `paths`" REMEDY, index);
	for (size_t i = 0; i < paths.n; i++) {
		struct arena_mark mark = arena_mark(v->arena);
		struct query query;
		size_t at;
		const char *why;
		if (!query_parse(v->arena, paths.at[i], &query, &at, &why))
			return fail_set(v->fail, "rule %zu: entry %zu of its `paths` is no path: %s" REMEDY,
					index, i, why);
		arena_reset(v->arena, mark);
	}
	return true;
}

static bool check_patterns(struct verify *v, struct str whose, const char *field,
			   struct str_list patterns)
{
	for (size_t i = 0; i < patterns.n; i++) {
		struct arena_mark mark = arena_mark(v->arena);
		struct glob glob;
		struct glob_error error;
		if (!glob_parse(v->arena, patterns.at[i], &glob, &error))
			return fail_set(v->fail,
					"%.*s: entry %zu of its `%s` is not a pattern: %s" REMEDY,
					STR_ARG(whose), i, field, error.text);
		arena_reset(v->arena, mark);
	}
	return true;
}

/* A result is kept by what it depends on; so there is both, or neither. */
static bool check_kept(struct verify *v, size_t index)
{
	const struct schedule_command *command = &v->schedule->command[index];
	struct str path;
	const char *why;
	if (!command->keyed.n != !command->makes.n)
		return fail_set(v->fail, "command %zu: it has one of `keyed` and `makes` alone" REMEDY, index);
	for (size_t i = 0; i < command->makes.n; i++)
		if (!path_read(command->makes.at[i], &path, &why))
			return fail_set(v->fail, "command %zu: entry %zu of its `makes` is not a path: %s" REMEDY,
					index, i, why);
	return check_patterns(v, called(v, FIELD_TABLE_COMMAND, index), "keyed", command->keyed);
}

static bool check_metric(struct verify *v, size_t index)
{
	const struct schedule_metric *metric = &v->schedule->metric[index];
	bool goal = metric->order != SCHEDULE_ORDER_NONE;
	if (goal ? !schedule_is_decimal(metric->goal) : metric->goal.n > 0)
		return fail_set(v->fail, "metric `%.*s`: its `goal` is no decimal number" REMEDY,
				STR_ARG(metric->name));
	if (metric->require && !goal)
		return fail_set(v->fail, "metric `%.*s`: it requires a goal that it does not have" REMEDY,
				STR_ARG(metric->name));
	return check_env(v, called(v, FIELD_TABLE_METRIC, index), metric->env);
}

static bool check_tables(struct verify *v)
{
	struct str why;
	const struct schedule *s = v->schedule;
	if (!s->plan.jobs)
		return fail_set(v->fail,
				"the plan: its `jobs` is 0, so nothing could ever run" REMEDY);
	for (size_t i = 0; i < s->pool_n; i++)
		if (!s->pool[i].count)
			return fail_set(
				v->fail,
				"pool `%.*s`: its `count` is 0, so nothing could ever hold it" REMEDY,
				STR_ARG(s->pool[i].name));
	for (size_t i = 0; i < s->command_n; i++) {
		struct str_list words = s->command[i].words;
		if (!words.n || !words.at[0].n)
			return fail_set(v->fail, "command %zu: it has no words" REMEDY, i);
		if (!check_kept(v, i))
			return false;
		if (s->command[i].shell && words.n != 1)
			return fail_set(
				v->fail,
				"command %zu: it is for the shell and has %zu words, not one" REMEDY,
				i, words.n);
	}
	for (size_t i = 0; i < s->metric_n; i++)
		if (!check_metric(v, i))
			return false;
	for (size_t i = 0; i < s->runner_n; i++) {
		if (!s->runner[i].words.n || !s->runner[i].words.at[0].n)
			return fail_set(v->fail, "runner `%.*s`: it has no command" REMEDY,
					STR_ARG(s->runner[i].name));
		if (s->runner[i].busy.n && !regular_check(v->arena, s->runner[i].busy, &why))
			return fail_set(v->fail, "runner `%.*s`: its `busy` cannot be used: %.*s" REMEDY,
					STR_ARG(s->runner[i].name), STR_ARG(why));
		if (!schedule_signal(s->runner[i].stop))
			return fail_set(v->fail, "runner `%.*s`: its `stop` is no signal that asks" REMEDY,
					STR_ARG(s->runner[i].name));
		if (s->runner[i].resume_whole && (!s->runner[i].resume.n || !s->runner[i].resume.at[0].n))
			return fail_set(v->fail, "runner `%.*s`: its `resume` has no command" REMEDY,
					STR_ARG(s->runner[i].name));
		if (!check_env(v, called(v, FIELD_TABLE_RUNNER, i), s->runner[i].env))
			return false;
	}
	for (size_t i = 0; i < s->rule_n; i++)
		if (!check_rule(v, i))
			return false;
	return true;
}

static bool check_agent(struct verify *v, size_t index)
{
	const struct schedule_agent *agent = &v->schedule->agent[index];
	struct str whose = called(v, FIELD_TABLE_AGENT, index);
	const char *wrong = branch_wrong(agent->branch);
	if (wrong)
		return fail_set(v->fail, "%.*s: the name of its branch %s" REMEDY, STR_ARG(whose),
				wrong);
	wrong = branch_agent_wrong(agent->name);
	if (wrong)
		return fail_set(v->fail, "%.*s: its name %s" REMEDY, STR_ARG(whose), wrong);
	if (!agent->place.n)
		return fail_set(v->fail,
				"%.*s: it does not say where in the plan it is from" REMEDY,
				STR_ARG(whose));
	return check_env(v, whose, agent->env) && check_patterns(v, whose, "owns", agent->owns) &&
	       check_patterns(v, whose, "creates", agent->creates) &&
	       check_patterns(v, whose, "reads", agent->reads) &&
	       check_patterns(v, whose, "requires", agent->requires);
}

static bool check_branches(struct verify *v)
{
	const struct schedule *s = v->schedule;
	struct str *branches = ARENA_MANY(v->arena, s->agent_n, struct str);
	for (size_t i = 0; i < s->agent_n; i++)
		branches[i] = s->agent[i].branch;
	size_t a, b;
	if (!branch_clash(v->arena, branches, s->agent_n, &a, &b))
		return true;
	return fail_set(
		v->fail,
		"agents `%.*s` and `%.*s`: their branches have one name, or one is a folder of the other" REMEDY,
		STR_ARG(s->agent[a].name), STR_ARG(s->agent[b].name));
}

/* What `copy` and `link` name, after strands have been verified. */
static bool check_operands(struct verify *v)
{
	const struct schedule *s = v->schedule;
	for (size_t i = 0; i < s->agent_n; i++)
		for (size_t j = 0; j < s->agent[i].code.n; j++) {
			struct instruction at = s->agent[i].code.at[j];
			struct str whose = s->agent[i].name, path;
			const char *why;
			if (at.op == OP_LINK && !path_read(s->strings.at[at.operand], &path, &why))
				return fail_set(
					v->fail,
					"agent `%.*s`: what its `link` names is not a path: %s" REMEDY,
					STR_ARG(whose), why);
			if (at.op == OP_COPY &&
			    !check_patterns(v, called(v, FIELD_TABLE_AGENT, i), "copy",
					    (struct str_list){ &s->strings.at[at.operand], 1 }))
				return false;
		}
	return true;
}

/* For a message: without what a terminal would obey. */
static struct str shown(struct verify *v, struct str s)
{
	struct str copy = arena_copy(v->arena, s);
	char *at = (char *)copy.at;
	for (size_t i = 0, n; i < s.n; i += n) {
		uint32_t character = utf8_decode(str_slice(s, i, s.n), &n);
		if (character < ' ' || character == UTF8_INVALID ||
		    utf8_class(character) != UTF8_PLAIN)
			memset(at + i, '?', n);
	}
	return copy;
}

static struct str_list owned(struct arena *arena, const struct schedule_agent *agent)
{
	struct str_list all = { ARENA_MANY(arena, agent->owns.n + agent->creates.n, struct str),
				0 };
	for (size_t i = 0; i < agent->owns.n; i++)
		all.at[all.n++] = agent->owns.at[i];
	for (size_t i = 0; i < agent->creates.n; i++)
		all.at[all.n++] = agent->creates.at[i];
	return all;
}

static bool check_proof(struct verify *v)
{
	const struct schedule *s = v->schedule;
	struct proof_agent *agents = ARENA_MANY(v->arena, s->agent_n, struct proof_agent);
	for (size_t i = 0; i < s->agent_n; i++)
		agents[i] = (struct proof_agent){
			.patterns = owned(v->arena, &s->agent[i]),
			.after = s->agent[i].after.at,
			.after_n = s->agent[i].after.n,
		};
	struct proof proof;
	if (!proof_make(v->arena, agents, s->agent_n, &proof, v->fail))
		return false;
	if (!proof.n)
		return true;
	const struct proof_overlap *overlap = &proof.at[0];
	return fail_set(
		v->fail,
		"agents `%.*s` and `%.*s` may run at the same time and both own `%.*s`" REMEDY,
		STR_ARG(s->agent[overlap->a].name), STR_ARG(s->agent[overlap->b].name),
		STR_ARG(shown(v, overlap->witness)));
}

bool verify_schedule(const struct schedule *s, struct fail *fail)
{
	struct arena arena = { 0 };
	struct verify v = { &arena, s, fail, ARENA_MANY(&arena, s->pool_n, size_t) };
	bool fine = check_names(&v) && check_fields(&v) && check_tables(&v);
	for (size_t i = 0; fine && i < s->agent_n; i++)
		fine = check_agent(&v, i);
	fine = fine && check_branches(&v) && strand_verify(&arena, s, fail) && check_operands(&v) &&
	       check_proof(&v);
	arena_release(&arena);
	return fine;
}
