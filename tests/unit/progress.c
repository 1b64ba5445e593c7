/* What a run shows while it goes on: ten million random bytes in its events, steps and sentences, and not one that
 * a terminal would obey but those that orch itself writes. */
#include "runtime/progress.h"

#include "common/utf8.h"
#include "runtime/loop.h"
#include "tests/lib/pretend.h"
#include "tests/lib/schedules.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

enum { PART = 5000, ALL = 10 * 1000 * 1000 };

/* Bytes of all kinds, with what terminals obey more often than chance has it. */
static struct str noise(char *bytes, uint64_t *random)
{
	static const char *const orders[] = { "\033[2J",
					      "\033]0;x\007",
					      "\033[?1049h",
					      "\r",
					      "\x9b"
					      "31m",
					      "\xc2\x9b"
					      "2J",
					      "\b\b",
					      "\033P",
					      "\xe2\x80\xae",
					      "\n" };
	size_t n = 0;
	while (n < PART - 16) {
		uint64_t draw = test_random(random);
		if (draw % 16 == 0) {
			const char *order = orders[draw / 16 % (sizeof orders / sizeof *orders)];
			memcpy(bytes + n, order, strlen(order));
			n += strlen(order);
		} else {
			bytes[n++] = (char)(draw >> 20);
		}
	}
	/* Only the first line of a message is shown: mostly there is but one, of bytes that are none. */
	bool lines = test_random(random) % 8 == 0;
	for (size_t i = 0; i < n; i++)
		if (!bytes[i] || (!lines && bytes[i] == '\n'))
			bytes[i] = 'x';
	return (struct str){ bytes, n };
}

/* What orch itself says to a terminal: colours, and back over its own table. */
static size_t own_order(struct str text)
{
	size_t n = 2;
	if (text.n < 3 || text.at[0] != '\033' || text.at[1] != '[')
		return 0;
	while (n < text.n && ((text.at[n] >= '0' && text.at[n] <= '9') || text.at[n] == ';'))
		n++;
	return n < text.n && strchr("mAJK", text.at[n]) ? n + 1 : 0;
}

/* JSON is for programs: characters without a width may be in it. */
static size_t stray_bytes(struct str text, enum progress_kind kind)
{
	bool terminal = kind == PROGRESS_TABLE;
	size_t stray = 0, bytes;
	for (size_t at = 0; at < text.n; at += bytes) {
		struct str rest = str_slice(text, at, text.n);
		uint32_t character = utf8_decode(rest, &bytes);
		size_t own = terminal ? own_order(rest) : 0;
		if (own)
			bytes = own;
		else if (character != '\n' && !(terminal && character == '\r') &&
			 (character == UTF8_INVALID || character < 0x20 || character == 0x7f ||
			  utf8_class(character) == UTF8_BIDI ||
			  utf8_class(character) == UTF8_CONTROL ||
			  (kind != PROGRESS_JSON && utf8_class(character) != UTF8_PLAIN)))
			stray++;
	}
	return stray;
}

static void show(enum progress_kind kind, const char *what)
{
	struct arena arena = { 0 };
	struct schedule_agent agent = { .name = STR("one"), .title = STR("an agent") };
	struct schedule schedule = { .agent = &agent, .agent_n = 1, .plan.name = STR("p") };
	struct fail fail;
	uint64_t random = 18;
	char bytes[PART + 1];
	int fd = open("shown", O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct progress *progress = progress_new(&arena, &schedule, 1, kind, true, fd);
	for (size_t sent = 0; sent < ALL / 3;) {
		struct str text = noise(bytes, &random);
		bytes[text.n] = 0;
		progress_event(progress, (int64_t)sent,
			       &(struct world_event){ .name = sent % 2 ? "failed" : "again",
						      .attempt = 1,
						      .message = text });
		progress_step(progress, 0, str_slice(text, 0, 40));
		progress_say(progress, bytes);
		sent += text.n * 2;
	}
	struct str shown;
	bool good = lseek(fd, 0, SEEK_SET) == 0 &&
		    file_read_all(&arena, fd, "shown", 1 << 30, &shown, &fail);
	CHECK(good && shown.n > 100000, "much was shown");
	CHECK(good && stray_bytes(shown, kind) == 0, what);
	close(fd);
	arena_release(&arena);
}

/* A run under way: how long each has taken of what was estimated, what its program does, and the outlook. */
static void draw_run(void)
{
	static const struct machine_options all = { 0 };
	struct arena arena = { 0 };
	struct schedule *s = NULL;
	struct pretend p;
	struct fail fail;
	struct str shown = { 0 };
	int fd = open("run", O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (uint64_t seed = 1; !s || s->metric_n || s->agent_n < 3 || !s->agent[s->agent_n - 1].after.n; seed++)
		s = schedules_make(&arena, seed, 6);
	for (size_t i = 0; i < s->agent_n; i++)
		s->agent[i].estimate = 5400;
	pretend_init(&p, &arena, s, &all, 3);
	struct machine *m = machine_new(&arena, s, &p.world, &all, p.base);
	struct progress *progress = progress_new(&arena, s, 1, PROGRESS_TABLE, true, fd);
	bool good = machine_go(m, &fail) && p.running.n;
	if (good) {
		p.clock = loop_now();
		progress_step(progress, p.running.at[0].agent, STR("Write \033[31ma.c\xff\n"));
		progress_files(progress, p.running.at[0].agent, 3);
	}
	progress_draw(progress, m);
	progress_end(progress, m);
	good = good && lseek(fd, 0, SEEK_SET) == 0 &&
	       file_read_all(&arena, fd, "run", 1 << 20, &shown, &fail);
	CHECK(good && stray_bytes(shown, PROGRESS_TABLE) == 0, "no stray byte of what it does");
	CHECK(good && str_find_text(shown, STR("Write \\x1b[31ma.c")) != SIZE_MAX,
	      "what its program does");
	CHECK(good && str_find_text(shown, STR("  3 files  Write")) != SIZE_MAX,
	      "how many files it has written");
	CHECK(good && str_find_text(shown, STR(" of 1h30m")) != SIZE_MAX, "of what was estimated");
	CHECK(good && str_find_text(shown, STR("at least ")) != SIZE_MAX &&
		      str_find_text(shown, STR("░  at least ")) != SIZE_MAX &&
		      str_find_text(shown, STR(" to go, until ")) != SIZE_MAX,
	      "how long it still takes, and until when");
	CHECK(good && str_find_text(shown, STR("waiting           for ")) != SIZE_MAX,
	      "whom it waits for");
	close(fd);
	arena_release(&arena);
}

int main(void)
{
	if (!scratch_begin("progress"))
		return 1;
	CHECK(stray_bytes(STR("a\033[31mb\n"), PROGRESS_TABLE) == 0 &&
		      stray_bytes(STR("\033[31m"), PROGRESS_LINES) == 1 &&
		      stray_bytes(STR("\033]0;x\007"), PROGRESS_TABLE) == 2,
	      "what is counted");
	show(PROGRESS_TABLE, "no stray byte in the table");
	show(PROGRESS_LINES, "no stray byte in lines");
	show(PROGRESS_JSON, "no stray byte in JSON");
	draw_run();
	scratch_end();
	return test_end();
}
