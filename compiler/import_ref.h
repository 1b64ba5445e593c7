/* import_ref.h — how people call agents and groups: by a kind and a number, several at once. Texts
 * are borrowed. */
#ifndef COMPILER_IMPORT_REF_H
#define COMPILER_IMPORT_REF_H

#include "compiler/draft.h"

/* "Agent 3: Title", "T014 Title", "Group 2: Database (5 agents)". */
struct import_ref {
	bool agent, group; /* said by a word: "Agent", "Phase"; neither: the number stands alone */
	bool ordered;      /* a group of a kind that runs one after the other: phases, waves */
	struct str kind, id,
		title; /* id without leading zeros; title: what follows, may be empty */
};
bool import_ref_read(struct str text, struct import_ref *);
bool import_ref_is_id(struct str); /* "3", "1.2", "T014", "WS-2", "B" */

/* A mention of other agents, "Agents 1-6, 9 and the schema". */
enum import_mention_kind { IMPORT_NONE, IMPORT_ALL, IMPORT_RANGE, IMPORT_NAMED, IMPORT_GROUPED };
struct import_mention {
	enum import_mention_kind kind;
	struct str low, high; /* RANGE: both; GROUPED: low is the group's number */
	struct str text;      /* as written */
};
struct import_mentions {
	VEC(struct import_mention) list;
};
void import_ref_mentions(struct arena *, struct str text, struct import_mentions *);

#endif
