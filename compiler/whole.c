/* whole.c — see whole.h. */
#include "compiler/whole.h"

#include "common/version.h"
#include "compiler/metric.h"
#include "compiler/template.h"
#include "parser.h"

enum { COUNT_MOST = 1000000 };

static struct str text_in(const struct layer_source *source, uint32_t unit, const struct node *node,
			  struct span *span)
{
	*span = syntax_span(&source->load->units.at[unit].syntax, node);
	return source_text(source->load->sources, *span);
}

static void add_pool(struct layer_source *source, const struct eval *eval, const struct node *node)
{
	struct plan *plan = source->plan;
	const struct node *number = syntax_child(node, NODE_NUMBER);
	struct plan_pool pool = { .count = 1 };
	if (!syntax_child(node, NODE_NAME))
		return;
	pool.name = text_in(source, 0, syntax_child(node, NODE_NAME), &pool.span);
	uint32_t *taken = map_find(&plan->pool_by_name, pool.name);
	if (taken) {
		struct diag *diag = diag_add(source->load->diags, DIAG_DOUBLED_NAME, pool.span,
					     "the pool `%.*s` is declared twice",
					     STR_ARG(pool.name));
		diag_here(source->load->diags, diag, "and here again");
		diag_label(source->load->diags, diag, plan->pools.at[*taken].span,
			   "it is declared here");
		return;
	}
	if (number)
		pool.count = eval_number(eval, number,
					 (struct eval_range){ 1, COUNT_MOST, "a pool's size" });
	map_add(source->load->arena, &plan->pool_by_name, pool.name, (uint32_t)plan->pools.n);
	*VEC_ADD(source->load->arena, &plan->pools) = pool;
}

static void read_branch(struct layer_source *source, struct eval eval, const struct node *string)
{
	static const struct eval_name names[] = { { { "plan", 4 }, { "", 0 } },
						  { { "agent", 5 }, { "", 0 } } };
	static const struct eval_names in_branch = { names, 2, "a branch has" };
	eval.names = &in_branch;
	size_t errors = source->load->diags->errors;
	struct plan_text branch = { eval_template_text(&eval, string),
				    syntax_span(eval.syntax, string) };
	if (source->load->diags->errors == errors) /* else the default does no harm */
		source->plan->branch = branch;
}

static void read_base(struct layer_source *source, const struct eval *eval,
		      const struct node *string)
{
	source->plan->base = eval_text(eval, string);
	source->plan->base_span = syntax_span(eval->syntax, string);
	if (!str_trim(source->plan->base).n || source->plan->base.at[0] == '-')
		diag_add(source->load->diags, DIAG_VALUE, syntax_span(eval->syntax, string),
			 "`%.*s` is no branch, tag or commit", STR_ARG(source->plan->base));
}

/* What only a plan says. `said`: by what it is about, the place that said it; zero when none
 * did. */
enum plan_own {
	OWN_BASE,
	OWN_BRANCH,
	OWN_JOBS,
	OWN_MERGE,
	OWN_LAND,
	OWN_BUDGET,
	OWN_NOTIFY,
	OWN_WALL,
	OWN_WORK,
	OWNS
};

static enum plan_own own_of(const struct node *node, const char **what)
{
	static const char *const words[OWNS] = { "base", "branch", "jobs",        "merge",
						 "land", "budget", "notify", "expect wall",
						 "expect work" };
	enum plan_own own = node->keyword == TOKEN_BASE          ? OWN_BASE
			    : node->keyword == TOKEN_BRANCH      ? OWN_BRANCH
			    : node->keyword == TOKEN_JOBS        ? OWN_JOBS
			    : node->keyword == TOKEN_MERGE       ? OWN_MERGE
			    : node->keyword == TOKEN_LAND        ? OWN_LAND
			    : node->keyword == TOKEN_BUDGET      ? OWN_BUDGET
			    : node->keyword == TOKEN_NOTIFY      ? OWN_NOTIFY
			    : node->keyword != TOKEN_EXPECT      ? OWNS
			    : node->child->keyword == TOKEN_WALL ? OWN_WALL
								 : OWN_WORK;
	*what = own < OWNS ? words[own] : "";
	return own;
}

static void read_own(struct layer_source *source, const struct eval *eval, enum plan_own own,
		     const struct node *node, const struct node **merge)
{
	struct plan *plan = source->plan;
	struct plan_claim *claim = own == OWN_WALL ? &plan->wall : &plan->work;
	switch (own) {
	case OWN_BASE: read_base(source, eval, node->child); break;
	case OWN_BRANCH: read_branch(source, *eval, node->child); break;
	case OWN_JOBS:
		plan->jobs = eval_number(eval, node->child,
					 (struct eval_range){ 1, COUNT_MOST, "`jobs`" });
		break;
	case OWN_MERGE: *merge = node; break;
	case OWN_BUDGET:
		plan->budget = eval_cents(eval, node->child, "`budget`");
		plan->budget_span = syntax_span(eval->syntax, node);
		break;
	case OWN_NOTIFY: plan->notify = layer_command(source, eval, node); break;
	case OWN_LAND: plan->land_auto = node->child->keyword == TOKEN_AUTO; break;
	case OWN_WALL:
	case OWN_WORK:
		claim->span = syntax_span(eval->syntax, node->child->next);
		claim->seconds = eval_duration(eval, node->child->next);
		claim->given = claim->seconds > 0;
		break;
	case OWNS: break;
	}
}

static void read_plan(struct layer_source *source, struct layer *defaults,
		      const struct node *statement, const struct node **merge)
{
	struct eval eval = layer_eval(source, 0, NULL);
	struct span said[OWNS] = { { 0 } };
	const struct node *title = syntax_child(statement, NODE_STRING),
			  *block = syntax_child(statement, NODE_BLOCK);
	struct str name = text_in(source, 0, syntax_child(statement, NODE_NAME),
				  &source->plan->span);
	if (bind_is_name(name)) /* else a title stands in its place, which was said */
		source->plan->name = name;
	source->plan->title = title ? eval_text(&eval, title) : STR("");
	for (const struct node *node = block ? block->child : NULL; node; node = node->next)
		if (node->keyword == TOKEN_POOL && node->kind != NODE_DISABLED)
			add_pool(source, &eval, node);
	for (const struct node *node = block ? block->child : NULL; node; node = node->next) {
		const char *what;
		if (node->kind == NODE_BROKEN)
			source->plan->incomplete = true;
		if (node->kind == NODE_BROKEN && node->keyword == TOKEN_POOL &&
		    !syntax_child(node, NODE_NAME))
			source->pools_known = false;
		if (node->kind != NODE_STATEMENT || node->keyword == TOKEN_POOL)
			continue;
		enum plan_own own = own_of(node, &what);
		struct span span = syntax_span(eval.syntax, node);
		if (own < OWNS) {
			if (!layer_once(source->load->diags, said[own].end > 0, said[own], span,
					what))
				continue;
			said[own] = span;
			read_own(source, &eval, own, node, merge);
		} else if (node->keyword == TOKEN_METRIC) {
			metric_read(source, &eval, node);
		} else if (node->keyword == TOKEN_TEST) {
			*VEC_ADD(source->load->arena,
				 &source->plan->tests.list) = layer_command(source, &eval, node);
		} else {
			layer_statement(source, defaults, &eval, node);
		}
	}
}

static void check_version(struct layer_source *source, uint32_t unit, const struct node *node)
{
	struct eval eval = layer_eval(source, unit, NULL);
	struct span span = syntax_span(eval.syntax, node->child);
	uint64_t version;
	bool number = str_to_number(source_text(source->load->sources, span), &version);
	if (number && version > VERSION_OF_LANGUAGE)
		diag_help(
			source->load->diags,
			diag_add(
				source->load->diags, DIAG_NEWER, span,
				"this file is written in version %llu of the language, and this orchc knows version %d",
				(unsigned long long)version, VERSION_OF_LANGUAGE),
			"a newer orchc reads it");
	else
		eval_number(&eval, node->child,
			    (struct eval_range){ 1, VERSION_OF_LANGUAGE,
						 "the version of the language" });
}

/* The plan's statement; NULL when there is none, or it could not be read. Also what may be in the
 * plan's file only. */
static const struct node *find_plan(struct layer_source *source, bool *broken)
{
	const struct node *plan = NULL;
	for (const struct node *node = source->load->units.at[0].syntax.root->child; node;
	     node = node->next) {
		*broken = *broken || (node->kind == NODE_BROKEN &&
				      (node->keyword == TOKEN_PLAN || !node->keyword));
		if (node->kind != NODE_STATEMENT || node->keyword != TOKEN_PLAN)
			continue;
		struct span span, first;
		text_in(source, 0, syntax_child(node, NODE_NAME), &span);
		if (plan) {
			text_in(source, 0, syntax_child(plan, NODE_NAME), &first);
			struct diag *diag = diag_add(source->load->diags, DIAG_SECOND_PLAN, span,
						     "a file has one plan only");
			diag_here(source->load->diags, diag, "this is a second one");
			diag_label(source->load->diags, diag, first, "the first is here");
			continue;
		}
		plan = node;
	}
	return plan;
}

static void check_library(struct layer_source *source, uint32_t unit)
{
	const struct load_unit *library = &source->load->units.at[unit];
	for (const struct node *node = library->syntax.root->child; node; node = node->next) {
		struct span span;
		if (node->kind != NODE_STATEMENT)
			continue;
		if (node->keyword == TOKEN_PLAN) {
			text_in(source, unit, syntax_child(node, NODE_NAME), &span);
			diag_help(source->load->diags,
				  diag_add(source->load->diags, DIAG_IMPORT, span,
					   "a file that is imported has no plan of its own"),
				  "move what both need to a file of its own, which both import");
		} else if (node->keyword == TOKEN_AGENT) {
			text_in(source, unit, syntax_child(node, NODE_NAME), &span);
			diag_help(
				source->load->diags,
				diag_add(source->load->diags, DIAG_MISPLACED, span,
					 "an agent of an imported file must be in a group"),
				"the plan takes whole groups from other files: it names them in `after` or `merge`");
		}
	}
}

static void check_files(struct layer_source *source)
{
	for (uint32_t unit = 0; unit < source->load->units.n; unit++) {
		for (const struct node *node = source->load->units.at[unit].syntax.root->child;
		     node; node = node->next)
			if (node->kind == NODE_STATEMENT && node->keyword == TOKEN_ORCH)
				check_version(source, unit, node);
		struct bind_unit *names = &source->bind->unit[unit];
		for (size_t i = 0; i < names->names.n; i++)
			if (names->names.at[i].kind == BIND_TEMPLATE &&
			    !names->names.at[i].poisoned)
				template_check(source->load, &names->names.at[i]);
		if (unit)
			check_library(source, unit);
	}
}

static void say_no_plan(struct load *load)
{
	bool markdown = load->units.at[0].markdown;
	struct diag *diag = diag_add(load->diags, DIAG_NO_PLAN, (struct span){ 0, 0, 0 },
				     "there is no plan in this %s",
				     markdown ? "file's blocks that are fenced as `orch`" : "file");
	if (markdown)
		diag_help(load->diags, diag,
			  "fence one with ```orch, or make a plan of what the file says with "
			  "`orchc import %.*s`",
			  STR_ARG(load->units.at[0].path));
	else
		diag_help(
			load->diags, diag,
			"say `plan NAME { … }` in it; without one, a file is there to be imported");
}

const struct node *whole_read(struct layer_source *source, struct layer *defaults)
{
	const struct node *merge = NULL;
	bool broken = source->load->units.at[0].syntax.cut;
	const struct node *statement = find_plan(source, &broken);
	source->plan->incomplete = !statement;
	source->pools_known = statement != NULL && !source->load->units.at[0].syntax.cut;
	if (statement)
		read_plan(source, defaults, statement, &merge);
	else if (!broken)
		say_no_plan(source->load);
	check_files(source);
	return merge;
}
