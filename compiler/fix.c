/* fix.c — see fix.h.
 *
 * A state is the texts of the files and what compiling them gave. A round takes the first fix of
 * each finding, leaves out those that meet, and makes the next state of the rest. When that has
 * more errors, half of them are tried, down to a single one, which is then refused for good. */
#include "compiler/fix.h"

#include "common/map.h"

#include <stdlib.h>

enum { ROUNDS = 200 }; /* as many as there may be edits at one point, each of which needs its own */

struct fix_state {
	struct arena arena;	/* of the compile; the texts are in struct fix's */
	struct compile compile;
	VEC(struct fix_file) files;
};
/* A fix that is about to be applied. */
struct candidate {
	const struct diag *diag;
	const struct diag_fix *fix;
	bool meets;	/* another one */
};
struct position {
	struct diag_edit edit;
	size_t candidate;
};
struct round {
	struct fix *fix;
	const char *path;
	const struct facts_reader *reader;
	const struct load_overlay *given;	/* or NULL */
	bool unsafe;
	struct map refused;
	VEC(struct candidate) list;
	VEC(struct position) edits;
};

const struct diag_fix *fix_of(const struct sources *sources, const struct diag *diag, bool unsafe)
{
	for (size_t i = 0; i < diag->fixes.n; i++) {
		const struct diag_fix *fix = &diag->fixes.at[i];
		bool can = fix->applicability == DIAG_SAFE ||
			   (unsafe && fix->applicability == DIAG_UNSAFE);
		for (size_t k = 0; k < fix->edits.n; k++)
			can &= !source_get(sources, fix->edits.at[k].span.source)->built_in;
		if (can)
			return fix;
	}
	return NULL;
}

/* What a fix is known by when its place has moved. */
static struct str key_of(struct arena *arena, const struct candidate *candidate)
{
	return arena_format(arena, "%u %.*s\n%.*s", candidate->diag->code,
			    STR_ARG(candidate->diag->message), STR_ARG(candidate->fix->title));
}

static int compare_edits(const void *a, const void *b)
{
	const struct position *x = a, *y = b;
	const struct span *s = &x->edit.span, *t = &y->edit.span;
	if (s->source != t->source)
		return s->source < t->source ? -1 : 1;
	if (s->start != t->start)
		return s->start < t->start ? -1 : 1;
	if (s->end != t->end)
		return s->end < t->end ? -1 : 1;
	return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

/* Edits that overlap or touch one another: the one that comes first in the text is kept. */
static void find_meetings(struct round *round)
{
	const struct position *last = NULL;
	if (round->edits.n)
		qsort(round->edits.at, round->edits.n, sizeof *round->edits.at, compare_edits);
	for (size_t i = 0; i < round->edits.n; i++) {
		const struct position *position = &round->edits.at[i];
		bool near = last && last->edit.span.source == position->edit.span.source &&
			    last->edit.span.end >= position->edit.span.start;
		if (near && last->candidate != position->candidate)
			round->list.at[position->candidate].meets = true;
		if (!near || last->edit.span.end < position->edit.span.end)
			last = position;
	}
}

static void add_edits(struct round *round, size_t candidate)
{
	const struct diag_fix *fix = round->list.at[candidate].fix;
	for (size_t i = 0; i < fix->edits.n; i++)
		*VEC_ADD(&round->fix->arena, &round->edits) = (struct position){ fix->edits.at[i], candidate };
}

/* The fixes that can be applied together, in the order of their findings. */
static void choose(struct round *round, const struct compile *c)
{
	struct arena *arena = &round->fix->arena;
	size_t kept = 0;
	round->list.n = round->edits.n = 0;
	for (size_t i = 0; i < c->diags.list.n; i++) {
		const struct diag *diag = &c->diags.list.at[i];
		struct candidate candidate = { diag, fix_of(&c->sources, diag, round->unsafe),
					       false };
		if (!candidate.fix || map_find(&round->refused, key_of(arena, &candidate)))
			continue;
		*VEC_ADD(arena, &round->list) = candidate;
		add_edits(round, round->list.n - 1);
	}
	find_meetings(round);
	for (size_t i = 0; i < round->list.n; i++)
		if (!round->list.at[i].meets)
			round->list.at[kept++] = round->list.at[i];
	round->list.n = kept;
}

/* With the line ends that the file has. */
static void add_inserted(struct text *out, struct str inserted, bool crlf)
{
	for (size_t i = 0; i < inserted.n; i++) {
		if (crlf && inserted.at[i] == '\n' && (!i || inserted.at[i - 1] != '\r'))
			text_add_byte(out, '\r');
		text_add_byte(out, inserted.at[i]);
	}
}

/* The source's text with the edits, which are sorted and do not meet. */
static struct str edited(struct arena *arena, const struct source *source,
			 const struct position *position, size_t n)
{
	struct text out = { 0 };
	size_t at = 0, line_end = str_find(source->text, '\n');
	bool crlf = line_end != SIZE_MAX && line_end && source->text.at[line_end - 1] == '\r';
	for (size_t i = 0; i < n; i++) {
		text_add(&out, str_slice(source->text, at, position[i].edit.span.start));
		add_inserted(&out, position[i].edit.text, crlf);
		at = position[i].edit.span.end;
	}
	text_add(&out, str_slice(source->text, at, source->text.n));
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

static struct fix_file *file_of(struct arena *arena, struct fix_state *state,
				const struct source *source)
{
	for (size_t i = 0; i < state->files.n; i++)
		if (str_equal(state->files.at[i].path, source->path))
			return &state->files.at[i];
	struct fix_file *file = VEC_ADD(arena, &state->files);
	file->path = arena_copy(arena, source->path);
	file->before = arena_copy(arena, source->text);
	return file;
}

/* The texts of `state` after the first `n` fixes of the round. */
static void apply(struct round *round, const struct fix_state *from, size_t n,
		  struct fix_state *state)
{
	struct arena *arena = &round->fix->arena;
	const struct sources *sources = &from->compile.sources;
	for (size_t i = 0; i < from->files.n; i++)
		*VEC_ADD(arena, &state->files) = from->files.at[i];
	round->edits.n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct diag_fix *fix = round->list.at[i].fix;
		add_edits(round, i);
		file_of(arena, state, source_get(sources, fix->edits.at[0].span.source))->fixed++;
	}
	qsort(round->edits.at, round->edits.n, sizeof *round->edits.at, compare_edits);
	for (size_t i = 0, run; i < round->edits.n; i += run) {
		const struct position *position = &round->edits.at[i];
		const struct source *source = source_get(sources, position->edit.span.source);
		for (run = 1; i + run < round->edits.n; run++)
			if (position[run].edit.span.source != position->edit.span.source)
				break;
		struct str text = edited(arena, source, position, run);
		file_of(arena, state, source)->after = text;
	}
}

static void release_state(struct fix_state *state)
{
	if (state)
		arena_release(&state->arena);
}

static bool compile_state(struct round *round, struct fix_state *state, struct fail *fail)
{
	size_t given = round->given ? round->given->n : 0;
	struct load_overlay overlay = { .n = state->files.n + given };
	overlay.at = ARENA_MANY(&state->arena, overlay.n, struct load_given);
	for (size_t i = 0; i < state->files.n; i++)
		overlay.at[i] = (struct load_given){ state->files.at[i].path,
						     state->files.at[i].after };
	for (size_t i = 0; i < given; i++)
		overlay.at[state->files.n + i] = round->given->at[i];
	return compile_plan_with(&state->arena, round->path,
				 &(struct compile_options){ .reader = round->reader,
							    .overlay = &overlay },
				 &state->compile, fail);
}

/* The state after the round: with as many of its fixes as do not make more errors, or NULL. */
static struct fix_state *next_state(struct round *round, const struct fix_state *from)
{
	struct fail fail;
	for (size_t n = round->list.n; n; n = n > 1 ? (n + 1) / 2 : 0) {
		struct fix_state *state = ARENA_NEW(&round->fix->arena, struct fix_state);
		apply(round, from, n, state);
		if (compile_state(round, state, &fail) &&
		    state->compile.diags.errors <= from->compile.diags.errors)
			return state;
		release_state(state);
	}
	map_add(&round->fix->arena, &round->refused, key_of(&round->fix->arena, &round->list.at[0]),
		0);
	round->fix->refused++;
	return NULL;
}

static bool is_better(const struct diags *a, const struct diags *b)
{
	return a->errors != b->errors ? a->errors < b->errors : a->warnings < b->warnings;
}

/* Rounds, until there is nothing to fix. Should that not come to an end, the best state that there
 * was is taken. */
static struct fix_state *run_rounds(struct round *round, struct fix_state *state)
{
	struct fix_state *best = state;
	for (int i = 0; i < ROUNDS; i++) {
		choose(round, &state->compile);
		if (!round->list.n) {
			if (best != state)
				release_state(best);
			return state;
		}
		struct fix_state *next = next_state(round, state);
		if (!next)
			continue;
		bool better = is_better(&next->compile.diags, &best->compile.diags);
		if (better)
			release_state(best);
		if (state != best)
			release_state(state);
		best = better ? next : best;
		state = next;
	}
	if (best != state)
		release_state(state);
	return best;
}

/* The reader was opened by the first compile. */
static bool is_open(void *context, struct str root, struct fail *fail)
{
	(void)context, (void)root, (void)fail;
	return true;
}

bool fix_plan(struct fix *fix, const char *path, const struct facts_reader *reader,
	      const struct load_overlay *given, bool unsafe, struct fail *fail)
{
	*fix = (struct fix){ 0 };
	struct round round = { .fix = fix, .path = path, .reader = reader, .given = given, .unsafe = unsafe };
	struct facts_reader again;
	fix->state = ARENA_NEW(&fix->arena, struct fix_state);
	if (!compile_state(&round, fix->state, fail))
		return false;
	if (reader) {
		again = *reader;
		again.open = is_open;
		round.reader = &again;
	}
	fix->state = run_rounds(&round, fix->state);
	fix->compile = &fix->state->compile;
	for (size_t i = 0; i < fix->state->files.n; i++)
		*VEC_ADD(&fix->arena, &fix->files) = fix->state->files.at[i];
	return true;
}

void fix_release(struct fix *fix)
{
	release_state(fix->state);
	arena_release(&fix->arena);
}
