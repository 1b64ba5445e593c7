/* highlight.h — the language as editors know it, for highlighting: made of the list of keywords, so that a
 * new one is in every editor.
 *
 * Every word may also be a name, so it is shown as a keyword only where it is one: a statement's where a
 * statement begins, another where that statement's arguments, as keyword.def has them, say so. */
#ifndef GRAMMAR_HIGHLIGHT_H
#define GRAMMAR_HIGHLIGHT_H

#include "grammar/keyword.h"

enum { HIGHLIGHT_WORDS_MOST = 8 };
/* What stands behind a word. */
enum highlight_behind { HIGHLIGHT_ANYTHING, HIGHLIGHT_NAME, HIGHLIGHT_PATH, HIGHLIGHT_HEADING };
enum highlight_declares { HIGHLIGHT_NEVER, HIGHLIGHT_ALWAYS, HIGHLIGHT_BEFORE_BRACE };
struct highlight_word {
	const struct keyword *keyword;
	enum highlight_behind behind;
};
/* Statements that look alike, but for their word. */
struct highlight_form {
	enum highlight_declares declares;	/* the first argument is a name that is declared */
	bool block;	/* in some places, a block follows */
	enum highlight_behind behind;	/* the statement's word */
	struct highlight_word words[HIGHLIGHT_WORDS_MOST];	/* that stand among the arguments */
	size_t word_n;
};

/* False for a word that begins no statement. */
bool highlight_form_of(const struct keyword *, struct highlight_form *);
/* The words of all statements of the same form, `separator` between them; false, with nothing
 * added, when an earlier statement in the list has it. */
bool highlight_statements(const struct keyword *, const char *separator, struct text *out);

void highlight_textmate_write(struct text *out);	/* a grammar for TextMate and VS Code, as JSON */
void highlight_vim_write(struct text *out);	/* a syntax file */
void highlight_emacs_write(struct text *out);	/* a library of Lisp, `orch-words' */

#endif
