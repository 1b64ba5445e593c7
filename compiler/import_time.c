/* import_time.c — see import_time.h. */
#include "compiler/import_time.h"

#include "compiler/import_word.h"

#include <string.h>

struct number {
	uint64_t thousandths;
	size_t end;
};

/* "1", "1.5", "0,25". */
static bool read_number(struct str text, size_t at, struct number *number)
{
	uint64_t whole = 0, scale = 1000;
	size_t i = at;
	if (i >= text.n || !import_word_digit(text.at[i]))
		return false;
	for (; i < text.n && import_word_digit(text.at[i]); i++)
		if ((whole = whole * 10 + (uint64_t)(text.at[i] - '0')) > 100000000)
			return false;
	whole *= 1000;
	if (i + 1 < text.n && (text.at[i] == '.' || text.at[i] == ',') &&
	    import_word_digit(text.at[i + 1]))
		for (i++; i < text.n && import_word_digit(text.at[i]); i++)
			whole += (uint64_t)(text.at[i] - '0') * (scale /= 10);
	*number = (struct number){ whole, i };
	return true;
}

static uint64_t read_unit(struct str text, size_t at, size_t *end)
{
	static const struct {
		const char *word;
		uint64_t seconds;
	} units[] = {
		{ "m", 60 },        { "min", 60 },       { "mins", 60 },          { "minute", 60 },
		{ "minutes", 60 },  { "minuten", 60 },   { "h", 3600 },           { "hr", 3600 },
		{ "hrs", 3600 },    { "hour", 3600 },    { "hours", 3600 },       { "std", 3600 },
		{ "stunde", 3600 }, { "stunden", 3600 }, { "agent-hours", 3600 }, { "d", 28800 },
		{ "day", 28800 },   { "days", 28800 },   { "tag", 28800 },        { "tage", 28800 },
		{ "s", 1 },         { "sec", 1 },        { "secs", 1 },           { "seconds", 1 },
		{ "w", 144000 },    { "week", 144000 },  { "weeks", 144000 },
	};
	static const struct {
		const char *word;
		uint64_t seconds;
	} wide[] = { { "小时", 3600 }, { "分钟", 60 }, { "个小时", 3600 }, { "天", 28800 } };
	while (at < text.n && (text.at[at] == ' ' || text.at[at] == '-'))
		at++;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (str_starts(str_slice(text, at, text.n), str_from(wide[i].word))) {
			*end = at + strlen(wide[i].word);
			return wide[i].seconds;
		}
	size_t n = at;
	while (n < text.n && import_word_letter(text.at[n]))
		n++;
	/* "1h30m" has a number right behind its unit; "3D" and "10MB" have none. */
	/* "3D" and "5M" are no times. */
	if (n == at + 1 && strchr("DMSW", text.at[at]))
		return 0;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (import_word_same(str_slice(text, at, n), str_from(units[i].word)) &&
		    !(n < text.n && (unsigned char)text.at[n] >= 0x80 &&
		      (unsigned char)text.at[n] < 0xE2)) {
			*end = n;
			return units[i].seconds;
		}
	return 0;
}

size_t import_time_range(struct str text, size_t at)
{
	static const char *const marks[] = { "-", "–", "—", "to ", "bis ", "...", ".." };
	while (at < text.n && text.at[at] == ' ')
		at++;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str mark = str_from(marks[i]);
		if (!import_word_starts(str_slice(text, at, text.n), mark))
			continue;
		for (at += mark.n; at < text.n && (text.at[at] == ' ' || text.at[at] == '~'); at++)
			;
		return at < text.n && import_word_digit(text.at[at]) ? at : 0;
	}
	return 0;
}

static bool read_time(struct str text, size_t *at, uint64_t unit, struct draft_time *time)
{
	struct number low, high;
	size_t end, second;
	if (!read_number(text, *at, &low))
		return false;
	high = low;
	uint64_t seconds = read_unit(text, low.end, &end);
	uint64_t low_seconds = seconds;
	if ((second = import_time_range(text, seconds ? end : low.end)) &&
	    read_number(text, second, &high)) {
		uint64_t other = read_unit(text, high.end, &end);
		if (other)
			seconds = other;
		else if (seconds)
			end = high.end;
		if (!low_seconds)
			low_seconds = seconds;
	}
	if (!seconds && unit && str_trim(str_slice(text, high.end, text.n)).n == 0) {
		seconds = low_seconds = unit;
		end = high.end;
	}
	if (!seconds)
		return false;
	time->least = low.thousandths * low_seconds / 1000;
	time->most = high.thousandths * seconds / 1000;
	if (time->least > time->most)
		time->least = time->most;
	/* "1h 30m", "1 h 30" */
	size_t more = end;
	while (more < text.n && text.at[more] == ' ')
		more++;
	if (seconds == 3600 && low.end == high.end && read_number(text, more, &low)) {
		size_t last = low.end;
		uint64_t minutes = read_unit(text, low.end, &last);
		if (minutes == 60) {
			time->least += low.thousandths * 60 / 1000;
			time->most += low.thousandths * 60 / 1000;
			end = last;
		}
	}
	*at = end;
	return time->most > 0 && time->most < (uint64_t)10 * 365 * 86400;
}

/* "half a day", "ein halber Tag" and the like at `at`; its length, or 0. */
static size_t read_half(struct str text, size_t at, struct draft_time *time)
{
	static const struct {
		const char *words;
		uint64_t seconds;
	} halves[] = {
		{ "half a day", 14400 },  { "half-day", 14400 },   { "half day", 14400 },
		{ "half an hour", 1800 }, { "half-hour", 1800 },   { "half hour", 1800 },
		{ "halber tag", 14400 },  { "halben tag", 14400 }, { "halbe stunde", 1800 },
		{ "halbtags", 14400 },    { "½ day", 14400 },      { "½ h", 1800 },
		{ "半天", 14400 },        { "半小时", 1800 },      { "半个小时", 1800 },
	};
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
		if (import_word_starts(str_slice(text, at, text.n), str_from(halves[i].words))) {
			time->least = time->most = halves[i].seconds;
			return strlen(halves[i].words);
		}
	return 0;
}

/* Chinese has no blanks between words: a number may follow one of its letters (three bytes). */
static bool is_behind_wide(struct str text, size_t at)
{
	return at >= 3 && (unsigned char)text.at[at - 3] >= 0xE3 &&
	       (unsigned char)text.at[at - 3] <= 0xEF;
}

bool import_time_read(struct str text, size_t *at, uint64_t unit, struct draft_time *time)
{
	size_t half;
	for (size_t i = *at; i < text.n; i++) {
		bool begins = !i || !import_word_inside(text.at[i - 1]);
		if ((begins || (unsigned char)text.at[i] >= 0x80) &&
		    (half = read_half(text, i, time))) {
			*at = i + half;
			return true;
		}
		if (!import_word_digit(text.at[i]) || (!begins && !is_behind_wide(text, i)) ||
		    (i && text.at[i - 1] == '.'))
			continue;
		size_t end = i;
		if (read_time(text, &end, unit, time)) {
			*at = end;
			return true;
		}
		while (i + 1 < text.n && import_word_digit(text.at[i + 1]))
			i++;
	}
	*at = text.n;
	return false;
}

uint64_t import_time_unit(struct str header)
{
	if (import_word_any(header, "min"))
		return 60;
	if (import_word_any(header, "hour|(h)|hrs|[h]|stunde|std"))
		return 3600;
	return import_word_any(header, "day|(d)|tag") ? 28800 : 0;
}

bool import_time_count(struct str text, size_t *at, struct draft_time *number)
{
	for (size_t i = *at; i < text.n; i++) {
		struct number low, high;
		if (!import_word_digit(text.at[i]) || (i && import_word_inside(text.at[i - 1])) ||
		    !read_number(text, i, &low))
			continue;
		high = low;
		size_t second = import_time_range(text, low.end);
		if (second && !read_number(text, second, &high))
			high = low;
		/* Between the number and "agents" there may be two words, "Claude Code". */
		struct str rest = str_slice(text, high.end, text.n);
		size_t words = 0, from = 0;
		while (from < rest.n && rest.at[from] == ' ' && words++ < 4) {
			size_t end = ++from;
			while (end < rest.n &&
			       (import_word_inside(rest.at[end]) || rest.at[end] == '-'))
				end++;
			if (import_word_starts(str_slice(rest, from, end), STR("agents"))) {
				*number = (struct draft_time){ .least = low.thousandths / 1000,
							       .most = high.thousandths / 1000 };
				*at = high.end + end;
				return true;
			}
			from = end;
		}
		i = high.end - 1;
	}
	return false;
}
