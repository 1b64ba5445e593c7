/* regular.c — see regular.h. */
#include "common/regular.h"

#include <regex.h>
#include <string.h>

/* The library writes repetitions out: `((x{100}){100}){100}` takes a million of its nodes. */
enum { LONGEST = 2000, REPEATED_MOST = 1000 };

/* The product of all upper bounds of `{…}`, wherever they are, or more than is allowed. */
static uint64_t repetitions(struct str pattern)
{
	uint64_t product = 1;
	for (size_t i = 0; i < pattern.n && product <= REPEATED_MOST; i++) {
		uint64_t number = 0, most = 1;
		if (pattern.at[i] == '\\')
			i++;
		else if (pattern.at[i] == '{')
			for (i++; i < pattern.n && pattern.at[i] != '}'; i++) {
				char c = pattern.at[i];
				number = c >= '0' && c <= '9' ? number * 10 + (uint64_t)(c - '0')
							      : 0;
				most = number > most ? number : most;
				if (most > REPEATED_MOST)
					return most;
			}
		product *= most;
	}
	return product;
}

static bool refuse(struct str *why, struct str text)
{
	*why = text;
	return false;
}

bool regular_check(struct arena *arena, struct str pattern, struct str *why)
{
	regex_t regex;
	if (memchr(pattern.n ? pattern.at : "", 0, pattern.n))
		return refuse(why, STR("it has a NUL in it"));
	if (pattern.n > LONGEST)
		return refuse(why, STR("it has more than 2000 bytes"));
	if (repetitions(pattern) > REPEATED_MOST)
		return refuse(why,
			      STR("its `{…}` repeat more than 1000 times, multiplied together"));
	int code = regcomp(&regex, arena_copy(arena, pattern).at,
			   REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (code) {
		char text[200];
		regerror(code, &regex, text, sizeof text);
		return refuse(why, arena_copy(arena, str_from(text)));
	}
	bool always = regexec(&regex, "", 0, NULL, 0) == 0;
	regfree(&regex);
	return !always || refuse(why, STR("it matches the empty text, and so everything"));
}

bool regular_find(struct arena *arena, struct str pattern, struct str text)
{
	regex_t regex;
	char *copy = (char *)arena_copy(arena, text).at;
	if (regcomp(&regex, arena_copy(arena, pattern).at, REG_EXTENDED | REG_ICASE | REG_NOSUB))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!copy[i])
			copy[i] = ' ';
	bool found = regexec(&regex, copy, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}
