/* boundary.c — see boundary.h. */
#include "runtime/boundary.h"

#include "common/file.h"
#include "common/path.h"
#include "common/vec.h"
#include "runtime/boundary_tree.h"
#include "runtime/environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct finding {
	struct arena *arena;
	const struct boundary_orders *orders;
	VEC(struct boundary_path) list;
};

static void add(struct finding *f, enum boundary_kind kind, const char *path)
{
	*VEC_ADD(f->arena, &f->list) = (struct boundary_path){ kind, path };
}

static bool is_folder(const char *path)
{
	struct stat about;
	return lstat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Without links; NULL when there is nothing. */
static const char *resolved(struct arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real ? arena_copy(arena, str_from(real)).at : NULL;
	free(real);
	return copy;
}

static bool lies_in(const char *path, const char *folder)
{
	return path_is_within(str_from(path), str_from(strcmp(folder, "/") ? folder : ""));
}

/* Is one in the other? */
static bool meets(const char *path, const char *other)
{
	return other && (lies_in(path, other) || lies_in(other, path));
}

static void add_shown(struct finding *f, const char *path)
{
	const char *real = path && *path == '/' ? resolved(f->arena, path) : NULL;
	if (real && strcmp(real, "/") != 0)
		add(f, BOUNDARY_SHOWN, real);
}

/* What others leave to be shared, and sockets, lie in these folders. */
static void add_private(struct finding *f)
{
	static const char *const private[] = { "/dev/shm", "/tmp", "/var/tmp", "/run" };
	/* Of /run, what finding a name in the network, or a program, takes. */
	static const char *const shown[] = { "/run/systemd/resolve",
					     "/run/resolvconf",
					     "/run/NetworkManager",
					     "/run/current-system",
					     "/run/wrappers",
					     "/run/opengl-driver",
					     "/run/host" };
	const char *own = environment_value(f->orders->env, "XDG_RUNTIME_DIR");
	add(f, BOUNDARY_DEVICES, "/dev");
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		if (is_folder(private[i]))
			add(f, BOUNDARY_PRIVATE, private[i]);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (is_folder(shown[i]))
			add_shown(f, shown[i]);
	if (own && lies_in(own, "/run") && is_folder(own) && strcmp(own, "/run") != 0)
		add(f, BOUNDARY_PRIVATE, own);
}

static void add_readable(struct finding *f)
{
	const struct boundary_orders *orders = f->orders;
	struct str path = str_from(environment_value(orders->env, "PATH")), part;
	add_shown(f, orders->git_dir);
	add_shown(f, environment_value(orders->env, "HOME"));
	while (str_split(&path, ':', &part))
		add_shown(f, arena_copy(f->arena, part).at);
	if (orders->program && *orders->program == '/') {
		const char *real = resolved(f->arena, orders->program);
		size_t n = real ? (size_t)(strrchr(real, '/') - real) : 0;
		const char *folder = arena_format(f->arena, "%.*s", (int)n, real ? real : "").at;
		bool shared = strcmp(folder, "/tmp") == 0 || strcmp(folder, "/var/tmp") == 0;
		add_shown(f, shared ? real : folder);
	}
	add_shown(f, orders->input);
}

/* One that is not there is made, where it is a folder of the user's home that is to be. */
static bool make_extra(struct finding *f, const char *path, const char *home, const char **real,
		       struct fail *fail)
{
	const char *name = strrchr(path, '/') + 1;
	*real = resolved(f->arena, path);
	if (*real)
		return true;
	if (!lies_in(path, home))
		return fail_set(fail, "the runner of %.*s writes %s, which is not there",
				STR_ARG(f->orders->who->name), path);
	/* One like .tool.json is a file, and what is to be in it only the tool knows. */
	if (*name && strchr(name + 1, '.'))
		return true;
	return file_make_folders(path, fail) &&
	       ((*real = resolved(f->arena, path)) || fail_system(fail, "cannot find %s", path));
}

/* What the runner's program is to change outside: its own state. */
static bool add_extra(struct finding *f, const char *root, struct fail *fail)
{
	const struct schedule *schedule = f->orders->schedule;
	const struct schedule_agent *agent = f->orders->who;
	struct str_list writes = { 0 };
	const char *home = environment_value(f->orders->env, "HOME"), *real;
	if (agent->runner != SCHEDULE_NONE)
		writes = schedule->runner[agent->runner].writes;
	const char *git = f->orders->git_dir ? resolved(f->arena, f->orders->git_dir) : NULL;
	for (size_t i = 0; i < writes.n; i++) {
		const char *path = arena_copy(f->arena, writes.at[i]).at;
		if (*path == '~' && !home)
			return fail_set(fail, "%s cannot be found, since HOME is not set", path);
		if (*path == '~')
			path = arena_format(f->arena, "%s%s", home, path + 1).at;
		if (!make_extra(f, path, home ? home : "/", &real, fail))
			return false;
		/* Its git folder may be elsewhere. */
		if (real && (meets(real, root) || meets(real, git)))
			return fail_set(
				fail,
				"the runner of %.*s writes %s, and the repository lies in it, or it in "
				"the repository; `writes` is for what is elsewhere",
				STR_ARG(agent->name), real);
		if (real)
			add(f, BOUNDARY_WRITABLE, real);
	}
	return true;
}

/* A folder before what is in it, and of one path first what is to be covered. */
static int compare(const void *a, const void *b)
{
	const struct boundary_path *x = a, *y = b;
	const unsigned char *p = (const unsigned char *)x->path,
			    *q = (const unsigned char *)y->path;
	while (*p && *p == *q)
		p++, q++;
	int left = *p == '/' ? 1 : *p, right = *q == '/' ? 1 : *q;
	return left != right ? left - right : (int)x->kind - (int)y->kind;
}

/* The last one before `i` that it lies in; n: none. */
static size_t around(const struct boundary_path *at, size_t n, const char *path)
{
	size_t found = n;
	for (size_t i = 0; i < n; i++)
		if (lies_in(path, at[i].path))
			found = i;
	return found;
}

/* Shown is only what a private folder would cover; and nothing is said twice. */
static void arrange(struct finding *f)
{
	size_t n = 0;
	if (f->list.n)
		qsort(f->list.at, f->list.n, sizeof *f->list.at, compare);
	for (size_t i = 0; i < f->list.n; i++) {
		struct boundary_path *at = &f->list.at[i];
		bool twice = n && at->kind == f->list.at[n - 1].kind &&
			     strcmp(at->path, f->list.at[n - 1].path) == 0;
		size_t in = at->kind == BOUNDARY_SHOWN ? around(f->list.at, n, at->path) : n;
		bool covered = in < n && (f->list.at[in].kind == BOUNDARY_PRIVATE ||
					  f->list.at[in].kind == BOUNDARY_SEALED ||
					  f->list.at[in].kind == BOUNDARY_DEVICES);
		if (!twice && (at->kind != BOUNDARY_SHOWN || covered))
			f->list.at[n++] = *at;
	}
	f->list.n = n;
}

/* Sockets that have a name in the file system where the agent sees it: a read-only file system keeps
 * nobody from speaking through them. */
static void add_sockets(struct finding *f)
{
	FILE *table = fopen("/proc/net/unix", "re");
	char *line = NULL;
	size_t size = 0, known = f->list.n;
	ssize_t n;
	while (table && (n = getline(&line, &size, table)) > 0) {
		char *path = strchr(line, '/');
		struct stat about;
		line[n - 1] = line[n - 1] == '\n' ? 0 : line[n - 1];
		const char *real = path ? resolved(f->arena, path) : NULL;
		if (!real || lstat(real, &about) || !S_ISSOCK(about.st_mode))
			continue;
		size_t in = around(f->list.at, known, real);
		bool hidden = in < known && f->list.at[in].kind != BOUNDARY_SHOWN;
		for (size_t i = known; i < f->list.n; i++)
			hidden = hidden || strcmp(real, f->list.at[i].path) == 0;
		if (!hidden)
			add(f, BOUNDARY_HIDDEN, real);
	}
	free(line);
	if (table)
		fclose(table);
}

/* The repository's root, from .orch/runs/N in it. */
static const char *root_of(struct arena *arena, const char *run_folder)
{
	size_t n = strlen(run_folder);
	for (int up = 0; up < 3; up++)
		while (n && run_folder[--n] != '/')
			;
	return arena_format(arena, "%.*s", (int)n, run_folder).at;
}

bool boundary_find(struct arena *arena, const struct boundary_orders *orders,
		   struct boundary *boundary, struct fail *fail)
{
	struct finding f = { .arena = arena, .orders = orders };
	const struct schedule_agent *agent = orders->who;
	const char *tree = resolved(arena, orders->tree->work_dir);
	const char *run_folder = resolved(arena, orders->run_folder);
	*boundary = (struct boundary){ .level = orders->level, .network = !agent->quiet };
	if (!tree || !run_folder)
		return fail_system(fail, "cannot find the work tree %s", orders->tree->work_dir);
	const char *root = root_of(arena, run_folder);
	if (orders->level == SANDBOX_NAMESPACES) {
		add_private(&f);
		add(&f, BOUNDARY_SHOWN, root);
		add(&f, BOUNDARY_SEALED, arena_format(arena, "%s/" PATH_RUNS, root).at);
		add_readable(&f);
	} else {
		boundary->temporary = orders->temporary;
	}
	add(&f, orders->whole_tree ? BOUNDARY_WRITABLE : BOUNDARY_SHOWN, tree);
	if (orders->tree->isolation == SCHEDULE_CLONE) {
		const char *git = resolved(arena, orders->tree->git_dir);
		if (!git)
			return fail_system(fail, "cannot find %s", orders->tree->git_dir);
		add(&f, BOUNDARY_WRITABLE, git);
	}
	struct boundary_tree owned = { 0 };
	if (!add_extra(&f, root, fail))
		return false;
	if (!orders->whole_tree && !boundary_tree_find(arena, agent, tree, &owned, fail))
		return false;
	for (size_t i = 0; i < owned.writable.n; i++)
		add(&f, BOUNDARY_WRITABLE, owned.writable.at[i].at);
	arrange(&f);
	if (orders->level == SANDBOX_NAMESPACES) {
		add_sockets(&f);
		for (size_t i = 0; i < owned.fixed.n; i++)
			add(&f, BOUNDARY_FIXED, owned.fixed.at[i].at);
		if (f.list.n)
			qsort(f.list.at, f.list.n, sizeof *f.list.at, compare);
	}
	boundary->at = f.list.at;
	boundary->n = f.list.n;
	return true;
}
