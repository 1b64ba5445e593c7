/* oracle.c — see oracle.h. One `git cat-file --batch` and one `git merge-tree --stdin` for each
 * repository: a program for each question would take longer than all the rest. */
#include "tests/property/oracle.h"

#include "common/file.h"
#include "common/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop_if(bool wrong, const char *what)
{
	if (!wrong)
		return;
	printf("the test itself failed: %s: %s\n", what, strerror(errno));
	exit(3);
}

/* --- git --- */

static void talk_begin(struct oracle_talk *talk, const char *const *words)
{
	int to[2], from[2];
	if (talk->process)
		return;
	stop_if(pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC), "pipe");
	talk->process = fork();
	stop_if(talk->process < 0, "fork");
	if (talk->process == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		execvp(words[0], (char *const *)words);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	talk->to = fdopen(to[1], "w");
	talk->from = fdopen(from[0], "r");
}

static void talk_end(struct oracle_talk *talk)
{
	if (!talk->process)
		return;
	fclose(talk->to);
	fclose(talk->from);
	waitpid(talk->process, NULL, 0);
}

void oracle_open(struct oracle *o, const char *root)
{
	*o = (struct oracle){ .root = root };
}

void oracle_close(struct oracle *o)
{
	talk_end(&o->objects);
	talk_end(&o->merges);
	arena_release(&o->arena);
}

/* An object as git has it, in the arena. */
static struct str object(struct oracle *o, struct arena *arena, const char *name, char kind[16])
{
	const char *words[] = { "git", "-C", o->root, "cat-file", "--batch", NULL };
	size_t size;
	talk_begin(&o->objects, words);
	fprintf(o->objects.to, "%s\n", name);
	fflush(o->objects.to);
	stop_if(fscanf(o->objects.from, "%*s %15s %zu", kind, &size) != 2, name);
	char *bytes = arena_take(arena, size + 1);
	fgetc(o->objects.from);
	stop_if(fread(bytes, 1, size, o->objects.from) != size, "git cat-file");
	fgetc(o->objects.from);
	return (struct str){ bytes, size };
}

static uint64_t blob_content(struct oracle *o, struct oid id)
{
	struct arena arena = { 0 };
	char kind[16];
	for (size_t i = 0; i < o->blobs.n; i++)
		if (oid_equal(o->blobs.at[i].id, id))
			return o->blobs.at[i].content;
	struct oracle_blob *blob = VEC_ADD(&o->arena, &o->blobs);
	*blob = (struct oracle_blob){ id, model_content(object(o, &arena, id.hex, kind)) };
	stop_if(strcmp(kind, "blob") != 0, "a blob that is none");
	arena_release(&arena);
	return blob->content;
}

static void read_folder(struct oracle *o, struct arena *arena, struct str folder, const char *name,
			struct model *model)
{
	char kind[16];
	struct str bytes = object(o, arena, name, kind);
	stop_if(strcmp(kind, "tree") != 0, "a tree that is none");
	for (size_t at = 0; at < bytes.n;) {
		char *end;
		uint32_t mode = (uint32_t)strtoul(bytes.at + at, &end, 8);
		struct str path = str_from(end + 1);
		struct oid id;
		at = (size_t)(path.at - bytes.at) + path.n + 1;
		for (int i = 0; i < 20; i++)
			snprintf(id.hex + i * 2, 3, "%02x", (unsigned char)bytes.at[at + i]);
		at += 20;
		path = arena_format(arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(path));
		if (mode == 0040000)
			read_folder(o, arena, arena_format(arena, "%.*s/", STR_ARG(path)), id.hex,
				    model);
		else
			*VEC_ADD(arena, &model->files) =
				(struct model_file){ path, mode,
						     mode == 0160000
							     ? model_content(str_from(id.hex))
							     : blob_content(o, id) };
	}
}

struct model oracle_tree(struct oracle *o, struct arena *arena, struct oid id)
{
	struct model model = { 0 };
	read_folder(o, arena, STR(""), arena_format(arena, "%s^{tree}", id.hex).at, &model);
	model_sort(&model);
	return model;
}

struct oid oracle_tree_of(struct oracle *o, struct oid commit)
{
	struct arena arena = { 0 };
	struct oid tree = { "" };
	char kind[16];
	struct str bytes = object(o, &arena, commit.hex, kind);
	stop_if(bytes.n < 45 || strncmp(bytes.at, "tree ", 5) != 0, "a commit that is none");
	memcpy(tree.hex, bytes.at + 5, 40);
	arena_release(&arena);
	return tree;
}

bool oracle_merge(struct oracle *o, struct oid ours, struct oid theirs, struct oid *tree)
{
	/* This git keeps its answers back until there are many, or no more questions. */
	const char *words[] = { "stdbuf",
				"-o0",
				"git",
				"-C",
				o->root,
				"-c",
				"merge.renames=false",
				"-c",
				"merge.directoryRenames=false",
				"merge-tree",
				"--write-tree",
				"--no-messages",
				"--stdin",
				NULL };
	char *field = NULL;
	size_t room = 0;
	talk_begin(&o->merges, words);
	fprintf(o->merges.to, "%s %s\n", ours.hex, theirs.hex);
	fflush(o->merges.to);
	stop_if(getdelim(&field, &room, 0, o->merges.from) < 0, "git merge-tree");
	bool clean = strcmp(field, "1") == 0;
	stop_if(getdelim(&field, &room, 0, o->merges.from) < 40, "git merge-tree");
	memcpy(tree->hex, field, 41);
	do
		stop_if(getdelim(&field, &room, 0, o->merges.from) < 0, "git merge-tree");
	while (*field);
	free(field);
	o->merged++;
	return clean;
}

/* --- the walk --- */

enum { LARGEST_RULES = 1 << 20 };

struct walking {
	struct arena *arena;
	const char *work_dir;
	const struct model *start;
	struct oracle_walk *walk;
	bool rules; /* there is a .gitignore */
};

static bool is_git_name(const char *name)
{
	static const char *const refused[] = { ".git",   ".GIT",   ".Git",  "git~1",
					       "GIT~1",  ".git.",  ".git ", ".gi\xE2\x80\x8Ct",
					       ".git:x", ".git\\x" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (!strcmp(name, refused[i]))
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct listing {
	VEC(const char *) names;
	bool git, bare;
};

/* What its owner locked is opened, and locked again by the caller. */
static struct listing list_folder(struct walking *w, const char *path, mode_t mode)
{
	struct listing listing = { 0 };
	int parts = 0;
	if ((mode & 0700) != 0700)
		chmod(path, (mode & 07777) | 0700);
	DIR *folder = opendir(path);
	stop_if(!folder, path);
	for (struct dirent *entry; (entry = readdir(folder));) {
		const char *name = entry->d_name;
		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		listing.git |= !strcmp(name, ".git");
		parts += !strcmp(name, "HEAD") || !strcmp(name, "objects") || !strcmp(name, "refs");
		*VEC_ADD(w->arena, &listing.names) = arena_copy(w->arena, str_from(name)).at;
	}
	closedir(folder);
	listing.bare = parts == 3;
	if (listing.names.n)
		qsort(listing.names.at, listing.names.n, sizeof *listing.names.at, by_text);
	return listing;
}

static void refuse(struct walking *w, struct str path)
{
	*VEC_ADD(w->arena, &w->walk->refused) = path;
}

static void add(struct walking *w, struct str path, uint32_t mode, uint64_t content)
{
	*VEC_ADD(w->arena, &w->walk->disk.files) = (struct model_file){ path, mode, content };
}

static void look_at_regular(struct walking *w, struct str path, const char *whole,
			    const struct stat *info)
{
	enum { LARGEST = 256 << 20 };
	const struct model_file *before = model_find(w->start, path);
	uint32_t mode = info->st_mode & 0100 ? 0100755 : 0100644;
	struct arena arena = { 0 };
	struct str bytes;
	struct fail fail;
	if (info->st_size > LARGEST) {
		refuse(w, path);
		return;
	}
	if (!(info->st_mode & 0400))
		chmod(whole, (info->st_mode & 07777) | 0400);
	stop_if(!file_read(&arena, whole, LARGEST, &bytes, &fail), whole);
	if (!(info->st_mode & 0400))
		chmod(whole, info->st_mode & 07777);
	uint64_t content = model_content(bytes);
	arena_release(&arena);
	if (info->st_nlink > 1 && !(before && before->mode == mode && before->content == content))
		refuse(w, path);
	else
		add(w, path, mode, content);
}

static void look_at_link(struct walking *w, struct str path, const char *whole)
{
	char target[4097];
	ssize_t n = readlink(whole, target, sizeof target);
	stop_if(n < 0, whole);
	add(w, path, 0120000, model_content((struct str){ target, (size_t)n }));
}

static void look_below(struct walking *w, struct str folder, mode_t mode);

static void look_at(struct walking *w, struct str path, const char *name)
{
	const char *whole = arena_format(w->arena, "%s/%.*s", w->work_dir, STR_ARG(path)).at;
	const struct model_file *before = model_find(w->start, path);
	struct stat info;
	stop_if(lstat(whole, &info), whole);
	if (!strcmp(name, ".gitignore")) {
		w->rules = true;
		w->walk->unsure |= !S_ISREG(info.st_mode) || info.st_size > LARGEST_RULES;
	}
	if (before && before->mode == 0160000) {
		if (S_ISDIR(info.st_mode) && !list_folder(w, whole, info.st_mode).names.n)
			add(w, path, before->mode, before->content);
		else
			refuse(w, path);
	} else if (is_git_name(name)) {
		refuse(w, path);
	} else if (S_ISDIR(info.st_mode)) {
		look_below(w, path, info.st_mode);
	} else if (S_ISREG(info.st_mode)) {
		look_at_regular(w, path, whole, &info);
	} else if (S_ISLNK(info.st_mode)) {
		look_at_link(w, path, whole);
	} else {
		refuse(w, path);
	}
}

static void look_below(struct walking *w, struct str folder, mode_t mode)
{
	const char *whole = arena_format(w->arena, "%s/%.*s", w->work_dir, STR_ARG(folder)).at;
	struct listing listing = list_folder(w, whole, mode);
	if (folder.n && (listing.git || listing.bare)) {
		refuse(w, folder);
	} else {
		for (size_t i = 0; i < listing.names.n; i++)
			if (folder.n || strcmp(listing.names.at[i], ".git") != 0)
				look_at(w,
					arena_format(w->arena, "%.*s%s%s", STR_ARG(folder),
						     folder.n ? "/" : "", listing.names.at[i]),
					listing.names.at[i]);
	}
	if ((mode & 0700) != 0700)
		chmod(whole, mode & 07777);
}

static const char *last_name(struct str path)
{
	const char *slash = strrchr(path.at, '/');
	return slash ? slash + 1 : path.at;
}

/* Of the paths those that git ignores, sorted. */
static struct str_list ask_ignored(struct oracle *o, struct walking *w, const struct text *asked)
{
	VEC(struct str) ignored = { 0 };
	char *line = NULL;
	size_t room = 0;
	struct fail fail;
	const char *file = arena_format(w->arena, "%s.asked", w->work_dir).at;
	stop_if(!file_write(file, text_str(asked), 0600, &fail), file);
	FILE *answer = popen(
		arena_format(
			w->arena,
			"cd '%s' && git --git-dir='%s/.git' --work-tree=. check-ignore --no-index -z --stdin <'%s'",
			w->work_dir, o->root, file)
			.at,
		"r");
	for (ssize_t n; answer && (n = getdelim(&line, &room, 0, answer)) > 0;)
		*VEC_ADD(w->arena, &ignored) = arena_copy(w->arena,
							  (struct str){ line, (size_t)n - 1 });
	stop_if(!answer, "git check-ignore");
	pclose(answer);
	unlink(file);
	free(line);
	if (ignored.n)
		qsort(ignored.at, ignored.n, sizeof *ignored.at, str_compare_at);
	return (struct str_list){ ignored.at, ignored.n };
}

static void leave_out_ignored(struct oracle *o, struct walking *w,
			      bool (*is_named)(const void *agent, const char *path),
			      const void *agent)
{
	struct text asked = { 0 };
	struct oracle_walk *walk = w->walk;
	size_t kept = 0;
	for (size_t i = 0; i < walk->disk.files.n + walk->refused.n; i++) {
		struct str path = i < walk->disk.files.n ? walk->disk.files.at[i].path
							 : walk->refused.at[i - walk->disk.files.n];
		if (model_find(w->start, path) || is_named(agent, path.at) ||
		    is_git_name(last_name(path)))
			continue;
		text_add(&asked, path);
		text_add_byte(&asked, 0);
	}
	if (!asked.n)
		return;
	struct str_list ignored = ask_ignored(o, w, &asked);
	text_release(&asked);
	for (size_t i = 0; i < walk->disk.files.n && ignored.n; i++)
		if (!bsearch(&walk->disk.files.at[i].path, ignored.at, ignored.n,
			     sizeof *ignored.at, str_compare_at))
			walk->disk.files.at[kept++] = walk->disk.files.at[i];
	walk->disk.files.n = ignored.n ? kept : walk->disk.files.n;
	kept = 0;
	for (size_t i = 0; i < walk->refused.n && ignored.n; i++)
		if (!bsearch(&walk->refused.at[i], ignored.at, ignored.n, sizeof *ignored.at,
			     str_compare_at))
			walk->refused.at[kept++] = walk->refused.at[i];
	walk->refused.n = ignored.n ? kept : walk->refused.n;
}

struct oracle_walk oracle_look(struct oracle *o, struct arena *arena, const char *work_dir,
			       const struct model *start,
			       bool (*is_named)(const void *agent, const char *path),
			       const void *agent)
{
	struct oracle_walk walk = { 0 };
	struct walking w = { arena, work_dir, start, &walk, false };
	struct stat info;
	stop_if(lstat(work_dir, &info), work_dir);
	look_below(&w, STR(""), info.st_mode);
	model_sort(&walk.disk);
	if (w.rules && !walk.unsure)
		leave_out_ignored(o, &w, is_named, agent);
	return walk;
}

/* --- the user's --- */

static uint64_t hash_below(struct arena *arena, const char *folder, bool top, uint64_t hash)
{
	struct walking w = { .arena = arena };
	struct listing listing = list_folder(&w, folder, 0700);
	for (size_t i = 0; i < listing.names.n; i++) {
		const char *name = listing.names.at[i];
		struct str path = arena_format(arena, "%s/%s", folder, name), bytes = { 0 };
		struct stat info;
		struct fail fail;
		char target[4096];
		if (!strcmp(name, "orch") ||
		    (top && (!strcmp(name, ".orch") || !strcmp(name, ".git"))))
			continue;
		stop_if(lstat(path.at, &info), path.at);
		if (S_ISREG(info.st_mode) && !file_read(arena, path.at, 1 << 28, &bytes, &fail))
			stop_if(true, path.at);
		if (S_ISLNK(info.st_mode))
			bytes = (struct str){ target,
					      (size_t)readlink(path.at, target, sizeof target) };
		hash = hash * 31 + model_content(path) + info.st_mode * 7u + model_content(bytes);
		if (S_ISDIR(info.st_mode))
			hash = hash_below(arena, path.at, false, hash);
	}
	return hash;
}

uint64_t oracle_users(struct oracle *o)
{
	static const char *const parts[] = { "hooks", "refs" };
	static const char *const files[] = { "HEAD", "index", "config", "packed-refs" };
	struct arena arena = { 0 };
	struct fail fail;
	uint64_t hash = hash_below(&arena, o->root, true, 1);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *folder = arena_format(&arena, "%s/.git/%s", o->root, parts[i]).at;
		if (file_there(folder))
			hash = hash_below(&arena, folder, false, hash);
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct str bytes = { 0 };
		bool found;
		stop_if(!file_read_if(&arena,
				      arena_format(&arena, "%s/.git/%s", o->root, files[i]).at,
				      1 << 28, &bytes, &found, &fail),
			files[i]);
		hash = hash * 31 + (found ? model_content(bytes) : 0);
	}
	arena_release(&arena);
	return hash;
}
