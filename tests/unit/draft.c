/* A draft as a plan: what is settled, what is written, and that whatever a document holds, what is
 * written can be read back. */
#include "compiler/draft_write.h"
#include "grammar/parse.h"
#include "tests/unit/test.h"

static struct draft fresh(struct arena *arena, struct sources *sources, struct diags *diags)
{
	*sources = (struct sources){ .arena = arena };
	*diags = (struct diags){ .arena = arena, .sources = sources };
	uint32_t source = source_add(sources, STR("PLAN.md"), STR("one\ntwo\nthree\n"));
	return (struct draft){ .arena = arena, .sources = sources, .diags = diags, .source = source,
			       .title = STR("A site"), .file = STR("PLAN.md") };
}

static size_t mistakes(struct arena *arena, struct str text)
{
	struct sources sources = { .arena = arena };
	struct diags diags = { .arena = arena, .sources = &sources };
	struct syntax syntax;
	parse_source(arena, &sources, source_add(&sources, STR("plan.orch"), text), &diags,
		     &syntax);
	struct text out = { 0 };
	for (size_t i = 0; i < diags.list.n; i++)
		diag_print(&diags, &diags.list.at[i], false, &out);
	printf("%.*s", STR_ARG(text_str(&out)));
	text_release(&out);
	return diags.errors;
}

static struct str written(struct draft *draft)
{
	struct text out = { 0 };
	draft_write(draft, &out);
	struct str text = arena_copy(draft->arena, text_str(&out));
	text_release(&out);
	return text;
}

static bool says(struct str text, const char *part)
{
	return str_find_text(text, str_from(part)) != SIZE_MAX;
}

static void test_names(struct arena *arena)
{
	CHECK(str_is(draft_name(arena, STR("Semantic Cache → Sampler")), "semantic-cache-sampler"),
	      "words");
	CHECK(str_is(draft_name(arena, STR("2FA: it's `here`")), "n2fa-its-here"),
	      "a name begins with a letter");
	CHECK(str_is(draft_name(arena, STR("→ 漢")), ""), "nothing that could be a name");
	CHECK(draft_name(arena, STR("aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbb cc")).n <= 40,
	      "names are short");
}

static void test_settle(struct arena *arena)
{
	struct sources sources;
	struct diags diags;
	struct draft d = fresh(arena, &sources, &diags);
	struct span here = { d.source, 0, 3 };
	for (int i = 0; i < 3; i++)
		draft_add_agent(&d, STR("1"), STR("Same title"), here);
	struct draft_agent *first = &d.agents.at[0];
	CHECK(draft_add_path(&d, first, STR("tasks.py"), DRAFT_CREATES, here), "a bare name");
	CHECK(draft_add_path(&d, first, STR("src/tasks.py:10-20"), DRAFT_OWNS, here), "with lines");
	CHECK(!draft_add_path(&d, first, STR("/etc/passwd"), DRAFT_OWNS, here),
	      "not in the repository");
	draft_add_edge(&d, &d.agents.at[2], 0, here);
	draft_add_edge(&d, &d.agents.at[2], 1, here);
	*VEC_ADD(arena, &first->times) = (struct draft_time){ 1800, 5400, here };
	first->prompt = (struct draft_prompt){ DRAFT_PROMPT_SECTION, STR("Agent 1"), STR("x"),
					       here };
	for (uint32_t i = 0; i < 2; i++) {
		struct draft_step *step = VEC_ADD(arena, &d.merge);
		step->span = here;
		step->title = STR("core wiring");
		for (uint32_t a = i * 2; a < 2 + i; a++)
			*VEC_ADD(arena, &step->agents) = a;
	}
	draft_settle(&d);
	struct str text = written(&d);
	CHECK(!mistakes(arena, text), "it can be read back");
	CHECK(says(text, "agent same-title-2 \"Same title\""), "each name once");
	CHECK(says(text, "creates  \"src/tasks.py\"\n") && !says(text, "owns"),
	      "the full path, and it is new");
	CHECK(says(text, "estimate 1h30m"), "the longer end of a range");
	CHECK(says(text, "prompt   file \"PLAN.md\" section \"Agent 1\""), "a section");
	CHECK(says(text, "group core-wiring") && says(text, "merge  core-wiring, same-title-3"),
	      "groups of the merge order");
	CHECK(says(text, "after all"), "everybody else");
}

/* Bytes that a document may have and a plan may not. */
static struct str wild(struct arena *arena, uint64_t *random)
{
	static const char *const parts[] = { "a",
					     "B",
					     " ",
					     "\n",
					     "\t",
					     "\"",
					     "\"\"\"",
					     "\\",
					     "${x}",
					     "\r\n",
					     "\r",
					     "\x01",
					     "→",
					     "e\xcc\x81",
					     "\xe2\x80\x8b",
					     "\xe2\x80\xae",
					     "\xff",
					     "#",
					     "{",
					     "}",
					     "<<<<<<< x\n",
					     "=======\n",
					     "    ",
					     "/-",
					     "\xc2\x85",
					     "\xef\xbb\xbf" };
	struct text out = { 0 };
	for (size_t n = test_random(random) % 12; n; n--)
		text_add(&out,
			 str_from(parts[test_random(random) % (sizeof parts / sizeof *parts)]));
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

static void wild_agent(struct draft *d, uint64_t *random, uint32_t groups, uint32_t n)
{
	struct span here = { d->source, (uint32_t)(test_random(random) % 14), 14 };
	struct draft_agent *agent = draft_add_agent(d, wild(d->arena, random),
						    wild(d->arena, random), here);
	agent->group = test_random(random) % 2 ? (uint32_t)(test_random(random) % groups)
					       : DRAFT_NONE;
	agent->done = test_random(random) % 4 == 0;
	for (int i = 0; i < 3; i++) {
		draft_add_path(d, agent, wild(d->arena, random),
			       (enum draft_access)(test_random(random) % 3), here);
		draft_add_edge(d, agent, (uint32_t)(test_random(random) % n), here);
		draft_say(d, &agent->notes, wild(d->arena, random), here);
		draft_say(d, &agent->tests, wild(d->arena, random), here);
	}
	agent->prompt = (struct draft_prompt){ (enum draft_prompt_kind)(test_random(random) % 3),
					       wild(d->arena, random), wild(d->arena, random),
					       here };
}

static void test_anything(uint64_t *random)
{
	for (int round = 0; round < 3000; round++) {
		struct arena arena = { 0 };
		struct sources sources;
		struct diags diags;
		struct draft d = fresh(&arena, &sources, &diags);
		struct span here = { d.source, 0, 0 };
		d.title = wild(&arena, random);
		d.name = wild(&arena, random);
		d.branch.text = wild(&arena, random);
		draft_say(&d, &d.metrics, wild(&arena, random), here);
		draft_add_group(&d, wild(&arena, random), here);
		draft_add_group(&d, wild(&arena, random), here);
		*VEC_ADD(&arena, &d.groups.at[0].after) = (struct draft_edge){ 1, here };
		for (uint32_t i = 0; i < 5; i++)
			wild_agent(&d, random, 2, 5);
		struct draft_step *step = VEC_ADD(&arena, &d.merge);
		*VEC_ADD(&arena, &step->agents) = (uint32_t)(test_random(random) % 5);
		draft_settle(&d);
		struct str text = written(&d);
		bool fine = !mistakes(&arena, text);
		CHECK(fine, "whatever a document holds, the plan can be read");
		arena_release(&arena);
		if (!fine)
			return;
	}
}

int main(void)
{
	struct arena arena = { 0 };
	uint64_t random = 7;
	test_names(&arena);
	test_settle(&arena);
	test_anything(&random);
	arena_release(&arena);
	return test_end();
}
