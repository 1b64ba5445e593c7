/* str.c — see str.h. */
#include "common/str.h"

#include "common/fail.h"

#include <string.h>

struct str str_from(const char *z)
{
	return z ? (struct str){ z, strlen(z) } : (struct str){ "", 0 };
}

struct str str_slice(struct str s, size_t from, size_t to)
{
	BUG_IF(from > to || to > s.n, "a slice outside of its string");
	/* NULL + 0 is undefined in C, and an empty string may have no address. */
	return (struct str){ from ? s.at + from : s.at, to - from };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.at[0]))
		s.at++, s.n--;
	while (s.n && is_blank(s.at[s.n - 1]))
		s.n--;
	return s;
}

bool str_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

bool str_is(struct str s, const char *z)
{
	return str_equal(s, str_from(z));
}

int str_compare(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.at, b.at, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

int str_compare_at(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_equal(str_slice(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_equal(str_slice(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, char byte)
{
	const char *found = s.n ? memchr(s.at, byte, s.n) : NULL;
	return found ? (size_t)(found - s.at) : SIZE_MAX;
}

size_t str_find_text(struct str s, struct str needle)
{
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (str_equal(str_slice(s, i, i + needle.n), needle))
			return i;
	return SIZE_MAX;
}

bool str_split(struct str *rest, char separator, struct str *part)
{
	if (!rest->at)
		return false;
	size_t end = str_find(*rest, separator);
	if (end == SIZE_MAX) {
		*part = *rest;
		*rest = (struct str){ NULL, 0 };
	} else {
		*part = str_slice(*rest, 0, end);
		*rest = str_slice(*rest, end + 1, rest->n);
	}
	return true;
}

bool str_to_number(struct str s, uint64_t *number)
{
	uint64_t sum = 0;
	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(s.at[i] - '0');
		if (sum > (UINT64_MAX - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	*number = sum;
	return true;
}

size_t str_distance(struct str a, struct str b, size_t limit)
{
	enum { LONGEST = 64 };
	if (a.n > LONGEST || b.n > LONGEST)
		return str_equal(a, b) ? 0 : limit + 1;
	size_t row[3][LONGEST + 1];
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = last[j - 1] + (a.at[i - 1] != b.at[j - 1]);
			if (best > last[j] + 1)
				best = last[j] + 1;
			if (best > now[j - 1] + 1)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1] && best > before[j - 2] + 1)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	size_t distance = row[a.n % 3][b.n];
	return distance > limit ? limit + 1 : distance;
}

uint64_t str_hash(struct str s)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < s.n; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * 1099511628211u;
	return hash;
}
