/* drawing_layout.c — see drawing_layout.h: the order from above to below, and the coordinates.
 *
 * Everything is put in its place by one procedure, `pack`: from above, each leaf where it would
 * like to be or as little below as what is above it asks. Mirrored, it packs from below. The mean
 * of both is a layout, too, since what must lie below something else does so in both; and there
 * nothing is pushed further to one side than to the other. */
#include "compiler/drawing_layout_inside.h"

#include <stdlib.h>

enum {
	GAP = 140,                            /* below an agent */
	LANE_GAP = 80,                        /* below a lane */
	GROUP_HEAD = 60 + DRAWING_GROUP_HEAD, /* between a group's upper border and what is in it */
	GROUP_FOOT = 130,                     /* and at its lower border */
	GROUP_SIDE = 120,                     /* the same to the left and right */
	JUNCTION_WIDTH = 60,
	COLUMN_GAP = 420,
	COLUMN_GAP_LINK = 24,
	COLUMN_GAP_MOST = 1100,
	SWEEPS = 24,
	ROUNDS = 60,
	FAR = 1 << 29,
};

struct laying {
	struct arena *arena;
	const struct drawing *d;
	struct drawing_columns c;
	int *sky;		/* by column: where the next thing may begin */
	uint32_t *best;		/* of all orders of `child` the one with the fewest crossings */
	uint32_t *begin_first, *begin, *end_first,
		*end; /* leaves by their first and by their last column */
};

static int gap_below(const struct laying *l, uint32_t leaf)
{
	return leaf < l->c.node_n ? GAP : LANE_GAP;
}

static int centre(const struct drawing_thing *leaf)
{
	return leaf->y + leaf->h / 2;
}

/* Packing. */

static int sky_over(const struct laying *l, const struct drawing_thing *thing)
{
	int most = -FAR;
	for (uint32_t c = thing->first; c <= thing->last; c++)
		most = l->sky[c] > most ? l->sky[c] : most;
	return most;
}

static void sky_raise(struct laying *l, const struct drawing_thing *thing, int to)
{
	for (uint32_t c = thing->first; c <= thing->last; c++)
		l->sky[c] = to;
}

/* `mirror`: from below, with all lengths negated. Groups nest no deeper than the parser lets
 * them. */
static void pack_thing(struct laying *l, uint32_t index, bool mirror, int *y)
{
	struct drawing_thing *thing = &l->c.thing[index];
	int above = sky_over(l, thing);
	if (index < l->c.leaf_n) {
		int wish = mirror ? -(thing->wish + thing->h) : thing->wish;
		int at = wish > above ? wish : above;
		y[index] = mirror ? -(at + thing->h) : at;
		sky_raise(l, thing, at + thing->h + gap_below(l, index));
		return;
	}
	bool whole = index == l->c.thing_n - 1;
	int head = whole ? 0 : mirror ? GROUP_FOOT : GROUP_HEAD;
	int foot = whole ? 0 : mirror ? GROUP_HEAD : GROUP_FOOT;
	sky_raise(l, thing, above + head);
	for (uint32_t i = 0; i < thing->child_n; i++)
		pack_thing(l, l->c.child[thing->child + (mirror ? thing->child_n - 1 - i : i)],
			   mirror, y);
	sky_raise(l, thing, sky_over(l, thing) + foot);
}

static void pack(struct laying *l, bool mirror, int *y)
{
	for (uint32_t c = 0; c < l->c.column_n; c++)
		l->sky[c] = -FAR;
	pack_thing(l, l->c.thing_n - 1, mirror, y);
}

/* Where the leaf's neighbours would have it, on one side or on both; where it is when there are
 * none. */
static void wish(struct laying *l, uint32_t leaf, bool left, bool right)
{
	struct drawing_columns *c = &l->c;
	struct drawing_thing *thing = &c->thing[leaf];
	int64_t sum = 0, weight = 0;
	for (uint32_t i = c->in_first[leaf]; left && i < c->in_first[leaf + 1]; i++) {
		const struct drawing_link *link = &c->link[c->in[i]];
		sum += (int64_t)centre(&c->thing[link->from]) * link->weight;
		weight += link->weight;
	}
	for (uint32_t i = c->out_first[leaf]; right && i < c->out_first[leaf + 1]; i++) {
		const struct drawing_link *link = &c->link[c->out[i]];
		sum += (int64_t)centre(&c->thing[link->to]) * link->weight;
		weight += link->weight;
	}
	thing->wish = weight ? (int)(sum / weight) - thing->h / 2 : thing->y;
}

static void settle(struct laying *l)
{
	uint32_t n = l->c.leaf_n;
	int *down = ARENA_MANY(l->arena, n, int), *up = ARENA_MANY(l->arena, n, int);
	for (int round = 0; round < ROUNDS; round++) {
		int side = round < ROUNDS / 2 ? round % 3 : 2;
		for (uint32_t i = 0; i < n; i++)
			wish(l, i, side != 1, side != 0);
		pack(l, false, down);
		pack(l, true, up);
		for (uint32_t i = 0; i < n; i++)
			l->c.thing[i].y = (down[i] + up[i]) >> 1;
	}
}

/* Order. */

struct seat {
	int64_t key, tie;
	uint32_t thing;
};

static int compare_seats(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->tie != y->tie)
		return x->tie < y->tie ? -1 : 1;
	return (x->thing > y->thing) - (x->thing < y->thing);
}

/* The leaves that begin (or end) in a column, in the order that their neighbours behind wish for;
 * of two that wish for the same, the upper one stays above. */
static void sweep_column(struct laying *l, const uint32_t *leaf, uint32_t n, bool rightwards,
			 struct seat *seat)
{
	for (uint32_t i = 0; i < n; i++) {
		wish(l, leaf[i], rightwards, !rightwards);
		const struct drawing_thing *thing = &l->c.thing[leaf[i]];
		seat[i] = (struct seat){ thing->wish + thing->h / 2, centre(thing), leaf[i] };
	}
	qsort(seat, n, sizeof *seat, compare_seats);
	int64_t floor = -FAR;
	for (uint32_t i = 0; i < n; i++) {
		struct drawing_thing *thing = &l->c.thing[seat[i].thing];
		floor = thing->wish > floor ? thing->wish : floor;
		thing->y = (int)floor;
		floor += thing->h + gap_below(l, seat[i].thing);
	}
	floor = FAR;
	for (uint32_t i = n; i-- > 0;) {
		struct drawing_thing *thing = &l->c.thing[seat[i].thing];
		int64_t highest = floor - thing->h - gap_below(l, seat[i].thing);
		floor = thing->wish < highest ? thing->wish : highest;
		thing->y = (int)((thing->y + floor) >> 1);
	}
}

static void sweep(struct laying *l, bool rightwards, struct seat *seat)
{
	for (uint32_t i = 0; i < l->c.column_n; i++) {
		uint32_t c = rightwards ? i : l->c.column_n - 1 - i;
		const uint32_t *first = rightwards ? l->begin_first : l->end_first;
		const uint32_t *leaf = rightwards ? l->begin : l->end;
		if (first[c + 1] > first[c])
			sweep_column(l, leaf + first[c], first[c + 1] - first[c], rightwards, seat);
	}
}

/* Sorts siblings by the mean place of the leaves in them, and packs them in that order. */
static void arrange(struct laying *l, struct seat *seat, int *y)
{
	struct drawing_columns *c = &l->c;
	int64_t *count = ARENA_MANY(l->arena, c->thing_n, int64_t);
	for (uint32_t i = 0; i < c->thing_n; i++)
		c->thing[i].key = 0;
	for (uint32_t i = 0; i < c->leaf_n; i++)
		for (uint32_t t = i; t != DRAWING_NONE; t = c->thing[t].parent) {
			c->thing[t].key += centre(&c->thing[i]);
			count[t]++;
		}
	for (uint32_t t = c->leaf_n; t < c->thing_n; t++) {
		uint32_t n = c->thing[t].child_n, *child = c->child + c->thing[t].child;
		for (uint32_t i = 0; i < n; i++)
			seat[i] = (struct seat){ c->thing[child[i]].key / count[child[i]], i,
						 child[i] };
		if (n)
			qsort(seat, n, sizeof *seat, compare_seats);
		for (uint32_t i = 0; i < n; i++)
			child[i] = seat[i].thing;
	}
	for (uint32_t i = 0; i < c->leaf_n; i++)
		c->thing[i].wish = 0;
	pack(l, false, y);
	for (uint32_t i = 0; i < c->leaf_n; i++)
		c->thing[i].y = y[i];
}

/* Crossings: pairs of links between the same columns whose ends are in different orders. */

struct segment {
	int from, to;
};

static int compare_segments(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

/* How many pairs are out of order in `at`, which is sorted on the way (merge sort). */
static uint64_t inversions(int *at, size_t n, int *scratch)
{
	if (n < 2)
		return 0;
	size_t half = n / 2, i = 0, j = half, k = 0;
	uint64_t count = inversions(at, half, scratch) + inversions(at + half, n - half, scratch);
	while (i < half || j < n) {
		bool left = j == n || (i < half && at[i] <= at[j]);
		count += left ? 0 : half - i;
		scratch[k++] = left ? at[i++] : at[j++];
	}
	memcpy(at, scratch, n * sizeof *at);
	return count;
}

static uint64_t count_crossings(struct laying *l)
{
	struct drawing_columns *c = &l->c;
	struct arena_mark mark = arena_mark(l->arena);
	struct segment *segment = ARENA_MANY(l->arena, c->link_n, struct segment);
	int *to = ARENA_MANY(l->arena, c->link_n, int),
	    *scratch = ARENA_MANY(l->arena, c->link_n, int);
	uint64_t count = 0;
	for (uint32_t column = 0; column < c->column_n; column++) {
		size_t n = 0;
		for (uint32_t i = l->end_first[column]; i < l->end_first[column + 1]; i++)
			for (uint32_t j = c->out_first[l->end[i]]; j < c->out_first[l->end[i] + 1];
			     j++) {
				const struct drawing_link *link = &c->link[c->out[j]];
				segment[n++] = (struct segment){ centre(&c->thing[link->from]),
								 centre(&c->thing[link->to]) };
			}
		if (!n)
			continue;
		qsort(segment, n, sizeof *segment, compare_segments);
		for (size_t i = 0; i < n; i++)
			to[i] = segment[i].to;
		count += inversions(to, n, scratch);
	}
	arena_reset(l->arena, mark);
	return count;
}

static void list_by_column(struct laying *l, bool by_end, uint32_t **first, uint32_t **list)
{
	*first = ARENA_MANY(l->arena, l->c.column_n + 2, uint32_t);
	*list = ARENA_MANY(l->arena, l->c.leaf_n, uint32_t);
	for (uint32_t i = 0; i < l->c.leaf_n; i++)
		(*first)[(by_end ? l->c.thing[i].last : l->c.thing[i].first) + 2]++;
	for (uint32_t c = 0; c < l->c.column_n; c++)
		(*first)[c + 2] += (*first)[c + 1];
	for (uint32_t i = 0; i < l->c.leaf_n; i++)
		(*list)[(*first)[(by_end ? l->c.thing[i].last : l->c.thing[i].first) + 1]++] = i;
}

/* At first, agents are in the order that the author wrote them in. */
static uint64_t find_order(struct laying *l)
{
	struct drawing_columns *c = &l->c;
	struct seat *seat = ARENA_MANY(l->arena, c->thing_n, struct seat);
	int *y = ARENA_MANY(l->arena, c->leaf_n, int);
	uint64_t fewest = UINT64_MAX;
	for (uint32_t i = 0; i < c->leaf_n; i++)
		c->thing[i].y = i < l->d->agent_n ? (int)l->d->agent[i].place * 100 :
				c->in_first[i] < c->in_first[i + 1] ?
				c->thing[c->link[c->in[c->in_first[i]]].from].y + 1 : 0;
	l->best = ARENA_MANY(l->arena, c->thing_n, uint32_t);
	for (int i = 0; i < SWEEPS && fewest; i++) {
		struct arena_mark mark = arena_mark(l->arena);
		arrange(l, seat, y);
		arena_reset(l->arena, mark);
		uint64_t crossings = count_crossings(l);
		if (crossings < fewest) {
			fewest = crossings;
			memcpy(l->best, c->child, c->thing_n * sizeof *l->best);
		}
		sweep(l, i % 2 == 0, seat);
	}
	memcpy(c->child, l->best, c->thing_n * sizeof *l->best);
	for (uint32_t i = 0; i < c->leaf_n; i++)
		c->thing[i].wish = 0;
	pack(l, false, y);
	for (uint32_t i = 0; i < c->leaf_n; i++)
		c->thing[i].y = y[i];
	return fewest;
}

/* From left to right. */

/* How far the group's border lies outside of its first (or last) column: beyond those of groups in
 * it that begin there. */
static void find_insets(const struct laying *l, int *left, int *right)
{
	const struct drawing_columns *c = &l->c;
	for (uint32_t t = c->thing_n - 1; t-- > c->leaf_n;) {
		const struct drawing_thing *thing = &c->thing[t];
		if (thing->parent == DRAWING_NONE)
			continue;
		left[t] += GROUP_SIDE;
		right[t] += GROUP_SIDE;
		const struct drawing_thing *around = &c->thing[thing->parent];
		if (around->first == thing->first && left[thing->parent] < left[t])
			left[thing->parent] = left[t];
		if (around->last == thing->last && right[thing->parent] < right[t])
			right[thing->parent] = right[t];
	}
}

struct column {
	int x, w, left, right;	/* left, right: room for borders of groups */
	int links;		/* that leave it to the right */
};

static int find_columns(const struct laying *l, struct column *column, const int *left,
			const int *right, const struct drawing_box *size)
{
	const struct drawing_columns *c = &l->c;
	for (uint32_t i = 0; i < c->node_n; i++) {
		int w = i < l->d->agent_n ? size[i].w : JUNCTION_WIDTH;
		struct column *at = &column[c->thing[i].first];
		at->w = w > at->w ? w : at->w;
	}
	for (uint32_t t = c->leaf_n; t < c->thing_n - 1; t++) {
		struct column *first = &column[c->thing[t].first],
			      *last = &column[c->thing[t].last];
		first->left = left[t] > first->left ? left[t] : first->left;
		last->right = right[t] > last->right ? right[t] : last->right;
	}
	for (size_t i = 0; i < c->link_n; i++)
		column[c->thing[c->link[i].from].last].links++;
	int x = 0;
	for (uint32_t i = 0; i < c->column_n; i++) {
		int gap = COLUMN_GAP + COLUMN_GAP_LINK * column[i].links;
		column[i].x = x + column[i].left;
		x = column[i].x + column[i].w + column[i].right;
		if (i + 1 < c->column_n)
			x += gap < COLUMN_GAP_MOST ? gap : COLUMN_GAP_MOST;
	}
	return x;
}

static void include(struct drawing_box *box, int top, int bottom)
{
	if (!box->h) {
		box->y = top;
	} else if (top < box->y) {
		box->h += box->y - top;
		box->y = top;
	}
	if (box->h < bottom - box->y)
		box->h = bottom - box->y;
}

static void place_groups(const struct laying *l, const struct column *column, const int *left,
			 const int *right, struct drawing_box *box)
{
	const struct drawing_columns *c = &l->c;
	uint32_t whole = c->thing_n - 1;
	for (uint32_t i = 0; i < c->leaf_n; i++)
		if (c->thing[i].parent != whole)
			include(&box[c->thing[i].parent - c->leaf_n], c->thing[i].y,
				c->thing[i].y + c->thing[i].h);
	for (uint32_t t = whole;
	     t-- > c->leaf_n;) { /* inner ones come later than those around them */
		const struct drawing_thing *thing = &c->thing[t];
		struct drawing_box *at = &box[t - c->leaf_n];
		if (thing->parent == DRAWING_NONE)
			continue;
		at->y -= GROUP_HEAD;
		at->h += GROUP_HEAD + GROUP_FOOT;
		at->x = column[thing->first].x - left[t];
		at->w = column[thing->last].x + column[thing->last].w + right[t] - at->x;
		if (thing->parent != whole)
			include(&box[thing->parent - c->leaf_n], at->y, at->y + at->h);
	}
}

/* Taking out what is empty: stretches of the height in which there is neither leaf nor group nor
 * link. */

struct extent {
	int top, bottom;
};

static int compare_extents(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;
	return (x->top > y->top) - (x->top < y->top);
}

/* All that takes up height, by its upper end; the number of them. */
static size_t list_extents(const struct laying *l, const struct drawing_layout *out,
			   struct extent *extent)
{
	const struct drawing_columns *c = &l->c;
	size_t n = 0;
	for (uint32_t i = 0; i < c->leaf_n; i++)
		extent[n++] = (struct extent){ c->thing[i].y, c->thing[i].y + c->thing[i].h };
	for (size_t i = 0; i < l->d->group_n; i++)
		if (!l->d->group[i].empty)
			extent[n++] = (struct extent){ out->group[i].y,
						       out->group[i].y + out->group[i].h };
	for (size_t i = 0; i < c->link_n; i++) {
		int a = centre(&c->thing[c->link[i].from]), b = centre(&c->thing[c->link[i].to]);
		extent[n++] = (struct extent){ a < b ? a : b, a < b ? b : a };
	}
	qsort(extent, n, sizeof *extent, compare_extents);
	return n;
}

/* Closes up what is empty, by joining extents to blocks; `block` then says how far each moves up.
 * The height. */
static int close_up(struct extent *block, int *up, size_t *n)
{
	size_t blocks = 0;
	int free = 0;
	for (size_t i = 0; i < *n; i++) {
		struct extent at = block[i];
		if (blocks && at.top <= block[blocks - 1].bottom + GAP) {
			if (block[blocks - 1].bottom < at.bottom)
				block[blocks - 1].bottom = at.bottom;
			continue;
		}
		free = blocks ? free + at.top - block[blocks - 1].bottom - GAP : at.top;
		up[blocks] = free;
		block[blocks++] = at;
	}
	*n = blocks;
	return block[blocks - 1].bottom - free;
}

/* Of the block that holds this height. */
static int moved(const struct extent *block, const int *up, size_t n, int y)
{
	size_t low = 0, high = n;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (block[middle].top <= y)
			low = middle;
		else
			high = middle;
	}
	return y - up[low];
}

static void level(struct laying *l, struct drawing_layout *out)
{
	struct drawing_columns *c = &l->c;
	size_t n = c->leaf_n + l->d->group_n + c->link_n;
	struct extent *extent = ARENA_MANY(l->arena, n, struct extent);
	int *up = ARENA_MANY(l->arena, n, int);
	n = list_extents(l, out, extent);
	out->h = close_up(extent, up, &n);
	for (uint32_t i = 0; i < c->leaf_n; i++)
		c->thing[i].y = moved(extent, up, n, c->thing[i].y);
	for (size_t i = 0; i < l->d->group_n; i++)
		out->group[i].y = moved(extent, up, n, out->group[i].y);
}

static void place_all(struct laying *l, struct drawing_layout *out, const struct drawing_box *size)
{
	struct drawing_columns *c = &l->c;
	int *left = ARENA_MANY(l->arena, c->thing_n, int),
	    *right = ARENA_MANY(l->arena, c->thing_n, int);
	struct column *column = ARENA_MANY(l->arena, c->column_n, struct column);
	find_insets(l, left, right);
	out->w = find_columns(l, column, left, right, size);
	out->group = ARENA_MANY(l->arena, l->d->group_n, struct drawing_box);
	place_groups(l, column, left, right, out->group);
	level(l, out);
	out->node = ARENA_MANY(l->arena, c->node_n, struct drawing_box);
	for (uint32_t i = 0; i < c->node_n; i++) {
		const struct column *at = &column[c->thing[i].first];
		bool agent = i < l->d->agent_n;
		out->node[i] = (struct drawing_box){ agent ? at->x : at->x + at->w / 2,
						     c->thing[i].y, agent ? at->w : 0,
						     c->thing[i].h };
	}
	size_t lanes = c->first_lane[l->d->edge_n];
	out->first_lane = c->first_lane;
	out->lane = ARENA_MANY(l->arena, lanes, struct drawing_lane);
	for (size_t i = 0; i < lanes; i++) {
		const struct drawing_thing *lane = &c->thing[c->lane[i]];
		out->lane[i] = (struct drawing_lane){ column[lane->first].x,
						      column[lane->last].x + column[lane->last].w,
						      centre(lane) };
	}
}

struct drawing_layout drawing_layout_make(struct arena *arena, const struct drawing *d,
					  const struct drawing_box *size)
{
	struct laying l = { .arena = arena, .d = d, .c = drawing_columns_make(arena, d) };
	struct drawing_layout out = { 0 };
	for (size_t i = 0; i < d->agent_n; i++)
		l.c.thing[i].h = size[i].h;
	l.sky = ARENA_MANY(arena, l.c.column_n, int);
	list_by_column(&l, false, &l.begin_first, &l.begin);
	list_by_column(&l, true, &l.end_first, &l.end);
	out.crossings = find_order(&l);
	settle(&l);
	place_all(&l, &out, size);
	return out;
}
