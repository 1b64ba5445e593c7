/* format_print.c — see format_print.h.
 *
 * The tree says where statements and blocks are; within a statement, tokens are enough. A comment
 * belongs to the gap between two tokens that it stands in, so that none can be forgotten where a
 * statement is rewritten. */
#include "compiler/format_print.h"

#include "compiler/format_list.h"
#include "compiler/format_text.h"
#include "grammar/lexer.h"
#include "parser.h"

struct print {
	struct format_token t;
	struct format_line line;
	unsigned group;	/* of the line that is open: see format_line_end */
};
/* Statements that follow one another without an empty line have their arguments in one column. */
struct run {
	size_t left;	/* how many of its statements are still to come */
	size_t column;	/* of their arguments, from that of the keyword */
};
/* A statement on its way out. */
struct piece {
	const struct node *node;	/* the statement itself */
	const struct node *block;	/* or NULL */
	uint32_t brace_dash;	/* the slash-dash that switches the block off, or 0 */
	uint32_t head_last;	/* the last token before the block */
	unsigned depth;
	size_t column;	/* of the arguments, from that of the keyword; 0: behind one space */
	bool off;	/* a slash-dash is before it */
	bool pinned;	/* a comment is about the line that it begins in */
};

static const struct node *without_dash(const struct node *node)
{
	return node->kind == NODE_DISABLED ? node->child : node;
}

static struct piece piece_of(const struct print *p, const struct node *node, unsigned depth)
{
	struct piece piece = { .node = without_dash(node),
			       .depth = depth,
			       .off = node->kind == NODE_DISABLED };
	piece.head_last = piece.node->last;
	for (const struct node *child = piece.node->child; child; child = child->next) {
		if (without_dash(child)->kind != NODE_BLOCK)
			continue;
		piece.block = without_dash(child);
		piece.brace_dash = child == piece.block ? 0 : child->first;
		piece.head_last = child->first - 1;
		while (lexer_is_trivia(format_token_kind(&p->t, piece.head_last)))
			piece.head_last--;
	}
	return piece;
}

enum shape {
	SIMPLE,	/* a keyword and its arguments */
	TEXT,	/* ends in a text block */
	LARGE,	/* declares something */
};

static enum shape shape_of(const struct print *p, const struct node *node)
{
	struct piece piece = piece_of(p, node, 0);
	switch (piece.node->keyword) {
	case TOKEN_ORCH:
	case TOKEN_IMPORT:
	case TOKEN_AGENT:
		return LARGE;
	}
	return piece.block                                                ? LARGE
	       : format_token_kind(&p->t, piece.node->last) == TOKEN_TEXT ? TEXT
									  : SIMPLE;
}

static size_t keyword_width(const struct print *p, const struct node *node)
{
	return format_token_text(&p->t, without_dash(node)->first).n +
	       (node->kind == NODE_DISABLED ? 2 : 0);
}

static bool has_blank(const struct print *p, uint32_t from, uint32_t to)
{
	struct format_token_gap gap = { from, to, 0 };
	struct format_token_comment comment;
	bool blank = false;
	while (format_token_gap_next(&p->t, &gap, &comment))
		blank = blank || comment.apart;
	return blank || gap.lines > 1;
}

/* The run that begins with `node`. Switching a statement off does not move the others. A text block
 * is not moved, but the statements right above it heed its keyword. */
static struct run find_run(const struct print *p, const struct node *node)
{
	struct run run = { 0, 0 };
	size_t on = 0, off = 0;
	enum shape shape = SIMPLE;
	for (const struct node *before = NULL; node && shape == SIMPLE;
	     before = node, node = node->next) {
		shape = shape_of(p, node);
		if (shape == LARGE || (before && has_blank(p, before->last + 1, node->first)))
			break;
		size_t width = keyword_width(p, node);
		size_t *widest = node->kind == NODE_DISABLED ? &off : &on;
		*widest = width > *widest ? width : *widest;
		run.left += shape == SIMPLE;
	}
	run.column = (on ? on : off) + 1;
	return run;
}

/* A block that its author wrote on one line and that says one simple thing may stay there. */
static bool is_one_line(const struct print *p, const struct piece *piece)
{
	const struct node *block = piece->block, *only = block->child;
	if (!only || only->next ||
	    format_token_find(&p->t, block->first, block->last, TRIVIA_NEWLINE) ||
	    piece_of(p, only, 0).block)
		return false;
	if (piece->pinned)
		return true;
	size_t width = format_token_width(&p->t, piece->node->first, piece->node->last) +
		       (piece->off ? 2 : 0);
	return !format_token_find(&p->t, piece->node->first, piece->node->last, TRIVIA_COMMENT) &&
	       (size_t)piece->depth * FORMAT_LINE_INDENT + width <= FORMAT_LINE_WIDTH;
}

static uint32_t find_bracket(const struct print *p, const struct piece *piece, uint32_t *close)
{
	uint32_t open = 0;
	for (uint32_t at = piece->node->first + 1; at <= piece->head_last; at++) {
		unsigned kind = format_token_kind(&p->t, at);
		if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET)
			open = at;
		else if (open && (kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET))
			*close = at;
	}
	return open;
}

/* What stands behind the keyword and before the block. */
static void print_arguments(struct print *p, struct piece *piece, size_t tail)
{
	uint32_t first = format_token_significant(&p->t, piece->node->first + 1, piece->head_last),
		 close = 0;
	uint32_t open = find_bracket(p, piece, &close);
	struct format_list list = { .first = first,
				    .end = piece->head_last + 1,
				    .depth = piece->depth };
	if (open) {
		list.first = open + 1;
		list.end = close;
		list.bracket = format_token_kind(&p->t, open);
		list.tail = format_token_width(&p->t, close, piece->head_last) + tail;
		format_token_add(&p->t, &p->line, first, open);
	}
	if (piece->brace_dash)
		list.loose = (struct format_token_gap){ piece->brace_dash + 1, piece->block->first,
							1 };
	piece->pinned = list.kept = piece->pinned || format_list_has_allow(&p->t, &list);
	if (open || !piece->block)
		format_list_add(&p->t, &p->line, &list);
	else
		format_token_add(&p->t, &p->line, first, piece->head_last);
	if (open)
		format_token_add(&p->t, &p->line, close, piece->head_last);
}

static bool print_gap(struct print *p, struct format_token_gap gap, unsigned depth, bool *first);
static void print_items(struct print *, const struct node *, struct format_token_gap,
			unsigned depth);

static void print_block(struct print *p, const struct piece *piece)
{
	const struct node *block = piece->block;
	format_line_add(&p->line, piece->brace_dash ? STR(" /-") : STR(" "));
	p->group = 0;
	if (is_one_line(p, piece)) {
		format_token_add(&p->t, &p->line, block->first, block->last);
		return;
	}
	if (!block->child && !format_token_find(&p->t, block->first, block->last, TRIVIA_COMMENT)) {
		format_line_add(&p->line, STR("{}"));
		return;
	}
	format_line_add(&p->line, STR("{"));
	print_items(p, block->child, (struct format_token_gap){ block->first + 1, block->last, 0 },
		    piece->depth + 1);
	format_line_pad(&p->line, (size_t)piece->depth * FORMAT_LINE_INDENT);
	format_line_add(&p->line, STR("}"));
	p->group = 0;
}

static void print_statement(struct print *p, struct piece *piece)
{
	size_t indent = (size_t)piece->depth * FORMAT_LINE_INDENT, tail = 0;
	struct format_line *line = &p->line;
	format_line_pad(line, indent);
	if (piece->off)
		format_line_add(line, STR("/-"));
	format_token_add(&p->t, line, piece->node->first, piece->node->first);
	size_t column = indent + piece->column;
	if (piece->head_last != piece->node->first)	/* else the block follows at once */
		format_line_pad(line, column > line->width ? column : line->width + 1);
	if (piece->block && is_one_line(p, piece))
		tail = format_token_width(&p->t, piece->block->first, piece->block->last) + 1;
	else if (piece->block)
		tail = piece->block->child ? 2 : 3;
	print_arguments(p, piece, tail + (piece->brace_dash ? 2 : 0));
	p->group = piece->depth + 1;
	if (piece->block)
		print_block(p, piece);
}

static void print_comment(struct print *p, const struct format_token_comment *comment,
			  unsigned depth)
{
	format_line_pad(&p->line, (size_t)depth * FORMAT_LINE_INDENT);
	format_line_add(&p->line, comment->text);
	format_line_end(&p->line, STR(""), 0);
}

/* Ends the line that is open, and writes the comments that follow; is one of them about the next
 * line? Empty lines are kept, but none before the `first` that is written. */
static bool print_gap(struct print *p, struct format_token_gap gap, unsigned depth, bool *first)
{
	struct format_token_comment comment;
	bool allow = false;
	while (format_token_gap_next(&p->t, &gap, &comment)) {
		if (format_line_is_open(&p->line)) {
			format_line_end(&p->line, comment.behind ? comment.text : STR(""),
					p->group);
			if (comment.behind)
				continue;
		}
		if (comment.apart && !*first)
			format_line_blank(&p->line);
		print_comment(p, &comment, depth);
		*first = false;
		allow = comment.allow;
	}
	if (format_line_is_open(&p->line))
		format_line_end(&p->line, STR(""), 0);
	bool apart = gap.lines > 1 && !*first;
	*first = false;
	if (apart && gap.end < p->t.syntax->tokens.n &&
	    format_token_kind(&p->t, gap.end) != TOKEN_RBRACE)
		format_line_blank(&p->line);
	return allow && gap.lines == 1;
}

/* The statements of a block or a file, and all that stands between them; `whole` is what is in
 * it. */
static void print_items(struct print *p, const struct node *child, struct format_token_gap whole,
			unsigned depth)
{
	struct run run = { 0, 0 };
	bool first = true;
	for (; child; child = child->next) {
		struct piece piece = piece_of(p, child, depth);
		piece.pinned = print_gap(
			p, (struct format_token_gap){ whole.at, child->first, whole.lines }, depth,
			&first);
		if (piece.off) {
			struct format_token_gap gap = { child->first + 1, piece.node->first, 1 };
			struct format_token_comment comment;
			while (format_token_gap_next(&p->t, &gap, &comment)) {
				print_comment(p, &comment, depth);
				piece.pinned = false;
			}
		}
		if (!run.left && depth)
			run = find_run(p, child);
		if (run.left) {
			run.left--;
			piece.column = run.column;
		}
		print_statement(p, &piece);
		whole.at = child->last + 1;
		whole.lines = 0;
	}
	print_gap(p, whole, depth, &first);
}

/* A file all of whose lines end in CR LF keeps them. */
static struct str find_newline(struct str text)
{
	bool all = false;
	for (size_t at = 0, n; (n = str_find(str_slice(text, at, text.n), '\n')) != SIZE_MAX;
	     at += n + 1) {
		all = at + n > 0 && text.at[at + n - 1] == '\r';
		if (!all)
			break;
	}
	return all ? STR("\r\n") : STR("\n");
}

void format_print_source(struct arena *arena, const struct source *source,
			 const struct syntax *syntax, struct text *out)
{
	struct print p = {
		.t = { arena, syntax, source->text },
		.line = { .arena = arena, .out = out, .newline = find_newline(source->text) },
	};
	print_items(&p, syntax->root->child,
		    (struct format_token_gap){ 0, (uint32_t)syntax->tokens.n, 1 }, 0);
	format_line_finish(&p.line);
}
