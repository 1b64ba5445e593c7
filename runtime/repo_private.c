/* repo_private.c — a git folder of an agent's own: nothing that is done in it reaches the main one.
 *
 * Objects of the main repository are read through objects/info/alternates. Of the configuration
 * only who commits, and how files are read and written without a program, is taken over: hooks,
 * filters, remotes and signing keys are none of the agent's business. */
#include "runtime/repo_inside.h"

#include "common/file.h"
#include "common/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_COPIED = 16 << 20 };

/* A new file `name` in the folder; not synced. */
static bool put(const char *folder, const char *name, struct str content, struct fail *fail)
{
	struct text path = { 0 };
	text_addf(&path, "%s/%s", folder, name);
	int fd = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	bool good = fd >= 0 ? file_write_all(fd, path.at, content, fail)
			    : fail_system(fail, "cannot make %s", path.at);
	if (fd >= 0 && close(fd) && good)
		good = fail_system(fail, "cannot write %s", path.at);
	text_release(&path);
	return good;
}

static bool make(const char *folder, const char *name, struct fail *fail)
{
	struct text path = { 0 };
	text_addf(&path, "%s%s%s", folder, *name ? "/" : "", name);
	bool good = file_make_folders(path.at, fail);
	text_release(&path);
	return good;
}

/* A file of the main git folder that changes how history or the work tree is read. */
static bool take_over(struct repo *main, const char *git_dir, const char *name, struct fail *fail)
{
	struct arena arena = { 0 };
	struct str content;
	bool found;
	const char *from = arena_format(&arena, "%s/%s", main->git_dir, name).at;
	bool good = file_read_if(&arena, from, LARGEST_COPIED, &content, &found, fail) &&
		    (!found || put(git_dir, name, content, fail));
	arena_release(&arena);
	return good;
}

static bool set_text(git_config *config, const char *name, const char *value, struct fail *fail)
{
	return git_config_set_string(config, name, value) == 0 ||
	       repo_fail_git(fail, "cannot write %s to an agent's git configuration", name);
}

static bool write_config(struct repo *main, const char *git_dir, struct fail *fail)
{
	static const char fixed[] =
	    "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"
	    "\tlogallrefupdates = true\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n"
	    "[commit]\n\tgpgsign = false\n[tag]\n\tgpgsign = false\n";
	static const char *const copied[] = { "user.name",     "user.email",
					      "core.filemode", "core.autocrlf",
					      "core.eol",      "core.attributesfile",
					      "core.excludesfile" };
	struct text path = { 0 };
	git_config *ours = NULL, *theirs = NULL;
	const char *value;
	text_addf(&path, "%s/config", git_dir);
	bool good = put(git_dir, "config", STR(fixed), fail);
	if (good && (git_repository_config_snapshot(&ours, main->git) ||
		     git_config_open_ondisk(&theirs, path.at)))
		good = repo_fail_git(fail, "cannot write %s", path.at);
	for (size_t i = 0; good && i < sizeof copied / sizeof *copied; i++)
		if (git_config_get_string(&value, ours, copied[i]) == 0)
			good = set_text(theirs, copied[i], value, fail);
	git_config_free(theirs);
	git_config_free(ours);
	text_release(&path);
	return good;
}

static bool write_refs(const char *git_dir, const char *branch, struct oid commit,
		       struct fail *fail)
{
	struct text name = { 0 }, head = { 0 }, id = { 0 };
	bool good = true;
	text_addf(&id, "%s\n", commit.hex);
	if (*branch) {
		text_addf(&name, "refs/heads/%s", branch);
		text_addf(&head, "ref: %s\n", name.at);
		*strrchr(name.at, '/') = 0;
		good = make(git_dir, name.at, fail);
		text_clear(&name);
		text_addf(&name, "refs/heads/%s", branch);
		good = good && put(git_dir, name.at, text_str(&id), fail);
	} else {
		text_add(&head, text_str(&id));
	}
	good = good && put(git_dir, "HEAD", text_str(&head), fail);
	text_release(&name);
	text_release(&head);
	text_release(&id);
	return good;
}

bool repo_private_create(struct repo *main, const char *git_dir, const char *work_dir,
			 const char *branch, struct oid commit, struct fail *fail)
{
	static const char *const folders[] = { "",	     "objects/info", "objects/pack",
					       "refs/heads", "refs/tags",    "info" };
	struct text objects = { 0 }, link = { 0 };
	text_addf(&objects, "%s/objects\n", main->git_dir);
	text_addf(&link, "gitdir: %s\n", git_dir);
	bool good = true;
	if (file_there(git_dir))
		good = fail_set(
		    fail, "%s is already there; `orch gc` removes what runs left behind", git_dir);
	else if (strchr(main->git_dir, '\n') || strchr(git_dir, '\n'))
		good = fail_set(
		    fail, "git cannot borrow objects through a path with a line end in it: %s",
		    main->git_dir);
	for (size_t i = 0; good && i < sizeof folders / sizeof *folders; i++)
		good = make(git_dir, folders[i], fail);
	good = good && put(git_dir, "objects/info/alternates", text_str(&objects), fail) &&
	       write_config(main, git_dir, fail) && take_over(main, git_dir, "shallow", fail) &&
	       take_over(main, git_dir, "info/exclude", fail) &&
	       take_over(main, git_dir, "info/attributes", fail) &&
	       write_refs(git_dir, branch, commit, fail) &&
	       put(work_dir, ".git", text_str(&link), fail);
	text_release(&objects);
	text_release(&link);
	return good;
}
