/* import_word.h — the words that people plan with: what a column or label is about, paths,
 * commands, titles.
 *
 * All of it is found in single lines; nothing here knows of documents. Texts are borrowed. */
#ifndef COMPILER_IMPORT_WORD_H
#define COMPILER_IMPORT_WORD_H

#include "compiler/draft.h"

static inline char import_word_small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
static inline bool import_word_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool import_word_letter(char c)
{
	return import_word_small(c) >= 'a' && import_word_small(c) <= 'z';
}
/* Part of a word; bytes outside of ASCII are, so that no word begins in the middle of a letter. */
static inline bool import_word_inside(char c)
{
	return import_word_letter(c) || import_word_digit(c) || (unsigned char)c >= 0x80;
}

/* What a column's header or a label in front of a colon says that the rest is. */
enum import_field {
	IMPORT_NO_FIELD, IMPORT_ID, IMPORT_TITLE, IMPORT_DESCRIPTION, IMPORT_FILES, IMPORT_CREATES, IMPORT_READS,
	IMPORT_TIME, IMPORT_DEPENDS, IMPORT_BRANCH, IMPORT_GROUP, IMPORT_PROMPT, IMPORT_TEST, IMPORT_CRITERIA,
	IMPORT_STATUS, IMPORT_BLOCKS, IMPORT_OTHER,
	IMPORT_SAYS,	/* no label's: sentences */
	IMPORT_FIELDS
};
enum import_field import_word_field(struct str words);
/* "Files: a.c" is IMPORT_FILES and "a.c"; marks of lists and emphasis in front do not matter. */
enum import_field import_word_label(struct str line, struct str *value);

bool import_word_has(struct str text, const char *word);	/* anywhere, whatever the case */
bool import_word_same(struct str a, struct str b);	/* whatever the case (of ASCII) */
bool import_word_starts(struct str text, struct str word); /* the same */
/* Does the text hold one of the words, which are separated by '|'? */
bool import_word_any(struct str text, const char *words);
struct str import_word_plain(struct str text);	/* without marks of emphasis, code and quotes around it */

/* How alike are two titles: 0 … 100, by the words that carry them. */
unsigned import_word_alike(struct arena *, struct str a, struct str b);

/* Does it look like a path or a pattern? */
bool import_word_is_path(struct str word);
/* Does it look like a command that tests something? */
bool import_word_is_test(struct str line);

#endif
