/* diag_gitlab.c — see diag_gitlab.h. */
#include "common/diag_gitlab.h"

#include "common/diag_fingerprint.h"
#include "common/json.h"
#include "common/shown.h"

void diag_gitlab_add(struct diag_gitlab *gitlab, const struct diags *diags, const struct diag *diag)
{
	const struct source *source = source_get(diags->sources, diag->span.source);
	struct text *out = &gitlab->list, description = { 0 };
	char code[DIAG_CODE_SIZE];
	shown_add(&description, diag->message);
	if (diag->label.n) {
		text_add(&description, STR(" – "));
		shown_add(&description, diag->label);
	}
	json_open(out, NULL, '{');
	json_write_text(out, "description", text_str(&description));
	json_write_text(out, "check_name",
			arena_format(&gitlab->arena, "%s %s", diag_code_write(diag->code, code),
				     diag_info(diag->code)->name));
	json_write_text(out, "fingerprint",
			diag_fingerprint_make(&gitlab->arena, &gitlab->seen, diags, diag));
	json_write_text(out, "severity",
			diag_info(diag->code)->severity == DIAG_ERROR ? STR("major")
								      : STR("minor"));
	json_open(out, "location", '{');
	json_write_text(out, "path",
			source->built_in
				? arena_format(&gitlab->arena, "orchc:%.*s", STR_ARG(source->path))
				: source->path);
	json_open(out, "lines", '{');
	json_write_number(out, "begin", source_line_at(source, diag->span.start));
	json_write_number(out, "end", source_line_at(source, diag->span.end));
	json_close(out, '}');
	json_close(out, '}');
	json_close(out, '}');
	text_release(&description);
}

void diag_gitlab_end(struct diag_gitlab *gitlab, struct text *out)
{
	text_addf(out, "[%.*s]\n", STR_ARG(text_str(&gitlab->list)));
	text_release(&gitlab->list);
	arena_release(&gitlab->arena);
}
