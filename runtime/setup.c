/* setup.c — see setup.h. Copying is cp's work: links, modes, and files that share their blocks where the file
 * system can. */
#include "runtime/setup.h"

#include "common/file.h"
#include "common/glob.h"
#include "common/text.h"
#include "runtime/beneath.h"
#include "runtime/manifest.h"
#include "runtime/place.h"
#include "runtime/tree_bring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DAYS = 30, LARGEST = 64 << 20 };
extern char **environ;

static void add_texts(struct text *key, const char *what, struct str_list list)
{
	for (size_t i = 0; i < list.n; i++)
		text_addf(key, "%s %zu %.*s\n", what, list.at[i].n, STR_ARG(list.at[i]));
}

/* Of what was brought into the tree, git has no name: it is given the one that it would have. */
static bool name_brought(struct arena *arena, int root, const struct manifest_file *file,
			 struct oid *id, struct fail *fail)
{
	char link[4096];
	struct str bytes = { 0 };
	int fd = beneath_open(root, file->path.at, O_RDONLY, 0);
	bool good = fd >= 0;
	if (good) {
		good = file_read_all(arena, fd, file->path.at, LARGEST, &bytes, fail);
		close(fd);
	} else if (errno == ELOOP) {
		ssize_t n = readlinkat(root, file->path.at, link, sizeof link);
		good = n > 0;
		bytes = (struct str){ link, good ? (size_t)n : 0 };
	}
	if (!good && fd < 0)
		return fail_system(fail, "cannot read %s in the work tree", file->path.at);
	*id = repo_blob_name(bytes);
	return good;
}

static bool add_files(struct arena *arena, const struct setup *setup, struct text *key,
		      struct fail *fail)
{
	size_t n = setup->command->keyed.n;
	struct glob *globs = ARENA_MANY(arena, n, struct glob);
	struct glob_error error;
	struct manifest manifest;
	for (size_t i = 0; i < n; i++)
		BUG_IF(!glob_parse(arena, setup->command->keyed.at[i], &globs[i], &error),
		       "a pattern that the verifier let pass");
	int root = beneath_root(setup->tree->work_dir, fail);
	bool good = root >= 0 && manifest_read(arena, setup->tree->manifest, &manifest, fail);
	for (size_t f = 0; good && f < manifest.files.n; f++) {
		const struct manifest_file *file = &manifest.files.at[f];
		struct oid id = file->id;
		bool wanted = false;
		for (size_t i = 0; i < n && !wanted; i++)
			wanted = glob_match(&globs[i], file->path);
		if (wanted && file->brought)
			good = name_brought(arena, root, file, &id, fail);
		if (wanted && good)
			text_addf(key, "file %o %s %.*s\n", file->mode, id.hex,
				  STR_ARG(file->path));
	}
	if (root >= 0)
		close(root);
	return good;
}

bool setup_find(struct arena *arena, const struct setup *setup, const char **folder,
		struct fail *fail)
{
	struct text key = { 0 };
	text_addf(&key, "setup 1 %u\n", setup->command->shell);
	add_texts(&key, "word", setup->command->words);
	add_texts(&key, "makes", setup->command->makes);
	add_texts(&key, "env", setup->env);
	bool good = add_files(arena, setup, &key, fail);
	if (good)
		*folder = place_kept(arena, setup->root, repo_blob_name(text_str(&key)).hex);
	text_release(&key);
	return good;
}

/* Copies one path to another, whatever it is. */
static bool copy(const char *from, const char *to, struct fail *fail)
{
	const char *const words[] = { "cp", "-a", "--reflink=auto", "-T", "--", from, to, NULL };
	pid_t pid;
	int status, error = posix_spawnp(&pid, "cp", NULL, NULL, (char *const *)words, environ);
	if (error) {
		errno = error;
		return fail_system(fail, "cannot start cp");
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail_system(fail, "cannot wait for cp");
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       fail_set(fail, "cp could not copy %s to %s", from, to);
}

/* A path of the tree by its folder, which cp gets open: no link on the way leads it elsewhere. */
static const char *beside(struct arena *arena, int parent, const char *name)
{
	fcntl(parent, F_SETFD, 0);
	return arena_format(arena, "/proc/self/fd/%d/%s", parent, name).at;
}

static const char *entry(struct arena *arena, const char *folder, size_t index)
{
	return arena_format(arena, "%s/%zu", folder, index).at;
}

bool setup_bring(const struct setup *setup, const char *folder, bool *kept, struct fail *fail)
{
	struct arena arena = { 0 };
	struct tree_bring b = { .arena = &arena, .work_dir = setup->tree->work_dir, .from = -1 };
	struct str_list makes = setup->command->makes;
	*kept = file_there(folder);
	if (!*kept)
		return true;
	bool good = (b.to = beneath_root(setup->tree->work_dir, fail)) >= 0;
	for (size_t i = 0; good && i < makes.n; i++) {
		const char *name;
		int parent = tree_bring_parent(&b, arena_copy(&arena, makes.at[i]).at, &name, fail);
		good = parent >= 0 &&
		       copy(entry(&arena, folder, i), beside(&arena, parent, name), fail);
		if (parent >= 0)
			close(parent);
	}
	if (b.to >= 0)
		close(b.to);
	if (good)
		utimensat(AT_FDCWD, folder, NULL, 0); /* it is used */
	arena_release(&arena);
	return good;
}

/* On disk with all that is in it, before it gets its name. */
static bool sync_all(const char *folder, struct fail *fail)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && syncfs(fd) == 0;
	if (!good)
		fail_system(fail, "cannot write %s", folder);
	if (fd >= 0)
		close(fd);
	return good;
}

bool setup_keep(const struct setup *setup, const char *folder, struct str *missing,
		struct fail *fail)
{
	struct arena arena = { 0 };
	struct str_list makes = setup->command->makes;
	const char *made = arena_format(&arena, "%s.new", folder).at;
	int root = beneath_root(setup->tree->work_dir, fail);
	bool good = root >= 0 && file_remove_tree(made, fail) && file_make_folders(made, fail);
	*missing = (struct str){ 0 };
	for (size_t i = 0; good && i < makes.n && !missing->n; i++) {
		const char *name;
		struct stat info;
		int parent = beneath_parent(root, arena_copy(&arena, makes.at[i]).at, &name);
		if (parent < 0 || fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW))
			*missing = makes.at[i];
		else
			good = copy(beside(&arena, parent, name), entry(&arena, made, i), fail);
		if (parent >= 0)
			close(parent);
	}
	good = good && (missing->n || (sync_all(made, fail) &&
				       (rename(made, folder) == 0 ||
					fail_system(fail, "cannot make %s", folder))));
	struct fail left;
	if (!good || missing->n)
		(void)file_remove_tree(made, &left);
	if (root >= 0)
		close(root);
	arena_release(&arena);
	return good;
}

/* Nobody waits for it: who collects holds the repository's lock, so that no run is on its way. */
static bool forget_lock(struct arena *arena, const char *path, struct fail *fail)
{
	const char *lock = arena_format(arena, "%s.lock", path).at;
	return unlink(lock) == 0 || errno == ENOENT || fail_system(fail, "cannot remove %s", lock);
}

bool setup_collect(struct arena *arena, const char *root, bool look,
		   void (*found)(void *self, const char *path), void *self, struct fail *fail)
{
	const char *kept = place_kept(arena, root, "");
	DIR *folder = opendir(kept);
	struct dirent *at;
	bool good = true;
	time_t oldest = time(NULL) - (time_t)DAYS * 24 * 3600;
	while (good && folder && (at = readdir(folder))) {
		struct stat info;
		const char *path = place_in(arena, kept, at->d_name);
		if (at->d_name[0] == '.' || lstat(path, &info) || !S_ISDIR(info.st_mode) ||
		    info.st_mtime > oldest)
			continue;
		found(self, path);
		good = look || (file_remove_tree(path, fail) && forget_lock(arena, path, fail));
	}
	if (folder)
		closedir(folder);
	return good;
}
