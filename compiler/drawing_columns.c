/* drawing_columns.c — what is in which column.
 *
 * Agents are in even columns, a junction in the odd one behind those that lead to it; columns that
 * nothing is in are taken out. Agents that wait for nobody and nobody waits for fill a block of
 * several columns when there are many. */
#include "compiler/drawing_layout_inside.h"

enum {
	LANE_HEIGHT = 20,
	BLOCK_LEAST = 12,	/* so many lone agents may stand in one column */
};

struct making {
	struct arena *arena;
	const struct drawing *d;
	struct drawing_columns *c;
	uint32_t *column;	/* by node */
	uint32_t *group;	/* by node */
	uint32_t *degree;	/* by node: its edges */
	uint32_t *before_first, *before;	/* edges to a node, by node */
};

static uint32_t thing_of(const struct making *m, uint32_t group)
{
	return group == DRAWING_NONE ? m->c->thing_n - 1 : m->c->leaf_n + group;
}

static void list_before(struct making *m)
{
	uint32_t n = m->c->node_n;
	m->before_first = ARENA_MANY(m->arena, n + 2, uint32_t);
	m->before = ARENA_MANY(m->arena, m->d->edge_n, uint32_t);
	for (size_t i = 0; i < m->d->edge_n; i++)
		m->before_first[m->d->edge[i].to + 2]++;
	for (uint32_t i = 0; i < n; i++)
		m->before_first[i + 2] += m->before_first[i + 1];
	for (uint32_t i = 0; i < m->d->edge_n; i++)
		m->before[m->before_first[m->d->edge[i].to + 1]++] = i;
}

/* The column of a node all of whose predecessors have one. */
static void place_node(struct making *m, uint32_t node)
{
	uint32_t agents = (uint32_t)m->d->agent_n;
	for (uint32_t i = m->before_first[node]; i < m->before_first[node + 1]; i++) {
		uint32_t from = m->d->edge[m->before[i]].from;
		if (from >= agents)
			place_node(m, from);
		uint32_t behind = node >= agents ? m->column[from] + 1 : (m->column[from] | 1) + 1;
		if (m->column[node] < behind)
			m->column[node] = behind;
	}
}

/* Lone agents of each group in a block about as high as wide. */
static void place_lone(struct making *m)
{
	uint32_t *count = ARENA_MANY(m->arena, m->d->group_n + 1, uint32_t);
	uint32_t *seen = ARENA_MANY(m->arena, m->d->group_n + 1, uint32_t);
	for (uint32_t i = 0; i < m->d->agent_n; i++)
		if (!m->degree[i])
			count[m->group[i] == DRAWING_NONE ? m->d->group_n : m->group[i]]++;
	for (uint32_t i = 0; i < m->d->agent_n; i++) {
		size_t group = m->group[i] == DRAWING_NONE ? m->d->group_n : m->group[i];
		uint32_t columns = 1;
		if (m->degree[i] || count[group] <= BLOCK_LEAST)
			continue;
		while ((columns + 1) * (columns + 1) * 8 <= count[group] * 3)
			columns++;
		m->column[i] = 2 * (seen[group]++ % columns);
	}
}

static void drop_empty(struct making *m)
{
	uint32_t most = 0, n = 0;
	for (uint32_t i = 0; i < m->c->node_n; i++)
		most = m->column[i] > most ? m->column[i] : most;
	uint32_t *number = ARENA_MANY(m->arena, most + 1, uint32_t);
	for (uint32_t i = 0; i < m->c->node_n; i++)
		number[m->column[i]] = 1;
	for (uint32_t i = 0; i <= most; i++) {
		bool used = number[i];
		number[i] = n;
		n += used;
	}
	for (uint32_t i = 0; i < m->c->node_n; i++)
		m->column[i] = number[m->column[i]];
	m->c->column_n = n;
}

static void place_nodes(struct making *m)
{
	uint32_t n = m->c->node_n, agents = (uint32_t)m->d->agent_n;
	m->column = ARENA_MANY(m->arena, n, uint32_t);
	m->group = ARENA_MANY(m->arena, n, uint32_t);
	m->degree = ARENA_MANY(m->arena, n, uint32_t);
	for (uint32_t i = 0; i < n; i++)
		m->group[i] = i < agents ? m->d->agent[i].group : DRAWING_NONE;
	for (size_t i = 0; i < m->d->edge_n; i++) {
		struct drawing_edge e = m->d->edge[i];
		uint32_t junction = e.to >= agents ? e.to : e.from,
			 end = e.to >= agents ? e.from : e.to;
		if (junction >= agents)
			m->group[junction] = m->degree[junction]
						     ? drawing_common_group(m->d,
									    m->group[junction],
									    m->group[end])
						     : m->group[end];
		m->degree[e.from]++;
		m->degree[e.to]++;
	}
	list_before(m);
	for (uint32_t i = 0; i < agents; i++)
		place_node(m, i);
	place_lone(m);
	drop_empty(m);
}

/* Groups reach from the first to the last column that a member is in. */
static void stretch_groups(struct making *m, uint32_t *first, uint32_t *last)
{
	for (size_t g = 0; g < m->d->group_n; g++)
		first[g] = UINT32_MAX;
	for (uint32_t i = 0; i < m->c->node_n; i++)
		for (uint32_t g = m->group[i]; g != DRAWING_NONE; g = m->d->group[g].parent) {
			first[g] = m->column[i] < first[g] ? m->column[i] : first[g];
			last[g] = m->column[i] > last[g] ? m->column[i] : last[g];
		}
}

struct way { /* of one edge: through the boxes that it leaves, outside, through those that it enters */
	uint32_t from, to, common;	/* groups */
	const uint32_t *first, *last;	/* by group */
};

static uint32_t lane_group(const struct making *m, const struct way *way, uint32_t column)
{
	uint32_t g = way->from;
	while (g != way->common && way->last[g] < column)
		g = m->d->group[g].parent;
	if (g != way->common)
		return g;
	for (g = way->to; g != way->common && way->first[g] > column;)
		g = m->d->group[g].parent;
	return g;
}

struct lanes {
	VEC(struct drawing_thing) leaf;
	VEC(struct drawing_link) link;
	VEC(uint32_t) taken;	/* leaves, edge by edge */
	struct map known;	/* from what edges may share to the leaf */
};

/* The lane from `first` to `last` on the way to `to`: what comes from the same group may take the
 * same. */
static uint32_t find_lane(struct making *m, struct lanes *lanes, struct drawing_thing lane,
			  const struct way *way, uint32_t to, bool *known)
{
	struct str key = arena_format(m->arena, "%u %u %u %u %u", way->from, to, lane.parent,
				      lane.first, lane.last);
	uint32_t *leaf = map_find(&lanes->known, key);
	*known = leaf != NULL;
	if (leaf)
		return *leaf;
	uint32_t added = m->c->node_n + (uint32_t)lanes->leaf.n;
	*VEC_ADD(m->arena, &lanes->leaf) = lane;
	map_add(m->arena, &lanes->known, key, added);
	return added;
}

/* Lanes have the group as their parent until all things have a number. */
static void route(struct making *m, struct lanes *lanes, const struct drawing_edge *edge,
		  const struct way *way)
{
	uint32_t at = edge->from, end = m->column[edge->to];
	int weight = edge->critical ? 3 : 2, straight = 1;
	bool shared = false, known;	/* once a lane is shared, so are all that follow it */
	for (uint32_t c = m->column[edge->from] + 1, next; c < end; c = next) {
		uint32_t group = lane_group(m, way, c);
		for (next = c + 1; next < end && lane_group(m, way, next) == group;)
			next++;
		struct drawing_thing lane = {
			.parent = group, .first = c, .last = next - 1, .h = LANE_HEIGHT
		};
		uint32_t leaf = find_lane(m, lanes, lane, way, edge->to, &known);
		*VEC_ADD(m->arena, &lanes->taken) = leaf;
		if (!shared)
			*VEC_ADD(m->arena, &lanes->link) = (struct drawing_link){ at, leaf, straight * weight };
		straight = 4;	/* from lane to lane */
		shared = shared || known;
		at = leaf;
	}
	if (!shared)
		*VEC_ADD(m->arena, &lanes->link) = (struct drawing_link){ at, edge->to, weight };
}

static void route_all(struct making *m, struct lanes *lanes, const uint32_t *first,
		      const uint32_t *last)
{
	m->c->first_lane = ARENA_MANY(m->arena, m->d->edge_n + 1, uint32_t);
	for (size_t i = 0; i < m->d->edge_n; i++) {
		const struct drawing_edge *edge = &m->d->edge[i];
		struct way way = { m->group[edge->from], m->group[edge->to], 0, first, last };
		way.common = drawing_common_group(m->d, way.from, way.to);
		route(m, lanes, edge, &way);
		m->c->first_lane[i + 1] = (uint32_t)lanes->taken.n;
	}
}

static void make_things(struct making *m, const struct lanes *lanes, const uint32_t *first,
			const uint32_t *last)
{
	struct drawing_columns *c = m->c;
	c->leaf_n = c->node_n + (uint32_t)lanes->leaf.n;
	c->thing_n = c->leaf_n + (uint32_t)m->d->group_n + 1;
	c->thing = ARENA_MANY(m->arena, c->thing_n, struct drawing_thing);
	for (uint32_t i = 0; i < c->node_n; i++)
		c->thing[i] = (struct drawing_thing){ .parent = thing_of(m, m->group[i]),
						      .first = m->column[i],
						      .last = m->column[i] };
	for (uint32_t i = c->node_n; i < c->leaf_n; i++) {
		c->thing[i] = lanes->leaf.at[i - c->node_n];
		c->thing[i].parent = thing_of(m, c->thing[i].parent);
	}
	for (uint32_t g = 0; g < m->d->group_n; g++)
		if (!m->d->group[g].empty)
			c->thing[c->leaf_n + g] = (struct drawing_thing){
				.parent = thing_of(m, m->d->group[g].parent),
				.first = first[g],
				.last = last[g]
			};
		else
			c->thing[c->leaf_n + g].parent = DRAWING_NONE;
	c->thing[c->thing_n - 1] = (struct drawing_thing){ .parent = DRAWING_NONE,
							   .last = c->column_n - 1 };
}

static void list_children(struct making *m)
{
	struct drawing_columns *c = m->c;
	c->child = ARENA_MANY(m->arena, c->thing_n, uint32_t);
	for (uint32_t i = 0; i < c->thing_n; i++)
		if (c->thing[i].parent != DRAWING_NONE)
			c->thing[c->thing[i].parent].child_n++;
	uint32_t room = 0;
	for (uint32_t i = 0; i < c->thing_n; i++) {
		c->thing[i].child = room;
		room += c->thing[i].child_n;
		c->thing[i].child_n = 0;
	}
	for (uint32_t i = 0; i < c->thing_n; i++)
		if (c->thing[i].parent != DRAWING_NONE) {
			struct drawing_thing *parent = &c->thing[c->thing[i].parent];
			c->child[parent->child + parent->child_n++] = i;
		}
}

/* By leaf, the links that leave it (or lead to it). */
static uint32_t *list_links(struct making *m, bool leaving, uint32_t **first)
{
	struct drawing_columns *c = m->c;
	uint32_t *at = ARENA_MANY(m->arena, c->leaf_n + 2, uint32_t),
		 *list = ARENA_MANY(m->arena, c->link_n, uint32_t);
	for (size_t i = 0; i < c->link_n; i++)
		at[(leaving ? c->link[i].from : c->link[i].to) + 2]++;
	for (uint32_t i = 0; i < c->leaf_n; i++)
		at[i + 2] += at[i + 1];
	for (uint32_t i = 0; i < c->link_n; i++)
		list[at[(leaving ? c->link[i].from : c->link[i].to) + 1]++] = i;
	*first = at;
	return list;
}

struct drawing_columns drawing_columns_make(struct arena *arena, const struct drawing *d)
{
	struct drawing_columns c = { .node_n = (uint32_t)(d->agent_n + d->junction_n) };
	struct making m = { .arena = arena, .d = d, .c = &c };
	struct lanes lanes = { 0 };
	uint32_t *first = ARENA_MANY(arena, d->group_n, uint32_t),
		 *last = ARENA_MANY(arena, d->group_n, uint32_t);
	place_nodes(&m);
	stretch_groups(&m, first, last);
	route_all(&m, &lanes, first, last);
	make_things(&m, &lanes, first, last);
	list_children(&m);
	c.lane = lanes.taken.at;
	c.link = lanes.link.at;
	c.link_n = lanes.link.n;
	c.out = list_links(&m, true, &c.out_first);
	c.in = list_links(&m, false, &c.in_first);
	return c;
}
