/* proof.c — overlaps of random plans, against every pair of patterns and a search for every pair of
 * agents. */
#include "schedule/proof.h"

#include "common/glob.h"
#include "common/graph.h"
#include "tests/unit/test.h"

#include <string.h>

enum { AGENTS = 9, PATTERNS = 4 };
#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 3000 };
#else
enum { ROUNDS = 20000 };
#endif

struct plan {
	struct arena arena;
	struct proof_agent agents[AGENTS];
	struct str patterns[AGENTS][PATTERNS];
	struct glob globs[AGENTS][PATTERNS];
	uint32_t after[AGENTS][AGENTS];
	size_t n;
	bool reach[AGENTS][AGENTS];
};

static const char *const heads[] = { "",    "",   "",      "**/",   "*/",       "a/", "b/",
				     "a*/", "?/", "a/**/", "**/a/", "{a,b/c}/", "./", "**/*/" };
static const char *const tails[] = { "a", "b",  "c",  "ab",  "*",     "a*",    "*b",  "[ab]",
				     "?", "**", "a/", "b/c", "{a,b}", "[!a]*", "*a*", "\\a" };

static struct str random_pattern(struct plan *p, uint64_t *random)
{
	const char *head = heads[test_random(random) % (sizeof heads / sizeof *heads)];
	const char *tail = tails[test_random(random) % (sizeof tails / sizeof *tails)];
	return arena_format(&p->arena, "%s%s", head, tail);
}

static void close_over(struct plan *p)
{
	memset(p->reach, 0, sizeof p->reach);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->agents[i].after_n; k++)
			p->reach[p->after[i][k]][i] = true;
	for (size_t k = 0; k < p->n; k++)
		for (size_t i = 0; i < p->n; i++)
			for (size_t j = 0; j < p->n; j++)
				p->reach[i][j] |= p->reach[i][k] && p->reach[k][j];
}

/* Edges go from lower to higher in a random order of the agents. */
static void random_plan(struct plan *p, uint64_t *random)
{
	uint32_t name[AGENTS];
	struct glob_error error;
	unsigned density = 1 + test_random(random) % 4;
	*p = (struct plan){ .n = 2 + test_random(random) % (AGENTS - 1) };
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t k = test_random(random) % (i + 1);
		name[i] = name[k];
		name[k] = i;
	}
	for (size_t i = 0; i < p->n; i++) {
		struct proof_agent *agent = &p->agents[name[i]];
		*agent = (struct proof_agent){ { p->patterns[name[i]], test_random(random) % (PATTERNS + 1) }, p->after[name[i]], 0 };
		for (size_t k = 0; k < i; k++)
			if (test_random(random) % 5 < density)
				p->after[name[i]][agent->after_n++] = name[k];
		for (size_t k = 0; k < agent->patterns.n; k++) {
			p->patterns[name[i]][k] = random_pattern(p, random);
			if (!glob_parse(&p->arena, p->patterns[name[i]][k], &p->globs[name[i]][k],
					&error))
				CHECK(false, "a pattern that is not well formed");
		}
	}
	close_over(p);
}

static bool own_in_common(struct plan *p, size_t a, size_t b)
{
	for (size_t i = 0; i < p->agents[a].patterns.n; i++)
		for (size_t k = 0; k < p->agents[b].patterns.n; k++)
			if (glob_meet(&p->arena, &p->globs[a][i], &p->globs[b][k], NULL))
				return true;
	return false;
}

static bool overlaps(struct plan *p, size_t a, size_t b)
{
	return !p->reach[a][b] && !p->reach[b][a] && own_in_common(p, a, b);
}

/* Is every pattern owned by one agent only? Those that could be written in another way do not
 * count. */
static bool owned_apart(const struct plan *p)
{
	for (size_t a = 0; a < p->n; a++)
		for (size_t i = 0; i < p->agents[a].patterns.n; i++) {
			struct str pattern = p->patterns[a][i];
			if (str_find(pattern, '{') != SIZE_MAX ||
			    str_find(pattern, '\\') != SIZE_MAX || str_starts(pattern, STR("./")) ||
			    str_ends(pattern, STR("**")))
				return false;
			for (size_t b = 0; b < a; b++)
				for (size_t k = 0; k < p->agents[b].patterns.n; k++)
					if (str_equal(pattern, p->patterns[b][k]))
						return false;
		}
	return true;
}

static bool report_holds(struct plan *p, const struct proof *proof, size_t i)
{
	const struct proof_overlap *o = &proof->at[i];
	return o->a < o->b && overlaps(p, o->a, o->b) &&
	       glob_match(&p->globs[o->a][o->pattern_a], o->witness) &&
	       glob_match(&p->globs[o->b][o->pattern_b], o->witness) &&
	       (!i || o[-1].a < o->a || (o[-1].a == o->a && o[-1].b < o->b));
}

/* Do the meets have every overlap, and nothing but agents that own a path in common? */
static bool meets_hold(struct plan *p, const struct proof *proof)
{
	bool met[AGENTS][AGENTS] = { { false } }, holds = !proof->meet_n == !proof->n;
	for (size_t i = 0; i < proof->meet_n; i++) {
		const struct proof_row *x = &proof->row[proof->meet[i].x],
				       *y = &proof->row[proof->meet[i].y];
		for (size_t a = 0; a < x->n; a++)
			for (size_t b = 0; b < y->n; b++) {
				uint32_t s = x->agent[a], t = y->agent[b];
				met[s][t] = met[t][s] = true;
				holds &= s == t || glob_meet(&p->arena, &p->globs[s][x->pattern[a]],
							     &p->globs[t][y->pattern[b]], NULL);
			}
	}
	for (size_t a = 0; a < p->n; a++)
		for (size_t b = 0; b < a; b++)
			holds &= !overlaps(p, a, b) || met[a][b];
	return holds;
}

/* The order that the proof works with. */
static void order_of(struct plan *p, uint32_t *place)
{
	struct graph_edge edges[AGENTS * AGENTS];
	uint32_t order[AGENTS];
	size_t n = 0;
	for (uint32_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->agents[i].after_n; k++)
			edges[n++] = (struct graph_edge){ p->after[i][k], i };
	struct graph g = graph_make(&p->arena, (uint32_t)p->n, edges, n);
	graph_order(&g, order);
	for (uint32_t i = 0; i < p->n; i++)
		place[order[i]] = i;
}

/* With an `after` for each report, nothing is left. */
static bool reports_suffice(struct plan *p, const struct proof *proof)
{
	uint32_t place[AGENTS];
	order_of(p, place);
	for (size_t i = 0; i < proof->n; i++) {
		uint32_t a = proof->at[i].a, b = proof->at[i].b, last = place[a] < place[b] ? b : a;
		p->after[last][p->agents[last].after_n++] = a + b - last;
	}
	close_over(p);
	for (size_t a = 0; a < p->n; a++)
		for (size_t b = a + 1; b < p->n; b++)
			if (overlaps(p, a, b))
				return false;
	return true;
}

static void check_random(void)
{
	uint64_t random = 21;
	size_t clean = 0, apart = 0, untrue = 0, missed = 0, left = 0, unmet = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct plan p;
		struct proof proof;
		struct fail fail;
		random_plan(&p, &random);
		if (!proof_make(&p.arena, p.agents, p.n, &proof, &fail)) {
			CHECK(false, fail.text);
			continue;
		}
		for (size_t i = 0; i < proof.n; i++)
			untrue += !report_holds(&p, &proof, i);
		unmet += !meets_hold(&p, &proof);
		size_t truly = 0;
		for (size_t a = 0; a < p.n; a++)
			for (size_t b = a + 1; b < p.n; b++)
				truly += overlaps(&p, a, b);
		missed += (owned_apart(&p) ? proof.n != truly : !proof.n != !truly);
		apart += owned_apart(&p) && truly;
		clean += !truly;
		left += !reports_suffice(&p, &proof);
		arena_release(&p.arena);
	}
	CHECK(!untrue, "a report that is not so");
	CHECK(!missed, "an overlap that is not reported");
	CHECK(!unmet, "the meets have every overlap, and nothing that shares no path");
	CHECK(!left, "an overlap is left once every report has its `after`");
	CHECK(apart > ROUNDS / 60 && clean > ROUNDS / 30, "plans of all kinds are tried");
	printf("%d plans, %zu without overlaps, %zu with, each of its own pattern\n", ROUNDS, clean,
	       apart);
}

/* k owners of one file in a chain have nothing to be asked, and without it k - 1 places are
 * named. */
static void check_row(void)
{
	enum { K = 400 };
	struct arena arena = { 0 };
	struct proof_agent *agents = ARENA_MANY(&arena, K, struct proof_agent);
	uint32_t *after = ARENA_MANY(&arena, K, uint32_t);
	struct str pattern = STR("src/app.py"), folder = STR("src/");
	struct proof proof;
	struct fail fail;
	for (uint32_t i = 0; i < K; i++) {
		after[i] = i - 1;
		agents[i] =
			(struct proof_agent){ { i % 2 ? &pattern : &folder, 1 }, &after[i], i > 0 };
	}
	CHECK(proof_make(&arena, agents, K, &proof, &fail) && !proof.n, "a chain of owners");
	agents[200].after_n = 0;
	CHECK(proof_make(&arena, agents, K, &proof, &fail) && proof.n, "a chain that is broken");
	for (uint32_t i = 0; i < K; i++)
		agents[i] = (struct proof_agent){ { &pattern, 1 }, NULL, 0 };
	CHECK(proof_make(&arena, agents, K, &proof, &fail) && proof.n == K - 1 &&
		      str_is(proof.at[0].witness, "src/app.py"),
	      "a place for each pair of neighbours");
	arena_release(&arena);
}

static void check_refused(void)
{
	struct arena arena = { 0 };
	struct str good = STR("a"), bad = STR("a**");
	uint32_t self = 0, none = 7;
	struct proof_agent agents[2] = { { { &good, 1 } }, { { &bad, 1 } } };
	struct proof proof;
	struct fail fail;
	CHECK(!proof_make(&arena, agents, 2, &proof, &fail) && strstr(fail.text, "a**"),
	      "a bad pattern");
	agents[1] = (struct proof_agent){ { &good, 1 }, &none, 1 };
	CHECK(!proof_make(&arena, agents, 2, &proof, &fail) && strstr(fail.text, "agent 7"),
	      "an index out of range");
	agents[0] = (struct proof_agent){ { &good, 1 }, &self, 1 };
	CHECK(!proof_make(&arena, agents, 1, &proof, &fail) && strstr(fail.text, "circle"),
	      "a circle");
	CHECK(proof_make(&arena, agents, 0, &proof, &fail) && !proof.n, "no agents");
	arena_release(&arena);
}

int main(void)
{
	check_random();
	check_row();
	check_refused();
	return test_end();
}
