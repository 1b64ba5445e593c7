/* talk.h — what the commands have in common: answers, refusals, and which run is meant. */
#ifndef CMD_ORCH_TALK_H
#define CMD_ORCH_TALK_H

#include "common/command.h"
#include "runtime/run.h"

int talk_failure(const struct fail *);	/* says it; the exit status for it */
int talk_usage(const char *format, struct str what);	/* the same, for a wrong command line */
/* Writes the answer and releases it; `status`, or that of its failure. */
int talk_answer(struct text *, int status);
/* Said on stderr, beside the answer; releases it. */
void talk_aside(struct text *);
/* The number of a run; 0 when none is given. */
bool talk_run_number(const struct command_line *, size_t operand, int64_t *id);
/* A number from 1; 0 when the option is not there or has no argument. False, and said, otherwise. */
bool talk_count(const struct command_line *, const char *option, uint32_t *count);
/* "512M": bytes; as it was when the option is not given. False when it is no size, which has been
 * said. */
bool talk_size(const struct command_line *, const char *option, uint64_t *bytes);
/* What --floor and --budget say, in bytes and US cents; what is not said stays. False when it has been
 * said what is wrong. */
bool talk_limits(const struct command_line *, uint64_t *floor, uint64_t *budget);
/* Loads a run to look at. */
bool talk_look(struct run *, int64_t id, struct fail *);

#endif
