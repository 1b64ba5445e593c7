/* tree_link.c — a symbolic link in the work tree to a path of the main checkout. See tree.h. */
#include "runtime/tree_bring.h"

#include "common/file.h"
#include "common/path.h"

#include <errno.h>
#include <unistd.h>

static bool put_link(struct tree_bring *b, struct str path, struct fail *fail)
{
	const char *name, *target = arena_format(b->arena, "%s/%s", b->root, path.at).at;
	if (!file_there(target))
		return fail_set(fail, "link \"%s\": there is no such path in %s", path.at, b->root);
	int parent = tree_bring_parent(b, path.at, &name, fail);
	if (parent < 0)
		return false;
	bool good = symlinkat(target, parent, name) == 0;
	if (!good)
		fail_system(fail, "link \"%s\": cannot make it in %s%s", path.at, b->work_dir,
			    errno == EEXIST ? ", as the commit has something there" : "");
	good = good && tree_bring_remember(b, parent, name, path, fail);
	close(parent);
	return good;
}

bool tree_link(const char *root, const struct tree_orders *orders, struct str path,
	       struct fail *fail)
{
	struct arena arena = { 0 };
	struct tree_bring b;
	struct str plain;
	const char *why;
	bool good = path_read(path, &plain, &why) ||
		    fail_set(fail, "link \"%.*s\": %s", STR_ARG(path), why);
	if (good) {
		good = tree_bring_begin(&b, &arena, root, orders, fail) &&
		       put_link(&b, arena_copy(&arena, plain), fail);
		good = tree_bring_end(&b, orders, good, fail);
	}
	arena_release(&arena);
	return good;
}
