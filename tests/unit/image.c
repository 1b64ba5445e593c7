/* image.c — images: the same bytes from the same schedule, and nothing else is taken for one. */
#include "schedule/image.h"

#include "common/glob.h"
#include "schedule/verify.h"
#include "tests/lib/schedules.h"

#include <string.h>

enum { HASH_N = 8 };

static struct str image_of(struct arena *arena, const struct schedule *s)
{
	struct text text = { 0 };
	image_write(s, &text);
	struct str bytes = arena_copy(arena, text_str(&text));
	text_release(&text);
	return bytes;
}

/* With the hash at the end made to fit, as somebody would who edits an image on purpose. */
static struct str sealed(struct str bytes)
{
	uint64_t hash = str_hash(str_slice(bytes, 0, bytes.n - HASH_N));
	for (size_t i = 0; i < HASH_N; i++)
		((char *)bytes.at)[bytes.n - HASH_N + i] = (char)(hash >> (8 * i));
	return bytes;
}

static bool reads(struct str bytes, struct fail *fail)
{
	/* In memory of exactly that size, so that reading past the end is seen by sanitizers. */
	char *exact = malloc(bytes.n + !bytes.n);
	if (bytes.n)
		memcpy(exact, bytes.at, bytes.n);
	struct arena arena = { 0 };
	struct schedule *s;
	bool fine = image_read(&arena, (struct str){ exact, bytes.n }, &s, fail);
	arena_release(&arena);
	free(exact);
	return fine;
}

static void test_round_trip(void)
{
	bool read = true, same = true, again = true;
	for (uint64_t seed = 1; seed <= 600; seed++) {
		struct arena arena = { 0 };
		struct fail fail = { "" };
		struct schedule *s = schedules_make(&arena, seed, seed % 50 ? 8 : 40), *back = NULL;
		struct str bytes = image_of(&arena, s);
		again &= str_equal(bytes, image_of(&arena, schedules_make(&arena, seed,
									  seed % 50 ? 8 : 40)));
		if (!image_read(&arena, bytes, &back, &fail)) {
			printf("seed %u: %s\n", (unsigned)seed, fail.text);
			read = false;
		} else {
			same &= str_equal(bytes, image_of(&arena, back));
		}
		arena_release(&arena);
	}
	CHECK(read, "what was written is read");
	CHECK(same, "and gives the same bytes");
	CHECK(again, "the same schedule, made twice, gives the same bytes");
}

static void test_damage(void)
{
	bool cut = true, flipped = true, longer = true;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct arena arena = { 0 };
		struct fail fail;
		struct str bytes = image_of(&arena, schedules_make(&arena, seed, 3));
		for (size_t n = 0; n < bytes.n; n++)
			cut &= !reads(str_slice(bytes, 0, n), &fail);
		for (size_t i = 0; i < bytes.n; i++) {
			((char *)bytes.at)[i] ^= (char)(1 << (i + seed) % 8);
			flipped &= !reads(bytes, &fail);
			((char *)bytes.at)[i] ^= (char)(1 << (i + seed) % 8);
		}
		struct str more = { ARENA_MANY(&arena, bytes.n + 4, char), bytes.n + 4 };
		memcpy((char *)more.at, bytes.at, bytes.n);
		longer &= !reads(more, &fail);
		arena_release(&arena);
	}
	CHECK(cut, "a part of an image is refused");
	CHECK(flipped, "an image with a bit changed is refused");
	CHECK(longer, "an image with more after it is refused");
}

static bool is_ancestor(const struct schedule *s, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < s->agent[b].after.n; i++)
		if (s->agent[b].after.at[i] == a || is_ancestor(s, a, s->agent[b].after.at[i]))
			return true;
	return false;
}

static struct str owned(const struct schedule_agent *a, size_t i)
{
	return i < a->owns.n ? a->owns.at[i] : a->creates.at[i - a->owns.n];
}

static bool patterns_meet(struct arena *arena, struct str a, struct str b)
{
	struct glob x, y;
	struct glob_error error;
	return glob_parse(arena, a, &x, &error) && glob_parse(arena, b, &y, &error) &&
	       glob_meet(arena, &x, &y, NULL);
}

/* The proof, by looking at every pair of patterns of every pair of agents. */
static bool is_proved_by_pairs(struct arena *arena, const struct schedule *s)
{
	for (uint32_t a = 0; a < s->agent_n; a++)
		for (uint32_t b = a + 1; b < s->agent_n; b++) {
			if (is_ancestor(s, a, b))
				continue;
			const struct schedule_agent *x = &s->agent[a], *y = &s->agent[b];
			for (size_t i = 0; i < x->owns.n + x->creates.n; i++)
				for (size_t j = 0; j < y->owns.n + y->creates.n; j++)
					if (patterns_meet(arena, owned(x, i), owned(y, j)))
						return false;
		}
	return true;
}

/* Each agent in each list of the plan's strand once, after what it comes after. */
static bool is_plan_in_order(const struct schedule *s)
{
	static const enum op once[] = { OP_SUBMIT, OP_AWAIT, OP_MERGE, OP_ADVANCE };
	for (size_t k = 0; k < sizeof once / sizeof *once; k++) {
		size_t seen[64] = { 0 }, n = 0;
		for (size_t i = 0; i < s->plan.code.n; i++) {
			if (s->plan.code.at[i].op != once[k])
				continue;
			uint32_t agent = s->plan.code.at[i].operand;
			if (agent >= s->agent_n || seen[agent]++)
				return false;
			for (size_t j = 0; j < s->agent[agent].after.n; j++)
				if (!seen[s->agent[agent].after.at[j]])
					return false;
			n++;
		}
		if (n != s->agent_n)
			return false;
	}
	return s->plan.code.at[s->plan.code.n - 1].op == OP_LAND;
}

static bool are_agents_whole(const struct schedule *s)
{
	static const enum op order[] = { OP_PREPARE, OP_COPY, OP_LINK,  OP_SETUP, OP_LAUNCH,
					 OP_HARVEST, OP_GATE, OP_CHECK, OP_RECORD };
	for (size_t a = 0; a < s->agent_n; a++) {
		struct code code = s->agent[a].code;
		size_t at = 0;
		for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
			bool many = order[k] == OP_COPY || order[k] == OP_LINK ||
				    order[k] == OP_SETUP || order[k] == OP_CHECK;
			if (!many && (at >= code.n || code.at[at++].op != order[k]))
				return false;
			while (many && at < code.n && code.at[at].op == order[k])
				at++;
		}
		if (at != code.n || s->agent[a].runner >= s->runner_n)
			return false;
	}
	return true;
}

/* Bytes are changed and the hash is made to fit: what is still taken must be a sound schedule, and
 * one that gives just these bytes. */
static void test_edits_at_random(void)
{
	size_t taken = 0;
	bool sound = true, same = true;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct arena arena = { 0 };
		struct str bytes = image_of(&arena, schedules_make(&arena, seed, 4));
		for (size_t i = 0; i < (bytes.n - HASH_N) * 4; i++) {
			struct arena_mark mark = arena_mark(&arena);
			struct str edited = arena_copy(&arena, bytes);
			((char *)edited.at)[i / 4] ^= (char)(i % 4 == 3 ? 0xFF
									: 1 << (i * 7 + seed) % 8);
			struct fail fail;
			struct schedule *s;
			if (image_read(&arena, sealed(edited), &s, &fail)) {
				taken++;
				same &= str_equal(edited, image_of(&arena, s));
				sound &= is_proved_by_pairs(&arena, s) && is_plan_in_order(s) &&
					 are_agents_whole(s);
			}
			arena_reset(&arena, mark);
		}
		arena_release(&arena);
	}
	CHECK(taken, "some edits are sound (of titles, say)");
	CHECK(same, "what is taken gives the same bytes");
	CHECK(sound, "what is taken is proved, in order and whole");
}

static void put(char *at, uint32_t word)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(word >> (8 * i));
}

static void test_claims(void)
{
	struct arena arena = { 0 };
	struct fail fail;
	struct str bytes = image_of(&arena, schedules_make(&arena, 5, 3));
	CHECK(image_recognise(bytes) && !image_recognise(STR("orch 1\n")) &&
		      !image_recognise(STR("")),
	      "recognised");
	put((char *)bytes.at + 8, 7);
	CHECK(!reads(sealed(bytes), &fail) && strstr(fail.text, "version 7") &&
		      strstr(fail.text, "version 4"),
	      "another version is refused by its number, naming both");
	put((char *)bytes.at + 8, IMAGE_VERSION);
	struct str longer = { ARENA_MANY(&arena, bytes.n + 4, char), bytes.n + 4 };
	memcpy((char *)longer.at, bytes.at, bytes.n - HASH_N);
	CHECK(!reads(sealed(longer), &fail), "a word more before the hash is refused");
	bool refused = true;
	for (size_t i = 12; i + HASH_N < bytes.n; i += 4) {
		struct str huge = arena_copy(&arena, bytes);
		put((char *)huge.at + i, UINT32_MAX);
		struct schedule *s;
		if (image_read(&arena, sealed(huge), &s, &fail))
			refused &= str_equal(image_of(&arena, s), huge);
	}
	CHECK(refused, "a count of 2^32 - 1 anywhere is refused, or was no count");
	size_t large = (size_t)100 << 20;
	char *junk = malloc(large);
	memset(junk, 0x5a, large);
	CHECK(!reads((struct str){ junk, large }, &fail), "junk is refused");
	memcpy(junk, bytes.at, 16);
	CHECK(!reads(sealed((struct str){ junk, large }), &fail), "junk after a header is refused");
	free(junk);
	arena_release(&arena);
}

/* A schedule by hand, in which one thing at a time is made wrong. */

struct sample {
	struct schedule schedule;
	struct schedule_pool pool[2];
	struct schedule_command command[1];
	struct schedule_runner runner[1];
	struct schedule_agent agent[3];
	struct str words[1], owns[2], env[1], paths[3];
	uint32_t after[2], tests[1], pools[2];
};

static void sample_make(struct arena *arena, struct sample *b)
{
	*b = (struct sample){
		.words = { STR("make test") },
		.owns = { STR("src/**"), STR("src/a.c") },
		.env = { STR("A=b") },
		.paths = { STR(".env"), STR("node_modules"), STR("unused") },
		.after = { 0, 1 },
		.tests = { 0 },
		.pool = { { STR("build"), 2 }, { STR("gpu"), 1 } },
	};
	b->command[0] = (struct schedule_command){
		.shell = 1, .words = { b->words, 1 }, .pool = SCHEDULE_NONE
	};
	b->runner[0] = (struct schedule_runner){
		STR("r"), { b->words, 1 }, SCHEDULE_PROMPT_STDIN, { b->env, 1 }
	};
	struct schedule_agent agent = { .place = STR("p.orch:1"), .prompt = STR("do") };
	for (size_t i = 0; i < 3; i++)
		b->agent[i] = agent;
	b->agent[0].name = b->agent[0].branch = STR("a");
	b->agent[1].name = b->agent[1].branch = STR("b");
	b->agent[2].name = b->agent[2].branch = STR("c");
	b->agent[0].owns = (struct str_list){ b->owns, 1 };
	b->agent[1].owns = (struct str_list){ b->owns + 1, 1 };
	b->agent[1].after = (struct index_list){ b->after, 1 };
	b->agent[2].after = (struct index_list){ b->after + 1, 1 };
	b->schedule = (struct schedule){
		{ STR("p"), .jobs = 1 }, .pool = b->pool, .pool_n = 2, .command = b->command, .command_n = 1,
		.runner = b->runner, .runner_n = 1, .agent = b->agent, .agent_n = 3
	};
	static const uint32_t order[] = { 0, 1, 2 };
	struct schedule_work work[3] = { { .copy = { b->paths, 1 }, .link = { b->paths + 1, 1 } } };
	schedule_lower(arena, &b->schedule, work, order, (struct index_list){ b->tests, 1 });
}

static void refused(struct sample *b, const char *message, const char *what)
{
	struct arena arena = { 0 };
	struct fail fail = { "" };
	bool fine = verify_schedule(&b->schedule, &fail);
	if (!CHECK(!fine && strstr(fail.text, message) &&
			   strstr(fail.text, "build it again from the plan"),
		   what))
		printf("    %s\n", fine ? "(taken)" : fail.text);
	if (!fine)	/* the same through an image, where it can be written */
		CHECK(!reads(image_of(&arena, &b->schedule), &fail), what);
	arena_release(&arena);
}

#define REFUSED(edit, message, what)     \
	do {                             \
		struct sample b;          \
		sample_make(&arena, &b);  \
		edit;                    \
		refused(&b, message, what); \
	} while (0)

static void test_values(void)
{
	struct arena arena = { 0 };
	struct sample fine;
	struct fail fail = { "" };
	sample_make(&arena, &fine);
	if (!CHECK(verify_schedule(&fine.schedule, &fail),
		   "the schedule that is made wrong below is right"))
		printf("    %s\n", fail.text);
	REFUSED(b.schedule.plan.jobs = 0, "`jobs` is 0", "jobs");
	REFUSED(b.schedule.plan.land_auto = 2, "neither yes nor no", "a flag");
	REFUSED(b.pool[1].count = 0, "pool `gpu`", "a pool's count");
	REFUSED(b.pool[1].name = STR("build"), "two pools named `build`", "pools of one name");
	REFUSED(b.agent[2].name = STR("a"), "two agents named `a`", "agents of one name");
	REFUSED(b.agent[2].name = STR("../a"), "the name of agent 2", "a name that is a path");
	REFUSED(b.agent[2].name = STR("a-"), "the name of agent 2",
		"a name that ends with a hyphen");
	REFUSED(b.agent[2].name = STR("a..b"), "the name of agent 2", "a name with an empty part");
	REFUSED(b.agent[2].name = STR(""), "the name of agent 2", "no name");
	REFUSED(b.agent[1].branch = STR("a b"), "agent `b`: the name of its branch has a space",
		"a branch's name");
	REFUSED(b.agent[1].branch = STR("a"), "agents `a` and `b`: their branches",
		"branches of one name");
	REFUSED(b.agent[1].branch = STR("c/x"), "agents `c` and `b`: their branches",
		"a branch in another's folder");
	REFUSED(b.agent[1].place = STR(""), "where in the plan", "no place");
	REFUSED(b.agent[1].title = STR("\xff"), "agent `b`: its `title` is not UTF-8",
		"bytes that are no text");
	REFUSED(b.agent[1].prompt = STR("a\0b"), "agent `b`: its `prompt` has a NUL",
		"a NUL in a prompt");
	REFUSED(b.agent[1].runner = 1, "a runner that is not there", "a runner");
	REFUSED(b.agent[1].sandbox = SCHEDULE_SANDBOX_COUNT, "none of the choices", "a choice");
	REFUSED(b.agent[1].timeout = UINT32_MAX, "more than ten years", "a timeout");
	REFUSED((b.pools[1] = 2, b.agent[1].pools = (struct index_list){ b.pools, 2 }),
		"pool that is not there", "pools");
	REFUSED(b.agent[1].pools = ((struct index_list){ b.pools, 2 }), "names a pool twice",
		"a pool twice");
	REFUSED(b.agent[1].after.at[0] = 1, "not there before it", "an agent after itself");
	REFUSED((b.after[1] = 0, b.agent[2].after = (struct index_list){ b.after, 2 }), "ascending",
		"an edge twice");
	REFUSED(b.env[0] = STR("=b"), "NAME=value", "an environment without a name");
	REFUSED(b.env[0] = STR("AB"), "NAME=value", "an environment without a value");
	REFUSED(b.words[0] = STR(""), "no words", "an empty command");
	REFUSED(b.command[0].words.n = 0, "no words", "a command without words");
	REFUSED(b.command[0].pool = 2, "command 0: its `pool`", "a command's pool");
	REFUSED((b.command[0].makes = (struct str_list){ b.paths, 1 }),
		"command 0: it has one of `keyed` and `makes` alone", "kept under nothing");
	REFUSED((b.paths[2] = STR("../x"), b.command[0].keyed = (struct str_list){ b.paths, 1 },
		 b.command[0].makes = (struct str_list){ b.paths + 2, 1 }),
		"command 0: entry 0 of its `makes` is not a path", "kept from outside of the tree");
	REFUSED((b.paths[2] = STR("[x"), b.command[0].makes = (struct str_list){ b.paths, 1 },
		 b.command[0].keyed = (struct str_list){ b.paths + 2, 1 }),
		"command 0: entry 0 of its `keyed` is not a pattern", "a pattern that is none");
	REFUSED(b.owns[1] = STR("../x"), "agent `b`: entry 0 of its `owns`",
		"a pattern that leaves the repository");
	REFUSED(b.owns[1] = STR("src/[a"), "agent `b`: entry 0 of its `owns`",
		"a pattern that is none");
	REFUSED(b.schedule.strings.at[0] = STR("[a"), "agent `a`: entry 0 of its `copy`",
		"a copy that is no pattern");
	REFUSED(b.schedule.strings.at[1] = STR("/etc"), "agent `a`: what its `link` names",
		"a link out of the repository");
	arena_release(&arena);
}

static void swap(struct instruction *a, struct instruction *b)
{
	struct instruction kept = *a;
	*a = *b;
	*b = kept;
}

static void test_strands(void)
{
	struct arena arena = { 0 };
	/* The agent's: prepare copy link launch harvest gate record. */
	REFUSED(b.agent[0].code.at[5].op = OP_HARVEST, "agent `a`: instruction",
		"harvested twice, not gated");
	REFUSED(swap(&b.agent[0].code.at[3], &b.agent[0].code.at[4]),
		"agent `a`: instruction 3 of its strand is "
		"`harvest`, where `launch` belongs",
		"harvested before it is launched");
	REFUSED(swap(&b.agent[0].code.at[1], &b.agent[0].code.at[2]), "agent `a`: instruction 1",
		"linked before it is copied");
	REFUSED(b.agent[1].code.n--, "agent `b`: its strand has 4", "not recorded");
	REFUSED(b.agent[1].code.n = 0, "agent `b`: its strand has 0", "an empty strand");
	REFUSED(b.agent[1].code.at[1].operand = 1, "`launch 1`, refers",
		"an operand where there is none");
	REFUSED(b.agent[0].code.at[1].operand = 2, "`copy 2`, refers",
		"a string that is not there");
	REFUSED(b.agent[1].code.at[1].op = OP_LAND, "which belongs to the plan",
		"the plan's instruction in an agent's strand");
	REFUSED(b.schedule.plan.code.at[0].op = OP_GATE, "which belongs to agents",
		"an agent's in the plan's");
	REFUSED(b.schedule.strings = ((struct str_list){ b.paths, 3 }), "first use",
		"a string that nothing uses");
	/* The plan's: submit a b c, then await, merge, test, advance for each, land. */
	REFUSED(b.schedule.plan.code.at[0].operand = 1, "agent `b` has its `submit` before `a`",
		"submitted before another");
	REFUSED(b.schedule.plan.code.at[2].operand = 1, "agent `b` has more than one `submit`",
		"submitted twice");
	REFUSED(swap(&b.schedule.plan.code.at[3], &b.schedule.plan.code.at[7]),
		"has its `await` before", "awaited before another");
	REFUSED(swap(&b.schedule.plan.code.at[4], &b.schedule.plan.code.at[8]),
		"agent `b` has its `merge` before `a`, which it "
		"comes after",
		"merged before another");
	REFUSED(b.schedule.plan.code.at[8].op = OP_AWAIT, "agent `b` has more than one `await`",
		"not merged");
	REFUSED(b.schedule.plan.code.at[8] = b.schedule.plan.code.at[4],
		"agent `a` has more than one `merge`", "merged twice");
	REFUSED(swap(&b.schedule.plan.code.at[5], &b.schedule.plan.code.at[6]),
		"instruction 5 of its strand is `advance a`, "
		"where `test 0` belongs",
		"advanced before it is tested");
	REFUSED(b.schedule.plan.code.at[9] = b.schedule.plan.code.at[15], "instruction",
		"landed within");
	REFUSED(b.schedule.plan.code.n--, "instructions", "never landed");
	REFUSED(b.schedule.plan.code.n = 0, "has no `submit`", "an empty plan");
	REFUSED(b.schedule.plan.code.at[5].operand = 1, "`test 1`, refers",
		"a test that is not there");
	arena_release(&arena);
}

static void test_metrics(void)
{
	struct arena arena = { 0 };
	struct schedule_metric metric = { .name = STR("m"), .order = SCHEDULE_ORDER_BELOW,
					  .goal = STR("1.5") };
#define METRIC(edit) (edit, b.schedule.metric = &metric, b.schedule.metric_n = 1)
	REFUSED(METRIC((void)0), "not each of 1 metrics twice", "a metric that is not measured");
	REFUSED(METRIC(metric.run = 9), "metric `m`: its `run` names a command that is not there",
		"a command that is not there");
	metric.run = 0;
	REFUSED(METRIC(metric.goal = STR("fast")), "metric `m`: its `goal` is no decimal number",
		"a goal that is no number");
	REFUSED(METRIC(metric.goal = STR("")), "metric `m`: its `goal` is no decimal number",
		"an order without a goal");
	REFUSED(METRIC((metric.order = SCHEDULE_ORDER_NONE, metric.require = 1)),
		"metric `m`: it requires a goal that it does not have", "no goal, and required");
	REFUSED(METRIC((metric.goal = STR("1"), metric.require = 0)),
		"metric `m`: its `goal` is no decimal number", "a goal without an order");
	REFUSED(METRIC(metric.name = STR("a/b")), "the name of metric 0", "a name that is a path");
#undef METRIC
	arena_release(&arena);
}

static void test_proof(void)
{
	struct arena arena = { 0 };
	REFUSED(b.agent[1].after.n = 0,
		"agents `a` and `b` may run at the same time and both own `src/a.c`",
		"the edge that made an overlap legal, taken out");
	REFUSED((b.agent[2].creates = (struct str_list){ b.owns + 1, 1 }, b.agent[2].after.n = 0),
		"`c` may run at the same time and both own `src/a.c`",
		"what an agent creates is owned as well");
	arena_release(&arena);
}

int main(void)
{
	test_round_trip();
	test_damage();
	test_edits_at_random();
	test_claims();
	test_values();
	test_strands();
	test_metrics();
	test_proof();
	return test_end();
}
