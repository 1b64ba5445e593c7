/* import_tasks_order.c — what a list of tasks says of its order: dependencies that are told in
 * words, and phases one after the other. */
#include "compiler/import_tasks_inside.h"

struct ids {
	VEC(uint32_t) agents;
};

/* T004, T006-T008 and the like. */
static void find_ids(struct import_tasks_reader *r, struct str text, struct ids *ids)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t end = import_tasks_line_id_end(text, i);
		if (end == i || (i && ((text.at[i - 1] >= 'A' && text.at[i - 1] <= 'Z') ||
				       import_word_digit(text.at[i - 1]))))
			continue;
		uint32_t *low = map_find(&r->by_id, str_slice(text, i, end)), *high = NULL;
		size_t to = end;
		while (to < text.n &&
		       (strchr("- ", text.at[to]) || (unsigned char)text.at[to] >= 0x80))
			to++;
		size_t to_end = import_tasks_line_id_end(text, to);
		bool dash = to > end &&
			    str_find_text(str_slice(text, end, to), STR("-")) != SIZE_MAX;
		bool long_dash = to > end &&
				 str_find_text(str_slice(text, end, to), STR("–")) != SIZE_MAX;
		if ((dash || long_dash) && to_end > to) {
			high = map_find(&r->by_id, str_slice(text, to, to_end));
			end = to_end;
		}
		for (uint32_t a = low ? *low : 0; low && a <= (high ? *high : *low); a++)
			*VEC_ADD(r->arena, &ids->agents) = a;
		i = end - 1;
	}
}

/* The word of `words` that comes first in the text, and where it ends. */
static size_t find_word(struct str text, const char *words, size_t *end)
{
	struct str rest = str_from(words), word;
	size_t best = SIZE_MAX;
	while (str_split(&rest, '|', &word))
		for (size_t i = 0; i + word.n <= text.n && i < best; i++)
			if (import_word_same(str_slice(text, i, i + word.n), word) &&
			    (!i || text.at[i - 1] == ' ' || text.at[i - 1] == '(')) {
				best = i;
				*end = i + word.n;
			}
	return best;
}

static const char later_words[] =
	"depends on|depend on|requires|require|waits for|wait for|blocked by|after";
static const char earlier_words[] = "before|blocks|block|→|->";

/* Does the agent's phase wait for that of the other anyway? */
static bool is_ordered(struct import_tasks_reader *r, uint32_t before, uint32_t after)
{
	const struct draft_agent *agent = r->draft->agents.at;
	if (agent[after].group == DRAFT_NONE || agent[before].group == DRAFT_NONE)
		return false;
	const struct draft_group *group = &r->draft->groups.at[agent[after].group];
	for (size_t i = 0; i < group->after.n; i++)
		if (group->after.at[i].agent == agent[before].group)
			return true;
	return false;
}

static void connect(struct import_tasks_reader *r, const struct ids *before,
		    const struct ids *after, struct span span)
{
	for (size_t i = 0; i < after->agents.n; i++)
		for (size_t j = 0; j < before->agents.n; j++)
			if (after->agents.at[i] != before->agents.at[j] &&
			    !is_ordered(r, before->agents.at[j], after->agents.at[i]))
				draft_add_edge(r->draft, &r->draft->agents.at[after->agents.at[i]],
					       before->agents.at[j], span);
}

/* Behind a task: "(depends on T012, T013)". */
static void depend_inside(struct import_tasks_reader *r, uint32_t agent)
{
	struct str text = r->draft->agents.at[agent].prompt.text;
	size_t end, at = find_word(text, "depends on|waits for|blocked by|(after", &end);
	struct ids before = { 0 }, after = { 0 };
	if (at == SIZE_MAX)
		return;
	struct str list = str_slice(text, end, text.n);
	size_t stop = 0;
	while (stop < list.n && list.at[stop] != ')' && list.at[stop] != '\n' &&
	       list.at[stop] != '.')
		stop++;
	list = str_slice(list, 0, stop);
	find_ids(r, list, &before);
	*VEC_ADD(r->arena, &after.agents) = agent;
	connect(r, &before, &after, import_tasks_line_span(r, str_slice(text, at, end + stop)));
}

static struct import_tasks_phase *named_phase(struct import_tasks_reader *r, struct str text)
{
	struct str story = import_tasks_line_number(text, "User Story"),
		   number = import_tasks_line_number(text, "Phase");
	if (!story.n)
		story = import_tasks_line_number(text, "US");
	for (size_t i = 0; i < r->phases.n; i++) {
		struct import_tasks_phase *phase = &r->phases.at[i];
		if (phase->group != DRAFT_NONE &&
		    ((story.n && str_equal(story, phase->story_number)) ||
		     (!story.n && number.n && str_equal(number, phase->number))))
			return phase;
	}
	return NULL;
}

/* "- **User Story 2**: depends on User Story 1 for its models" */
static void depend_phases(struct import_tasks_reader *r, struct str line)
{
	size_t end, at = find_word(line, "depends on|requires|waits for|blocked by", &end);
	size_t colon = str_find(line, ':');
	if (at == SIZE_MAX || colon == SIZE_MAX || colon > at)
		return;
	struct str target = str_slice(line, end, line.n);
	size_t dash = str_find_text(target, STR(" - "));
	struct import_tasks_phase *later = named_phase(r, str_slice(line, 0, colon));
	struct import_tasks_phase *earlier =
		named_phase(r, dash == SIZE_MAX ? target : str_slice(target, 0, dash));
	if (later && earlier && later != earlier && earlier->open)
		*VEC_ADD(r->arena, &r->draft->groups.at[later->group].after) =
			(struct draft_edge){ earlier->group, import_tasks_line_span(r, line) };
}

static void depend_line(struct import_tasks_reader *r, struct str line)
{
	size_t end, later = find_word(line, later_words, &end), behind_later = end;
	size_t behind_earlier, earlier = find_word(line, earlier_words, &behind_earlier);
	bool turned = later != SIZE_MAX && (earlier == SIZE_MAX || later < earlier);
	size_t at = turned ? later : earlier, from = turned ? behind_later : behind_earlier;
	struct ids all = { 0 }, left = { 0 }, right = { 0 };
	find_ids(r, line, &all);
	if (!all.agents.n) {
		depend_phases(r, line);
		return;
	}
	if (at != SIZE_MAX) {
		find_ids(r, str_slice(line, 0, at), &left);
		find_ids(r, str_slice(line, from, line.n), &right);
	}
	if (left.agents.n && right.agents.n)
		connect(r, turned ? &right : &left, turned ? &left : &right,
			import_tasks_line_span(r, line));
	else if (!import_word_has(line, "parallel") && !import_word_has(line, "together"))
		diag_add(r->draft->diags, DIAG_UNPLACED, import_tasks_line_span(r, line),
			 "tasks are named here, and what it says of them was not understood");
}

static void read_dependencies(struct import_tasks_reader *r)
{
	struct str rest = r->text, line;
	bool inside = false, fenced = false;
	for (uint32_t i = 0; i < r->draft->agents.n; i++)
		depend_inside(r, i);
	while (str_split(&rest, '\n', &line)) {
		unsigned level = import_tasks_line_level(line);
		struct str trimmed = str_trim(line);
		struct import_tasks_line task;
		if (str_starts(trimmed, STR("```")))
			fenced = !fenced;
		if (level && level <= r->level)
			inside = import_word_has(line, "dependenc");
		else if (inside && !fenced && trimmed.n && !level &&
			 !import_tasks_line_read(line, &task))
			depend_line(r, trimmed);
	}
}

/* Phases. */

static void order_phases(struct import_tasks_reader *r)
{
	VEC(struct import_tasks_phase *) base = { 0 }, stories = { 0 };
	for (size_t i = 0; i < r->phases.n; i++) {
		struct import_tasks_phase *phase = &r->phases.at[i];
		if (phase->group == DRAFT_NONE || !phase->open)
			continue;
		struct draft_group *group = &r->draft->groups.at[phase->group];
		bool all = !phase->story && stories.n;
		for (size_t j = 0; j < (all ? stories.n : base.n); j++)
			*VEC_ADD(r->arena, &group->after) = (struct draft_edge){
				(all ? stories.at[j] : base.at[j])->group, phase->span
			};
		if (phase->story) {
			*VEC_ADD(r->arena, &stories) = phase;
			continue;
		}
		stories.n = base.n = 0;
		*VEC_ADD(r->arena, &base) = phase;
	}
}

void import_tasks_order_read(struct import_tasks_reader *r)
{
	order_phases(r);
	read_dependencies(r);
}
