/* listing.h — a schedule as text for people, and back: assembling a listing gives the bytes that
 * it was made from. */
#ifndef SCHEDULE_LISTING_H
#define SCHEDULE_LISTING_H

#include "common/fail.h"
#include "common/text.h"
#include "schedule/schedule.h"

void listing_write(const struct schedule *, struct text *out);
/* `name` is for messages. Verifies what it has read (verify.h). */
bool listing_read(struct arena *, struct str text, struct str name, struct schedule **, struct fail *);

#endif
