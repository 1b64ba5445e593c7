/* expand.c — see expand.h. A list is a statement for each place that it is from, since a comment is
 * about a line. */
#include "compiler/expand.h"

#include "compiler/eval.h"
#include "compiler/expand_origin.h"
#include "compiler/literal.h"
#include "parser.h"

enum { INDENT = 2 };

#define EXPAND_WORD(NAME, word) [SCHEDULE_##NAME] = word,

struct expand {
	const struct compile *compile;
	const struct plan *plan;
	struct arena arena;
	struct expand_origin origin;
	struct map taken;           /* names of this file */
	struct str *agent, *runner; /* by index: what they are called here */
	struct text *out;
};

/* Words. */

static void add_comment(struct expand *e, struct span span)
{
	struct str from = span.end ? expand_origin_text(&e->origin, span) : STR("default");
	text_addf(e->out, "  # %.*s\n", STR_ARG(from));
}

/* As a name of this file that nothing else has. */
static struct str take_name(struct expand *e, struct str name)
{
	char *at = arena_take(&e->arena, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		at[i] = name.at[i] == '.' ? '-' : name.at[i];
	struct str wanted = { at, name.n }, free = wanted;
	for (unsigned i = 2; map_find(&e->taken, free); i++)
		free = arena_format(&e->arena, "%.*s-%u", STR_ARG(wanted), i);
	map_add(&e->arena, &e->taken, free, 0);
	return free;
}

static const struct load_unit *unit_of(const struct expand *e, struct span span)
{
	for (size_t i = 0; i < e->compile->load.units.n; i++)
		if (e->compile->load.units.at[i].syntax.source == span.source)
			return &e->compile->load.units.at[i];
	return &e->compile->load.units.at[0];
}

/* Names that need no change come first, so that nothing else takes them. A runner of the library
 * keeps its import. */
static void give_names(struct expand *e, struct text *imports)
{
	const struct plan *plan = e->plan;
	struct map imported = { 0 };
	VEC(struct str) aliases = { 0 };
	e->agent = ARENA_MANY(&e->arena, plan->agents.n, struct str);
	e->runner = ARENA_MANY(&e->arena, plan->runners.n, struct str);
	for (size_t i = 0; i < plan->runners.n; i++) {
		struct span span = plan->runners.at[i].span;
		struct str name = plan->runners.at[i].name,
			   short_name = source_text(e->compile->load.sources, span);
		const struct load_unit *unit = unit_of(e, span);
		if (!unit->std || name.n <= short_name.n)
			continue;
		struct str alias = str_slice(name, 0, name.n - short_name.n - 1);
		if (!map_find(&imported, alias)) {
			map_add(&e->arena, &imported, alias, (uint32_t)aliases.n);
			*VEC_ADD(&e->arena, &aliases) = take_name(e, alias);
			text_addf(imports, "import \"%.*s\" as %.*s\n", STR_ARG(unit->path),
				  STR_ARG(aliases.at[aliases.n - 1]));
		}
		e->runner[i] = arena_format(&e->arena, "%.*s.%.*s",
					    STR_ARG(aliases.at[*map_find(&imported, alias)]),
					    STR_ARG(short_name));
	}
	for (int qualified = 0; qualified < 2; qualified++) {
		for (size_t i = 0; i < plan->agents.n; i++)
			if ((str_find(plan->agents.at[i].name, '.') != SIZE_MAX) == qualified)
				e->agent[i] = take_name(e, plan->agents.at[i].name);
		for (size_t i = 0; i < plan->runners.n; i++)
			if (!e->runner[i].at &&
			    (str_find(plan->runners.at[i].name, '.') != SIZE_MAX) == qualified)
				e->runner[i] = take_name(e, plan->runners.at[i].name);
	}
}

/* Statements. */

static void add_list(struct expand *e, const char *keyword, const struct plan_texts *list)
{
	for (size_t i = 0, to; i < list->list.n; i = to) {
		struct str from = expand_origin_text(&e->origin, list->list.at[i].span);
		text_addf(e->out, "  %s ", keyword);
		for (to = i; to < list->list.n; to++) {
			if (to > i && !str_equal(from, expand_origin_text(&e->origin,
									  list->list.at[to].span)))
				break;
			text_add(e->out, to > i ? STR(", ") : STR(""));
			literal_add(e->out, list->list.at[to].text);
		}
		add_comment(e, list->list.at[i].span);
	}
}

static void add_duration(struct expand *e, const char *keyword, const struct plan_value *value)
{
	if (!value->given)
		return;
	text_addf(e->out, "  %s ", keyword);
	text_add_duration(e->out, value->value);
	add_comment(e, value->span);
}

static void add_texts(struct expand *e, struct str_list texts)
{
	for (size_t i = 0; i < texts.n; i++) {
		text_add(e->out, i ? STR(", ") : STR(""));
		literal_add(e->out, texts.at[i]);
	}
}

static void add_kept(struct expand *e, const char *word, struct str_list texts)
{
	if (texts.n)
		text_add(e->out, str_from(word));
	add_texts(e, texts);
}

static void add_command(struct expand *e, const char *keyword, const struct plan_command *command)
{
	text_addf(e->out, "  %s %s", keyword, command->shell ? "sh " : "[");
	for (size_t i = 0; i < command->words.n; i++) {
		text_add(e->out, i ? STR(", ") : STR(""));
		literal_add(e->out, command->words.at[i]);
	}
	text_add(e->out, command->shell ? STR("") : STR("]"));
	if (command->pool != PLAN_NONE)
		text_addf(e->out, " in %.*s", STR_ARG(e->plan->pools.at[command->pool].name));
	add_kept(e, " keyed ", command->keyed);
	add_kept(e, " makes ", command->makes);
	add_comment(e, command->span);
}

static void add_env(struct expand *e, const struct plan_envs *envs)
{
	for (size_t i = 0; i < envs->list.n; i++) {
		text_addf(e->out, "  env %.*s ", STR_ARG(envs->list.at[i].name));
		literal_add(e->out, envs->list.at[i].value);
		add_comment(e, envs->list.at[i].span);
	}
}

/* In the largest unit that it is a whole number of. */
static void add_size(struct text *out, uint32_t kibibytes)
{
	size_t unit = 0;
	while (unit < 3 && kibibytes && kibibytes % 1024 == 0) {
		kibibytes /= 1024;
		unit++;
	}
	text_addf(out, "%u%c", kibibytes, "KMGT"[unit]);
}

static void add_limits(struct expand *e, const struct plan_value *single)
{
	static const struct {
		enum plan_single which;
		const char *word;
	} limits[] = { { PLAN_LIMIT_PROCESSES, "processes" },
		       { PLAN_LIMIT_FILE_SIZE, "file-size" },
		       { PLAN_LIMIT_MEMORY, "memory" },
		       { PLAN_LIMIT_CPU, "cpu" } };
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		const struct plan_value *value = &single[limits[i].which];
		if (!value->given)
			continue;
		text_addf(e->out, "  limit %s ", limits[i].word);
		if (limits[i].which == PLAN_LIMIT_PROCESSES)
			text_addf(e->out, "%u", value->value);
		else if (limits[i].which == PLAN_LIMIT_CPU)
			text_addf(e->out, "%u.%02u", value->value / 100, value->value % 100);
		else
			add_size(e->out, value->value);
		add_comment(e, value->span);
	}
}

static void add_network(struct expand *e, const struct plan_value *quiet)
{
	if (!quiet->given)
		return;
	text_addf(e->out, "  network %s", quiet->value ? "off" : "on");
	add_comment(e, quiet->span);
}

static void add_singles(struct expand *e, const struct plan_agent *agent)
{
	static const char *const isolations[] = {
		[SCHEDULE_CLONE] = "clone", [SCHEDULE_WORKTREE] = "worktree"
	};
	const struct plan_value *single = agent->single;
	text_addf(e->out, "  runner %.*s", STR_ARG(e->runner[single[PLAN_RUNNER].value]));
	add_comment(e, single[PLAN_RUNNER].span);
	add_duration(e, "estimate", &single[PLAN_ESTIMATE]);
	add_duration(e, "timeout", &single[PLAN_TIMEOUT]);
	add_duration(e, "idle", &single[PLAN_IDLE]);
	if (single[PLAN_BUDGET].given) {
		text_addf(e->out, "  budget %u.%02u USD", single[PLAN_BUDGET].value / 100,
			  single[PLAN_BUDGET].value % 100);
		add_comment(e, single[PLAN_BUDGET].span);
	}
	text_addf(e->out, "  retry %u", single[PLAN_RETRY].value);
	add_comment(e, single[PLAN_RETRY].span);
	text_addf(e->out, "  isolation %s", isolations[single[PLAN_ISOLATION].value]);
	add_comment(e, single[PLAN_ISOLATION].span);
	if (single[PLAN_SANDBOX].given) {
		text_addf(e->out, "  sandbox %s",
			  single[PLAN_SANDBOX].value == SCHEDULE_SANDBOX_ON ? "on" : "off");
		add_comment(e, single[PLAN_SANDBOX].span);
	}
	add_network(e, &single[PLAN_QUIET]);
	add_limits(e, single);
	for (size_t i = 0; i < agent->pools.n; i++)
		text_addf(e->out, "  pool %.*s\n",
			  STR_ARG(e->plan->pools.at[agent->pools.at[i]].name));
}

static void add_after(struct expand *e, const struct plan_agent *agent)
{
	for (size_t i = 0, to; i < agent->after.n; i = to) {
		struct span span = agent->after.at[i].span;
		text_add(e->out, STR("  after "));
		for (to = i;
		     to < agent->after.n && agent->after.at[to].span.source == span.source &&
		     agent->after.at[to].span.start == span.start;
		     to++)
			text_addf(e->out, "%s%.*s", to > i ? ", " : "",
				  STR_ARG(e->agent[agent->after.at[to].agent]));
		struct str said = source_text(e->compile->load.sources, span);
		struct str from = expand_origin_text(&e->origin, span);
		text_addf(e->out, "  # %.*s: `after %.*s`\n", STR_ARG(from), STR_ARG(said));
	}
}

/* The statement that gives the agent its prompt. */
static const struct node *find_prompt(const struct node *block)
{
	for (const struct node *node = block ? block->child : NULL; node; node = node->next)
		if (node->kind == NODE_STATEMENT && node->keyword == TOKEN_PROMPT)
			return node;
	return NULL;
}

static void say_prompt_origin(struct expand *e, const struct plan_agent *agent)
{
	const struct syntax *syntax = &e->compile->load.units.at[agent->unit].syntax;
	const struct node *prompt = find_prompt(syntax_child(agent->node, NODE_BLOCK));
	const struct node *from = syntax_child(agent->node, NODE_FROM);
	if (!prompt && from) {
		struct str name = source_text(e->compile->load.sources,
					      syntax_span(syntax, from->child));
		text_addf(e->out, "  # the prompt is from template %.*s\n", STR_ARG(name));
	} else if (prompt && prompt->child->kind == NODE_PROMPT_FILE) {
		struct span span = syntax_span(syntax, prompt);
		struct str said = source_text(e->compile->load.sources, span),
			   where = expand_origin_text(&e->origin, span);
		if (str_find(said, '\n') == SIZE_MAX)
			text_addf(e->out, "  # %.*s: `%.*s`\n", STR_ARG(where), STR_ARG(said));
	}
}

static void add_prompt(struct expand *e, const struct plan_agent *agent)
{
	struct str text = eval_kept_text(&e->arena, agent->prompt);
	say_prompt_origin(e, agent);
	text_add(e->out, STR("  prompt "));
	if (literal_fits_block(text))
		literal_add_block(e->out, INDENT, text);
	else
		literal_add(e->out, text);
	text_add_byte(e->out, '\n');
}

static void add_agent(struct expand *e, uint32_t index)
{
	static const char *const lists[] = {
		[PLAN_OWNS] = "owns",         [PLAN_CREATES] = "creates", [PLAN_READS] = "reads",
		[PLAN_REQUIRES] = "requires", [PLAN_COPY] = "copy",       [PLAN_LINK] = "link"
	};
	const struct plan_agent *agent = &e->plan->agents.at[index];
	struct str where = expand_origin_text(&e->origin, agent->span);
	text_addf(e->out, "\n# %.*s\nagent %.*s ", STR_ARG(where), STR_ARG(e->agent[index]));
	if (agent->title.n) {
		literal_add(e->out, agent->title);
		text_add_byte(e->out, ' ');
	}
	text_add(e->out, STR("{\n"));
	for (int i = 0; i < PLAN_COPY; i++)
		add_list(e, lists[i], &agent->list[i]);
	add_after(e, agent);
	add_singles(e, agent);
	add_env(e, &agent->env);
	for (int i = PLAN_COPY; i < PLAN_LISTS; i++)
		add_list(e, lists[i], &agent->list[i]);
	for (size_t i = 0; i < agent->setup.list.n; i++)
		add_command(e, "setup", &agent->setup.list.at[i]);
	for (size_t i = 0; i < agent->tests.list.n; i++)
		add_command(e, "test", &agent->tests.list.at[i]);
	add_prompt(e, agent);
	text_add(e->out, STR("}\n"));
}

/* The plan. */

static void add_merge(struct expand *e)
{
	const struct schedule *s = e->compile->schedule;
	struct map by_name = { 0 };
	if (!e->plan->merge.list.n)
		return;
	for (uint32_t i = 0; i < e->plan->agents.n; i++)
		map_add(&e->arena, &by_name, e->plan->agents.at[i].name, i);
	const char *between = "  merge ";
	for (size_t i = 0; i < s->plan.code.n; i++) {
		if (s->plan.code.at[i].op != OP_MERGE)
			continue;
		uint32_t agent = *map_find(&by_name, s->agent[s->plan.code.at[i].operand].name);
		text_addf(e->out, "%s%.*s", between, STR_ARG(e->agent[agent]));
		between = ", ";
	}
	text_add_byte(e->out, '\n');
}

static void add_claim(struct expand *e, const char *what, const struct plan_claim *claim)
{
	if (!claim->given)
		return;
	text_addf(e->out, "  expect %s ", what);
	text_add_duration(e->out, claim->seconds);
	text_add_byte(e->out, '\n');
}

static void add_budget(struct expand *e, uint32_t cents)
{
	if (cents)
		text_addf(e->out, "  budget %u.%02u USD\n", cents / 100, cents % 100);
}

/* What metrics have of the plan; agents say it each for itself. */
static void add_defaults(struct expand *e)
{
	const struct plan *plan = e->plan;
	add_duration(e, "timeout", &plan->timeout);
	add_network(e, &plan->quiet);
	add_env(e, &plan->env);
}

static void add_metric(struct expand *e, const struct plan_metric *metric)
{
	text_addf(e->out, "  metric %.*s ", STR_ARG(metric->name));
	if (metric->title.n) {
		literal_add(e->out, metric->title);
		text_add_byte(e->out, ' ');
	}
	text_add(e->out, STR("{\n  "));
	add_command(e, "run", &metric->run);
	if (metric->unit.n) {
		text_add(e->out, STR("    unit "));
		literal_add(e->out, metric->unit);
		text_add_byte(e->out, '\n');
	}
	if (metric->order != SCHEDULE_ORDER_NONE)
		text_addf(e->out, "    goal %s %.*s%s\n", schedule_order_sign(metric->order),
			  STR_ARG(metric->goal), metric->require ? " require" : "");
	text_add(e->out, STR("  }\n"));
}

static void add_plan(struct expand *e)
{
	const struct plan *plan = e->plan;
	text_addf(e->out, "\nplan %.*s ", STR_ARG(plan->name));
	if (plan->title.n) {
		literal_add(e->out, plan->title);
		text_add_byte(e->out, ' ');
	}
	text_add(e->out, STR("{\n"));
	if (plan->base.n) {
		text_add(e->out, STR("  base "));
		literal_add(e->out, plan->base);
		text_add_byte(e->out, '\n');
	}
	text_add(e->out, STR("  branch "));
	literal_add(e->out, plan->branch.text);
	text_add(e->out, plan->branch.span.end ? STR("\n") : STR("  # default\n"));
	/* Runners are numbered by their first mention. One of the library can only be first because
	 * the plan names it. */
	if (plan->runners.n && str_find(e->runner[0], '.') != SIZE_MAX)
		text_addf(e->out, "  runner %.*s\n", STR_ARG(e->runner[0]));
	text_addf(e->out, "  jobs %u\n  land %s\n", plan->jobs,
		  plan->land_auto ? "auto" : "manual");
	for (size_t i = 0; i < plan->pools.n; i++)
		text_addf(e->out, "  pool %.*s %u\n", STR_ARG(plan->pools.at[i].name),
			  plan->pools.at[i].count);
	add_merge(e);
	add_budget(e, plan->budget);
	add_claim(e, "wall", &plan->wall);
	add_claim(e, "work", &plan->work);
	if (plan->notify.words.n)
		add_command(e, "notify", &plan->notify);
	for (size_t i = 0; i < plan->tests.list.n; i++)
		add_command(e, "test", &plan->tests.list.at[i]);
	if (plan->metrics.n)
		add_defaults(e);
	for (size_t i = 0; i < plan->metrics.n; i++)
		add_metric(e, &plan->metrics.at[i]);
	text_add(e->out, STR("}\n"));
}

static void add_words(struct expand *e, const char *what, struct str_list words)
{
	if (!words.n)
		return;
	text_addf(e->out, "  %s [", what);
	add_texts(e, words);
	text_add(e->out, STR("]\n"));
}

static void add_text(struct expand *e, const char *what, struct str text)
{
	if (!text.n)
		return;
	text_addf(e->out, "  %s ", what);
	literal_add(e->out, text);
	text_add_byte(e->out, '\n');
}

static void add_events(struct expand *e, const struct plan_rules *rules)
{
	static const char *const kinds[] = { SCHEDULE_RULES(EXPAND_WORD) };
	static const char *const sums[] = { SCHEDULE_SUMS(EXPAND_WORD) };
	if (!rules->list.n)
		return;
	text_add(e->out, STR("  events {\n"));
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct plan_rule *rule = &rules->list.at[i];
		text_addf(e->out, "    %s ", kinds[rule->kind]);
		add_texts(e, rule->paths);
		if (rule->kind >= SCHEDULE_RULE_INPUT)
			text_addf(e->out, " %s", sums[rule->sum]);
		text_add_byte(e->out, '\n');
	}
	text_add(e->out, STR("  }\n"));
}

static void add_runner(struct expand *e, uint32_t index)
{
	static const char *const prompts[] = { [SCHEDULE_PROMPT_STDIN] = "stdin",
					       [SCHEDULE_PROMPT_FILE] = "file",
					       [SCHEDULE_PROMPT_ARGUMENT] = "argument" };
	const struct plan_runner *runner = &e->plan->runners.at[index];
	if (str_find(e->runner[index], '.') != SIZE_MAX)
		return; /* of the library */
	text_addf(e->out, "\nrunner %.*s {\n", STR_ARG(e->runner[index]));
	add_words(e, "command", runner->words);
	text_addf(e->out, "  prompt %s\n", prompts[runner->prompt]);
	add_words(e, "session", runner->session);
	add_words(e, runner->resume_whole ? "resume command" : "resume", runner->resume);
	add_text(e, "busy", runner->busy);
	add_text(e, "stop", runner->stop);
	add_events(e, &runner->rules);
	add_env(e, &runner->env);
	for (size_t i = 0; i < runner->writes.list.n; i++) {
		text_add(e->out, i ? STR(", ") : STR("  writes "));
		literal_add(e->out, runner->writes.list.at[i].text);
	}
	text_add(e->out, runner->writes.list.n ? STR("\n}\n") : STR("}\n"));
}

static void begin(struct expand *e, const struct compile *c, struct text *out, struct text *imports)
{
	*e = (struct expand){ .compile = c, .plan = &c->plan, .out = out };
	e->origin = expand_origin_make(&e->arena, &c->load);
	give_names(e, imports);
}

void expand_plan(const struct compile *c, struct text *out)
{
	struct expand e;
	struct text imports = { 0 };
	begin(&e, c, out, &imports);
	text_addf(out, "orch 1\n\n# %.*s, expanded by orchc: lines are those of that file.\n",
		  STR_ARG(c->load.units.at[0].path));
	text_add(out, text_str(&imports));
	add_plan(&e);
	for (uint32_t i = 0; i < c->plan.runners.n; i++)
		add_runner(&e, i);
	for (uint32_t i = 0; i < c->plan.agents.n; i++)
		add_agent(&e, i);
	text_release(&imports);
	arena_release(&e.arena);
}

void expand_agent(const struct compile *c, uint32_t agent, struct text *out)
{
	struct expand e;
	struct text imports = { 0 };
	begin(&e, c, out, &imports);
	add_agent(&e, agent);
	text_release(&imports);
	arena_release(&e.arena);
}
