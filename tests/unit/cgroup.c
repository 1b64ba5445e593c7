/* Which cgroup is found and what can be done with it, in pretend folders of the kernel's. What a real one
 * holds, tests/sweeps/cgroup shows in a machine of its own. */
#include "runtime/cgroup.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static const char mounts[] =
	"20 1 0:18 / /proc rw - proc proc rw\n"
	"36 20 0:31 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";

/* `own` as /proc/self/cgroup has it; its folder with these files, those left out are NULL. */
static void pretend(const char *own, const char *folder, const char *controllers, const char *procs)
{
	scratch_run("rm -rf proc sys; mkdir -p proc/self sys/fs/cgroup%s", folder);
	char path[256];
	scratch_put("proc/self/cgroup", own);
	scratch_put("proc/self/mountinfo", mounts);
	const char *const files[][2] = { { "cgroup.controllers", controllers },
					 { "cgroup.procs", procs },
					 { "cgroup.subtree_control", "" },
					 { "cgroup.type", *folder ? "domain\n" : NULL } };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "sys/fs/cgroup%s/%s", folder, files[i][0]);
		if (files[i][1])
			scratch_put(path, files[i][1]);
	}
}

static enum cgroup_state state(struct cgroup *cgroup)
{
	static struct arena arena;
	cgroup_find(&arena, scratch_folder, cgroup);
	return cgroup->state;
}

static void test_states(void)
{
	struct cgroup cgroup;
	char self[32];
	snprintf(self, sizeof self, "%ld\n", (long)getpid());
	pretend("0::/user.slice/run.scope\n", "/user.slice/run.scope",
		"cpuset cpu io memory pids\n", self);
	CHECK(state(&cgroup) == CGROUP_READY, "one of its own can be divided");
	CHECK(cgroup.controllers == (CGROUP_MEMORY | CGROUP_CPU | CGROUP_PIDS),
	      "with the controllers that it has");
	CHECK(str_ends(str_from(cgroup.folder), STR("/sys/fs/cgroup/user.slice/run.scope")),
	      "where it is mounted");
	pretend("9:memory:/\n0::/user.slice/run.scope\n", "/user.slice/run.scope", "memory\n",
		"1\n");
	CHECK(state(&cgroup) == CGROUP_SHARED, "not one with other processes in it");
	pretend("0::/a\n", "/a", "pids hugetlb\n", self);
	CHECK(state(&cgroup) == CGROUP_BARE, "nor one that could hold neither memory nor cpu");
	pretend("4:memory:/x\n0::/a\n", "/a", "hugetlb\n", self);
	CHECK(state(&cgroup) == CGROUP_OLD, "nor one whose controllers are in version 1");
	pretend("0::/\n", "", "memory cpu\n", "1\n2\n");
	CHECK(state(&cgroup) == CGROUP_READY, "the first of all may have processes");
	pretend("4:memory:/a\n1:name=systemd:/\n", "/a", "memory\n", self);
	CHECK(state(&cgroup) == CGROUP_ABSENT, "version 1 alone is none");
	pretend("0::/../other\n", "", "memory\n", self);
	CHECK(state(&cgroup) == CGROUP_ABSENT, "nor is one beyond what can be seen");
	pretend("0::/gone\n", "/a", "memory\n", self);
	CHECK(state(&cgroup) == CGROUP_LOCKED, "nor one that is not there");
	scratch_put("proc/self/mountinfo", "20 1 0:18 / /proc rw - proc proc rw\n");
	CHECK(state(&cgroup) == CGROUP_ABSENT, "nor one that is not mounted");
}

static void test_empty_box(void)
{
	struct arena arena = { 0 };
	struct cgroup_box box;
	struct fail fail;
	bool memory = true;
	CHECK(cgroup_open(&arena, &(struct limit){ .processes = 9 }, &box, &fail) && !box.folder,
	      "without a divided cgroup the box is empty");
	cgroup_close(&box, &memory);
	CHECK(!memory, "and nothing was killed in it");
	CHECK(!cgroup_open(&arena, &(struct limit){ .processes = 9, .memory = 1 << 30 }, &box,
			   &fail),
	      "what it is to hold and cannot is a failure");
	arena_release(&arena);
}

int main(void)
{
	if (!scratch_begin("cgroup"))
		return 1;
	test_states();
	test_empty_box();
	scratch_end();
	return test_end();
}
