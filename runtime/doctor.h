/* doctor.h — what this machine can do for a run, and what to change: each line is a check that was made just
 * now, never a guess. Changes nothing, but for a folder in the repository that is there while its file system
 * is tried. */
#ifndef RUNTIME_DOCTOR_H
#define RUNTIME_DOCTOR_H

#include "common/arena.h"
#include "common/str.h"

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_WEAKER,	/* a run can start, with less than there could be */
	DOCTOR_BAD	/* no run can start */
};
struct doctor_line {
	const char *name, *title;	/* "cgroup", for programs; "limit memory, cpu", for people */
	enum doctor_state state;
	struct str what;	/* what was found and what that means */
	struct str advice;	/* what to do, mostly a command; empty when nothing is */
};
struct doctor {
	struct doctor_line *at;	/* in the arena */
	size_t n;
};

/* `folder` is where the repository is looked for; `node` the path of orch-node. */
void doctor_examine(struct arena *, const char *folder, const char *node, struct doctor *);
bool doctor_can_run(const struct doctor *);
const char *doctor_state_name(enum doctor_state);	/* "ok", "weaker", "bad" */

#endif
