/* gc.c — orch gc: what finished runs have left is removed, when refs have all of it. */
#include "runtime/gc.h"

#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/measure.h"

static void add_sum(const struct gc_orders *orders, const struct gc_sum *sum, struct text *out)
{
	text_add(out, orders->look ? STR("would remove ") : STR("removed "));
	measure_add(out, sum->removed);
	if (sum->refs)
		text_addf(out, " and %zu refs", sum->refs);
	text_add(out, STR(", kept "));
	measure_add(out, sum->kept);
	text_add_byte(out, '\n');
}

static int collect(struct run *run, const struct gc_orders *orders)
{
	struct gc_sum sum;
	struct text out = { 0 };
	struct fail fail;
	bool any;
	if (!run_find_repository(run, ".", &fail) || !run_look(run, &any, &fail))
		return talk_failure(&fail);
	if (!any) {
		text_add(&out, STR("nothing was run here yet\n"));
		return talk_answer(&out, STATUS_MERGED);
	}
	run_close(run);
	if (!run_find_repository(run, ".", &fail) || !run_take(run, "orch gc", &fail))
		return talk_failure(&fail);
	bool good = gc_runs(run, orders, &sum, &out, &fail);
	if (good || out.n)
		add_sum(orders, &sum, &out);
	int status = talk_answer(&out, STATUS_MERGED);
	return good ? status : talk_failure(&fail);
}

static int run_gc(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	struct arena arena = { 0 };
	int64_t *runs = ARENA_MANY(&arena, line->operand_n + 1, int64_t);
	const struct gc_orders orders = {
		.look = command_value(line, "--dry-run") != NULL,
		.ignored = command_value(line, "--ignored") != NULL,
		.refs = command_value(line, "--refs") != NULL,
		.runs = runs,
		.run_n = line->operand_n,
	};
	int status = STATUS_MERGED;
	for (size_t i = 0; i < line->operand_n && status == STATUS_MERGED; i++)
		if (!talk_run_number(line, i, &runs[i]))
			status = talk_usage("%.*s is no number of a run",
					    str_from(line->operand[i]));
	if (status == STATUS_MERGED)
		status = collect(&run, &orders);
	run_close(&run);
	arena_release(&arena);
	return status;
}

static const struct command_option gc_options[] = {
	{ "--dry-run", 'n', NULL, NULL, "say what would be removed, and remove nothing" },
	{ "--ignored", 0, NULL, NULL,
	  "also trees with files that git ignores, such as build output" },
	{ "--refs", 0, NULL, NULL, "also refs and agents' branches that the base branch has" },
};
const struct command gc_command = {
	"gc",
	"[RUN…]",
	0,
	COMMAND_OPERANDS_ANY,
	"remove the trees of finished runs, when everything in them is kept by refs",
	"What no ref leads to yet gets one first; what no commit can hold stays, with the reason.\n",
	gc_options,
	sizeof gc_options / sizeof *gc_options,
	run_gc,
};
