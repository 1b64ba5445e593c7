/* import_tasks_line.c — single lines of a list of tasks: its tasks, headings, and ids in words. */
#include "compiler/import_tasks_inside.h"

#include <string.h>

struct span import_tasks_line_span(const struct import_tasks_reader *r, struct str part)
{
	uint32_t start = (uint32_t)(part.at - r->text.at);
	return (struct span){ r->draft->source, start, start + (uint32_t)part.n };
}

size_t import_tasks_line_id_end(struct str text, size_t at)
{
	size_t i = at;
	while (i < text.n && i < at + 4 && text.at[i] >= 'A' && text.at[i] <= 'Z')
		i++;
	size_t digits = i;
	while (digits < text.n && import_word_digit(text.at[digits]))
		digits++;
	if (i == at || digits == i)
		return at;
	if (digits < text.n && text.at[digits] >= 'a' && text.at[digits] <= 'z')
		digits++;
	return digits < text.n && (import_word_digit(text.at[digits]) ||
				   (text.at[digits] >= 'a' && text.at[digits] <= 'z'))
		       ? at
		       : digits;
}

static struct str behind(struct str text, size_t n)
{
	return str_trim(str_slice(text, n, text.n));
}

bool import_tasks_line_box(struct str line, bool *done, struct str *rest)
{
	if (line.n < 6 || !strchr("-*+", line.at[0]) || line.at[1] != ' ' || line.at[2] != '[' ||
	    line.at[4] != ']')
		return false;
	*done = line.at[3] == 'x' || line.at[3] == 'X';
	*rest = behind(line, 5);
	return *done || line.at[3] == ' ';
}

bool import_tasks_line_read(struct str line, struct import_tasks_line *task)
{
	struct str rest;
	*task = (struct import_tasks_line){ .id = STR("") };
	if (!import_tasks_line_box(str_trim(line), &task->done, &rest))
		return false;
	size_t stars = str_starts(rest, STR("**")) ? 2 : 0,
	       end = import_tasks_line_id_end(rest, stars);
	if (end == stars)
		return false;
	task->id = str_slice(rest, stars, end);
	rest = str_slice(rest, end, rest.n);
	while (rest.n && strchr("*:. ", rest.at[0]))
		rest = str_slice(rest, 1, rest.n);
	for (size_t close; rest.n && rest.at[0] == '[' &&
			   (close = str_find(rest, ']')) != SIZE_MAX &&
			   !(close + 1 < rest.n && rest.at[close + 1] == '(');) {
		struct str mark = str_slice(rest, 1, close);
		if (import_word_same(mark, STR("P")))
			task->beside = true;
		else if (mark.n > 2 && str_starts(mark, STR("US")))
			task->story = str_slice(mark, 2, mark.n);
		rest = behind(rest, close + 1);
	}
	task->rest = rest;
	return true;
}

struct str import_tasks_line_number(struct str text, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n < text.n; i++) {
		if (!import_word_same(str_slice(text, i, i + n), str_from(word)) ||
		    (i && import_word_letter(text.at[i - 1])))
			continue;
		size_t at = i + n;
		while (at < text.n && text.at[at] == ' ')
			at++;
		size_t end = at;
		while (end < text.n && (import_word_digit(text.at[end]) ||
					(text.at[end] == '.' && end + 1 < text.n &&
					 import_word_digit(text.at[end + 1]))))
			end++;
		if (end > at)
			return str_slice(text, at, end);
	}
	return STR("");
}

unsigned import_tasks_line_level(struct str line)
{
	unsigned level = 0;
	while (level < line.n && line.at[level] == '#')
		level++;
	return level && level <= 6 && level < line.n && line.at[level] == ' ' ? level : 0;
}
