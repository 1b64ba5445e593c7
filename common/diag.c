/* diag.c — see diag.h. Diagnostics are collected; how they are shown is in diag_print.c. */
#include "common/diag.h"

#include "common/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct str format_text(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	BUG_IF(n < 0, "a format that cannot be printed");
	char *at = arena_take(arena, (size_t)n + 1);
	vsnprintf(at, (size_t)n + 1, format, again);
	va_end(again);
	return (struct str){ at, (size_t)n };
}

/* Into `text`, what the caller's format and arguments say. */
#define FORMAT_INTO(text, arena, format)                      \
	do {                                                  \
		va_list args;                                 \
		va_start(args, format);                       \
		(text) = format_text(arena, format, args);    \
		va_end(args);                                 \
	} while (0)

struct diag *diag_add(struct diags *diags, enum diag_code code, struct span span,
		      const char *format, ...)
{
	struct diag *diag = VEC_ADD(diags->arena, &diags->list);
	diag->code = code;
	diag->span = span;
	diag->label = STR("");
	FORMAT_INTO(diag->message, diags->arena, format);
	if (diag_info(code)->severity == DIAG_ERROR)
		diags->errors++;
	else
		diags->warnings++;
	return diag;
}

void diag_here(struct diags *diags, struct diag *diag, const char *format, ...)
{
	FORMAT_INTO(diag->label, diags->arena, format);
}

void diag_label(struct diags *diags, struct diag *diag, struct span span, const char *format, ...)
{
	struct diag_label *label = VEC_ADD(diags->arena, &diag->labels);
	label->span = span;
	FORMAT_INTO(label->text, diags->arena, format);
}

void diag_note(struct diags *diags, struct diag *diag, const char *format, ...)
{
	struct diag_note *note = VEC_ADD(diags->arena, &diag->notes);
	FORMAT_INTO(note->text, diags->arena, format);
}

void diag_help(struct diags *diags, struct diag *diag, const char *format, ...)
{
	struct diag_note *note = VEC_ADD(diags->arena, &diag->notes);
	note->help = true;
	FORMAT_INTO(note->text, diags->arena, format);
}

struct diag_fix *diag_fix(struct diags *diags, struct diag *diag,
			  enum diag_applicability applicability, struct span span,
			  struct str replacement, const char *title, ...)
{
	struct diag_fix *fix = VEC_ADD(diags->arena, &diag->fixes);
	fix->applicability = applicability;
	FORMAT_INTO(fix->title, diags->arena, title);
	*VEC_ADD(diags->arena, &fix->edits) = (struct diag_edit){ span, replacement };
	return fix;
}

static const struct diag_info info[DIAG_COUNT] = {
#define DIAG(SEVERITY, number, NAME, name, meaning) \
	[DIAG_##NAME] = { DIAG_##SEVERITY, number, name, meaning },
#include "common/diag.def"
};

const struct diag_info *diag_info(enum diag_code code)
{
	BUG_IF(code >= DIAG_COUNT, "a code that diag.def does not have");
	return &info[code];
}

static char severity_letter(enum diag_severity severity)
{
	return severity == DIAG_ERROR ? 'E' : 'W';
}

const char *diag_level(enum diag_code code)
{
	return diag_info(code)->severity == DIAG_ERROR ? "error" : "warning";
}

const char *diag_applicability_name(enum diag_applicability applicability)
{
	static const char *const name[] = {
		[DIAG_SAFE] = "safe", [DIAG_UNSAFE] = "unsafe", [DIAG_DISPLAY] = "display",
	};
	return name[applicability];
}

const char *diag_code_write(enum diag_code code, char text[DIAG_CODE_SIZE])
{
	snprintf(text, DIAG_CODE_SIZE, "%c%04u", severity_letter(diag_info(code)->severity),
		 diag_info(code)->number);
	return text;
}

bool diag_find(struct str text, enum diag_code *code)
{
	char shown[16];
	if (text.n == 5 && (text.at[0] == 'e' || text.at[0] == 'w')) {
		snprintf(shown, sizeof shown, "%c%.4s", text.at[0] - 'a' + 'A', text.at + 1);
		text = (struct str){ shown, 5 };
	}
	for (int i = 0; i < DIAG_COUNT; i++) {
		char number[DIAG_CODE_SIZE];
		if (str_is(text, diag_code_write((enum diag_code)i, number)) ||
		    str_is(text, info[i].name)) {
			*code = (enum diag_code)i;
			return true;
		}
	}
	return false;
}

struct str diag_code_text(struct arena *arena, enum diag_code code)
{
	char text[DIAG_CODE_SIZE];
	return arena_copy(arena, str_from(diag_code_write(code, text)));
}

static int compare_diags(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;
	if (x->span.source != y->span.source)
		return x->span.source < y->span.source ? -1 : 1;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return str_compare(x->message, y->message);
}

void diag_sort(struct diags *diags)
{
	if (diags->list.n)
		qsort(diags->list.at, diags->list.n, sizeof *diags->list.at, compare_diags);
}
