/* keyword — the table of words and the grammar say the same. */
#include "grammar/keyword.h"

#include "grammar/automaton.h"
#include "parser.h"
#include "tests/unit/test.h"

static const struct {
	unsigned place;
	unsigned way[7];	/* kinds of tokens that lead there */
} places[] = {
	{ IN_FILE, { 0 } },
	{ IN_PLAN, { TOKEN_PLAN, TOKEN_NAME, TOKEN_LBRACE } },
	{ IN_GROUP, { TOKEN_GROUP, TOKEN_NAME, TOKEN_LBRACE } },
	{ IN_AGENT, { TOKEN_AGENT, TOKEN_NAME, TOKEN_LBRACE } },
	{ IN_TEMPLATE, { TOKEN_TEMPLATE, TOKEN_NAME, TOKEN_LPAREN, TOKEN_RPAREN, TOKEN_LBRACE } },
	{ IN_RUNNER, { TOKEN_RUNNER, TOKEN_NAME, TOKEN_LBRACE } },
	{ IN_METRIC, { TOKEN_PLAN, TOKEN_NAME, TOKEN_LBRACE, TOKEN_METRIC, TOKEN_NAME, TOKEN_LBRACE } },
	{ IN_EVENTS, { TOKEN_RUNNER, TOKEN_NAME, TOKEN_LBRACE, TOKEN_EVENTS, TOKEN_LBRACE } },
};

static void test_places(void)
{
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct arena arena = { 0 };
		struct syntax syntax = { 0 };
		struct build build = { .arena = &arena, .syntax = &syntax };
		struct yyParser *parser = parser_open(&build);
		for (size_t k = 0; places[i].way[k]; k++)
			parser_feed(parser, places[i].way[k], 0);
		parser_settle(parser);
		for (size_t k = 0; k < keyword_list_n; k++) {
			bool begins = parser_would_shift(parser, keyword_list[k].token, false);
			if (!CHECK(begins == !!(keyword_list[k].places & places[i].place),
				   "a statement stands where the table says"))
				printf("%s in place %u\n", keyword_list[k].word.at,
				       places[i].place);
		}
		CHECK(!parser_would_shift(parser, TOKEN_NAME, true), "no name begins a statement");
		parser_close(parser);
		arena_release(&arena);
	}
}

static void test_words(void)
{
	struct keyword_table table;
	size_t words = 0;
	keyword_table_init(&table);
	for (unsigned kind = 1; kind < parser_token_count(); kind++) {
		words += parser_is_word(kind);
		CHECK(parser_is_word(kind) == !!keyword_of_token(kind),
		      "every word of the grammar is in the table");
	}
	CHECK(words == keyword_list_n, "and every word of the table in the grammar, once");
	for (size_t i = 0; i < keyword_list_n; i++) {
		const struct keyword *keyword = &keyword_list[i];
		CHECK(keyword_look(&table, keyword->word) == keyword, "each word is found");
		CHECK(!i || str_compare(keyword_list[i - 1].word, keyword->word) < 0,
		      "in the order of the alphabet");
		CHECK(*keyword->help && (!keyword->places || *keyword->arguments),
		      "each is explained");
	}
	CHECK(!keyword_look(&table, STR("")) && !keyword_look(&table, STR("own")),
	      "no other word is found");
}

static void check_nearest(const char *word, unsigned place, const char *wanted)
{
	const struct keyword *found = keyword_nearest(str_from(word), place);
	CHECK(found ? wanted && str_is(found->word, wanted) : !wanted, word);
}

static void check_places(unsigned places_wanted, const char *wanted)
{
	struct text text = { 0 };
	keyword_places_text(places_wanted, &text);
	CHECK(str_is(text_str(&text), wanted), wanted);
	text_release(&text);
}

int main(void)
{
	test_places();
	test_words();
	check_nearest("agnet", IN_FILE, "agent");
	check_nearest("depends", IN_AGENT, NULL);
	check_nearest("owned", IN_AGENT, "owns");
	check_nearest("lank", IN_AGENT, "link");
	check_nearest("lank", IN_PLAN, "land");
	check_nearest("x", IN_PLAN, NULL);
	check_places(IN_PLAN, "in a plan");
	check_places(IN_FILE | IN_GROUP, "at the top of a file or in a group");
	check_places(IN_GROUP | IN_AGENT | IN_TEMPLATE, "in a group, agent or template");
	return test_end();
}
