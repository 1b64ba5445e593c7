/* diag_print.c — a diagnostic as people read it: the message, the lines it is about with marks
 * under them, notes.
 *
 * Marks stand under characters as a terminal shows them, so each line is first turned into what is
 * shown, grapheme by grapheme, and the columns of its marks are noted on the way. */
#include "common/diag.h"

#include "common/shown.h"
#include "common/utf8.h"

#include <stdlib.h>

enum {
	WIDEST = 120,	/* columns of source that are shown of a line */
	AROUND = 40,	/* of these, at least so many before a mark, where the line is long */
};

/* A mark under a part of one line. */
struct mark {
	struct span span;
	uint32_t line;
	bool primary;
	struct str label;
	size_t from, to;	/* columns, `to` not included; found when the line is shown */
};
struct marks {
	struct arena arena;
	VEC(struct mark) list;
};
struct print {
	const struct sources *sources;
	struct text *out;
	bool colour;
	unsigned gutter;	/* digits of the largest line number */
	enum diag_severity severity;
};

enum style { PLAIN, BOLD, ERROR_STYLE, WARNING_STYLE, QUIET, HELP };

static void style(const struct print *print, enum style style)
{
	static const char code[][8] = { "\033[0m",    "\033[1m",    "\033[1;31m",
					"\033[1;33m", "\033[1;34m", "\033[1;36m" };
	if (print->colour)
		text_add(print->out, str_from(code[style]));
}

static enum style severity_style(const struct print *print)
{
	return print->severity == DIAG_ERROR ? ERROR_STYLE : WARNING_STYLE;
}

static void add_blanks(struct text *out, size_t n)
{
	while (n--)
		text_add_byte(out, ' ');
}

static void add_gutter(const struct print *print, const char *sign)
{
	style(print, QUIET);
	add_blanks(print->out, print->gutter + 1);
	text_add(print->out, str_from(sign));
	style(print, PLAIN);
}

/* Notes the columns of those marks that begin or end at this byte of the line. */
static void note_columns(struct mark *mark, size_t n, uint32_t start, uint32_t end, size_t column,
			 size_t width)
{
	for (size_t i = 0; i < n; i++) {
		if (mark[i].span.start >= start && mark[i].span.start < end)
			mark[i].from = column;
		if (mark[i].span.end > start && mark[i].span.start < end)
			mark[i].to = column + width;
	}
}

/* The part of a line that is shown for the mark, of at most about WIDEST characters; whole when it
 * can be. */
static void choose_window(struct str line, uint32_t line_start, const struct mark *mark,
			  size_t *from, size_t *to)
{
	*from = 0;
	*to = line.n;
	if (line.n <= WIDEST || (line.n <= WIDEST * 16 && utf8_width(line) <= WIDEST))
		return;
	size_t at = mark->span.start - line_start;
	*from = at > AROUND ? at - AROUND : 0;
	while (*from && ((unsigned char)line.at[*from] & 0xC0) == 0x80)
		--*from;
	/* Bytes for columns: a window of wide text is a little narrower, which does no harm. */
	*to = *from + WIDEST < line.n ? *from + WIDEST : line.n;
	while (*to < line.n && ((unsigned char)line.at[*to] & 0xC0) == 0x80)
		++*to;
}

/* The line with its number; the columns of its marks are found. */
static void print_line(struct print *print, const struct source *source, struct mark *mark,
		       size_t n)
{
	struct str line = source_line(source, mark->line);
	uint32_t line_start = source->line[mark->line - 1];
	size_t at, to, column = 0, bytes;
	choose_window(line, line_start, mark, &at, &to);
	style(print, QUIET);
	text_addf(print->out, "%*u |", (int)print->gutter, mark->line);
	style(print, PLAIN);
	if (line.n)
		text_add_byte(print->out, ' ');
	if (at) {
		text_add(print->out, STR("…"));
		column++;
	}
	for (unsigned width; at < to; at += bytes) {
		bytes = utf8_grapheme(str_slice(line, at, to), &width);
		size_t shown = shown_add_grapheme(print->out, str_slice(line, at, at + bytes),
						  width, column);
		note_columns(mark, n, line_start + (uint32_t)at,
			     line_start + (uint32_t)(at + bytes), column, shown);
		column += shown;
	}
	if (to < line.n)
		text_add(print->out, STR("…"));
	text_add_byte(print->out, '\n');
	for (size_t i = 0; i < n; i++) {
		/* Behind the end of the line, or empty: one column. */
		if (mark[i].span.start >= line_start + to)
			mark[i].from = column;
		if (mark[i].to <= mark[i].from)
			mark[i].to = mark[i].from + 1;
	}
}

static void mark_style(const struct print *print, const struct mark *mark)
{
	style(print, mark->primary ? severity_style(print) : QUIET);
}

static void end_line(const struct print *print)
{
	while (print->out->n && print->out->at[print->out->n - 1] == ' ')
		print->out->n--;
	text_add_byte(print->out, '\n');
}

/* Which mark is seen at the column: the primary one above others. NULL for none. */
static const struct mark *mark_at(const struct mark *mark, size_t n, size_t column)
{
	const struct mark *found = NULL;
	for (size_t i = 0; i < n; i++)
		if (column >= mark[i].from && column < mark[i].to && (!found || mark[i].primary))
			found = &mark[i];
	return found;
}

/* The marks, in the order of their columns, and the label of the last one behind them. */
static void print_marks(const struct print *print, const struct mark *mark, size_t n)
{
	size_t end = 0;
	for (size_t i = 0; i < n; i++)
		end = mark[i].to > end ? mark[i].to : end;
	add_gutter(print, "| ");
	const struct mark *before = NULL;
	for (size_t column = 0; column < end; column++) {
		const struct mark *here = mark_at(mark, n, column);
		if (here != before)
			style(print, PLAIN);
		if (here && here != before)
			mark_style(print, here);
		text_add_byte(print->out, !here ? ' ' : here->primary ? '^' : '-');
		before = here;
	}
	if (mark[n - 1].label.n && mark[n - 1].to == end) {
		text_add_byte(print->out, ' ');
		shown_add(print->out, mark[n - 1].label);
	}
	style(print, PLAIN);
	end_line(print);
}

/* The labels that found no room behind the marks: on lines of their own, hanging from their marks,
 * the rightmost first. */
static void print_hanging(const struct print *print, const struct mark *mark, size_t n, size_t end)
{
	size_t hanging = mark[n - 1].to == end ? n - 1 : n;
	for (size_t i = hanging; i-- > 0;) {
		if (!mark[i].label.n)
			continue;
		for (int row = 0; row < 2; row++) {
			size_t column = 0;
			add_gutter(print, "| ");
			for (size_t k = 0; k < i + (row == 0); k++) {
				if (!mark[k].label.n || mark[k].from < column ||
				    (k < i && mark[k].from == mark[i].from))
					continue;
				add_blanks(print->out, mark[k].from - column);
				mark_style(print, &mark[k]);
				text_add_byte(print->out, '|');
				style(print, PLAIN);
				column = mark[k].from + 1;
			}
			if (row == 1) {
				add_blanks(print->out,
					   mark[i].from > column ? mark[i].from - column : 0);
				mark_style(print, &mark[i]);
				shown_add(print->out, mark[i].label);
				style(print, PLAIN);
			}
			end_line(print);
		}
	}
}

static int compare_columns(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

/* The marks of one line that fit into one window; how many these are. */
static size_t count_together(const struct source *source, const struct mark *mark, size_t n)
{
	struct str line = source_line(source, mark->line);
	size_t from, to, together = 1;
	choose_window(line, source->line[mark->line - 1], mark, &from, &to);
	while (together < n && mark[together].line == mark->line &&
	       mark[together].span.start - source->line[mark->line - 1] <= to)
		together++;
	return together;
}

static int compare_places(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	if (x->span.source != y->span.source)
		return x->span.source < y->span.source ? -1 : 1;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return (x->span.end > y->span.end) - (x->span.end < y->span.end);
}

/* A place of several lines is marked to the end of its first line and in its last, where the label
 * is. */
static void add_mark(struct marks *marks, const struct sources *sources, struct span span,
		     bool primary, struct str label)
{
	const struct source *source = source_get(sources, span.source);
	uint32_t first = source_line_at(source, span.start);
	uint32_t last = source_line_at(source, span.end > span.start ? span.end - 1 : span.end);
	if (first == last) {
		*VEC_ADD(&marks->arena, &marks->list) = (struct mark){ span, first, primary, label, 0, 0 };
		return;
	}
	struct str line = source_line(source, last);
	uint32_t line_start = source->line[last - 1];
	size_t blank = line.n - str_trim(line).n;
	while (blank && line.n && line.at[blank - 1] != ' ' && line.at[blank - 1] != '\t')
		blank--;
	struct span head = { span.source, span.start, source->line[first] - 1 };
	struct span tail = { span.source, line_start + (uint32_t)blank, span.end };
	if (tail.start >= tail.end)
		tail.start = line_start;
	*VEC_ADD(&marks->arena, &marks->list) = (struct mark){ head, first, primary, STR(""), 0, 0 };
	*VEC_ADD(&marks->arena, &marks->list) = (struct mark){ tail, last, primary, label, 0, 0 };
}

static void print_place(const struct print *print, const char *arrow, uint32_t source,
			uint32_t offset)
{
	struct place place = source_place(print->sources, source, offset);
	style(print, QUIET);
	add_blanks(print->out, print->gutter);
	text_add(print->out, str_from(arrow));
	style(print, PLAIN);
	text_add_byte(print->out, ' ');
	shown_add(print->out, source_get(print->sources, source)->path);
	text_addf(print->out, ":%u:%u\n", place.line, place.column);
}

/* All marks of one file. */
static void print_source(struct print *print, struct mark *mark, size_t n)
{
	const struct source *source = source_get(print->sources, mark->span.source);
	uint32_t before = 0;
	add_gutter(print, "|");
	text_add_byte(print->out, '\n');
	for (size_t i = 0, together; i < n; i += together) {
		together = count_together(source, mark + i, n - i);
		if (before && mark[i].line > before + 2)
			text_add(print->out, STR("...\n"));
		else if (before && mark[i].line == before + 2) {
			struct mark between = { .span = { 0, source->line[before],
							  source->line[before] },
						.line = before + 1 };
			print_line(print, source, &between, 1);
		}
		print_line(print, source, mark + i, together);
		qsort(mark + i, together, sizeof *mark, compare_columns);
		print_marks(print, mark + i, together);
		size_t end = 0;
		for (size_t k = i; k < i + together; k++)
			end = mark[k].to > end ? mark[k].to : end;
		print_hanging(print, mark + i, together, end);
		before = mark[i].line;
	}
}

/* "= note: …", further lines indented under the first. */
static void print_note(const struct print *print, const char *what, struct str text)
{
	struct str line;
	bool first = true;
	while (str_split(&text, '\n', &line)) {
		if (first) {
			add_gutter(print, "= ");
			style(print, BOLD);
			text_add(print->out, str_from(what));
			style(print, PLAIN);
			text_add(print->out, STR(": "));
		} else {
			add_blanks(print->out, print->gutter + 3 + str_from(what).n + 2);
		}
		shown_add(print->out, line);
		end_line(print);
		first = false;
	}
}

static void print_notes(const struct print *print, const struct diag *diag)
{
	bool any = diag->notes.n || diag->fixes.n;
	if (any) {
		add_gutter(print, "|");
		text_add_byte(print->out, '\n');
	}
	for (int help = 0; help < 2; help++)
		for (size_t i = 0; i < diag->notes.n; i++)
			if (diag->notes.at[i].help == help)
				print_note(print, help ? "help" : "note", diag->notes.at[i].text);
	for (size_t i = 0; i < diag->fixes.n; i++)
		print_note(print, "help", diag->fixes.at[i].title);
}

static void print_head(const struct print *print, const struct diag *diag)
{
	char code[DIAG_CODE_SIZE];
	style(print, severity_style(print));
	text_addf(print->out, "%s[%s]", diag_level(diag->code), diag_code_write(diag->code, code));
	style(print, PLAIN);
	style(print, BOLD);
	text_add(print->out, STR(": "));
	shown_add(print->out, diag->message);
	style(print, PLAIN);
	text_add_byte(print->out, '\n');
}

static unsigned count_digits(uint32_t number)
{
	unsigned digits = 1;
	while (number /= 10)
		digits++;
	return digits;
}

void diag_print(const struct diags *diags, const struct diag *diag, bool colour, struct text *out)
{
	struct print print = { diags->sources, out, colour, 1, diag_info(diag->code)->severity };
	struct marks marks = { 0 };
	add_mark(&marks, diags->sources, diag->span, true, diag->label);
	for (size_t i = 0; i < diag->labels.n; i++)
		add_mark(&marks, diags->sources, diag->labels.at[i].span, false,
			 diag->labels.at[i].text);
	struct mark *mark = marks.list.at;
	size_t n = marks.list.n;
	qsort(mark, n, sizeof *mark, compare_places);
	for (size_t i = 0; i < n; i++)
		if (count_digits(mark[i].line) > print.gutter)
			print.gutter = count_digits(mark[i].line);
	print_head(&print, diag);
	print_place(&print, "-->", diag->span.source, diag->span.start);
	/* The file of the primary place first, then the others. */
	for (int others = 0; others < 2; others++) {
		for (size_t i = 0, run; i < n; i += run) {
			uint32_t source = mark[i].span.source;
			for (run = 1; i + run < n && mark[i + run].span.source == source;)
				run++;
			if ((source != diag->span.source) != others)
				continue;
			if (others)
				print_place(&print, ":::", source, mark[i].span.start);
			print_source(&print, mark + i, run);
		}
	}
	print_notes(&print, diag);
	arena_release(&marks.arena);
}
