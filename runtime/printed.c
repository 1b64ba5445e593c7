/* printed.c — see printed.h. */
#include "runtime/printed.h"

#include "common/file.h"
#include "runtime/attempt.h"
#include "runtime/place.h"

struct tests {
	struct run *run;
	uint32_t agent, attempt;
	uint32_t own, setups;	/* how many */
	struct code plan;	/* the plan's, between the agent's `merge` and `advance` */
};

static uint32_t count(struct code code, enum op op)
{
	uint32_t n = 0;
	for (size_t i = 0; i < code.n; i++)
		n += code.at[i].op == op;
	return n;
}

static struct tests tests_of(struct run *run, uint32_t agent, uint32_t attempt)
{
	struct code code = run->schedule->agent[agent].code, plan = run->schedule->plan.code;
	struct tests tests = { run,  agent, attempt, count(code, OP_CHECK), count(code, OP_SETUP),
			       { 0 } };
	size_t from = 0;
	while (plan.at[from].op != OP_MERGE || plan.at[from].operand != agent)
		from++;
	tests.plan.at = &plan.at[++from];
	while (plan.at[from].op == OP_TEST)
		from++, tests.plan.n++;
	return tests;
}

static uint32_t test_count(const struct tests *tests)
{
	return tests->own + (uint32_t)tests->plan.n;
}

static const char *attempt_file(const struct tests *tests, const char *what, uint32_t number)
{
	struct arena *arena = &tests->run->arena;
	return place_attempt(arena, tests->run->folder,
			     tests->run->schedule->agent[tests->agent].name, tests->attempt,
			     arena_format(arena, "%s-%u.log", what, number).at);
}

/* Commands of an attempt are counted through, and only in a fresh tree do they begin with the
 * setup. */
static const char *test_file(const struct tests *tests, uint32_t number)
{
	struct arena *arena = &tests->run->arena;
	if (number <= tests->own)
		return attempt_file(
			tests, "test",
			number + (file_there(attempt_file(tests, "setup", 1)) ? tests->setups : 0));
	return place_agent(arena, tests->run->folder,
			   tests->run->schedule->agent[tests->agent].name,
			   arena_format(arena, "combination-%u.log",
					tests->plan.at[number - tests->own - 1].operand)
				   .at);
}

static bool failed_on_combination(const struct tests *tests, uint32_t index)
{
	struct run *run = tests->run;
	struct record record;
	struct fail unreadable;
	bool found;
	const char *path = attempt_command_test_record(&run->arena, run->folder,
						      run->schedule->agent[tests->agent].name,
						      tests->plan.at[index].operand);
	return record_read(&run->arena, path, &record, &found, &unreadable) && found &&
	       record.reason != RECORD_NONE;
}

/* The agent's own test in which the attempt came to its end, be it that it failed or that it took too
 * long; 0: it ended elsewhere. */
static uint32_t failed_own(const struct tests *tests)
{
	struct run *run = tests->run;
	struct code code = run->schedule->agent[tests->agent].code;
	struct record record;
	struct fail unreadable;
	bool found;
	const char *path = place_attempt(&run->arena, run->folder,
					 run->schedule->agent[tests->agent].name, tests->attempt,
					 "json");
	if (!record_read(&run->arena, path, &record, &found, &unreadable) || !found ||
	    !record_failed_in(&record, OP_CHECK))
		return 0;
	size_t pc = record.step[record.step_n - 1].pc;
	return count((struct code){ code.at, pc < code.n ? pc + 1 : code.n }, OP_CHECK);
}

/* The test that ended the attempt, or its way into the integration; 0: none did. */
static uint32_t failed_test(const struct tests *tests, enum record_reason reason)
{
	uint32_t own = failed_own(tests);
	for (uint32_t i = 0; !own && reason != RECORD_NONE && i < tests->plan.n; i++)
		if (failed_on_combination(tests, i))
			return tests->own + i + 1;
	return own;
}

static uint32_t last_test(const struct tests *tests)
{
	for (uint32_t number = test_count(tests); number > 0; number--)
		if (file_there(test_file(tests, number)))
			return number;
	return 0;
}

static bool find_attempt(struct run *run, const struct report *report, uint32_t agent,
			 uint32_t *attempt, struct fail *fail)
{
	struct str name = run->schedule->agent[agent].name;
	uint32_t last = report->agent[agent].attempt;
	if (!last && report->agent[agent].reused)
		return fail_set(fail, "%.*s was not started in run %lld: its result is that of run %llu, whose log is shown by `orch logs %.*s %llu`",
				STR_ARG(name), (long long)run->row.id,
				(unsigned long long)report->agent[agent].reused, STR_ARG(name),
				(unsigned long long)report->agent[agent].reused);
	if (!last)
		return fail_set(fail, "%.*s has not been started in run %lld", STR_ARG(name),
				(long long)run->row.id);
	if (*attempt > last)
		return fail_set(fail, "`%.*s` had %u attempt%s in run %lld", STR_ARG(name), last,
				last == 1 ? "" : "s", (long long)run->row.id);
	if (!*attempt)
		*attempt = last;
	return true;
}

bool printed_program(struct run *run, const struct report *report, uint32_t agent, uint32_t attempt,
		     const char **path, struct fail *fail)
{
	struct str name = run->schedule->agent[agent].name;
	if (!find_attempt(run, report, agent, &attempt, fail))
		return false;
	*path = place_attempt(&run->arena, run->folder, name, attempt, "log");
	return file_there(*path) ||
	       fail_set(
		       fail,
		       "the program of `%.*s` was not started in attempt %u; what there is of it: %s",
		       STR_ARG(name), attempt, place_agent(&run->arena, run->folder, name, ""));
}

bool printed_test(struct run *run, const struct report *report, uint32_t agent, uint32_t attempt,
		  uint32_t number, const char **path, struct fail *fail)
{
	struct str name = run->schedule->agent[agent].name;
	bool last = !attempt || attempt == report->agent[agent].attempt;
	if (!find_attempt(run, report, agent, &attempt, fail))
		return false;
	struct tests tests = tests_of(run, agent, attempt);
	uint32_t n = test_count(&tests);
	if (number > n || !n)
		return fail_set(fail, "`%.*s` has %u test%s", STR_ARG(name), n, n == 1 ? "" : "s");
	if (!number)
		number = failed_test(&tests, last ? report->agent[agent].reason : RECORD_NONE);
	if (!number)
		number = last_test(&tests);
	if (!number)
		return fail_set(fail, "no test of `%.*s` was run in attempt %u", STR_ARG(name),
				attempt);
	*path = test_file(&tests, number);
	return file_there(*path) || fail_set(fail, "test %u of `%.*s` was not run in attempt %u",
					     number, STR_ARG(name), attempt);
}

bool printed_setup(struct run *run, const struct report *report, uint32_t agent, uint32_t attempt,
		   uint32_t number, const char **path, struct fail *fail)
{
	struct str name = run->schedule->agent[agent].name;
	bool any = attempt == 0;
	if (!find_attempt(run, report, agent, &attempt, fail))
		return false;
	struct tests tests = tests_of(run, agent, attempt);
	if (number > tests.setups || !tests.setups)
		return fail_set(fail, "the `setup` of `%.*s` has %u command%s", STR_ARG(name),
				tests.setups, tests.setups == 1 ? "" : "s");
	while (any && tests.attempt > 1 && !file_there(attempt_file(&tests, "setup", 1)))
		tests.attempt--;
	for (uint32_t i = tests.setups; !number && i > 0; i--)
		if (file_there(attempt_file(&tests, "setup", i)))
			number = i;
	*path = attempt_file(&tests, "setup", number ? number : 1);
	return file_there(*path) ||
	       fail_set(fail, "command %u of the `setup` of `%.*s` was not run in attempt %u",
			number ? number : 1, STR_ARG(name), tests.attempt);
}

/* The command of the test of that number. */
static const struct schedule_command *command_of(const struct tests *tests, uint32_t number)
{
	const struct schedule *schedule = tests->run->schedule;
	if (number > tests->own)
		return &schedule->command[tests->plan.at[number - tests->own - 1].operand];
	struct code code = schedule->agent[tests->agent].code;
	size_t at = 0;
	while (code.at[at].op != OP_CHECK || --number)
		at++;
	return &schedule->command[code.at[at].operand];
}

size_t printed_tests(struct run *run, const struct report *report, uint32_t agent,
		     struct printed_test **list)
{
	const struct machine_memory *memory = &report->agent[agent];
	struct tests tests = tests_of(run, agent, memory->attempt);
	uint32_t n = test_count(&tests);
	uint32_t failed = memory->attempt ? failed_test(&tests, memory->reason) : 0;
	*list = ARENA_MANY(&run->arena, n, struct printed_test);
	for (uint32_t number = 1; number <= n; number++) {
		const char *path = memory->attempt ? test_file(&tests, number) : NULL;
		(*list)[number - 1] =
			(struct printed_test){ command_of(&tests, number),
					       path && file_there(path) ? path : NULL,
					       number > tests.own, number == failed };
	}
	return n;
}
