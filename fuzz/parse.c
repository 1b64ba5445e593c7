/* parse — any bytes are read as a plan: every byte ends up in one token, messages are limited, and
 * whatever is wrong can be shown. */
#include "common/fail.h"
#include "grammar/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct sources sources = { .arena = &arena };
	struct diags diags = { .arena = &arena, .sources = &sources };
	struct text out = { 0 };
	struct syntax syntax;
	uint32_t source = source_add(&sources, STR("plan.orch"),
				     (struct str){ (const char *)data, size });
	parse_source(&arena, &sources, source, &diags, &syntax);
	uint32_t at = 0;
	for (size_t i = 0; i < syntax.tokens.n; i++) {
		BUG_IF(syntax.tokens.at[i].start != at, "bytes between two tokens");
		at = syntax.tokens.at[i].end;
	}
	BUG_IF(at != size, "bytes behind the last token");
	diag_sort(&diags);
	for (size_t i = 0; i < diags.list.n && i < 20; i++)
		diag_print(&diags, &diags.list.at[i], i % 2, &out);
	text_release(&out);
	arena_release(&arena);
	return 0;
}
