/* undo.c — what is left of a rolled-back agent: nothing. Random histories with real git objects: runs,
 * rollbacks, retries, landings and commits of the user's, in any order. After each step the
 * integration's tree and the branch's are held against maps from path to content, in which the work
 * of those that are left was put together path by path, as if the others had never been.
 *
 * $HISTORIES is how many, $FROM the first (tests/sweeps/undone). */
#include "runtime/undo.h"

#include "common/vec.h"
#include "runtime/merge.h"
#include "runtime/move.h"
#include "runtime/revert.h"
#include "runtime/splice.h"
#include "runtime/state.h"
#include "tests/lib/schedules.h"
#include "tests/unit/scratch.h"

enum { PATHS = 12, CONTENTS = 40, AGENTS = 7, STEPS = 6, OF_A_REPOSITORY = 400 };
enum { NOTHING = -1, AS_IT_WAS = -2 };
static const char *const path_text[PATHS] = { "a",     "b",       "c/a",     "c/b",
					      "c/d/a", "c/d/b",   "e/a/a/a", "e/a/b",
					      "f.txt", "g/h/i/j", "g/k",     "l" };

typedef struct {
	int at[PATHS]; /* content, or NOTHING */
} map_of;

struct history {
	struct arena arena;
	struct run run; /* as a rollback needs it: repository, schedule, row */
	struct repo *repo;
	const struct oid *content;
	const struct schedule *schedule;
	struct world world;
	uint64_t random;
	/* The journal. */
	struct machine_memory *memory;
	struct machine_strand strand;
	bool begun;
	struct oid base, ref; /* commits */
	/* What is to come out. */
	map_of base_map, trunk;
	int (*edit)[PATHS]; /* by agent: what it does to a path */
	map_of *start, *result;
	bool *in, *landed; /* by agent: merged; on the branch */
	/* Under way. */
	VEC(struct record) ended;
	uint32_t tested;
	bool testing, measuring;
	const char *wrong;
};

static struct fail fail;
static size_t rollbacks, reverts, refused, retries, landings;

static uint32_t below(struct history *h, uint32_t bound)
{
	return bound ? (uint32_t)(test_random(&h->random) >> 33) % bound : 0;
}

static void wrong(struct history *h, const char *what)
{
	if (!h->wrong)
		h->wrong = what;
}

static struct oid write_map(struct history *h, const map_of *map)
{
	struct splice_edit edits[PATHS];
	struct oid tree = { "" };
	size_t n = 0;
	for (int p = 0; p < PATHS; p++)
		if (map->at[p] != NOTHING)
			edits[n++] = (struct splice_edit){ str_from(path_text[p]), 0100644,
							   h->content[map->at[p]], false };
	if (!repo_tree_write(h->repo, &(struct repo_entries){ 0 }, &tree, &fail) ||
	    !splice_tree(h->repo, tree, edits, n, &tree, &fail))
		wrong(h, "a tree cannot be written");
	return tree;
}

static struct oid tree_of(struct history *h, struct oid commit)
{
	struct oid tree = { "" };
	if (!repo_commit_tree(h->repo, commit, &tree, &fail))
		wrong(h, "a commit cannot be read");
	return tree;
}

/* Whose it is goes into the message: an agent's and the user's are never the same commit, nor are those of
 * two attempts (attempt.c), or a landing would take the second for what was taken back. */
static struct oid commit_of(struct history *h, const char *whose, struct oid tree,
			    const struct oid *parents, size_t n)
{
	struct oid commit = { "" };
	if (!repo_commit_write(h->repo, &(struct repo_commit){ tree, parents, n, whose, 1000 },
			       &commit, &fail))
		wrong(h, "a commit cannot be written");
	return commit;
}

static void apply(map_of *map, const int *edit)
{
	for (int p = 0; p < PATHS; p++)
		if (edit[p] != AS_IT_WAS)
			map->at[p] = edit[p];
}

/* The base and the work of those that are in; they are numbered so that each comes after what it
 * builds on. */
static map_of expected(const struct history *h)
{
	map_of map = h->base_map;
	for (size_t i = 0; i < h->schedule->agent_n; i++)
		if (h->in[i])
			apply(&map, h->edit[i]);
	return map;
}

/* On all that it owns. */
static void decide_work(struct history *h, uint32_t agent)
{
	for (int p = 0; p < PATHS; p++)
		if (h->edit[agent][p] != AS_IT_WAS)
			h->edit[agent][p] = below(h, 4) ? (int)below(h, CONTENTS) : NOTHING;
}

/* A path is owned by agents of which each comes after those before it. */
static void decide_owners(struct history *h)
{
	const struct schedule *s = h->schedule;
	uint32_t last[PATHS];
	for (int p = 0; p < PATHS; p++)
		last[p] = SCHEDULE_NONE;
	for (uint32_t i = 0; i < s->agent_n; i++) {
		struct index_list before = schedule_ancestors(&h->arena, s, i);
		for (int p = 0; p < PATHS; p++) {
			bool may = last[p] == SCHEDULE_NONE;
			for (size_t j = 0; j < before.n; j++)
				may |= before.at[j] == last[p];
			h->edit[i][p] = AS_IT_WAS;
			if (!may || below(h, 3))
				continue;
			last[p] = i;
			h->edit[i][p] = NOTHING;
		}
		decide_work(h, i);
	}
}

static int64_t world_now(void *self)
{
	(void)self;
	return 0;
}

static bool world_journal(void *self, const struct world_row *rows, size_t n, struct fail *why)
{
	struct history *h = self;
	(void)why;
	for (size_t i = 0; i < n; i++) {
		struct world_row row = rows[i];
		row.message = arena_copy(&h->arena, row.message);
		if (!machine_remember(h->memory, &h->strand, &row))
			wrong(h, "a row that makes no sense");
	}
	h->begun = true;
	return true;
}

static void world_tell(void *self, const struct world_event *event)
{
	(void)self;
	(void)event;
}

static bool world_start(void *self, uint32_t agent, const struct oid *start,
			const struct oid *result, struct oid *commit, struct str *conflict,
			struct fail *why)
{
	struct history *h = self;
	return merge_start(&h->arena, h->repo, h->schedule, agent, h->base, start, result, commit,
			   conflict, why);
}

/* It is done at once. */
static bool world_launch(void *self, const struct world_attempt *attempt, struct fail *why)
{
	struct history *h = self;
	uint32_t agent = attempt->agent;
	struct index_list before = schedule_ancestors(&h->arena, h->schedule, agent);
	struct oid parent = attempt->start;
	(void)why;
	h->start[agent] = h->base_map;
	for (size_t i = 0; i < before.n; i++)
		apply(&h->start[agent], h->edit[before.at[i]]);
	h->result[agent] = h->start[agent];
	apply(&h->result[agent], h->edit[agent]);
	struct oid start = write_map(h, &h->start[agent]), tree = write_map(h, &h->result[agent]);
	if (!oid_equal(start, tree_of(h, attempt->start)))
		wrong(h,
		      "an agent starts from something else than the base and what it comes after");
	*VEC_ADD(&h->arena, &h->ended) = (struct record){
		.agent = agent,
		.attempt = attempt->attempt,
		.start = attempt->start,
		.commit = oid_equal(start, tree) ? attempt->start
						 : commit_of(h,
							     arena_format(&h->arena, "attempt %u\n",
									  attempt->attempt)
								     .at,
							     tree, &parent, 1),
	};
	return true;
}

static void world_stop(void *self, uint32_t agent)
{
	(void)agent;
	wrong(self, "somebody is stopped");
}

static bool world_find_record(void *self, uint32_t agent, uint32_t attempt, struct record *record,
			      bool *found, struct fail *why)
{
	(void)self, (void)agent, (void)attempt, (void)record, (void)why;
	return *found = false, true;
}

static bool world_keep(void *self, uint32_t agent, struct oid start, struct oid result,
		       struct fail *why)
{
	(void)self, (void)agent, (void)start, (void)result, (void)why;
	return true;
}

static bool world_combine(void *self, uint32_t agent, struct oid integration, struct oid start,
			  struct oid result, struct oid *combined, struct str *conflict,
			  struct fail *why)
{
	struct history *h = self;
	return merge_result(&h->arena, h->repo, h->schedule, agent, integration, start, result,
			    1000, combined, conflict, why);
}

static bool world_test(void *self, uint32_t agent, uint32_t command, struct oid combined,
		       struct fail *why)
{
	struct history *h = self;
	(void)command, (void)combined, (void)why;
	h->tested = agent;
	return h->testing = true;
}

static bool world_measure(void *self, uint32_t metric, bool before, struct oid commit,
			  struct fail *why)
{
	struct history *h = self;
	(void)metric, (void)why;
	if (!oid_equal(commit, before ? h->base : h->ref))
		wrong(h, "something else is measured than there is");
	return h->measuring = true;
}

static bool world_advance(void *self, struct oid before, struct oid after, struct fail *why)
{
	struct history *h = self;
	(void)why;
	if (!oid_equal(h->ref, after) && !oid_equal(h->ref, before))
		wrong(h, "the integration moves from where it is not");
	h->ref = after;
	return true;
}

static bool world_land(void *self, struct oid integration, struct str *unlanded, struct fail *why)
{
	(void)self, (void)integration, (void)unlanded, (void)why;
	return true;
}

/* A process, to its end. */
static void process(struct history *h, const bool *undo, const bool *retry)
{
	static const struct machine_options all = { 0 };
	struct machine *m = machine_new(&h->arena, h->schedule, &h->world, &all, h->base);
	bool good = !h->begun || machine_restore(m, h->memory, &h->strand, &fail);
	if (undo)
		machine_undo(m, undo);
	if (retry)
		machine_retry(m, retry);
	good = good && machine_go(m, &fail);
	while (good && !machine_finished(m)) {
		if (h->testing) {
			h->testing = false;
			machine_tested(m, h->tested, RECORD_NONE, STR(""));
		} else if (h->measuring) {
			h->measuring = false;
			machine_measured(m, RECORD_NONE, STR("1"), STR(""));
		} else if (h->ended.n) {
			struct record *record = ARENA_NEW(&h->arena, struct record);
			*record = h->ended.at[--h->ended.n];
			machine_ended(m, record);
		} else {
			wrong(h, "it waits for nothing");
			return;
		}
		good = machine_go(m, &fail);
	}
	if (!good)
		wrong(h, fail.text);
}

static bool is_merged(const struct history *h, size_t agent)
{
	const char *state = h->memory[agent].state;
	return state && strcmp(state, "merged") == 0;
}

static struct oid trunk_of(struct history *h)
{
	struct oid tip = { "" };
	if (!repo_ref_read(h->repo, "refs/heads/trunk", &tip, &fail))
		wrong(h, "the branch cannot be read");
	return tip;
}

static void judge(struct history *h)
{
	map_of map = expected(h);
	for (size_t i = 0; i < h->schedule->agent_n; i++)
		if (h->in[i] != is_merged(h, i))
			wrong(h, "somebody is merged that should not be, or the other way round");
	if (!oid_equal(write_map(h, &map), tree_of(h, h->ref)))
		wrong(h, "the integration is not that of a run without those that are out");
	if (!oid_equal(write_map(h, &h->trunk), tree_of(h, trunk_of(h))))
		wrong(h, "the branch has something else than it should");
}

static void move_trunk(struct history *h, struct oid to)
{
	bool moved;
	if (!repo_ref_move(h->repo, "refs/heads/trunk", trunk_of(h), to, "x", &moved, &fail) ||
	    !moved)
		wrong(h, "the branch cannot be moved");
}

/* The user changes a path or two. */
static void commit_something(struct history *h)
{
	struct oid tip = trunk_of(h);
	for (uint32_t n = 1 + below(h, 2); n; n--)
		h->trunk.at[below(h, PATHS)] = below(h, 4) ? (int)below(h, CONTENTS) : NOTHING;
	move_trunk(h, commit_of(h, "user\n", write_map(h, &h->trunk), &tip, 1));
}

/* What the branch and the integration come from: a run of those that have landed. */
static map_of common(const struct history *h)
{
	map_of map = h->base_map;
	for (size_t i = 0; i < h->schedule->agent_n; i++)
		if (h->in[i] && h->landed[i])
			apply(&map, h->edit[i]);
	return map;
}

/* As land.c does it. */
static void land(struct history *h)
{
	const struct oid parents[] = { trunk_of(h), h->ref };
	map_of theirs = expected(h), before = common(h), merged = h->trunk;
	struct oid tree, old;
	struct str conflict;
	bool clean = true;
	for (int p = 0; p < PATHS; p++) {
		int base = before.at[p];
		if (theirs.at[p] == base || theirs.at[p] == h->trunk.at[p])
			continue;
		clean &= h->trunk.at[p] == base;
		merged.at[p] = theirs.at[p];
	}
	if (!merge_base(&h->arena, h->repo, parents[0], parents[1], h->base, &old, &fail) ||
	    !merge_trees(&h->arena, h->repo, old, tree_of(h, parents[0]),
			 tree_of(h, h->ref), &tree, &conflict, &fail) ||
	    clean != !conflict.n) {
		wrong(h, "a landing conflicts that should not, or the other way round");
		return;
	}
	if (!clean)
		return;
	h->trunk = merged;
	move_trunk(h, commit_of(h, "landing\n", tree, parents, 2));
	for (size_t i = 0; i < h->schedule->agent_n; i++)
		h->landed[i] |= h->in[i];
	landings++;
}

/* What is left of the branch without these, the last merged first; false when something of theirs
 * was changed since. */
static bool without(const struct history *h, const bool *take, map_of *map)
{
	bool done[AGENTS + 1] = { false };
	for (;;) {
		size_t last = SIZE_MAX, n = h->schedule->agent_n;
		for (size_t i = 0; i < n; i++)
			if (take[i] && h->landed[i] && is_merged(h, i) && !done[i] &&
			    (last == SIZE_MAX ||
			     h->memory[i].merge_number > h->memory[last].merge_number))
				last = i;
		if (last == SIZE_MAX)
			return true;
		done[last] = true;
		for (int p = 0; p < PATHS; p++) {
			int result = h->result[last].at[p], start = h->start[last].at[p];
			if (result == start || map->at[p] == start)
				continue;
			if (map->at[p] != result)
				return false;
			map->at[p] = start;
		}
	}
}

static bool all_after(const struct schedule *s, bool *take)
{
	bool any = false;
	for (size_t i = 0; i < s->agent_n; i++) {
		for (size_t j = 0; j < s->agent[i].after.n; j++)
			take[i] |= take[s->agent[i].after.at[j]];
		any |= take[i];
	}
	return any;
}

static void roll_back(struct history *h)
{
	size_t n = h->schedule->agent_n;
	bool *asked = ARENA_MANY(&h->arena, n + 1, bool),
	     *want = ARENA_MANY(&h->arena, n + 1, bool), *take, any;
	struct revert revert;
	map_of map = h->trunk;
	for (size_t i = 0; i < n; i++)
		asked[i] = want[i] = h->in[i] && below(h, 4) == 0;
	if (!all_after(h->schedule, want))
		return;
	if (!undo_select(&h->arena, h->schedule, h->memory, asked, false, &take, &any, &fail)) {
		wrong(h, fail.text);
		return;
	}
	bool clean = without(h, want, &map);
	if (revert_plan(&h->run, h->memory, take, "orch rollback", &revert, &fail) != clean) {
		wrong(h, clean ? fail.text : "what was changed since is taken back");
		return;
	}
	if (!clean) {
		refused++;
		if (!strstr(fail.text, "was changed on trunk since"))
			wrong(h, fail.text);
		return;
	}
	rollbacks++;
	reverts += revert.n != 0;
	if (revert.n)
		move_trunk(h, revert.after);
	h->trunk = map;
	process(h, asked, NULL);
	for (size_t i = 0; i < n; i++)
		if (want[i])
			h->in[i] = h->landed[i] = false;
}

static void try_again(struct history *h)
{
	size_t n = h->schedule->agent_n;
	bool *asked = ARENA_MANY(&h->arena, n + 1, bool), *take, any = false;
	for (size_t i = 0; i < n; i++)
		any |= asked[i] = !h->in[i] && below(h, 2);
	if (!any || !undo_select_retry(&h->arena, h->schedule, h->memory, asked, &take, &fail))
		return;
	for (uint32_t i = 0; i < n; i++)
		if (take[i]) {
			decide_work(h, i);
			h->in[i] = true;
		}
	retries++;
	process(h, NULL, take);
}

static void begin(struct history *h, uint64_t seed, struct repo *repo, const struct oid *content)
{
	*h = (struct history){ .repo = repo, .content = content, .random = seed * 2654435769u + 1 };
	for (int i = 0; i < 8; i++)
		test_random(&h->random);
	struct schedule *s = schedules_make(&h->arena, seed, AGENTS);
	h->schedule = s;
	h->world = (struct world){ .self = h,
				   .now = world_now,
				   .journal = world_journal,
				   .tell = world_tell,
				   .start = world_start,
				   .launch = world_launch,
				   .stop = world_stop,
				   .find_record = world_find_record,
				   .keep = world_keep,
				   .combine = world_combine,
				   .test = world_test,
				   .measure = world_measure,
				   .advance = world_advance,
				   .land = world_land };
	h->memory = ARENA_MANY(&h->arena, s->agent_n + 1, struct machine_memory);
	h->edit = arena_take_many(&h->arena, s->agent_n + 1, sizeof *h->edit);
	h->start = ARENA_MANY(&h->arena, s->agent_n + 1, map_of);
	h->result = ARENA_MANY(&h->arena, s->agent_n + 1, map_of);
	h->in = ARENA_MANY(&h->arena, s->agent_n + 1, bool);
	h->landed = ARENA_MANY(&h->arena, s->agent_n + 1, bool);
	for (int p = 0; p < PATHS; p++)
		h->base_map.at[p] = below(h, 2) ? (int)below(h, CONTENTS) : NOTHING;
	h->trunk = h->base_map;
	decide_owners(h);
	h->base = h->ref = commit_of(h, "base\n", write_map(h, &h->base_map), NULL, 0);
	move_trunk(h, h->base);
	h->run = (struct run){ .repo = repo, .lock = -1, .root = repo_root(repo), .schedule = s };
	h->run.row = (struct store_run){ .id = 1,
					 .base = h->base,
					 .base_branch = STR("refs/heads/trunk"),
					 .plan = s->plan.name };
	for (size_t i = 0; i < s->agent_n; i++)
		h->in[i] = true;
}

static bool follow(uint64_t seed, struct repo *repo, const struct oid *content)
{
	struct history h;
	begin(&h, seed, repo, content);
	process(&h, NULL, NULL);
	judge(&h);
	for (int step = 0; step < STEPS && !h.wrong; step++) {
		switch (below(&h, 6)) {
		case 0: commit_something(&h); break;
		case 1: land(&h); break;
		case 2: try_again(&h); break;
		default: roll_back(&h);
		}
		judge(&h);
	}
	if (h.wrong)
		printf("history %llu: %s\n", (unsigned long long)seed, h.wrong);
	arena_release(&h.run.arena);
	arena_release(&h.arena);
	return !h.wrong;
}

/* A new repository for so many, since each makes hundreds of objects. */
static struct repo *next_repository(struct repo *last, struct oid *content)
{
	struct repo *repo;
	repo_close(last);
	if (!file_remove_tree("r", &fail) || !scratch_repository() || !repo_open("r", &repo, &fail))
		return NULL;
	for (int i = 0; i < CONTENTS; i++) {
		char text[16];
		snprintf(text, sizeof text, "content %d\n", i);
		if (!repo_blob_write(repo, str_from(text), &content[i], &fail))
			return NULL;
	}
	return repo;
}

/* Somebody moves the branch between the look and the move: nothing may be left that would take that
 * move for ours. */
static void check_lost_race(struct repo *repo, const struct oid *content)
{
	struct history h;
	struct oid note = { "" };
	begin(&h, 1, repo, content);
	struct move move = { .run = &h.run, .command = "orch land x", .ours = h.base };
	struct oid ours = commit_of(&h, "ours\n", tree_of(&h, h.base), &h.base, 1);
	bool found = move_find(&move, &fail);
	move_trunk(&h, commit_of(&h, "theirs\n", tree_of(&h, h.base), &h.base, 1));
	CHECK(found && !move_make(&move, ours, "x", &fail) && strstr(fail.text, "`orch land x` again"),
	      "a move that lost a race fails");
	CHECK(repo_ref_read(repo, move.note, &note, &fail) && oid_none(note), "and leaves no note");
	arena_release(&h.run.arena);
	arena_release(&h.arena);
}

int main(void)
{
	const char *many = getenv("HISTORIES");
	const char *from = getenv("FROM");
	uint64_t histories = many ? strtoull(many, NULL, 10) : 600;
	uint64_t first = from ? strtoull(from, NULL, 10) : 1, seed = first;
	struct oid content[CONTENTS];
	struct repo *repo = NULL;
	bool fine = scratch_begin("undo");
	for (; seed < first + histories && fine; seed++) {
		if ((seed - first) % OF_A_REPOSITORY == 0)
			repo = next_repository(repo, content);
		fine = repo && follow(seed, repo, content);
	}
	if (fine)
		check_lost_race(repo, content);
	repo_close(repo);
	scratch_end();
	printf("# %llu histories: %zu rollbacks, %zu of them on the branch too, %zu refused for later "
	       "work, %zu retries, %zu landings\n",
	       (unsigned long long)(seed - first), rollbacks, reverts, refused, retries, landings);
	CHECK(fine, "trees are those of a run without the agents that were rolled back");
	if (histories >= 500)
		CHECK(rollbacks > histories && reverts > histories / 20 &&
			      refused > histories / 100 && retries > histories / 20 &&
			      landings > histories / 5,
		      "there was some of everything");
	return test_end();
}
