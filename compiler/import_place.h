/* import_place.h — where in the bytes of a JSON document its parts stand.
 *
 * For places to show only: the document has been read as JSON before, so nothing is checked here,
 * but any bytes may be given. `at` is where a value begins. Keys are compared as they are
 * written. */
#ifndef COMPILER_IMPORT_PLACE_H
#define COMPILER_IMPORT_PLACE_H

#include "common/str.h"

#define IMPORT_PLACE_NONE SIZE_MAX

size_t import_place_start(struct str text); /* of all of it */
/* The value of an object's member, or IMPORT_PLACE_NONE. */
size_t import_place_member(struct str text, size_t at, struct str key);
/* The first element of a list, and the one behind another one; or IMPORT_PLACE_NONE. */
size_t import_place_first(struct str text, size_t at);
size_t import_place_next(struct str text, size_t at);
struct str import_place_value(struct str text, size_t at); /* all of it, with quotes or brackets */

#endif
