/* choose.c — see choose.h. */
#include "cmd/orch/choose.h"

#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "runtime/admit.h"

static int find_agents(struct run *run, const struct command_line *line, size_t names,
		       struct choose *choose)
{
	choose->agent = ARENA_MANY(&run->arena, run->schedule->agent_n + 1, bool);
	for (size_t i = 0; i < names; i++) {
		struct str name = str_from(line->operand[i]);
		uint32_t agent = schedule_find_agent(run->schedule, name);
		if (agent == SCHEDULE_NONE)
			return talk_usage("the plan of this run has no agent named %.*s", name);
		choose->agent[agent] = true;
	}
	return STATUS_MERGED;
}

int choose_agents(struct run *run, const struct command_line *line, const char *what,
		  struct choose *choose, struct machine_memory **memory)
{
	struct machine_strand strand;
	struct fail fail;
	size_t names = line->operand_n;
	uint64_t number, floor, budget;
	int64_t id = 0;
	if (!talk_limits(line, &floor, &budget))
		return STATUS_USAGE;
	if (names > 1 && str_to_number(str_from(line->operand[names - 1]), &number) && number) {
		id = (int64_t)number;
		names--;
	}
	if (!run_find_repository(run, ".", &fail) ||
	    !admit_place(&run->arena, run->repo, command_value(line, "--any-file-system"),
			 &choose->weak, &fail) ||
	    !run_take(run, what, &fail) || !run_load(run, id, &fail) ||
	    !store_memory(run->store, &run->arena, run->row.id, run->schedule->agent_n, memory,
			  &strand, &fail))
		return talk_failure(&fail);
	return find_agents(run, line, names, choose);
}
