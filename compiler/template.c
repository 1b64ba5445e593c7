/* template.c — see template.h. */
#include "compiler/template.h"

#define PARAMETERS "this template has the parameters"

static struct eval reader(struct load *load, uint32_t unit)
{
	return (struct eval){ load->arena, load->sources, &load->units.at[unit].syntax, load->diags,
			      NULL };
}

static struct span span_in(struct load *load, uint32_t unit, const struct node *node)
{
	return syntax_span(&load->units.at[unit].syntax, node);
}

static const struct node *parameters(const struct bind_name *template)
{
	const struct node *list = syntax_child(template->node, NODE_PARAMETERS);
	return list ? list->child : NULL;
}

static void say_unknown(struct load *load, const struct bind_name *template, struct span span,
			struct str name)
{
	struct bind_nearest nearest = { .word = name };
	struct diag *diag = diag_add(load->diags, DIAG_PARAMETER, span,
				     "the template `%.*s` has no parameter `%.*s`",
				     STR_ARG(template->name), STR_ARG(name));
	for (const struct node *at = parameters(template); at; at = at->next)
		bind_nearest_try(&nearest,
				 source_text(load->sources, span_in(load, template->unit, at)));
	diag_label(load->diags, diag, template->span, "the template is declared here");
	if (nearest.name.at)
		diag_fix(load->diags, diag, DIAG_UNSAFE, span, nearest.name, "write `%.*s`",
			 STR_ARG(nearest.name));
}

static struct eval_name *find(struct eval_name *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(names[i].name, name))
			return &names[i];
	return NULL;
}

static bool take_argument(struct load *load, uint32_t unit, const struct node *argument,
			  const struct bind_name *template, struct eval_name *names, size_t n)
{
	struct eval eval = reader(load, unit);
	struct span span = span_in(load, unit, argument->child);
	struct str text = source_text(load->sources, span);
	struct eval_name *name = find(names, n, text);
	if (!name) {
		say_unknown(load, template, span, text);
		return false;
	}
	if (name->value.at) {
		diag_add(load->diags, DIAG_PARAMETER, span, "the parameter `%.*s` is given twice",
			 STR_ARG(text));
		return false;
	}
	name->value = eval_text(&eval, argument->child->next);
	if (!name->value.at)
		name->value = STR("");
	return true;
}

static bool say_missing(struct load *load, uint32_t unit, const struct node *from,
			const struct bind_name *template, const struct eval_name *names, size_t n)
{
	struct text missing = { 0 };
	for (size_t i = 0; i < n; i++)
		if (!names[i].value.at)
			text_addf(&missing, "%s`%.*s`", missing.n ? ", " : "",
				  STR_ARG(names[i].name));
	if (missing.n) {
		struct diag *diag = diag_add(load->diags, DIAG_PARAMETER, span_in(load, unit, from),
					     "the template `%.*s` also needs %.*s",
					     STR_ARG(template->name), STR_ARG(text_str(&missing)));
		diag_label(load->diags, diag, template->span, "the template is declared here");
	}
	bool any = missing.n > 0;
	text_release(&missing);
	return any;
}

bool template_names(struct load *load, uint32_t unit, const struct node *from,
		    const struct bind_name *template, struct eval_names *result)
{
	size_t n = 0;
	for (const struct node *at = parameters(template); at; at = at->next)
		n++;
	struct eval_name *names = ARENA_MANY(load->arena, n, struct eval_name);
	n = 0;
	for (const struct node *at = parameters(template); at; at = at->next) {
		struct str name = source_text(load->sources, span_in(load, template->unit, at));
		if (!find(names, n, name))	/* that it is declared twice is said elsewhere */
			names[n++].name = name;
	}
	bool good = true;
	for (const struct node *at = from->child->next; at; at = at->next)
		good = take_argument(load, unit, at, template, names, n) && good;
	/* An argument with a wrong name was said, and is what one that is missing was meant to
	 * be. */
	if (good && say_missing(load, unit, from, template, names, n))
		good = false;
	*result = (struct eval_names){ names, n, PARAMETERS };
	return good;
}

/* Marks what every live text in the template uses. What it uses and is not there is said, as it
 * would be for an agent made of it. */
static void mark_used(const struct eval *eval, const struct node *node, struct eval_name *names,
		      size_t n)
{
	for (; node; node = node->next) {
		if (node->kind == NODE_DISABLED)
			continue;
		if (node->kind == NODE_STRING || node->kind == NODE_TEXT) {
			struct str raw = syntax_text(eval->syntax, eval->sources, node);
			struct eval_hole hole;
			size_t at = 0;
			while (eval_next_hole(raw, eval_dollars(eval, node), &at, &hole)) {
				struct eval_name *name = find(names, n, hole.name);
				if (name)
					name->value = STR("used");
			}
			eval_text(eval, node);
		}
		mark_used(eval, node->child, names, n);
	}
}

void template_check(struct load *load, const struct bind_name *template)
{
	struct eval eval = reader(load, template->unit);
	const struct node *block = syntax_child(template->node, NODE_BLOCK);
	size_t n = 0;
	for (const struct node *at = parameters(template); at; at = at->next)
		n++;
	struct eval_name *names = ARENA_MANY(load->arena, n, struct eval_name);
	n = 0;
	for (const struct node *at = parameters(template); at; at = at->next) {
		struct span span = span_in(load, template->unit, at);
		struct str name = source_text(load->sources, span);
		if (find(names, n, name))
			diag_add(load->diags, DIAG_PARAMETER, span,
				 "the parameter `%.*s` is declared twice", STR_ARG(name));
		else
			names[n++].name = name;
	}
	bool broken = false;
	for (const struct node *at = block ? block->child : NULL; at; at = at->next)
		broken = broken || at->kind == NODE_BROKEN;
	if (broken || !block)
		return;
	eval.names = &(struct eval_names){ names, n, PARAMETERS };
	size_t said = load->diags->list.n;
	mark_used(&eval, block->child, names, n);
	if (load->diags->list.n > said)
		return;	/* a name that is not there was meant to be one of them */
	for (const struct node *at = parameters(template); at; at = at->next) {
		struct span span = span_in(load, template->unit, at);
		struct eval_name *name = find(names, n, source_text(load->sources, span));
		if (name->value.at)
			continue;
		struct diag *diag = diag_add(load->diags, DIAG_PARAMETER, span,
					     "nothing in the template uses `%.*s`",
					     STR_ARG(name->name));
		diag_help(load->diags, diag,
			  "it is put in as `${%.*s}`, in strings and in text blocks that begin "
			  "with `$\"\"\"`",
			  STR_ARG(name->name));
		name->value = STR("said");
	}
}
