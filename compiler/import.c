/* import.c — see import.h. */
#include "compiler/import.h"

#include "compiler/draft_check.h"
#include "compiler/import_inside.h"
#include "grammar/encoding.h"

static void say_no_option(struct import_reader *r)
{
	struct span span = r->import->options.n ? r->import->options.at[0].span
						: import_outline_line(r, 1);
	struct diag *diag = diag_add(r->diags, DIAG_INCOMPLETE, span,
				     r->import->ambiguous
					     ? "more than one alternative could be `%.*s`"
					     : "the document has no alternative `%.*s`",
				     STR_ARG(r->ask->option));
	for (size_t i = 1; i < r->import->options.n; i++)
		diag_label(r->diags, diag, r->import->options.at[i].span, "another one");
	struct str id = r->import->options.n ? r->import->options.at[0].id : STR("");
	if (id.n)
		diag_help(
			r->diags, diag,
			"write its letter, as in `--option %.*s`, or words that only its heading has; "
			"`--list` shows all",
			STR_ARG(id));
	else
		diag_help(r->diags, diag, "it offers none: leave `--option` out");
}

static void say_no_agents(struct import_reader *r)
{
	struct diag *diag = diag_add(r->diags, DIAG_INCOMPLETE, import_outline_line(r, 1),
				     "no agents or tasks were found in this document");
	diag_help(
		r->diags, diag,
		"number them: a table with the columns Agent, Task, Files, or headings like `### Agent 1: Title`");
}

static void add_notes(struct import_reader *r)
{
	struct draft *draft = r->draft;
	const struct source *source = source_get(r->sources, draft->source);
	struct span none = { draft->source, 0, 0 };
	draft_say(draft, &draft->notes,
		  arena_format(r->arena,
			       "Imported from %.*s; the lines named here are lines there.",
			       STR_ARG(source->path)),
		  none);
	if (!r->option)
		return;
	const struct import_option *option = &r->import->options.at[r->import->chosen];
	const char *why = r->ask->option.n      ? ""
			  : option->recommended ? ", which it recommends"
						: ", the first";
	draft_say(draft, &draft->notes,
		  arena_format(r->arena, "Of %zu alternatives this is `%.*s`%s.",
			       r->import->options.n, STR_ARG(option->title), why),
		  none);
}

bool import_markdown(const struct sources *sources, uint32_t source, struct diags *diags,
		     const struct import_ask *ask, struct import *import)
{
	*import = (struct import){ .chosen = 0 };
	struct draft *draft = &import->draft;
	*draft = (struct draft){ .arena = diags->arena,
				 .sources = sources,
				 .diags = diags,
				 .source = source,
				 .file = ask->file };
	struct import_reader r = { .arena = diags->arena,
				   .sources = sources,
				   .diags = diags,
				   .ask = ask,
				   .import = import,
				   .draft = draft,
				   .text = source_get(sources, source)->text };
	if (!encoding_check(diags, source, r.text))
		return false;
	if (!import_outline_read(&r)) {
		say_no_option(&r);
		return false;
	}
	import_agent_read(&r);
	if (!draft->agents.n) {
		say_no_agents(&r);
		return false;
	}
	import_detail_read(&r);
	import_shell_read(&r);
	import_order_read(&r);
	import_claim_read(&r);
	import_rest_read(&r);
	import_damage_say(&r);
	import_damage_mend(&r);
	add_notes(&r);
	draft_settle(draft);
	import_mention_read(&r);
	draft_check(draft);
	return true;
}
