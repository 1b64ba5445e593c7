/* colours.c — see colours.h. */
#include "lsp/colours.h"

#include "grammar/automaton.h"
#include "grammar/lexer.h"
#include "parser.h"

/* Types beside those of symbols. */
enum { NOTHING, KEYWORD, COMMENT, STRING, NUMBER, VARIABLE, OPERATOR, PLAIN_TYPES };
static const char *const plain[] = { "",       "keyword",  "comment", "string",
				     "number", "variable", "operator" };

void colours_write_legend(struct text *out, const char *key)
{
	json_open(out, key, '{');
	json_open(out, "tokenTypes", '[');
	for (int i = 1; i < PLAIN_TYPES; i++)
		json_write_text(out, NULL, str_from(plain[i]));
	for (int i = 0; i < SYMBOL_KIND_COUNT; i++)
		json_write_text(out, NULL, str_from(symbol_token((enum symbol_kind)i)));
	json_close(out, ']');
	json_open(out, "tokenModifiers", '[');
	json_write_text(out, NULL, STR("declaration"));
	json_close(out, ']');
	json_close(out, '}');
}

static uint8_t type_of(unsigned kind)
{
	switch (kind) {
	case TRIVIA_COMMENT: return COMMENT;
	case TOKEN_STRING: return STRING;
	case TOKEN_NUMBER:
	case TOKEN_DURATION:
	case TOKEN_SIZE:
	case TOKEN_DECIMAL: return NUMBER;
	case TOKEN_COMPARISON: return OPERATOR;
	}
	return parser_is_word(kind) ? KEYWORD : NOTHING;
}

/* Names that are spelled like keywords, and what is switched off. */
static void correct(const struct syntax *syntax, const struct node *node, uint8_t *type)
{
	for (const struct node *child = node->child; child; child = child->next) {
		bool off = child->kind == NODE_DISABLED;
		if (child->kind == NODE_NAME)
			type[child->first] = VARIABLE;
		for (uint32_t i = child->first; off && i <= child->last; i++)
			type[i] = syntax->tokens.at[i].kind >= TRIVIA_SPACE &&
						  syntax->tokens.at[i].kind < TRIVIA_COMMENT
					  ? NOTHING
					  : COMMENT;
		if (!off)
			correct(syntax, child, type);
	}
}

struct writing {
	struct answer *answer;
	uint32_t offset;
	struct position last; /* where that is: the piece before */
};

static void write_piece(struct writing *w, const struct source *source, uint32_t start,
			uint32_t end, unsigned type, unsigned modifiers)
{
	enum position_encoding encoding = w->answer->client->encoding;
	struct position from = position_after(source, w->offset, w->last, start, encoding),
			to = position_after(source, start, from, end, encoding);
	bool same = from.line == w->last.line;
	json_write_number(w->answer->out, NULL, from.line - w->last.line);
	json_write_number(w->answer->out, NULL,
			  same ? from.character - w->last.character : from.character);
	json_write_number(w->answer->out, NULL, to.character - from.character);
	json_write_number(w->answer->out, NULL, type - 1);
	json_write_number(w->answer->out, NULL, modifiers);
	w->offset = start;
	w->last = from;
}

/* Line by line, for not every client takes a token of several. */
static void write_token(struct writing *w, const struct source *source, struct span span,
			unsigned type, unsigned modifiers)
{
	uint32_t start = span.start;
	for (uint32_t line = source_line_at(source, span.start); start < span.end; line++) {
		struct str text = source_line(source, line);
		uint32_t end = source->line[line - 1] + (uint32_t)text.n;
		end = end < span.end ? end : span.end;
		if (start < end)
			write_piece(w, source, start, end, type, modifiers);
		if (line == source->line_n)
			break;
		start = source->line[line];
	}
}

static bool write_tokens(struct answer *answer, const struct workspace_view *view, uint32_t from,
			 uint32_t to)
{
	const struct syntax *syntax = &view->in->syntax;
	const struct symbols *symbols = workspace_symbols(view->plan);
	uint8_t *type = ARENA_MANY(answer->arena, syntax->tokens.n, uint8_t);
	struct writing writing = { .answer = answer };
	for (size_t i = 0; i < syntax->tokens.n; i++)
		type[i] = type_of(syntax->tokens.at[i].kind);
	correct(syntax, syntax->root, type);
	uint32_t use = symbols->first[view->unit];
	json_open(answer->out, "result", '{');
	json_open(answer->out, "data", '[');
	for (uint32_t i = 0; i < syntax->tokens.n; i++) {
		struct span span = syntax_token_span(syntax, i);
		unsigned as = type[i], modifiers = 0;
		while (use < symbols->first[view->unit + 1] &&
		       symbols->uses.at[use].span.start < span.start)
			use++;
		const struct symbol_use *at = use < symbols->first[view->unit + 1]
						      ? &symbols->uses.at[use]
						      : NULL;
		if (at && at->span.start == span.start && at->symbol != SYMBOL_NONE &&
		    as != COMMENT) {
			as = PLAIN_TYPES + symbols->list.at[at->symbol].kind;
			modifiers = at->declares;
		}
		if (as && span.end > from && span.start < to)
			write_token(&writing, view->source, span, as, modifiers);
	}
	json_close(answer->out, ']');
	json_close(answer->out, '}');
	return true;
}

bool colours_full(struct answer *answer)
{
	struct workspace_view view;
	if (!answer_view(answer, &view))
		return answer_nothing(answer);
	return write_tokens(answer, &view, 0, UINT32_MAX);
}

bool colours_range(struct answer *answer)
{
	struct workspace_view view;
	uint32_t start, end;
	if (!answer_selection(answer, &view, &start, &end))
		return answer_nothing(answer);
	return write_tokens(answer, &view, start, end);
}
