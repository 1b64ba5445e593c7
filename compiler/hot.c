/* hot.c — see hot.h. False alarms would be worse than none: a manifest counts when it is spelled
 * out, a hot file when nobody owns a folder that it is in. */
#include "compiler/hot.h"

#include "common/path.h"
#include "compiler/owners.h"

static const struct hot_lock {
	const char *manifest, *lock;
} locks[] = {
#define HOT_LOCK(manifest, lock) { manifest, lock },
#define HOT_FILE(path)
#include "compiler/hot.def"
#undef HOT_LOCK
#undef HOT_FILE
};
static const char *const files[] = {
#define HOT_LOCK(manifest, lock) manifest, lock,
#define HOT_FILE(path) path,
#include "compiler/hot.def"
#undef HOT_LOCK
#undef HOT_FILE
};
enum { LOCKS = sizeof locks / sizeof *locks, FILES = sizeof files / sizeof *files };

struct hot {
	struct load *load;
	const struct plan *plan;
	struct tracked *tracked;
	struct arena *arena;	/* scratch */
	struct owners owners;
	bool collected;
	/* The path at hand, and who owns it. */
	struct str path, other;
	struct glob glob;
	bool other_owned;	/* one who owns the path owns the other, too */
	bool named;		/* somebody spells it out, or a folder that it is in */
	const struct owners_pattern *first, *second;	/* by wildcards, of two agents */
};

static void visit_owners(struct hot *h, struct str path,
			 void (*visit)(void *, const struct owners_pattern *))
{
	if (!h->collected)
		owners_collect(h->arena, h->plan, &h->owners);
	h->collected = true;
	h->path = path;
	owners_parse(h->arena, path, &h->glob);
	owners_near(&h->owners, &h->glob, visit, h);
}

static bool agent_owns(const struct plan_agent *agent, struct str path)
{
	struct arena scratch = { 0 };
	bool owns = false;
	for (unsigned which = PLAN_OWNS; which <= PLAN_CREATES; which++)
		for (size_t i = 0; !owns && i < agent->list[which].list.n; i++) {
			struct glob glob;
			owners_parse(&scratch, agent->list[which].list.at[i].text, &glob);
			owns = glob_match(&glob, path);
		}
	arena_release(&scratch);
	return owns;
}

/* A manifest without its lock file */

static void see_manifest(void *self, const struct owners_pattern *owned)
{
	struct hot *h = self;
	if (!h->other_owned && glob_match(&owned->glob, h->path))
		h->other_owned = agent_owns(&h->plan->agents.at[owned->agent], h->other);
}

static void say_lock(struct hot *h, const struct plan_agent *agent, const struct plan_text *text,
		     struct str lock)
{
	struct diags *diags = h->load->diags;
	struct diag *diag = diag_add(diags, DIAG_HOT_FILE, text->span,
				     "`%.*s` is owned, and `%.*s` beside it is not",
				     STR_ARG(text->text), STR_ARG(lock));
	diag_here(diags, diag, "owned by `%.*s`", STR_ARG(agent->name));
	diag_note(
		diags, diag,
		"the tool that reads the one writes the other: a change of it would be refused, as a change of what "
		"`%.*s` does not own",
		STR_ARG(agent->name));
	struct span end = { text->span.source, text->span.end, text->span.end };
	struct str raw = source_text(h->load->sources, text->span);
	if (raw.n == text->text.n + 2 && str_equal(str_slice(raw, 1, raw.n - 1), text->text))
		diag_fix(diags, diag, DIAG_UNSAFE, end,
			 arena_format(h->load->arena, ", \"%.*s\"", STR_ARG(lock)),
			 "let `%.*s` own it, too", STR_ARG(agent->name));
}

static void check_manifest(struct hot *h, const struct plan_agent *agent,
			   const struct plan_text *text)
{
	struct str name = path_last(text->text), folder = path_folder(text->text);
	for (size_t i = 0; i < LOCKS; i++) {
		if (!str_is(name, locks[i].manifest) || !tracked_has(h->tracked, text->text))
			continue;
		struct str lock = arena_format(h->load->arena, "%.*s%s%s", STR_ARG(folder),
					       folder.n ? "/" : "", locks[i].lock);
		if (!tracked_has(h->tracked, lock))
			continue;
		h->other = lock;
		h->other_owned = false;
		visit_owners(h, text->text, see_manifest);
		if (!h->other_owned)
			say_lock(h, agent, text, lock);
	}
}

/* A hot file that is owned by chance */

static bool is_hot(struct str path)
{
	struct str name = path_last(path);
	for (size_t i = 0; i < FILES; i++) {
		struct str hot = str_from(files[i]);
		bool any = hot.at[hot.n - 1] == '*', whole = str_find(hot, '/') != SIZE_MAX;
		struct str head = any ? str_slice(hot, 0, hot.n - 1) : hot;
		if (any ? str_starts(path, head) &&
				    str_find(str_slice(path, head.n, path.n), '/') == SIZE_MAX
			: str_equal(whole ? path : name, hot))
			return true;
	}
	return false;
}

/* Wildcards make up its last name, and it is not all of one folder: nothing says that this file is
 * meant. */
static bool is_by_chance(const struct glob *glob)
{
	for (size_t i = 0; i < glob->n; i++) {
		const struct glob_alternative *a = &glob->at[i];
		const struct glob_segment *last = a->n ? &a->at[a->n - 1] : NULL;
		bool plain = true;
		for (size_t k = 0; k + 1 < a->n; k++)
			plain = plain && a->at[k].kind == GLOB_NAME;
		if (a->end != GLOB_EXACT || !last || last->kind != GLOB_WILD ||
		    (plain && str_is(last->text, "*")))
			return false;
	}
	return true;
}

static void see_owner(void *self, const struct owners_pattern *owned)
{
	struct hot *h = self;
	if (!glob_match(&owned->glob, h->path))
		return;
	if (!is_by_chance(&owned->glob))
		h->named = true;
	else if (!h->first)
		h->first = owned;
	else if (!h->second && owned->agent != h->first->agent)
		h->second = owned;
}

static bool any_by_chance(struct hot *h)
{
	uint32_t first = PLAN_NONE;
	for (uint32_t i = 0; i < h->plan->agents.n; i++) {
		const struct plan_texts *owns = &h->plan->agents.at[i].list[PLAN_OWNS];
		for (size_t k = 0; k < owns->list.n; k++) {
			struct arena scratch = { 0 };
			struct glob glob;
			/* Most patterns have none. */
			if (str_find(path_last(owns->list.at[k].text), '*') == SIZE_MAX)
				continue;
			owners_parse(&scratch, owns->list.at[k].text, &glob);
			bool chance = is_by_chance(&glob);
			arena_release(&scratch);
			if (chance && first != PLAN_NONE && first != i)
				return true;
			first = chance ? i : first;
		}
	}
	return false;
}

static void say_by_chance(struct hot *h, struct str path)
{
	struct diags *diags = h->load->diags;
	const struct plan_agent *a = &h->plan->agents.at[h->first->agent],
				*b = &h->plan->agents.at[h->second->agent];
	struct diag *diag = diag_add(diags, DIAG_HOT_FILE, h->second->text->span,
				     "`%.*s` is owned by `%.*s` and `%.*s`, and neither names it",
				     STR_ARG(path), STR_ARG(a->name), STR_ARG(b->name));
	diag_here(diags, diag, "owned by `%.*s`, through a wildcard", STR_ARG(b->name));
	diag_label(diags, diag, h->first->text->span, "owned by `%.*s`, through a wildcard",
		   STR_ARG(a->name));
	diag_help(
		diags, diag,
		"if one of them is to change it, name it there: `owns \"%.*s\"`; if none is, make the patterns narrower",
		STR_ARG(path));
}

static void check_by_chance(struct hot *h)
{
	struct map said = { 0 };	/* pairs of patterns: one file of each is enough */
	if (!any_by_chance(h))
		return;
	for (size_t i = 0; i < h->tracked->n; i++) {
		struct str path = h->tracked->at[i].path;
		struct glob_error error;
		struct glob glob;
		if (!is_hot(path) || !glob_parse(h->arena, path, &glob, &error) ||
		    !glob_is_literal(&glob))
			continue;
		h->named = false;
		h->first = h->second = NULL;
		visit_owners(h, path, see_owner);
		if (h->named || !h->second)
			continue;
		struct str key = arena_format(h->arena, "%p %p", (const void *)h->first->text,
					      (const void *)h->second->text);
		if (map_find(&said, key))
			continue;
		map_add(h->arena, &said, key, 0);
		say_by_chance(h, path);
	}
}

void hot_check(struct load *load, const struct plan *plan, struct tracked *tracked)
{
	struct arena scratch = { 0 };
	struct hot h = { .load = load, .plan = plan, .tracked = tracked, .arena = &scratch };
	for (size_t i = 0; i < plan->agents.n; i++) {
		const struct plan_texts *owns = &plan->agents.at[i].list[PLAN_OWNS];
		for (size_t k = 0; k < owns->list.n; k++)
			check_manifest(&h, &plan->agents.at[i], &owns->list.at[k]);
	}
	check_by_chance(&h);
	arena_release(&scratch);
}
