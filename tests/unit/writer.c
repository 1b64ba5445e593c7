/* The process that writes: what it is asked for beside its orders is not done. */
#include "runtime/writer.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct asked {
	const char *path, *before; /* what the file holds is "x" */
	bool done;
};

static void check_replace(const struct writer *writer, const struct asked *asked, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct fail fail = { "" };
		scratch_run(
			"for f in root/a.orch root/a.c root/.git/config root/.git/b.orch out/a.orch "
			"given.txt other.txt; do printf x >$f; done");
		bool done = writer_replace(writer, str_from(asked[i].path),
					   str_from(asked[i].before), STR("new"), &fail);
		bool changed = scratch_run("grep -rq new root/ out/ given.txt other.txt");
		if (!CHECK(done == asked[i].done && changed == asked[i].done, asked[i].path))
			printf("    %s\n", fail.text);
		CHECK(done || strstr(fail.text, "written") || strstr(fail.text, "cannot write"),
		      "and it is said why");
	}
}

int main(void)
{
	static const struct asked asked[] = {
		{ "root/a.orch", "x", true },       { "given.txt", "x", true },
		{ "root/a.orch", "y", false }, /* changed meanwhile */
		{ "other.txt", "x", false },        { "root/a.c", "x", false }, /* no plan */
		{ "root/.git/config", "x", false }, { "root/.git/b.orch", "x", false },
		{ "root/link.orch", "x", false }, /* into .git */
		{ "root/out.orch", "x", false },  /* out of the root */
		{ "out/a.orch", "x", false },       { "root/../out/a.orch", "x", false },
		{ "nothing", "x", false },
	};
	char here[PATH_MAX], root[PATH_MAX];
	struct writer writer, none;
	struct fail fail;
	if (!scratch_begin("writer") ||
	    !scratch_run(
		    "mkdir -p root/.git out && ln -s .git/b.orch root/link.orch && "
		    "ln -s ../out/a.orch root/out.orch && ln -s .git root/to-git && mkdir root/.GIT && printf x >given.txt") ||
	    !realpath(".", here) || !realpath("root", root))
		return 1;
	struct str roots = str_from(root);
	struct writer_file file = { STR("given.txt"), str_from(here) };
	struct writer_orders orders = {
		.roots = { &roots, 1 }, .files = &file, .file_n = 1, .output = "image"
	};
	CHECK(writer_begin(&writer, &orders, &fail), "begin");
	check_replace(&writer, asked, sizeof asked / sizeof *asked);
	CHECK(writer_output(&writer, STR("bytes"), &fail) &&
		      scratch_run("test \"$(cat image)\" = bytes"),
	      "the output");
	static const char *const refused[] = { "root/.git/image", "root/.GIT/image",
					       "root/to-git/image", ".git" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		orders.output = refused[i];
		CHECK(writer_begin(&none, &orders, &fail) &&
			      !writer_output(&none, STR("bytes"), &fail) &&
			      !scratch_run("test -e root/.git/image || test -e .git"),
		      refused[i]);
		writer_end(&none);
	}
	orders.output = NULL;
	CHECK(writer_begin(&none, &orders, &fail) && !writer_output(&none, STR("bytes"), &fail),
	      "no output");
	writer_end(&none);
	writer_end(&writer);
	scratch_end();
	return test_end();
}
