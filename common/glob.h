/* glob.h — patterns of paths: which paths match, and do two patterns have one in common?
 *
 * The patterns of plans. `*` is any text and `?` any character inside of a name, `[a-z]` and
 * `[!a-z]` one character of a set; `**` as a whole name is any number of names, none too; `{a,b}`
 * is either; `\` takes the next character as it is. `src/`, the same as with `**` after it, is all
 * that lies under the folder. A pattern, or alternative of a brace, without wildcards is *bare*:
 * that path or, should it be a folder, all under it. One with wildcards is exact.
 *
 * A pattern is its alternatives, once braces are multiplied out; an alternative is a list of
 * segments, each one name or `**`, and what may follow them. That is public, so that many patterns
 * can be arranged to be compared at once (schedule/proof.c).
 *
 * Only paths of common/path.h are ever matched: no pattern has "a/../b" or ".git/config". */
#ifndef COMMON_GLOB_H
#define COMMON_GLOB_H

#include "common/arena.h"
#include "common/path.h"

enum { GLOB_ALTERNATIVES_MAX = 1024 };

struct glob_range {
	uint32_t low, high;	/* units of common/path.h, both included */
};
struct glob_unit {
	const struct glob_range *at;	/* ascending and apart; never '/' */
	uint32_t n;
	bool star;	/* any number of the units */
};
struct glob_segment {
	enum { GLOB_NAME, GLOB_WILD, GLOB_ANY } kind;	/* one name; one name with wildcards; `**` */
	uint32_t unit_n;
	const struct glob_unit *unit;	/* of GLOB_WILD */
	struct str text;	/* GLOB_NAME: the name. GLOB_WILD: as it is written */
	struct str head, tail;	/* what every name begins and ends with; they do not share bytes.
				 * GLOB_NAME: head is the name */
};
struct glob_alternative {
	struct glob_segment *at;	/* `**` is neither last nor twice in a row */
	size_t n;
	enum { GLOB_EXACT, GLOB_BARE, GLOB_BELOW } end;	/* these; these and all under them; all under them */
};
struct glob {
	struct glob_alternative *at;
	size_t n;	/* at least 1 */
};
struct glob_error {
	const char *text;	/* static: what is wrong and what to do, as in path.h */
	size_t offset;	/* bytes into the pattern */
};

/* The pattern of a path as people write it: `*` is a wildcard, and `[`, `]`, `?` and `\` stand for
 * themselves, since app/[id]/page.tsx is a file. In the arena. */
struct str glob_of_name(struct arena *, struct str path);

/* Reads a pattern. The result is in the arena and borrows the pattern's text. */
bool glob_parse(struct arena *, struct str pattern, struct glob *, struct glob_error *);

/* Takes time in the product of the lengths at most, whatever the pattern. */
bool glob_match(const struct glob *, struct str path);
/* One name, without slashes. */
bool glob_match_segment(const struct glob_segment *, struct str name);

/* Is there a path that both match? If so, *witness, in the arena, is a short one; it may be
 * NULL. */
bool glob_meet(struct arena *, const struct glob *a, const struct glob *b, struct str *witness);
/* Is there a name that both match, neither of them GLOB_ANY? */
bool glob_meet_segment(const struct glob_segment *, const struct glob_segment *);

/* Is `path` spelled out by the pattern as a folder, so that some of its paths have it above them
 * wherever `**` is? ("src" and "src/api" in src/api/x.py; "src" in src/ and in src/a?/b; none in
 * src.) */
bool glob_needs_folder(const struct glob *, struct str path);
/* Could something under `path` match, were it a folder? */
bool glob_meets_below(const struct glob *, struct str path);
/* Is it one path without wildcards (which as a folder has all under it)? */
bool glob_is_literal(const struct glob *);
/* Is `path` one of those that the pattern names without wildcards? */
bool glob_names(const struct glob *, struct str path);
/* The longest folder that all matching paths lie under; empty for the root. In the arena. */
struct str glob_folder(struct arena *, const struct glob *);

#endif
