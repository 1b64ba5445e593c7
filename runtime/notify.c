/* notify.c — see notify.h. */
#include "runtime/notify.h"

#include "common/utf8.h"
#include "common/vec.h"
#include "runtime/state.h"

enum { PATIENCE_MS = 10000, GRACE_MS = 500, MESSAGE_MOST = 4096 };

struct notify {
	struct run *run;
	struct loop *loop;
	struct loop_process *process;	/* that runs; NULL: none */
	VEC(struct world_event) waiting;
	size_t told;	/* of these */
	bool over;	/* it is being ended: that it fails is no news */
	void (*say)(void *self, const char *);
	void *self;
};

struct notify *notify_open(struct run *run, struct loop *loop,
			   void (*say)(void *self, const char *), void *self)
{
	if (!run->schedule->plan.notify.n)
		return NULL;
	struct notify *notify = ARENA_NEW(&run->arena, struct notify);
	notify->run = run;
	notify->loop = loop;
	notify->say = say;
	notify->self = self;
	return notify;
}

static void ignore_line(void *self, struct str line)
{
	(void)self;
	(void)line;
}

static const char *log_path(struct notify *notify)
{
	return place_in(&notify->run->arena, notify->run->folder, "notify.log");
}

static void tell_next(struct notify *);

static void has_ended(void *self, int status, int signal)
{
	struct notify *notify = self;
	notify->process = NULL;
	if ((status || signal) && !notify->over)
		notify->say(notify->self,
			    arena_format(&notify->run->arena,
					 "the plan's `notify` failed; what it printed: %.*s",
					 STR_ARG(place_shown(str_from(log_path(notify)),
							     notify->run->root)))
				    .at);
	tell_next(notify);
}

static void tell_next(struct notify *notify)
{
	struct arena *arena = &notify->run->arena;
	const struct schedule *schedule = notify->run->schedule;
	struct str_list command = schedule->plan.notify;
	struct fail fail;
	if (notify->process || notify->told == notify->waiting.n)
		return;
	const struct world_event *event = &notify->waiting.at[notify->told++];
	struct str agent = event->agent == SCHEDULE_NONE ? STR("")
							 : schedule->agent[event->agent].name;
	const char **words = ARENA_MANY(arena, command.n + 12, const char *);
	size_t n = 0;
	words[n++] = "/usr/bin/env";
	words[n++] = arena_format(arena, "ORCH_EVENT=%s", event->name).at;
	words[n++] = arena_format(arena, "ORCH_MESSAGE=%.*s", STR_ARG(event->message)).at;
	words[n++] = arena_format(arena, "ORCH_AGENT=%.*s", STR_ARG(agent)).at;
	words[n++] = arena_format(arena, "ORCH_RUN=%lld", (long long)notify->run->row.id).at;
	words[n++] = arena_format(arena, "ORCH_PLAN=%.*s", STR_ARG(schedule->plan.name)).at;
	words[n++] = arena_format(arena, "ORCH_ROOT=%s", notify->run->root).at;
	words[n++] = "/bin/sh";
	words[n++] = "-c";
	words[n++] = "cd -- \"$ORCH_ROOT\" && exec \"$@\" </dev/null >&2";
	words[n++] = "notify";
	for (size_t i = 0; i < command.n; i++)
		words[n++] = arena_copy(arena, command.at[i]).at;
	struct loop_orders orders = { words, log_path(notify), ignore_line, has_ended, notify };
	if (!loop_start(notify->loop, &orders, &notify->process, &fail)) {
		notify->process = NULL;
		notify->say(notify->self, fail.text);
	}
}

void notify_event(struct notify *notify, const struct world_event *event)
{
	struct str name = str_from(event->name);
	if (!notify ||
	    !(str_is(name, state_told_name(STATE_TOLD_FAILED)) ||
	      str_is(name, state_told_name(STATE_TOLD_BUSY)) ||
	      str_is(name, state_told_name(STATE_TOLD_LOW)) ||
	      str_is(name, state_told_name(STATE_TOLD_REFUSED)) || str_is(name, "ended") ||
	      str_is(name, "interrupted")))
		return;
	struct world_event kept = *event;
	kept.message = arena_copy(&notify->run->arena, utf8_cut(event->message, MESSAGE_MOST));
	*VEC_ADD(&notify->run->arena, &notify->waiting) = kept;
	tell_next(notify);
}

/* Until the one that runs now, and all that follow it, have ended, or until then. */
static void wait_until(struct notify *notify, int64_t until)
{
	loop_wake(notify->loop, until);
	while (notify->process && loop_now() < until)
		loop_wait(notify->loop);
	loop_wake(notify->loop, 0);
}

void notify_close(struct notify *notify)
{
	if (!notify)
		return;
	wait_until(notify, loop_now() + PATIENCE_MS);
	if (!notify->process)
		return;
	size_t left = notify->waiting.n - notify->told;
	notify->told = notify->waiting.n;
	notify->over = true;
	loop_kill(notify->process);
	wait_until(notify, loop_now() + GRACE_MS);
	notify->say(notify->self,
		    arena_format(&notify->run->arena,
				 "the plan's `notify` took too long and was ended; %zu event%s it was "
				 "not told of",
				 left + 1, left ? "s" : "")
			    .at);
}
