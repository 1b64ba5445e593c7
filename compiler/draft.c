/* draft.c — see draft.h. */
#include "compiler/draft.h"

#include "common/glob.h"
#include "common/map.h"

#include <stdlib.h>

enum { NAME_LONGEST = 40 };	/* bytes: names become branches and folders, and stand in tables */

struct draft_agent *draft_add_agent(struct draft *draft, struct str id, struct str title,
				    struct span span)
{
	struct draft_agent *agent = VEC_ADD(draft->arena, &draft->agents);
	agent->id = id;
	agent->title = title;
	agent->span = span;
	agent->group = DRAFT_NONE;
	if (title.n)
		draft_say(draft, &agent->titles, title, span);
	return agent;
}

uint32_t draft_add_group(struct draft *draft, struct str title, struct span span)
{
	struct draft_group *group = VEC_ADD(draft->arena, &draft->groups);
	group->title = title;
	group->span = span;
	return (uint32_t)(draft->groups.n - 1);
}

void draft_say(struct draft *draft, struct draft_texts *texts, struct str text, struct span span)
{
	*VEC_ADD(draft->arena, &texts->list) = (struct draft_text){ text, span };
}

/* "src/a.c:10-20" and "src/a.c#L10" are src/a.c. */
static struct str without_lines(struct str path)
{
	size_t end = path.n;
	while (end &&
	       ((path.at[end - 1] >= '0' && path.at[end - 1] <= '9') || path.at[end - 1] == '-' ||
		path.at[end - 1] == ',' || path.at[end - 1] == 'L'))
		end--;
	if (end < path.n && end > 1 && (path.at[end - 1] == ':' || path.at[end - 1] == '#'))
		return str_slice(path, 0, end - 1);
	return path;
}

static bool is_bare(struct str path)
{
	return str_find(path, '/') == SIZE_MAX && str_find(path, '*') == SIZE_MAX;
}

static struct str plain_path(struct str path)
{
	path = without_lines(path);
	return str_starts(path, STR("./")) ? str_slice(path, 2, path.n) : path;
}

bool draft_takes_path(struct draft *draft, struct str path)
{
	struct glob glob;
	struct glob_error error;
	path = plain_path(path);
	return path.n && glob_parse(draft->arena, path, &glob, &error);
}

bool draft_add_path(struct draft *draft, struct draft_agent *agent, struct str path,
		    enum draft_access access, struct span span)
{
	bool good = draft_takes_path(draft, path);
	path = plain_path(path);
	if (good)
		*VEC_ADD(draft->arena, &agent->paths) = (struct draft_path){ path, access, span,
									     is_bare(path), false };
	else if (path.n)
		draft_say(draft, &agent->refused, path, span);
	return good;
}

void draft_add_edge(struct draft *draft, struct draft_agent *agent, uint32_t after,
		    struct span span)
{
	*VEC_ADD(draft->arena, &agent->after) = (struct draft_edge){ after, span };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What a letter of Latin-1 (its second byte in UTF-8) is without its marks, or "". */
static const char *plain_letter(unsigned char second)
{
	static const char *const letters[] = { "a", "a", "a", "a", "ae", "a", "ae", "c",
					       "e", "e", "e", "e", "i",  "i", "i",  "i",
					       "d", "n", "o", "o", "o",  "o", "oe", "",
					       "o", "u", "u", "u", "ue", "y", "th", "ss" };
	/* The small letters follow the capitals; sharp s stands where a small one would have a
	 * capital. */
	if (second >= 0x80 && second <= 0x9F)
		return letters[second - 0x80];
	return second >= 0xA0 && second <= 0xBF ? (second == 0xBF ? "y" : letters[second - 0xA0])
						: "";
}

struct str draft_name(struct arena *arena, struct str words)
{
	struct text out = { 0 };
	bool apart = false;
	for (size_t i = 0; i < words.n; i++) {
		char c = words.at[i];
		bool digit = c >= '0' && c <= '9';
		const char *plain = (unsigned char)c == 0xC3 && i + 1 < words.n
					    ? plain_letter((unsigned char)words.at[i + 1])
					    : "";
		if (*plain && out.n < NAME_LONGEST - 3) {
			text_add(&out, apart && out.n ? STR("-") : STR(""));
			text_add(&out, str_from(plain));
			apart = false;
			i++;
			continue;
		}
		if (!is_letter(c) && !digit) {
			/* An apostrophe joins, as in "author's"; a letter outside of ASCII does not
			 * end a word. */
			apart = apart || !((unsigned char)c >= 0x80 || c == '\'');
			apart = apart || (unsigned char)c == 0xE2;	/* arrows, dashes, quotes */
			continue;
		}
		if (digit && !out.n)
			text_add_byte(&out, 'n');
		if (apart && out.n) {
			size_t end = i;
			while (end < words.n && (is_letter(words.at[end]) ||
						 (words.at[end] >= '0' && words.at[end] <= '9')))
				end++;
			if (out.n + 1 + (end - i) > NAME_LONGEST)
				break;
			text_add_byte(&out, '-');
		}
		apart = false;
		if (out.n >= NAME_LONGEST)
			continue;
		text_add_byte(&out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	struct str name = arena_copy(arena, text_str(&out));
	text_release(&out);
	return name;
}

/* `name`, or with a number behind it when that is taken; "all" means something else in `after`. */
static struct str unique_name(struct draft *draft, struct map *taken, struct str name,
			      const char *other)
{
	if (!name.n)
		name = str_from(other);
	struct str free = name;
	for (unsigned n = 2; map_find(taken, free) || str_is(free, "all"); n++)
		free = arena_format(draft->arena, "%.*s-%u", STR_ARG(name), n);
	map_add(draft->arena, taken, free, 0);
	return free;
}

static void settle_names(struct draft *draft)
{
	struct map taken = { 0 };
	map_add(draft->arena, &taken, STR("std"), 0);	/* the import */
	draft->name = draft_name(draft->arena, draft->name.n ? draft->name : draft->title);
	if (!draft->name.n)
		draft->name = STR("imported");
	for (size_t i = 0; i < draft->agents.n; i++) {
		struct draft_agent *agent = &draft->agents.at[i];
		struct str name = draft_name(draft->arena,
					     agent->name.n ? agent->name : agent->title);
		struct str other = arena_format(draft->arena, "agent-%.*s", STR_ARG(agent->id));
		other = draft_name(draft->arena, other);
		agent->name = unique_name(draft, &taken, name, arena_copy(draft->arena, other).at);
	}
	for (size_t i = 0; i < draft->groups.n; i++) {
		struct draft_group *group = &draft->groups.at[i];
		group->name = unique_name(draft, &taken,
					  draft_name(draft->arena,
						     group->name.n ? group->name : group->title),
					  "group");
	}
}

static bool is_last_part(struct str path, struct str name)
{
	return path.n > name.n && str_ends(path, name) && path.at[path.n - name.n - 1] == '/';
}

/* Is the path said better by another of the agent's? */
static bool gives_way(const struct draft_agent *agent, size_t index)
{
	const struct draft_path *path = &agent->paths.at[index];
	for (size_t i = 0; i < agent->paths.n; i++) {
		const struct draft_path *other = &agent->paths.at[i];
		if (i == index)
			continue;
		if (is_last_part(other->path, path->path) && path->bare)
			return true;
		if (!str_equal(other->path, path->path))
			continue;
		/* The same path twice: what creates it wins over what owns it, and both over what
		 * reads it. */
		static const int weight[] = {
			[DRAFT_OWNS] = 1, [DRAFT_CREATES] = 2, [DRAFT_READS] = 0
		};
		int difference = weight[other->access] - weight[path->access];
		if (difference > 0 || (!difference && i < index))
			return true;
	}
	return false;
}

/* A bare name that is new says so of the full path as well. */
static void settle_paths(struct draft_agent *agent)
{
	for (size_t i = 0; i < agent->paths.n; i++)
		for (size_t j = 0; j < agent->paths.n; j++)
			if (agent->paths.at[j].access == DRAFT_CREATES &&
			    agent->paths.at[i].access == DRAFT_OWNS &&
			    is_last_part(agent->paths.at[i].path, agent->paths.at[j].path))
				agent->paths.at[i].access = DRAFT_CREATES;
	for (size_t i = 0; i < agent->paths.n; i++)
		agent->paths.at[i].settled = !gives_way(agent, i);
}

/* The group whose members are just the step's agents, or DRAFT_NONE. */
static uint32_t group_of_step(const struct draft *draft, const struct draft_step *step)
{
	uint32_t group = step->agents.n ? draft->agents.at[step->agents.at[0]].group : DRAFT_NONE;
	size_t members = 0;
	for (size_t i = 0; i < draft->agents.n; i++)
		members += draft->agents.at[i].group == group;
	for (size_t i = 0; i < step->agents.n; i++)
		if (draft->agents.at[step->agents.at[i]].group != group)
			return DRAFT_NONE;
	return members == step->agents.n ? group : DRAFT_NONE;
}

/* Where the document has no groups, the steps of its merge order are the groups; a step of one
 * agent needs none. */
static void settle_groups(struct draft *draft)
{
	bool *seen = ARENA_MANY(draft->arena, draft->agents.n, bool), apart = true;
	for (size_t i = 0; i < draft->merge.n; i++)
		for (size_t j = 0; j < draft->merge.at[i].agents.n; j++) {
			apart = apart && !seen[draft->merge.at[i].agents.at[j]];
			seen[draft->merge.at[i].agents.at[j]] = true;
		}
	bool make = apart && !draft->groups.n;
	for (size_t i = 0; i < draft->merge.n; i++) {
		struct draft_step *step = &draft->merge.at[i];
		if (make && step->agents.n > 1 && step->title.n) {
			uint32_t group = draft_add_group(draft, step->title, step->span);
			for (size_t j = 0; j < step->agents.n; j++)
				draft->agents.at[step->agents.at[j]].group = group;
		}
	}
	for (size_t i = 0; i < draft->merge.n; i++)
		draft->merge.at[i].group = group_of_step(draft, &draft->merge.at[i]);
}

void draft_settle(struct draft *draft)
{
	settle_groups(draft);
	settle_names(draft);
	for (size_t i = 0; i < draft->agents.n; i++)
		settle_paths(&draft->agents.at[i]);
}

struct draft_waits draft_waits(const struct draft *draft, uint32_t index)
{
	const struct draft_agent *agent = &draft->agents.at[index];
	bool *waits = ARENA_MANY(draft->arena, draft->agents.n, bool);
	for (size_t i = 0; i < agent->after.n; i++)
		waits[agent->after.at[i].agent] = true;
	for (size_t i = 0; i < draft->agents.n; i++) {
		const struct draft_agent *other = &draft->agents.at[i];
		if (agent->after_all.list.n && !other->after_all.list.n)
			waits[i] = true;
		if (agent->group == DRAFT_NONE || other->group == DRAFT_NONE)
			continue;
		const struct draft_group *group = &draft->groups.at[agent->group];
		for (size_t j = 0; j < group->after.n; j++)
			waits[i] = waits[i] || group->after.at[j].agent == other->group;
	}
	waits[index] = false;
	struct draft_waits found = { ARENA_MANY(draft->arena, draft->agents.n, uint32_t), 0 };
	for (uint32_t i = 0; i < draft->agents.n; i++)
		if (waits[i])
			found.at[found.n++] = i;
	return found;
}
