/* outbox.c — see outbox.h. */
#include "runtime/outbox.h"

struct outbox_effect {
	enum {
		EFFECT_TELL,
		EFFECT_KEEP,
		EFFECT_ADVANCE,
		EFFECT_STOP,
		EFFECT_LAUNCH,
		EFFECT_TEST,
		EFFECT_MEASURE
	} kind;
	uint32_t agent;		/* of EFFECT_MEASURE the metric */
	struct oid from, to;		/* start and result; or to: the combination */
	struct world_event event;	/* EFFECT_TELL */
	struct world_attempt attempt;	/* EFFECT_LAUNCH */
	uint32_t command;		/* EFFECT_TEST */
	bool before;			/* EFFECT_MEASURE */
	bool *live;
};

static void add(struct outbox *outbox, struct outbox_effect effect)
{
	*VEC_ADD(outbox->arena, &outbox->effects) = effect;
}

void outbox_row(struct outbox *outbox, struct world_row row)
{
	*VEC_ADD(outbox->arena, &outbox->rows) = row;
}

void outbox_tell(struct outbox *outbox, enum state_told told, uint32_t agent, uint32_t attempt,
		 struct str message, struct oid commit)
{
	struct world_event event = { state_told_name(told), agent, attempt, message, commit };
	add(outbox, (struct outbox_effect){ EFFECT_TELL, agent, .event = event });
}

void outbox_keep(struct outbox *outbox, uint32_t agent, struct oid start, struct oid result)
{
	add(outbox, (struct outbox_effect){ EFFECT_KEEP, agent, start, result });
}

void outbox_advance(struct outbox *outbox, struct oid to)
{
	outbox->goal = to;
	add(outbox, (struct outbox_effect){ EFFECT_ADVANCE, SCHEDULE_NONE });
}

void outbox_stop(struct outbox *outbox, uint32_t agent)
{
	add(outbox, (struct outbox_effect){ EFFECT_STOP, agent });
}

void outbox_launch(struct outbox *outbox, const struct world_attempt *attempt, bool *live)
{
	add(outbox, (struct outbox_effect){ EFFECT_LAUNCH, attempt->agent, .attempt = *attempt,
					    .live = live });
}

void outbox_test(struct outbox *outbox, uint32_t agent, uint32_t command, struct oid combined,
		 bool *live)
{
	add(outbox, (struct outbox_effect){ EFFECT_TEST, agent, .to = combined, .command = command,
					    .live = live });
}

void outbox_measure(struct outbox *outbox, uint32_t metric, bool before, struct oid commit,
		    bool *live)
{
	add(outbox, (struct outbox_effect){ EFFECT_MEASURE, metric, .to = commit, .before = before,
					    .live = live });
}

static bool carry_out(struct outbox *outbox, const struct outbox_effect *effect, struct fail *fail)
{
	const struct world *world = outbox->world;
	switch (effect->kind) {
	case EFFECT_TELL:
		world->tell(world->self, &effect->event);
		return true;
	case EFFECT_KEEP:
		return world->keep(world->self, effect->agent, effect->from, effect->to, fail);
	case EFFECT_ADVANCE:
		/* Several at once are one move, as their rows say. */
		if (!oid_equal(outbox->ref, outbox->goal) &&
		    !world->advance(world->self, outbox->ref, outbox->goal, fail))
			return false;
		outbox->ref = outbox->goal;
		return true;
	case EFFECT_STOP:
		world->stop(world->self, effect->agent);
		return true;
	case EFFECT_LAUNCH:
		if (!world->launch(world->self, &effect->attempt, fail))
			return false;
		outbox->begun++;
		return *effect->live = true;
	case EFFECT_TEST:
		if (!world->test(world->self, effect->agent, effect->command, effect->to, fail))
			return false;
		return *effect->live = true;
	case EFFECT_MEASURE:
		if (!world->measure(world->self, effect->agent, effect->before, effect->to, fail))
			return false;
		return *effect->live = true;
	}
	return false;
}

bool outbox_flush(struct outbox *outbox, struct fail *fail)
{
	const struct world *world = outbox->world;
	bool good = !outbox->rows.n ||
		    world->journal(world->self, outbox->rows.at, outbox->rows.n, fail);
	for (size_t i = 0; good && i < outbox->effects.n; i++)
		good = carry_out(outbox, &outbox->effects.at[i], fail);
	outbox->rows.n = outbox->effects.n = 0;
	return good;
}
