/* import_tasks.c — see import_tasks.h. The document is read line by line: a task is a line and what
 * is indented under it. */
#include "compiler/import_tasks.h"

#include "common/map.h"
#include "common/utf8.h"
#include "compiler/draft_check.h"
#include "compiler/import_path.h"
#include "compiler/import_word.h"

#include <string.h>

struct phase {
	struct str title;
	struct span span;
	uint32_t group;		/* DRAFT_NONE until it has a task */
	bool story, open;	/* open: not all of it is done */
	struct str number, story_number;	/* "3", "1"; or empty */
	uint32_t last;		/* the task that the next one comes after, or DRAFT_NONE */
	VEC(uint32_t) side;	/* tasks with [P] since then */
};
struct reader {
	struct arena *arena;
	struct draft *draft;
	struct str text;
	struct map by_id;
	VEC(struct phase) phases;
	unsigned level;		/* of headings that begin a phase */
	bool depends;		/* in a section about dependencies */
	bool fenced;
	size_t task;		/* 1 + the agent that indented lines belong to */
};
struct task {
	struct str id, rest;	/* rest: behind the id and the marks */
	bool done, beside;	/* beside: [P] */
	struct str story;	/* "1" of [US1]; or empty */
};

static struct span span_of(const struct reader *r, struct str part)
{
	uint32_t start = (uint32_t)(part.at - r->text.at);
	return (struct span){ r->draft->source, start, start + (uint32_t)part.n };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The end of an id like T012 or T012a at `at`, or `at` itself. */
static size_t id_end(struct str text, size_t at)
{
	size_t i = at;
	while (i < text.n && i < at + 4 && text.at[i] >= 'A' && text.at[i] <= 'Z')
		i++;
	size_t digits = i;
	while (digits < text.n && is_digit(text.at[digits]))
		digits++;
	if (i == at || digits == i)
		return at;
	if (digits < text.n && text.at[digits] >= 'a' && text.at[digits] <= 'z')
		digits++;
	return digits < text.n && (is_digit(text.at[digits]) ||
				   (text.at[digits] >= 'a' && text.at[digits] <= 'z'))
		       ? at
		       : digits;
}

static struct str behind(struct str text, size_t n)
{
	return str_trim(str_slice(text, n, text.n));
}

/* "- [ ] " or "- [x] " at the beginning; what follows. */
static bool read_box(struct str line, bool *done, struct str *rest)
{
	if (line.n < 6 || !strchr("-*+", line.at[0]) || line.at[1] != ' ' || line.at[2] != '[' ||
	    line.at[4] != ']')
		return false;
	*done = line.at[3] == 'x' || line.at[3] == 'X';
	*rest = behind(line, 5);
	return *done || line.at[3] == ' ';
}

static bool read_task(struct str line, struct task *task)
{
	struct str rest;
	*task = (struct task){ .id = STR("") };
	if (!read_box(str_trim(line), &task->done, &rest))
		return false;
	size_t stars = str_starts(rest, STR("**")) ? 2 : 0, end = id_end(rest, stars);
	if (end == stars)
		return false;
	task->id = str_slice(rest, stars, end);
	rest = str_slice(rest, end, rest.n);
	while (rest.n && strchr("*:. ", rest.at[0]))
		rest = str_slice(rest, 1, rest.n);
	for (size_t close; rest.n && rest.at[0] == '[' &&
			   (close = str_find(rest, ']')) != SIZE_MAX &&
			   !(close + 1 < rest.n && rest.at[close + 1] == '(');) {
		struct str mark = str_slice(rest, 1, close);
		if (import_word_same(mark, STR("P")))
			task->beside = true;
		else if (mark.n > 2 && str_starts(mark, STR("US")))
			task->story = str_slice(mark, 2, mark.n);
		rest = behind(rest, close + 1);
	}
	task->rest = rest;
	return true;
}

/* The number that follows the word, whatever its case: "3" of "4. Phase 3: …"; or empty. */
static struct str number_after(struct str text, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n < text.n; i++) {
		if (!import_word_same(str_slice(text, i, i + n), str_from(word)) ||
		    (i && is_letter(text.at[i - 1])))
			continue;
		size_t at = i + n;
		while (at < text.n && text.at[at] == ' ')
			at++;
		size_t end = at;
		while (end < text.n &&
		       (is_digit(text.at[end]) ||
			(text.at[end] == '.' && end + 1 < text.n && is_digit(text.at[end + 1]))))
			end++;
		if (end > at)
			return str_slice(text, at, end);
	}
	return STR("");
}

/* Numbered boxes alone are in many documents; phases or marks besides are in lists of tasks. */
bool import_tasks_recognise(struct str text)
{
	struct task task;
	struct str line;
	bool tasks = false, phases = false;
	while (str_split(&text, '\n', &line) && !(tasks && phases)) {
		bool is_task = read_task(line, &task) && task.id.at[0] == 'T';
		tasks = tasks || is_task;
		phases = phases || (is_task && (task.beside || task.story.n)) ||
			 (str_starts(line, STR("#")) && number_after(line, "phase").n);
	}
	return tasks && phases;
}

/* Headings. */

static unsigned heading_level(struct str line)
{
	unsigned level = 0;
	while (level < line.n && line.at[level] == '#')
		level++;
	return level && level <= 6 && level < line.n && line.at[level] == ' ' ? level : 0;
}

/* Headings that say `Phase` begin phases where there are any; else those of the second level. */
static unsigned phase_level(struct str text)
{
	struct str line;
	while (str_split(&text, '\n', &line)) {
		unsigned level = heading_level(line);
		if (level && number_after(line, "Phase").n)
			return level;
	}
	return 2;
}

static void begin_section(struct reader *r, struct str line, unsigned level)
{
	struct str title = str_trim(behind(line, level));
	r->task = 0;
	if (level > r->level)
		return;
	r->depends = import_word_has(title, "dependenc");
	*VEC_ADD(r->arena,
		 &r->phases) = (struct phase){ .title = title,
					       .span = span_of(r, title),
					       .group = DRAFT_NONE,
					       .last = DRAFT_NONE,
					       .story = import_word_has(title, "user story"),
					       .number = number_after(title, "Phase"),
					       .story_number = number_after(title, "User Story") };
}

/* Tasks. */

static struct phase *current(struct reader *r)
{
	if (!r->phases.n)
		*VEC_ADD(r->arena, &r->phases) = (struct phase){ .group = DRAFT_NONE, .last = DRAFT_NONE };
	return &r->phases.at[r->phases.n - 1];
}

/* What is done is not waited for. */
static void order_task(struct reader *r, struct phase *phase, uint32_t index, bool beside,
		       struct span span)
{
	struct draft_agent *agent = &r->draft->agents.at[index];
	if (agent->done)
		return;
	phase->open = true;
	if (beside) {
		if (phase->last != DRAFT_NONE)
			draft_add_edge(r->draft, agent, phase->last, span);
		*VEC_ADD(r->arena, &phase->side) = index;
		return;
	}
	for (size_t i = 0; i < phase->side.n; i++)
		draft_add_edge(r->draft, agent, phase->side.at[i], span);
	if (!phase->side.n && phase->last != DRAFT_NONE)
		draft_add_edge(r->draft, agent, phase->last, span);
	phase->side.n = 0;
	phase->last = index;
}

/* The first line without the file at its end and what follows it in brackets: those are said
 * elsewhere. */
static struct str short_title(struct str text)
{
	enum { LONGEST = 80, LEAST = 4 };
	size_t end = str_find(text, '\n'), bracket;
	text = str_trim(str_slice(text, 0, end == SIZE_MAX ? text.n : end));
	bracket = str_find_text(text, STR(" (depends on"));
	text = str_slice(text, 0, bracket == SIZE_MAX ? text.n : bracket);
	for (size_t i = text.n; i-- > LEAST;) {
		if (!str_starts(str_slice(text, i, text.n), STR(" in ")))
			continue;
		struct str last = str_slice(text, i + 4, text.n);
		if (str_find(last, ' ') == SIZE_MAX &&
		    (last.at[0] == '`' || str_find(last, '/') != SIZE_MAX))
			text = str_slice(text, 0, i);
	}
	size_t space = text.n;
	for (size_t i = LEAST; text.n > LONGEST && i <= LONGEST; i++)
		space = text.at[i] == ' ' ? i : space;
	return str_trim(str_slice(text, 0, space));
}

static void add_task(struct reader *r, struct str line, const struct task *task)
{
	struct draft *draft = r->draft;
	struct phase *phase = current(r);
	struct span span = span_of(r, str_trim(line));
	uint32_t *known = map_find(&r->by_id, task->id);
	if (known) {
		struct diag *diag = diag_add(draft->diags, DIAG_CONTRADICTION, span,
					     "there is another task `%.*s`", STR_ARG(task->id));
		diag_label(draft->diags, diag, draft->agents.at[*known].span,
			   "the first one, to which the id is taken to refer");
	} else {
		map_add(r->arena, &r->by_id, task->id, (uint32_t)draft->agents.n);
	}
	if (phase->group == DRAFT_NONE && phase->title.n)
		phase->group = draft_add_group(draft, phase->title, phase->span);
	if (phase->group != DRAFT_NONE && phase->number.n)
		draft->groups.at[phase->group].name = arena_format(r->arena, "phase %.*s",
								   STR_ARG(phase->number));
	if (task->story.n && !phase->story_number.n)
		phase->story_number = task->story;
	phase->story = phase->story || task->story.n;
	uint32_t index = (uint32_t)draft->agents.n;
	struct draft_agent *agent = draft_add_agent(draft, task->id, short_title(task->rest), span);
	/* Everybody calls it by its id. */
	agent->name = known ? STR("") : task->id;
	agent->group = phase->group;
	agent->done = task->done;
	agent->prompt = (struct draft_prompt){ .kind = DRAFT_PROMPT_TEXT, .span = span };
	order_task(r, phase, index, task->beside, span);
	r->task = index + 1;
}

/* From the first letter of the task to the end of what is indented under it. */
static void extend_prompt(struct reader *r, size_t agent, struct str from, struct str line)
{
	struct draft_prompt *prompt = &r->draft->agents.at[agent].prompt;
	const char *start = prompt->text.n ? prompt->text.at : from.at;
	prompt->text = str_trim((struct str){ start, (size_t)(line.at + line.n - start) });
}

static void read_line(struct reader *r, struct str line)
{
	struct str trimmed = str_trim(line), rest;
	struct task task;
	bool indented = line.n && (line.at[0] == ' ' || line.at[0] == '\t'), done;
	unsigned level = heading_level(line);
	if (str_starts(trimmed, STR("```")))
		r->fenced = !r->fenced;
	if (r->fenced || !trimmed.n)
		return;
	if (level) {
		begin_section(r, line, level);
	} else if (read_task(line, &task)) {
		add_task(r, line, &task);
		extend_prompt(r, r->task - 1, task.rest, line);
	} else if (indented && r->task) {
		extend_prompt(r, r->task - 1, line, line);
	} else if (read_box(trimmed, &done, &rest)) {
		struct diag *diag = diag_add(r->draft->diags, DIAG_UNPLACED, span_of(r, trimmed),
					     "a task without an id");
		diag_help(r->draft->diags, diag, "number it like the others: `- [ ] T001 …`");
		r->task = 0;
	} else {
		r->task = 0;
	}
}

/* Dependencies that are told in words. */

struct ids {
	VEC(uint32_t) agents;
};

/* T004, T006-T008 and the like. */
static void find_ids(struct reader *r, struct str text, struct ids *ids)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t end = id_end(text, i);
		if (end == i || (i && ((text.at[i - 1] >= 'A' && text.at[i - 1] <= 'Z') ||
				       is_digit(text.at[i - 1]))))
			continue;
		uint32_t *low = map_find(&r->by_id, str_slice(text, i, end)), *high = NULL;
		size_t to = end;
		while (to < text.n &&
		       (strchr("- ", text.at[to]) || (unsigned char)text.at[to] >= 0x80))
			to++;
		size_t to_end = id_end(text, to);
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
static bool is_ordered(struct reader *r, uint32_t before, uint32_t after)
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

static void connect(struct reader *r, const struct ids *before, const struct ids *after,
		    struct span span)
{
	for (size_t i = 0; i < after->agents.n; i++)
		for (size_t j = 0; j < before->agents.n; j++)
			if (after->agents.at[i] != before->agents.at[j] &&
			    !is_ordered(r, before->agents.at[j], after->agents.at[i]))
				draft_add_edge(r->draft, &r->draft->agents.at[after->agents.at[i]],
					       before->agents.at[j], span);
}

/* Behind a task: "(depends on T012, T013)". */
static void depend_inside(struct reader *r, uint32_t agent)
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
	connect(r, &before, &after, span_of(r, str_slice(text, at, end + stop)));
}

static struct phase *named_phase(struct reader *r, struct str text)
{
	struct str story = number_after(text, "User Story"), number = number_after(text, "Phase");
	if (!story.n)
		story = number_after(text, "US");
	for (size_t i = 0; i < r->phases.n; i++) {
		struct phase *phase = &r->phases.at[i];
		if (phase->group != DRAFT_NONE &&
		    ((story.n && str_equal(story, phase->story_number)) ||
		     (!story.n && number.n && str_equal(number, phase->number))))
			return phase;
	}
	return NULL;
}

/* "- **User Story 2**: depends on User Story 1 for its models" */
static void depend_phases(struct reader *r, struct str line)
{
	size_t end, at = find_word(line, "depends on|requires|waits for|blocked by", &end);
	size_t colon = str_find(line, ':');
	if (at == SIZE_MAX || colon == SIZE_MAX || colon > at)
		return;
	struct str target = str_slice(line, end, line.n);
	size_t dash = str_find_text(target, STR(" - "));
	struct phase *later = named_phase(r, str_slice(line, 0, colon));
	struct phase *earlier = named_phase(r,
					    dash == SIZE_MAX ? target : str_slice(target, 0, dash));
	if (later && earlier && later != earlier && earlier->open)
		*VEC_ADD(r->arena, &r->draft->groups.at[later->group].after) = (struct draft_edge){ earlier->group, span_of(r, line) };
}

static void depend_line(struct reader *r, struct str line)
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
		connect(r, turned ? &right : &left, turned ? &left : &right, span_of(r, line));
	else if (!import_word_has(line, "parallel") && !import_word_has(line, "together"))
		diag_add(r->draft->diags, DIAG_UNPLACED, span_of(r, line),
			 "tasks are named here, and what it says of them was not understood");
}

static void read_dependencies(struct reader *r)
{
	struct str rest = r->text, line;
	bool inside = false, fenced = false;
	for (uint32_t i = 0; i < r->draft->agents.n; i++)
		depend_inside(r, i);
	while (str_split(&rest, '\n', &line)) {
		unsigned level = heading_level(line);
		struct str trimmed = str_trim(line);
		struct task task;
		if (str_starts(trimmed, STR("```")))
			fenced = !fenced;
		if (level && level <= r->level)
			inside = import_word_has(line, "dependenc");
		else if (inside && !fenced && trimmed.n && !level && !read_task(line, &task))
			depend_line(r, trimmed);
	}
}

/* Phases. */

static void order_phases(struct reader *r)
{
	VEC(struct phase *) base = { 0 }, stories = { 0 };
	for (size_t i = 0; i < r->phases.n; i++) {
		struct phase *phase = &r->phases.at[i];
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

/* What is indented under a task, less the indentation that all of it has. */
static struct str without_margin(struct reader *r, struct str text)
{
	struct str rest = text, line, kept;
	size_t least = SIZE_MAX;
	struct text out = { 0 };
	str_split(&rest, '\n', &kept);
	for (struct str more = rest; str_split(&more, '\n', &line);) {
		size_t margin = 0;
		while (margin < line.n && line.at[margin] == ' ')
			margin++;
		if (str_trim(line).n && margin < least)
			least = margin;
	}
	text_add(&out, kept);
	while (str_split(&rest, '\n', &line)) {
		text_add_byte(&out, '\n');
		text_add(&out, str_slice(line, line.n < least ? line.n : least, line.n));
	}
	struct str copy = arena_copy(r->arena, text_str(&out));
	text_release(&out);
	return copy;
}

/* A phase that is done is no group: nobody would be in it. */
static void dissolve_done(struct reader *r)
{
	for (size_t i = 0; i < r->phases.n; i++)
		for (size_t j = 0; j < r->draft->agents.n && !r->phases.at[i].open; j++)
			if (r->phases.at[i].group != DRAFT_NONE &&
			    r->draft->agents.at[j].group == r->phases.at[i].group)
				r->draft->agents.at[j].group = DRAFT_NONE;
}

/* The prompts so far are parts of the document, of which the files are read. */
static void finish_agents(struct reader *r)
{
	for (size_t i = 0; i < r->draft->agents.n; i++) {
		struct draft_agent *agent = &r->draft->agents.at[i];
		struct str text = agent->prompt.text, part = STR("");
		import_path_find(r->draft, agent, text, agent->span);
		import_path_end(agent);
		if (agent->group != DRAFT_NONE)
			part = arena_format(r->arena, ", part of \"%.*s\"",
					    STR_ARG(r->draft->groups.at[agent->group].title));
		agent->prompt.text = arena_format(r->arena, "Task %.*s of \"%.*s\"%.*s:\n\n%.*s",
						  STR_ARG(agent->id), STR_ARG(r->draft->title),
						  STR_ARG(part), STR_ARG(without_margin(r, text)));
	}
}

static void read_title(struct reader *r)
{
	struct str rest = r->text, line;
	while (!r->draft->title.n && str_split(&rest, '\n', &line))
		if (heading_level(line) == 1)
			r->draft->title = str_trim(behind(line, 1));
	if (str_starts(r->draft->title, STR("Tasks:")))
		r->draft->title = behind(r->draft->title, 6);
	if (!r->draft->title.n)
		r->draft->title = STR("Tasks");
}

static void add_notes(struct reader *r)
{
	size_t done = 0;
	struct span none = { r->draft->source, 0, 0 };
	for (size_t i = 0; i < r->draft->agents.n; i++)
		done += r->draft->agents.at[i].done;
	const struct source *source = source_get(r->draft->sources, r->draft->source);
	draft_say(r->draft, &r->draft->notes,
		  arena_format(r->arena, "Imported from %.*s, a list of tasks.",
			       STR_ARG(source->path)),
		  none);
	if (done)
		draft_say(
			r->draft, &r->draft->notes,
			arena_format(r->arena,
				     "%zu of its %zu tasks are ticked off, and switched off here.",
				     done, r->draft->agents.n),
			none);
}

bool import_tasks_read(const struct sources *sources, uint32_t source, struct diags *diags,
		       const struct import_ask *ask, struct import *import)
{
	*import = (struct import){ .chosen = 0 };
	import->draft = (struct draft){
		.arena = diags->arena, .sources = sources, .diags = diags, .source = source
	};
	struct reader r = { .arena = diags->arena,
			    .draft = &import->draft,
			    .text = source_get(sources, source)->text };
	struct span start = { source, 0, 1 };
	size_t invalid = utf8_invalid(r.text);
	if (invalid != SIZE_MAX) {
		start.start = (uint32_t)invalid;
		start.end = start.start + 1;
		diag_add(diags, DIAG_ENCODING, start, "the document is not valid UTF-8 here");
		return false;
	}
	if (ask->option.n) {
		struct diag *diag = diag_add(diags, DIAG_INCOMPLETE, start,
					     "the document has no alternative `%.*s`",
					     STR_ARG(ask->option));
		diag_help(diags, diag, "a list of tasks offers none: leave `--option` out");
		return false;
	}
	r.level = phase_level(r.text);
	read_title(&r);
	struct str rest = r.text, line;
	while (str_split(&rest, '\n', &line))
		read_line(&r, line);
	order_phases(&r);
	read_dependencies(&r);
	finish_agents(&r);
	dissolve_done(&r);
	add_notes(&r);
	draft_settle(&import->draft);
	draft_check(&import->draft);
	return true;
}
