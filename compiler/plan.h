/* plan.h — what a plan means: agents, pools, runners, every name resolved, every default filled in,
 * templates expanded, and each value with the place that says it.
 *
 * Everything is in the arena of the compile. Agents are in source order; those of an imported group
 * follow at the end. Indices are into the plan's own arrays. */
#ifndef COMPILER_PLAN_H
#define COMPILER_PLAN_H

#include "compiler/bind.h"
#include "compiler/eval.h"
#include "compiler/load.h"

#define PLAN_NONE UINT32_MAX

struct plan_text {
	struct str text;
	struct span span;
};
struct plan_texts {
	VEC(struct plan_text) list;
};

/* Single values, which the inner overrides. */
enum plan_single {
	PLAN_RUNNER,	/* index */
	PLAN_TIMEOUT, PLAN_IDLE, PLAN_ESTIMATE,	/* seconds */
	PLAN_RETRY,
	PLAN_ISOLATION, PLAN_SANDBOX,	/* enum schedule_isolation, schedule_sandbox */
	PLAN_QUIET,	/* 1: no network */
	PLAN_LIMIT_PROCESSES,
	PLAN_LIMIT_FILE_SIZE, PLAN_LIMIT_MEMORY,	/* KiB */
	PLAN_LIMIT_CPU,	/* hundredths of a processor */
	PLAN_BUDGET,	/* US cents */
	PLAN_SINGLES
};
struct plan_value {
	uint32_t value;
	bool given;
	struct span span;
};
/* Lists of patterns and paths, which the inner adds to. */
enum plan_list { PLAN_OWNS, PLAN_CREATES, PLAN_READS, PLAN_REQUIRES, PLAN_COPY, PLAN_LINK, PLAN_LISTS };

struct plan_command {
	bool shell;
	struct str_list words;
	uint32_t pool;	/* or PLAN_NONE */
	struct str_list keyed, makes;	/* of a setup whose result is kept */
	struct span span;
};
struct plan_commands {
	VEC(struct plan_command) list;
};
struct plan_env {
	struct str name, value;
	struct span span;	/* the name */
};
struct plan_envs {
	VEC(struct plan_env) list;
};
struct plan_pool {
	struct str name;
	struct span span;
	uint32_t count;
	bool used;
};
/* One line of a runner's `events`. */
struct plan_rule {
	uint32_t kind, sum;	/* enum schedule_rule_kind, schedule_sum */
	struct str_list paths;
};
struct plan_rules {
	VEC(struct plan_rule) list;
	bool lost;	/* one of them could not be read: what is missing is not complained of */
};
struct plan_runner {
	struct str name;	/* "std.claude" */
	struct span span;
	struct str_list words;
	uint32_t prompt;	/* enum schedule_prompt */
	struct plan_texts writes;
	struct plan_envs env;
	struct str_list session, resume;
	bool resume_whole;	/* `resume` is the whole command */
	struct str busy, stop;
	struct plan_rules rules;
};
struct plan_metric {
	struct str name, title, unit;
	struct span span;	/* its name */
	struct plan_command run;	/* no words: it could not be read */
	uint32_t order;		/* enum schedule_order */
	struct str goal;	/* a decimal number, when there is an order */
	bool require;
};
/* What `after` and `merge` name: agents from `first` up to, not including, `last`. */
struct plan_target {
	uint32_t first, last;
	struct span span;
};
struct plan_targets {
	VEC(struct plan_target) list;
};
struct plan_group {
	uint32_t unit, parent;	/* parent: index or PLAN_NONE */
	struct str name, title;
	struct span span;
	uint32_t first, last;	/* its agents, those of groups in it too; the order of the file */
	bool broken;		/* one of its agents could not be read */
};
struct plan_edge {
	uint32_t agent;		/* that is waited for */
	struct span span;	/* what says so */
};
struct plan_agent {
	uint32_t unit, group;	/* group: or PLAN_NONE */
	const struct node *node;	/* its statement */
	struct str name, title, branch;
	struct span span;	/* its name */
	struct plan_value single[PLAN_SINGLES];
	struct plan_texts list[PLAN_LISTS];
	struct plan_envs env;
	struct plan_commands setup, tests;
	VEC(uint32_t) pools;
	VEC(struct plan_edge) after;	/* each agent once, in the order of their first mention */
	bool after_all;		/* all that do not say so themselves are in `after` */
	struct eval_kept prompt;
	struct span prompt_at;	/* where it stands: between a string's or block's quotes, or in a file of prompts */
	bool incomplete;	/* something in it could not be read, so what is missing is not complained of */
	bool lost_prompt, lost_runner;	/* there may have been one among it */
	bool loose;	/* what it comes after is not all known, nor is it of what comes after it */
	bool circle;	/* it is in a circle, which was said: when it runs is not known */
};
struct plan_claim {
	bool given;
	uint32_t seconds;
	struct span span;	/* the duration */
};
struct plan {
	struct str name, title;
	struct span span;	/* the plan's name; of the file's beginning when there is none */
	struct str base;
	struct span base_span;	/* its string; of the plan's name when none is given */
	struct plan_text branch;	/* the template; an empty span: the default */
	uint32_t jobs;
	bool land_auto;
	uint32_t budget;	/* US cents; 0: none */
	struct span budget_span;
	VEC(struct plan_pool) pools;
	struct map pool_by_name;
	struct plan_commands tests;
	struct plan_command notify;	/* no words: there is none */
	VEC(struct plan_metric) metrics;
	struct plan_envs env;	/* the plan's own, as are these: for what no agent runs */
	struct plan_value timeout, quiet;
	struct plan_claim wall, work;
	struct plan_targets merge;
	VEC(struct plan_runner) runners;
	VEC(struct plan_group) groups;
	VEC(struct plan_agent) agents;
	bool incomplete;	/* declarations are missing from it: what seems unused may be used */
};

/* The plan of the first unit. Mistakes are in the diagnostics; what is there can always be worked
 * with: indices are valid, but a plan may have no agents, and an agent no runner or prompt. */
void plan_build(struct load *, struct bind *, struct plan *);

#endif
