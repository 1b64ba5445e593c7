/* landed.c — see landed.h. */
#include "runtime/landed.h"

#include "runtime/place.h"

enum landed landed_now(struct repo *repo, struct arena *arena, const struct store_run *row)
{
	struct oid integration, tip = { "" };
	struct fail unreadable;
	bool before = !oid_none(row->landed), there = false;
	if (!repo_ref_read(repo, place_ref(arena, row->id, "integration"), &integration,
			   &unreadable))
		return LANDED_NOT;
	/* `orch gc --refs` removes the ref of what has landed. */
	if (oid_none(integration))
		return before ? LANDED_ALL : LANDED_NOTHING;
	if (oid_equal(integration, row->base))
		return before ? LANDED_BACK : LANDED_NOTHING;
	if (!row->base_branch.n)
		return LANDED_NOWHERE;
	if (!repo_ref_read(repo, arena_copy(arena, row->base_branch).at, &tip, &unreadable))
		return LANDED_NOT;
	if (oid_none(tip))
		return before ? LANDED_ALL : LANDED_NOT;
	if (!repo_is_ancestor(repo, integration, tip, &there, &unreadable))
		return LANDED_NOT;
	return there ? LANDED_ALL : before ? LANDED_CHANGED : LANDED_NOT;
}
