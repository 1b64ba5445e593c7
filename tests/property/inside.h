/* inside.h — one plan, carried out in this process by the same functions as a run uses, with real
 * git and real work trees, and held against the oracle in everything. */
#ifndef TESTS_PROPERTY_INSIDE_H
#define TESTS_PROPERTY_INSIDE_H

#include "compiler/compile.h"
#include "runtime/gate.h"
#include "tests/property/oracle.h"
#include "tests/property/plans.h"

/* What was done and seen, over all plans. */
struct tally {
	size_t plans, accepted, mended, rejected, shown, shown_add, shown_change;
	size_t agents, passed, skipped, worktrees, again;
	size_t pairs, beside; /* of agents, and those of them that may run at the same time */
	size_t deeds, orders, merges, git_merges, starts, findings[5];
	size_t runs, kills, held;
	size_t checks, wrong;
};
struct inside_agent {
	bool ran, passed;
	struct oid start, result; /* commits; result: none unless passed */
	struct model start_model, result_model, disk;
};
struct inside {
	struct tally *tally;
	uint64_t seed;
	struct arena arena;
	const char *folder; /* of this seed, absolute; the repository is r in it */
	const char *root;
	struct plans plans;
	struct compile compile;
	const struct schedule *schedule;
	uint32_t *of;      /* the schedule's number of each of the plan's agents */
	uint32_t *plan_of; /* and back */
	struct repo *repo;
	struct oracle oracle;
	struct oid base;
	struct model base_model;
	struct inside_agent agent[PLANS_AGENTS]; /* by the plan's number */
	struct oid final;                        /* the tree that all orders come to */
};

enum { INSIDE_TIME = 1700000000 }; /* of commits that the test makes */

/* Says what does not hold, and how to run the seed alone. */
bool inside_check(struct inside *, bool holds, const char *what, ...)
	__attribute__((format(printf, 3, 4)));
/* The same for what the machine or git refuse. */
bool inside_world(struct inside *, bool good, const struct fail *);
/* Makes the plan and its repository, mends it until the compiler takes it, and shows of plans that
 * it does not take that they can conflict. False when that does not come to an end. */
bool inside_begin(struct inside *, struct tally *, uint64_t seed, const char *scratch);
void inside_run(struct inside *);
void inside_end(struct inside *);
/* For overlaps.c: a schedule of the plan, whatever the proof says of it. */
bool inside_unproved(struct inside *, struct arena *, const struct plans *, struct schedule **);
/* A script for git fast-import has been run. */
bool inside_import(struct inside *, struct str script);
struct oid inside_ref(struct inside *, const char *name);
/* A commit on top of others, always at the same time. */
struct oid inside_commit(struct inside *, struct oid tree, const struct oid *parents, size_t n);

#endif
