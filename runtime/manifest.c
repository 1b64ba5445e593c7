/* manifest.c — a record for each file, "mode id brought size inode mtime ctime path\0" in
 * hexadecimal after a line with the commit, and a hash of it all at the end. */
#include "runtime/manifest.h"

#include "common/file.h"
#include "common/text.h"

#include <inttypes.h>
#include <stdio.h>

enum { LARGEST = 1 << 30, HASH_DIGITS = 16 };
static const char FIRST[] = "orch manifest 1 ";

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

uint32_t manifest_mode(const struct stat *info)
{
	if (S_ISREG(info->st_mode))
		return info->st_mode & 0100 ? 0100755 : 0100644;
	return S_ISLNK(info->st_mode) ? 0120000 : S_ISDIR(info->st_mode) ? 0040000 : 0;
}

void manifest_note(struct manifest_file *file, const struct stat *info)
{
	file->size = (uint64_t)info->st_size;
	file->inode = info->st_ino;
	file->mtime = nanoseconds(info->st_mtim);
	file->ctime = nanoseconds(info->st_ctim);
}

bool manifest_untouched(const struct manifest_file *file, const struct stat *info)
{
	return file->mode == manifest_mode(info) && file->size == (uint64_t)info->st_size &&
	       file->inode == info->st_ino && file->mtime == nanoseconds(info->st_mtim) &&
	       file->ctime == nanoseconds(info->st_ctim);
}

/* As str_compare, of a path and of the folder with a slash after it. */
static int folder_order(struct str path, struct str folder)
{
	int order = str_compare(path.n > folder.n ? str_slice(path, 0, folder.n) : path, folder);
	if (order || path.n <= folder.n)
		return order ? order : -1;
	unsigned char next = (unsigned char)path.at[folder.n];
	return next == '/' ? 1 : next - '/';
}

bool manifest_has_folder(const struct manifest *manifest, struct str folder)
{
	size_t low = 0, high = manifest->tracked;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (folder_order(manifest->files.at[middle].path, folder) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < manifest->tracked && manifest->files.at[low].path.n > folder.n &&
	       manifest->files.at[low].path.at[folder.n] == '/' &&
	       str_starts(manifest->files.at[low].path, folder);
}

bool manifest_write(const char *path, const struct manifest *manifest, struct fail *fail)
{
	struct text text = { 0 };
	text_addf(&text, "%s%s", FIRST, manifest->commit.hex);
	text_add_byte(&text, 0);
	for (size_t i = 0; i < manifest->files.n; i++) {
		const struct manifest_file *f = &manifest->files.at[i];
		text_addf(&text,
			  "%" PRIx32 " %s %d %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " ",
			  f->mode, f->id.hex, f->brought, f->size, f->inode, (uint64_t)f->mtime,
			  (uint64_t)f->ctime);
		text_add(&text, f->path);
		text_add_byte(&text, 0);
	}
	text_addf(&text, "%016" PRIx64, str_hash(text_str(&text)));
	bool good = file_write(path, text_str(&text), 0600, fail);
	text_release(&text);
	return good;
}

static bool take_word(struct str *rest, struct str *word)
{
	return rest->at && str_split(rest, ' ', word) && rest->at;
}

static bool take_number(struct str *rest, uint64_t *number)
{
	struct str word;
	*number = 0;
	if (!take_word(rest, &word) || !word.n || word.n > 16)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.at[i];
		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return false;
		*number = *number * 16 + (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return true;
}

static bool take_id(struct str *rest, struct oid *id)
{
	struct str word;
	if (!take_word(rest, &word) || word.n >= sizeof id->hex)
		return false;
	memcpy(id->hex, word.at, word.n);
	id->hex[word.n] = 0;
	return true;
}

static bool take_file(struct str record, struct manifest_file *file)
{
	uint64_t mode, brought, mtime, ctime;
	if (!take_number(&record, &mode) || !take_id(&record, &file->id) ||
	    !take_number(&record, &brought) || !take_number(&record, &file->size) ||
	    !take_number(&record, &file->inode) || !take_number(&record, &mtime) ||
	    !take_number(&record, &ctime))
		return false;
	file->mode = (uint32_t)mode;
	file->brought = brought;
	file->mtime = (int64_t)mtime;
	file->ctime = (int64_t)ctime;
	file->path = record;
	return record.n > 0;
}

static bool take_all(struct arena *arena, struct str bytes, struct manifest *manifest)
{
	char hash[HASH_DIGITS + 1];
	if (bytes.n < HASH_DIGITS)
		return false;
	struct str body = str_slice(bytes, 0, bytes.n - HASH_DIGITS), record;
	snprintf(hash, sizeof hash, "%016" PRIx64, str_hash(body));
	if (!str_ends(bytes, str_from(hash)) || !str_split(&body, 0, &record) ||
	    !str_starts(record, str_from(FIRST)) ||
	    record.n - strlen(FIRST) >= sizeof manifest->commit.hex)
		return false;
	memcpy(manifest->commit.hex, record.at + strlen(FIRST), record.n - strlen(FIRST));
	while (str_split(&body, 0, &record) && body.at) {
		struct manifest_file *file = VEC_ADD(arena, &manifest->files);
		if (!take_file(record, file))
			return false;
		manifest->tracked += !file->brought;
	}
	return true;
}

bool manifest_read(struct arena *arena, const char *path, struct manifest *manifest,
		   struct fail *fail)
{
	struct str bytes;
	*manifest = (struct manifest){ 0 };
	if (!file_read(arena, path, LARGEST, &bytes, fail))
		return false;
	return take_all(arena, bytes, manifest) ||
	       fail_set(fail,
			"%s is damaged, so that it cannot be told what the agent changed; its tree "
			"is left as it is",
			path);
}
