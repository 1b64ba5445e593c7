/* highlight_textmate.c — the language as a TextMate grammar.
 *
 * Such a grammar sees a line at a time, with a stack of rules. Whatever is met outside of a statement
 * begins one, and a statement holds until the end of its line, so that its word is a keyword where it
 * begins and nowhere else; a comma holds it open until the next word, however many lines later. A text
 * block is opened by a whole line, for its end depends on how that is indented; `while` rather than
 * `end`, so that a fence that is left open in a prompt cannot run past it. */
#include "grammar/highlight.h"

#include "common/json.h"

#include <stdio.h>

#define NAME "[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*"
#define BEFORE "(?<![A-Za-z0-9_.-])"	/* a word */
#define BEHIND "(?![A-Za-z0-9_-])"
#define QUOTED "\"(?:[^\"\\\\]|\\\\.)*\""
#define INDENT "^([ \\t]*)(?=[^ \\t\"])"	/* of a line that is more than closing quotes */
#define LINE "(?:[^\"#]|" QUOTED ")*?"	/* the beginning of a line, up to something outside of strings */

static void include(struct text *out, const char *what)
{
	json_open(out, NULL, '{');
	json_write_text(out, "include", str_from(what));
	json_close(out, '}');
}

/* `scopes`: of each capture, "" for none, in words. */
static void captures(struct text *out, const char *key, const char *scopes)
{
	struct str rest = str_from(scopes), scope;
	json_open(out, key, '{');
	for (unsigned i = 1; str_split(&rest, '|', &scope); i++) {
		char number[12];
		snprintf(number, sizeof number, "%u", i);
		if (!scope.n)
			continue;
		json_open(out, number, '{');
		if (str_starts(scope, STR("#"))) {
			json_open(out, "patterns", '[');
			json_open(out, NULL, '{');
			json_write_text(out, "include", scope);
			json_close(out, '}');
			json_close(out, ']');
		} else {
			json_write_text(out, "name", scope);
		}
		json_close(out, '}');
	}
	json_close(out, '}');
}

static void match(struct text *out, const char *name, const char *regex, const char *scopes)
{
	json_open(out, NULL, '{');
	if (*name)
		json_write_text(out, "name", str_from(name));
	json_write_text(out, "match", str_from(regex));
	if (*scopes)
		captures(out, "captures", scopes);
	json_close(out, '}');
}

/* From `begin` to `end`, or `while` that matches; to be closed by region_end. */
static void region(struct text *out, const char *name, const char *begin, const char *scopes,
		   const char *end_key, const char *end)
{
	json_open(out, NULL, '{');
	if (*name)
		json_write_text(out, "name", str_from(name));
	json_write_text(out, "begin", str_from(begin));
	if (*scopes)
		captures(out, "beginCaptures", scopes);
	json_write_text(out, end_key, str_from(end));
	json_open(out, "patterns", '[');
}

static void region_end(struct text *out)
{
	json_close(out, ']');
	json_close(out, '}');
}

static void open_rule(struct text *out, const char *key)
{
	json_open(out, key, '{');
	json_open(out, "patterns", '[');
}

/* The argument words of a form, each with what is behind it. */
static void write_words(struct text *out, const struct highlight_form *form)
{
	static const char *const behind[] = {
		[HIGHLIGHT_ANYTHING] = BEHIND "(?![.:])",
		[HIGHLIGHT_NAME] = BEHIND "(?!:)(?:[ \\t]+(" NAME "(?:\\." NAME ")?))?",
		[HIGHLIGHT_PATH] = BEHIND "(?![.:])(?:[ \\t]+(" QUOTED "))?",
		[HIGHLIGHT_HEADING] = BEHIND "(?![.:])(?:[ \\t]+(" QUOTED "))?",
	};
	static const char *const scopes[] = {
		[HIGHLIGHT_ANYTHING] = "keyword.other.argument.orch",
		[HIGHLIGHT_NAME] = "keyword.other.argument.orch|variable.other.reference.orch",
		[HIGHLIGHT_PATH] =
			"keyword.other.argument.orch|string.quoted.double.orch markup.underline.link.orch",
		[HIGHLIGHT_HEADING] =
			"keyword.other.argument.orch|string.quoted.double.orch entity.name.section.orch",
	};
	for (size_t i = 0; i < form->word_n; i++) {
		const struct highlight_word *word = &form->words[i];
		struct text regex = { 0 };
		text_addf(&regex, BEFORE "(%.*s)%s", STR_ARG(word->keyword->word),
			  behind[word->behind]);
		match(out, "", regex.at, scopes[word->behind]);
		text_release(&regex);
	}
}

static void write_form(struct text *out, const char *words, const struct highlight_form *form,
		       bool declares)
{
	static const char ends[] = "$|(?=[{}])|(?=/-)";
	struct text begin = { 0 }, scopes = { 0 };
	text_addf(&begin, BEFORE "(%s)" BEHIND, words);
	text_addf(&scopes, "%s.orch",
		  declares || (form->block && form->declares != HIGHLIGHT_BEFORE_BRACE) ?
			  "storage.type" :
			  "keyword.control");
	if (declares) {
		text_addf(&begin, "[ \\t]+(" NAME ")%s",
			  form->declares == HIGHLIGHT_BEFORE_BRACE ? "(?=[ \\t]*\\{)" : "");
		text_add(&scopes, STR("|entity.name.type.orch"));
	} else if (form->behind == HIGHLIGHT_PATH) {
		text_add(&begin, STR("(?:[ \\t]+(" QUOTED "))?"));
		text_add(&scopes, STR("|string.quoted.double.orch markup.underline.link.orch"));
	}
	region(out, "meta.statement.orch", begin.at, scopes.at, "end", ends);
	write_words(out, form);
	include(out, "#arguments");
	region_end(out);
	text_release(&begin);
	text_release(&scopes);
}

static void write_statements(struct text *out)
{
	open_rule(out, "statements");
	for (size_t i = 0; i < keyword_list_n; i++) {
		struct text words = { 0 };
		struct highlight_form form;
		if (highlight_statements(&keyword_list[i], "|", &words)) {
			highlight_form_of(&keyword_list[i], &form);
			if (form.declares)
				write_form(out, words.at, &form, true);
			/* Also while there is no name yet. */
			write_form(out, words.at, &form, false);
		}
		text_release(&words);
	}
	/* Whatever else begins something, so that what follows does not seem to. */
	region(out, "meta.statement.orch", "(?=[^\\s#{}])", "", "end", "$|(?=[{}])|(?=/-)");
	include(out, "#arguments");
	match(out, "", "\\S", "");
	region_end(out);
	region_end(out);
}

static const char *const texts[][3] = {
	/* before the quotes, what the text is, the grammar for it */
	{ "\\bprompt[ \\t]+", "meta.embedded.block.markdown.orch", "text.html.markdown" },
	{ "\\bsh[ \\t]+", "meta.embedded.block.shell.orch", "source.shell" },
	{ "", "string.unquoted.block.orch", NULL },
};

static void write_text(struct text *out, size_t kind, unsigned dollars)
{
	static const char *const mark[] = { "", "\\$", "\\$\\$" };
	struct text begin = { 0 }, content = { 0 };
	text_addf(&begin, INDENT "(" LINE "%s)(%s\"\"\")[ \\t]*$", texts[kind][0], mark[dollars]);
	text_addf(&content, "%s%s", texts[kind][1],
		  dollars == 2 ? " meta.interpolated.dollars.orch"
		  : dollars    ? " meta.interpolated.orch"
			       : "");
	json_open(out, NULL, '{');
	json_write_text(out, "begin", text_str(&begin));
	captures(out, "beginCaptures", "|#items|punctuation.definition.string.begin.orch");
	/* Indentation is no part of the text: to Markdown, four blanks would be code. */
	json_write_text(out, "while", STR("^(?!\\1\"\"\"[ \\t]*$)(?:\\1(?:\\t| {1,2}))?"));
	json_write_text(out, "contentName", text_str(&content));
	json_open(out, "patterns", '[');
	if (dollars)
		include(out, dollars == 2 ? "#dollars" : "#interpolation");
	if (texts[kind][2])
		include(out, texts[kind][2]);
	region_end(out);
	text_release(&begin);
	text_release(&content);
}

static void write_texts(struct text *out)
{
	open_rule(out, "texts");
	region(out, "comment.block.disabled.orch", INDENT "/-" LINE "\"\"\"[ \\t]*$", "", "end",
	       "^\\1\"\"\"[ \\t]*$");
	region_end(out);
	for (size_t kind = 0; kind < sizeof texts / sizeof *texts; kind++)
		for (unsigned dollars = 3; dollars-- > 0;)
			write_text(out, kind, dollars);
	match(out, "", "^[ \\t]*(\"\"\")[ \\t]*$", "punctuation.definition.string.end.orch");
	region_end(out);
}

static void write_comments(struct text *out)
{
	open_rule(out, "comment");
	match(out, "comment.line.number-sign.orch",
	      "(#)\\s*(orch:\\s*allow)\\s*\\(\\s*([^)]*?)\\s*\\).*$",
	      "punctuation.definition.comment.orch|keyword.other.directive.orch|entity.name.tag.orch");
	match(out, "comment.line.number-sign.orch", "(#).*$",
	      "punctuation.definition.comment.orch");
	region_end(out);
	/* Up to the end of its line, or of its block. */
	open_rule(out, "disabled");
	region(out, "comment.block.disabled.orch", "/-", "", "end", "$|(?<=\\})|(?=\\})");
	include(out, "#disabled-inside");
	region_end(out);
	region_end(out);
	open_rule(out, "disabled-inside");
	region(out, "", INDENT LINE "\"\"\"[ \\t]*$", "", "end", "^\\1\"\"\"[ \\t]*$");
	region_end(out);
	match(out, "", QUOTED, "");
	match(out, "", "#.*$", "");
	region(out, "", "\\{", "", "end", "\\}");
	include(out, "#disabled-inside");
	region_end(out);
	region(out, "", "\\[|\\(", "", "end", "\\]|\\)");
	include(out, "#disabled-inside");
	region_end(out);
	region(out, "", ",", "", "end", "(?=[^\\s#])");
	match(out, "", "#.*$", "");
	region_end(out);
	region_end(out);
}

static void write_strings(struct text *out)
{
	open_rule(out, "string");
	region(out, "string.quoted.double.orch", "\"", "", "end", "\"|$");
	match(out, "constant.character.escape.orch", "\\\\(?:[\"\\\\nt]|u\\{[0-9A-Fa-f]+\\})", "");
	match(out, "invalid.illegal.escape.orch", "\\\\.", "");
	include(out, "#interpolation");
	region_end(out);
	region_end(out);
	open_rule(out, "interpolation");
	match(out, "meta.interpolation.orch", "(\\$\\{)([^}\"]*)(\\})",
	      "punctuation.definition.interpolation.begin.orch|variable.other.interpolated.orch|"
	      "punctuation.definition.interpolation.end.orch");
	region_end(out);
	open_rule(out, "dollars");
	match(out, "meta.interpolation.orch", "(\\$\\$\\{)([^}\"]*)(\\})",
	      "punctuation.definition.interpolation.begin.orch|variable.other.interpolated.orch|"
	      "punctuation.definition.interpolation.end.orch");
	region_end(out);
}

static void write_arguments(struct text *out)
{
	open_rule(out, "arguments");
	include(out, "#comment");
	include(out, "#string");
	region(out, "", ",", "", "end", "(?=[^\\s#])");
	include(out, "#comment");
	region_end(out);
	region(out, "", "\\[", "", "end", "\\]");
	include(out, "#comment");
	include(out, "#string");
	region_end(out);
	region(out, "", "\\(", "", "end", "\\)");
	include(out, "#texts");
	include(out, "#comment");
	include(out, "#string");
	match(out, "variable.parameter.orch", NAME, "");
	region_end(out);
	match(out, "constant.numeric.money.orch", "\\b\\d+(?:\\.\\d+)?[ \\t]+[A-Z]{3}\\b", "");
	match(out, "constant.numeric.duration.orch", "\\b(?:\\d+[smhd])+\\b", "");
	match(out, "constant.numeric.size.orch", "\\b\\d+[KMGT]\\b", "");
	match(out, "constant.numeric.orch", "\\b\\d+(?:\\.\\d+)?\\b", "");
	match(out, "keyword.operator.comparison.orch", "[<>]=?", "");
	match(out, "", "(" NAME ")\\.(" NAME ")",
	      "entity.name.namespace.orch|variable.other.reference.orch");
	match(out, "variable.other.reference.orch", NAME, "");
	region_end(out);
}

/* What is put into texts is seen within Markdown, too. */
static void write_injections(struct text *out)
{
	json_open(out, "injections", '{');
	json_open(out, "L:meta.interpolated.orch", '{');
	json_open(out, "patterns", '[');
	include(out, "#interpolation");
	region_end(out);
	json_open(out, "L:meta.interpolated.dollars.orch", '{');
	json_open(out, "patterns", '[');
	include(out, "#dollars");
	region_end(out);
	json_close(out, '}');
}

void highlight_textmate_write(struct text *out)
{
	static const char *const items[] = { "#texts", "#comment", "#disabled", "#statements" };
	json_open(out, NULL, '{');
	json_write_text(out, "comment",
			STR("Made by `orchc grammar textmate` of the list of keywords."));
	json_write_text(out, "name", STR("orch"));
	json_write_text(out, "scopeName", STR("source.orch"));
	json_open(out, "fileTypes", '[');
	json_write_text(out, NULL, STR("orch"));
	json_close(out, ']');
	json_open(out, "patterns", '[');
	include(out, "#items");
	json_close(out, ']');
	json_open(out, "repository", '{');
	open_rule(out, "items");
	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		include(out, items[i]);
	match(out, "punctuation.section.block.begin.orch", "\\{", "");
	match(out, "punctuation.section.block.end.orch", "\\}", "");
	region_end(out);
	write_texts(out);
	write_comments(out);
	write_statements(out);
	write_strings(out);
	write_arguments(out);
	json_close(out, '}');
	write_injections(out);
	json_close(out, '}');
	text_add_byte(out, '\n');
}
