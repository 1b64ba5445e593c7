/* eval.h — the values of literals: strings, text blocks, numbers, durations; and `${name}` put in.
 *
 * What cannot be evaluated is said, and gives a value that does no harm (an empty text, 0). */
#ifndef COMPILER_EVAL_H
#define COMPILER_EVAL_H

#include "grammar/syntax.h"

struct eval_name {
	struct str name, value;
};
/* The names that may be put in. */
struct eval_names {
	const struct eval_name *at;
	size_t n;
	const char *whose;	/* for messages: "this template has the parameters" */
};
struct eval {
	struct arena *arena;	/* borrowed, as are the others */
	const struct sources *sources;
	const struct syntax *syntax;
	struct diags *diags;
	const struct eval_names *names;	/* live in strings; NULL: `${` means nothing there */
};

/* A STRING or TEXT. In the arena, or a part of the source. */
struct str eval_text(const struct eval *, const struct node *);

/* A text that need not be copied: `text` itself, or what is left of its lines without `margin` bytes
 * at the start of each. Prompts are most of a large plan, and few passes read them. */
struct eval_kept {
	struct str text;	/* a part of the source, or in the arena */
	uint32_t margin;
	bool lines;		/* as they stand in a text block */
};
struct eval_kept eval_keep(const struct eval *, const struct node *);	/* of a STRING or TEXT */
/* In the arena, unless it is `text` itself. */
struct str eval_kept_text(struct arena *, struct eval_kept);

/* The text of a STRING as bytes, with `${name}` left as it is but checked against the names. */
struct str eval_template_text(const struct eval *, const struct node *);
/* `${name}` of `text`, which has no escapes any more, put in; what is unknown stays. */
struct str eval_put_in(struct arena *, struct str text, const struct eval_names *);

struct eval_range {
	uint32_t least, most;
	const char *what;	/* "the number of jobs" */
};
uint32_t eval_number(const struct eval *, const struct node *, struct eval_range);
/* `1.5` or `2`, in hundredths. */
uint32_t eval_hundredths(const struct eval *, const struct node *, struct eval_range);
/* `2G`, in KiB: from `least` on, up to 1 TiB. */
uint32_t eval_kibibytes(const struct eval *, const struct node *, struct eval_range);
uint32_t eval_cents(const struct eval *, const struct node *, const char *what);	/* US cents, of a MONEY */
uint32_t eval_duration(const struct eval *, const struct node *);	/* seconds, at least 1; 0 when wrong */

/* "4h30m"; in the arena. */
struct str eval_duration_text(struct arena *, uint64_t seconds);

/* The next `${name}` that is live in the raw text of a node, from *at on; *at is moved behind
 * it. */
struct eval_hole {
	size_t start, end;	/* bytes in the text, from `$` to behind `}` */
	struct str name;
};
bool eval_next_hole(struct str raw, size_t dollars, size_t *at, struct eval_hole *);
/* How many `$` stand before a hole's brace in this STRING or TEXT when names are live: 1, or a text
 * block's own number; 0 in a plain text block, where nothing is live. */
size_t eval_dollars(const struct eval *, const struct node *);

#endif
