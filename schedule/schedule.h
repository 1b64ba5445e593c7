/* schedule.h — a plan lowered to data: who exists, who waits for whom, and one strand of
 * instructions for each agent and one for the plan.
 *
 * Everything is an array of records, and every record is a list of fields, written down once
 * below: the C structures, the image on disk, the verifier's bounds and the listing all come
 * from these lists. Agents are in a topological order: `after` names lower indices only.
 *
 * A schedule and all it points to is in one arena, and is not changed once it is built. */
#ifndef SCHEDULE_SCHEDULE_H
#define SCHEDULE_SCHEDULE_H

#include "common/arena.h"
#include "schedule/op.h"

#define SCHEDULE_NONE UINT32_MAX	/* no index */

struct index_list {
	uint32_t *at;
	size_t n;
};
struct instruction {
	enum op op;
	uint32_t operand;	/* an index; for STRING an index into schedule.strings; else 0 */
};
struct code {
	struct instruction *at;
	size_t n;
};

/* CHOICE(NAME, "word"): the values of a choice and the words that listings have for them. */
#define SCHEDULE_PROMPTS(CHOICE)      \
	CHOICE(PROMPT_STDIN, "stdin") \
	CHOICE(PROMPT_FILE, "file") CHOICE(PROMPT_ARGUMENT, "argument")
#define SCHEDULE_ISOLATIONS(CHOICE) CHOICE(CLONE, "clone") CHOICE(WORKTREE, "worktree")
#define SCHEDULE_SANDBOXES(CHOICE) \
	CHOICE(SANDBOX_BEST, "best") CHOICE(SANDBOX_ON, "on") CHOICE(SANDBOX_OFF, "off")
/* What a rule reads off the lines of JSON that a runner's program prints. */
#define SCHEDULE_RULES(CHOICE)                                                    \
	CHOICE(RULE_SESSION, "session")	/* the name of its session, for `resume` */ \
	CHOICE(RULE_SAID, "said")	/* text of the agent's */                 \
	CHOICE(RULE_DID, "did")	/* an object, and the fields in it that tell what it does */ \
	CHOICE(RULE_DONE, "done")	/* the work ended well */                 \
	CHOICE(RULE_FAILED, "failed")	/* it did not; why */                     \
	CHOICE(RULE_DENIED, "denied")	/* something that it was not allowed to do: it may have ended well all the same */ \
	CHOICE(RULE_BUSY, "busy")	/* the service asks to come back later */ \
	CHOICE(RULE_RESET, "reset")	/* when: seconds from now, or since 1970, or a date of ISO 8601 */ \
	CHOICE(RULE_INPUT, "input")	/* tokens read */                         \
	CHOICE(RULE_CACHED, "cached")	/* those of them that were cached */      \
	CHOICE(RULE_OUTPUT, "output")	/* tokens written */                      \
	CHOICE(RULE_COST, "cost")	/* US dollars */
/* How the numbers that a rule finds add up to an attempt's. */
#define SCHEDULE_SUMS(CHOICE)                                                     \
	CHOICE(SUM_EACH, "each")	/* all of them together */                \
	CHOICE(SUM_ATTEMPT, "attempt")	/* the last one is the attempt's */      \
	CHOICE(SUM_SESSION, "session")	/* the last one is the session's so far, earlier attempts included */
/* What a metric's number is to be: "none" when it has no goal. */
#define SCHEDULE_ORDERS(CHOICE)                                                   \
	CHOICE(ORDER_NONE, "none")                                                \
	CHOICE(ORDER_AT_MOST, "at-most") CHOICE(ORDER_AT_LEAST, "at-least")       \
	CHOICE(ORDER_BELOW, "below") CHOICE(ORDER_ABOVE, "above")
#define SCHEDULE_VALUE(NAME, word) SCHEDULE_##NAME,
enum schedule_prompt { SCHEDULE_PROMPTS(SCHEDULE_VALUE) SCHEDULE_PROMPT_COUNT };
enum schedule_isolation { SCHEDULE_ISOLATIONS(SCHEDULE_VALUE) SCHEDULE_ISOLATION_COUNT };
enum schedule_sandbox { SCHEDULE_SANDBOXES(SCHEDULE_VALUE) SCHEDULE_SANDBOX_COUNT };
enum schedule_rule_kind { SCHEDULE_RULES(SCHEDULE_VALUE) SCHEDULE_RULE_COUNT };
enum schedule_order { SCHEDULE_ORDERS(SCHEDULE_VALUE) SCHEDULE_ORDER_COUNT };
enum schedule_sum { SCHEDULE_SUMS(SCHEDULE_VALUE) SCHEDULE_SUM_COUNT };

/* FIELD(kind, name). Kinds: STRING, STRINGS, NUMBER, SECONDS, CHOICE_x (a number below x_COUNT,
 * listed by its word), FLAG (0 or 1), COMMAND, POOL, RUNNER (an index; POOL may be SCHEDULE_NONE),
 * POOLS, AGENTS (indices), CODE. */
#define SCHEDULE_PLAN(FIELD)                                                      \
	FIELD(STRING, name)                                                       \
	FIELD(STRING, title)                                                      \
	FIELD(STRING, base)	/* a revision; empty: the branch checked out */   \
	FIELD(NUMBER, jobs)	/* agents at once, at least 1 */                  \
	FIELD(FLAG, land_auto)	/* the integration moves the base by itself */   \
	FIELD(NUMBER, budget)	/* US cents, after which nothing is launched; 0: none */ \
	FIELD(STRINGS, notify)	/* the argument list of what is run for events; empty: nothing is */ \
	FIELD(CODE, code)
#define SCHEDULE_POOL(FIELD)                                                      \
	FIELD(STRING, name)                                                       \
	FIELD(NUMBER, count)	/* holders at once, at least 1 */
#define SCHEDULE_COMMAND(FIELD)                                                   \
	FIELD(FLAG, shell)	/* one word, for /bin/sh -c; else an argument list */ \
	FIELD(STRINGS, words)                                                     \
	FIELD(POOL, pool)	/* held while it runs, or SCHEDULE_NONE */        \
	FIELD(STRINGS, keyed)	/* patterns of the files that its result depends on */ \
	FIELD(STRINGS, makes)	/* of a setup whose result is kept: paths; else empty */
/* A number that is measured at the base before the run, and on what the run made after it. */
#define SCHEDULE_METRIC(FIELD)                                                    \
	FIELD(STRING, name)                                                       \
	FIELD(STRING, title)                                                      \
	FIELD(STRING, unit)	/* for people; may be empty */                    \
	FIELD(COMMAND, run)	/* prints the number */                           \
	FIELD(CHOICE_ORDER, order)	/* the number to the goal */              \
	FIELD(STRING, goal)	/* a decimal number; empty without an order */    \
	FIELD(FLAG, require)	/* a goal that is missed is a failure */          \
	FIELD(SECONDS, timeout)	/* of one measurement; 0: none */                 \
	FIELD(FLAG, quiet)	/* no network */                                  \
	FIELD(STRINGS, env)	/* NAME=value */
#define SCHEDULE_RUNNER(FIELD)                                                    \
	FIELD(STRING, name)                                                       \
	FIELD(STRINGS, words)	/* argument list; ${…} is put in at launch */     \
	FIELD(CHOICE_PROMPT, prompt)                                              \
	FIELD(STRINGS, env)	/* NAME=value */                                  \
	FIELD(STRINGS, writes)	/* paths outside that it may change; ~ is the user's home */ \
	FIELD(STRINGS, session)	/* added to the words when a session begins, ${session} chosen by orch */ \
	FIELD(STRINGS, resume)	/* added to the words when one goes on; empty: none can */ \
	FIELD(FLAG, resume_whole)	/* `resume` is all of the words instead */ \
	FIELD(STRING, busy)	/* a regular expression (POSIX, extended, case folded): output that says try later; may be empty */ \
	FIELD(STRING, stop)	/* the signal that asks it to end: "INT"; empty: TERM */
/* Rules of a runner, in the order of the plan. */
#define SCHEDULE_RULE(FIELD)                                                      \
	FIELD(RUNNER, runner)                                                     \
	FIELD(CHOICE_RULE, kind)                                                  \
	FIELD(CHOICE_SUM, sum)	/* of input, cached, output and cost */           \
	FIELD(STRINGS, paths)	/* see query.h */
#define SCHEDULE_AGENT(FIELD)                                                     \
	FIELD(STRING, name)                                                       \
	FIELD(STRING, title)                                                      \
	FIELD(STRING, place)	/* where the plan says so: "plan.orch:12", from the root */ \
	FIELD(STRING, branch)                                                     \
	FIELD(RUNNER, runner)                                                     \
	FIELD(AGENTS, after)	/* direct, ascending, each lower than the agent's own */ \
	FIELD(STRINGS, owns)                                                      \
	FIELD(STRINGS, creates)	/* owned too */                                   \
	FIELD(STRINGS, reads)                                                     \
	FIELD(STRINGS, requires)                                                  \
	FIELD(SECONDS, estimate)	/* 0: none given */                       \
	FIELD(SECONDS, timeout)	/* longest life of an attempt; 0: none */         \
	FIELD(SECONDS, idle)	/* longest silence; 0: none */                    \
	FIELD(NUMBER, retry)	/* attempts after the first */                    \
	FIELD(POOLS, pools)	/* held while its program runs */ \
	FIELD(NUMBER, budget)	/* US cents, after which no further attempt is launched; 0: none */ \
	FIELD(CHOICE_ISOLATION, isolation)                                        \
	FIELD(CHOICE_SANDBOX, sandbox)                                            \
	FIELD(FLAG, quiet)	/* no network */                                 \
	FIELD(NUMBER, limit_processes)	/* at once; 0: orch's own, see limit.h */ \
	FIELD(NUMBER, limit_file_size)	/* KiB; 0: none */                        \
	FIELD(NUMBER, limit_memory)	/* KiB; 0: none */                        \
	FIELD(NUMBER, limit_cpu)	/* hundredths of a processor; 0: none */  \
	FIELD(STRINGS, env)	/* NAME=value */                                  \
	FIELD(STRING, prompt)                                                     \
	FIELD(CODE, code)
/* The tables, in the order of the image: TABLE(KIND, singular). */
#define SCHEDULE_TABLES(TABLE) \
	TABLE(POOL, pool) TABLE(COMMAND, command) TABLE(METRIC, metric) TABLE(RUNNER, runner) \
	TABLE(RULE, rule) \
	TABLE(AGENT, agent)

#define SCHEDULE_C_STRING(n) struct str n;
#define SCHEDULE_C_STRINGS(n) struct str_list n;
#define SCHEDULE_C_NUMBER(n) uint32_t n;
#define SCHEDULE_C_SECONDS(n) uint32_t n;
#define SCHEDULE_C_FLAG(n) uint32_t n;
#define SCHEDULE_C_CHOICE_PROMPT(n) uint32_t n;
#define SCHEDULE_C_CHOICE_ISOLATION(n) uint32_t n;
#define SCHEDULE_C_CHOICE_SANDBOX(n) uint32_t n;
#define SCHEDULE_C_CHOICE_RULE(n) uint32_t n;
#define SCHEDULE_C_CHOICE_SUM(n) uint32_t n;
#define SCHEDULE_C_CHOICE_ORDER(n) uint32_t n;
#define SCHEDULE_C_COMMAND(n) uint32_t n;
#define SCHEDULE_C_POOL(n) uint32_t n;
#define SCHEDULE_C_RUNNER(n) uint32_t n;
#define SCHEDULE_C_POOLS(n) struct index_list n;
#define SCHEDULE_C_AGENTS(n) struct index_list n;
#define SCHEDULE_C_CODE(n) struct code n;
#define SCHEDULE_C(kind, name) SCHEDULE_C_##kind(name)

struct schedule_plan { SCHEDULE_PLAN(SCHEDULE_C) };
struct schedule_pool { SCHEDULE_POOL(SCHEDULE_C) };
struct schedule_command { SCHEDULE_COMMAND(SCHEDULE_C) };
struct schedule_metric { SCHEDULE_METRIC(SCHEDULE_C) };
struct schedule_runner { SCHEDULE_RUNNER(SCHEDULE_C) };
struct schedule_rule { SCHEDULE_RULE(SCHEDULE_C) };
struct schedule_agent { SCHEDULE_AGENT(SCHEDULE_C) };

struct schedule {
	struct schedule_plan plan;
#define SCHEDULE_ARRAY(KIND, singular)         \
	struct schedule_##singular *singular;  \
	size_t singular##_n;
	SCHEDULE_TABLES(SCHEDULE_ARRAY)
#undef SCHEDULE_ARRAY
	struct str_list strings;	/* operands of instructions: each once, in the order of first use */
};

/* What an agent's strand does besides what every strand does. */
struct schedule_work {
	struct str_list copy, link;
	struct index_list setup, tests;	/* commands */
};
const char *schedule_order_sign(uint32_t order);	/* "<="; "" of none */
/* Is it a decimal number as plans and programs write it: -12.5, 3e-7? At most 30 characters. */
bool schedule_is_decimal(struct str);
double schedule_decimal(struct str);	/* its value; it is one */
/* Does the number meet the metric's goal? Yes when it has none. Both are decimal numbers. */
bool schedule_meets_goal(const struct schedule_metric *, struct str number);

/* Writes the strands of all agents and of the plan, and the strings that are their operands.
 * `merge_order` is a permutation of the agents; submits come in the order of the longest
 * remaining path first. In `arena`; strings are borrowed. */
void schedule_lower(struct arena *, struct schedule *, const struct schedule_work *by_agent,
		    const uint32_t *merge_order, struct index_list plan_tests);
/* The same with the order of submits given: the one place that knows how instructions follow one
 * another. The verifier calls it, too, to see what the strands should have been. */
void schedule_strands(struct arena *, struct schedule *, const struct schedule_work *by_agent,
		      const uint32_t *submit_order, const uint32_t *merge_order,
		      struct index_list plan_tests);

/* The number of the signal of that name that may ask a program to end ("INT"; "" is TERM), or 0. */
int schedule_signal(struct str name);
/* The agent of that name, or SCHEDULE_NONE. */
uint32_t schedule_find_agent(const struct schedule *, struct str name);
/* The agents that come before it, however far, ascending; in `arena`. */
struct index_list schedule_ancestors(struct arena *, const struct schedule *, uint32_t agent);
/* The agents that come after it, however far, ascending; in `arena`. */
struct index_list schedule_dependents(struct arena *, const struct schedule *, uint32_t agent);

#endif
