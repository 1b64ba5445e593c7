/* gitlib.h — libgit2, loaded when it is needed and not before.
 *
 * Starting libgit2 with what it brings along takes several times as long as checking a plan of
 * thirty agents. So the compiler's program is not linked with it: the functions that it needs are
 * the rows of one list, found in the library when somebody asks for them. orch, which always needs
 * git, is linked with it (repo.h). */
#ifndef RUNTIME_GITLIB_H
#define RUNTIME_GITLIB_H

#include "common/fail.h"
#include "runtime/gitloose.h"

#include <git2.h>

#define GITLIB_FUNCTIONS(F) \
	GITLOOSE_FUNCTIONS(F) \
	F(git_buf_dispose) \
	F(git_commit_tree_id) \
	F(git_error_last) \
	F(git_ignore_path_is_ignored) \
	F(git_libgit2_init) \
	F(git_libgit2_opts) \
	F(git_libgit2_shutdown) \
	F(git_merge_base) \
	F(git_object_free) \
	F(git_object_id) \
	F(git_object_peel) \
	F(git_odb_free) \
	F(git_odb_object_data) \
	F(git_odb_object_free) \
	F(git_odb_object_size) \
	F(git_odb_object_type) \
	F(git_odb_read) \
	F(git_odb_read_header) \
	F(git_patch_free) \
	F(git_patch_from_buffers) \
	F(git_patch_to_buf) \
	F(git_reference_iterator_free) \
	F(git_reference_iterator_new) \
	F(git_reference_next_name) \
	F(git_repository_commondir) \
	F(git_repository_free) \
	F(git_repository_head_unborn) \
	F(git_repository_is_shallow) \
	F(git_repository_odb) \
	F(git_repository_open_ext) \
	F(git_revparse_single)

struct gitlib {
	void *library;
#define F(name) __typeof__(name) *name;
	GITLIB_FUNCTIONS(F)
#undef F
};

/* Loads and starts libgit2, which reads nobody's configuration. Close it after use. */
bool gitlib_open(struct gitlib *, struct fail *);
void gitlib_close(struct gitlib *);
/* "what …: libgit2's reason". Returns false. */
bool gitlib_fail(const struct gitlib *, struct fail *, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
