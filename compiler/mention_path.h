/* mention_path.h — is a word of a prompt the path of a file?
 *
 * Without asking the repository: by slashes, by known extensions and by names that are well known.
 * What only looks like a path is none: addresses, routes, packages, media types, dates, branches,
 * globs, variables. */
#ifndef COMPILER_MENTION_PATH_H
#define COMPILER_MENTION_PATH_H

#include "common/str.h"

enum mention_path_kind { MENTION_PATH_NONE, MENTION_PATH_FILE, MENTION_PATH_FOLDER };
struct mention_path {
	enum mention_path_kind kind;
	size_t start, end;	/* bytes in the text: the path without "./", line numbers and what ends a sentence */
};

/* The next word from *at on, before `end`; false when there is none. *at moves behind it. */
bool mention_path_word(struct str text, size_t end, size_t *at, size_t *start, size_t *stop);
/* Could it be one? Asked of every word, so at once. */
bool mention_path_may_be(struct str word);
/* Where at or behind `from` a byte is without which there is no path: of a word that is one, one
 * such byte is in it. SIZE_MAX when there is none. Most text has none, so this is what all of it is
 * asked first. */
size_t mention_path_next(struct str text, size_t from);
/* What the word at `start` … `end` is. */
struct mention_path mention_path_read(struct str text, size_t start, size_t end);

#endif
