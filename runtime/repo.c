/* repo.c — opening a repository, and its commits. Refs, trees, blobs and the git folders of agents
 * are in repo_*.c beside this file; no other file of the project knows libgit2. */
#include "runtime/repo_inside.h"

#include "common/map.h"
#include "common/vec.h"
#include "runtime/gitloose.h"
#include "runtime/gitmemory.h"

#include <errno.h>
#include <git2/sys/commit.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool repo_fail_git(struct fail *fail, const char *format, ...)
{
	const git_error *error = git_error_last();
	va_list args;
	va_start(args, format);
	vsnprintf(fail->text, sizeof fail->text, format, args);
	va_end(args);
	size_t n = strlen(fail->text);
	snprintf(fail->text + n, sizeof fail->text - n, ": %s",
		 error ? error->message : "git gives no reason");
	/* Which it was is only in the text; that an object cannot be read or written is the disk's. */
	bool system = error &&
		      (error->klass == GIT_ERROR_OS || error->klass == GIT_ERROR_NOMEMORY ||
		       error->klass == GIT_ERROR_ODB || error->klass == GIT_ERROR_ZLIB ||
		       error->klass == GIT_ERROR_FILESYSTEM);
	fail->error = system ? EIO : 0;
	return false;
}

bool repo_id_from(git_oid *id, struct oid oid, struct fail *fail)
{
	return git_oid_fromstr(id, oid.hex) == 0 ||
	       fail_set(fail, "\"%s\" is not the name of a git object", oid.hex);
}

struct oid repo_id_to(const git_oid *id)
{
	struct oid oid;
	git_oid_tostr(oid.hex, sizeof oid.hex, id);
	return oid;
}

bool repo_object_read(struct repo *repo, struct oid oid, git_object_t type, git_odb_object **object,
		      struct fail *fail)
{
	git_oid id;
	if (!repo_id_from(&id, oid, fail))
		return false;
	if (git_odb_read(object, repo->odb, &id))
		return repo_fail_git(fail, "cannot read the %s %s in %s",
				     git_object_type2string(type), oid.hex, repo->git_dir);
	if (git_odb_object_type(*object) == type)
		return true;
	git_odb_object_free(*object);
	return fail_set(fail, "%s in %s is not a %s", oid.hex, repo->git_dir,
			git_object_type2string(type));
}

/* The same for every repository of this process, and harmless to do again. */
static void set_options(void)
{
	static const char *const extensions[] = { "worktreeconfig" }; /* sparse checkouts set it */
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, 1);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION,
			 0); /* as git: what `git fsck` is for */
	git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)16 << 20);
}

static bool fail_open(struct fail *fail, int error, const char *path)
{
	const git_error *last = git_error_last();
	const char *reason = last ? last->message : "";
	/* libgit2 1.5 says "safe.directory was not found" where it means "not the owner's". */
	bool owner = error == GIT_EOWNER || strstr(reason, "safe.directory");
	if (error == GIT_ENOTFOUND && !owner)
		return fail_set(fail,
				"%s is in no git repository; run this inside of one, or make one "
				"with `git init`",
				path);
	char full[PATH_MAX];
	if (owner)
		return fail_set(fail,
				"the git repository of %s belongs to another user, whose "
				"configuration would be obeyed; "
				"if you trust it, name its folder: git config --global --add "
				"safe.directory %s",
				realpath(path, full) ? full : path, realpath(path, full) ? full : path);
	if (strstr(reason, "extension") || strstr(reason, "repository version"))
		return fail_set(
			fail,
			"the git repository at %s has a format that orch cannot read (%s); SHA-256, "
			"reftable "
			"and partial clones are not supported: use a full clone in the usual format",
			path, reason);
	return repo_fail_git(fail, "cannot open the git repository at %s", path);
}

/* Objects of a partial clone are fetched when they are read, which libgit2 does not do. */
static bool refuse_partial(struct repo *repo, struct fail *fail)
{
	git_config *config = NULL;
	git_config_iterator *each = NULL;
	git_config_entry *entry;
	bool good = true;
	/* Not the iterator that takes a regular expression: it leaks with each line (libgit2
	 * 1.5). */
	if (git_repository_config_snapshot(&config, repo->git) ||
	    git_config_iterator_new(&each, config))
		good = repo_fail_git(fail, "cannot read the git configuration of %s", repo->root);
	while (good && git_config_next(&entry, each) == 0) {
		struct str name = str_from(entry->name);
		int promised = 0;
		if (str_starts(name, STR("remote.")) && str_ends(name, STR(".promisor")) &&
		    git_config_parse_bool(&promised, entry->value) == 0 && promised)
			good = fail_set(
				fail,
				"%s is a partial clone, which orch cannot read: objects are missing; "
				"use a full clone (git clone without --filter)",
				repo->root);
	}
	git_config_iterator_free(each);
	git_config_free(config);
	return good;
}

static bool open_objects(struct repo *repo, struct fail *fail)
{
#define F(name) .name = name,
	static const struct gitloose_functions functions = { GITLOOSE_FUNCTIONS(F) };
#undef F
	return (git_repository_odb(&repo->odb, repo->git) == 0 &&
		gitloose_add(&functions, repo->odb, repo->git_dir)) ||
	       repo_fail_git(fail, "cannot open the objects of %s", repo->git_dir);
}

/* From the checkout the way must lead back to the same git folder: nodes find it from there. */
static bool refuse_elsewhere(struct repo *repo, struct fail *fail)
{
	git_buf found = { 0 };
	int error = git_repository_discover(&found, repo->root, 0, NULL);
	bool same = !error &&
		    str_equal(str_from(found.ptr), str_from(git_repository_path(repo->git)));
	git_buf_dispose(&found);
	return same ||
	       fail_set(
		       fail,
		       "the checkout %s does not lead back to its git folder %s (core.worktree says where the "
		       "checkout is): put a file .git there that says `gitdir: %s`, or take core.worktree away",
		       repo->root, repo->git_dir, repo->git_dir);
}

static char *without_slash(const char *path)
{
	char *copy = strdup(path);
	if (!copy)
		fail_memory();
	for (size_t n = strlen(copy); n > 1 && copy[n - 1] == '/'; n--)
		copy[n - 1] = 0;
	return copy;
}

bool repo_open(const char *path, struct repo **result, struct fail *fail)
{
	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &gitmemory_allocator);
	if (git_libgit2_init() < 0)
		return repo_fail_git(fail, "cannot start libgit2");
	set_options();
	struct repo *repo = calloc(1, sizeof *repo);
	if (!repo)
		fail_memory();
	/* Not GIT_REPOSITORY_OPEN_FROM_ENV: GIT_DIR of whoever started us must not lead
	 * elsewhere. */
	int error = git_repository_open_ext(&repo->git, path, 0, NULL);
	if (error) {
		fail_open(fail, error, path);
		goto failed;
	}
	if (git_repository_is_bare(repo->git)) {
		fail_set(fail,
			 "%s is a bare repository, without a checkout; run this in a clone of it",
			 path);
		goto failed;
	}
	repo->root = without_slash(git_repository_workdir(repo->git));
	repo->git_dir = without_slash(git_repository_commondir(repo->git));
	if (!open_objects(repo, fail) || !refuse_partial(repo, fail) ||
	    !refuse_elsewhere(repo, fail))
		goto failed;
	*result = repo;
	return true;
failed:
	repo_close(repo);
	return false;
}

void repo_close(struct repo *repo)
{
	if (!repo)
		return;
	git_repository_free(repo->view);
	git_odb_free(repo->odb);
	git_repository_free(repo->git);
	free(repo->view_dir);
	free(repo->root);
	free(repo->git_dir);
	free(repo);
	git_libgit2_shutdown();
}

const char *repo_root(const struct repo *repo)
{
	return repo->root;
}

const char *repo_git_dir(const struct repo *repo)
{
	return repo->git_dir;
}

/* The branch that is checked out. */
static bool head_base(struct repo *repo, git_object **object, git_reference **ref,
		      struct fail *fail)
{
	int detached = git_repository_head_detached(repo->git),
	    unborn = git_repository_head_unborn(repo->git);
	if (detached < 0 || unborn < 0)
		return repo_fail_git(fail, "cannot read HEAD of %s", repo->root);
	if (unborn)
		return fail_set(fail,
				"%s has no commit yet on the branch that is checked out: commit "
				"something first",
				repo->root);
	if (detached)
		return fail_set(
			fail,
			"no branch is checked out in %s (HEAD is detached): check one out, or name the "
			"base in the plan: base \"…\"",
			repo->root);
	if (git_repository_head(ref, repo->git) ||
	    git_object_lookup(object, repo->git, git_reference_target(*ref), GIT_OBJECT_COMMIT))
		return repo_fail_git(fail, "cannot read HEAD of %s", repo->root);
	return true;
}

/* What the branch or tag leads to. */
static int look_up(struct repo *repo, const git_reference *ref, git_object **found)
{
	git_reference *direct = NULL;
	int error = git_reference_resolve(&direct, ref);
	if (!error)
		error = git_object_lookup(found, repo->git, git_reference_target(direct),
					  GIT_OBJECT_ANY);
	git_reference_free(direct);
	return error;
}

static bool named_base(struct repo *repo, const char *revision, git_object **object,
		       git_reference **ref, struct fail *fail)
{
	git_object *found = NULL;
	struct oid whole = { "" };
	bool is_id = strlen(revision) == sizeof whole.hex - 1 &&
		     strspn(revision, "0123456789abcdef") == sizeof whole.hex - 1;
	/* libgit2's own search forgets the branch that it found when its commit cannot be read. */
	int error = is_id ? GIT_ENOTFOUND : git_reference_dwim(ref, repo->git, revision);
	error = error ? git_revparse_single(&found, repo->git, revision)
		      : look_up(repo, *ref, &found);
	if (error == GIT_ENOTFOUND)
		return fail_set(fail, "the base \"%s\" is no branch, tag or commit of %s", revision,
				repo->root);
	if (error)
		return repo_fail_git(fail, "cannot find the base \"%s\" in %s", revision,
				     repo->root);
	error = git_object_peel(object, found, GIT_OBJECT_COMMIT);
	git_object_free(found);
	return !error || fail_set(fail, "the base \"%s\" in %s is no commit", revision, repo->root);
}

/* `git replace` shows another object in the place of one; what is stored, which orch reads, is not what
 * the user sees then. Older commits only change what is told of history. */
static bool refuse_replaced(struct repo *repo, struct oid base, struct fail *fail)
{
	git_reference_iterator *each = NULL;
	const char *name;
	bool good = true;
	int error = git_reference_iterator_glob_new(&each, repo->git, "refs/replace/*");
	while (good && !error && !(error = git_reference_next_name(&name, each))) {
		const char *hex = strrchr(name, '/') + 1;
		git_oid id;
		size_t size;
		git_object_t type = GIT_OBJECT_INVALID;
		if (git_oid_fromstr(&id, hex) == 0)
			git_odb_read_header(&size, &type, repo->odb, &id);
		if (type == GIT_OBJECT_TREE || type == GIT_OBJECT_BLOB ||
		    str_is(str_from(hex), base.hex))
			good = fail_set(
				fail,
				"the %s %.10s is replaced by another (git replace), which orch does not "
				"follow: commit what you see as a commit of its own, then git replace -d %.10s",
				git_object_type2string(type), hex, hex);
	}
	git_reference_iterator_free(each);
	return good && (!error || error == GIT_ITEROVER ||
			repo_fail_git(fail, "cannot list the refs of %s", repo->git_dir));
}

bool repo_base(struct repo *repo, struct arena *arena, struct str revision, struct oid *commit,
	       struct str *branch, struct fail *fail)
{
	git_object *object = NULL;
	git_reference *ref = NULL;
	bool good = revision.n
			    ? named_base(repo, arena_copy(arena, revision).at, &object, &ref, fail)
			    : head_base(repo, &object, &ref, fail);
	*branch = STR("");
	if (good) {
		*commit = repo_id_to(git_object_id(object));
		if (ref && git_reference_is_branch(ref))
			*branch = arena_copy(arena, str_from(git_reference_name(ref)));
	}
	git_reference_free(ref);
	git_object_free(object);
	return good && refuse_replaced(repo, *commit, fail);
}

/* Who commits: as configured, or orch itself where nothing is. */
static bool identity(struct repo *repo, int64_t time, git_signature **signature, struct fail *fail)
{
	git_config *config = NULL;
	const char *name = NULL, *email = NULL;
	if (git_repository_config_snapshot(&config, repo->git))
		return repo_fail_git(fail, "cannot read the git configuration of %s", repo->root);
	if (git_config_get_string(&name, config, "user.name") ||
	    git_config_get_string(&email, config, "user.email") || !*name || !*email) {
		name = "orch";
		email = "orch@localhost";
	}
	bool good = git_signature_new(signature, name, email, time, 0) == 0 ||
		    repo_fail_git(fail, "cannot commit as \"%s\" <%s>", name, email);
	git_config_free(config);
	return good;
}

bool repo_commit_write(struct repo *repo, const struct repo_commit *commit, struct oid *result,
		       struct fail *fail)
{
	git_oid tree, id, *parent = calloc(commit->parent_n + 1, sizeof *parent);
	const git_oid **parents = calloc(commit->parent_n + 1, sizeof *parents);
	git_signature *signature = NULL;
	if (!parent || !parents)
		fail_memory();
	bool good = repo_id_from(&tree, commit->tree, fail) &&
		    identity(repo, commit->time, &signature, fail);
	for (size_t i = 0; good && i < commit->parent_n; i++) {
		good = repo_id_from(&parent[i], commit->parents[i], fail);
		parents[i] = &parent[i];
	}
	if (good && git_commit_create_from_ids(&id, repo->git, NULL, signature, signature, NULL,
					       commit->message, &tree, commit->parent_n, parents))
		good = repo_fail_git(fail, "cannot write a commit to %s", repo->git_dir);
	if (good)
		*result = repo_id_to(&id);
	git_signature_free(signature);
	free(parents);
	free(parent);
	return good;
}

bool repo_there(struct repo *repo, struct oid oid)
{
	git_oid id;
	return git_oid_fromstr(&id, oid.hex) == 0 && git_odb_exists(repo->odb, &id);
}

static bool commit_find(struct repo *repo, struct oid oid, git_commit **commit, struct fail *fail)
{
	git_oid id;
	if (!repo_id_from(&id, oid, fail))
		return false;
	return git_commit_lookup(commit, repo->git, &id) == 0 ||
	       repo_fail_git(fail, "cannot read the commit %s in %s", oid.hex, repo->git_dir);
}

bool repo_commit_tree(struct repo *repo, struct oid oid, struct oid *tree, struct fail *fail)
{
	git_commit *commit;
	if (!commit_find(repo, oid, &commit, fail))
		return false;
	*tree = repo_id_to(git_commit_tree_id(commit));
	git_commit_free(commit);
	return true;
}

bool repo_commit_time(struct repo *repo, struct oid oid, int64_t *time, struct fail *fail)
{
	git_commit *commit;
	if (!commit_find(repo, oid, &commit, fail))
		return false;
	*time = git_commit_time(commit);
	git_commit_free(commit);
	return true;
}

/* In a shallow clone, whose oldest commits name parents that are not there; libgit2 1.5 fails on
 * those. Such histories are short, so each commit is looked at once. */
static bool is_ancestor_shallow(struct repo *repo, struct oid ancestor, struct oid commit, bool *is,
				struct fail *fail)
{
	struct arena arena = { 0 };
	struct map seen = { 0 };
	VEC(struct str) todo = { 0 };
	bool good = true;
	*VEC_ADD(&arena, &todo) = str_from(commit.hex);
	*is = false;
	while (good && todo.n && !*is) {
		struct str name = todo.at[--todo.n];
		git_commit *found = NULL;
		git_oid id;
		*is = str_is(name, ancestor.hex);
		if (*is || map_find(&seen, name))
			continue;
		map_add(&arena, &seen, name, 0);
		int error = git_oid_fromstrn(&id, name.at, name.n);
		error = error ? error : git_commit_lookup(&found, repo->git, &id);
		if (error && error != GIT_ENOTFOUND)
			good = repo_fail_git(fail, "cannot read the commit %.*s", STR_ARG(name));
		for (unsigned i = 0; !error && i < git_commit_parentcount(found); i++) {
			struct oid parent = repo_id_to(git_commit_parent_id(found, i));
			*VEC_ADD(&arena, &todo) = arena_copy(&arena, str_from(parent.hex));
		}
		git_commit_free(found);
	}
	arena_release(&arena);
	return good;
}

bool repo_is_ancestor(struct repo *repo, struct oid ancestor, struct oid commit, bool *is,
		      struct fail *fail)
{
	git_oid older, newer;
	if (!repo_id_from(&older, ancestor, fail) || !repo_id_from(&newer, commit, fail))
		return false;
	if (git_repository_is_shallow(repo->git) == 1)
		return is_ancestor_shallow(repo, ancestor, commit, is, fail);
	int found = git_oid_equal(&older, &newer)
			    ? 1
			    : git_graph_descendant_of(repo->git, &newer, &older);
	*is = found == 1;
	return found >= 0 || repo_fail_git(fail, "cannot tell whether %s comes before %s",
					   ancestor.hex, commit.hex);
}

bool repo_merge_bases(struct repo *repo, struct arena *arena, const struct oid *commits, size_t n,
		      struct oid **bases, size_t *base_n, struct fail *fail)
{
	git_oid *ids = ARENA_MANY(arena, n, git_oid);
	git_oidarray found = { 0 };
	*base_n = 0;
	/* Where the history is cut off libgit2 cannot look for them. */
	if (git_repository_is_shallow(repo->git) == 1)
		return true;
	for (size_t i = 0; i < n; i++)
		if (!repo_id_from(&ids[i], commits[i], fail))
			return false;
	int error = git_merge_bases_many(&found, repo->git, n, ids);
	if (error && error != GIT_ENOTFOUND)
		return repo_fail_git(fail, "cannot tell where %.10s and %.10s come from",
				     commits[0].hex, commits[1].hex);
	*bases = ARENA_MANY(arena, found.count + 1, struct oid);
	for (size_t i = 0; i < found.count; i++)
		(*bases)[(*base_n)++] = repo_id_to(&found.ids[i]);
	git_oidarray_dispose(&found);
	return true;
}
