/* allow.c — see allow.h. */
#include "compiler/allow.h"

#include "compiler/bind.h"
#include "compiler/remedy.h"
#include "grammar/lexer.h"

#include <string.h>

struct allow {
	struct span span;	/* the comment */
	struct str name;
	enum diag_code code;
	bool known, used;
};
struct allows {
	struct load *load;
	VEC(struct allow) list;
	struct map by_line;	/* "source line" of the line that it is about → index */
};

static struct str key_of(struct arena *arena, uint32_t source, uint32_t line)
{
	return arena_format(arena, "%u %u", source, line);
}

/* Spaces are free. */
bool allow_read(struct str comment, struct str *name)
{
	static const struct str words[] = {
		{ "#", 1 }, { "orch:", 5 }, { "allow", 5 }, { "(", 1 }
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		comment = str_trim(comment);
		if (!str_starts(comment, words[i]))
			return false;
		comment = str_slice(comment, words[i].n, comment.n);
	}
	size_t close = str_find(comment, ')');
	if (close == SIZE_MAX)
		return false;
	*name = str_trim(str_slice(comment, 0, close));
	return true;
}

/* A comment that follows something in its line is about that line's end, not about the next
 * line. */
static bool stands_alone(const struct syntax *syntax, size_t token)
{
	while (token && syntax->tokens.at[token - 1].kind == TRIVIA_SPACE)
		token--;
	return !token || syntax->tokens.at[token - 1].kind == TRIVIA_NEWLINE ||
	       syntax->tokens.at[token - 1].kind == TRIVIA_BOM;
}

static void add_allow(struct allows *allows, struct span span, struct str name)
{
	struct arena *arena = allows->load->arena;
	const struct source *source = source_get(allows->load->sources, span.source);
	struct str key = key_of(arena, span.source, source_line_at(source, span.start) + 1);
	struct allow allow = { .span = span, .name = name };
	allow.known = diag_find(name, &allow.code) &&
		      diag_info(allow.code)->severity == DIAG_WARNING;
	if (!map_find(&allows->by_line, key))
		map_add(arena, &allows->by_line, key, (uint32_t)allows->list.n);
	*VEC_ADD(arena, &allows->list) = allow;
}

static void collect(struct allows *allows)
{
	for (size_t i = 0; i < allows->load->units.n; i++) {
		const struct syntax *syntax = &allows->load->units.at[i].syntax;
		for (size_t token = 0; token < syntax->tokens.n; token++) {
			struct str name;
			if (syntax->tokens.at[token].kind != TRIVIA_COMMENT)
				continue;
			struct span span = syntax_token_span(syntax, (uint32_t)token);
			if (allow_read(source_text(allows->load->sources, span), &name) &&
			    stands_alone(syntax, token))
				add_allow(allows, span, name);
		}
	}
}

static bool is_allowed(struct allows *allows, const struct diag *diag)
{
	if (!allows->list.n || diag_info(diag->code)->severity != DIAG_WARNING)
		return false;
	const struct source *source = source_get(allows->load->sources, diag->span.source);
	uint32_t line = source_line_at(source, diag->span.start);
	struct str key = key_of(allows->load->arena, diag->span.source, line);
	uint32_t *found = map_find(&allows->by_line, key);
	struct allow *allow = found ? &allows->list.at[*found] : NULL;
	if (!allow || allow->used || !allow->known || allow->code != diag->code)
		return false;
	allow->used = true;
	return true;
}

/* A misspelt name is to be mended, not taken out. */
static void offer_nearest(struct diags *diags, struct diag *diag, const struct allow *allow)
{
	struct bind_nearest nearest = { .word = allow->name };
	for (unsigned code = 0; code < DIAG_COUNT; code++)
		if (diag_info(code)->severity == DIAG_WARNING)
			bind_nearest_try(&nearest, str_from(diag_info(code)->name));
	if (!nearest.name.at)
		return;
	struct span span = allow->span;
	span.start += (uint32_t)(allow->name.at - source_text(diags->sources, span).at);
	span.end = span.start + (uint32_t)allow->name.n;
	diag_fix(diags, diag, DIAG_UNSAFE, span, nearest.name, "write `%.*s`",
		 STR_ARG(nearest.name));
}

static void say_unused(struct allows *allows, const struct allow *allow)
{
	struct diags *diags = allows->load->diags;
	enum diag_code code;
	const char *why = allow->known                    ? "the next line has no such warning"
			  : diag_find(allow->name, &code) ? "errors cannot be silenced"
							  : "there is no warning of that name";
	struct diag *diag = diag_add(diags, DIAG_UNUSED_ALLOW, allow->span,
				     "this silences nothing: %s", why);
	if (allow->known || diag_find(allow->name, &code)) {
		remedy_take_out(diags, diag, DIAG_SAFE, allow->span);
		return;
	}
	offer_nearest(diags, diag, allow);
	diag_help(diags, diag, "`orchc explain list` names them all");
}

void allow_apply(struct load *load)
{
	struct allows allows = { .load = load };
	struct diags *diags = load->diags;
	size_t kept = 0;
	collect(&allows);
	if (!allows.list.n)
		return;
	for (size_t i = 0; i < diags->list.n; i++) {
		if (is_allowed(&allows, &diags->list.at[i]))
			diags->warnings--;
		else
			diags->list.at[kept++] = diags->list.at[i];
	}
	/* The room behind is used again, and new elements are zeroed ones. */
	if (kept < diags->list.n)
		memset(&diags->list.at[kept], 0, (diags->list.n - kept) * sizeof *diags->list.at);
	diags->list.n = kept;
	for (size_t i = 0; i < allows.list.n; i++)
		if (!allows.list.at[i].used)
			say_unused(&allows, &allows.list.at[i]);
}
