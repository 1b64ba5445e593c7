/* draft_check.c — see draft_check.h.
 *
 * A finding names all places that take part in it, so that its author can decide which of them is
 * right. */
#include "compiler/draft_check.h"

#include "common/glob.h"
#include "compiler/draft_conflict.h"
#include "compiler/draft_order.h"
#include "compiler/import_word.h"

#include <stdlib.h>

enum { LABELS_MOST = 4, ALIKE = 50 };

static uint32_t line_of(const struct draft *d, struct span span)
{
	return source_place(d->sources, span.source, span.start).line;
}

static struct str duration(const struct draft *d, uint64_t seconds)
{
	struct text out = { 0 };
	text_add_duration(&out, seconds);
	struct str text = arena_copy(d->arena, text_str(&out));
	text_release(&out);
	return text;
}

static struct str range(const struct draft *d, uint64_t least, uint64_t most)
{
	if (least == most)
		return duration(d, most);
	return arena_format(d->arena, "%.*s to %.*s", STR_ARG(duration(d, least)),
			    STR_ARG(duration(d, most)));
}

static int compare_lines(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* "lines 37–41, 51": ascending, runs joined. */
static struct str lines_text(const struct draft *d, uint32_t *lines, size_t n)
{
	struct text out = { 0 };
	qsort(lines, n, sizeof *lines, compare_lines);
	text_add(&out, n == 1 ? STR("line ") : STR("lines "));
	for (size_t i = 0; i < n;) {
		size_t last = i;
		while (last + 1 < n && lines[last + 1] <= lines[last] + 1)
			last++;
		text_addf(&out, "%s%u", i ? ", " : "", lines[i]);
		if (lines[last] > lines[i])
			text_addf(&out, "–%u", lines[last]);
		i = last + 1;
	}
	struct str text = arena_copy(d->arena, text_str(&out));
	text_release(&out);
	return text;
}

/* ---- files */

/* Where the document first says this path of the agent, be it without its folder. */
static struct span first_place(const struct draft_agent *agent, const struct draft_path *path)
{
	for (size_t i = 0; i < agent->paths.n; i++)
		if (str_equal(agent->paths.at[i].path, path->path) ||
		    (agent->paths.at[i].bare && str_ends(path->path, agent->paths.at[i].path)))
			return agent->paths.at[i].span;
	return path->span;
}

static bool same_span(struct span a, struct span b)
{
	return a.start == b.start && a.end == b.end;
}

static void say_overlap(const struct draft *d, uint32_t a, const struct draft_path *x, uint32_t b,
			const struct draft_path *y, struct str witness, bool ordered)
{
	const struct draft_agent *first = &d->agents.at[a], *second = &d->agents.at[b];
	struct span here = first_place(second, y), there = first_place(first, x);
	struct diag *diag = diag_add(
		d->diags, DIAG_CONTRADICTION, here,
		"`%.*s` and `%.*s` both change `%.*s`, and the document says that no file is shared",
		STR_ARG(first->name), STR_ARG(second->name), STR_ARG(witness));
	diag_here(d->diags, diag, "`%.*s`", STR_ARG(second->name));
	diag_label(d->diags, diag, there, "`%.*s`", STR_ARG(first->name));
	if (!same_span(x->span, there))
		diag_label(d->diags, diag, x->span, "so does its prompt");
	if (!same_span(y->span, here))
		diag_label(d->diags, diag, y->span, "so does its prompt");
	for (size_t i = 0; i < d->no_sharing.list.n && i < LABELS_MOST; i++)
		diag_label(d->diags, diag, d->no_sharing.list.at[i].span, "said here");
	for (size_t i = 0; i < d->no_overlap.list.n && i < LABELS_MOST && !ordered; i++)
		diag_label(d->diags, diag, d->no_overlap.list.at[i].span, "said here");
	if (ordered) {
		diag_note(
			d->diags, diag,
			"they run one after the other, so nothing collides; what is said is not so");
		return;
	}
	diag_help(
		d->diags, diag,
		"let one wait for the other; `orchc check` on the imported plan says which is cheaper");
}

static bool meet(const struct draft *d, const struct draft_path *x, const struct draft_path *y,
		 struct str *witness)
{
	struct glob a, b;
	struct glob_error error;
	struct arena_mark mark = arena_mark(d->arena);
	bool met = glob_parse(d->arena, x->path, &a, &error) &&
		   glob_parse(d->arena, y->path, &b, &error) &&
		   glob_meet(d->arena, &a, &b, witness);
	if (!met)
		arena_reset(d->arena, mark);
	return met;
}

static bool find_overlap(const struct draft *d, uint32_t a, uint32_t b, bool ordered)
{
	for (size_t i = 0; i < d->agents.at[a].paths.n; i++)
		for (size_t j = 0; j < d->agents.at[b].paths.n; j++) {
			const struct draft_path *x = &d->agents.at[a].paths.at[i],
						*y = &d->agents.at[b].paths.at[j];
			struct str witness;
			if (!x->settled || !y->settled || x->access == DRAFT_READS ||
			    y->access == DRAFT_READS || !meet(d, x, y, &witness))
				continue;
			say_overlap(d, a, x, b, y, witness, ordered);
			return true;
		}
	return false;
}

static void check_overlaps(const struct draft *d, const struct draft_order *order)
{
	size_t n = d->agents.n;
	if ((!d->no_overlap.list.n && !d->no_sharing.list.n) || !order->before)
		return;
	for (uint32_t a = 0; a < n; a++)
		for (uint32_t b = a + 1; b < n; b++) {
			bool ordered = order->before[a * n + b] || order->before[b * n + a];
			if (!ordered || d->no_sharing.list.n)
				find_overlap(d, a, b, ordered);
		}
}

/* Names without their folders, where the prompt has the whole path. */
static void check_bare(const struct draft *d)
{
	struct diag *diag = NULL;
	VEC(uint32_t) lines = { 0 };
	size_t shown = 0;
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		for (size_t p = 0; p < agent->paths.n; p++) {
			const struct draft_path *path = &agent->paths.at[p], *full = NULL;
			for (size_t q = 0; q < agent->paths.n; q++)
				if (agent->paths.at[q].settled &&
				    agent->paths.at[q].path.n > path->path.n &&
				    str_ends(agent->paths.at[q].path, path->path))
					full = &agent->paths.at[q];
			if (!path->bare || path->settled || !full)
				continue;
			*VEC_ADD(d->arena, &lines) = line_of(d, path->span);
			if (!diag) {
				diag = diag_add(d->diags, DIAG_VAGUE, path->span,
						"files are named without their folders");
				diag_here(d->diags, diag, "which `%.*s`?", STR_ARG(path->path));
			}
			if (shown++ < 2)
				diag_label(d->diags, diag, full->span, "its prompt says which");
		}
	}
	if (!diag)
		return;
	diag_note(d->diags, diag, "%.*s; the whole paths were taken from the prompts",
		  STR_ARG(lines_text(d, lines.at, lines.n)));
}

/* A bare name that stayed, although others of the plan have a file of that name somewhere. */
static void check_ambiguous(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++)
		for (size_t p = 0; p < d->agents.at[i].paths.n; p++) {
			const struct draft_path *path = &d->agents.at[i].paths.at[p];
			struct diag *diag = NULL;
			for (size_t j = 0; j < d->agents.n && path->bare && path->settled; j++)
				for (size_t q = 0; q < d->agents.at[j].paths.n; q++) {
					const struct draft_path *other =
						&d->agents.at[j].paths.at[q];
					struct str tail = arena_format(d->arena, "/%.*s",
								       STR_ARG(path->path));
					if (!str_ends(other->path, tail))
						continue;
					if (!diag)
						diag = diag_add(
							d->diags, DIAG_VAGUE, path->span,
							"`%.*s` could be a file in the root, or another one",
							STR_ARG(path->path));
					if (diag->labels.n < LABELS_MOST)
						diag_label(d->diags, diag, other->span,
							   "this one?");
				}
			if (diag)
				diag_note(d->diags, diag,
					  "it was taken as it is written, as a file in the root");
		}
}

static void check_vague_paths(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		for (size_t v = 0; v < agent->vague_paths.list.n; v++) {
			const struct draft_text *vague = &agent->vague_paths.list.at[v];
			struct diag *diag =
				diag_add(d->diags, DIAG_VAGUE, vague->span,
					 "`%.*s` names no file that could be held against it",
					 STR_ARG(vague->text));
			const struct draft_path *path = NULL;
			for (size_t p = 0; p < agent->paths.n && !path; p++)
				path = agent->paths.at[p].settled &&
						       agent->paths.at[p].access != DRAFT_READS
					       ? &agent->paths.at[p]
					       : NULL;
			if (path) {
				diag_label(d->diags, diag, path->span, "its prompt names one");
				diag_note(d->diags, diag, "`%.*s` owns `%.*s` in the imported plan",
					  STR_ARG(agent->name), STR_ARG(path->path));
			} else {
				diag_help(d->diags, diag, "name the files that `%.*s` may change",
					  STR_ARG(agent->name));
			}
		}
	}
}

/* All in one finding: whole columns are filled so. */
static void check_vague_times(const struct draft *d)
{
	struct diag *diag = NULL;
	VEC(uint32_t) lines = { 0 };
	for (size_t i = 0; i < d->agents.n; i++)
		for (size_t t = 0; t < d->agents.at[i].vague_times.list.n; t++) {
			const struct draft_text *vague = &d->agents.at[i].vague_times.list.at[t];
			*VEC_ADD(d->arena, &lines) = line_of(d, vague->span);
			if (!diag)
				diag = diag_add(
					d->diags, DIAG_VAGUE, vague->span,
					"`%.*s` is no time: `%.*s` has no estimate in the plan",
					STR_ARG(vague->text), STR_ARG(d->agents.at[i].name));
		}
	if (!diag)
		return;
	if (lines.n > 1)
		diag_note(d->diags, diag, "the same in %zu places: %.*s", lines.n,
			  STR_ARG(lines_text(d, lines.at, lines.n)));
	diag_help(d->diags, diag, "write a time, as in `2h` or `30-45 min`");
}

/* "../x" and "/x"; a `..` further in may lead anywhere. */
static bool leads_out(struct str path)
{
	return path.at[0] == '/' || path.at[0] == '~' || str_starts(path, STR("../"));
}

/* Each path once, however often it is said of the agent. */
static void check_refused(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_texts *refused = &d->agents.at[i].refused;
		for (size_t p = 0; p < refused->list.n; p++) {
			struct str path = refused->list.at[p].text;
			struct glob glob;
			struct glob_error error;
			bool known = false;
			for (size_t before = 0; before < p && !known; before++)
				known = str_equal(refused->list.at[before].text, path);
			if (known || glob_parse(d->arena, path, &glob, &error))
				continue;
			struct diag *diag = diag_add(
				d->diags, DIAG_UNPLACED, refused->list.at[p].span,
				"`%.*s` is left out of the files of `%.*s`: %s", STR_ARG(path),
				STR_ARG(d->agents.at[i].name),
				leads_out(path) ? "it is outside of the repository" : error.text);
			diag_help(
				d->diags, diag,
				"an agent can only change files of the repository that its plan is in");
		}
	}
}

/* ---- order */

static void check_alone(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		if (!agent->alone.list.n || (!agent->waits.list.n && !agent->after.n))
			continue;
		struct diag *diag =
			diag_add(d->diags, DIAG_CONTRADICTION, agent->alone.list.at[0].span,
				 "`%.*s` depends on nothing here, and on something elsewhere",
				 STR_ARG(agent->name));
		for (size_t w = 0; w < agent->waits.list.n && w < LABELS_MOST; w++)
			diag_label(d->diags, diag, agent->waits.list.at[w].span, "on `%.*s`",
				   STR_ARG(agent->waits.list.at[w].text));
		for (size_t e = 0; e < agent->after.n && e < LABELS_MOST; e++)
			diag_label(d->diags, diag, agent->after.at[e].span, "on `%.*s`",
				   STR_ARG(d->agents.at[agent->after.at[e].agent].name));
		if (agent->waits.list.n)
			diag_note(
				d->diags, diag,
				"no agent makes that, so the imported plan has only a comment: is it there at the base?");
	}
}

/* What an agent waits for that nobody says it makes. */
static void check_waits(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		for (size_t w = 0; w < agent->waits.list.n && !agent->alone.list.n; w++) {
			struct diag *diag = diag_add(d->diags, DIAG_VAGUE,
						     agent->waits.list.at[w].span,
						     "`%.*s` waits for `%.*s`, which is no agent",
						     STR_ARG(agent->name),
						     STR_ARG(agent->waits.list.at[w].text));
			diag_help(
				d->diags, diag,
				"name the agent that makes it; if it is there already, nothing needs to be said");
		}
	}
}

/* What waits for something that nobody will do. */
static void check_dropped(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		for (size_t e = 0; e < agent->after.n && !agent->done; e++) {
			const struct draft_agent *other = &d->agents.at[agent->after.at[e].agent];
			if (!other->status.n)
				continue;
			struct diag *diag = diag_add(d->diags, DIAG_CONTRADICTION,
						     agent->after.at[e].span,
						     "`%.*s` waits for `%.*s`, which is %.*s",
						     STR_ARG(agent->name), STR_ARG(other->name),
						     STR_ARG(other->status));
			diag_label(d->diags, diag, other->span,
				   "this one is switched off in the plan");
		}
	}
}

static void check_in_order(const struct draft *d)
{
	if (!d->in_order.list.n || !d->simultaneous.list.n)
		return;
	struct diag *diag =
		diag_add(d->diags, DIAG_CONTRADICTION, d->in_order.list.at[0].span,
			 "agents are to run in an order here, and all at the same time elsewhere");
	for (size_t i = 0; i < d->simultaneous.list.n && i < LABELS_MOST; i++)
		diag_label(d->diags, diag, d->simultaneous.list.at[i].span, "all at the same time");
	diag_note(d->diags, diag,
		  "in the imported plan an agent waits for what is said of it alone");
}

/* ---- claims */

static size_t sum_of(const struct draft *d, uint64_t *least, uint64_t *most)
{
	size_t known = 0;
	*least = *most = 0;
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		if (!agent->times.n)
			continue;
		known++;
		*least += agent->times.at[0].least;
		*most += agent->times.at[0].most;
	}
	return known;
}

/* Claims of one kind that contradict `claim`, as labels. How many. */
static size_t label_claims(const struct draft *d, struct diag *diag,
			   const struct draft_claim *claim)
{
	size_t n = 0;
	for (size_t i = 0; i < d->claims.n; i++) {
		const struct draft_claim *other = &d->claims.at[i];
		if (other == claim || other->kind != claim->kind ||
		    (other->least <= claim->most && claim->least <= other->most))
			continue;
		n++;
		if (diag)
			diag_label(d->diags, diag, other->span, "%.*s here",
				   STR_ARG(range(d, other->least, other->most)));
	}
	return n;
}

static void check_work(const struct draft *d)
{
	uint64_t least, most;
	size_t known = sum_of(d, &least, &most);
	for (size_t i = 0; i < d->claims.n; i++) {
		const struct draft_claim *claim = &d->claims.at[i];
		if (claim->kind != DRAFT_WORK)
			continue;
		bool wrong = known &&
			     (least > claim->most || (known == d->agents.n && most < claim->least));
		/* Of two claims that differ, with nothing to tell which is right, the one about the
		 * whole is shown. */
		bool differs = !known && claim->elsewhere && label_claims(d, NULL, claim);
		if (!wrong && !differs)
			continue;
		struct diag *diag = diag_add(d->diags, DIAG_CONTRADICTION, claim->span,
					     "%.*s of work are claimed%s%.*s",
					     STR_ARG(range(d, claim->least, claim->most)),
					     wrong ? ", and the agents' times add up to "
						   : ", and other work elsewhere",
					     STR_ARG(wrong ? range(d, least, most) : STR("")));
		label_claims(d, diag, claim);
		for (size_t a = 0; a < d->agents.n && wrong; a++)
			if (d->agents.at[a].times.n) {
				diag_label(d->diags, diag, d->agents.at[a].times.at[0].span,
					   "the first of their times");
				break;
			}
		if (wrong && known < d->agents.n)
			diag_note(d->diags, diag,
				  "%zu of the agents have no time, and count nothing",
				  d->agents.n - known);
	}
}

/* "a → b → c", the agents that take longest one after the other. */
static struct str path_text(const struct draft *d, const struct draft_order *order, uint32_t last)
{
	struct str text = arena_format(d->arena, "`%.*s`", STR_ARG(d->agents.at[last].name));
	for (uint32_t i = order->last[last], n = 0; i != DRAFT_NONE && n < 8;
	     i = order->last[i], n++)
		text = arena_format(d->arena, "`%.*s` → %.*s", STR_ARG(d->agents.at[i].name),
				    STR_ARG(text));
	return text;
}

static void check_wall(const struct draft *d, const struct draft_order *order)
{
	uint64_t least, most, longest = 0;
	uint32_t last = 0;
	size_t known = sum_of(d, &least, &most);
	for (uint32_t i = 0; i < d->agents.n; i++)
		if (order->finish[i] > longest) {
			longest = order->finish[i];
			last = i;
		}
	for (size_t i = 0; i < d->claims.n; i++) {
		const struct draft_claim *claim = &d->claims.at[i];
		if (claim->kind != DRAFT_WALL)
			continue;
		bool wrong = known && longest > claim->most,
		     differs = claim->elsewhere && label_claims(d, NULL, claim);
		if (!wrong && !differs)
			continue;
		struct diag *diag = diag_add(
			d->diags, DIAG_CONTRADICTION, claim->span,
			wrong ? "%.*s are claimed from start to end, which the agents' times do not allow"
			      : "%.*s are claimed from start to end, and another time elsewhere",
			STR_ARG(range(d, claim->least, claim->most)));
		label_claims(d, diag, claim);
		if (known)
			diag_note(
				d->diags, diag,
				"by the agents' times and dependencies the critical path takes %.*s: %.*s",
				STR_ARG(duration(d, longest)), STR_ARG(path_text(d, order, last)));
	}
}

static void check_counts(const struct draft *d)
{
	size_t n = d->agents.n;
	for (size_t i = 0; i < d->claims.n; i++) {
		const struct draft_claim *claim = &d->claims.at[i];
		if (claim->kind != DRAFT_AGENTS || (n >= claim->least && n <= claim->most))
			continue;
		struct diag *diag = diag_add(d->diags, DIAG_CONTRADICTION, claim->span,
					     "%u agents are announced, and %zu were found",
					     (unsigned)claim->most, n);
		diag_label(d->diags, diag, d->agents.at[0].span, "the first of them");
		if (n > 1)
			diag_label(d->diags, diag, d->agents.at[n - 1].span, "the last");
	}
}

/* The same agent's title, or time, in two places. */
static void check_twice(const struct draft *d)
{
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		for (size_t t = 1; t < agent->titles.list.n; t++) {
			if (import_word_alike(d->arena, agent->titles.list.at[0].text,
					      agent->titles.list.at[t].text) >= ALIKE)
				continue;
			struct diag *diag = diag_add(d->diags, DIAG_CONTRADICTION,
						     agent->titles.list.at[t].span,
						     "agent %.*s is something else here",
						     STR_ARG(agent->id));
			diag_label(d->diags, diag, agent->titles.list.at[0].span,
				   "it is this here");
		}
		for (size_t t = 1; t < agent->times.n; t++) {
			if (agent->times.at[t].most >= agent->times.at[0].least &&
			    agent->times.at[t].least <= agent->times.at[0].most)
				continue;
			struct diag *diag =
				diag_add(d->diags, DIAG_CONTRADICTION, agent->times.at[t].span,
					 "`%.*s` takes another time here", STR_ARG(agent->name));
			diag_label(d->diags, diag, agent->times.at[0].span,
				   "%.*s here; this one was taken",
				   STR_ARG(range(d, agent->times.at[0].least,
						 agent->times.at[0].most)));
		}
	}
}

/* ---- what is not there */

static bool has_files(const struct draft_agent *agent)
{
	for (size_t i = 0; i < agent->paths.n; i++)
		if (agent->paths.at[i].access != DRAFT_READS)
			return true;
	return false;
}

static void check_missing(const struct draft *d, bool prompts)
{
	VEC(uint32_t) lines = { 0 };
	const struct draft_agent *first = NULL;
	for (size_t i = 0; i < d->agents.n; i++) {
		const struct draft_agent *agent = &d->agents.at[i];
		bool there = prompts ? agent->prompt.kind != DRAFT_NO_PROMPT
				     : has_files(agent) || agent->vague_paths.list.n ||
					       agent->refused.list.n;
		if (there || agent->done)
			continue;
		first = first ? first : agent;
		*VEC_ADD(d->arena, &lines) = line_of(d, agent->span);
	}
	if (!first)
		return;
	size_t n = lines.n;
	const char *what = prompts ? "prompt" : "files that it may change";
	struct diag *diag = n == 1 ? diag_add(d->diags, DIAG_INCOMPLETE, first->span,
					      "an agent has no %s", what)
				   : diag_add(d->diags, DIAG_INCOMPLETE, first->span,
					      "%zu of %zu agents have no %s", n, d->agents.n,
					      prompts ? what : "files that they may change");
	if (n > 1)
		diag_note(d->diags, diag, "%.*s", STR_ARG(lines_text(d, lines.at, n)));
	diag_help(
		d->diags, diag,
		prompts ? "say what it is to do: in a section `### Agent %.*s: …`, or in the imported plan"
			: "say which files: behind `Files:`, or with `owns` in the imported plan (`%.*s`)",
		STR_ARG(!prompts      ? first->name
			: first->id.n ? first->id
				      : STR("N")));
}

void draft_check(const struct draft *draft)
{
	struct draft_order order = draft_order_of(draft);
	check_overlaps(draft, &order);
	check_bare(draft);
	check_ambiguous(draft);
	check_vague_paths(draft);
	check_vague_times(draft);
	check_refused(draft);
	check_alone(draft);
	check_waits(draft);
	check_dropped(draft);
	check_in_order(draft);
	draft_conflict_check(draft);
	check_work(draft);
	check_wall(draft, &order);
	check_counts(draft);
	check_twice(draft);
	check_missing(draft, true);
	check_missing(draft, false);
}
