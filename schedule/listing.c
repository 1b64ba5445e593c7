/* listing.c — writes listings; see listing.h, and listing_read.c for the way back. */
#include "schedule/listing.h"

#include "common/utf8.h"
#include "schedule/field.h"
#include "schedule/image.h"

enum { NAME_WIDTH = 10, LINE_WIDTH = 96, COMMENT_WIDTH = 72, OPERATION_WIDTH = 24 };

static bool is_shown_as_it_is(uint32_t character)
{
	return character >= ' ' && character != UTF8_INVALID && utf8_class(character) == UTF8_PLAIN;
}

static void put_character(struct text *out, uint32_t character, struct str bytes)
{
	if (character == '"' || character == '\\')
		text_addf(out, "\\%c", (int)character);
	else if (character == '\n')
		text_add(out, STR("\\n"));
	else if (character == '\r')
		text_add(out, STR("\\r"));
	else if (character == '\t')
		text_add(out, STR("\\t"));
	else if (is_shown_as_it_is(character))
		text_add(out, bytes);
	else
		text_addf(out, "\\u{%x}", character);
}

static void put_quoted(struct text *out, struct str s)
{
	text_add_byte(out, '"');
	for (size_t n; s.n; s = str_slice(s, n, s.n)) {
		uint32_t character = utf8_decode(s, &n);
		put_character(out, character, str_slice(s, 0, n));
	}
	text_add_byte(out, '"');
}

/* May the line stand after a bar? Not when an editor might lose something of it. */
static bool is_plain_line(struct str line)
{
	if (line.n && (line.at[line.n - 1] == ' ' || line.at[line.n - 1] == '\t'))
		return false;
	for (size_t n; line.n; line = str_slice(line, n, line.n)) {
		uint32_t character = utf8_decode(line, &n);
		if (character != '\t' && !is_shown_as_it_is(character))
			return false;
	}
	return true;
}

static void put_lines(struct text *out, struct str s)
{
	for (struct str line; str_split(&s, '\n', &line);) {
		text_add(out, STR("\n\t\t"));
		if (is_plain_line(line)) {
			text_add_byte(out, '|');
			text_add(out, line);
		} else {
			put_quoted(out, line);
		}
	}
}

static void put_duration(struct text *out, uint32_t seconds)
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = { { 24 * 3600, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (seconds >= units[i].seconds)
			text_addf(out, "%u%c", seconds / units[i].seconds, units[i].unit);
		seconds %= units[i].seconds;
	}
}

/* Elements of a list on lines that are not too long. */
struct list_writer {
	struct text *out;
	size_t line;	/* where the line begins */
	size_t n;
};

static void begin_element(struct list_writer *list, struct str element)
{
	if (list->n++) {
		text_add_byte(list->out, ',');
		if (list->out->n - list->line + element.n + 2 > LINE_WIDTH) {
			text_add_byte(list->out, '\n');
			list->line = list->out->n;
			text_addf(list->out, "\t%*s", NAME_WIDTH, "");
		} else {
			text_add_byte(list->out, ' ');
		}
	}
	text_add(list->out, element);
}

static void put_strings(struct text *out, size_t line, struct str_list strings)
{
	struct list_writer list = { out, line, 0 };
	struct text quoted = { 0 };
	for (size_t i = 0; i < strings.n; i++) {
		text_clear(&quoted);
		put_quoted(&quoted, strings.at[i]);
		begin_element(&list, text_str(&quoted));
	}
	text_release(&quoted);
}

static void put_names(struct text *out, size_t line, const struct schedule *s,
		      const struct field *field, struct index_list indices)
{
	struct list_writer list = { out, line, 0 };
	for (size_t i = 0; i < indices.n; i++)
		begin_element(&list, field->kind == FIELD_POOLS ? s->pool[indices.at[i]].name
								: s->agent[indices.at[i]].name);
}

/* As a comment: what the command is, cut to fit. */
static void put_command_comment(struct text *out, const struct schedule *s, uint32_t index)
{
	const struct schedule_command *command = &s->command[index];
	struct text text = { 0 };
	text_add(&text, command->shell ? STR("sh ") : STR("["));
	for (size_t i = 0; i < command->words.n && text.n <= COMMENT_WIDTH; i++) {
		if (i)
			text_add(&text, STR(", "));
		put_quoted(&text, command->words.at[i]);
	}
	text_add(&text, command->shell ? STR("") : STR("]"));
	if (command->pool != SCHEDULE_NONE)
		text_addf(&text, " in %.*s", STR_ARG(s->pool[command->pool].name));
	struct str fits = utf8_cut(text_str(&text), COMMENT_WIDTH);
	text_add(out, STR("; "));
	text_add(out, fits);
	text_add(out, fits.n < text.n ? STR(" …") : STR(""));
	text_release(&text);
}

static void put_instruction(struct text *out, const struct schedule *s, struct instruction at)
{
	const struct op_info *info = op_info(at.op);
	text_add(out, STR("\n\t\t"));
	size_t from = out->n;
	text_addf(out, info->operand == OP_OPERAND_NONE ? "%s" : "%-8s", info->name);
	switch (info->operand) {
	case OP_OPERAND_NONE:
		break;
	case OP_OPERAND_AGENT:
		text_add(out, s->agent[at.operand].name);
		break;
	case OP_OPERAND_METRIC:
		text_add(out, s->metric[at.operand].name);
		break;
	case OP_OPERAND_STRING:
		put_quoted(out, s->strings.at[at.operand]);
		break;
	case OP_OPERAND_COMMAND:
		text_addf(out, "%u", at.operand);
		while (out->n - from < OPERATION_WIDTH)
			text_add_byte(out, ' ');
		put_command_comment(out, s, at.operand);
		break;
	}
}

/* Is it what a reader takes for a field that is not there? */
static bool is_left_out(const struct field *field, const void *at)
{
	switch (field->kind) {
	case FIELD_STRING:
		return !((const struct str *)at)->n;
	case FIELD_STRINGS:
		return !((const struct str_list *)at)->n;
	case FIELD_POOLS:
	case FIELD_AGENTS:
		return !((const struct index_list *)at)->n;
	case FIELD_CODE:
		return !((const struct code *)at)->n;
	case FIELD_POOL:
		return *(const uint32_t *)at == SCHEDULE_NONE;
	case FIELD_COMMAND:
	case FIELD_RUNNER:
		return false;
	default:
		return !*(const uint32_t *)at;
	}
}

static void put_number(struct text *out, const struct schedule *s, const struct field *field,
		       uint32_t number)
{
	if (field->kind == FIELD_SECONDS)
		put_duration(out, number);
	else if (field->kind == FIELD_FLAG)
		text_add(out, STR("yes"));
	else if (field->kind == FIELD_CHOICE)
		text_add(out, str_from(field->words[number]));
	else if (field->kind == FIELD_POOL)
		text_add(out, s->pool[number].name);
	else if (field->kind == FIELD_RUNNER)
		text_add(out, s->runner[number].name);
	else
		text_addf(out, "%u", number);
}

static void put_string(struct text *out, struct str s)
{
	if (str_find(s, '\n') == SIZE_MAX)
		put_quoted(out, s);
	else
		put_lines(out, s);
}

static void put_code(struct text *out, const struct schedule *s, struct code code)
{
	for (size_t i = 0; i < code.n; i++)
		put_instruction(out, s, code.at[i]);
}

static void put_field(struct text *out, const struct schedule *s, const struct field *field,
		      const void *at)
{
	size_t line = out->n;
	bool below = field->kind == FIELD_CODE ||
		     (field->kind == FIELD_STRING &&
		      str_find(*(const struct str *)at, '\n') != SIZE_MAX);
	text_addf(out, "\t%-*s%s", below ? 0 : NAME_WIDTH - 1, field->name, below ? "" : " ");
	if (field->kind == FIELD_STRING)
		put_string(out, *(const struct str *)at);
	else if (field->kind == FIELD_STRINGS)
		put_strings(out, line, *(const struct str_list *)at);
	else if (field->kind == FIELD_POOLS || field->kind == FIELD_AGENTS)
		put_names(out, line, s, field, *(const struct index_list *)at);
	else if (field->kind == FIELD_CODE)
		put_code(out, s, *(const struct code *)at);
	else
		put_number(out, s, field, *(const uint32_t *)at);
	text_add_byte(out, '\n');
}

static void put_record(struct text *out, const struct schedule *s,
		       const struct field_record *record, void *row, size_t index)
{
	text_addf(out, "\n%s ", record->name);
	if (record->named)
		text_add(out, *(const struct str *)field_at(&record->field[0], row));
	else
		text_addf(out, "%zu", index);
	text_add_byte(out, '\n');
	for (size_t i = record->named; i < record->n; i++) {
		const struct field *field = &record->field[i];
		if (!is_left_out(field, field_at(field, row)))
			put_field(out, s, field, field_at(field, row));
	}
}

static void put_legend(struct text *out)
{
	text_addf(out, "schedule %u\n\n; What the instructions do:\n", (unsigned)IMAGE_VERSION);
	for (unsigned op = 0; op < OP_COUNT; op++)
		text_addf(out, ";   %-8s %s\n", op_info((enum op)op)->name,
			  op_info((enum op)op)->help);
}

void listing_write(const struct schedule *s, struct text *out)
{
	put_legend(out);
	for (unsigned table = 0; table < FIELD_TABLE_COUNT; table++) {
		const struct field_record *record = field_record(table);
		struct field_rows rows = field_rows(s, table);
		for (size_t i = 0; i < rows.n; i++)
			put_record(out, s, record, field_row(record, rows, i), i);
	}
}
