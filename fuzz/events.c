/* events.c — any output of a program, in pieces of any size: what is read off it does not depend on the pieces, and
 * neither does what is shown of it. The first byte says how large they are. */
#include "runtime/events.h"
#include "runtime/rendered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* One rule of each kind at least, as clients need them. */
static struct str paths[][3] = {
	{ STR("session_id"), STR("[type=init].id") },
	{ STR("[type=assistant].message.content[type=text].text") },
	{ STR("[type=assistant].message.content[type=tool_use]"), STR("name"),
	  STR("input.file_path") },
	{ STR("[type=result][is_error=false]") },
	{ STR("[type=result][is_error=true].result"), STR("[type=error].error.message") },
	{ STR("[type=result].permission_denials[].tool_name") },
	{ STR("[type=result][status=429|503|529]") },
	{ STR("[type=limit].resets_at") },
	{ STR("[type=result].usage.input") },
	{ STR("[type=result].usage.cached") },
	{ STR("[type=result].usage.output") },
	{ STR("[type=result].cost") },
};

static void sum_up(const struct schedule *s, struct str bytes, size_t piece, struct text *out)
{
	struct arena arena = { 0 };
	struct record record = { 0 };
	const struct events_orders nobody = { 0 };
	struct events *events = events_open(s, 0, &nobody);
	struct rendered *rendered = rendered_open(s, 0, true);
	for (size_t at = 0; at < bytes.n; at += piece) {
		struct str part = str_slice(bytes, at, at + piece < bytes.n ? at + piece : bytes.n);
		events_add(events, part);
		rendered_add(rendered, part, out);
	}
	events_flush(events);
	rendered_close(rendered, out);
	for (size_t i = 0; i < out->n; i++)
		BUG_IF((unsigned char)out->at[i] < ' ' && out->at[i] != '\n' && out->at[i] != '\t',
		       "something that a terminal would obey");
	events_record(events, &arena, NULL, &record);
	text_addf(out, "%d %d %.*s %.*s %.*s %llu %llu %llu %llu %u %zu", events_how(events),
		  events_busy(events), STR_ARG(events_message(events)), STR_ARG(record.session),
		  STR_ARG(record.said), (unsigned long long)record.input,
		  (unsigned long long)record.cached, (unsigned long long)record.output_tokens,
		  (unsigned long long)record.cost, record.actions, record.denied.n);
	events_close(events);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct schedule_rule rule[SCHEDULE_RULE_COUNT] = { { 0 } };
	struct schedule s = { .rule = rule, .rule_n = SCHEDULE_RULE_COUNT };
	struct text whole = { 0 }, pieces = { 0 };
	if (!n)
		return 0;
	for (uint32_t i = 0; i < SCHEDULE_RULE_COUNT; i++) {
		rule[i] = (struct schedule_rule){ .kind = i, .sum = i % SCHEDULE_SUM_COUNT };
		rule[i].paths.at = paths[i];
		while (rule[i].paths.n < 3 && paths[i][rule[i].paths.n].n)
			rule[i].paths.n++;
	}
	struct str bytes = { (const char *)data + 1, n - 1 };
	sum_up(&s, bytes, n, &whole);
	sum_up(&s, bytes, 1u + data[0] % 64u, &pieces);
	BUG_IF(!str_equal(text_str(&whole), text_str(&pieces)), "it depends on the pieces");
	text_release(&whole);
	text_release(&pieces);
	return 0;
}
