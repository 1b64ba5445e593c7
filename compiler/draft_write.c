/* draft_write.c — see draft_write.h.
 *
 * A block's statements are collected first, so that their arguments can stand in one column. What
 * the plan says is followed back by comments: each agent has the lines of the document that it
 * comes from. */
#include "compiler/draft_write.h"

#include "common/utf8.h"
#include "compiler/literal.h"

enum { LINE_LONGEST = 100, INDENT = 2 };

struct statement {
	const char *keyword;
	struct str arguments;
};
struct block {
	struct arena *arena;
	VEC(struct statement) list;
};

static uint32_t line_of(const struct draft *draft, struct span span)
{
	return source_place(draft->sources, span.source, span.start).line;
}

static void indent(struct text *out, size_t depth)
{
	for (size_t i = 0; i < depth * INDENT; i++)
		text_add_byte(out, ' ');
}

/* A comment is one line of visible text. */
static void add_comment(struct arena *arena, struct text *out, size_t depth, struct str words)
{
	struct text plain = { 0 };
	for (size_t bytes; words.n; words = str_slice(words, bytes, words.n)) {
		uint32_t c = utf8_decode(words, &bytes);
		if (c == '\n' || c == '\t' || c == '\r' || c == UTF8_INVALID)
			text_add_byte(&plain, ' ');
		else if (utf8_class(c) == UTF8_PLAIN)
			text_add(&plain, str_slice(words, 0, bytes));
	}
	indent(out, depth);
	text_add(out, STR("# "));
	text_add(out, str_trim(utf8_compose(arena, text_str(&plain))));
	text_add_byte(out, '\n');
	text_release(&plain);
}

/* Its NFC, with invalid bytes replaced. */
static struct str composed(struct arena *arena, struct str s)
{
	struct text out = { 0 };
	for (size_t bytes; s.n; s = str_slice(s, bytes, s.n))
		text_add(&out, utf8_decode(s, &bytes) == UTF8_INVALID ? STR("\xef\xbf\xbd")
								      : str_slice(s, 0, bytes));
	struct str plain = utf8_compose(arena, arena_copy(arena, text_str(&out)));
	text_release(&out);
	return plain;
}

static void add_string(struct arena *arena, struct text *out, struct str words)
{
	literal_add(out, composed(arena, words));
}

/* The statement's text so far in `arguments`, which is released. */
static void add_statement(struct block *block, const char *keyword, struct text *arguments)
{
	*VEC_ADD(block->arena, &block->list) =
		(struct statement){ keyword, arena_copy(block->arena, text_str(arguments)) };
	text_release(arguments);
}

static void say(struct block *block, const char *keyword, struct str word)
{
	struct text out = { 0 };
	text_add(&out, word);
	add_statement(block, keyword, &out);
}

static void say_string(struct block *block, const char *keyword, const char *before, struct str s)
{
	struct text out = { 0 };
	text_add(&out, str_from(before));
	add_string(block->arena, &out, s);
	add_statement(block, keyword, &out);
}

static void write_block(const struct block *block, size_t depth, struct text *out)
{
	size_t width = 0;
	for (size_t i = 0; i < block->list.n; i++) {
		size_t n = str_from(block->list.at[i].keyword).n;
		width = n > width ? n : width;
	}
	for (size_t i = 0; i < block->list.n; i++) {
		size_t at = out->n;
		indent(out, depth);
		text_addf(out, "%-*s ", (int)width, block->list.at[i].keyword);
		size_t column = out->n - at;
		/* A list that is too long goes on below its first element. */
		struct str rest = block->list.at[i].arguments, part;
		size_t used = column;
		bool first = true;
		while (str_split(&rest, '\1', &part)) {
			size_t need = utf8_width(part) + 2;
			if (!first && used + need > LINE_LONGEST) {
				text_add(out, STR(",\n"));
				for (size_t j = 0; j < column; j++)
					text_add_byte(out, ' ');
				used = column;
			} else if (!first) {
				text_add(out, STR(", "));
			}
			text_add(out, part);
			used += need;
			first = false;
		}
		text_add_byte(out, '\n');
	}
}

/* Lists are handed on with '\1' between their elements: nothing that is written has it. */
static void separate(struct text *out)
{
	if (out->n)
		text_add_byte(out, '\1');
}

static void say_paths(struct block *block, const struct draft_agent *agent)
{
	static const char *const words[] = {
		[DRAFT_OWNS] = "owns", [DRAFT_CREATES] = "creates", [DRAFT_READS] = "reads"
	};
	static const enum draft_access order[] = { DRAFT_OWNS, DRAFT_CREATES, DRAFT_READS };
	for (size_t a = 0; a < 3; a++) {
		struct text out = { 0 };
		for (size_t i = 0; i < agent->paths.n; i++) {
			const struct draft_path *path = &agent->paths.at[i];
			if (!path->settled || path->access != order[a])
				continue;
			separate(&out);
			add_string(block->arena, &out, path->path);
		}
		if (out.n)
			add_statement(block, words[order[a]], &out);
		text_release(&out);
	}
}

static size_t members(const struct draft *draft, uint32_t group, bool *all_done)
{
	size_t n = 0;
	*all_done = true;
	for (size_t i = 0; i < draft->agents.n; i++)
		if (draft->agents.at[i].group == group) {
			n++;
			*all_done = *all_done && draft->agents.at[i].done;
		}
	return n;
}

/* The agents by name, whole groups by theirs; those that are done are switched off and not
 * named. */
static void name_agents(const struct draft *draft, const bool *wanted, uint32_t except,
			struct text *out)
{
	bool *named = ARENA_MANY(draft->arena, draft->groups.n, bool);
	for (size_t i = 0; i < draft->agents.n; i++) {
		const struct draft_agent *agent = &draft->agents.at[i];
		if (!wanted[i] || agent->done ||
		    (agent->group != DRAFT_NONE && named[agent->group]))
			continue;
		bool whole = agent->group != DRAFT_NONE && agent->group != except;
		for (size_t j = 0; whole && j < draft->agents.n; j++)
			whole = draft->agents.at[j].group != agent->group || wanted[j];
		separate(out);
		text_add(out, whole ? draft->groups.at[agent->group].name : agent->name);
		if (whole)
			named[agent->group] = true;
	}
}

static void say_after(struct block *block, const struct draft *draft,
		      const struct draft_agent *agent)
{
	bool *wanted = ARENA_MANY(draft->arena, draft->agents.n, bool);
	size_t n = 0, others = 0, index = (size_t)(agent - draft->agents.at);
	bool waited_for = false;
	for (size_t i = 0; i < agent->after.n; i++)
		if (agent->after.at[i].agent != index &&
		    !draft->agents.at[agent->after.at[i].agent].done)
			n += !wanted[agent->after.at[i].agent],
				wanted[agent->after.at[i].agent] = true;
	for (size_t i = 0; i < draft->agents.n; i++) {
		others += i != index && !draft->agents.at[i].done;
		for (size_t j = 0; j < draft->agents.at[i].after.n; j++)
			waited_for = waited_for || draft->agents.at[i].after.at[j].agent == index;
	}
	if (agent->after_all.list.n || (n && n == others && others > 1 && !waited_for)) {
		say(block, "after", STR("all"));
		return;
	}
	struct text out = { 0 };
	name_agents(draft, wanted, agent->group, &out);
	if (out.n)
		add_statement(block, "after", &out);
	text_release(&out);
}

/* With lines that end in LF, and nothing on those that are blank. */
static struct str tidied(struct arena *arena, struct str text)
{
	struct text out = { 0 };
	struct str line;
	bool first = true;
	while (str_split(&text, '\n', &line)) {
		if (!first)
			text_add_byte(&out, '\n');
		first = false;
		if (str_trim(line).n)
			text_add(&out, str_ends(line, STR("\r"))
					       ? str_slice(line, 0, line.n - 1)
					       : line);
	}
	struct str plain = composed(arena, text_str(&out));
	text_release(&out);
	return plain;
}

static void say_prompt(struct block *block, const struct draft *draft,
		       const struct draft_prompt *prompt, size_t depth)
{
	struct text out = { 0 };
	struct str text = tidied(block->arena, prompt->text);
	if (prompt->kind == DRAFT_NO_PROMPT)
		return;
	if (prompt->kind == DRAFT_PROMPT_SECTION && draft->file.n) {
		text_add(&out, STR("file "));
		add_string(block->arena, &out, draft->file);
		text_add(&out, STR(" section "));
		add_string(block->arena, &out, prompt->section);
	} else if (str_find(text, '\n') != SIZE_MAX && literal_fits_block(text)) {
		literal_add_block(&out, depth * INDENT, text);
	} else {
		add_string(block->arena, &out, text);
	}
	add_statement(block, "prompt", &out);
}

static void write_texts(const struct draft *draft, const struct draft_texts *texts,
			const char *before, size_t depth, struct text *out)
{
	for (size_t i = 0; i < texts->list.n; i++)
		add_comment(draft->arena, out, depth,
			    arena_format(draft->arena, "line %u: %s%.*s",
					 line_of(draft, texts->list.at[i].span), before,
					 STR_ARG(texts->list.at[i].text)));
}

/* "# line 19, prompt from line 82" */
static void write_origin(const struct draft *draft, const struct draft_agent *agent, size_t depth,
			 struct text *out)
{
	uint32_t line = line_of(draft, agent->span), prompt = line_of(draft, agent->prompt.span);
	struct str origin = arena_format(draft->arena, "line %u", line);
	if (agent->prompt.kind != DRAFT_NO_PROMPT && prompt != line)
		origin = arena_format(draft->arena, "line %u; its prompt: line %u", line, prompt);
	if (agent->done)
		origin = arena_format(draft->arena, "%.*s; %.*s, so it is switched off",
				      STR_ARG(origin),
				      STR_ARG(agent->status.n ? agent->status : STR("done")));
	add_comment(draft->arena, out, depth, origin);
	write_texts(draft, &agent->notes, "", depth, out);
	write_texts(draft, &agent->waits, "waits for what no agent makes: ", depth, out);
	write_texts(draft, &agent->vague_paths, "its files: ", depth, out);
	write_texts(draft, &agent->vague_times, "its time: ", depth, out);
	write_texts(draft, &agent->refused, "a file that is left out: ", depth, out);
	write_texts(draft, &agent->criteria, "done when: ", depth, out);
}

static void write_agent(const struct draft *draft, const struct draft_agent *agent, size_t depth,
			struct text *out)
{
	struct block block = { .arena = draft->arena };
	write_origin(draft, agent, depth, out);
	indent(out, depth);
	text_addf(out, "%sagent %.*s ", agent->done ? "/- " : "", STR_ARG(agent->name));
	if (agent->title.n)
		add_string(draft->arena, out, agent->title);
	text_add(out, agent->title.n ? STR(" {\n") : STR("{\n"));
	say_paths(&block, agent);
	say_after(&block, draft, agent);
	if (agent->times.n) {
		struct text time = { 0 };
		text_add_duration(&time, agent->times.at[0].most);
		add_statement(&block, "estimate", &time);
	}
	for (size_t i = 0; i < agent->tests.list.n; i++)
		say_string(&block, "test", "sh ", agent->tests.list.at[i].text);
	say_prompt(&block, draft, &agent->prompt, depth + 1);
	write_block(&block, depth + 1, out);
	indent(out, depth);
	text_add(out, STR("}\n"));
}

static void write_group(const struct draft *draft, uint32_t index, struct text *out)
{
	const struct draft_group *group = &draft->groups.at[index];
	struct block block = { .arena = draft->arena };
	struct text after = { 0 };
	add_comment(draft->arena, out, 0,
		    arena_format(draft->arena, "line %u", line_of(draft, group->span)));
	text_addf(out, "group %.*s ", STR_ARG(group->name));
	add_string(draft->arena, out, group->title);
	text_add(out, STR(" {\n"));
	for (size_t i = 0; i < group->after.n; i++) {
		bool done;
		uint32_t other = group->after.at[i].agent;
		if (other == index || !members(draft, other, &done) || done)
			continue;
		separate(&after);
		text_add(&after, draft->groups.at[other].name);
	}
	bool begun = after.n > 0;
	if (begun)
		add_statement(&block, "after", &after);
	write_block(&block, 1, out);
	for (size_t i = 0; i < draft->agents.n; i++) {
		if (draft->agents.at[i].group != index)
			continue;
		if (begun)
			text_add_byte(out, '\n');
		begun = true;
		write_agent(draft, &draft->agents.at[i], 1, out);
	}
	text_add(out, STR("}\n"));
	text_release(&after);
}

static void say_merge(struct block *block, const struct draft *draft)
{
	bool *named = ARENA_MANY(draft->arena, draft->agents.n, bool);
	struct text out = { 0 };
	for (size_t i = 0; i < draft->merge.n; i++) {
		bool *wanted = ARENA_MANY(draft->arena, draft->agents.n, bool);
		for (size_t j = 0; j < draft->merge.at[i].agents.n; j++) {
			uint32_t agent = draft->merge.at[i].agents.at[j];
			wanted[agent] = !named[agent];
			named[agent] = true;
		}
		struct text step = { 0 };
		name_agents(draft, wanted, DRAFT_NONE, &step);
		if (step.n)
			separate(&out);
		text_add(&out, text_str(&step));
		text_release(&step);
	}
	if (out.n)
		add_statement(block, "merge", &out);
	text_release(&out);
}

static void say_claim(struct block *block, const struct draft *draft, enum draft_claim_kind kind,
		      const char *what)
{
	for (size_t i = 0; i < draft->claims.n; i++) {
		/* The alternative's own claim is in front of one about the whole document. */
		const struct draft_claim *claim = &draft->claims.at[i];
		bool better = false;
		for (size_t j = 0; claim->elsewhere && j < draft->claims.n; j++)
			better = better || (draft->claims.at[j].kind == kind &&
					    !draft->claims.at[j].elsewhere);
		if (claim->kind != kind || better)
			continue;
		struct text out = { 0 };
		text_addf(&out, "%s ", what);
		text_add_duration(&out, claim->most);
		add_statement(block, "expect", &out);
		return;
	}
}

static void write_plan(const struct draft *draft, struct text *out)
{
	struct block block = { .arena = draft->arena };
	write_texts(draft, &draft->criteria, "success: ", 0, out);
	write_texts(draft, &draft->metrics, "", 0, out);
	text_addf(out, "plan %.*s ", STR_ARG(draft->name));
	if (draft->title.n)
		add_string(draft->arena, out, draft->title);
	text_add(out, draft->title.n ? STR(" {\n") : STR("{\n"));
	if (draft->branch.text.n)
		say_string(&block, "branch", "", draft->branch.text);
	say(&block, "runner",
	    arena_format(draft->arena, "std.%.*s",
			 STR_ARG(draft->runner.text.n ? draft->runner.text : STR("claude"))));
	for (size_t i = 0; i < draft->tests.list.n; i++)
		say_string(&block, "test", "sh ", draft->tests.list.at[i].text);
	say_merge(&block, draft);
	say_claim(&block, draft, DRAFT_WORK, "work");
	say_claim(&block, draft, DRAFT_WALL, "wall");
	write_block(&block, 1, out);
	text_add(out, STR("}\n"));
}

void draft_write(const struct draft *draft, struct text *out)
{
	bool *written = ARENA_MANY(draft->arena, draft->groups.n, bool);
	text_add(out, STR("orch 1\n\n"));
	for (size_t i = 0; i < draft->notes.list.n; i++)
		add_comment(draft->arena, out, 0, draft->notes.list.at[i].text);
	if (!draft->runner.text.n)
		add_comment(
			draft->arena, out, 0,
			STR("The document does not say how agents are started: std.claude is a guess."));
	text_add(out, STR("import \"std/agents.orch\" as std\n\n"));
	write_plan(draft, out);
	for (size_t i = 0; i < draft->agents.n; i++) {
		uint32_t group = draft->agents.at[i].group;
		if (group != DRAFT_NONE && written[group])
			continue;
		text_add_byte(out, '\n');
		if (group == DRAFT_NONE) {
			write_agent(draft, &draft->agents.at[i], 0, out);
			continue;
		}
		written[group] = true;
		write_group(draft, group, out);
	}
}
