/* format_line.c — see format_line.h. */
#include "compiler/format_line.h"

#include "common/fail.h"
#include "common/utf8.h"

enum { COMMENT_DISTANCE = 2 };

size_t format_line_columns(struct str s)
{
	return utf8_is_ascii(s) ? s.n : utf8_width(s);
}

static void add_spaces(struct text *out, size_t n)
{
	static const char spaces[] =
		"                                                                ";
	for (size_t part; n; n -= part) {
		part = n < sizeof spaces - 1 ? n : sizeof spaces - 1;
		text_add(out, (struct str){ spaces, part });
	}
}

void format_line_add(struct format_line *line, struct str s)
{
	text_add(&line->code, s);
	line->width += format_line_columns(s);
}

void format_line_pad(struct format_line *line, size_t column)
{
	if (column <= line->width)
		return;
	add_spaces(&line->code, column - line->width);
	line->width = column;
}

bool format_line_is_open(const struct format_line *line)
{
	return line->code.n > 0;
}

/* The column of the comments: behind the longest line, unless that drives one over the edge which
 * need not be. */
static size_t comment_column(const struct format_line *line)
{
	size_t longest = 0;
	for (size_t i = 0; i < line->lines.n; i++)
		if (line->lines.at[i].width > longest)
			longest = line->lines.at[i].width;
	longest += COMMENT_DISTANCE;
	for (size_t i = 0; i < line->lines.n; i++) {
		const struct format_line_held *held = &line->lines.at[i];
		size_t comment = format_line_columns(held->comment);
		if (longest + comment > FORMAT_LINE_WIDTH &&
		    held->width + COMMENT_DISTANCE + comment <= FORMAT_LINE_WIDTH)
			return 0;
	}
	return longest;
}

static void release_held(struct format_line *line)
{
	size_t column = line->lines.n > 1 ? comment_column(line) : 0, at = 0;
	for (size_t i = 0; i < line->lines.n; i++) {
		const struct format_line_held *held = &line->lines.at[i];
		size_t own = held->width + COMMENT_DISTANCE;
		text_add(line->out, str_slice(text_str(&line->held), at, held->end));
		add_spaces(line->out, (column > own ? column : own) - held->width);
		text_add(line->out, held->comment);
		text_add(line->out, line->newline);
		at = held->end;
	}
	line->lines.n = 0;
	text_clear(&line->held);
}

void format_line_end(struct format_line *line, struct str comment, unsigned group)
{
	BUG_IF(!format_line_is_open(line), "the end of a line that was not begun");
	if (!comment.n || !group || group != line->group)
		release_held(line);
	if (comment.n) {
		text_add(&line->held, text_str(&line->code));
		*VEC_ADD(line->arena, &line->lines) =
			(struct format_line_held){ line->held.n, line->width, comment };
		line->group = group;
	} else {
		text_add(line->out, text_str(&line->code));
		text_add(line->out, line->newline);
	}
	text_clear(&line->code);
	line->width = 0;
}

void format_line_raw(struct format_line *line, size_t margin, struct str s)
{
	BUG_IF(format_line_is_open(line), "a line in the middle of another");
	release_held(line);
	if (s.n)
		add_spaces(line->out, margin);
	text_add(line->out, s);
	/* A line that ends in a CR of its own would lose it to a bare LF. */
	bool cr = s.n && s.at[s.n - 1] == '\r';
	text_add(line->out, cr ? STR("\r\n") : line->newline);
}

void format_line_blank(struct format_line *line)
{
	format_line_raw(line, 0, STR(""));
}

void format_line_finish(struct format_line *line)
{
	BUG_IF(format_line_is_open(line), "a line that was not ended");
	release_held(line);
	text_release(&line->code);
	text_release(&line->held);
}
