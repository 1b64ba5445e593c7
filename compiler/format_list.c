/* format_list.c — see format_list.h. */
#include "compiler/format_list.h"

#include "compiler/format_text.h"
#include "grammar/lexer.h"
#include "parser.h"

enum layout { FLAT, FILLED, SPREAD, KEPT };

struct item {
	uint32_t first, last;
	bool text;	/* ends in a text block */
};
struct writer {
	const struct format_token *t;
	struct format_line *line;
	const struct format_list *list;
	enum layout layout;
	size_t column;	/* where an item begins that is the first in its line */
	size_t indent;	/* of the present line */
	bool ended;	/* the last item's line */
};

/* The item that begins at `at` or behind; false when there is none. */
static bool read_item(const struct format_token *t, uint32_t at, uint32_t end, struct item *item)
{
	at = format_token_significant(t, at, end);
	if (at < end && format_token_kind(t, at) == TOKEN_COMMA)
		at = format_token_significant(t, at + 1, end);
	if (at == end)
		return false;
	*item = (struct item){ at, at, false };
	for (; at < end && format_token_kind(t, at) != TOKEN_COMMA;
	     at = format_token_significant(t, at + 1, end))
		item->last = at;
	item->text = format_token_kind(t, item->last) == TOKEN_TEXT;
	return true;
}

bool format_list_has_allow(const struct format_token *t, const struct format_list *list)
{
	struct format_token_gap gap = { list->first, list->end, 0 };
	struct format_token_comment comment;
	while (format_token_gap_next(t, &gap, &comment))
		if (comment.allow)
			return true;
	return false;
}

static bool has_comments(const struct writer *w)
{
	return format_token_find(w->t, w->list->first, w->list->end, TRIVIA_COMMENT) ||
	       format_token_find(w->t, w->list->loose.at, w->list->loose.end, TRIVIA_COMMENT);
}

static enum layout choose(const struct writer *w)
{
	const struct format_list *list = w->list;
	size_t width = 0;
	bool texts = false;
	struct item item;
	for (uint32_t at = list->first; read_item(w->t, at, list->end, &item); at = item.last + 1) {
		width += format_token_width(w->t, item.first, item.last) + (width ? 2 : 0);
		texts = texts || item.text;
	}
	bool comments = has_comments(w);
	if (list->kept)
		return KEPT;
	if (comments || (texts && list->bracket))
		return SPREAD;
	if (!width || texts || w->line->width + width + list->tail <= FORMAT_LINE_WIDTH)
		return FLAT;
	read_item(w->t, list->first, list->end, &item);
	bool names = !list->bracket && format_token_kind(w->t, item.first) != TOKEN_STRING;
	return names || list->bracket == TOKEN_LBRACKET ? FILLED : SPREAD;
}

static bool is_broken(const struct writer *w, uint32_t from, uint32_t to)
{
	return format_token_find(w->t, from, to, TRIVIA_NEWLINE);
}

static void end_line(struct writer *w, struct str comment, unsigned group)
{
	if (!w->ended)
		format_line_end(w->line, comment, group);
	w->ended = true;
}

/* The comments of a gap; whether an empty line is between them and what follows. */
static bool write_comments(struct writer *w, struct format_token_gap gap, bool behind, bool first)
{
	struct format_token_comment comment;
	while (format_token_gap_next(w->t, &gap, &comment)) {
		if (comment.behind && behind && !w->ended) {
			end_line(w, comment.text, first ? 0 : w->list->depth + 1);
			continue;
		}
		end_line(w, STR(""), 0);
		if (comment.apart && !first)
			format_line_blank(w->line);
		format_line_pad(w->line, w->column);
		format_line_add(w->line, comment.text);
		format_line_end(w->line, STR(""), 0);
		first = false;
	}
	return gap.lines > 1 && !first;
}

/* Comments inside of an item come to stand before it. */
static bool keeps_break(const struct writer *w, uint32_t from, const struct item *item)
{
	return is_broken(w, from, item->first) ||
	       format_token_find(w->t, item->first, item->last, TRIVIA_COMMENT);
}

static bool breaks_before(const struct writer *w, const struct item *item,
			  const struct item *before)
{
	struct item next;
	const struct format_list *list = w->list;
	switch (w->layout) {
	case FLAT:
		return false;
	case SPREAD:
		return before || list->bracket;
	case KEPT:
		return keeps_break(w, before ? before->last + 1 : list->first, item);
	case FILLED:
		break;
	}
	bool last = !read_item(w->t, item->last + 1, list->end, &next);
	size_t width = 1 + format_token_width(w->t, item->first, item->last) +
		       (last ? list->tail : 1);
	return before && w->line->width + width > FORMAT_LINE_WIDTH;
}

static void write_item(struct writer *w, const struct item *item, const struct item *before)
{
	bool apart = write_comments(w,
				    (struct format_token_gap){ before ? before->last + 1
								      : w->list->first,
							       item->first, 0 },
				    !before || !before->text, !before);
	bool breaks = breaks_before(w, item, before) || (before && before->text);
	write_comments(w, (struct format_token_gap){ item->first + 1, item->last, 1 }, false, true);
	if (breaks)
		end_line(w, STR(""), 0);
	if (w->ended) {
		if (apart && w->layout != FILLED && !(before && before->text))
			format_line_blank(w->line);
		format_line_pad(w->line, w->column);
		w->indent = w->column;
	} else if (before) {
		format_line_add(w->line, STR(" "));
	}
	if (before && before->text)
		format_line_add(w->line, STR(", "));
	format_text_add_tokens(w->t, w->line, item->first, item->last, w->indent);
	w->ended = false;
}

void format_list_add(const struct format_token *t, struct format_line *line,
		     const struct format_list *list)
{
	size_t indent = (size_t)list->depth * FORMAT_LINE_INDENT;
	struct writer w = { t, line, list, FLAT, line->width, indent, false };
	struct item item, next;
	bool any = read_item(t, list->first, list->end, &item), text = false;
	w.layout = choose(&w);
	bool loose = format_token_find(t, list->loose.at, list->loose.end, TRIVIA_COMMENT);
	bool deeper = w.layout == SPREAD ||
		      (w.layout == KEPT && (any ? keeps_break(&w, list->first, &item)
						: loose || is_broken(&w, list->first, list->end)));
	if (list->bracket && deeper)
		w.column = indent + FORMAT_LINE_INDENT;
	uint32_t at = list->first;
	if (any)
		write_item(&w, &item, NULL);
	for (; any && read_item(t, item.last + 1, list->end, &next); item = next) {
		if (!item.text)
			format_line_add(line, STR(","));
		write_item(&w, &next, &item);
	}
	if (any)
		at = item.last + 1, text = item.text;
	bool closes = w.layout == SPREAD || text ||
		      (w.layout == KEPT && (loose || is_broken(&w, at, list->end)));
	if (!list->bracket)
		return;
	if (closes && any && !text)
		format_line_add(line, STR(","));
	write_comments(&w, (struct format_token_gap){ at, list->end, 0 }, !text, !any);
	write_comments(&w, list->loose, false, true);
	if (closes)
		end_line(&w, STR(""), 0);
	if (w.ended)
		format_line_pad(line, indent);
}
