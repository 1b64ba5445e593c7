/* parser.y — the grammar of plans. Each place has its own statements, so what may be said where, and what
 * was expected when something else is found, is read off lemon's tables and written nowhere else.
 *
 * No production is empty where statements begin: the state behind `{` or a line end can then be returned to. */
%name parser_lemon
%token_prefix TOKEN_
%token_type {uint32_t}
%extra_context {struct build *build}
%default_type {struct node *}
%token_destructor { (void)build; }	/* nothing to do: nodes are in the arena */
%stack_size 0
%start_symbol file

%include {
#include "grammar/automaton.h"

#include "common/fail.h"

#include <stdlib.h>

/* Lemon's own checks write to a trace that would be a mutable global. */
#define NDEBUG 1

static void *parser_memory(void *at, size_t bytes)
{
	at = realloc(at, bytes);
	if (!at)
		fail_memory();
	return at;
}
#define malloc(bytes) parser_memory(NULL, (size_t)(bytes))
#define realloc(at, bytes) parser_memory((at), (size_t)(bytes))

#define LEAF(kind, token) build_leaf(build, NODE_##kind, token, token)
#define ONE(a) build_one(a)
#define TWO(a, b) build_add(build_one(a), b)
#define THREE(a, b, c) build_add(TWO(a, b), c)
#define FOUR(a, b, c, d) build_add(THREE(a, b, c), d)
}
%syntax_error { BUG_IF(true, "the parser was fed what it does not take"); }
%parse_failure { BUG_IF(true, "the parser failed"); }

/* BROKEN stands for a statement that was passed over; EQUALS is told apart for the messages. */
%token BROKEN EQUALS.
%fallback NAME AFTER AGENT ALL ARGUMENT AS ATTEMPT AUTO BASE BRANCH BUDGET BUSY CACHED CLONE COMMAND COPY COST CPU
	CREATES DENIED DID DONE EACH FAILED GOAL INPUT METRIC OUTPUT RESET SAID SESSION STOP ENV ESTIMATE EVENTS EXPECT FILE FILE_SIZE FROM GROUP IDLE IMPORT IN ISOLATION JOBS LAND LIMIT
	KEYED LINES LINK MAKES MANUAL MEMORY MERGE NETWORK NOTIFY OFF ON ORCH OWNS PLAN POOL PROCESSES PROMPT READS REQUIRES REQUIRE RESUME RETRY RUN RUNNER SANDBOX SECTION SETUP SH STDIN TEMPLATE
	TEST TIMEOUT UNIT WALL WORK WORKTREE WRITES.

%type file_items {struct nodes}
%type plan_items {struct nodes}
%type group_items {struct nodes}
%type agent_items {struct nodes}
%type template_items {struct nodes}
%type runner_items {struct nodes}
%type events_items {struct nodes}
%type metric_items {struct nodes}
%type parameter_names {struct nodes}
%type arguments {struct nodes}
%type argument_list {struct nodes}
%type names {struct nodes}
%type after_names {struct nodes}
%type strings {struct nodes}

/* The file. */
file ::= .				{ build->file = NULL; }
file ::= file_items(A).			{ build->file = A.first; }
file_items(A) ::= file_item(B) EOL.	{ A = build_one(B); }
file_items(A) ::= file_items(L) file_item(B) EOL.	{ A = build_add(L, B); }
file_item(A) ::= file_statement(A).
file_item(A) ::= SLASHDASH(S) file_statement(B).	{ A = build_disabled(build, S, B); }
file_item(A) ::= broken(A).
broken(A) ::= BROKEN.			{ A = build->broken; }

file_statement(A) ::= ORCH(K) number(N).	{ A = build_statement(build, K, ONE(N)); }
file_statement(A) ::= IMPORT(K) string(S) AS name(N).	{ A = build_statement(build, K, TWO(S, N)); }
file_statement(A) ::= PLAN(K) name(N) title(T) plan_block(B).	{ A = build_statement(build, K, THREE(N, T, B)); }
file_statement(A) ::= TEMPLATE(K) name(N) parameters(P) template_block(B).
	{ A = build_statement(build, K, THREE(N, P, B)); }
file_statement(A) ::= RUNNER(K) name(N) runner_block(B).	{ A = build_statement(build, K, TWO(N, B)); }
file_statement(A) ::= member(A).

member(A) ::= GROUP(K) name(N) title(T) group_block(B).	{ A = build_statement(build, K, THREE(N, T, B)); }
member(A) ::= AGENT(K) name(N) title(T) agent_block(B).	{ A = build_statement(build, K, THREE(N, T, B)); }
member(A) ::= AGENT(K) name(N) title(T) from(F).	{ A = build_statement(build, K, THREE(N, T, F)); }
member(A) ::= AGENT(K) name(N) title(T) from(F) agent_block(B).
	{ A = build_statement(build, K, FOUR(N, T, F, B)); }
member(A) ::= AGENT(K) name(N) title(T) from(F) SLASHDASH(S) agent_block(B).
	{ A = build_statement(build, K, FOUR(N, T, F, build_disabled(build, S, B))); }

title(A) ::= .				{ A = NULL; }
title(A) ::= string(A).

from(A) ::= FROM(F) reference(T) LPAREN arguments(L) RPAREN(E).
	{ A = build_branch(build, NODE_FROM, F, E, build_join(ONE(T), L)); }
arguments(A) ::= .			{ A = build_none(); }
arguments(A) ::= argument_list(A).
arguments(A) ::= argument_list(A) COMMA.
argument_list(A) ::= argument(B).	{ A = build_one(B); }
argument_list(A) ::= argument_list(L) COMMA argument(B).	{ A = build_add(L, B); }
argument(A) ::= name(N) COLON string(S).
	{ A = build_branch(build, NODE_ARGUMENT, N->first, S->last, TWO(N, S)); }
argument(A) ::= name(N) COLON text(S).
	{ A = build_branch(build, NODE_ARGUMENT, N->first, S->last, TWO(N, S)); }

parameters(A) ::= LPAREN(F) RPAREN(E).	{ A = build_branch(build, NODE_PARAMETERS, F, E, build_none()); }
parameters(A) ::= LPAREN(F) parameter_names(L) RPAREN(E).
	{ A = build_branch(build, NODE_PARAMETERS, F, E, L); }
parameters(A) ::= LPAREN(F) parameter_names(L) COMMA RPAREN(E).
	{ A = build_branch(build, NODE_PARAMETERS, F, E, L); }
parameter_names(A) ::= name(B).		{ A = build_one(B); }
parameter_names(A) ::= parameter_names(L) COMMA name(B).	{ A = build_add(L, B); }

/* A plan. */
plan_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
plan_block(A) ::= LBRACE(F) plan_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
plan_items(A) ::= plan_item(B) EOL.	{ A = build_one(B); }
plan_items(A) ::= plan_items(L) plan_item(B) EOL.	{ A = build_add(L, B); }
plan_item(A) ::= plan_statement(A).
plan_item(A) ::= SLASHDASH(S) plan_statement(B).	{ A = build_disabled(build, S, B); }
plan_item(A) ::= broken(A).

plan_statement(A) ::= default_statement(A).
plan_statement(A) ::= BASE(K) string(S).	{ A = build_statement(build, K, ONE(S)); }
plan_statement(A) ::= BRANCH(K) string(S).	{ A = build_statement(build, K, ONE(S)); }
plan_statement(A) ::= JOBS(K) number(N).	{ A = build_statement(build, K, ONE(N)); }
plan_statement(A) ::= POOL(K) name(N) number(M).	{ A = build_statement(build, K, TWO(N, M)); }
plan_statement(A) ::= MERGE(K) names(L).	{ A = build_statement(build, K, L); }
plan_statement(A) ::= LAND(K) MANUAL(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
plan_statement(A) ::= LAND(K) AUTO(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
plan_statement(A) ::= EXPECT(K) WALL(W) duration(D).
	{ A = build_statement(build, K, TWO(build_word(build, W), D)); }
plan_statement(A) ::= EXPECT(K) WORK(W) duration(D).
	{ A = build_statement(build, K, TWO(build_word(build, W), D)); }
plan_statement(A) ::= budget(A).
plan_statement(A) ::= NOTIFY(K) command_line(C).
	{ A = build_statement(build, K, ONE(build_branch(build, NODE_COMMAND, C->first, C->last, ONE(C)))); }
plan_statement(A) ::= test(A).
plan_statement(A) ::= METRIC(K) name(N) title(T) metric_block(B).
	{ A = build_statement(build, K, THREE(N, T, B)); }

/* What is measured before and after. */
metric_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
metric_block(A) ::= LBRACE(F) metric_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
metric_items(A) ::= metric_item(B) EOL.	{ A = build_one(B); }
metric_items(A) ::= metric_items(L) metric_item(B) EOL.	{ A = build_add(L, B); }
metric_item(A) ::= metric_statement(A).
metric_item(A) ::= SLASHDASH(S) metric_statement(B).	{ A = build_disabled(build, S, B); }
metric_item(A) ::= broken(A).

metric_statement(A) ::= RUN(K) command(C).	{ A = build_statement(build, K, ONE(C)); }
metric_statement(A) ::= UNIT(K) string(S).	{ A = build_statement(build, K, ONE(S)); }
metric_statement(A) ::= GOAL(K) COMPARISON(C) amount(N).
	{ A = build_statement(build, K, TWO(build_word(build, C), N)); }
metric_statement(A) ::= GOAL(K) COMPARISON(C) amount(N) REQUIRE(W).
	{ A = build_statement(build, K, THREE(build_word(build, C), N, build_word(build, W))); }

/* Plan, group, agent and template: defaults from the outside in. */
default_statement(A) ::= RUNNER(K) reference(N).	{ A = build_statement(build, K, ONE(N)); }
default_statement(A) ::= TIMEOUT(K) duration(D).	{ A = build_statement(build, K, ONE(D)); }
default_statement(A) ::= IDLE(K) duration(D).	{ A = build_statement(build, K, ONE(D)); }
default_statement(A) ::= RETRY(K) number(N).	{ A = build_statement(build, K, ONE(N)); }
default_statement(A) ::= env(A).
default_statement(A) ::= ISOLATION(K) WORKTREE(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
default_statement(A) ::= ISOLATION(K) CLONE(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
default_statement(A) ::= SANDBOX(K) ON(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
default_statement(A) ::= SANDBOX(K) OFF(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
default_statement(A) ::= NETWORK(K) ON(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
default_statement(A) ::= NETWORK(K) OFF(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }

default_statement(A) ::= LIMIT(K) PROCESSES(W) number(N).	{ A = build_statement(build, K, TWO(build_word(build, W), N)); }
default_statement(A) ::= LIMIT(K) FILE_SIZE(W) size(N).	{ A = build_statement(build, K, TWO(build_word(build, W), N)); }
default_statement(A) ::= LIMIT(K) MEMORY(W) size(N).	{ A = build_statement(build, K, TWO(build_word(build, W), N)); }
default_statement(A) ::= LIMIT(K) CPU(W) number(N).	{ A = build_statement(build, K, TWO(build_word(build, W), N)); }
default_statement(A) ::= LIMIT(K) CPU(W) decimal(N).	{ A = build_statement(build, K, TWO(build_word(build, W), N)); }

/* A group. */
group_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
group_block(A) ::= LBRACE(F) group_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
group_items(A) ::= group_item(B) EOL.	{ A = build_one(B); }
group_items(A) ::= group_items(L) group_item(B) EOL.	{ A = build_add(L, B); }
group_item(A) ::= group_statement(A).
group_item(A) ::= SLASHDASH(S) group_statement(B).	{ A = build_disabled(build, S, B); }
group_item(A) ::= broken(A).

group_statement(A) ::= member(A).
group_statement(A) ::= default_statement(A).
group_statement(A) ::= work_statement(A).

/* Group, agent and template: about the work. */
work_statement(A) ::= SETUP(K) command(C).	{ A = build_statement(build, K, ONE(C)); }
work_statement(A) ::= SETUP(K) command(C) KEYED(F) strings(L) MAKES(M) strings(N).
	{ A = build_statement(build, K, THREE(C, build_branch(build, NODE_STRINGS, F, L.last->last, L),
					      build_branch(build, NODE_STRINGS, M, N.last->last, N))); }
work_statement(A) ::= COPY(K) strings(L).	{ A = build_statement(build, K, L); }
work_statement(A) ::= LINK(K) strings(L).	{ A = build_statement(build, K, L); }
work_statement(A) ::= OWNS(K) strings(L).	{ A = build_statement(build, K, L); }
work_statement(A) ::= CREATES(K) strings(L).	{ A = build_statement(build, K, L); }
work_statement(A) ::= READS(K) strings(L).	{ A = build_statement(build, K, L); }
work_statement(A) ::= REQUIRES(K) strings(L).	{ A = build_statement(build, K, L); }
work_statement(A) ::= AFTER(K) after_names(L).	{ A = build_statement(build, K, L); }

/* An agent, and a template, which says the same. */
agent_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
agent_block(A) ::= LBRACE(F) agent_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
agent_items(A) ::= agent_item(B) EOL.	{ A = build_one(B); }
agent_items(A) ::= agent_items(L) agent_item(B) EOL.	{ A = build_add(L, B); }
agent_item(A) ::= agent_statement(A).
agent_item(A) ::= SLASHDASH(S) agent_statement(B).	{ A = build_disabled(build, S, B); }
agent_item(A) ::= broken(A).

template_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
template_block(A) ::= LBRACE(F) template_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
template_items(A) ::= template_item(B) EOL.	{ A = build_one(B); }
template_items(A) ::= template_items(L) template_item(B) EOL.	{ A = build_add(L, B); }
template_item(A) ::= agent_statement(A).
template_item(A) ::= SLASHDASH(S) agent_statement(B).	{ A = build_disabled(build, S, B); }
template_item(A) ::= broken(A).

agent_statement(A) ::= default_statement(A).
agent_statement(A) ::= work_statement(A).
agent_statement(A) ::= ESTIMATE(K) duration(D).	{ A = build_statement(build, K, ONE(D)); }
agent_statement(A) ::= POOL(K) name(N).	{ A = build_statement(build, K, ONE(N)); }
agent_statement(A) ::= budget(A).
agent_statement(A) ::= test(A).
agent_statement(A) ::= PROMPT(K) string(S).	{ A = build_statement(build, K, ONE(S)); }
agent_statement(A) ::= PROMPT(K) text(S).	{ A = build_statement(build, K, ONE(S)); }
agent_statement(A) ::= PROMPT(K) prompt_file(S).	{ A = build_statement(build, K, ONE(S)); }
prompt_file(A) ::= FILE(F) string(S).	{ A = build_branch(build, NODE_PROMPT_FILE, F, S->last, ONE(S)); }
prompt_file(A) ::= FILE(F) string(S) SECTION string(T).
	{ A = build_branch(build, NODE_PROMPT_FILE, F, T->last, TWO(S, T)); }

/* A runner. */
runner_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
runner_block(A) ::= LBRACE(F) runner_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
runner_items(A) ::= runner_item(B) EOL.	{ A = build_one(B); }
runner_items(A) ::= runner_items(L) runner_item(B) EOL.	{ A = build_add(L, B); }
runner_item(A) ::= runner_statement(A).
runner_item(A) ::= SLASHDASH(S) runner_statement(B).	{ A = build_disabled(build, S, B); }
runner_item(A) ::= broken(A).

runner_statement(A) ::= COMMAND(K) list(L).	{ A = build_statement(build, K, ONE(L)); }
runner_statement(A) ::= SESSION(K) list(L).	{ A = build_statement(build, K, ONE(L)); }
runner_statement(A) ::= RESUME(K) list(L).	{ A = build_statement(build, K, ONE(L)); }
runner_statement(A) ::= RESUME(K) COMMAND(W) list(L).	{ A = build_statement(build, K, TWO(build_word(build, W), L)); }
runner_statement(A) ::= PROMPT(K) STDIN(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
runner_statement(A) ::= PROMPT(K) FILE(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
runner_statement(A) ::= PROMPT(K) ARGUMENT(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
runner_statement(A) ::= EVENTS(K) reference(N).	{ A = build_statement(build, K, ONE(N)); }
runner_statement(A) ::= EVENTS(K) events_block(B).	{ A = build_statement(build, K, ONE(B)); }
runner_statement(A) ::= EVENTS(K) LINES(W).	{ A = build_statement(build, K, ONE(build_word(build, W))); }
runner_statement(A) ::= BUSY(K) string(S).	{ A = build_statement(build, K, ONE(S)); }
runner_statement(A) ::= STOP(K) string(S).	{ A = build_statement(build, K, ONE(S)); }
runner_statement(A) ::= WRITES(K) strings(L).	{ A = build_statement(build, K, L); }
runner_statement(A) ::= env(A).

/* What is read off a runner's output. */
events_block(A) ::= LBRACE(F) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, build_none()); }
events_block(A) ::= LBRACE(F) events_items(L) RBRACE(E).	{ A = build_branch(build, NODE_BLOCK, F, E, L); }
events_items(A) ::= events_item(B) EOL.	{ A = build_one(B); }
events_items(A) ::= events_items(L) events_item(B) EOL.	{ A = build_add(L, B); }
events_item(A) ::= events_statement(A).
events_item(A) ::= SLASHDASH(S) events_statement(B).	{ A = build_disabled(build, S, B); }
events_item(A) ::= broken(A).

events_statement(A) ::= SESSION(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= SAID(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= DID(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= DONE(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= FAILED(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= DENIED(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= BUSY(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= RESET(K) strings(L).	{ A = build_statement(build, K, L); }
events_statement(A) ::= INPUT(K) strings(L) sum(W).	{ A = build_statement(build, K, build_add(L, W)); }
events_statement(A) ::= CACHED(K) strings(L) sum(W).	{ A = build_statement(build, K, build_add(L, W)); }
events_statement(A) ::= OUTPUT(K) strings(L) sum(W).	{ A = build_statement(build, K, build_add(L, W)); }
events_statement(A) ::= COST(K) strings(L) sum(W).	{ A = build_statement(build, K, build_add(L, W)); }
sum(A) ::= EACH(W).	{ A = build_word(build, W); }
sum(A) ::= ATTEMPT(W).	{ A = build_word(build, W); }
sum(A) ::= SESSION(W).	{ A = build_word(build, W); }

/* What several places have. */
env(A) ::= ENV(K) name(N) string(S).	{ A = build_statement(build, K, TWO(N, S)); }
test(A) ::= TEST(K) command(C).		{ A = build_statement(build, K, ONE(C)); }
budget(A) ::= BUDGET(K) money(M).	{ A = build_statement(build, K, ONE(M)); }

command(A) ::= command_line(C).		{ A = build_branch(build, NODE_COMMAND, C->first, C->last, ONE(C)); }
command(A) ::= command_line(C) IN name(N).
	{ A = build_branch(build, NODE_COMMAND, C->first, N->last, TWO(C, N)); }
command_line(A) ::= list(A).
command_line(A) ::= SH(F) string(S).	{ A = build_branch(build, NODE_SHELL, F, S->last, ONE(S)); }
command_line(A) ::= SH(F) text(S).	{ A = build_branch(build, NODE_SHELL, F, S->last, ONE(S)); }
list(A) ::= LBRACKET(F) strings(L) RBRACKET(E).	{ A = build_branch(build, NODE_LIST, F, E, L); }
list(A) ::= LBRACKET(F) strings(L) COMMA RBRACKET(E).	{ A = build_branch(build, NODE_LIST, F, E, L); }
strings(A) ::= string(B).		{ A = build_one(B); }
strings(A) ::= strings(L) COMMA string(B).	{ A = build_add(L, B); }
names(A) ::= reference(B).		{ A = build_one(B); }
names(A) ::= names(L) COMMA reference(B).	{ A = build_add(L, B); }
after_names(A) ::= after_name(B).	{ A = build_one(B); }
after_names(A) ::= after_names(L) COMMA after_name(B).	{ A = build_add(L, B); }
after_name(A) ::= reference(A).
after_name(A) ::= ALL(W).		{ A = build_word(build, W); }
after_name(A) ::= ALL(M) DOT name(N).	{ A = build_branch(build, NODE_QUALIFIED, M, N->last, TWO(LEAF(NAME, M), N)); }
reference(A) ::= name(A).
reference(A) ::= name(M) DOT name(N).
	{ A = build_branch(build, NODE_QUALIFIED, M->first, N->last, TWO(M, N)); }

name(A) ::= NAME(T).			{ A = LEAF(NAME, T); }
string(A) ::= STRING(T).		{ A = LEAF(STRING, T); }
text(A) ::= TEXT(T).			{ A = LEAF(TEXT, T); }
number(A) ::= NUMBER(T).		{ A = LEAF(NUMBER, T); }
duration(A) ::= DURATION(T).		{ A = LEAF(DURATION, T); }
size(A) ::= SIZE(T).			{ A = LEAF(SIZE, T); }
decimal(A) ::= DECIMAL(T).		{ A = LEAF(NUMBER, T); }
amount(A) ::= number(A).
amount(A) ::= decimal(A).
money(A) ::= NUMBER(F) NAME(E).		{ A = build_leaf(build, NODE_MONEY, F, E); }
money(A) ::= DECIMAL(F) NAME(E).	{ A = build_leaf(build, NODE_MONEY, F, E); }

%code {
#undef malloc
#undef realloc

struct yyParser *parser_open(struct build *build)
{
	yyParser *parser = parser_memory(NULL, sizeof *parser);
	parser_lemonInit(parser, build);
	return parser;
}

void parser_close(struct yyParser *parser)
{
	parser_lemonFinalize(parser);
	free(parser);
}

/* What the machine would do next in that state; a word is tried as a name as well. */
static YYACTIONTYPE next_action(YYACTIONTYPE state, unsigned kind, bool word)
{
	int at = yy_shift_ofst[state] + (int)kind;
	if (yy_lookahead[at] == kind)
		return yy_action[at];
	return word && yyFallback[kind] ? next_action(state, yyFallback[kind], false) : yy_default[state];
}

bool parser_would_shift(const struct yyParser *parser, unsigned kind, bool word)
{
	/* Reductions are gone through in pretence: the stack below `height`, and on top of it what they add. */
	YYACTIONTYPE added[8];
	size_t height = (size_t)(parser->yytos - parser->yystack) + 1, n = 0;
	YYACTIONTYPE state = parser->yytos->stateno;
	for (;;) {
		YYACTIONTYPE action = state > YY_MAX_SHIFT ? state : next_action(state, kind, word);
		if (action <= YY_MAX_SHIFTREDUCE || action == YY_ACCEPT_ACTION)
			return true;
		if (action < YY_MIN_REDUCE)
			return false;
		unsigned rule = action - YY_MIN_REDUCE;
		size_t pop = (size_t)-yyRuleInfoNRhs[rule];
		size_t own = pop < n ? pop : n;
		n -= own;
		height -= pop - own;
		YYACTIONTYPE below = n ? added[n - 1] : parser->yystack[height - 1].stateno;
		BUG_IF(n == sizeof added / sizeof added[0], "more pending reductions than the grammar has");
		state = added[n++] = yy_find_reduce_action(below, yyRuleInfoLhs[rule]);
	}
}

void parser_feed(struct yyParser *parser, unsigned kind, uint32_t token)
{
	parser_lemon(parser, (int)kind, token);
}

size_t parser_settle(struct yyParser *parser)
{
	/* A state above YY_MAX_SHIFT is a reduction that waits for the next token, whichever it be. */
	while (parser->yytos->stateno > YY_MAX_SHIFT)
		yy_reduce(parser, parser->yytos->stateno - YY_MIN_REDUCE, YYNOCODE, 0, parser->build);
	return (size_t)(parser->yytos - parser->yystack);
}

void parser_cut(struct yyParser *parser, size_t height)
{
	BUG_IF(height > (size_t)(parser->yytos - parser->yystack), "a stack that was never so high");
	parser->yytos = parser->yystack + height;
}

unsigned parser_token_count(void)
{
	return YYNTOKEN;
}

bool parser_is_word(unsigned kind)
{
	return kind < YYNTOKEN && parser_lemonFallback((int)kind) != 0;
}
}
