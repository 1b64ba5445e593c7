/* tree_copy.c — what git does not bring into a fresh work tree (.env, dependencies), copied from
 * the main checkout. See tree.h. */
#include "common/path.h"
#include "runtime/tree_bring.h"

#include "common/file.h"
#include "common/glob.h"
#include "runtime/beneath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool copy_bytes(int from, int to, const char *path, struct fail *fail)
{
	char part[65536];
	for (;;) {
		ssize_t n = read(from, part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_system(fail, "cannot copy %s", path);
		if (n == 0)
			return true;
		if (!file_write_all(to, path, (struct str){ part, (size_t)n }, fail))
			return false;
	}
}

static bool copy_regular(struct tree_bring *b, int parent, const char *name, const char *path,
			 const struct stat *info, struct fail *fail)
{
	int from = beneath_open(b->from, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (from < 0)
		return fail_system(fail, "cannot read %s/%s", b->root, path);
	int to = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			info->st_mode & 0100 ? 0777 : 0666);
	bool good = to >= 0 ? copy_bytes(from, to, path, fail)
			    : fail_system(fail, "cannot make %s in %s", path, b->work_dir);
	if (to >= 0 && close(to) && good)
		good = fail_system(fail, "cannot write %s in %s", path, b->work_dir);
	close(from);
	return good;
}

static bool copy_link(struct tree_bring *b, int parent, const char *name, const char *path,
		      struct fail *fail)
{
	char target[4097];
	int from = beneath_open(b->from, path, O_PATH, 0);
	ssize_t n = from < 0 ? -1 : readlinkat(from, "", target, sizeof target - 1);
	if (from >= 0)
		close(from);
	if (n >= 0)
		target[n] = 0;
	return (n >= 0 && symlinkat(target, parent, name) == 0) ||
	       fail_system(fail, "cannot copy the symbolic link %s/%s", b->root, path);
}

static bool copy_file(struct tree_bring *b, struct str path, const struct stat *info,
		      struct fail *fail)
{
	struct stat there;
	const char *name;
	int parent = tree_bring_parent(b, path.at, &name, fail);
	if (parent < 0)
		return false;
	bool good = true;
	if (fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) != 0) {	/* what is there stays */
		good =
		    (S_ISLNK(info->st_mode) ? copy_link(b, parent, name, path.at, fail)
					    : copy_regular(b, parent, name, path.at, info, fail)) &&
		    tree_bring_remember(b, parent, name, path, fail);
	}
	close(parent);
	return good;
}

struct walk {
	struct tree_bring *bring;
	struct glob glob;
	VEC(struct str) todo;	/* folders */
	bool matched;
};

/* A folder with a repository of its own is none of ours: other agents' trees look like that. */
static bool is_checkout(int folder)
{
	struct stat info;
	return fstatat(folder, ".git", &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool copy_entry(struct walk *walk, int folder, struct str in, struct str name,
		       struct fail *fail)
{
	struct tree_bring *b = walk->bring;
	struct stat info;
	struct str path = in.n ? arena_format(b->arena, "%.*s/%.*s", STR_ARG(in), STR_ARG(name))
			       : arena_copy(b->arena, name);
	if (fstatat(folder, name.at, &info, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT || fail_system(fail, "cannot read %s/%s", b->root, path.at);
	if (S_ISDIR(info.st_mode)) {
		if (!str_is(path, PATH_RUNS) && glob_meets_below(&walk->glob, path))
			*VEC_ADD(b->arena, &walk->todo) = path;
		return true;
	}
	if ((!S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode)) || !glob_match(&walk->glob, path))
		return true;
	walk->matched = true;
	return copy_file(b, path, &info, fail);
}

static bool copy_folder(struct walk *walk, struct str path, struct fail *fail)
{
	struct tree_bring *b = walk->bring;
	int fd = beneath_open(b->from, path.n ? arena_copy(b->arena, path).at : ".",
			      O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return true;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		fail_system(fail, "cannot read %s/%s", b->root, path.at);
		if (fd >= 0)
			close(fd);
		return false;
	}
	bool good = true;
	struct dirent *entry;
	if (!path.n || !is_checkout(fd))
		while (good && (entry = readdir(folder))) {
			struct str name = str_from(entry->d_name);
			if (!str_is(name, ".") && !str_is(name, "..") && !str_is(name, ".git"))
				good = copy_entry(walk, fd, path, name, fail);
		}
	closedir(folder);
	return good;
}

bool tree_copy(const char *root, const struct tree_orders *orders, struct str pattern,
	       struct fail *fail)
{
	struct arena arena = { 0 };
	struct tree_bring b;
	struct walk walk = { .bring = &b };
	struct glob_error error;
	if (!glob_parse(&arena, pattern, &walk.glob, &error)) {
		arena_release(&arena);
		return fail_set(fail, "copy \"%.*s\": %s", STR_ARG(pattern), error.text);
	}
	bool good = tree_bring_begin(&b, &arena, root, orders, fail);
	if (good) {
		*VEC_ADD(&arena, &walk.todo) = glob_folder(&arena, &walk.glob);
		for (size_t i = 0; good && i < walk.todo.n; i++)
			good = copy_folder(&walk, walk.todo.at[i], fail);
		if (good && glob_is_literal(&walk.glob) && !walk.matched)
			good = fail_set(fail, "copy \"%.*s\": there is no such file in %s",
					STR_ARG(pattern), root);
	}
	good = tree_bring_end(&b, orders, good, fail);
	arena_release(&arena);
	return good;
}
