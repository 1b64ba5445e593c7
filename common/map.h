/* map.h — from a text to a number, in an arena. Keys are borrowed. A zeroed map is ready. */
#ifndef COMMON_MAP_H
#define COMMON_MAP_H

#include "common/arena.h"

#include <stdint.h>

struct map_entry {
	struct str key;
	uint32_t value;
	bool taken;
};
struct map {
	struct map_entry *at;
	size_t n, cap;
};

/* The value's place, or NULL; valid until the next map_add. */
uint32_t *map_find(const struct map *, struct str key);
/* Adds the key, which must not be there yet. */
void map_add(struct arena *, struct map *, struct str key, uint32_t value);

#endif
