/* File systems: the list of those that are known, and what is tried. What refuses a run is tested end to end. */
#include "runtime/filesystem.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <linux/magic.h>

static const struct {
	uint32_t number;
	const char *name;
	enum filesystem_kind kind;
} list[] = {
#define FILESYSTEM(number, name, KIND) { number, name, FILESYSTEM_##KIND },
#include "runtime/filesystem.def"
#undef FILESYSTEM
};
enum { KNOWN = sizeof list / sizeof *list };

static void test_list(void)
{
	bool ordered = true, once = true, found = true;
	enum filesystem_kind kind;
	for (size_t i = 0; i < KNOWN; i++) {
		ordered &= !i || strcmp(list[i - 1].name, list[i].name) < 0;
		for (size_t k = 0; k < i; k++)
			once &= list[k].number != list[i].number;
		const char *name = filesystem_known(list[i].number, &kind);
		found &= name && !strcmp(name, list[i].name) && kind == list[i].kind;
	}
	CHECK(ordered && once, "each is listed once, in order");
	CHECK(found, "and found");
	CHECK(!filesystem_known(1, &kind), "no other is");
	CHECK(filesystem_known(NFS_SUPER_MAGIC, &kind) && kind == FILESYSTEM_NETWORK &&
		      filesystem_known(CIFS_SUPER_MAGIC, &kind) && kind == FILESYSTEM_NETWORK &&
		      filesystem_known(V9FS_MAGIC, &kind) && kind == FILESYSTEM_NETWORK &&
		      filesystem_known(CEPH_SUPER_MAGIC, &kind) && kind == FILESYSTEM_NETWORK,
	      "the kernel's own numbers of network file systems");
	CHECK(filesystem_known(FUSE_SUPER_MAGIC, &kind) && kind == FILESYSTEM_USER, "of FUSE");
	CHECK(filesystem_known(MSDOS_SUPER_MAGIC, &kind) && kind == FILESYSTEM_FLAT, "of FAT");
	CHECK(filesystem_known(EXT4_SUPER_MAGIC, &kind) && kind == FILESYSTEM_LOCAL &&
		      filesystem_known(OVERLAYFS_SUPER_MAGIC, &kind) && kind == FILESYSTEM_LOCAL,
	      "of local ones");
}

static void test_trials(void)
{
	struct arena arena = { 0 };
	struct filesystem fs;
	struct fail fail;
	CHECK(filesystem_try(&arena, scratch_folder, &fs, &fail) && !fs.failed,
	      "a memory file system keeps all of it");
	CHECK(!filesystem_fault(&arena, &fs).n, "and has no fault");
	CHECK(fs.free, "with room");
	CHECK(!*scratch_ask("ls -A %s", scratch_folder), "nothing is left behind");
	CHECK(!filesystem_try(&arena, "/no/such", &fs, &fail), "a folder that is not there");
	CHECK(filesystem_try(&arena, "/proc/self", &fs, &fail) == false &&
		      str_find_text(str_from(fail.text), STR("probe.")) != SIZE_MAX,
	      "one that takes no folders is a failure, not a fault");
	fs = (struct filesystem){ .kind = FILESYSTEM_NETWORK, .failed = FILESYSTEM_CASE | FILESYSTEM_LOCK };
	struct str fault = filesystem_fault(&arena, &fs);
	CHECK(str_find_text(fault, STR("on the network")) != SIZE_MAX &&
		      str_find_text(fault, STR("upper and lower")) != SIZE_MAX &&
		      str_find_text(fault, STR("locks")) != SIZE_MAX,
	      "every fault is named");
	arena_release(&arena);
}

int main(void)
{
	if (!scratch_begin("filesystem"))
		return 1;
	test_list();
	test_trials();
	scratch_end();
	return test_end();
}
