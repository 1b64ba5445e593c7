/* format.c — see format.h. */
#include "compiler/format.h"

#include "compiler/format_print.h"
#include "compiler/format_proof.h"
#include "grammar/parse.h"

static struct str print(struct arena *arena, const struct format *format,
			const struct syntax *syntax)
{
	struct text out = { 0 };
	format_print_source(arena, source_get(&format->sources, syntax->source), syntax, &out);
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

/* The first line that two texts do not have in common. */
static uint32_t first_difference(struct str a, struct str b)
{
	uint32_t line = 1;
	for (size_t i = 0; i < a.n && i < b.n && a.at[i] == b.at[i]; i++)
		line += a.at[i] == '\n';
	return line;
}

static enum format_end refuse(struct format *format, uint32_t line, struct str why)
{
	struct str path = source_get(&format->sources, 0)->path;
	fail_set(&format->fail,
		 "%.*s is left as it is, for it could not be formatted safely: %.*s (line %u).\n"
		 "This is a mistake of orchc, not yours; please report it with the file",
		 STR_ARG(path), STR_ARG(why), line);
	return FORMAT_UNPROVEN;
}

static enum format_end refuse_allow(struct format *format, uint32_t line)
{
	struct str path = source_get(&format->sources, 0)->path;
	fail_set(&format->fail,
		 "%.*s is left as it is: `# orch: allow` in line %u is about the next line, which "
		 "would be divided.\nPut what it is about on a line of its own",
		 STR_ARG(path), line);
	return FORMAT_ALLOW;
}

/* The form is read again, as if it were a plan that somebody wrote. */
static enum format_end prove(struct arena *arena, struct format *format,
			     const struct syntax *before)
{
	struct diags diags = { .arena = arena, .sources = &format->sources };
	struct syntax after;
	uint32_t again = source_add(&format->sources, STR("formatted"), format->text);
	parse_source(arena, &format->sources, again, &diags, &after);
	const struct source *source = source_get(&format->sources, 0);
	if (diags.errors)
		return refuse(format,
			      source_line_at(source_get(&format->sources, again),
					     diags.list.at[0].span.start),
			      diags.list.at[0].message);
	struct format_proof proof = {
		.arena = arena, .sources = &format->sources, .before = before, .after = &after,
	};
	if (!format_proof_holds(&proof)) {
		uint32_t line = source_line_at(source, proof.at);
		return proof.allow ? refuse_allow(format, line) : refuse(format, line, proof.why);
	}
	struct str twice = print(arena, format, &after);
	if (!str_equal(twice, format->text))
		return refuse(format, first_difference(twice, format->text),
			      STR("it would change once more"));
	return FORMAT_DONE;
}

enum format_end format_plan(struct arena *arena, struct str path, struct str text,
			    struct format *format)
{
	struct syntax syntax;
	*format = (struct format){ .sources = { .arena = arena } };
	format->diags = (struct diags){ .arena = arena, .sources = &format->sources };
	uint32_t source = source_add(&format->sources, path, text);
	parse_source(arena, &format->sources, source, &format->diags, &syntax);
	if (format->diags.errors)
		return FORMAT_MISTAKES;
	format->text = print(arena, format, &syntax);
	format->changed = !str_equal(text, format->text);
	return format->changed ? prove(arena, format, &syntax) : FORMAT_DONE;
}
