/* json.h — JSON, read whole into an arena and written straight into a text. The only user of
 * jansson.
 *
 * Reading takes any bytes: what is not one JSON value in UTF-8 is a failure. Writing always gives
 * valid JSON on one line, whatever the texts hold. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include "common/arena.h"
#include "common/fail.h"
#include "common/text.h"

enum json_kind {
	JSON_IS_NULL,
	JSON_IS_FLAG,	/* true or false */
	JSON_IS_NUMBER,	/* written without fraction and exponent */
	JSON_IS_DECIMAL,
	JSON_IS_TEXT,
	JSON_IS_LIST,
	JSON_IS_OBJECT
};
struct json {
	enum json_kind kind;
	bool flag;
	int64_t number;
	double decimal;
	struct str text;	/* may hold NUL bytes */
	struct str *key;	/* of an object's members, in their order, each different */
	struct json *at;	/* members or elements */
	size_t n;
};

/* Everything is copied to the arena. `name` is for messages: a path, "the output of …". */
bool json_read(struct arena *, struct str bytes, const char *name, struct json *, struct fail *);
/* The object's member of that key and kind; NULL when there is none. */
const struct json *json_find(const struct json *object, const char *key, enum json_kind);
/* What a path of keys, "a.b.c", leads to, of whichever kind; or NULL. */
const struct json *json_member(const struct json *, const char *path);
/* As json_find, but what is not there is empty or 0. */
struct str json_find_text(const struct json *object, const char *key);
int64_t json_find_number(const struct json *object, const char *key);

/* Writing. `key` is NULL inside a list and outside of everything; commas come by themselves. Bytes
 * that are no UTF-8 become U+FFFD; what a terminal would obey is escaped. */
void json_open(struct text *, const char *key, char bracket);	/* '{' or '[' */
void json_close(struct text *, char bracket);			/* '}' or ']' */
void json_write_text(struct text *, const char *key, struct str);
void json_write_number(struct text *, const char *key, int64_t);
void json_write_flag(struct text *, const char *key, bool);
void json_write_null(struct text *, const char *key);

#endif
