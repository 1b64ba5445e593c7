/* settle_jackson.c — jobs on one machine that may be interrupted: whatever is there and has the
 * longest tail goes on. */
#include "compiler/settle_inside.h"

#include <stdlib.h>

static int job_compare(const void *x, const void *y)
{
	const struct settle_job *a = x, *b = y;
	return (a->release > b->release) - (a->release < b->release);
}

uint64_t settle_jackson(struct settling *s, struct settle_job *job, size_t n)
{
	uint64_t now = 0, last = 0;
	size_t next = 0;
	qsort(job, n, sizeof *job, job_compare);
	while (next < n || s->heap.list.n) {
		if (!s->heap.list.n && now < job[next].release)
			now = job[next].release;
		for (; next < n && job[next].release <= now; next++)
			heap_push(&s->arena, &s->heap, UINT64_MAX - job[next].tail, (uint32_t)next);
		struct settle_job *top = &job[heap_top(&s->heap).value];
		uint64_t slice = next < n && job[next].release - now < top->time
					 ? job[next].release - now
					 : top->time;
		now += slice;
		top->time -= slice;
		if (top->time)
			continue;
		if (last < now + top->tail)
			last = now + top->tail;
		heap_pop(&s->heap);
	}
	return last;
}
