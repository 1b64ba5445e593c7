/* import_ref.h — how people call agents and groups: by a kind and a number, several at once. Texts
 * are borrowed. */
#ifndef COMPILER_IMPORT_REF_H
#define COMPILER_IMPORT_REF_H

#include "compiler/draft.h"

/* "Agent 3: Title", "T014 Title", "Group 2: Database (5 agents)". */
struct import_ref {
	bool agent, group; /* said by a word: "Agent", "Phase"; neither: the number stands alone */
	bool ordered;      /* a group of a kind that runs one after the other: phases, waves */
	bool marked;       /* the title is behind a colon, dash or the like */
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
/* What stands in brackets is no part of a mention: "2 (half a day)". */
void import_ref_mentions(struct arena *, struct str text, struct import_mentions *);
/* In the middle of a sentence, a list that begins at `at`: "agents 1, 2 and 4-6", "T3". Its end, or
 * `at` itself. `bare`: it may begin with a number alone. */
size_t import_ref_list(struct arena *, struct str text, size_t at, bool bare,
		       struct import_mentions *);
/* Of a kind that numbers agents, and not steps or issues: "agent", "Workstreams". */
bool import_ref_is_kind(struct str word);

#endif
