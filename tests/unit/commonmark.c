/* A Markdown document as a list of blocks: kinds, texts, lines and places, whatever the
 * document. */
#include "common/commonmark.h"

#include "common/text.h"
#include "tests/unit/test.h"

static const struct commonmark_block *find(const struct commonmark *m, enum commonmark_kind kind,
					   const char *text)
{
	for (size_t i = 0; i < m->blocks.n; i++)
		if (m->blocks.at[i].kind == kind && str_is(m->blocks.at[i].text, text))
			return &m->blocks.at[i];
	return NULL;
}

static bool at(const struct commonmark *m, enum commonmark_kind kind, const char *text,
	       uint32_t line)
{
	const struct commonmark_block *b = find(m, kind, text);
	return b && b->first == line;
}

static void test_blocks(struct arena *arena)
{
	struct str text = STR(
		"A *title*\n=====\n\n| x \\| y | [l](u) **b** |\r\n|--|--|\r\n| `a\\|b` | |\n\n"
		"- [ ] one\n- [x] two\n  1. in `here.c`\n\n     ```sh more\n     run\n     this\n     ```\n\n"
		"**All\nbold**\n\n**not** all\n\n    indented\n\n```\n```\n");
	struct commonmark m;
	commonmark_read(arena, text, &m);
	CHECK(at(&m, COMMONMARK_HEADING, "A title", 1), "a setext heading");
	CHECK(at(&m, COMMONMARK_CELL, "x | y", 4) && at(&m, COMMONMARK_CELL, "l b", 4),
	      "cells of a head");
	const struct commonmark_block *cell = find(&m, COMMONMARK_CELL, "a|b");
	CHECK(cell && cell->codes.n == 1 && cell->codes.at[0].at == 0, "code in a cell");
	CHECK(cell && str_is(str_slice(text, cell->start, cell->end), "`a\\|b`"), "its place");
	const struct commonmark_block *empty = find(&m, COMMONMARK_CELL, "");
	CHECK(empty && empty->first == 6, "an empty cell is in its row");
	CHECK(find(&m, COMMONMARK_PARAGRAPH, "two") &&
		      m.blocks.at[find(&m, COMMONMARK_PARAGRAPH, "two")->parent].ticked,
	      "a box that is ticked");
	const struct commonmark_block *in = find(&m, COMMONMARK_PARAGRAPH, "in here.c");
	CHECK(in && m.blocks.at[in->parent].level == 1 && in->codes.at[0].at == 3,
	      "an ordered item");
	const struct commonmark_block *code = find(&m, COMMONMARK_CODE, "run\nthis\n");
	CHECK(code && str_is(code->info, "sh") && code->first == 13 && code->last == 14,
	      "a fence in a list");
	CHECK(find(&m, COMMONMARK_PARAGRAPH, "All\nbold")->strong &&
		      !find(&m, COMMONMARK_PARAGRAPH, "not all")->strong,
	      "all in bold, and not all");
	CHECK(at(&m, COMMONMARK_CODE, "indented\n", 22), "indented code");
	code = find(&m, COMMONMARK_CODE, "");
	CHECK(code && code->last + 1 == code->first, "an empty fence");
}

/* Places lie in the text, children in their parents, in order. */
static bool is_sound(const struct commonmark *m, struct str text)
{
	for (size_t i = 0; i < m->blocks.n; i++) {
		const struct commonmark_block *b = &m->blocks.at[i],
					      *parent = &m->blocks.at[b->parent];
		if (b->start > b->end || b->end > text.n || !b->first || b->next <= i ||
		    b->next > parent->next)
			return false;
		if (i && (b->parent >= i || b->next > m->blocks.n))
			return false;
	}
	return m->blocks.at[0].next == m->blocks.n;
}

static void test_anything(uint64_t *random)
{
	static const char *const parts[] = { "| a ", "|--|--|\n", "|\n",  "# ",     "- ",
					     "  ",   "1. ",       "```",  "\n",     "\n\n",
					     "\t",   "> ",        "**",   "`",      "<!--",
					     "-->",  "=\n",       "[ ] ", "x",      "\r\n",
					     "\xff", "→",         "<br>", "[^1]: ", "\\" };
	bool sound = true;
	for (int round = 0; round < 20000 && sound; round++) {
		struct arena arena = { 0 };
		struct text out = { 0 };
		struct commonmark m;
		for (size_t n = test_random(random) % 40; n; n--)
			text_add(&out, str_from(parts[test_random(random) %
						      (sizeof parts / sizeof *parts)]));
		commonmark_read(&arena, text_str(&out), &m);
		sound = is_sound(&m, text_str(&out));
		CHECK(sound, "every block lies in the text and in its parent");
		if (!sound)
			printf("%.*s\n", STR_ARG(text_str(&out)));
		text_release(&out);
		arena_release(&arena);
	}
}

int main(void)
{
	struct arena arena = { 0 };
	uint64_t random = 3;
	test_blocks(&arena);
	test_anything(&random);
	arena_release(&arena);
	return test_end();
}
