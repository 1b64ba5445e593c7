/* import_who.c — which agents a text means: by numbers and kinds, by titles and names, alone in a
 * cell or in the middle of a sentence. */
#include "compiler/import_inside.h"
#include "compiler/import_phrase.h"

#include <string.h>

enum { ALIKE = 67, NAME_WORDS = 8 };

/* ---- a text that is nothing but mentions */

static bool split_id(struct str id, struct str *letters, uint64_t *number)
{
	size_t at = 0;
	while (at < id.n && !(id.at[at] >= '0' && id.at[at] <= '9'))
		at++;
	*letters = str_slice(id, 0, at);
	return at < id.n && str_to_number(str_slice(id, at, id.n), number);
}

static bool in_range(struct str id, const struct import_mention *mention)
{
	struct str letters, low_letters, high_letters;
	uint64_t number, low, high;
	if (import_word_same(id, mention->low) || import_word_same(id, mention->high))
		return true;
	/* "A-D": letters alone. */
	if (id.n == 1 && mention->low.n == 1 && mention->high.n == 1 &&
	    !(id.at[0] >= '0' && id.at[0] <= '9'))
		return id.at[0] >= mention->low.at[0] && id.at[0] <= mention->high.at[0];
	if (!split_id(id, &letters, &number) || !split_id(mention->low, &low_letters, &low) ||
	    !split_id(mention->high, &high_letters, &high))
		return false;
	return import_word_same(letters, low_letters) && number >= low && number <= high;
}

static void found(struct import_reader *r, struct import_agents *out, uint32_t agent)
{
	for (size_t i = 0; i < out->list.n; i++)
		if (out->list.at[i] == agent)
			return;
	*VEC_ADD(r->arena, &out->list) = agent;
}

static bool find_named(struct import_reader *r, const struct import_mention *mention,
		       struct import_agents *out)
{
	struct str name = draft_name(r->arena, mention->text);
	uint32_t best = DRAFT_NONE;
	unsigned most = ALIKE - 1;
	for (uint32_t i = 0; i < r->draft->agents.n && name.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		unsigned alike = import_word_alike(r->arena, agent->title, mention->text);
		if (import_word_same(draft_name(r->arena, agent->name), name) ||
		    import_word_same(agent->id, mention->text))
			alike = 101;
		if (alike > most) {
			most = alike;
			best = i;
		}
	}
	if (best != DRAFT_NONE)
		found(r, out, best);
	for (uint32_t i = 0; i < r->draft->groups.n && best == DRAFT_NONE && name.n; i++)
		if (import_word_same(draft_name(r->arena, r->draft->groups.at[i].title), name)) {
			best = i;
			for (uint32_t a = 0; a < r->draft->agents.n; a++)
				if (r->draft->agents.at[a].group == i)
					found(r, out, a);
		}
	return best != DRAFT_NONE;
}

static bool find_mention(struct import_reader *r, const struct import_mention *mention,
			 struct import_agents *out)
{
	bool any = false;
	if (mention->kind == IMPORT_NAMED)
		return find_named(r, mention, out);
	for (uint32_t i = 0; i < r->draft->agents.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		bool is = mention->kind == IMPORT_RANGE
				  ? in_range(agent->id, mention)
				  : agent->group != DRAFT_NONE &&
					    import_word_same(r->draft->groups.at[agent->group].id,
							     mention->low);
		if (is)
			found(r, out, i);
		any = any || is;
	}
	return any;
}

void import_who_find(struct import_reader *r, struct str text, struct span span,
		     struct import_agents *out)
{
	struct import_mentions mentions = { 0 };
	import_ref_mentions(r->arena, text, &mentions);
	for (size_t i = 0; i < mentions.list.n; i++) {
		const struct import_mention *mention = &mentions.list.at[i];
		if (mention->kind == IMPORT_NONE)
			out->none = true;
		else if (mention->kind == IMPORT_ALL)
			out->all = true;
		else if (!find_mention(r, mention, out) && mention->text.n)
			draft_say(r->draft, &out->other, mention->text, span);
	}
}

/* ---- in the middle of a sentence */

static struct str lower(struct arena *arena, struct str words)
{
	char *copy = (char *)arena_copy(arena, words).at;
	for (size_t i = 0; i < words.n; i++)
		copy[i] = import_word_small(copy[i]);
	return (struct str){ copy, words.n };
}

static void know(struct import_reader *r, struct str words, uint32_t agent)
{
	static const char *const ends[] = { " agent", " task", " workstream", " stream" };
	words = import_word_plain(words);
	if (words.n < 2 || import_ref_is_id(words))
		return;
	struct str key = lower(r->arena, words);
	uint32_t *known = map_find(&r->names, key);
	if (known && *known != agent)
		*known = DRAFT_NONE; /* two of that name */
	else if (!known)
		map_add(r->arena, &r->names, key, agent);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (str_ends(key, str_from(ends[i])))
			know(r, str_slice(words, 0, words.n - str_from(ends[i]).n), agent);
}

void import_who_begin(struct import_reader *r)
{
	for (uint32_t i = 0; i < r->draft->agents.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		know(r, agent->name, i);
		know(r, agent->title, i);
		for (size_t t = 0; t < agent->titles.list.n; t++)
			know(r, agent->titles.list.at[t].text, i);
	}
}

/* One word is a name when it is written like one: "Docs", or just as the agent is called. */
static bool is_written_as_name(const struct import_reader *r, struct str word, uint32_t agent)
{
	const struct draft_agent *a = &r->draft->agents.at[agent];
	bool capital = word.at[0] >= 'A' && word.at[0] <= 'Z';
	return capital || (unsigned char)word.at[0] >= 0x80 || str_find(word, ' ') != SIZE_MAX ||
	       str_find(word, '-') != SIZE_MAX || str_equal(word, a->name) ||
	       str_equal(word, a->title);
}

/* The longest name that begins at `at`; its end, or `at`. */
static size_t named_at(struct import_reader *r, struct str text, size_t at, uint32_t *agent)
{
	size_t best = at, end = at;
	struct arena_mark mark = arena_mark(r->arena);
	for (size_t words = 0; words < NAME_WORDS && end < text.n; words++) {
		while (end < text.n && text.at[end] == ' ')
			end++;
		while (end < text.n && text.at[end] != ' ')
			end++;
		size_t cut = end;
		while (cut > at && strchr(".,:;)!?\"'`*", text.at[cut - 1]) && text.at[cut - 1])
			cut--;
		struct str word = str_slice(text, at, cut);
		uint32_t *found = map_find(&r->names, lower(r->arena, word));
		if (found && *found != DRAFT_NONE && is_written_as_name(r, word, *found)) {
			best = cut;
			*agent = *found;
		}
	}
	arena_reset(r->arena, mark);
	return best;
}

/* Is it numbered as the plan's agents are: "E" where they are A to D? */
static bool is_like_ids(const struct import_reader *r, struct str id)
{
	struct str first = r->draft->agents.n ? r->draft->agents.at[0].id : STR("");
	size_t a = 0, b = 0;
	while (a < first.n && import_word_letter(first.at[a]))
		a++;
	while (b < id.n && import_word_letter(id.at[b]))
		b++;
	if (!a || a == first.n)
		return first.n && a == first.n && b == id.n && b == a;
	return a == b && b < id.n && import_word_same(str_slice(first, 0, a), str_slice(id, 0, b));
}

/* "T1" for Task 1, where agents are only numbered: diagrams do so. */
static bool find_initial(struct import_reader *r, const struct import_mention *mention,
			 struct import_agents *agents)
{
	struct str first = r->draft->agents.n ? r->draft->agents.at[0].id : STR("");
	struct import_mention number = *mention;
	struct str low = mention->low;
	bool initial = low.n > 1 && strchr("TtAaWw", low.at[0]) && low.at[0] &&
		       import_word_digit(low.at[1]);
	if (!initial || !first.n || !import_word_digit(first.at[0]) ||
	    !str_equal(low, mention->high))
		return false;
	number.low = number.high = str_slice(low, 1, low.n);
	return find_mention(r, &number, agents);
}

static void add_mention(struct import_reader *r, struct str text,
			const struct import_mention *mention, bool bare, struct import_name *name)
{
	struct import_agents agents = { 0 };
	bool kind = mention->low.at != mention->text.at;
	bool any = find_mention(r, mention, &agents) ||
		   (mention->kind == IMPORT_RANGE && find_initial(r, mention, &agents));
	for (size_t i = 0; i < agents.list.n; i++)
		*VEC_ADD(r->arena, &name->agents) = agents.list.at[i];
	for (uint32_t g = 0; g < r->draft->groups.n && mention->kind == IMPORT_GROUPED; g++)
		if (import_word_same(r->draft->groups.at[g].id, mention->low))
			name->group = name->group == DRAFT_NONE ? g : name->group;
	if (name->agents.n > agents.list.n || name->unknown.n) {
		name->tail = (size_t)(mention->text.at - text.at);
		name->tail_from = name->agents.n - agents.list.n;
	}
	if (any)
		name->known++;
	else if ((kind && mention->kind != IMPORT_GROUPED) || is_like_ids(r, mention->low) || bare)
		name->unknown = name->unknown.n ? name->unknown : mention->text;
}

/* A name that begins here; false when there is none. */
static bool read_name(struct import_reader *r, struct str text, size_t at, bool bare,
		      struct import_name *name)
{
	struct import_mentions mentions = { 0 };
	uint32_t agent = DRAFT_NONE;
	*name = (struct import_name){ .start = at, .group = DRAFT_NONE };
	name->end = named_at(r, text, at, &agent);
	if (name->end > at) {
		*VEC_ADD(r->arena, &name->agents) = agent;
		name->known = 1;
		return true;
	}
	name->end = import_ref_list(r->arena, text, at, bare, &mentions);
	for (size_t i = 0; i < mentions.list.n; i++)
		add_mention(r, text, &mentions.list.at[i], bare || i > 0, name);
	if (mentions.list.n != 1)
		name->group = DRAFT_NONE;
	return name->agents.n || name->unknown.n;
}

/* Do the two belong to one list: "Alpha and Beta"? */
static bool are_joined(struct str text, size_t end, size_t start)
{
	static const char *const joints[] = { ",",   "and",   ", and", "&",     "+",
					      "und", ", und", "/",     "sowie", "or" };
	struct str between = str_trim(str_slice(text, end, start));
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
		if (import_word_same(between, str_from(joints[i])))
			return true;
	return false;
}

void import_who_scan(struct import_reader *r, struct str text, struct import_names *names)
{
	size_t last = 0;
	for (size_t i = 0; i < text.n; i++) {
		bool begins = import_word_inside(text.at[i]) || text.at[i] == '#';
		if (!begins ||
		    (i && (import_word_inside(text.at[i - 1]) || strchr("-/._", text.at[i - 1]))))
			continue;
		struct import_name name;
		bool bare = import_phrase_is_filled(str_slice(text, last, i));
		struct import_phrase phrase;
		if (!read_name(r, text, i, bare, &name)) {
			if (import_phrase_at(text, i, &phrase)) {
				last = phrase.end;
				i = last - 1;
			}
			continue;
		}
		struct import_name *before = names->list.n ? &names->list.at[names->list.n - 1]
							   : NULL;
		if (before && are_joined(text, before->end, name.start)) {
			for (size_t a = 0; a < name.agents.n; a++)
				*VEC_ADD(r->arena, &before->agents) = name.agents.at[a];
			before->unknown = before->unknown.n ? before->unknown : name.unknown;
			before->group = DRAFT_NONE;
			before->known += name.known;
			before->tail = name.start;
			before->tail_from = before->agents.n - name.agents.n;
			before->end = name.end;
		} else {
			*VEC_ADD(r->arena, &names->list) = name;
		}
		i = name.end - 1;
		last = name.end;
	}
}
