/* mention_path.c — see mention_path.h. */
#include "compiler/mention_path.h"

#include "common/path.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char *const extensions[] = {
#define EXTENSION(text) text,
#include "compiler/mention_path.def"
#undef EXTENSION
};
static const char *const names[] = {
#define NAME(text) text,
#include "compiler/mention_path.def"
#undef NAME
};
static const char *const folders[] = {
#define FOLDER(text) text,
#include "compiler/mention_path.def"
#undef FOLDER
};
static const char *const not_first[] = {
#define NOT_FIRST(text) text,
#include "compiler/mention_path.def"
#undef NOT_FIRST
};
static const char *const products[] = {
#define PRODUCT(text) text,
#include "compiler/mention_path.def"
#undef PRODUCT
};
static const char *const doubtful[] = {
#define DOUBTFUL(text) text,
#include "compiler/mention_path.def"
#undef DOUBTFUL
};

static int compare_word(const void *key, const void *row)
{
	return str_compare(*(const struct str *)key, str_from(*(const char *const *)row));
}

#define IS_IN(table, word)                                                                  \
	(bsearch(&(struct str){ (word).at, (word).n }, table, sizeof table / sizeof *table, \
		 sizeof *table, compare_word) != NULL)

/* Is it in the table, but for capitals? */
#define IS_IN_SMALL(table, word) is_in_small(table, sizeof table / sizeof *table, word)
static bool is_in_small(const char *const *table, size_t n, struct str word)
{
	char small[32];
	if (word.n > sizeof small)
		return false;
	for (size_t i = 0; i < word.n; i++)
		small[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] | 32)
								  : word.at[i];
	struct str key = { small, word.n };
	return bsearch(&key, table, n, sizeof *table, compare_word) != NULL;
}

enum { APART = 0, PLAIN = 1, SLASH = 2, DOT = 4, ODD = 8, WIDE = 16 };
/* What a byte is in a word. ODD ones are in no path that is looked for. */
#define EIGHT(from, kind)                                                                         \
	[(from)] = (kind), [(from) + 1] = (kind), [(from) + 2] = (kind), [(from) + 3] = (kind),   \
	[(from) + 4] = (kind), [(from) + 5] = (kind), [(from) + 6] = (kind), [(from) + 7] = (kind)
#define LETTERS(a)                                                                          \
	EIGHT(a, PLAIN), EIGHT((a) + 8, PLAIN), EIGHT((a) + 16, PLAIN), [(a) + 24] = PLAIN, \
									       [(a) + 25] = PLAIN
#define WIDE_32(from)                                                         \
	EIGHT(from, WIDE), EIGHT((from) + 8, WIDE), EIGHT((from) + 16, WIDE), \
		EIGHT((from) + 24, WIDE)
static const unsigned char kinds[256] = {
	EIGHT('0', PLAIN), ['8'] = PLAIN, ['9'] = PLAIN, LETTERS('a'),  LETTERS('A'),
	['_'] = PLAIN,     ['-'] = PLAIN, ['+'] = PLAIN, ['['] = PLAIN, [']'] = PLAIN,
	[':'] = PLAIN,     ['#'] = PLAIN, ['/'] = SLASH, ['.'] = DOT,   ['*'] = ODD,
	['{'] = ODD,       ['}'] = ODD,   ['$'] = ODD,   ['%'] = ODD,   ['~'] = ODD,
	['@'] = ODD,       ['&'] = ODD,   ['^'] = ODD,   ['\\'] = ODD,  WIDE_32(0x80),
	WIDE_32(0xA0),     WIDE_32(0xC0), WIDE_32(0xE0),
};

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters of other scripts are part of a word; dashes, arrows, quotes and pictures are not. */
static bool is_wide_letter(struct str text, size_t at, size_t *bytes)
{
	uint32_t c = utf8_decode(str_slice(text, at, text.n), bytes);
	return c != UTF8_INVALID && c > 0xBF && c != 0xD7 && c != 0xF7 &&
	       !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F) &&
	       !(c >= 0xFE00 && c <= 0xFE6F) && !(c >= 0xFF00 && c <= 0xFF20) && c < 0x1F000;
}

/* `’` and `'` between letters belong to the word: don't. */
static size_t apostrophe(struct str text, size_t at, size_t end)
{
	size_t n = text.at[at] == '\'' ? 1 :
		   end - at > 3 && memcmp(text.at + at, "\xE2\x80\x99", 3) == 0 ? 3 : 0;
	return n && at && is_alnum(text.at[at - 1]) && at + n < end && is_alnum(text.at[at + n])
		       ? n
		       : 0;
}

/* `app/(shop)/page.tsx`: parentheses around a whole name. */
static bool is_group(struct str text, size_t at, size_t end)
{
	return (text.at[at] == '(' && at && text.at[at - 1] == '/') ||
	       (text.at[at] == ')' && at + 1 < end && text.at[at + 1] == '/');
}

static size_t word_byte(struct str text, size_t at, size_t end)
{
	unsigned char kind = kinds[(unsigned char)text.at[at]];
	size_t bytes = 0;
	if (kind == WIDE)
		return is_wide_letter(text, at, &bytes) ? bytes : apostrophe(text, at, end);
	if (kind)
		return 1;
	return text.at[at] == '\'' ? apostrophe(text, at, end) : is_group(text, at, end);
}

bool mention_path_word(struct str text, size_t end, size_t *at, size_t *start, size_t *stop)
{
	size_t i = *at, n;
	for (;; i++) {
		while (i < end && !kinds[(unsigned char)text.at[i]])
			i++;
		if (i == end)
			return *at = end, false;
		if (word_byte(text, i, end))
			break;
		while (i + 1 < end && ((unsigned char)text.at[i + 1] & 0xC0) == 0x80)
			i++;
	}
	*start = i;
	while (i < end && (kinds[(unsigned char)text.at[i]] & (PLAIN | SLASH | DOT | ODD)))
		i++;
	while (i < end && (n = word_byte(text, i, end)))
		i += n;
	*stop = *at = i;
	return true;
}

bool mention_path_may_be(struct str word)
{
	unsigned seen = 0;
	for (size_t i = 0; i < word.n; i++)
		seen |= kinds[(unsigned char)word.at[i]];
	if (seen & ODD)
		return false;
	if (seen & (SLASH | DOT))
		return word.n > 2;
	return word.n >= 5 && ((word.at[0] >= 'A' && word.at[0] <= 'Z') || word.at[0] == 'j');
}

enum { HINT_SLASH = 1, HINT_DOT, HINT_NAME };
/* What the byte hints at: names that are well known without a dot begin with capitals or "j". */
static const unsigned char hints[256] = {
	['/'] = HINT_SLASH,    ['.'] = HINT_DOT,      ['j'] = HINT_NAME, EIGHT('A', HINT_NAME),
	EIGHT('I', HINT_NAME), EIGHT('Q', HINT_NAME), ['Y'] = HINT_NAME, ['Z'] = HINT_NAME,
};

static bool begins_name(struct str text, size_t at)
{
	size_t end = at;
	if (at && is_alnum(text.at[at - 1]))
		return false;
	while (end < text.n &&
	       (is_alnum(text.at[end]) || text.at[end] == '-' || text.at[end] == '_'))
		end++;
	struct str word = str_slice(text, at, end);
	return word.n >= 5 && IS_IN(names, word);
}

size_t mention_path_next(struct str text, size_t from)
{
	for (size_t at = from; at < text.n; at++) {
		unsigned hint = hints[(unsigned char)text.at[at]];
		if (!hint)
			continue;
		/* A dot that ends the word is none of a name. */
		if (hint == HINT_SLASH || (hint == HINT_NAME && begins_name(text, at)) ||
		    (hint == HINT_DOT && at + 1 < text.n &&
		     (kinds[(unsigned char)text.at[at + 1]] & (PLAIN | SLASH | WIDE))))
			return at;
	}
	return SIZE_MAX;
}

/* "12", "12-20", "12:4" behind a colon; "L10" behind "#"; "::test" of a test's name. */
static size_t without_place(struct str word)
{
	size_t n = str_find(word, '#');
	n = n == SIZE_MAX ? word.n : n;
	size_t colon = str_find(str_slice(word, 0, n), ':');
	return colon == SIZE_MAX ? n : colon;
}

/* Behind the last dot that is not the first byte; empty when there is none. */
static struct str extension_of(struct str name)
{
	size_t dot = name.n;
	while (dot > 1 && name.at[dot - 1] != '.')
		dot--;
	return dot > 1 ? str_slice(name, dot, name.n) : STR("");
}

static bool is_known_name(struct str name)
{
	size_t dot = name.n > 1 ? str_find(str_slice(name, 1, name.n), '.') : SIZE_MAX;
	return IS_IN(names, name) || (dot != SIZE_MAX && IS_IN(names, str_slice(name, 0, dot + 1)));
}

static bool is_file_name(struct str name, bool alone)
{
	struct str extension = extension_of(name);
	if (is_known_name(name))
		return !alone || !str_is(name, "BUILD");
	if (!extension.n || !IS_IN_SMALL(extensions, extension))
		return false;
	size_t stem = name.n - extension.n - 1;
	if (!alone)
		return true;
	if (IS_IN_SMALL(products, name))
		return false;
	if (stem >= 3 && (str_is(extension, "c") || str_is(extension, "h")))
		return true;
	return !IS_IN(doubtful, extension);
}

/* Of names between slashes: letters and digits, none of them empty, not all of them numbers. */
static bool names_are_good(struct str path)
{
	struct str rest = path, name;
	bool letters = false;
	while (str_split(&rest, '/', &name)) {
		bool any = false;
		for (size_t i = 0; i < name.n; i++) {
			any = any || is_alnum(name.at[i]) || (unsigned char)name.at[i] >= 0x80;
			letters = letters || (any && !(name.at[i] >= '0' && name.at[i] <= '9') &&
					      name.at[i] != '.');
		}
		if (!any && !str_is(name, ".."))
			return false;
	}
	return letters;
}

/* "github.com/x/y", "registry.acme.io/api": the first name is a host's. */
static bool is_host(struct str first)
{
	static const char *const ends[] = { ".com", ".org", ".io", ".net", ".dev",  ".app",
					    ".ai",  ".in",  ".eu", ".de",  ".local" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (first.n > str_from(ends[i]).n && str_ends(first, str_from(ends[i])))
			return true;
	return str_starts(first, STR("localhost"));
}

static enum mention_path_kind kind_of_path(struct str path, bool slash_behind)
{
	size_t slash = str_find(path, '/');
	struct str name = path_last(path),
		   first = str_slice(path, 0, slash == SIZE_MAX ? path.n : slash);
	if (is_host(first) || !names_are_good(path))
		return MENTION_PATH_NONE;
	if (is_file_name(name, false))
		return MENTION_PATH_FILE;
	if (IS_IN(not_first, first))
		return MENTION_PATH_NONE;
	if (extension_of(name).n && name.n - extension_of(name).n > 2 && IS_IN(folders, first))
		return MENTION_PATH_FILE;
	return slash_behind || IS_IN(folders, first) ? MENTION_PATH_FOLDER : MENTION_PATH_NONE;
}

/* A method before it makes it a route: GET users/list. */
static bool is_behind_method(struct str text, size_t start)
{
	static const char *const methods[] = { "GET ",   "PUT ",    "POST ",   "HEAD ",
					       "PATCH ", "DELETE ", "OPTIONS " };
	struct str before = str_slice(text, start > 9 ? start - 9 : 0, start);
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (str_ends(before, str_from(methods[i])))
			return true;
	return false;
}

/* What stands right before and behind: a call, a flag's value, a part of something with holes, an
 * address. */
static bool stands_well(struct str text, size_t start, size_t end)
{
	char before = start ? text.at[start - 1] : 0, behind = end < text.n ? text.at[end] : 0;
	if (behind == '(' || before == '=' || behind == '=' ||
	    (behind == '<' && end + 1 < text.n && text.at[end + 1] != '/'))
		return false;
	if (before == '>' && (text.at[start] == '/' || text.at[start] == '.'))
		return false;
	return !is_behind_method(text, start);
}

struct mention_path mention_path_read(struct str text, size_t start, size_t end)
{
	struct mention_path none = { MENTION_PATH_NONE, start, end };
	struct str word = str_slice(text, start, end);
	if (!mention_path_may_be(word) || !stands_well(text, start, end))
		return none;
	/* "[src/a.c](…" is a link, "[id]/page.tsx" a folder's name. */
	while (word.n && word.at[0] == '[' && str_find_text(word, STR("]/")) == SIZE_MAX)
		word = str_slice(word, 1, word.n), start++;
	if (str_find_text(word, STR("://")) != SIZE_MAX || str_starts(word, STR("www.")))
		return none;
	word.n = without_place(word);
	while (word.n && (word.at[word.n - 1] == '.' ||
			  (word.at[word.n - 1] == ']' && str_find(word, '[') == SIZE_MAX)))
		word.n--;
	while (str_starts(word, STR("./")))
		word = str_slice(word, 2, word.n), start += 2;
	bool behind = word.n && word.at[word.n - 1] == '/';
	word.n -= behind;
	if (word.n < 3 || word.at[0] == '/' || word.at[0] == '-' || word.at[0] == '#' ||
	    str_starts(word, STR("..")))
		return none;
	bool slash = str_find(word, '/') != SIZE_MAX;
	struct mention_path path = { MENTION_PATH_NONE, start, start + word.n };
	if (slash || behind)
		path.kind = kind_of_path(word, behind);
	else if (is_file_name(word, true))
		path.kind = MENTION_PATH_FILE;
	return path;
}
