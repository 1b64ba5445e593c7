/* glob_oracle.c — glob.h against a second opinion that shares no code with it: a matcher written
 * the naive way over the text of a pattern, and all paths up to some length.
 *
 * Why all paths up to some length are enough. Let the weight of an alternative be, for each of its
 * names, 1 for a slash and as many as it has units besides `*`, at least 1; `**` weighs nothing,
 * and `*` is added for a slash at the end. A shortest common path of two patterns has no name that
 * neither spells out (it could be left out), and in no name a character at which both are in a `*`
 * (it could be left out, unless it is the only one). So it has at most the sum of both weights,
 * with a slash after each name. Patterns of weight W at most need paths of 2W - 1 bytes. */
#include "common/glob.h"
#include "common/vec.h"
#include "tests/lib/naive.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { SHARE = 6 };
#else
enum { SHARE = 1 };
#endif

static bool is_heavier(const char *p, const void *limit)
{
	size_t weight = 0, units = 0, names = 0;
	for (const char *s = p;; s++) {
		if (!*s || *s == '/') {
			if (s - p != 2 || strncmp(p, "**", 2) || !*s)
				weight += (units ? units : 1) + 1;
			names++;
			if (!*s)
				break;
			if (!s[1]) {
				weight += 2;
				break;
			}
			p = s + 1;
			units = 0;
		} else if (*s == '[') {
			s = strchr(s, ']');
			units++;
		} else if (*s != '*') {
			s += *s == '\\';
			units++;
		}
	}
	return weight > *(const size_t *)limit;
}

/* Random patterns */

static void random_pattern(uint64_t *random, const char *const *pieces, size_t piece_n, char *out)
{
	size_t depth = 0, n = 1 + test_random(random) % 5;
	*out = '\0';
	for (size_t i = 0; i < n; i++) {
		unsigned kind = test_random(random) % 16;
		if (kind == 0 && depth < 2) {
			strcat(out, "{");
			depth++;
		}
		strcat(out, pieces[test_random(random) % piece_n]);
		if (depth && kind == 1) {
			strcat(out, "}");
			depth--;
		}
		if (depth && (kind & 3) == 2)
			strcat(out, ",");
	}
	while (depth--)
		strcat(out, test_random(random) % 2 ? ",a}" : ",}");
}

struct sample {
	char text[64];
	struct glob glob;
	uint64_t *matches;	/* a bit for each path */
};
struct world {
	struct arena arena;
	VEC(char *) paths;
	struct sample *samples;
	size_t sample_n, words;
};

static void add_paths(struct world *w, const char *letters, char *path, size_t n, size_t longest)
{
	if (n && path[n - 1] != '/')
		*VEC_ADD(&w->arena, &w->paths) = (char *)arena_copy(&w->arena, (struct str){ path, n }).at;
	if (n == longest)
		return;
	for (const char *c = letters; *c; c++) {
		if (*c == '/' && (!n || path[n - 1] == '/'))
			continue;
		path[n] = *c;
		add_paths(w, letters, path, n + 1, longest);
	}
}

static void add_samples(struct world *w, uint64_t *random, const char *const *pieces,
			size_t piece_n, size_t heaviest, size_t wanted)
{
	w->words = (w->paths.n + 63) / 64;
	w->samples = ARENA_MANY(&w->arena, wanted, struct sample);
	while (w->sample_n < wanted) {
		struct sample *s = &w->samples[w->sample_n];
		struct glob_error error;
		random_pattern(random, pieces, piece_n, s->text);
		if (glob_parse(&w->arena, str_from(s->text), &s->glob, &error) &&
		    !naive_each(s->text, is_heavier, &heaviest))
			w->sample_n++;
	}
}

/* What it names, as both see it. */
static void check_matches(struct world *w)
{
	size_t differing = 0;
	for (size_t i = 0; i < w->sample_n; i++) {
		struct sample *s = &w->samples[i];
		s->matches = ARENA_MANY(&w->arena, w->words, uint64_t);
		for (size_t p = 0; p < w->paths.n; p++) {
			bool naive = naive_match(s->text, w->paths.at[p]);
			if (naive)
				s->matches[p / 64] |= (uint64_t)1 << p % 64;
			if (naive != glob_match(&s->glob, str_from(w->paths.at[p])) && !differing++)
				printf("\"%s\" and %s: the oracle says %d\n", s->text,
				       w->paths.at[p], naive);
		}
	}
	CHECK(!differing, "glob_match and the oracle differ");
}

static bool bits_meet(const struct world *w, const struct sample *a, const struct sample *b)
{
	for (size_t i = 0; i < w->words; i++)
		if (a->matches[i] & b->matches[i])
			return true;
	return false;
}

static bool witness_holds(const char *a, const char *b, struct str witness)
{
	return path_is_safe(witness, NULL) && naive_match(a, witness.at) &&
	       naive_match(b, witness.at);
}

static void check_meetings(struct world *w, size_t *pairs, size_t *meeting)
{
	size_t missed = 0, false_alarms = 0, bad_witness = 0;
	struct arena_mark mark = arena_mark(&w->arena);
	for (size_t i = 0; i < w->sample_n; i++) {
		for (size_t j = 0; j <= i; j++) {
			struct sample *a = &w->samples[i], *b = &w->samples[j];
			struct str witness;
			bool naive = bits_meet(w, a, b),
			     meet = glob_meet(&w->arena, &a->glob, &b->glob, &witness);
			++*pairs;
			*meeting += meet;
			missed += naive && !meet;
			false_alarms += meet && !naive;
			bad_witness += meet && !witness_holds(a->text, b->text, witness);
			if (naive != meet && missed + false_alarms == 1)
				printf("\"%s\" and \"%s\": the oracle says %d\n", a->text, b->text,
				       naive);
		}
		arena_reset(&w->arena, mark);
	}
	CHECK(!missed, "pairs that have a path in common were missed");
	CHECK(!false_alarms, "pairs without a path in common were reported");
	CHECK(!bad_witness, "witnesses that not both match");
}

static void check_world(const char *letters, const char *const *pieces, size_t piece_n,
			size_t heaviest, size_t patterns, uint64_t seed)
{
	struct world w = { .sample_n = 0 };
	char path[32];
	size_t pairs = 0, meeting = 0;
	add_paths(&w, letters, path, 0, 2 * heaviest - 1);
	add_samples(&w, &seed, pieces, piece_n, heaviest, patterns);
	check_matches(&w);
	check_meetings(&w, &pairs, &meeting);
	printf("%zu paths, %zu patterns, %zu pairs, %zu meet\n", w.paths.n, w.sample_n, pairs,
	       meeting);
	arena_release(&w.arena);
}

/* Longer patterns: whatever is claimed must be so. */
static void check_long(const char *const *pieces, size_t piece_n, size_t rounds)
{
	uint64_t random = 77;
	size_t meeting = 0, bad = 0;
	for (size_t i = 0; i < rounds; i++) {
		struct arena arena = { 0 };
		char text[2][128];
		struct glob glob[2];
		struct glob_error error;
		struct str witness;
		for (size_t k = 0; k < 2; k++) {
			char half[64];
			do {
				random_pattern(&random, pieces, piece_n, text[k]);
				random_pattern(&random, pieces, piece_n, half);
				strcat(text[k], half);
			} while (!glob_parse(&arena, str_from(text[k]), &glob[k], &error));
		}
		if (glob_meet(&arena, &glob[0], &glob[1], &witness)) {
			meeting++;
			bad += !witness_holds(text[0], text[1], witness) ||
			       !glob_match(&glob[0], witness) || !glob_match(&glob[1], witness);
		}
		arena_release(&arena);
	}
	CHECK(!bad, "a witness that not both match");
	printf("%zu pairs of long patterns, %zu meet\n", rounds, meeting);
}

/* Names that no path can have: all names up to five letters against all pairs of short patterns. A
 * shortest common name that can stand in a path is at most one character longer than the sum of
 * both weights: if it must not be the shortest of all, then some `x` where both are in a `*` frees
 * it. */
static bool naive_refused(const char *s)
{
	size_t n = strlen(s);
	if (!strcmp(s, ".") || !strcmp(s, ".."))
		return true;
	while (n > 4 && s[n - 1] == '.')
		n--;
	return (n == 4 && !strncmp(s, ".git", n)) || (n >= 6 && !strncmp(s, "git~1", 5));
}

static void check_refused(void)
{
	static const char *const pieces[] = { ".", "g",    "i",    "t",    "?",
					      "*", "[.g]", "[!x]", "[it]", "x" };
	struct world w = { .sample_n = 0 };
	char path[32];
	uint64_t random = 5;
	size_t heaviest = 3, pairs = 0, meeting = 0, refused = 0,
	       differing = 0; /* 3: two units and the slash */
	add_paths(&w, ".gitax", path, 0, 5);
	size_t n = 0;
	for (size_t i = 0; i < w.paths.n; i++) {
		differing += path_is_safe(str_from(w.paths.at[i]), NULL) ==
			     naive_refused(w.paths.at[i]);
		refused += naive_refused(w.paths.at[i]);
		if (!naive_refused(w.paths.at[i]))
			w.paths.at[n++] = w.paths.at[i];
	}
	w.paths.n = n;
	CHECK(!differing, "path_is_safe and the oracle differ");
	CHECK(refused == 4, "., .., .git and .git. are the refused ones");
	add_samples(&w, &random, pieces, sizeof pieces / sizeof *pieces, heaviest, 400 / SHARE);
	check_matches(&w);
	check_meetings(&w, &pairs, &meeting);
	printf("refused names: %zu pairs, %zu meet\n", pairs, meeting);
	arena_release(&w.arena);
}

int main(void)
{
	static const char *const pieces[] = { "a",    "b",    "*",   "/",     "?",    "**", "[ab]",
					      "[!a]", "[!b]", "\\a", "[a-b]", "/**/", "*/", "c" };
	static const char *const few[] = { "a", "b", "*", "/",   "/**/", "**/",
					   "a", "b", "*", "ab/", "/**",  "*a" };
	size_t piece_n = sizeof pieces / sizeof *pieces;
	check_world("abc/", pieces, piece_n, 4, 1450 / SHARE, 11);
	check_world("ab/", few, sizeof few / sizeof *few, 5, 700 / SHARE, 12);
	check_long(pieces, piece_n, 200000 / SHARE);
	check_refused();
	return test_end();
}
