/* encoding.c — see encoding.h. */
#include "grammar/encoding.h"

#include "common/utf8.h"

bool encoding_is_wide(struct str text)
{
	if (str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff")))
		return true;
	return text.n >= 4 && ((!text.at[1] && !text.at[3] && text.at[0]) ||
			       (!text.at[0] && !text.at[2] && text.at[1]));
}

bool encoding_is_binary(struct str text)
{
	size_t zeros = 0;
	for (size_t i = 0; i < text.n; i++)
		zeros += !text.at[i];
	return zeros && !encoding_is_wide(text) &&
	       (utf8_invalid(text) != SIZE_MAX || zeros > text.n / 50 + 3);
}

static bool say(struct diags *diags, uint32_t source, size_t at, const char *message,
		const char *encoding)
{
	struct span span = { source, (uint32_t)at, (uint32_t)at + 1 };
	struct diag *diag = diag_add(diags, DIAG_ENCODING, span, "%s", message);
	diag_help(diags, diag, "save the file as UTF-8; or `iconv -f %s -t UTF-8 OLD >NEW`",
		  encoding);
	return false;
}

/* The byte is shown as the character that it most likely is: of the two encodings, only the second
 * has 0x80 to 0x9f. */
static bool say_byte(struct diags *diags, uint32_t source, struct str text, size_t at)
{
	static const uint16_t windows[32] = {
		0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
		0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0,      0x17D,  0,
		0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178,
	};
	unsigned byte = (unsigned char)text.at[at];
	uint32_t character = byte < 0xA0 ? windows[byte & 31] : byte;
	char bytes[4];
	size_t n = 0;
	if (character)
		utf8_encode(character, bytes, &n);
	struct str message =
		character ? arena_format(diags->arena,
					 "byte %zu, 0x%02x, is not valid UTF-8; in %s it is `%.*s`",
					 at, byte, byte < 0xA0 ? "Windows-1252" : "Latin-1", (int)n,
					 bytes)
			  : arena_format(diags->arena, "byte %zu, 0x%02x, is not valid UTF-8", at,
					 byte);
	return say(diags, source, at, message.at, byte < 0xA0 ? "WINDOWS-1252" : "ISO-8859-1");
}

bool encoding_check(struct diags *diags, uint32_t source, struct str text)
{
	size_t invalid = utf8_invalid(text);
	if (encoding_is_wide(text))
		return say(diags, source, 0, "the file is UTF-16, and a plan is UTF-8", "UTF-16");
	return invalid == SIZE_MAX || say_byte(diags, source, text, invalid);
}
