/* repo_blob.c — the contents of files, byte for byte: no filter, no line-ending conversion. */
#include "runtime/repo_inside.h"

#include <errno.h>
#include <unistd.h>

bool repo_blob_read(struct repo *repo, struct arena *arena, struct oid id, struct str *bytes,
		    struct fail *fail)
{
	git_odb_object *object;
	if (!repo_object_read(repo, id, GIT_OBJECT_BLOB, &object, fail))
		return false;
	*bytes = arena_copy(
	    arena, (struct str){ git_odb_object_data(object), git_odb_object_size(object) });
	git_odb_object_free(object);
	return true;
}

bool repo_blob_look(struct repo *repo, struct oid id,
		    bool (*visit)(void *self, struct str bytes, struct fail *), void *self,
		    struct fail *fail)
{
	git_odb_object *object;
	if (!repo_object_read(repo, id, GIT_OBJECT_BLOB, &object, fail))
		return false;
	bool good = visit(self,
			  (struct str){ git_odb_object_data(object),
					git_odb_object_size(object) },
			  fail);
	git_odb_object_free(object);
	return good;
}

bool repo_blob_write(struct repo *repo, struct str bytes, struct oid *oid, struct fail *fail)
{
	git_oid id;
	if (git_odb_write(&id, repo->odb, bytes.n ? bytes.at : "", bytes.n, GIT_OBJECT_BLOB))
		return repo_fail_git(fail, "cannot write an object to %s", repo->git_dir);
	*oid = repo_id_to(&id);
	return true;
}

static bool stream_file(git_odb_stream *stream, int fd, uint64_t size, struct fail *fail)
{
	char part[65536];
	while (size) {
		ssize_t n = read(fd, part, size < sizeof part ? size : sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_system(fail, "cannot read a file");
		if (n == 0)
			return fail_set(fail, "a file became shorter while it was read");
		if (git_odb_stream_write(stream, part, (size_t)n))
			return repo_fail_git(fail, "cannot write an object");
		size -= (uint64_t)n;
	}
	return true;
}

bool repo_blob_write_file(struct repo *repo, int fd, uint64_t size, struct oid *oid,
			  struct fail *fail)
{
	git_odb_stream *stream;
	git_oid id;
	if (git_odb_open_wstream(&stream, repo->odb, (git_object_size_t)size, GIT_OBJECT_BLOB))
		return repo_fail_git(fail, "cannot write an object to %s", repo->git_dir);
	bool good = stream_file(stream, fd, size, fail);
	if (good && git_odb_stream_finalize_write(&id, stream))
		good = repo_fail_git(fail, "cannot write an object to %s", repo->git_dir);
	if (good)
		*oid = repo_id_to(&id);
	git_odb_stream_free(stream);
	return good;
}

struct oid repo_blob_name(struct str bytes)
{
	git_oid id;
	BUG_IF(git_libgit2_init() < 0, "libgit2 that does not start");
	BUG_IF(git_odb_hash(&id, bytes.n ? bytes.at : "", bytes.n, GIT_OBJECT_BLOB),
	       "bytes without a hash");
	git_libgit2_shutdown();
	return repo_id_to(&id);
}
