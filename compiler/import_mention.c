/* import_mention.c — files that an agent's prompt asks to be written and that it does not own. */
#include "common/glob.h"
#include "compiler/import_inside.h"
#include "compiler/mention.h"

/* Is the file, called by the end of its path as prompts do, one of the agent's? */
static bool is_covered(const struct import_reader *r, const struct draft_agent *agent,
		       struct str path)
{
	for (size_t i = 0; i < agent->paths.n; i++) {
		struct str own = agent->paths.at[i].path;
		struct glob glob, anywhere;
		struct glob_error error;
		if (mention_is_end_of(path, own) || mention_is_end_of(own, path))
			return true;
		if (glob_parse(r->arena, own, &glob, &error) && !glob_is_literal(&glob) &&
		    glob_parse(r->arena, arena_format(r->arena, "**/%.*s", STR_ARG(path)),
			       &anywhere, &error) &&
		    glob_meet(r->arena, &glob, &anywhere, NULL))
			return true;
	}
	return false;
}

static uint32_t owner_of(const struct import_reader *r, struct str path)
{
	for (uint32_t i = 0; i < r->draft->agents.n; i++)
		for (size_t p = 0; p < r->draft->agents.at[i].paths.n; p++)
			if (r->draft->agents.at[i].paths.at[p].access != DRAFT_READS &&
			    mention_is_end_of(path, r->draft->agents.at[i].paths.at[p].path))
				return i;
	return DRAFT_NONE;
}

/* Where the document says it: prompts are copies without their margins, so it is looked for behind
 * the heading. */
static struct span place_of(const struct import_reader *r, const struct draft_agent *agent,
			    struct str path)
{
	struct span span = agent->prompt.span;
	size_t at = str_find_text(str_slice(r->text, span.start, r->text.n), path);
	if (at == SIZE_MAX)
		return span;
	return (struct span){ span.source, span.start + (uint32_t)at,
			      span.start + (uint32_t)(at + path.n) };
}

static void say(struct import_reader *r, const struct draft_agent *agent, struct str path)
{
	uint32_t owner = owner_of(r, path);
	struct diag *diag = diag_add(
		r->diags, DIAG_UNDECLARED_WRITE, place_of(r, agent, path),
		"the prompt of `%.*s` asks for `%.*s` to be written, which is not among its files",
		STR_ARG(agent->name.n ? agent->name : agent->title), STR_ARG(path));
	if (agent->paths.n)
		diag_label(r->diags, diag, agent->paths.at[0].span, "its files");
	if (owner != DRAFT_NONE)
		diag_label(r->diags, diag, r->draft->agents.at[owner].span, "this agent has it");
	else
		diag_note(r->diags, diag, "no agent has it");
	diag_help(r->diags, diag, "add it to the agent's files, or take it out of the prompt");
}

void import_mention_read(struct import_reader *r)
{
	for (size_t i = 0; i < r->draft->agents.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		struct mentions mentions = { 0 };
		if (agent->prompt.kind == DRAFT_NO_PROMPT || !agent->paths.n)
			continue;
		mention_find(r->arena, agent->prompt.text, &mentions);
		for (size_t m = 0; m < mentions.list.n; m++) {
			const struct mention *mention = &mentions.list.at[m];
			bool known = !mention->write || mention->folder;
			for (size_t n = 0; n < m && !known; n++)
				known = mentions.list.at[n].write &&
					str_equal(mentions.list.at[n].path, mention->path);
			if (!known && !is_covered(r, agent, mention->path))
				say(r, agent, mention->path);
		}
	}
}
