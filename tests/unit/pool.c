/* Places in a pool are held by open files, so they are free when their holder is gone. */
#include "runtime/pool.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <sys/wait.h>

int main(void)
{
	struct schedule_pool pool = { .name = STR("build"), .count = 2 };
	struct watch watch;
	struct fail fail;
	int places[3] = { -1, -1, -1 };
	bool taken;
	if (!scratch_begin("pool") || mkdir("pools", 0777) || !watch_begin(&watch, -1, &fail))
		return 1;
	for (int i = 0; i < 2; i++)
		CHECK(pool_take(scratch_folder, &pool, &watch, 0, &places[i], &taken, &fail) &&
			      taken,
		      "there is room for two");
	CHECK(pool_take(scratch_folder, &pool, &watch, watch_now() + 120, &places[2], &taken,
			&fail) &&
		      !taken,
	      "a third waits until its deadline");
	close(places[0]);
	CHECK(pool_take(scratch_folder, &pool, &watch, watch_now() + 5000, &places[2], &taken,
			&fail) &&
		      taken,
	      "what is given back can be taken");
	close(places[2]);
	pid_t child = fork();
	if (child == 0) {
		pool_take(scratch_folder, &pool, &watch, 0, &places[0], &taken, &fail);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	CHECK(pool_take(scratch_folder, &pool, &watch, watch_now() + 5000, &places[0], &taken,
			&fail) &&
		      taken,
	      "the place of one that is gone is free");
	raise(SIGTERM);
	CHECK(pool_take(scratch_folder, &pool, &watch, 0, &places[2], &taken, &fail) && !taken &&
		      watch.stopped,
	      "an order to stop ends the waiting");
	watch_end(&watch);
	scratch_end();
	return test_end();
}
