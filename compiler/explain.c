/* explain.c — see explain.h. */
#include "compiler/explain.h"

struct str explain_find(enum diag_code code)
{
	char text[DIAG_CODE_SIZE];
	struct str wanted = str_from(diag_code_write(code, text));
	for (const struct explain_page *page = explain_page_list; page->name; page++)
		if (str_starts(str_from(page->name), wanted))
			return str_from(page->text);
	return STR("");
}

void explain_list(struct text *out)
{
	for (unsigned code = 0; code < DIAG_COUNT; code++) {
		char text[DIAG_CODE_SIZE];
		const struct diag_info *about = diag_info(code);
		text_addf(out, "%s  %-18s %s\n", diag_code_write(code, text), about->name,
			  about->meaning);
	}
}

struct family {
	unsigned hundred;
	const char *title;
};
static const struct family families[] = {
#define DIAG_FAMILY(hundred, title) { hundred, title },
#include "common/diag.def"
};
enum { FAMILIES = sizeof families / sizeof *families };

static bool is_of(enum diag_code code, const struct family *family)
{
	return diag_info(code)->number / 100 == family->hundred;
}

/* The anchors are those that GitHub makes of the headings of add_page(). */
static void add_contents(const struct family *family, struct text *out)
{
	text_addf(out, "\n**%s**\n\n| code | name | |\n| --- | --- | --- |\n", family->title);
	for (unsigned code = 0; code < DIAG_COUNT; code++) {
		char text[DIAG_CODE_SIZE];
		const struct diag_info *about = diag_info(code);
		if (!is_of(code, family))
			continue;
		diag_code_write(code, text);
		text_addf(out, "| [%s](#%c%s-%s) | `%s` | %s |\n", text, text[0] | 32, text + 1,
			  about->name, about->name, about->meaning);
	}
}

/* What a line that begins a fence says besides its language is for the tests. */
static void add_line(struct str line, struct text *out)
{
	if (str_starts(line, STR("```orch")))
		line = STR("```orch");
	else if (str_starts(line, STR("```file ")))
		line = STR("```");
	text_add(out, line);
	text_add_byte(out, '\n');
}

static void add_page(enum diag_code code, struct text *out)
{
	char text[DIAG_CODE_SIZE];
	const struct diag_info *about = diag_info(code);
	struct str page = explain_find(code), line;
	text_addf(out, "\n## %s `%s`\n\n", diag_code_write(code, text), about->name);
	text_addf(out, "%s: %s.\n", about->severity == DIAG_ERROR ? "An error" : "A warning",
		  about->meaning);
	str_split(&page, '\n', &line);	/* its own heading */
	while (str_split(&page, '\n', &line))
		add_line(line, out);
}

void explain_all(struct text *out)
{
	text_add(
		out,
		STR("# What orchc says\n\n"
		    "Every message has a code and a name; either is taken by `orchc explain`, by "
		    "`# orch: allow(NAME)` for warnings, and by whoever searches for it. "
		    "Codes stay what they are. How messages are shown, and mended by `orchc check --fix`, "
		    "is in [checking.md](checking.md).\n"));
	for (size_t i = 0; i < FAMILIES; i++)
		add_contents(&families[i], out);
	for (size_t i = 0; i < FAMILIES; i++)
		for (unsigned code = 0; code < DIAG_COUNT; code++)
			if (is_of(code, &families[i]))
				add_page(code, out);
}
