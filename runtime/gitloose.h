/* gitloose.h — libgit2 reads loose objects by loose.h: what is damaged is said, and never waited
 * for.
 *
 * For programs that are linked with libgit2 and for those that load it, which hand over the
 * functions. */
#ifndef RUNTIME_GITLOOSE_H
#define RUNTIME_GITLOOSE_H

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <stdbool.h>

#define GITLOOSE_FUNCTIONS(F) \
	F(git_error_set_str) \
	F(git_odb_add_backend) \
	F(git_odb_backend_data_alloc) \
	F(git_odb_backend_data_free) \
	F(git_oid_fromstr) \
	F(git_oid_tostr)

struct gitloose_functions {
#define F(name) __typeof__(name) *name;
	GITLOOSE_FUNCTIONS(F)
#undef F
};

/* For the objects of a repository; `git_dir` is its folder that work trees share, absolute. They
 * are looked for after those in packs. False: libgit2 has a reason. */
bool gitloose_add(const struct gitloose_functions *, git_odb *, const char *git_dir);

#endif
