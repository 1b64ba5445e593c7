/* mojibake.c — see mojibake.h.
 *
 * A *row* is a few characters that, taken as bytes of a codec, are one character of UTF-8. Rows are
 * what good text hardly has, but for two that it does have: a letter and closing punctuation (in
 * capitals, "MANHÃ…"; in French, "é »"), and signs side by side in formulas. So rows are *strong*
 * or *weak*, by what they are made of and by what stands beside them. Without a strong one a text
 * is good. With one, all rows are taken when every character outside of ASCII is in a row, as it is
 * where the whole text was damaged; else the strong ones and their neighbours only. */
#include "common/mojibake.h"

#include "common/text.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { TIMES_MOST = 4 };

/* What a byte from 0x80 on is; from 0xA0 on, Windows-1252 is Latin-1. */
static const uint16_t windows[32] = {
	0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
	0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};
static const uint16_t mac[128] = {
	0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1,
	0x00E0, 0x00E2, 0x00E4, 0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8,
	0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
	0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC,
	0x2020, 0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF,
	0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
	0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211,
	0x220F, 0x03C0, 0x222B, 0x00AA, 0x00BA, 0x03A9, 0x00E6, 0x00F8,
	0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
	0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153,
	0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA,
	0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
	0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1,
	0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC, 0x00D3, 0x00D4,
	0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
	0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

/* The byte that the character stands for, or 0. */
static unsigned byte_of(enum mojibake_codec codec, uint32_t c)
{
	if (codec == MOJIBAKE_WESTERN) {
		if (c >= 0x80 && c <= 0xFF)
			return c;
		for (unsigned i = 0; i < 32; i++)
			if (windows[i] == c)
				return 0x80 + i;
		return 0;
	}
	for (unsigned i = 0; i < 128; i++)
		if (mac[i] == c)
			return 0x80 + i;
	return 0;
}

struct row {
	size_t start, end;	/* bytes in the text */
	uint32_t character;	/* what it was */
	bool strong, touches;	/* touches: the row before it ends where this one begins */
};
struct rows {
	VEC(struct row) list;
	size_t strong;
	bool all;		/* no character outside of ASCII is in none of them */
};
struct reading {
	struct str text;
	enum mojibake_codec codec;
	/* of the row that is looked at */
	uint32_t part[4];	/* its characters */
	unsigned part_n;
	uint32_t before, behind;	/* characters beside it; 0 at the ends */
};

/* Scripts and signs that plans are written in. Two-byte rows of good text mostly stand for what is
 * none of these. */
static bool is_likely(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00A0, 0x017F },   { 0x0192, 0x0192 },   { 0x01A0, 0x01B0 },
		{ 0x01CD, 0x01DC },   { 0x0218, 0x021B },   { 0x02BB, 0x02BC },
		{ 0x02C6, 0x02DD },   { 0x0300, 0x036F },   { 0x0384, 0x045F },
		{ 0x0490, 0x04FF },   { 0x0531, 0x0587 },   { 0x05B0, 0x05F4 },
		{ 0x060C, 0x06F9 },   { 0x0900, 0x0DFF },   { 0x0E01, 0x0E5B },
		{ 0x10A0, 0x11FF },   { 0x1E00, 0x1FFF },   { 0x2000, 0x2BFF },
		{ 0x3000, 0x9FFF },   { 0xAC00, 0xD7A3 },   { 0xF8FF, 0xF8FF },
		{ 0xFB00, 0xFB06 },   { 0xFE00, 0xFE0F },   { 0xFE30, 0xFE4F },
		{ 0xFEFF, 0xFFEE },   { 0xFFFD, 0xFFFD },   { 0x1F000, 0x1FAFF },
		{ 0x20000, 0x2FA1F }, { 0xE0020, 0xE007F },
	};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

static bool is_in(uint32_t c, const char *characters)
{
	size_t bytes;
	for (struct str rest = str_from(characters); rest.n; rest = str_slice(rest, bytes, rest.n))
		if (utf8_decode(rest, &bytes) == c)
			return true;
	return false;
}

/* What may follow a letter in good text: what closes, joins, marks; and letters. */
static bool is_natural(uint32_t c)
{
	return c == 0xA0 || c == 0xAD || is_in(c, "«»“”‘’‹›–—…•·™®©°ºª¹²³´ŠŽšžŒœŸƒ");
}

static bool is_small(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
}

static bool is_letter(uint32_t c)
{
	return is_small(c) || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}

static bool all_natural(const struct reading *r)
{
	for (unsigned i = 1; i < r->part_n; i++)
		if (!is_natural(r->part[i]))
			return false;
	return true;
}

/* Of two: a capital with an accent, or ß, and a sign. */
static bool is_strong_western(const struct reading *r)
{
	if (r->part_n > 2)
		return !all_natural(r) || r->part_n == 4;
	if (!all_natural(r))
		return !is_letter(r->part[1]);
	bool small_before = is_small(r->before) || (r->before >= '0' && r->before <= '9');
	bool sign = is_in(r->part[1], "©®™°²³¹ªº´·") || r->part[1] == 0xAD;
	if (small_before && r->part[0] != 0xDF)
		return true;
	return sign && (is_small(r->behind) || !is_letter(r->before)) &&
	       (r->part[0] == 0xC2 || r->part[0] == 0xC3);
}

/* Of two: a sign and a letter with an accent, or two signs. Quotes and dashes stand before letters
 * in good text, and ¬, √, ≈ and ∆ before Greek ones and numbers. */
static bool is_strong_mac(const struct reading *r)
{
	uint32_t lead = r->part[0], next = r->part[1];
	if (r->part_n == 4)
		return true;
	if (r->part_n == 3)
		return lead == 0x201A || (lead == 0xB7 && is_in(next, "∫ª")) ||
		       (lead == 0x201E && is_in(next, "ÄÅÇÉ") && !is_letter(r->part[2])) ||
		       (lead == 0xD4 && is_in(next, "ª∏ºΩ"));
	if (lead == 0xAC)
		return is_in(next, "†°¢£§•ß®©™´¨ÆØªº∞±") || is_letter(r->before);
	if (lead == 0x221A)
		return !is_in(next, "πΩµ∑∏∫∂∞±≤≥≠") ||
		       (is_in(next, "∂±≥∫∏∑≠") && (is_letter(r->before) || is_letter(r->behind)));
	if (lead == 0x192 || lead == 0x2248)
		return !is_in(next, "£¥¢§±∞π°") && is_letter(r->before);
	if (lead == 0x152 || lead == 0x153)
		return !is_natural(next) && !is_letter(next);
	if (lead == 0xCC || lead == 0xC3)
		return is_small(r->before) && !is_small(next) && is_letter(next);
	return false;
}

/* The row that begins at `at`; false when none does. */
static bool read_row(struct reading *r, size_t at, struct row *row)
{
	char bytes[4];
	unsigned need = 0;
	*row = (struct row){ .start = at };
	r->part_n = 0;
	while (at < r->text.n && (unsigned char)r->text.at[at] >= 0x80) {
		size_t n;
		uint32_t c = utf8_decode(str_slice(r->text, at, r->text.n), &n);
		unsigned byte = byte_of(r->codec, c);
		if (!r->part_n)
			need = byte >= 0xC2 && byte < 0xE0   ? 2
			       : byte >= 0xE0 && byte < 0xF0 ? 3
			       : byte >= 0xF0 && byte < 0xF5 ? 4
							     : 0;
		if (!need || (r->part_n && (byte < 0x80 || byte > 0xBF)))
			return false;
		r->part[r->part_n] = c;
		bytes[r->part_n++] = (char)byte;
		at += n;
		if (r->part_n == need)
			break;
	}
	size_t n;
	if (!need || r->part_n < need)
		return false;
	row->end = at;
	row->character = utf8_decode((struct str){ bytes, need }, &n);
	if (row->character == UTF8_INVALID || n != need)
		return false;
	r->behind = at < r->text.n ? utf8_decode(str_slice(r->text, at, r->text.n), &n) : 0;
	return true;
}

/* Three neighbours that are letters of one script are no chance: "–ü—Ä–∏". */
static void strengthen(struct rows *rows)
{
	for (size_t i = 2; i < rows->list.n; i++) {
		struct row *row = &rows->list.at[i];
		uint32_t script = row->character >> 8;
		if (row->touches && row[-1].touches && row->character >= 0x370 &&
		    row[-1].character >> 8 == script && row[-2].character >> 8 == script)
			row->strong = row[-1].strong = row[-2].strong = true;
		/* Chinese, Japanese, Korean: of three characters each, so two will do. */
	}
	for (size_t i = 1; i < rows->list.n; i++) {
		struct row *row = &rows->list.at[i];
		if (row->touches && row->character >= 0x900 && row[-1].character >= 0x900)
			row->strong = row[-1].strong = true;
	}
	for (size_t i = 0; i < rows->list.n; i++)
		rows->strong += rows->list.at[i].strong;
}

static struct rows find_rows(struct arena *arena, struct str text, enum mojibake_codec codec)
{
	struct rows rows = { .all = true };
	struct reading r = { .text = text, .codec = codec };
	size_t last_end = SIZE_MAX;
	for (size_t at = 0; at < text.n;) {
		if ((unsigned char)text.at[at] < 0x80) {
			r.before = (unsigned char)text.at[at++];
			continue;
		}
		struct row row;
		size_t bytes;
		if (!read_row(&r, at, &row)) {
			r.before = utf8_decode(str_slice(text, at, text.n), &bytes);
			at += bytes;
			rows.all = false;
			continue;
		}
		row.touches = last_end == at;
		row.strong = is_likely(row.character) &&
			     (codec == MOJIBAKE_WESTERN ? is_strong_western(&r)
							: is_strong_mac(&r));
		*VEC_ADD(arena, &rows.list) = row;
		r.before = row.character;
		last_end = at = row.end;
	}
	strengthen(&rows);
	return rows;
}

/* Where not everything is damaged: weak rows count when they touch one that counts. */
static void keep_some(struct rows *rows)
{
	size_t kept = 0;
	for (size_t i = 1; i < rows->list.n; i++)
		if (rows->list.at[i].touches && rows->list.at[i - 1].strong)
			rows->list.at[i].strong = true;
	for (size_t i = rows->list.n; i-- > 1;)
		if (rows->list.at[i].touches && rows->list.at[i].strong)
			rows->list.at[i - 1].strong = true;
	for (size_t i = 0; i < rows->list.n; i++)
		if (rows->list.at[i].strong)
			rows->list.at[kept++] = rows->list.at[i];
	rows->list.n = kept;
}

static struct str undo(struct arena *arena, struct str text, const struct rows *rows)
{
	char *out = arena_take(arena, text.n + 1);
	size_t n = 0, at = 0, bytes;
	for (size_t i = 0; i < rows->list.n; i++) {
		const struct row *row = &rows->list.at[i];
		memcpy(out + n, text.at + at, row->start - at);
		n += row->start - at;
		utf8_encode(row->character, out + n, &bytes);
		n += bytes;
		at = row->end;
	}
	memcpy(out + n, text.at + at, text.n - at);
	return (struct str){ out, n + text.n - at };
}

/* The end of the characters outside of ASCII that begin at `at`. */
static size_t end_of_run(struct str text, size_t at)
{
	while (at < text.n && (unsigned char)text.at[at] >= 0x80)
		at++;
	return at;
}

static size_t count_characters(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.at[i] & 0xC0) != 0x80;
	return n;
}

/* ASCII is never damaged, so that it tells what became of what stands between it. */
static void compare(struct arena *arena, struct str text, struct str good, struct mojibake *found)
{
	size_t at = 0, to = 0;
	while (at < text.n) {
		if ((unsigned char)text.at[at] < 0x80) {
			at++;
			to++;
			continue;
		}
		size_t end = end_of_run(text, at), good_end = end_of_run(good, to);
		struct str was = str_slice(text, at, end), is = str_slice(good, to, good_end);
		if (!str_equal(was, is)) {
			*VEC_ADD(arena, &found->edits) = (struct mojibake_edit){ at, end, is };
			found->n += count_characters(is);
		}
		at = end;
		to = good_end;
	}
}

struct mojibake mojibake_find(struct arena *arena, struct str text)
{
	struct mojibake found = { 0 };
	if (utf8_is_ascii(text))
		return found;
	struct str good = text;
	for (; found.times < TIMES_MOST; found.times++) {
		struct arena scratch = { 0 };
		struct rows western = find_rows(&scratch, good, MOJIBAKE_WESTERN);
		struct rows roman = find_rows(&scratch, good, MOJIBAKE_MAC);
		struct rows *rows = western.strong > roman.strong ||
						    (western.strong == roman.strong && western.all)
					    ? &western
					    : &roman;
		bool any = rows->strong > 0;
		if (any) {
			found.whole = (!found.times || found.whole) && rows->all;
			found.codec = found.times        ? found.codec
				      : rows == &western ? MOJIBAKE_WESTERN
							 : MOJIBAKE_MAC;
			if (!rows->all)
				keep_some(rows);
			good = undo(arena, good, rows);
		}
		arena_release(&scratch);
		if (!any)
			break;
	}
	if (found.times)
		compare(arena, text, good, &found);
	return found;
}

struct str mojibake_repair(struct arena *arena, struct str text, const struct mojibake *found)
{
	struct text out = { 0 };
	size_t at = 0;
	for (size_t i = 0; i < found->edits.n; i++) {
		text_add(&out, str_slice(text, at, found->edits.at[i].start));
		text_add(&out, found->edits.at[i].text);
		at = found->edits.at[i].end;
	}
	text_add(&out, str_slice(text, at, text.n));
	struct str good = arena_copy(arena, text_str(&out));
	text_release(&out);
	return good;
}
