/* cgroup.h — memory, processors and processes held by the kernel, for all of an agent's programs together:
 * cgroup v2, where a part of its tree is ours to divide.
 *
 * A part is ours ("delegated") when we may write there and nobody else's process is in it: a cgroup that
 * has children with controllers may not have processes of its own. So orch moves itself into a child
 * `orch.PID`, and each program of an agent gets a child beside it. orch-node finds the place by itself:
 * it is started in `orch.PID`, where PID is its parent. systemd gives such a part for the asking:
 *
 *     systemd-run --user --scope -p Delegate=yes orch exec plan.orch
 *
 * cgroup v1 is not used: it has no delegation that is safe. */
#ifndef RUNTIME_CGROUP_H
#define RUNTIME_CGROUP_H

#include "common/arena.h"
#include "common/fail.h"
#include "runtime/limit.h"

/* CONTROLLER(NAME, "name"): bits, and the names that the kernel has for them. */
#define CGROUP_CONTROLLERS(CONTROLLER) \
	CONTROLLER(MEMORY, "memory") CONTROLLER(CPU, "cpu") CONTROLLER(PIDS, "pids")
enum {
#define CGROUP_ORDER(NAME, name) CGROUP_ORDER_##NAME,
	CGROUP_CONTROLLERS(CGROUP_ORDER)
#undef CGROUP_ORDER
		CGROUP_CONTROLLER_COUNT,
#define CGROUP_BIT(NAME, name) CGROUP_##NAME = 1 << CGROUP_ORDER_##NAME,
	CGROUP_CONTROLLERS(CGROUP_BIT)
#undef CGROUP_BIT
};

enum cgroup_state {
	CGROUP_READY,  /* ours to divide */
	CGROUP_ABSENT, /* cgroup v2 is not mounted, or this process is not in it */
	CGROUP_LOCKED, /* it is somebody else's, we may not write there */
	CGROUP_SHARED, /* other processes are in it */
	CGROUP_OLD,    /* the controllers belong to cgroup v1 */
	CGROUP_BARE    /* it has none of the controllers */
};
struct cgroup {
	enum cgroup_state state;
	const char *folder;   /* of this process's own cgroup; NULL: CGROUP_ABSENT */
	unsigned controllers; /* CGROUP_… that children could have */
};

/* What there is. Changes nothing. `root` is put before /proc and /sys: "" but in tests. In `arena`. */
void cgroup_find(struct arena *, const char *root, struct cgroup *);
/* Why not, as a sentence of its own; a static text. */
const char *cgroup_meaning(enum cgroup_state);
/* What to do: mostly the command that starts orch where it may divide its cgroup. */
const char *cgroup_remedy(enum cgroup_state);

/* Makes this process the divider of its cgroup, if the schedule has an agent that asks for what only a
 * cgroup holds; else does nothing. A failure names the agent, the reason and the remedy. To be called
 * before nodes are started; once more does no harm. */
bool cgroup_take(const struct schedule *, struct fail *);

/* One program of an agent. */
struct cgroup_box {
	const char *folder; /* NULL: there is none, nothing is held */
	int enter;          /* whoever writes "0" to it is in; -1: there is none */
	bool processes;     /* it holds how many there are */
};
/* In `arena`. Without a divided cgroup the box is empty, unless the limit asks for what it would hold. */
bool cgroup_open(struct arena *, const struct limit *, struct cgroup_box *, struct fail *);
/* Ends what is still in it, and removes it. *memory: something in it was killed for its memory. */
void cgroup_close(struct cgroup_box *, bool *memory);

#endif
