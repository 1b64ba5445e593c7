/* gate.c — see gate.h. The folder rules, and why they are enough:
 *
 * Results of agents that may run at the same time own no path in common (the compiler's proof), so
 * combining them can only fail where one, A, made a file `p` and the other, B, a file below `p`.
 * Let B *need* the folder p when a pattern of its spells it out (glob_needs_folder: "p/x", "p/" +
 * "*.c"; not a "**" that could be anywhere).
 *
 *   1. A made the file p and B needs p: A is at fault, whatever B did. B's plan said so plainly.
 *   2. B made a file below p, p was no folder in B's start, A's pattern matches p itself and B does
 *      not need p: B is at fault.
 *   3. A made the file p, B could have a file below p without needing it, and p was a folder
 *     before:
 *      in A's start, or because something that A comes after may have taken it away: A is at fault.
 *
 * Say A made p and B made p/q. If B needs p, (1) holds A. Otherwise, if p was no folder in B's
 * start, (2) holds B, as A owns p. Otherwise p was a folder in B's start. Either it was one in A's
 * start too: (3). Or what B comes after made it: that agent, C, runs beside A (were C before A, p
 * would be in A's start; were C after A, so would B be), and made p as a new folder, so that (1)
 * holds A or (2) holds C. Or it was one at the base and what A comes after emptied it, which owns
 * paths in it: (3). So at most one of the two passes, and those that pass combine in any order.
 * Where both could be blamed, (1) and (2) exclude each other, so that exactly one is. */
#include "runtime/gate.h"

#include "common/glob.h"
#include "common/path.h"
#include "common/text.h"
#include "common/vec.h"
#include "runtime/treebytes.h"
#include "runtime/visible.h"

#include <ctype.h>
#include <string.h>

enum { SHOWN_OF_LONG = 60 }; /* bytes of a path that is too long */

struct patterns { /* an agent's `owns`, then its `creates` */
	struct glob *glob;
	struct str *text;
	size_t n;
};
struct judging {
	struct arena *arena;
	const struct schedule *schedule;
	uint32_t agent;
	const struct harvest *harvest;
	struct patterns *owned; /* by agent */
	VEC(struct gate_finding) findings;
	struct index_list ancestors;
	bool *beside; /* by agent: may it run at the same time as this one? */
};

static void find(struct judging *j, int kind, struct str path, struct str text, struct str advice)
{
	struct gate_finding *finding = VEC_ADD(j->arena, &j->findings);
	finding->kind = kind;
	finding->path = path;
	finding->text = text;
	finding->advice = advice;
}

static const struct schedule_agent *self(const struct judging *j)
{
	return &j->schedule->agent[j->agent];
}

/* The first of an agent's own patterns for which `holds`, as it is written, or NULL. */
typedef bool pattern_test(const struct glob *, struct str path);

static const struct str *owned_pattern(const struct judging *j, size_t agent, pattern_test *holds,
				       struct str path)
{
	const struct patterns *owned = &j->owned[agent];
	for (size_t i = 0; i < owned->n; i++)
		if (holds(&owned->glob[i], path))
			return &owned->text[i];
	return NULL;
}

static void read_one(struct arena *arena, struct str text, struct glob *glob)
{
	struct glob_error error;
	BUG_IF(!glob_parse(arena, text, glob, &error), "a pattern that the verifier let pass");
}

static void read_patterns(struct judging *j)
{
	j->owned = ARENA_MANY(j->arena, j->schedule->agent_n + 1, struct patterns);
	for (size_t i = 0; i < j->schedule->agent_n; i++) {
		const struct schedule_agent *agent = &j->schedule->agent[i];
		struct patterns *owned = &j->owned[i];
		owned->n = agent->owns.n + agent->creates.n;
		owned->glob = ARENA_MANY(j->arena, owned->n + 1, struct glob);
		owned->text = ARENA_MANY(j->arena, owned->n + 1, struct str);
		for (size_t k = 0; k < owned->n; k++) {
			owned->text[k] = k < agent->owns.n ? agent->owns.at[k]
							   : agent->creates.at[k - agent->owns.n];
			read_one(j->arena, owned->text[k], &owned->glob[k]);
		}
	}
}

static const char *deed(const struct harvest_change *change)
{
	if (!change->mode_before)
		return "created";
	if (!change->mode_after)
		return "deleted";
	if ((change->mode_before & 0170000) != (change->mode_after & 0170000))
		return "changed the kind of";
	return oid_equal(change->before, change->after) ? "changed the mode of" : "changed";
}

/* The same for a name with bytes that nobody sees, or that do something to a terminal. */
static struct str printed(struct arena *arena, struct str path)
{
	struct text out = { 0 };
	text_add(&out, STR("\"$(printf '"));
	for (size_t i = 0; i < path.n; i++) {
		unsigned char byte = (unsigned char)path.at[i];
		if (byte < 0x20 || byte >= 0x7f || memchr("'\\%", byte, 3))
			text_addf(&out, "\\%03o", byte);
		else
			text_add_byte(&out, path.at[i]);
	}
	text_add(&out, STR("')\""));
	struct str copy = arena_copy(arena, text_str(&out));
	text_release(&out);
	return copy;
}

/* As a shell takes it for one word. */
static struct str quoted(struct arena *arena, struct str path)
{
	struct text out = { 0 };
	bool plain = true;
	for (size_t i = 0; i < path.n; i++)
		plain = plain &&
			(isalnum((unsigned char)path.at[i]) || memchr("./_-+,", path.at[i], 6));
	if (plain)
		return path;
	if (!str_equal(visible_name(arena, path), path))
		return printed(arena, path);
	text_add_byte(&out, '\'');
	for (size_t i = 0; i < path.n; i++)
		if (path.at[i] == '\'')
			text_add(&out, STR("'\\''"));
		else
			text_add_byte(&out, path.at[i]);
	text_add_byte(&out, '\'');
	struct str copy = arena_copy(arena, text_str(&out));
	text_release(&out);
	return copy;
}

/* The plan is not the agent's to change. Its index may be of its own making: the file is taken from
 * the start. */
static struct str undo_stray(const struct judging *j, const struct harvest_change *change)
{
	struct str path = change->path, shown = visible_name(j->arena, path);
	if (!change->mode_before)
		return arena_format(j->arena, "you created %.*s, which is not yours: remove %.*s",
				    STR_ARG(shown),
				    STR_ARG(str_equal(shown, path) ? path
								   : quoted(j->arena, path)));
	return arena_format(
		j->arena,
		"you %s %.*s, which is not yours: put %.*s back as it was: git checkout \"$ORCH_BASE\" -- %.*s",
		deed(change), STR_ARG(shown), STR_ARG(shown), STR_ARG(quoted(j->arena, path)));
}

static void judge_stray(struct judging *j, const struct harvest_change *change)
{
	const struct schedule_agent *me = self(j), *owner = NULL;
	for (size_t i = 0; i < j->schedule->agent_n && !owner; i++)
		if (i != j->agent && owned_pattern(j, i, glob_match, change->path))
			owner = &j->schedule->agent[i];
	struct str whose = owner ? arena_format(j->arena, "which is owned by `%.*s` (%.*s)",
						STR_ARG(owner->name), STR_ARG(owner->place))
				 : STR("which nobody owns");
	struct str remedy =
		owner ? arena_format(
				j->arena,
				"tell `%.*s` to leave it alone, or give it the path and let it "
				"come `after %.*s`",
				STR_ARG(me->name), STR_ARG(owner->name))
		      : arena_format(
				j->arena,
				"add it to `owns` of `%.*s` (%.*s), or tell the agent to leave it "
				"alone",
				STR_ARG(me->name), STR_ARG(me->place));
	find(j, GATE_STRAY, change->path,
	     arena_format(j->arena, "`%.*s` %s %.*s, %.*s: %.*s", STR_ARG(me->name), deed(change),
			  STR_ARG(visible_name(j->arena, change->path)), STR_ARG(whose),
			  STR_ARG(remedy)),
	     undo_stray(j, change));
}

/* What git would store through a program. */
static void judge_held(struct judging *j, const struct harvest_change *change)
{
	find(j, GATE_REFUSED, change->path,
	     arena_format(j->arena, "`%.*s` %s %.*s, which cannot be stored as git would: %s",
			  STR_ARG(self(j)->name), deed(change),
			  STR_ARG(visible_name(j->arena, change->path)), change->refused),
	     arena_format(j->arena, "you %s %.*s, which cannot be stored here: %s %.*s",
			  deed(change), STR_ARG(visible_name(j->arena, change->path)),
			  change->mode_before ? "git checkout --" : "rm",
			  STR_ARG(quoted(j->arena, change->path))));
}

/* What the agent is to do about what no result can have. */
static struct str undo_refused(const struct judging *j, const struct harvest_change *change)
{
	struct str word = quoted(j->arena, change->path);
	if (!change->mode_before)
		return STR("remove it");
	if (!change->mode_after && change->mode_before == TREEBYTES_COMMIT)
		return arena_format(j->arena, "make its folder again, empty: mkdir %.*s",
				    STR_ARG(word));
	if (change->mode_before == TREEBYTES_COMMIT)
		return STR("leave that folder empty");
	return arena_format(j->arena, "put it back as it was: git checkout \"$ORCH_BASE\" -- %.*s",
			    STR_ARG(word));
}

static void judge_refused(struct judging *j, const struct harvest_change *change)
{
	const struct schedule_agent *me = self(j);
	struct str shown = visible_name(j->arena, change->path);
	if (change->held) {
		judge_held(j, change);
		return;
	}
	const char *did = !change->mode_before ? "left"
			  : change->mode_before == TREEBYTES_COMMIT && !change->mode_after
				  ? "deleted"
				  : "changed",
		   *where = !change->mode_before ? " behind" : "";
	/* git ignores nothing that it tracks. */
	struct str remedy = !change->mode_before
				    ? STR("remove it, or add it to .gitignore")
				    : arena_format(j->arena, "tell `%.*s` to leave it as it was",
						   STR_ARG(me->name));
	find(j, GATE_REFUSED, change->path,
	     arena_format(j->arena, "`%.*s` %s %.*s%s, which no result can have: %s; %.*s",
			  STR_ARG(me->name), did, STR_ARG(shown), where, change->refused,
			  STR_ARG(remedy)),
	     arena_format(j->arena, "you %s %.*s%s, which no result can have: %s; %.*s", did,
			  STR_ARG(shown), where, change->refused,
			  STR_ARG(undo_refused(j, change))));
}

/* Rules 1 and 3, for a file that was made. */
static bool judge_new_file(struct judging *j, const struct harvest_change *change)
{
	const struct schedule_agent *me = self(j);
	bool was_folder = change->in_folder == change->path.n;
	for (size_t i = 0; i < j->ancestors.n && !was_folder; i++)
		was_folder = owned_pattern(j, j->ancestors.at[i], glob_meets_below, change->path) !=
			     NULL;
	for (size_t i = 0; i < j->schedule->agent_n; i++) {
		const struct schedule_agent *other = &j->schedule->agent[i];
		if (!j->beside[i])
			continue;
		const struct str *need = owned_pattern(j, i, glob_needs_folder, change->path);
		if (!need && was_folder)
			need = owned_pattern(j, i, glob_meets_below, change->path);
		if (!need)
			continue;
		find(j, GATE_FOLDER, change->path,
		     arena_format(j->arena,
				  "`%.*s` made the file %.*s where `%.*s`, which may run at the "
				  "same time, needs a "
				  "folder for its \"%.*s\" (%.*s): let it choose another name, or "
				  "let one come `after` the "
				  "other",
				  STR_ARG(me->name), STR_ARG(visible_name(j->arena, change->path)),
				  STR_ARG(other->name), STR_ARG(*need), STR_ARG(other->place)),
		     arena_format(
			     j->arena,
			     "you made the file %.*s where another agent needs a folder: choose another name for it",
			     STR_ARG(visible_name(j->arena, change->path))));
		return true;
	}
	return false;
}

/* Rule 2, for one folder on the way to a file that was made. */
static bool judge_new_folder(struct judging *j, struct str folder)
{
	const struct schedule_agent *me = self(j);
	if (owned_pattern(j, j->agent, glob_needs_folder, folder))
		return false;
	for (size_t i = 0; i < j->schedule->agent_n; i++) {
		const struct schedule_agent *other = &j->schedule->agent[i];
		const struct str *pattern = j->beside[i] ? owned_pattern(j, i, glob_match, folder)
							 : NULL;
		if (!pattern)
			continue;
		find(j, GATE_FOLDER, folder,
		     arena_format(j->arena,
				  "`%.*s` made the folder %.*s where `%.*s`, which may run at the "
				  "same time, may have "
				  "a file by its \"%.*s\" (%.*s): name the folder in `owns` of "
				  "`%.*s` (%.*s), or let one come "
				  "`after` the other",
				  STR_ARG(me->name), STR_ARG(visible_name(j->arena, folder)),
				  STR_ARG(other->name), STR_ARG(*pattern), STR_ARG(other->place),
				  STR_ARG(me->name), STR_ARG(me->place)),
		     arena_format(
			     j->arena,
			     "you made the folder %.*s where another agent may have a file: choose another name for it",
			     STR_ARG(visible_name(j->arena, folder))));
		return true;
	}
	return false;
}

static void judge_folders(struct judging *j, const struct harvest_change *change)
{
	if (judge_new_file(j, change))
		return;
	for (size_t i = change->in_folder + 1; i < change->path.n; i++)
		if (change->path.at[i] == '/' && judge_new_folder(j, str_slice(change->path, 0, i)))
			return;
}

static void judge_creates(struct judging *j)
{
	const struct schedule_agent *me = self(j);
	for (size_t i = 0; i < me->creates.n; i++)
		if (!j->harvest->created[i])
			find(j, GATE_CREATES, me->creates.at[i],
			     arena_format(j->arena,
					  "`%.*s` ended without making \"%.*s\", which its "
					  "`creates` (%.*s) promises",
					  STR_ARG(me->name), STR_ARG(me->creates.at[i]),
					  STR_ARG(me->place)),
			     arena_format(j->arena, "you did not create \"%.*s\", as you are to",
					  STR_ARG(me->creates.at[i])));
}

static void find_beside(struct judging *j)
{
	size_t n = j->schedule->agent_n;
	struct index_list dependents = schedule_dependents(j->arena, j->schedule, j->agent);
	j->ancestors = schedule_ancestors(j->arena, j->schedule, j->agent);
	j->beside = ARENA_MANY(j->arena, n, bool);
	for (size_t i = 0; i < n; i++)
		j->beside[i] = i != j->agent;
	for (size_t i = 0; i < j->ancestors.n; i++)
		j->beside[j->ancestors.at[i]] = false;
	for (size_t i = 0; i < dependents.n; i++)
		j->beside[dependents.at[i]] = false;
}

void gate_judge(struct arena *arena, const struct schedule *schedule, uint32_t agent,
		const struct harvest *harvest, struct gate *gate)
{
	struct judging j = {
		.arena = arena, .schedule = schedule, .agent = agent, .harvest = harvest
	};
	const struct schedule_agent *me = self(&j);
	read_patterns(&j);
	find_beside(&j);
	for (size_t i = 0; i < harvest->n; i++) {
		const struct harvest_change *change = &harvest->at[i];
		if (change->refused)
			judge_refused(&j, change);
		else if (!change->owned)
			judge_stray(&j, change);
		else if (!change->mode_before && change->mode_after)
			judge_folders(&j, change);
	}
	bool nothing = oid_equal(harvest->tree, harvest->start_tree);
	/* An agent that did everything elsewhere is told so; that nothing is left then is no second
	 * fault. */
	if (nothing && !j.findings.n && me->owns.n + me->creates.n)
		find(&j, GATE_EMPTY, STR(""),
		     arena_format(arena,
				  "`%.*s` ended and has changed nothing that it owns: an exit "
				  "status of 0 is not work "
				  "done",
				  STR_ARG(me->name)),
		     STR("you changed nothing of what you may change: do the task"));
	else if (!nothing)
		judge_creates(&j);
	*gate = (struct gate){ j.findings.at, j.findings.n };
}

struct paths {
	struct arena *arena;
	VEC(struct str) list; /* every file of the base, sorted */
};

static bool add_path(void *self_paths, struct str path, uint32_t mode, struct oid id,
		     struct fail *fail)
{
	struct paths *paths = self_paths;
	const char *why;
	(void)mode, (void)id;
	/* No tree could be written from it. */
	if (!path_is_safe(path, &why))
		return fail_set(fail,
				"the commit has the path \"%.*s\": %s; rename it before a run",
				STR_ARG(path), why);
	if (path.n > PATH_LONGEST)
		return fail_set(
			fail,
			"the commit has a path that is longer than 4,095 bytes, which no program here can open, in "
			"%.*s; rename it before a run",
			SHOWN_OF_LONG, path.at);
	*VEC_ADD(paths->arena, &paths->list) = arena_copy(paths->arena, path);
	return true;
}

/* A path of the base that the pattern matches, or NULL: only paths in its folder are tried. */
static const struct str *first_match(const struct paths *paths, const struct glob *glob)
{
	struct str folder = glob_folder(paths->arena, glob);
	size_t low = 0, high = paths->list.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(paths->list.at[middle], folder) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < paths->list.n && str_starts(paths->list.at[low], folder); low++)
		if (glob_match(glob, paths->list.at[low]))
			return &paths->list.at[low];
	return NULL;
}

static bool made_before(struct judging *j, const struct glob *required)
{
	struct index_list ancestors = schedule_ancestors(j->arena, j->schedule, j->agent);
	for (size_t i = 0; i < ancestors.n; i++)
		for (size_t k = 0; k < j->owned[ancestors.at[i]].n; k++)
			if (glob_meet(j->arena, &j->owned[ancestors.at[i]].glob[k], required, NULL))
				return true;
	return false;
}

static void judge_base(struct judging *j, const struct paths *paths)
{
	const struct schedule_agent *me = self(j);
	for (size_t i = 0; i < me->creates.n; i++) {
		const struct str *there = first_match(paths,
						      &j->owned[j->agent].glob[me->owns.n + i]);
		if (there)
			find(j, GATE_CREATES, me->creates.at[i],
			     arena_format(j->arena,
					  "`%.*s` creates \"%.*s\" (%.*s), but the base has %.*s "
					  "already: make it "
					  "`owns`, or choose another path",
					  STR_ARG(me->name), STR_ARG(me->creates.at[i]),
					  STR_ARG(me->place), STR_ARG(*there)),
			     STR(""));
	}
	for (size_t i = 0; i < me->requires.n; i++) {
		struct glob required;
		read_one(j->arena, me->requires.at[i], &required);
		if (!first_match(paths, &required) && !made_before(j, &required))
			find(j, GATE_EMPTY, me->requires.at[i],
			     arena_format(j->arena,
					  "`%.*s` requires \"%.*s\" (%.*s), which is not in the "
					  "base and which "
					  "nothing that it comes after makes: let it come `after` "
					  "the agent that does",
					  STR_ARG(me->name), STR_ARG(me->requires.at[i]),
					  STR_ARG(me->place)),
			     STR(""));
	}
}

bool gate_base(struct arena *arena, struct repo *repo, const struct schedule *schedule,
	       struct oid base, struct gate *gate, struct fail *fail)
{
	struct judging j = { .arena = arena, .schedule = schedule };
	struct paths paths = { .arena = arena };
	struct oid tree;
	read_patterns(&j);
	if (!repo_commit_tree(repo, base, &tree, fail) ||
	    !repo_tree_files(repo, tree, add_path, &paths, fail))
		return false;
	for (; j.agent < schedule->agent_n; j.agent++)
		judge_base(&j, &paths);
	*gate = (struct gate){ j.findings.at, j.findings.n };
	return true;
}
