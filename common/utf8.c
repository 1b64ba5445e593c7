/* utf8.c — see utf8.h. The only user of utf8proc. Plain ASCII, nearly all of a plan, never gets
 * there. */
#include "common/utf8.h"

#include "common/fail.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* How many leading bytes are ASCII; eight at a time. */
static size_t ascii_run(struct str s)
{
	size_t i = 0;
	for (uint64_t word; i + sizeof word <= s.n; i += sizeof word) {
		memcpy(&word, s.at + i, sizeof word);
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < s.n && (unsigned char)s.at[i] < 0x80)
		i++;
	return i;
}

bool utf8_is_ascii(struct str s)
{
	return ascii_run(s) == s.n;
}

uint32_t utf8_decode(struct str s, size_t *bytes)
{
	utf8proc_int32_t character;
	utf8proc_ssize_t n = s.n > 4 ? 4 : (utf8proc_ssize_t)s.n;
	n = utf8proc_iterate((const utf8proc_uint8_t *)s.at, n, &character);
	*bytes = n > 0 ? (size_t)n : 1;
	return n > 0 ? (uint32_t)character : UTF8_INVALID;
}

void utf8_encode(uint32_t character, char bytes[4], size_t *n)
{
	*n = (size_t)utf8proc_encode_char((utf8proc_int32_t)character, (utf8proc_uint8_t *)bytes);
}

bool utf8_is_character(uint32_t character)
{
	return character < 0x110000 && (character < 0xD800 || character > 0xDFFF);
}

size_t utf8_invalid(struct str s)
{
	for (size_t at = 0, bytes;; at += bytes) {
		at += ascii_run(str_slice(s, at, s.n));
		if (at == s.n)
			return SIZE_MAX;
		if (utf8_decode(str_slice(s, at, s.n), &bytes) == UTF8_INVALID)
			return at;
	}
}

/* A text of utf8proc's making, or NULL when the input is not valid. To be freed. */
static utf8proc_uint8_t *map_text(struct str s, utf8proc_option_t options, size_t *n)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)s.at,
					       (utf8proc_ssize_t)s.n, &mapped, options);
	if (length == UTF8PROC_ERROR_NOMEM)
		fail_memory();
	*n = length < 0 ? 0 : (size_t)length;
	return length < 0 ? NULL : mapped;
}

bool utf8_is_nfc(struct str s)
{
	/* Below U+0300 (0xCC 0x80) nothing composes. */
	bool may_compose = false;
	for (size_t i = 0; i < s.n && !may_compose; i++)
		may_compose = (unsigned char)s.at[i] >= 0xCC;
	if (!may_compose)
		return true;
	size_t n;
	utf8proc_uint8_t *composed = map_text(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, &n);
	bool same = !composed || (n == s.n && memcmp(composed, s.at, n) == 0);
	free(composed);
	return same;
}

enum utf8_class utf8_class(uint32_t c)
{
	if (c < 0x20 ? c != '\t' && c != '\n' && c != '\r' : c >= 0x7F && c < 0xA0)
		return UTF8_CONTROL;
	if (c == 0x2028 || c == 0x2029)
		return UTF8_CONTROL;
	if (c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	    (c >= 0x2066 && c <= 0x2069))
		return UTF8_BIDI;
	if (c == 0x00AD || c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x180E ||
	    c == 0x3164 || (c >= 0x200B && c <= 0x200D) || (c >= 0x2060 && c <= 0x2064) ||
	    (c >= 0x206A && c <= 0x206F) || c == 0xFEFF || c == 0xFFA0 ||
	    (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF))
		return UTF8_INVISIBLE;
	return UTF8_PLAIN;
}

struct str utf8_cut(struct str text, size_t most)
{
	size_t n = text.n < most ? text.n : most;
	while (n < text.n && n && ((unsigned char)text.at[n] & 0xC0) == 0x80)
		n--;
	return str_slice(text, 0, n);
}

size_t utf8_grapheme(struct str s, unsigned *width)
{
	enum { EMOJI_STYLE = 0xFE0F, FLAG_FIRST = 0x1F1E6, FLAG_LAST = 0x1F1FF };
	/* Two ASCII characters in a row are two graphemes, but for CR LF. */
	if ((unsigned char)s.at[0] < 0x80 && (s.n == 1 || (unsigned char)s.at[1] < 0x80)) {
		*width = s.at[0] >= 0x20 && s.at[0] < 0x7F;
		return 1;
	}
	size_t at, bytes;
	uint32_t character = utf8_decode(s, &at);
	if (character == UTF8_INVALID) {
		*width = 1;
		return 1;
	}
	int widest = utf8proc_charwidth((utf8proc_int32_t)character);
	unsigned flags = 0;
	utf8proc_int32_t state = 0;
	for (uint32_t next;; character = next, at += bytes) {
		flags += character >= FLAG_FIRST && character <= FLAG_LAST;
		if (at == s.n)
			break;
		next = utf8_decode(str_slice(s, at, s.n), &bytes);
		if (next == UTF8_INVALID ||
		    utf8proc_grapheme_break_stateful((utf8proc_int32_t)character,
						     (utf8proc_int32_t)next, &state))
			break;
		int more = next == EMOJI_STYLE ? 2 : utf8proc_charwidth((utf8proc_int32_t)next);
		if (more > widest)
			widest = more;
	}
	*width = flags == 2 ? 2 : (unsigned)(widest < 0 ? 0 : widest);
	return at;
}

size_t utf8_width(struct str s)
{
	size_t sum = 0;
	for (unsigned width; s.n; sum += width) {
		size_t bytes = utf8_grapheme(s, &width);
		s = str_slice(s, bytes, s.n);
	}
	return sum;
}

static struct str map_into(struct arena *arena, struct str s, utf8proc_option_t options)
{
	size_t n;
	utf8proc_uint8_t *mapped = map_text(s, options, &n);
	struct str copy = arena_copy(arena, mapped ? (struct str){ (const char *)mapped, n } : s);
	free(mapped);
	return copy;
}

struct str utf8_compose(struct arena *arena, struct str s)
{
	return map_into(arena, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

struct str utf8_fold(struct arena *arena, struct str s)
{
	return map_into(arena, s,
			UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
				UTF8PROC_IGNORE);
}
