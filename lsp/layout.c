/* layout.c — see layout.h. */
#include "lsp/layout.h"

#include "compiler/format.h"
#include "lsp/hunks.h"
#include "parser.h"

struct laying {
	const struct source *before, *after;
	struct hunks hunks;
};

/* The text alone, for its form does not depend on what it means, which takes longer to find out. NULL
 * when it cannot be had. */
static const struct source *text_of(struct answer *answer)
{
	struct workspace_view view;
	const struct document *document = document_find(&answer->workspace->documents,
							answer_document(answer));
	return document                     ? document_source(document)
	       : answer_view(answer, &view) ? view.source
					    : NULL;
}

/* The text in its one form; false, and why, when it has none. */
static bool lay(struct answer *answer, const struct source *before, struct laying *laying)
{
	struct format *format = ARENA_NEW(answer->arena, struct format);
	struct sources *sources = ARENA_NEW(answer->arena, struct sources);
	if (load_is_markdown(before->path))
		return fail_set(&answer->fail, "Markdown is laid out by hand");
	switch (format_plan(answer->arena, before->path, before->text, format)) {
	case FORMAT_DONE: break;
	case FORMAT_MISTAKES:
		return fail_set(&answer->fail,
				"a plan with syntax errors is not formatted: first they must go");
	case FORMAT_ALLOW:
	case FORMAT_UNPROVEN: answer->fail = format->fail; return false;
	}
	*sources = (struct sources){ .arena = answer->arena };
	source_add(sources, before->path, format->text);
	laying->before = before;
	laying->after = source_get(sources, 0);
	hunks_find(answer->arena, laying->before, laying->after, &laying->hunks);
	return true;
}

static void write_edits(struct answer *answer, const struct laying *laying)
{
	json_open(answer->out, "result", '[');
	for (size_t i = 0; i < laying->hunks.list.n; i++) {
		uint32_t start, end;
		struct str text;
		hunks_edit(&laying->hunks.list.at[i], laying->before, laying->after, &start, &end,
			   &text);
		answer_write_text_edit(answer, laying->before, start, end, text);
	}
	json_close(answer->out, ']');
}

bool layout_whole(struct answer *answer)
{
	const struct source *source = text_of(answer);
	struct laying laying;
	if (!source)
		return answer_nothing(answer);
	if (!lay(answer, source, &laying))
		return false;
	write_edits(answer, &laying);
	return true;
}

/* Only what is in these lines, from 0. */
static void keep_lines(struct laying *laying, uint32_t first, uint32_t last)
{
	size_t kept = 0;
	for (size_t i = 0; i < laying->hunks.list.n; i++) {
		struct hunk hunk = laying->hunks.list.at[i];
		uint32_t end = hunk.before_end > hunk.before ? hunk.before_end - 1 : hunk.before;
		if (hunk.before <= last && end >= first)
			laying->hunks.list.at[kept++] = hunk;
	}
	laying->hunks.list.n = kept;
}

/* Is the text with these edits the same plan still? Part of a text block must not be moved without
 * the rest. */
static bool is_sound(struct answer *answer, const struct laying *laying)
{
	struct text text = { 0 };
	struct format *format = ARENA_NEW(answer->arena, struct format);
	uint32_t at = 0, start, end;
	struct str part;
	for (size_t i = 0; i < laying->hunks.list.n; i++) {
		hunks_edit(&laying->hunks.list.at[i], laying->before, laying->after, &start, &end,
			   &part);
		text_add(&text, str_slice(laying->before->text, at, start));
		text_add(&text, part);
		at = end;
	}
	text_add(&text, str_slice(laying->before->text, at, laying->before->text.n));
	struct str whole = arena_copy(answer->arena, text_str(&text));
	text_release(&text);
	return format_plan(answer->arena, laying->before->path, whole, format) == FORMAT_DONE &&
	       str_equal(format->text, laying->after->text);
}

static bool lay_lines(struct answer *answer, const struct source *source, uint32_t first,
		      uint32_t last)
{
	struct laying laying;
	if (!lay(answer, source, &laying))
		return false;
	size_t all = laying.hunks.list.n;
	keep_lines(&laying, first, last);
	bool part = laying.hunks.list.n && laying.hunks.list.n < all;
	if (part && !is_sound(answer, &laying))
		laying.hunks.list.n = 0;
	write_edits(answer, &laying);
	return true;
}

bool layout_range(struct answer *answer)
{
	const struct source *source = text_of(answer);
	struct position start, end;
	if (!source || !answer_read_range(answer, &start, &end))
		return answer_nothing(answer);
	/* What ends at the beginning of a line does not have that line in it. */
	uint32_t last = end.line > start.line && !end.character ? end.line - 1 : end.line;
	return lay_lines(answer, source, start.line, last);
}

/* The statement whose block the brace closes is laid out. */
static bool lay_block(struct answer *answer, const struct workspace_view *view, uint32_t offset)
{
	const struct node *block = answer_node(&view->in->syntax, offset, 1u << NODE_BLOCK);
	struct span span = block ? syntax_span(&view->in->syntax, block) : (struct span){ 0, 0, 0 };
	if (!block || span.end != offset)
		return answer_nothing(answer);
	if (!lay_lines(answer, view->source, source_line_at(view->source, span.start) - 1,
		       source_line_at(view->source, span.end) - 1))
		return answer_nothing(answer); /* it is still being written */
	return true;
}

/* A new line begins as deep as the blocks are that it is in: two spaces for each. */
static bool indent_line(struct answer *answer, const struct workspace_view *view, uint32_t line)
{
	const struct syntax *syntax = &view->in->syntax;
	uint32_t start = view->source->line[line];
	long depth = 0;
	for (uint32_t i = 0; i < syntax->tokens.n && syntax->tokens.at[i].start < start; i++) {
		unsigned kind = syntax->tokens.at[i].kind;
		depth += (kind == TOKEN_LBRACE || kind == TOKEN_LBRACKET) -
			 (kind == TOKEN_RBRACE || kind == TOKEN_RBRACKET);
		if (syntax->tokens.at[i].end > start && kind == TOKEN_TEXT)
			return answer_nothing(answer);
	}
	struct str text = source_line(view->source, line + 1);
	uint32_t blanks = 0;
	while (blanks < text.n && (text.at[blanks] == ' ' || text.at[blanks] == '\t'))
		blanks++;
	depth -= blanks < text.n && text.at[blanks] == '}';
	struct str spaces = arena_format(answer->arena, "%*s", (int)(depth > 0 ? 2 * depth : 0),
					 "");
	json_open(answer->out, "result", '[');
	if (!str_equal(spaces, str_slice(text, 0, blanks)))
		answer_write_text_edit(answer, view->source, start, start + blanks, spaces);
	json_close(answer->out, ']');
	return true;
}

bool layout_typed(struct answer *answer)
{
	struct workspace_view view;
	uint32_t offset;
	if (!answer_place(answer, &view, &offset))
		return answer_nothing(answer);
	if (str_is(json_find_text(answer->params, "ch"), "}"))
		return lay_block(answer, &view, offset);
	return indent_line(answer, &view, source_line_at(view.source, offset) - 1);
}
