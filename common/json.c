/* json.c — see json.h. Values are copied out of jansson's tree at once, so that nobody has to give
 * them back; writing needs no tree, and whether a comma is due is seen from the last byte. */
#include "common/json.h"

#include "common/utf8.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void copy_value(struct arena *arena, json_t *from, struct json *to);

static void copy_list(struct arena *arena, json_t *from, struct json *to)
{
	to->kind = JSON_IS_LIST;
	to->n = json_array_size(from);
	to->at = ARENA_MANY(arena, to->n, struct json);
	for (size_t i = 0; i < to->n; i++)
		copy_value(arena, json_array_get(from, i), &to->at[i]);
}

static void copy_object(struct arena *arena, json_t *from, struct json *to)
{
	to->kind = JSON_IS_OBJECT;
	to->at = ARENA_MANY(arena, json_object_size(from), struct json);
	to->key = ARENA_MANY(arena, json_object_size(from), struct str);
	const char *key;
	json_t *value;
	json_object_foreach(from, key, value) {
		to->key[to->n] = arena_copy(arena, str_from(key));
		copy_value(arena, value, &to->at[to->n++]);
	}
}

/* Not deeper than jansson reads, which is 2048 levels. */
static void copy_value(struct arena *arena, json_t *from, struct json *to)
{
	switch (json_typeof(from)) {
	case JSON_OBJECT:
		copy_object(arena, from, to);
		break;
	case JSON_ARRAY:
		copy_list(arena, from, to);
		break;
	case JSON_STRING:
		to->kind = JSON_IS_TEXT;
		to->text = arena_copy(
			arena, (struct str){ json_string_value(from), json_string_length(from) });
		break;
	case JSON_INTEGER:
		to->kind = JSON_IS_NUMBER;
		to->number = json_integer_value(from);
		break;
	case JSON_REAL:
		to->kind = JSON_IS_DECIMAL;
		to->decimal = json_real_value(from);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		to->kind = JSON_IS_FLAG;
		to->flag = json_is_true(from);
		break;
	case JSON_NULL:
		break;
	}
}

/* jansson 2.14 says of some allocations that fail in its lexer that what it reads is not JSON. */
static void *take(size_t n)
{
	void *got = malloc(n);
	if (!got && n)
		fail_memory();
	return got;
}

bool json_read(struct arena *arena, struct str bytes, const char *name, struct json *value,
	       struct fail *fail)
{
	json_error_t error;
	*value = (struct json){ 0 };
	json_set_alloc_funcs(take, free);
	json_t *root = json_loadb(bytes.n ? bytes.at : "", bytes.n,
				  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL,
				  &error);
	if (!root) {
		/* The reason may quote the input. */
		struct text reason = { 0 };
		json_write_text(&reason, NULL, str_from(error.text));
		fail_set(fail, "%s is not JSON (line %d, column %d): %.*s", name, error.line,
			 error.column, (int)reason.n - 2, reason.at + 1);
		text_release(&reason);
		return false;
	}
	copy_value(arena, root, value);
	json_decref(root);
	return true;
}

const struct json *json_find(const struct json *object, const char *key, enum json_kind kind)
{
	for (size_t i = 0; object->kind == JSON_IS_OBJECT && i < object->n; i++)
		if (str_is(object->key[i], key))
			return object->at[i].kind == kind ? &object->at[i] : NULL;
	return NULL;
}

const struct json *json_member(const struct json *json, const char *path)
{
	struct str rest = str_from(path), key;
	while (json && rest.n && str_split(&rest, '.', &key)) {
		const struct json *found = NULL;
		for (size_t i = 0; json->kind == JSON_IS_OBJECT && i < json->n; i++)
			if (str_equal(json->key[i], key))
				found = &json->at[i];
		json = found;
	}
	return json;
}

struct str json_find_text(const struct json *object, const char *key)
{
	const struct json *found = json_find(object, key, JSON_IS_TEXT);
	return found ? found->text : STR("");
}

int64_t json_find_number(const struct json *object, const char *key)
{
	const struct json *found = json_find(object, key, JSON_IS_NUMBER);
	return found ? found->number : 0;
}

static void write_quoted(struct text *out, struct str s)
{
	text_add_byte(out, '"');
	while (s.n) {
		size_t bytes;
		uint32_t character = utf8_decode(s, &bytes);
		if (character == UTF8_INVALID)
			text_add(out, STR("\uFFFD"));
		else if (character == '"' || character == '\\')
			text_addf(out, "\\%c", (char)character);
		else if (character == '\n')
			text_add(out, STR("\\n"));
		else if (character < 0x20 || (character >= 0x7f && character < 0xa0) ||
			 utf8_class(character) == UTF8_BIDI)
			text_addf(out, "\\u%04x", (unsigned)character);
		else
			text_add(out, str_slice(s, 0, bytes));
		s = str_slice(s, bytes, s.n);
	}
	text_add_byte(out, '"');
}

/* The comma that is due, and the key. */
static void write_key(struct text *out, const char *key)
{
	char last = out->n ? out->at[out->n - 1] : '\n';
	if (last != '\n' && last != '{' && last != '[')
		text_add_byte(out, ',');
	if (key) {
		write_quoted(out, str_from(key));
		text_add_byte(out, ':');
	}
}

void json_open(struct text *out, const char *key, char bracket)
{
	write_key(out, key);
	text_add_byte(out, bracket);
}

void json_close(struct text *out, char bracket)
{
	text_add_byte(out, bracket);
}

void json_write_text(struct text *out, const char *key, struct str s)
{
	write_key(out, key);
	write_quoted(out, s);
}

void json_write_number(struct text *out, const char *key, int64_t number)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	write_key(out, key);
	do
		digits[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		digits[--at] = '-';
	text_add(out, (struct str){ digits + at, sizeof digits - at });
}

void json_write_flag(struct text *out, const char *key, bool flag)
{
	write_key(out, key);
	text_add(out, flag ? STR("true") : STR("false"));
}

void json_write_null(struct text *out, const char *key)
{
	write_key(out, key);
	text_add(out, STR("null"));
}
