/* undo.c — see undo.h. An agent's number is above those of all that it comes after, so one walk up
 * sees to everything that follows. */
#include "runtime/undo.h"

#include "common/text.h"
#include "runtime/state.h"

enum { SHOWN = 8 };

static enum state state_of(const struct machine_memory *memory)
{
	enum state state = STATE_WAITING;
	if (memory->state)
		state_find(memory->state, &state);
	return state;
}

static bool can(enum state state, enum state_event event)
{
	return state_row(state, event) != NULL;
}

/* A run that was cut off has states that only the machine may touch: these count as waiting. */
static bool is_undoable(enum state state)
{
	return can(state, STATE_EVENT_UNDO) || !state_final(state);
}

static void add_name(struct text *names, size_t n, struct str name)
{
	if (n < SHOWN)
		text_addf(names, "%s`%.*s`", n ? ", " : "", STR_ARG(name));
	else if (n == SHOWN)
		text_addf(names, " and more");
}

static bool fail_dependents(const struct schedule *s, const struct machine_memory *memory,
			    const bool *asked, const bool *take, struct fail *fail)
{
	struct text names = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < s->agent_n; i++)
		if (take[i] && !asked[i] && is_undoable(state_of(&memory[i])))
			add_name(&names, n++, s->agent[i].name);
	if (n)
		fail_set(
			fail,
			"%s %s after what is to be rolled back, and %s its work. Without --alone %s rolled "
			"back too",
			names.at, n == 1 ? "comes" : "come", n == 1 ? "has" : "have",
			n == 1 ? "it is" : "they are");
	text_release(&names);
	return n == 0;
}

bool undo_select(struct arena *arena, const struct schedule *s, const struct machine_memory *memory,
		 const bool *asked, bool alone, bool **take, bool *any, struct fail *fail)
{
	*any = false;
	*take = ARENA_MANY(arena, s->agent_n + 1, bool);
	for (size_t i = 0; i < s->agent_n; i++) {
		enum state state = state_of(&memory[i]);
		struct str name = s->agent[i].name;
		if (asked[i] && !is_undoable(state) && state != STATE_UNDONE)
			return fail_set(
				fail,
				"`%.*s` is not in the integration, so nothing of it can be rolled back: it "
				"is %s (%s)",
				STR_ARG(name), state_name(state), state_meaning(state));
		(*take)[i] = asked[i] && state != STATE_UNDONE;
		for (size_t j = 0; j < s->agent[i].after.n && !(*take)[i]; j++)
			(*take)[i] = (*take)[s->agent[i].after.at[j]];
		*any |= (*take)[i] && is_undoable(state);
	}
	if (alone && !fail_dependents(s, memory, asked, *take, fail))
		return false;
	for (size_t i = 0; i < s->agent_n; i++)
		(*take)[i] = (*take)[i] && is_undoable(state_of(&memory[i]));
	return true;
}

/* May it run once more, going by its own state alone? */
static bool is_over(const struct schedule *s, const struct machine_memory *memory, size_t agent,
		    struct fail *fail)
{
	enum state state = state_of(&memory[agent]);
	struct str name = s->agent[agent].name;
	if (can(state, STATE_EVENT_RETRY))
		return true;
	if (state == STATE_MERGED || state == STATE_RECORDED)
		return fail_set(
			fail,
			"`%.*s` has succeeded. To run it once more, take its result out first: orch rollback "
			"%.*s",
			STR_ARG(name), STR_ARG(name));
	if (state == STATE_LEFT_OUT)
		return fail_set(
			fail,
			"`%.*s` was not asked for (--only), so this run has nothing that could be tried "
			"again: `orch exec --new` begins one that has it",
			STR_ARG(name));
	return fail_set(fail, "`%.*s` is not over (%s): `orch resume` goes on with it",
			STR_ARG(name), state_name(state));
}

bool undo_can_retry(const struct machine_memory *memory)
{
	enum state state = state_of(memory);
	return state == STATE_FAILED ||
	       (state == STATE_UNDONE && memory->reason != RECORD_DEPENDENCY);
}

static bool has_result(enum state state)
{
	return state == STATE_RECORDED || state == STATE_MERGING || state == STATE_MERGED;
}

/* The first that it comes after and whose result will be missing; SCHEDULE_NONE: none is. */
static uint32_t missing(const struct schedule *s, const struct machine_memory *memory,
			const bool *take, size_t agent)
{
	struct index_list after = s->agent[agent].after;
	for (size_t i = 0; i < after.n; i++)
		if (!take[after.at[i]] && !has_result(state_of(&memory[after.at[i]])) &&
		    state_final(state_of(&memory[after.at[i]])))
			return after.at[i];
	return SCHEDULE_NONE;
}

/* It was given up because of something that it comes after, and that runs once more. */
static bool follows(const struct schedule *s, const struct machine_memory *memory, const bool *take,
		    size_t agent)
{
	bool after_taken = false;
	if (memory[agent].reason != RECORD_DEPENDENCY ||
	    !can(state_of(&memory[agent]), STATE_EVENT_RETRY))
		return false;
	for (size_t i = 0; i < s->agent[agent].after.n; i++)
		after_taken |= take[s->agent[agent].after.at[i]];
	return after_taken && missing(s, memory, take, agent) == SCHEDULE_NONE;
}

bool undo_select_retry(struct arena *arena, const struct schedule *s,
		       const struct machine_memory *memory, const bool *asked, bool **take,
		       struct fail *fail)
{
	*take = ARENA_MANY(arena, s->agent_n + 1, bool);
	for (size_t i = 0; i < s->agent_n; i++) {
		if (!asked[i]) {
			(*take)[i] = follows(s, memory, *take, i);
			continue;
		}
		if (!is_over(s, memory, i, fail))
			return false;
		uint32_t lacks = missing(s, memory, *take, i);
		if (lacks != SCHEDULE_NONE)
			return fail_set(
				fail,
				"`%.*s` starts from the result of `%.*s`, which is %s. Try that again with it: orch "
				"retry %.*s",
				STR_ARG(s->agent[i].name), STR_ARG(s->agent[lacks].name),
				state_name(state_of(&memory[lacks])),
				STR_ARG(s->agent[lacks].name));
		(*take)[i] = true;
	}
	return true;
}
