/* A plan that is written down in Markdown, in three styles, comes back as it was; and words that
 * people plan with. */
#include "compiler/import.h"
#include "compiler/import_ref.h"
#include "compiler/import_time.h"
#include "compiler/import_word.h"
#include "tests/unit/test.h"

enum { AGENTS_MOST = 9, STYLES = 3 };

struct agent {
	char title[40], path[2][60];
	unsigned paths, minutes;
	bool creates, after[AGENTS_MOST];
};
struct plan {
	unsigned n;
	struct agent agent[AGENTS_MOST];
};

static void make(uint64_t *random, struct plan *plan)
{
	static const char *const words[] = { "Amber",   "Basalt",  "Cobalt",  "Delta",  "Ember",
					     "Fjord",   "Granite", "Harbour", "Indigo", "Juniper",
					     "Kestrel", "Lagoon",  "Maple",   "Nimbus", "Orchid",
					     "Pebble",  "Quartz",  "Raven" };
	*plan = (struct plan){ .n = 1 + (unsigned)(test_random(random) % AGENTS_MOST) };
	for (unsigned i = 0; i < plan->n; i++) {
		struct agent *a = &plan->agent[i];
		snprintf(a->title, sizeof a->title, "%s %s", words[2 * i], words[2 * i + 1]);
		a->paths = 1 + (unsigned)(test_random(random) % 2);
		for (unsigned p = 0; p < a->paths; p++)
			snprintf(a->path[p], sizeof a->path[p], "src/%s/part-%u.c", words[i], p);
		a->minutes = 5 * (1 + (unsigned)(test_random(random) % 40));
		a->creates = test_random(random) % 3 == 0;
		for (unsigned j = 0; j < i; j++)
			a->after[j] = test_random(random) % 3 == 0;
	}
}

static void add_after(struct text *out, const struct agent *a, unsigned i, const char *kind,
		      const char *none)
{
	unsigned n = 0;
	for (unsigned j = 0; j < i; j++)
		if (a->after[j])
			text_addf(out, "%s%s %u", n++ ? ", " : "", kind, j + 1);
	if (!n)
		text_add(out, str_from(none));
}

static void add_paths(struct text *out, const struct agent *a)
{
	for (unsigned p = 0; p < a->paths; p++)
		text_addf(out, "%s`%s`%s", p ? ", " : "", a->path[p], a->creates ? " (NEW)" : "");
}

static void in_table(const struct plan *plan, struct text *out)
{
	text_add(
		out,
		STR("# A plan\n\n| Agent | Task | Files | Time | Dependencies |\n|---|---|---|---|---|\n"));
	for (unsigned i = 0; i < plan->n; i++) {
		const struct agent *a = &plan->agent[i];
		text_addf(out, "| **%u** | %s | ", i + 1, a->title);
		add_paths(out, a);
		text_addf(out, " | %um | ", a->minutes);
		add_after(out, a, i, "Agent", "None");
		text_add(out, STR(" |\n"));
	}
	for (unsigned i = 0; i < plan->n; i++)
		text_addf(out, "\n### Agent %u: %s\n\n```\nDo number %u.\n```\n", i + 1,
			  plan->agent[i].title, i + 1);
}

static void in_sections(const struct plan *plan, struct text *out)
{
	text_add(out, STR("A plan\n======\n"));
	for (unsigned i = 0; i < plan->n; i++) {
		const struct agent *a = &plan->agent[i];
		text_addf(out, "\n## Task %u: %s\n\n- **Files:** ", i + 1, a->title);
		add_paths(out, a);
		text_addf(out, "\n- **Estimate:** %u.%02u hours\n- **Depends on:** ",
			  a->minutes / 60, a->minutes % 60 * 100 / 60);
		add_after(out, a, i, "Task", "none");
		text_addf(out, "\n\nDo number %u.\n", i + 1);
	}
}

static void in_list(const struct plan *plan, struct text *out)
{
	text_add(out, STR("# A plan\r\n\r\n"));
	for (unsigned i = 0; i < plan->n; i++) {
		const struct agent *a = &plan->agent[i];
		text_addf(out, "- Agent %u: %s — ", i + 1, a->title);
		add_paths(out, a);
		text_addf(out, " (%u min; after ", a->minutes);
		add_after(out, a, i, "Agent", "none");
		text_addf(out, ")\r\n  - Do number %u.\r\n", i + 1);
	}
}

static bool has_path(const struct draft_agent *agent, const char *path, bool creates)
{
	for (size_t i = 0; i < agent->paths.n; i++)
		if (agent->paths.at[i].settled && str_is(agent->paths.at[i].path, path))
			return agent->paths.at[i].access == (creates ? DRAFT_CREATES : DRAFT_OWNS);
	return false;
}

static bool is_same(const struct plan *plan, const struct draft *draft, unsigned style)
{
	bool same = draft->agents.n == plan->n;
	for (unsigned i = 0; i < plan->n && same; i++) {
		const struct agent *a = &plan->agent[i];
		const struct draft_agent *b = &draft->agents.at[i];
		struct draft_waits waits = draft_waits(draft, i);
		size_t after = 0, settled = 0;
		same = str_is(b->title, a->title) && b->prompt.kind != DRAFT_NO_PROMPT &&
		       b->times.n == 1;
		/* Hundredths of an hour are not always minutes. */
		uint64_t want = style == 1
					? (a->minutes / 60 * 100 + a->minutes % 60 * 100 / 60) * 36
					: a->minutes * 60;
		same = same && b->times.at[0].most == want;
		for (unsigned p = 0; p < a->paths; p++)
			same = same && has_path(b, a->path[p], a->creates);
		for (size_t p = 0; p < b->paths.n; p++)
			settled += b->paths.at[p].settled;
		for (unsigned j = 0; j < i; j++)
			after += a->after[j];
		same = same && settled == a->paths && after == waits.n;
		for (size_t w = 0; w < waits.n && same; w++)
			same = a->after[waits.at[w]];
	}
	return same;
}

static bool comes_back(uint64_t *random)
{
	static void (*const styles[STYLES])(const struct plan *,
					    struct text *) = { in_table, in_sections, in_list };
	struct plan plan;
	bool all = true;
	make(random, &plan);
	for (unsigned style = 0; style < STYLES && all; style++) {
		struct arena arena = { 0 };
		struct sources sources = { .arena = &arena };
		struct diags diags = { .arena = &arena, .sources = &sources };
		struct text out = { 0 };
		struct import import;
		struct import_ask ask = { .file = STR("PLAN.md") };
		styles[style](&plan, &out);
		uint32_t source = source_add(&sources, STR("PLAN.md"), text_str(&out));
		all = import_markdown(&sources, source, &diags, &ask, &import) &&
		      is_same(&plan, &import.draft, style) && !diags.list.n;
		for (size_t i = 0; i < diags.list.n; i++)
			printf("%.*s\n", STR_ARG(diags.list.at[i].message));
		if (!CHECK(all, "a plan that is written down comes back"))
			printf("style %u:\n%.*s\n", style, STR_ARG(text_str(&out)));
		text_release(&out);
		arena_release(&arena);
	}
	return all;
}

static bool takes(const char *text, uint64_t least, uint64_t most)
{
	struct draft_time time;
	size_t at = 0;
	return import_time_read(str_from(text), &at, 0, &time) && time.least == least &&
	       time.most == most;
}

static void test_times(void)
{
	struct draft_time time;
	size_t at = 0;
	CHECK(takes("30m", 1800, 1800) && takes("1h", 3600, 3600) && takes("2 hours", 7200, 7200),
	      "units");
	CHECK(takes("1.5h", 5400, 5400) && takes("1,5 Stunden", 5400, 5400) &&
		      takes("90 min", 5400, 5400),
	      "fractions");
	CHECK(takes("~4-5 hours", 14400, 18000) && takes("14–18 h", 50400, 64800) &&
		      takes("30m to 1h", 1800, 3600),
	      "ranges");
	CHECK(takes("1h 30m", 5400, 5400) && takes("1h30m", 5400, 5400), "two units");
	CHECK(takes("0.5d", 14400, 14400), "a day is eight hours");
	CHECK(takes("about half a day", 14400, 14400) && takes("ein halber Tag", 14400, 14400) &&
		      takes("half an hour", 1800, 1800) && takes("半天", 14400, 14400),
	      "halves");
	CHECK(takes("时间：2 小时", 7200, 7200) && takes("约30分钟", 1800, 1800),
	      "without blanks between words");
	CHECK(!import_time_read(STR("v2 of 3D in 2026, 50 changes"), &at, 0, &time),
	      "numbers that are no times");
	at = 0;
	CHECK(import_time_read(STR("2"), &at, 3600, &time) && time.most == 7200,
	      "the unit of a column");
}

static void test_refs(void)
{
	struct import_ref ref;
	CHECK(import_ref_read(STR("Agent 3: Cross-Learner"), &ref) && ref.agent &&
		      str_is(ref.id, "3") && str_is(ref.title, "Cross-Learner"),
	      "an agent");
	CHECK(import_ref_read(STR("**Phase 02** — Wiring"), &ref) && ref.group && ref.ordered &&
		      str_is(ref.id, "2") && str_is(ref.title, "Wiring"),
	      "a phase");
	CHECK(import_ref_read(STR("T014 [P] Add it"), &ref) && !ref.agent && str_is(ref.id, "T014"),
	      "a task's number alone");
	CHECK(!import_ref_read(STR("Agents 1-6 are first"), &ref) &&
		      !import_ref_read(STR("3D view"), &ref) &&
		      !import_ref_read(STR("Agent orchestration"), &ref),
	      "no number of one agent");
	CHECK(import_ref_read(STR("任务 2：搜索"), &ref) && ref.agent && str_is(ref.id, "2") &&
		      str_is(ref.title, "搜索"),
	      "a task in Chinese");
	struct str value;
	CHECK(import_word_label(STR("Files to change:"), &value) == IMPORT_FILES &&
		      import_word_label(STR("New files: a.c"), &value) == IMPORT_CREATES &&
		      import_word_label(STR("Files for context:"), &value) == IMPORT_READS &&
		      import_word_label(STR("Files not to touch:"), &value) == IMPORT_NO_FIELD,
	      "a few words, one of them files");
	CHECK(import_word_is_path(STR("src/a.c")) && import_word_is_path(STR("main.py")) &&
		      import_word_is_path(STR("Makefile")) && import_word_is_path(STR("**/*.ts")),
	      "paths");
	CHECK(!import_word_is_path(STR("e.g.")) && !import_word_is_path(STR("All")) &&
		      !import_word_is_path(STR("11.5")) &&
		      !import_word_is_path(STR("https://x.org/a")) &&
		      !import_word_is_path(STR("/etc/passwd")),
	      "no paths");
}

static void test_alike(struct arena *arena)
{
	CHECK(import_word_alike(arena, STR("Semantic Cache → Sampler"),
				STR("Semantic Cache → BattleHardenedSampler")) >= 67,
	      "a class's name");
	CHECK(import_word_alike(arena, STR("Vector Store Wiring"),
				STR("Vector Store → Creative DNA")) >= 67,
	      "light words");
	CHECK(import_word_alike(arena, STR("Integration Tests"), STR("End-to-end flow tests")) < 50,
	      "one word in common");
	CHECK(import_word_alike(arena, STR("Cross-Learner → BattleHardenedSampler"),
				STR("Semantic Cache → BattleHardenedSampler")) < 50,
	      "the same place");
}

/* ---- sentences that state an order, under a table of four agents */

static const char four[] = "# Plan\n\n| Agent | Task | Files |\n|---|---|---|\n"
			   "| 1 | Alpha | `a.c` |\n| 2 | Beta | `b.c` |\n"
			   "| 3 | Gamma | `c.c` |\n| 4 | Delta site | `d.c` |\n\n";
static const char letters[] =
	"# Plan\n\n## Workstream A: Schema\n\nDo.\n\n## Workstream B: Routes\n\n"
	"Do.\n\n## Workstream C: Pages\n\nDo.\n\n## Workstream D: Texts\n\nDo.\n\n"
	"## Notes\n\n";

/* "2<1 3<1 !": who waits for whom, and a mark for each line that was not placed. */
static struct str orders(struct arena *arena, const char *plan, const char *words)
{
	struct sources sources = { .arena = arena };
	struct diags diags = { .arena = arena, .sources = &sources };
	struct import import;
	struct import_ask ask = { .file = STR("PLAN.md") };
	struct text out = { 0 };
	struct str document = arena_format(arena, "%s%s\n", plan, words);
	uint32_t source = source_add(&sources, STR("PLAN.md"), document);
	import_markdown(&sources, source, &diags, &ask, &import);
	if (import.draft.agents.n != 4)
		text_addf(&out, "%zu agents ", import.draft.agents.n);
	for (uint32_t i = 0; i < import.draft.agents.n; i++) {
		struct draft_waits waits = draft_waits(&import.draft, i);
		for (size_t w = 0; w < waits.n; w++)
			text_addf(&out, "%u<%u ", i + 1, waits.at[w] + 1);
	}
	for (size_t i = 0; i < diags.list.n; i++)
		if (diags.list.at[i].code == DIAG_UNPLACED)
			text_addf(&out, "! ");
	struct str text = arena_copy(arena, str_trim(text_str(&out)));
	text_release(&out);
	return text;
}

static void test_orders(void)
{
	static const struct {
		const char *plan, *words, *want;
	} cases[] = {
#define ORDER(plan, words, want) { plan, words, want },
#include "tests/unit/import_orders.def"
#undef ORDER
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct str seen = orders(&arena, cases[i].plan, cases[i].words);
		if (!CHECK(str_is(seen, cases[i].want), "a sentence that states an order"))
			printf("%s\n  gives `%.*s`, and not `%s`\n", cases[i].words, STR_ARG(seen),
			       cases[i].want);
		arena_release(&arena);
	}
}

int main(void)
{
	struct arena arena = { 0 };
	uint64_t random = 5;
	test_times();
	test_refs();
	test_alike(&arena);
	test_orders();
	for (int round = 0; round < 400 && comes_back(&random); round++)
		;
	arena_release(&arena);
	return test_end();
}
