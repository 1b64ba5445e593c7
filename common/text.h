/* text.h — a text that grows. A zeroed struct text is ready and empty. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include "common/str.h"

struct text {
	char *at;	/* owned; followed by a NUL once anything was added */
	size_t n, cap;	/* bytes */
};

void text_add(struct text *, struct str);
void text_add_byte(struct text *, char);
void text_addf(struct text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_dollars(struct text *, uint64_t millionths);	/* "0.25 USD", to the next cent */
void text_add_duration(struct text *, uint64_t seconds);	/* "1h30m", "45s", "0s" */
void text_end_line(struct text *);	/* a line end, and no blanks before it */
struct str text_str(const struct text *);	/* borrowed until the next change */
void text_clear(struct text *);
void text_release(struct text *);

#endif
