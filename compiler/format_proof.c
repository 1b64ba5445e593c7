/* format_proof.c — see format_proof.h.
 *
 * Each text is walked by itself, for its comments and who owns them; then both trees are walked
 * side by side. The owner of a comment is the statement that something of stands before it in its
 * line, or else what it stands in or before: a statement, or the end of a block. */
#include "compiler/format_proof.h"

#include "compiler/allow.h"
#include "compiler/eval.h"
#include "grammar/lexer.h"
#include "parser.h"

struct remark {
	struct str text;
	uint32_t at;	/* its byte */
	uint32_t
		owner; /* the number of a statement or of a block's end, in the order of the text */
	bool allow;
	/* What it silences: so many words of the next line, from that word of the text on. */
	uint32_t word, words;
};
struct walk {
	struct arena *arena;
	const struct sources *sources;
	const struct syntax *syntax;
	uint32_t next_owner;
	uint32_t word;	/* of the words before the present token */
	uint32_t token;	/* the present one */
	VEC(struct remark) list;
};

static struct str token_text(const struct sources *sources, const struct syntax *syntax,
			     uint32_t token)
{
	return source_text(sources, syntax_token_span(syntax, token));
}

/* Names and values, for which there may be a warning. */
static bool is_word(unsigned kind)
{
	return !lexer_is_trivia(kind) && kind != TOKEN_COMMA && kind != TOKEN_LBRACE &&
	       kind != TOKEN_RBRACE && kind != TOKEN_LPAREN && kind != TOKEN_RPAREN &&
	       kind != TOKEN_LBRACKET && kind != TOKEN_RBRACKET && kind != TOKEN_SLASHDASH;
}

static uint32_t count_next_line(const struct syntax *syntax, uint32_t comment)
{
	uint32_t token = comment + 1, n = 0;
	const struct token *at = syntax->tokens.at;
	if (token == syntax->tokens.n)
		return 0;
	for (token++; token < syntax->tokens.n && at[token].kind != TRIVIA_NEWLINE; token++)
		n += is_word(at[token].kind);
	return n;
}

static void add_remark(struct walk *w, uint32_t owner, bool alone)
{
	struct str text = str_trim(token_text(w->sources, w->syntax, w->token)), name;
	struct remark *remark = VEC_ADD(w->arena, &w->list);
	*remark = (struct remark){ .text = text, .at = w->syntax->tokens.at[w->token].start, .owner = owner };
	remark->allow = alone && allow_read(text, &name);
	if (!remark->allow)
		return;
	remark->words = count_next_line(w->syntax, w->token);
	remark->word = remark->words ? w->word : 0;
}

/* The comments up to `end`: behind something, they are `before`'s, else `after`'s. */
static void walk_gap(struct walk *w, uint32_t end, uint32_t before, uint32_t after)
{
	bool alone = w->token == 0;
	for (; w->token < end; w->token++) {
		unsigned kind = w->syntax->tokens.at[w->token].kind;
		if (kind == TRIVIA_COMMENT)
			add_remark(w, alone ? after : before, alone);
		else if (kind == TRIVIA_NEWLINE)
			alone = true;
		else if (!lexer_is_trivia(kind))
			alone = false;
		w->word += is_word(kind);
	}
}

static void walk_items(struct walk *w, const struct node *child, uint32_t end, uint32_t above);

static void walk_statement(struct walk *w, const struct node *node, uint32_t owner)
{
	const struct node *block = NULL;
	const struct node *inner = node->kind == NODE_DISABLED ? node->child : node;
	for (const struct node *child = inner->child; child; child = child->next)
		if (child->kind == NODE_BLOCK ||
		    (child->kind == NODE_DISABLED && child->child->kind == NODE_BLOCK))
			block = child->kind == NODE_BLOCK ? child : child->child;
	if (block) {
		walk_gap(w, block->first + 1, owner, owner);
		walk_items(w, block->child, block->last, owner);
	}
	walk_gap(w, node->last + 1, owner, owner);
}

/* Before its first statement, the comments of a block that stand behind the brace are `above`'s. */
static void walk_items(struct walk *w, const struct node *child, uint32_t end, uint32_t above)
{
	for (; child; child = child->next) {
		uint32_t owner = w->next_owner++;
		walk_gap(w, child->first, above, owner);
		walk_statement(w, child, owner);
		above = owner;
	}
	walk_gap(w, end, above, w->next_owner);
	w->next_owner++;
}

static void walk_source(struct walk *w)
{
	walk_items(w, w->syntax->root->child, (uint32_t)w->syntax->tokens.n, UINT32_MAX);
}

/* `what` may be empty. */
static bool refuse(struct format_proof *proof, uint32_t at, const char *why, struct str what)
{
	proof->at = at;
	proof->why = what.n ? arena_format(proof->arena, "%s: `%.*s`", why, STR_ARG(what))
			    : str_from(why);
	return false;
}

/* The formatter may put a space behind the sign. */
static bool is_same_comment(struct str before, struct str after)
{
	if (str_equal(before, after))
		return true;
	return str_starts(before, STR("#")) && str_starts(after, STR("# ")) &&
	       str_equal(str_slice(before, 1, before.n), str_slice(after, 2, after.n));
}

static bool compare_comments(struct format_proof *proof)
{
	struct walk before = { .arena = proof->arena,
			       .sources = proof->sources,
			       .syntax = proof->before };
	struct walk after = { .arena = proof->arena,
			      .sources = proof->sources,
			      .syntax = proof->after };
	walk_source(&before);
	walk_source(&after);
	for (size_t i = 0; i < before.list.n; i++) {
		const struct remark *a = &before.list.at[i];
		if (i == after.list.n)
			return refuse(proof, a->at, "a comment is lost", a->text);
		const struct remark *b = &after.list.at[i];
		if (!is_same_comment(a->text, b->text))
			return refuse(proof, a->at, "a comment is lost or changed", a->text);
		if (a->owner != b->owner)
			return refuse(proof, a->at, "a comment comes to stand at another statement",
				      a->text);
		proof->allow = a->allow != b->allow || a->word != b->word || a->words != b->words;
		if (proof->allow)
			return refuse(proof, a->at, "a comment would come to be about another line",
				      a->text);
	}
	if (after.list.n > before.list.n)
		return refuse(proof, 0, "there is a comment too many",
			      after.list.at[before.list.n].text);
	return true;
}

static struct str value_of(struct format_proof *proof, const struct syntax *syntax,
			   const struct node *node)
{
	struct diags ignored = { .arena = proof->arena, .sources = proof->sources };
	struct eval eval = { proof->arena, proof->sources, syntax, &ignored, NULL };
	return eval_text(&eval, node);
}

/* The quotes that a text block begins with, which say how names are put in. */
static struct str opening_of(struct str text)
{
	return str_slice(text, 0, str_find(text, '"'));
}

static bool is_same_text(struct format_proof *proof, const struct node *before,
			 const struct node *after)
{
	struct str a = syntax_text(proof->before, proof->sources, before);
	struct str b = syntax_text(proof->after, proof->sources, after);
	if (!str_equal(opening_of(a), opening_of(b)))
		return false;
	struct arena_mark mark = arena_mark(proof->arena);
	bool same = str_equal(value_of(proof, proof->before, before),
			      value_of(proof, proof->after, after));
	arena_reset(proof->arena, mark);
	return same;
}

/* The next token that is no trivia and no comma, from `token` on. */
static uint32_t next_word(const struct syntax *syntax, uint32_t token, uint32_t last)
{
	while (token <= last && (lexer_is_trivia(syntax->tokens.at[token].kind) ||
				 syntax->tokens.at[token].kind == TOKEN_COMMA))
		token++;
	return token;
}

/* Token by token; text blocks are compared as values, elsewhere. */
static bool is_same_words(const struct format_proof *proof, const struct node *before,
			  const struct node *after)
{
	uint32_t a = before->first, b = after->first;
	for (;; a++, b++) {
		a = next_word(proof->before, a, before->last);
		b = next_word(proof->after, b, after->last);
		if (a > before->last || b > after->last)
			return a > before->last && b > after->last;
		unsigned kind = proof->before->tokens.at[a].kind;
		if (kind != proof->after->tokens.at[b].kind)
			return false;
		if (kind != TOKEN_TEXT && !str_equal(token_text(proof->sources, proof->before, a),
						     token_text(proof->sources, proof->after, b)))
			return false;
	}
}

static bool is_same_node(struct format_proof *proof, const struct node *before,
			 const struct node *after)
{
	if (before->kind != after->kind || before->keyword != after->keyword)
		return false;
	return before->kind != NODE_TEXT || is_same_text(proof, before, after);
}

/* All that is below two nodes that are the same. */
static bool compare_children(struct format_proof *proof, const struct node *before,
			     const struct node *after)
{
	const struct node *a = before->child, *b = after->child;
	for (; a && b; a = a->next, b = b->next) {
		if (!is_same_node(proof, a, b))
			return refuse(proof, syntax_span(proof->before, a).start,
				      "a value is another", STR(""));
		if (!compare_children(proof, a, b))
			return false;
	}
	if (!a && !b)
		return true;
	return refuse(proof, syntax_span(proof->before, a ? a : before).start,
		      a ? "something is lost" : "something is there twice", STR(""));
}

static bool compare_trees(struct format_proof *proof)
{
	const struct node *a = proof->before->root, *b = proof->after->root;
	if (!compare_children(proof, a, b))
		return false;
	if (proof->before->tokens.n && proof->after->tokens.n && !is_same_words(proof, a, b))
		return refuse(proof, 0, "a word is lost or changed", STR(""));
	return true;
}

bool format_proof_holds(struct format_proof *proof)
{
	return compare_trees(proof) && compare_comments(proof);
}
