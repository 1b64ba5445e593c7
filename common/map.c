/* map.c — open addressing, at most half full, kept in the order of hashes only. */
#include "common/map.h"

#include "common/fail.h"

static struct map_entry *slot_of(const struct map *map, struct str key)
{
	size_t at = str_hash(key) & (map->cap - 1);
	while (map->at[at].taken && !str_equal(map->at[at].key, key))
		at = (at + 1) & (map->cap - 1);
	return &map->at[at];
}

uint32_t *map_find(const struct map *map, struct str key)
{
	if (!map->n)
		return NULL;
	struct map_entry *slot = slot_of(map, key);
	return slot->taken ? &slot->value : NULL;
}

void map_add(struct arena *arena, struct map *map, struct str key, uint32_t value)
{
	if (map->n * 2 >= map->cap) {
		struct map grown = { NULL, map->n, map->cap ? map->cap * 2 : 16 };
		grown.at = ARENA_MANY(arena, grown.cap, struct map_entry);
		for (size_t i = 0; i < map->cap; i++)
			if (map->at[i].taken)
				*slot_of(&grown, map->at[i].key) = map->at[i];
		*map = grown;
	}
	struct map_entry *slot = slot_of(map, key);
	BUG_IF(slot->taken, "a key added twice");
	*slot = (struct map_entry){ key, value, true };
	map->n++;
}
