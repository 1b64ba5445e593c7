/* listing_read.c — assembles listings; see listing.h.
 *
 * Line by line, twice: first the headers of records, since records name one another in any order,
 * then what is in them. A message says the line, what was expected there, and what is there. */
#include "schedule/listing.h"

#include "common/map.h"
#include "common/utf8.h"
#include "common/vec.h"
#include "schedule/field.h"
#include "schedule/image.h"
#include "schedule/verify.h"

#include <string.h>

struct reader {
	struct arena *arena;
	struct str name;	/* of the file */
	struct fail *fail;
	struct schedule *schedule;
	struct map known[FIELD_TABLE_COUNT];	/* the rows by name */
	size_t made[FIELD_TABLE_COUNT];	/* rows begun in the second pass */
	VEC(struct str) operands;
	struct map operand;
	struct text scratch;
	struct str rest;	/* the lines to come */
	struct str line;	/* what is left of this one, without its line end */
	size_t number;		/* of this line, from 1 */
	bool indented, ended;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(struct reader *r)
{
	while (r->line.n && is_blank(r->line.at[0]))
		r->line = str_slice(r->line, 1, r->line.n);
}

static bool at_line_end(struct reader *r)
{
	skip_blanks(r);
	return !r->line.n || r->line.at[0] == ';' || r->line.at[0] == '#';
}

/* The next line that is more than a comment, or `ended`. */
static void next_line(struct reader *r)
{
	do {
		r->ended = !str_split(&r->rest, '\n', &r->line);
		if (r->ended) {
			r->line = STR("");
			return;
		}
		r->number += r->line.n || r->rest.at; /* after the last line end there is no line */
		if (str_ends(r->line, STR("\r")))
			r->line.n--;
		r->indented = r->line.n && is_blank(r->line.at[0]);
	} while (at_line_end(r));
}

static void first_line(struct reader *r, struct str text)
{
	r->rest = text;
	r->number = 0;
	next_line(r);
}

static bool expected(struct reader *r, const char *what)
{
	enum { SHOWN = 40 };
	size_t n = 0;
	while (n < r->line.n && n < SHOWN && (unsigned char)r->line.at[n] >= ' ' &&
	       (unsigned char)r->line.at[n] < 0x7f)
		n++;
	if (r->ended || at_line_end(r))
		return fail_set(r->fail, "%.*s:%zu: expected %s, found the end of the %s",
				STR_ARG(r->name), r->number ? r->number : 1, what,
				r->ended ? "listing" : "line");
	return fail_set(r->fail, "%.*s:%zu: expected %s, found `%.*s%s`", STR_ARG(r->name),
			r->number, what, (int)n, r->line.at, n < r->line.n ? "…" : "");
}

/* The same when `found` has been taken off the line. */
static bool expected_word(struct reader *r, const char *what, struct str found)
{
	if (found.n)
		r->line = found;
	return expected(r, what);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

/* A name, number, duration or keyword; empty when there is none. */
static struct str take_word(struct reader *r)
{
	size_t n = 0;
	skip_blanks(r);
	while (n < r->line.n && is_word(r->line.at[n]))
		n++;
	struct str word = str_slice(r->line, 0, n);
	r->line = str_slice(r->line, n, r->line.n);
	return word;
}

static bool take_line_end(struct reader *r)
{
	if (!at_line_end(r))
		return expected(r, "the end of the line");
	next_line(r);
	return true;
}

static bool take_number(struct reader *r, uint32_t *number)
{
	uint64_t wide;
	struct str word = take_word(r);
	if (!str_to_number(word, &wide) || wide > UINT32_MAX)
		return expected_word(r, "a number below 2^32", word);
	*number = (uint32_t)wide;
	return true;
}

static uint32_t unit_seconds(char unit)
{
	return unit == 'd'   ? 24 * 3600
	       : unit == 'h' ? 3600
	       : unit == 'm' ? 60
	       : unit == 's' ? 1
			     : 0;
}

static bool take_duration(struct reader *r, uint32_t *seconds)
{
	struct str word = take_word(r), left = word;
	uint64_t sum = 0, number;
	uint32_t last = UINT32_MAX;
	while (left.n) {
		size_t digits = 0;
		while (digits < left.n && left.at[digits] >= '0' && left.at[digits] <= '9')
			digits++;
		uint32_t unit = digits < left.n ? unit_seconds(left.at[digits]) : 0;
		if (!unit || unit >= last || !str_to_number(str_slice(left, 0, digits), &number) ||
		    number > UINT32_MAX || (sum += number * unit) > UINT32_MAX)
			break;
		last = unit;
		left = str_slice(left, digits + 1, left.n);
	}
	*seconds = (uint32_t)sum;
	return (word.n && !left.n) || expected_word(r, "a duration like 1h30m", word);
}

/* After a backslash and `u`. */
static bool take_code_point(struct reader *r)
{
	uint32_t character = 0;
	size_t n = 1;
	for (; n < r->line.n && n < 8 && r->line.at[n] != '}'; n++) {
		char c = r->line.at[n];
		uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') :
				 c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10 :
				 c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10 : UINT32_MAX;
		if (digit == UINT32_MAX)
			break;
		character = character * 16 + digit;
	}
	if (!r->line.n || r->line.at[0] != '{' || n == 1 || n >= r->line.n ||
	    r->line.at[n] != '}' || !utf8_is_character(character))
		return expected(r, "the number of a character in {}, like \\u{e9}");
	char bytes[4];
	size_t length;
	utf8_encode(character, bytes, &length);
	text_add(&r->scratch, (struct str){ bytes, length });
	r->line = str_slice(r->line, n + 1, r->line.n);
	return true;
}

static bool take_escape(struct reader *r)
{
	static const char escapes[] = "\"\\nrtu", meanings[] = "\"\\\n\r\t";
	const char *escape = r->line.n && r->line.at[0] ? strchr(escapes, r->line.at[0]) : NULL;
	if (!escape)
		return expected(r, "one of \\\" \\\\ \\n \\r \\t \\u{…}");
	r->line = str_slice(r->line, 1, r->line.n);
	if (*escape == 'u')
		return take_code_point(r);
	text_add_byte(&r->scratch, meanings[escape - escapes]);
	return true;
}

/* Adds what is in quotes to the scratch text. */
static bool take_quoted(struct reader *r)
{
	skip_blanks(r);
	if (!r->line.n || r->line.at[0] != '"')
		return expected(r, "a string in quotes");
	r->line = str_slice(r->line, 1, r->line.n);
	for (;;) {
		size_t n = 0;
		while (n < r->line.n && r->line.at[n] != '"' && r->line.at[n] != '\\')
			n++;
		text_add(&r->scratch, str_slice(r->line, 0, n));
		r->line = str_slice(r->line, n, r->line.n);
		if (!r->line.n)
			return expected(r, "the quote that ends the string");
		bool quote = r->line.at[0] == '"';
		r->line = str_slice(r->line, 1, r->line.n);
		if (quote)
			return true;
		if (!take_escape(r))
			return false;
	}
}

static bool take_string(struct reader *r, struct str *s)
{
	text_clear(&r->scratch);
	if (!take_quoted(r))
		return false;
	*s = arena_copy(r->arena, text_str(&r->scratch));
	return true;
}

/* A text of several lines, each after a bar or in quotes. */
static bool take_lines(struct reader *r, struct str *s)
{
	size_t n = 0;
	text_clear(&r->scratch);
	next_line(r);
	for (; !r->ended && r->indented && (r->line.at[0] == '|' || r->line.at[0] == '"'); n++) {
		if (n)
			text_add_byte(&r->scratch, '\n');
		if (r->line.at[0] == '|') {
			text_add(&r->scratch, str_slice(r->line, 1, r->line.n));
			next_line(r);
		} else if (!take_quoted(r) || !take_line_end(r)) {
			return false;
		}
	}
	if (!n)
		return expected(r, "a string in quotes, or lines that begin with a bar");
	*s = arena_copy(r->arena, text_str(&r->scratch));
	return true;
}

static bool take_reference(struct reader *r, enum field_table table, uint32_t *index)
{
	struct str word = take_word(r);
	const uint32_t *found = map_find(&r->known[table], word);
	if (!found) {
		struct str what = arena_format(r->arena,
					       "the name of one of the %ss in this listing",
					       field_record(table)->name);
		return expected_word(r, what.at, word);
	}
	*index = *found;
	return true;
}

/* Past a comma, and the line's end after it; false at the end of the list. */
static bool take_comma(struct reader *r)
{
	skip_blanks(r);
	if (!r->line.n || r->line.at[0] != ',')
		return false;
	r->line = str_slice(r->line, 1, r->line.n);
	if (at_line_end(r))
		next_line(r);
	return true;
}

static bool take_strings(struct reader *r, struct str_list *list)
{
	VEC(struct str) strings = { 0 };
	do
		if (!take_string(r, VEC_ADD(r->arena, &strings)))
			return false;
	while (take_comma(r));
	*list = (struct str_list){ strings.at, strings.n };
	return take_line_end(r);
}

static bool take_references(struct reader *r, enum field_table table, struct index_list *list)
{
	VEC(uint32_t) indices = { 0 };
	do
		if (!take_reference(r, table, VEC_ADD(r->arena, &indices)))
			return false;
	while (take_comma(r));
	*list = (struct index_list){ indices.at, indices.n };
	return take_line_end(r);
}

static bool take_choice(struct reader *r, const char *const *words, uint32_t n, uint32_t *choice)
{
	struct str word = take_word(r);
	struct text what = { 0 };
	for (uint32_t i = 0; i < n; i++) {
		if (str_is(word, words[i])) {
			text_release(&what);
			*choice = i;
			return true;
		}
		text_addf(&what, "%s%s", i ? " or " : "", words[i]);
	}
	expected_word(r, what.at, word);
	text_release(&what);
	return false;
}

static bool take_operand_string(struct reader *r, uint32_t *operand)
{
	struct str s;
	if (!take_string(r, &s))
		return false;
	const uint32_t *found = map_find(&r->operand, s);
	*operand = found ? *found : (uint32_t)r->operands.n;
	if (!found) {
		map_add(r->arena, &r->operand, s, *operand);
		*VEC_ADD(r->arena, &r->operands) = s;
	}
	return true;
}

static bool take_operand(struct reader *r, enum op_operand kind, uint32_t *operand)
{
	switch (kind) {
	case OP_OPERAND_AGENT:
		return take_reference(r, FIELD_TABLE_AGENT, operand);
	case OP_OPERAND_METRIC:
		return take_reference(r, FIELD_TABLE_METRIC, operand);
	case OP_OPERAND_COMMAND:
		return take_number(r, operand);
	case OP_OPERAND_STRING:
		return take_operand_string(r, operand);
	case OP_OPERAND_NONE:
		break;
	}
	return true;
}

static bool take_code(struct reader *r, struct code *code)
{
	VEC(struct instruction) list = { 0 };
	if (!take_line_end(r))
		return false;
	while (!r->ended && r->indented) {
		struct instruction *at = VEC_ADD(r->arena, &list);
		struct str word = take_word(r);
		if (!op_find(word, &at->op))
			return expected_word(
				r, "an instruction, or the next record at the line's beginning",
				word);
		if (!take_operand(r, op_info(at->op)->operand, &at->operand) || !take_line_end(r))
			return false;
	}
	*code = (struct code){ list.at, list.n };
	return true;
}

/* A value that is one word. */
static bool take_scalar(struct reader *r, const struct field *field, uint32_t *value)
{
	static const char *const flags[] = { "no", "yes" };
	switch (field->kind) {
	case FIELD_SECONDS:
		return take_duration(r, value);
	case FIELD_FLAG:
		return take_choice(r, flags, 2, value);
	case FIELD_CHOICE:
		return take_choice(r, field->words, field->word_n, value);
	case FIELD_POOL:
		return take_reference(r, FIELD_TABLE_POOL, value);
	case FIELD_RUNNER:
		return take_reference(r, FIELD_TABLE_RUNNER, value);
	default:
		return take_number(r, value);
	}
}

static bool take_value(struct reader *r, const struct field *field, void *at)
{
	switch (field->kind) {
	case FIELD_STRING:
		if (at_line_end(r))
			return take_lines(r, at);
		return take_string(r, at) && take_line_end(r);
	case FIELD_STRINGS:
		return take_strings(r, at);
	case FIELD_POOLS:
		return take_references(r, FIELD_TABLE_POOL, at);
	case FIELD_AGENTS:
		return take_references(r, FIELD_TABLE_AGENT, at);
	case FIELD_CODE:
		return take_code(r, at);
	default:
		return take_scalar(r, field, at) && take_line_end(r);
	}
}

/* "a field of an agent that is not there yet: title, place, …" */
static bool expected_field(struct reader *r, const struct field_record *record, const bool *seen,
			   struct str found)
{
	struct text what = { 0 };
	text_addf(&what, "a field of this %s that is not there yet (", record->name);
	bool first = true;
	for (size_t i = record->named; i < record->n; i++)
		if (!seen[i]) {
			text_addf(&what, "%s%s", first ? "" : ", ", record->field[i].name);
			first = false;
		}
	text_add(&what, STR(")"));
	expected_word(r, what.at, found);
	text_release(&what);
	return false;
}

static bool take_fields(struct reader *r, const struct field_record *record, void *row)
{
	bool *seen = ARENA_MANY(r->arena, record->n, bool);
	for (size_t i = 0; i < record->n; i++) {
		const struct field *field = &record->field[i];
		if (field->kind == FIELD_POOL || field->kind == FIELD_RUNNER)
			*(uint32_t *)field_at(field, row) = SCHEDULE_NONE;
	}
	while (!r->ended && r->indented) {
		struct str word = take_word(r);
		size_t i = record->named;
		while (i < record->n && !str_is(word, record->field[i].name))
			i++;
		if (i == record->n || seen[i])
			return expected_field(r, record, seen, word);
		seen[i] = true;
		if (!take_value(r, &record->field[i], field_at(&record->field[i], row)))
			return false;
	}
	return true;
}

static bool take_version(struct reader *r)
{
	uint32_t version = 0;
	struct str word = take_word(r);
	if (r->ended || r->indented || !str_is(word, "schedule"))
		return expected_word(r, "`schedule` and its version, with which a listing begins", word);
	if (!take_number(r, &version))
		return false;
	if (version != IMAGE_VERSION)
		return fail_set(r->fail,
				"%.*s:%zu: the listing has version %u, this orch reads version %u; "
				"make it again with `orchc disasm`",
				STR_ARG(r->name), r->number, version, (unsigned)IMAGE_VERSION);
	return take_line_end(r);
}

static bool take_kind(struct reader *r, enum field_table *table)
{
	struct str word = take_word(r);
	for (unsigned i = 0; i < FIELD_TABLE_COUNT; i++)
		if (!r->indented && str_is(word, field_record((enum field_table)i)->name)) {
			*table = (enum field_table)i;
			return true;
		}
	return expected_word(
		r, "a record (plan, pool, command, runner or agent) at the line's beginning", word);
}

static bool note_header(struct reader *r, size_t *count)
{
	enum field_table table;
	if (!take_kind(r, &table))
		return false;
	skip_blanks(r);
	if (field_record(table)->named) {
		struct str word = take_word(r);
		if (!word.n)
			return expected(r, "a name");
		if (map_find(&r->known[table], word))
			return expected_word(r, "a name that no other of its kind has", word);
		map_add(r->arena, &r->known[table], word, (uint32_t)count[table]);
	}
	if (++count[table] > 1 && table == FIELD_TABLE_PLAN)
		return fail_set(r->fail, "%.*s:%zu: expected one plan, found another",
				STR_ARG(r->name), r->number);
	return true;
}

/* Counts and names the records and makes room for them. */
static bool note_records(struct reader *r)
{
	size_t count[FIELD_TABLE_COUNT] = { 0 };
	if (!take_version(r))
		return false;
	for (bool first = true; !r->ended; next_line(r), first = false)
		if ((!r->indented || first) && !note_header(r, count))
			return false;
	if (!count[FIELD_TABLE_PLAN])
		return fail_set(r->fail, "%.*s:%zu: expected a plan, found the end of the listing",
				STR_ARG(r->name), r->number);
	for (unsigned table = 0; table < FIELD_TABLE_COUNT; table++)
		field_rows_make(r->arena, r->schedule, (enum field_table)table, count[table]);
	return true;
}

static bool take_record(struct reader *r)
{
	enum field_table table;
	if (!take_kind(r, &table))
		return false;
	const struct field_record *record = field_record(table);
	size_t index = r->made[table]++;
	void *row = field_row(record, field_rows(r->schedule, table), index);
	skip_blanks(r);
	if (record->named) {
		*(struct str *)field_at(&record->field[0], row) = take_word(r);
	} else {
		uint32_t number;
		struct str before = r->line;
		if (!take_number(r, &number))
			return false;
		if (number != index) {
			struct str what = arena_format(r->arena, "%s %zu, which is the next",
						       record->name, index);
			return expected_word(r, what.at, before);
		}
	}
	return take_line_end(r) && take_fields(r, record, row);
}

static bool take_listing(struct reader *r, struct str text)
{
	size_t invalid = utf8_invalid(text);
	if (invalid != SIZE_MAX)
		return fail_set(r->fail, "%.*s: byte %zu is not UTF-8", STR_ARG(r->name), invalid);
	first_line(r, text);
	if (!note_records(r))
		return false;
	first_line(r, text);
	if (!take_version(r))
		return false;
	while (!r->ended)
		if (!take_record(r))
			return false;
	r->schedule->strings = (struct str_list){ r->operands.at, r->operands.n };
	return verify_schedule(r->schedule, r->fail);
}

bool listing_read(struct arena *arena, struct str text, struct str name, struct schedule **schedule,
		  struct fail *fail)
{
	struct reader r = { arena, name, fail, ARENA_NEW(arena, struct schedule) };
	bool fine = take_listing(&r, arena_copy(arena, text));
	text_release(&r.scratch);
	if (fine)
		*schedule = r.schedule;
	return fine;
}
