/* image.h — a schedule as bytes (.orchb): little-endian words and one table of strings, with a
 * hash of it all at the end against damage. The same schedule gives the same bytes anywhere.
 *
 *     8 bytes    "orchb\r\n\x1a"
 *     word       IMAGE_VERSION
 *     word       the number of strings; then the length of each, in bytes
 *     bytes      the strings, one after the other, sorted by bytes, each once; zeros up to a word
 *     words      the plan; each table: its number of rows, then the rows; the operand strings
 *     8 bytes    FNV-1a of everything before, little-endian
 *
 * A record is its fields in the order of schedule.h. A string is its number in the table, an index
 * or number itself; a list is its length, then its elements; an instruction is op and operand. */
#ifndef SCHEDULE_IMAGE_H
#define SCHEDULE_IMAGE_H

#include "common/fail.h"
#include "common/text.h"
#include "schedule/schedule.h"

/* Goes up with every change of op.def, of the fields in schedule.h, of the layout, or of what
 * strands look like. Listings carry it, too. */
enum { IMAGE_VERSION = 4 };

void image_write(const struct schedule *, struct text *out);
/* Reads and verifies (verify.h), and refuses what image_write would have written differently.
 * Strings are borrowed from `bytes`, the rest is in the arena. */
bool image_read(struct arena *, struct str bytes, struct schedule **, struct fail *);
bool image_recognise(struct str bytes);	/* does it begin as an image does? */

#endif
