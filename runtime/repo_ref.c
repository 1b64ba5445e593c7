/* repo_ref.c — refs, moved by compare-and-swap only.
 *
 * A ref is read under git's own lock file for it, compared, and written before the lock goes: true
 * against any other git program. libgit2's create-with-old-value is not, for a ref that is to be
 * new: it looks before it locks.
 *
 * An empty lock says nothing of whose it is, and git holds one, closed, for as long as a prepared
 * deletion waits. So ours are readable only from the moment they are made: no program that leaves the
 * mode to the umask makes such a one. */
#include "runtime/repo_inside.h"

#include "common/file.h"
#include "common/vec.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Another program holds a ref's lock for milliseconds; one that stays was left behind. */
enum { LOCK_TRIES = 300, LOCK_PAUSE_MS = 10 };

bool repo_ref_read(struct repo *repo, const char *name, struct oid *found, struct fail *fail)
{
	git_oid id;
	*found = (struct oid){ "" };
	int error = git_reference_name_to_id(&id, repo->git, name);
	if (error == GIT_ENOTFOUND)
		return true;
	if (error)
		return repo_fail_git(fail, "cannot read the ref %s of %s", name, repo->git_dir);
	*found = repo_id_to(&id);
	return true;
}

/* The folders that libgit2 would make for the lock must be made before: they are to be as usual. */
static bool make_folder(struct repo *repo, const char *name, struct fail *fail)
{
	struct arena arena = { 0 };
	const char *path = arena_format(&arena, "%s/%s", repo->git_dir, name).at;
	bool good = file_make_folders(file_folder(&arena, path).at, fail);
	arena_release(&arena);
	return good;
}

static int lock_marked(git_transaction *transaction, const char *name)
{
	mode_t users = umask(0666 & ~REPO_LOCK_MODE);
	int error = git_transaction_lock_ref(transaction, name);
	umask(users);
	return error;
}

/* The lock became the ref, which is as any other. */
static void unmark(struct repo *repo, const char *name)
{
	struct arena arena = { 0 };
	mode_t users = umask(0);
	umask(users);
	/* Not ours to change, or gone again: then it stays as it is, which keeps nobody from moving it. */
	(void)!chmod(arena_format(&arena, "%s/%s", repo->git_dir, name).at, 0666 & ~users);
	arena_release(&arena);
}

static bool lock_ref(struct repo *repo, git_transaction *transaction, const char *name,
		     struct fail *fail)
{
	int error = 0;
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (!make_folder(repo, name, fail))
			return false;
		error = lock_marked(transaction, name);
		if (error != GIT_ELOCKED)
			break;
		nanosleep(&(struct timespec){ 0, LOCK_PAUSE_MS * 1000000L }, NULL);
	}
	if (error == GIT_ELOCKED) {
		fail_set(fail,
			 "the ref %s is locked by another git program; if none is running, "
			 "remove %s/%s.lock",
			 name, repo->git_dir, name);
		fail->error = EAGAIN;
		return false;
	}
	return !error || repo_fail_git(fail, "cannot lock the ref %s of %s", name, repo->git_dir);
}

/* libgit2 passes over a lock that it could not remove, and then nobody could move the ref again. It makes a
 * link of the ref to the lock before it removes that. */
static bool unlocked(struct repo *repo, const char *name, struct fail *fail)
{
	struct arena arena = { 0 };
	struct stat info, ref;
	const char *lock = arena_format(&arena, "%s/%s.lock", repo->git_dir, name).at;
	const char *path = arena_format(&arena, "%s/%s", repo->git_dir, name).at;
	bool ours = lstat(lock, &info) == 0 &&
		    ((info.st_mode & 07777) == REPO_LOCK_MODE ||
		     (lstat(path, &ref) == 0 && ref.st_ino == info.st_ino));
	bool good = !ours || unlink(lock) == 0 || errno == ENOENT ||
		    fail_system(fail, "cannot remove the lock %s", lock);
	arena_release(&arena);
	return good;
}

bool repo_ref_move(struct repo *repo, const char *name, struct oid before, struct oid after,
		   const char *reason, bool *moved, struct fail *fail)
{
	struct fail ignored;
	git_transaction *transaction = NULL;
	struct oid now;
	git_oid id;
	*moved = false;
	if (!oid_none(after) && !repo_id_from(&id, after, fail))
		return false;
	if (git_transaction_new(&transaction, repo->git))
		return repo_fail_git(fail, "cannot move the ref %s", name);
	bool good = lock_ref(repo, transaction, name, fail) &&
		    repo_ref_read(repo, name, &now, fail);
	if (good && oid_equal(now, before)) {
		int error = 0;
		if (!oid_none(after))
			error = git_transaction_set_target(transaction, name, &id, NULL, reason);
		else if (!oid_none(now))
			error = git_transaction_remove(transaction, name);
		if (error ||
		    ((!oid_none(after) || !oid_none(now)) && git_transaction_commit(transaction)))
			good = repo_fail_git(fail, "cannot move the ref %s of %s", name,
					     repo->git_dir);
		if (good && !oid_none(after))
			unmark(repo, name);
		*moved = good;
	}
	git_transaction_free(transaction);
	return unlocked(repo, name, good ? fail : &ignored) && good;
}

/* The first ref that the pattern matches. */
static bool first_of(struct repo *repo, struct arena *arena, const char *pattern, struct str *found,
		     struct fail *fail)
{
	git_reference_iterator *each;
	const char *name;
	if (git_reference_iterator_glob_new(&each, repo->git, pattern))
		return repo_fail_git(fail, "cannot list the refs %s of %s", pattern, repo->git_dir);
	int error = git_reference_next_name(&name, each);
	if (!error)
		*found = arena_copy(arena, str_from(name));
	git_reference_iterator_free(each);
	return !error || error == GIT_ITEROVER ||
	       repo_fail_git(fail, "cannot list the refs of %s", repo->git_dir);
}

bool repo_ref_blocked(struct repo *repo, struct arena *arena, const char *name,
		      struct str *blocking, struct fail *fail)
{
	struct str whole = arena_copy(arena, str_from(name));
	*blocking = STR("");
	for (size_t end = 0; end <= whole.n; end++) {
		if (end < whole.n && whole.at[end] != '/')
			continue;
		const char *prefix = arena_copy(arena, str_slice(whole, 0, end)).at;
		git_reference *ref = NULL;
		int error = git_reference_lookup(&ref, repo->git, prefix);
		git_reference_free(ref);
		if (!error) {
			*blocking = str_from(prefix);
			return true;
		}
		/* "refs" and the like are no names of refs: not valid is as good as not there. */
		if (error != GIT_ENOTFOUND && error != GIT_EINVALIDSPEC)
			return repo_fail_git(fail, "cannot read the ref %s of %s", prefix,
					     repo->git_dir);
	}
	return first_of(repo, arena, arena_format(arena, "%s/*", name).at, blocking, fail);
}

bool repo_refs(struct repo *repo,
	       bool (*visit)(void *self, struct str name, struct oid at, struct fail *), void *self,
	       struct fail *fail)
{
	git_reference_iterator *iterator = NULL;
	const char *name;
	int error = git_reference_iterator_new(&iterator, repo->git);
	bool good = !error || repo_fail_git(fail, "cannot read the refs of %s", repo->git_dir);
	while (good && !(error = git_reference_next_name(&name, iterator))) {
		struct oid at;
		good = repo_ref_read(repo, name, &at, fail) &&
		       visit(self, str_from(name), at, fail);
	}
	if (good && error != GIT_ITEROVER)
		good = repo_fail_git(fail, "cannot read the refs of %s", repo->git_dir);
	git_reference_iterator_free(iterator);
	return good;
}

struct listing {
	struct arena *arena;
	struct str prefix;
	VEC(struct repo_ref) list;
};

static bool list_ref(void *self, struct str name, struct oid at, struct fail *fail)
{
	struct listing *listing = self;
	(void)fail;
	if (str_starts(name, listing->prefix))
		*VEC_ADD(listing->arena, &listing->list) =
			(struct repo_ref){ arena_copy(listing->arena, name), at };
	return true;
}

bool repo_ref_list(struct repo *repo, struct arena *arena, const char *prefix,
		   struct repo_ref **list, size_t *n, struct fail *fail)
{
	struct listing listing = { .arena = arena, .prefix = str_from(prefix) };
	bool good = repo_refs(repo, list_ref, &listing, fail);
	*list = listing.list.at;
	*n = listing.list.n;
	return good;
}

bool repo_ref_highest(struct repo *repo, const char *prefix, uint64_t *number, struct fail *fail)
{
	struct arena arena = { 0 };
	git_reference_iterator *each;
	const char *name;
	int error = git_reference_iterator_glob_new(&each, repo->git,
						    arena_format(&arena, "%s*", prefix).at);
	arena_release(&arena);
	*number = 0;
	if (error)
		return repo_fail_git(fail, "cannot list the refs %s of %s", prefix, repo->git_dir);
	while (!(error = git_reference_next_name(&name, each))) {
		struct str rest = str_from(name + strlen(prefix)), segment;
		uint64_t found;
		if (str_split(&rest, '/', &segment) && str_to_number(segment, &found) &&
		    found > *number && found < INT64_MAX)
			*number = found;
	}
	git_reference_iterator_free(each);
	return error == GIT_ITEROVER ||
	       repo_fail_git(fail, "cannot list the refs of %s", repo->git_dir);
}
