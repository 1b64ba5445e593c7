/* attributes.c — see attributes.h. Rules are asked from the last to the first, and of each the words
 * from the last to the first: the first that says something of an attribute has said it. */
#include "runtime/attributes.h"

#include "common/path.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_LINE = 2048 }; /* as in git, which ignores longer ones */

static uint32_t name_of(struct attributes *a, struct str name)
{
	const uint32_t *known = map_find(&a->names, name);
	if (known)
		return *known;
	*VEC_ADD(a->arena, &a->macros) = (struct attributes_rule){ 0 };
	map_add(a->arena, &a->names, arena_copy(a->arena, name), (uint32_t)a->macros.n - 1);
	return (uint32_t)a->macros.n - 1;
}

static bool valid_name(struct str name)
{
	if (!name.n || name.at[0] == '-')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return false;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool next_word(struct str *rest, struct str *word)
{
	while (rest->n && is_blank(rest->at[0]))
		*rest = str_slice(*rest, 1, rest->n);
	size_t end = 0;
	while (end < rest->n && !is_blank(rest->at[end]))
		end++;
	*word = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end, rest->n);
	return word->n > 0;
}

/* "-text", "!text", "text" or "text=auto". */
static bool read_word(struct attributes *a, struct str word, struct attributes_said *said)
{
	size_t equals = str_find(word, '=');
	said->value = (struct attributes_value){ ATTRIBUTES_SET, STR("") };
	if (word.at[0] == '-' || word.at[0] == '!') {
		said->value.state = word.at[0] == '-' ? ATTRIBUTES_UNSET : ATTRIBUTES_UNSPECIFIED;
		word = str_slice(word, 1, equals == SIZE_MAX ? word.n : equals);
	} else if (equals != SIZE_MAX) {
		said->value.state = ATTRIBUTES_VALUE;
		said->value.value = arena_copy(a->arena, str_slice(word, equals + 1, word.n));
		word = str_slice(word, 0, equals);
	}
	if (!valid_name(word))
		return false;
	said->name = name_of(a, word);
	return true;
}

static bool read_words(struct attributes *a, struct str rest, struct attributes_rule *rule)
{
	struct str word;
	while (next_word(&rest, &word)) {
		struct attributes_said said;
		if (!read_word(a, word, &said))
			return false;
		*VEC_ADD(a->arena, &rule->said) = said;
	}
	return true;
}

/* An octal number of three digits, or a letter, after a backslash. */
static bool unescape(struct str line, size_t *at, struct text *out)
{
	static const char letters[] = "abfnrtv\\\"", values[] = "\a\b\f\n\r\t\v\\\"";
	char c = line.at[*at];
	const char *letter = c ? strchr(letters, c) : NULL;
	if (letter) {
		text_add_byte(out, values[letter - letters]);
		++*at;
		return true;
	}
	unsigned value = 0;
	for (int i = 0; i < 3; i++, ++*at) {
		if (*at >= line.n || line.at[*at] < '0' || line.at[*at] > '7')
			return false;
		value = value * 8 + (unsigned)(line.at[*at] - '0');
	}
	text_add_byte(out, (char)value);
	return value < 256;
}

/* A pattern in quotes; *line is what follows it. */
static bool read_quoted(struct attributes *a, struct str *line, struct str *pattern)
{
	struct text out = { 0 };
	size_t at = 1;
	bool good = true;
	while (good && at < line->n && line->at[at] != '"') {
		if (line->at[at] != '\\')
			text_add_byte(&out, line->at[at++]);
		else
			good = ++at < line->n && unescape(*line, &at, &out);
	}
	good = good && at < line->n;
	if (good) {
		*pattern = arena_copy(a->arena, text_str(&out));
		*line = str_slice(*line, at + 1, line->n);
	}
	text_release(&out);
	return good;
}

static void add_line(struct attributes *a, struct str folder, struct str line, bool macros)
{
	static const struct str macro = { "[attr]", 6 };
	struct attributes_rule rule = { .folder = folder };
	while (line.n && is_blank(line.at[0]))
		line = str_slice(line, 1, line.n);
	if (!line.n || line.at[0] == '#' || line.n >= LONGEST_LINE)
		return;
	if (line.at[0] != '"' || !read_quoted(a, &line, &rule.pattern)) {
		next_word(&line, &rule.pattern);
		rule.pattern = arena_copy(a->arena, rule.pattern);
	}
	if (str_starts(rule.pattern, macro) && rule.pattern.n > macro.n) {
		struct str name = str_slice(rule.pattern, macro.n, rule.pattern.n);
		if (macros && valid_name(name) && read_words(a, line, &rule)) {
			uint32_t index = name_of(a, name);
			a->macros.at[index] = rule;
		}
		return;
	}
	/* One for folders only says nothing of files, and none may be negated. */
	if (!rule.pattern.n || rule.pattern.at[0] == '!' ||
	    rule.pattern.at[rule.pattern.n - 1] == '/' || !read_words(a, line, &rule))
		return;
	rule.name_only = str_find(rule.pattern, '/') == SIZE_MAX;
	if (rule.pattern.at[0] == '/')
		rule.pattern = str_slice(rule.pattern, 1, rule.pattern.n);
	rule.order = (uint32_t)a->rules.n;
	*VEC_ADD(a->arena, &a->rules) = rule;
}

void attributes_begin(struct attributes *a, struct arena *arena)
{
	*a = (struct attributes){ .arena = arena };
	add_line(a, STR(""), STR("[attr]binary -diff -merge -text"), true);
}

void attributes_add(struct attributes *a, struct str folder, struct str text, bool macros)
{
	struct str line;
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_slice(text, 3, text.n);
	folder = arena_copy(a->arena, folder);
	while (text.n && str_split(&text, '\n', &line))
		add_line(a, folder, line, macros);
}

static bool applies(const struct attributes_rule *rule, struct str path)
{
	if (!path_is_within(path, rule->folder) || path.n == rule->folder.n)
		return false;
	if (rule->name_only)
		return attributes_match(rule->pattern, path_last(path));
	size_t below = rule->folder.n ? rule->folder.n + 1 : 0;
	return attributes_match(rule->pattern, str_slice(path, below, path.n));
}

static void take(const struct attributes *a, const struct attributes_rule *rule,
		 struct attributes_value *said)
{
	for (size_t i = rule->said.n; i-- > 0;) {
		const struct attributes_said *one = &rule->said.at[i];
		if (said[one->name].state != ATTRIBUTES_UNKNOWN)
			continue;
		said[one->name] = one->value;
		if (one->value.state == ATTRIBUTES_SET)
			take(a, &a->macros.at[one->name], said);
	}
}

void attributes_ask(const struct attributes *a, struct str path, const struct str *names, size_t n,
		    struct attributes_value *values)
{
	struct arena scratch = { 0 };
	struct attributes_value few[32] = { { 0 } },
				*said = a->macros.n <= 32 ? few
							  : ARENA_MANY(&scratch, a->macros.n,
								       struct attributes_value);
	for (size_t i = a->rules.n; i-- > 0;)
		if (applies(&a->rules.at[i], path))
			take(a, &a->rules.at[i], said);
	for (size_t i = 0; i < n; i++) {
		const uint32_t *index = map_find(&a->names, names[i]);
		values[i] = index ? said[*index] : (struct attributes_value){ 0 };
	}
	arena_release(&scratch);
}
