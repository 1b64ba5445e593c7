/* highlight.c — see highlight.h. What stands among a statement's arguments is read off the text that
 * says so to the user: `[in POOL]` is the word `in`, and a name behind it. */
#include "grammar/highlight.h"

#include "common/fail.h"

static bool is_small(char c)
{
	return (c >= 'a' && c <= 'z') || c == '-';
}

static const struct keyword *find_word(struct str word)
{
	for (size_t i = 0; i < keyword_list_n; i++)
		if (str_equal(keyword_list[i].word, word))
			return &keyword_list[i];
	return NULL;
}

/* `behind` is what follows a word in the text about its arguments. */
static enum highlight_behind behind_of(const char *behind)
{
	struct str text = str_from(behind);
	while (text.n && *text.at == ' ')
		text = str_slice(text, 1, text.n);
	if (str_starts(text, STR("\"heading\"")))
		return HIGHLIGHT_HEADING;
	if (str_starts(text, STR("\"path\"")) && !str_starts(text, STR("\"path\",")))
		return HIGHLIGHT_PATH;
	return text.n && *text.at >= 'A' && *text.at <= 'Z' ? HIGHLIGHT_NAME : HIGHLIGHT_ANYTHING;
}

static void add_word(struct highlight_form *form, const struct keyword *keyword,
		     enum highlight_behind behind)
{
	size_t i = 0;
	while (i < form->word_n && form->words[i].keyword != keyword)
		i++;
	if (i == form->word_n) {
		BUG_IF(form->word_n == HIGHLIGHT_WORDS_MOST, "a statement with too many words");
		form->words[form->word_n++] = (struct highlight_word){ keyword, behind };
	}
	if (behind)
		form->words[i].behind = behind;
}

/* The last quote of a string, or of the three of a text. */
static const char *skip_string(const char *quote)
{
	if (str_starts(str_from(quote), STR("\"\"\"")))
		return quote + 2;
	size_t n = str_find(str_from(quote + 1), '"');
	BUG_IF(n == SIZE_MAX, "keyword.def has a string without an end");
	return quote + 1 + n;
}

static void add_words(struct highlight_form *form, const char *arguments)
{
	for (const char *c = arguments; *c; c++) {
		struct str word = { c, 0 };
		if (*c == '"') {
			c = skip_string(c);
			continue;
		}
		/* The `m` of `30m` is none. */
		if (!is_small(*c) || (c > arguments && c[-1] >= '0' && c[-1] <= '9'))
			continue;
		while (is_small(c[word.n]))
			word.n++;
		const struct keyword *keyword = find_word(word);
		if (keyword)
			add_word(form, keyword, behind_of(c + word.n));
		c += word.n - 1;
	}
}

static bool has_block(const char *arguments)
{
	return str_find_text(str_from(arguments), STR("{ … }")) != SIZE_MAX;
}

/* A name, and not one of several or one that refers to something. */
static bool names_block(const char *arguments)
{
	struct str text = str_from(arguments);
	return has_block(arguments) && str_starts(text, STR("NAME")) &&
	       !str_starts(text, STR("NAME,"));
}

bool highlight_form_of(const struct keyword *keyword, struct highlight_form *form)
{
	bool named = false, unnamed = false;
	*form = (struct highlight_form){ 0 };
	for (unsigned place = 1; place <= keyword->places; place <<= 1) {
		if (!(keyword->places & place))
			continue;
		const char *arguments = keyword_arguments(keyword, place);
		form->block = form->block || has_block(arguments);
		if (names_block(arguments))
			named = true;
		else
			unnamed = true;
		if (behind_of(arguments) == HIGHLIGHT_PATH)
			form->behind = HIGHLIGHT_PATH;
		add_words(form, arguments);
	}
	if (named)
		form->declares = unnamed ? HIGHLIGHT_BEFORE_BRACE : HIGHLIGHT_ALWAYS;
	return keyword->places != 0;
}

static bool same_form(const struct highlight_form *a, const struct highlight_form *b)
{
	if (a->declares != b->declares || a->block != b->block || a->behind != b->behind ||
	    a->word_n != b->word_n)
		return false;
	for (size_t i = 0; i < a->word_n; i++)
		if (a->words[i].keyword != b->words[i].keyword ||
		    a->words[i].behind != b->words[i].behind)
			return false;
	return true;
}

bool highlight_statements(const struct keyword *keyword, const char *separator, struct text *out)
{
	struct highlight_form form, other;
	if (!highlight_form_of(keyword, &form))
		return false;
	for (const struct keyword *k = keyword_list; k < keyword; k++)
		if (highlight_form_of(k, &other) && same_form(&form, &other))
			return false;
	for (const struct keyword *k = keyword; k < keyword_list + keyword_list_n; k++) {
		if (!highlight_form_of(k, &other) || !same_form(&form, &other))
			continue;
		text_add(out, k == keyword ? STR("") : str_from(separator));
		text_add(out, k->word);
	}
	return true;
}
