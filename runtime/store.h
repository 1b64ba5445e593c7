/* store.h — the journal: SQLite in WAL mode, fully synced. The only user of SQLite.
 *
 * One file for a repository holds all its runs. What store_append has returned true for survives
 * the end of the process and of the power. A journal that is damaged is refused, never guessed at. */
#ifndef RUNTIME_STORE_H
#define RUNTIME_STORE_H

#include "runtime/machine.h"

struct store;

struct store_run {
	int64_t id;		/* 1, 2, … */
	struct str plan;	/* its name */
	struct str source;	/* the plan file as given, for people */
	struct str image_hash;	/* of the schedule that it runs */
	struct oid base;
	struct str base_branch;	/* full ref name, or empty */
	struct str only;	/* names given to --only, separated by spaces; empty: all */
	uint32_t jobs;		/* given by --jobs; 0: the plan's */
	struct oid integration;
	struct oid landed;	/* none: not landed */
	int64_t started, ended;	/* seconds since 1970; ended 0: unfinished */
	bool succeeded;
};

bool store_open(const char *path, struct store **, struct fail *);	/* makes it if it is not there */
bool store_open_read(const char *path, struct store **, struct fail *);	/* for status; never changes it */
void store_close(struct store *);

bool store_begin(struct store *, const struct store_run *, const struct schedule *, int64_t *id, struct fail *);
bool store_append(struct store *, int64_t run, int64_t time, const struct world_row *, size_t n, struct fail *);
bool store_integration(struct store *, int64_t run, struct oid, struct fail *);
bool store_end(struct store *, int64_t run, int64_t time, bool succeeded, struct fail *);
bool store_landed(struct store *, int64_t run, struct oid, struct fail *);
bool store_event(struct store *, int64_t run, int64_t time, const struct world_event *, struct fail *);

/* The run of that number, or the last one for 0; *found is false when there is none. In the arena. */
bool store_find(struct store *, struct arena *, int64_t id, struct store_run *, bool *found, struct fail *);
bool store_runs(struct store *, struct arena *, struct store_run **, size_t *n, struct fail *);
/* What the run's rows add up to: by agent, as many as the schedule has, and the plan's strand. */
bool store_memory(struct store *, struct arena *, int64_t run, size_t agents, struct machine_memory **,
		  struct machine_strand *, struct fail *);

struct store_attempt {
	uint32_t agent, attempt;
	enum record_reason reason;
	bool ended;
	int64_t started, finished;	/* seconds since 1970 */
	struct str message;
};
bool store_attempts(struct store *, struct arena *, int64_t run, struct store_attempt **, size_t *n, struct fail *);

#endif
