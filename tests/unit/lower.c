/* lower.c — a plan's values in its schedule: what is inherited, added, overridden, put in; the same
 * bytes anywhere. */
#include "compiler/lower.h"

#include "schedule/image.h"
#include "schedule/verify.h"
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

static const char plan[] =
	"plan p \"The plan\" {\n"
	"  base \"main\"\n  branch \"w/${plan}/x-${agent}\"\n  runner one\n  jobs 3\n  timeout 2h\n  retry 1\n"
	"  env A \"plan\"\n  env B \"plan\"\n  pool build 2\n  pool gpu 1\n  land auto\n  test [\"all\"] in build\n  merge b, g\n}\n"
	"runner one {\n  command [\"one\"]\n}\n"
	"runner two {\n  command [\"two\", \"${prompt_file}\"]\n  prompt file\n  env R \"1\"\n}\n"
	"template t(file) {\n  owns \"t/${file}\"\n  env B \"template\"\n  timeout 5m\n  prompt \"Write ${file}.\"\n  test [\"same\"]\n}\n"
	"group g {\n  after b\n  reads \"docs/\"\n  env A \"group\"\n  timeout 1h\n  setup sh \"make ${x}\" in gpu\n  copy \".env\"\n"
	"  agent a from t(file: \"a.py\") {\n    owns \"more\"\n    timeout 30m\n    estimate 1h\n    pool gpu\n    test [\"same\"]\n  }\n"
	"  group inner {\n    runner two\n    isolation worktree\n"
	"    agent c {\n      creates \"c/**\"\n      requires \"d\"\n      estimate 1h\n      prompt \"C.\"\n      link \"node_modules\"\n    }\n  }\n}\n"
	"agent b {\n  owns \"b\"\n  estimate 90s\n  sandbox off\n  idle 1m\n  prompt \"B.\"\n}\n";

static const struct schedule_agent *agent(const struct schedule *s, const char *name)
{
	return &s->agent[schedule_find_agent(s, str_from(name))];
}

static bool list_is(struct str_list list, size_t n, const char *first, const char *last)
{
	return list.n == n && (!n || (str_is(list.at[0], first) && str_is(list.at[n - 1], last)));
}

static void check_values(const struct schedule *s)
{
	const struct schedule_agent *a = agent(s, "a"), *b = agent(s, "b"), *c = agent(s, "c");
	CHECK(str_is(s->plan.base, "main") && s->plan.jobs == 3 && s->plan.land_auto == 1,
	      "the plan's own values");
	CHECK(b == &s->agent[0] && !b->after.n && a->after.n == 1 && a->after.at[0] == 0,
	      "who waits for whom, by rank");
	CHECK(str_is(a->branch, "w/p/x-a") && str_is(a->place, "plan.orch:38"), "branch and place");
	CHECK(a->timeout == 1800 && c->timeout == 3600 && b->timeout == 7200,
	      "the inner single value holds");
	CHECK(a->retry == 1 && b->idle == 60 && b->estimate == 90 && a->estimate == 3600,
	      "numbers and durations");
	CHECK(list_is(a->owns, 2, "t/a.py", "more") && list_is(c->creates, 1, "c/**", "c/**"),
	      "lists are added to");
	CHECK(list_is(a->reads, 1, "docs/", "docs/") && list_is(c->reads, 1, "docs/", "docs/") &&
		      !b->reads.n,
	      "members have the group's lists");
	CHECK(list_is(a->env, 2, "A=group", "B=template") && list_is(b->env, 2, "A=plan", "B=plan"),
	      "a variable is overridden by its name");
	CHECK(str_is(a->prompt, "Write a.py."), "the template's parameter is put in");
	CHECK(str_is(s->runner[a->runner].name, "one") && str_is(s->runner[c->runner].name, "two"),
	      "runners");
	CHECK(s->runner[c->runner].prompt == SCHEDULE_PROMPT_FILE &&
		      list_is(s->runner[c->runner].words, 2, "two", "${prompt_file}"),
	      "a runner's hole is left for the launch");
	CHECK(c->isolation == SCHEDULE_WORKTREE && a->isolation == SCHEDULE_CLONE, "isolation");
	CHECK(b->sandbox == SCHEDULE_SANDBOX_OFF && a->sandbox == SCHEDULE_SANDBOX_BEST, "sandbox");
	CHECK(a->pools.n == 1 && str_is(s->pool[a->pools.at[0]].name, "gpu"), "pools");
}

static void check_strands(const struct schedule *s)
{
	static const enum op wanted[] = { OP_PREPARE, OP_COPY,  OP_SETUP, OP_LAUNCH, OP_HARVEST,
					  OP_GATE,    OP_CHECK, OP_CHECK, OP_RECORD };
	struct code code = agent(s, "a")->code;
	bool good = code.n == sizeof wanted / sizeof *wanted;
	for (size_t i = 0; good && i < code.n; i++)
		good = code.at[i].op == wanted[i];
	CHECK(good, "the strand of an agent with everything");
	CHECK(good && code.at[6].operand == code.at[7].operand, "equal commands are one");
	const struct schedule_command *setup = good ? &s->command[code.at[2].operand] : NULL;
	CHECK(setup && setup->shell == 1 && str_is(setup->words.at[0], "make ${x}") &&
		      str_is(s->pool[setup->pool].name, "gpu"),
	      "shell text is as it was written");
}

static struct text image_of(const char *path, struct arena *arena)
{
	struct compile c;
	struct fail fail;
	struct text image = { 0 };
	if (CHECK(compile_plan(arena, path, NULL, &c, &fail) && c.schedule, "it compiles")) {
		compile_prompts(&c);
		image_write(c.schedule, &image);
	}
	return image;
}

static void check_bytes(void)
{
	struct arena arena = { 0 };
	struct text here = image_of("plan.orch", &arena);
	bool moved = scratch_run("mkdir -p sub/deep") && chdir("sub/deep") == 0;
	struct text there = image_of("../../plan.orch", &arena);
	CHECK(moved && chdir("../..") == 0 && here.n &&
		      str_equal(text_str(&here), text_str(&there)),
	      "the same bytes, whatever the folder");
	text_release(&here);
	text_release(&there);
	arena_release(&arena);
}

int main(void)
{
	struct arena arena = { 0 };
	struct compile c;
	struct fail fail;
	if (!scratch_begin("lower"))
		return 1;
	if (CHECK(plans_compile(&arena, plan, &c) && c.schedule && !c.diags.list.n,
		  "the plan is clean")) {
		compile_prompts(&c);
		check_values(c.schedule);
		check_strands(c.schedule);
		CHECK(verify_schedule(c.schedule, &fail), "and its schedule is verified");
		check_bytes();
	}
	for (size_t i = 0; i < c.diags.list.n; i++)
		printf("%.*s\n", STR_ARG(c.diags.list.at[i].message));
	arena_release(&arena);
	scratch_end();
	return test_end();
}
