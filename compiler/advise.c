/* advise.c — see advise.h.
 *
 * A path in a prompt is covered when some pattern of the agent has a path in common with it, or
 * with it under any folder: prompts call files by the end of their paths. So what is not covered is
 * not covered however it is read. A path that begins with `./`, one whose folder is at the base, and
 * the name of a file that is at the base's root and of none that is the agent's, are meant from the
 * root; and what is only read is covered from the root alone, since what an agent reads says little
 * about where it works. */
#include "compiler/advise.h"

#include "common/glob.h"
#include "common/path.h"
#include "compiler/edit.h"
#include "compiler/mention.h"
#include "compiler/nowhere.h"

#include <string.h>

struct finding {
	uint32_t agent, owner; /* owner: or PLAN_NONE */
	struct span at;
	struct str path; /* as it is mentioned */
	bool makes, folder;
	bool here; /* said with "./" */
};
enum { NAMESAKES_MOST = 64 };

struct adviser {
	struct load *load;
	const struct plan *plan;
	const struct order *order;
	const struct facts *facts;
	struct arena *arena; /* scratch */
	struct map
		owned; /* from a path that is owned, and its last name, to 1 + the agent; to 0 when there are several */
	VEC(struct finding) findings;
	struct nowhere nowhere;
};

/* How often `needle` begins before `limit`. */
static size_t count_before(struct str text, struct str needle, size_t limit)
{
	size_t n = 0, found;
	for (size_t at = 0;
	     (found = str_find_text(str_slice(text, at, text.n), needle)) != SIZE_MAX &&
	     at + found < limit;
	     n++)
		at += found + 1;
	return n;
}

/* Margins, escapes and values that are put in move what is said, but hardly ever make or hide a
 * path: the third time it is said in the prompt is the third time in the source. */
struct span advise_place(const struct sources *sources, struct span span, struct str prompt,
			 size_t start, size_t end)
{
	struct str raw = source_text(sources, span), what = str_slice(prompt, start, end);
	size_t at = 0, found = 0;
	if (raw.n == prompt.n)
		return (struct span){ span.source, span.start + (uint32_t)start,
				      span.start + (uint32_t)end };
	if (count_before(raw, what, raw.n) == count_before(prompt, what, prompt.n)) {
		for (size_t n = count_before(prompt, what, start) + 1; n; n--) {
			found = at + str_find_text(str_slice(raw, at, raw.n), what);
			at = found + 1;
		}
		span.start += (uint32_t)found;
		span.end = span.start + (uint32_t)what.n;
	}
	return span;
}

/* The path as a pattern, from the root or under any folder. */
static bool parse_path(struct adviser *a, const struct finding *finding, bool anywhere,
		       struct glob *glob)
{
	struct text pattern = { 0 };
	struct glob_error error;
	if (anywhere)
		text_add(&pattern, STR("**/"));
	for (size_t i = 0; i < finding->path.n; i++) {
		if (strchr("[]{}*?\\", finding->path.at[i]))
			text_add_byte(&pattern, '\\');
		text_add_byte(&pattern, finding->path.at[i]);
	}
	if (finding->folder)
		text_add_byte(&pattern, '/');
	struct str text = arena_copy(a->arena, text_str(&pattern));
	text_release(&pattern);
	return glob_parse(a->arena, text, glob, &error);
}

/* Is the file somewhere under a folder of that name? */
static bool names_folder(struct str file, struct str folder)
{
	for (struct str at = path_folder(file); at.n; at = path_folder(at))
		if (mention_is_end_of(folder, at))
			return true;
	return false;
}

static bool list_covers(struct adviser *a, const struct plan_texts *list,
			const struct finding *finding, const struct glob *path)
{
	struct glob_error error;
	for (size_t i = 0; i < list->list.n; i++) {
		struct glob pattern;
		if (!glob_parse(a->arena, list->list.at[i].text, &pattern, &error))
			continue;
		/* One path is a file, not a folder, when it is called like one. */
		bool file = glob_is_literal(&pattern) && pattern.at[0].end == GLOB_BARE &&
			    str_find(path_last(list->list.at[i].text), '.') != SIZE_MAX;
		if (!file ? glob_meet(a->arena, &pattern, path, NULL)
			  : finding->folder && names_folder(list->list.at[i].text, finding->path))
			return true;
	}
	return false;
}

static const enum plan_list lists[] = { PLAN_OWNS, PLAN_CREATES, PLAN_READS, PLAN_REQUIRES };
enum { LISTS = sizeof lists / sizeof *lists };

/* Is a file that is called so, and is at the base, the agent's by some pattern? */
static bool has_namesake(struct adviser *a, const struct plan_agent *agent,
			 const struct glob *anywhere)
{
	uint32_t found[NAMESAKES_MOST];
	struct glob pattern;
	struct glob_error error;
	size_t n = tracked_match(&a->nowhere.tracked, anywhere, NAMESAKES_MOST, found);
	if (n > NAMESAKES_MOST)
		return true;
	for (size_t i = 0; i < LISTS; i++)
		for (size_t j = 0; j < agent->list[lists[i]].list.n; j++) {
			struct str text = agent->list[lists[i]].list.at[j].text;
			for (size_t k = 0; k < n && glob_parse(a->arena, text, &pattern, &error);
			     k++)
				if (glob_match(&pattern, a->nowhere.tracked.at[found[k]].path))
					return true;
		}
	return false;
}

static bool is_from_root(struct adviser *a, const struct finding *finding,
			 const struct plan_agent *agent, const struct glob *anywhere)
{
	const struct tracked *tracked = &a->nowhere.tracked;
	struct str folder = path_folder(finding->path);
	if (finding->here || !tracked->n)
		return finding->here;
	return folder.n ? tracked_has_folder(tracked, folder)
			: !finding->folder && tracked_has(tracked, finding->path) &&
				  !has_namesake(a, agent, anywhere);
}

static bool is_named(const struct plan_agent *agent, const struct finding *finding)
{
	for (size_t i = 0; i < LISTS; i++)
		for (size_t j = 0; j < agent->list[lists[i]].list.n; j++) {
			struct str text = agent->list[lists[i]].list.at[j].text;
			if (finding->here ? str_equal(finding->path, text)
					  : mention_is_end_of(finding->path, text))
				return true;
		}
	return false;
}

static bool is_covered(struct adviser *a, const struct finding *finding)
{
	const struct plan_agent *agent = &a->plan->agents.at[finding->agent];
	struct glob whole, anywhere;
	if (is_named(agent, finding))
		return true;
	struct arena_mark mark = arena_mark(a->arena);
	struct str folder = path_folder(finding->path);
	bool covered = !parse_path(a, finding, false, &whole) ||
		       !parse_path(a, finding, true, &anywhere);
	bool rooted = !covered && is_from_root(a, finding, agent, &anywhere);
	for (size_t i = 0; i < LISTS && !covered; i++) {
		bool reads = lists[i] == PLAN_READS || lists[i] == PLAN_REQUIRES;
		covered = list_covers(a, &agent->list[lists[i]], finding,
				      rooted || (reads && folder.n) ? &whole : &anywhere);
	}
	arena_reset(a->arena, mark);
	return covered;
}

static bool said_here(struct str prompt, size_t start)
{
	return start >= 2 && prompt.at[start - 2] == '.' && prompt.at[start - 1] == '/' &&
	       (start == 2 || prompt.at[start - 3] != '.');
}

static void note_owned(struct adviser *a, struct str path, uint32_t agent)
{
	uint32_t *known = map_find(&a->owned, path);
	if (!known)
		map_add(a->arena, &a->owned, path, agent + 1);
	else if (*known != agent + 1)
		*known = 0;
}

static void collect_owned(struct adviser *a)
{
	for (uint32_t agent = 0; agent < a->plan->agents.n; agent++)
		for (unsigned which = PLAN_OWNS; which <= PLAN_CREATES; which++) {
			const struct plan_texts *list = &a->plan->agents.at[agent].list[which];
			for (size_t i = 0; i < list->list.n; i++) {
				struct str text = list->list.at[i].text, name = path_last(text);
				note_owned(a, text, agent);
				if (name.n && name.n < text.n)
					note_owned(a, name, agent);
			}
		}
}

static void read_nowhere(struct adviser *a, uint32_t index, const struct mentions *mentions)
{
	const struct plan_agent *agent = &a->plan->agents.at[index];
	for (size_t i = 0; i < mentions->list.n; i++) {
		const struct mention *mention = &mentions->list.at[i];
		if (nowhere_is(&a->nowhere, index, mentions, i))
			nowhere_add(&a->nowhere, index, mention->path,
				    advise_place(a->load->sources, agent->prompt_at,
						 mentions->prompt, mention->start, mention->end));
	}
}

/* What is mentioned is in `own`, and forgotten when the prompt has been read. */
static void read_prompt(struct adviser *a, struct arena *own, uint32_t index)
{
	const struct plan_agent *agent = &a->plan->agents.at[index];
	struct arena_mark mark = arena_mark(own);
	struct mentions mentions = { 0 };
	size_t first = a->findings.n;
	mention_find(own, eval_kept_text(own, agent->prompt), &mentions);
	for (size_t i = 0; i < mentions.list.n; i++) {
		const struct mention *mention = &mentions.list.at[i];
		struct finding finding = { .agent = index,
					   .owner = PLAN_NONE,
					   .path = mention->path,
					   .makes = mention->makes,
					   .folder = mention->folder,
					   .here = said_here(mentions.prompt, mention->start) };
		bool known = !mention->write;
		for (size_t j = first; j < a->findings.n && !known; j++)
			known = mention_is_end_of(finding.path, a->findings.at[j].path) ||
				mention_is_end_of(a->findings.at[j].path, finding.path);
		if (known || is_covered(a, &finding))
			continue;
		finding.at = advise_place(a->load->sources, agent->prompt_at, mentions.prompt,
					  mention->start, mention->end);
		finding.path = arena_copy(a->arena, finding.path);
		*VEC_ADD(a->arena, &a->findings) = finding;
	}
	read_nowhere(a, index, &mentions);
	arena_reset(own, mark);
}

/* The path that the agent would have to own: for a bare name the only file at the base that is
 * called so, or else one beside the first file that the agent owns. */
static struct str whole_path(struct adviser *a, const struct finding *finding)
{
	struct arena *arena = a->load->arena;
	struct str path = finding->path, only = { 0 };
	for (size_t i = 0; i < a->facts->entries.n; i++) {
		struct str entry = a->facts->entries.at[i].path;
		if (!mention_is_end_of(path, entry))
			continue;
		if (str_equal(path, entry) || only.n)
			return path;
		only = entry;
	}
	if (only.n)
		return only;
	if (str_find(path, '/') != SIZE_MAX)
		return path;
	for (unsigned which = PLAN_OWNS; which <= PLAN_CREATES; which++) {
		const struct plan_texts *list = &a->plan->agents.at[finding->agent].list[which];
		for (size_t i = 0; i < list->list.n; i++) {
			struct glob glob;
			struct glob_error error;
			if (!glob_parse(a->arena, list->list.at[i].text, &glob, &error) ||
			    !glob_is_literal(&glob))
				continue;
			struct str folder = glob_folder(arena, &glob);
			return folder.n ? arena_format(arena, "%.*s/%.*s", STR_ARG(folder),
						       STR_ARG(path))
					: path;
		}
	}
	return path;
}

static void say_owner(struct adviser *a, struct diag *diag, const struct finding *finding,
		      bool concurrent)
{
	struct diags *diags = a->load->diags;
	struct str owner = a->plan->agents.at[finding->owner].name;
	diag_note(diags, diag, "`%.*s` owns it%s", STR_ARG(owner),
		  !a->order->sound ? ""
		  : concurrent     ? ", and may run at the same time"
				   : ", and does not run at the same time");
	if (concurrent)
		diag_help(
			diags, diag,
			"leave it to `%.*s`, or let one of the two come after the other and own it as well",
			STR_ARG(owner));
}

static void say(struct adviser *a, const struct finding *finding, bool concurrent)
{
	struct diags *diags = a->load->diags;
	const struct plan_agent *agent = &a->plan->agents.at[finding->agent];
	struct diag *diag = diag_add(
		diags, DIAG_UNDECLARED_WRITE, finding->at,
		"the prompt of `%.*s` asks for `%.*s` to be %s, which the agent does not own",
		STR_ARG(agent->name), STR_ARG(finding->path),
		finding->makes ? "written" : "changed");
	diag_here(diags, diag, "taken for a file that is to be %s",
		  finding->makes ? "written" : "changed");
	diag_label(diags, diag, agent->span,
		   "what `%.*s` changes outside of what it owns is not merged",
		   STR_ARG(agent->name));
	if (finding->owner != PLAN_NONE)
		say_owner(a, diag, finding, concurrent);
	if (concurrent)
		return;
	struct str path = arena_format(a->load->arena, finding->folder ? "%.*s/" : "%.*s",
				       STR_ARG(whole_path(a, finding)));
	struct diag_edit edit = edit_owns(a->load, a->plan, finding->agent, path);
	diag_fix(diags, diag, DIAG_UNSAFE, edit.span, edit.text,
		 "let the agent own it: `owns \"%.*s\"`", STR_ARG(path));
}

/* Whoever owns them is looked for, and who may run at the same time is asked, for all at once. */
static void say_all(struct adviser *a)
{
	size_t n = a->findings.n;
	struct graph_question *questions = ARENA_MANY(a->arena, 2 * n, struct graph_question);
	collect_owned(a);
	for (size_t i = 0; i < n; i++) {
		struct finding *finding = &a->findings.at[i];
		uint32_t *owner = map_find(&a->owned, finding->path);
		finding->owner = owner && *owner ? *owner - 1 : PLAN_NONE;
		uint32_t other = finding->owner == PLAN_NONE ? finding->agent : finding->owner;
		questions[2 * i] = (struct graph_question){ other, finding->agent, false };
		questions[2 * i + 1] = (struct graph_question){ finding->agent, other, false };
	}
	if (a->order->sound)
		graph_reach(&a->order->graph, a->order->agent, questions, 2 * n);
	for (size_t i = 0; i < n; i++) {
		const struct finding *finding = &a->findings.at[i];
		bool ordered = questions[2 * i].holds || questions[2 * i + 1].holds;
		say(a, finding, a->order->sound && finding->owner != PLAN_NONE && !ordered);
	}
}

void advise_prompts(struct load *load, const struct plan *plan, const struct order *order,
		    const struct facts *facts, const struct facts_reader *reader)
{
	struct arena scratch = { 0 }, own = { 0 };
	struct adviser a = {
		.load = load, .plan = plan, .order = order, .facts = facts, .arena = &scratch
	};
	nowhere_begin(&scratch, load, plan, facts, reader, &a.nowhere);
	for (uint32_t i = 0; i < plan->agents.n; i++)
		if (!plan->agents.at[i].incomplete && plan->agents.at[i].prompt.text.n)
			read_prompt(&a, &own, i);
	if (a.findings.n)
		say_all(&a);
	nowhere_say(&a.nowhere);
	arena_release(&own);
	arena_release(&scratch);
}
