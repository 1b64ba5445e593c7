/* diag_sarif.c — see diag_sarif.h.
 *
 * Results are written as they come; the rules that they are of are known at the end, and stand
 * behind them. */
#include "common/diag_sarif.h"

#include "common/diag_fingerprint.h"
#include "common/json.h"


/* { "text": … }, as most texts are in SARIF. */
static void write_message(struct text *out, const char *key, struct str text)
{
	json_open(out, key, '{');
	json_write_text(out, "text", text);
	json_close(out, '}');
}

/* A path as a URI reference (RFC 3986): what is no plain letter, digit or mark is percent-encoded.
 * A first name with a colon would be taken for a scheme, so colons are, too. */
static void add_uri(struct text *out, struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
			     c == '~' || c == '/';
		text_addf(out, plain ? "%c" : "%%%02X", c);
	}
}

static void write_artifact(struct text *out, const struct source *source)
{
	struct text uri = { 0 };
	if (source->built_in)
		text_add(&uri, STR("orchc:"));
	add_uri(&uri, source->path);
	json_open(out, "artifactLocation", '{');
	json_write_text(out, "uri", text_str(&uri));
	if (!source->built_in)
		json_write_text(out, "uriBaseId", STR("%SRCROOT%"));
	json_close(out, '}');
	text_release(&uri);
}

static void write_region(struct text *out, const char *key, const struct diags *diags,
			 struct span span)
{
	struct place start = source_place(diags->sources, span.source, span.start);
	struct place end = source_place(diags->sources, span.source, span.end);
	json_open(out, key, '{');
	json_write_number(out, "startLine", start.line);
	json_write_number(out, "startColumn", start.column);
	json_write_number(out, "endLine", end.line);
	json_write_number(out, "endColumn", end.column);
	json_write_number(out, "byteOffset", span.start);
	json_write_number(out, "byteLength", span.end - span.start);
	json_close(out, '}');
}

/* `id` 0: the result's own place. */
static void write_location(struct text *out, const struct diags *diags, struct span span,
			   struct str label, size_t id)
{
	json_open(out, NULL, '{');
	if (id)
		json_write_number(out, "id", (int64_t)id);
	json_open(out, "physicalLocation", '{');
	write_artifact(out, source_get(diags->sources, span.source));
	write_region(out, "region", diags, span);
	json_close(out, '}');
	if (label.n)
		write_message(out, "message", label);
	json_close(out, '}');
}

/* Edits stand together by files, as SARIF has them: for each edit that is the first of its file,
 * all of that file. */
static void write_fix(struct text *out, const struct diags *diags, const struct diag_fix *fix)
{
	json_open(out, NULL, '{');
	write_message(out, "description", fix->title);
	json_open(out, "artifactChanges", '[');
	for (size_t i = 0; i < fix->edits.n; i++) {
		uint32_t source = fix->edits.at[i].span.source;
		bool first = true;
		for (size_t k = 0; k < i; k++)
			first &= fix->edits.at[k].span.source != source;
		if (!first)
			continue;
		json_open(out, NULL, '{');
		write_artifact(out, source_get(diags->sources, source));
		json_open(out, "replacements", '[');
		for (size_t k = i; k < fix->edits.n; k++) {
			if (fix->edits.at[k].span.source != source)
				continue;
			json_open(out, NULL, '{');
			write_region(out, "deletedRegion", diags, fix->edits.at[k].span);
			write_message(out, "insertedContent", fix->edits.at[k].text);
			json_close(out, '}');
		}
		json_close(out, ']');
		json_close(out, '}');
	}
	json_close(out, ']');
	json_open(out, "properties", '{');
	json_write_text(out, "applicability",
			str_from(diag_applicability_name(fix->applicability)));
	json_close(out, '}');
	json_close(out, '}');
}

/* The message with all that is said about it: readers of SARIF show this one text. */
static void write_whole_message(struct text *out, const struct diag *diag)
{
	struct text whole = { 0 };
	text_add(&whole, diag->message);
	for (int help = 0; help < 2; help++)
		for (size_t i = 0; i < diag->notes.n; i++)
			if (diag->notes.at[i].help == help)
				text_addf(&whole, "\n%s: %.*s", help ? "help" : "note",
					  STR_ARG(diag->notes.at[i].text));
	for (size_t i = 0; i < diag->fixes.n; i++)
		text_addf(&whole, "\nhelp: %.*s", STR_ARG(diag->fixes.at[i].title));
	write_message(out, "message", text_str(&whole));
	text_release(&whole);
}

/* The name is the one that GitHub goes by. */
static void write_fingerprint(struct diag_sarif *sarif, const struct diags *diags,
			      const struct diag *diag)
{
	struct str print = diag_fingerprint_make(&sarif->arena, &sarif->seen, diags, diag);
	json_open(&sarif->results, "partialFingerprints", '{');
	json_write_text(&sarif->results, "primaryLocationLineHash", print);
	json_close(&sarif->results, '}');
}

static uint32_t rule_of(struct diag_sarif *sarif, enum diag_code code)
{
	if (!sarif->rule_at[code]) {
		sarif->rules[sarif->rule_n++] = code;
		sarif->rule_at[code] = (uint32_t)sarif->rule_n;
	}
	return sarif->rule_at[code] - 1;
}

static void write_related(struct text *out, const struct diags *diags, const struct diag *diag)
{
	json_open(out, "relatedLocations", '[');
	for (size_t i = 0; i < diag->labels.n; i++)
		write_location(out, diags, diag->labels.at[i].span, diag->labels.at[i].text, i + 1);
	json_close(out, ']');
}

static void write_fixes(struct text *out, const struct diags *diags, const struct diag *diag)
{
	json_open(out, "fixes", '[');
	for (size_t i = 0; i < diag->fixes.n; i++)
		if (diag->fixes.at[i].applicability != DIAG_DISPLAY)
			write_fix(out, diags, &diag->fixes.at[i]);
	json_close(out, ']');
}

void diag_sarif_add(struct diag_sarif *sarif, const struct diags *diags, const struct diag *diag)
{
	struct text *out = &sarif->results;
	json_open(out, NULL, '{');
	json_write_text(out, "ruleId", diag_code_text(&sarif->arena, diag->code));
	json_write_number(out, "ruleIndex", rule_of(sarif, diag->code));
	json_write_text(out, "level", str_from(diag_level(diag->code)));
	write_whole_message(out, diag);
	json_open(out, "locations", '[');
	write_location(out, diags, diag->span, diag->label, 0);
	json_close(out, ']');
	if (diag->labels.n)
		write_related(out, diags, diag);
	if (diag->fixes.n)
		write_fixes(out, diags, diag);
	write_fingerprint(sarif, diags, diag);
	json_close(out, '}');
}

void diag_sarif_add_failure(struct diag_sarif *sarif, struct str message)
{
	json_open(&sarif->failures, NULL, '{');
	json_write_text(&sarif->failures, "level", STR("error"));
	write_message(&sarif->failures, "message", message);
	json_close(&sarif->failures, '}');
}

/* The paragraph behind the heading, on one line. */
static struct str first_paragraph(struct arena *arena, struct str page)
{
	size_t start = str_find_text(page, STR("\n\n"));
	if (start == SIZE_MAX)
		return STR("");
	page = str_slice(page, start + 2, page.n);
	size_t end = str_find_text(page, STR("\n\n"));
	struct str copy = arena_copy(arena, str_slice(page, 0, end == SIZE_MAX ? page.n : end));
	for (char *at = (char *)copy.at; at < copy.at + copy.n; at++)
		if (*at == '\n')
			*at = ' ';
	return str_trim(copy);
}

static void write_rule(struct diag_sarif *sarif, enum diag_code code, struct str page,
		       struct text *out)
{
	json_open(out, NULL, '{');
	json_write_text(out, "id", diag_code_text(&sarif->arena, code));
	json_write_text(out, "name", str_from(diag_info(code)->name));
	write_message(out, "shortDescription", str_from(diag_info(code)->meaning));
	write_message(out, "fullDescription", first_paragraph(&sarif->arena, page));
	json_open(out, "help", '{');
	json_write_text(out, "text", page);
	json_write_text(out, "markdown", page);
	json_close(out, '}');
	json_open(out, "defaultConfiguration", '{');
	json_write_text(out, "level", str_from(diag_level(code)));
	json_close(out, '}');
	json_close(out, '}');
}

static void write_tool(struct diag_sarif *sarif, const char *version,
		       struct str (*page)(enum diag_code), struct text *out)
{
	json_open(out, "tool", '{');
	json_open(out, "driver", '{');
	json_write_text(out, "name", STR("orchc"));
	json_write_text(out, "version", str_from(version));
	json_open(out, "rules", '[');
	for (size_t i = 0; i < sarif->rule_n; i++)
		write_rule(sarif, sarif->rules[i], page(sarif->rules[i]), out);
	json_close(out, ']');
	json_close(out, '}');
	json_close(out, '}');
}

static void write_root(struct text *out)
{
	json_open(out, "originalUriBaseIds", '{');
	json_open(out, "%SRCROOT%", '{');
	write_message(out, "description", STR("the root of the repository"));
	json_close(out, '}');
	json_close(out, '}');
}

static void write_invocation(const struct diag_sarif *sarif, struct text *out)
{
	json_open(out, "invocations", '[');
	json_open(out, NULL, '{');
	json_write_flag(out, "executionSuccessful", sarif->failures.n == 0);
	json_open(out, "toolExecutionNotifications", '[');
	text_add(out, text_str(&sarif->failures));
	json_close(out, ']');
	json_close(out, '}');
	json_close(out, ']');
}

void diag_sarif_end(struct diag_sarif *sarif, const char *version,
		    struct str (*page)(enum diag_code), struct text *out)
{
	json_open(out, NULL, '{');
	json_write_text(out, "$schema", STR("https://json.schemastore.org/sarif-2.1.0.json"));
	json_write_text(out, "version", STR("2.1.0"));
	json_open(out, "runs", '[');
	json_open(out, NULL, '{');
	write_tool(sarif, version, page, out);
	write_root(out);
	json_write_text(out, "columnKind", STR("unicodeCodePoints"));
	write_invocation(sarif, out);
	json_open(out, "results", '[');
	text_add(out, text_str(&sarif->results));
	json_close(out, ']');
	json_close(out, '}');
	json_close(out, ']');
	json_close(out, '}');
	text_add_byte(out, '\n');
	text_release(&sarif->results);
	text_release(&sarif->failures);
	arena_release(&sarif->arena);
}
