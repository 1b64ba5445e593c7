/* diag_known.c — see diag_known.h. */
#include "common/diag_known.h"

#include "common/map.h"

static size_t digits_at(struct str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.n && s.at[at + n] >= '0' && s.at[at + n] <= '9')
		n++;
	return n;
}

/* How long the word is that tells a place when a number follows; 0: it is another word. */
static size_t place_word(struct str s, size_t at)
{
	static const struct str words[] = { { "line ", 5 }, { "byte ", 5 }, { "column ", 7 } };
	if (at && s.at[at - 1] != ' ' && s.at[at - 1] != '(')
		return 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(str_slice(s, at, s.n), words[i]))
			return words[i].n;
	return 0;
}

/* What is between backticks is the author's, and no place. */
static void add_without_places(struct text *out, struct str message)
{
	bool quoted = false;
	for (size_t i = 0; i < message.n;) {
		size_t word = quoted ? 0 : place_word(message, i);
		quoted ^= message.at[i] == '`';
		text_add(out, str_slice(message, i, i + (word ? word : 1)));
		i += word ? word + digits_at(message, i + word) : 1;
	}
}

struct str diag_known_as(struct arena *arena, const struct diags *diags, const struct diag *diag)
{
	struct text all = { 0 };
	char code[DIAG_CODE_SIZE];
	text_addf(&all, "%s\n", diag_code_write(diag->code, code));
	text_add(&all, source_get(diags->sources, diag->span.source)->path);
	text_add_byte(&all, '\n');
	add_without_places(&all, diag->message);
	struct str known = arena_copy(arena, text_str(&all));
	text_release(&all);
	return known;
}

/* The same, and how the line reads that it is in. */
static struct str known_in_line(struct arena *arena, const struct diags *diags,
				const struct diag *diag)
{
	const struct source *source = source_get(diags->sources, diag->span.source);
	struct str line = source_line(source, source_line_at(source, diag->span.start));
	struct str known = diag_known_as(arena, diags, diag);
	return arena_format(arena, "%.*s\n%.*s", STR_ARG(known), STR_ARG(str_trim(line)));
}

typedef struct str known_function(struct arena *, const struct diags *, const struct diag *);

/* Marks each of `now` that is known by the same as one of `before` that no other was matched with,
 * and that one. */
static void match(struct arena *arena, known_function *known, const struct diags *now,
		  bool *now_matched, const struct diags *before, bool *before_matched)
{
	struct map first = { 0 };	/* of `before`, the first of those known by a text */
	size_t n = before->list.n;
	uint32_t *next = ARENA_MANY(arena, n, uint32_t); /* the next one that is, or `n` */
	for (size_t i = n; i-- > 0;) {
		if (before_matched[i])
			continue;
		struct str key = known(arena, before, &before->list.at[i]);
		uint32_t *head = map_find(&first, key);
		next[i] = head ? *head : (uint32_t)n;
		if (head)
			*head = (uint32_t)i;
		else
			map_add(arena, &first, key, (uint32_t)i);
	}
	for (size_t i = 0; i < now->list.n; i++) {
		uint32_t *head = now_matched[i] ? NULL
						: map_find(&first, known(arena, now,
									 &now->list.at[i]));
		if (!head || *head == n)
			continue;
		now_matched[i] = before_matched[*head] = true;
		*head = next[*head];
	}
}

size_t diag_known_drop(struct diags *now, const struct diags *before)
{
	struct arena arena = { 0 };
	bool *matched = ARENA_MANY(&arena, now->list.n + 1, bool),
	     *before_matched = ARENA_MANY(&arena, before->list.n + 1, bool);
	size_t kept = 0, all = now->list.n;
	match(&arena, known_in_line, now, matched, before, before_matched);
	match(&arena, diag_known_as, now, matched, before, before_matched);
	for (size_t i = 0; i < all; i++) {
		const struct diag *diag = &now->list.at[i];
		if (!matched[i])
			now->list.at[kept++] = *diag;
		else if (diag_info(diag->code)->severity == DIAG_ERROR)
			now->errors--;
		else
			now->warnings--;
	}
	/* The room behind is used again, and new elements are zeroed ones. */
	if (kept < all)
		memset(&now->list.at[kept], 0, (all - kept) * sizeof *now->list.at);
	now->list.n = kept;
	arena_release(&arena);
	return all - kept;
}
