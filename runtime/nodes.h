/* nodes.h — the nodes that run: one process of orch-node for each attempt, each test on a
 * combination and each measurement of a metric. What a node came to is the record that it left; a node without one is lost. */
#ifndef RUNTIME_NODES_H
#define RUNTIME_NODES_H

#include "runtime/loop.h"
#include "runtime/run.h"
#include "runtime/world.h"

struct nodes;
struct nodes_orders {
	const char *node;	/* the program's path; borrowed */
	void (*ended)(void *self, const struct record *);	/* the record is in the run's arena */
	void (*tested)(void *self, uint32_t agent, enum record_reason, struct str message);
	void (*measured)(void *self, enum record_reason, struct str number, struct str message);
	void (*step)(void *self, uint32_t agent, struct str what);	/* an instruction, or what the agent's program does */
	void (*files)(void *self, uint32_t agent, uint32_t n);	/* how many of its files it has written so far */
	/* What came of one cannot be read, since this machine fails: it is not to be taken for lost. */
	void (*failed)(void *self, const struct fail *);
	void (*began)(void *self, uint32_t agent);	/* its program has said something */
	void *self;
};

/* In the run's arena; how agents are contained must be known (run_hold). Makes this process the one that orphans fall to. */
bool nodes_open(struct nodes **, struct run *, struct loop *, const struct nodes_orders *,
		struct fail *);
bool nodes_launch(struct nodes *, const struct world_attempt *, struct fail *);
bool nodes_test(struct nodes *, uint32_t agent, uint32_t command, struct oid combined,
		struct fail *);
/* One at a time. */
bool nodes_measure(struct nodes *, uint32_t metric, bool before, struct oid, struct fail *);
void nodes_stop(struct nodes *, uint32_t agent);	/* SCHEDULE_NONE: the measurement */
size_t nodes_running(const struct nodes *);
/* The record of an attempt of an earlier process. Waits until that attempt's node is gone. */
bool nodes_find_record(struct nodes *, uint32_t agent, uint32_t attempt, struct record *,
		       bool *found, struct fail *);

#endif
