/* parse — plans without mistakes give none; each planted mistake gives one message, and no other; the tree
 * names what is there; and nothing that anyone may write makes the parser fall over. */
#include "grammar/parse.h"

#include "grammar/keyword.h"
#include "tests/unit/test.h"

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
		printf("    %u:%u %s: %.*s\n", place.line, place.column, diag_info(diag->code)->name,
		       STR_ARG(diag->message));
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
		"file", "statement", "block", "disabled", "broken", "name", "qualified", "word", "number",
		"duration", "size", "money", "string", "text", "list", "command", "shell", "prompt-file", "from",
		"argument", "parameters",
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
	check_tree("orch 1\nimport \"a\" as b", "file(statement:orch(number) statement:import(string name))");
	check_tree("plan plan { base \"x\"; }", "file(statement:plan(name block(statement:base(string))))");
	check_tree("plan p { pool b 2\n merge a, b.c }",
		   "file(statement:plan(name block(statement:pool(name number) "
		   "statement:merge(name qualified(name name)))))");
	check_tree("agent a \"t\" from s.t(x: \"1\") /-{ after all }",
		   "file(statement:agent(name string from(qualified(name name) argument(name string)) "
		   "disabled(block(statement:after(word:all)))))");
	check_tree("agent a { test sh \"x\" in b\n prompt file \"p\" section \"s\" }",
		   "file(statement:agent(name block(statement:test(command(shell(string) name)) "
		   "statement:prompt(prompt-file(string string)))))");
	check_tree("/-agent a { prompt \"x\" }\nrunner r { command [\"a\",\n\"b\",\n]\nprompt file }",
		   "file(disabled(statement:agent(name block(statement:prompt(string)))) "
		   "statement:runner(name block(statement:command(list(string string)) "
		   "statement:prompt(word:file))))");
	check_tree("agent a {\n  prompt \"\"\"\n    x\n  \"\"\"\n  budget 12.50 USD\n}",
		   "file(statement:agent(name block(statement:prompt(text) statement:budget(money))))");
	check_tree("template t(file, in) { estimate 1h30m }",
		   "file(statement:template(name parameters(name name) block(statement:estimate(duration))))");
	check_tree("import \"x\" \"y\" as z\nagent q r\n", "file(broken:import broken:agent(name))");
}

static void test_clean(void)
{
	check_mistakes("", "");
	check_mistakes(example, "");
	check_mistakes("\xEF\xBB\xBForch 1\r\nplan p {\r\n  jobs 2\r\n}\r\n", "");
	check_mistakes("plan p{runner r}runner r{command[\"x\"]}", "syntax");
	check_mistakes("plan p{runner r}\nrunner r{command[\"x\"]}", "");
	check_mistakes("# only a comment", "");
	check_mistakes("agent from from from()\nagent all { after all, all.all\n owns \"a\", # one\n\n \"b\"\n}", "");
}

int main(void)
{
	test_clean();
	test_trees();
	return test_end();
}
