/* child.h — runs one program to its end, and everything that it left behind to theirs.
 *
 * The program gets a session of its own, no terminal, a file as standard input, and one pipe for
 * what it prints. It ends by itself, by a deadline, or because watch.h says so; in each case all
 * its descendants are gone when child_run returns. For programs with one thread only. */
#ifndef RUNTIME_CHILD_H
#define RUNTIME_CHILD_H

#include "runtime/boundary.h"
#include "runtime/cgroup.h"
#include "runtime/output.h"
#include "runtime/watch.h"

struct child_orders {
	const char *const *words;	/* the argument list, NULL at the end; the program is found in env's PATH */
	const char *const *env;		/* NAME=value, NULL at the end */
	const char *folder;		/* where it is started */
	const char *input;		/* the file that is its standard input */
	int64_t timeout, idle;		/* milliseconds; 0: none */
	int64_t grace;			/* milliseconds between asking and KILL */
	int ask;			/* the signal that it is asked to end with; 0: TERM */
	const struct limit *limit;	/* NULL: none */
	const struct cgroup_box *box;	/* that it is put in; NULL: none */
	const struct boundary *boundary;	/* what it may change; NULL: whatever the user may */
};
enum child_why { CHILD_EXITED, CHILD_TIMEOUT, CHILD_IDLE, CHILD_CROWD, CHILD_STOPPED, CHILD_ORPHANED,
		 CHILD_NOT_STARTED, CHILD_UNCONTAINED };
struct child_end {
	enum child_why why;
	int status;	/* exit status; -1: none */
	int signal;	/* that ended it; 0: none */
	int error;	/* errno, for CHILD_NOT_STARTED */
	struct fail uncontained;	/* why it cannot be held to its boundary, for CHILD_UNCONTAINED */
	bool survivors;	/* some process could not be killed */
	int64_t ms;	/* how long it ran */
};

/* False only when this machine could not even try. What is printed goes to `output`. */
bool child_run(const struct child_orders *, struct watch *, struct output *, struct child_end *,
	       struct fail *);
/* The program's path as it would be started, looked for in `path_variable`; empty: not found. In
 * `arena`. */
struct str child_find(struct arena *, const char *word, const char *path_variable,
		      const char *folder);

#endif
