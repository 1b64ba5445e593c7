/* mojibake.h — text that was written as UTF-8, read as something else and written again: "cafÃ©"
 * for "café".
 *
 * Each byte of a character became a character of its own. That can be undone exactly, when it is
 * known that it was done; and since such rows of characters hardly stand in good text of any
 * language, it can be. */
#ifndef COMMON_MOJIBAKE_H
#define COMMON_MOJIBAKE_H

#include "common/arena.h"
#include "common/vec.h"

enum mojibake_codec {
	MOJIBAKE_WESTERN,	/* Latin-1, or Windows-1252, which differ in what no good text has */
	MOJIBAKE_MAC,		/* Mac Roman */
};
struct mojibake_edit {
	size_t start, end;	/* bytes in the text: a row of characters outside of ASCII */
	struct str text;	/* what it was; in the arena */
};
struct mojibake {
	size_t n;		/* characters that were damaged; 0: it is good */
	unsigned times;		/* how often that was done, once mostly */
	enum mojibake_codec codec;	/* the last time */
	bool whole;		/* nothing outside of ASCII was not damaged */
	VEC(struct mojibake_edit) edits;	/* in order */
};

/* Of valid UTF-8. Takes time in the length of the text; of ASCII, hardly any. */
struct mojibake mojibake_find(struct arena *, struct str text);
/* The text without the damage. In the arena. */
struct str mojibake_repair(struct arena *, struct str text, const struct mojibake *);

#endif
