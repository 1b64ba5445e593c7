/* outbox.h — what a run has decided and not yet done: rows for the journal, and effects on the
 * world.
 *
 * The one place that keeps the order which everything rests on: first all rows, in one durable
 * transaction; then the effects, in the order in which they were put in. Killed between the two, a
 * run finds in the journal what it has to do again. */
#ifndef RUNTIME_OUTBOX_H
#define RUNTIME_OUTBOX_H

#include "common/vec.h"
#include "runtime/state.h"
#include "runtime/world.h"

struct outbox_effect;
struct outbox {
	struct arena *arena;
	const struct world *world;	/* borrowed */
	VEC(struct world_row) rows;
	VEC(struct outbox_effect) effects;
	struct oid ref;		/* where the integration's ref is */
	struct oid goal;	/* where it goes with the next advance */
	uint32_t begun;		/* attempts that were launched, all told */
};

/* Texts in what is put in are borrowed until it is flushed. */
void outbox_row(struct outbox *, struct world_row);
void outbox_tell(struct outbox *, enum state_told, uint32_t agent, uint32_t attempt,
		 struct str message, struct oid commit);
void outbox_keep(struct outbox *, uint32_t agent, struct oid start, struct oid result);
void outbox_advance(struct outbox *, struct oid to);
void outbox_stop(struct outbox *, uint32_t agent);
/* *live becomes true when the attempt, the test or the measurement has begun. */
void outbox_launch(struct outbox *, const struct world_attempt *, bool *live);
void outbox_test(struct outbox *, uint32_t agent, uint32_t command, struct oid combined,
		 bool *live);
void outbox_measure(struct outbox *, uint32_t metric, bool before, struct oid commit, bool *live);
/* After a failure the rest is dropped: it was journaled, or is decided again. */
bool outbox_flush(struct outbox *, struct fail *);

#endif
