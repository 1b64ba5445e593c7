/* import — any bytes are a document, in Markdown or a list of tasks: reading them ends, whatever is
 * found can be shown, and the plan that comes of it has no mistake of syntax. */
#include "common/fail.h"
#include "common/utf8.h"
#include "compiler/draft_write.h"
#include "compiler/import_any.h"
#include "grammar/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_parse(struct arena *arena, struct str plan)
{
	struct sources sources = { .arena = arena };
	struct diags diags = { .arena = arena, .sources = &sources };
	struct syntax syntax;
	parse_source(arena, &sources, source_add(&sources, STR("plan.orch"), plan), &diags,
		     &syntax);
	BUG_IF(diags.errors, "an imported plan with mistakes of syntax");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct sources sources = { .arena = &arena };
	struct diags diags = { .arena = &arena, .sources = &sources };
	struct text plan = { 0 }, shown = { 0 };
	struct import import;
	/* The first byte chooses what is asked. */
	struct import_ask ask = { .option = size && data[0] % 4 == 1 ? STR("B") : STR(""),
				  .file = size && data[0] % 2 ? STR("") : STR("PLAN.md") };
	uint32_t source = source_add(&sources, STR("PLAN.md"),
				     (struct str){ (const char *)data, size });
	bool found = import_any(&sources, source, &diags, &ask, &import);
	diag_sort(&diags);
	for (size_t i = 0; i < diags.list.n && i < 20; i++)
		diag_print(&diags, &diags.list.at[i], false, &shown);
	if (found) {
		draft_write(&import.draft, &plan);
		must_parse(&arena, text_str(&plan));
	}
	text_release(&plan);
	text_release(&shown);
	arena_release(&arena);
	return 0;
}
