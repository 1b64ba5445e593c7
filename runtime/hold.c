/* hold.c — see hold.h. */
#include "runtime/hold.h"

#include "common/file.h"
#include "common/text.h"
#include "runtime/place.h"

static bool read_before(struct arena *arena, const char *run_folder, enum sandbox_level *level,
			struct fail *fail)
{
	const char *path = place_in(arena, run_folder, "sandbox");
	struct str text;
	bool found;
	/* A run of a version that had the gate alone has none. */
	*level = SANDBOX_GATE;
	if (!file_read_if(arena, path, 100, &text, &found, fail))
		return false;
	return !found || sandbox_find(str_trim(text), level) ||
	       fail_set(fail, "%s is damaged: it should have the name of a level of containment",
			path);
}

/* Is there an agent that may have no network? */
static bool wants_quiet(const struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->agent_n; i++)
		if (schedule->agent[i].quiet)
			return true;
	return false;
}

bool hold_find(struct arena *arena, const struct schedule *schedule, const char *run_folder,
	       struct hold **found, struct fail *fail)
{
	struct hold *hold = *found = ARENA_NEW(arena, struct hold);
	hold->level = ARENA_MANY(arena, schedule->agent_n + 1, enum sandbox_level);
	sandbox_probe(wants_quiet(schedule), &hold->offer);
	hold->before = hold->offer.level;
	return (!run_folder || read_before(arena, run_folder, &hold->before, fail)) &&
	       sandbox_choose(schedule, &hold->offer, hold->before, hold->level, fail);
}

bool hold_write(struct arena *arena, const struct hold *hold, const char *run_folder,
		struct fail *fail)
{
	struct str line = arena_format(arena, "%s\n", sandbox_name(hold->before));
	return file_write(place_in(arena, run_folder, "sandbox"), line, 0666, fail);
}

enum sandbox_level hold_most(const struct hold *hold, const struct schedule *schedule)
{
	enum sandbox_level most = SANDBOX_GATE;
	for (size_t i = 0; i < schedule->agent_n; i++)
		if (hold->level[i] > most)
			most = hold->level[i];
	return most;
}

struct str hold_text(struct arena *arena, const struct hold *hold, const struct schedule *schedule)
{
	size_t n[SANDBOX_LEVEL_COUNT] = { 0 };
	enum sandbox_level most = SANDBOX_GATE;
	struct text text = { 0 };
	for (size_t i = 0; i < schedule->agent_n; i++)
		n[hold->level[i]]++;
	for (unsigned i = 0; i < SANDBOX_LEVEL_COUNT; i++)
		if (n[i] >= n[most])
			most = (enum sandbox_level)i;
	text_addf(&text, "%s: %s", sandbox_name(most), sandbox_meaning(most));
	for (unsigned i = 0; i < SANDBOX_LEVEL_COUNT; i++)
		if (i != most && n[i])
			text_addf(&text, "; %zu of %zu agents: %s", n[i], schedule->agent_n,
				  sandbox_name((enum sandbox_level)i));
	if (hold->offer.level < hold->before)
		text_addf(&text, "; weaker than when the run began (%s), for here: %s",
			  sandbox_name(hold->before), hold->offer.namespaces.text);
	else if (hold->offer.level < SANDBOX_NAMESPACES)
		text_addf(&text, "; no namespaces: %s", hold->offer.namespaces.text);
	struct str line = arena_copy(arena, text_str(&text));
	text_release(&text);
	return line;
}
