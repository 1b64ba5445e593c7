/* quoted.c — see quoted.h. */
#include "grammar/quoted.h"

#include "common/arena.h"
#include "common/text.h"
#include "common/utf8.h"

#include <string.h>

enum {
	FURTHEST =
		8000 /* bytes: a line of nothing but quotes must not be searched through for each */
};

/* What opens, and the one or two that close it. */
static const struct pair {
	uint32_t open, close, other;
} pairs[] = {
	{ '\'', '\'', 0 },          { '`', '`', 0 },
	{ 0x2018, 0x2019, 0 },      { 0x2019, 0x2019, 0 },
	{ 0x201A, 0x2018, 0x2019 }, { 0x201B, 0x2019, 0 },
	{ 0x201C, 0x201D, 0 },      { 0x201D, 0x201D, 0 },
	{ 0x201E, 0x201C, 0x201D }, { 0x201F, 0x201D, 0 },
	{ 0x2039, 0x203A, 0 },      { 0x203A, 0x2039, 0 },
	{ 0xAB, 0xBB, 0 },          { 0xBB, 0xAB, 0 },
	{ 0x300A, 0x300B, 0 },      { 0x300C, 0x300D, 0 },
	{ 0x300E, 0x300F, 0 },      { 0xFF02, 0xFF02, 0 },
};
enum { PAIRS = sizeof pairs / sizeof pairs[0] };

bool quoted_by(uint32_t c)
{
	return (c >= 0x2018 && c <= 0x201F) || c == 0x2039 || c == 0x203A || c == 0xAB ||
	       c == 0xBB || (c >= 0x300A && c <= 0x300F) || c == 0xFF02;
}

static const struct pair *find_pair(uint32_t open)
{
	static const struct pair like_itself = { 0, 0, 0 };
	for (size_t i = 0; i < PAIRS; i++)
		if (pairs[i].open == open)
			return &pairs[i];
	return &like_itself;
}

static bool closes(const struct pair *pair, uint32_t c)
{
	return c && (c == pair->close || c == pair->other);
}

static bool opens(const struct pair *pair, uint32_t c)
{
	return c == pair->open && !closes(pair, c);
}

bool quoted_closes(uint32_t open, uint32_t close)
{
	return open == '"' ? close == '"' : closes(find_pair(open), close);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c >= 0x80;
}

static bool is_quote(struct str text)
{
	size_t bytes;
	uint32_t c = utf8_decode(text, &bytes);
	return c == '"' || c == '\'' || c == '`' || quoted_by(c);
}

/* Could an argument end before this? */
static bool may_end(struct str behind)
{
	static const char *const words[] = { "in ", "as ", "from ", "section " };
	size_t blank = 0;
	while (blank < behind.n && is_blank(behind.at[blank]))
		blank++;
	behind = str_slice(behind, blank, behind.n);
	if (!behind.n || strchr(",])}{#;", behind.at[0]) || (blank && is_quote(behind)))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (blank && str_starts(behind, str_from(words[i])))
			return true;
	return false;
}

static bool may_be_apostrophe(const struct pair *pair)
{
	return pair->close < 0x80 || pair->close == 0x2019;
}

/* An apostrophe, as far as its neighbours tell: it closes nothing. */
static bool is_between(const struct pair *pair, struct str rest, size_t at, size_t bytes)
{
	return may_be_apostrophe(pair) && at + bytes < rest.n &&
	       is_letter((unsigned char)rest.at[at - 1]) &&
	       is_letter((unsigned char)rest.at[at + bytes]);
}

/* Do the quotes of this kind pair up in what follows, less its comment? */
static bool pairs_up(const struct pair *pair, struct str behind)
{
	long open = 0;
	size_t n = 0;
	for (size_t at = 0, bytes; at < behind.n; at += bytes) {
		uint32_t c = utf8_decode(str_slice(behind, at, behind.n), &bytes);
		if (c == '#' && at && is_blank(behind.at[at - 1]))
			break;
		bool apostrophe = at && is_between(pair, behind, at, bytes);
		open += opens(pair, c);
		open -= closes(pair, c) && !apostrophe;
		n += closes(pair, c) && !apostrophe;
	}
	return pair->open == pair->close ? n % 2 == 0 : !open;
}

/* The quote that closes the first one, those inside being counted; else the first that may close;
 * 0 when there is none. Its end. */
static size_t find_matching(const struct pair *pair, struct str rest, size_t begin)
{
	size_t depth = 1, first = 0;
	for (size_t at = begin, bytes; at < rest.n; at += bytes) {
		uint32_t c = utf8_decode(str_slice(rest, at, rest.n), &bytes);
		depth += opens(pair, c);
		if (!closes(pair, c) || is_between(pair, rest, at, bytes))
			continue;
		if (--depth == 0)
			return at + bytes;
		first = first ? first : at + bytes;
	}
	return first;
}

/* The last quote behind which an argument may end, or the last at all. */
static size_t find_last(const struct pair *pair, struct str rest, size_t begin)
{
	size_t last = 0, ending = 0;
	for (size_t at = begin, bytes; at < rest.n; at += bytes) {
		uint32_t c = utf8_decode(str_slice(rest, at, rest.n), &bytes);
		if (!closes(pair, c) || is_between(pair, rest, at, bytes))
			continue;
		last = at + bytes;
		if (may_end(str_slice(rest, last, rest.n)))
			ending = last;
	}
	return ending ? ending : last;
}

/* How many quotes of the kind stand inside, and are they all apostrophes? */
static size_t count_inside(const struct pair *pair, struct str rest, size_t begin, size_t end,
			   bool *apostrophes)
{
	size_t inside = 0, between = 0;
	for (size_t at = begin, bytes; at < end; at += bytes) {
		uint32_t c = utf8_decode(str_slice(rest, at, rest.n), &bytes);
		if ((!closes(pair, c) && !opens(pair, c)) || at + bytes == end)
			continue;
		inside++;
		between += is_between(pair, rest, at, bytes);
	}
	*apostrophes = inside == between;
	return inside;
}

/* Opened in one way and closed in another: by whatever quote an argument may end behind. */
static bool find_other(struct str rest, size_t begin, struct quoted *found)
{
	for (size_t at = begin, bytes; at < rest.n; at += bytes) {
		utf8_decode(str_slice(rest, at, rest.n), &bytes);
		struct str behind = str_slice(rest, at + bytes, rest.n);
		if (!is_quote(str_slice(rest, at, rest.n)) || !may_end(behind))
			continue;
		*found = (struct quoted){ .end = at + bytes };
		return true;
	}
	return false;
}

bool quoted_find(struct str rest, struct quoted *found)
{
	size_t begin;
	rest = str_slice(rest, 0, rest.n < FURTHEST ? rest.n : FURTHEST);
	uint32_t open = utf8_decode(rest, &begin);
	const struct pair *pair = find_pair(open);
	size_t end = find_matching(pair, rest, begin);
	*found = (struct quoted){ .end = end };
	if (!end)
		return open >= 0x80 && find_other(rest, begin, found);
	struct str behind = str_slice(rest, end, rest.n);
	bool sure = may_end(behind) && !(may_be_apostrophe(pair) && !pairs_up(pair, behind));
	if (!sure)
		found->end = find_last(pair, rest, begin);
	size_t inside = count_inside(pair, rest, begin, found->end, &found->apostrophes);
	found->doubtful = !sure || (inside && may_be_apostrophe(pair));
	return true;
}

struct str quoted_rewrite(struct arena *arena, struct str quoted)
{
	size_t begin, end = quoted.n - 1;
	utf8_decode(quoted, &begin);
	while (end > begin && ((unsigned char)quoted.at[end] & 0xC0) == 0x80)
		end--;
	struct text text = { 0 };
	text_add_byte(&text, '"');
	for (size_t at = begin; at < end; at++) {
		char c = quoted.at[at], next = at + 1 < end ? quoted.at[at + 1] : 0;
		bool escape = c == '\\' && next && strchr("\"\\ntu", next);
		if (c == '"' || (c == '\\' && !escape))
			text_add_byte(&text, '\\');
		text_add_byte(&text, c);
		if (escape)
			text_add_byte(&text, quoted.at[++at]);
	}
	text_add_byte(&text, '"');
	struct str rewritten = arena_copy(arena, text_str(&text));
	text_release(&text);
	return rewritten;
}
