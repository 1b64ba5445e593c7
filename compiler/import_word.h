/* import_word.h — the words that people plan with: what a column or label is about, times, numbers
 * of agents.
 *
 * All of it is found in single lines; nothing here knows of documents. Texts are borrowed. */
#ifndef COMPILER_IMPORT_WORD_H
#define COMPILER_IMPORT_WORD_H

#include "compiler/draft.h"

/* What a column's header or a label in front of a colon says that the rest is. */
enum import_field {
	IMPORT_NO_FIELD, IMPORT_ID, IMPORT_TITLE, IMPORT_DESCRIPTION, IMPORT_FILES, IMPORT_CREATES, IMPORT_READS,
	IMPORT_TIME, IMPORT_DEPENDS, IMPORT_BRANCH, IMPORT_GROUP, IMPORT_PROMPT, IMPORT_TEST, IMPORT_CRITERIA,
	IMPORT_STATUS, IMPORT_OTHER,
	IMPORT_FIELDS
};
enum import_field import_word_field(struct str words);
/* "Files: a.c" is IMPORT_FILES and "a.c"; marks of lists and emphasis in front do not matter. */
enum import_field import_word_label(struct str line, struct str *value);

bool import_word_has(struct str text, const char *word);	/* anywhere, whatever the case */
bool import_word_same(struct str a, struct str b);	/* whatever the case (of ASCII) */
/* Does the text hold one of the words, which are separated by '|'? */
bool import_word_any(struct str text, const char *words);
struct str import_word_plain(struct str text);	/* without marks of emphasis, code and quotes around it */

/* The next duration at or behind *at, which is moved behind it: "1.5h", "30-45 min", "1 h 30", "0,5
 * Stunden". A bare number counts only when `unit` (seconds) is not 0. A day is eight hours of
 * work. */
bool import_word_time(struct str text, size_t *at, uint64_t unit, struct draft_time *);
uint64_t import_word_unit(struct str header);	/* "Time (min)": 60; 0 when none is said */
/* The next number of agents, "10 Agents", "10-30 Claude Code agents". */
bool import_word_count(struct str text, size_t *at, struct draft_time *number);

/* "Agent 3: Title", "T014 Title", "Group 2: Database (5 agents)". */
struct import_ref {
	bool agent, group;	/* said by a word: "Agent", "Phase"; neither: the number stands alone */
	bool ordered;		/* a group of a kind that runs one after the other: phases, waves */
	struct str kind, id, title;	/* id without leading zeros; title: what follows, may be empty */
};
bool import_word_ref(struct str text, struct import_ref *);
bool import_word_is_id(struct str);	/* "3", "1.2", "T014", "WS-2", "B" */

/* A mention of other agents, "Agents 1-6, 9 and the schema". */
enum import_mention_kind { IMPORT_NONE, IMPORT_ALL, IMPORT_RANGE, IMPORT_NAMED, IMPORT_GROUPED };
struct import_mention {
	enum import_mention_kind kind;
	struct str low, high;	/* RANGE: both; GROUPED: low is the group's number */
	struct str text;	/* as written */
};
struct import_mentions {
	VEC(struct import_mention) list;
};
void import_word_mentions(struct arena *, struct str text, struct import_mentions *);

/* How alike are two titles: 0 … 100, by the words that carry them. */
unsigned import_word_alike(struct arena *, struct str a, struct str b);

/* Does it look like a path or a pattern? */
bool import_word_is_path(struct str word);
/* Does it look like a command that tests something? */
bool import_word_is_test(struct str line);

#endif
