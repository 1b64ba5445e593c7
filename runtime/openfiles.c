/* openfiles.c — see openfiles.h. */
#include "runtime/openfiles.h"

#include <sys/resource.h>

bool openfiles_reserve(unsigned long needed, const char *what, struct fail *fail)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return fail_system(fail, "cannot ask how many files may be open");
	if (limit.rlim_cur >= needed)
		return true;
	rlim_t allowed = limit.rlim_max;
	if (allowed >= needed) {
		limit.rlim_cur = needed;
		return setrlimit(RLIMIT_NOFILE, &limit) == 0 ||
		       fail_system(fail, "cannot raise how many files may be open to %lu", needed);
	}
	return fail_set(
		fail,
		"%s needs up to %lu open files, and %lu are allowed: raise that (ulimit -n), or take fewer "
		"agents at once (--jobs)",
		what, needed, (unsigned long)allowed);
}
