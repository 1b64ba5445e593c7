/* tree.c — see tree.h. Files come in git's order, so that each folder is entered once: it must be
 * new then, and what is already there is a second name for it on this file system. */
#include "runtime/tree.h"

#include "common/file.h"
#include "common/path.h"
#include "common/text.h"
#include "runtime/beneath.h"
#include "runtime/conversion.h"
#include "runtime/decoded.h"
#include "runtime/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

struct writing {
	struct repo *repo;
	const char *work_dir;
	int root, folder;	/* folder: where the last file went */
	struct text folder_path;
	struct timespec time;	/* what the files' time is set to */
	struct arena *arena, blob;
	struct decoded decoded;
	struct conversion conversion;
	struct manifest manifest;
	VEC(struct stat) info;	/* by file */
};

/* Makes the folders of `folder` that the last one was not in, and opens it. */
static bool enter_folder(struct writing *w, struct str folder, struct fail *fail)
{
	struct str last = text_str(&w->folder_path);
	if (w->folder >= 0 && str_equal(folder, last))
		return true;
	struct text path = { 0 };
	bool good = true;
	for (size_t end = 1; good && end <= folder.n; end++) {
		if (end < folder.n && folder.at[end] != '/')
			continue;
		struct str prefix = str_slice(folder, 0, end);
		bool known = str_equal(prefix, last) ||
			     (last.n > end && last.at[end] == '/' && str_starts(last, prefix));
		if (known)
			continue;
		text_clear(&path);
		text_add(&path, prefix);
		const char *name;
		int parent = beneath_parent(w->root, path.at, &name);
		if (parent < 0 || mkdirat(parent, name, 0777))
			good = fail_system(
			    fail, "cannot make the folder %s in %s%s", path.at, w->work_dir,
			    errno == EEXIST
				? " (another path of the commit is the same to this file system)"
				: "");
		if (parent >= 0)
			close(parent);
	}
	text_clear(&path);
	text_add(&path, folder.n ? folder : STR("."));
	if (w->folder >= 0)
		close(w->folder);
	w->folder = good ? beneath_open(w->root, path.at, O_RDONLY | O_DIRECTORY, 0) : -1;
	if (good && w->folder < 0)
		good = fail_system(fail, "cannot open the folder %s in %s", path.at, w->work_dir);
	text_clear(&w->folder_path);
	text_add(&w->folder_path, folder);
	text_release(&path);
	return good;
}

/* Where something is to be made: `name` in the folder that is open; `path` is for messages. */
struct spot {
	int folder;
	const char *name, *path;
};

static bool put_regular(struct spot spot, mode_t mode, struct str bytes,
			const struct timespec times[2], struct stat *info, struct fail *fail)
{
	int fd = openat(spot.folder, spot.name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return fail_system(fail, "cannot make %s", spot.path);
	bool good = file_write_all(fd, spot.path, bytes, fail);
	if (good && (futimens(fd, times) || fstat(fd, info)))
		good = fail_system(fail, "cannot write %s", spot.path);
	if (close(fd) && good)
		good = fail_system(fail, "cannot write %s", spot.path);
	return good;
}

static bool put_link(struct spot spot, struct str target, const struct timespec times[2],
		     struct stat *info, struct fail *fail)
{
	char path[4097];
	if (!target.n || target.n >= sizeof path || str_find(target, 0) != SIZE_MAX)
		return fail_set(fail,
				"the symbolic link %s leads nowhere that this system can express",
				spot.path);
	memcpy(path, target.at, target.n);
	path[target.n] = 0;
	return (symlinkat(path, spot.folder, spot.name) == 0 &&
		utimensat(spot.folder, spot.name, times, AT_SYMLINK_NOFOLLOW) == 0 &&
		fstatat(spot.folder, spot.name, info, AT_SYMLINK_NOFOLLOW) == 0) ||
	       fail_system(fail, "cannot make the symbolic link %s", spot.path);
}

/* Submodules are empty folders, as after `git clone`. */
static bool put_folder(struct spot spot, struct stat *info, struct fail *fail)
{
	return (mkdirat(spot.folder, spot.name, 0777) == 0 &&
		fstatat(spot.folder, spot.name, info, AT_SYMLINK_NOFOLLOW) == 0) ||
	       fail_system(fail, "cannot make the folder %s", spot.path);
}

/* A file of the commit: looked at, before any is written, since the rules on how to write it may be in
 * one that comes later. */
static bool note_file(void *self, struct str path, uint32_t mode, struct oid id, struct fail *fail)
{
	struct writing *w = self;
	struct manifest_file *file = VEC_ADD(w->arena, &w->manifest.files);
	const char *why;
	if (!path_is_safe(path, &why))
		return fail_set(fail,
				"the commit has the path \"%.*s\": %s; rename it before a run",
				STR_ARG(path), why);
	file->path = arena_copy(w->arena, path);
	file->mode = mode;
	file->id = id;
	return conversion_add(&w->conversion, file->path, mode, id, fail);
}

/* What put_content() needs besides the bytes. */
struct putting {
	struct writing *w;
	struct spot spot;
	const struct manifest_file *file;
	struct stat *info;
};

static bool put_content(void *self, struct str bytes, struct fail *fail)
{
	struct putting *p = self;
	struct writing *w = p->w;
	const struct timespec times[] = { w->time, w->time };
	if (p->file->mode == 0120000)
		return put_link(p->spot, bytes, times, p->info, fail);
	struct conversion_of of = conversion_find(&w->conversion, p->file->path);
	if (!lineends_none(of.lineends))
		bytes = lineends_to_tree(&w->blob, of.lineends, bytes, p->file->id.hex);
	return put_regular(p->spot, p->file->mode == 0100755 ? 0777 : 0666, bytes, times, p->info,
			   fail);
}

static bool put_file(struct writing *w, struct manifest_file *file, struct stat *info,
		     struct fail *fail)
{
	struct arena_mark mark = arena_mark(&w->blob);
	struct str folder = path_folder(file->path), bytes;
	if (!enter_folder(w, folder, fail))
		return false;
	struct putting putting = { w, { w->folder, path_last(file->path).at, file->path.at }, file,
				   info };
	bool good;
	if (file->mode == 0160000)
		good = put_folder(putting.spot, info, fail);
	else if (file->mode != 0120000 && decoded_find(&w->decoded, file->id, &bytes))
		good = put_content(&putting, bytes, fail);
	else
		good = repo_blob_look(w->repo, file->id, put_content, &putting, fail);
	manifest_note(file, info);
	arena_reset(&w->blob, mark);
	return good;
}

static bool put_files(struct writing *w, struct oid tree, struct fail *fail)
{
	bool good = conversion_begin(w->arena, w->repo, &w->conversion, fail) &&
		    repo_tree_files(w->repo, tree, note_file, w, fail);
	if (!good)
		return false;
	conversion_ready(&w->conversion);
	for (size_t i = 0; good && i < w->manifest.files.n; i++)
		good = put_file(w, &w->manifest.files.at[i], VEC_ADD(w->arena, &w->info), fail);
	return good;
}

/* The contents that an earlier tree has left, or that this one leaves to the next. */
static bool share_contents(struct writing *w, const char *path, struct oid tree, struct fail *fail)
{
	if (!path)
		return true;
	w->decoded = decoded_open(path);
	if (w->decoded.at)
		return true;
	if (!decoded_write(w->repo, path, tree, fail))
		return false;
	w->decoded = decoded_open(path);
	return true;
}

/* A change in the same tick of the kernel's clock as our writing would have our change time. */
static void let_clock_tick(const struct writing *w)
{
	struct timespec last = { 0, 0 }, now;
	for (size_t i = 0; i < w->info.n; i++) {
		struct timespec t = w->info.at[i].st_ctim;
		if (t.tv_sec > last.tv_sec || (t.tv_sec == last.tv_sec && t.tv_nsec > last.tv_nsec))
			last = t;
	}
	for (int i = 0; i < 100; i++) {
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		if (now.tv_sec > last.tv_sec ||
		    (now.tv_sec == last.tv_sec && now.tv_nsec > last.tv_nsec))
			return;
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
}

/* Its name in the main repository: of the folder, and the same whenever it is asked for. */
static const char *worktree_name(struct arena *arena, const struct tree_orders *orders)
{
	const char *slash = strrchr(orders->work_dir, '/');
	return arena_format(arena, "orch-%s-%08x", slash ? slash + 1 : orders->work_dir,
			    (unsigned)str_hash(str_from(orders->work_dir))).at;
}

const char *tree_admin(struct arena *arena, struct repo *main, const struct tree_orders *orders)
{
	return arena_format(arena, "%s/worktrees/%s", repo_git_dir(main),
			    worktree_name(arena, orders))
	    .at;
}

static bool lock_worktrees(const struct tree_orders *orders, int *lock, struct fail *fail)
{
	*lock = open(orders->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	int error = *lock < 0 ? -1 : 0;
	while (*lock >= 0 && (error = flock(*lock, LOCK_EX)) && errno == EINTR)
		;
	return !error || fail_system(fail, "cannot lock %s", orders->lock);
}

/* The git folder; *index is where its index belongs. */
static bool make_git(struct repo *main, struct arena *arena, const struct tree_orders *orders,
		     const char **index, struct fail *fail)
{
	if (orders->isolation == SCHEDULE_CLONE) {
		*index = arena_format(arena, "%s/index", orders->git_dir).at;
		return repo_private_create(main, orders->git_dir, orders->work_dir, orders->branch,
					   orders->commit, fail);
	}
	const char *name = worktree_name(arena, orders);
	int lock;
	*index = arena_format(arena, "%s/worktrees/%s/index", repo_git_dir(main), name).at;
	bool good = lock_worktrees(orders, &lock, fail) &&
		    repo_worktree_create(main, name, orders->work_dir, orders->branch,
					 orders->commit, fail);
	if (lock >= 0)
		close(lock);
	return good;
}

static bool make_root(struct arena *arena, const struct tree_orders *orders, struct fail *fail)
{
	const char *slash = strrchr(orders->work_dir, '/');
	if (slash &&
	    !file_make_folders(arena_copy(arena, (struct str){ orders->work_dir,
							       (size_t)(slash - orders->work_dir) })
				   .at,
			       fail))
		return false;
	if (mkdir(orders->work_dir, 0777) == 0)
		return true;
	if (errno == EEXIST)
		return fail_set(fail,
				"%s is already there; move it away, or let `orch gc` remove what "
				"runs left behind",
				orders->work_dir);
	return fail_system(fail, "cannot make the folder %s", orders->work_dir);
}

bool tree_prepare(struct repo *main, const struct tree_orders *orders, struct fail *fail)
{
	struct arena arena = { 0 };
	struct writing w = { .repo = main,
			     .work_dir = orders->work_dir,
			     .root = -1,
			     .folder = -1,
			     .arena = &arena };
	struct oid tree;
	const char *index;
	int64_t commit_time,
		now = time(NULL) - 2; /* not later: git looks again at files as new as its index */
	w.manifest.commit = orders->commit;
	bool good = make_root(&arena, orders, fail) &&
		    (w.root = beneath_root(orders->work_dir, fail)) >= 0 &&
		    make_git(main, &arena, orders, &index, fail) &&
		    repo_commit_tree(main, orders->commit, &tree, fail) &&
		    repo_commit_time(main, orders->commit, &commit_time, fail);
	if (good) {
		w.time.tv_sec = commit_time < now ? commit_time : now;
		good = share_contents(&w, orders->decoded, tree, fail) &&
		       put_files(&w, tree, fail) &&
		       repo_index_write(main, index, tree, w.info.at, w.info.n, fail) &&
		       manifest_write(orders->manifest, &w.manifest, fail);
		let_clock_tick(&w);
	}
	if (w.folder >= 0)
		close(w.folder);
	if (w.root >= 0)
		close(w.root);
	decoded_close(&w.decoded);
	text_release(&w.folder_path);
	arena_release(&w.blob);
	arena_release(&arena);
	return good;
}

bool tree_remove(struct repo *main, const struct tree_orders *orders, struct fail *fail)
{
	struct arena arena = { 0 };
	int lock = -1;
	bool good = file_remove_tree(orders->work_dir, fail);
	if (good && orders->isolation == SCHEDULE_CLONE)
		good = file_remove_tree(orders->git_dir, fail);
	else if (good)
		good = lock_worktrees(orders, &lock, fail) &&
		       repo_worktree_forget(main, worktree_name(&arena, orders), orders->branch,
					    orders->commit, fail);
	if (lock >= 0)
		close(lock);
	arena_release(&arena);
	return good && file_remove_tree(orders->manifest, fail);
}
