/* format_proof — a text that is not the same plan, or not commented the same, is told from one that
 * is: each pair is a plan and what a formatter with a mistake might make of it. */
#include "compiler/format_proof.h"

#include "grammar/parse.h"
#include "tests/unit/test.h"

#include <string.h>

enum wanted { SAME, OTHER, DIVIDED };

static const struct {
	const char *before, *after;
	enum wanted wanted;
	const char *why;
} pairs[] = {
	{ "agent a { owns \"x\" }", "agent a {\n  owns \"x\"\n}\n", SAME, "" },
	{ "#c\nagent a { test [\"x\",] }", "# c\nagent a { test [\"x\"] }\n", SAME, "" },
	{ "", "\n", SAME, "" },
	/* Words and values. */
	{ "agent a { owns \"x\" }", "agent a { owns \"y\" }", OTHER, "a word is lost or changed" },
	{ "agent a { owns \"\\n\" }", "agent a { owns \"\\u{a}\" }", OTHER,
	  "a word is lost or changed" },
	{ "agent a { owns \"x\", \"y\" }", "agent a { owns \"x\" }", OTHER, "something is lost" },
	{ "agent a { owns \"x\" }", "agent a { owns \"x\", \"x\" }", OTHER,
	  "something is there twice" },
	{ "agent a { owns \"x\", \"y\" }", "agent a { owns \"y\", \"x\" }", OTHER,
	  "a word is lost or changed" },
	{ "agent a { owns \"x\" }", "agent a { reads \"x\" }", OTHER, "a value is another" },
	{ "agent a { idle 1h }", "agent a { idle 60m }", OTHER, "a word is lost or changed" },
	{ "agent a { after b }", "agent a { after b.b }", OTHER, "a value is another" },
	{ "agent a {}\nagent b {}", "agent b {}\nagent a {}", OTHER, "a word is lost or changed" },
	{ "agent a {}\nagent b {}", "agent a {}", OTHER, "something is lost" },
	{ "agent a { /-owns \"x\" }", "agent a { owns \"x\" }", OTHER, "a value is another" },
	{ "group g {\n  agent a {}\n  agent b {}\n}", "group g {\n  agent a {}\n}\nagent b {}",
	  OTHER, "something is lost" },
	/* Text blocks. */
	{ "agent a {\n prompt \"\"\"\n   x\n    y\n \"\"\"\n}",
	  "agent a {\n  prompt \"\"\"\n    x\n     y\n  \"\"\"\n}", SAME, "" },
	{ "agent a {\n prompt \"\"\"\n   x\n    y\n \"\"\"\n}",
	  "agent a {\n  prompt \"\"\"\n    x\n    y\n  \"\"\"\n}", OTHER, "a value is another" },
	{ "agent a {\n prompt \"\"\"\n   x \n \"\"\"\n}",
	  "agent a {\n prompt \"\"\"\n   x\n \"\"\"\n}", OTHER, "a value is another" },
	{ "agent a {\n prompt \"\"\"\n   x\n\n \"\"\"\n}",
	  "agent a {\n prompt \"\"\"\n   x\n \"\"\"\n}", OTHER, "a value is another" },
	{ "agent a {\n prompt $\"\"\"\n   x\n \"\"\"\n}",
	  "agent a {\n prompt \"\"\"\n   x\n \"\"\"\n}", OTHER, "a value is another" },
	/* Comments. */
	{ "# c\nagent a {}", "agent a {}", OTHER, "a comment is lost: `# c`" },
	{ "agent a {}", "# c\nagent a {}", OTHER, "there is a comment too many: `# c`" },
	{ "# c\nagent a {}", "# d\nagent a {}", OTHER, "a comment is lost or changed: `# c`" },
	{ "#  c\nagent a {}", "# c\nagent a {}", OTHER, "a comment is lost or changed: `#  c`" },
	{ "# c\nagent a {}", "agent a {} # c", SAME, "" },
	{ "agent a {} # c\nagent b {}", "agent a {}\n# c\nagent b {}", OTHER,
	  "a comment comes to stand at another statement: `# c`" },
	{ "agent a {\n  owns \"x\"\n  # c\n}", "agent a {\n  owns \"x\" # c\n}", OTHER,
	  "a comment comes to stand at another statement: `# c`" },
	{ "agent a {\n  owns \"x\"\n  # c\n}", "agent a {\n  owns \"x\"\n}\n# c\n", OTHER,
	  "a comment comes to stand at another statement: `# c`" },
	{ "agent a {\n  owns \"x\",\n  # c\n  \"y\"\n}", "agent a {\n  owns \"x\", \"y\" # c\n}",
	  SAME, "" },
	{ "agent a { # c\n  owns \"x\"\n}", "# c\nagent a {\n  owns \"x\"\n}", SAME, "" },
	{ "agent a { # c\n  owns \"x\"\n}", "agent a {\n  # c\n  owns \"x\"\n}", OTHER,
	  "a comment comes to stand at another statement: `# c`" },
	{ "agent a { owns \"x\" } # c", "agent a {\n  owns \"x\"\n  # c\n}", OTHER,
	  "a comment comes to stand at another statement: `# c`" },
	{ "/- # c\nagent a {}", "# c\n/-agent a {}", SAME, "" },
	/* What is about the next line. */
	{ "# orch: allow(claim)\nagent a {}", "# orch: allow(claim)\n\nagent a {}", DIVIDED,
	  "a comment would come to be about another line: `# orch: allow(claim)`" },
	{ "# orch: allow(claim)\nagent a { owns \"x\" }",
	  "# orch: allow(claim)\nagent a {\n  owns \"x\"\n}", DIVIDED,
	  "a comment would come to be about another line: `# orch: allow(claim)`" },
	{ "/- # orch: allow(claim)\nagent a {}", "# orch: allow(claim)\n/-agent a {}", DIVIDED,
	  "a comment would come to be about another line: `# orch: allow(claim)`" },
	{ "agent a {\n  owns \"x\",\n  # orch: allow(claim)\n \"y\", \"z\"\n}",
	  "agent a {\n  owns \"x\",\n  # orch: allow(claim)\n \"y\",\n  \"z\"\n}", DIVIDED,
	  "a comment would come to be about another line: `# orch: allow(claim)`" },
};

static void check_pair(size_t i)
{
	struct arena arena = { 0 };
	struct sources sources = { .arena = &arena };
	struct diags diags = { .arena = &arena, .sources = &sources };
	struct syntax before, after;
	uint32_t source = source_add(&sources, STR("before"), str_from(pairs[i].before));
	parse_source(&arena, &sources, source, &diags, &before);
	source = source_add(&sources, STR("after"), str_from(pairs[i].after));
	parse_source(&arena, &sources, source, &diags, &after);
	CHECK(!diags.errors, pairs[i].before);
	struct format_proof proof = {
		.arena = &arena, .sources = &sources, .before = &before, .after = &after
	};
	enum wanted got = format_proof_holds(&proof) ? SAME : proof.allow ? DIVIDED : OTHER;
	CHECK(got == pairs[i].wanted, pairs[i].after);
	if (!CHECK(got == SAME || str_is(proof.why, pairs[i].why), pairs[i].why))
		printf("    said: %.*s\n", STR_ARG(proof.why));
	CHECK(got == SAME || proof.at <= strlen(pairs[i].before), "a place in the plan");
	arena_release(&arena);
}

int main(void)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		check_pair(i);
	return test_end();
}
