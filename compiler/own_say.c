/* own_say.c — what an overlap looks like to its author: who, a path that they own in common, since
 * "src/" against "**.py" convinces no one, where that is said, and the `after`s that settle it with
 * what they cost. */
#include "compiler/own_inside.h"

#include "common/glob.h"
#include "compiler/edit.h"
#include "compiler/eval.h"
#include "schedule/simulate.h"

#include <stdlib.h>

enum { NAMES = 3, PLACES = 4, PRICED_MOST = 20000000 };

/* The agents of a cause, each once. */
struct member {
	uint32_t agent, pattern;
	size_t pairs; /* how many pairs it is in */
};
struct saying {
	struct own *own;
	struct own_cause *cause;
	struct diags *diags;
	struct arena *arena;   /* for texts that stay */
	struct member *member; /* by agent */
	size_t n;
	size_t centre; /* the member that is in all pairs, where there are several; or n */
	struct str path;
};

static struct str name_of(const struct own *o, uint32_t agent)
{
	return o->plan->agents.at[agent].name;
}

static struct span place_of(const struct saying *s, const struct member *member)
{
	return own_pattern(s->own, member->agent, member->pattern)->span;
}

static bool same_place(struct span a, struct span b)
{
	return a.source == b.source && a.start == b.start;
}

static int member_compare(const void *x, const void *y)
{
	const struct member *a = x, *b = y;
	return (a->agent > b->agent) - (a->agent < b->agent);
}

static void gather(struct saying *s)
{
	const struct own_cause *cause = s->cause;
	struct member *all = ARENA_MANY(s->own->scratch, cause->pair_n * 2, struct member);
	for (size_t i = 0; i < cause->pair_n; i++) {
		const struct own_pair *pair = &cause->pair[i];
		all[i * 2] = (struct member){ pair->a, pair->pattern_a, 1 };
		all[i * 2 + 1] = (struct member){ pair->b, pair->pattern_b, 1 };
	}
	qsort(all, cause->pair_n * 2, sizeof *all, member_compare);
	for (size_t i = 0; i < cause->pair_n * 2; i++) {
		if (s->n && all[s->n - 1].agent == all[i].agent)
			all[s->n - 1].pairs++;
		else
			all[s->n++] = all[i];
	}
	s->member = all;
	s->centre = s->n;
	for (size_t i = s->n; i-- > 0 && cause->pair_n > 1;)
		if (all[i].pairs == cause->pair_n)
			s->centre = i;
}

static bool all_own(struct saying *s, struct str path)
{
	struct glob_error error;
	for (size_t i = 0; i < s->n; i++) {
		struct str pattern =
			own_pattern(s->own, s->member[i].agent, s->member[i].pattern)->text;
		struct glob glob;
		if (!glob_parse(s->own->scratch, pattern, &glob, &error) ||
		    !glob_match(&glob, path))
			return false;
	}
	return true;
}

/* A short path that all members own. The first two may meet elsewhere, in an alternative of a brace
 * that others do not have: then their alternatives are tried one by one, for the cause is about two
 * of them. */
static struct str common_path(struct saying *s)
{
	const struct own_pair *pair = &s->cause->pair[0];
	struct glob a, b;
	struct glob_error error;
	struct str path = STR(""), other;
	bool good = glob_parse(s->own->scratch, own_pattern(s->own, pair->a, pair->pattern_a)->text,
			       &a, &error) &&
		    glob_parse(s->own->scratch, own_pattern(s->own, pair->b, pair->pattern_b)->text,
			       &b, &error) &&
		    glob_meet(s->arena, &a, &b, &path);
	BUG_IF(!good, "the proof and glob_meet() do not agree");
	if (s->n == 2 || (a.n == 1 && b.n == 1) || all_own(s, path))
		return path;
	for (size_t i = 0; i < a.n * b.n; i++) {
		const struct glob x = { &a.at[i / b.n], 1 }, y = { &b.at[i % b.n], 1 };
		if (glob_meet(s->arena, &x, &y, &other) && all_own(s, other))
			return other;
	}
	return path;
}

/* "`a`, `b` and 398 more": of the members at these, but for the one at `without`. */
static struct str names_text(const struct saying *s, const size_t *at, size_t n)
{
	struct text out = { 0 };
	size_t shown = n <= NAMES + 1 ? n : NAMES;
	for (size_t i = 0; i < shown; i++) {
		const char *between = !i ? "" : i + 1 == n ? " and " : ", ";
		text_addf(&out, "%s`%.*s`", between,
			  STR_ARG(name_of(s->own, s->member[at[i]].agent)));
	}
	if (shown < n)
		text_addf(&out, " and %zu more", n - shown);
	struct str text = arena_copy(s->arena, text_str(&out));
	text_release(&out);
	return text;
}

static struct str others_text(const struct saying *s, size_t without)
{
	size_t *at = ARENA_MANY(s->own->scratch, s->n, size_t), n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (i != without)
			at[n++] = i;
	return names_text(s, at, n);
}

static struct diag *say_who(struct saying *s, struct span place)
{
	struct str path = s->path, all = others_text(s, s->n);
	if (s->n == 2)
		return diag_add(s->diags, DIAG_OVERLAP, place,
				"%.*s may run at the same time, and both own `%.*s`", STR_ARG(all),
				STR_ARG(path));
	if (s->centre < s->n)
		return diag_add(
			s->diags, DIAG_OVERLAP, place,
			"`%.*s` may run at the same time as %.*s, and owns `%.*s` as they do",
			STR_ARG(name_of(s->own, s->member[s->centre].agent)),
			STR_ARG(others_text(s, s->centre)), STR_ARG(path));
	if (s->cause->pair_n == s->n * (s->n - 1) / 2)
		return diag_add(s->diags, DIAG_OVERLAP, place,
				"%.*s may run at the same time, and all own `%.*s`", STR_ARG(all),
				STR_ARG(path));
	struct diag *diag = diag_add(s->diags, DIAG_OVERLAP, place,
				     "%.*s own `%.*s`, and not all of them wait for one another",
				     STR_ARG(all), STR_ARG(path));
	const struct own_pair *pair = &s->cause->pair[0];
	if (!s->cause->cut)
		diag_note(s->diags, diag,
			  "%zu pairs of them may run at the same time, such as `%.*s` and `%.*s`",
			  s->cause->pair_n, STR_ARG(name_of(s->own, pair->a)),
			  STR_ARG(name_of(s->own, pair->b)));
	return diag;
}

/* A group or a template says it for all of them. */
static void say_once(struct saying *s)
{
	struct diag *diag = say_who(s, place_of(s, &s->member[0]));
	if (s->n == 2)
		diag_here(s->diags, diag, "said for both");
	else
		diag_here(s->diags, diag, "said for all %zu", s->n);
	for (size_t i = 0; i < s->n && i < NAMES; i++)
		diag_label(s->diags, diag, s->own->plan->agents.at[s->member[i].agent].span, "%s",
			   s->n == 2 && i ? "the other" : "one of them");
}

static void label(struct saying *s, struct diag *diag, struct span place, const size_t *owner,
		  size_t n)
{
	struct str names = names_text(s, owner, n);
	if (same_place(place, diag->span))
		diag_here(s->diags, diag, "owned by %.*s", STR_ARG(names));
	else
		diag_label(s->diags, diag, place, "owned by %.*s", STR_ARG(names));
}

/* Several places: the last that is shown is the message's own, unless one agent is what it is
 * about. */
static void say_places(struct saying *s)
{
	struct span place[PLACES];
	size_t places = 0, *owner = ARENA_MANY(s->own->scratch, s->n, size_t);
	if (s->centre < s->n)
		place[places++] = place_of(s, &s->member[s->centre]);
	for (size_t i = 0; i < s->n && places < PLACES; i++) {
		struct span span = place_of(s, &s->member[i]);
		bool known = false;
		for (size_t k = 0; k < places; k++)
			known = known || same_place(place[k], span);
		if (!known)
			place[places++] = span;
	}
	struct diag *diag = say_who(s, place[s->centre < s->n ? 0 : places - 1]);
	size_t shown = 0;
	for (size_t k = 0; k < places; k++) {
		size_t n = 0;
		for (size_t i = 0; i < s->n; i++)
			if (same_place(place[k], place_of(s, &s->member[i])))
				owner[n++] = i;
		label(s, diag, place[k], owner, n);
		shown += n;
	}
	if (shown < s->n)
		diag_note(s->diags, diag, "and so do %zu more agents, not shown here",
			  s->n - shown);
}

/* The fixes of a cause. */

static struct str price(struct own *o, const struct own_cause *cause)
{
	struct arena *arena = o->load->arena;
	uint64_t before = o->settle.path_before, path;
	if (cause->fixes.n == 1 && cause->fixes.at[0].n == 1) {
		uint32_t first = o->order->rank[cause->fixes.at[0].before[0]],
			 last = o->order->rank[cause->fixes.at[0].agent];
		path = o->start[first] + simulate_duration(&o->schedule->agent[first]) +
		       o->tail[last];
	} else {
		VEC(struct settle_edge) edges = { 0 };
		if (o->priced > PRICED_MOST)
			return STR("");
		o->priced += o->plan->agents.n;
		for (size_t i = 0; i < cause->fixes.n; i++)
			for (size_t j = 0; j < cause->fixes.at[i].n; j++)
				*VEC_ADD(o->scratch, &edges) = (struct settle_edge){
					o->order->rank[cause->fixes.at[i].before[j]],
					o->order->rank[cause->fixes.at[i].agent]
				};
		path = settle_path(o->schedule, edges.at, edges.n);
	}
	struct str old = eval_duration_text(arena, before);
	if (path <= before)
		return arena_format(arena, " (the critical path stays %.*s)", STR_ARG(old));
	struct str added = eval_duration_text(arena, path - before),
		   new = eval_duration_text(arena, path);
	return arena_format(arena, " (adds %.*s to the critical path: %.*s → %.*s)", STR_ARG(added),
			    STR_ARG(old), STR_ARG(new));
}

/* Is there a critical path to speak of? */
static bool any_estimate(const struct own *o)
{
	if (!o->order->sound)
		return false;
	for (size_t i = 0; i < o->schedule->agent_n; i++)
		if (o->schedule->agent[i].estimate)
			return true;
	return false;
}

static struct str before_text(const struct own *o, const struct own_fix *fix)
{
	struct text out = { 0 };
	for (size_t i = 0; i < fix->n; i++)
		text_addf(&out, "%s`%.*s`",
			  !i                ? ""
			  : i + 1 == fix->n ? " and "
					    : ", ",
			  STR_ARG(name_of(o, fix->before[i])));
	struct str text = arena_copy(o->load->arena, text_str(&out));
	text_release(&out);
	return text;
}

/* "let `b` come after `a`, `c` after `b`, and so on for 397 more". */
static struct str title(const struct own *o, const struct own_cause *cause)
{
	struct text out = { 0 };
	size_t n = cause->fixes.n, shown = n <= NAMES + 1 ? n : NAMES;
	for (size_t i = 0; i < shown; i++) {
		const struct own_fix *fix = &cause->fixes.at[i];
		text_addf(&out, "%s`%.*s` %safter %.*s",
			  !i           ? "let "
			  : i + 1 == n ? " and "
				       : ", ",
			  STR_ARG(name_of(o, fix->agent)), i ? "" : "come ",
			  STR_ARG(before_text(o, fix)));
	}
	if (shown < n)
		text_addf(&out, ", and so on for %zu more", n - shown);
	if (n == 1)
		text_addf(&out, ": `after %.*s`",
			  STR_ARG(edit_after_names(o->load, o->plan, cause->fixes.at[0].before,
						   cause->fixes.at[0].n)));
	struct str text = arena_copy(o->load->arena, text_str(&out));
	text_release(&out);
	return text;
}

static void propose(struct own *o, struct own_cause *cause, struct diag *diag)
{
	struct diags *diags = o->load->diags;
	struct diag_fix *fix = NULL;
	struct own_cause here = *cause; /* with the fixes that can be written down here */
	here.fixes.n = here.fixes.cap = 0;
	struct str cost = any_estimate(o) && cause->fixes.n ? price(o, cause) : STR("");
	struct diag_edit *edits = ARENA_MANY(o->scratch, cause->fixes.n, struct diag_edit);
	for (size_t i = 0; i < cause->fixes.n; i++) {
		const struct own_fix *at = &cause->fixes.at[i];
		if (edit_after_all(o->load, o->plan, at->agent, at->before, at->n,
				   &edits[here.fixes.n]))
			*VEC_ADD(o->scratch, &here.fixes) = *at;
		else
			diag_help(
				diags, diag,
				"let `%.*s` come after %.*s%.*s, by way of a group: agents of other files cannot "
				"be named",
				STR_ARG(name_of(o, at->agent)), STR_ARG(before_text(o, at)),
				STR_ARG(cost));
	}
	for (size_t i = 0; i < here.fixes.n; i++) {
		if (fix)
			*VEC_ADD(diags->arena, &fix->edits) = edits[i];
		else
			fix = diag_fix(diags, diag, DIAG_UNSAFE, edits[i].span, edits[i].text,
				       "%.*s%.*s", STR_ARG(title(o, &here)), STR_ARG(cost));
	}
	if (!cause->fixes.n)
		diag_help(diags, diag,
			  "what is proposed for the other overlaps settles this one, too");
}

void own_say(struct own *o, struct own_cause *cause)
{
	struct saying s = {
		.own = o, .cause = cause, .diags = o->load->diags, .arena = o->load->arena
	};
	gather(&s);
	s.path = common_path(&s);
	bool once = true;
	for (size_t i = 1; i < s.n; i++)
		once = once && same_place(place_of(&s, &s.member[i]), place_of(&s, &s.member[0]));
	cause->diag = (uint32_t)s.diags->list.n;
	if (once)
		say_once(&s);
	else
		say_places(&s);
	propose(o, cause, &s.diags->list.at[cause->diag]);
}

void own_say_total(struct own *o)
{
	struct diags *diags = o->load->diags;
	const struct settle *settle = &o->settle;
	struct diag *first = &diags->list.at[o->causes.at[0].diag];
	for (size_t i = 1; i < o->causes.n; i++) {
		struct diag *diag = &diags->list.at[o->causes.at[i].diag];
		if (diag->span.source < first->span.source ||
		    (diag->span.source == first->span.source &&
		     diag->span.start < first->span.start))
			first = diag;
	}
	if (!any_estimate(o) || (o->causes.n == 1 && settle->least))
		return;
	const char *which = settle->least ? "; no other choice of `after`s adds less"
					  : "; of the choices that were tried, none adds less";
	struct str all = o->causes.n == 1 ? STR("the fix")
					  : arena_format(diags->arena,
							 "the fixes of all %zu overlaps together",
							 o->causes.n);
	struct str before = eval_duration_text(diags->arena, settle->path_before);
	if (settle->path == settle->path_before) {
		diag_note(diags, first, "%.*s leave%s the critical path at %.*s", STR_ARG(all),
			  o->causes.n == 1 ? "s" : "", STR_ARG(before));
		return;
	}
	struct str added = eval_duration_text(diags->arena, settle->path - settle->path_before);
	struct str after = eval_duration_text(diags->arena, settle->path);
	diag_note(diags, first, "%.*s add%s %.*s to the critical path: %.*s → %.*s%s", STR_ARG(all),
		  o->causes.n == 1 ? "s" : "", STR_ARG(added), STR_ARG(before), STR_ARG(after),
		  which);
}
