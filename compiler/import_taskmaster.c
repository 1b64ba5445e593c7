/* import_taskmaster.c — see import_taskmaster.h. JSON is read without places, so the text is walked
 * beside it (import_place.h) for those of tasks and of what is said of them. */
#include "compiler/import_taskmaster.h"

#include "common/json.h"
#include "common/map.h"
#include "compiler/draft_check.h"
#include "compiler/import_path.h"
#include "compiler/import_place.h"

#include <inttypes.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const struct import_ask *ask;
	struct import *import;
	struct draft *draft;
	struct str text;
	struct map by_id;
	const struct json **task;	/* by agent */
	size_t *place;                  /* by agent: where its task begins */
};

bool import_taskmaster_recognise(struct str text)
{
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_slice(text, 3, text.n);
	text = str_trim(text);
	return text.n && text.at[0] == '{';
}

static struct span start_of(const struct reader *r)
{
	return (struct span){ r->draft->source, 0, 1 };
}

static struct span span_of(const struct reader *r, size_t at, size_t n)
{
	uint32_t start = (uint32_t)at;
	return (struct span){ r->draft->source, start, start + (uint32_t)n };
}

static struct span value_span(const struct reader *r, size_t at)
{
	return span_of(r, at, import_place_value(r->text, at).n);
}

/* The value of the object's member, or `other` when there is none. */
static struct span member_span(const struct reader *r, size_t object, const char *key,
			       struct span other)
{
	size_t at = import_place_member(r->text, object, str_from(key));
	return at == IMPORT_PLACE_NONE ? other : value_span(r, at);
}

/* A task without a title is known by its id, one without either by its bracket. */
static struct span task_span(const struct reader *r, size_t object, struct str title)
{
	struct span span = member_span(r, object, "id",
				       object < r->text.n ? span_of(r, object, 1) : start_of(r));
	return title.n ? member_span(r, object, "title", span) : span;
}

/* Where the tasks begin that `choose` found. */
static size_t tasks_place(const struct reader *r)
{
	size_t at = import_place_start(r->text);
	if (r->import->options.n)
		at = import_place_member(r->text, at, r->import->options.at[r->import->chosen].id);
	return import_place_first(r->text, import_place_member(r->text, at, STR("tasks")));
}

/* The element behind `at`, if that is one. */
static size_t next_place(const struct reader *r, size_t at)
{
	return at == IMPORT_PLACE_NONE ? at : import_place_next(r->text, at);
}

/* Tags. */

static void list_tags(struct reader *r, const struct json *json)
{
	for (size_t i = 0; i < json->n; i++)
		if (json->at[i].kind == JSON_IS_OBJECT &&
		    json_find(&json->at[i], "tasks", JSON_IS_LIST))
			*VEC_ADD(r->arena, &r->import->options) = (struct import_option){
				.id = json->key[i], .title = json->key[i], .span = start_of(r),
				.recommended = str_is(json->key[i], "master") };
}

/* The list of tasks that is asked for, or NULL, which has been said. */
static const struct json *choose(struct reader *r, const struct json *json)
{
	const struct json *tasks = json->kind == JSON_IS_OBJECT
					   ? json_find(json, "tasks", JSON_IS_LIST)
					   : NULL;
	struct str wanted = r->ask->option;
	if (json->kind == JSON_IS_OBJECT && !tasks)
		list_tags(r, json);
	for (size_t i = 0; i < r->import->options.n; i++) {
		const struct import_option *option = &r->import->options.at[i];
		if (wanted.n ? str_equal(option->id, wanted) : option->recommended)
			r->import->chosen = i;
	}
	if (r->import->options.n) {
		const struct import_option *option = &r->import->options.at[r->import->chosen];
		if (!wanted.n || str_equal(option->id, wanted))
			for (size_t i = 0; i < json->n; i++)
				if (str_equal(json->key[i], option->id))
					tasks = json_find(&json->at[i], "tasks", JSON_IS_LIST);
	} else if (wanted.n) {
		tasks = NULL;
	}
	if (tasks && tasks->n)
		return tasks;
	if (wanted.n && !tasks)
		diag_help(r->draft->diags,
			  diag_add(r->draft->diags, DIAG_INCOMPLETE, start_of(r),
				   "there is no tag `%.*s` with tasks", STR_ARG(wanted)),
			  "`--list` shows those that there are");
	else
		diag_help(r->draft->diags,
			  diag_add(r->draft->diags, DIAG_INCOMPLETE, start_of(r),
				   "no tasks were found in this file"),
			  "a list of tasks is `{\"tasks\": […]}`, or one such for each tag");
	return NULL;
}

/* Tasks. */

/* "3" of 3 and of "3"; of a decimal number and anything else, nothing. */
static struct str id_text(struct reader *r, const struct json *id)
{
	if (id->kind == JSON_IS_NUMBER)
		return arena_format(r->arena, "%" PRId64, id->number);
	return id->kind == JSON_IS_TEXT ? str_trim(id->text) : STR("");
}

static struct str id_of(struct reader *r, const struct json *task)
{
	for (size_t i = 0; i < task->n; i++)
		if (str_is(task->key[i], "id"))
			return id_text(r, &task->at[i]);
	return STR("");
}

static bool is_status(const struct json *task, const char *status)
{
	return str_is(json_find_text(task, "status"), status);
}

static bool is_dropped(const struct json *task)
{
	return is_status(task, "cancelled") || is_status(task, "deferred");
}

static bool is_over(const struct json *task)
{
	return is_status(task, "done") || is_status(task, "completed") || is_dropped(task);
}

static void add_paragraph(struct text *out, const char *before, struct str text)
{
	text = str_trim(text);
	if (text.n)
		text_addf(out, "\n\n%s%.*s", before, STR_ARG(text));
}

static void add_steps(struct text *out, const struct json *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct json *step = &steps->at[i];
		if (step->kind != JSON_IS_OBJECT)
			continue;
		if (!i)
			text_add(out, STR("\n\nSteps:"));
		struct str title = str_trim(json_find_text(step, "title"));
		text_addf(out, "\n\n%zu. %.*s%s", i + 1,
			  STR_ARG(title.n ? title : STR("Without a title")),
			  is_dropped(step) ? " (not to be done now)"
			  : is_over(step)  ? " (done already)"
					   : "");
		add_paragraph(out, "", json_find_text(step, "description"));
		add_paragraph(out, "", json_find_text(step, "details"));
	}
}

static struct str prompt_of(struct reader *r, const struct json *task, struct str id)
{
	const struct json *steps = json_find(task, "subtasks", JSON_IS_LIST);
	struct text out = { 0 };
	struct str title = str_trim(json_find_text(task, "title"));
	text_addf(&out, "Task %.*s%s%.*s", STR_ARG(id), title.n ? ": " : "", STR_ARG(title));
	add_paragraph(&out, "", json_find_text(task, "description"));
	add_paragraph(&out, "", json_find_text(task, "details"));
	if (steps)
		add_steps(&out, steps);
	add_paragraph(&out, "How it will be tested: ", json_find_text(task, "testStrategy"));
	struct str prompt = arena_copy(r->arena, text_str(&out));
	text_release(&out);
	return prompt;
}

/* Of a task or a step: the files that its texts name. */
static void read_paths(struct reader *r, struct draft_agent *agent, const struct json *task,
		       size_t object)
{
	static const char *const keys[] = { "title", "description", "details" };
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		import_path_find(r->draft, agent, json_find_text(task, keys[i]),
				 member_span(r, object, keys[i], agent->span));
}

static void find_paths(struct reader *r, struct draft_agent *agent, const struct json *task,
		       size_t object)
{
	const struct json *steps = json_find(task, "subtasks", JSON_IS_LIST);
	size_t step = import_place_first(r->text,
					 import_place_member(r->text, object, STR("subtasks")));
	read_paths(r, agent, task, object);
	for (size_t i = 0; steps && i < steps->n; i++, step = next_place(r, step))
		if (steps->at[i].kind == JSON_IS_OBJECT && !is_dropped(&steps->at[i]))
			read_paths(r, agent, &steps->at[i], step);
	import_path_end(agent);
}

static void add_task(struct reader *r, const struct json *task, size_t object)
{
	struct str title = str_trim(json_find_text(task, "title")), id = id_of(r, task);
	struct span span = task_span(r, object, title);
	struct str status = json_find_text(task, "status"),
		   priority = json_find_text(task, "priority");
	uint32_t *known = id.n ? map_find(&r->by_id, id) : NULL;
	if (known) {
		struct diag *diag = diag_add(r->draft->diags, DIAG_CONTRADICTION, span,
					     "there is another task %.*s", STR_ARG(id));
		diag_label(r->draft->diags, diag, r->draft->agents.at[*known].span,
			   "the first one, to which the id is taken to refer");
	} else if (id.n) {
		map_add(r->arena, &r->by_id, id, (uint32_t)r->draft->agents.n);
	}
	r->task[r->draft->agents.n] = task;
	r->place[r->draft->agents.n] = object;
	struct draft_agent *agent = draft_add_agent(r->draft, id, title, span);
	agent->done = is_over(task);
	if (is_dropped(task))
		agent->status = status;
	agent->prompt = (struct draft_prompt){ .kind = DRAFT_PROMPT_TEXT,
					       .text = prompt_of(r, task, id),
					       .span = span };
	if (status.n && !str_is(status, "pending"))
		draft_say(r->draft, &agent->notes,
			  arena_format(r->arena, "status: %.*s", STR_ARG(status)), span);
	if (priority.n)
		draft_say(r->draft, &agent->notes,
			  arena_format(r->arena, "priority: %.*s", STR_ARG(priority)), span);
	find_paths(r, agent, task, object);
}

/* Of "2.1", a step of another task, the task counts. */
static uint32_t *find_task(struct reader *r, struct str id)
{
	uint32_t *found = map_find(&r->by_id, id);
	size_t dot = str_find(id, '.');
	return found || dot == SIZE_MAX ? found : map_find(&r->by_id, str_slice(id, 0, dot));
}

static void add_dependency(struct reader *r, uint32_t index, const struct json *dependency,
			   struct span span)
{
	struct draft_agent *agent = &r->draft->agents.at[index];
	struct str id = id_text(r, dependency);
	uint32_t *before = find_task(r, id);
	if (!before) {
		struct diag *diag =
			diag_add(r->draft->diags, DIAG_UNPLACED, span,
				 "task %.*s depends on `%.*s`, and there is no such task",
				 STR_ARG(agent->id), STR_ARG(id));
		diag_label(r->draft->diags, diag, agent->span, "this task");
		return;
	}
	if (*before == index && str_find(id, '.') != SIZE_MAX)
		return;	/* on a step of its own */
	draft_add_edge(r->draft, agent, *before, span);
}

/* In a list of a step's, a bare number is another step of the same task. */
static void add_list(struct reader *r, uint32_t index, const struct json *owner, size_t object,
		     bool step)
{
	const struct json *list = json_find(owner, "dependencies", JSON_IS_LIST);
	size_t at = import_place_first(r->text,
				       import_place_member(r->text, object, STR("dependencies")));
	for (size_t i = 0; list && i < list->n; i++, at = next_place(r, at)) {
		const struct json *one = &list->at[i];
		bool outside = one->kind == JSON_IS_TEXT && str_find(one->text, '.') != SIZE_MAX;
		if (!step || outside)
			add_dependency(r, index, one,
				       at == IMPORT_PLACE_NONE ? r->draft->agents.at[index].span
							       : value_span(r, at));
	}
}

static void add_dependencies(struct reader *r, uint32_t index)
{
	const struct json *task = r->task[index];
	const struct json *steps = json_find(task, "subtasks", JSON_IS_LIST);
	size_t object = r->place[index];
	size_t at = import_place_first(r->text,
				       import_place_member(r->text, object, STR("subtasks")));
	add_list(r, index, task, object, false);
	for (size_t i = 0; steps && i < steps->n; i++, at = next_place(r, at))
		if (steps->at[i].kind == JSON_IS_OBJECT)
			add_list(r, index, &steps->at[i], at, true);
}

static void name_plan(struct reader *r, const struct json *json)
{
	const struct json *metadata = json_find(json, "metadata", JSON_IS_OBJECT);
	struct str project = metadata ? json_find_text(metadata, "projectName") : STR("");
	struct span none = { r->draft->source, 0, 0 };
	const struct source *source = source_get(r->draft->sources, r->draft->source);
	r->draft->title = project.n ? project : STR("Tasks");
	draft_say(r->draft, &r->draft->notes,
		  arena_format(r->arena,
			       "Imported from %.*s; the lines named here are lines there.",
			       STR_ARG(source->path)),
		  none);
	if (!r->import->options.n)
		return;
	struct str tag = r->import->options.at[r->import->chosen].id;
	if (!project.n)
		r->draft->title = tag;
	draft_say(r->draft, &r->draft->notes,
		  arena_format(r->arena, "Of %zu tags this is `%.*s`.", r->import->options.n,
			       STR_ARG(tag)),
		  none);
}

bool import_taskmaster_read(const struct sources *sources, uint32_t source, struct diags *diags,
			    const struct import_ask *ask, struct import *import)
{
	*import = (struct import){ .chosen = 0 };
	import->draft = (struct draft){
		.arena = diags->arena, .sources = sources, .diags = diags, .source = source
	};
	const struct source *document = source_get(sources, source);
	struct reader r = { .arena = diags->arena,
			    .ask = ask,
			    .import = import,
			    .draft = &import->draft,
			    .text = document->text };
	struct json json;
	struct fail fail;
	if (!json_read(r.arena, r.text, document->path.at, &json, &fail)) {
		diag_help(diags, diag_add(diags, DIAG_INCOMPLETE, start_of(&r), "%s", fail.text),
			  "a file that begins with `{` is read as a tasks.json of task-master");
		return false;
	}
	const struct json *tasks = choose(&r, &json);
	if (!tasks)
		return false;
	r.task = ARENA_MANY(r.arena, tasks->n, const struct json *);
	r.place = ARENA_MANY(r.arena, tasks->n, size_t);
	size_t place = tasks_place(&r);
	for (size_t i = 0; i < tasks->n; i++, place = next_place(&r, place))
		if (tasks->at[i].kind == JSON_IS_OBJECT)
			add_task(&r, &tasks->at[i], place);
	for (uint32_t i = 0; i < import->draft.agents.n; i++)
		add_dependencies(&r, i);
	name_plan(&r, &json);
	draft_settle(&import->draft);
	draft_check(&import->draft);
	return true;
}
