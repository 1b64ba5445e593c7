/* keyword.c — see keyword.h. */
#include "grammar/keyword.h"

#include "common/fail.h"
#include "parser.h"

#define KEYWORD(TOKEN, word, places, arguments, help) \
	{ TOKEN_##TOKEN, { word, sizeof(word) - 1 }, places, arguments, help },
const struct keyword keyword_list[] = {
#include "grammar/keyword.def"
};
const size_t keyword_list_n = sizeof keyword_list / sizeof keyword_list[0];

static const struct {
	uint16_t token;
	unsigned places;
	const char *arguments;
} elsewhere[] = {
#define KEYWORD_IN(TOKEN, places, arguments) { TOKEN_##TOKEN, places, arguments },
#include "grammar/keyword.def"
};

const char *keyword_arguments(const struct keyword *keyword, unsigned place)
{
	for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
		if (elsewhere[i].token == keyword->token && (elsewhere[i].places & place))
			return elsewhere[i].arguments;
	return keyword->arguments;
}

static uint8_t hash_word(struct str word)
{
	unsigned hash = (unsigned)word.n;
	for (size_t i = 0; i < word.n && i < 4; i++)
		hash = hash * 31 + (unsigned char)word.at[i];
	return (uint8_t)(hash ^ hash >> 8);
}

void keyword_table_init(struct keyword_table *table)
{
	*table = (struct keyword_table){ 0 };
	BUG_IF(keyword_list_n > 128, "more keywords than the table is meant for");
	for (size_t i = 0; i < keyword_list_n; i++) {
		uint8_t slot = hash_word(keyword_list[i].word);
		while (table->slot[slot])
			slot++;
		table->slot[slot] = (uint8_t)(i + 1);
	}
}

const struct keyword *keyword_look(const struct keyword_table *table, struct str word)
{
	for (uint8_t slot = hash_word(word); table->slot[slot]; slot++) {
		const struct keyword *keyword = &keyword_list[table->slot[slot] - 1];
		if (str_equal(keyword->word, word))
			return keyword;
	}
	return NULL;
}

const struct keyword *keyword_of_token(unsigned token)
{
	for (size_t i = 0; i < keyword_list_n; i++)
		if (keyword_list[i].token == token)
			return &keyword_list[i];
	return NULL;
}

const struct keyword *keyword_nearest(struct str word, unsigned places)
{
	const struct keyword *best = NULL;
	size_t limit = word.n < 4 ? 1 : 2, least = SIZE_MAX;
	for (size_t i = 0; i < keyword_list_n; i++) {
		const struct keyword *keyword = &keyword_list[i];
		if (!keyword->places)
			continue;
		/* One that belongs here beats any other. */
		size_t distance = str_distance(word, keyword->word, limit);
		if (distance > limit)
			continue;
		distance += keyword->places & places ? 0 : limit + 1;
		if (distance < least) {
			least = distance;
			best = keyword;
		}
	}
	return best;
}

void keyword_places_text(unsigned places, struct text *out)
{
	static const char *const name[] = {
		"at the top of a file", "a plan", "a group", "an agent", "a template", "a runner",
		"a runner's events", "a metric",
	};
	const char *found[sizeof name / sizeof name[0]];
	size_t n = 0;
	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
		if (places & 1u << i)
			found[n++] = name[i];
	for (size_t i = 0; i < n; i++) {
		bool top = found[i] == name[0];
		/* "in a plan, group or agent": the article once. */
		const char *bare = found[i] + (found[i][1] == 'n' ? 3 : 2);
		bool first = i == 0 || found[i - 1] == name[0];
		text_add(out, str_from(i == 0 ? "" : i + 1 == n ? " or " : ", "));
		if (!top && first)
			text_add(out, STR("in "));
		text_add(out, str_from(top || first ? found[i] : bare));
	}
}
