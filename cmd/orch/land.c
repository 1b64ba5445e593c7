/* land.c — orch land: a run's result on the branch that it began from. */
#include "runtime/land.h"

#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"

static int land(struct run *run, int64_t id)
{
	struct land_outcome outcome;
	struct fail fail;
	struct text out = { 0 };
	if (!run_find_repository(run, ".", &fail) || !run_take(run, "orch land", &fail) ||
	    !run_load(run, id, &fail))
		return talk_failure(&fail);
	if (!run->row.ended) {
		fail_set(&fail, "run %lld is not finished; `orch resume %lld` goes on with it",
			 (long long)run->row.id, (long long)run->row.id);
		return talk_failure(&fail);
	}
	if (!land_run(run, &outcome, &fail))
		return talk_failure(&fail);
	text_addf(&out, "run %lld %s %.*s: ", (long long)run->row.id,
		  outcome.already ? "had already landed on" : "landed on", STR_ARG(outcome.branch));
	if (outcome.already)
		text_addf(&out, "it is at %.10s\n", outcome.after.hex);
	else
		text_addf(&out, "%.10s..%.10s%s%s\n", outcome.before.hex, outcome.after.hex,
			  outcome.merged ? ", by a merge" : "",
			  outcome.checkout ? ", and the checkout with it" : "");
	return talk_answer(&out, STATUS_MERGED);
}

static int run_land(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	int64_t id;
	if (!talk_run_number(line, 0, &id))
		return talk_usage("%.*s is no number of a run", str_from(line->operand[0]));
	int status = land(&run, id);
	run_close(&run);
	return status;
}

const struct command land_command = {
	"land",
	"[RUN]",
	0,
	1,
	"bring a run's result to the branch that it began from",
	"Moves the branch forward, or merges when it has moved. A checkout with changes is refused.\n",
	NULL,
	0,
	run_land,
};
