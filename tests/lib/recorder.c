/* recorder.c — a disk that remembers every write and every flush, so that the power can be cut afterwards, anywhere.
 *
 *     recorder mount IMAGE FOLDER LOG   serves FOLDER/disk with the image's content, until it is unmounted
 *     recorder count LOG                how many writes and flushes there were
 *     recorder cut IMAGE LOG N SEED OUT the image as a cut after the first N of them leaves it
 *
 * The folder is a FUSE file system with one file; a loop device over that file has a real file system on it. What the
 * page cache holds back has not been written here, as it would not have been on a disk. With SEED 0 all of the
 * first N are on the disk. Otherwise all that was written before the last flush is, and of what came after it each
 * sector of each write is or is not, by chance: a disk may keep writes in any order until it is told to flush.
 * Asking for FOLDER/mark-NAME leaves the name in the log; `cut` prints the names that come before N. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOT = 1, DISK = 2, MOST_WRITE = 128 << 10, BUFFER = MOST_WRITE + 8192, SECTOR = 4096 };
enum kind { WROTE = 1, FLUSHED, MARKED };

struct entry {
	uint32_t kind, size; /* and then so many bytes */
	uint64_t offset;
};

static unsigned char *image;
static size_t image_size;
static FILE *log_file;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void read_image(const char *path)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info))
		die(path);
	image_size = (size_t)info.st_size;
	image = malloc(image_size);
	for (size_t at = 0; image && at < image_size;) {
		ssize_t n = read(fd, image + at, image_size - at);
		if (n <= 0)
			die(path);
		at += (size_t)n;
	}
	close(fd);
}

static void note(enum kind kind, uint64_t offset, const void *bytes, size_t n)
{
	struct entry entry = { kind, (uint32_t)n, offset };
	if (fwrite(&entry, sizeof entry, 1, log_file) != 1 || fwrite(bytes, 1, n, log_file) != n)
		die("the log");
	if (kind != WROTE)
		fflush(log_file);
}

static void attributes(uint64_t node, struct fuse_attr *attr)
{
	*attr = (struct fuse_attr){ .ino = node,
				    .size = node == DISK ? image_size : 0,
				    .blocks = image_size / 512,
				    .mode = node == DISK ? S_IFREG | 0600 : S_IFDIR | 0700,
				    .nlink = 1,
				    .blksize = 4096 };
}

static void answer(int fuse, const struct fuse_in_header *in, int error, const void *bytes,
		   size_t n)
{
	static unsigned char out[BUFFER];
	struct fuse_out_header head = { (uint32_t)(sizeof head + n), -error, in->unique };
	memcpy(out, &head, sizeof head);
	if (n)
		memcpy(out + sizeof head, bytes, n);
	if (write(fuse, out, sizeof head + n) < 0 && errno != ENOENT)
		die("an answer");
}

static void look_up(int fuse, const struct fuse_in_header *in, const char *name)
{
	struct fuse_entry_out out = { .nodeid = DISK, .attr_valid = 1000, .entry_valid = 1000 };
	if (strncmp(name, "mark-", 5) == 0)
		note(MARKED, 0, name + 5, strlen(name + 5));
	if (strcmp(name, "disk") != 0) {
		answer(fuse, in, ENOENT, NULL, 0);
		return;
	}
	attributes(DISK, &out.attr);
	answer(fuse, in, 0, &out, sizeof out);
}

static void write_disk(int fuse, const struct fuse_in_header *in, const struct fuse_write_in *what)
{
	struct fuse_write_out out = { .size = what->size };
	if (what->offset > image_size || what->size > image_size - what->offset) {
		answer(fuse, in, ENOSPC, NULL, 0);
		return;
	}
	memcpy(image + what->offset, what + 1, what->size);
	note(WROTE, what->offset, what + 1, what->size);
	answer(fuse, in, 0, &out, sizeof out);
}

static void read_disk(int fuse, const struct fuse_in_header *in, const struct fuse_read_in *what)
{
	size_t n = what->offset < image_size ? image_size - what->offset : 0;
	answer(fuse, in, 0, image + (n ? what->offset : 0), n < what->size ? n : what->size);
}

static void serve(int fuse, const struct fuse_in_header *in, const void *rest)
{
	struct fuse_attr_out attr = { .attr_valid = 1000 };
	struct fuse_open_out opened = { .open_flags = 0 };
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
				      .minor = FUSE_KERNEL_MINOR_VERSION,
				      .max_readahead = MOST_WRITE,
				      .flags = FUSE_BIG_WRITES,
				      .max_background = 16,
				      .congestion_threshold = 12,
				      .max_write = MOST_WRITE };
	struct fuse_statfs_out statfs = { .st = { .bsize = 4096, .namelen = 255, .frsize = 4096 } };
	switch (in->opcode) {
	case FUSE_INIT: answer(fuse, in, 0, &init, sizeof init); break;
	case FUSE_LOOKUP: look_up(fuse, in, rest); break;
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		attributes(in->nodeid, &attr.attr);
		answer(fuse, in, 0, &attr, sizeof attr);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR: answer(fuse, in, 0, &opened, sizeof opened); break;
	case FUSE_READ: read_disk(fuse, in, rest); break;
	case FUSE_WRITE: write_disk(fuse, in, rest); break;
	case FUSE_FSYNC:
		note(FLUSHED, 0, "", 0);
		answer(fuse, in, 0, NULL, 0);
		break;
	case FUSE_STATFS: answer(fuse, in, 0, &statfs, sizeof statfs); break;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_READDIR:
	case FUSE_DESTROY: answer(fuse, in, 0, NULL, 0); break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT: break; /* want no answer */
	default: answer(fuse, in, ENOSYS, NULL, 0);
	}
}

/* Returns when it is mounted; a process of its own serves it. */
static int mount_disk(const char *from, const char *folder, const char *log_path)
{
	static unsigned char buffer[BUFFER];
	char options[128];
	int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	read_image(from);
	log_file = fopen(log_path, "we");
	if (!log_file)
		die(log_path);
	snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%u,group_id=%u", fuse,
		 getuid(), getgid());
	if (fuse < 0 || mount("recorder", folder, "fuse", MS_NOSUID | MS_NODEV, options)) {
		perror("recorder: cannot mount a FUSE file system");
		return 77;
	}
	pid_t id = fork();
	if (id)
		return id < 0;
	setsid();
	/* Nobody is to wait for the end of what this prints. */
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	for (;;) {
		ssize_t n = read(fuse, buffer, sizeof buffer);
		const struct fuse_in_header *in = (const void *)buffer;
		if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == ENOENT))
			continue;
		if (n < (ssize_t)sizeof *in)
			break; /* unmounted */
		serve(fuse, in, in + 1);
	}
	return fclose(log_file) != 0;
}

static bool next(FILE *file, struct entry *entry, unsigned char *bytes)
{
	return fread(entry, sizeof *entry, 1, file) == 1 && entry->size <= MOST_WRITE &&
	       fread(bytes, 1, entry->size, file) == entry->size;
}

static uint64_t random_of(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717u;
}

static void apply(const struct entry *entry, const unsigned char *bytes, uint64_t *chance)
{
	/* Half of the writes are whole or not there at all. */
	uint64_t how = chance ? random_of(chance) >> 32 : 0;
	if (chance && how % 4 == 0)
		return;
	for (size_t at = 0; at < entry->size; at += SECTOR) {
		size_t n = entry->size - at < SECTOR ? entry->size - at : SECTOR;
		if (!chance || how % 4 == 1 || random_of(chance) >> 63)
			memcpy(image + entry->offset + at, bytes + at, n);
	}
}

/* The number of the last flush among the first n, counted from 1; n 0: all that there is, *n then being how many. */
static long last_flush(const char *path, long *n)
{
	static unsigned char bytes[MOST_WRITE];
	struct entry entry;
	long i = 0, last = 0;
	FILE *file = fopen(path, "re");
	if (!file)
		die(path);
	while ((*n == 0 || i < *n) && next(file, &entry, bytes)) {
		i += entry.kind != MARKED;
		if (entry.kind == FLUSHED)
			last = i;
	}
	fclose(file);
	if (*n == 0)
		*n = i;
	return last;
}

static int cut(const char *from, const char *log_path, long n, uint64_t seed, const char *out)
{
	static unsigned char bytes[MOST_WRITE];
	struct entry entry;
	long i = 0, sure = seed ? last_flush(log_path, &n) : n;
	uint64_t state = seed;
	FILE *file = fopen(log_path, "re");
	read_image(from);
	if (!file)
		die(log_path);
	while (i < n && next(file, &entry, bytes)) {
		i += entry.kind != MARKED;
		if (entry.kind == MARKED)
			printf("%.*s\n", (int)entry.size, (const char *)bytes);
		else if (entry.kind == WROTE)
			apply(&entry, bytes, i <= sure ? NULL : &state);
	}
	fclose(file);
	FILE *result = fopen(out, "we");
	if (!result || fwrite(image, 1, image_size, result) != image_size || fclose(result))
		die(out);
	return 0;
}

int main(int n, char **words)
{
	long all = 0;
	if (n == 5 && strcmp(words[1], "mount") == 0)
		return mount_disk(words[2], words[3], words[4]);
	if (n == 7 && strcmp(words[1], "cut") == 0)
		return cut(words[2], words[3], atol(words[4]), strtoull(words[5], NULL, 10),
			   words[6]);
	if (n == 3 && strcmp(words[1], "count") == 0) {
		last_flush(words[2], &all);
		printf("%ld\n", all);
		return 0;
	}
	fputs("recorder mount IMAGE FOLDER LOG | count LOG | cut IMAGE LOG N SEED OUT\n", stderr);
	return 2;
}
