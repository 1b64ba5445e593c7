/* record.c — see record.h. One list of fields makes the writer and the reader, which takes nothing
 * for granted: the file may be of another version, or be damaged. */
#include "runtime/record.h"

#include "common/file.h"
#include "common/json.h"

#define REMEDY "; remove the file to let the attempt count as lost"

enum { VERSION = 2, LARGEST = 64 << 20 };

/* FIELD(kind, name), in the order of the file. */
#define FIELDS(FIELD)                                                                             \
	FIELD(COUNT, agent)                                                                       \
	FIELD(COUNT, attempt) FIELD(REASON, reason) FIELD(TEXT, message) FIELD(TEXT, sandbox) FIELD(OID, start)        \
		FIELD(OID, commit) FIELD(OID, stray) FIELD(NUMBER, exit_status)                   \
			FIELD(NUMBER, signal) FIELD(COUNT, added) FIELD(COUNT, changed)           \
				FIELD(COUNT, deleted) FIELD(TEXTS, findings) FIELD(TEXTS, advice) \
					FIELD(TEXT, output) FIELD(STEPS, step) FIELD(TIME, ms)

/* Since version 2. */
#define FIELDS_2(FIELD)                                                                           \
	FIELD(TEXT, session)                                                                      \
	FIELD(TIME, reset_at) FIELD(TIME, input) FIELD(TIME, cached) FIELD(TIME, output_tokens)   \
		FIELD(TIME, cost) FIELD(TIME, session_input) \
		FIELD(TIME, session_cached) FIELD(TIME, session_output) FIELD(TIME, session_cost) FIELD(COUNT, actions) FIELD(TEXT, said) \
			FIELD(TEXTS, denied)

#define STEP_FIELDS(FIELD) \
	FIELD(OP, op) FIELD(COUNT, pc) FIELD(TEXT, input) FIELD(TEXT, output) FIELD(TIME, ms)

static const struct {
	const char *name, *meaning;
	bool again;
} reasons[] = {
#define REASON(NAME, name, again, meaning) { name, meaning, again },
	RECORD_REASONS(REASON)
#undef REASON
};

const char *record_reason_name(enum record_reason reason)
{
	return reasons[reason].name;
}

const char *record_reason_meaning(enum record_reason reason)
{
	return reasons[reason].meaning;
}

bool record_reason_again(enum record_reason reason)
{
	return reasons[reason].again;
}

bool record_reason_find(struct str name, enum record_reason *reason)
{
	for (unsigned i = 0; i < RECORD_REASON_COUNT; i++)
		if (str_is(name, reasons[i].name)) {
			*reason = (enum record_reason)i;
			return true;
		}
	return false;
}

static void write_texts(struct text *out, const char *key, struct str_list list)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < list.n; i++)
		json_write_text(out, NULL, list.at[i]);
	json_close(out, ']');
}

#define WRITE_COUNT(r, n) json_write_number(&out, #n, (r)->n);
#define WRITE_NUMBER(r, n) json_write_number(&out, #n, (r)->n);
#define WRITE_TIME(r, n) json_write_number(&out, #n, (int64_t)(r)->n);
#define WRITE_REASON(r, n) json_write_text(&out, #n, str_from(record_reason_name((r)->n)));
#define WRITE_OP(r, n) json_write_text(&out, #n, str_from(op_info((r)->n)->name));
#define WRITE_TEXT(r, n) json_write_text(&out, #n, (r)->n);
#define WRITE_TEXTS(r, n) write_texts(&out, #n, (r)->n);
#define WRITE_OID(r, n) json_write_text(&out, #n, str_from((r)->n.hex));
#define WRITE_STEPS(r, n)                                                 \
	json_open(&out, #n, '[');                                         \
	for (const struct record_step *s = (r)->n; s < (r)->n + (r)->n##_n; s++) { \
		json_open(&out, NULL, '{');                               \
		STEP_FIELDS(WRITE_STEP_FIELD)                             \
		json_close(&out, '}');                                    \
	}                                                                 \
	json_close(&out, ']');
#define WRITE_STEP_FIELD(kind, name) WRITE_##kind(s, name)
#define WRITE_FIELD(kind, name) WRITE_##kind(record, name)

bool record_write(const char *path, const struct record *record, struct fail *fail)
{
	struct text out = { 0 };
	json_open(&out, NULL, '{');
	json_write_number(&out, "record", VERSION);
	FIELDS(WRITE_FIELD)
	FIELDS_2(WRITE_FIELD)
	json_close(&out, '}');
	text_add_byte(&out, '\n');
	bool good = file_write(path, text_str(&out), 0666, fail);
	text_release(&out);
	return good;
}

/* Each reads a member and is false when it is not there or is not what it must be. */

static bool read_number(const struct json *from, const char *key, int64_t least, int64_t most,
			int64_t *number)
{
	const struct json *found = json_find(from, key, JSON_IS_NUMBER);
	*number = found ? found->number : 0;
	return found && *number >= least && *number <= most;
}

static bool read_count(const struct json *from, const char *key, uint32_t *count)
{
	int64_t number;
	bool good = read_number(from, key, 0, UINT32_MAX, &number);
	*count = good ? (uint32_t)number : 0;
	return good;
}

static bool read_int(const struct json *from, const char *key, int *value)
{
	int64_t number;
	bool good = read_number(from, key, INT32_MIN, INT32_MAX, &number);
	*value = good ? (int)number : 0;
	return good;
}

static bool read_time(const struct json *from, const char *key, uint64_t *time)
{
	int64_t number;
	bool good = read_number(from, key, 0, INT64_MAX, &number);
	*time = good ? (uint64_t)number : 0;
	return good;
}

static bool read_text(const struct json *from, const char *key, struct str *text)
{
	const struct json *found = json_find(from, key, JSON_IS_TEXT);
	if (found)
		*text = found->text;
	return found;
}

static bool read_texts(struct arena *arena, const struct json *from, const char *key,
		       struct str_list *list)
{
	const struct json *found = json_find(from, key, JSON_IS_LIST);
	if (!found)
		return false;
	list->at = ARENA_MANY(arena, found->n, struct str);
	for (; list->n < found->n; list->n++) {
		if (found->at[list->n].kind != JSON_IS_TEXT)
			return false;
		list->at[list->n] = found->at[list->n].text;
	}
	return true;
}

static bool read_oid(const struct json *from, const char *key, struct oid *oid)
{
	struct str text;
	if (!read_text(from, key, &text) || (text.n != 0 && text.n != sizeof oid->hex - 1))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!((text.at[i] >= '0' && text.at[i] <= '9') ||
		      (text.at[i] >= 'a' && text.at[i] <= 'f')))
			return false;
	memcpy(oid->hex, text.at, text.n);
	return true;
}

static bool read_reason(const struct json *from, const char *key, enum record_reason *reason)
{
	struct str text;
	return read_text(from, key, &text) && record_reason_find(text, reason);
}

static bool read_op(const struct json *from, const char *key, enum op *op)
{
	struct str text;
	return read_text(from, key, &text) && op_find(text, op);
}

#define READ_COUNT(r, n) read_count(from, #n, &(r)->n)
#define READ_NUMBER(r, n) read_int(from, #n, &(r)->n)
#define READ_TIME(r, n) read_time(from, #n, &(r)->n)
#define READ_REASON(r, n) read_reason(from, #n, &(r)->n)
#define READ_OP(r, n) read_op(from, #n, &(r)->n)
#define READ_TEXT(r, n) read_text(from, #n, &(r)->n)
#define READ_TEXTS(r, n) read_texts(arena, from, #n, &(r)->n)
#define READ_OID(r, n) read_oid(from, #n, &(r)->n)
#define READ_STEPS(r, n) read_steps(arena, from, #n, &(r)->n, &(r)->n##_n)
#define READ_STEP_FIELD(kind, name) && READ_##kind(step, name)
/* The first field that is wrong is the one that is named. */
#define READ_FIELD(kind, name) \
	if (!READ_##kind(record, name)) \
		return #name;

static bool read_steps(struct arena *arena, const struct json *record, const char *key,
		       struct record_step **steps, size_t *n)
{
	const struct json *found = json_find(record, key, JSON_IS_LIST);
	if (!found)
		return false;
	*steps = ARENA_MANY(arena, found->n, struct record_step);
	for (*n = 0; *n < found->n; ++*n) {
		const struct json *from = &found->at[*n];
		struct record_step *step = &(*steps)[*n];
		if (!(true STEP_FIELDS(READ_STEP_FIELD)))
			return false;
	}
	return true;
}

/* The field that is wrong, or NULL. */
static const char *read_fields(struct arena *arena, const struct json *from, int64_t version,
			       struct record *record)
{
	FIELDS(READ_FIELD)
	if (version >= 2) {
		FIELDS_2(READ_FIELD)
	}
	/* What everyone who has a record relies on. */
	if (!record->attempt)
		return "attempt";
	if (oid_none(record->commit) != (record->reason != RECORD_NONE))
		return "commit";
	return NULL;
}

bool record_failed_in(const struct record *record, enum op op)
{
	return record->reason != RECORD_NONE && record->step_n &&
	       record->step[record->step_n - 1].op == op;
}

bool record_read(struct arena *arena, const char *path, struct record *record, bool *found,
		 struct fail *fail)
{
	struct str bytes;
	struct json from;
	*record = (struct record){ 0 };
	if (!file_read_if(arena, path, LARGEST, &bytes, found, fail))
		return false;
	if (!*found)
		return true;
	path = arena_format(arena, "the record %s", path).at;
	if (!json_read(arena, bytes, path, &from, fail))
		return false;
	int64_t version = json_find_number(&from, "record");
	if (version > VERSION)
		return fail_set(fail, "%s was written by a newer orch: use that one", path);
	const char *wrong = version > 0 ? read_fields(arena, &from, version, record) : "record";
	return !wrong ||
	       fail_set(fail, "%s is damaged: its `%s` is not what it must be" REMEDY, path, wrong);
}
