/* metric.c — see metric.h. */
#include "compiler/metric.h"

#include "parser.h"
#include "schedule/schedule.h"

struct reading {
	struct layer_source *source;
	const struct eval *eval;
	struct plan_metric metric;
	const struct node *run, *unit, *goal; /* statements, or NULL */
	bool broken;
};

/* The first of its kind is kept in *first. */
static bool once(const struct reading *r, const struct node **first, const struct node *statement,
		 const char *what)
{
	const struct syntax *syntax = r->eval->syntax;
	struct span before = *first ? syntax_span(syntax, *first) : (struct span){ 0 };
	if (!layer_once(r->eval->diags, *first != NULL, before, syntax_span(syntax, statement),
			what))
		return false;
	*first = statement;
	return true;
}

static void read_unit(struct reading *r, const struct node *statement)
{
	struct str unit = eval_text(r->eval, statement->child);
	if (!once(r, &r->unit, statement, "unit"))
		return;
	r->metric.unit = unit;
	if (!str_trim(unit).n || str_find(unit, '\n') != SIZE_MAX || schedule_is_decimal(unit))
		diag_add(r->eval->diags, DIAG_VALUE,
			 syntax_span(r->eval->syntax, statement->child),
			 "a unit is a word for what the number is of, like \"ms\" or \"MiB\"");
}

static void read_goal(struct reading *r, const struct node *statement)
{
	const struct node *order = statement->child, *number = order->next;
	struct span span = syntax_span(r->eval->syntax, number);
	struct str sign = syntax_text(r->eval->syntax, r->eval->sources, order);
	if (!once(r, &r->goal, statement, "goal"))
		return;
	for (uint32_t i = 0; i < SCHEDULE_ORDER_COUNT; i++)
		if (str_is(sign, schedule_order_sign(i)))
			r->metric.order = i;
	r->metric.goal = source_text(r->eval->sources, span);
	r->metric.require = number->next != NULL;
	if (!schedule_is_decimal(r->metric.goal))
		diag_add(r->eval->diags, DIAG_VALUE, span,
			 "a goal is a number of at most 30 characters");
}

static bool taken(const struct reading *r)
{
	struct plan *plan = r->source->plan;
	for (size_t i = 0; i < plan->metrics.n; i++) {
		if (!str_equal(plan->metrics.at[i].name, r->metric.name))
			continue;
		struct diag *diag = diag_add(r->eval->diags, DIAG_DOUBLED_NAME, r->metric.span,
					     "the metric `%.*s` is declared twice",
					     STR_ARG(r->metric.name));
		diag_here(r->eval->diags, diag, "and here again");
		diag_label(r->eval->diags, diag, plan->metrics.at[i].span, "it is declared here");
		return true;
	}
	return false;
}

void metric_read(struct layer_source *source, const struct eval *eval, const struct node *statement)
{
	struct reading r = { .source = source, .eval = eval };
	const struct node *title = syntax_child(statement, NODE_STRING),
			  *block = syntax_child(statement, NODE_BLOCK);
	r.metric.span = syntax_span(eval->syntax, syntax_child(statement, NODE_NAME));
	r.metric.name = source_text(eval->sources, r.metric.span);
	r.metric.title = title ? eval_text(eval, title) : STR("");
	r.metric.run.pool = PLAN_NONE;
	for (const struct node *node = block ? block->child : NULL; node; node = node->next) {
		r.broken |= node->kind == NODE_BROKEN;
		if (node->kind != NODE_STATEMENT)
			continue;
		if (node->keyword == TOKEN_UNIT)
			read_unit(&r, node);
		else if (node->keyword == TOKEN_GOAL)
			read_goal(&r, node);
		else if (once(&r, &r.run, node, "run"))
			r.metric.run = layer_command(source, eval, node);
	}
	if (!r.run && !r.broken)
		diag_help(eval->diags,
			  diag_add(eval->diags, DIAG_MISSING, r.metric.span,
				   "the metric `%.*s` has no `run`", STR_ARG(r.metric.name)),
			  "say what prints the number: `run [\"program\", …]`, or `run sh \"…\"`");
	if (!taken(&r) && r.metric.run.words.n)
		*VEC_ADD(eval->arena, &source->plan->metrics) = r.metric;
}
