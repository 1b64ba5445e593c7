/* remedy.c — see remedy.h. */
#include "compiler/remedy.h"

static bool is_blank(struct str text)
{
	return !str_trim(text).n && str_find(text, '\n') == SIZE_MAX;
}

bool remedy_take_out(struct diags *diags, struct diag *diag, enum diag_applicability applicability,
		     struct span span)
{
	const struct source *source = source_get(diags->sources, span.source);
	uint32_t first = source_line_at(source, span.start);
	uint32_t last = source_line_at(source, span.end > span.start ? span.end - 1 : span.end);
	uint32_t start = source->line[first - 1];
	uint32_t end = last < source->line_n ? source->line[last] : (uint32_t)source->text.n;
	struct str behind = source_line(source, last);
	behind = str_slice(behind, span.end - source->line[last - 1], behind.n);
	if (source->built_in || !is_blank(str_slice(source->text, start, span.start)) ||
	    !is_blank(behind))
		return false;
	diag_fix(diags, diag, applicability, (struct span){ span.source, start, end }, STR(""),
		 "take it out");
	return true;
}

void remedy_switch_off(struct diags *diags, struct diag *diag, struct span span)
{
	span.end = span.start;
	if (!source_get(diags->sources, span.source)->built_in)
		diag_fix(diags, diag, DIAG_UNSAFE, span, STR("/-"),
			 "switch it off with `/-`, or take it out");
}
