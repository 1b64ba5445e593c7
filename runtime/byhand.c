/* byhand.c — see byhand.h. */
#include "runtime/byhand.h"

#include "common/path.h"
#include "runtime/conversion.h"
#include "runtime/repo_checkout.h"

struct looking {
	struct repo *repo;
	struct arena *arena;
	struct conversion conversion;
	bool rules, converted; /* is a .gitattributes changed; has a changed file other line ends */
	struct str path;       /* what was found */
	const char *why;
};

static const char *reason_of(struct looking *l, const struct repo_checkout_change *change)
{
	struct conversion_of of = conversion_find(&l->conversion, change->path);
	l->rules |= str_is(path_last(change->path), ".gitattributes");
	l->converted |= change->stays && !lineends_none(of.lineends);
	if (change->skipped)
		return "this sparse checkout leaves it out";
	if (change->stays && of.encoding.n)
		return "its attribute working-tree-encoding converts it";
	if (change->stays && of.filter.n && repo_settings_filter(l->repo, of.filter))
		return "git keeps it through a filter, a program that orch does not run";
	return NULL;
}

static bool look_at(void *self, const struct repo_checkout_change *change, struct fail *fail)
{
	struct looking *l = self;
	const char *why = reason_of(l, change);
	(void)fail;
	if (why && !l->why) {
		l->why = why;
		l->path = arena_copy(l->arena, change->path);
	}
	return true;
}

static bool add_rules(void *self, struct str path, uint32_t mode, struct oid id, struct fail *fail)
{
	return conversion_add(self, path, mode, id, fail);
}

bool byhand_find(struct repo *repo, struct arena *arena, struct oid from, struct oid to,
		 struct str *path, const char **why, struct fail *fail)
{
	struct looking l = { .repo = repo, .arena = arena };
	struct oid tree;
	if (!conversion_begin(arena, repo, &l.conversion, fail) ||
	    !repo_commit_tree(repo, to, &tree, fail) ||
	    !repo_tree_files(repo, tree, add_rules, &l.conversion, fail))
		return false;
	conversion_ready(&l.conversion);
	if (!repo_checkout_changes(repo, from, to, look_at, &l, fail))
		return false;
	/* libgit2 would go by the rules that are in the checkout still. */
	if (!l.why && l.rules && l.converted) {
		l.why = "with it files whose line ends it rules";
		l.path = STR(".gitattributes");
	}
	*path = l.path;
	*why = l.why;
	return true;
}
