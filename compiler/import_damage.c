/* import_damage.c — a document whose text was damaged on its way ("‚Üí" for "→"): said once, and
 * titles are read as they were meant. Prompts stay as they are: the compiler shows their damage,
 * with a fix. */
#include "common/mojibake.h"
#include "compiler/import_inside.h"

void import_damage_say(struct import_reader *r)
{
	struct mojibake damage = mojibake_find(r->arena, r->text);
	if (!damage.n)
		return;
	const struct mojibake_edit *first = &damage.edits.at[0];
	struct span span = { r->draft->source, (uint32_t)first->start, (uint32_t)first->end };
	struct diag *diag = diag_add(r->diags, DIAG_MOJIBAKE, span,
				     "the text of this document is damaged in %zu places",
				     damage.edits.n);
	diag_here(r->diags, diag, "this was `%.*s`", STR_ARG(first->text));
	diag_note(r->diags, diag, "it is UTF-8 that was read as %s and written again",
		  damage.codec == MOJIBAKE_MAC ? "Mac Roman" : "Latin-1 or Windows-1252");
	diag_note(
		r->diags, diag,
		"titles are mended in the imported plan; prompts are as they stand in the document");
}

static void mend(struct import_reader *r, struct str *text)
{
	struct mojibake damage = mojibake_find(r->arena, *text);
	if (damage.n)
		*text = mojibake_repair(r->arena, *text, &damage);
}

static void mend_all(struct import_reader *r, struct draft_texts *texts)
{
	for (size_t i = 0; i < texts->list.n; i++)
		mend(r, &texts->list.at[i].text);
}

void import_damage_mend(struct import_reader *r)
{
	struct draft *draft = r->draft;
	mend(r, &draft->title);
	mend_all(r, &draft->criteria);
	mend_all(r, &draft->metrics);
	for (size_t i = 0; i < r->import->options.n; i++)
		mend(r, &r->import->options.at[i].title);
	for (size_t i = 0; i < draft->groups.n; i++)
		mend(r, &draft->groups.at[i].title);
	for (size_t i = 0; i < draft->merge.n; i++)
		mend(r, &draft->merge.at[i].title);
	for (size_t i = 0; i < draft->agents.n; i++) {
		struct draft_agent *agent = &draft->agents.at[i];
		mend(r, &agent->title);
		mend_all(r, &agent->titles);
		mend_all(r, &agent->criteria);
		mend_all(r, &agent->waits);
		mend_all(r, &agent->notes);
	}
}
