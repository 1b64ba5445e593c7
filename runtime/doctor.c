/* doctor.c — see doctor.h. One small function for each line of doctor.def. */
#include "runtime/doctor.h"

#include "common/file.h"
#include "common/text.h"
#include "runtime/beneath.h"
#include "runtime/cgroup.h"
#include "runtime/doctor_agents.h"
#include "runtime/filesystem.h"
#include "runtime/place.h"
#include "runtime/repo.h"
#include "runtime/repo_checkout.h"
#include "runtime/sandbox.h"
#include "runtime/store.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum {
	LARGEST = 1 << 16,   /* bytes of a file of the kernel's */
	FILES_ENOUGH = 1024, /* what systems give; thirty agents take some 300 */
	FILES_LEAST = 128,
	MEBIBYTE = 1 << 20,
	SPACE_ENOUGH = 2048, /* MiB */
	SPACE_LEAST = 64,
};

struct examination {
	struct arena *arena;
	const char *folder, *node;
	struct repo *repo; /* NULL: there is none that can be used */
	struct fail no_repo;
	struct sandbox_offer offer;
	struct doctor_line *line; /* that is being filled in */
};

static void say(struct examination *e, enum doctor_state state, struct str what, const char *advice)
{
	e->line->state = state;
	e->line->what = what;
	e->line->advice = arena_copy(e->arena, str_from(advice));
}

/* A file of the kernel's, without white space at its ends; empty when it is not there. */
static struct str read_kernel(struct arena *arena, const char *path)
{
	struct str bytes;
	struct fail fail;
	bool found;
	return file_read_if(arena, path, LARGEST, &bytes, &found, &fail) && found ? str_trim(bytes)
										  : STR("");
}

static void look_kernel(struct examination *e)
{
	struct utsname name;
	unsigned major = 0, minor = 0;
	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	unsigned version = major * 1000 + minor;
	struct str release = arena_copy(e->arena, str_from(name.release));
	if (version < 5006)
		say(e, DOCTOR_BAD, arena_format(e->arena, "%.*s is too old", STR_ARG(release)),
		    "use Linux 5.6 or newer; 6.1 or newer is better");
	else if (version < 5013)
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena, "%.*s: it has no Landlock", STR_ARG(release)),
		    "use Linux 5.13 or newer");
	else
		say(e, DOCTOR_OK, release, "");
}

static void look_openat2(struct examination *e)
{
	struct fail fail;
	int root = beneath_root("/", &fail);
	if (root >= 0)
		close(root);
	if (root < 0)
		say(e, DOCTOR_BAD, arena_copy(e->arena, str_from(fail.text)),
		    "in a container: a newer container engine, whose filter knows openat2 (Docker 20.10, "
		    "Podman 3)");
	else
		say(e, DOCTOR_OK,
		    STR("results are read without following what agents may have planted (openat2)"),
		    "");
}

static void look_node(struct examination *e)
{
	if (access(e->node, X_OK) == 0)
		say(e, DOCTOR_OK, str_from(e->node), "");
	else
		say(e, DOCTOR_BAD,
		    arena_format(e->arena, "%s cannot be started (%s); it starts the agents",
				 e->node, strerror(errno)),
		    "sudo make install; orch, orchc and orch-node belong into one folder");
}

static void look_user(struct examination *e)
{
	if (geteuid())
		say(e, DOCTOR_OK,
		    arena_format(e->arena, "number %u, not root", (unsigned)geteuid()), "");
	else
		say(e, DOCTOR_WEAKER,
		    STR("root: what is not contained of an agent may do anything to this machine, and "
			"the kernel has fewer ways of limiting it"),
		    "run orch as a user of its own: sudo -u USER orch exec PLAN");
}

static void look_container(struct examination *e)
{
	const char *kind = getenv("container");
	if (file_there("/.dockerenv"))
		kind = "Docker";
	else if (file_there("/run/.containerenv"))
		kind = "Podman";
	if (kind && *kind)
		say(e, DOCTOR_OK,
		    arena_format(
			    e->arena,
			    "this is a container (%s); what it keeps from its programs is below",
			    kind),
		    "");
	else
		say(e, DOCTOR_OK, STR("none, as far as can be seen"), "");
}

/* What to do where namespaces are refused, as far as the kernel's own settings tell. */
static const char *namespaces_advice(struct arena *arena)
{
	static const struct {
		const char *path, *value, *advice;
	} settings[] = {
		{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
		  "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu since 23.10), or an "
		  "AppArmor profile with `userns,` for orch-node" },
		{ "/proc/sys/user/max_user_namespaces", "0",
		  "sudo sysctl user.max_user_namespaces=15000" },
		{ "/proc/sys/kernel/unprivileged_userns_clone", "0",
		  "sudo sysctl kernel.unprivileged_userns_clone=1" },
	};
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (str_is(read_kernel(arena, settings[i].path), settings[i].value))
			return settings[i].advice;
	return "in a container: run orch outside of it, or, with Docker, docker run --security-opt "
	       "seccomp=unconfined --security-opt apparmor=unconfined --security-opt "
	       "systempaths=unconfined";
}

static void look_sandbox(struct examination *e)
{
	enum sandbox_level level = e->offer.level;
	struct str what = arena_format(e->arena, "%s: %s", sandbox_name(level),
				       sandbox_meaning(level));
	if (level == SANDBOX_NAMESPACES)
		say(e, DOCTOR_OK, what, "");
	else
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena, "%.*s; no namespaces: %s%s%s", STR_ARG(what),
				 e->offer.namespaces.text,
				 level == SANDBOX_GATE ? "; no Landlock: " : "",
				 level == SANDBOX_GATE ? e->offer.landlock.text : ""),
		    namespaces_advice(e->arena));
}

static void look_network(struct examination *e)
{
	if (e->offer.quiet)
		say(e, DOCTOR_OK, STR("an agent can be without network"), "");
	else
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena, "a plan that says so is refused: %s",
				 e->offer.level == SANDBOX_NAMESPACES ? e->offer.network.text
								      : "that needs namespaces"),
		    namespaces_advice(e->arena));
}

static void look_landlock(struct examination *e)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	if (version >= 1)
		say(e, DOCTOR_OK, arena_format(e->arena, "version %ld", version), "");
	else
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena,
				 "not there (%s): `orchc check` cannot shut itself in, and agents "
				 "cannot be held by it where there are no namespaces",
				 strerror(errno)),
		    "add landlock to the kernel's lsm= (what is on: cat /sys/kernel/security/lsm)");
}

static void look_seccomp(struct examination *e)
{
	uint32_t action = SECCOMP_RET_ERRNO;
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0)
		say(e, DOCTOR_OK, STR("system calls can be filtered"), "");
	else
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena, "not there (%s): `orchc check` cannot shut itself in",
				 strerror(errno)),
		    "use a kernel with CONFIG_SECCOMP_FILTER");
}

static bool ready(const struct cgroup *cgroup, unsigned controller)
{
	return cgroup->state == CGROUP_READY && cgroup->controllers & controller;
}

static void look_processes(struct examination *e)
{
	if (e->offer.level == SANDBOX_NAMESPACES)
		say(e, DOCTOR_OK,
		    arena_format(
			    e->arena,
			    "held by the kernel; %d for each agent unless the plan says otherwise",
			    LIMIT_PROCESSES),
		    "");
	else
		say(e, DOCTOR_WEAKER,
		    arena_format(
			    e->arena,
			    "counted ten times a second, and who has too many is ended; %d unless "
			    "the plan says otherwise",
			    LIMIT_PROCESSES),
		    namespaces_advice(e->arena));
}

static void look_cgroup(struct examination *e)
{
	struct cgroup cgroup;
	cgroup_find(e->arena, "", &cgroup);
	if (ready(&cgroup, CGROUP_MEMORY) && ready(&cgroup, CGROUP_CPU))
		say(e, DOCTOR_OK, STR("held by the kernel (cgroup v2)"), "");
	else
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena,
				 "nothing holds them, and a plan that has them is refused: %s%s",
				 cgroup_meaning(cgroup.state),
				 cgroup.state == CGROUP_READY
					 ? ", but lacks the memory or cpu controller"
					 : ""),
		    cgroup_remedy(cgroup.state));
}

static void look_files(struct examination *e)
{
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	unsigned long long n = limit.rlim_cur;
	struct str what = arena_format(e->arena, "%llu at once", n);
	if (n >= FILES_ENOUGH)
		say(e, DOCTOR_OK, what, "");
	else
		say(e, n < FILES_LEAST ? DOCTOR_BAD : DOCTOR_WEAKER,
		    arena_format(e->arena, "%.*s, too few for many agents", STR_ARG(what)),
		    "ulimit -n 1024");
}

/* Nothing in a run goes by it, but its dates go into commits and the journal. */
static void look_clock(struct examination *e)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32] = "";
	if (gmtime_r(&now, &tm))
		strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm);
	struct str what = arena_copy(e->arena, str_from(text));
	if (tm.tm_year + 1900 < 2024 || tm.tm_year + 1900 > 2100)
		say(e, DOCTOR_WEAKER,
		    arena_format(e->arena, "%.*s: commits would be dated so", STR_ARG(what)),
		    "sudo timedatectl set-ntp true");
	else
		say(e, DOCTOR_OK, what, "");
}

static void look_git(struct examination *e)
{
	char text[128] = "";
	FILE *pipe = popen("git --version 2>/dev/null", "re");
	if (!pipe || !fgets(text, sizeof text, pipe))
		text[0] = 0;
	if (pipe)
		pclose(pipe);
	struct str what = str_trim(arena_copy(e->arena, str_from(text)));
	if (what.n)
		say(e, DOCTOR_OK,
		    arena_format(e->arena, "%.*s, for agents; orch itself does not run it",
				 STR_ARG(what)),
		    "");
	else
		say(e, DOCTOR_WEAKER,
		    STR("git is not in PATH: orch does not run it, but most agents do"),
		    "sudo apt-get install git");
}

static void look_repository(struct examination *e)
{
	struct str main;
	struct fail fail;
	if (!e->repo)
		say(e, DOCTOR_BAD, arena_copy(e->arena, str_from(e->no_repo.text)),
		    strstr(e->no_repo.text, "is in no git repository")
			    ? "cd into a git repository, or make one: git init"
			    : "docs/git.md lists what orch works with, and what to do about the rest");
	else if (!repo_checkout_linked(e->repo, e->arena, &main, &fail))
		say(e, DOCTOR_BAD, arena_copy(e->arena, str_from(fail.text)), "");
	else if (main.n)
		say(e, DOCTOR_BAD,
		    arena_format(e->arena, "%s is a linked work tree of %.*s", repo_root(e->repo),
				 STR_ARG(main)),
		    arena_format(e->arena, "cd %.*s", STR_ARG(main)).at);
	else
		say(e, DOCTOR_OK, str_from(repo_root(e->repo)), "");
}

/* Where runs would be kept; elsewhere there is nothing to try. */
static void look_filesystem(struct examination *e)
{
	struct filesystem fs;
	struct fail fail;
	if (!e->repo) {
		say(e, DOCTOR_OK, STR("not tried: there is no repository here"), "");
		return;
	}
	const char *orch = place_orch(e->arena, repo_root(e->repo), "");
	bool made = mkdir(orch, 0777) == 0, good = filesystem_try(e->arena, orch, &fs, &fail);
	if (made)
		rmdir(orch);
	struct str fault = good ? filesystem_fault(e->arena, &fs) : STR("");
	if (!good)
		say(e, DOCTOR_BAD, arena_copy(e->arena, str_from(fail.text)),
		    strstr(fail.text, FILESYSTEM_FULL) ? "make room on the disk; orch gc"
						       : "let this user write in the repository");
	else if (fault.n)
		say(e, DOCTOR_BAD, arena_format(e->arena, "%s: %.*s", fs.name, STR_ARG(fault)),
		    "clone the repository to a local disk; or orch exec --any-file-system");
	else
		say(e, DOCTOR_OK,
		    arena_format(e->arena,
				 "%s: locks, renames, syncing, modes, links and names were "
				 "tried, and hold",
				 fs.name),
		    "");
}

static void look_space(struct examination *e)
{
	struct filesystem fs;
	struct fail fail;
	if (!filesystem_look(e->arena, e->repo ? repo_root(e->repo) : e->folder, &fs, &fail)) {
		say(e, DOCTOR_BAD, arena_copy(e->arena, str_from(fail.text)), "");
		return;
	}
	unsigned long long free = fs.free / MEBIBYTE;
	struct str what = free < 10240 ? arena_format(e->arena, "%llu MiB", free)
				       : arena_format(e->arena, "%llu GiB", free / 1024);
	if (free >= SPACE_ENOUGH)
		say(e, DOCTOR_OK, what, "");
	else
		say(e, free < SPACE_LEAST ? DOCTOR_BAD : DOCTOR_WEAKER,
		    arena_format(e->arena,
				 "%.*s: each agent has a work tree of its own, and they stay after "
				 "a run",
				 STR_ARG(what)),
		    "orch gc");
}

/* What there is of runs is read as every command reads it. */
static void look_journal(struct examination *e)
{
	struct store *store = NULL;
	struct store_run *runs;
	struct fail fail;
	size_t n;
	const char *path = e->repo ? place_orch(e->arena, repo_root(e->repo), "journal.db") : NULL;
	if (!path || !file_there(path)) {
		say(e, DOCTOR_OK, STR("there is none yet, since nothing was run here"), "");
		return;
	}
	bool good = store_open_read(path, &store, &fail);
	if (good && !store_runs(store, e->arena, &runs, &n, &fail))
		good = false;
	else if (good)
		say(e, DOCTOR_OK, arena_format(e->arena, "%zu run%s", n, n == 1 ? "" : "s"), "");
	if (!good)
		say(e, DOCTOR_BAD, arena_copy(e->arena, str_from(fail.text)),
		    "what is said there; the results of earlier runs are under refs/orch");
	store_close(store);
}

static void look_agents(struct examination *e)
{
	size_t n;
	struct str what = doctor_agents(e->arena, &n);
	say(e, n ? DOCTOR_OK : DOCTOR_WEAKER, what,
	    n ? ""
	      : "install one, or say in the plan which program it is: runner NAME { command [\"…\"] }");
}

static const struct {
	const char *name, *title;
	void (*look)(struct examination *);
} checks[] = {
#define CHECK(NAME, name, title) { name, title, look_##NAME },
#include "runtime/doctor.def"
#undef CHECK
};
enum { CHECKS = sizeof checks / sizeof *checks };

void doctor_examine(struct arena *arena, const char *folder, const char *node,
		    struct doctor *doctor)
{
	struct examination e = { .arena = arena, .folder = folder, .node = node };
	if (!repo_open(folder, &e.repo, &e.no_repo))
		e.repo = NULL;
	sandbox_probe(true, &e.offer);
	*doctor = (struct doctor){ ARENA_MANY(arena, CHECKS, struct doctor_line), CHECKS };
	for (size_t i = 0; i < CHECKS; i++) {
		e.line = &doctor->at[i];
		e.line->name = checks[i].name;
		e.line->title = checks[i].title;
		checks[i].look(&e);
		/* Texts that the repository owns. */
		e.line->what = arena_copy(arena, e.line->what);
	}
	repo_close(e.repo);
}

bool doctor_can_run(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n; i++)
		if (doctor->at[i].state == DOCTOR_BAD)
			return false;
	return true;
}

const char *doctor_state_name(enum doctor_state state)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok", [DOCTOR_WEAKER] = "weaker", [DOCTOR_BAD] = "bad"
	};
	return names[state];
}
