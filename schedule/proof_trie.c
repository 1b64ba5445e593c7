/* proof_trie.c — see proof_inside.h. Patterns are put in one after the other: a segment is kept
 * once, however many patterns have it, and found by its text; a child by its parent and segment.
 * Then all is laid out anew in preorder. */
#include "schedule/proof_inside.h"

#include "common/vec.h"

#include <stdlib.h>
#include <string.h>

struct sprout {
	uint32_t segment, parent;
	uint32_t child, sibling;	/* 0: none */
	uint32_t final;	/* its number in preorder */
};
struct slot {
	uint32_t hash, index;	/* index 0: free */
};
struct table {
	struct slot *at;	/* owned */
	size_t size;	/* a power of 2, or 0 */
	size_t n;
};
struct ending {
	uint32_t sprout, end;
	struct proof_owner owner;
};
struct growing {
	struct arena *arena;	/* for what stays */
	struct arena scratch, brief;	/* for the making; for the reading of one pattern */
	struct arena_mark mark;	/* where `brief` begins */
	struct str pattern;	/* that is being put in */
	VEC(const struct glob_segment *) segments;	/* the first is nobody's */
	VEC(struct sprout) sprouts;
	VEC(struct ending) endings;
	struct table by_text, by_parent;	/* segments; sprouts */
};

static void table_place(struct table *table, struct slot slot)
{
	size_t at = slot.hash & (table->size - 1);
	while (table->at[at].index)
		at = (at + 1) & (table->size - 1);
	table->at[at] = slot;
}

/* Half of it is free, always. */
static void table_add(struct table *table, uint32_t hash, uint32_t index)
{
	struct table old = *table;
	if (old.n * 2 >= old.size) {
		table->size = old.size ? old.size * 2 : 1024;
		table->at = calloc(table->size, sizeof *table->at);
		if (!table->at)
			fail_memory();
		for (size_t i = 0; i < old.size; i++)
			if (old.at[i].index)
				table_place(table, old.at[i]);
		free(old.at);
	}
	table_place(table, (struct slot){ hash, index });
	table->n++;
}

/* What has this hash, one after the other: `*at` is 0 at first, and the result 0 at the end. */
static uint32_t table_next(const struct table *table, uint32_t hash, size_t *at)
{
	for (; table->size; ++*at) {
		const struct slot *slot = &table->at[(hash + *at) & (table->size - 1)];
		if (!slot->index)
			return 0;
		if (slot->hash == hash) {
			++*at;
			return slot->index;
		}
	}
	return 0;
}

static struct str keep_text(struct growing *g, struct str text)
{
	bool borrowed = text.at >= g->pattern.at && text.at <= g->pattern.at + g->pattern.n;
	return borrowed ? text : arena_copy(g->arena, text);
}

/* What a pattern was read into goes away. */
static const struct glob_segment *keep_segment(struct growing *g,
					       const struct glob_segment *segment)
{
	struct glob_segment *kept = ARENA_NEW(g->arena, struct glob_segment);
	*kept = *segment;
	kept->text = keep_text(g, segment->text);
	kept->head = keep_text(g, segment->head);
	kept->tail = keep_text(g, segment->tail);
	if (!segment->unit_n)
		return kept;
	struct glob_unit *unit = ARENA_MANY(g->arena, segment->unit_n, struct glob_unit);
	for (uint32_t i = 0; i < segment->unit_n; i++) {
		struct glob_range *range = ARENA_MANY(g->arena, segment->unit[i].n,
						      struct glob_range);
		unit[i] = segment->unit[i];
		for (uint32_t k = 0; k < unit[i].n; k++)
			range[k] = unit[i].at[k];
		unit[i].at = range;
	}
	kept->unit = unit;
	return kept;
}

static uint32_t segment_of(struct growing *g, const struct glob_segment *segment)
{
	uint64_t wide = str_hash(segment->text) + segment->kind;
	uint32_t hash = (uint32_t)(wide ^ wide >> 32), index;
	for (size_t at = 0; (index = table_next(&g->by_text, hash, &at)) != 0;)
		if (g->segments.at[index]->kind == segment->kind &&
		    str_equal(g->segments.at[index]->text, segment->text))
			return index;
	index = (uint32_t)g->segments.n;
	*VEC_ADD(&g->scratch, &g->segments) = keep_segment(g, segment);
	table_add(&g->by_text, hash, index);
	return index;
}

static uint32_t child_of(struct growing *g, uint32_t parent, uint32_t segment)
{
	uint64_t wide = ((uint64_t)parent << 32 | segment) * 0x9E3779B97F4A7C15u;
	uint32_t hash = (uint32_t)(wide >> 32), index;
	for (size_t at = 0; (index = table_next(&g->by_parent, hash, &at)) != 0;)
		if (g->sprouts.at[index].parent == parent &&
		    g->sprouts.at[index].segment == segment)
			return index;
	index = (uint32_t)g->sprouts.n;
	*VEC_ADD(&g->scratch, &g->sprouts) = (struct sprout){
		.segment = segment, .parent = parent, .sibling = g->sprouts.at[parent].child
	};
	table_add(&g->by_parent, hash, index);
	return g->sprouts.at[parent].child = index;
}

static void put_in(struct growing *g, const struct glob *glob, struct proof_owner owner)
{
	for (size_t i = 0; i < glob->n; i++) {
		const struct glob_alternative *a = &glob->at[i];
		uint32_t at = 0;
		for (size_t k = 0; k < a->n; k++)
			at = child_of(g, at, segment_of(g, &a->at[k]));
		*VEC_ADD(&g->scratch, &g->endings) = (struct ending){ at, a->end, owner };
	}
}

static bool put_in_agent(struct growing *g, const struct proof_agent *agents, uint32_t agent,
			 uint32_t place, struct fail *fail)
{
	for (size_t i = 0; i < agents[agent].patterns.n; i++) {
		struct str pattern = agents[agent].patterns.at[i];
		struct glob glob;
		struct glob_error error;
		g->pattern = pattern;
		bool good = glob_parse(&g->brief, pattern, &glob, &error);
		if (good)
			put_in(g, &glob, (struct proof_owner){ place, (uint32_t)i });
		arena_reset(&g->brief, g->mark);
		if (!good)
			return fail_set(fail, "agent %u owns \"%.*s\", which is not a pattern: %s",
					agent, STR_ARG(pattern), error.text);
	}
	return true;
}

/* `**`, names, wildcards; names by text, wildcards by what they begin with. */
static int segment_compare(const struct glob_segment *a, const struct glob_segment *b)
{
	static const int rank[] = { [GLOB_ANY] = 0, [GLOB_NAME] = 1, [GLOB_WILD] = 2 };
	if (a->kind != b->kind)
		return rank[a->kind] - rank[b->kind];
	int order = str_compare(a->head, b->head);
	return order ? order : str_compare(a->text, b->text);
}

struct kin {
	const struct glob_segment *segment;
	uint32_t sprout;
};

static int kin_compare(const void *a, const void *b)
{
	return segment_compare(((const struct kin *)a)->segment, ((const struct kin *)b)->segment);
}

struct kins {
	VEC(struct kin) list;
};

/* The children of a sprout, sorted. */
static void children_of(struct growing *g, uint32_t sprout, struct kins *kins)
{
	kins->list.n = 0;
	for (uint32_t child = g->sprouts.at[sprout].child; child;
	     child = g->sprouts.at[child].sibling)
		*VEC_ADD(&g->scratch, &kins->list) = (struct kin){ g->segments.at[g->sprouts.at[child].segment], child };
	if (kins->list.n > 1)
		qsort(kins->list.at, kins->list.n, sizeof *kins->list.at, kin_compare);
}

/* Numbers the sprouts in preorder, makes their nodes, and has `kid` name children by their sprouts
 * yet. */
static void lay_nodes(struct growing *g, struct proof_trie *trie, uint32_t *kid)
{
	size_t n = g->sprouts.n, stack_n = 1, kid_n = 0;
	struct kins kins = { 0 };
	uint32_t *stack = ARENA_MANY(&g->scratch, n, uint32_t), next = 0;
	stack[0] = 0;
	while (stack_n) {
		uint32_t sprout = stack[--stack_n];
		struct proof_node *node = &trie->node[next];
		g->sprouts.at[sprout].final = next++;
		node->segment = g->segments.at[g->sprouts.at[sprout].segment];
		node->kids = (uint32_t)kid_n;
		children_of(g, sprout, &kins);
		const struct kin *kin = kins.list.at;
		size_t children = kins.list.n;
		for (size_t i = 0; i < children; i++) {
			if (kin[i].segment->kind == GLOB_ANY) {
				node->any = kin[i].sprout;
				continue;
			}
			kid[kid_n++] = kin[i].sprout;
			node->name_n += kin[i].segment->kind == GLOB_NAME;
			node->wild_n += kin[i].segment->kind == GLOB_WILD;
		}
		while (children)
			stack[stack_n++] = kin[--children].sprout;
	}
	for (size_t i = 0; i < kid_n; i++)
		kid[i] = g->sprouts.at[kid[i]].final;
	for (size_t i = 0; i < n; i++)
		if (trie->node[i].any)
			trie->node[i].any = g->sprouts.at[trie->node[i].any].final;
}

/* Preorder: whatever is under a node has higher numbers, so from the back each is done before its
 * parent. */
static void find_ends(struct growing *g, struct proof_trie *trie)
{
	uint32_t *parent = ARENA_MANY(&g->scratch, g->sprouts.n, uint32_t);
	for (size_t i = 1; i < g->sprouts.n; i++)
		parent[g->sprouts.at[i].final] = g->sprouts.at[g->sprouts.at[i].parent].final;
	for (uint32_t i = trie->node_n; i-- > 0;) {
		if (!trie->node[i].past)
			trie->node[i].past = i + 1;
		if (i && trie->node[parent[i]].past < trie->node[i].past)
			trie->node[parent[i]].past = trie->node[i].past;
	}
}

/* A counting sort by node and end; endings are in the order of places already, and stay in it. */
static void lay_groups(struct growing *g, struct proof_trie *trie)
{
	enum { ENDS = 3 };
	size_t keys = (size_t)trie->node_n * ENDS, filled = 0;
	uint32_t *first = ARENA_MANY(&g->scratch, keys + 2, uint32_t);
	struct proof_owner *owner = ARENA_MANY(g->arena, g->endings.n, struct proof_owner);
	for (size_t i = 0; i < g->endings.n; i++) {
		struct ending *e = &g->endings.at[i];
		first[(size_t)g->sprouts.at[e->sprout].final * ENDS + e->end + 2]++;
	}
	for (size_t k = 0; k < keys; k++) {
		filled += first[k + 2] != 0;
		first[k + 2] += first[k + 1];
	}
	for (size_t i = 0; i < g->endings.n; i++) {
		struct ending *e = &g->endings.at[i];
		owner[first[(size_t)g->sprouts.at[e->sprout].final * ENDS + e->end + 1]++] =
			e->owner;
	}
	struct proof_group *group = ARENA_MANY(g->arena, filled, struct proof_group);
	for (size_t k = 0; k < keys; k++) {
		if (k % ENDS == 0)
			trie->node[k / ENDS].group = trie->group_n;
		if (first[k] < first[k + 1])
			group[trie->group_n++] = (struct proof_group){ (uint32_t)(k / ENDS),
								       k % ENDS, owner + first[k],
								       first[k + 1] - first[k] };
	}
	trie->node[trie->node_n].group = trie->group_n;
	trie->group = group;
}

bool proof_trie_make(struct arena *arena, const struct proof_agent *agents, const uint32_t *order,
		     size_t agent_n, struct proof_trie *trie, struct fail *fail)
{
	struct growing g = { .arena = arena };
	bool good = true;
	*VEC_ADD(&g.scratch, &g.segments) = NULL;
	VEC_ADD(&g.scratch, &g.sprouts);
	arena_take(&g.brief, 1);	/* so that a reset keeps a block */
	g.mark = arena_mark(&g.brief);
	for (size_t place = 0; good && place < agent_n; place++)
		good = put_in_agent(&g, agents, order[place], (uint32_t)place, fail);
	if (good) {
		*trie = (struct proof_trie){ .node_n = (uint32_t)g.sprouts.n };
		trie->node = ARENA_MANY(arena, g.sprouts.n + 1, struct proof_node);
		uint32_t *kid = ARENA_MANY(arena, g.sprouts.n, uint32_t);
		trie->kid = kid;
		lay_nodes(&g, trie, kid);
		find_ends(&g, trie);
		lay_groups(&g, trie);
	}
	free(g.by_text.at);
	free(g.by_parent.at);
	arena_release(&g.scratch);
	arena_release(&g.brief);
	return good;
}
