/* touched.c — see touched.h. Folders in which nothing can be owned are not looked into. */
#include "runtime/touched.h"

#include "common/fail.h"
#include "common/glob.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST = 4096, DEEPEST = 64 };

struct walk {
	const struct touched *touched;
	char path[LONGEST];
	size_t n, found, depth;
};

void touched_begin(struct arena *arena, const struct schedule_agent *agent, const char *work_dir,
		   struct touched *touched)
{
	const struct str_list lists[] = { agent->owns, agent->creates };
	struct glob_error error;
	*touched = (struct touched){ .work_dir = work_dir };
	touched->owned = ARENA_MANY(arena, agent->owns.n + agent->creates.n, struct glob);
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l].n; i++)
			BUG_IF(!glob_parse(arena, lists[l].at[i],
					   &touched->owned[touched->owned_n++], &error),
			       "a pattern that the verifier let pass");
	/* The clock of files, which is as coarse. */
	clock_gettime(CLOCK_REALTIME_COARSE, &touched->since);
}

static bool any(const struct walk *walk, bool (*meets)(const struct glob *, struct str))
{
	for (size_t i = 0; i < walk->touched->owned_n; i++)
		if (meets(&walk->touched->owned[i], (struct str){ walk->path, walk->n }))
			return true;
	return false;
}

static bool is_later(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

static void look(struct walk *walk, int parent, const char *name);

static void look_into(struct walk *walk, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	if (!folder && fd >= 0)
		close(fd);
	walk->depth++;
	while (folder && (entry = readdir(folder))) {
		size_t before = walk->n, n = strlen(entry->d_name);
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    strcmp(entry->d_name, ".git") == 0 || before + n + 2 > LONGEST)
			continue;
		if (before)
			walk->path[walk->n++] = '/';
		memcpy(walk->path + walk->n, entry->d_name, n + 1);
		walk->n += n;
		look(walk, fd, entry->d_name);
		walk->n = before;
	}
	walk->depth--;
	if (folder)
		closedir(folder);
}

static void look(struct walk *walk, int parent, const char *name)
{
	struct stat info;
	if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW))
		return;
	if (!S_ISDIR(info.st_mode))
		walk->found += is_later(info.st_ctim, walk->touched->since) && any(walk, glob_match);
	else if (walk->depth < DEEPEST && any(walk, glob_meets_below))
		look_into(walk, parent, name);
}

size_t touched_count(const struct touched *touched)
{
	struct walk walk = { .touched = touched };
	look_into(&walk, AT_FDCWD, touched->work_dir);
	return walk.found;
}
