/* uri.c — see uri.h. */
#include "lsp/uri.h"

#include "common/text.h"

#include <string.h>

static int hex(char c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						    : -1;
}

bool uri_read(struct arena *arena, struct str uri, struct str *path)
{
	struct str rest;
	if (str_starts(uri, STR("file://localhost/")))
		rest = str_slice(uri, 16, uri.n);
	else if (str_starts(uri, STR("file:///")))
		rest = str_slice(uri, 7, uri.n);
	else if (str_starts(uri, STR("file:/")) && !str_starts(uri, STR("file://")))
		rest = str_slice(uri, 5, uri.n);
	else
		return false;
	char *at = arena_take(arena, rest.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < rest.n && rest.at[i] != '?' && rest.at[i] != '#'; i++) {
		bool escaped = rest.at[i] == '%' && i + 2 < rest.n && hex(rest.at[i + 1]) >= 0 &&
			       hex(rest.at[i + 2]) >= 0;
		at[n] = escaped ? (char)(hex(rest.at[i + 1]) * 16 + hex(rest.at[i + 2]))
				: rest.at[i];
		i += escaped ? 2 : 0;
		if (!at[n++])
			return false;
	}
	*path = (struct str){ at, n };
	return true;
}

struct str uri_write(struct arena *arena, struct str path)
{
	struct text out = { 0 };
	text_add(&out, STR("file://"));
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || (c && strchr("/-._~", c));
		if (plain)
			text_add_byte(&out, (char)c);
		else
			text_addf(&out, "%%%02X", c);
	}
	struct str uri = arena_copy(arena, text_str(&out));
	text_release(&out);
	return uri;
}
