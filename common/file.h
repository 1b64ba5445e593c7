/* file.h — whole files and folders: read with a limit, written so that a crash leaves the old or
 * the new content, never a mixture; trees removed without following a link.
 *
 * Paths are NUL-terminated and as the kernel takes them. Every failure names the path. */
#ifndef COMMON_FILE_H
#define COMMON_FILE_H

#include "common/arena.h"
#include "common/fail.h"

#include <sys/types.h>

/* All of a regular file, in the arena and followed by a NUL. A folder, a device, a fifo and more
 * than `limit` bytes are failures. */
bool file_read(struct arena *, const char *path, size_t limit, struct str *bytes, struct fail *);
/* The same, but a file that is not there is no failure: *found is false then. */
bool file_read_if(struct arena *, const char *path, size_t limit, struct str *bytes, bool *found,
		  struct fail *);
/* Until end of file from any open file, pipes too; `name` is for messages. */
bool file_read_all(struct arena *, int fd, const char *name, size_t limit, struct str *bytes,
		   struct fail *);
/* The end of a regular file: at most `bytes`, from the beginning of a line where there is one. Empty when
 * it cannot be read. */
struct str file_end(struct arena *, const char *path, size_t bytes);

/* Replaces the file, or makes it with `mode` (less the umask). When it returns true the content and
 * the name are on disk; when false, the old content is as it was. */
bool file_write(const char *path, struct str bytes, mode_t mode, struct fail *);
/* The same, but a file that is there already is a failure, be it made meanwhile. */
bool file_write_new(const char *path, struct str bytes, mode_t mode, struct fail *);
/* Changes the content of a file that still is `before`; its mode is kept. Links are followed, but
 * not out of `root`, an absolute path without links. */
bool file_replace(struct arena *, const char *path, struct str root, struct str before,
		  struct str after, struct fail *);
/* Standard input, output and error are open when it returns, so that no file that is opened later
 * takes their place: what its caller had closed fails when it is read or written. */
void file_hold_standard(void);
/* All bytes to an open file, however often the kernel takes a part or is interrupted. */
bool file_write_all(int fd, const char *name, struct str bytes, struct fail *);
/* Makes names that were added to, or taken from, the folder durable. */
bool file_sync_folder(const char *path, struct fail *);

/* Makes the folder and those above it that are missing. One that is there is fine. */
bool file_make_folders(const char *path, struct fail *);
/* Removes a file, a link or a folder with all below it; not there is fine. No link is followed, and
 * folders that their owner locked against itself are opened. */
bool file_remove_tree(const char *path, struct fail *);
/* Where it lies: "." for a bare name. In the arena, NUL-terminated. */
struct str file_folder(struct arena *, const char *path);
/* Is there anything of that name? A dangling link is something. */
bool file_there(const char *path);
/* Has the folder any entries? One that cannot be read has none. */
bool file_has_entries(const char *folder);

#endif
