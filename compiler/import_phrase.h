/* import_phrase.h — the words that put one thing before another: "must wait for", "before", "then",
 * arrows. Only words: who is meant is found by import_who.c. Texts are borrowed. */
#ifndef COMPILER_IMPORT_PHRASE_H
#define COMPILER_IMPORT_PHRASE_H

#include "compiler/draft.h"

enum import_phrase_kind {
	IMPORT_PHRASE_AFTER,  /* what is in front comes later: "waits for" */
	IMPORT_PHRASE_BEFORE, /* … comes first: "blocks" */
	IMPORT_PHRASE_THEN,   /* one after the other: "then" */
	IMPORT_PHRASE_ARROW   /* the same: "→" */
};
struct import_phrase {
	enum import_phrase_kind kind;
	size_t start, end;
	bool weak;      /* says it only next to a name: "needs", "after" */
	bool verb;      /* stands behind whom it is about: "needs", and not "after" */
	bool needs_end; /* says it only with a word of completion behind it: "when 1 is done" */
};

bool import_phrase_at(struct str text, size_t at,
		      struct import_phrase *); /* one that begins there */
/* The first one from `from` on. */
bool import_phrase_find(struct str text, size_t from, struct import_phrase *);
/* Between these, does a text deny what is said: "must not", "doesn't"? */
bool import_phrase_denied(struct str text);
/* Words that carry nothing between a name and such a phrase: "must", "only", "can start". */
bool import_phrase_is_filler(struct str word);
bool import_phrase_is_filled(struct str text); /* nothing but them */
/* "Docs, after agents 1 and 2 (2h)": the title and what it waits for, when all behind such a
 * phrase are numbers or letters that name agents. `before`: the others wait for it. */
struct import_phrase_tail {
	struct str title, others, rest; /* rest: behind the others */
	bool before;
};
bool import_phrase_tail(struct arena *, struct str title, struct import_phrase_tail *);

#endif
