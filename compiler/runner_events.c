/* runner_events.c — see runner_events.h. */
#include "compiler/runner_events.h"

#include "common/query.h"
#include "parser.h"
#include "schedule/schedule.h"

static const struct {
	uint16_t token;
	enum schedule_rule_kind kind;
} kinds[] = {
	{ TOKEN_SESSION, SCHEDULE_RULE_SESSION }, { TOKEN_SAID, SCHEDULE_RULE_SAID },
	{ TOKEN_DID, SCHEDULE_RULE_DID },         { TOKEN_DONE, SCHEDULE_RULE_DONE },
	{ TOKEN_FAILED, SCHEDULE_RULE_FAILED },   { TOKEN_DENIED, SCHEDULE_RULE_DENIED },
	{ TOKEN_BUSY, SCHEDULE_RULE_BUSY },       { TOKEN_RESET, SCHEDULE_RULE_RESET },
	{ TOKEN_INPUT, SCHEDULE_RULE_INPUT },     { TOKEN_CACHED, SCHEDULE_RULE_CACHED },
	{ TOKEN_OUTPUT, SCHEDULE_RULE_OUTPUT },   { TOKEN_COST, SCHEDULE_RULE_COST },
};

static void check_path(const struct eval *eval, const struct node *node, struct str path)
{
	struct query query;
	size_t at;
	const char *why;
	if (query_parse(eval->arena, path, &query, &at, &why))
		return;
	struct diag *diag = diag_add(eval->diags, DIAG_VALUE, syntax_span(eval->syntax, node),
				     "`%.*s` is no path into an event: %s after `%.*s`",
				     STR_ARG(path), why, (int)(at < path.n ? at : path.n), path.at);
	diag_help(
		eval->diags, diag,
		"members are joined by dots, `[]` is each element of a list, `[type=result]` keeps what "
		"has that value");
}

static void read_rule(const struct eval *eval, const struct node *statement,
		      enum schedule_rule_kind kind, struct plan_rules *rules)
{
	struct plan_rule rule = { .kind = kind };
	VEC(struct str) paths = { 0 };
	for (const struct node *node = statement->child; node; node = node->next) {
		if (node->kind == NODE_WORD) {
			rule.sum = node->keyword == TOKEN_EACH      ? SCHEDULE_SUM_EACH
				   : node->keyword == TOKEN_ATTEMPT ? SCHEDULE_SUM_ATTEMPT
								    : SCHEDULE_SUM_SESSION;
			continue;
		}
		struct str path = eval_text(eval, node);
		check_path(eval, node, path);
		*VEC_ADD(eval->arena, &paths) = path;
	}
	rule.paths = (struct str_list){ paths.at, paths.n };
	*VEC_ADD(eval->arena, &rules->list) = rule;
}

void runner_events(const struct eval *eval, const struct node *block, struct plan_rules *rules)
{
	for (const struct node *statement = block->child; statement; statement = statement->next) {
		rules->lost |= statement->kind == NODE_BROKEN;
		for (size_t i = 0;
		     statement->kind == NODE_STATEMENT && i < sizeof kinds / sizeof *kinds; i++)
			if (kinds[i].token == statement->keyword)
				read_rule(eval, statement, kinds[i].kind, rules);
	}
}
