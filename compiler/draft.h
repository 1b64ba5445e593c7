/* draft.h — a plan as it was found in somebody's document, before it is a plan of orch.
 *
 * A document says the same thing in several places, and not always alike: so every value is a list
 * of what was said, each with the place that says it, in the order of the document. draft_settle()
 * decides, draft_check() tells where the places differ, draft_write() writes the plan down as a
 * careful person would. Readers of a format (import_*.c) only fill it in. Texts are borrowed from
 * the document or in the arena. */
#ifndef COMPILER_DRAFT_H
#define COMPILER_DRAFT_H

#include "common/diag.h"

#define DRAFT_NONE UINT32_MAX

struct draft_text {
	struct str text;
	struct span span;
};
struct draft_texts {
	VEC(struct draft_text) list;
};
enum draft_access { DRAFT_OWNS, DRAFT_CREATES, DRAFT_READS };
struct draft_path {
	struct str path;	/* a pattern that glob_parse() takes */
	enum draft_access access;
	struct span span;
	bool bare;		/* a file's name without the folder that it lies in */
	bool settled;		/* by draft_settle(): written into the plan */
};
struct draft_time {
	uint64_t least, most;	/* seconds; the same unless a range was said */
	struct span span;
};
struct draft_edge {
	uint32_t agent;		/* index, of what is waited for */
	struct span span;
};
enum draft_prompt_kind { DRAFT_NO_PROMPT, DRAFT_PROMPT_SECTION, DRAFT_PROMPT_TEXT };
struct draft_prompt {
	enum draft_prompt_kind kind;
	struct str section;	/* of DRAFT_PROMPT_SECTION: finds one section of the document */
	struct str text;	/* what the agent is told, either way */
	struct span span;	/* the heading or line that it is under */
};
struct draft_agent {
	struct str id;		/* as the document calls it: "3", "T014"; may be empty */
	struct str name;	/* in the plan; empty until draft_settle() when the document gives none */
	struct str title;
	struct span span;	/* the place that declares it */
	struct draft_texts titles;	/* each place that gives it a title */
	VEC(struct draft_path) paths;
	struct draft_texts vague_paths;	/* "All", "various": said of its files, and holds it to nothing */
	struct draft_texts vague_times; /* "?", "S": said of its time */
	struct draft_texts refused;     /* paths that cannot be those of a plan, "../shared/x.ts" */
	VEC(struct draft_time) times;	/* the first counts */
	VEC(struct draft_edge) after;	/* may name an agent more than once */
	VEC(struct draft_edge) not_after; /* places that say that it does not wait for that one */
	struct draft_texts after_all;	/* places that say it comes after all others */
	struct draft_texts alone;	/* places that say it waits for nobody */
	struct draft_texts waits;	/* what it waits for that is no agent: "embedding pipeline" */
	struct draft_prompt prompt;
	struct draft_texts tests;	/* commands for a shell, run when it is done */
	struct draft_texts criteria;	/* when it has succeeded, in words */
	struct draft_texts notes;	/* comments above it in the plan */
	uint32_t group;			/* or DRAFT_NONE */
	bool done;                      /* nothing to do: it is switched off in the plan */
	struct str status; /* … though nobody did it: "deferred"; empty: it is done */
};
struct draft_group {
	struct str id;			/* "2" of "Phase 2"; may be empty */
	struct str name, title;		/* name: as that of an agent */
	struct span span;
	VEC(struct draft_edge) after;	/* groups that all its members wait for */
};
/* One step of the order in which results are put together. */
struct draft_step {
	VEC(uint32_t) agents;
	struct str title;		/* "core wiring"; may be empty */
	struct span span;
	uint32_t group;			/* by draft_settle(): the group that is just these agents, or DRAFT_NONE */
};
enum draft_claim_kind { DRAFT_WORK, DRAFT_WALL, DRAFT_AGENTS };
struct draft_claim {
	enum draft_claim_kind kind;
	uint64_t least, most;		/* seconds, or a number of agents */
	struct span span;
	bool elsewhere;			/* about the whole document, not about this alternative */
};
struct draft {
	struct arena *arena;		/* borrowed, as are the others */
	const struct sources *sources;
	struct diags *diags;
	uint32_t source;		/* the document */
	struct str name, title;		/* name: empty until draft_settle() when the document gives none */
	struct str file;		/* how the plan refers to the document in prompts; empty: prompts are written out */
	struct draft_texts notes;	/* comments at the top of the plan */
	VEC(struct draft_agent) agents;	/* in the order of the document */
	VEC(struct draft_group) groups;
	VEC(struct draft_step) merge;
	VEC(struct draft_claim) claims;
	struct draft_text branch;	/* "wire/${agent}"; empty: the default */
	struct draft_text runner;	/* of std/agents.orch: "claude"; empty: nothing is said */
	struct draft_texts tests;	/* commands for a shell, run after each merge */
	struct draft_texts criteria, metrics;	/* of the whole, in words; kept as comments */
	struct draft_texts no_overlap;	/* places that say that no two agents touch the same file at the same time */
	struct draft_texts no_sharing;	/* … at any time */
	struct draft_texts simultaneous;	/* places that say that all agents can run at once */
	struct draft_texts in_order;	/* places that say that agents run in an order that is then listed */
};

/* The new agent, zeroed but for its place and group DRAFT_NONE; valid until the next one. */
struct draft_agent *draft_add_agent(struct draft *, struct str id, struct str title, struct span);
uint32_t draft_add_group(struct draft *, struct str title, struct span);	/* its index */
void draft_say(struct draft *, struct draft_texts *, struct str text, struct span);
/* Adds a path to the agent. False when it cannot be one of a plan: then it is among those that are
 * refused. A line number behind it (`src/a.c:10-20`) is taken off. */
bool draft_add_path(struct draft *, struct draft_agent *, struct str path, enum draft_access,
		    struct span);
bool draft_takes_path(struct draft *, struct str path); /* could it be added? */
void draft_add_edge(struct draft *, struct draft_agent *, uint32_t agent, struct span);
/* A name of the plan language out of any words: "Semantic Cache → Sampler" is
 * semantic-cache-sampler. In the arena; empty when no letter is left. */
struct str draft_name(struct arena *, struct str words);

/* Decides what was left open: names for all (kebab-case of titles, each once), paths (a bare name
 * gives way to the full path that ends in it, a path that an agent creates is not also owned),
 * groups out of the merge order where the document has none. Call it once, when everything was
 * added. */
void draft_settle(struct draft *);
/* What of this agent's edges counts: the agents that it waits for, each once, ascending. In the
 * arena. */
struct draft_waits {
	uint32_t *at;
	size_t n;
};
struct draft_waits draft_waits(const struct draft *, uint32_t agent);

#endif
