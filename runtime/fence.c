/* fence.c — see fence.h. Nothing of it is asked of the C library, which does not know it in
 * Debian 12. */
#include "runtime/fence.h"

#include "runtime/callfilter.h"
#include "runtime/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The headers may be older than the kernel. */
enum {
	RIGHT_REFER = 1 << 13,        /* version 2: renaming and linking between folders */
	RIGHT_TRUNCATE = 1 << 14,     /* version 3 */
	RIGHT_IOCTL_DEVICE = 1 << 15, /* version 5 */
	LEAST = 2,
	SCOPED = 6,
	SCOPES = 3, /* abstract sockets, signals */
	READING = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
		  LANDLOCK_ACCESS_FS_EXECUTE,
	OF_FILES = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
		   LANDLOCK_ACCESS_FS_EXECUTE | RIGHT_TRUNCATE | RIGHT_IOCTL_DEVICE,
};
struct ruleset {
	uint64_t files, net, scoped;
};

static long version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static uint64_t all_rights(long of)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	rights |= of >= 2 ? RIGHT_REFER : 0;
	rights |= of >= 3 ? RIGHT_TRUNCATE : 0;
	return rights | (of >= 5 ? RIGHT_IOCTL_DEVICE : 0);
}

/* Rights on a path and all below; not there is fine. */
static bool allow(int rules, const char *path, uint64_t rights, struct fail *fail)
{
	struct stat about;
	struct landlock_path_beneath_attr beneath = { .allowed_access = rights };
	int at = beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (at < 0)
		return errno == ENOENT || fail_system(fail, "cannot open %s", path);
	if (fstat(at, &about) == 0 && !S_ISDIR(about.st_mode))
		beneath.allowed_access &= OF_FILES;
	long error = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	if (error)
		fail_system(fail, "cannot leave %s open", path);
	close(at);
	return !error;
}

static bool allow_all(int rules, const struct boundary *boundary, uint64_t all, struct fail *fail)
{
	static const char *const devices[] = {
#define DEVICE(name) "/dev/" #name,
#include "runtime/device.def"
#undef DEVICE
	};
	if (!allow(rules, "/", all & READING, fail) ||
	    (boundary->temporary && !allow(rules, boundary->temporary, all, fail)))
		return false;
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		if (!allow(rules, devices[i], all & OF_FILES, fail))
			return false;
	for (size_t i = 0; i < boundary->n; i++)
		if (boundary->at[i].kind == BOUNDARY_WRITABLE &&
		    !allow(rules, boundary->at[i].path, all, fail))
			return false;
	return true;
}

static bool enter_rules(const struct boundary *boundary, struct fail *fail)
{
	long have = version();
	if (have < LEAST)
		return have < 0
			       ? fail_system(fail,
					     "this kernel has no Landlock, or it is switched off")
			       : fail_set(
					 fail,
					 "this kernel's Landlock is too old (Linux 5.19 is needed)");
	/* What a version does not know is left off the end. */
	struct ruleset handled = { .files = all_rights(have), .scoped = SCOPES };
	size_t size = have >= SCOPED ? sizeof handled : sizeof handled.files;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
	if (rules < 0)
		return fail_system(fail, "cannot make rules for Landlock");
	bool good = allow_all(rules, boundary, handled.files, fail);
	if (good && syscall(SYS_landlock_restrict_self, rules, 0))
		good = fail_system(fail, "cannot enter Landlock's rules");
	close(rules);
	return good;
}

bool fence_enter(const struct boundary *boundary, struct fail *fail)
{
	return rights_give_up(false, fail) && enter_rules(boundary, fail) && callfilter_enter(fail);
}

bool fence_scope(void)
{
	const struct ruleset handled = { .scoped = SCOPES };
	if (version() < SCOPED)
		return false;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	if (rules < 0)
		return false;
	bool scoped = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return scoped;
}
