/* pool.c — see pool.h. Waiting is asking again: the holder of a place may be any of several
 * processes, and the kernel has no wait for the first of several locks. */
#include "runtime/pool.h"

#include "runtime/place.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

enum { ASK_MS = 50 };

bool pool_try(const char *path, int *place, struct fail *fail)
{
	*place = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (*place < 0)
		return fail_system(fail, "cannot open %s", path);
	if (flock(*place, LOCK_EX | LOCK_NB) == 0)
		return true;
	int error = errno;
	close(*place);
	*place = -1;
	if (error == EWOULDBLOCK || error == EINTR)
		return true;
	errno = error;
	return fail_system(fail, "cannot lock %s", path);
}

bool pool_take(const char *run_folder, const struct schedule_pool *pool, struct watch *watch,
	       int64_t deadline, int *place, bool *taken, struct fail *fail)
{
	struct arena arena = { 0 };
	bool good = true;
	*place = -1;
	while (good && *place < 0) {
		struct arena_mark mark = arena_mark(&arena);
		for (uint32_t i = 0; good && *place < 0 && i < pool->count; i++)
			good = pool_try(place_pool(&arena, run_folder, pool->name, i), place, fail);
		arena_reset(&arena, mark);
		if (*place < 0 && (watch_over(watch) || (deadline && watch_now() >= deadline)))
			break;
		if (good && *place < 0)
			watch_wait(watch, -1, ASK_MS);
	}
	*taken = *place >= 0;
	arena_release(&arena);
	return good;
}

bool pool_hold(const char *path, struct watch *watch, int *place, struct fail *fail)
{
	bool good;
	while ((good = pool_try(path, place, fail)) && *place < 0 && !watch_over(watch))
		watch_wait(watch, -1, ASK_MS);
	return good;
}
