/* import_place.c — see import_place.h. */
#include "compiler/import_place.h"

#include <string.h>

static bool is_one(struct str text, size_t at, const char *bytes)
{
	return at < text.n && text.at[at] && strchr(bytes, text.at[at]);
}

static size_t skip(struct str text, size_t at, const char *bytes)
{
	while (is_one(text, at, bytes))
		at++;
	return at;
}

static size_t skip_white(struct str text, size_t at)
{
	return skip(text, at, " \t\r\n");
}

/* Behind the quote that closes. */
static size_t skip_string(struct str text, size_t at)
{
	for (at++; at < text.n && text.at[at] != '"'; at++)
		at += text.at[at] == '\\';
	return at < text.n ? at + 1 : text.n;
}

static size_t skip_value(struct str text, size_t at)
{
	size_t depth = 0;
	do {
		if (is_one(text, at, "\"")) {
			at = skip_string(text, at);
		} else if (is_one(text, at, "{[")) {
			depth++;
			at++;
		} else if (is_one(text, at, "}]")) {
			if (!depth)
				break;
			depth--;
			at++;
		} else if (depth) {
			at++;
		} else {
			while (at < text.n && !is_one(text, at, ",}] \t\r\n"))
				at++;
		}
	} while (depth && at < text.n);
	return at;
}

size_t import_place_start(struct str text)
{
	return skip_white(text, str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0);
}

size_t import_place_member(struct str text, size_t at, struct str key)
{
	if (!is_one(text, at, "{"))
		return IMPORT_PLACE_NONE;
	for (at = skip_white(text, at + 1); is_one(text, at, "\"");) {
		size_t end = skip_string(text, at), value = skip(text, end, " \t\r\n:");
		if (end > at + 1 && str_equal(str_slice(text, at + 1, end - 1), key))
			return value < text.n ? value : IMPORT_PLACE_NONE;
		at = skip(text, skip_value(text, value), " \t\r\n,");
	}
	return IMPORT_PLACE_NONE;
}

static size_t element(struct str text, size_t at)
{
	return at < text.n && text.at[at] != ']' ? at : IMPORT_PLACE_NONE;
}

size_t import_place_first(struct str text, size_t at)
{
	return is_one(text, at, "[") ? element(text, skip_white(text, at + 1)) : IMPORT_PLACE_NONE;
}

size_t import_place_next(struct str text, size_t at)
{
	at = skip_white(text, skip_value(text, at));
	return is_one(text, at, ",") ? element(text, skip_white(text, at + 1)) : IMPORT_PLACE_NONE;
}

struct str import_place_value(struct str text, size_t at)
{
	return at < text.n ? str_slice(text, at, skip_value(text, at))
			   : str_slice(text, text.n, text.n);
}
