/* rendered.c — see rendered.h. */
#include "runtime/rendered.h"

#include "runtime/events.h"
#include "runtime/visible.h"

#include <stdlib.h>

struct rendered {
	struct events *events;
	struct text *out;
	bool safe;
};

static void put(struct rendered *r, const char *mark, struct str text)
{
	text_add(r->out, str_from(mark));
	if (r->safe)
		visible_add(r->out, text, true);
	else
		text_add(r->out, text);
	text_add_byte(r->out, '\n');
}

static void add_line(void *self, const struct events_line *line, struct str raw)
{
	struct rendered *r = self;
	if (!line->json)
		put(r, "", raw);
	if (line->said.n)
		put(r, "", line->said);
	if (line->did.n)
		put(r, "→ ", line->did);
	if (line->denied.n)
		put(r, "✗ not allowed: ", line->denied);
	if (line->failed.n)
		put(r, "✗ failed: ", line->failed);
	if (line->busy)
		put(r, "… the service asked to come back later", STR(""));
	if (line->done)
		put(r, "✓ done", STR(""));
}

struct rendered *rendered_open(const struct schedule *schedule, uint32_t runner, bool safe)
{
	struct rendered *r = calloc(1, sizeof *r);
	if (!r)
		fail_memory();
	const struct events_orders orders = { add_line, r };
	r->safe = safe;
	r->events = events_open(schedule, runner, &orders);
	return r;
}

void rendered_add(struct rendered *r, struct str bytes, struct text *out)
{
	r->out = out;
	events_add(r->events, bytes);
}

void rendered_close(struct rendered *r, struct text *out)
{
	r->out = out;
	events_flush(r->events);
	events_close(r->events);
	free(r);
}
