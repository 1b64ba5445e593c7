/* loose.c — objects as git wrote them are read, whole; cut short anywhere, longer, or with any bit
 * turned, they are damaged, which is known at once. */
#include "runtime/loose.h"

#include "common/file.h"
#include "common/text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

enum { MANY = 3000 };	/* bytes of a file whose bits are turned */

/* The object named by what the shell command prints; its file is copied to `object`, where it can
 * be written. */
static bool have(const char *command)
{
	return scratch_run(
		"o=$(cd r && %s) && cp r/.git/objects/$(echo $o | sed 's|^..|&/|') object && chmod u+w object && "
		"(cd r && git cat-file $(git cat-file -t $o) $o) > bytes",
		command);
}

static enum loose_state read_it(struct arena *arena, struct loose *loose, struct str *bytes)
{
	enum loose_state state = loose_open(arena, "object", loose);
	if (state != LOOSE_GOOD)
		return state;
	char *to = arena_take(arena, loose->size + 1);
	*bytes = (struct str){ to, loose->size };
	return loose_unpack(loose, to) ? LOOSE_GOOD : LOOSE_DAMAGED;
}

/* Not by file.h, which waits for the disk. */
static bool put(struct str bytes)
{
	FILE *file = fopen("object", "w");
	bool good = file && fwrite(bytes.at, 1, bytes.n, file) == bytes.n;
	return file && fclose(file) == 0 && good;
}

/* The file with `n` bytes of `whole`, is it damaged? */
static bool is_damaged(const char *at, size_t n)
{
	struct arena arena = { 0 };
	struct loose loose;
	struct str bytes;
	bool damaged = put((struct str){ at, n }) &&
		       read_it(&arena, &loose, &bytes) == LOOSE_DAMAGED;
	arena_release(&arena);
	return damaged;
}

static void check_lengths(struct str whole)
{
	struct arena arena = { 0 };
	char *more = arena_take(&arena, whole.n + 1);
	size_t step = 1 + whole.n / 100;
	for (size_t n = 0; n < whole.n; n += step)
		CHECK(is_damaged(whole.at, n), "cut short");
	for (size_t n = 1; n <= 8; n++)
		CHECK(is_damaged(whole.at, whole.n - n), "without the last bytes");
	memcpy(more, whole.at, whole.n);
	CHECK(is_damaged(more, whole.n + 1), "a byte more");
	arena_release(&arena);
}

/* Some bits say nothing, such as those behind the end in the last byte. */
static void check_bits(struct str whole, struct str wanted)
{
	struct arena arena = { 0 };
	char *turned = arena_take(&arena, whole.n + 1);
	memcpy(turned, whole.at, whole.n);
	for (size_t bit = 0; bit < whole.n * 8 && whole.n < MANY; bit += 11) {
		struct arena here = { 0 };
		struct loose loose = { .deflated = { turned, whole.n } };
		struct str bytes = STR("");
		turned[bit / 8] ^= (char)(1 << bit % 8);
		CHECK(put((struct str){ turned, whole.n }), "written");
		CHECK(read_it(&here, &loose, &bytes) == LOOSE_DAMAGED || str_equal(bytes, wanted),
		      "never another content");
		turned[bit / 8] ^= (char)(1 << bit % 8);
		arena_release(&here);
	}
	arena_release(&arena);
}

static void check_object(const char *command, const char *type)
{
	struct arena arena = { 0 };
	struct loose loose;
	struct str bytes = STR(""), wanted, whole;
	struct fail fail;
	CHECK(have(command) && file_read(&arena, "bytes", 1 << 30, &wanted, &fail) &&
	      file_read(&arena, "object", 1 << 30, &whole, &fail), command);
	CHECK(read_it(&arena, &loose, &bytes) == LOOSE_GOOD && !strcmp(loose.type, type),
	      "the kind");
	/* A tree is shown as text by git. */
	CHECK(!strcmp(type, "tree") || str_equal(bytes, wanted), "the bytes");
	check_lengths(whole);
	check_bits(whole, arena_copy(&arena, bytes));
	arena_release(&arena);
}

static void check_odd(void)
{
	static const char *const heads[] = { "blob 5",
					     "blob 5\\0abcd",
					     "blob 4\\0abcde",
					     "blob -4\\0abcd",
					     "blob \\0",
					     " 0\\0",
					     "\\0",
					     "blob 99999999999999999999\\0",
					     "blob 4000000000\\0abcd",
					     "commitment 1\\0a",
					     "" };
	struct arena arena = { 0 };
	struct loose loose;
	struct str bytes;
	struct text all = { 0 };
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		text_addf(&all, "%s\\n", heads[i]);
	CHECK(scratch_run("printf '%%b' '%s' | python3 -c 'import sys, zlib\n"
			  "for i, head in enumerate(sys.stdin.buffer.read().split(b\"\\n\")):\n"
			  "  open(\"odd%%d\" %% i, \"wb\").write(zlib.compress(head))'",
			  all.at),
	      "made");
	text_release(&all);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		CHECK(scratch_run("mv odd%zu object", i), "there");
		enum loose_state state = read_it(&arena, &loose, &bytes);
		CHECK(state == LOOSE_DAMAGED || !loose.type[0], heads[i]);
	}
	CHECK(scratch_run("rm object") && loose_open(&arena, "object", &loose) == LOOSE_NONE,
	      "nothing is there");
	CHECK(scratch_run("mkfifo object") && loose_open(&arena, "object", &loose) == LOOSE_DAMAGED,
	      "a pipe is not waited for");
	CHECK(scratch_run("rm object && mkdir object") &&
		      loose_open(&arena, "object", &loose) == LOOSE_DAMAGED,
	      "a folder");
	arena_release(&arena);
}

int main(void)
{
	if (!scratch_begin("loose") || !scratch_repository())
		return 1;
	CHECK(scratch_run(
		      "cd r && git tag -a -m v v1 && : > none && seq 20000 > long && head -c 40000 /dev/zero > dense && "
		      "git add -A && git commit -qm more"),
	      "objects");
	check_object("git rev-parse HEAD", "commit");
	check_object("git rev-parse v1", "tag");
	check_object("git rev-parse HEAD^{tree}", "tree");
	check_object("git rev-parse HEAD:a", "blob");
	check_object("git rev-parse HEAD:none", "blob");
	check_object("git rev-parse HEAD:dense", "blob");
	check_object("git rev-parse HEAD:long", "blob");
	check_odd();
	scratch_end();
	return test_end();
}
