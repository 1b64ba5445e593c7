/* nowhere.c — what prompts refer to, held against files of a base that is made up here. */
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

static const char *const files[] = { "README.md", "docs/design.md", "services/api/main.ts",
				     "services/ml/src/cache.py",
				     "services/ml/src/sampler.py" }; /* sorted */

static bool facts_open(void *context, struct str root, struct fail *fail)
{
	(void)context, (void)root, (void)fail;
	return true;
}

static bool facts_read(void *there, struct arena *arena, struct str base, struct facts *facts,
		       struct fail *fail)
{
	(void)base, (void)fail;
	facts->there = *(bool *)there;
	for (size_t i = 0; facts->there && i < sizeof files / sizeof *files; i++)
		*VEC_ADD(arena, &facts->entries) = (struct facts_entry){ str_from(files[i]), FACTS_FILE };
	return true;
}

static bool facts_ignores(void *context, struct str path)
{
	(void)context;
	return str_starts(path, STR("logs/"));
}

/* How many files of the prompt are nowhere; `near`: what is offered for the first, or NULL. */
static size_t count(bool there, const char *prompt, const char *near)
{
	struct facts_reader reader = { &there, facts_open, facts_read, facts_ignores };
	struct arena arena = { 0 };
	struct compile c;
	struct fail fail;
	size_t n = 0;
	scratch_put("p.md", prompt);
	scratch_put(
		"plan.orch",
		"plan p { runner r }\nrunner r { command [\"x\"] }\nagent a {\n owns \"services/ml/src/cache.py\"\n"
		" creates \"services/ml/src/new/*.py\"\n prompt file \"p.md\"\n}\n");
	if (CHECK(compile_plan(&arena, "plan.orch", &reader, &c, &fail), "the plan is read"))
		n = plans_count(&c, DIAG_NOWHERE);
	for (size_t i = 0; n && near && i < c.diags.list.n; i++) {
		const struct diag *diag = &c.diags.list.at[i];
		if (diag->code == DIAG_NOWHERE)
			CHECK(diag->fixes.n == 1 &&
				      str_is(diag->fixes.at[0].edits.at[0].text, near),
			      near);
	}
	arena_release(&arena);
	return n;
}

static void offered(void)
{
	static const char *const forms[][2] = {
		{ "Follow services/ml/src/samplr.py.", "services/ml/src/sampler.py" },
		{ "See services/api/main.js", "services/api/main.ts" },
		{ "Read REDME.md first", "README.md" },
		{ "Read services/ml/cache.py", "services/ml/src/cache.py" },
		{ "See docs/desing.md. Again, see docs/desing.md.", "docs/design.md" },
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		CHECK(count(true, forms[i][0], forms[i][1]) == 1, forms[i][0]);
		CHECK(count(false, forms[i][0], NULL) == 0, "without facts nothing is said");
	}
	CHECK(count(true, "See docs/plan.md.", NULL) == 1, "also without anything like it");
}

static void silent(void)
{
	static const char *const forms[] = {
		"See README.md, design.md and src/sampler.py.", /* by the end of a path */
		"Create docs/plan.md. See docs/plan.md.",       /* it is made */
		"Update docs/plan.md.",
		"Follow services/ml/src/new/base.py.", /* a pattern matches */
		"See logs/last.txt.",                  /* ignored */
		"If docs/old.md exists, follow it.",
		"Do not touch docs/old.md.",
		"Don't look at docs/old.md.",
		"Look at some file, e.g. docs/old.md.",
		"See path/to/x.py, foo/bar.py and docs/your-file.md.",
		"```\nsee docs/old.md\n```",
		"Run `cat docs/old.md`.",
		"See <docs>/old.md and docs/*.old.",
		"See helpers.py.", /* a bare name that nothing is like */
		"See node_modules/x/index.js and dist/main.js.",
		"See lib/a.go, lib/b.go and lib/c.go.", /* another repository */
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		CHECK(count(true, forms[i], NULL) == 0, forms[i]);
}

int main(void)
{
	if (!CHECK(scratch_begin("nowhere"), "a folder to work in"))
		return test_end();
	offered();
	silent();
	scratch_end();
	return test_end();
}
