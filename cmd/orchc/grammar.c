/* grammar.c — orchc grammar: the language as an editor knows it. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "grammar/highlight.h"

#include <stdio.h>

static int run_grammar(const struct command_line *line)
{
	static const struct {
		const char *editor;
		void (*write)(struct text *);
	} known[] = {
		{ "textmate", highlight_textmate_write },
		{ "vim", highlight_vim_write },
		{ "emacs", highlight_emacs_write },
	};
	struct str editor = str_from(line->operand[0]);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!str_is(editor, known[i].editor))
			continue;
		struct text text = { 0 };
		known[i].write(&text);
		int status = talk_answer(text_str(&text));
		text_release(&text);
		return status;
	}
	fprintf(stderr, "error: there are grammars for textmate, vim and emacs, not for `%s`\n",
		line->operand[0]);
	return STATUS_USAGE;
}

static const char grammar_help[] =
	"Prints what an editor needs to highlight plans, made of the list of keywords that the compiler reads:\n"
	"a TextMate grammar, which VS Code and many others take; a syntax file for Vim and Neovim; or the\n"
	"words of the language for Emacs's orch-mode. `make install` puts the last two where these editors look;\n"
	"docs/editors.md tells the rest.\n"
	"\n"
	"    orchc grammar textmate > orch.tmLanguage.json\n"
	"    orchc grammar vim > ~/.vim/syntax/orch.vim\n";

const struct command grammar_command = {
	"grammar",
	"textmate|vim|emacs",
	1,
	1,
	"what an editor needs to highlight plans",
	grammar_help,
	NULL,
	0,
	run_grammar,
};
