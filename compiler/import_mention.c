/* import_mention.c — files that an agent's prompt asks to be written and that it does not own. */
#include "common/glob.h"
#include "common/map.h"
#include "compiler/import_inside.h"
#include "compiler/mention.h"

#include <string.h>

/* One of the agent's files: as a pattern, and as the one path that it is, if it is. */
struct file {
	struct glob glob;
	struct str path; /* without what keeps `[` and others from being wildcards; or empty */
	bool named;      /* called like a file, so not like a folder with others in it */
	bool valid;
};

static struct file file_of(const struct import_reader *r, const struct draft_path *own)
{
	struct file file = { .path = STR("") };
	struct glob_error error;
	file.valid = glob_parse(r->arena, own->path, &file.glob, &error);
	if (!file.valid || !glob_is_literal(&file.glob))
		return file;
	const struct glob_alternative *one = &file.glob.at[0];
	struct text path = { 0 };
	for (size_t i = 0; i < one->n; i++) {
		text_add(&path, i ? STR("/") : STR(""));
		text_add(&path, one->at[i].head);
	}
	file.path = arena_copy(r->arena, text_str(&path));
	file.named = one->n && str_find(one->at[one->n - 1].head, '.') != SIZE_MAX;
	text_release(&path);
	return file;
}

static struct file *files_of(const struct import_reader *r, const struct draft_agent *agent)
{
	struct file *files = ARENA_MANY(r->arena, agent->paths.n, struct file);
	for (size_t i = 0; i < agent->paths.n; i++)
		files[i] = file_of(r, &agent->paths.at[i]);
	return files;
}

/* The path, with nothing in it a wildcard, under any folder. */
static bool parse_anywhere(const struct import_reader *r, struct str path, struct glob *glob)
{
	struct text pattern = { 0 };
	struct glob_error error;
	text_add(&pattern, STR("**/"));
	for (size_t i = 0; i < path.n; i++) {
		if (path.at[i] && strchr("[]{}*?\\", path.at[i]))
			text_add_byte(&pattern, '\\');
		text_add_byte(&pattern, path.at[i]);
	}
	struct str text = arena_copy(r->arena, text_str(&pattern));
	text_release(&pattern);
	return glob_parse(r->arena, text, glob, &error);
}

/* Does the path lead through a folder of that name? A name alone may lie in it. */
static bool lies_in(struct str path, struct str folder)
{
	struct str above = path_folder(path);
	bool in = !above.n;
	for (; above.n && !in; above = path_folder(above))
		in = mention_is_end_of(above, folder);
	return in;
}

static bool covers(const struct import_reader *r, const struct file *file, struct str path,
		   const struct glob *anywhere)
{
	if (!file->path.n)
		return file->valid && glob_meet(r->arena, &file->glob, anywhere, NULL);
	return mention_is_end_of(path, file->path) || mention_is_end_of(file->path, path) ||
	       (!file->named && lies_in(path, file->path));
}

/* Is the file, called by the end of its path as prompts do, one of the `n`? */
static bool is_covered(const struct import_reader *r, const struct file *files, size_t n,
		       struct str path)
{
	struct arena_mark mark = arena_mark(r->arena);
	struct glob anywhere;
	bool covered = !parse_anywhere(r, path, &anywhere);
	for (size_t i = 0; i < n && !covered; i++)
		covered = covers(r, &files[i], path, &anywhere);
	arena_reset(r->arena, mark);
	return covered;
}

static uint32_t owner_of(const struct import_reader *r, struct file *const *files, struct str path)
{
	for (uint32_t i = 0; i < r->draft->agents.n; i++)
		for (size_t p = 0; p < r->draft->agents.at[i].paths.n; p++)
			if (r->draft->agents.at[i].paths.at[p].access != DRAFT_READS &&
			    mention_is_end_of(path, files[i][p].path))
				return i;
	return DRAFT_NONE;
}

/* Where the document says it: prompts are copies without their margins, so it is looked for behind
 * the heading. */
static struct span place_of(const struct import_reader *r, const struct draft_agent *agent,
			    struct str path)
{
	struct span span = agent->prompt.span;
	size_t at = str_find_text(str_slice(r->text, span.start, r->text.n), path);
	if (at == SIZE_MAX)
		return span;
	return (struct span){ span.source, span.start + (uint32_t)at,
			      span.start + (uint32_t)(at + path.n) };
}

static void say(struct import_reader *r, struct file *const *files, const struct draft_agent *agent,
		struct str path)
{
	uint32_t owner = owner_of(r, files, path);
	struct diag *diag = diag_add(
		r->diags, DIAG_UNDECLARED_WRITE, place_of(r, agent, path),
		"the prompt of `%.*s` asks for `%.*s` to be written, which is not among its files",
		STR_ARG(agent->name.n ? agent->name : agent->title), STR_ARG(path));
	if (agent->paths.n)
		diag_label(r->diags, diag, agent->paths.at[0].span, "its files");
	if (owner != DRAFT_NONE)
		diag_label(r->diags, diag, r->draft->agents.at[owner].span, "this agent has it");
	else
		diag_note(r->diags, diag, "no agent has it");
	diag_help(r->diags, diag, "add it to the agent's files, or take it out of the prompt");
}

void import_mention_read(struct import_reader *r)
{
	struct file **files = ARENA_MANY(r->arena, r->draft->agents.n, struct file *);
	for (size_t i = 0; i < r->draft->agents.n; i++)
		files[i] = files_of(r, &r->draft->agents.at[i]);
	for (size_t i = 0; i < r->draft->agents.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		struct mentions mentions = { 0 };
		struct map known = { 0 };
		if (agent->prompt.kind == DRAFT_NO_PROMPT || !agent->paths.n)
			continue;
		mention_find(r->arena, agent->prompt.text, &mentions);
		for (size_t m = 0; m < mentions.list.n; m++) {
			const struct mention *mention = &mentions.list.at[m];
			if (!mention->write || mention->folder || map_find(&known, mention->path))
				continue;
			map_add(r->arena, &known, mention->path, 0);
			if (!is_covered(r, files[i], agent->paths.n, mention->path))
				say(r, files, agent, mention->path);
		}
	}
}
