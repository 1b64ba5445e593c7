/* drawing.h — a compiled plan as all pictures of it see it: agents, groups, and the edges that say
 * something.
 *
 * Edges are the transitive reduction of `after`. Where several agents all wait for the same several
 * others, the edges between them go through a *junction*, a + b of them in place of a × b. Texts
 * are fit to be shown: what a reader cannot see, or what changes the direction of text, is
 * replaced. Everything is in one arena. */
#ifndef COMPILER_DRAWING_H
#define COMPILER_DRAWING_H

#include "compiler/compile.h"

#define DRAWING_NONE UINT32_MAX

struct drawing_agent {
	struct str name, title, time;	/* time: "1h30m", empty without an estimate */
	struct str_list owns;		/* what it owns and creates */
	uint32_t group;			/* the innermost, or DRAWING_NONE */
	uint32_t place;			/* among the agents as the plan's files list them */
	bool critical;
};
struct drawing_group {
	struct str label;
	uint32_t parent;	/* or DRAWING_NONE */
	bool empty;		/* nobody is in it, nor in groups in it: not to be drawn */
};
struct drawing_edge {
	uint32_t from, to;	/* nodes: the agents, then the junctions */
	bool critical;
};
struct drawing {
	struct str title, summary;	/* summary: how many agents, how long it all takes */
	struct str path;		/* how long the critical path is; empty when nothing has an estimate */
	const struct schedule *schedule;	/* borrowed */
	const struct simulate *times;	/* borrowed */
	uint64_t expected;		/* the author's `expect wall` in seconds; 0: none */
	struct drawing_agent *agent;	/* in the order of the schedule */
	struct drawing_group *group;	/* those around others come first */
	struct drawing_edge *edge;	/* by `from`, then `to` */
	size_t agent_n, group_n, junction_n, edge_n;
};

/* A walk through agents and groups as the plan's files list them. */
enum drawing_step_kind { DRAWING_OPEN, DRAWING_AGENT, DRAWING_CLOSE };
struct drawing_step {
	enum drawing_step_kind kind;
	uint32_t index;		/* of the agent or group */
	uint32_t depth;		/* groups around it */
};
struct drawing_steps {
	VEC(struct drawing_step) list;
};

/* Of a compile without errors, which is borrowed. */
struct drawing drawing_make(struct arena *, const struct compile *);
/* The same of a schedule alone, which knows of no groups and of no order but its own; `jobs` as it was
 * simulated with. */
struct drawing drawing_of(struct arena *, const struct schedule *, const struct simulate *times,
			  uint32_t jobs);
/* The text with line ends and tabs as spaces, and what cannot or should not be shown as U+FFFD. */
struct str drawing_visible(struct arena *, struct str);
/* Each agent once, each group that is not empty opened and closed once around its members. In the
 * arena. */
struct drawing_steps drawing_walk(struct arena *, const struct drawing *);
/* Does the critical path go from the one agent straight to the other, which waits for it? */
bool drawing_critical(const struct drawing *, uint32_t from, uint32_t to);
/* The innermost group that both are in (or are), or DRAWING_NONE. Groups or DRAWING_NONE. */
uint32_t drawing_common_group(const struct drawing *, uint32_t a, uint32_t b);

#endif
