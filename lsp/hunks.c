/* hunks.c — see hunks.h. A line is compared with its line end, so that it stands for its bytes. */
#include "lsp/hunks.h"

#include <string.h>

enum { MOST = 600 }; /* lines that are taken away or put in, before all of it is one hunk */

static uint32_t start_of(const struct source *source, uint32_t line)
{
	return line < source->line_n ? source->line[line] : (uint32_t)source->text.n;
}

static struct str line_of(const struct source *source, uint32_t line)
{
	return str_slice(source->text, start_of(source, line), start_of(source, line + 1));
}

struct finding {
	const struct source *before, *after;
	uint32_t first; /* lines at the beginning that are the same */
	int n, m;       /* lines behind them, without those at the end that are the same */
};

static bool same(const struct finding *f, int x, int y)
{
	return str_equal(line_of(f->before, f->first + (uint32_t)x),
			 line_of(f->after, f->first + (uint32_t)y));
}

/* How far each diagonal k got after d steps is in reach[d][k + MOST]. The number of steps, or -1. */
static int search(const struct finding *f, int **reach, struct arena *arena)
{
	int *v = ARENA_MANY(arena, 2 * MOST + 3, int);
	for (int d = 0; d <= MOST; d++) {
		for (int k = -d; k <= d; k += 2) {
			bool down = k == -d ||
				    (k != d && v[k - 1 + MOST + 1] < v[k + 1 + MOST + 1]);
			int x = down ? v[k + 1 + MOST + 1] : v[k - 1 + MOST + 1] + 1, y = x - k;
			while (x < f->n && y < f->m && same(f, x, y)) {
				x++;
				y++;
			}
			v[k + MOST + 1] = x;
			if (x >= f->n && y >= f->m)
				return d;
		}
		reach[d] = ARENA_MANY(arena, 2 * MOST + 3, int);
		memcpy(reach[d], v, (2 * MOST + 3) * sizeof *v);
	}
	return -1;
}

static void add(struct arena *arena, struct hunks *hunks, struct hunk hunk)
{
	struct hunk *last = hunks->list.n ? &hunks->list.at[hunks->list.n - 1] : NULL;
	/* Found from the end: it may lie right before the last one. */
	if (last && last->before == hunk.before_end && last->after == hunk.after_end) {
		last->before = hunk.before;
		last->after = hunk.after;
	} else {
		*VEC_ADD(arena, &hunks->list) = hunk;
	}
}

static void go_back(const struct finding *f, int **reach, int d, struct arena *arena,
		    struct hunks *hunks)
{
	int x = f->n, y = f->m;
	for (; d > 0; d--) {
		const int *v = reach[d - 1] + MOST + 1;
		int k = x - y;
		bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
		int from = down ? v[k + 1] : v[k - 1], other = from - (down ? k + 1 : k - 1);
		uint32_t a = f->first + (uint32_t)from, b = f->first + (uint32_t)other;
		add(arena, hunks, (struct hunk){ a, a + !down, b, b + down });
		x = from;
		y = other;
	}
}

void hunks_find(struct arena *arena, const struct source *before, const struct source *after,
		struct hunks *hunks)
{
	struct finding f = { .before = before, .after = after };
	uint32_t n = (uint32_t)before->line_n, m = (uint32_t)after->line_n, end = 0;
	while (f.first < n && f.first < m &&
	       str_equal(line_of(before, f.first), line_of(after, f.first)))
		f.first++;
	while (end < n - f.first && end < m - f.first &&
	       str_equal(line_of(before, n - 1 - end), line_of(after, m - 1 - end)))
		end++;
	f.n = (int)(n - f.first - end);
	f.m = (int)(m - f.first - end);
	*hunks = (struct hunks){ 0 };
	if (!f.n && !f.m)
		return;
	int **reach = ARENA_MANY(arena, MOST + 1, int *);
	int d = search(&f, reach, arena);
	if (d < 0) {
		*VEC_ADD(arena, &hunks->list) = (struct hunk){ f.first, f.first + (uint32_t)f.n,
							       f.first, f.first + (uint32_t)f.m };
		return;
	}
	go_back(&f, reach, d, arena, hunks);
	for (size_t i = 0, k = hunks->list.n; i + 1 < k; i++, k--) {
		struct hunk other = hunks->list.at[i];
		hunks->list.at[i] = hunks->list.at[k - 1];
		hunks->list.at[k - 1] = other;
	}
}

void hunks_edit(const struct hunk *hunk, const struct source *before, const struct source *after,
		uint32_t *start, uint32_t *end, struct str *text)
{
	*start = start_of(before, hunk->before);
	*end = start_of(before, hunk->before_end);
	*text = str_slice(after->text, start_of(after, hunk->after),
			  start_of(after, hunk->after_end));
}
