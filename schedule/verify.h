/* verify.h — is a schedule what a compiler would have written?
 *
 * Nothing is believed: every index, string, pattern, branch name, count and instruction; each
 * agent submitted, awaited, merged and advanced exactly once, its strand prepared, launched,
 * harvested, gated and recorded exactly once and in order; dependencies before dependents in
 * every list; the merge order against `after`; and the overlap proof, made again from the
 * patterns and edges that are there. So an image that was edited cannot weaken what the
 * compiler proved. */
#ifndef SCHEDULE_VERIFY_H
#define SCHEDULE_VERIFY_H

#include "common/fail.h"
#include "schedule/schedule.h"

bool verify_schedule(const struct schedule *, struct fail *);

#endif
