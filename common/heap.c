/* heap.c — see heap.h. */
#include "common/heap.h"

static bool entry_before(const struct heap_entry *a, const struct heap_entry *b)
{
	return a->key != b->key ? a->key < b->key : a->value < b->value;
}

void heap_push(struct arena *arena, struct heap *heap, uint64_t key, uint32_t value)
{
	struct heap_entry entry = { key, value };
	*VEC_ADD(arena, &heap->list) = entry;
	struct heap_entry *at = heap->list.at;
	size_t i = heap->list.n - 1;
	for (; i && entry_before(&entry, &at[(i - 1) / 2]); i = (i - 1) / 2)
		at[i] = at[(i - 1) / 2];
	at[i] = entry;
}

struct heap_entry heap_top(const struct heap *heap)
{
	return heap->list.at[0];
}

struct heap_entry heap_pop(struct heap *heap)
{
	struct heap_entry *at = heap->list.at, top = at[0];
	size_t n = --heap->list.n, i = 0;
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && entry_before(&at[child + 1], &at[child]))
			child++;
		if (entry_before(&at[n], &at[child]))
			break;
		at[i] = at[child];
	}
	at[i] = at[n];
	return top;
}
