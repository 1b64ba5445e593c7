/* commonmark.c — see commonmark.h. */
#include "common/commonmark.h"

#include "common/fail.h"
#include "common/text.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

struct reading {
	struct arena *arena;
	struct str text;
	VEC(size_t) lines;	/* where each begins */
	struct commonmark *out;
};

static bool is_type(cmark_node *node, const char *type)
{
	return str_is(str_from(cmark_node_get_type_string(node)), type);
}

static enum commonmark_kind kind_of(cmark_node *node)
{
	static const struct {
		const char *type;
		enum commonmark_kind kind;
	} kinds[] = {
		{ "document", COMMONMARK_DOCUMENT }, { "heading", COMMONMARK_HEADING },
		{ "paragraph", COMMONMARK_PARAGRAPH }, { "list", COMMONMARK_LIST },
		{ "item", COMMONMARK_ITEM }, { "tasklist", COMMONMARK_ITEM },
		{ "code_block", COMMONMARK_CODE }, { "table", COMMONMARK_TABLE },
		{ "table_row", COMMONMARK_ROW }, { "table_header", COMMONMARK_ROW },
		{ "table_cell", COMMONMARK_CELL },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (is_type(node, kinds[i].type))
			return kinds[i].kind;
	return COMMONMARK_OTHER;
}

/* What the library says of places is not always within the text: an empty cell is at 0:0. */
static size_t offset_of(const struct reading *r, int line, int column)
{
	if (line < 1)
		return 0;
	if ((size_t)line > r->lines.n)
		return r->text.n;
	size_t at = r->lines.at[line - 1] + (size_t)(column > 0 ? column - 1 : 0);
	return at < r->text.n ? at : r->text.n;
}

static uint32_t clamp_line(const struct reading *r, int line)
{
	return line < 1 ? 1 : (size_t)line > r->lines.n ? (uint32_t)r->lines.n : (uint32_t)line;
}

static void place(const struct reading *r, cmark_node *node, struct commonmark_block *block)
{
	int first = cmark_node_get_start_line(node), last = cmark_node_get_end_line(node);
	block->first = clamp_line(r, first);
	block->last = clamp_line(r, last);
	if (block->last < block->first)
		block->last = block->first;
	block->start = offset_of(r, first, cmark_node_get_start_column(node));
	block->end = offset_of(r, last, cmark_node_get_end_column(node) + 1);
	if (block->end < block->start)
		block->end = block->start;
	while (block->start < block->end &&
	       (r->text.at[block->start] == ' ' || r->text.at[block->start] == '\t'))
		block->start++;
	while (block->end > block->start &&
	       (r->text.at[block->end - 1] == ' ' || r->text.at[block->end - 1] == '\t' ||
		r->text.at[block->end - 1] == '\n' || r->text.at[block->end - 1] == '\r'))
		block->end--;
}

/* A cell without text has no place of its own: it gets its row's. */
static void place_in_row(const struct reading *r, struct commonmark_block *cell)
{
	const struct commonmark_block *row = &r->out->blocks.at[cell->parent];
	if (cell->first == row->first && cell->start >= row->start && cell->end > cell->start)
		return;
	cell->first = cell->last = row->first;
	cell->start = row->start;
	cell->end = row->end;
}

static void add_inline(struct reading *r, cmark_node *node, struct text *out,
		       struct commonmark_block *block)
{
	struct str literal = str_from(cmark_node_get_literal(node));
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_CODE:
		*VEC_ADD(r->arena, &block->codes) = (struct commonmark_code){ arena_copy(r->arena, literal), out->n };
		text_add(out, literal);
		break;
	case CMARK_NODE_TEXT:
		text_add(out, literal);
		break;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		text_add_byte(out, '\n');
		break;
	case CMARK_NODE_HTML_INLINE:
		if (str_starts(literal, STR("<br")))
			text_add(out, STR(", "));
		break;
	default:
		break;
	}
}

/* The text of a block that holds inlines, and whether all of it is strong. */
static void read_inlines(struct reading *r, cmark_node *node, struct commonmark_block *block)
{
	struct text out = { 0 };
	cmark_iter *iter = cmark_iter_new(node);
	size_t strong = 0, inside = 0;
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *at = cmark_iter_get_node(iter);
		size_t was = out.n;
		if (cmark_node_get_type(at) == CMARK_NODE_STRONG)
			event == CMARK_EVENT_ENTER ? inside++ : inside--;
		if (event == CMARK_EVENT_ENTER)
			add_inline(r, at, &out, block);
		if (inside)
			strong += out.n - was;
	}
	cmark_iter_free(iter);
	block->text = arena_copy(r->arena, text_str(&out));
	block->strong = strong > 0 && strong >= str_trim(block->text).n;
	text_release(&out);
}

static void read_code(struct reading *r, cmark_node *node, struct commonmark_block *block)
{
	int length, offset;
	char mark;
	block->text = arena_copy(r->arena, str_from(cmark_node_get_literal(node)));
	struct str info = str_from(cmark_node_get_fence_info(node));
	size_t space = str_find(info, ' ');
	block->info = arena_copy(r->arena, str_slice(info, 0, space < info.n ? space : info.n));
	if (cmark_node_get_fenced(node, &length, &offset, &mark))
		block->first++;
	size_t lines = 0;
	for (size_t i = 0; i < block->text.n; i++)
		lines += block->text.at[i] == '\n';
	block->last = block->first + (uint32_t)lines - 1;
}

static unsigned item_number(cmark_node *item)
{
	cmark_node *list = cmark_node_parent(item);
	if (!list || cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
		return 0;
	int number = cmark_node_get_list_start(list);
	while ((item = cmark_node_previous(item)))
		number++;
	return number > 0 ? (unsigned)number : 0;
}

static uint32_t add_block(struct reading *r, cmark_node *node, enum commonmark_kind kind,
			  uint32_t parent)
{
	struct commonmark_block block = { .kind = kind, .parent = parent };
	place(r, node, &block);
	if (kind == COMMONMARK_HEADING)
		block.level = (unsigned)cmark_node_get_heading_level(node);
	if (kind == COMMONMARK_ITEM) {
		/* Counting from the item before keeps long lists linear. */
		uint32_t before = (uint32_t)r->out->blocks.n;
		block.task = is_type(node, "tasklist");
		block.ticked = block.task && cmark_gfm_extensions_get_tasklist_item_checked(node);
		while (before-- > parent + 1)
			if (r->out->blocks.at[before].parent == parent)
				break;
		if (before > parent && r->out->blocks.at[before].parent == parent)
			block.level = r->out->blocks.at[before].level
					      ? r->out->blocks.at[before].level + 1
					      : 0;
		else
			block.level = item_number(node);
	}
	if (kind == COMMONMARK_ROW)
		block.header = is_type(node, "table_header");
	if (kind == COMMONMARK_HEADING || kind == COMMONMARK_PARAGRAPH || kind == COMMONMARK_CELL)
		read_inlines(r, node, &block);
	if (kind == COMMONMARK_CODE)
		read_code(r, node, &block);
	if (kind == COMMONMARK_CELL)
		place_in_row(r, &block);
	*VEC_ADD(r->arena, &r->out->blocks) = block;
	return (uint32_t)(r->out->blocks.n - 1);
}

static bool holds_blocks(enum commonmark_kind kind)
{
	return kind != COMMONMARK_HEADING && kind != COMMONMARK_PARAGRAPH &&
	       kind != COMMONMARK_CELL && kind != COMMONMARK_CODE;
}

static void walk(struct reading *r, cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	uint32_t open = 0, depth = 0;
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *node = cmark_iter_get_node(iter);
		enum commonmark_kind kind = kind_of(node);
		if (event == CMARK_EVENT_EXIT) {
			r->out->blocks.at[open].next = (uint32_t)r->out->blocks.n;
			open = r->out->blocks.at[open].parent;
			depth--;
			continue;
		}
		uint32_t block = add_block(r, node, kind, open);
		r->out->blocks.at[block].next = block + 1;
		bool leaf = cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK ||
			    cmark_node_get_type(node) == CMARK_NODE_THEMATIC_BREAK ||
			    kind == COMMONMARK_CODE;
		if (leaf)
			continue;
		if (!holds_blocks(kind)) {	/* its inlines were read: go on behind it */
			cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
			continue;
		}
		open = block;
		depth++;
	}
	BUG_IF(depth, "blocks that were not left");
	cmark_iter_free(iter);
}

void commonmark_read(struct arena *arena, struct str text, struct commonmark *out)
{
	struct reading r = { .arena = arena, .text = text, .out = out };
	*out = (struct commonmark){ 0 };
	*VEC_ADD(arena, &r.lines) = 0;
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i] == '\n')
			*VEC_ADD(arena, &r.lines) = i + 1;
	cmark_gfm_core_extensions_ensure_registered();
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_SOURCEPOS);
	static const char *const extensions[] = { "table", "tasklist" };
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
		cmark_syntax_extension *extension = cmark_find_syntax_extension(extensions[i]);
		BUG_IF(!extension, "libcmark-gfm-extensions is without its extensions");
		cmark_parser_attach_syntax_extension(parser, extension);
	}
	cmark_parser_feed(parser, text.at, text.n);
	cmark_node *document = cmark_parser_finish(parser);
	walk(&r, document);
	cmark_node_free(document);
	cmark_parser_free(parser);
}
