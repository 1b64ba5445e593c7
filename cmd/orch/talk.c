/* talk.c — see talk.h. */
#include "cmd/orch/talk.h"

#include "cmd/orch/commands.h"
#include "common/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int talk_failure(const struct fail *fail)
{
	fprintf(stderr, "error: %s\n", fail->text);
	return STATUS_WORLD;
}

int talk_usage(const char *format, struct str what)
{
	fputs("error: ", stderr);
	fprintf(stderr, format, STR_ARG(what));
	fputc('\n', stderr);
	return STATUS_USAGE;
}

int talk_answer(struct text *text, int status)
{
	struct fail fail;
	bool good = file_write_all(STDOUT_FILENO, "standard output", text_str(text), &fail);
	text_release(text);
	return good ? status : talk_failure(&fail);
}

void talk_aside(struct text *text)
{
	fputs(text->n ? text->at : "", stderr);
	text_release(text);
}

bool talk_run_number(const struct command_line *line, size_t operand, int64_t *id)
{
	uint64_t number = 0;
	if (line->operand_n > operand &&
	    (!str_to_number(str_from(line->operand[operand]), &number) || !number ||
	     number > INT64_MAX))
		return false;
	*id = (int64_t)number;
	return true;
}

bool talk_count(const struct command_line *line, const char *option, uint32_t *count)
{
	const char *value = command_value(line, option);
	uint64_t number = 0;
	if (value && *value &&
	    (!str_to_number(str_from(value), &number) || !number || number > UINT32_MAX)) {
		fprintf(stderr, "error: %s takes a number from 1, not %s\n", option, value);
		return false;
	}
	*count = (uint32_t)number;
	return true;
}

bool talk_size(const struct command_line *line, const char *option, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *value = command_value(line, option);
	if (!value)
		return true;
	struct str digits = str_from(value);
	const char *unit = digits.n ? strchr(units, digits.at[digits.n - 1]) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	if (unit)
		digits = str_slice(digits, 0, digits.n - 1);
	if (!str_to_number(digits, bytes) || *bytes > UINT64_MAX >> shift) {
		fprintf(stderr, "error: %s takes a size like 512M or 2G, not %s\n", option, value);
		return false;
	}
	*bytes <<= shift;
	return true;
}

static bool read_money(const struct command_line *line, const char *option, uint64_t *cents)
{
	const char *value = command_value(line, option);
	struct str rest = str_from(value ? value : ""), whole, part = STR("0");
	uint64_t dollars, hundredths;
	if (!value)
		return true;
	if (!str_split(&rest, '.', &whole) || (rest.n && !str_split(&rest, '.', &part)) || rest.n ||
	    part.n > 2 || !str_to_number(whole, &dollars) || !str_to_number(part, &hundredths) ||
	    dollars > UINT32_MAX || (dollars == 0 && hundredths == 0)) {
		fprintf(stderr, "error: %s takes US dollars like 30 or 12.50, not %s\n", option,
			value);
		return false;
	}
	*cents = dollars * 100 + (part.n == 1 ? hundredths * 10 : hundredths);
	return true;
}

bool talk_limits(const struct command_line *line, uint64_t *floor, uint64_t *budget)
{
	return talk_size(line, "--floor", floor) && read_money(line, "--budget", budget);
}

bool talk_look(struct run *run, int64_t id, struct fail *fail)
{
	bool any;
	if (!run_find_repository(run, ".", fail) || !run_look(run, &any, fail))
		return false;
	return any ? run_load(run, id, fail)
		   : fail_set(fail, "nothing was run here yet; begin with `orch exec PLAN.orch`");
}
