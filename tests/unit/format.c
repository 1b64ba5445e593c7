/* format — whatever is written without syntax errors is formatted: the same plan, every comment
 * there, and never changed again; and one plan in many layouts comes out as one. */
#include "compiler/format.h"

#include "common/utf8.h"
#include "grammar/lexer.h"
#include "grammar/parse.h"
#include "parser.h"
#include "tests/lib/messy.h"

#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 600, MUTATIONS = 3000 };
#else
enum { ROUNDS = 6000, MUTATIONS = 40000 };
#endif

static void show(const char *what, struct str text)
{
	printf("--- %s\n%.*s\n", what, STR_ARG(text));
}

/* Every comment without its sign and white space, a line each, in order. */
static struct str comments_of(struct arena *arena, struct str text)
{
	struct sources sources = { .arena = arena };
	struct diags diags = { .arena = arena, .sources = &sources };
	struct syntax syntax;
	struct text out = { 0 };
	parse_source(arena, &sources, source_add(&sources, STR("x"), text), &diags, &syntax);
	for (uint32_t i = 0; i < syntax.tokens.n; i++) {
		if (syntax.tokens.at[i].kind != TRIVIA_COMMENT)
			continue;
		struct str comment = source_text(&sources, syntax_token_span(&syntax, i));
		comment = str_trim(str_slice(comment, 1, comment.n));
		text_addf(&out, "%.*s\n", STR_ARG(comment));
	}
	struct str all = arena_copy(arena, text_str(&out));
	text_release(&out);
	return all;
}

/* Is the line too long, not counting a comment, and could have been broken? Strings hide their
 * commas. */
static bool could_break(struct str line)
{
	bool quoted = false, comma = false;
	size_t end = 0;
	for (; end < line.n && (quoted || line.at[end] != '#'); end++) {
		if (quoted && line.at[end] == '\\')
			end++;
		else if (line.at[end] == '"')
			quoted = !quoted;
		else if (!quoted && line.at[end] == ',' && str_trim(str_slice(line, 0, end)).n)
			comma = comma || (end + 1 < line.n &&
					  str_trim(str_slice(line, end + 1, line.n)).at[0] != '#');
	}
	line = str_slice(line, 0, end);
	while (line.n && line.at[line.n - 1] == ' ')
		line.n--;
	return comma && utf8_width(line) > 100;
}

/* White space that says nothing: at the end of a line, twice empty, tabs before a statement; and
 * lines that are longer than need be. Text blocks are their author's. */
static bool is_tidy(struct arena *arena, struct str text, bool narrow)
{
	struct sources sources = { .arena = arena };
	struct diags diags = { .arena = arena, .sources = &sources };
	struct syntax syntax;
	parse_source(arena, &sources, source_add(&sources, STR("x"), text), &diags, &syntax);
	unsigned lines = 2;
	size_t start = 0;
	for (size_t i = 0; i < syntax.tokens.n; i++) {
		struct token token = syntax.tokens.at[i];
		bool line = token.kind == TRIVIA_NEWLINE;
		if (token.kind == TRIVIA_SPACE &&
		    memchr(text.at + token.start, '\t', token.end - token.start))
			return false;
		if (line && (lines == 2 || (i && syntax.tokens.at[i - 1].kind == TRIVIA_SPACE)))
			return false;
		lines = line ? lines + 1 : 0;
		struct str whole = str_slice(text, start, token.start);
		if (line && narrow && could_break(whole))
			return false;
		if (line || token.kind == TOKEN_TEXT)
			start = token.end;
	}
	return text.n == 0 || lines == 1;
}

static bool formats(struct str text, bool allows, size_t *divided)
{
	struct arena arena = { 0 };
	struct format first, second;
	enum format_end end = format_plan(&arena, STR("plan.orch"), text, &first);
	bool good = end == FORMAT_DONE;
	if (end == FORMAT_ALLOW && allows) {
		++*divided;
		arena_release(&arena);
		return true;
	}
	if (!good)
		printf("%d: %s\n", end,
		       end == FORMAT_MISTAKES ? first.diags.list.at[0].message.at
					      : first.fail.text);
	if (good && (format_plan(&arena, STR("plan.orch"), first.text, &second) != FORMAT_DONE ||
		     second.changed))
		good = false, printf("changes twice\n");
	if (good && !str_equal(comments_of(&arena, text), comments_of(&arena, first.text)))
		good = false, printf("comments differ\n");
	if (good && !is_tidy(&arena, first.text, !allows))
		good = false, printf("untidy\n");
	if (!good) {
		show("before", text);
		if (end == FORMAT_DONE || end == FORMAT_UNPROVEN)
			show("after", first.text);
	}
	arena_release(&arena);
	return good;
}

static void test_generated(void)
{
	size_t divided = 0, bytes = 0;
	for (unsigned round = 1; round <= ROUNDS; round++) {
		struct text text = { 0 };
		struct messy messy = { .says = round,
				       .looks = round + ROUNDS,
				       .allows = round % 4 == 0,
				       .out = &text };
		messy_plan(&messy);
		bytes += text.n;
		bool good = formats(text_str(&text), messy.allows, &divided);
		text_release(&text);
		if (!CHECK(good, "a plan is formatted")) {
			printf("seed %u\n", round);
			return;
		}
	}
	CHECK(bytes / ROUNDS > 500, "the plans are not all empty");
	CHECK(divided < ROUNDS / 20, "few allow comments are in the way");
}

/* Without the CRs before LFs: they are left to the author. */
static struct str without_cr(struct arena *arena, struct str text)
{
	struct text out = { 0 };
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i] != '\r' || i + 1 == text.n || text.at[i + 1] != '\n')
			text_add_byte(&out, text.at[i]);
	struct str copy = arena_copy(arena, text_str(&out));
	text_release(&out);
	return copy;
}

/* What a plan says decides how it looks, but for what is left to its author. */
static void test_one_form(void)
{
	for (unsigned round = 1; round <= ROUNDS / 3; round++) {
		struct arena arena = { 0 };
		struct str form[2];
		bool good = true;
		for (unsigned i = 0; i < 2; i++) {
			struct text text = { 0 };
			struct format format;
			struct messy messy = {
				.says = round, .looks = round * 2 + i, .bare = true, .out = &text
			};
			messy_plan(&messy);
			struct str copy = arena_copy(&arena, text_str(&text));
			good = good &&
			       format_plan(&arena, STR("plan.orch"), copy, &format) == FORMAT_DONE;
			if (!good)
				show("not formatted", copy);
			form[i] = good ? without_cr(&arena, format.text) : STR("");
			text_release(&text);
		}
		good = good && str_equal(form[0], form[1]);
		if (!good) {
			show("one", form[0]);
			show("other", form[1]);
		}
		arena_release(&arena);
		if (!CHECK(good, "two layouts of a plan are formatted alike"))
			return;
	}
}

/* Bytes of a plan lost, doubled, exchanged: what still is a plan is formatted. */
static void test_mutations(void)
{
	static const char spice[] = "\"\"\"{}[](),:#\\\n\n  /-$.1m\r\t";
	uint64_t seed = 11;
	size_t plans = 0, divided = 0;
	struct text text = { 0 };
	struct str whole = { NULL, 0 };
	for (unsigned round = 0; round < MUTATIONS; round++) {
		if (round % 50 == 0) {
			text_clear(&text);
			struct messy messy = {
				.says = round + 1, .looks = round + 1, .allows = true, .out = &text
			};
			messy_plan(&messy);
			whole = text_str(&text);
		}
		if (!whole.n)
			continue;
		size_t at = test_random(&seed) % whole.n, kind = test_random(&seed) % 3;
		struct text changed = { 0 };
		text_add(&changed, str_slice(whole, 0, at));
		if (kind)
			text_add_byte(&changed, spice[test_random(&seed) % (sizeof spice - 1)]);
		text_add(&changed, str_slice(whole, at + (kind != 2), whole.n));
		struct arena arena = { 0 };
		struct format format;
		enum format_end end = format_plan(&arena, STR("plan.orch"), text_str(&changed),
						  &format);
		arena_release(&arena);
		plans += end == FORMAT_DONE;
		bool good = end == FORMAT_MISTAKES || formats(text_str(&changed), true, &divided);
		text_release(&changed);
		if (!CHECK(good, "what is still a plan is formatted"))
			break;
	}
	CHECK(plans > MUTATIONS / 20, "some are still plans");
	text_release(&text);
}

int main(void)
{
	test_generated();
	test_one_form();
	test_mutations();
	return test_end();
}
