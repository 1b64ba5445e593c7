/* diag_fingerprint.c — see diag_fingerprint.h. */
#include "common/diag_fingerprint.h"

#include <inttypes.h>

struct str diag_fingerprint_make(struct arena *arena, struct map *seen, const struct diags *diags,
				 const struct diag *diag)
{
	const struct source *source = source_get(diags->sources, diag->span.source);
	struct str line = source_line(source, source_line_at(source, diag->span.start));
	struct str all = arena_format(arena, "%u\n%.*s\n%.*s\n%.*s", diag->code,
				      STR_ARG(source->path), STR_ARG(diag->message),
				      STR_ARG(str_trim(line)));
	struct str key = arena_format(arena, "%016" PRIx64, str_hash(all));
	uint32_t *known = map_find(seen, key), times = known ? ++*known : 1;
	if (!known)
		map_add(arena, seen, key, 1);
	return arena_format(arena, "%.*s:%u", STR_ARG(key), times);
}
