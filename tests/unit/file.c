/* file.c — reading with a limit, replacing whole, making and removing folders. */
#include "common/file.h"
#include "common/path.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <errno.h>

static struct fail fail;

static void check_read_and_write(struct arena *arena)
{
	struct str bytes;
	bool found;
	CHECK(file_write("a", STR("one"), 0644, &fail) &&
		  file_write("a", STR("two\0!"), 0644, &fail),
	      "written twice");
	CHECK(file_read(arena, "a", 5, &bytes, &fail) && str_equal(bytes, STR("two\0!")),
	      "read at the limit");
	CHECK(!file_read(arena, "a", 4, &bytes, &fail) && strstr(fail.text, "larger than 4"),
	      "above the limit");
	CHECK(!file_read(arena, "none", 9, &bytes, &fail) && strstr(fail.text, "none"),
	      "a missing file is named");
	CHECK(file_read_if(arena, "none", 9, &bytes, &found, &fail) && !found,
	      "a missing file is said");
	CHECK(!file_read(arena, ".", 9, &bytes, &fail) && strstr(fail.text, "folder"),
	      "a folder is no file");
	mkfifo("fifo", 0600);
	CHECK(!file_read(arena, "fifo", 9, &bytes, &fail), "a fifo does not make us wait");
	CHECK(!file_write("no/such", STR("x"), 0644, &fail) && strstr(fail.text, "no/such"),
	      "no folder, no file");
	CHECK(file_write_new("fresh", STR("mine"), 0644, &fail) &&
		      !file_write_new("fresh", STR("other"), 0644, &fail) &&
		      strstr(fail.text, "fresh") && file_read(arena, "fresh", 9, &bytes, &fail) &&
		      str_is(bytes, "mine"),
	      "a new file replaces none");
	mkdir("busy", 0700);
	CHECK(!file_write("busy", STR("x"), 0644, &fail) && access("busy.new", F_OK),
	      "nothing is left of a failed write");
	struct stat info;
	CHECK(file_write("tool", STR("x"), 0755, &fail) && stat("tool", &info) == 0 &&
		  (info.st_mode & 0700) == 0700,
	      "mode");
}

static void check_replace(struct arena *arena)
{
	char here[4096];
	struct str root, bytes;
	struct stat info;
	if (!getcwd(here, sizeof here))
		return;
	mkdir("in", 0755);
	root = arena_format(arena, "%s/in", here);
	file_write("in/plan", STR("one"), 0640, &fail);
	CHECK(chmod("in/plan", 0664) == 0 &&
		      file_replace(arena, "in/plan", root, STR("one"), STR("two"), &fail) &&
		      file_read(arena, "in/plan", 9, &bytes, &fail) && str_is(bytes, "two"),
	      "what was there is replaced");
	CHECK(stat("in/plan", &info) == 0 && (info.st_mode & 07777) == 0664,
	      "and keeps its mode, whatever the umask");
	CHECK(!file_replace(arena, "in/plan", root, STR("one"), STR("three"), &fail) &&
		      strstr(fail.text, "meanwhile"),
	      "what was changed meanwhile is not");
	CHECK(!file_replace(arena, "in/plan", root, STR("two and more"), STR("three"), &fail),
	      "nor what was cut");
	CHECK(!file_replace(arena, "in/plan", root, STR("tw"), STR("three"), &fail),
	      "nor what has grown");
	file_write("outside", STR("one"), 0644, &fail);
	CHECK(symlink("../outside", "in/link") == 0 &&
		      !file_replace(arena, "in/link", root, STR("one"), STR("two"), &fail) &&
		      strstr(fail.text, "outside of"),
	      "nor what is outside");
	CHECK(file_read(arena, "outside", 9, &bytes, &fail) && str_is(bytes, "one"),
	      "it is as it was");
	CHECK(symlink("plan", "in/to") == 0 &&
		      file_replace(arena, "in/to", root, STR("two"), STR("four"), &fail) &&
		      file_read(arena, "in/plan", 9, &bytes, &fail) && str_is(bytes, "four"),
	      "a link inside is followed");
	CHECK(!file_replace(arena, "in/none", root, STR(""), STR("x"), &fail) &&
		      access("in/none", F_OK),
	      "none is made");
}

static void check_places(struct arena *arena)
{
	CHECK(str_is(file_folder(arena, "a"), ".") && str_is(file_folder(arena, "/a"), "/") &&
		      str_is(file_folder(arena, "a/b/c"), "a/b"),
	      "where a file lies");
	CHECK(path_is_below(STR("/a/b"), STR("/a")) && path_is_below(STR("/a"), STR("/")) &&
		      !path_is_below(STR("/ab"), STR("/a")) && !path_is_below(STR("/a"), STR("/a")),
	      "below a folder");
	CHECK(str_is(path_below(STR("/a/b/c"), STR("/a")), "b/c") &&
		      str_is(path_below(STR("/a"), STR("/")), "a"),
	      "the rest of the path");
	CHECK(str_is(path_last(STR("a/b")), "b") && str_is(path_last(STR("b")), "b"), "its name");
}

static void check_folders(void)
{
	CHECK(file_make_folders("x/y/z", &fail) && file_make_folders("x/y/z", &fail),
	      "made, and made again");
	CHECK(!file_make_folders("a/b", &fail) && strstr(fail.text, "folder a"),
	      "a file in the way is named");
	/* Root may write everywhere, so somebody else tries. */
	bool root = geteuid() == 0;
	struct fail refused = { "" };
	CHECK(chmod(".", 0555) == 0 && (!root || seteuid(65534) == 0),
	      "a folder that may not be written to");
	bool made = file_make_folders("mine/too", &refused);
	CHECK((!root || seteuid(0) == 0) && chmod(".", 0755) == 0, "and may again");
	CHECK(!made && strstr(refused.text, strerror(EACCES)),
	      "the reason is the one that matters");
	CHECK(file_there("x/y/z") && !file_there("x/y/none"), "there");
	CHECK(symlink("nowhere", "dangling") == 0 && file_there("dangling"),
	      "a dangling link is something");
}

static void check_remove(void)
{
	CHECK(file_make_folders("keep", &fail) && file_write("keep/me", STR("x"), 0644, &fail),
	      "made");
	CHECK(file_make_folders("gone/a", &fail) && symlink("../../keep", "gone/a/link") == 0,
	      "made");
	CHECK(symlink("keep", "link") == 0 && file_remove_tree("link", &fail),
	      "a link itself goes");
	CHECK(file_make_folders("gone/locked/in", &fail) && chmod("gone/locked", 0) == 0, "made");
	CHECK(file_remove_tree("gone", &fail) && !file_there("gone"), "gone");
	CHECK(file_there("keep/me"), "no link was followed");
	CHECK(file_remove_tree("gone", &fail), "what is not there is fine");

	/* Deeper than a path can say and than there are file descriptors. */
	mkdir("deep", 0700);
	int at = open("deep", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 3000; i++) {
		mkdirat(at, "a-long-name", 0700);
		int below = openat(at, "a-long-name", O_RDONLY | O_DIRECTORY);
		close(at);
		at = below;
	}
	close(at);
	CHECK(file_remove_tree("deep", &fail) && !file_there("deep"), "a very deep tree goes");
}

int main(void)
{
	if (!scratch_begin("file"))
		return 1;
	struct arena arena = { 0 };
	if (getuid() == 0 &&
	    (chown(scratch_folder, 65534, 65534) || setresuid(65534, 65534, 65534)))
		return 1;	/* permissions mean nothing to root */
	check_read_and_write(&arena);
	check_replace(&arena);
	check_folders();
	check_places(&arena);
	check_remove();
	arena_release(&arena);
	scratch_end();
	return test_end();
}
