/* agents.c — see agents.h. */
#include "tests/property/agents.h"

#include "common/file.h"
#include "tests/unit/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct acting {
	const struct plans *plans;
	const struct plans_agent *me;
	uint64_t random;
	struct arena arena;
	size_t number;
	VEC(const char *) own; /* paths that it may change */
	VEC(const char *)
	contested;          /* of these: where another may want a folder, or a file above */
	char git_dir[1024]; /* of its own; "" when it shares the user's */
	size_t written;     /* files, so far */
	bool endless;       /* git would read what it has made for ever */
};

static size_t below(struct acting *a, size_t n)
{
	return (size_t)(test_random(&a->random) % n);
}

static bool chance(struct acting *a, size_t percent)
{
	return below(a, 100) < percent;
}

static bool is_folder(const char *path)
{
	struct stat info;
	return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* May it change all that lies there? A folder with nothing in it may be a submodule's. */
static bool may(const struct acting *a, const char *path)
{
	struct arena arena = { 0 };
	struct dirent *entry;
	if (!a->me->tidy)
		return true;
	if (!is_folder(path))
		return plans_owns(a->me, path);
	DIR *folder = opendir(path);
	bool good = folder != NULL, any = false;
	while (good && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) {
			any = true;
			good = may(a, arena_format(&arena, "%s/%s", path, entry->d_name).at);
		}
	if (folder)
		closedir(folder);
	arena_release(&arena);
	return good && any;
}

/* Makes the folders above a path, and takes away what is at it: as far as it may. */
static bool make_way(struct acting *a, const char *path)
{
	char folder[600] = "";
	struct stat info;
	struct fail fail;
	if (strlen(path) >= sizeof folder || (a->me->tidy && !plans_owns(a->me, path)))
		return false;
	for (size_t i = 0; path[i]; i++) {
		if (path[i] == '/' && !is_folder(folder)) {
			if (lstat(folder, &info) == 0 && (!may(a, folder) || unlink(folder)))
				return false;
			if (mkdir(folder, 0777))
				return false;
		}
		folder[i] = path[i];
		folder[i + 1] = 0;
	}
	if (lstat(path, &info))
		return true;
	return may(a, path) && file_remove_tree(path, &fail);
}

static const char *any_path(struct acting *a)
{
	static const char *const odd[] = {
		"-rf",        "na me",      "line\nend",      "\xff\xfe", "e\xCC\x81",
		"A/a",        "a/A",        "keep.tmp",       "x.tmp",    "out/x",
		"a/\xC3\xA9", ".gitignore", ".gitattributes", "README",   "\xE2\x80\xAEx"
	};
	if (!a->me->tidy && chance(a, 25))
		return odd[below(a, sizeof odd / sizeof *odd)];
	if (a->contested.n && chance(a, 40))
		return a->contested.at[below(a, a->contested.n)];
	if (a->own.n && (a->me->tidy || chance(a, 70)))
		return a->own.at[below(a, a->own.n)];
	return a->plans->universe.at[below(a, a->plans->universe.n)].at;
}

/* One that is there, mostly. */
static const char *there(struct acting *a)
{
	const char *path = any_path(a);
	struct stat info;
	for (int i = 0; i < 12 && lstat(path, &info); i++)
		path = any_path(a);
	return path;
}

static bool put(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0666);
	bool good = fd >= 0 && write(fd, bytes, n) == (ssize_t)n;
	if (fd >= 0)
		close(fd);
	return good;
}

static void put_big(struct acting *a, const char *path)
{
	enum { BYTES = 9 << 20 };
	char *bytes = calloc(1, BYTES);
	for (size_t i = 0; bytes && i < BYTES; i += 1 << 16)
		bytes[i] = (char)below(a, 256);
	if (bytes)
		put(path, bytes, BYTES);
	free(bytes);
}

static void write_file(struct acting *a)
{
	const char *path = any_path(a);
	char text[64] = "";
	if (!make_way(a, path))
		return;
	a->written++;
	if (below(a, 700) == 0) {
		put_big(a, path);
	} else if (chance(a, 12)) {
		for (size_t i = 0; i < sizeof text; i++)
			text[i] = (char)below(a, 256);
		put(path, text, sizeof text);
	} else {
		int n = chance(a, 6) ? 0
				     : snprintf(text, sizeof text,
						chance(a, 70) ? "%s %zu\n" : "base %.0s%zu\n",
						a->me->name, below(a, 6));
		put(path, text, (size_t)n);
	}
	if (chance(a, 15))
		chmod(path, chance(a, 60) ? 0755 : chance(a, 50) ? 04700 : 0);
}

/* The same size and the old time: only the kernel's change time tells. */
static void change_quietly(struct acting *a)
{
	const char *path = there(a);
	struct stat info;
	char text[512];
	if (lstat(path, &info) || !S_ISREG(info.st_mode) || !may(a, path) ||
	    info.st_size > (off_t)sizeof text)
		return;
	memset(text, 'a' + (int)below(a, 3), sizeof text);
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (pwrite(fd, text, (size_t)info.st_size, 0) >= 0)
		futimens(fd, (struct timespec[]){ info.st_atim, info.st_mtim });
	close(fd);
}

static void take_away(struct acting *a)
{
	const char *path = there(a);
	char folder[600];
	struct stat info;
	struct fail fail;
	snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');
	if (slash && chance(a, 40))
		*slash = 0;
	if (lstat(folder, &info) == 0 && may(a, folder))
		file_remove_tree(folder, &fail);
}

static void change_mode(struct acting *a)
{
	static const mode_t modes[] = { 0755, 0644, 0600, 0, 0444, 04755, 0111 };
	const char *path = there(a);
	struct stat info;
	if (lstat(path, &info) == 0 && S_ISREG(info.st_mode) && may(a, path))
		chmod(path, modes[below(a, sizeof modes / sizeof *modes)]);
}

/* Into a folder's mode git does not look. */
static void lock_folder(struct acting *a)
{
	static const mode_t modes[] = { 0, 0500, 0700, 0777 };
	char folder[600];
	snprintf(folder, sizeof folder, "%s", any_path(a));
	char *slash = strrchr(folder, '/');
	if (slash)
		*slash = 0;
	if (is_folder(folder))
		chmod(folder, modes[below(a, sizeof modes / sizeof *modes)]);
}

static void make_link(struct acting *a)
{
	static const char *const targets[] = { "x", "../a",  "/etc/passwd", "nowhere",
					       ".", "a/b/c", "/dev/zero" };
	const char *path = any_path(a);
	if (make_way(a, path))
		(void)!symlink(targets[below(a, sizeof targets / sizeof *targets)], path);
}

/* May everything below `from` be at the same place below `to`? */
static bool may_move(const struct acting *a, const char *from, const char *to)
{
	struct arena arena = { 0 };
	struct dirent *entry;
	if (!a->me->tidy)
		return true;
	if (!is_folder(from))
		return plans_owns(a->me, from) && plans_owns(a->me, to);
	DIR *folder = opendir(from);
	bool good = folder != NULL, any = false;
	while (good && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) {
			any = true;
			good = may_move(a, arena_format(&arena, "%s/%s", from, entry->d_name).at,
					arena_format(&arena, "%s/%s", to, entry->d_name).at);
		}
	if (folder)
		closedir(folder);
	arena_release(&arena);
	return good && any;
}

static bool is_above(const char *a, const char *b)
{
	size_t n = strlen(a);
	return !strncmp(a, b, n) && (!b[n] || b[n] == '/');
}

static void move(struct acting *a)
{
	char from[600];
	const char *to = any_path(a);
	struct stat info;
	snprintf(from, sizeof from, "%s", there(a));
	char *slash = strrchr(from, '/');
	if (slash && chance(a, 40))
		*slash = 0;
	if (is_above(from, to) || is_above(to, from) || lstat(from, &info) ||
	    !may_move(a, from, to))
		return;
	if (chance(a, 25)) {
		if (!is_folder(from) && lstat(to, &info) == 0 && !is_folder(to))
			renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
		return;
	}
	/* A folder's place may belong to nobody: only what is in it counts. */
	bool folder = is_folder(from);
	if (folder && a->me->tidy && lstat(to, &info) == 0)
		return;
	if (folder && a->me->tidy ? !strchr(to, '/') : make_way(a, to))
		rename(from, to);
}

static void make_folder(struct acting *a)
{
	mkdir(any_path(a), 0777);
}

static void touch(struct acting *a)
{
	const struct timespec old[] = { { 1000000000, 0 }, { 1000000000, 0 } };
	utimensat(AT_FDCWD, any_path(a), old, AT_SYMLINK_NOFOLLOW);
}

/* --- what no result can have --- */

static void make_hard_link(struct acting *a)
{
	const char *from = chance(a, 50) ? "README" : there(a), *to = any_path(a);
	struct stat info;
	if (strcmp(from, to) && lstat(from, &info) == 0 && S_ISREG(info.st_mode) && make_way(a, to))
		(void)!link(from, to);
}

static void make_pipe(struct acting *a)
{
	const char *path = any_path(a);
	if (make_way(a, path))
		a->endless |= mkfifo(path, 0600) == 0;
}

static void make_repository(struct acting *a)
{
	static const char *const parts[] = { "HEAD", "objects", "refs" };
	const char *path = any_path(a);
	char name[700];
	if (!make_way(a, path) || mkdir(path, 0777))
		return;
	if (chance(a, 60)) {
		snprintf(name, sizeof name, "%s/.git", path);
		if (chance(a, 50))
			mkdir(name, 0777);
		else
			put(name, "gitdir: /nowhere\n", 17);
	} else {
		for (size_t i = 0; i < 3; i++) {
			snprintf(name, sizeof name, "%s/%s", path, parts[i]);
			if (i)
				mkdir(name, 0777);
			else
				put(name, "ref: refs/heads/main\n", 21);
		}
	}
	snprintf(name, sizeof name, "%s/in", path);
	put(name, "inside\n", 7);
}

static void make_git_name(struct acting *a)
{
	static const char *const names[] = { ".GIT", "git~1", ".git.", ".git ",
					     ".gi\xE2\x80\x8Ct" };
	char name[700];
	const char *path = any_path(a);
	if (is_folder(path))
		snprintf(name, sizeof name, "%s/%s", path,
			 names[below(a, sizeof names / sizeof *names)]);
	else
		snprintf(name, sizeof name, "%s", names[below(a, sizeof names / sizeof *names)]);
	if (chance(a, 50))
		put(name, "x\n", 2);
	else
		mkdir(name, 0777);
}

static void make_sparse(struct acting *a)
{
	const char *path = any_path(a);
	if (make_way(a, path) && put(path, "x", 1))
		a->endless |= truncate(path, (off_t)1 << 40) == 0;
}

/* --- its git folder --- */

static void meddle(struct acting *a, const char *file, const char *text)
{
	char path[1200];
	snprintf(path, sizeof path, "%s/%s", a->git_dir, file);
	unlink(path);
	put(path, text, strlen(text));
}

static void trick(struct acting *a)
{
	struct fail fail;
	if (!*a->git_dir)
		return;
	switch (below(a, 9)) {
	case 0: unlink(".git"); break;
	case 1:
		unlink(".git");
		mkdir(".git", 0777);
		put(".git/HEAD", "ref: refs/heads/x\n", 18);
		break;
	case 2: meddle(a, "info/exclude", "*\n"); break;
	case 3:
		meddle(a, "config",
		       "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = touch FIRED; false\n"
		       "\thooksPath = .\n\texcludesFile = /dev/zero\n\tworktree = /\n");
		break;
	case 4: meddle(a, "index", "no index at all"); break;
	case 5: meddle(a, "objects/info/alternates", "/nowhere\n"); break;
	case 6: meddle(a, "commondir", "/nowhere\n"); break;
	case 7: meddle(a, "HEAD", "garbage\n"); break;
	default: file_remove_tree(a->git_dir, &fail);
	}
}

static void run_git(struct acting *a)
{
	static const char *const tidy[] = {
		"git add -A && git commit -qm work",
		"git commit -qam work; git checkout -q -b elsewhere",
		"git stash -q -u && git stash pop -q",
		"git add -A; git commit -qm work; git reset -q --soft HEAD~1",
		"git gc -q --prune=now",
		"git rm -q -r --cached .; git commit -qm gone",
		"git update-index --assume-unchanged README; git update-index --add --cacheinfo "
		"160000,0123456789012345678901234567890123456789,sub; git commit -qm link",
		"git update-ref -d HEAD; git tag t; git branch -D main",
	};
	static const char *const anything[] = {
		"git stash -q -u",
		"git add -A; git commit -qm x; git reset -q --hard HEAD~1",
		"git clean -qfdx",
		"git reset -q --hard $(git rev-list --max-parents=0 HEAD)",
		"git rm -q -r .",
		"git init -q sub; git -C sub commit -q --allow-empty -m x",
		"git worktree add -q wt",
		"git mv README a/README; git commit -qam moved",
		"git checkout -q --orphan new; git rm -q -r --cached .",
	};
	if (!*a->git_dir || a->endless)
		return;
	const char *command = a->me->tidy || chance(a, 40)
				      ? tidy[below(a, sizeof tidy / sizeof *tidy)]
				      : anything[below(a, sizeof anything / sizeof *anything)];
	struct str line = arena_format(&a->arena, "{ %s; } >/dev/null 2>&1 </dev/null", command);
	(void)!system(line.at);
}

/* --- */

static void find_git(struct acting *a)
{
	char text[1100], above[1024];
	FILE *link = fopen(".git", "r");
	size_t n = link ? fread(text, 1, sizeof text - 1, link) : 0;
	if (link)
		fclose(link);
	text[n] = 0;
	text[strcspn(text, "\n")] = 0;
	if (!a->me->worktree && !strncmp(text, "gitdir: ", 8))
		snprintf(a->git_dir, sizeof a->git_dir, "%.1000s", text + 8);
	/* Without a .git of its own it is not to find another above. */
	if (getcwd(above, sizeof above) && strrchr(above, '/')) {
		*strrchr(above, '/') = 0;
		setenv("GIT_CEILING_DIRECTORIES", above, 1);
	}
}

static bool another_has(const struct acting *a, size_t path)
{
	bool has = false;
	for (size_t b = 0; b < a->plans->agent_n && !has; b++)
		has = b != a->number && plans_has(a->plans, b, path);
	return has;
}

/* Who comes after whom is not asked: the compiler may have added to that. */
static void find_contested(struct acting *a)
{
	const struct plans *p = a->plans;
	for (size_t i = 0; i < p->universe.n; i++)
		for (uint32_t f = p->folder[i]; f != UINT32_MAX; f = p->folder[f]) {
			if (plans_has(p, a->number, i) && another_has(a, f))
				*VEC_ADD(&a->arena, &a->contested) = p->universe.at[i].at;
			if (plans_has(p, a->number, f) && another_has(a, i))
				*VEC_ADD(&a->arena, &a->contested) = p->universe.at[f].at;
		}
}

static void find_own(struct acting *a)
{
	static const char *const odd[] = {
		"-rf", "na me",   "line\nend", "\xff\xfe", "e\xCC\x81", "A", "X",
		"z",   ".hidden", "x.tmp",     "keep.tmp", "core",      "*", "\xE2\x80\xAEx"
	};
	for (size_t i = 0; i < a->plans->universe.n; i++)
		if (plans_owns(a->me, a->plans->universe.at[i].at))
			*VEC_ADD(&a->arena, &a->own) = a->plans->universe.at[i].at;
	for (size_t i = 0; i < 40; i++) {
		const char *in = a->plans->universe.at[below(a, a->plans->universe.n)].at;
		const char *path = arena_format(&a->arena, "%s/%s", in,
						odd[below(a, sizeof odd / sizeof *odd)])
					   .at;
		if (plans_owns(a->me, path))
			*VEC_ADD(&a->arena, &a->own) = path;
	}
	for (size_t k = 0; k < a->me->pattern_n; k++)
		if (strstr(a->me->pattern[k].text, "/home/"))
			*VEC_ADD(&a->arena, &a->own) =
				arena_format(&a->arena, "%s%s", a->me->pattern[k].text, "x").at;
}

/* What its `creates` promise. */
static void keep_promises(struct acting *a)
{
	for (size_t k = 0; k < a->me->pattern_n; k++) {
		const struct plans_pattern *pattern = &a->me->pattern[k];
		bool made = !pattern->creates;
		for (size_t i = 0; i < a->plans->universe.n && !made; i++) {
			const char *path = a->plans->universe.at[i].at;
			if ((pattern->paths[i / 64] >> i % 64 & 1) && make_way(a, path))
				made = put(path, "made\n", 5);
		}
	}
}

size_t agents_act(const struct plans *plans, size_t agent)
{
	typedef void deed(struct acting *);
	static deed *const usual[] = { write_file,     write_file, write_file,  write_file,
				       change_quietly, take_away,  change_mode, make_link,
				       move,           move,       make_folder, change_quietly,
				       lock_folder,    touch };
	static deed *const unusual[] = { make_hard_link, make_pipe, make_repository, make_git_name,
					 make_sparse };
	struct acting a = { .plans = plans,
			    .me = &plans->agent[agent],
			    .number = agent,
			    .random = plans->seed * 1099511628211u + (agent + 1) * 40503u };
	for (int i = 0; i < 8; i++)
		test_random(&a.random);
	find_git(&a);
	find_own(&a);
	find_contested(&a);
	size_t deeds = 1 + below(&a, 9);
	for (int i = 0; i < 20 && !a.written && !chance(&a, 8); i++)
		write_file(&a);
	for (size_t i = 0; i < deeds; i++) {
		if (!a.me->tidy && chance(&a, 20))
			unusual[below(&a, sizeof unusual / sizeof *unusual)](&a);
		else
			usual[below(&a, sizeof usual / sizeof *usual)](&a);
	}
	if (chance(&a, 8))
		run_git(&a);
	if (chance(&a, a.me->tidy ? 95 : 50))
		keep_promises(&a);
	if (chance(&a, 15))
		trick(&a);
	arena_release(&a.arena);
	return deeds;
}
