/* listing.c — listings: the whole of one, round trips through text, and what is said about
 * mistakes. */
#include "schedule/listing.h"

#include "common/file.h"
#include "schedule/image.h"
#include "tests/lib/schedules.h"

#include <string.h>

static struct str listing_of(struct arena *arena, const struct schedule *s)
{
	struct text text = { 0 };
	listing_write(s, &text);
	struct str copy = arena_copy(arena, text_str(&text));
	text_release(&text);
	return copy;
}

static struct str image_of(struct arena *arena, const struct schedule *s)
{
	struct text text = { 0 };
	image_write(s, &text);
	struct str copy = arena_copy(arena, text_str(&text));
	text_release(&text);
	return copy;
}

static void test_round_trip(void)
{
	bool read = true, same = true, stable = true;
	for (uint64_t seed = 1; seed <= 600; seed++) {
		struct arena arena = { 0 };
		struct fail fail = { "" };
		struct schedule *s = schedules_make(&arena, seed, seed % 50 ? 8 : 40), *back;
		struct str text = listing_of(&arena, s);
		if (!listing_read(&arena, text, STR("x.orchs"), &back, &fail)) {
			printf("seed %u: %s\n", (unsigned)seed, fail.text);
			read = false;
		} else {
			same &= str_equal(image_of(&arena, s), image_of(&arena, back));
			stable &= str_equal(text, listing_of(&arena, back));
		}
		arena_release(&arena);
	}
	CHECK(read, "a listing assembles");
	CHECK(same, "to the same bytes");
	CHECK(stable, "and lists the same again");
}

/* Line ends of another system, and comments and blank lines anywhere, change nothing. */
static void test_layout(void)
{
	bool same = true;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct arena arena = { 0 };
		struct fail fail = { "" };
		struct schedule *s = schedules_make(&arena, seed, 6), *back;
		struct str rest = listing_of(&arena, s), line;
		struct text text = { 0 };
		while (str_split(&rest, '\n', &line)) {
			text_addf(&text, "%.*s\r\n", STR_ARG(line));
			text_add(&text, STR("# between\n\n  ; lines\n"));
		}
		if (listing_read(&arena, text_str(&text), STR("x"), &back, &fail))
			same &= str_equal(image_of(&arena, s), image_of(&arena, back));
		else
			same = false, printf("%s\n", fail.text);
		text_release(&text);
		arena_release(&arena);
	}
	CHECK(same, "CRLF, comments and blank lines change nothing");
}

static void test_golden(void)
{
	struct arena arena = { 0 };
	struct fail fail = { "" };
	struct schedule *s;
	struct str want;
	if (!CHECK(file_read(&arena, "tests/unit/listing.want", 1 << 20, &want, &fail),
		   "the listing wanted is there") ||
	    !CHECK(listing_read(&arena, want, STR("listing.want"), &s, &fail), "and assembles")) {
		printf("    %s\n", fail.text);
		arena_release(&arena);
		return;
	}
	const struct schedule_agent *a = &s->agent[1];
	CHECK(s->agent_n == 2 && s->pool_n == 1 && s->command_n == 2 && s->runner_n == 1,
	      "all records are there");
	CHECK(str_is(a->prompt,
		     "# Wire the cache\n\nUse \"quotes\", ``` and \\n as they are.\nA tab at the end:\t"),
	      "a prompt");
	CHECK(a->after.n == 1 && a->after.at[0] == 0 && a->estimate == 5400 && a->pools.n == 1,
	      "an agent's fields");
	CHECK(s->command[0].shell && s->command[0].pool == 0 && s->command[1].pool == SCHEDULE_NONE,
	      "commands");
	CHECK(s->plan.code.n == 13 && a->code.n == 8, "strands");
	struct str got = listing_of(&arena, s);
	if (!CHECK(str_equal(got, want), "the listing is as wanted"))
		printf("%.*s", STR_ARG(got));
	arena_release(&arena);
}

static const char smallest[] =
	"schedule 4\n"
	"plan p\n"
	"\tjobs 1\n"
	"\tcode\n"
	"\t\tsubmit a\n\t\tawait a\n\t\tmerge a\n\t\tadvance a\n\t\tland\n"
	"runner r\n"
	"\twords \"x\"\n"
	"agent a\n"
	"\tplace \"p:1\"\n\tbranch \"a\"\n\trunner r\n\towns \"x\"\n"
	"\tcode\n"
	"\t\tprepare\n\t\tlaunch\n\t\tharvest\n\t\tgate\n\t\trecord\n";

/* The smallest listing with `from` replaced by `to` gives this message. */
static void refused(const char *from, const char *to, const char *message)
{
	struct arena arena = { 0 };
	struct fail fail = { "" };
	struct schedule *s;
	const char *at = strstr(smallest, from);
	struct str text = arena_format(&arena, "%.*s%s%s", (int)(at - smallest), smallest, to,
				       at + strlen(from));
	bool fine = listing_read(&arena, text, STR("l"), &s, &fail);
	if (!CHECK(!fine && strcmp(fail.text, message) == 0, message))
		printf("    %s\n", fine ? "(taken)" : fail.text);
	arena_release(&arena);
}

static void test_mistakes(void)
{
	struct arena arena = { 0 };
	struct fail fail = { "" };
	struct schedule *s;
	if (!CHECK(listing_read(&arena, str_from(smallest), STR("l"), &s, &fail),
		   "the smallest listing"))
		printf("    %s\n", fail.text);
	CHECK(!listing_read(&arena, STR(""), STR("l"), &s, &fail) && !strncmp(fail.text, "l:1: ", 5),
	      "nothing is no listing, and its first line is where that shows");
	CHECK(!listing_read(&arena, STR("schedule 4\n# \xff"), STR("l"), &s, &fail) &&
		      strstr(fail.text, "UTF-8"),
	      "UTF-8");
	arena_release(&arena);
	refused("schedule 4", "schedule 5",
		"l:1: the listing has version 5, this orch reads version 4; "
		"make it again with `orchc disasm`");
	refused("schedule 4", "orch 1",
		"l:1: expected `schedule` and its version, with which a listing begins, found `orch`");
	refused("plan p", "plna p",
		"l:2: expected a record (plan, pool, command, runner or agent) at the line's beginning, "
		"found `plna`");
	refused("plan p", "plan ?", "l:2: expected a name, found `?`");
	refused("jobs 1", "jobs many", "l:3: expected a number below 2^32, found `many`");
	refused("jobs 1", "jobs 4294967296",
		"l:3: expected a number below 2^32, found `4294967296`");
	refused("jobs 1", "jobs 1 2", "l:3: expected the end of the line, found `2`");
	refused("jobs 1", "jobs", "l:3: expected a number below 2^32, found the end of the line");
	refused("jobs 1", "jobs 1\n\tjobs 1",
		"l:4: expected a field of this plan that is not there yet "
		"(title, base, land_auto, budget, notify, code), found `jobs`");
	refused("jobs 1", "jobs 1\n\tland_auto maybe", "l:4: expected no or yes, found `maybe`");
	refused("submit a", "submit b",
		"l:5: expected the name of one of the agents in this listing, found `b`");
	refused("submit a", "sbmit a",
		"l:5: expected an instruction, or the next record at the line's beginning, found `sbmit`");
	refused("runner r\n", "runner r\nrunner r\n",
		"l:11: expected a name that no other of its kind has, found `r`");
	refused("runner r\n", "plan q\nrunner r\n", "l:10: expected one plan, found another");
	refused("plan p\n\tjobs 1\n\tcode\n\t\tsubmit a\n\t\tawait a\n\t\tmerge a\n\t\tadvance a\n\t\tland\n",
		"", "l:14: expected a plan, found the end of the listing");
	refused("runner r\n", "command 1\nrunner r\n",
		"l:10: expected command 0, which is the next, found `1`");
	refused("words \"x\"", "words \"x",
		"l:11: expected the quote that ends the string, found the end of the line");
	refused("words \"x\"", "words x", "l:11: expected a string in quotes, found `x`");
	refused("words \"x\"", "words \"x\",",
		"l:12: expected a string in quotes, found `agent a`");
	refused("words \"x\"", "words \"\\x\"",
		"l:11: expected one of \\\" \\\\ \\n \\r \\t \\u{…}, found `x\"`");
	refused("words \"x\"", "words \"\\u{d800}\"",
		"l:11: expected the number of a character in {}, like \\u{e9}, found `{d800}\"`");
	refused("place \"p:1\"", "place",
		"l:14: expected a string in quotes, or lines that begin with a bar, found `branch \"a\"`");
	refused("place \"p:1\"", "place \"p:1\"\n\tidle 3",
		"l:14: expected a duration like 1h30m, found `3`");
	refused("place \"p:1\"", "place \"p:1\"\n\tidle 3m1h",
		"l:14: expected a duration like 1h30m, found `3m1h`");
	refused("place \"p:1\"", "place \"p:1\"\n\tidle 99999d",
		"l:14: expected a duration like 1h30m, found `99999d`");
	refused("place \"p:1\"", "place \"p:1\"\n\tsandbox of",
		"l:14: expected best or on or off, found `of`");
	refused("\t\tgate\n", "",
		"agent `a`: instruction 3 of its strand is `record`, where `gate` belongs; "
		"build it again from the plan");
	refused("\trunner r\n", "",
		"agent `a`: its `runner` names a runner that is not there; build it again from the plan");
}

/* Whatever somebody does to a listing, it is taken or refused with the name of the file or of what
 * is wrong. */
static void test_hostile(void)
{
	bool said = true, sound = true;
	uint64_t random = 99;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct arena arena = { 0 };
		struct fail fail = { "" };
		struct schedule *s;
		struct str text = arena_copy(
			&arena, listing_of(&arena, schedules_make(&arena, seed % 20 + 1, 3)));
		for (uint64_t n = 1 + test_random(&random) % 3; n--;) {
			static const char odd[] = "\n\"\\|\t ;#,{}a0\x80\xff\0\r";
			size_t at = test_random(&random) % text.n;
			((char *)text.at)[at] = odd[test_random(&random) % sizeof odd];
			if (test_random(&random) % 8 == 0)
				text.n = at + 1;
		}
		char *exact = malloc(text.n);
		memcpy(exact, text.at, text.n);
		if (!listing_read(&arena, (struct str){ exact, text.n }, STR("l"), &s, &fail)) {
			said &= strlen(fail.text) > 10;
		} else {
			struct schedule *back;
			sound &= listing_read(&arena, listing_of(&arena, s), STR("l"), &back,
					      &fail) &&
				 str_equal(image_of(&arena, s), image_of(&arena, back)) &&
				 image_read(&arena, image_of(&arena, s), &back, &fail);
		}
		free(exact);
		arena_release(&arena);
	}
	CHECK(said, "what is refused is explained");
	CHECK(sound, "what is taken is a schedule like any other");
}

int main(void)
{
	test_golden();
	test_round_trip();
	test_layout();
	test_mistakes();
	test_hostile();
	return test_end();
}
