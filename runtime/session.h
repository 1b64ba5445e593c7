/* session.h — the conversation of an agent's program with its service, over one attempt or several, and
 * what its events say of how the attempt ended.
 *
 * No exit status is believed alone: a program that ends with 0 and has said that it failed, or has not
 * said that it is done where its runner waits for that, has not succeeded; and one that ended because its
 * service was busy has not failed. */
#ifndef RUNTIME_SESSION_H
#define RUNTIME_SESSION_H

#include "runtime/events.h"
#include "runtime/task.h"

struct session {
	const struct schedule_runner *runner;
	struct events *events;
	struct record last;	/* of the attempt before, in whose tree this one goes on; attempt 0: there is none */
	struct str id;		/* may be empty */
	bool goes_on;		/* with that of the attempt before */
};

/* `last` is the record of the attempt before, or NULL: the tree is fresh. To be given back with
 * session_end. */
bool session_begin(struct session *, struct arena *, const struct schedule *, uint32_t runner, const struct record *last,
		   const struct events_orders *, struct fail *);
/* What the program prints, as it comes: for task_agent. */
void session_heard(void *session, struct str bytes);
/* After its end: changes `end` where the events know better, and puts into the record what they say. */
void session_judge(struct session *, struct arena *, struct task_end *, struct record *);
void session_end(struct session *);

#endif
