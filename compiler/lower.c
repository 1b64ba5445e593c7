/* lower.c — see lower.h. */
#include "compiler/lower.h"

#include <stdlib.h>

struct lowering {
	struct load *load;
	const struct plan *plan;
	const struct order *order;
	struct schedule *schedule;
	struct arena *arena;
	VEC(struct schedule_command) commands;
	struct map command_by_key;
};

static struct str_list texts(struct arena *arena, const struct plan_texts *from)
{
	struct str_list list = { ARENA_MANY(arena, from->list.n, struct str), from->list.n };
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = from->list.at[i].text;
	return list;
}

static struct str_list assignments(struct arena *arena, const struct plan_envs *from)
{
	struct str_list list = { ARENA_MANY(arena, from->list.n, struct str), from->list.n };
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = arena_format(arena, "%.*s=%.*s", STR_ARG(from->list.at[i].name),
					  STR_ARG(from->list.at[i].value));
	return list;
}

static void add_key(struct text *key, struct str_list words)
{
	for (size_t i = 0; i < words.n; i++) {
		text_add_byte(key, 0);
		text_add(key, words.at[i]);
	}
}

/* Equal commands are one, as when a group's members have it from the group. */
static uint32_t command_index(struct lowering *l, const struct plan_command *command)
{
	struct text key = { 0 };
	text_addf(&key, "%d %u %zu %zu", command->shell, command->pool, command->keyed.n,
		  command->makes.n);
	add_key(&key, command->keyed);
	add_key(&key, command->makes);
	add_key(&key, command->words);
	uint32_t *found = map_find(&l->command_by_key, text_str(&key));
	uint32_t index = found ? *found : (uint32_t)l->commands.n;
	if (!found) {
		map_add(l->arena, &l->command_by_key, arena_copy(l->arena, text_str(&key)), index);
		*VEC_ADD(l->arena, &l->commands) = (struct schedule_command){
			.shell = command->shell,
			.words = command->words,
			.pool = command->pool == PLAN_NONE ? SCHEDULE_NONE : command->pool,
			.keyed = command->keyed,
			.makes = command->makes,
		};
	}
	text_release(&key);
	return index;
}

/* As an argument list, for what is run without the tables. */
static struct str_list plain_words(struct arena *arena, const struct plan_command *command)
{
	struct str_list list = { ARENA_MANY(arena, command->words.n + 2, struct str), 0 };
	if (command->shell) {
		list.at[list.n++] = STR("/bin/sh");
		list.at[list.n++] = STR("-c");
	}
	for (size_t i = 0; i < command->words.n; i++)
		list.at[list.n++] = command->words.at[i];
	return list;
}

static struct index_list command_indices(struct lowering *l, const struct plan_commands *from)
{
	struct index_list list = { ARENA_MANY(l->arena, from->list.n, uint32_t), from->list.n };
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = command_index(l, &from->list.at[i]);
	return list;
}

static int compare_indices(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static struct index_list ranks_before(struct lowering *l, const struct plan_agent *agent)
{
	struct index_list list = { ARENA_MANY(l->arena, agent->after.n, uint32_t), agent->after.n };
	for (size_t i = 0; i < list.n; i++)
		list.at[i] = l->order->rank[agent->after.at[i].agent];
	if (list.n)
		qsort(list.at, list.n, sizeof *list.at, compare_indices);
	return list;
}

static void lower_agent(struct lowering *l, const struct plan_agent *from,
			struct schedule_agent *to, struct schedule_work *work)
{
	const struct source *source = source_get(l->load->sources, from->span.source);
	const struct plan_value *single = from->single;
	*to = (struct schedule_agent){
		.name = from->name,
		.title = from->title,
		.branch = from->branch,
		.runner = single[PLAN_RUNNER].given ? single[PLAN_RUNNER].value : SCHEDULE_NONE,
		.after = ranks_before(l, from),
		.owns = texts(l->arena, &from->list[PLAN_OWNS]),
		.creates = texts(l->arena, &from->list[PLAN_CREATES]),
		.reads = texts(l->arena, &from->list[PLAN_READS]),
		.requires = texts(l->arena, &from->list[PLAN_REQUIRES]),
		.estimate = single[PLAN_ESTIMATE].value,
		.timeout = single[PLAN_TIMEOUT].value,
		.idle = single[PLAN_IDLE].value,
		.retry = single[PLAN_RETRY].value,
		.pools = { from->pools.at, from->pools.n },
		.isolation = single[PLAN_ISOLATION].value,
		.sandbox = single[PLAN_SANDBOX].value,
		.quiet = single[PLAN_QUIET].value,
		.limit_processes = single[PLAN_LIMIT_PROCESSES].value,
		.limit_file_size = single[PLAN_LIMIT_FILE_SIZE].value,
		.limit_memory = single[PLAN_LIMIT_MEMORY].value,
		.limit_cpu = single[PLAN_LIMIT_CPU].value,
		.budget = single[PLAN_BUDGET].value,
		.env = assignments(l->arena, &from->env),
	};
	to->place = arena_format(l->arena, "%.*s:%u", STR_ARG(source->path),
				 source_line_at(source, from->span.start));
	*work = (struct schedule_work){
		.copy = texts(l->arena, &from->list[PLAN_COPY]),
		.link = texts(l->arena, &from->list[PLAN_LINK]),
		.setup = command_indices(l, &from->setup),
		.tests = command_indices(l, &from->tests),
	};
}

static struct schedule_metric lower_metric(struct lowering *l, const struct plan_metric *metric)
{
	return (struct schedule_metric){
		.name = metric->name,
		.title = metric->title,
		.unit = metric->unit,
		.run = command_index(l, &metric->run),
		.order = metric->order,
		.goal = metric->goal,
		.require = metric->require,
		.timeout = l->plan->timeout.value,
		.quiet = l->plan->quiet.value,
		.env = assignments(l->arena, &l->plan->env),
	};
}

static void lower_tables(struct lowering *l)
{
	struct schedule *s = l->schedule;
	const struct plan *plan = l->plan;
	s->pool_n = plan->pools.n;
	s->pool = ARENA_MANY(l->arena, s->pool_n, struct schedule_pool);
	for (size_t i = 0; i < s->pool_n; i++)
		s->pool[i] = (struct schedule_pool){ plan->pools.at[i].name,
						     plan->pools.at[i].count };
	s->runner_n = plan->runners.n;
	s->runner = ARENA_MANY(l->arena, s->runner_n, struct schedule_runner);
	for (size_t i = 0; i < s->runner_n; i++) {
		const struct plan_runner *runner = &plan->runners.at[i];
		s->runner[i] = (struct schedule_runner){
			.name = runner->name,
			.words = runner->words,
			.prompt = runner->prompt,
			.env = assignments(l->arena, &runner->env),
			.writes = texts(l->arena, &runner->writes),
			.session = runner->session,
			.resume = runner->resume,
			.resume_whole = runner->resume_whole,
			.busy = runner->busy,
			.stop = runner->stop,
		};
		s->rule_n += runner->rules.list.n;
	}
	s->rule = ARENA_MANY(l->arena, s->rule_n, struct schedule_rule);
	for (size_t i = 0, n = 0; i < s->runner_n; i++)
		for (size_t j = 0; j < plan->runners.at[i].rules.list.n; j++) {
			const struct plan_rule *rule = &plan->runners.at[i].rules.list.at[j];
			s->rule[n++] = (struct schedule_rule){ (uint32_t)i, rule->kind, rule->sum,
							       rule->paths };
		}
	s->metric_n = plan->metrics.n;
	s->metric = ARENA_MANY(l->arena, s->metric_n, struct schedule_metric);
	for (size_t i = 0; i < s->metric_n; i++)
		s->metric[i] = lower_metric(l, &plan->metrics.at[i]);
	s->plan = (struct schedule_plan){ .name = plan->name,
					  .title = plan->title,
					  .base = plan->base,
					  .jobs = plan->jobs,
					  .budget = plan->budget,
					  .notify = plain_words(l->arena, &plan->notify),
					  .land_auto = plan->land_auto };
}

void lower_plan(struct load *load, const struct plan *plan, const struct order *order,
		struct schedule *schedule)
{
	struct lowering l = { load, plan, order, schedule, load->arena, { 0 }, { 0 } };
	*schedule = (struct schedule){ 0 };
	lower_tables(&l);
	size_t n = schedule->agent_n = plan->agents.n;
	schedule->agent = ARENA_MANY(l.arena, n, struct schedule_agent);
	struct schedule_work *work = ARENA_MANY(l.arena, n, struct schedule_work);
	uint32_t *merge = ARENA_MANY(l.arena, n, uint32_t);
	for (size_t i = 0; i < n; i++)
		lower_agent(&l, &plan->agents.at[order->agent[i]], &schedule->agent[i], &work[i]);
	for (size_t i = 0; i < n; i++)
		merge[i] = order->rank[order->merge[i]];
	struct index_list tests = command_indices(&l, &plan->tests);
	schedule->command = l.commands.at;
	schedule->command_n = l.commands.n;
	schedule_lower(l.arena, schedule, work, merge, tests);
}

void lower_prompts(struct load *load, const struct plan *plan, const struct order *order,
		   struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->agent_n; i++)
		schedule->agent[i].prompt = eval_kept_text(load->arena,
							   plan->agents.at[order->agent[i]].prompt);
}
