/* repo.h — a git repository: objects, refs, and git folders for agents. The only user of libgit2.
 *
 * Nothing here runs a hook, a filter, a merge driver or any other program. Objects are on disk,
 * synced, before their names are returned. Refs are only moved by compare-and-swap. */
#ifndef RUNTIME_REPO_H
#define RUNTIME_REPO_H

#include "common/fail.h"
#include "common/arena.h"
#include "common/text.h"
#include "runtime/oid.h"

#include <stdint.h>

struct repo;	/* owned by who opened it; for one thread */

/* Finds the repository that `path` lies in. Refused with a remedy: none, bare, an object format
 * or extension that libgit2 cannot read (SHA-256, reftable, partial clones). */
bool repo_open(const char *path, struct repo **, struct fail *);
void repo_close(struct repo *);			/* NULL is fine */
const char *repo_root(const struct repo *);	/* the main checkout; absolute, no last slash; borrowed */
const char *repo_git_dir(const struct repo *);	/* its common git folder; absolute, no last slash; borrowed */

/* The commit a run starts from. An empty `revision` is the branch that is checked out; an unborn
 * branch and a detached HEAD are refused with a remedy. `branch` becomes the full name of the
 * branch the revision is ("refs/heads/main", in `arena`), or empty when it is none. */
bool repo_base(struct repo *, struct arena *, struct str revision, struct oid *commit,
	       struct str *branch, struct fail *);

/* Refs, by full name. Read: *found is none when there is no such ref. Move: from `before` (none:
 * must not exist) to `after` (none: delete); *moved is false when it was not at `before`, and
 * then nothing has changed. */
enum { REPO_LOCK_MODE = 0400 };	/* of the lock file of a ref that repo_ref_move holds, and of no other program's */
bool repo_ref_read(struct repo *, const char *name, struct oid *found, struct fail *);
bool repo_ref_move(struct repo *, const char *name, struct oid before, struct oid after,
		   const char *reason, bool *moved, struct fail *);
/* Is there a ref of this name, or one that stands in its way (a prefix folder of it or below it)?
 * *blocking is its full name in `arena`, or empty. */
bool repo_ref_blocked(struct repo *, struct arena *, const char *name, struct str *blocking,
		      struct fail *);
/* Every ref whose full name begins so, with where it is; in the arena. */
struct repo_ref {
	struct str name;
	struct oid at;
};
bool repo_ref_list(struct repo *, struct arena *, const char *prefix, struct repo_ref **, size_t *n,
		   struct fail *);
/* The highest number N for which there is a ref prefix/N/…; 0: none. `prefix` ends with a slash. */
bool repo_ref_highest(struct repo *, const char *prefix, uint64_t *number, struct fail *);

/* Every ref that leads to an object, packed ones too, in no order. The visitor returns false to
 * stop. */
bool repo_refs(struct repo *, bool (*visit)(void *self, struct str name, struct oid at, struct fail *), void *self,
	       struct fail *);

/* Commits. Author and committer are the user's configured identity, or orch's own. */
struct repo_commit {
	struct oid tree;
	const struct oid *parents;
	size_t parent_n;
	const char *message;
	int64_t time;		/* seconds since 1970, UTC */
};
bool repo_commit_write(struct repo *, const struct repo_commit *, struct oid *commit,
		       struct fail *);
bool repo_commit_tree(struct repo *, struct oid commit, struct oid *tree, struct fail *);
bool repo_commit_time(struct repo *, struct oid commit, int64_t *time, struct fail *);
bool repo_is_ancestor(struct repo *, struct oid ancestor, struct oid commit, bool *is,
		      struct fail *);
/* Does a commit since then, in the history of `tip`, say "This reverts commit COMMIT", as `git revert` does,
 * and is not reverted itself? */
bool repo_reverted(struct repo *, struct oid commit, struct oid tip, bool *was, struct fail *);
/* The last commits that the first has in common with the others taken together, which are one at
 * least; none when there is no such thing, or when it cannot be known (a shallow clone). In the
 * arena. */
bool repo_merge_bases(struct repo *, struct arena *, const struct oid *commits, size_t n,
		      struct oid **bases, size_t *base_n, struct fail *);

/* Keeps a commit that no ref leads to yet, with all that is new in it and in those before it up to the
 * `known` ones, from `git gc` and `git prune`, until repo_shelter_end is said with the same note (a
 * line). *whole is false when somebody has removed a part of it already: it is to be made again. */
bool repo_shelter(struct repo *, struct oid commit, const struct oid *known, size_t known_n, struct str note,
		  bool *whole, struct fail *);
bool repo_there(struct repo *, struct oid);	/* is there such an object? */
/* What is different between two commits: a patch, or with `stat` how much of it in which files. */
bool repo_diff(struct repo *, struct oid before, struct oid after, bool stat, struct text *out, struct fail *);
struct repo_change {
	size_t files, added, removed;	/* added, removed: lines */
};
bool repo_diff_sum(struct repo *, struct oid before, struct oid after, struct repo_change *, struct fail *);
bool repo_shelter_end(struct repo *, struct str note, struct fail *);

/* Trees, one folder at a time. Entries are sorted as git sorts them. */
struct repo_entry {
	struct str name;	/* one segment */
	uint32_t mode;		/* 0100644, 0100755, 0120000, 0160000 (gitlink), 0040000 (folder) */
	struct oid id;
};
struct repo_entries {
	struct repo_entry *at;
	size_t n;
};
bool repo_tree_read(struct repo *, struct arena *, struct oid tree, struct repo_entries *,
		    struct fail *);
/* Writes the entries, in any order; names must be single, safe segments and differ. */
bool repo_tree_write(struct repo *, const struct repo_entries *, struct oid *tree, struct fail *);
/* Every file below the tree, in git's order, with its whole path. The visitor returns false to
 * stop. */
bool repo_tree_files(struct repo *, struct oid tree,
		     bool (*visit)(void *self, struct str path, uint32_t mode, struct oid id, struct fail *),
		     void *self, struct fail *);

bool repo_blob_read(struct repo *, struct arena *, struct oid id, struct str *bytes, struct fail *);
/* The bytes without a copy, for as long as `visit` runs. */
bool repo_blob_look(struct repo *, struct oid id, bool (*visit)(void *self, struct str bytes, struct fail *),
		    void *self, struct fail *);
bool repo_blob_write(struct repo *, struct str bytes, struct oid *id, struct fail *);
/* From an open file, without holding it in memory whole. */
bool repo_blob_write_file(struct repo *, int fd, uint64_t size, struct oid *id, struct fail *);
/* The name that bytes would have, without writing them. */
struct oid repo_blob_name(struct str bytes);

/* What the user's configuration says of files in a work tree: the repository's, the user's and the
 * machine's together, as git has it. */
enum repo_autocrlf { REPO_AUTOCRLF_FALSE, REPO_AUTOCRLF_TRUE, REPO_AUTOCRLF_INPUT };
struct repo_settings {
	bool file_mode;		/* core.fileMode: do executable bits count? */
	enum repo_autocrlf autocrlf;
	bool eol_crlf;		/* core.eol is crlf */
	struct str attributes_file;	/* core.attributesFile; empty: none */
};
bool repo_settings(struct repo *, struct arena *, struct repo_settings *, struct fail *);
/* Would git run a program for this value of the attribute `filter`? */
bool repo_settings_filter(struct repo *, struct str name);

/* A git folder of an agent's own, whose objects borrow from the main repository, HEAD on `branch`
 * at `commit` (detached when `branch` is empty), and `work_dir`/.git leading to it. Neither
 * `git_dir` nor that .git may exist yet. The index is to be written by repo_index_write. Not
 * synced: it is made anew when it is lost. */
bool repo_private_create(struct repo *main, const char *git_dir, const char *work_dir,
			 const char *branch, struct oid commit, struct fail *);
/* All that was ever put into a private git folder, copied to the main repository under one commit:
 * commits (stashed ones too) are its parents; what belongs to no commit is in its tree by its name,
 * "HEX". An object that is malformed or incomplete comes as the plain file "HEX.kind". *commit is
 * none when there is nothing. The same for the same content whenever it is made. Nothing of the
 * folder's configuration is read, and nothing it leads to. */
bool repo_keep_private(struct repo *main, const char *git_dir, const char *message, struct oid *commit, struct fail *);
/* A linked work tree of the main repository, as `git worktree add -b branch` makes it, without its
 * files and index; `name` is its own in the main repository. The branch may be there when it is at
 * `commit`. Not to be done by two at once: take a lock first. */
bool repo_worktree_create(struct repo *main, const char *name, const char *work_dir,
			  const char *branch, struct oid commit, struct fail *);
/* Takes what repo_worktree_create made out of the main repository; the branch goes only if it is
 * still at `commit`, so that no work is lost. Not there is fine. */
bool repo_worktree_forget(struct repo *main, const char *name, const char *branch,
			  struct oid commit, struct fail *);

/* An index of the tree, in which the files count as unchanged as long as they look as in `info`:
 * one for each file of the tree, in the order of repo_tree_files. */
struct stat;
bool repo_index_write(struct repo *main, const char *path, struct oid tree, const struct stat *info, size_t n,
		      struct fail *);

/* Would git ignore this untracked path of a work tree: by the .gitignore files in it, the main
 * repository's info/exclude and the user's excludes? Nothing of an agent's git folder is read.
 * A folder is asked for without a last slash. */
bool repo_ignores(struct repo *main, const char *work_dir, struct str path, bool *ignored,
		  struct fail *);

#endif
