/* events.c — see events.h. */
#include "runtime/events.h"

#include "common/query.h"
#include "common/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LINE_MOST = 8 << 20, /* bytes; a longer one is passed over */
	SAID_MOST = 4096,
	WORD_MOST = 160, /* of one part of what it did */
	DENIED_MOST = 20,
};
static const double NUMBER_MOST =
	1e15; /* tokens, dollars, seconds: more is no number to be added up */

struct rule {
	enum schedule_rule_kind kind;
	enum schedule_sum sum;
	struct query *path;
	size_t n;
	uint64_t number; /* found so far: tokens, or millionths of a dollar */
};
struct events {
	struct arena arena; /* the rules */
	struct arena of_line;
	struct events_orders orders;
	VEC(struct rule) rules;
	bool waits_for_done;
	struct text line;
	bool too_long;
	/* So far. */
	enum events_end how;
	bool busy;
	uint64_t reset_at;
	uint32_t actions;
	struct text session, said, message;
	struct text denied[DENIED_MOST];
	size_t denied_n;
};

struct events *events_open(const struct schedule *schedule, uint32_t runner,
			   const struct events_orders *orders)
{
	struct events *e = calloc(1, sizeof *e);
	if (!e)
		fail_memory();
	e->orders = *orders;
	for (size_t i = 0; i < schedule->rule_n; i++) {
		const struct schedule_rule *from = &schedule->rule[i];
		if (from->runner != runner)
			continue;
		struct rule *rule = VEC_ADD(&e->arena, &e->rules);
		*rule = (struct rule){ from->kind, from->sum, NULL, from->paths.n };
		rule->path = ARENA_MANY(&e->arena, rule->n, struct query);
		for (size_t p = 0; p < rule->n; p++) {
			size_t at;
			const char *why;
			bool good = query_parse(&e->arena, from->paths.at[p], &rule->path[p], &at,
						&why);
			BUG_IF(!good, "a schedule with a rule that is none was verified");
		}
		e->waits_for_done |= rule->kind == SCHEDULE_RULE_DONE;
	}
	return e;
}

void events_close(struct events *e)
{
	if (!e)
		return;
	text_release(&e->line);
	text_release(&e->session);
	text_release(&e->said);
	text_release(&e->message);
	for (size_t i = 0; i < DENIED_MOST; i++)
		text_release(&e->denied[i]);
	arena_release(&e->of_line);
	arena_release(&e->arena);
	free(e);
}

static void put(struct text *to, struct str s)
{
	text_clear(to);
	text_add(to, str_slice(s, 0, s.n < SAID_MOST ? s.n : SAID_MOST));
}

/* A value in words: of a line, and not too long. */
static void add_word(struct text *out, const struct json *value)
{
	struct str s = value->text;
	if (value->kind == JSON_IS_NUMBER)
		text_addf(out, "%lld", (long long)value->number);
	if (value->kind != JSON_IS_TEXT)
		return;
	for (size_t i = 0; i < s.n && i < WORD_MOST; i++)
		text_add_byte(out, s.at[i] == '\n' || s.at[i] == '\t' ? ' ' : s.at[i]);
	if (s.n > WORD_MOST)
		text_add(out, STR("…"));
}

static bool number_of(const struct json *value, double *number)
{
	char text[32] = "", *end = text;
	if (value->kind == JSON_IS_TEXT && value->text.n && value->text.n < sizeof text) {
		memcpy(text, value->text.at, value->text.n);
		*number = strtod(text, &end);
		if (*end)
			return false;
	} else if (value->kind == JSON_IS_NUMBER) {
		*number = (double)value->number;
	} else if (value->kind == JSON_IS_DECIMAL) {
		*number = value->decimal;
	} else {
		return false;
	}
	return *number >= 0 && *number <= NUMBER_MOST;
}

/* "2026-11-22T06:24:39.772Z", or with a difference "+01:00": seconds since 1970. */
static bool date_of(struct str s, uint64_t *seconds)
{
	struct tm date = { 0 };
	char text[40] = "", sign = 0;
	int hours = 0, minutes = 0, taken = 0;
	if (s.n >= sizeof text)
		return false;
	memcpy(text, s.at, s.n);
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &date.tm_year, &date.tm_mon, &date.tm_mday,
		   &date.tm_hour, &date.tm_min, &date.tm_sec, &taken) != 6)
		return false;
	const char *rest = text + taken;
	rest += *rest == '.' ? 1 + strspn(rest + 1, "0123456789") : 0;
	if (strcmp(rest, "Z") != 0 && sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) != 3)
		return false;
	date.tm_year -= 1900;
	date.tm_mon--;
	time_t at = timegm(&date) - (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	*seconds = at > 0 ? (uint64_t)at : 0;
	return at > 0;
}

/* Milliseconds since 1970, seconds since then, or seconds from now: they are far apart. */
static void note_reset(struct events *e, const struct json *value)
{
	double number;
	uint64_t at = 0;
	if (number_of(value, &number))
		at = number > 1e11  ? (uint64_t)(number / 1000)
		     : number > 1e8 ? (uint64_t)number
				    : (uint64_t)time(NULL) + (uint64_t)number;
	else if (value->kind != JSON_IS_TEXT || !date_of(value->text, &at))
		return;
	e->reset_at = at;
}

static void note_used(struct rule *rule, const struct json *value)
{
	double number;
	if (!number_of(value, &number))
		return;
	if (rule->kind == SCHEDULE_RULE_COST)
		number *= 1e6;
	uint64_t whole = number < NUMBER_MOST ? (uint64_t)(number + 0.5) : 0;
	rule->number = rule->sum == SCHEDULE_SUM_EACH ? rule->number + whole : whole;
}

static void note_denied(struct events *e, struct str what)
{
	for (size_t i = 0; i < e->denied_n; i++)
		if (str_equal(text_str(&e->denied[i]), what))
			return;
	if (e->denied_n < DENIED_MOST)
		put(&e->denied[e->denied_n++], what);
}

/* What a rule finds in a line. */
struct finding {
	struct events *e;
	struct rule *rule;
	struct events_line *told;
	bool any;
};

static struct str word_of(struct events *e, const struct json *value)
{
	struct text word = { 0 };
	add_word(&word, value);
	struct str copy = arena_copy(&e->of_line, text_str(&word));
	text_release(&word);
	return copy;
}

static void add_part(void *self, const struct json *value)
{
	struct text *out = self, word = { 0 };
	add_word(&word, value);
	if (word.n && out->n)
		text_add_byte(out, ' ');
	text_add(out, text_str(&word));
	text_release(&word);
}

static struct str action_of(struct events *e, const struct rule *rule, const struct json *object)
{
	struct text out = { 0 };
	for (size_t i = 1; i < rule->n; i++) {
		const struct json *value = query_first(&rule->path[i], object);
		if (value)
			add_part(&out, value);
	}
	if (rule->n == 1)
		add_part(&out, object);
	struct str copy = arena_copy(&e->of_line, text_str(&out));
	text_release(&out);
	return copy;
}

static void found(void *self, const struct json *value)
{
	struct finding *f = self;
	struct events *e = f->e;
	struct events_line *told = f->told;
	f->any = true;
	switch (f->rule->kind) {
	case SCHEDULE_RULE_SESSION:
		if (value->kind == JSON_IS_TEXT)
			put(&e->session, value->text);
		break;
	case SCHEDULE_RULE_SAID:
		if (value->kind == JSON_IS_TEXT && value->text.n) {
			put(&e->said, value->text);
			told->said = value->text;
		}
		break;
	case SCHEDULE_RULE_DID:
		told->did = action_of(e, f->rule, value);
		e->actions++;
		break;
	case SCHEDULE_RULE_DONE:
		e->how = EVENTS_DONE;
		told->done = true;
		break;
	case SCHEDULE_RULE_FAILED:
		e->how = EVENTS_FAILED;
		told->failed = word_of(e, value);
		if (!told->failed.n)
			told->failed = STR("it failed");
		put(&e->message, value->kind == JSON_IS_TEXT ? value->text : STR(""));
		break;
	case SCHEDULE_RULE_DENIED:
		told->denied = word_of(e, value);
		note_denied(e, told->denied);
		break;
	case SCHEDULE_RULE_BUSY: e->busy = told->busy = true; break;
	case SCHEDULE_RULE_RESET: note_reset(e, value); break;
	default: note_used(f->rule, value);
	}
}

/* The first path that leads to something; what comes after the first of `did` is about what that
 * leads to. */
static void apply(struct events *e, struct rule *rule, const struct json *event,
		  struct events_line *told)
{
	struct finding f = { e, rule, told, false };
	size_t n = rule->kind == SCHEDULE_RULE_DID ? 1 : rule->n;
	for (size_t i = 0; i < n && !f.any; i++)
		query_each(&rule->path[i], event, found, &f);
}

static void take_line(struct events *e, struct str line)
{
	struct events_line told = { 0 };
	struct json event;
	struct fail not_json;
	arena_release(&e->of_line);
	struct str begin = str_trim(line);
	if (e->rules.n && str_starts(begin, STR("{")) &&
	    json_read(&e->of_line, begin, "an event", &event, &not_json)) {
		told.json = true;
		/* A service that was busy and then answered is busy no more. */
		bool was_busy = e->busy;
		for (size_t i = 0; i < e->rules.n; i++)
			apply(e, &e->rules.at[i], &event, &told);
		if (was_busy && (told.done || told.said.n || told.did.n) && !told.busy)
			e->busy = false;
	}
	if (e->orders.line)
		e->orders.line(e->orders.self, &told, line);
}

void events_add(struct events *e, struct str bytes)
{
	while (bytes.n) {
		size_t end = str_find(bytes, '\n');
		struct str part = str_slice(bytes, 0, end == SIZE_MAX ? bytes.n : end);
		e->too_long |= e->line.n + part.n > LINE_MOST;
		if (!e->too_long)
			text_add(&e->line, part);
		if (end == SIZE_MAX)
			return;
		if (!e->too_long)
			take_line(e, text_str(&e->line));
		text_clear(&e->line);
		e->too_long = false;
		bytes = str_slice(bytes, end + 1, bytes.n);
	}
}

void events_flush(struct events *e)
{
	if (e->line.n && !e->too_long)
		take_line(e, text_str(&e->line));
	text_clear(&e->line);
}

enum events_end events_how(const struct events *e)
{
	return e->how == EVENTS_SILENT && e->waits_for_done ? EVENTS_UNFINISHED : e->how;
}

bool events_busy(const struct events *e)
{
	return e->busy;
}

struct str events_message(const struct events *e)
{
	return text_str(&e->message);
}

/* What of the numbers of that kind is this attempt's; *session what the session has so far. */
static uint64_t own(const struct events *e, enum schedule_rule_kind kind, uint64_t before,
		    uint64_t *session)
{
	uint64_t attempt = 0;
	*session = 0;
	for (size_t i = 0; i < e->rules.n; i++)
		if (e->rules.at[i].kind == kind)
			*(e->rules.at[i].sum == SCHEDULE_SUM_SESSION ? session : &attempt) +=
				e->rules.at[i].number;
	return attempt + (*session >= before ? *session - before : *session);
}

void events_record(const struct events *e, struct arena *arena, const struct record *last,
		   struct record *record)
{
	if (e->session.n)
		record->session = arena_copy(arena, text_str(&e->session));
	bool same = last && last->session.n && str_equal(last->session, record->session);
	const struct record none = { 0 };
	const struct record *before = same ? last : &none;
	record->input = own(e, SCHEDULE_RULE_INPUT, before->session_input, &record->session_input);
	record->cached =
		own(e, SCHEDULE_RULE_CACHED, before->session_cached, &record->session_cached);
	record->output_tokens =
		own(e, SCHEDULE_RULE_OUTPUT, before->session_output, &record->session_output);
	record->cost = own(e, SCHEDULE_RULE_COST, before->session_cost, &record->session_cost);
	record->actions = e->actions;
	record->said = arena_copy(arena, text_str(&e->said));
	record->reset_at = e->busy ? e->reset_at : 0;
	record->denied.at = ARENA_MANY(arena, e->denied_n, struct str);
	record->denied.n = e->denied_n;
	for (size_t i = 0; i < e->denied_n; i++)
		record->denied.at[i] = arena_copy(arena, text_str(&e->denied[i]));
}
