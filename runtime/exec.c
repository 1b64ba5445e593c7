/* exec.c — see exec.h. Attempts and tests are nodes: processes that end with a record on disk. */
#include "runtime/exec.h"

#include "runtime/effect.h"
#include "runtime/landed.h"
#include "runtime/lock.h"
#include "runtime/loop.h"
#include "runtime/nodes.h"
#include "runtime/notify.h"
#include "runtime/reuse.h"
#include "runtime/revert.h"
#include "runtime/state.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { REDRAW_MS = 1000 };

struct exec {
	struct run *run;
	struct progress *progress;
	struct loop *loop;
	struct machine *machine;
	struct nodes *nodes;
	struct notify *notify;
	struct effect effect;
	struct reuse *reuse; /* NULL: every agent runs */
	uint64_t floor;
	char low[1024]; /* why there is no room */
	unsigned interrupts;
	bool kept;   /* the run had ended, so what results it had were kept then */
	bool failed; /* a callback met a failure of the world */
	struct fail fail;
};

static int64_t world_now(void *self)
{
	(void)self;
	return loop_now();
}

static int64_t world_when(void *self, uint64_t date)
{
	(void)self;
	return loop_now() + ((int64_t)date - (int64_t)time(NULL)) * 1000;
}

static bool world_journal(void *self, const struct world_row *rows, size_t n, struct fail *fail)
{
	struct exec *exec = self;
	return store_append(exec->run->store, exec->run->row.id, time(NULL), rows, n, fail);
}

/* Why the result is not to be landed; empty: it is. */
static struct str why_not_landed(struct exec *exec)
{
	struct run *run = exec->run;
	switch (landed_now(run->repo, &run->arena, &run->row)) {
	case LANDED_NOTHING: return STR("nothing is merged, so there is nothing to land");
	case LANDED_BACK: return STR("nothing is merged any more, so there is nothing to land");
	case LANDED_ALL: return STR("all of it has landed already");
	case LANDED_NOWHERE:
		return arena_format(
			&run->arena,
			"the run began from what is no branch, so there is none to land on; git merge %s",
			place_ref(&run->arena, run->row.id, "integration"));
	default: return (struct str){ 0 };
	}
}

static void world_tell(void *self, const struct world_event *told)
{
	struct exec *exec = self;
	struct fail fail;
	int64_t now = time(NULL);
	struct world_event with_reason = *told, *event = &with_reason;
	if (str_is(str_from(event->name), state_told_name(STATE_TOLD_OFFERED)))
		event->message = why_not_landed(exec);
	/* Events are for people to read; the journal's rows decide. A run does not end for want of
	 * one. */
	if (!store_event(exec->run->store, exec->run->row.id, now, event, &fail))
		progress_say(exec->progress, fail.text);
	progress_event(exec->progress, now, event);
	notify_event(exec->notify, event);
}

static void say(void *self, const char *text)
{
	progress_say(((struct exec *)self)->progress, text);
}

static bool world_start(void *self, uint32_t agent, const struct oid *start,
			const struct oid *result, struct oid *commit, struct str *conflict,
			struct fail *fail)
{
	return effect_start(&((struct exec *)self)->effect, agent, start, result, commit, conflict,
			    fail);
}

static bool world_reuse(void *self, uint32_t agent, struct oid start, struct world_reuse *found,
			struct fail *fail)
{
	struct exec *exec = self;
	struct oid commit;
	bool whole;
	if (!reuse_look(exec->reuse, agent, start, found, fail))
		return false;
	if (oid_none(found->result))
		return true;
	if (!effect_reuse(&exec->effect, agent, start, found, &commit, &whole, fail))
		return false;
	*found = (struct world_reuse){ found->run, whole ? commit : (struct oid){ "" },
				       STR("its earlier result went away just now") };
	return true;
}

static bool world_room(void *self, struct str *why)
{
	struct exec *exec = self;
	struct statvfs info;
	if (statvfs(exec->run->folder, &info))
		return true; /* what cannot be known is no reason to stop */
	uint64_t room = (uint64_t)info.f_bavail * info.f_frsize;
	if (room >= exec->floor)
		return true;
	snprintf(exec->low, sizeof exec->low,
		 "%" PRIu64 " MiB are free on the disk of %s, and agents are started with %" PRIu64
		 " MiB at least: make room, or choose another --floor",
		 room >> 20, exec->run->folder, exec->floor >> 20);
	*why = str_from(exec->low);
	return false;
}

static bool world_launch(void *self, const struct world_attempt *attempt, struct fail *fail)
{
	struct exec *exec = self;
	return effect_before_launch(&exec->effect, attempt, fail) &&
	       nodes_launch(exec->nodes, attempt, fail);
}

static void world_stop(void *self, uint32_t agent)
{
	nodes_stop(((struct exec *)self)->nodes, agent);
}

static bool world_find_record(void *self, uint32_t agent, uint32_t attempt, struct record *record,
			      bool *found, struct fail *fail)
{
	struct exec *exec = self;
	return nodes_find_record(exec->nodes, agent, attempt, record, found, fail) &&
	       (!*found || effect_keep_stray(&exec->effect, record, fail));
}

static bool world_keep(void *self, uint32_t agent, struct oid start, struct oid result,
		       struct fail *fail)
{
	struct exec *exec = self;
	/* Branches that the user has deleted or moved since are not made again. */
	return exec->kept || effect_keep(&exec->effect, agent, start, result, fail);
}

static bool world_combine(void *self, uint32_t agent, struct oid integration, struct oid start,
			  struct oid result, struct oid *combined, struct str *conflict,
			  struct fail *fail)
{
	return effect_combine(&((struct exec *)self)->effect, agent, integration, start, result,
			      combined, conflict, fail);
}

static bool world_test(void *self, uint32_t agent, uint32_t command, struct oid combined,
		       struct fail *fail)
{
	return nodes_test(((struct exec *)self)->nodes, agent, command, combined, fail);
}

static bool world_measure(void *self, uint32_t metric, bool before, struct oid commit,
			  struct fail *fail)
{
	return nodes_measure(((struct exec *)self)->nodes, metric, before, commit, fail);
}

static bool world_advance(void *self, struct oid before, struct oid after, struct fail *fail)
{
	return effect_advance(&((struct exec *)self)->effect, before, after, fail);
}

static bool world_land(void *self, struct oid integration, struct str *refused, struct fail *fail)
{
	return effect_land(&((struct exec *)self)->effect, integration, refused, fail);
}

static void attempt_ended(void *self, const struct record *record)
{
	struct exec *exec = self;
	if (!exec->failed && !effect_keep_stray(&exec->effect, record, &exec->fail))
		exec->failed = true;
	machine_ended(exec->machine, record);
}

static void test_ended(void *self, uint32_t agent, enum record_reason reason, struct str message)
{
	machine_tested(((struct exec *)self)->machine, agent, reason, message);
}

static void measure_ended(void *self, enum record_reason reason, struct str number,
			  struct str message)
{
	machine_measured(((struct exec *)self)->machine, reason, number, message);
}

static void step_began(void *self, uint32_t agent, struct str word)
{
	progress_step(((struct exec *)self)->progress, agent, word);
}

static void files_counted(void *self, uint32_t agent, uint32_t n)
{
	progress_files(((struct exec *)self)->progress, agent, n);
}

static void record_failed(void *self, const struct fail *fail)
{
	struct exec *exec = self;
	if (!exec->failed)
		exec->fail = *fail;
	exec->failed = true;
}

static void program_began(void *self, uint32_t agent)
{
	machine_began(((struct exec *)self)->machine, agent);
}

/* The first ^C lets what runs come to its end, the second stops it; `orch stop` sends RUN_GENTLY,
 * however often; other signals stop at once. */
static void signal_came(void *self, int signal)
{
	struct exec *exec = self;
	bool now = signal != RUN_GENTLY && (signal != SIGINT || exec->interrupts);
	if (signal == RUN_GENTLY && exec->interrupts)
		return;
	exec->interrupts++;
	progress_say(
		exec->progress,
		now ? "stopping the agents that run; `orch resume` starts them again"
		    : "interrupted: nothing more is started, agents that run may finish (^C again stops them)");
	machine_stop(exec->machine, now);
}

static void redraw(void *self)
{
	struct exec *exec = self;
	progress_draw(exec->progress, exec->machine);
}

static bool restore(struct exec *exec, const struct exec_orders *orders, struct fail *fail)
{
	struct machine_memory *memory;
	struct machine_strand strand;
	struct run *run = exec->run;
	if (!store_memory(run->store, &run->arena, run->row.id, run->schedule->agent_n, &memory,
			  &strand, fail))
		return false;
	exec->kept = run->row.ended != 0;
	if (run->row.ended && !store_reopen(run->store, run->row.id, fail))
		return false;
	run->row.ended = 0;
	if (!machine_restore(exec->machine, memory, &strand, fail))
		return false;
	exec->kept = false;
	bool *undo = NULL;
	/* Also of a rollback of others that was cut off. */
	if (!revert_pending(run, memory, &undo, fail))
		return false;
	for (size_t i = 0; undo && orders->undo && i < run->schedule->agent_n; i++)
		undo[i] |= orders->undo[i];
	if (orders->undo || undo)
		machine_undo(exec->machine, undo ? undo : orders->undo);
	if (orders->retry)
		machine_retry(exec->machine, orders->retry);
	return true;
}

/* The world failed: what runs is ended, and nothing is begun. Attempts are settled by their records
 * on resume. */
static bool give_up(struct exec *exec)
{
	machine_stop(exec->machine, true);
	while (nodes_running(exec->nodes))
		loop_wait(exec->loop);
	return false;
}

static bool go(struct exec *exec, struct fail *fail)
{
	for (;;) {
		if (exec->failed) {
			*fail = exec->fail;
			return give_up(exec);
		}
		if (!machine_go(exec->machine, fail))
			return give_up(exec);
		progress_draw(exec->progress, exec->machine);
		if (machine_finished(exec->machine))
			return true;
		int64_t wake = machine_wake(exec->machine);
		BUG_IF(!nodes_running(exec->nodes) && !wake,
		       "the run waits and nothing is running");
		loop_wake(exec->loop, wake);
		loop_wait(exec->loop);
	}
}

static void tell(struct exec *exec, const char *name, struct str message, struct oid commit)
{
	world_tell(exec, &(struct world_event){ .name = name,
						.agent = SCHEDULE_NONE,
						.message = message,
						.commit = commit });
}

static void tell_begin(struct exec *exec, bool resumed)
{
	struct run *run = exec->run;
	tell(exec, resumed ? "resumed" : "began",
	     arena_format(&run->arena, "run %lld of the plan %.*s, %zu agent%s, from %.10s",
			  (long long)run->row.id, STR_ARG(run->row.plan), run->schedule->agent_n,
			  run->schedule->agent_n == 1 ? "" : "s",
			  run->row.base.hex),
	     run->row.base);
	tell(exec, "sandbox", hold_text(&run->arena, run->hold, run->schedule), (struct oid){ "" });
}

static void tell_end(struct exec *exec, const struct exec_outcome *outcome)
{
	struct run *run = exec->run;
	struct str gone = outcome->interrupted ? run_gone(&run->arena, run->root, run->row.id)
					       : (struct str){ 0 };
	if (gone.n)
		tell(exec, "interrupted", gone, machine_integration(exec->machine));
	else if (outcome->put_off)
		tell(exec, "interrupted",
		     arena_format(&run->arena,
				  "what this machine failed at is put off; once it is well, "
				  "`orch resume %lld` goes on",
				  (long long)run->row.id),
		     machine_integration(exec->machine));
	else if (outcome->interrupted)
		tell(exec, "interrupted",
		     arena_format(&run->arena, "`orch resume %lld` goes on",
				  (long long)run->row.id),
		     machine_integration(exec->machine));
	else
		tell(exec, "ended",
		     outcome->succeeded                  ? STR("everything asked for is merged")
		     : machine_unmet(exec->machine) ? STR("a goal that the plan requires is missed")
						    : STR("some agents did not succeed"),
		     machine_integration(exec->machine));
}

static struct world world_of(struct exec *exec)
{
	return (struct world){
		.self = exec,
		.now = world_now,
		.when = world_when,
		.journal = world_journal,
		.tell = world_tell,
		.start = world_start,
		.reuse = exec->reuse ? world_reuse : NULL,
		.room = world_room,
		.launch = world_launch,
		.stop = world_stop,
		.find_record = world_find_record,
		.keep = world_keep,
		.combine = world_combine,
		.test = world_test,
		.measure = world_measure,
		.advance = world_advance,
		.land = world_land,
	};
}

/* Everything of a run that did not fail, from the machine's first step to the journal's last
 * row. */
static bool carry_out(struct exec *exec, const struct exec_orders *orders,
		      struct exec_outcome *outcome, struct fail *fail)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, RUN_GENTLY };
	struct run *run = exec->run;
	if (!loop_signals(exec->loop, signals, sizeof signals / sizeof *signals, signal_came, exec,
			  fail))
		return false;
	run_hear(true);
	tell_begin(exec, orders->resumed);
	if (orders->weak.n)
		tell(exec, "file-system", orders->weak, (struct oid){ "" });
	if ((orders->resumed && !restore(exec, orders, fail)) || !go(exec, fail))
		return false;
	/* A signal that came when all was done has interrupted nothing; one before `land`, that. */
	outcome->interrupted = (exec->interrupts || machine_put_off(exec->machine)) &&
			       !machine_complete(exec->machine);
	outcome->put_off = outcome->interrupted && !exec->interrupts;
	outcome->succeeded = !outcome->interrupted && machine_succeeded(exec->machine);
	outcome->unlanded = exec->effect.unlanded;
	tell_end(exec, outcome);
	/* All that was made has its ref by now. Once the run has ended, nobody comes back to tidy up. */
	return outcome->interrupted ||
	       (repo_shelter_end(run->repo, place_note(&run->arena, run->row.id), fail) &&
		store_end(run->store, run->row.id, time(NULL), outcome->succeeded, fail));
}

bool exec_may(struct run *run, struct fail *fail)
{
	return run_open_files(run, fail) && run_hold(run, fail);
}

bool exec_run(struct run *run, const struct exec_orders *orders, struct exec_outcome *outcome,
	      struct fail *fail)
{
	struct exec exec = { .run = run, .progress = orders->progress, .floor = orders->floor };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct machine_options options = { .jobs = run->row.jobs,
					   .only = run->only,
					   .starts = processors > 1 ? (uint32_t)processors : 1,
					   .explain = orders->explain,
					   .budget = orders->budget };
	const struct nodes_orders nodes = { .node = orders->node,
					    .ended = attempt_ended,
					    .tested = test_ended,
					    .measured = measure_ended,
					    .step = step_began,
					    .files = files_counted,
					    .began = program_began,
					    .failed = record_failed,
					    .self = &exec };
	*outcome = (struct exec_outcome){ 0 };
	exec.effect = (struct effect){ .run = run };
	if (!run_fresh(run))
		exec.reuse = reuse_open(run);
	struct world world = world_of(&exec);
	exec.machine = outcome->machine = machine_new(&run->arena, run->schedule, &world, &options,
						      run->row.base);
	bool good = exec_may(run, fail) &&
		    lock_note(place_orch(&run->arena, run->root, "lock"), run->lock, run->row.id,
			      fail) &&
		    run_pin(run, fail) && loop_open(&exec.loop, fail) &&
		    nodes_open(&exec.nodes, run, exec.loop, &nodes, fail);
	if (good) {
		loop_every(exec.loop, progress_wants_ticks(orders->progress) ? REDRAW_MS : 0,
			   redraw, &exec);
		exec.notify = notify_open(run, exec.loop, say, &exec);
		good = carry_out(&exec, orders, outcome, fail);
		if (!good)
			notify_event(exec.notify,
				     &(struct world_event){ .name = "interrupted",
							    .agent = SCHEDULE_NONE,
							    .message = str_from(fail->text) });
		notify_close(exec.notify);
		loop_every(exec.loop, 0, redraw, &exec);
	}
	progress_end(orders->progress, exec.machine);
	/* Closed, the loop leaves each signal to do what it does by itself. */
	run_hear(false);
	loop_close(exec.loop);
	return good;
}
