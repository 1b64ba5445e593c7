/* bind.c — see bind.h. */
#include "compiler/bind.h"

#include "grammar/lexer.h"
#include "parser.h"

static const char *const kind_text[BIND_KINDS] = {
	"an agent", "a group", "a template", "a runner", "an import", "switched off",
};

/* The kind of what the statement declares, or BIND_KINDS. */
static enum bind_kind kind_of(const struct node *statement)
{
	switch (statement->keyword) {
	case TOKEN_AGENT: return BIND_AGENT;
	case TOKEN_GROUP: return BIND_GROUP;
	case TOKEN_TEMPLATE: return BIND_TEMPLATE;
	case TOKEN_RUNNER: return BIND_RUNNER;
	case TOKEN_IMPORT: return BIND_IMPORT;
	}
	return BIND_KINDS;
}

static void say_doubled(struct bind *bind, const struct bind_name *first, struct str name,
			struct span span)
{
	struct diags *diags = bind->load->diags;
	struct diag *diag = diag_add(diags, DIAG_DOUBLED_NAME, span, "`%.*s` is declared twice",
				     STR_ARG(name));
	diag_here(diags, diag, "and here again");
	diag_label(diags, diag, first->span, "%s has that name already", kind_text[first->kind]);
	diag_note(diags, diag,
		  "agents, groups, templates, runners and imports of a file share their names");
}

static void declare(struct bind *bind, uint32_t index, struct bind_name name)
{
	struct bind_unit *unit = &bind->unit[index];
	struct arena *arena = bind->load->arena;
	uint32_t *taken = map_find(&unit->by_name, name.name);
	if (taken) {
		struct bind_name *first = &unit->names.at[*taken];
		if (name.kind == BIND_DISABLED)
			return;
		if (first->kind == BIND_DISABLED ||
		    (first->poisoned && first->kind != BIND_IMPORT)) {
			*first = name;
			return;
		}
		if (!name.poisoned)
			say_doubled(bind, first, name.name, name.span);
		return;
	}
	map_add(arena, &unit->by_name, name.name, (uint32_t)unit->names.n);
	*VEC_ADD(arena, &unit->names) = name;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

bool bind_is_name(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_name_byte(text.at[i]))
			return false;
	return text.n > 0;
}

/* What the other side of a conflict declares: it is not read, but its names are there. */
static void bind_conflict(struct bind *bind, uint32_t index, struct span span)
{
	struct str rest = source_text(bind->load->sources, span), line;
	while (rest.n && str_split(&rest, '\n', &line)) {
		static const struct str words[] = {
			{ "agent ", 6 }, { "group ", 6 }, { "template ", 9 }, { "runner ", 7 },
		};
		line = str_trim(line);
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
			if (!str_starts(line, words[i]))
				continue;
			struct str name = str_trim(str_slice(line, words[i].n, line.n));
			size_t end = 0;
			while (end < name.n && is_name_byte(name.at[end]))
				end++;
			if (end)
				declare(bind, index,
					(struct bind_name){
						.name = str_slice(name, 0, end),
						.kind = BIND_AGENT,
						.node = bind->load->units.at[index].syntax.root,
						.poisoned = true,
						.unit = index,
						.index = LOAD_NONE,
						.span = span });
		}
	}
}

static void bind_conflicts(struct bind *bind, uint32_t index)
{
	const struct syntax *syntax = &bind->load->units.at[index].syntax;
	for (uint32_t i = 0; i < syntax->tokens.n; i++)
		if (syntax->tokens.at[i].kind == TRIVIA_CONFLICT)
			bind_conflict(bind, index, syntax_token_span(syntax, i));
}

/* A declaration without a name, or with what may be its title for one. */
static void lose(struct bind *bind, uint32_t index, const struct node *statement)
{
	const struct source *source = source_get(bind->load->sources,
						 bind->load->units.at[index].syntax.source);
	struct span span = syntax_span(&bind->load->units.at[index].syntax, statement);
	struct str text = source_line(source, source_line_at(source, span.start));
	if (statement->kind == NODE_BROKEN && !statement->keyword)
		text = source_text(bind->load->sources, span);	/* with all that is in its block */
	*VEC_ADD(bind->load->arena, &bind->unit[index].lost) = text;
}

static void bind_statements(struct bind *, uint32_t unit, const struct node *first, bool in_group,
			    bool disabled);

static void bind_statement(struct bind *bind, uint32_t index, const struct node *statement,
			   bool in_group, bool disabled)
{
	struct load *load = bind->load;
	const struct syntax *syntax = &load->units.at[index].syntax;
	const struct node *name = syntax_child(statement, NODE_NAME);
	enum bind_kind kind = kind_of(statement);
	bool broken = statement->kind == NODE_BROKEN;
	bool member = kind == BIND_AGENT || kind == BIND_GROUP;
	if (!name || !statement->keyword ? broken && (kind != BIND_KINDS || !statement->keyword)
					 : syntax->tokens.at[name->first].kind == TOKEN_STRING)
		lose(bind, index, statement);
	/* A `runner` in a group says which one. */
	if (!name || (kind == BIND_KINDS && (!broken || statement->keyword)) ||
	    (in_group && kind != BIND_KINDS && !member))
		return;
	struct bind_name bound = { .kind = disabled             ? BIND_DISABLED
					   : kind == BIND_KINDS ? BIND_AGENT
								: kind,
				   .poisoned = broken,
				   .unit = index,
				   .index = LOAD_NONE,
				   .node = statement };
	bound.span = syntax_span(syntax, name);
	bound.name = source_text(load->sources, bound.span);
	if (!bind_is_name(bound.name))
		return;	/* a title in the name's place, which was said */
	for (size_t i = 0; kind == BIND_IMPORT && i < load->units.at[index].imports.n; i++) {
		const struct load_import *import = &load->units.at[index].imports.at[i];
		if (import->span.start == bound.span.start) {
			bound.index = (uint32_t)i;
			bound.poisoned = import->unit == LOAD_NONE;
		}
	}
	declare(bind, index, bound);
	/* Of a statement that no keyword begins, any word may be the name. */
	for (const struct node *other = name->next; broken && !statement->keyword && other;
	     other = other->next) {
		bound.span = syntax_span(syntax, other);
		bound.name = source_text(load->sources, bound.span);
		declare(bind, index, bound);
	}
	const struct node *block = syntax_child(statement, NODE_BLOCK);
	if (kind == BIND_GROUP && block)
		bind_statements(bind, index, block->child, true, disabled);
}

/* Blocks nest no deeper than the parser lets them. */
static void bind_statements(struct bind *bind, uint32_t unit, const struct node *first,
			    bool in_group, bool disabled)
{
	for (const struct node *statement = first; statement; statement = statement->next) {
		bind->broken = bind->broken || statement->kind == NODE_BROKEN;
		bool off = statement->kind == NODE_DISABLED;
		const struct node *inner = off ? statement->child : statement;
		if (inner && (inner->kind == NODE_STATEMENT || inner->kind == NODE_BROKEN))
			bind_statement(bind, unit, inner, in_group, disabled || off);
	}
}

void bind_names(struct load *load, struct bind *bind)
{
	*bind = (struct bind){ .load = load, .unit = ARENA_MANY(load->arena, load->units.n, struct bind_unit) };
	for (uint32_t i = 0; i < load->units.n; i++) {
		bind_statements(bind, i, load->units.at[i].syntax.root->child, false, false);
		bind_conflicts(bind, i);
	}
}

struct bind_name *bind_find(const struct bind *bind, uint32_t unit, struct str name)
{
	uint32_t *found = map_find(&bind->unit[unit].by_name, name);
	return found ? &bind->unit[unit].names.at[*found] : NULL;
}

void bind_nearest_try(struct bind_nearest *nearest, struct str name)
{
	size_t near = nearest->word.n < 2 ? 0 : nearest->word.n < 6 ? 1 : nearest->word.n / 3;
	size_t limit = nearest->name.at ? nearest->distance : near;
	size_t distance = str_distance(nearest->word, name, limit);
	if (distance <= limit && (!nearest->name.at || distance < nearest->distance)) {
		nearest->name = name;
		nearest->distance = distance;
	}
}

/* Nothing waits for itself, nor for what it is in. */
static bool is_inside(const struct bind *bind, const struct bind_name *name, struct span span)
{
	struct span whole = syntax_span(&bind->load->units.at[name->unit].syntax, name->node);
	return whole.source == span.source && whole.start <= span.start && span.end <= whole.end;
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

/* Whatever the case: a title is often the name. */
static bool mentions(struct str line, struct str name)
{
	for (size_t at = 0; at + name.n <= line.n; at++) {
		size_t same = 0;
		while (same < name.n && (line.at[at + same] | 32) == (name.at[same] | 32))
			same++;
		if (same == name.n)
			return true;
	}
	return false;
}

/* May it be meant by a declaration whose name could not be read, or has a letter that was
 * complained of? */
static bool may_be_flawed(const struct bind *bind, uint32_t unit, struct str name)
{
	const struct bind_unit *names = &bind->unit[unit];
	if (bind->load->units.at[unit].syntax.cut || !is_ascii(name))
		return true;
	for (size_t i = 0; i < names->lost.n; i++)
		if (mentions(names->lost.at[i], name))
			return true;
	for (size_t i = 0; i < names->names.n; i++) {
		struct str other = names->names.at[i].name;
		if (is_ascii(other))
			continue;
		size_t limit = 2 + other.n / 3;	/* a letter has up to four bytes */
		if (str_distance(other, name, limit) <= limit)
			return true;
	}
	return false;
}

static void say_unknown(struct bind *bind, uint32_t unit, struct span span, unsigned wanted,
			const char *what)
{
	enum {
		SUGGESTIONS = 100
	}; /* after so many, the search for similar names is not worth it */
	struct diags *diags = bind->load->diags;
	struct bind_nearest nearest = { .word = source_text(bind->load->sources, span) };
	if (may_be_flawed(bind, unit, nearest.word)) {
		bind->unknown++;
		return;
	}
	struct diag *diag = diag_add(diags, DIAG_UNKNOWN_NAME, span, "there is no %s named `%.*s`",
				     what, STR_ARG(nearest.word));
	const struct bind_unit *names = &bind->unit[unit];
	for (size_t i = 0; bind->unknown < SUGGESTIONS && i < names->names.n; i++)
		if (wanted & 1u << names->names.at[i].kind &&
		    !is_inside(bind, &names->names.at[i], span))
			bind_nearest_try(&nearest, names->names.at[i].name);
	bind->unknown++;
	const struct bind_name *like = nearest.name.at ? bind_find(bind, unit, nearest.name) : NULL;
	if (!like)
		return;
	diag_label(diags, diag, like->span, "there is %s `%.*s`", kind_text[like->kind],
		   STR_ARG(like->name));
	diag_fix(diags, diag, DIAG_UNSAFE, span, nearest.name, "write `%.*s`",
		 STR_ARG(nearest.name));
}

static void say_disabled(struct bind *bind, struct span span, const struct bind_name *name)
{
	struct diags *diags = bind->load->diags;
	struct diag *diag = diag_add(diags, DIAG_UNKNOWN_NAME, span, "`%.*s` is switched off",
				     STR_ARG(name->name));
	diag_label(diags, diag, name->span, "by the `/-` before its statement");
}

static void say_wrong_kind(struct bind *bind, struct span span, const struct bind_name *name,
			   const char *what)
{
	struct diags *diags = bind->load->diags;
	struct diag *diag = diag_add(diags, DIAG_WRONG_KIND, span,
				     "`%.*s` is %s; what is needed here is %s%s",
				     STR_ARG(source_text(bind->load->sources, span)),
				     kind_text[name->kind], what[0] == 'a' ? "an " : "a ", what);
	diag_label(diags, diag, name->span, "declared here");
	if (name->kind == BIND_IMPORT)
		diag_help(diags, diag,
			  "what is in the imported file is called `%.*s.` and its name",
			  STR_ARG(name->name));
}

/* The name in one file; NULL when nothing is wrong with it but that it is poisoned, or when it has
 * been said. */
static struct bind_name *resolve_name(struct bind *bind, uint32_t unit, struct span span,
				      unsigned wanted, const char *what)
{
	struct bind_name *found = bind_find(bind, unit, source_text(bind->load->sources, span));
	if (!found) {
		if (bind_is_name(source_text(bind->load->sources, span)))
			say_unknown(bind, unit, span, wanted, what);
		return NULL;
	}
	found->used = true;
	bool guessed = !found->node || !found->node->keyword;
	if (found->poisoned && (guessed || wanted & 1u << found->kind))
		return NULL;
	if (found->kind == BIND_DISABLED) {
		say_disabled(bind, span, found);
		return NULL;
	}
	if (wanted & 1u << found->kind)
		return found;
	say_wrong_kind(bind, span, found, what);
	return NULL;
}

struct bind_name *bind_resolve(struct bind *bind, uint32_t unit, const struct node *node,
			       unsigned wanted, const char *what)
{
	const struct syntax *syntax = &bind->load->units.at[unit].syntax;
	if (node->kind != NODE_QUALIFIED)
		return resolve_name(bind, unit, syntax_span(syntax, node), wanted, what);
	struct span span = syntax_span(syntax, node->child->next);
	struct bind_name *import = resolve_name(bind, unit, syntax_span(syntax, node->child),
						1u << BIND_IMPORT, "import");
	if (!import)
		return NULL;
	uint32_t other = bind->load->units.at[unit].imports.at[import->index].unit;
	struct bind_name *found = bind_find(bind, other, source_text(bind->load->sources, span));
	if (found && found->kind == BIND_AGENT && !found->poisoned && (wanted & BIND_A_AGENT)) {
		struct diag *diag = diag_add(bind->load->diags, DIAG_WRONG_KIND, span,
					     "an agent of another file cannot be named by itself");
		diag_label(bind->load->diags, diag, found->span, "declared here");
		diag_help(bind->load->diags, diag,
			  "groups, templates and runners can be: put it into a group");
		return NULL;
	}
	return resolve_name(bind, other, span, wanted & ~(unsigned)BIND_A_AGENT, what);
}
