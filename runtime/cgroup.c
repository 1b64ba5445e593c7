/* cgroup.c — see cgroup.h. */
#include "runtime/cgroup.h"

#include "common/file.h"
#include "common/text.h"
#include "common/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	LARGEST = 1 << 20,  /* bytes of a file of the kernel's */
	PERIOD_US = 100000, /* over which a share of the processors is reckoned */
	PATIENCE_MS = 2000, /* until a cgroup whose processes were killed is empty */
};

static const char *const controllers[] = {
#define CONTROLLER_ROW(NAME, name) [CGROUP_ORDER_##NAME] = name,
	CGROUP_CONTROLLERS(CONTROLLER_ROW)
#undef CONTROLLER_ROW
};
static const char *const meanings[] = {
	[CGROUP_READY] = "this process may divide its cgroup",
	[CGROUP_ABSENT] = "cgroup v2 is not in use on this machine, or not to be seen from here",
	[CGROUP_LOCKED] = "the cgroup that orch is started in is not this user's to divide",
	[CGROUP_SHARED] = "other processes are in the cgroup that orch is started in",
	[CGROUP_OLD] = "the memory and cpu controllers of this machine belong to cgroup v1",
	[CGROUP_BARE] = "the cgroup that orch is started in has no memory and cpu controllers",
};

static bool read_small(struct arena *arena, const char *path, struct str *bytes)
{
	struct fail fail;
	bool found;
	return file_read_if(arena, path, LARGEST, bytes, &found, &fail) && found;
}

/* "0::/user.slice/…": the line of cgroup v2. */
static bool own_path(struct arena *arena, const char *root, struct str *path)
{
	struct str bytes, line;
	if (!read_small(arena, arena_format(arena, "%s/proc/self/cgroup", root).at, &bytes))
		return false;
	while (str_split(&bytes, '\n', &line))
		if (str_starts(line, STR("0::/"))) {
			*path = str_slice(line, 3, line.n);
			/* Beyond what is to be seen from this cgroup namespace. */
			return !str_starts(*path, STR("/.."));
		}
	return false;
}

/* "4:memory:/…": a controller that a tree of version 1 has taken. */
static bool is_old(struct arena *arena, const char *root)
{
	struct str bytes;
	return read_small(arena, arena_format(arena, "%s/proc/self/cgroup", root).at, &bytes) &&
	       str_find_text(bytes, STR(":memory:")) != SIZE_MAX;
}

/* "36 35 0:31 / /sys/fs/cgroup rw,… - cgroup2 cgroup2 rw": where the tree of cgroup v2 is mounted. */
static bool mount_point(struct arena *arena, const char *root, struct str *point)
{
	struct str bytes, line, field;
	if (!read_small(arena, arena_format(arena, "%s/proc/self/mountinfo", root).at, &bytes))
		return false;
	while (str_split(&bytes, '\n', &line)) {
		if (str_find_text(line, STR(" - cgroup2 ")) == SIZE_MAX)
			continue;
		for (int i = 0; i < 5 && str_split(&line, ' ', &field); i++)
			if (i == 3 && !str_is(field, "/"))
				break; /* a part of the tree: paths would not fit */
			else if (i == 4) {
				*point = field;
				return true;
			}
	}
	return false;
}

static unsigned controllers_in(struct arena *arena, const char *path)
{
	struct str bytes, word;
	unsigned found = 0;
	if (!read_small(arena, path, &bytes))
		return 0;
	bytes = str_trim(bytes);
	while (str_split(&bytes, ' ', &word))
		for (unsigned i = 0; i < CGROUP_CONTROLLER_COUNT; i++)
			if (str_is(word, controllers[i]))
				found |= 1u << i;
	return found;
}

/* Is somebody in it besides us? What cannot be read counts as somebody. */
static bool is_shared(struct arena *arena, const char *folder)
{
	struct str bytes, line;
	uint64_t id;
	if (!read_small(arena, arena_format(arena, "%s/cgroup.procs", folder).at, &bytes))
		return true;
	while (str_split(&bytes, '\n', &line))
		if (line.n && (!str_to_number(line, &id) || id != (uint64_t)getpid()))
			return true;
	return false;
}

void cgroup_find(struct arena *arena, const char *root, struct cgroup *cgroup)
{
	struct str path, point;
	*cgroup = (struct cgroup){ .state = CGROUP_ABSENT };
	if (!own_path(arena, root, &path) || !mount_point(arena, root, &point))
		return;
	if (str_is(path, "/"))
		path = STR("");
	cgroup->folder = arena_format(arena, "%s%.*s%.*s", root, STR_ARG(point), STR_ARG(path)).at;
	const char *const ours[] = { "", "/cgroup.procs", "/cgroup.subtree_control" };
	cgroup->controllers = controllers_in(
		arena, arena_format(arena, "%s/cgroup.controllers", cgroup->folder).at);
	cgroup->state = CGROUP_READY;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (access(arena_format(arena, "%s%s", cgroup->folder, ours[i]).at, W_OK))
			cgroup->state = CGROUP_LOCKED;
	bool bare = !(cgroup->controllers & (CGROUP_MEMORY | CGROUP_CPU));
	if (bare && is_old(arena, root))
		cgroup->state = CGROUP_OLD;
	if (cgroup->state != CGROUP_READY)
		return;
	/* The first of all cgroups, which has no type, may have processes and children; no other may
	 * have both. */
	const char *type = arena_format(arena, "%s/cgroup.type", cgroup->folder).at;
	if (bare)
		cgroup->state = CGROUP_BARE;
	else if (file_there(type) && is_shared(arena, cgroup->folder))
		cgroup->state = CGROUP_SHARED;
}

const char *cgroup_meaning(enum cgroup_state state)
{
	return meanings[state];
}

const char *cgroup_remedy(enum cgroup_state state)
{
	if (state == CGROUP_ABSENT || state == CGROUP_OLD)
		return "boot with systemd.unified_cgroup_hierarchy=1; in a container, mount "
		       "/sys/fs/cgroup writable";
	return getuid()
		       ? "start orch with `systemd-run --user --scope -p Delegate=yes orch exec PLAN`"
		       : "start orch with `systemd-run --scope -p Delegate=yes orch exec PLAN`";
}

/* A file of the kernel's takes what it is given in one piece, or not at all. */
static bool put(struct arena *arena, const char *folder, const char *name, const char *value,
		struct fail *fail)
{
	const char *path = arena_format(arena, "%s/%s", folder, name).at;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, value, strlen(value));
	bool good = n == (ssize_t)strlen(value) ||
		    fail_system(fail, "cannot write %s to %s", value, path);
	if (fd >= 0)
		close(fd);
	return good;
}

static unsigned wanted(const struct limit *limit)
{
	return (limit->memory ? CGROUP_MEMORY : 0u) | (limit->cpu ? CGROUP_CPU : 0u);
}

static bool refuse(const struct schedule_agent *agent, enum cgroup_state state, const char *reason,
		   struct fail *fail)
{
	return fail_set(
		fail,
		"the agent %.*s has `limit %s`, which nothing holds here: %s. Leave the limit out, or "
		"%s (`orch doctor` says more)",
		STR_ARG(agent->name), agent->limit_memory ? "memory" : "cpu", reason,
		cgroup_remedy(state));
}

/* Moves this process into a child of its cgroup, and lets the children have controllers. */
static bool divide(struct arena *arena, const struct cgroup *cgroup, struct fail *fail)
{
	const char *leaf = arena_format(arena, "%s/orch.%ld", cgroup->folder, (long)getpid()).at;
	struct text enable = { 0 };
	for (unsigned i = 0; i < CGROUP_CONTROLLER_COUNT; i++)
		if (cgroup->controllers & 1u << i)
			text_addf(&enable, "%s+%s", enable.n ? " " : "", controllers[i]);
	bool good = (mkdir(leaf, 0755) == 0 || errno == EEXIST ||
		     fail_system(fail, "cannot make the cgroup %s", leaf)) &&
		    put(arena, leaf, "cgroup.procs", "0", fail) &&
		    put(arena, cgroup->folder, "cgroup.subtree_control", enable.at, fail);
	text_release(&enable);
	return good;
}

/* The cgroup that this orch divides; NULL: it does not. */
static const char *divided(struct arena *arena, pid_t orch)
{
	struct cgroup cgroup;
	cgroup_find(arena, "", &cgroup);
	struct str own = arena_format(arena, "/orch.%ld", (long)orch);
	struct str folder = str_from(cgroup.folder ? cgroup.folder : "");
	return str_ends(folder, own) ? arena_copy(arena, str_slice(folder, 0, folder.n - own.n)).at
				     : NULL;
}

bool cgroup_take(const struct schedule *schedule, struct fail *fail)
{
	struct arena arena = { 0 };
	struct cgroup cgroup;
	struct fail why;
	uint32_t first = limit_wants_cgroup(schedule);
	if (first == SCHEDULE_NONE)
		return true;
	cgroup_find(&arena, "", &cgroup);
	bool done = divided(&arena, getpid()), good = done || cgroup.state == CGROUP_READY;
	if (!good)
		refuse(&schedule->agent[first], cgroup.state, cgroup_meaning(cgroup.state), fail);
	for (uint32_t i = first; good && !done && i < schedule->agent_n; i++) {
		struct limit limit = limit_of(&schedule->agent[i]);
		if (wanted(&limit) & ~cgroup.controllers)
			good = refuse(
				&schedule->agent[i], CGROUP_BARE,
				"the cgroup that orch is started in does not have that controller",
				fail);
	}
	if (good && !done && !divide(&arena, &cgroup, &why))
		good = refuse(&schedule->agent[first], CGROUP_SHARED, why.text, fail);
	arena_release(&arena);
	return good;
}

static bool put_limits(struct arena *arena, struct cgroup_box *box, const struct limit *limit,
		       struct fail *fail)
{
	struct fail ignored;
	const char *folder = box->folder;
	unsigned has = controllers_in(arena,
				      arena_format(arena, "%s/cgroup.controllers", folder).at);
	if (wanted(limit) & ~has)
		return fail_set(fail, "the cgroup %s has lost a controller", folder);
	box->processes = has & CGROUP_PIDS;
	if (box->processes &&
	    !put(arena, folder, "pids.max", arena_format(arena, "%u", limit->processes).at, fail))
		return false;
	if (limit->memory) {
		const char *bytes =
			arena_format(arena, "%llu", (unsigned long long)limit->memory).at;
		if (!put(arena, folder, "memory.max", bytes, fail))
			return false;
		/* Where there is no swap, there is no such file; and old kernels kill one process
		 * at a time. */
		put(arena, folder, "memory.swap.max", "0", &ignored);
		put(arena, folder, "memory.oom.group", "1", &ignored);
	}
	return !limit->cpu ||
	       put(arena, folder, "cpu.max",
		   arena_format(arena, "%llu %d",
				(unsigned long long)limit->cpu * (PERIOD_US / 100), PERIOD_US)
			   .at,
		   fail);
}

bool cgroup_open(struct arena *arena, const struct limit *limit, struct cgroup_box *box,
		 struct fail *fail)
{
	const char *base = divided(arena, getppid());
	*box = (struct cgroup_box){ .enter = -1 };
	if (!base)
		return !wanted(limit) ||
		       fail_set(
			       fail,
			       "the limits of memory and cpu are not held: the cgroup of the run is gone");
	const char *folder = arena_format(arena, "%s/agent.%ld", base, (long)getpid()).at;
	if (mkdir(folder, 0755) && errno != EEXIST)
		return fail_system(fail, "cannot make the cgroup %s", folder);
	box->folder = folder;
	bool good = put_limits(arena, box, limit, fail);
	if (good) {
		box->enter = open(arena_format(arena, "%s/cgroup.procs", folder).at,
				  O_WRONLY | O_CLOEXEC);
		good = box->enter >= 0 || fail_system(fail, "cannot use the cgroup %s", folder);
	}
	if (!good)
		cgroup_close(box, NULL);
	return good;
}

/* "oom_kill 1" in memory.events. */
static bool was_killed(struct arena *arena, const char *folder)
{
	struct str bytes, line;
	if (!read_small(arena, arena_format(arena, "%s/memory.events", folder).at, &bytes))
		return false;
	while (str_split(&bytes, '\n', &line))
		if (str_starts(line, STR("oom_kill ")) && !str_is(line, "oom_kill 0"))
			return true;
	return false;
}

void cgroup_close(struct cgroup_box *box, bool *memory)
{
	struct arena arena = { 0 };
	struct fail ignored;
	if (memory)
		*memory = box->folder && was_killed(&arena, box->folder);
	if (box->enter >= 0)
		close(box->enter);
	if (box->folder) {
		put(&arena, box->folder, "cgroup.kill", "1", &ignored);
		for (int i = 0; i < PATIENCE_MS && rmdir(box->folder) && errno == EBUSY; i++)
			nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	*box = (struct cgroup_box){ .enter = -1 };
	arena_release(&arena);
}
