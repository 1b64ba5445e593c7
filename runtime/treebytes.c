/* treebytes.c — see treebytes.h. */
#include "runtime/treebytes.h"

/* Old programs wrote other permission bits; git reads only the owner's x. */
uint32_t treebytes_mode(uint32_t raw)
{
	switch (raw & 0170000) {
	case 0100000: return raw & 0100 ? TREEBYTES_EXECUTABLE : TREEBYTES_FILE;
	case TREEBYTES_LINK: case TREEBYTES_COMMIT: case TREEBYTES_FOLDER: return raw & 0170000;
	default: return 0;
	}
}

bool treebytes_next(struct str *rest, struct treebytes_entry *entry)
{
	uint32_t raw = 0;
	size_t i = 0;
	for (; i < rest->n && i < 7 && rest->at[i] >= '0' && rest->at[i] <= '7'; i++)
		raw = raw * 8 + (uint32_t)(rest->at[i] - '0');
	if (i == 0 || i >= rest->n || rest->at[i] != ' ')
		return false;
	*rest = str_slice(*rest, i + 1, rest->n);
	size_t end = str_find(*rest, 0);
	if (end == SIZE_MAX || end == 0 || rest->n - end - 1 < TREEBYTES_ID)
		return false;
	entry->name = str_slice(*rest, 0, end);
	entry->mode = treebytes_mode(raw);
	entry->id = (const unsigned char *)rest->at + end + 1;
	*rest = str_slice(*rest, end + 1 + TREEBYTES_ID, rest->n);
	return entry->mode != 0 && str_find(entry->name, '/') == SIZE_MAX;
}
