/* tree_bring.c — see tree_bring.h. */
#include "runtime/tree_bring.h"

#include "common/path.h"
#include "runtime/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool tree_bring_begin(struct tree_bring *b, struct arena *arena, const char *root,
		      const struct tree_orders *orders, struct fail *fail)
{
	*b = (struct tree_bring){
		.arena = arena, .root = root, .work_dir = orders->work_dir, .from = -1, .to = -1
	};
	return (b->from = beneath_root(root, fail)) >= 0 &&
	       (b->to = beneath_root(orders->work_dir, fail)) >= 0 &&
	       manifest_read(arena, orders->manifest, &b->manifest, fail);
}

int tree_bring_parent(struct tree_bring *b, const char *path, const char **name, struct fail *fail)
{
	struct str whole = str_from(path);
	int parent = -1;
	const char *why;
	if (!path_is_safe(whole, &why)) {
		fail_set(fail, "%s cannot be brought into a work tree: %s", path, why);
		return -1;
	}
	for (size_t i = 0; i < whole.n; i++) {
		if (path[i] != '/')
			continue;
		const char *folder = arena_copy(b->arena, str_slice(whole, 0, i)).at;
		parent = beneath_parent(b->to, folder, name);
		bool made = parent >= 0 && (mkdirat(parent, *name, 0777) == 0 || errno == EEXIST);
		if (!made)
			fail_system(fail, "cannot make the folder %s in %s", folder, b->work_dir);
		if (parent >= 0)
			close(parent);
		if (!made)
			return -1;
	}
	parent = beneath_parent(b->to, path, name);
	if (parent < 0)
		fail_system(fail, "cannot open the folder of %s in %s", path, b->work_dir);
	return parent;
}

bool tree_bring_remember(struct tree_bring *b, int parent, const char *name, struct str path,
			 struct fail *fail)
{
	struct stat info;
	if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW))
		return fail_system(fail, "cannot read %s in %s", path.at, b->work_dir);
	struct manifest_file *file = VEC_ADD(b->arena, &b->manifest.files);
	*file =
	    (struct manifest_file){ .path = path, .mode = manifest_mode(&info), .brought = true };
	manifest_note(file, &info);
	return true;
}

bool tree_bring_end(struct tree_bring *b, const struct tree_orders *orders, bool good,
		    struct fail *fail)
{
	if (b->from >= 0)
		close(b->from);
	if (b->to >= 0)
		close(b->to);
	return good && manifest_write(orders->manifest, &b->manifest, fail);
}
