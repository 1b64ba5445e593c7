/* draft_order.c — see draft_order.h. */
#include "compiler/draft_order.h"

enum { PAIRS_AGENTS_MOST = 1000 };

/* Depth first, with a stack of its own: a document may chain any number of agents. */
static void visit(const struct draft *d, struct draft_order *order, uint32_t root)
{
	struct frame {
		uint32_t agent;
		size_t next;
		struct draft_waits waits;
	};
	size_t n = d->agents.n;
	VEC(struct frame) stack = { 0 };
	*VEC_ADD(d->arena, &stack) = (struct frame){ root, 0, draft_waits(d, root) };
	order->state[root] = 1;
	while (stack.n) {
		struct frame *frame = &stack.at[stack.n - 1];
		if (frame->next < frame->waits.n) {
			uint32_t other = frame->waits.at[frame->next++];
			if (order->state[other])
				continue; /* done, or a circle, which compiling will show */
			order->state[other] = 1;
			*VEC_ADD(d->arena, &stack) = (struct frame){ other, 0,
								     draft_waits(d, other) };
			continue;
		}
		uint32_t agent = frame->agent;
		const struct draft_agent *a = &d->agents.at[agent];
		uint64_t start = 0;
		order->last[agent] = DRAFT_NONE;
		for (size_t i = 0; i < frame->waits.n; i++) {
			uint32_t other = frame->waits.at[i];
			if (order->finish[other] > start) {
				start = order->finish[other];
				order->last[agent] = other;
			}
			for (size_t j = 0; j < n && order->before; j++)
				order->before[agent * n + j] |= j == other ||
								order->before[other * n + j];
		}
		order->finish[agent] = start + (a->times.n ? a->times.at[0].most : 0);
		order->state[agent] = 2;
		stack.n--;
	}
}

struct draft_order draft_order_of(const struct draft *d)
{
	size_t n = d->agents.n;
	struct draft_order order = { ARENA_MANY(d->arena, n, uint64_t), NULL,
				     ARENA_MANY(d->arena, n, uint8_t),
				     ARENA_MANY(d->arena, n, uint32_t) };
	if (n <= PAIRS_AGENTS_MOST)
		order.before = ARENA_MANY(d->arena, n * n, bool);
	for (uint32_t i = 0; i < n; i++)
		if (!order.state[i])
			visit(d, &order, i);
	return order;
}
