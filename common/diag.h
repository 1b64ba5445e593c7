/* diag.h — what is wrong with a plan, as data: a code, places with labels, notes and fixes.
 *
 * Passes add diagnostics and go on; cmd/ prints them. One mistake gives one diagnostic. */
#ifndef COMMON_DIAG_H
#define COMMON_DIAG_H

#include "common/source.h"
#include "common/text.h"

enum diag_code {
#define DIAG(SEVERITY, number, NAME, name, meaning) DIAG_##NAME,
#include "common/diag.def"
	DIAG_COUNT
};
enum diag_severity { DIAG_ERROR, DIAG_WARNING };
enum diag_applicability { DIAG_SAFE, DIAG_UNSAFE, DIAG_DISPLAY };

struct diag_label {
	struct span span;
	struct str text;
};
struct diag_note {
	bool help;	/* shown as "help:", else "note:" */
	struct str text;
};
struct diag_edit {
	struct span span;	/* to be replaced; empty to insert */
	struct str text;
};
struct diag_fix {
	struct str title;
	enum diag_applicability applicability;
	VEC(struct diag_edit) edits;
};
struct diag {
	enum diag_code code;
	struct span span;	/* the primary place */
	struct str message, label;	/* label: what the primary caret says; may be empty */
	VEC(struct diag_label) labels;	/* other places */
	VEC(struct diag_note) notes;
	VEC(struct diag_fix) fixes;
};
struct diags {
	struct arena *arena;		/* borrowed; holds all texts */
	const struct sources *sources;	/* borrowed */
	VEC(struct diag) list;
	size_t errors, warnings;
};

/* The new diagnostic; valid until the next diag_add. The primary place's label is empty. */
struct diag *diag_add(struct diags *, enum diag_code, struct span, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void diag_here(struct diags *, struct diag *, const char *format, ...)	/* the primary label */
	__attribute__((format(printf, 3, 4)));
void diag_label(struct diags *, struct diag *, struct span, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void diag_note(struct diags *, struct diag *, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_help(struct diags *, struct diag *, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A fix of one edit; more edits are added to what it returns. */
struct diag_fix *diag_fix(struct diags *, struct diag *, enum diag_applicability, struct span,
			  struct str replacement, const char *title, ...)
	__attribute__((format(printf, 6, 7)));

struct diag_info {
	enum diag_severity severity;
	unsigned number;
	const char *name, *meaning;
};
const struct diag_info *diag_info(enum diag_code);	/* static */
const char *diag_level(enum diag_code);	/* "error" or "warning" */
const char *diag_applicability_name(enum diag_applicability);	/* "safe", "unsafe" or "display" */
/* "E0301", "e0301" or "overlap". */
bool diag_find(struct str code_or_name, enum diag_code *);
struct str diag_code_text(struct arena *, enum diag_code);	/* "E0301" */
#define DIAG_CODE_SIZE 16
const char *diag_code_write(enum diag_code, char code[DIAG_CODE_SIZE]);	/* the same, into `code` */

void diag_sort(struct diags *);	/* by file in order of loading, then by place */
/* The way rustc shows it: message, places with source lines and carets, notes, helps. Control
 * characters of the source are made visible; carets stand right under wide characters and tabs. */
void diag_print(const struct diags *, const struct diag *, bool colour, struct text *out);
/* One line each, with its LF. */
void diag_print_short(const struct diags *, const struct diag *, struct text *out);	/* file:line:column: … */
void diag_print_json(const struct diags *, const struct diag *, struct text *out);
void diag_print_github(const struct diags *, const struct diag *, struct text *out);	/* ::error file=…::… */

#endif
