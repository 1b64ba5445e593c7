/* touched — files of an agent's that were written since, as far as a display wants to know. */
#include "runtime/touched.h"

#include "common/glob.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

int main(void)
{
	struct arena arena = { 0 };
	struct str owns[] = { STR("src/**/*.c"), STR("docs"), STR("src/api/**") }, creates[] = { STR("new.txt") };
	const struct schedule_agent agent = { .owns = { owns, 3 }, .creates = { creates, 1 } };
	struct touched touched;
	CHECK(scratch_begin("touched") &&
		      scratch_run("mkdir -p src/api src/deep/er docs other .git/src && echo 1 >src/a.c && echo 1 "
				  ">src/deep/er/b.c && echo 1 >docs/x"),
	      "a tree");
	usleep(20000); /* the clock of files has moved */
	touched_begin(&arena, &agent, ".", &touched);
	CHECK(touched_count(&touched) == 0, "what was there is none");
	usleep(20000);
	CHECK(scratch_run("echo 2 >src/a.c; echo 2 >src/deep/er/c.c; echo 2 >docs/y; ln -s a.c src/l.c") &&
		      touched_count(&touched) == 4,
	      "changed and made, a link too");
	CHECK(scratch_run("echo 2 >other/z; echo 2 >src/a.h; echo 2 >.git/src/q.c; echo 2 >docs.txt") &&
		      touched_count(&touched) == 4,
	      "what is not owned does not count");
	CHECK(scratch_run("echo 2 >new.txt; echo 2 >src/api/n.c") && touched_count(&touched) == 6,
	      "what two patterns own counts once");
	CHECK(scratch_run("ln -s ../../other src/api/away; echo 3 >other/w.c") && touched_count(&touched) == 7,
	      "no link is followed");
	CHECK(scratch_run("rm src/a.c") && touched_count(&touched) == 6, "what is gone is not seen");
	touched.work_dir = "not-there";
	CHECK(touched_count(&touched) == 0, "a tree that is gone has none");
	scratch_end();
	arena_release(&arena);
	return test_end();
}
