/* decoded.c — the contents one after the other, then a table of them sorted by name, then where it
 * is. */
#include "runtime/decoded.h"

#include "common/file.h"
#include "common/text.h"
#include "common/vec.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_BLOB = 1 << 20, LARGEST_ALL = 1 << 30 };
static const char MAGIC[8] = "orchdec1";

struct row {
	struct oid id;
	uint64_t at, n;	/* bytes */
};
struct footer {
	uint64_t table_at, rows;
	char magic[sizeof MAGIC];
};

static bool footer_read(const struct decoded *decoded, struct footer *footer)
{
	if (decoded->n < sizeof *footer)
		return false;
	memcpy(footer, decoded->at + decoded->n - sizeof *footer, sizeof *footer);
	uint64_t room = decoded->n - sizeof *footer;
	return memcmp(footer->magic, MAGIC, sizeof MAGIC) == 0 && footer->table_at <= room &&
	       footer->rows == (room - footer->table_at) / sizeof(struct row) &&
	       (room - footer->table_at) % sizeof(struct row) == 0;
}

struct decoded decoded_open(const char *path)
{
	struct decoded decoded = { NULL, 0 };
	struct footer footer;
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return decoded;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
		void *at = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (at != MAP_FAILED)
			decoded = (struct decoded){ at, (size_t)info.st_size };
	}
	close(fd);
	if (decoded.at && !footer_read(&decoded, &footer))
		decoded_close(&decoded);
	return decoded;
}

void decoded_close(struct decoded *decoded)
{
	if (decoded->at)
		munmap((void *)(uintptr_t)decoded->at, decoded->n);
	*decoded = (struct decoded){ NULL, 0 };
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->id.hex, ((const struct row *)b)->id.hex);
}

bool decoded_find(const struct decoded *decoded, struct oid id, struct str *bytes)
{
	struct footer footer;
	struct row row;
	if (!decoded->at || !footer_read(decoded, &footer))
		return false;
	uint64_t low = 0, high = footer.rows;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		memcpy(&row, decoded->at + footer.table_at + middle * sizeof row, sizeof row);
		int order = memcmp(row.id.hex, id.hex, sizeof id.hex);
		if (order == 0 && row.at <= footer.table_at && row.n <= footer.table_at - row.at) {
			*bytes = (struct str){ decoded->at + row.at, row.n };
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

struct writing {
	struct repo *repo;
	struct arena *arena;
	int fd;
	const char *path;
	uint64_t n;
	VEC(struct row) rows;
};

struct adding {
	struct writing *w;
	struct oid id;
};

static bool add_bytes(void *self, struct str bytes, struct fail *fail)
{
	struct adding *adding = self;
	struct writing *w = adding->w;
	if (bytes.n > LARGEST_BLOB || w->n + bytes.n > LARGEST_ALL)
		return true;
	*VEC_ADD(w->arena, &w->rows) = (struct row){ adding->id, w->n, bytes.n };
	w->n += bytes.n;
	return file_write_all(w->fd, w->path, bytes, fail);
}

static bool add_blob(void *self, struct str path, uint32_t mode, struct oid id, struct fail *fail)
{
	struct adding adding = { self, id };
	(void)path;
	return mode == 0160000 || repo_blob_look(adding.w->repo, id, add_bytes, &adding, fail);
}

static bool write_all(struct writing *w, struct oid tree, struct fail *fail)
{
	struct footer footer;
	if (!repo_tree_files(w->repo, tree, add_blob, w, fail))
		return false;
	if (w->rows.n)
		qsort(w->rows.at, w->rows.n, sizeof *w->rows.at, by_id);
	footer.table_at = w->n;
	footer.rows = w->rows.n;
	memcpy(footer.magic, MAGIC, sizeof MAGIC);
	if (!file_write_all(
		w->fd, w->path,
		(struct str){ (const char *)w->rows.at, w->rows.n * sizeof(struct row) }, fail) ||
	    !file_write_all(w->fd, w->path, (struct str){ (const char *)&footer, sizeof footer },
			    fail))
		return false;
	/* Else a power cut could leave the name with holes for contents. */
	return fsync(w->fd) == 0 || fail_system(fail, "cannot sync %s", w->path);
}

bool decoded_write(struct repo *repo, const char *path, struct oid tree, struct fail *fail)
{
	struct arena arena = { 0 };
	struct writing w = { .repo = repo, .arena = &arena };
	w.path = arena_format(&arena, "%s.new-%ld", path, (long)getpid()).at;
	w.fd = open(w.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool good =
	    w.fd >= 0 ? write_all(&w, tree, fail) : fail_system(fail, "cannot make %s", w.path);
	if (w.fd >= 0 && close(w.fd) && good)
		good = fail_system(fail, "cannot write %s", w.path);
	if (good && rename(w.path, path))
		good = fail_system(fail, "cannot make %s", path);
	if (!good)
		unlink(w.path);
	arena_release(&arena);
	return good;
}
