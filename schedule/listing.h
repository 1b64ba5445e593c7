/* listing.h — a schedule as text for people, and back: assembling a listing gives the bytes that it
 * was made from.
 *
 *     schedule 1                          the version of images
 *     agent cache                         a record; what belongs to it is indented
 *         title    "Semantic Cache"       a field; what is empty, 0 or the first choice is left out
 *         after    api, tests             agents, pools and runners go by name, commands by number
 *         estimate 1h30m
 *         prompt                          a text of several lines:
 *             |as it is, up to the end of the line
 *             "or, where that cannot be seen, quoted\t"
 *         code                            the last in its record
 *             check 0                     ; or #: a comment
 *
 * Strings have the escapes \" \\ \n \r \t \u{…}; a list goes on after a comma at the end of a
 * line. */
#ifndef SCHEDULE_LISTING_H
#define SCHEDULE_LISTING_H

#include "common/fail.h"
#include "common/text.h"
#include "schedule/schedule.h"

void listing_write(const struct schedule *, struct text *out);	/* a verified schedule */
/* `name` is for messages. Verifies what it has read (verify.h). Everything is in the arena. */
bool listing_read(struct arena *, struct str text, struct str name, struct schedule **,
		  struct fail *);

#endif
