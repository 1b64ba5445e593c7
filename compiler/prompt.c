/* prompt.c — see prompt.h. */
#include "compiler/prompt.h"

#include "compiler/bind.h"

/* The file of that path; one that cannot be read is complained of at its first mention only. */
static struct prompt_file *open_file(struct prompts *prompts, struct str folder, struct str path,
				     struct span span)
{
	struct load *load = prompts->load;
	struct str resolved, text, reason = STR("it is outside of the repository");
	bool inside = load_resolve(load->arena, folder, path, &resolved);
	uint32_t *known = map_find(&prompts->file_by_path, inside ? resolved : path);
	if (known)
		return &prompts->files.at[*known];
	map_add(load->arena, &prompts->file_by_path, inside ? resolved : path,
		(uint32_t)prompts->files.n);
	struct prompt_file *file = VEC_ADD(load->arena, &prompts->files);
	file->read = inside && load_text(load, resolved, &text, &reason);
	if (file->read) {
		file->markdown.text = text;
		file->source = source_add(load->sources, resolved, text);
		return file;
	}
	struct diag *diag = diag_add(load->diags, DIAG_PROMPT_FILE, span,
				     "the prompt's file `%.*s` cannot be read: %.*s", STR_ARG(path),
				     STR_ARG(reason));
	diag_note(load->diags, diag, "paths of prompts are relative to the file that says them%s",
		  folder.n ? "" : ", which is in the root of the repository");
	return file;
}

static void list_headings(struct prompts *prompts, struct diag *diag,
			  const struct markdown *markdown, const uint32_t *headings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct markdown_heading *heading = &markdown->headings.at[headings[i]];
		diag_note(prompts->load->diags, diag, "line %u: %.*s", heading->line,
			  STR_ARG(heading->text));
	}
}

static void say_no_section(struct prompts *prompts, const struct markdown *markdown,
			   struct str path, struct str name, struct span span)
{
	struct diags *diags = prompts->load->diags;
	struct diag *diag = diag_add(diags, DIAG_PROMPT_SECTION, span,
				     "no heading of `%.*s` begins with `%.*s`", STR_ARG(path),
				     STR_ARG(name));
	if (!markdown->headings.n) {
		diag_note(diags, diag, "the file has no headings (lines that begin with `#`)");
		return;
	}
	/* Headings are mostly longer than what is asked for: their beginnings are compared. */
	struct bind_nearest nearest = { .word = name };
	uint32_t near = 0;
	for (uint32_t i = 0; i < markdown->headings.n; i++) {
		struct str before = nearest.name, text = markdown->headings.at[i].text;
		bind_nearest_try(&nearest, str_slice(text, 0, text.n < name.n ? text.n : name.n));
		if (nearest.name.at != before.at)
			near = i;
	}
	const struct markdown_heading *heading = &markdown->headings.at[near];
	if (nearest.name.at)
		diag_help(diags, diag, "did you mean line %u: %.*s?", heading->line,
			  STR_ARG(heading->text));
}

static void say_several(struct prompts *prompts, const struct markdown *markdown,
			const struct markdown_found *found, struct str path, struct str name,
			struct span span)
{
	struct diags *diags = prompts->load->diags;
	struct diag *diag = diag_add(diags, DIAG_PROMPT_SECTION, span,
				     "%zu headings of `%.*s` begin with `%.*s`", found->n,
				     STR_ARG(path), STR_ARG(name));
	list_headings(prompts, diag, markdown, found->headings.at, found->headings.n);
	if (found->n > found->headings.n)
		diag_note(diags, diag, "and %zu more", found->n - found->headings.n);
	diag_help(diags, diag, "write more of the heading that is meant");
}

static bool find_section(struct prompts *prompts, struct prompt_file *file, struct str path,
			 struct str name, struct span span, struct str *prompt, struct span *at)
{
	struct arena *arena = prompts->load->arena;
	struct str key = arena_format(arena, "%zu/%.*s", (size_t)(file - prompts->files.at),
				      STR_ARG(name));
	uint32_t *known = map_find(&prompts->section_by_key, key);
	if (known) {
		*prompt = prompts->sections.at[*known].text;
		*at = prompts->sections.at[*known].at;
		return true;
	}
	if (!file->parsed)
		markdown_read(arena, file->markdown.text, &file->markdown);
	file->parsed = true;
	struct markdown_found found = markdown_find(arena, &file->markdown, name);
	if (!name.n || found.n != 1) {
		if (!name.n)
			diag_add(prompts->load->diags, DIAG_PROMPT_SECTION, span,
				 "the section's name is empty");
		else if (found.n)
			say_several(prompts, &file->markdown, &found, path, name, span);
		else
			say_no_section(prompts, &file->markdown, path, name, span);
		return false;
	}
	struct str raw;
	*prompt = markdown_section(arena, &file->markdown, found.headings.at[0], &raw);
	uint32_t start = (uint32_t)(raw.at - file->markdown.text.at);
	*at = (struct span){ file->source, start, start + (uint32_t)raw.n };
	map_add(arena, &prompts->section_by_key, key, (uint32_t)prompts->sections.n);
	*VEC_ADD(arena, &prompts->sections) = (struct prompt_section){ *prompt, *at };
	return true;
}

bool prompt_find(struct prompts *prompts, uint32_t unit, const struct eval *eval,
		 const struct node *node, struct str *prompt, struct span *at)
{
	const struct load_unit *from = &prompts->load->units.at[unit];
	const struct node *section = node->child->next;
	struct str path = eval_text(eval, node->child);
	struct prompt_file *file = open_file(prompts, from->folder, path,
					     syntax_span(eval->syntax, node->child));
	if (!file->read)
		return false;
	*prompt = file->markdown.text;
	*at = (struct span){ file->source, 0, (uint32_t)prompt->n };
	return !section || find_section(prompts, file, path, eval_text(eval, section),
					syntax_span(eval->syntax, section), prompt, at);
}
