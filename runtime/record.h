/* record.h — what one attempt of an agent came to: the one thing that orch-node hands back.
 *
 * A record is a JSON file, written whole and synced before the node ends. It is the truth about an
 * attempt: a node that ended without one is lost, whatever its exit status. */
#ifndef RUNTIME_RECORD_H
#define RUNTIME_RECORD_H

#include "common/arena.h"
#include "common/fail.h"
#include "runtime/oid.h"
#include "schedule/op.h"

/* REASON(NAME, "name", again, "meaning"): why an attempt did not succeed. again: another attempt
 * may help, so `retry` applies. */
#define RECORD_REASONS(REASON)                                                                     \
	REASON(NONE, "none", false, "it succeeded")                                                \
	REASON(COMMAND, "command", false, "its command could not be started")                      \
	REASON(SETUP, "setup", false, "its work tree could not be set up")                         \
	REASON(EXIT, "exit", true, "its program ended with a failure")                             \
	REASON(UNFINISHED, "unfinished", true, "its program did not say that the work is done")    \
	REASON(TIMEOUT, "timeout", true, "it ran longer than it may")                              \
	REASON(IDLE, "idle", true, "it was silent longer than it may be")                          \
	REASON(LIMIT, "limit", true, "it took more of the machine than it may")                    \
	REASON(STRAY, "stray", true, "it changed what it does not own")                            \
	REASON(CREATES, "creates", true, "it did not create what it was to create")                \
	REASON(EMPTY, "empty", true, "it changed nothing")                                         \
	REASON(TEST, "test", true, "its test failed")                                              \
	REASON(BUSY, "busy", false, "its service asked to come back later")                        \
	REASON(BUDGET, "budget", false, "the budget is spent")                                     \
	REASON(STOPPED, "stopped", false, "the run was stopped")                                   \
	REASON(LOST, "lost", false, "its supervisor ended without a record")                       \
	REASON(CONFLICT, "conflict", false, "its result cannot be combined")                       \
	REASON(COMBINATION, "combination", false, "the plan's test failed on the combination")     \
	REASON(GOAL, "goal", false, "a goal that the plan requires is not met")                    \
	REASON(DEPENDENCY, "dependency", false, "something that it comes after did not succeed")   \
	REASON(WORLD, "world", false, "the machine, the disk or git failed")

enum record_reason {
#define RECORD_ENUM(NAME, name, again, meaning) RECORD_##NAME,
	RECORD_REASONS(RECORD_ENUM)
#undef RECORD_ENUM
	RECORD_REASON_COUNT
};

struct record_step {
	enum op op;
	uint32_t pc;		/* index in the agent's strand */
	struct str input;	/* hash of what went in */
	struct str output;	/* commit, tree or exit status; may be empty */
	uint64_t ms;
};
struct record {
	uint32_t agent, attempt;	/* attempt: from 1 */
	enum record_reason reason;	/* RECORD_NONE: success */
	struct str message;		/* one sentence for people; empty on success */
	struct str sandbox;		/* the level (sandbox.h) that its programs were held at */
	struct oid start, commit;	/* commit: the result; none unless success (start itself when nothing is owned) */
	struct oid stray;		/* commit that keeps all it changed, when it strayed or failed with changes */
	int exit_status;		/* of the agent's program; -1: none */
	int signal;			/* that ended it; 0: none */
	uint32_t added, changed, deleted;	/* owned files */
	struct str_list findings;	/* sentences: strays and what else the gate said */
	struct str_list advice;		/* what of them the agent is told, and how it makes it good by itself */
	struct str output;		/* the end of what the failing program printed, for the next attempt */
	struct record_step *step;
	size_t step_n;
	uint64_t ms;			/* the attempt's length */
	/* What was read off the events of its program (events.h); empty or 0 when there was nothing. */
	struct str session;		/* `resume` goes on with it */
	uint64_t reset_at;		/* seconds since 1970, when a busy service can be asked again; 0: it did not say */
	uint64_t input, cached, output_tokens;	/* tokens of this attempt; `cached` is part of input */
	uint64_t cost;			/* of this attempt, millionths of a US dollar */
	/* Of the session so far, as its program last said, for an attempt that goes on with it. */
	uint64_t session_input, session_cached, session_output, session_cost;
	uint32_t actions;		/* things that it did */
	struct str said;		/* the last that the agent said */
	struct str_list denied;		/* what it was not allowed to do: worth a look, no failure */
};

const char *record_reason_name(enum record_reason);
const char *record_reason_meaning(enum record_reason);
bool record_reason_again(enum record_reason);
bool record_reason_find(struct str name, enum record_reason *);
/* Was it such an instruction that the attempt did not get past? */
bool record_failed_in(const struct record *, enum op);
bool record_write(const char *path, const struct record *, struct fail *);
/* *found is false when there is no such file. A damaged record is a failure. */
bool record_read(struct arena *, const char *path, struct record *, bool *found, struct fail *);

#endif
