/* task.h — a program of the plan, run in a tree: the agent's own, its setup, its tests, and the
 * plan's tests on a combination, and what a metric is measured by. One place for their environment, logs, pools and deadlines. */
#ifndef RUNTIME_TASK_H
#define RUNTIME_TASK_H

#include "runtime/child.h"
#include "runtime/record.h"
#include "runtime/tree.h"
#include "schedule/schedule.h"

struct task_place {
	const struct schedule *schedule;
	const struct schedule_agent *who;	/* its environment, limits and boundary; of a metric: task_meter() */
	const char *folder;		/* for its temporary files, where /tmp is closed to it */
	uint32_t attempt, slot;
	struct oid base;		/* what the tree was made from */
	const char *run_folder;		/* absolute */
	const struct tree_orders *tree;	/* where programs are started */
	const char *git_dir;		/* of the main repository */
	enum sandbox_level level;	/* they are held at it, or not started */
	char *const *environ;		/* the caller's */
	struct watch *watch;
	int64_t deadline;		/* on watch_now()'s clock; 0: none */
	int64_t grace;			/* milliseconds, see child.h */
};
struct task_end {
	enum record_reason reason;	/* RECORD_NONE, COMMAND, EXIT, TIMEOUT, IDLE, LIMIT, STOPPED, WORLD */
	bool orphaned;			/* orch is gone: no record is to be written */
	struct str what;		/* "ended with exit status 1", for messages; empty on success */
	struct str output;		/* the end of what it printed */
	int exit_status, signal;	/* as in record.h */
};

/* One of the schedule's commands, in its pool. All in `arena`. */
bool task_command(struct arena *, const struct task_place *, uint32_t command, const char *log, struct task_end *,
		  struct fail *);
/* The agent's program with its prompt. */
struct task_agent {
	uint32_t agent;
	struct str feedback;	/* of the last attempt; may be empty */
	struct str session;	/* that it begins, or goes on with; may be empty */
	bool goes_on;
	const char *log;
	void (*heard)(void *self, struct str bytes);	/* what it prints, as it comes */
	void *self;
};
bool task_agent(struct arena *, const struct task_place *, const struct task_agent *, struct task_end *,
		struct fail *);
/* What runs a metric's command: no agent, but held as one is that has the plan's defaults. */
struct schedule_agent task_meter(const struct schedule_metric *);
/* The command as a person would type it. */
struct str task_words(struct arena *, const struct schedule_command *);

#endif
