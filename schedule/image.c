/* image.c — see image.h.
 *
 * The reader stays inside of the bytes, takes no more memory than they account for, and leaves what
 * the values mean to the verifier. Fields have one place each, so all that could be written in two
 * ways is the table of strings: sorted, each once, each used, zeros after it, nothing after the
 * end. */
#include "schedule/image.h"

#include "common/map.h"
#include "common/vec.h"
#include "schedule/field.h"
#include "schedule/verify.h"

#include <stdlib.h>
#include <string.h>

enum { MAGIC_N = 8, HASH_N = 8, WORD_N = 4, HEADER_N = MAGIC_N + 2 * WORD_N };
static const char magic[MAGIC_N] = { 'o', 'r', 'c', 'h', 'b', '\r', '\n', 0x1a };

bool image_recognise(struct str bytes)
{
	return bytes.n >= MAGIC_N && memcmp(bytes.at, magic, MAGIC_N) == 0;
}

/* Writing: the same walk twice, first to number the strings, then to put words. */

struct writer {
	struct arena *arena;
	struct text *out;	/* NULL in the first walk */
	struct map known;
	VEC(struct str) strings;	/* each once, in the order they were met */
	VEC(uint32_t) met;	/* index into strings for each time that one was met */
	size_t met_again;	/* in the second walk */
	uint32_t *rank;		/* where in the sorted table each of `strings` is */
};

static void put_word(struct writer *w, uint64_t word)
{
	BUG_IF(word > UINT32_MAX, "a schedule too large for an image");
	if (!w->out)
		return;
	char bytes[WORD_N];
	for (int i = 0; i < WORD_N; i++)
		bytes[i] = (char)(word >> (8 * i));
	text_add(w->out, (struct str){ bytes, WORD_N });
}

static void put_string(struct writer *w, struct str s)
{
	if (w->out) {
		put_word(w, w->rank[w->met.at[w->met_again++]]);
		return;
	}
	uint32_t *found = map_find(&w->known, s), index = found ? *found : (uint32_t)w->strings.n;
	if (!found) {
		map_add(w->arena, &w->known, s, index);
		*VEC_ADD(w->arena, &w->strings) = s;
	}
	*VEC_ADD(w->arena, &w->met) = index;
}

static void put_strings(struct writer *w, struct str_list list)
{
	put_word(w, list.n);
	for (size_t i = 0; i < list.n; i++)
		put_string(w, list.at[i]);
}

static void put_indices(struct writer *w, struct index_list list)
{
	put_word(w, list.n);
	for (size_t i = 0; i < list.n; i++)
		put_word(w, list.at[i]);
}

static void put_code(struct writer *w, struct code code)
{
	put_word(w, code.n);
	for (size_t i = 0; i < code.n; i++) {
		put_word(w, code.at[i].op);
		put_word(w, code.at[i].operand);
	}
}

static void put_field(struct writer *w, const struct field *field, void *row)
{
	const void *at = field_at(field, row);
	switch (field->kind) {
	case FIELD_STRING:
		put_string(w, *(const struct str *)at);
		break;
	case FIELD_STRINGS:
		put_strings(w, *(const struct str_list *)at);
		break;
	case FIELD_NUMBER:
	case FIELD_SECONDS:
	case FIELD_FLAG:
	case FIELD_CHOICE:
	case FIELD_COMMAND:
	case FIELD_POOL:
	case FIELD_RUNNER:
		put_word(w, *(const uint32_t *)at);
		break;
	case FIELD_POOLS:
	case FIELD_AGENTS:
		put_indices(w, *(const struct index_list *)at);
		break;
	case FIELD_CODE:
		put_code(w, *(const struct code *)at);
		break;
	}
}

static void put_tables(struct writer *w, const struct schedule *s)
{
	for (unsigned table = 0; table < FIELD_TABLE_COUNT; table++) {
		const struct field_record *record = field_record(table);
		struct field_rows rows = field_rows(s, table);
		if (table != FIELD_TABLE_PLAN)
			put_word(w, rows.n);
		for (size_t i = 0; i < rows.n; i++)
			for (size_t j = 0; j < record->n; j++)
				put_field(w, &record->field[j], field_row(record, rows, i));
	}
	put_strings(w, s->strings);
}

struct ranked {
	struct str s;
	uint32_t index;
};

static int ranked_compare(const void *a, const void *b)
{
	return str_compare(((const struct ranked *)a)->s, ((const struct ranked *)b)->s);
}

static void put_string_table(struct writer *w)
{
	size_t n = w->strings.n;
	struct ranked *sorted = ARENA_MANY(w->arena, n, struct ranked);
	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct ranked){ w->strings.at[i], (uint32_t)i };
	if (n)
		qsort(sorted, n, sizeof *sorted, ranked_compare);
	w->rank = ARENA_MANY(w->arena, n, uint32_t);
	put_word(w, n);
	for (size_t i = 0; i < n; i++) {
		w->rank[sorted[i].index] = (uint32_t)i;
		put_word(w, sorted[i].s.n);
	}
	for (size_t i = 0; i < n; i++)
		text_add(w->out, sorted[i].s);
}

static void put_hash(struct text *out, size_t from)
{
	uint64_t hash = str_hash(str_slice(text_str(out), from, out->n));
	for (int i = 0; i < HASH_N; i++)
		text_add_byte(out, (char)(hash >> (8 * i)));
}

void image_write(const struct schedule *s, struct text *out)
{
	struct arena arena = { 0 };
	struct writer w = { &arena };
	size_t from = out->n;
	put_tables(&w, s);
	w.out = out;
	text_add(out, (struct str){ magic, MAGIC_N });
	put_word(&w, IMAGE_VERSION);
	put_string_table(&w);
	while ((out->n - from) % WORD_N)
		text_add_byte(out, 0);
	put_tables(&w, s);
	put_hash(out, from);
	arena_release(&arena);
}

/* Reading. Once `ended`, everything that is read is 0 and lists are empty. */

struct reader {
	struct arena *arena;
	struct str bytes;	/* without the hash */
	size_t at;
	struct str_list strings;
	bool *used;		/* by string */
	bool padding;		/* something other than zeros after the strings */
	bool ended;
};

static uint32_t get_word(struct reader *r)
{
	if (r->ended || r->bytes.n - r->at < WORD_N) {
		r->ended = true;
		return 0;
	}
	const unsigned char *b = (const unsigned char *)r->bytes.at + r->at;
	r->at += WORD_N;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* A count of things that take at least `words` words each: no more than there are bytes left. */
static size_t get_count(struct reader *r, size_t words)
{
	size_t count = get_word(r);
	if (count > (r->bytes.n - r->at) / (words * WORD_N))
		r->ended = true;
	return r->ended ? 0 : count;
}

static struct str get_string(struct reader *r)
{
	uint32_t index = get_word(r);
	if (index >= r->strings.n) {
		r->ended = true;
		return (struct str){ "", 0 };
	}
	r->used[index] = true;
	return r->strings.at[index];
}

static struct str_list get_strings(struct reader *r)
{
	size_t n = get_count(r, 1);
	struct str_list list = { ARENA_MANY(r->arena, n, struct str), n };
	for (size_t i = 0; i < n; i++)
		list.at[i] = get_string(r);
	return list;
}

static struct index_list get_indices(struct reader *r)
{
	size_t n = get_count(r, 1);
	struct index_list list = { ARENA_MANY(r->arena, n, uint32_t), n };
	for (size_t i = 0; i < n; i++)
		list.at[i] = get_word(r);
	return list;
}

static struct code get_code(struct reader *r)
{
	size_t n = get_count(r, 2);
	struct code code = { ARENA_MANY(r->arena, n, struct instruction), n };
	for (size_t i = 0; i < n; i++) {
		uint32_t op = get_word(r);
		if (op >= OP_COUNT)
			r->ended = true;
		code.at[i].op = r->ended ? 0 : (enum op)op;
		code.at[i].operand = get_word(r);
	}
	return code;
}

static void get_field(struct reader *r, const struct field *field, void *row)
{
	void *at = field_at(field, row);
	switch (field->kind) {
	case FIELD_STRING:
		*(struct str *)at = get_string(r);
		break;
	case FIELD_STRINGS:
		*(struct str_list *)at = get_strings(r);
		break;
	case FIELD_NUMBER:
	case FIELD_SECONDS:
	case FIELD_FLAG:
	case FIELD_CHOICE:
	case FIELD_COMMAND:
	case FIELD_POOL:
	case FIELD_RUNNER:
		*(uint32_t *)at = get_word(r);
		break;
	case FIELD_POOLS:
	case FIELD_AGENTS:
		*(struct index_list *)at = get_indices(r);
		break;
	case FIELD_CODE:
		*(struct code *)at = get_code(r);
		break;
	}
}

static void get_string_table(struct reader *r)
{
	size_t n = get_count(r, 1);
	struct str_list list = { ARENA_MANY(r->arena, n, struct str), n };
	for (size_t i = 0; i < n; i++)
		list.at[i].n = get_word(r);
	for (size_t i = 0; i < n && !r->ended; i++) {
		if (list.at[i].n > r->bytes.n - r->at) {
			r->ended = true;
			break;
		}
		list.at[i].at = r->bytes.at + r->at;
		r->at += list.at[i].n;
	}
	for (; r->at % WORD_N && r->at < r->bytes.n; r->at++)
		r->padding |= r->bytes.at[r->at] != 0;
	if (!r->ended)
		r->strings = list;
	r->used = ARENA_MANY(r->arena, r->strings.n, bool);
}

static void get_tables(struct reader *r, struct schedule *s)
{
	for (unsigned table = 0; table < FIELD_TABLE_COUNT && !r->ended; table++) {
		const struct field_record *record = field_record(table);
		size_t n = table == FIELD_TABLE_PLAN ? 1 : get_count(r, record->n);
		struct field_rows rows = field_rows_make(r->arena, s, table, n);
		for (size_t i = 0; i < rows.n; i++)
			for (size_t j = 0; j < record->n; j++)
				get_field(r, &record->field[j], field_row(record, rows, i));
	}
	s->strings = get_strings(r);
}

/* Is this what image_write would have written? */
static bool is_canonical(const struct reader *r)
{
	for (size_t i = 0; i < r->strings.n; i++)
		if (!r->used[i] || (i && str_compare(r->strings.at[i - 1], r->strings.at[i]) >= 0))
			return false;
	return r->at == r->bytes.n && !r->padding;
}

static bool check_frame(struct reader *r, struct str bytes, struct fail *fail)
{
	if (!image_recognise(bytes))
		return fail_set(
			fail, "this is not an image of a schedule: it does not begin with `orchb`; "
			      "images are made with `orchc build`");
	if (bytes.n < HEADER_N + HASH_N)
		return fail_set(
			fail, "the image is cut off after %zu bytes; build it again from the plan",
			bytes.n);
	*r = (struct reader){ r->arena, str_slice(bytes, 0, bytes.n - HASH_N), MAGIC_N };
	uint32_t version = get_word(r);
	if (version != IMAGE_VERSION)
		return fail_set(fail, "the image has version %u, this orch reads version %u; "
				"build it again from the plan", version, (unsigned)IMAGE_VERSION);
	uint64_t hash = str_hash(r->bytes);
	for (int i = 0; i < HASH_N; i++)
		if ((unsigned char)bytes.at[r->bytes.n + (size_t)i] !=
		    (unsigned char)(hash >> (8 * i)))
			return fail_set(
				fail,
				"the image is damaged: its bytes do not give the hash at its end; "
				"build it again from the plan");
	return true;
}

bool image_read(struct arena *arena, struct str bytes, struct schedule **schedule,
		struct fail *fail)
{
	struct reader r = { arena };
	if (!check_frame(&r, bytes, fail))
		return false;
	struct schedule *s = ARENA_NEW(arena, struct schedule);
	get_string_table(&r);
	get_tables(&r, s);
	if (r.ended)
		return fail_set(
			fail,
			"the image ends too early, or refers to what is not in it, at byte %zu; "
			"build it again from the plan",
			r.at);
	if (!is_canonical(&r))
		return fail_set(
			fail,
			"the image is not as orch writes it (something in it is unused, unsorted, "
			"twice or left over); build it again from the plan");
	if (!verify_schedule(s, fail))
		return false;
	*schedule = s;
	return true;
}
