/* since.c — see since.h. */
#include "cmd/orchc/since.h"

#include "cmd/orchc/mend.h"
#include "common/diag_fingerprint.h"

#include <stdio.h>

/* The repository as it was. */
struct past {
	struct repository *repository;
	struct str commit; /* hexadecimal */
	struct fail fail;  /* git's objects could not be read */
	bool failed;
};

bool since_begin(struct report *report, const struct command_line *line)
{
	report->since = command_value(line, "--since");
	if (report->since && !*report->since)
		fputs("error: --since needs a branch, tag or commit, and got an empty word\n",
		      stderr);
	else if (!report->since || !mend_wanted(line))
		return true;
	else
		fputs("error: --since leaves findings out, and --fix and --diff are about all of them: leave out one of the two\n",
		      stderr);
	return false;
}

static bool read_past(void *context, struct arena *arena, struct str path, size_t largest,
		      struct str *text, struct str *reason)
{
	struct past *past = context;
	bool found;
	if (!baseline_file(&past->repository->baseline, arena, past->commit, path, text, &found,
			   &past->fail)) {
		past->failed = true;
		*reason = str_from(past->fail.text);
		return false;
	}
	*reason = found ? STR("it is too large") : STR("there is no such file");
	return found && text->n <= largest;
}

/* The repository is open since the plan was compiled as it is now. */
static bool stay_open(void *context, struct str root, struct fail *fail)
{
	(void)context, (void)root, (void)fail;
	return true;
}

/* What a plan starts from that names no base is what was checked out. */
static bool read_facts(void *context, struct arena *arena, struct str base, struct facts *facts,
		       struct fail *fail)
{
	struct past *past = context;
	const struct facts_reader *now = &past->repository->reader;
	return now->read(now->context, arena, base.n ? base : past->commit, facts, fail);
}

static bool ignores(void *context, struct str path)
{
	struct past *past = context;
	return past->repository->reader.ignores(past->repository->reader.context, path);
}

static bool fail_revision(const char *since, const struct facts *facts, struct fail *fail)
{
	if (!facts->why.n)
		return fail_set(fail, "--since %s: the plan is in no git repository", since);
	if (facts->nearest.n)
		return fail_set(fail, "--since %s: %.*s; did you mean `%.*s`?", since,
				STR_ARG(facts->why), STR_ARG(facts->nearest));
	return fail_set(
		fail,
		"--since %s: %.*s; where only the newest commit was fetched, as in CI, fetch that one first "
		"(GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0)",
		since, STR_ARG(facts->why));
}

/* How often the plan had each finding. */
static void count_past(const struct compile *then, struct arena *arena, struct map *known)
{
	for (size_t i = 0; i < then->diags.list.n; i++) {
		struct str key = diag_fingerprint_message(arena, &then->diags,
							  &then->diags.list.at[i]);
		uint32_t *times = map_find(known, key);
		if (times)
			++*times;
		else
			map_add(arena, known, key, 1);
	}
}

static size_t drop_known(struct arena *arena, const struct map *known, struct diags *diags)
{
	size_t kept = 0, n = diags->list.n;
	for (size_t i = 0; i < n; i++) {
		const struct diag diag = diags->list.at[i];
		uint32_t *times = map_find(known, diag_fingerprint_message(arena, diags, &diag));
		if (!times || !*times) {
			diags->list.at[kept++] = diag;
			continue;
		}
		--*times;
		if (diag_info(diag.code)->severity == DIAG_ERROR)
			diags->errors--;
		else
			diags->warnings--;
	}
	diags->list.n = kept;
	return n - kept;
}

bool since_filter(struct report *report, struct repository *repository, struct compile *now,
		  struct fail *fail)
{
	struct arena arena = { 0 };
	struct past past = { .repository = repository };
	const struct facts_reader reader = { &past, stay_open, read_facts, ignores };
	const struct load_tree tree = { &past, read_past };
	struct facts facts;
	struct compile *then = ARENA_NEW(&arena, struct compile);
	struct map known = { 0 };
	struct fail why;
	bool good = repository->reader.read(repository->reader.context, &arena,
					    str_from(report->since), &facts, fail) &&
		    (facts.there || fail_revision(report->since, &facts, fail));
	if (good) {
		past.commit = baseline_fork(&repository->baseline, &arena, facts.commit);
		const char *path = arena_format(&arena, "%.*s/%.*s", STR_ARG(now->load.root),
						STR_ARG(now->load.units.at[0].path))
					   .at;
		bool was_there = compile_plan_with(
			&arena, path, &(struct compile_options){ .reader = &reader, .tree = &tree },
			then, &why);
		if (past.failed) {
			*fail = past.fail;
			good = false;
		} else if (was_there) {
			count_past(then, &arena, &known);
		}
	}
	report->known = good ? drop_known(&arena, &known, &now->diags) : 0;
	arena_release(&arena);
	return good;
}
