/* import_tasks.c — see import_tasks.h. The document is read line by line: a task is a line and what
 * is indented under it. */
#include "compiler/import_tasks.h"

#include "compiler/draft_check.h"
#include "compiler/import_path.h"
#include "compiler/import_tasks_inside.h"
#include "grammar/encoding.h"

#include <string.h>

/* Numbered boxes alone are in many documents; phases or marks besides are in lists of tasks. */
bool import_tasks_recognise(struct str text)
{
	struct import_tasks_line task;
	struct str line;
	bool tasks = false, phases = false;
	while (str_split(&text, '\n', &line) && !(tasks && phases)) {
		bool is_task = import_tasks_line_read(line, &task) && task.id.at[0] == 'T';
		tasks = tasks || is_task;
		phases = phases || (is_task && (task.beside || task.story.n)) ||
			 (str_starts(line, STR("#")) && import_tasks_line_number(line, "phase").n);
	}
	return tasks && phases;
}

/* Headings. */

/* Headings that say `Phase` begin phases where there are any; else those of the second level. */
static unsigned phase_level(struct str text)
{
	struct str line;
	while (str_split(&text, '\n', &line)) {
		unsigned level = import_tasks_line_level(line);
		if (level && import_tasks_line_number(line, "Phase").n)
			return level;
	}
	return 2;
}

static void begin_section(struct import_tasks_reader *r, struct str line, unsigned level)
{
	struct str title = str_trim(str_slice(line, level, line.n));
	r->task = 0;
	if (level > r->level)
		return;
	r->depends = import_word_has(title, "dependenc");
	*VEC_ADD(r->arena, &r->phases) = (struct import_tasks_phase){
		.title = title,
		.span = import_tasks_line_span(r, title),
		.group = DRAFT_NONE,
		.last = DRAFT_NONE,
		.story = import_word_has(title, "user story"),
		.number = import_tasks_line_number(title, "Phase"),
		.story_number = import_tasks_line_number(title, "User Story")
	};
}

/* Tasks. */

static struct import_tasks_phase *current(struct import_tasks_reader *r)
{
	if (!r->phases.n)
		*VEC_ADD(r->arena, &r->phases) = (struct import_tasks_phase){ .group = DRAFT_NONE,
									      .last = DRAFT_NONE };
	return &r->phases.at[r->phases.n - 1];
}

/* What is done is not waited for. */
static void order_task(struct import_tasks_reader *r, struct import_tasks_phase *phase,
		       uint32_t index, bool beside, struct span span)
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

static void add_task(struct import_tasks_reader *r, struct str line,
		     const struct import_tasks_line *task)
{
	struct draft *draft = r->draft;
	struct import_tasks_phase *phase = current(r);
	struct span span = import_tasks_line_span(r, str_trim(line));
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
static void extend_prompt(struct import_tasks_reader *r, size_t agent, struct str from,
			  struct str line)
{
	struct draft_prompt *prompt = &r->draft->agents.at[agent].prompt;
	const char *start = prompt->text.n ? prompt->text.at : from.at;
	prompt->text = str_trim((struct str){ start, (size_t)(line.at + line.n - start) });
}

static void read_line(struct import_tasks_reader *r, struct str line)
{
	struct str trimmed = str_trim(line), rest;
	struct import_tasks_line task;
	bool indented = line.n && (line.at[0] == ' ' || line.at[0] == '\t'), done;
	unsigned level = import_tasks_line_level(line);
	if (str_starts(trimmed, STR("```")))
		r->fenced = !r->fenced;
	if (r->fenced || !trimmed.n)
		return;
	if (level) {
		begin_section(r, line, level);
	} else if (import_tasks_line_read(line, &task)) {
		add_task(r, line, &task);
		extend_prompt(r, r->task - 1, task.rest, line);
	} else if (indented && r->task) {
		extend_prompt(r, r->task - 1, line, line);
	} else if (import_tasks_line_box(trimmed, &done, &rest)) {
		struct diag *diag = diag_add(r->draft->diags, DIAG_UNPLACED,
					     import_tasks_line_span(r, trimmed),
					     "a task without an id");
		diag_help(r->draft->diags, diag, "number it like the others: `- [ ] T001 …`");
		r->task = 0;
	} else {
		r->task = 0;
	}
}

/* What is indented under a task, less the indentation that all of it has. */
static struct str without_margin(struct import_tasks_reader *r, struct str text)
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
static void dissolve_done(struct import_tasks_reader *r)
{
	for (size_t i = 0; i < r->phases.n; i++)
		for (size_t j = 0; j < r->draft->agents.n && !r->phases.at[i].open; j++)
			if (r->phases.at[i].group != DRAFT_NONE &&
			    r->draft->agents.at[j].group == r->phases.at[i].group)
				r->draft->agents.at[j].group = DRAFT_NONE;
}

/* The prompts so far are parts of the document, of which the files are read. */
static void finish_agents(struct import_tasks_reader *r)
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

static void read_title(struct import_tasks_reader *r)
{
	struct str rest = r->text, line;
	while (!r->draft->title.n && str_split(&rest, '\n', &line))
		if (import_tasks_line_level(line) == 1)
			r->draft->title = str_trim(str_slice(line, 1, line.n));
	if (str_starts(r->draft->title, STR("Tasks:")))
		r->draft->title = str_trim(str_slice(r->draft->title, 6, r->draft->title.n));
	if (!r->draft->title.n)
		r->draft->title = STR("Tasks");
}

static void add_notes(struct import_tasks_reader *r)
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
	struct import_tasks_reader r = { .arena = diags->arena,
					 .draft = &import->draft,
					 .text = source_get(sources, source)->text };
	struct span start = { source, 0, 1 };
	if (!encoding_check(diags, source, r.text))
		return false;
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
	import_tasks_order_read(&r);
	finish_agents(&r);
	dissolve_done(&r);
	add_notes(&r);
	draft_settle(&import->draft);
	draft_check(&import->draft);
	return true;
}
