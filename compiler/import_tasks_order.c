/* import_tasks_order.c — what a list of tasks says of its order: dependencies that are told in
 * words, and phases one after the other. */
#include "compiler/import_tasks_inside.h"

#include <string.h>

struct ids {
	VEC(uint32_t) agents;
	VEC(struct str) unknown; /* called like a task, and none is */
};

/* "T099" where the tasks are called T001 and so on; "P2" and "FR-3" are something else. */
static bool is_like_a_task(const struct import_tasks_reader *r, struct str id)
{
	struct str first = r->draft->agents.n ? r->draft->agents.at[0].id : STR("");
	size_t n = 0;
	while (n < first.n && !import_word_digit(first.at[n]))
		n++;
	return n && n < id.n && str_starts(id, str_slice(first, 0, n)) &&
	       import_word_digit(id.at[n]);
}

static uint32_t *find_id(struct import_tasks_reader *r, struct str id, struct ids *ids)
{
	uint32_t *found = map_find(&r->by_id, id);
	if (!found && is_like_a_task(r, id))
		*VEC_ADD(r->arena, &ids->unknown) = id;
	return found;
}

static void say_unknown(struct import_tasks_reader *r, const struct ids *ids)
{
	for (size_t i = 0; i < ids->unknown.n; i++) {
		struct str id = ids->unknown.at[i];
		struct diag *diag = diag_add(r->draft->diags, DIAG_UNPLACED,
					     import_tasks_line_span(r, id),
					     "there is no task `%.*s`", STR_ARG(id));
		diag_help(r->draft->diags, diag,
			  "what is said of it here is not in the imported plan");
	}
}

/* T004, T006-T008 and the like. */
static void find_ids(struct import_tasks_reader *r, struct str text, struct ids *ids)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t end = import_tasks_line_id_end(text, i);
		if (end == i || (i && ((text.at[i - 1] >= 'A' && text.at[i - 1] <= 'Z') ||
				       import_word_digit(text.at[i - 1]))))
			continue;
		uint32_t *low = find_id(r, str_slice(text, i, end), ids), *high = NULL;
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
			high = find_id(r, str_slice(text, to, to_end), ids);
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

/* Phases that a text names by their numbers. */
struct phases {
	VEC(struct import_tasks_phase *) list;
	struct str unknown; /* "User Story 9" where there is none; or empty */
};

static void add_phase(struct import_tasks_reader *r, struct phases *phases, bool story,
		      struct str number, struct str said)
{
	for (size_t i = 0; i < r->phases.n; i++) {
		struct import_tasks_phase *phase = &r->phases.at[i];
		if (!str_equal(number, story ? phase->story_number : phase->number))
			continue;
		if (phase->group != DRAFT_NONE)
			*VEC_ADD(r->arena, &phases->list) = phase;
		return;
	}
	phases->unknown = phases->unknown.n ? phases->unknown : said;
}

static size_t number_end(struct str text, size_t at)
{
	while (at < text.n &&
	       (import_word_digit(text.at[at]) ||
		(text.at[at] == '.' && at + 1 < text.n && import_word_digit(text.at[at + 1]))))
		at++;
	return at;
}

/* Behind ", ", " and " and the like; `at` itself when nothing of the kind is there. */
static size_t behind_joint(struct str text, size_t at)
{
	static const char *const joints[] = {
		", and ", ", ", " and ", " & ", " or ", ", or ", "/"
	};
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
		if (import_word_starts(str_slice(text, at, text.n), str_from(joints[i])))
			return at + str_from(joints[i]).n;
	return at;
}

/* The end of "User Stories ", "US", "Phase " at `at`, whatever it is of; 0 when it is none. */
static size_t kind_end(struct str text, size_t at, bool *story)
{
	static const struct {
		const char *word;
		bool story;
	} kinds[] = { { "user stories", true }, { "user story", true }, { "stories", true },
		      { "story", true },        { "us", true },         { "phases", false },
		      { "phase", false } };
	if (at && import_word_inside(text.at[at - 1]))
		return 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct str word = str_from(kinds[i].word);
		size_t end = at + word.n;
		if (!import_word_starts(str_slice(text, at, text.n), word))
			continue;
		while (end < text.n && text.at[end] == ' ')
			end++;
		*story = kinds[i].story;
		if (number_end(text, end) > end)
			return end;
	}
	return 0;
}

/* "User Story 2", "US1", "Phases 3 and 4". */
static void find_phases(struct import_tasks_reader *r, struct str text, struct phases *phases)
{
	bool story;
	for (size_t i = 0, from; i < text.n; i++) {
		if (!(from = kind_end(text, i, &story)))
			continue;
		for (size_t end; (end = number_end(text, from)) > from;) {
			add_phase(r, phases, story, str_slice(text, from, end),
				  str_slice(text, i, end));
			i = end - 1;
			from = behind_joint(text, end);
			if (from == end)
				break;
		}
	}
}

/* Behind a task: "(depends on T012, T013)", "(depends on US1)". */
static void depend_inside(struct import_tasks_reader *r, uint32_t agent)
{
	struct str text = r->draft->agents.at[agent].prompt.text;
	size_t end, at = find_word(text, "depends on|waits for|blocked by|(after", &end);
	struct ids before = { 0 }, after = { 0 };
	struct phases phases = { 0 };
	if (at == SIZE_MAX)
		return;
	struct str list = str_slice(text, end, text.n);
	size_t stop = 0;
	while (stop < list.n && list.at[stop] != ')' && list.at[stop] != '\n' &&
	       list.at[stop] != '.')
		stop++;
	list = str_trim(str_slice(list, 0, stop));
	find_ids(r, list, &before);
	find_phases(r, list, &phases);
	struct span span = import_tasks_line_span(r, str_slice(text, at, end + stop));
	for (size_t p = 0; p < phases.list.n; p++)
		for (uint32_t i = 0; i < r->draft->agents.n; i++)
			if (r->draft->agents.at[i].group == phases.list.at[p]->group &&
			    r->draft->agents.at[agent].group != phases.list.at[p]->group)
				*VEC_ADD(r->arena, &before.agents) = i;
	*VEC_ADD(r->arena, &after.agents) = agent;
	connect(r, &before, &after, span);
	say_unknown(r, &before);
	bool bracket = text.at[at] == '(' || (at && text.at[at - 1] == '(');
	if (bracket && list.n && !before.agents.n && !before.unknown.n && !phases.list.n)
		draft_say(r->draft, &r->draft->agents.at[agent].waits, list, span);
}

static void follow(struct import_tasks_reader *r, const struct import_tasks_phase *later,
		   const struct import_tasks_phase *earlier, struct span span)
{
	struct draft_group *group = &r->draft->groups.at[later->group];
	for (size_t i = 0; i < group->after.n; i++)
		if (group->after.at[i].agent == earlier->group)
			return;
	if (later->group != earlier->group && earlier->open)
		*VEC_ADD(r->arena, &group->after) = (struct draft_edge){ earlier->group, span };
}

/* "- **User Story 2**: depends on User Story 1 for its models"; with or without the colon. */
static void depend_phases(struct import_tasks_reader *r, struct str line)
{
	size_t end, at = find_word(line, later_words, &end), behind, colon = str_find(line, ':');
	size_t first = find_word(line, earlier_words, &behind);
	bool turned = at == SIZE_MAX || first < at;
	if (turned) {
		at = first;
		end = behind;
	}
	if (at == SIZE_MAX)
		return;
	struct str subject = str_slice(line, 0, colon < at ? colon : at),
		   target = str_slice(line, end, line.n);
	size_t dash = str_find_text(target, STR(" - "));
	struct phases left = { 0 }, right = { 0 };
	if (import_word_any(str_slice(line, 0, at), " not |n't |independent"))
		return;
	find_phases(r, subject, &left);
	find_phases(r, str_slice(target, 0, dash == SIZE_MAX ? target.n : dash), &right);
	const struct phases *later = turned ? &right : &left, *earlier = turned ? &left : &right;
	for (size_t i = 0; i < later->list.n; i++)
		for (size_t j = 0; j < earlier->list.n; j++)
			follow(r, later->list.at[i], earlier->list.at[j],
			       import_tasks_line_span(r, line));
	struct str unknown = left.unknown.n ? left.unknown : right.unknown;
	if (unknown.n && (left.list.n || right.list.n))
		diag_add(r->draft->diags, DIAG_UNPLACED, import_tasks_line_span(r, unknown),
			 "the list has no `%.*s`: what this line says of it is not in the plan",
			 STR_ARG(unknown));
}

static void depend_line(struct import_tasks_reader *r, struct str line)
{
	size_t end, later = find_word(line, later_words, &end), behind_later = end;
	size_t behind_earlier, earlier = find_word(line, earlier_words, &behind_earlier);
	bool turned = later != SIZE_MAX && (earlier == SIZE_MAX || later < earlier);
	size_t at = turned ? later : earlier, from = turned ? behind_later : behind_earlier;
	struct ids all = { 0 }, left = { 0 }, right = { 0 };
	find_ids(r, line, &all);
	say_unknown(r, &all);
	if (!all.agents.n) {
		depend_phases(r, line);
		return;
	}
	if (all.unknown.n && all.agents.n == 1)
		return;
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
