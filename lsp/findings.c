/* findings.c — see findings.h. */
#include "lsp/findings.h"

enum { ERROR = 1, WARNING = 2, PLACES = 50 };

/* "the pages#e0301-overlap" */
static void write_page(const struct answer *answer, const struct diag *diag, const char *code,
		       struct text *out)
{
	struct text page = { 0 };
	text_add(&page, answer->client->pages);
	text_addf(&page, "#%s-%s", code, diag_info(diag->code)->name);
	for (size_t i = answer->client->pages.n; i < page.n; i++)
		if (page.at[i] >= 'A' && page.at[i] <= 'Z')
			page.at[i] |= 32;
	json_open(out, "codeDescription", '{');
	json_write_text(out, "href", text_str(&page));
	json_close(out, '}');
	text_release(&page);
}

static void write_place(const struct answer *answer, const struct compile *c, struct span span,
			struct str message)
{
	json_open(answer->out, NULL, '{');
	if (!answer_location(answer, "location", c, span)) {
		/* What is built in is in no file: the client gets the text alone, at the plan. */
		struct span first = { 0, 0, 0 };
		answer_location(answer, "location", c, first);
	}
	json_write_text(answer->out, "message", message);
	json_close(answer->out, '}');
}

/* The message with its label, notes and helps, for there is no other place for them. */
static struct str whole_message(const struct answer *answer, const struct diag *diag)
{
	struct text text = { 0 };
	text_add(&text, diag->message);
	if (diag->label.n)
		text_addf(&text, "\n%.*s", STR_ARG(diag->label));
	for (size_t i = 0; i < diag->notes.n; i++) {
		text_add(&text, diag->notes.at[i].help ? STR("\nhelp: ") : STR("\nnote: "));
		text_add(&text, diag->notes.at[i].text);
	}
	struct str message = arena_copy(answer->arena, text_str(&text));
	text_release(&text);
	return message;
}

void findings_write_one(const struct answer *answer, const struct compile *c,
			const struct diag *diag, struct text *out)
{
	struct answer to = *answer;
	char code[DIAG_CODE_SIZE];
	to.out = out;
	diag_code_write(diag->code, code);
	json_open(out, NULL, '{');
	answer_span(&to, "range", c, diag->span);
	json_write_number(out, "severity",
			  diag_info(diag->code)->severity == DIAG_ERROR ? ERROR : WARNING);
	json_write_text(out, "code", str_from(code));
	if (to.client->pages.n)
		write_page(&to, diag, code, out);
	json_write_text(out, "source", STR("orchc"));
	json_write_text(out, "message", whole_message(&to, diag));
	if (diag->labels.n) {
		json_open(out, "relatedInformation", '[');
		for (size_t i = 0; i < diag->labels.n && i < PLACES; i++)
			write_place(&to, c, diag->labels.at[i].span, diag->labels.at[i].text);
		json_close(out, ']');
	}
	json_close(out, '}');
}

/* The source of that path, or the number of sources. */
static uint32_t find_source(const struct answer *answer, const struct workspace_plan *plan,
			    struct str path)
{
	uint32_t i = 0;
	while (i < plan->compile.sources.list.n &&
	       !str_equal(workspace_source_path(answer->arena, &plan->compile, i), path))
		i++;
	return i;
}

/* Findings of one plan that are in the file, unless another plan had the same. */
static void write_plan(const struct answer *answer, const struct workspace_plan *plan,
		       struct str path, struct map *known, struct text *out)
{
	uint32_t source = find_source(answer, plan, path);
	for (size_t i = 0; i < plan->compile.diags.list.n; i++) {
		const struct diag *diag = &plan->compile.diags.list.at[i];
		if (diag->span.source != source)
			continue;
		struct str key = arena_format(answer->arena, "%u %u %.*s", diag->code,
					      diag->span.start, STR_ARG(diag->message));
		if (map_find(known, key))
			continue;
		map_add(answer->arena, known, key, 0);
		findings_write_one(answer, &plan->compile, diag, out);
	}
}

/* A plan that cannot be read is a finding about it as a whole. */
static void write_failure(const struct workspace_plan *plan, struct text *out)
{
	json_open(out, NULL, '{');
	json_open(out, "range", '{');
	position_write(out, "start", (struct position){ 0, 0 });
	position_write(out, "end", (struct position){ 0, 0 });
	json_close(out, '}');
	json_write_number(out, "severity", ERROR);
	json_write_text(out, "source", STR("orchc"));
	json_write_text(out, "message", str_from(plan->why.text));
	json_close(out, '}');
}

bool findings_write(const struct answer *answer, struct str path, struct text *params)
{
	const struct workspace *workspace = answer->workspace;
	const struct document *document = document_of_path(&workspace->documents, path);
	struct map known = { 0 };
	json_open(params, NULL, '{');
	json_write_text(params, "uri", answer_uri(answer, path));
	if (document)
		json_write_number(params, "version", document->version);
	json_open(params, "diagnostics", '[');
	size_t empty = params->n;
	for (size_t i = 0; i < workspace->plans.n; i++) {
		const struct workspace_plan *plan = workspace->plans.at[i];
		if (plan->there && !workspace_is_part(workspace, plan))
			write_plan(answer, plan, path, &known, params);
		else if (!plan->there && !plan->gone && !plan->stale && str_equal(plan->path, path))
			write_failure(plan, params);
	}
	bool any = params->n > empty;
	json_close(params, ']');
	json_close(params, '}');
	return any;
}
