/* import.h — a hand-written plan in Markdown as a draft of a plan for orch: task tables, `### Agent
 * 3: …` headings with prompts, lists of agents, orders, work trees made by shell loops, times,
 * claims.
 *
 * No model guesses here. What a line says is known by its structure and a few words
 * (import_word.h, import_ref.h, import_time.h); a line that looks like part of a plan and says
 * nothing known is named (W0701), never passed over. */
#ifndef COMPILER_IMPORT_H
#define COMPILER_IMPORT_H

#include "compiler/draft.h"

/* One of several alternatives that a document offers: "Option A: 10 Agents (Recommended)". */
struct import_option {
	struct str id, title;	/* "A", and all of the heading */
	struct span span;
	bool recommended;
};
struct import_ask {
	struct str option;	/* id, or words of the title that no other has; empty: the recommended one, or the first */
	struct str file;	/* how prompts refer to the document; empty: they are written out */
	bool (*ignores)(void *context, struct str path);	/* does the repository ignore it? NULL: not known */
	void *context;
};
struct import {
	struct draft draft;	/* settled and checked */
	VEC(struct import_option) options;
	size_t chosen;		/* index; without options, 0 */
	bool ambiguous;		/* what was asked for could be several */
};

/* `source` is the document among the sources. False when there is no such option, or no agents were
 * found, which is among the diagnostics; the options are valid then. Everything is in the
 * diagnostics' arena. */
bool import_markdown(const struct sources *, uint32_t source, struct diags *,
		     const struct import_ask *, struct import *);

#endif
