/* scan.c — see scan.h. Folder by folder, each opened anew from the root by its whole path and
 * beneath it only. What cannot be looked into is one refused change, and nothing below it counts as
 * gone.
 *
 * Nobody writes to the tree meanwhile; should somebody do so all the same, the result is a wrong
 * content of a path inside, never one of a path outside. */
#include "runtime/scan.h"

#include "common/file.h"
#include "common/map.h"
#include "common/path.h"
#include "runtime/beneath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	HELD_WHOLE = 8 << 20, /* larger files are streamed into the repository */
	LARGEST =
		256
		<< 20, /* larger ones are refused: a sparse file of a terabyte costs an agent nothing */
	LARGEST_RULES = 1 << 20,
	PART = 64 << 10,
};

struct folder {
	struct str path; /* "" is the root */
	bool no_rules;   /* a .gitignore on the way that is none; ignore rules are not asked */
};
struct scanning {
	struct arena *arena, scratch;
	struct repo *repo;
	const char *work_dir;
	int root;
	const struct manifest *manifest;
	const struct conversion *conversion;
	struct map known; /* path to index in the manifest */
	bool *seen;       /* by that index */
	const struct glob *owned;
	size_t owned_n;
	struct map blocked; /* folders not looked into */
	VEC(struct folder) todo;
	struct scan *scan;
	struct fail *fail;
};

static struct scan_change *change_add(struct scanning *s, struct str path,
				      const struct manifest_file *before)
{
	struct scan_change *change = VEC_ADD(s->arena, &s->scan->changes);
	change->path = path;
	if (before && !before->brought) {
		change->mode_before = before->mode;
		change->before = before->id;
	}
	return change;
}

static bool fail_reading(struct scanning *s, struct str path, int error)
{
	errno = error;
	return fail_system(s->fail, "cannot read %.*s in %s", STR_ARG(path), s->work_dir);
}

static bool refuse(struct scanning *s, struct str path, const struct manifest_file *before,
		   uint32_t mode, const char *why)
{
	struct scan_change *change = change_add(s, path, before);
	change->mode_after = mode;
	change->refused = why;
	return true;
}

static bool block(struct scanning *s, struct str path, const char *why)
{
	if (!map_find(&s->blocked, path))
		map_add(s->arena, &s->blocked, path, 1);
	return refuse(s, path, NULL, 0040000, why);
}

/* What went wrong is ours or the machine's, not the agent's doing. */
static bool of_the_world(int error)
{
	return error == EIO || error == EMFILE || error == ENFILE || error == ENOMEM ||
	       error == ENOSPC;
}

static const char *reason_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM: return "it cannot be read";
	case EXDEV: return "it lies on another file system";
	case ENAMETOOLONG: return "its path is too long";
	default: return "it changed while it was read";
	}
}

/* Takes away the lock that an agent put on what is its own; false when that is not possible. */
static bool unlock(struct scanning *s, const char *path, mode_t more)
{
	struct stat info;
	char link[64];
	int fd = beneath_open(s->root, path, O_PATH, 0);
	if (fd < 0)
		return false;
	/* fchmod does not take such a descriptor; its link in /proc leads to the very same file. */
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	bool good = fstat(fd, &info) == 0 && info.st_uid == geteuid() && !S_ISLNK(info.st_mode) &&
		    chmod(link, (info.st_mode & 07777) | more) == 0;
	close(fd);
	return good;
}

static int open_or_unlock(struct scanning *s, const char *path, int flags, mode_t more)
{
	int fd = beneath_open(s->root, path, flags, 0);
	if (fd < 0 && errno == EACCES && unlock(s, path, more))
		fd = beneath_open(s->root, path, flags, 0);
	return fd;
}

/* Is the path owned by its very name? */
static bool is_named(const struct scanning *s, struct str path)
{
	for (size_t i = 0; i < s->owned_n; i++)
		if (glob_names(&s->owned[i], path))
			return true;
	return false;
}

static bool is_named_below(const struct scanning *s, struct str folder)
{
	for (size_t i = 0; i < s->owned_n; i++)
		if (glob_needs_folder(&s->owned[i], folder))
			return true;
	return false;
}

static bool ignored(struct scanning *s, struct str path, const struct folder *in, bool *answer)
{
	*answer = false;
	return in->no_rules || repo_ignores(s->repo, s->work_dir, path, answer, s->fail);
}

/* As git would store what is in the work tree; in `scratch`. */
static bool convert(struct scanning *s, struct lineends how, const struct manifest_file *before,
		    struct str *bytes)
{
	struct str old = { "", 0 };
	/* What the repository has now decides only where it is guessed that the file is a text. */
	if (how.kind == LINEENDS_AUTO && before && !before->brought &&
	    str_find(*bytes, '\r') != SIZE_MAX &&
	    !repo_blob_read(s->repo, &s->scratch, before->id, &old, s->fail))
		return false;
	*bytes = lineends_to_git(&s->scratch, how, *bytes, old);
	return true;
}

/* Would git store a large file otherwise than it lies there? Read in parts, from its beginning. */
static bool may_change(int fd, struct lineends how)
{
	struct lineends_seen seen = { 0 };
	char part[PART];
	off_t at = 0;
	for (ssize_t n; !lineends_none(how) && (n = pread(fd, part, sizeof part, at)) > 0; at += n)
		lineends_look(&seen, (struct str){ part, (size_t)n });
	return lineends_may_change(how, seen);
}

/* The bytes of an open regular file, named and, when they differ from before, stored. *why is set
 * when git would store them in a way that orch does not know. */
static bool store_content(struct scanning *s, int fd, const struct stat *info, struct str path,
			  const struct manifest_file *before, bool only_name, struct oid *id,
			  const char **why)
{
	struct str bytes;
	struct conversion_of of = conversion_find(s->conversion, path);
	*why = conversion_refuses(s->conversion, of, STR(""));
	if (info->st_size > HELD_WHOLE && !only_name && (*why || !may_change(fd, of.lineends)))
		return repo_blob_write_file(s->repo, fd, (uint64_t)info->st_size, id, s->fail);
	struct arena_mark mark = arena_mark(&s->scratch);
	bool good = file_read_all(&s->scratch, fd, "a file of the work tree", LARGEST, &bytes,
				  s->fail);
	if (good && *why)
		*why = conversion_refuses(s->conversion, of, bytes);
	else if (good && !lineends_none(of.lineends))
		good = convert(s, of.lineends, before, &bytes);
	if (good) {
		*id = repo_blob_name(bytes);
		if (!only_name && !(before && oid_equal(before->id, *id)))
			good = repo_blob_write(s->repo, bytes, id, s->fail);
	}
	arena_reset(&s->scratch, mark);
	return good;
}

/* Where core.fileMode is false, git takes modes from what is committed. */
static uint32_t mode_now(const struct scanning *s, const struct manifest_file *before,
			 const struct stat *info)
{
	if (s->conversion->settings.file_mode || !S_ISREG(info->st_mode))
		return manifest_mode(info);
	return before && !before->brought && before->mode == 0100755 ? 0100755 : 0100644;
}

static bool look_at_regular(struct scanning *s, struct str path, const struct manifest_file *before)
{
	struct stat info;
	struct oid id;
	int fd = open_or_unlock(s, path.at, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0 && of_the_world(errno))
		return fail_reading(s, path, errno);
	if (fd < 0)
		return refuse(s, path, before, 0100644, reason_of(errno));
	const char *why = NULL, *held = NULL;
	if (fstat(fd, &info) || !S_ISREG(info.st_mode))
		why = "it changed while it was read";
	else if (info.st_size > LARGEST)
		why = "it is larger than 256 MiB";
	bool linked = !why && info.st_nlink > 1, good = true;
	if (linked && info.st_size > HELD_WHOLE)
		why = "it is a hard link";
	if (!why)
		good = store_content(s, fd, &info, path, before, linked, &id, &held);
	close(fd);
	if (!good)
		return false;
	uint32_t mode = why ? 0100644 : mode_now(s, before, &info);
	if (!why && before && !before->brought && before->mode == mode && oid_equal(before->id, id))
		return true;
	/* Its bytes may be of a file elsewhere, which the agent could name but not read. */
	if (linked)
		why = "it is a hard link";
	if (why)
		return refuse(s, path, before, mode, why);
	struct scan_change *change = change_add(s, path, before);
	change->mode_after = mode;
	change->after = id;
	change->refused = held;
	change->held = held != NULL;
	return true;
}

static bool look_at_link(struct scanning *s, struct str path, const struct manifest_file *before)
{
	char target[4097];
	struct oid id;
	int fd = beneath_open(s->root, path.at, O_PATH, 0);
	ssize_t n = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof target);
	int error = errno;
	if (fd >= 0)
		close(fd);
	if (n < 0 && of_the_world(error))
		return fail_reading(s, path, error);
	if (n <= 0 || (size_t)n == sizeof target)
		return refuse(s, path, before, 0120000, reason_of(n < 0 ? error : 0));
	if (!repo_blob_write(s->repo, (struct str){ target, (size_t)n }, &id, s->fail))
		return false;
	if (before && !before->brought && before->mode == 0120000 && oid_equal(before->id, id))
		return true;
	struct scan_change *change = change_add(s, path, before);
	change->mode_after = 0120000;
	change->after = id;
	return true;
}

static bool look_at_file(struct scanning *s, const struct folder *in, struct str path,
			 const struct stat *info)
{
	const uint32_t *index = map_find(&s->known, path);
	const struct manifest_file *before = index ? &s->manifest->files.at[*index] : NULL;
	const char *why;
	bool skip = false;
	if (index) {
		s->seen[*index] = true;
		if (manifest_untouched(before, info))
			return true;
		if (before->mode == 0160000)
			return refuse(s, path, before, manifest_mode(info),
				      "it is in the place of a submodule");
	}
	if (!path_is_safe(path, &why))
		return refuse(s, path, before, manifest_mode(info), why);
	if ((!before || before->brought) && !is_named(s, path) && !ignored(s, path, in, &skip))
		return false;
	if (skip) {
		*VEC_ADD(s->arena, &s->scan->ignored) = path;
		return true;
	}
	if (path_is_within(path, STR(PATH_RUNS)))
		return refuse(s, path, before, manifest_mode(info),
			      "orch keeps its runs in `" PATH_RUNS "` of the checkout");
	if (S_ISREG(info->st_mode))
		return look_at_regular(s, path, before);
	if (S_ISLNK(info->st_mode))
		return look_at_link(s, path, before);
	return refuse(s, path, before, 0, "it is a device, a socket or a pipe");
}

static bool is_empty(struct scanning *s, const char *path, bool *empty)
{
	int fd = open_or_unlock(s, path, O_RDONLY | O_DIRECTORY, 0700);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	*empty = folder != NULL;
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			*empty = false;
	if (folder)
		closedir(folder);
	else if (fd >= 0)
		close(fd);
	return folder != NULL;
}

static bool look_at_folder(struct scanning *s, const struct folder *in, struct str path)
{
	const uint32_t *index = map_find(&s->known, path);
	const struct manifest_file *before = index ? &s->manifest->files.at[*index] : NULL;
	const char *why;
	bool skip = false, empty;
	if (before && before->mode == 0160000) {
		s->seen[*index] = true;
		if (is_empty(s, path.at, &empty) && empty)
			return true;
		return refuse(s, path, before, 0160000,
			      "it is in a submodule, which no result can have");
	}
	if (!path_is_safe(path, &why))
		return block(s, path, why);
	if (!manifest_has_folder(s->manifest, path) && !is_named_below(s, path) &&
	    !ignored(s, path, in, &skip))
		return false;
	if (skip)
		*VEC_ADD(s->arena, &s->scan->ignored) = path;
	else
		*VEC_ADD(s->arena, &s->todo) = (struct folder){ path, in->no_rules };
	return true;
}

struct names {
	VEC(struct str) list;
	bool git, head, objects, refs; /* is there one of this name? */
};

static bool read_names(struct scanning *s, DIR *folder, bool top, struct names *names)
{
	struct dirent *entry;
	while (errno = 0, (entry = readdir(folder))) {
		struct str name = str_from(entry->d_name);
		if (str_is(name, ".") || str_is(name, "..") || (top && str_is(name, ".git")))
			continue;
		names->git |= str_is(name, ".git");
		names->head |= str_is(name, "HEAD");
		names->objects |= str_is(name, "objects");
		names->refs |= str_is(name, "refs");
		*VEC_ADD(s->arena, &names->list) = arena_copy(s->arena, name);
	}
	return errno == 0;
}

/* A .gitignore must be a plain, small file before git's rules are asked: a pipe would be waited
 * for. */
static void check_rules(int fd, struct folder *in)
{
	struct stat info;
	if (fstatat(fd, ".gitignore", &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (!S_ISREG(info.st_mode) || info.st_size > LARGEST_RULES))
		in->no_rules = true;
}

static bool look_at_name(struct scanning *s, const struct folder *in, int fd, struct str name)
{
	struct stat info;
	struct str path = in->path.n ? arena_format(s->arena, "%.*s/%.*s", STR_ARG(in->path),
						    STR_ARG(name))
				     : name;
	int error = fstatat(fd, name.at, &info, AT_SYMLINK_NOFOLLOW);
	if (error && errno == EACCES && unlock(s, in->path.n ? in->path.at : ".", 0700))
		error = fstatat(fd, name.at, &info, AT_SYMLINK_NOFOLLOW);
	if (error && errno == ENOENT)
		return true;
	if (error && of_the_world(errno))
		return fail_reading(s, path, errno);
	if (error)
		return block(s, path, reason_of(errno));
	return S_ISDIR(info.st_mode) ? look_at_folder(s, in, path)
				     : look_at_file(s, in, path, &info);
}

static bool scan_folder(struct scanning *s, struct folder in)
{
	struct names names = { 0 };
	int fd = open_or_unlock(s, in.path.n ? in.path.at : ".", O_RDONLY | O_DIRECTORY, 0700);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		if (!in.path.n || of_the_world(error))
			return fail_reading(s, in.path, error);
		return block(s, in.path, reason_of(error));
	}
	bool top = !in.path.n;
	bool good = read_names(s, folder, top, &names) || fail_reading(s, in.path, errno);
	check_rules(fd, &in);
	const char *head = arena_format(s->arena, "%.*s/HEAD", STR_ARG(in.path)).at;
	bool bare = names.head && names.objects && names.refs && !top &&
		    !map_find(&s->known, str_from(head));
	if (good && (names.git || bare))
		good = block(s, in.path, "it is a git repository inside of the work tree");
	for (size_t i = 0; good && !names.git && !bare && i < names.list.n; i++)
		good = look_at_name(s, &in, fd, names.list.at[i]);
	closedir(folder);
	return good;
}

static bool below_blocked(const struct scanning *s, struct str path)
{
	for (size_t i = 0; i <= path.n; i++)
		if ((i == path.n || path.at[i] == '/') &&
		    map_find(&s->blocked, str_slice(path, 0, i)))
			return true;
	return false;
}

static void find_deleted(struct scanning *s)
{
	for (size_t i = 0; i < s->manifest->tracked; i++) {
		const struct manifest_file *file = &s->manifest->files.at[i];
		if (s->seen[i] || below_blocked(s, file->path))
			continue;
		if (file->mode == 0160000)
			refuse(s, file->path, file, 0,
			       "it was a submodule, which no result can lose");
		else
			change_add(s, file->path, file);
	}
}

/* The root is opened by its path, which a lock on it would stop. */
static void unlock_root(const char *work_dir)
{
	struct stat info;
	if (lstat(work_dir, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
	    (info.st_mode & 0700) != 0700)
		fchmodat(AT_FDCWD, work_dir, (info.st_mode & 07777) | 0700, AT_SYMLINK_NOFOLLOW);
}

bool scan_tree(struct arena *arena, struct repo *main, const char *work_dir,
	       const struct manifest *manifest, const struct conversion *conversion,
	       const struct glob *owned, size_t owned_n, struct scan *scan, struct fail *fail)
{
	struct scanning s = { .arena = arena,
			      .repo = main,
			      .work_dir = work_dir,
			      .manifest = manifest,
			      .conversion = conversion,
			      .scan = scan,
			      .owned = owned,
			      .owned_n = owned_n,
			      .fail = fail };
	*scan = (struct scan){ 0 };
	unlock_root(work_dir);
	s.root = beneath_root(work_dir, fail);
	if (s.root < 0)
		return false;
	s.seen = ARENA_MANY(arena, manifest->files.n + 1, bool);
	for (size_t i = 0; i < manifest->files.n; i++)
		map_add(arena, &s.known, manifest->files.at[i].path, (uint32_t)i);
	bool good = true;
	*VEC_ADD(arena, &s.todo) = (struct folder){ STR(""), false };
	for (size_t i = 0; good && i < s.todo.n; i++)
		good = scan_folder(&s, s.todo.at[i]);
	if (good)
		find_deleted(&s);
	close(s.root);
	arena_release(&s.scratch);
	return good;
}
