/* store.h — the journal: SQLite in WAL mode, fully synced. The only user of SQLite.
 *
 * One file for a repository holds all its runs. What a function here has returned true for survives
 * the end of the process and of the power; only events may be lost with the power. A journal that
 * is damaged is refused, never guessed at: every row has a checksum, rows of a run are counted, and
 * a small file beside the journal (its name and "-head") says how many changes were acknowledged,
 * so that a lost end is noticed too. */
#ifndef RUNTIME_STORE_H
#define RUNTIME_STORE_H

#include "runtime/machine.h"

struct store;

struct store_run {
	int64_t id;		/* one above that of the run before */
	struct str plan;	/* its name */
	struct str source;	/* the plan file as given, for people */
	struct str image_hash;	/* of the schedule that it runs */
	struct oid base;
	struct str base_branch;	/* full ref name, or empty */
	struct str only;	/* names given to --only, separated by spaces; empty: all */
	uint32_t jobs;		/* given by --jobs; 0: the plan's */
	struct oid integration;	/* where the last `advance` went; the base at first */
	struct oid landed;	/* none: not landed */
	int64_t started, ended;	/* seconds since 1970; ended 0: unfinished */
	bool succeeded;
};

bool store_open(const char *path, struct store **, struct fail *);	/* makes it if it is not there */
bool store_open_read(const char *path, struct store **, struct fail *);	/* for status; never changes it */
void store_close(struct store *);

/* A new run, whose number is one above the last; the first of a journal has that of the given one
 * (0: 1). Otherwise id, integration, landed, ended and succeeded of the given one have no meaning
 * yet. */
bool store_begin(struct store *, const struct store_run *, const struct schedule *, int64_t *id,
		 struct fail *);
/* Times are seconds since 1970. Rows of one call are all there or none is. An `advance` moves the
 * run's integration with it. After a failure to write nothing more is written: close it. */
bool store_append(struct store *, int64_t run, int64_t time, const struct world_row *, size_t n,
		  struct fail *);
bool store_end(struct store *, int64_t run, int64_t time, bool succeeded, struct fail *);
/* An ended run is unfinished again: something in it is to be undone or tried again. */
bool store_reopen(struct store *, int64_t run, struct fail *);
bool store_landed(struct store *, int64_t run, struct oid, struct fail *);
bool store_event(struct store *, int64_t run, int64_t time, const struct world_event *,
		 struct fail *);

/* The run of that number, or the last one for 0; *found is false when there is none. In the
 * arena. */
bool store_find(struct store *, struct arena *, int64_t id, struct store_run *, bool *found,
		struct fail *);
bool store_runs(struct store *, struct arena *, struct store_run **, size_t *n, struct fail *);
/* What the run's rows add up to: by agent, as many as the schedule has, and the plan's strand. */
bool store_memory(struct store *, struct arena *, int64_t run, size_t agents,
		  struct machine_memory **, struct machine_strand *, struct fail *);

/* What `measure` came to, each time, in order. In the arena. */
struct store_figure {
	uint32_t pc;
	struct oid commit;
	struct str number, message;
};
bool store_figures(struct store *, struct arena *, int64_t run, struct store_figure **, size_t *n,
		   struct fail *);

struct store_attempt {
	uint32_t agent, attempt;
	enum record_reason reason;	/* once it has ended; lost: nobody saw how */
	bool ended;
	int64_t started, finished;	/* seconds since 1970 */
	struct str message;
};
/* In the order in which they began. */
bool store_attempts(struct store *, struct arena *, int64_t run, struct store_attempt **, size_t *n,
		    struct fail *);

#endif
