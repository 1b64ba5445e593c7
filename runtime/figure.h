/* figure.h — what a metric came to, before the run and after it. */
#ifndef RUNTIME_FIGURE_H
#define RUNTIME_FIGURE_H

#include "common/text.h"
#include "runtime/store.h"

/* The number that a metric's command printed: the last line that is a decimal number, alone or followed
 * by its unit. False when there is none; *why says so, and what the output ends with. In the arena. */
bool figure_read(struct arena *, struct str output, struct str unit, struct str *number, struct str *why);

struct figure {
	bool tried;		/* it was measured, or could not be */
	struct str number;	/* empty: it could not be measured */
	struct str why;		/* it could not */
};
struct figures {
	struct figure before, after;
	bool missed;		/* there is an `after`, and it misses the goal */
};
/* By metric, as the journal has them. An `after` of another integration than the present one does not
 * count. In the arena. */
bool figure_gather(struct arena *, struct store *, const struct store_run *, const struct schedule *,
		   struct figures **, struct fail *);
/* "52.1 ms", or "-" when there is none. */
void figure_add(const struct schedule_metric *, const struct figure *, struct text *out);
/* "+12%": from before to after; nothing when it cannot be said. */
void figure_add_change(const struct figures *, struct text *out);
/* "<= 40 ms", or nothing. */
void figure_add_goal(const struct schedule_metric *, struct text *out);
/* "met", "missed", or nothing without a goal or an `after`. */
const char *figure_verdict(const struct schedule_metric *, const struct figures *);
/* All of them as a table; nothing when there are none. As JSON, an array `metrics`. */
void figure_write(const struct schedule *, const struct figures *, bool colour, struct text *out);
void figure_write_json(const struct schedule *, const struct figures *, struct text *out);

#endif
