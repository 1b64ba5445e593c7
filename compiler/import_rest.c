/* import_rest.c — what looks like part of a plan and was not understood, line by line. Prose is
 * left alone. */
#include "compiler/import_inside.h"
#include "compiler/import_phrase.h"

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

static bool is_about_plan(const struct import_reader *r, uint32_t item, uint32_t paragraph)
{
	const struct import_section *section = import_outline_section(r, item);
	struct import_ref ref;
	struct str line = block_at(r, paragraph)->text;
	if (import_ref_read(line, &ref) && ref.agent)
		return true;
	/* An item under one that was understood tells more of it. */
	for (uint32_t b = block_at(r, item)->parent; b; b = block_at(r, b)->parent)
		if (block_at(r, b)->kind == COMMONMARK_ITEM && r->use[b] == IMPORT_USED)
			return false;
	if (section &&
	    (section->topic == IMPORT_TOPIC_MERGE || section->topic == IMPORT_TOPIC_ORDER ||
	     section->topic == IMPORT_TOPIC_CRITERIA))
		return true;
	return block_at(r, item)->task || import_word_any(line, "agent|worktree|work tree|merge ");
}

/* A table about agents, by its head, that has not what a task table needs. */
static bool is_about_agents(const struct import_reader *r, uint32_t row)
{
	uint32_t table = block_at(r, row)->parent;
	for (uint32_t c = table + 2; c < block_at(r, table + 1)->next; c = block_at(r, c)->next) {
		enum import_field field = import_word_field(block_at(r, c)->text);
		if (field == IMPORT_ID || field == IMPORT_FILES || field == IMPORT_DEPENDS ||
		    field == IMPORT_TIME)
			return true;
	}
	return false;
}

static bool is_about_order(const struct import_reader *r, uint32_t b)
{
	const struct import_section *section = import_outline_section(r, b);
	return section &&
	       (section->topic == IMPORT_TOPIC_ORDER || section->topic == IMPORT_TOPIC_MERGE);
}

/* In a section about order, a line with arrows that is no heading of its own. */
static bool is_unread_order(const struct import_reader *r, uint32_t b)
{
	const struct import_section *section = import_outline_section(r, b);
	struct import_phrase phrase;
	bool arrow = false;
	if (!section || section->block == b || !is_about_order(r, b))
		return false;
	for (size_t at = 0; import_phrase_find(block_at(r, b)->text, at, &phrase) && !arrow;
	     at = phrase.end)
		arrow = phrase.kind == IMPORT_PHRASE_ARROW;
	return arrow;
}

static bool is_unplaced(const struct import_reader *r, uint32_t b)
{
	const struct commonmark_block *block = block_at(r, b);
	struct import_ref ref;
	switch (block->kind) {
	case COMMONMARK_ITEM: {
		uint32_t paragraph = import_outline_item_text(r, b);
		return paragraph != IMPORT_SECTION_NONE && r->use[paragraph] == IMPORT_OPEN &&
		       is_about_plan(r, b, paragraph);
	}
	case COMMONMARK_ROW:
		return !block->header && is_about_agents(r, b) &&
		       str_trim(str_slice(r->text, block->start, block->end)).n > 3;
	case COMMONMARK_PARAGRAPH: return block->parent == 0 && is_unread_order(r, b);
	case COMMONMARK_HEADING: return import_ref_read(block->text, &ref) && ref.agent;
	case COMMONMARK_CODE:
		if (import_word_same(block->info, STR("mermaid")))
			return str_find_text(block->text, STR("--")) != SIZE_MAX;
		/* A graph that is drawn with letters. */
		if (!block->info.n &&
		    (is_unread_order(r, b) ||
		     (is_about_order(r, b) && str_find_text(block->text, STR("►")) != SIZE_MAX)))
			return true;
		return block->last >= block->first && (import_word_same(block->info, STR("bash")) ||
						       import_word_same(block->info, STR("sh")) ||
						       import_word_same(block->info, STR("shell")));
	default: return false;
	}
}

/* Outside of the chosen alternative, what goes by the numbers of another one: they were said to be
 * left out. */
static bool is_foreign(const struct import_reader *r, uint32_t b)
{
	const struct import_section *section = import_outline_section(r, b);
	if (!r->foreign || import_outline_inside(r, b) || !section)
		return false;
	if (block_at(r, b)->kind != COMMONMARK_ITEM || block_at(r, b)->level)
		return true;
	struct str rest = block_at(r, import_outline_item_text(r, b))->text;
	bool numbered = section->topic == IMPORT_TOPIC_MERGE ||
			section->topic == IMPORT_TOPIC_ORDER ||
			section->topic == IMPORT_TOPIC_CRITERIA;
	for (size_t i = 0; i < rest.n && !numbered; i++) {
		struct import_mentions mentions = { 0 };
		numbered = (!i || rest.at[i - 1] == ' ') &&
			   import_ref_list(r->arena, rest, i, false, &mentions) > i;
	}
	return numbered;
}

static void say_foreign(struct import_reader *r)
{
	size_t told = 0;
	for (size_t i = 0; i < r->draft->agents.n; i++)
		told += r->draft->agents.at[i].prompt.kind != DRAFT_NO_PROMPT;
	struct str chosen = r->import->options.at[r->import->chosen].title;
	struct diag *diag = diag_add(r->diags, DIAG_CONTRADICTION, r->draft->agents.at[0].span,
				     "the prompts number their agents otherwise than `%.*s` does",
				     STR_ARG(chosen));
	diag_label(r->diags, diag, r->foreign_place, "another agent of the same number");
	diag_note(r->diags, diag, "prompts were found by their titles: %zu of %zu agents have one",
		  told, r->draft->agents.n);
	diag_note(r->diags, diag,
		  "orders and criteria that name agents by their numbers were left out");
}

void import_rest_read(struct import_reader *r)
{
	struct diag *diag = NULL;
	uint32_t list = 0, last = 0;
	if (r->foreign)
		say_foreign(r);
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		bool closed = r->use[b] != IMPORT_OPEN || import_outline_elsewhere(r, b) ||
			      import_outline_agent(r, b) != DRAFT_NONE;
		if (closed || !is_unplaced(r, b) || is_foreign(r, b))
			continue;
		/* Lines of one list that follow one another are one finding. */
		if (diag && block_at(r, b)->parent == list && last == b) {
			diag_label(r->diags, diag, import_outline_span(r, b), "nor this");
		} else {
			diag = diag_add(r->diags, DIAG_UNPLACED, import_outline_span(r, b),
					"this looks like part of the plan, and was not understood");
			diag_help(
				r->diags, diag,
				"`orchc explain unplaced` tells what is; it is not in the imported plan");
		}
		list = block_at(r, b)->parent;
		last = block_at(r, b)->next;
	}
}
