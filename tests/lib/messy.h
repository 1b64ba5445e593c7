/* messy.h — plans that nobody would write: every statement of the grammar with arguments that make
 * no sense, laid out at random, with comments wherever one may stand. They have no syntax errors,
 * and that is all.
 *
 * What a plan says and how it is laid out come from two seeds, so that one plan can be had in many
 * layouts. */
#ifndef TESTS_LIB_MESSY_H
#define TESTS_LIB_MESSY_H

#include "common/text.h"
#include "tests/unit/test.h"

#include <string.h>

struct messy {
	uint64_t says, looks;	/* the seeds; not 0 */
	bool bare;	/* no comments, empty lines and blocks on one line: nothing that is up to the author */
	bool allows;	/* some comments silence warnings */
	struct text *out;
	unsigned ends;	/* of lines: 0 LF, 1 CR LF, 2 both */
	unsigned depth;
	char indent[24];	/* of the present line */
	size_t line_start;	/* behind its indentation */
	size_t text_end;	/* where the last text block ended: nothing follows it in its line */
};
#define MESSY_PICK(m, list) (list)[test_random(&(m)->says) % (sizeof (list) / sizeof *(list))]

static inline unsigned messy_says(struct messy *m, unsigned n)
{
	return (unsigned)(test_random(&m->says) % n);
}
static inline unsigned messy_looks(struct messy *m, unsigned n)
{
	return (unsigned)(test_random(&m->looks) % n);
}
static inline void messy_put(struct messy *m, const char *z)
{
	text_add(m->out, str_from(z));
}

static inline void messy_white(struct messy *m, unsigned most)
{
	for (unsigned n = messy_looks(m, most + 1); n; n--)
		text_add_byte(m->out, messy_looks(m, 5) ? ' ' : '\t');
}
static inline void messy_space(struct messy *m)
{
	text_add_byte(m->out, messy_looks(m, 9) ? ' ' : '\t');
	if (!messy_looks(m, 3))
		messy_white(m, 4);
}
static inline void messy_break(struct messy *m)
{
	messy_put(m, m->ends == 1 || (m->ends == 2 && messy_looks(m, 2)) ? "\r\n" : "\n");
}
static inline void messy_indent(struct messy *m)
{
	size_t from = m->out->n;
	messy_white(m, 6);
	size_t n = m->out->n - from;
	if (n)
		memcpy(m->indent, m->out->at + from, n);
	m->indent[n] = 0;
	m->line_start = m->out->n;
}
static inline void messy_comment(struct messy *m)
{
	static const char *const comments[] = {
		"#", "# a comment", "#no space", "##", "## two", "#!bang", "#:colon", "#   deep", "#\ttab  ", "# } {",
		"# \"\"\"", "#-----", "# é 😀 → 漢字", "# [ ( ,", "#/-", "# orch: nothing", "# trailing \t ",
		"# a long one, as people write them who have much to say about the line that it stands in, and more",
	};
	bool allow = m->allows && !messy_looks(m, 4);
	messy_put(m, allow ? "#orch: allow( read-race )x" :
		  comments[messy_looks(m, sizeof comments / sizeof *comments)]);
}
/* The end of a line and what may be between it and the next thing; the present line is that
 * thing's. */
static inline void messy_lines(struct messy *m)
{
	bool text = m->out->n && m->out->n == m->text_end;
	if (!m->bare && !text && !messy_looks(m, 4)) {
		messy_white(m, 3);
		messy_comment(m);
	}
	if (!text)
		messy_white(m, 1);
	messy_break(m);
	for (unsigned n = m->bare || messy_looks(m, 3) ? 0 : messy_looks(m, 4); n; n--) {
		messy_white(m, 5);
		if (messy_looks(m, 2))
			messy_comment(m);
		messy_break(m);
	}
	messy_indent(m);
}
/* White space where line ends count for nothing. */
static inline void messy_loose(struct messy *m)
{
	if (!messy_looks(m, 3))
		messy_lines(m);
	else if (m->out->n != m->line_start)
		messy_white(m, 2);
}

static inline void messy_name(struct messy *m)
{
	static const char *const names[] = { "a", "b2", "page", "agent", "owns", "semantic-cache", "all-of-them", "X_1",
					     "plan", "prompt", "a-very-long-name-that-somebody-has-chosen" };
	messy_put(m, MESSY_PICK(m, names));
}
static inline void messy_reference(struct messy *m)
{
	messy_name(m);
	if (messy_says(m, 4))
		return;
	messy_white(m, 1);
	messy_put(m, ".");
	messy_white(m, 1);
	messy_name(m);
}
static inline void messy_string(struct messy *m)
{
	static const char *const strings[] = {
		"\"\"", "\"a\"", "\"src/**\"", "\"# no comment\"", "\"{ } [ ] ( )\"", "\"\\\"\\\\\\n\\u{e9}\"", "\"${a} $${b}\"",
		"\"é → 漢字 😀\"", "\"/-\"", "\"a, b\"", "\"a path that is long enough to need a line/of/its/own/**\"",
		("\"one that is longer than the whole of a line may be, so that nothing can be done about it, for a string "
		 "is a string, and it is not broken\""),
	};
	messy_put(m, MESSY_PICK(m, strings));
}
static inline void messy_text(struct messy *m)
{
	static const char *const opening[] = { "\"\"\"", "$\"\"\"", "$$\"\"\"" };
	static const char *const lines[] = {
		"plain", "  deeper", "\ttab", "\"\"\"", "  \"\"\"", "}", "# no comment", "${a} $${b}", "trailing  ", "", "",
		"agent a {", "\\u{zz} \\", "é 😀", "'''", "<<<<<<< ours", "x \"\"\" y", "-\t-",
	};
	static const char *const firsts[] = { "first", "\"\"\"", "# heading", "}", "-", "\"quoted\"" };
	char indent[sizeof m->indent], margin[32];
	strcpy(indent, m->indent);
	messy_put(m, MESSY_PICK(m, opening));
	messy_white(m, 1);
	messy_break(m);
	size_t from = m->out->n;
	messy_put(m, indent);
	messy_put(m, messy_looks(m, 4) ? " " : "\t");
	messy_white(m, 4);
	size_t n = m->out->n - from;
	memcpy(margin, m->out->at + from, n);
	margin[n] = 0;
	m->out->n = from;
	bool begun = false;
	for (unsigned left = messy_says(m, 7); left; left--) {
		const char *line = messy_says(m, 8) && !begun ? MESSY_PICK(m, firsts)
				   : begun                    ? MESSY_PICK(m, lines)
							      : "";
		if (*line) {
			messy_put(m, margin);
			begun = true;
		} else {
			messy_white(m, 3);
		}
		messy_put(m, line);
		messy_break(m);
	}
	messy_put(m, indent);
	messy_put(m, "\"\"\"");
	m->text_end = m->out->n;
}

/* Items and commas; in brackets, white space is free, and a comma may be last. */
static inline void messy_items(struct messy *m, void (*item)(struct messy *), bool brackets,
			       unsigned least)
{
	unsigned n = least + (messy_says(m, 3) ? messy_says(m, 4) : messy_says(m, 14));
	for (unsigned i = 0; i < n; i++) {
		if (brackets)
			messy_loose(m);
		item(m);
		if (brackets)
			messy_loose(m);
		else
			messy_white(m, 1);
		if (i + 1 < n || (brackets && messy_looks(m, 2)))
			messy_put(m, ",");
		if (!brackets && i + 1 < n)
			messy_loose(m);
	}
	if (brackets)
		messy_loose(m);
}
static inline void messy_list(struct messy *m)
{
	messy_put(m, "[");
	messy_items(m, messy_string, true, 1);
	messy_put(m, "]");
}
static inline void messy_argument(struct messy *m)
{
	messy_name(m);
	messy_loose(m);
	messy_put(m, ":");
	messy_loose(m);
	if (messy_says(m, 4)) {
		messy_string(m);
	} else {
		messy_text(m);
		messy_lines(m);
	}
}
static inline void messy_command(struct messy *m)
{
	bool text = !messy_says(m, 4);
	if (!text && messy_says(m, 2)) {
		messy_list(m);
	} else {
		messy_put(m, "sh");
		messy_space(m);
		if (text)
			messy_text(m);
		else
			messy_string(m);
	}
	if (!text && !messy_says(m, 3)) {
		messy_put(m, " in");
		messy_space(m);
		messy_name(m);
	}
}

/* A statement of keyword and arguments: s string, n name, r reference, l list, c command, S
 * strings, N references, t text, other letters stand for themselves; a blank is white space. */
static inline void messy_simple(struct messy *m, const char *shape)
{
	for (; *shape; shape++)
		switch (*shape) {
		case ' ': messy_space(m); break;
		case 'Q': messy_string(m); break;
		case 'M': messy_name(m); break;
		case 'R': messy_reference(m); break;
		case 'L': messy_list(m); break;
		case 'C': messy_command(m); break;
		case 'S': messy_items(m, messy_string, false, 1); break;
		case 'N': messy_items(m, messy_reference, false, 1); break;
		case 'T': messy_text(m); break;
		default: text_add_byte(m->out, *shape);
		}
}

enum messy_place { MESSY_FILE, MESSY_PLAN, MESSY_GROUP, MESSY_AGENT, MESSY_RUNNER, MESSY_EVENTS };

static inline void messy_block(struct messy *, enum messy_place);

static inline void messy_member(struct messy *m)
{
	bool group = !messy_says(m, 3) && m->depth < 12;
	messy_simple(m, group ? "group M" : "agent M");
	messy_space(m);
	if (messy_says(m, 2))
		messy_simple(m, "Q ");
	if (group) {
		messy_block(m, MESSY_GROUP);
		return;
	}
	bool from = !messy_says(m, 3);
	if (from) {
		messy_simple(m, "from R");
		messy_white(m, 1);
		messy_put(m, "(");
		messy_items(m, messy_argument, true, messy_says(m, 2));
		messy_put(m, ")");
		messy_white(m, 1);
		if (!messy_says(m, 4)) {
			messy_put(m, "/-");
			messy_loose(m);
		} else if (messy_says(m, 2)) {
			return;
		}
	}
	messy_block(m, MESSY_AGENT);
}

static inline void messy_statement(struct messy *m, enum messy_place place)
{
	static const char *const defaults[] = { "runner R", "timeout 2h30m", "idle 5m", "retry 1", "env M Q",
						"isolation worktree", "sandbox off", "network off", "limit cpu 1.5",
						"limit file-size 2G" };
	static const char *const work[] = { "setup C", "copy S", "link S", "owns S", "creates S", "reads S", "requires S",
					    "after N", "after all", "after all, all.b" };
	static const char *const plan[] = { "base Q", "branch Q", "jobs 8", "pool M 2", "merge N", "land manual", "test C",
					    "expect wall 5h", "expect work 90s", "budget 20.00 usd", "budget 5 eur" };
	static const char *const agent[] = { "estimate 30m", "pool M", "test C", "prompt Q", "prompt T", "prompt T",
					     "prompt file Q", "prompt file Q section Q", "budget 1.50 usd" };
	static const char *const runner[] = { "command L", "writes S", "resume L", "prompt stdin", "prompt file", "events lines",
					      "busy Q", "env M Q", "prompt argument", "session L", "resume command L", "stop Q", "events R" };
	static const char *const events[] = { "session S", "said S", "did S", "done S", "busy S", "input S session",
					      "cached S each", "output S attempt", "cost S session" };
	if (!messy_says(m, 9)) {
		messy_put(m, "/-");
		messy_loose(m);
	}
	switch (place) {
	case MESSY_FILE:
		switch (messy_says(m, 6)) {
		case 0: messy_simple(m, "import Q as M"); return;
		case 1: messy_simple(m, "plan M "); messy_block(m, MESSY_PLAN); return;
		case 2: messy_simple(m, "runner M "); messy_block(m, MESSY_RUNNER); return;
		case 3:
			messy_simple(m, "template M(");
			messy_items(m, messy_name, true, 1);
			messy_put(m, ")");
			messy_white(m, 1);
			messy_block(m, MESSY_AGENT);
			return;
		}
		messy_member(m);
		return;
	case MESSY_PLAN:
		messy_simple(m, messy_says(m, 3) ? MESSY_PICK(m, plan) : MESSY_PICK(m, defaults));
		return;
	case MESSY_RUNNER:
		if (messy_says(m, 5)) {
			messy_simple(m, MESSY_PICK(m, runner));
			return;
		}
		messy_simple(m, "events ");
		messy_block(m, MESSY_EVENTS);
		return;
	case MESSY_EVENTS: messy_simple(m, MESSY_PICK(m, events)); return;
	case MESSY_AGENT:
		messy_simple(m, messy_says(m, 3) ? MESSY_PICK(m, agent) : messy_says(m, 4) ? MESSY_PICK(m, work) :
			     MESSY_PICK(m, defaults));
		return;
	case MESSY_GROUP:
		if (messy_says(m, 2))
			messy_member(m);
		else
			messy_simple(m, messy_says(m, 3) ? MESSY_PICK(m, work)
							 : MESSY_PICK(m, defaults));
	}
}

static inline void messy_block(struct messy *m, enum messy_place place)
{
	unsigned n = messy_says(m, 5) ? messy_says(m, 6) : 0;
	m->depth++;
	messy_put(m, "{");
	bool line = !m->bare && !messy_looks(m, 3);
	for (unsigned i = 0; i < n; i++) {
		if (line && !i)
			messy_white(m, 1);
		else
			messy_lines(m);
		messy_statement(m, place);
	}
	if (!m->bare && n < 2 && m->out->n != m->text_end && !messy_looks(m, 2))
		messy_white(m, 1);
	else
		messy_lines(m);
	messy_put(m, "}");
	m->depth--;
}

/* The whole plan is added to `out`. */
static inline void messy_plan(struct messy *m)
{
	m->ends = messy_looks(m, 3);
	if (messy_looks(m, 20))
		messy_indent(m);
	else
		messy_put(m, "\xEF\xBB\xBF");
	if (!m->bare)
		messy_lines(m);
	if (messy_says(m, 2)) {
		messy_put(m, "orch 1");
		messy_lines(m);
	}
	for (unsigned n = messy_says(m, 6); n; n--) {
		messy_statement(m, MESSY_FILE);
		messy_lines(m);
	}
}

#endif
