/* text.c — see text.h. */
#include "common/text.h"

#include "common/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text_reserve(struct text *text, size_t more)
{
	if (more >= SIZE_MAX / 2 - text->n)
		fail_memory();
	size_t need = text->n + more + 1;
	if (need <= text->cap)
		return;
	size_t cap = text->cap ? text->cap : 64;
	while (cap < need)
		cap *= 2;
	char *at = realloc(text->at, cap);
	if (!at)
		fail_memory();
	text->at = at;
	text->cap = cap;
}

void text_add(struct text *text, struct str s)
{
	text_reserve(text, s.n);
	if (s.n)
		memcpy(text->at + text->n, s.at, s.n);
	text->n += s.n;
	text->at[text->n] = 0;
}

void text_add_byte(struct text *text, char byte)
{
	text_add(text, (struct str){ &byte, 1 });
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	BUG_IF(n < 0, "a format that cannot be printed");
	text_reserve(text, (size_t)n);
	vsnprintf(text->at + text->n, (size_t)n + 1, format, again);
	va_end(again);
	text->n += (size_t)n;
}

void text_add_dollars(struct text *text, uint64_t millionths)
{
	unsigned long long cents = (millionths + 5000) / 10000;
	text_addf(text, "%llu.%02llu USD", cents / 100, cents % 100);
}

void text_add_duration(struct text *text, uint64_t seconds)
{
	/* 26h says more to people than 1d2h. */
	unsigned long long hours = seconds / 3600, minutes = seconds / 60 % 60, rest = seconds % 60;
	if (hours)
		text_addf(text, "%lluh", hours);
	if (minutes)
		text_addf(text, "%llum", minutes);
	if (rest || !seconds)
		text_addf(text, "%llus", rest);
}

void text_end_line(struct text *text)
{
	while (text->n && text->at[text->n - 1] == ' ')
		text->n--;
	text_add_byte(text, '\n');
}

struct str text_str(const struct text *text)
{
	return (struct str){ text->n ? text->at : "", text->n };
}

void text_clear(struct text *text)
{
	text->n = 0;
	if (text->at)
		text->at[0] = 0;
}

void text_release(struct text *text)
{
	free(text->at);
	*text = (struct text){ 0 };
}
