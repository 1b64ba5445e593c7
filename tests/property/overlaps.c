/* overlaps.c — see overlaps.h. */
#include "tests/property/overlaps.h"

#include "common/file.h"
#include "common/text.h"
#include "runtime/merge.h"
#include "schedule/image.h"

#include <stdlib.h>

struct overlap {
	struct inside *in;
	struct arena *arena;
	size_t pair[2];    /* by the plan's numbers */
	uint32_t agent[2]; /* by the schedule's */
	struct str path;
	struct schedule *schedule;
};

/* What stands in backquotes in a message: names, and the path last. */
static struct str_list quoted(struct arena *arena, struct str message)
{
	VEC(struct str) list = { 0 };
	struct str rest = message, part;
	for (size_t i = 0; str_split(&rest, '`', &part); i++)
		if (i % 2)
			*VEC_ADD(arena, &list) = arena_copy(arena, part);
	return (struct str_list){ list.at, list.n };
}

/* Two of those who own the path and do not wait for one another. */
static bool find_pair(struct overlap *o, struct str_list words)
{
	const struct plans *p = &o->in->plans;
	for (size_t i = 0; i + 1 < words.n; i++) {
		size_t a = plans_find(p, words.at[i]);
		if (!inside_check(o->in, a < p->agent_n && plans_owns(&p->agent[a], o->path.at),
				  "%.*s is said to own %.*s, and does not", STR_ARG(words.at[i]),
				  STR_ARG(o->path)))
			return false;
	}
	for (size_t a = 0; a < p->agent_n; a++)
		for (size_t b = a + 1; b < p->agent_n; b++)
			if (!plans_ordered(p, a, b) && plans_owns(&p->agent[a], o->path.at) &&
			    plans_owns(&p->agent[b], o->path.at)) {
				o->pair[0] = a;
				o->pair[1] = b;
				return true;
			}
	return inside_check(o->in, false, "nobody owns %.*s twice", STR_ARG(o->path));
}

/* The image of such a schedule is read by nobody. */
static void check_image(struct overlap *o)
{
	struct text image = { 0 };
	struct schedule *read;
	struct fail fail;
	image_write(o->schedule, &image);
	inside_check(o->in, !image_read(o->arena, text_str(&image), &read, &fail),
		     "an image with an overlap was read");
	text_release(&image);
}

/* Where the path is about to be made, and where it is there already. */
static bool make_bases(struct overlap *o)
{
	static const char *const names[] = { "add", "change" };
	struct text script = { 0 };
	for (size_t i = 0; i < 2; i++) {
		text_addf(
			&script,
			"commit refs/heads/overlap/%s\ncommitter tester <tester@localhost> 1700000000 +0000\n"
			"data 4\nbase\n",
			names[i]);
		const char *slash = strrchr(o->path.at, '/');
		if (i)
			text_addf(&script, "M 100644 inline %s\ndata 4\nold\n\n", o->path.at);
		else
			text_addf(&script, "M 100644 inline %.*szz-kept\ndata 4\nold\n\n",
				  slash ? (int)(slash + 1 - o->path.at) : 0, o->path.at);
	}
	bool good = inside_import(o->in, text_str(&script));
	text_release(&script);
	return good;
}

/* One of the two writes the path. False when that is no result. */
static bool write_path(struct overlap *o, size_t which, const char *variant, struct oid base,
		       struct oid *result)
{
	struct inside *in = o->in;
	const char *name = in->plans.agent[o->pair[which]].name;
	const char *place = arena_format(o->arena, "%s/overlap-%zu-%s-%s", in->folder,
					 in->tally->rejected, variant, name)
				    .at;
	struct tree_orders orders = {
		.work_dir = arena_format(o->arena, "%s/tree", place).at,
		.git_dir = arena_format(o->arena, "%s/git", place).at,
		.manifest = arena_format(o->arena, "%s/manifest", place).at,
		.branch = "orch/overlap",
		.isolation = SCHEDULE_CLONE,
		.commit = base,
	};
	struct harvest harvest;
	struct gate gate;
	struct fail fail;
	bool good =
		tree_prepare(in->repo, &orders, &fail) &&
		file_write(arena_format(o->arena, "%s/%.*s", orders.work_dir, STR_ARG(o->path)).at,
			   arena_format(o->arena, "by %s\n", name), 0666, &fail) &&
		harvest_take(o->arena, in->repo, o->schedule, o->agent[which], &orders, &harvest,
			     &fail);
	if (!inside_check(in, good, "%s", good ? "" : fail.text))
		return false;
	gate_judge(o->arena, o->schedule, o->agent[which], &harvest, &gate);
	for (size_t i = 0; i < gate.n; i++)
		inside_check(in, gate.at[i].kind == GATE_FOLDER,
			     "one of an overlap is stopped by the gate: %.*s",
			     STR_ARG(gate.at[i].text));
	*result = inside_commit(in, harvest.tree, &base, 1);
	return gate.n == 0;
}

/* Both results come through, and cannot be put together: by us, and by git. */
static bool conflicts(struct overlap *o, const char *variant)
{
	struct inside *in = o->in;
	struct oid base = inside_ref(in,
				     arena_format(o->arena, "refs/heads/overlap/%s", variant).at);
	struct oid result[2], at = base, tree, none[PLANS_AGENTS] = { { "" } }, start;
	struct str conflict = STR("");
	struct fail fail;
	for (size_t i = 0; i < 2; i++) {
		bool made = merge_start(o->arena, in->repo, o->schedule, o->agent[i], base, none,
					none, &start, &conflict, &fail);
		inside_check(in, made && oid_equal(start, base), "the start is another");
		if (!write_path(o, i, variant, base, &result[i]))
			return false;
	}
	for (size_t i = 0; i < 2; i++) {
		bool good = merge_result(o->arena, in->repo, o->schedule, o->agent[i], at, base,
					 result[i], INSIDE_TIME, &at, &conflict, &fail);
		inside_check(in, good, "%s", good ? "" : fail.text);
		inside_check(in, i || !conflict.n, "a conflict with nobody");
	}
	bool ours = inside_check(in, str_equal(conflict, o->path),
				 "two wrote %.*s differently, and merging says \"%.*s\"",
				 STR_ARG(o->path), STR_ARG(conflict));
	bool gits = inside_check(in, !oracle_merge(&in->oracle, result[0], result[1], &tree),
				 "two wrote %.*s differently, and git merges it", STR_ARG(o->path));
	return ours && gits;
}

static bool show(struct overlap *o)
{
	struct tally *tally = o->in->tally;
	if (!make_bases(o))
		return false;
	if (conflicts(o, "add"))
		tally->shown_add++;
	else if (inside_check(o->in, conflicts(o, "change"), "the two never conflict at %.*s",
			      STR_ARG(o->path)))
		tally->shown_change++;
	else
		return false;
	tally->shown++;
	return true;
}

bool overlaps_show(struct inside *in, const struct compile *c, size_t *sooner, size_t *later)
{
	struct arena arena = { 0 };
	struct overlap o = { .in = in, .arena = &arena };
	const struct diag *diag = NULL;
	for (size_t i = 0; i < c->diags.list.n && !diag; i++)
		if (c->diags.list.at[i].code == DIAG_OVERLAP)
			diag = &c->diags.list.at[i];
	bool good = inside_check(in, diag != NULL, "a plan is refused without an overlap");
	struct str_list words = good ? quoted(&arena, diag->message) : (struct str_list){ 0 };
	if (good)
		good = inside_check(in, words.n > 1, "who and where? %.*s", STR_ARG(diag->message));
	if (good)
		o.path = words.at[words.n - 1];
	good = good && find_pair(&o, words) && inside_unproved(in, &arena, &in->plans, &o.schedule);
	if (good) {
		for (size_t i = 0; i < 2; i++)
			o.agent[i] = schedule_find_agent(o.schedule,
							 str_from(in->plans.agent[o.pair[i]].name));
		*sooner = o.pair[0];
		*later = o.pair[1];
		check_image(&o);
		good = show(&o);
	}
	arena_release(&arena);
	return good;
}
