/* gate.c — what is said of a result; and the rules on folders against their promise: results that
 * pass combine in any order. */
#include "common/glob.h"
#include "runtime/gate.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static struct fail fail;

/* --- sentences --- */

static struct oid oid_of(char digit)
{
	struct oid oid;
	memset(oid.hex, digit, 40);
	oid.hex[40] = 0;
	return oid;
}

static struct harvest_change changed(const char *path, bool owned, bool before, bool after)
{
	return (struct harvest_change){ .path = str_from(path),
					.mode_before = before ? 0100644 : 0,
					.mode_after = after ? 0100644 : 0,
					.before = before ? oid_of('1') : (struct oid){ "" },
					.after = after ? oid_of('2') : (struct oid){ "" },
					.owned = owned };
}

/* Judges changes of one of these agents; the findings as one text. */
static const char *judged_of(struct arena *arena, uint32_t agent, struct schedule_agent *agents,
			     size_t n, struct harvest_change *changes, size_t change_n,
			     const bool *created)
{
	struct schedule schedule = { .agent = agents, .agent_n = n };
	struct harvest harvest = { .at = changes,
				   .n = change_n,
				   .start_tree = oid_of('0'),
				   .tree = oid_of('0'),
				   .created = created };
	struct gate gate;
	struct text text = { 0 };
	for (size_t i = 0; i < change_n; i++)
		if (changes[i].owned && !changes[i].refused)
			harvest.tree = oid_of('9');
	gate_judge(arena, &schedule, agent, &harvest, &gate);
	for (size_t i = 0; i < gate.n; i++)
		text_addf(&text, "%s%.*s", i ? "\n" : "", STR_ARG(gate.at[i].text));
	const char *result = arena_copy(arena, text_str(&text)).at;
	text_release(&text);
	return result;
}

static const char *judged(struct arena *arena, struct schedule_agent *agents, size_t n,
			  struct harvest_change *changes, size_t change_n, const bool *created)
{
	return judged_of(arena, 0, agents, n, changes, change_n, created);
}

static bool is(const char *got, const char *want)
{
	bool same = strcmp(got, want) == 0;
	if (!same)
		printf("# got %s\n# not %s\n", got, want);
	return same;
}

static void check_sentences(struct arena *arena)
{
	uint32_t first[] = { 0 };
	struct str a_owns[] = { STR("src/a.c") }, a_creates[] = { STR("new/**") },
		   b_owns[] = { STR("lib/*/x.c"), STR("z") };
	struct schedule_agent agents[] = {
		{ .name = STR("a"),
		  .place = STR("plan.orch:12"),
		  .owns = { a_owns, 1 },
		  .creates = { a_creates, 1 } },
		{ .name = STR("b"), .place = STR("plan.orch:40"), .owns = { b_owns, 2 } },
		{ .name = STR("c"),
		  .place = STR("plan.orch:50"),
		  .after = { first, 1 },
		  .owns = { b_owns, 1 } },
	};
	bool made = true, not_made = false;
	struct harvest_change good[] = { changed("new/x", true, false, true),
					 changed("src/a.c", true, true, true) };
	CHECK(is(judged(arena, agents, 3, good, 2, &made), ""), "a good result passes");
	CHECK(
	    is(judged(arena, agents, 3, good + 1, 1, &not_made),
	       "`a` ended without making \"new/**\", which its `creates` (plan.orch:12) promises"),
	    "creates");
	CHECK(is(judged(arena, agents, 3, NULL, 0, &not_made),
		 "`a` ended and has changed nothing that it owns: an exit status of 0 is not work "
		 "done"),
	      "empty");
	struct harvest_change strays[] = { good[1], changed("z", false, true, false),
					   changed("other", false, false, true) };
	CHECK(is(judged(arena, agents, 3, strays, 3, &made),
		 "`a` deleted z, which is owned by `b` (plan.orch:40): tell `a` to leave it alone, "
		 "or give it the path and let it "
		 "come `after b`\n"
		 "`a` created other, which nobody owns: add it to `owns` of `a` (plan.orch:12), or "
		 "tell the agent to leave it alone"),
	      "strays");
	struct harvest_change refused[] = { good[1], changed("new/pipe", true, false, true) };
	refused[1].refused = "it is a device, a socket or a pipe";
	CHECK(strstr(judged(arena, agents, 3, refused, 2, &made), "new/pipe") != NULL, "refused");
	agents[0].owns.n = agents[0].creates.n = 0;
	CHECK(is(judged(arena, agents, 3, NULL, 0, NULL), ""),
	      "who owns nothing need not change anything");
}

static void check_folder_rules(struct arena *arena)
{
	struct str a_owns[] = { STR("*"), STR("lib/y/**") }, b_owns[] = { STR("lib/*.c") };
	struct schedule_agent agents[] = {
		{ .name = STR("a"), .place = STR("plan.orch:12"), .owns = { a_owns, 2 } },
		{ .name = STR("b"), .place = STR("plan.orch:40"), .owns = { b_owns, 1 } },
	};
	struct harvest_change file = changed("lib", true, false, true),
			      folder = changed("lib/y/new", true, false, true);
	CHECK(strstr(judged(arena, agents, 2, &file, 1, NULL),
		     "needs a folder for its \"lib/*.c\" (plan.orch:40)") != NULL,
	      "a file where another's pattern needs a folder");
	uint32_t first[] = { 0 };
	agents[1].after = (struct index_list){ first, 1 };
	CHECK(is(judged(arena, agents, 2, &file, 1, NULL), ""), "but not if that one comes after");
	agents[1].after.n = 0;
	a_owns[0] = STR("**/new");
	a_owns[1] = STR("z");
	b_owns[0] = STR("li?");
	CHECK(strstr(judged(arena, agents, 2, &folder, 1, NULL),
		     "may have a file by its \"li?\" (plan.orch:40)") != NULL,
	      "a folder where another may have a file");
	folder.in_folder = 3;
	CHECK(is(judged(arena, agents, 2, &folder, 1, NULL), ""),
	      "but not if the folder was there");
	folder.in_folder = 0;
	a_owns[1] = STR("lib/z");
	CHECK(is(judged(arena, agents, 2, &folder, 1, NULL), ""), "nor if the plan names it");

	/* The first may empty the folder a, the second makes a file of it, the third has a file in
	 * it. */
	struct str d_owns[] = { STR("a/a") }, e_owns[] = { STR("?") }, f_owns[] = { STR("**/zz") };
	struct schedule_agent three[] = {
		{ .name = STR("d"), .owns = { d_owns, 1 } },
		{ .name = STR("e"), .owns = { e_owns, 1 }, .after = { first, 1 } },
		{ .name = STR("f"), .owns = { f_owns, 1 } }
	};
	struct harvest_change made = changed("a", true, false, true);
	CHECK(strstr(judged_of(arena, 1, three, 3, &made, 1, NULL), "needs a folder") != NULL,
	      "a folder emptied before");
	d_owns[0] = STR("c/a");
	CHECK(is(judged_of(arena, 1, three, 3, &made, 1, NULL), ""), "and one that nobody had");
}

static void check_base(struct arena *arena, struct repo *repo)
{
	uint32_t first[] = { 0 };
	struct str a_creates[] = { STR("d/*"), STR("new") },
		   b_requires[] = { STR("a"), STR("new/x"), STR("gone/**") };
	struct schedule_agent agents[] = {
		{ .name = STR("a"), .place = STR("p:1"), .creates = { a_creates, 2 } },
		{ .name = STR("b"),
		  .place = STR("p:2"),
		  .requires = { b_requires, 3 },
		  .after = { first, 1 } },
	};
	struct schedule schedule = { .agent = agents, .agent_n = 2 };
	struct oid base;
	struct str branch;
	struct gate gate;
	CHECK(repo_base(repo, arena, STR(""), &base, &branch, &fail) &&
	      gate_base(arena, repo, &schedule, base, &gate, &fail), fail.text);
	CHECK(gate.n == 2 && str_is(gate.at[0].path, "d/*") &&
		  str_find_text(gate.at[0].text, STR("d/b")) != SIZE_MAX,
	      "creates what is there: the path is named");
	CHECK(gate.n == 2 && str_is(gate.at[1].path, "gone/**"), "requires what nothing provides");
}

/* --- the promise --- */

enum { PATHS = 14, AGENTS = 4 };
static char path_text[PATHS][8];
static const char *const patterns[] = { "a",	 "b",	    "a/a",    "a/b",	"b/a/a",
					"*",	 "?",	    "*/a",    "**/a",	"a/*",
					"a/**",	 "b/",	    "**/b",   "*/*/b",	"b/*/a",
					"{a,b}", "a/{a,b}", "**/a/b", "a/**/b", "[ab]" };
enum { PATTERNS = sizeof patterns / sizeof *patterns };
static bool matches[PATTERNS][PATHS];

struct map_tree {
	int content[PATHS];	/* 0: nothing */
};

static void name_paths(void)
{
	int n = 0;
	for (int i = 0; i < 2; i++) {
		snprintf(path_text[n++], 8, "%c", 'a' + i);
		for (int j = 0; j < 2; j++) {
			snprintf(path_text[n++], 8, "%c/%c", 'a' + i, 'a' + j);
			for (int k = 0; k < 2; k++)
				snprintf(path_text[n++], 8, "%c/%c/%c", 'a' + i, 'a' + j, 'a' + k);
		}
	}
}

static void match_all(struct arena *arena)
{
	struct glob glob;
	struct glob_error error;
	for (int k = 0; k < PATTERNS; k++)
		for (int i = 0; i < PATHS; i++)
			matches[k][i] =
			    CHECK(glob_parse(arena, str_from(patterns[k]), &glob, &error),
				  patterns[k]) &&
			    glob_match(&glob, str_from(path_text[i]));
}

static bool above(int folder, int path)
{
	size_t n = strlen(path_text[folder]);
	return strncmp(path_text[folder], path_text[path], n) == 0 && path_text[path][n] == '/';
}

static bool possible(const struct map_tree *tree)
{
	for (int i = 0; i < PATHS; i++)
		for (int j = 0; j < PATHS; j++)
			if (tree->content[i] && tree->content[j] && above(i, j))
				return false;
	return true;
}

static bool owns(const struct schedule_agent *agent, int path)
{
	for (size_t i = 0; i < agent->owns.n; i++)
		for (int k = 0; k < PATTERNS; k++)
			if (agent->owns.at[i].at == patterns[k] && matches[k][path])
				return true;
	return false;
}

/* A plan of a few agents in which those that may run at the same time own no path in common. */
static bool random_plan(struct arena *arena, uint64_t *seed, struct schedule_agent *agents,
			struct schedule *schedule)
{
	static struct str name[AGENTS] = { { "k", 1 }, { "l", 1 }, { "m", 1 }, { "n", 1 } };
	*schedule = (struct schedule){ .agent = agents, .agent_n = AGENTS };
	for (uint32_t i = 0; i < AGENTS; i++) {
		struct str *list = ARENA_MANY(arena, 2, struct str);
		uint32_t *after = ARENA_MANY(arena, AGENTS, uint32_t);
		agents[i] = (struct schedule_agent){ .name = name[i],
						     .owns = { list, 1 + test_random(seed) % 2 },
						     .after = { after, 0 } };
		for (size_t j = 0; j < agents[i].owns.n; j++)
			list[j] = str_from(patterns[test_random(seed) % PATTERNS]);
		for (uint32_t j = 0; j < i; j++)
			if (test_random(seed) % 3 == 0)
				after[agents[i].after.n++] = j;
	}
	for (uint32_t i = 0; i < AGENTS; i++) {
		struct index_list before = schedule_ancestors(arena, schedule, i);
		bool is_before[AGENTS] = { false };
		for (size_t j = 0; j < before.n; j++)
			is_before[before.at[j]] = true;
		for (uint32_t j = 0; j < i; j++)
			for (int p = 0; p < PATHS; p++)
				if (!is_before[j] && owns(&agents[i], p) && owns(&agents[j], p))
					return false;
	}
	return true;
}

/* Some changes of owned paths only, after which the tree is one. */
static struct map_tree random_work(const struct schedule_agent *agent, struct map_tree start,
				   uint64_t *seed)
{
	struct map_tree result = start;
	for (int n = 0; n < 6; n++) {
		struct map_tree next = result;
		int path = (int)(test_random(seed) % PATHS);
		bool add = test_random(seed) % 3 != 0;
		for (int i = 0; i < PATHS && add; i++)
			if ((above(i, path) || above(path, i)) && owns(agent, i))
				next.content[i] = 0;
		next.content[path] = add ? 1 + (int)(test_random(seed) % 3) : 0;
		if (owns(agent, path) && possible(&next))
			result = next;
	}
	return result;
}

static bool passes(struct arena *arena, const struct schedule *schedule, uint32_t agent,
		   const struct map_tree *start, const struct map_tree *result)
{
	struct harvest harvest = { .at = ARENA_MANY(arena, PATHS, struct harvest_change),
				   .start_tree = oid_of('0'),
				   .tree = oid_of('1') };
	struct gate gate;
	for (int i = 0; i < PATHS; i++) {
		if (start->content[i] == result->content[i])
			continue;
		struct harvest_change *c = &harvest.at[harvest.n++];
		*c = changed(path_text[i], true, start->content[i] != 0, result->content[i] != 0);
		for (int j = 0; j < PATHS; j++)
			for (int k = 0; k < PATHS; k++)
				if ((i == j || above(j, i)) && above(j, k) && start->content[k] &&
				    strlen(path_text[j]) > c->in_folder)
					c->in_folder = strlen(path_text[j]);
	}
	gate_judge(arena, schedule, agent, &harvest, &gate);
	return gate.n == 0;
}

/* Adds to a tree what an agent did; false when the tree is none then. */
static bool combine(struct map_tree *tree, const struct map_tree *start,
		    const struct map_tree *result)
{
	for (int i = 0; i < PATHS; i++)
		if (start->content[i] != result->content[i]) {
			if (tree->content[i] != start->content[i] &&
			    tree->content[i] != result->content[i])
				return false;
			tree->content[i] = result->content[i];
		}
	return possible(tree);
}

/* All results that passed, in any order that has each after what it comes after. */
static bool combine_shuffled(struct arena *arena, const struct schedule *schedule, const bool *good,
			     struct map_tree tree, const struct map_tree *start,
			     const struct map_tree *result, uint64_t *seed)
{
	bool done[AGENTS] = { false };
	for (int left = AGENTS * 8; left; left--) {
		uint32_t a = (uint32_t)(test_random(seed) % AGENTS);
		struct index_list before = schedule_ancestors(arena, schedule, a);
		bool ready = good[a] && !done[a];
		for (size_t i = 0; i < before.n; i++)
			ready = ready && done[before.at[i]];
		if (ready && !combine(&tree, &start[a], &result[a]))
			return false;
		done[a] |= ready;
	}
	return true;
}

static void check_promise(struct arena *arena)
{
	enum { CASES = 300000 };
	uint64_t seed = 5;
	int used = 0, broken = 0, stopped = 0, needless = 0;
	for (int i = 0; i < CASES; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct schedule_agent agents[AGENTS];
		struct schedule schedule;
		struct map_tree base = { { 0 } }, start[AGENTS], result[AGENTS], all, unjudged;
		bool good[AGENTS], gated = false, clash = false;
		if (!random_plan(arena, &seed, agents, &schedule)) {
			arena_reset(arena, mark);
			continue;
		}
		used++;
		for (int n = 0; n < 5; n++) {
			struct map_tree next = base;
			next.content[test_random(&seed) % PATHS] = 1;
			if (possible(&next))
				base = next;
		}
		all = unjudged = base;
		for (uint32_t a = 0; a < AGENTS; a++) {
			struct index_list before = schedule_ancestors(arena, &schedule, a);
			start[a] = base;
			good[a] = true;
			for (size_t j = 0; j < before.n; j++)
				good[a] = good[a] && good[before.at[j]];
			for (size_t j = 0; j < before.n && good[a]; j++)
				broken += !combine(&start[a], &start[before.at[j]],
						   &result[before.at[j]]);
			if (!good[a] || !possible(&start[a])) {
				good[a] = false;
				continue;
			}
			result[a] = random_work(&agents[a], start[a], &seed);
			clash |= !combine(&unjudged, &start[a], &result[a]);
			good[a] = passes(arena, &schedule, a, &start[a], &result[a]);
			gated |= !good[a];
			if (good[a] && !combine(&all, &start[a], &result[a])) {
				broken++;
				printf("# case %d: %s does not combine\n", i, agents[a].name.at);
			}
		}
		broken += !combine_shuffled(arena, &schedule, good, base, start, result, &seed);
		stopped += gated && clash;
		needless += gated && !clash;
		arena_reset(arena, mark);
	}
	printf("# %d plans; %d clashes stopped, %d only possible ones\n", used, stopped, needless);
	CHECK(broken == 0, "results that pass combine");
	CHECK(stopped > 50, "and there were clashes to stop");
}

int main(void)
{
	struct arena arena = { 0 };
	struct repo *repo;
	if (!scratch_begin("gate") || !scratch_repository() || !repo_open("r", &repo, &fail))
		return 1;
	name_paths();
	match_all(&arena);
	check_sentences(&arena);
	check_folder_rules(&arena);
	check_base(&arena, repo);
	check_promise(&arena);
	repo_close(repo);
	arena_release(&arena);
	scratch_end();
	return test_end();
}
