/* period.c — see period.h. What was written is kept as far as it can be: `90 min` is `90m`, not
 * `1h30m`. */
#include "grammar/period.h"

#include "common/text.h"

#include <string.h>

enum { MOST = 100000000 }; /* of a number; eval.c says what is too long */

struct reading {
	struct str text;
	size_t at;
	struct text written; /* number and letter, one after the other */
	uint64_t milliseconds;
	bool exact; /* `written` says it: no fractions, no weeks */
	bool sure;
};

struct unit {
	const char *words; /* between blanks */
	char letter;       /* 0: there is none here */
	uint32_t seconds;
};

static const struct unit units[] = {
	{ " s sec secs second seconds ", 's', 1 }, { " m min mins minute minutes ", 'm', 60 },
	{ " h hr hrs hour hours ", 'h', 3600 },    { " d day days ", 'd', 86400 },
	{ " w wk wks week weeks ", 0, 604800 },
};

static char at(const struct reading *r, size_t i)
{
	return i < r->text.n ? r->text.at[i] : 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static size_t skip_blank(const struct reading *r, size_t i)
{
	while (at(r, i) == ' ' || at(r, i) == '\t')
		i++;
	return i;
}

/* In thousandths. */
static bool read_number(const struct reading *r, size_t *end, uint64_t *value, bool *whole)
{
	static const struct {
		const char *sign;
		uint64_t thousandths;
	} fractions[] = { { "\xc2\xbc", 250 }, { "\xc2\xbd", 500 }, { "\xc2\xbe", 750 } };
	size_t i = *end;
	uint64_t n = 0, scale = 1000;
	for (; is_digit(at(r, i)); i++)
		if ((n = n * 10 + (uint64_t)(at(r, i) - '0')) > MOST)
			return false;
	bool digits = i > *end;
	n *= 1000;
	*whole = true;
	if (digits && (at(r, i) == '.' || at(r, i) == ',') && is_digit(at(r, i + 1))) {
		*whole = false;
		for (i++; is_digit(at(r, i)); i++)
			n += (uint64_t)(at(r, i) - '0') * (scale /= 10);
	}
	for (size_t k = 0; k < sizeof fractions / sizeof fractions[0] && *whole; k++)
		if (str_starts(str_slice(r->text, i, r->text.n), str_from(fractions[k].sign))) {
			n += fractions[k].thousandths;
			i += 2;
			digits = true;
			*whole = false;
		}
	*end = i;
	*value = n;
	return digits;
}

static const struct unit *read_unit(const struct reading *r, size_t *end)
{
	char word[12] = " ";
	size_t n = 1, i = *end;
	while (is_letter(at(r, i)) && n < sizeof word - 2)
		word[n++] = lower(at(r, i++));
	word[n++] = ' ';
	word[n] = 0;
	if (n == 2 || is_letter(at(r, i)))
		return NULL;
	for (size_t k = 0; k < sizeof units / sizeof units[0]; k++)
		if (strstr(units[k].words, word)) {
			*end = i;
			return &units[k];
		}
	return NULL;
}

static void add(struct reading *r, uint64_t thousandths, bool whole, const struct unit *unit)
{
	r->milliseconds += thousandths * unit->seconds;
	r->exact = r->exact && whole && unit->letter;
	if (r->exact)
		text_addf(&r->written, "%llu%c", (unsigned long long)(thousandths / 1000),
			  unit->letter);
}

/* A number and its unit, which must be a smaller one than `above`. */
static const struct unit *read_part(struct reading *r, size_t from, const struct unit *above)
{
	uint64_t thousandths;
	bool whole;
	size_t i = from;
	if (!read_number(r, &i, &thousandths, &whole))
		return NULL;
	size_t behind = skip_blank(r, i);
	if (at(r, behind) == '-' && is_letter(at(r, behind + 1)))
		behind++;
	const struct unit *unit = read_unit(r, &behind);
	if (unit && above && unit >= above)
		return NULL;
	if (unit) {
		/* `30M` may be a size, and a month. */
		r->sure = r->sure && !strchr("MSDW", at(r, behind - 1)) && unit->letter;
	} else if (above && above->letter == 'h' && whole && thousandths < 60000 &&
		   !is_letter(at(r, i)) && at(r, i) != '.') {
		unit = &units[1]; /* `1h30` */
		behind = i;
	} else {
		return NULL;
	}
	add(r, thousandths, whole, unit);
	r->at = behind;
	return unit;
}

/* Between two parts: nothing, blanks, `and` or a comma. */
static size_t skip_joint(const struct reading *r, size_t i)
{
	i = skip_blank(r, i);
	if (str_starts(str_slice(r->text, i, r->text.n), STR("and ")))
		i += 3;
	else if (at(r, i) == ',')
		i++;
	return skip_blank(r, i);
}

bool period_read(struct arena *arena, struct str text, struct period *period)
{
	struct reading r = { .text = text, .exact = true, .sure = true };
	const struct unit *unit = read_part(&r, 0, NULL);
	bool good = unit != NULL;
	while (unit)
		unit = read_part(&r, skip_joint(&r, r.at), unit);
	good = good && r.milliseconds && r.milliseconds % 1000 == 0;
	if (good && !r.exact) {
		text_release(&r.written);
		text_add_duration(&r.written, r.milliseconds / 1000);
	}
	if (good)
		*period = (struct period){ r.at, r.sure, arena_copy(arena, text_str(&r.written)) };
	text_release(&r.written);
	return good;
}
