/* repository.c — see repository.h. */
#include "cmd/repository.h"

#include "runtime/gitplace.h"
#include "runtime/jail.h"

#include <string.h>

static bool open_reader(void *context, struct str root, struct fail *fail)
{
	struct repository *r = context;
	struct str_list folders;
	baseline_leave(&r->baseline);	/* that of the plan before */
	return !gitplace_find(&r->arena, root, &folders) ||
	       baseline_open(&r->baseline, &r->arena, arena_copy(&r->arena, root), fail);
}

static enum facts_kind kind_of(uint32_t mode)
{
	switch (mode) {
	case TREEBYTES_EXECUTABLE: return FACTS_EXECUTABLE;
	case TREEBYTES_LINK: return FACTS_LINK;
	case TREEBYTES_COMMIT: return FACTS_SUBMODULE;
	default: return FACTS_FILE;
	}
}

static bool read_facts(void *context, struct arena *arena, struct str base, struct facts *facts,
		       struct fail *fail)
{
	struct repository *r = context;
	struct baseline_list list;
	*facts = (struct facts){ .there = false };
	if (!baseline_read(&r->baseline, arena, base, &list, fail))
		return false;
	facts->there = list.there;
	facts->why = list.why;
	facts->nearest = list.nearest;
	facts->commit = list.commit;
	facts->entries.n = facts->entries.cap = list.entries.n;
	facts->entries.at = ARENA_MANY(arena, list.entries.n, struct facts_entry);
	for (size_t i = 0; i < list.entries.n; i++)
		facts->entries.at[i] = (struct facts_entry){ list.entries.at[i].path,
							     kind_of(list.entries.at[i].mode) };
	return true;
}

static bool ignores(void *context, struct str path)
{
	struct repository *r = context;
	return baseline_ignores(&r->baseline, path);
}

void repository_init(struct repository *r)
{
	*r = (struct repository){ .reader = { r, open_reader, read_facts, ignores } };
}

#ifdef __SANITIZE_ADDRESS__
/* Looks for leaks when the program ends, from a second process that traces the first: what a jail
 * is against. */
static void shut(struct str_list readable)
{
	(void)readable;
}
#else
static void shut(struct str_list readable)
{
	jail_begin(readable);
}
#endif

/* Who will write, if there is something to be written. */
static bool begin_writer(struct repository *r, const struct repository_work *work,
			 struct str_list roots, struct fail *fail)
{
	struct writer_orders orders = { .files = work->exchanged, .file_n = work->exchanged_n };
	if (work->changes)
		orders.roots = roots;
	if (work->output && strcmp(work->output, "-") != 0)
		orders.output = work->output;
	orders.output_new = work->output_new;
	return !(orders.roots.n || orders.file_n || orders.output) ||
	       writer_begin(&r->writer, &orders, fail);
}

bool repository_shut_in(struct repository *r, const struct repository_work *work, struct fail *fail)
{
	VEC(struct str) readable = { 0 }, roots = { 0 };
	bool libgit2 = work->libgit2;
	for (size_t i = 0; i < work->files.n; i++)
		*VEC_ADD(&r->arena, &readable) = work->files.at[i];
	for (size_t i = 0; i < work->plan_n; i++) {
		struct str root;
		struct str_list folders = { NULL, 0 };
		if (!load_root(&r->arena, work->plans[i], &root))
			continue;	/* whoever reads it says so */
		root = arena_copy(&r->arena, root);	/* with a NUL behind it */
		*VEC_ADD(&r->arena, &roots) = root;
		*VEC_ADD(&r->arena, &readable) = root;
		if (!work->without_facts)
			libgit2 = gitplace_find(&r->arena, root, &folders) || libgit2;
		for (size_t k = 0; k < folders.n; k++)
			*VEC_ADD(&r->arena, &readable) = folders.at[k];
	}
	if ((libgit2 && !baseline_start(&r->baseline, fail)) ||
	    !begin_writer(r, work, (struct str_list){ roots.at, roots.n }, fail))
		return false;
	shut((struct str_list){ readable.at, readable.n });
	return true;
}

/* The repository was opened by the compile before. */
static bool is_open(void *context, struct str root, struct fail *fail)
{
	(void)context, (void)root, (void)fail;
	return true;
}

static bool read_past_facts(void *context, struct arena *arena, struct str base, struct facts *facts,
			    struct fail *fail)
{
	struct repository_past *past = context;
	past->failed |= !read_facts(past->now, arena, base.n ? base : past->commit, facts,
				    &past->fail);
	*fail = past->fail;
	return !past->failed;
}

static bool past_ignores(void *context, struct str path)
{
	struct repository_past *past = context;
	return ignores(past->now, path);
}

static enum load_found read_past(void *context, struct arena *arena, struct str path,
				 size_t largest, struct str *text)
{
	struct repository_past *past = context;
	switch (snapshot_read(&past->snapshot, arena, path, largest, text)) {
	case SNAPSHOT_READ: return LOAD_FOUND;
	case SNAPSHOT_OUTSIDE: return LOAD_OUTSIDE;
	case SNAPSHOT_LOOP: return LOAD_LOOP;
	case SNAPSHOT_FOLDER: return LOAD_FOLDER;
	case SNAPSHOT_LARGE: return LOAD_LARGE;
	case SNAPSHOT_DAMAGED:
		past->failed = true;
		past->fail = past->snapshot.fail;
		break;
	case SNAPSHOT_MISSING: break;
	}
	return LOAD_MISSING;
}

bool repository_look_back(struct repository *r, struct arena *arena, struct str root,
			  const char *revision, struct repository_past *past, struct fail *fail)
{
	*past = (struct repository_past){ .now = r, .commit = str_from(revision) };
	past->reader = (struct facts_reader){ past, is_open, read_past_facts, past_ignores };
	past->files = (struct load_elsewhere){ past, read_past };
	if (!r->baseline.git && !r->baseline.unreadable.n)
		return fail_set(fail,
				"cannot compare with the commit %s: there is no git repository at %.*s",
				revision, STR_ARG(root));
	if (!snapshot_open(&past->snapshot, &r->baseline, arena, past->commit, fail))
		return false;
	struct str fork = baseline_fork(&r->baseline, arena, past->snapshot.commit);
	if (str_equal(fork, past->snapshot.commit))
		return true;
	past->commit = fork;
	return snapshot_open(&past->snapshot, &r->baseline, arena, fork, fail);
}

void repository_close(struct repository *r)
{
	writer_end(&r->writer);
	baseline_close(&r->baseline);
	arena_release(&r->arena);
}
