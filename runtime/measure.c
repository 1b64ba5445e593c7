/* measure.c — see measure.h. */
#include "runtime/measure.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t measure_at(int folder, const char *name)
{
	struct stat info;
	struct dirent *entry;
	if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW))
		return 0;
	uint64_t bytes = (uint64_t)info.st_blocks * 512;
	int fd = S_ISDIR(info.st_mode)
			 ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
			 : -1;
	DIR *open = fd < 0 ? NULL : fdopendir(fd);
	while (open && (entry = readdir(open)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			bytes += measure_at(fd, entry->d_name);
	if (open)
		closedir(open);
	else if (fd >= 0)
		close(fd);
	return bytes;
}

uint64_t measure_path(const char *path)
{
	return measure_at(AT_FDCWD, path);
}

void measure_add(struct text *out, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;
	uint64_t rest = bytes;
	while (rest >= 1024 && unit + 1 < sizeof units / sizeof *units) {
		rest /= 1024;
		unit++;
	}
	uint64_t tenths = unit ? (bytes >> (10 * (unit - 1))) * 10 / 1024 % 10 : 0;
	if (unit && rest < 10)
		text_addf(out, "%llu.%llu %s", (unsigned long long)rest, (unsigned long long)tenths,
			  units[unit]);
	else
		text_addf(out, "%llu %s", (unsigned long long)rest, units[unit]);
}
