/* str.h — text as a view: bytes that somebody else owns, with a length, seldom NUL-terminated. */
#ifndef COMMON_STR_H
#define COMMON_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *at;
	size_t n;	/* bytes */
};
struct str_list {
	struct str *at;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
/* For "%.*s" in formats. */
#define STR_ARG(s) (int)(s).n, (s).n ? (s).at : ""

struct str str_from(const char *z);	/* borrowed; NULL is the empty string */
struct str str_slice(struct str, size_t from, size_t to);
struct str str_trim(struct str);	/* without spaces, tabs and line ends at both ends */
bool str_equal(struct str, struct str);
bool str_is(struct str, const char *z);
int str_compare(struct str, struct str);	/* by bytes, whatever the locale */
int str_compare_at(const void *a, const void *b);	/* the same for qsort over struct str */
bool str_starts(struct str, struct str prefix);
bool str_ends(struct str, struct str suffix);
/* Where the byte first is, or SIZE_MAX. */
size_t str_find(struct str, char byte);
/* Where the text first is, or SIZE_MAX. */
size_t str_find_text(struct str, struct str needle);
/* The text up to the next `separator`, which is taken from *rest with it; false at the end. */
bool str_split(struct str *rest, char separator, struct str *part);
bool str_to_number(struct str, uint64_t *number);	/* decimal digits only; false on overflow */
/* How many single-byte edits (insert, delete, replace, swap of neighbours) lie between the two
 * (Damerau–Levenshtein, restricted), or `limit` + 1 when it is more than `limit`. */
size_t str_distance(struct str, struct str, size_t limit);
uint64_t str_hash(struct str);	/* FNV-1a, 64 bits: the same on every machine */

#endif
