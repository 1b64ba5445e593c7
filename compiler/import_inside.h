/* import_inside.h — what the readers of a Markdown document share: its blocks in sections, and
 * which were understood.
 *
 * Each reader takes the blocks that it understands. Agents are declared first (import_agent.c),
 * then what is said of them (import_detail.c), of their order (import_order.c), of the whole
 * (import_claim.c) and of work trees (import_shell.c); what nobody took is named last
 * (import_rest.c). */
#ifndef COMPILER_IMPORT_INSIDE_H
#define COMPILER_IMPORT_INSIDE_H

#include "common/commonmark.h"
#include "common/map.h"
#include "compiler/import.h"
#include "compiler/import_ref.h"
#include "compiler/import_time.h"
#include "compiler/import_word.h"
#include "compiler/markdown.h"

#define IMPORT_SECTION_NONE UINT32_MAX
enum { IMPORT_PSEUDO_LEVEL = 7 };

/* What a section is about, by its heading. */
enum import_topic {
	IMPORT_TOPIC_NONE, IMPORT_TOPIC_MERGE, IMPORT_TOPIC_ORDER, IMPORT_TOPIC_CRITERIA, IMPORT_TOPIC_METRICS,
	IMPORT_TOPIC_NOTES, IMPORT_TOPIC_TASKS
};
struct import_section {
	uint32_t block;		/* the heading, or a paragraph that stands for one */
	uint32_t parent;	/* or IMPORT_SECTION_NONE */
	unsigned level;		/* IMPORT_PSEUDO_LEVEL for a paragraph */
	struct str title;
	enum import_topic topic;	/* its own, or that of the sections around it */
	size_t option;		/* index + 1; 0: of no option */
	uint32_t agent, group;	/* whose section it is, or DRAFT_NONE */
	bool ordered;		/* a group of a kind that runs one after the other */
};
/* Said of an agent, to be understood once all agents are known. */
struct import_pending {
	uint32_t agent;
	enum import_field field;	/* IMPORT_DEPENDS, _BLOCKS, _BRANCH, or _SAYS: sentences of its section */
	struct str text;
	struct span span;
};
/* STATED: it says an order, and may say more. */
enum import_use { IMPORT_OPEN, IMPORT_USED, IMPORT_PROSE, IMPORT_STATED };
struct import_reader {
	struct arena *arena;	/* borrowed, as are the others */
	const struct sources *sources;
	struct diags *diags;
	const struct import_ask *ask;
	struct import *import;
	struct draft *draft;
	struct str text;
	struct commonmark document;
	struct markdown headings;	/* as `section` finds them */
	VEC(struct import_section) sections;
	uint32_t *section_of;	/* by block: the innermost section, or IMPORT_SECTION_NONE */
	uint8_t *use;		/* by block: enum import_use */
	size_t option;		/* chosen: index + 1, or 0 */
	bool foreign;		/* numbers outside of the chosen alternative are those of another one */
	struct span foreign_place;	/* where that is seen */
	VEC(struct import_pending) pending;
	struct map names;	/* by import_who_begin(): what agents are called, in small letters */
	bool depends;		/* the document says of single agents what they wait for, so nothing is concluded from order */
};

/* import_outline.c */
bool import_outline_read(struct import_reader *);	/* false: no such option */
struct span import_outline_line(const struct import_reader *, uint32_t line);	/* without white space around it */
struct span import_outline_span(const struct import_reader *, uint32_t block);
/* The k-th line of the block's own text, as a place. */
struct span import_outline_text_line(const struct import_reader *, uint32_t block, size_t k);
const struct import_section *import_outline_section(const struct import_reader *, uint32_t block);	/* may be NULL */
/* Is it in another alternative than the chosen one? */
bool import_outline_elsewhere(const struct import_reader *, uint32_t block);
bool import_outline_inside(const struct import_reader *, uint32_t block);	/* in the chosen alternative, or there is none */
uint32_t import_outline_agent(const struct import_reader *, uint32_t block);	/* whose section it is in, or DRAFT_NONE */
uint32_t import_outline_group(const struct import_reader *, uint32_t block);
void import_outline_take(struct import_reader *, uint32_t block, enum import_use);	/* with all in it */
/* The text of an item's first paragraph, and that paragraph; IMPORT_SECTION_NONE when it has
 * none. */
uint32_t import_outline_item_text(const struct import_reader *, uint32_t item);

/* import_title.c */
struct import_title {
	struct str title, details; /* details: what follows the title in the line */
};
struct import_title import_title_split(struct str line);
/* The bracket at the end, when it tells of the agent; it is taken from the title. */
struct str import_title_bracket(struct import_ref *);
struct str import_title_rest(struct arena *, struct str bracket); /* the pieces that say nothing known */
/* The files that it names are the agent's, unless that has some; the title without its place. */
struct str import_title_place(struct import_reader *, uint32_t agent, struct str title, struct span);
/* What it says of order is taken from it; then pending->text is not empty. */
struct str import_title_order(struct import_reader *, struct str title, struct import_pending *);
/* import_agent.c */
void import_agent_read(struct import_reader *);
/* import_detail.c: what an agent's row, item or section says of it. */
void import_detail_field(struct import_reader *, uint32_t agent, enum import_field, struct str value, uint32_t block,
			 uint64_t unit, struct span);
/* What is said of the agent, to be understood once all are known. */
void import_detail_hold(struct import_reader *, uint32_t agent, enum import_field, struct str text,
			struct span);
/* The lines of a paragraph about the agent. *context: the field of a label without a value, whose
 * values follow as a list. */
void import_detail_lines(struct import_reader *, uint32_t agent, uint32_t block,
			 enum import_field *context);
void import_detail_read(struct import_reader *);
/* import_who.c */
struct import_agents {
	VEC(uint32_t) list;
	bool none, all;		/* "none", "all" is said */
	struct draft_texts other;	/* what names no agent */
};
/* The agents that a text mentions which is nothing but mentions. */
void import_who_find(struct import_reader *, struct str text, struct span, struct import_agents *);
/* Where a sentence names agents: "agents 1 and 2", "Beta". */
struct import_name {
	size_t start, end;
	VEC(uint32_t) agents;
	size_t known;		/* mentions that found some */
	uint32_t group;		/* when it is just one group, or DRAFT_NONE */
	struct str unknown;	/* called like an agent, and none is; or empty */
	size_t tail, tail_from; /* of a list of several names: where its last begins, in the text and in `agents` */
};
struct import_names {
	VEC(struct import_name) list;
};
void import_who_begin(struct import_reader *); /* once all agents are known */
void import_who_scan(struct import_reader *, struct str text, struct import_names *);
/* import_statement.c: the sentences of a text that say who comes before whom, wherever they stand.
 * `line` of the document is that of its beginning. `self`: whom a sentence without a subject is
 * about, or DRAFT_NONE. */
enum import_stated { IMPORT_STATED_NOTHING, IMPORT_STATED_SOME, IMPORT_STATED_ALL };
enum import_stated import_statement_read(struct import_reader *, struct str text, uint32_t line,
					 uint32_t self);
/* Nothing but agents with arrows between them. */
bool import_statement_chain(struct import_reader *, struct str line, struct span);
void import_statement_unknown(struct import_reader *, struct span, struct str unknown);
/* import_order.c */
void import_order_depends(struct import_reader *, uint32_t agent, struct str text, struct span);
void import_order_read(struct import_reader *);
/* import_damage.c */
void import_damage_say(struct import_reader *);
void import_damage_mend(struct import_reader *);
/* import_claim.c, import_shell.c, import_mention.c, import_rest.c */
void import_claim_read(struct import_reader *);
void import_shell_read(struct import_reader *);
void import_mention_read(struct import_reader *);
void import_rest_read(struct import_reader *);

#endif
