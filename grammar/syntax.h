/* syntax.h — a plan file as tokens and a tree over them, with nothing left out.
 *
 * Every byte of the file is in exactly one token, white space and comments too, so formatter and
 * editors work on the same tree as the compiler. Nodes are spans of tokens with children. */
#ifndef GRAMMAR_SYNTAX_H
#define GRAMMAR_SYNTAX_H

#include "common/diag.h"

enum node_kind {
	NODE_FILE,	/* statements */
	NODE_STATEMENT,	/* by its keyword; children as in the table below */
	NODE_BLOCK,	/* statements */
	NODE_DISABLED,	/* after a slash-dash: one statement, which counts for nothing */
	NODE_BROKEN,	/* a statement with a mistake that was said; counts for nothing and is not complained of again.
			 * Its keyword, where known, and the children that were read, the name above all */
	NODE_NAME,	/* one word */
	NODE_QUALIFIED,	/* NAME . NAME */
	NODE_WORD,	/* a word with a fixed meaning, in `keyword`: all, stdin, manual, clone, on … */
	NODE_NUMBER, NODE_DURATION, NODE_SIZE,
	NODE_MONEY,	/* number and currency */
	NODE_STRING,	/* "…" */
	NODE_TEXT,	/* a text block, from its quotes to its quotes */
	NODE_LIST,	/* [ STRING, … ] */
	NODE_STRINGS,	/* STRING, … behind a word among arguments */
	NODE_COMMAND,	/* LIST or SHELL, then optionally a NAME, the pool */
	NODE_SHELL,	/* sh STRING or TEXT */
	NODE_PROMPT_FILE,	/* file STRING, optionally a second STRING, the section */
	NODE_FROM,	/* NAME or QUALIFIED, then ARGUMENTs */
	NODE_ARGUMENT,	/* NAME, STRING or TEXT */
	NODE_PARAMETERS,	/* NAMEs */
};

/* Children of a statement, by its keyword:
 *   orch NUMBER | import STRING NAME | plan NAME [STRING] BLOCK | group NAME [STRING] BLOCK
 *   template NAME PARAMETERS BLOCK | agent NAME [STRING] [FROM] [BLOCK] (one of the two at least)
 *   runner NAME BLOCK (in a file) | runner NAME or QUALIFIED (elsewhere)
 *   base, branch STRING | jobs, retry NUMBER | pool NAME NUMBER (in a plan) | pool NAME (in an
 *     agent)
 *   merge, after: NAME or QUALIFIED or WORD all, … | land, isolation, sandbox, network, events WORD | budget
 *     MONEY
 *   metric NAME [STRING] BLOCK | run COMMAND | unit STRING | goal WORD NUMBER [WORD require]
 *   expect WORD DURATION | limit WORD NUMBER or SIZE | timeout, idle, estimate DURATION | test COMMAND | setup COMMAND [STRINGS keyed, STRINGS makes] | env NAME STRING
 *   copy, link, owns, creates, reads, requires, writes: STRING, … | command, resume LIST | busy STRING
 *   (an agent's BLOCK may be DISABLED with the BLOCK in it)
 *   prompt STRING or TEXT or PROMPT_FILE (in an agent) | prompt WORD (in a runner) */

struct token {
	uint16_t kind;		/* TOKEN_… of the generated parser.h, or a kind of trivia: see lexer.h */
	uint32_t start, end;	/* bytes in the source */
};
struct node {
	enum node_kind kind;
	uint16_t keyword;	/* of a statement or a word: its TOKEN_…; 0 of others */
	uint32_t first, last;	/* tokens, both included */
	struct node *child, *next;
};
struct syntax {
	uint32_t source;
	VEC(struct token) tokens;
	struct node *root;	/* NODE_FILE; never NULL */
	size_t disabled;	/* slash-dashed statements */
	bool cut;		/* the file ends in the middle of something: there may have been more */
};

struct span syntax_token_span(const struct syntax *, uint32_t token);
struct span syntax_span(const struct syntax *, const struct node *);	/* without trivia at its ends */
struct str syntax_text(const struct syntax *, const struct sources *, const struct node *);
struct node *syntax_child(const struct node *, enum node_kind);	/* the first of that kind, or NULL */

#endif
