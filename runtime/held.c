/* held.c — see held.h. */
#include "runtime/held.h"

#include "common/glob.h"
#include "common/text.h"
#include "runtime/conversion.h"

enum { SHOWN = 3 };

struct file {
	struct str path;
	uint32_t mode;
};
struct looking {
	struct arena *arena;
	struct conversion conversion;
	VEC(struct file) files;
};

static bool add_file(void *self, struct str path, uint32_t mode, struct oid id, struct fail *fail)
{
	struct looking *l = self;
	struct file *file = VEC_ADD(l->arena, &l->files);
	*file = (struct file){ arena_copy(l->arena, path), mode };
	return conversion_add(&l->conversion, file->path, mode, id, fail);
}

static bool owns(struct arena *arena, const struct schedule_agent *agent, struct str path)
{
	struct arena_mark mark = arena_mark(arena);
	struct str_list lists[] = { agent->owns, agent->creates };
	bool found = false;
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < lists[i].n && !found; j++) {
			struct glob glob;
			struct glob_error error;
			found = glob_parse(arena, lists[i].at[j], &glob, &error) &&
				glob_match(&glob, path);
		}
	arena_reset(arena, mark);
	return found;
}

/* The first agent that owns it; NULL: nobody does. */
static const struct schedule_agent *owner_of(struct arena *arena, const struct schedule *schedule,
					     struct str path)
{
	for (size_t i = 0; i < schedule->agent_n; i++)
		if (owns(arena, &schedule->agent[i], path))
			return &schedule->agent[i];
	return NULL;
}

bool held_warn(struct repo *repo, struct arena *arena, const struct schedule *schedule,
	       struct oid base, struct str *sentence, struct fail *fail)
{
	struct arena scratch = { 0 };
	struct looking l = { .arena = &scratch };
	struct text shown = { 0 };
	struct oid tree;
	size_t n = 0;
	bool good = conversion_begin(&scratch, repo, &l.conversion, fail) &&
		    repo_commit_tree(repo, base, &tree, fail) &&
		    repo_tree_files(repo, tree, add_file, &l, fail);
	if (good)
		conversion_ready(&l.conversion);
	for (size_t i = 0; good && l.conversion.any && i < l.files.n; i++) {
		struct str path = l.files.at[i].path;
		if ((l.files.at[i].mode & 0170000) != 0100000 ||
		    !conversion_refuses(&l.conversion, conversion_find(&l.conversion, path),
					STR("")))
			continue;
		const struct schedule_agent *agent = owner_of(&scratch, schedule, path);
		if (agent && n++ < SHOWN)
			text_addf(&shown, "%s%.*s of %.*s", n > 1 ? ", " : "", STR_ARG(path),
				  STR_ARG(agent->name));
	}
	if (n > SHOWN)
		text_addf(&shown, " and %zu more", n - SHOWN);
	*sentence =
		n ? arena_format(
			    arena,
			    "git keeps files that agents own through a program (git-lfs, another filter, an "
			    "encoding), which orch does not run: agents see what is stored, and cannot change "
			    "%s (%.*s)",
			    n > 1 ? "them" : "it", STR_ARG(text_str(&shown)))
		  : STR("");
	text_release(&shown);
	arena_release(&scratch);
	return good;
}
