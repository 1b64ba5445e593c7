/* twins.c — see twins.h. Each pattern is folded, and the proof asked again: what meets now and did
 * not before is a pair of twins. When nothing changes by folding there are none, and the proof need
 * not be asked. */
#include "compiler/twins.h"

#include "common/utf8.h"
#include "compiler/owners.h"
#include "schedule/proof.h"

#include <string.h>

static bool has_wildcard_meaning(char c)
{
	return strchr("*?[]{},\\!", c) != NULL;
}

/* Text without wildcards, folded; what folding makes of it must not get a meaning. */
static void add_folded(struct arena *arena, struct text *out, struct str plain)
{
	struct str folded = utf8_fold(arena, plain);
	for (size_t i = 0; i < folded.n; i++) {
		if (has_wildcard_meaning(folded.at[i]))
			text_add_byte(out, '\\');
		text_add_byte(out, folded.at[i]);
	}
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Does the set, without its brackets, have the character? */
static bool set_has(struct str set, char c)
{
	for (size_t i = 0; i < set.n; i++) {
		char low = set.at[i];
		if (low == '\\' && i + 1 < set.n)
			low = set.at[++i];
		char high = low;
		if (i + 2 < set.n && set.at[i + 1] == '-') {
			i += 2;
			if (set.at[i] == '\\' && i + 1 < set.n)
				i++;
			high = set.at[i];
		}
		if ((unsigned char)low <= (unsigned char)c &&
		    (unsigned char)c <= (unsigned char)high)
			return true;
	}
	return false;
}

/* A set takes in the small letters of its capitals. One that excludes lets in every letter of which
 * it excludes one case only. */
static void add_set(struct text *out, struct str set)
{
	bool excludes = set.n && set.at[0] == '!';
	struct str inside = str_slice(set, excludes, set.n);
	bool any = false;
	if (!excludes) {
		text_addf(out, "[%.*s", STR_ARG(inside));
		for (char c = 'A'; c <= 'Z'; c++)
			if (set_has(inside, c) && !set_has(inside, (char)(c - 'A' + 'a')))
				text_add_byte(out, (char)(c - 'A' + 'a'));
		text_add_byte(out, ']');
		return;
	}
	size_t start = out->n;
	text_add(out, STR("[!"));
	for (int c = 1; c < 0x80; c++) {
		char at = (char)c, other = is_lower(at) ? (char)(at - 'a' + 'A') : at;
		if (at == '/' || is_upper(at) || !set_has(inside, at) || !set_has(inside, other))
			continue;
		any = true;
		text_add_byte(out, '\\');
		text_add_byte(out, at);
	}
	text_add_byte(out, ']');
	if (!any) {
		out->n = start;
		text_add_byte(out, '?');
	}
}

/* Where the set that begins at `at` ends: behind its bracket. */
static size_t set_end(struct str pattern, size_t at)
{
	size_t i = at + 1;
	if (i < pattern.n && pattern.at[i] == '!')
		i++;
	if (i < pattern.n && pattern.at[i] == ']')
		i++;
	while (i < pattern.n && pattern.at[i] != ']')
		i += pattern.at[i] == '\\' ? 2 : 1;
	return i < pattern.n ? i + 1 : pattern.n;
}

struct str twins_fold(struct arena *arena, struct str pattern)
{
	struct text out = { 0 }, plain = { 0 };
	for (size_t i = 0; i < pattern.n;) {
		char c = pattern.at[i];
		if (c == '\\' && i + 1 < pattern.n) {
			text_add_byte(&plain, pattern.at[i + 1]);
			i += 2;
			continue;
		}
		if (!strchr("*?[{},/", c)) {
			text_add_byte(&plain, c);
			i++;
			continue;
		}
		add_folded(arena, &out, text_str(&plain));
		text_clear(&plain);
		if (c == '[') {
			size_t end = set_end(pattern, i);
			add_set(&out, str_slice(pattern, i + 1, end - 1));
			i = end;
		} else {
			text_add_byte(&out, c);
			i++;
		}
	}
	add_folded(arena, &out, text_str(&plain));
	struct str folded = arena_copy(arena, text_str(&out));
	text_release(&out);
	text_release(&plain);
	return folded;
}

static bool is_folded(struct str pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if (is_upper(pattern.at[i]) || (unsigned char)pattern.at[i] >= 0x80)
			return false;
	return true;
}

static const struct plan_text *pattern_of(const struct plan_agent *agent, uint32_t index)
{
	const struct plan_texts *owns = &agent->list[PLAN_OWNS];
	return index < owns->list.n ? &owns->list.at[index]
				    : &agent->list[PLAN_CREATES].list.at[index - owns->list.n];
}

static struct str fold_or_leave(struct arena *arena, struct str pattern)
{
	struct arena scratch = { 0 };
	struct glob glob;
	struct glob_error error;
	struct str folded = is_folded(pattern) ? pattern : twins_fold(arena, pattern);
	bool good = glob_parse(&scratch, folded, &glob, &error);
	arena_release(&scratch);
	return good ? folded : pattern; /* too long by folding, or a name that no path may have */
}

static struct proof_agent *collect(struct arena *arena, const struct plan *plan, bool *changed)
{
	struct proof_agent *agents = ARENA_MANY(arena, plan->agents.n, struct proof_agent);
	for (size_t i = 0; i < plan->agents.n; i++) {
		const struct plan_agent *from = &plan->agents.at[i];
		/* As of overlaps, see own.c. */
		size_t n = from->loose || from->circle
				   ? 0
				   : from->list[PLAN_OWNS].list.n + from->list[PLAN_CREATES].list.n;
		struct str *patterns = ARENA_MANY(arena, n, struct str);
		uint32_t *after = ARENA_MANY(arena, from->after.n, uint32_t);
		for (size_t j = 0; j < n; j++) {
			struct str pattern = pattern_of(from, (uint32_t)j)->text;
			*changed = *changed || !is_folded(pattern);
			patterns[j] = pattern;
		}
		for (size_t j = 0; j < from->after.n; j++)
			after[j] = from->after.at[j].agent;
		agents[i] = (struct proof_agent){ { patterns, n }, after, from->after.n };
	}
	return agents;
}

static bool meet(struct str a, struct str b)
{
	struct arena scratch = { 0 };
	struct glob x, y;
	owners_parse(&scratch, a, &x);
	owners_parse(&scratch, b, &y);
	bool meets = glob_meet(&scratch, &x, &y, NULL);
	arena_release(&scratch);
	return meets;
}

static void say_pair(struct load *load, const struct plan *plan,
		     const struct proof_overlap *overlap)
{
	const struct plan_agent *a = &plan->agents.at[overlap->a],
				*b = &plan->agents.at[overlap->b];
	const struct plan_text *mine = pattern_of(a, overlap->pattern_a),
			       *other = pattern_of(b, overlap->pattern_b);
	struct diag *diag = diag_add(
		load->diags, DIAG_TWINS, other->span,
		"where upper and lower case are the same, `%.*s` and `%.*s` both own `%.*s`",
		STR_ARG(a->name), STR_ARG(b->name), STR_ARG(overlap->witness));
	diag_here(load->diags, diag, "owned by `%.*s`", STR_ARG(b->name));
	diag_label(load->diags, diag, mine->span, "owned by `%.*s`, which may run at the same time",
		   STR_ARG(a->name));
	diag_help(load->diags, diag, "spell both in one way, or give one of them another name");
}

static void check_pairs(struct load *load, const struct plan *plan, struct arena *scratch)
{
	struct proof proof;
	struct fail fail;
	bool changed = false;
	struct proof_agent *agents = collect(scratch, plan, &changed);
	if (!changed)
		return;
	for (size_t i = 0; i < plan->agents.n; i++)
		for (size_t j = 0; j < agents[i].patterns.n; j++)
			agents[i].patterns.at[j] = fold_or_leave(scratch, agents[i].patterns.at[j]);
	bool made = proof_make(scratch, agents, plan->agents.n, &proof, &fail);
	BUG_IF(!made, "the proof was given a pattern or an order that was not checked");
	for (size_t i = 0; i < proof.n; i++) {
		const struct proof_overlap *at = &proof.at[i];
		if (!meet(pattern_of(&plan->agents.at[at->a], at->pattern_a)->text,
			  pattern_of(&plan->agents.at[at->b], at->pattern_b)->text))
			say_pair(load, plan, at);
	}
}

/* As many names from the beginning of the path as `twin` has. */
static struct str part_like(struct str path, struct str twin)
{
	size_t at = 0, names = 1;
	for (size_t i = 0; i < twin.n; i++)
		names += twin.at[i] == '/';
	while (at < path.n && (path.at[at] != '/' || --names))
		at++;
	return str_slice(path, 0, at);
}

static void check_created(struct load *load, const struct plan_agent *agent,
			  const struct plan_text *text, struct tracked *tracked)
{
	struct arena scratch = { 0 };
	struct glob glob;
	owners_parse(&scratch, text->text, &glob);
	struct str path = glob_is_literal(&glob) ? text->text : glob_folder(load->arena, &glob);
	struct str twin = tracked_twin(tracked, path);
	arena_release(&scratch);
	if (!twin.n)
		return;
	struct str part = part_like(path, twin);
	struct diag *diag = diag_add(load->diags, DIAG_TWINS, text->span,
				     "where upper and lower case are the same, `%.*s` is there "
				     "already as `%.*s`",
				     STR_ARG(part), STR_ARG(twin));
	diag_here(load->diags, diag, "to be created by `%.*s`", STR_ARG(agent->name));
	diag_help(load->diags, diag, "spell it as it is there, or give it another name");
}

static void check_base(struct load *load, const struct plan *plan, struct tracked *tracked)
{
	for (size_t i = 0; i < plan->agents.n; i++) {
		const struct plan_texts *creates = &plan->agents.at[i].list[PLAN_CREATES];
		for (size_t k = 0; k < creates->list.n; k++)
			check_created(load, &plan->agents.at[i], &creates->list.at[k], tracked);
	}
}

void twins_check(struct load *load, const struct plan *plan, struct tracked *tracked)
{
	struct arena scratch = { 0 };
	check_pairs(load, plan, &scratch);
	if (tracked)
		check_base(load, plan, tracked);
	arena_release(&scratch);
}
