/* order.c — starting and merging: random plans, held against what can be seen by trying
 * everything. */
#include "compiler/order.h"

#include "tests/lib/plans.h"
#include "tests/unit/test.h"

enum { MOST = 9, PLANS = 1500 };

struct made {
	unsigned n;
	bool after[MOST][MOST];	/* [a][b]: a says `after b` */
	bool reach[MOST][MOST];	/* however far */
	unsigned merge[MOST], merge_n;
};

static void make(uint64_t *seed, struct made *m)
{
	*m = (struct made){ .n = 1 + (unsigned)(test_random(seed) % MOST) };
	bool circles = test_random(seed) % 4 == 0;
	for (unsigned a = 0; a < m->n; a++)
		for (unsigned b = 0; b < m->n; b++)
			m->after[a][b] = m->reach[a][b] =
				(circles ? a != b : (a * 7 + 3) % 11 > (b * 7 + 3) % 11) &&
				test_random(seed) % (circles ? 9 : 3) == 0;
	for (unsigned k = 0; k < m->n; k++)
		for (unsigned a = 0; a < m->n; a++)
			for (unsigned b = 0; b < m->n; b++)
				m->reach[a][b] = m->reach[a][b] ||
						 (m->reach[a][k] && m->reach[k][b]);
	unsigned left[MOST];
	for (unsigned i = 0; i < m->n; i++)
		left[i] = i;
	m->merge_n = (unsigned)(test_random(seed) % (m->n + 1));
	for (unsigned i = 0; i < m->merge_n; i++) {
		unsigned pick = i + (unsigned)(test_random(seed) % (m->n - i)), other = left[pick];
		left[pick] = left[i];
		m->merge[i] = left[i] = other;
	}
}

static void write_plan(const struct made *m, struct text *out)
{
	text_add(out, STR("plan p {\n  runner r\n"));
	for (unsigned i = 0; i < m->merge_n; i++)
		text_addf(out, "%sa%u%s", i ? ", " : "  merge ", m->merge[i],
			  i + 1 == m->merge_n ? "\n" : "");
	text_add(out, STR("}\nrunner r {\n  command [\"x\"]\n}\n"));
	for (unsigned a = 0; a < m->n; a++) {
		text_addf(out, "agent a%u {\n  owns \"f%u\"\n  prompt \"x\"\n", a, a);
		for (unsigned b = 0; b < m->n; b++)
			if (m->after[a][b])
				text_addf(out, "  after a%u\n", b);
		text_add(out, STR("}\n"));
	}
}

static bool has_circle(const struct made *m)
{
	for (unsigned a = 0; a < m->n; a++)
		if (m->reach[a][a])
			return true;
	return false;
}

static bool contradicts(const struct made *m)
{
	for (unsigned i = 0; i < m->merge_n; i++)
		for (unsigned j = i + 1; j < m->merge_n; j++)
			if (m->reach[m->merge[i]][m->merge[j]])
				return true;
	return false;
}

static unsigned number_of(const struct schedule *s, uint32_t agent)
{
	return (unsigned)(s->agent[agent].name.at[1] - '0');
}

/* The agents of MERGE instructions, in their order. */
static void check_merges(const struct made *m, const struct schedule *s)
{
	unsigned order[MOST], place[MOST], n = 0;
	bool merged[MOST] = { false }, needs = true, once = true, declared = true, early = true;
	for (size_t i = 0; i < s->plan.code.n; i++)
		if (s->plan.code.at[i].op == OP_MERGE)
			order[n++] = number_of(s, s->plan.code.at[i].operand);
	CHECK(n == m->n, "every agent is merged");
	for (unsigned i = 0; i < n; i++) {
		once = once && !merged[order[i]];
		merged[order[i]] = true;
		place[order[i]] = i;
		for (unsigned b = 0; b < m->n; b++)
			needs = needs && (!m->reach[order[i]][b] || merged[b]);
	}
	for (unsigned i = 1; i < m->merge_n; i++)
		declared = declared && place[m->merge[i - 1]] < place[m->merge[i]];
	/* What is not named comes early only if something that is named needs it. */
	for (unsigned a = 0; a < m->n; a++) {
		bool named = false, needed = false;
		for (unsigned i = 0; i < m->merge_n; i++) {
			named = named || m->merge[i] == a;
			needed = needed ||
				 (m->reach[m->merge[i]][a] && place[a] < place[m->merge[i]]);
		}
		for (unsigned i = 0; i < m->merge_n; i++)
			early = early && (named || needed || place[m->merge[i]] < place[a]);
	}
	CHECK(once, "no agent is merged twice");
	CHECK(needs, "an agent is merged behind all that it comes after");
	CHECK(declared, "what is named is merged in that order");
	CHECK(early, "what is not named is merged last, unless it is needed");
}

static void check_starts(const struct made *m, const struct schedule *s)
{
	bool there[MOST] = { false }, first = true;
	for (size_t i = 0; i < s->agent_n; i++) {
		unsigned a = number_of(s, (uint32_t)i);
		/* Of those that could stand here, it is the first of the plan. */
		for (unsigned b = 0; b < a; b++) {
			bool ready = !there[b];
			for (unsigned c = 0; c < m->n; c++)
				ready = ready && (!m->after[b][c] || there[c]);
			first = first && !ready;
		}
		there[a] = true;
	}
	CHECK(first, "ties are in the order of the plan");
}

int main(void)
{
	uint64_t seed = 20;
	if (!scratch_begin("order"))
		return 1;
	for (unsigned i = 0; i < PLANS; i++) {
		struct arena arena = { 0 };
		struct text text = { 0 };
		struct made m;
		struct compile c;
		make(&seed, &m);
		write_plan(&m, &text);
		bool read = CHECK(plans_compile(&arena, text.at, &c), "the plan is read");
		bool circle = has_circle(&m);
		CHECK(read && (plans_count(&c, DIAG_CYCLE) > 0) == circle,
		      "circles are found, and only those");
		CHECK(circle || (plans_count(&c, DIAG_MERGE_ORDER) > 0) == contradicts(&m),
		      "a merge order against `after` is found, and only such a one");
		CHECK((c.schedule != NULL) == (!circle && !contradicts(&m)),
		      "nothing else is wrong with it");
		if (c.schedule) {
			check_merges(&m, c.schedule);
			check_starts(&m, c.schedule);
		}
		text_release(&text);
		arena_release(&arena);
	}
	scratch_end();
	return test_end();
}
