/* stale.c — see stale.h. */
#include "runtime/stale.h"

#include "common/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DEEPEST = 8, LARGEST = 200, EMPTY_SECONDS = 2 };

static bool clear_folder(struct arena *arena, const char *path, int depth, struct fail *fail)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool good = true;
	while (good && folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		const char *inside = arena_format(arena, "%s/%s", path, entry->d_name).at;
		if (entry->d_type == DT_DIR)
			good = depth >= DEEPEST || clear_folder(arena, inside, depth + 1, fail);
		else if (str_ends(str_from(inside), STR(".lock")))
			good = file_remove_tree(inside, fail);
	}
	if (folder)
		closedir(folder);
	return good;
}

bool stale_clear_below(struct repo *repo, const char *name, struct fail *fail)
{
	struct arena arena = { 0 };
	const char *folder = arena_format(&arena, "%s/%s", repo_git_dir(repo), name).at;
	bool good = clear_folder(&arena, folder, 0, fail);
	arena_release(&arena);
	return good;
}

bool stale_clear_run(struct repo *repo, int64_t run, struct fail *fail)
{
	struct arena arena = { 0 };
	const char *name = arena_format(&arena, "refs/orch/%lld", (long long)run).at;
	bool good = stale_clear_below(repo, name, fail);
	arena_release(&arena);
	return good;
}

/* Is it a link to the ref itself? libgit2 moves a ref by such a link, git does not; what is left then has only
 * not been removed. */
static bool is_the_ref(const char *lock, const struct stat *info)
{
	char path[4096];
	struct stat ref;
	size_t n = strlen(lock) - strlen(".lock");
	if (n >= sizeof path)
		return false;
	memcpy(path, lock, n);
	path[n] = 0;
	return lstat(path, &ref) == 0 && ref.st_ino == info->st_ino && ref.st_dev == info->st_dev;
}

/* Did orch make it, by whatever process? *age is in seconds. */
static bool is_marked(const char *path, int64_t *age)
{
	struct stat info;
	if (lstat(path, &info) ||
	    ((info.st_mode & 07777) != REPO_LOCK_MODE && !is_the_ref(path, &info)))
		return false;
	*age = time(NULL) - info.st_mtime;
	return true;
}

static bool is_ours(struct repo *repo, const char *path, struct str content, struct oid ours,
		    bool descendants)
{
	struct oid id = { "" };
	struct fail unknown;
	int64_t age;
	bool is = false;
	if (!is_marked(path, &age))
		return false;
	content = str_trim(content);
	if (!content.n)
		return age >= EMPTY_SECONDS;
	if (content.n != sizeof id.hex - 1)
		return false;
	memcpy(id.hex, content.at, content.n);
	return oid_equal(id, ours) ||
	       (descendants && repo_is_ancestor(repo, ours, id, &is, &unknown) && is);
}

bool stale_clear_ref(struct repo *repo, const char *name, struct oid ours, bool descendants,
		     struct fail *fail)
{
	struct arena arena = { 0 };
	struct str content;
	int64_t age;
	bool found;
	const char *path = arena_format(&arena, "%s/%s.lock", repo_git_dir(repo), name).at;
	/* An empty one that was just made may be held by another orch. */
	for (int i = 0; i <= EMPTY_SECONDS * 10 + 10; i++) {
		if (!file_read_if(&arena, path, LARGEST, &content, &found, fail)) {
			arena_release(&arena);
			return false;
		}
		if (!found || content.n || !is_marked(path, &age))
			break;
		if (is_ours(repo, path, content, ours, descendants))
			break;
		nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
	}
	bool good = !found || !is_ours(repo, path, content, ours, descendants) ||
		    file_remove_tree(path, fail);
	arena_release(&arena);
	return good;
}

/* Does a link of a process lead to the path, or below it? What cannot be read is somebody else's. */
static bool leads(const char *process, const char *link, const char *path, bool below)
{
	char from[300], to[4096];
	size_t n = strlen(path);
	snprintf(from, sizeof from, "/proc/%.20s/%.250s", process, link);
	ssize_t length = readlink(from, to, sizeof to - 1);
	if (length < 0)
		return false;
	to[length] = 0;
	return strcmp(to, path) == 0 || (below && strncmp(to, path, n) == 0 && to[n] == '/');
}

static bool is_git(const char *process)
{
	char path[64], name[4] = "";
	snprintf(path, sizeof path, "/proc/%.20s/comm", process);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, name, 3);
	if (fd >= 0)
		close(fd);
	return n == 3 && strcmp(name, "git") == 0;
}

static bool has_open(const char *process, const char *path)
{
	char name[64];
	snprintf(name, sizeof name, "/proc/%.20s/fd", process);
	DIR *folder = opendir(name);
	struct dirent *entry;
	bool has = false;
	while (folder && !has && (entry = readdir(folder))) {
		snprintf(name, sizeof name, "fd/%.20s", entry->d_name);
		has = leads(process, name, path, false);
	}
	if (folder)
		closedir(folder);
	return has;
}

/* When the table of processes cannot be read, somebody may. */
static bool somebody_holds(const char *path, const char *root)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	bool held = !folder;
	while (folder && !held && (entry = readdir(folder)))
		held = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		       (has_open(entry->d_name, path) ||
			(is_git(entry->d_name) && leads(entry->d_name, "cwd", root, true)));
	if (folder)
		closedir(folder);
	return held;
}

bool stale_clear_index(struct repo *repo, struct fail *fail)
{
	struct arena arena = { 0 };
	const char *path = arena_format(&arena, "%s/index.lock", repo_git_dir(repo)).at;
	bool good = !file_there(path) || somebody_holds(path, repo_root(repo)) ||
		    file_remove_tree(path, fail);
	arena_release(&arena);
	return good;
}
