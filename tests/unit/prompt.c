/* A prompt reaches the agent byte for byte, whatever is in it, after the preamble that tells its
 * bounds. */
#include "runtime/prompt.h"

#include "tests/unit/test.h"

#include <string.h>

enum { ROUNDS = 100000 };

static struct str_list list(const struct str *at, size_t n)
{
	return (struct str_list){ (struct str *)at, n };
}

static struct schedule_agent agent_with(struct str prompt)
{
	static const struct str owns[] = { { "src/**", 6 } }, reads[] = { { "docs/a.md", 9 } };
	return (struct schedule_agent){
		.name = STR("one"), .owns = list(owns, 1), .reads = list(reads, 1), .prompt = prompt
	};
}

static bool says(const struct text *text, const char *what)
{
	return str_find_text(text_str(text), str_from(what)) != SIZE_MAX;
}

static void bytes_of_any_kind(void)
{
	struct arena arena = { 0 };
	uint64_t random = 7;
	for (int round = 0; round < ROUNDS; round++) {
		struct arena_mark mark = arena_mark(&arena);
		size_t n = round >= ROUNDS - 3 ? 10u << 20 : test_random(&random) % 3000;
		char *bytes = arena_take(&arena, n + 1);
		for (size_t i = 0; i < n; i += sizeof random) {
			uint64_t draw = test_random(&random);
			memcpy(bytes + i, &draw, n - i < sizeof draw ? n - i : sizeof draw);
		}
		struct schedule_agent agent = agent_with((struct str){ bytes, n });
		struct schedule schedule = { .agent = &agent, .agent_n = 1, .plan.name = STR("p") };
		struct text out = { 0 };
		prompt_write(&schedule, 0, (struct str){ 0 }, &out);
		bool same = str_ends(text_str(&out), agent.prompt) &&
			    str_ends(str_slice(text_str(&out), 0, out.n - n),
				     STR("\nYour task:\n\n"));
		if (!CHECK(same, "the prompt is the end of what is said, byte for byte"))
			break;
		text_release(&out);
		arena_reset(&arena, mark);
	}
	arena_release(&arena);
}

static void preamble(void)
{
	static struct str words[] = { { "pytest", 6 }, { "-q", 2 } };
	struct schedule_command command = { .words = list(words, 2) };
	struct instruction code[] = { { OP_LAUNCH, 0 }, { OP_CHECK, 0 } };
	struct schedule_agent agent = agent_with(STR("do it"));
	struct schedule schedule = { .agent = &agent,
				     .agent_n = 1,
				     .command = &command,
				     .command_n = 1,
				     .plan.name = STR("p") };
	struct text out = { 0 };
	agent.code.at = code;
	agent.code.n = 2;
	prompt_write(&schedule, 0, (struct str){ 0 }, &out);
	CHECK(says(&out, "\n  src/**\n"), "it is told what it owns");
	CHECK(says(&out, "\n  docs/a.md\n"), "it is told what it may rely on");
	CHECK(says(&out, "\n  pytest -q\n"), "it is told how it is tested");
	CHECK(!says(&out, "attempt"), "a first attempt is not told of others");
	text_clear(&out);
	prompt_write(&schedule, 0, STR("2 tests failed"), &out);
	CHECK(says(&out, "2 tests failed\n\nYour task:\n\ndo it"),
	      "a later attempt is told what came of the last");
	agent.owns.n = 0;
	text_clear(&out);
	prompt_write(&schedule, 0, (struct str){ 0 }, &out);
	CHECK(says(&out, "must not change any file"), "one that owns nothing is told so");
	text_release(&out);
}

static void placeholders(void)
{
	struct arena arena = { 0 };
	const struct prompt_values values = { STR("/tmp/p"), STR("${prompt_file} ${prompt} $"),
					      STR("id-1") };
	CHECK(str_is(prompt_put_in(&arena, STR("--resume=${session}"), &values), "--resume=id-1"),
	      "the session is put in");
	CHECK(str_is(prompt_put_in(&arena, STR("--in=${prompt_file}"), &values),
		     "--in=/tmp/p"),
	      "the file's path is put in");
	CHECK(str_is(prompt_put_in(&arena, STR("${prompt}${prompt_file}"), &values),
		     "${prompt_file} ${prompt} $/tmp/p"),
	      "what was put in is not looked at again");
	CHECK(str_is(prompt_put_in(&arena, STR("$prompt ${promp} ${"), &values),
		     "$prompt ${promp} ${"),
	      "other dollars stay");
	arena_release(&arena);
}

int main(void)
{
	bytes_of_any_kind();
	preamble();
	placeholders();
	return test_end();
}
