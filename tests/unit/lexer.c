/* lexer — every byte is in exactly one token, whatever the bytes; and the tokens are the right
 * ones. */
#include "grammar/lexer.h"

#include "parser.h"
#include "tests/unit/test.h"

#include <stdlib.h>

struct lexed {
	struct arena arena;
	struct sources sources;
	struct syntax syntax;
	struct flaws flaws;
};

static void lex(struct lexed *l, struct str text)
{
	*l = (struct lexed){ 0 };
	l->sources.arena = &l->arena;
	source_add(&l->sources, STR("x.orch"), text);
	lexer_run(&l->arena, &l->sources.list.at[0], &l->syntax, &l->flaws);
}

static bool lossless(const struct lexed *l, size_t n)
{
	uint32_t at = 0;
	for (size_t i = 0; i < l->syntax.tokens.n; i++) {
		if (l->syntax.tokens.at[i].start != at || l->syntax.tokens.at[i].end <= at)
			return false;
		at = l->syntax.tokens.at[i].end;
	}
	return at == n;
}

static bool flaws_in_order(const struct lexed *l)
{
	for (size_t i = 0; i < l->flaws.list.n; i++) {
		const struct flaw *flaw = &l->flaws.list.at[i];
		if (flaw->start > flaw->end || flaw->token >= l->syntax.tokens.n ||
		    (i && flaw->token < l->flaws.list.at[i - 1].token))
			return false;
	}
	return true;
}

/* The kinds of a text's significant tokens, and its flaws. */
static void check_kinds(const char *text, const int *kinds, size_t n, const int *flaws,
			size_t flaw_n)
{
	struct lexed l;
	size_t k = 0;
	bool same = true;
	lex(&l, str_from(text));
	for (size_t i = 0; i < l.syntax.tokens.n; i++)
		if (!lexer_is_trivia(l.syntax.tokens.at[i].kind)) {
			same = same && k < n && l.syntax.tokens.at[i].kind == kinds[k];
			k++;
		}
	CHECK(same && k == n, text);
	same = l.flaws.list.n == flaw_n;
	for (size_t i = 0; i < flaw_n && same; i++)
		same = (int)l.flaws.list.at[i].kind == flaws[i];
	CHECK(same, text);
	arena_release(&l.arena);
}
#define KINDS(...) (const int[]){ __VA_ARGS__ }, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int)
#define NONE NULL, 0

static void test_kinds(void)
{
	check_kinds("a-b _c A1 -d", KINDS(TOKEN_NAME, TOKEN_NAME, TOKEN_NAME, TOKEN_NAME),
		    KINDS(FLAW_CHARACTER));
	check_kinds("owns owns-x", KINDS(TOKEN_OWNS, TOKEN_NAME), NONE);
	check_kinds("1 30m 1h30m 2G 12.50",
		    KINDS(TOKEN_NUMBER, TOKEN_DURATION, TOKEN_DURATION, TOKEN_SIZE, TOKEN_DECIMAL),
		    NONE);
	check_kinds("1x 1.5h 1m30", KINDS(TOKEN_NUMBER, TOKEN_NUMBER, TOKEN_NUMBER),
		    KINDS(FLAW_NUMBER, FLAW_NUMBER, FLAW_NUMBER));
	check_kinds("\"a\\\"b\\\\\" \"\"", KINDS(TOKEN_STRING, TOKEN_STRING), NONE);
	check_kinds("\"a\\", KINDS(TOKEN_STRING), KINDS(FLAW_STRING_OPEN, FLAW_ESCAPE));
	check_kinds("a.b /-{}[](),:=",
		    KINDS(TOKEN_NAME, TOKEN_DOT, TOKEN_NAME, TOKEN_SLASHDASH, TOKEN_LBRACE,
			  TOKEN_RBRACE, TOKEN_LBRACKET, TOKEN_RBRACKET, TOKEN_LPAREN, TOKEN_RPAREN,
			  TOKEN_COMMA, TOKEN_COLON, TOKEN_EQUALS),
		    NONE);
	check_kinds("src/** ./x **/y a.b/c",
		    KINDS(TOKEN_STRING, TOKEN_STRING, TOKEN_STRING, TOKEN_STRING),
		    KINDS(FLAW_BARE, FLAW_BARE, FLAW_BARE, FLAW_BARE));
	check_kinds("# \"x\n// y\n", NONE, KINDS(FLAW_SLASHES));
	check_kinds("x $\"\"\"\n  a\n\"\"\"\n", KINDS(TOKEN_NAME, TOKEN_TEXT), NONE);
	check_kinds("  x $$\"\"\"\n\n    \"\"\"\n  \"\"\"\n}",
		    KINDS(TOKEN_NAME, TOKEN_TEXT, TOKEN_RBRACE), NONE);
	check_kinds("x \"\"\"\r\n  a\r\n\"\"\"\r\ny", KINDS(TOKEN_NAME, TOKEN_TEXT, TOKEN_NAME),
		    NONE);
	/* Indentation is compared, not measured. */
	check_kinds("\tx \"\"\"\n\t  a\n        \"\"\"\n\t\"\"\"\n",
		    KINDS(TOKEN_NAME, TOKEN_TEXT, TOKEN_TEXT),
		    KINDS(FLAW_TEXT_CLOSE, FLAW_TEXT_OPEN));
	check_kinds("======= x", NONE, KINDS(FLAW_CONFLICT));
}

static const char *const scraps[] = {
	"\"\"\"", "$\"\"\"\n", "\n",          "\r\n",      "  ",          "\t",
	"\"",     "\\",        "\\u{",        "}",         "{",           "#",
	"//",     "/-",        "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "||||||| c\n",
	"'",      "“",         "”",           "\xc2\xa0",  "\xff",        "\xef\xbb\xbf",
	"owns",   "agent a",   "30m",         "1.5",       "1x",          "a.b",
	"src/**", "*",         "./",          ",",         "[",           "]",
	"(",      ")",         ":",           "=",         ";",           "e\xcc\x81",
	"\x01",
};

static void test_lossless(void)
{
	uint64_t seed = 42;
	char bytes[400];
	for (int round = 0; round < 20000; round++) {
		size_t n = 0, wanted = test_random(&seed) % 300;
		while (n < wanted) {
			uint64_t dice = test_random(&seed);
			struct str scrap =
				str_from(scraps[dice % (sizeof scraps / sizeof scraps[0])]);
			if (dice >> 60 == 0) {
				bytes[n++] = (char)(dice >> 32);
				continue;
			}
			for (size_t i = 0; i < scrap.n; i++)
				bytes[n++] = scrap.at[i];
		}
		/* A copy of just that size: reading behind it is seen by the sanitizer. */
		char *exact = malloc(n ? n : 1);
		for (size_t i = 0; i < n; i++)
			exact[i] = bytes[i];
		struct lexed l;
		lex(&l, (struct str){ exact, n });
		bool fine = lossless(&l, n) && flaws_in_order(&l);
		if (!CHECK(fine, "every byte in one token, flaws in order")) {
			printf("round %d\n", round);
			round = 20000;
		}
		arena_release(&l.arena);
		free(exact);
	}
}

/* Files that are cruel to a lexer which looks ahead; each takes minutes should reading be
 * quadratic. */
static void test_linear(void)
{
	static const char *const cruel[] = {
		"a.",
		"@~",
		"\"\"\"a",
		"\"\"\"x\"\"\" ",
		"  x \"\"\"\n",
		"'",
		"‘",
		"=======\n",
		"<<<<<<< a\n=======\n",
		"|||||||\n",
		"\"",
		"\\",
		"$",
		"{",
		"e\xcc\x81",
		"\xe2\x80\x8b",
		"# \x01\n",
		"[",
		"/-",
	};
	enum { BYTES = 2 << 20 };
	char *bytes = malloc(BYTES);
	for (size_t i = 0; i < sizeof cruel / sizeof cruel[0]; i++) {
		struct str unit = str_from(cruel[i]);
		for (size_t k = 0; k < BYTES; k++)
			bytes[k] = unit.at[k % unit.n];
		struct lexed l;
		lex(&l, (struct str){ bytes, BYTES });
		CHECK(lossless(&l, BYTES), cruel[i]);
		arena_release(&l.arena);
	}
	free(bytes);
}

int main(void)
{
	test_kinds();
	test_lossless();
	test_linear();
	return test_end();
}
