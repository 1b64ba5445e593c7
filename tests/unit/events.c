/* events.c — what is read off the output of real clients (tests/fixtures), in pieces of any size, and off
 * output that is damaged in any way. The rules are those of the library, compiled. */
#include "runtime/events.h"

#include "common/file.h"
#include "compiler/compile.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <dirent.h>
#include <string.h>
#include <time.h>

static const char plan_text[] =
	"import \"std/agents.orch\" as std\n"
	"plan p {\n  merge claude, codex, gemini, opencode\n}\n"
	"agent claude {\n  runner std.claude\n  owns \"a\"\n  prompt \"x\"\n}\n"
	"agent codex {\n  runner std.codex\n  owns \"b\"\n  prompt \"x\"\n}\n"
	"agent gemini {\n  runner std.gemini\n  owns \"c\"\n  prompt \"x\"\n}\n"
	"agent opencode {\n  runner std.opencode\n  owns \"d\"\n  prompt \"x\"\n}\n";

struct told {
	struct text did, said;
	size_t lines, json;
};

static void tell(void *self, const struct events_line *line, struct str raw)
{
	struct told *told = self;
	(void)raw;
	told->lines++;
	told->json += line->json;
	if (line->did.n)
		text_addf(&told->did, "%.*s\n", STR_ARG(line->did));
	if (line->said.n)
		text_addf(&told->said, "%.*s\n", STR_ARG(line->said));
}

static uint32_t runner_of(const struct schedule *s, const char *agent)
{
	return s->agent[schedule_find_agent(s, str_from(agent))].runner;
}

/* All that it reads, in one text. */
static struct str read_all(struct arena *arena, const struct schedule *s, const char *agent,
			   struct str bytes, size_t piece, const struct record *last,
			   struct record *record)
{
	struct told told = { 0 };
	const struct events_orders orders = { tell, &told };
	struct events *e = events_open(s, runner_of(s, agent), &orders);
	for (size_t at = 0; at < bytes.n; at += piece)
		events_add(e, str_slice(bytes, at, at + piece < bytes.n ? at + piece : bytes.n));
	events_flush(e);
	events_record(e, arena, last, record);
	struct str all = arena_format(
		arena, "%d %d %.*s|%.*s|%.*s|%.*s|%llu %llu %llu %llu|%u|%zu|%zu", events_how(e),
		events_busy(e), STR_ARG(events_message(e)), STR_ARG(record->session),
		STR_ARG(record->said), STR_ARG(text_str(&told.did)),
		(unsigned long long)record->input, (unsigned long long)record->cached,
		(unsigned long long)record->output_tokens, (unsigned long long)record->cost,
		record->actions, record->denied.n, told.json);
	text_release(&told.did);
	text_release(&told.said);
	events_close(e);
	return all;
}

/* Read before the folder is changed. */
static const char *const clients[] = { "claude", "codex", "gemini", "opencode" };
static struct str fixtures[4];

static struct str fixture(const char *client)
{
	for (size_t i = 0; i < 4; i++)
		if (strcmp(clients[i], client) == 0)
			return fixtures[i];
	return (struct str){ 0 };
}

static void test_fixture(const struct schedule *s, const char *client, const char *wanted)
{
	struct arena arena = { 0 };
	struct record record = { 0 };
	struct str bytes = fixture(client);
	struct str got = read_all(&arena, s, client, bytes, bytes.n + 1, NULL, &record);
	if (!CHECK(str_is(got, wanted), client))
		printf("    %.*s\n", STR_ARG(got));
	for (size_t piece = 1; piece < 100; piece += 7) {
		struct record again = { 0 };
		CHECK(str_equal(read_all(&arena, s, client, bytes, piece, NULL, &again), got),
		      "in pieces it is the same");
	}
	arena_release(&arena);
}

/* Streams of two versions of each client, recorded by CASES=record of tests/clients/run: CLIENT-VERSION-END. */
struct recorded {
	char name[300];
	struct str bytes;
};
static struct recorded recorded[64];
static size_t recorded_n;

static void read_recorded(struct arena *arena)
{
	struct fail fail;
	DIR *folder = opendir("tests/fixtures");
	struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		struct recorded *r = &recorded[recorded_n];
		if (!strstr(entry->d_name, ".ndjson") || str_starts(str_from(entry->d_name), STR("events-")))
			continue;
		snprintf(r->name, sizeof r->name, "%s", entry->d_name);
		if (CHECK(recorded_n < 63 && file_read(arena, arena_format(arena, "tests/fixtures/%s", r->name).at,
						       1 << 20, &r->bytes, &fail),
			  entry->d_name))
			recorded_n++;
	}
	if (folder)
		closedir(folder);
}

static bool fits(const struct recorded *r, const char *client, enum events_end how, bool busy,
		 const struct record *record)
{
	bool done = how == EVENTS_DONE && record->session.n && str_is(record->said, "all done") &&
		    record->input && record->output_tokens && record->actions;
	/* Not all services are told of by events; `busy` of the runner finds the others in what is printed. */
	bool tells = strcmp(client, "claude") == 0;
	if (strstr(r->name, "-done."))
		return done && !record->denied.n && !busy;
	if (strstr(r->name, "-denied."))
		return done && (!tells || record->denied.n == 1);
	if (strstr(r->name, "-busy."))
		return how != EVENTS_DONE && (!tells || busy);
	return strstr(r->name, "-failed.") && how != EVENTS_DONE && !busy;
}

static void test_recorded(const struct schedule *s)
{
	CHECK(recorded_n == 32, "four ends of two versions of four clients");
	for (size_t i = 0; i < recorded_n; i++) {
		struct arena arena = { 0 };
		struct record record = { 0 };
		const struct recorded *r = &recorded[i];
		const char *client = arena_format(&arena, "%.*s", (int)strcspn(r->name, "-"), r->name).at;
		struct events *e = events_open(s, runner_of(s, client), &(struct events_orders){ 0 });
		events_add(e, r->bytes);
		events_flush(e);
		events_record(e, &arena, NULL, &record);
		if (!CHECK(fits(r, client, events_how(e), events_busy(e), &record), r->name))
			printf("    %d %d [%.*s] session %zu said [%.*s] %llu %llu %u denied %zu\n", events_how(e),
			       events_busy(e), STR_ARG(events_message(e)), record.session.n,
			       STR_ARG(record.said), (unsigned long long)record.input,
			       (unsigned long long)record.output_tokens, record.actions, record.denied.n);
		events_close(e);
		arena_release(&arena);
	}
}

/* Lines are lost, doubled and damaged: it reads on, and always comes to some end. */
static void test_damage(const struct schedule *s, const char *client)
{
	struct arena arena = { 0 };
	uint64_t random = 11;
	struct str bytes = fixture(client);
	for (int i = 0; i < 400; i++) {
		struct arena one = { 0 };
		struct record record = { 0 };
		struct str copy = arena_copy(&one, bytes);
		for (uint64_t n = test_random(&random) % 20; n--;)
			((char *)copy.at)[test_random(&random) % copy.n] =
				(char)test_random(&random);
		read_all(&one, s, client, str_slice(copy, 0, test_random(&random) % copy.n), 997,
			 NULL, &record);
		arena_release(&one);
	}
	arena_release(&arena);
}

static const char *result(struct arena *arena, const char *more)
{
	return arena_format(arena,
			    "{\"type\":\"system\",\"session_id\":\"s\"}\nnot json\n"
			    "{\"type\":\"result\",%s}\n",
			    more)
		.at;
}

static void test_ends(const struct schedule *s)
{
	static const struct {
		const char *more, *wanted;
	} cases[] = {
		{ "\"subtype\":\"success\",\"is_error\":false,\"total_cost_usd\":0.5",
		  "1 0 |s|||0 0 0 500000|0|0|2" },
		{ "\"subtype\":\"success\",\"is_error\":true,\"result\":\"no credit\"",
		  "2 0 no credit|s|||0 0 0 0|0|0|2" },
		{ "\"is_error\":true,\"result\":\"overloaded\",\"api_error_status\":529",
		  "2 1 overloaded|s|||0 0 0 0|0|0|2" },
		{ "\"subtype\":\"success\",\"is_error\":false,\"permission_denials\":[{\"tool_name\":\"Bash\"},"
		  "{\"tool_name\":\"Bash\"},{\"tool_name\":\"Write\"}]",
		  "1 0 |s|||0 0 0 0|0|2|2" },
		{ "\"subtype\":\"error_max_turns\",\"is_error\":true",
		  "2 0 error_max_turns|s|||0 0 0 0|0|0|2" },
		{ "\"subtype\":\"other\"", "3 0 |s|||0 0 0 0|0|0|2" },
		{ "\"subtype\":\"success\",\"is_error\":false,\"total_cost_usd\":-1,\"usage\":{\"input_tokens\":1e300}",
		  "1 0 |s|||0 0 0 0|0|0|2" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct record record = { 0 };
		struct str got = read_all(&arena, s, "claude",
					  str_from(result(&arena, cases[i].more)), 64, NULL,
					  &record);
		if (!CHECK(str_is(got, cases[i].wanted), cases[i].more))
			printf("    %.*s\n", STR_ARG(got));
		arena_release(&arena);
	}
}

/* Cumulative numbers are an attempt's only once what was before is taken off. */
static void test_session(const struct schedule *s)
{
	struct arena arena = { 0 };
	struct record first = { 0 }, second = { 0 }, third = { 0 }, other = { 0 };
	const char *at[] = { "0.25", "0.75", "0.10" };
	struct str text[3];
	for (int i = 0; i < 3; i++)
		text[i] = str_from(result(&arena,
					  arena_format(&arena,
						       "\"subtype\":\"success\",\"is_error\":false,"
						       "\"total_cost_usd\":%s",
						       at[i])
						  .at));
	read_all(&arena, s, "claude", text[0], 100, NULL, &first);
	read_all(&arena, s, "claude", text[1], 100, &first, &second);
	read_all(&arena, s, "claude", text[2], 100, &second, &third);
	CHECK(first.cost == 250000 && second.cost == 500000,
	      "what the session cost before is taken off");
	CHECK(third.cost == 100000, "less than before counts whole");
	first.session = STR("another");
	read_all(&arena, s, "claude", text[1], 100, &first, &other);
	CHECK(other.cost == 750000, "of another session nothing is taken off");
	arena_release(&arena);
}

static void test_reset(const struct schedule *s)
{
	struct arena arena = { 0 };
	static const struct {
		const char *value;
		uint64_t wanted; /* 0: about a minute from now */
	} cases[] = { { "1795400000", 1795400000 },
		      { "1795400000123", 1795400000 },
		      { "\"2026-11-22T06:24:39.772Z\"", 1795328679 },
		      { "\"2026-11-22T07:24:39+01:00\"", 1795328679 },
		      { "\"60\"", 0 },
		      { "60", 0 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct record record = { 0 };
		struct str text = arena_format(
			&arena,
			"{\"type\":\"rate_limit_event\",\"resetsAt\":%s}\n"
			"{\"type\":\"result\",\"is_error\":true,\"api_error_status\":429}\n",
			cases[i].value);
		read_all(&arena, s, "claude", text, 100, NULL, &record);
		uint64_t now = (uint64_t)time(NULL);
		if (!CHECK(cases[i].wanted
				   ? record.reset_at == cases[i].wanted
				   : record.reset_at >= now + 55 && record.reset_at <= now + 61,
			   cases[i].value))
			printf("    %llu\n", (unsigned long long)record.reset_at);
	}
	arena_release(&arena);
}

/* A line without an end does not take memory without an end. */
static void test_long_line(const struct schedule *s)
{
	struct arena arena = { 0 };
	struct record record = { 0 };
	size_t n = (size_t)20 << 20;
	char *bytes = arena_take(&arena, n + 100);
	memset(bytes, 'x', n);
	memcpy(bytes, "{\"type\":\"", 9);
	int more = snprintf(bytes + n, 100,
			    "\n{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false}\n");
	struct str got = read_all(&arena, s, "claude", (struct str){ bytes, n + (size_t)more },
				  65536, NULL, &record);
	CHECK(str_starts(got, STR("1 ")), "what comes after a line that is too long is read");
	arena_release(&arena);
}

int main(void)
{
	struct arena arena = { 0 };
	struct compile compile;
	struct fail fail = { "" };
	for (size_t i = 0; i < 4; i++)
		CHECK(file_read(&arena,
				arena_format(&arena, "tests/fixtures/events-%s.ndjson", clients[i])
					.at,
				1 << 20, &fixtures[i], &fail),
		      clients[i]);
	read_recorded(&arena);
	if (!scratch_begin("events"))
		return 1;
	scratch_put("p.orch", plan_text);
	if (CHECK(compile_plan(&arena, "p.orch", NULL, &compile, &fail) && compile.schedule,
		  "the library is read")) {
		const struct schedule *s = compile.schedule;
		test_recorded(s);
		test_fixture(
			s, "claude",
			"1 0 |9f3a61ff-c5ed-4d47-9dee-0f38cfd1ad8c|all finished|Write /srv/tree\n"
			"|2400 0 68 13700|1|0|5");
		test_fixture(
			s, "codex",
			"1 0 |01a201eb-40c2-79d0-86e5-345e7a09714e|all finished|add /srv/tree\n"
			"/bin/bash -lc 'echo ran > ran.txt'\n|3600 0 102 0|2|0|8");
		test_fixture(
			s, "gemini",
			"1 0 |0d3d03cb-a4af-4c29-afe5-733c8a3005dc|all finished|write_file /srv/tree\n"
			"run_shell_command echo ran > ran.txt\n|3600 0 102 0|2|0|8");
		test_fixture(s, "opencode",
			     "1 0 |ses_dfe075019ffeTmTgj5Adlm8XxO|all finished|write /srv/tree\n"
			     "bash echo ran > ../outside2.txt\n|3600 0 102 3804|2|0|9");
		test_damage(s, "claude");
		test_damage(s, "opencode");
		test_ends(s);
		test_session(s);
		test_reset(s);
		test_long_line(s);
	}
	scratch_end();
	arena_release(&arena);
	return test_end();
}
