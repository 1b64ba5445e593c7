/* parse — plans without mistakes give none; each planted mistake gives one message, and no other;
 * the tree names what is there; and nothing that anyone may write makes the parser fall over. */
#include "grammar/parse.h"

#include "grammar/keyword.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

static const char example[] =
	"orch 1\n"
	"\n"
	"import \"std/agents.orch\" as std\n"
	"\n"
	"plan geminivideo \"Wire all dormant intelligence\" {\n"
	"  base     \"main\"                        # branch, tag or commit every agent starts from\n"
	"  branch   \"wire/${agent}\"               # where an agent's work is kept\n"
	"  runner   std.claude                    # how agents are launched unless they say otherwise\n"
	"  jobs     8                             # agents running at once\n"
	"  timeout  2h\n"
	"  pool     build 2                       # at most two holders at a time\n"
	"  test     sh \"pytest -q services/ml-service\" in build\n"
	"  merge    core, high-impact, tests      # the order in which results are put together\n"
	"  expect   wall 5h                       # the author's claim\n"
	"}\n"
	"\n"
	"group core \"Core wiring\" {\n"
	"  agent semantic-cache \"Semantic Cache → Sampler\" {\n"
	"    owns     \"services/ml-service/src/battle_hardened_sampler.py\"\n"
	"    reads    \"services/ml-service/src/semantic_cache.py\"\n"
	"    estimate 30m\n"
	"    test     [\"pytest\", \"-q\", \"tests/test_sampler.py\"] in build\n"
	"    prompt \"\"\"\n"
	"      # TASK: Wire Semantic Cache to BattleHardenedSampler\n"
	"      Any text at all: ``` fences, \"\"\"docstrings\"\"\", {braces}, ${dollars}, \\backslashes.\n"
	"    \"\"\"\n"
	"  }\n"
	"\n"
	"  agent cross-learner \"Cross-Learner → Sampler\" {\n"
	"    owns     \"services/ml-service/src/battle_hardened_sampler.py\"\n"
	"    after    semantic-cache              # same file, so not at the same time\n"
	"    estimate 1h\n"
	"    prompt   file \"ORCHESTRATION_PLAN.md\" section \"Agent 3\"\n"
	"  }\n"
	"}\n"
	"\n"
	"template wire(file, task) {\n"
	"  owns    \"services/ml-service/src/${file}\"\n"
	"  prompt  file \"ORCHESTRATION_PLAN.md\" section \"${task}\"\n"
	"}\n"
	"\n"
	"group high-impact {\n"
	"  after core                             # every member waits for every member of core\n"
	"  agent hubspot-sync from wire(file: \"tasks.py\", task: \"Agent 7\") {\n"
	"    creates  \"services/ml-service/src/celeryconfig.py\"\n"
	"    requires \"services/titan-core/integrations/hubspot.py\"\n"
	"    estimate 2h\n"
	"  }\n"
	"}\n"
	"\n"
	"agent tests \"Integration tests\" {\n"
	"  creates  \"tests/integration/**\"\n"
	"  after    all\n"
	"  retry    1\n"
	"  prompt   file \"prompts/tests.md\"\n"
	"}\n";

struct parsed {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	struct syntax syntax;
};

static void parse(struct parsed *p, struct str text)
{
	*p = (struct parsed){ 0 };
	p->sources.arena = &p->arena;
	p->diags.arena = &p->arena;
	p->diags.sources = &p->sources;
	uint32_t source = source_add(&p->sources, STR("plan.orch"), text);
	parse_source(&p->arena, &p->sources, source, &p->diags, &p->syntax);
}

static bool lossless(const struct parsed *p)
{
	uint32_t at = 0;
	for (size_t i = 0; i < p->syntax.tokens.n; i++) {
		const struct token *token = &p->syntax.tokens.at[i];
		if (token->start != at || (token->end <= at && p->sources.list.at[0].text.n))
			return false;
		at = token->end;
	}
	return at == p->sources.list.at[0].text.n;
}

static void show(const struct parsed *p)
{
	for (size_t i = 0; i < p->diags.list.n; i++) {
		const struct diag *diag = &p->diags.list.at[i];
		struct place place = source_place(&p->sources, 0, diag->span.start);
		printf("    %u:%u %s: %.*s\n", place.line, place.column,
		       diag_info(diag->code)->name, STR_ARG(diag->message));
	}
}

/* Names of codes, separated by blanks, in the order of the file. */
static void check_mistakes(const char *text, const char *codes)
{
	struct parsed p;
	struct text found = { 0 };
	parse(&p, str_from(text));
	diag_sort(&p.diags);
	for (size_t i = 0; i < p.diags.list.n; i++)
		text_addf(&found, "%s%s", i ? " " : "", diag_info(p.diags.list.at[i].code)->name);
	if (!CHECK(str_is(text_str(&found), codes), "as many messages as mistakes")) {
		printf("%s    wanted: %s\n    got: %.*s\n", text, codes, STR_ARG(text_str(&found)));
		show(&p);
	}
	CHECK(lossless(&p), "every byte is in one token");
	text_release(&found);
	arena_release(&p.arena);
}

static void write_tree(const struct parsed *p, const struct node *node, struct text *out)
{
	static const char *const name[] = {
		"file", "statement", "block",    "disabled",    "broken", "name",     "qualified",
		"word", "number",    "duration", "size",        "money",  "string",   "text",
		"list", "strings", "command",   "shell",    "prompt-file", "from",   "argument", "parameters",
	};
	text_addf(out, "%s", name[node->kind]);
	if (node->keyword)
		text_addf(out, ":%.*s", STR_ARG(keyword_of_token(node->keyword)->word));
	if (!node->child)
		return;
	text_add_byte(out, '(');
	for (const struct node *child = node->child; child; child = child->next) {
		write_tree(p, child, out);
		if (child->next)
			text_add_byte(out, ' ');
	}
	text_add_byte(out, ')');
}

static void check_tree(const char *text, const char *wanted)
{
	struct parsed p;
	struct text tree = { 0 };
	parse(&p, str_from(text));
	write_tree(&p, p.syntax.root, &tree);
	if (!CHECK(str_is(text_str(&tree), wanted), "the tree names what is there"))
		printf("    wanted %s\n    got    %.*s\n", wanted, STR_ARG(text_str(&tree)));
	text_release(&tree);
	arena_release(&p.arena);
}

static void test_trees(void)
{
	check_tree("", "file");
	check_tree("orch 1\nimport \"a\" as b",
		   "file(statement:orch(number) statement:import(string name))");
	check_tree("plan plan { base \"x\"; }",
		   "file(statement:plan(name block(statement:base(string))))");
	check_tree("plan p { pool b 2\n merge a, b.c }",
		   "file(statement:plan(name block(statement:pool(name number) "
		   "statement:merge(name qualified(name name)))))");
	check_tree(
		"agent a \"t\" from s.t(x: \"1\") /-{ after all }",
		"file(statement:agent(name string from(qualified(name name) argument(name string)) "
		"disabled(block(statement:after(word:all)))))");
	check_tree("agent a { test sh \"x\" in b\n prompt file \"p\" section \"s\" }",
		   "file(statement:agent(name block(statement:test(command(shell(string) name)) "
		   "statement:prompt(prompt-file(string string)))))");
	check_tree(
		"/-agent a { prompt \"x\" }\nrunner r { command [\"a\",\n\"b\",\n]\nprompt file }",
		"file(disabled(statement:agent(name block(statement:prompt(string)))) "
		"statement:runner(name block(statement:command(list(string string)) "
		"statement:prompt(word:file))))");
	check_tree(
		"agent a {\n  prompt \"\"\"\n    x\n  \"\"\"\n  budget 12.50 USD\n}",
		"file(statement:agent(name block(statement:prompt(text) statement:budget(money))))");
	check_tree(
		"template t(file, in) { estimate 1h30m }",
		"file(statement:template(name parameters(name name) block(statement:estimate(duration))))");
	check_tree("import \"x\" \"y\" as z\nagent q r\n",
		   "file(broken:import(name) broken:agent(name))");
}

static void test_clean(void)
{
	check_mistakes("", "");
	check_mistakes(example, "");
	check_mistakes("\xEF\xBB\xBForch 1\r\nplan p {\r\n  jobs 2\r\n}\r\n", "");
	check_mistakes("plan p{runner r}runner r{command[\"x\"]}", "syntax");
	check_mistakes("plan p{runner r}\nrunner r{command[\"x\"]}", "");
	check_mistakes("# only a comment", "");
	check_mistakes(
		"agent from from from()\nagent all { after all, all.all\n owns \"a\", # one\n\n \"b\"\n}",
		"");
}

/* What people get wrong, one mistake each unless several are wanted. */
static const struct {
	const char *text, *codes;
} planted[] = {
	/* Between a keyword and its arguments. */
	{ "orch = 1", "syntax" },
	{ "orch=1", "syntax" },
	{ "plan p {\n  jobs: 8\n  base = \"x\"\n}", "syntax syntax" },
	{ "agent = a {\n  prompt \"x\"\n}", "syntax" },
	{ "agent a {\n  env A = \"b\"\n}", "syntax" },
	{ "agent a {\n  env A=\"b\"\n  owns = \"x\", \"y\"\n}", "syntax syntax" },
	{ "agent a from t(x = \"1\", y = \"2\")", "syntax syntax" },
	/* Lists. */
	{ "agent a {\n  owns \"a\" \"b\"\n}", "syntax" },
	{ "agent a {\n  owns \"a\" \"b\" \"c\", \"d\"\n}", "syntax syntax" },
	{ "agent a {\n  owns \"a\",, \"b\"\n}", "syntax" },
	{ "agent a {\n  owns \"a\",\n}", "syntax" },
	{ "agent a {\n  owns \"a\",\n  reads \"b\"\n}", "syntax" },
	{ "agent a {\n  owns \"a\"\n    \"b\"\n  reads \"c\"\n}", "syntax" },
	{ "agent a {\n  after b c\n}", "syntax" },
	{ "plan p {\n  merge a b, c d\n}", "syntax syntax" },
	{ "agent a {\n  test [\"x\" \"y\"]\n}", "syntax" },
	{ "agent a {\n  test [\n    \"x\"\n    \"y\",\n  ]\n}", "syntax" },
	{ "agent a from t(x: \"1\" y: \"2\")", "syntax" },
	{ "template t(a b) { prompt \"x\" }", "syntax" },
	{ "agent a {\n  test []\n}", "syntax" },
	/* Brackets. */
	{ "agent a {\n  test [\"x\", \"y\"\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a {\n  test [\"x\"\n}", "unclosed" },
	{ "agent a {\n  test [\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a from t(x: \"1\" {\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a from t(x: \"1\"\nagent b { prompt \"x\" }", "unclosed" },
	{ "runner r {\n  command [\"x\"", "unclosed" },
	{ "agent a {\n  test \"x\"]\n  prompt \"x\"\n}", "syntax" },
	{ "agent a {\n  test [\"x\"))\n  prompt \"x\"\n}", "syntax" },
	/* Blocks. */
	{ "agent a {\n  prompt \"x\"\n", "unclosed" },
	{ "agent a {\n  prompt \"x\"\nagent b {\n  prompt \"x\"\n}", "unclosed" },
	{ "group g {\n  agent a {\n    prompt \"x\"\n  agent b {\n    prompt \"x\"\n  }\n}",
	  "unclosed" },
	{ "group g {\n  agent a {\n    prompt \"x\"\n}\nagent b {\n  prompt \"x\"\n}", "unclosed" },
	{ "group g {\n  group h {\n    agent a { prompt \"x\" }\n}\nagent b {\n  prompt \"x\"\n}",
	  "unclosed" },
	{ "agent a {\n  prompt \"x\"\n}\n}\nagent b { prompt \"x\" }", "syntax" },
	{ "agent a {\n  owns \"x\"\n  }\n  prompt \"x\"\n}", "syntax" },
	{ "agent a\n{\n  prompt \"x\"\n}", "syntax" },
	{ "agent a {\n  prompt \"x\"\n} agent b {\n  prompt \"x\"\n}\nfoo",
	  "syntax unknown-statement" },
	{ "agent a", "syntax" },
	{ "agent\nagent b { prompt \"x\" }", "syntax" },
	{ "agent { prompt \"x\" }", "syntax" },
	{ "agent \"x\" { prompt \"x\" }\nagent b { prompt \"x\" }", "syntax" },
	{ "agent a \"x\" b {\n  jobs 8\n}", "syntax misplaced" },
	{ "{\n  owns \"x\"\n}", "syntax" },
	{ "agent a {\n  /-\n}", "syntax" },
	/* Strings. */
	{ "agent a {\n  prompt \"x\n  owns \"y\"\n}", "unclosed" },
	{ "agent a {\n  owns \"x, \"y\"\n}", "unclosed" },
	{ "agent a {\n  owns \"x\", y\"\n}", "unclosed" },
	{ "agent a {\n  test [\"x, \"y\"]\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a {\n  test [\"x\", \"y]\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a {\n  test [\n    \"x,\n    \"y\"\n  ]\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a \"title {\n  prompt \"x\"\n}", "unclosed" },
	{ "agent a {\n  prompt \"\\q \\n \\w\"\n}", "escape escape" },
	{ "agent a {\n  prompt \"\\u{d800} \\u{110000} \\u{e9} \\u{} \\u12\"\n}",
	  "escape escape escape escape" },
	{ "agent a {\n  prompt “x”\n}", "character" },
	{ "agent a “The title” {\n  prompt ‘x’\n}", "character character" },
	{ "agent a {\n  prompt 'x'\n}", "character" },
	{ "agent a {\n  owns src/**, \"y\"\n}", "syntax" },
	{ "agent a {\n  owns src/a.py, ./b, *.c\n}", "syntax syntax syntax" },
	{ "agent a {\n  owns README.md\n}", "syntax" },
	{ "agent a {\n  after \"b\"\n}", "syntax" },
	{ "agent a {\n  prompt x\n}", "syntax" },
	/* Text blocks. */
	{ "agent a {\n  prompt \"\"\"\n    x\n}\nagent b {\n  prompt \"\"\"\n    y\n  \"\"\"\n}",
	  "unclosed" },
	{ "agent a {\n  prompt \"\"\"\n    x\n    \"\"\"\n}\nagent b {\n  prompt \"x\"\n}",
	  "text-block" },
	{ "agent a {\n  prompt \"\"\"\n    x\n\"\"\"\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"\n    x\n  \"\"\" \n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"\n    x\n  \"\"\" # end\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"\n    x\n\t\"\"\"\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"\n    x\n   y\n  \"\"\"\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"\nx\ny\n  \"\"\"\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"x\n    y\n  \"\"\"\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"x\"\"\"\n}", "text-block" },
	{ "agent a {\n  prompt \"\"\"\n", "unclosed" },
	/* Words. */
	{ "agnet a {\n  promt \"x\"\n}", "unknown-statement unknown-statement" },
	{ "agent a {\n  onws \"x\" \"y\"\n}", "unknown-statement" },
	{ "agent a {\n  depends_on \"x\"\n}", "unknown-statement" },
	{ "workflow w {\n  agent a {\n    owns \"x\"\n  }\n}\nagent b { prompt \"x\" }",
	  "unknown-statement" },
	{ "plan p {\n  owns \"x\"\n  jobs 3\n}", "misplaced" },
	{ "jobs 8\nplan p { jobs 8 }", "misplaced" },
	{ "plan p {\n  agent a {\n    prompt \"x\"\n  }\n}", "misplaced" },
	{ "runner r {\n  timeout 3h\n  command [\"x\"]\n}", "misplaced" },
	{ "plan p { jobs 8 }\norch 1", "misplaced" },
	{ "plan p {\n  land automatic\n  sandbox yes\n  isolation docker\n}",
	  "syntax syntax syntax" },
	{ "agent é {\n  prompt \"x\"\n}", "character" },
	{ "agent café { prompt \"x\" }", "character" },
	{ "agent a- { prompt \"x\" }", "character" },
	{ "agent a { prompt \"x\" } // done", "syntax" },
	/* Values. */
	{ "agent a {\n  estimate 30\n  timeout 1.5h\n  idle 30 minutes\n}",
	  "syntax syntax syntax" },
	{ "agent a {\n  estimate 30M\n  timeout\n}", "syntax syntax" },
	{ "plan p {\n  jobs 30m\n  jobs eight\n  jobs -1\n  jobs 8 9\n}",
	  "syntax syntax syntax syntax" },
	{ "plan p {\n  budget 20\n  budget 20.00\n  budget $20\n  budget USD 20\n}",
	  "syntax syntax syntax syntax" },
	{ "plan p {\n  expect 5h\n}", "syntax" },
	{ "import \"a\"\nimport a as b\nimport \"a\" as", "syntax syntax syntax" },
	{ "agent a from t {\n  prompt \"x\"\n}", "syntax" },
	{ "agent a {\n  prompt file p.md\n  prompt file \"p.md\" section\n}", "syntax syntax" },
	{ "agent a {\n  test pytest -q\n  test sh \"x\" in\n  test \"pytest\"\n}",
	  "syntax syntax syntax" },
	/* Characters. */
	{ "agent a {\n  owns \"x\";\n  reads \"y\"; prompt \"z\"\n}", "character character" },
	{ "agent\xc2\xa0"
	  "a { prompt \"x\" }",
	  "character" },
	{ "agent a { prompt \"a\xe2\x80\x8b"
	  "b\" }",
	  "character" },
	{ "# \xe2\x80\xae comment\nagent a { prompt \"x\x01\" }", "character character" },
	{ "agent a { prompt \"e\xcc\x81\" }", "normalisation" },
	{ "agent a { prompt \"x\xff\" }", "encoding" },
	{ "\xff\xfe"
	  "o\0r\0",
	  "encoding" },
	{ "agent a {\n  prompt \"\"\"\n    e\xcc\x81 \xe2\x80\x8b \x01\n  \"\"\"\n}", "" },
	/* Merge conflicts. */
	{ "agent a {\n<<<<<<< HEAD\n  owns \"x\"\n=======\n  owns \"y\"\n>>>>>>> other\n}",
	  "conflict-marker" },
	{ "<<<<<<< HEAD\nagent a {\n||||||| base\nagent b {\n=======\nagent c {\n>>>>>>> other\n  prompt \"x\"\n}",
	  "conflict-marker" },
	{ "agent a {\n<<<<<<< HEAD\n  owns \"x\"\n}", "conflict-marker" },
	{ "agent a {\n  prompt \"\"\"\n<<<<<<< HEAD\n    x\n=======\n    y\n>>>>>>> b\n  \"\"\"\n}",
	  "conflict-marker" },
	/* Seven at once. */
	{ "orch 1\nplan p {\n  jobs = 8\n  timeout 2\n  merge a b\n}\nagent a {\n  owns src/x\n  estimate soon\n"
	  "  foo 1\n  prompt \"x\n}\n",
	  "syntax syntax syntax syntax syntax unknown-statement unclosed" },
};

static void test_planted(void)
{
	for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++)
		check_mistakes(planted[i].text, planted[i].codes);
}

#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 4000 };
#else
enum { ROUNDS = 100000 };
#endif

/* The example with bytes changed, lost, doubled and moved: whatever comes out is read, and nothing
 * is lost. */
static void test_mutations(void)
{
	static const char spice[] = "\"\"\"{}[](),:=#\\\n\n  /-$.1mx\xff\xc3;'<=>";
	enum { SIZE = sizeof example - 1, MOST = SIZE * 2 };
	uint64_t seed = 7;
	char bytes[MOST];
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = SIZE;
		memcpy(bytes, example, SIZE);
		for (uint64_t times = 1 + test_random(&seed) % 8; times > 0; times--) {
			size_t at = test_random(&seed) % n, size = test_random(&seed) % 30;
			size_t from = test_random(&seed) % n;
			if (size > n - at)
				size = n - at;
			if (size > n - from)
				size = n - from;
			switch (test_random(&seed) % 4) {
			case 0:
				bytes[at] = spice[test_random(&seed) % (sizeof spice - 1)];
				break;
			case 1:
				memmove(bytes + at, bytes + at + size, n - at - size);
				n -= size < n ? size : 0;
				break;
			case 2:
				memmove(bytes + at, bytes + from, size);
				break;
			case 3:
				if (n + 1 < MOST) {
					memmove(bytes + at + 1, bytes + at, n - at);
					bytes[at] = spice[test_random(&seed) % (sizeof spice - 1)];
					n++;
				}
				break;
			}
		}
		struct parsed p;
		parse(&p, (struct str){ bytes, n });
		bool fine = lossless(&p);
		struct text out = { 0 };
		for (size_t i = 0; i < p.diags.list.n && round % 16 == 0; i++)
			diag_print(&p.diags, &p.diags.list.at[i], round & 16, &out);
		text_release(&out);
		arena_release(&p.arena);
		if (!CHECK(fine, "every byte is in one token"))
			return;
	}
}

/* A file of one scrap over and over: linear, and at most so many messages. */
static void test_repeated(void)
{
	static const char *const scrap[] = {
		"agent a {\n",
		"}\n",
		"foo\n",
		"owns \"a\" \"b\"\n",
		"x \"\"\"\n",
		"[",
		"(",
		"{",
		"} ",
		"/-",
		"/- x\n",
		"\"",
		"\"\n",
		"=",
		"group g {\n",
		"agent a from t(",
		"plan p { jobs",
		";",
		"\xff",
		"agent a { owns \"a\", ",
		"= {\n",
		"runner r { command [\"a\" \"b\" ",
		"  }\n",
		"agent a { prompt = \"x\" }\n",
		"foo bar {\n",
		"merge a, b\n",
	};
	enum { BYTES = 1 << 20 };
	char *bytes = malloc(BYTES);
	for (size_t i = 0; i < sizeof scrap / sizeof scrap[0]; i++) {
		struct str unit = str_from(scrap[i]);
		struct parsed p;
		for (size_t k = 0; k < BYTES; k++)
			bytes[k] = unit.at[k % unit.n];
		parse(&p, (struct str){ bytes, BYTES });
		CHECK(lossless(&p), "every byte is in one token");
		CHECK(p.diags.list.n >= 1 && p.diags.list.n <= 1001, "messages are limited");
		arena_release(&p.arena);
	}
	free(bytes);
}

static void test_limits(void)
{
	struct text text = { 0 };
	for (int i = 0; i < 64; i++)
		text_addf(&text, "group g%d {\n", i);
	for (int i = 0; i < 64; i++)
		text_addf(&text, "}\n");
	check_mistakes(text.at, "");
	text_clear(&text);
	for (int i = 0; i < 70; i++)
		text_addf(&text, "group g%d {\n", i);
	for (int i = 0; i < 70; i++)
		text_addf(&text, "}\n");
	check_mistakes(text.at, "nesting");
	text_clear(&text);
	while (text.n <= PARSE_LARGEST)
		text_add(
			&text,
			STR("# a comment as long as a line may well be, so that this does not take for ever\n"));
	check_mistakes(text.at, "too-large");
	text_release(&text);
}

int main(void)
{
	test_planted();
	test_limits();
	test_repeated();
	test_mutations();
	test_clean();
	test_trees();
	return test_end();
}
