/* repo_ignore.c — would git ignore it? Asked of the main repository, opened a second time with the
 * agent's folder as its work tree, so that an agent's configuration has no say. */
#include "runtime/repo_inside.h"

#include "common/text.h"

#include <stdlib.h>
#include <string.h>

static bool open_view(struct repo *main, const char *work_dir, struct fail *fail)
{
	if (main->view && strcmp(main->view_dir, work_dir) == 0)
		return true;
	git_repository_free(main->view);
	free(main->view_dir);
	main->view = NULL;
	main->view_dir = strdup(work_dir);
	if (!main->view_dir)
		fail_memory();
	if (git_repository_open_bare(&main->view, main->git_dir) ||
	    git_repository_set_workdir(main->view, work_dir, 0))
		return repo_fail_git(fail, "cannot read the ignore rules for %s", work_dir);
	return true;
}

bool repo_ignores(struct repo *main, const char *work_dir, struct str path, bool *ignored,
		  struct fail *fail)
{
	struct text name = { 0 };
	int answer = 0;
	text_add(&name, path);
	bool good = open_view(main, work_dir, fail);
	if (good && git_ignore_path_is_ignored(&answer, main->view, name.at))
		good = repo_fail_git(fail, "cannot read the ignore rules for %s in %s", name.at,
				     work_dir);
	*ignored = answer != 0;
	text_release(&name);
	return good;
}
