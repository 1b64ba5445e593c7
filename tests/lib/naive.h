/* naive.h — the second opinion on which paths a pattern matches: written the naive way over the text
 * of a pattern, sharing no code with common/glob.c. For patterns and paths of less than 256 bytes,
 * both well formed. */
#ifndef TESTS_LIB_NAIVE_H
#define TESTS_LIB_NAIVE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A set is of characters: a byte that is none is in no set, negated or not. */
static inline bool naive_set_has(const char *set, const char *end, char c, int unit)
{
	if (unit == 1 && (unsigned char)c >= 0x80)
		return false;
	bool negated = *set == '!', found = false;
	for (const char *s = set + negated; s < end; s++) {
		if (s + 2 < end && s[1] == '-') {
			found |= s[0] <= c && c <= s[2];
			s += 2;
		} else {
			found |= *s == c;
		}
	}
	return c != '/' && found != negated;
}

/* The bytes of the character that a text begins with; what is no UTF-8 is one byte. */
static inline int naive_unit(const char *s, const char *end)
{
	unsigned char c = (unsigned char)*s;
	int n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
	for (int i = 1; i < n; i++)
		if (s + i >= end || ((unsigned char)s[i] & 0xC0) != 0x80)
			return 1;
	return n;
}

static inline bool naive_name(const char *p, const char *p_end, const char *s, const char *s_end)
{
	if (p == p_end)
		return s == s_end;
	if (*p == '*')
		return naive_name(p + 1, p_end, s, s_end) ||
		       (s < s_end && naive_name(p, p_end, s + 1, s_end));
	if (s == s_end)
		return false;
	int unit = naive_unit(s, s_end);
	if (*p == '?')
		return naive_name(p + 1, p_end, s + unit, s_end);
	if (*p == '[') {
		const char *end = strchr(p, ']');
		return naive_set_has(p + 1, end, *s, unit) &&
		       naive_name(end + 1, p_end, s + unit, s_end);
	}
	p += *p == '\\';
	return *p == *s && naive_name(p + 1, p_end, s + 1, s_end);
}

static inline const char *naive_name_end(const char *s)
{
	return s + strcspn(s, "/");
}

/* p and s are NULL once they are through. */
static inline bool naive_path(const char *p, const char *s, bool open_end)
{
	if (!p)
		return !s || open_end;
	const char *p_end = naive_name_end(p), *s_end = s ? naive_name_end(s) : NULL;
	const char *p_next = *p_end ? p_end + 1 : NULL, *s_next = s && *s_end ? s_end + 1 : NULL;
	if (p_next && !*p_next) /* "x/" is "x/" and one name or more */
		return s_next && naive_path(p_end - p == 2 && p[0] == '*' && p[1] == '*' ? NULL
											 : "",
					    s_next, true)
			       ? naive_name(p, p_end, s, s_end) ||
					 (p_end - p == 2 && !strncmp(p, "**", 2))
			       : s && !strncmp(p, "**/", 3);
	if (p_end - p == 2 && !strncmp(p, "**", 2)) {
		if (!p_next)
			return s != NULL;
		return naive_path(p_next, s, open_end) || (s && naive_path(p, s_next, open_end));
	}
	return s && naive_name(p, p_end, s, s_end) && naive_path(p_next, s_next, open_end);
}

/* Without a wildcard that is not escaped. */
static inline bool naive_is_plain(const char *p)
{
	for (; *p; p++) {
		if (strchr("*?[", *p))
			return false;
		if (*p == '\\' && p[1])
			p++;
	}
	return true;
}

static inline bool naive_simple(const char *p, const char *s)
{
	char text[256];
	while (!strncmp(p, "./", 2))
		p += 2;
	snprintf(text, sizeof text, "%s", p);
	size_t n = strlen(text);
	bool bare = naive_is_plain(p) && text[n - 1] != '/';
	if (text[n - 1] == '/') /* "x/" is "x" with "**" after it */
		snprintf(text + n, sizeof text - n, "**");
	return naive_path(text, s, bare);
}

/* Calls `each` for every alternative, taking the first brace apart and going on with the rest. */
static inline bool naive_each(const char *p, bool (*each)(const char *alternative, const void *),
			      const void *with)
{
	const char *open = p;
	while (*open && *open != '{')
		open += *open == '\\' ? 2 : 1;
	if (!*open)
		return each(p, with);
	const char *part = open + 1, *close = part;
	for (int depth = 1; depth; close++)
		depth += (*close == '{') - (*close == '}');
	for (const char *end = part; end < close; end++) {
		int depth = 0;
		while (depth || (*end != ',' && *end != '}')) {
			depth += (*end == '{') - (*end == '}');
			end++;
		}
		char text[256];
		snprintf(text, sizeof text, "%.*s%.*s%s", (int)(open - p), p, (int)(end - part),
			 part, close);
		if (naive_each(text, each, with))
			return true;
		part = end + 1;
	}
	return false;
}

static inline bool naive_simple_matches(const char *alternative, const void *path)
{
	return naive_simple(alternative, path);
}

static inline bool naive_match(const char *pattern, const char *path)
{
	return naive_each(pattern, naive_simple_matches, path);
}

static inline bool naive_simple_names(const char *p, const void *path)
{
	const char *s = path;
	while (!strncmp(p, "./", 2))
		p += 2;
	for (bool plain = naive_is_plain(p); plain && *p && *s; p++, s++) {
		p += *p == '\\' && p[1];
		if (*p != *s)
			return false;
	}
	return !*p && !*s;
}

/* Is the path one that the pattern spells out? */
static inline bool naive_names(const char *pattern, const char *path)
{
	return naive_each(pattern, naive_simple_names, path);
}

#endif
