/* position.h — places as clients count them: lines and characters from 0, a character being a unit of
 * UTF-16, or a byte when the client counts so. */
#ifndef LSP_POSITION_H
#define LSP_POSITION_H

#include "common/json.h"
#include "common/source.h"

enum position_encoding { POSITION_UTF16, POSITION_UTF8 };
struct position {
	uint32_t line, character;
};

struct position position_of(const struct source *, uint32_t offset, enum position_encoding);
/* The same, counted on from a place before it, whose offset is known: for many places of one long line. */
struct position position_after(const struct source *, uint32_t known, struct position at, uint32_t offset,
			       enum position_encoding);
/* Behind the end of a line is its end, behind the last line the end of the text; within a character,
 * its beginning. */
uint32_t position_offset(const struct source *, struct position, enum position_encoding);

/* { "line": …, "character": … } */
bool position_read(const struct json *, struct position *);
void position_write(struct text *out, const char *key, struct position);
void position_write_range(struct text *out, const char *key, const struct source *, uint32_t start,
			  uint32_t end, enum position_encoding);

#endif
