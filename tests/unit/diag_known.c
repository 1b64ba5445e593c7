/* diag_known.c — which findings are the same when the text around them has moved. */
#include "common/diag_known.h"

#include "tests/unit/test.h"

#include <string.h>

struct found {
	struct arena arena;
	struct sources sources;
	struct diags diags;
};

static void begin(struct found *f, const char *path, const char *text)
{
	*f = (struct found){ .arena = { 0 } };
	f->sources.arena = &f->arena;
	f->diags = (struct diags){ .arena = &f->arena, .sources = &f->sources };
	source_add(&f->sources, str_from(path), str_from(text));
}

/* A finding at the first place of `at` behind `from`. */
static void add(struct found *f, enum diag_code code, const char *from, const char *message)
{
	struct str text = source_get(&f->sources, 0)->text;
	uint32_t start = (uint32_t)str_find_text(text, str_from(from));
	diag_add(&f->diags, code, (struct span){ 0, start, start + 1 }, "%s", message);
}

static bool known_as_same(const char *path_a, const char *a, const char *path_b, const char *b)
{
	struct found f, g;
	begin(&f, path_a, "x");
	begin(&g, path_b, "\n\nx");
	add(&f, DIAG_OVERLAP, "x", a);
	add(&g, DIAG_OVERLAP, "x", b);
	bool same = str_equal(diag_known_as(&f.arena, &f.diags, &f.diags.list.at[0]),
			      diag_known_as(&g.arena, &g.diags, &g.diags.list.at[0]));
	arena_release(&f.arena);
	arena_release(&g.arena);
	return same;
}

static void check_as(void)
{
	CHECK(known_as_same("p", "both own it", "p", "both own it"), "the line does not matter");
	CHECK(!known_as_same("p", "both own it", "q", "both own it"), "the file does");
	CHECK(!known_as_same("p", "both own `a`", "p", "both own `b`"), "the message does");
	CHECK(known_as_same("p", "see line 7 of it", "p", "see line 12 of it"), "but for a line");
	CHECK(known_as_same("p", "byte 9, column 3", "p", "byte 10, column 44"), "a byte, a column");
	CHECK(!known_as_same("p", "`line 7` is there", "p", "`line 8` is there"),
	      "unless it is quoted");
	CHECK(!known_as_same("p", "a deadline 7", "p", "a deadline 8"), "or another word");
	CHECK(!known_as_same("p", "7 agents", "p", "8 agents"), "or another number");
}

/* What is left of `now`, by the lines. */
static bool leaves(struct found *now, const struct found *before, size_t dropped, const char *lines)
{
	struct text left = { 0 };
	size_t n = diag_known_drop(&now->diags, &before->diags);
	for (size_t i = 0; i < now->diags.list.n; i++)
		text_addf(&left, "%u ", source_place(&now->sources, 0,
						     now->diags.list.at[i].span.start).line);
	bool good = n == dropped && !strcmp(left.n ? left.at : "", lines) &&
		    now->diags.errors + now->diags.warnings == now->diags.list.n;
	if (!good)
		printf("%zu dropped, left: %s\n", n, left.n ? left.at : "");
	text_release(&left);
	return good;
}

static void check_drop(void)
{
	struct found before, now;
	begin(&before, "p", "a\nb\nb\n");
	begin(&now, "p", "new\nb\nc\nb\na\n");
	add(&before, DIAG_OVERLAP, "a", "m");
	add(&before, DIAG_OVERLAP, "b\nb", "m");
	add(&before, DIAG_UNUSED, "b", "gone");
	add(&now, DIAG_OVERLAP, "b\nc", "m");
	add(&now, DIAG_OVERLAP, "c\nb", "m");
	add(&now, DIAG_OVERLAP, "a", "m");
	add(&now, DIAG_UNUSED, "new", "n");
	CHECK(leaves(&now, &before, 2, "3 1 "), "as often as before, and by the line if there is one");
	CHECK(now.diags.errors == 1 && now.diags.warnings == 1, "what is left is counted");
	CHECK(leaves(&now, &before, 1, "1 "), "a line that was changed takes what is left over");
	arena_release(&before.arena);
	arena_release(&now.arena);
	begin(&before, "p", "");
	begin(&now, "p", "");
	CHECK(leaves(&now, &before, 0, ""), "nothing of nothing");
	arena_release(&before.arena);
	arena_release(&now.arena);
}

int main(void)
{
	check_as();
	check_drop();
	return test_end();
}
