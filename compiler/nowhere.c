/* nowhere.c — see nowhere.h.
 *
 * A mention counts as found however it can be read: by the end of a path, from any folder. It is
 * passed over where the sentence tells of what need not be there ("if", "not", "e.g."), where it is
 * to be made, and where a pattern could match it. A path whose first folder is there is read from
 * the root; others, and bare names, from any folder. */
#include "compiler/nowhere.h"

#include "common/file.h"

#include <string.h>

enum { TRIED_MOST = 4000000, SENTENCE_MOST = 240, FEW = 3 };

void nowhere_begin(struct arena *arena, struct load *load, const struct plan *plan,
		   const struct facts *facts, const struct facts_reader *reader, struct nowhere *n)
{
	*n = (struct nowhere){ .load = load, .plan = plan, .facts = facts, .reader = reader, .arena = arena };
	if (facts->there)
		tracked_begin(arena, facts, &n->tracked);
}

/* What the sentence says */

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static bool is_letter(char c)
{
	return small(c) >= 'a' && small(c) <= 'z';
}

/* Does a sentence, item or paragraph end behind this byte? */
static bool is_end(struct str text, size_t at)
{
	char c = text.at[at], next = at + 1 < text.n ? text.at[at + 1] : '\n';
	if (c == '\n')
		return next && strchr("\n-*#|+0123456789", next);
	if (!strchr(".!?;", c) || (next != ' ' && next != '\n'))
		return false;
	return c != '.' || at < 2 || text.at[at - 2] != '.';	/* "e.g." */
}

static struct str sentence_of(struct str text, size_t start, size_t end)
{
	size_t from = start, to = end;
	while (from && start - from < SENTENCE_MOST && !is_end(text, from - 1))
		from--;
	while (to < text.n && to - end < SENTENCE_MOST && !is_end(text, to))
		to++;
	return str_slice(text, from, to);
}

/* Is the word in the list, whatever its capitals? */
static bool is_one_of(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < word.n && list[i][k] && small(word.at[k]) == list[i][k])
			k++;
		if (k == word.n && !list[i][k])
			return true;
	}
	return false;
}
#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof list / sizeof *list)

/* Does any run of letters belong to the list? */
static bool has_word(struct str text, const char *const *list, size_t n)
{
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		for (end = at; end < text.n && is_letter(text.at[end]);)
			end++;
		if (end > at && is_one_of(str_slice(text, at, end), list, n))
			return true;
	}
	return false;
}

/* Does the sentence tell of what is not there, may be missing, is made by something, or is an
 * example? */
static bool is_hedged(struct str prompt, const struct mention *mention)
{
	static const char *const words[] = {
		"absent",     "avoid",    "beispiel", "could",    "created",   "creates",
		"deleted",    "download", "emits",    "example",  "examples",  "exist",
		"existiert",  "exists",   "falls",    "formerly", "generated", "generates",
		"if",         "instance", "kein",     "keine",    "longer",    "may",
		"might",      "missing",  "never",    "nicht",    "not",       "optional",
		"optionally", "output",   "outputs",  "planned",  "produced",  "produces",
		"proposed",   "removed",  "renamed",  "such",     "unless",    "upload",
		"will",       "without",  "would",    "writes",   "written",
	};
	struct str before = sentence_of(prompt, mention->start, mention->end);
	size_t start = (size_t)(mention->path.at - before.at), end = start + mention->path.n;
	struct str behind = str_slice(before, end, before.n);
	before = str_slice(before, 0, start);
	return has_word(before, words, sizeof words / sizeof *words) ||
	       has_word(behind, words, sizeof words / sizeof *words) ||
	       str_find_text(before, STR("e.g.")) != SIZE_MAX ||
	       str_find_text(before, STR("z.B.")) != SIZE_MAX ||
	       str_find_text(before, STR("n't")) != SIZE_MAX ||
	       str_find_text(behind, STR("n't")) != SIZE_MAX ||
	       str_find_text(before, STR("n\xE2\x80\x99t")) != SIZE_MAX ||
	       str_find_text(behind, STR("n\xE2\x80\x99t")) != SIZE_MAX;
}

/* What the path is */

/* A name that stands for any, or a folder that is made and not kept. */
static bool is_made_up(struct str path)
{
	static const char *const stands[] = { "bar",  "baz",         "example", "foo",       "my",
					      "path", "placeholder", "qux",     "something", "xx",
					      "xxx",  "xyz",         "your",    "yyyy" };
	static const char *const made[] = { "build", "coverage", "dist", "node_modules",
					    "out",   "target",   "tmp" };
	struct str rest = path, name;
	while (str_split(&rest, '/', &name) && rest.n)
		if (IS_ONE_OF(name, made))
			return true;
	return has_word(path, stands, sizeof stands / sizeof *stands);
}

static struct str last_name(struct str path)
{
	struct str folder = path_folder(path);
	return str_slice(path, folder.n + (folder.n > 0), path.n);
}

/* Is it at the base, or what the end of a path at the base is called? The repository's own folder
 * may be said first. */
static bool is_at_base(struct nowhere *n, struct str path)
{
	size_t slash = str_find(path, '/');
	if (tracked_ends(&n->tracked, path) || tracked_has_folder(&n->tracked, path))
		return true;
	return slash != SIZE_MAX &&
	       str_equal(str_slice(path, 0, slash), last_name(n->load->root)) &&
	       tracked_ends(&n->tracked, str_slice(path, slash + 1, path.n));
}

/* The path as a pattern, from the root, or from any folder. */
static bool parse(struct arena *arena, struct str path, bool anywhere, struct glob *glob)
{
	struct text pattern = { 0 };
	struct glob_error error;
	if (anywhere)
		text_add(&pattern, STR("**/"));
	for (size_t i = 0; i < path.n; i++) {
		if (strchr("[]{}*?\\", path.at[i]))
			text_add_byte(&pattern, '\\');
		text_add_byte(&pattern, path.at[i]);
	}
	struct str text = arena_copy(arena, text_str(&pattern));
	text_release(&pattern);
	return glob_parse(arena, text, glob, &error);
}

struct trial {
	struct nowhere *nowhere;
	struct str path;
	struct glob glob;	/* of it */
	bool meets;
};

static void try_pattern(void *self, const struct owners_pattern *owned)
{
	struct trial *trial = self;
	struct nowhere *n = trial->nowhere;
	struct str text = owned->text->text;
	/* A path that is called like a file, or is one, is no folder. */
	bool file = glob_is_literal(&owned->glob) && owned->glob.at[0].end == GLOB_BARE &&
		    (str_find(last_name(text), '.') != SIZE_MAX || tracked_has(&n->tracked, text));
	if (trial->meets || file) {
		trial->meets = trial->meets || mention_is_end_of(trial->path, text);
		return;
	}
	struct arena_mark mark = arena_mark(n->arena);
	trial->meets = ++n->tried > TRIED_MOST ||
		       glob_meet(n->arena, &trial->glob, &owned->glob, NULL);
	arena_reset(n->arena, mark);
}

/* May some agent make it, does git ignore it, or is nothing known of it? */
static bool is_made_or_ignored(struct nowhere *n, struct str path)
{
	struct trial trial = { .nowhere = n, .path = path };
	size_t slash = str_find(path, '/');
	bool anywhere = slash == SIZE_MAX ||
			!tracked_has_folder(&n->tracked, str_slice(path, 0, slash));
	if (!parse(n->arena, path, anywhere, &trial.glob) || is_made_up(path) ||
	    (n->reader && n->reader->ignores(n->reader->context, path)) ||
	    tracked_in_submodule(&n->tracked, &trial.glob))
		return true;
	if (!n->owners.arena)
		owners_collect(n->arena, n->plan, &n->owners);
	owners_near(&n->owners, &trial.glob, try_pattern, &trial);
	return trial.meets;
}

/* Is it what the agent reads, requires or brings along? Whether that is there is for others to
 * say. */
static bool is_declared(struct nowhere *n, const struct plan_agent *agent, struct str path)
{
	struct arena_mark mark = arena_mark(n->arena);
	struct glob anywhere, pattern;
	struct glob_error error;
	bool is = !parse(n->arena, path, true, &anywhere);
	for (unsigned which = PLAN_READS; which < PLAN_LISTS; which++)
		for (size_t i = 0; !is && i < agent->list[which].list.n; i++)
			is = glob_parse(n->arena, agent->list[which].list.at[i].text, &pattern,
					&error) &&
			     (glob_is_literal(&pattern) || which >= PLAN_COPY) &&
			     glob_meet(n->arena, &anywhere, &pattern, NULL);
	arena_reset(n->arena, mark);
	return is;
}

/* Does the prompt ask for it to be written, here or elsewhere? */
static bool is_written(const struct mentions *mentions, struct str path)
{
	for (size_t i = 0; i < mentions->list.n; i++) {
		const struct mention *other = &mentions->list.at[i];
		if (other->write &&
		    (mention_is_end_of(path, other->path) || mention_is_end_of(other->path, path)))
			return true;
	}
	return false;
}

bool nowhere_is(struct nowhere *n, uint32_t agent, const struct mentions *mentions, size_t which)
{
	const struct mention *mention = &mentions->list.at[which];
	const struct plan_agent *who = &n->plan->agents.at[agent];
	if (!n->tracked.n || mention->write || mention->folder)
		return false;
	if (is_at_base(n, mention->path))
		return n->found++, false;
	const uint32_t *known = map_find(&n->known, mention->path);
	if (!known) {
		uint32_t fine = is_made_or_ignored(n, mention->path);
		map_add(n->arena, &n->known, arena_copy(n->arena, mention->path), fine);
		known = map_find(&n->known, mention->path);
	}
	return !*known && !is_hedged(mentions->prompt, mention) &&
	       !is_written(mentions, mention->path) && !is_declared(n, who, mention->path);
}

void nowhere_add(struct nowhere *n, uint32_t agent, struct str path, struct span at)
{
	struct glob glob;
	for (size_t i = n->findings.n; i && n->findings.at[i - 1].agent == agent; i--)
		if (str_equal(n->findings.at[i - 1].path, path))
			return;
	struct str near = parse(n->arena, path, false, &glob)
				  ? tracked_nearest(&n->tracked, path, &glob)
				  : STR("");
	/* A bare name is said only when another is like it: many are spoken of as of any file of
	 * that name. */
	if (near.n || str_find(path, '/') != SIZE_MAX)
		*VEC_ADD(n->arena, &n->findings) = (struct nowhere_finding){
			agent, arena_copy(n->arena, path), near, at
		};
}

static void say(struct nowhere *n, const struct nowhere_finding *finding)
{
	struct diags *diags = n->load->diags;
	struct str near = finding->near, raw = source_text(n->load->sources, finding->at);
	struct diag *diag = diag_add(diags, DIAG_NOWHERE, finding->at,
				     "the prompt of `%.*s` refers to `%.*s`, which is nowhere",
				     STR_ARG(n->plan->agents.at[finding->agent].name),
				     STR_ARG(finding->path));
	diag_here(diags, diag, "not at the base, and no agent owns or creates it");
	struct str there = arena_format(n->arena, "%.*s/%.*s", STR_ARG(n->load->root),
					STR_ARG(finding->path));
	if (file_there(there.at))
		diag_note(
			diags, diag,
			"it is in the checkout, but not in the commit that agents start from: commit it first");
	else if (near.n && str_equal(raw, finding->path))
		diag_fix(diags, diag, DIAG_UNSAFE, finding->at, arena_copy(n->load->arena, near),
			 "did you mean `%.*s`?", STR_ARG(near));
	else if (near.n)
		diag_help(diags, diag, "did you mean `%.*s`?", STR_ARG(near));
	else
		diag_help(diags, diag, "if an agent is to make it, say so there by `creates`");
}

/* When hardly anything that prompts refer to is there, the plan is about another repository. */
void nowhere_say(struct nowhere *n)
{
	size_t near = 0;
	for (size_t i = 0; i < n->findings.n; i++)
		near += n->findings.at[i].near.n > 0;
	if (!near && n->findings.n >= FEW && n->found * 2 < n->findings.n)
		return;
	for (size_t i = 0; i < n->findings.n; i++)
		say(n, &n->findings.at[i]);
}
