/* session.c — see session.h. */
#include "runtime/session.h"

#include "common/regular.h"

#include <sys/random.h>

/* A random UUID (RFC 9562, version 4). */
static bool make_id(struct arena *arena, struct str *id, struct fail *fail)
{
	unsigned char b[16];
	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		return fail_system(fail, "cannot make a random number");
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	*id = arena_format(arena,
			   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			   b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
			   b[12], b[13], b[14], b[15]);
	return true;
}

bool session_begin(struct session *session, struct arena *arena, const struct schedule *schedule,
		   uint32_t runner, const struct record *last, const struct events_orders *orders,
		   struct fail *fail)
{
	*session = (struct session){ .runner = &schedule->runner[runner] };
	if (last)
		session->last = *last;
	session->goes_on = last && last->session.n && session->runner->resume.n;
	if (session->goes_on)
		session->id = last->session;
	else if (session->runner->session.n && !make_id(arena, &session->id, fail))
		return false;
	session->events = events_open(schedule, runner, orders);
	return true;
}

void session_heard(void *self, struct str bytes)
{
	events_add(((struct session *)self)->events, bytes);
}

/* Does the end of what it printed say so? */
static bool says_busy(struct arena *arena, const struct session *session, struct str output)
{
	return session->runner->busy.n && regular_find(arena, session->runner->busy, output);
}

void session_judge(struct session *session, struct arena *arena, struct task_end *end,
		   struct record *record)
{
	const struct events *events = session->events;
	events_flush(session->events);
	record->session = session->id;
	events_record(events, arena, session->last.attempt ? &session->last : NULL, record);
	enum events_end how = events_how(events);
	bool exited = end->reason == RECORD_EXIT || end->reason == RECORD_NONE;
	/* It asked again and again by itself, and that took all of its time. */
	bool asked = (end->reason == RECORD_TIMEOUT || end->reason == RECORD_IDLE) &&
		     events_busy(events);
	bool well = end->reason == RECORD_NONE && (how == EVENTS_SILENT || how == EVENTS_DONE);
	if ((!exited && !asked) || well)
		return;
	if (events_busy(events) || says_busy(arena, session, end->output)) {
		end->reason = RECORD_BUSY;
		end->what = STR("was told by its service to come back later");
	} else if (how == EVENTS_FAILED) {
		struct str why = events_message(events);
		end->reason = RECORD_EXIT;
		end->what = why.n ? arena_format(arena, "said that it failed: %.*s", STR_ARG(why))
				  : STR("said that it failed");
	} else if (how == EVENTS_UNFINISHED && end->reason == RECORD_NONE) {
		end->reason = RECORD_UNFINISHED;
		end->what = STR("ended without saying that the work is done");
	}
}

void session_end(struct session *session)
{
	events_close(session->events);
	session->events = NULL;
}
