/* highlight_emacs.c — the words of the language as a library of Lisp, for orch-mode, which finds out where
 * they stand. */
#include "grammar/highlight.h"

/* As Lisp reads it. */
static void add_text(const char *text, struct text *out)
{
	text_add_byte(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			text_add_byte(out, '\\');
		text_add_byte(out, *text);
	}
	text_add_byte(out, '"');
}

static void write_statement(const struct keyword *keyword, const struct highlight_form *form,
			    struct text *out)
{
	static const char *const declares[] = { "nil", "always", "before-brace" };
	static const char *const behind[] = { "nil", "name", "path", "heading" };
	text_addf(out, "    (\"%.*s\" %s %s %s (", STR_ARG(keyword->word), declares[form->declares],
		  form->block ? "t" : "nil", behind[form->behind]);
	for (size_t i = 0; i < form->word_n; i++)
		text_addf(out, "%s(\"%.*s\" . %s)", i ? " " : "",
			  STR_ARG(form->words[i].keyword->word), behind[form->words[i].behind]);
	text_add(out, STR(")\n     "));
	add_text(keyword->arguments, out);
	text_add(out, STR("\n     "));
	add_text(keyword->help, out);
	text_add(out, STR(")\n"));
}

void highlight_emacs_write(struct text *out)
{
	struct highlight_form form;
	text_add(out, STR(";;; orch-words.el --- The words of orch plans  -*- lexical-binding: t; -*-\n\n"
			  ";;; Commentary:\n\n;; Made by orchc of its list of keywords; not to be edited.\n\n"
			  ";;; Code:\n\n(defconst orch-words-statements\n  '(\n"));
	for (size_t i = 0; i < keyword_list_n; i++)
		if (highlight_form_of(&keyword_list[i], &form))
			write_statement(&keyword_list[i], &form, out);
	text_add(out,
		 STR("    )\n  \"Statements: word, declaring, block, behind, argument words, arguments, help.\n"
		     "Declaring is nil, `always' or `before-brace': whether the name that follows is\n"
		     "declared here.  Block is non-nil if a block may follow.  Behind, and the cdr of\n"
		     "an argument word, is nil, `name', `path' or `heading': what follows.\")\n\n"
		     "(provide 'orch-words)\n;;; orch-words.el ends here\n"));
}
