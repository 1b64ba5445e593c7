/* race.c — see race.h.
 *
 * Two patterns can only meet if the longest folder without wildcards of one is that of the other, or above
 * it; a path without wildcards counts as a folder here. So owned patterns are sorted by that folder, and what
 * a read pattern may meet is what is below its folder, which lies together, and what is at each folder above
 * it. All questions about who comes after whom are asked at once. */
#include "compiler/race.h"

#include "common/glob.h"
#include "compiler/edit.h"

#include <stdlib.h>

struct owned {
	struct str folder;	/* with a slash at its end; empty for the root */
	struct glob glob;
	uint32_t agent;
	const struct plan_text *text;
};
struct meeting {
	uint32_t agent;		/* that reads */
	const struct plan_text *read;
	const struct owned *owned;
};
struct racing {
	struct load *load;
	const struct plan *plan;
	struct arena *arena;
	VEC(struct owned) owned;	/* by folder */
	VEC(struct meeting) meetings;	/* by agent, then by pattern */
};

/* Of one path without wildcards, the path itself: as a folder, it has all under it. */
static struct str folder_of(struct arena *arena, const struct glob *glob)
{
	struct str folder = glob_folder(arena, glob);
	if (glob_is_literal(glob)) {
		const struct glob_alternative *path = &glob->at[0];
		return folder.n ? arena_format(arena, "%.*s/%.*s/", STR_ARG(folder), STR_ARG(path->at[path->n - 1].text)) :
				  arena_format(arena, "%.*s/", STR_ARG(path->at[path->n - 1].text));
	}
	return folder.n ? arena_format(arena, "%.*s/", STR_ARG(folder)) : STR("");
}

static bool parse(struct racing *r, struct str text, struct glob *glob)
{
	struct glob_error error;
	bool good = glob_parse(r->arena, text, glob, &error);
	BUG_IF(!good, "a pattern that was not checked");
	return good;
}

static int compare_owned(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;
	int order = str_compare(x->folder, y->folder);
	return order ? order : x->agent != y->agent ? (x->agent > y->agent) - (x->agent < y->agent) :
						     (x->text > y->text) - (x->text < y->text);
}

static void collect_owned(struct racing *r)
{
	for (uint32_t agent = 0; agent < r->plan->agents.n; agent++)
		for (unsigned which = PLAN_OWNS; which <= PLAN_CREATES; which++) {
			const struct plan_texts *list = &r->plan->agents.at[agent].list[which];
			for (size_t i = 0; i < list->list.n; i++) {
				struct owned *owned = VEC_ADD(r->arena, &r->owned);
				*owned = (struct owned){ .agent = agent, .text = &list->list.at[i] };
				parse(r, owned->text->text, &owned->glob);
				owned->folder = folder_of(r->arena, &owned->glob);
			}
		}
	if (r->owned.n)
		qsort(r->owned.at, r->owned.n, sizeof *r->owned.at, compare_owned);
}

/* The first whose folder is not before `folder`. */
static size_t find_first(const struct racing *r, struct str folder)
{
	size_t low = 0, high = r->owned.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(r->owned.at[middle].folder, folder) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void try_owned(struct racing *r, struct meeting meeting, const struct glob *read)
{
	const struct meeting *last = r->meetings.n ? &r->meetings.at[r->meetings.n - 1] : NULL;
	bool known = last && last->read == meeting.read && last->agent == meeting.agent &&
		     last->owned->agent == meeting.owned->agent;
	struct arena_mark mark = arena_mark(r->arena);
	bool meets = meeting.owned->agent != meeting.agent && !known &&
		     glob_meet(r->arena, read, &meeting.owned->glob, NULL);
	arena_reset(r->arena, mark);
	if (meets)
		*VEC_ADD(r->arena, &r->meetings) = meeting;
}

static void meet(struct racing *r, uint32_t agent, const struct plan_text *text)
{
	struct glob read;
	parse(r, text->text, &read);
	struct str folder = folder_of(r->arena, &read);
	for (size_t end = 0; end < folder.n; end++) {
		if (end && folder.at[end - 1] != '/')
			continue;
		struct str above = str_slice(folder, 0, end);
		for (size_t i = find_first(r, above); i < r->owned.n && str_equal(r->owned.at[i].folder, above); i++)
			try_owned(r, (struct meeting){ agent, text, &r->owned.at[i] }, &read);
	}
	for (size_t i = find_first(r, folder); i < r->owned.n && str_starts(r->owned.at[i].folder, folder); i++)
		try_owned(r, (struct meeting){ agent, text, &r->owned.at[i] }, &read);
}

static void say(struct racing *r, const struct meeting *meeting)
{
	struct diags *diags = r->load->diags;
	const struct plan_agent *reader = &r->plan->agents.at[meeting->agent];
	const struct plan_agent *owner = &r->plan->agents.at[meeting->owned->agent];
	struct glob read;
	struct str witness = { 0 };
	struct diag_edit edit;
	parse(r, meeting->read->text, &read);
	glob_meet(r->arena, &read, &meeting->owned->glob, &witness);
	struct diag *diag = diag_add(diags, DIAG_READ_RACE, meeting->read->span,
				     "`%.*s` relies on `%.*s`, which `%.*s` may change at the same time",
				     STR_ARG(reader->name), STR_ARG(witness), STR_ARG(owner->name));
	diag_here(diags, diag, "read by `%.*s`", STR_ARG(reader->name));
	diag_label(diags, diag, meeting->owned->text->span, "owned by `%.*s`", STR_ARG(owner->name));
	diag_note(diags, diag, "`%.*s` sees it as it is at the base, without what `%.*s` does", STR_ARG(reader->name),
		  STR_ARG(owner->name));
	if (!edit_after(r->load, r->plan, meeting->agent, meeting->owned->agent, &edit))
		return;
	diag_fix(diags, diag, DIAG_UNSAFE, edit.span, edit.text, "if it should see that, let it come after: `after %.*s`",
		 STR_ARG(source_text(r->load->sources, owner->span)));
}

void race_check(struct load *load, const struct plan *plan, const struct order *order)
{
	struct arena scratch = { 0 };
	struct racing r = { .load = load, .plan = plan, .arena = &scratch };
	size_t reads = 0;
	for (size_t i = 0; i < plan->agents.n; i++)
		reads += plan->agents.at[i].list[PLAN_READS].list.n;
	if (!reads)
		return;
	collect_owned(&r);
	for (uint32_t agent = 0; agent < plan->agents.n; agent++) {
		const struct plan_texts *list = &plan->agents.at[agent].list[PLAN_READS];
		for (size_t i = 0; i < list->list.n; i++)
			meet(&r, agent, &list->list.at[i]);
	}
	size_t n = r.meetings.n;
	struct graph_question *questions = ARENA_MANY(r.arena, 2 * n, struct graph_question);
	for (size_t i = 0; i < n; i++) {
		uint32_t reader = r.meetings.at[i].agent, owner = r.meetings.at[i].owned->agent;
		questions[2 * i] = (struct graph_question){ owner, reader, false };
		questions[2 * i + 1] = (struct graph_question){ reader, owner, false };
	}
	graph_reach(&order->graph, order->agent, questions, 2 * n);
	struct map said = { 0 };	/* by the pattern's address: what a group reads, all its members do */
	for (size_t i = 0; i < n; i++) {
		const struct meeting *meeting = &r.meetings.at[i];
		struct str key = { (const char *)&meeting->read, sizeof meeting->read };
		if (questions[2 * i].holds || questions[2 * i + 1].holds || map_find(&said, key))
			continue;
		map_add(r.arena, &said, key, 0);
		say(&r, meeting);
	}
	arena_release(&scratch);
}
