/* format.c — any bytes as a plan: what has no syntax errors is formatted, is proved to be the same
 * plan, and what came out does not change again. The proof is the formatter's own; that it refuses
 * is a failure here. */
#include "compiler/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = { 0 };
	struct format first, again;
	struct str text = { (const char *)data, n };
	enum format_end end = format_plan(&arena, STR("plan.orch"), text, &first);
	BUG_IF(end == FORMAT_UNPROVEN, first.fail.text);
	if (end == FORMAT_DONE) {
		BUG_IF(format_plan(&arena, STR("plan.orch"), first.text, &again) != FORMAT_DONE,
		       "a form that is no plan");
		BUG_IF(again.changed, "a form that changes again");
	}
	arena_release(&arena);
	return 0;
}
