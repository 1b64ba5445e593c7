/* repo_reverted.c — was a commit taken back by hand? `git revert` writes of which commit it is the
 * revert, and this goes by that: by hand means that the content may be anything. */
#include "runtime/repo_inside.h"

#include "common/vec.h"

#include <string.h>

struct reverted {
	struct arena arena;
	VEC(git_oid) all; /* commits that a later one takes back, which nobody took back itself */
};

static bool is_among(const struct reverted *reverted, const git_oid *id)
{
	for (size_t i = 0; i < reverted->all.n; i++)
		if (git_oid_equal(&reverted->all.at[i], id))
			return true;
	return false;
}

/* Later commits come first, so that a revert that was reverted is known for one. */
static bool look_at(struct repo *repo, struct reverted *reverted, const git_oid *id)
{
	static const char says[] = "This reverts commit ";
	git_commit *commit = NULL;
	git_oid of;
	if (is_among(reverted, id))
		return true;
	if (git_commit_lookup(&commit, repo->git, id))
		return false;
	const char *at = git_commit_message(commit);
	while (at && (at = strstr(at, says))) {
		at += sizeof says - 1;
		if (strnlen(at, GIT_OID_HEXSZ) == GIT_OID_HEXSZ && !git_oid_fromstr(&of, at))
			*VEC_ADD(&reverted->arena, &reverted->all) = of;
	}
	git_commit_free(commit);
	return true;
}

bool repo_reverted(struct repo *repo, struct oid commit, struct oid tip, bool *was,
		   struct fail *fail)
{
	struct reverted reverted = { 0 };
	git_revwalk *walk = NULL;
	git_oid id, from, to;
	*was = false;
	if (!repo_id_from(&from, commit, fail) || !repo_id_from(&to, tip, fail))
		return false;
	/* What cannot be read, in a shallow clone say, was not reverted for all we know. */
	bool more = git_revwalk_new(&walk, repo->git) == 0 && git_revwalk_push(walk, &to) == 0 &&
		    git_revwalk_hide(walk, &from) == 0 &&
		    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL) == 0;
	while (more && git_revwalk_next(&id, walk) == 0)
		more = look_at(repo, &reverted, &id);
	*was = more && is_among(&reverted, &from);
	git_revwalk_free(walk);
	arena_release(&reverted.arena);
	return true;
}
