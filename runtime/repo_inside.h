/* repo_inside.h — what the files repo*.c share, and nobody else includes: libgit2 ends here. */
#ifndef RUNTIME_REPO_INSIDE_H
#define RUNTIME_REPO_INSIDE_H

#include "runtime/repo.h"

#include <git2.h>

struct repo {
	git_repository *git;
	git_odb *odb;
	char *root, *git_dir;	/* owned; without a last slash */
	git_repository *view;	/* the main repository seen with `view_dir` as its work tree, see repo_ignores */
	char *view_dir;
};

/* The message, then libgit2's reason. Returns false. */
bool repo_fail_git(struct fail *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* False, and a failure, when these are no 40 hexadecimal digits. */
bool repo_id_from(git_oid *, struct oid, struct fail *);
struct oid repo_id_to(const git_oid *);
/* An object of that kind as it is stored; to be freed by git_odb_object_free. */
bool repo_object_read(struct repo *, struct oid, git_object_t, git_odb_object **, struct fail *);

#endif
