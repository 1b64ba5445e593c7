/* import_statement.c — sentences that say who comes before whom, wherever they stand: under a
 * table, in prose, in a cell.
 *
 * Names of agents (import_who.c) and words of order (import_phrase.c) are found; who stands in
 * front of such a word is whom it is about, who stands behind it is the other one. A sentence that
 * names an agent in such words and a second one that does not exist is reported. */
#include "compiler/import_inside.h"
#include "compiler/import_phrase.h"

#include <string.h>

enum { PHRASES_MOST = 12, SENTENCE_LONGEST = 600 };

struct sentence {
	struct str text;
	struct span span;
	uint32_t self;
	struct import_names names;
	struct import_phrase phrase[PHRASES_MOST];
	size_t phrases;
	size_t placed, seen; /* orders; phrases between two agents */
	struct str unknown;
};

/* ---- edges */

static void connect_groups(struct import_reader *r, const struct import_name *later,
			   const struct import_name *earlier, struct span span)
{
	struct draft_group *group = &r->draft->groups.at[later->group];
	for (size_t i = 0; i < group->after.n; i++)
		if (group->after.at[i].agent == earlier->group)
			return;
	*VEC_ADD(r->arena, &group->after) = (struct draft_edge){ earlier->group, span };
}

static bool holds(const struct import_name *name, uint32_t agent)
{
	for (size_t i = 0; i < name->agents.n; i++)
		if (name->agents.at[i] == agent)
			return true;
	return false;
}

static void connect(struct import_reader *r, const struct import_name *later,
		    const struct import_name *earlier, bool denied, struct span span)
{
	if (later->group != DRAFT_NONE && earlier->group != DRAFT_NONE && !denied) {
		if (later->group != earlier->group)
			connect_groups(r, later, earlier, span);
		return;
	}
	for (size_t i = 0; i < later->agents.n; i++)
		for (size_t j = 0; j < earlier->agents.n; j++) {
			uint32_t other = earlier->agents.at[j];
			struct draft_agent *agent = &r->draft->agents.at[later->agents.at[i]];
			if (holds(later, other))
				continue;
			if (denied)
				*VEC_ADD(r->arena, &agent->not_after) = (struct draft_edge){ other,
											     span };
			else
				draft_add_edge(r->draft, agent, other, span);
		}
	r->depends = true;
}

/* ---- reading a sentence */

static void find_phrases(struct sentence *s)
{
	struct import_phrase phrase;
	for (size_t at = 0; s->phrases < PHRASES_MOST && import_phrase_find(s->text, at, &phrase);
	     at = phrase.end) {
		bool inside = false;
		for (size_t i = 0; i < s->names.list.n; i++)
			inside = inside || (s->names.list.at[i].start <= phrase.start &&
					    s->names.list.at[i].end >= phrase.end);
		if (!inside)
			s->phrase[s->phrases++] = phrase;
	}
}

/* The names from `from` to `to`: the first of them, and how many. */
static size_t names_between(const struct sentence *s, size_t from, size_t to, size_t *first)
{
	size_t n = 0;
	for (size_t i = 0; i < s->names.list.n; i++)
		if (s->names.list.at[i].start >= from && s->names.list.at[i].start < to && !n++)
			*first = i;
	return n;
}

static bool is_relation(const struct import_phrase *phrase)
{
	return phrase->kind <= IMPORT_PHRASE_BEFORE;
}

/* Where the next relation begins, and whether it is a verb right behind the name that ends at
 * `end`. */
static size_t next_relation(const struct sentence *s, size_t from,
			    const struct import_phrase **next)
{
	*next = NULL;
	for (size_t i = 0; i < s->phrases && !*next; i++)
		if (is_relation(&s->phrase[i]) && s->phrase[i].start >= from)
			*next = &s->phrase[i];
	return *next ? (*next)->start : s->text.n;
}

/* The last name of a list stands on its own. */
static struct import_name take_tail(struct import_name *list)
{
	struct import_name tail = {
		.start = list->tail, .end = list->end, .known = 1, .group = DRAFT_NONE
	};
	tail.agents.at = list->agents.at + list->tail_from;
	tail.agents.n = tail.agents.cap = list->agents.n - list->tail_from;
	list->agents.n = list->tail_from;
	return tail;
}

static bool has_tail(const struct import_name *name)
{
	return name->tail > name->start && name->tail_from && name->tail_from < name->agents.n;
}

/* "After agent 1, agent 2 starts": a comma alone parts the other one from whom it is about. */
static bool comma_parts(const struct sentence *s, const struct import_name *list)
{
	size_t at = list->tail;
	while (at && s->text.at[at - 1] == ' ')
		at--;
	return has_tail(list) && at && s->text.at[at - 1] == ',';
}

static bool is_near(const struct sentence *s, const struct import_phrase *phrase,
		    const struct import_name *object)
{
	struct str between = str_trim(str_slice(s->text, phrase->end, object->start));
	while (between.n && strchr(":*`_", between.at[0]))
		between = str_trim(str_slice(between, 1, between.n));
	return !phrase->weak || import_phrase_is_filled(between) ||
	       str_ends(between, STR(" from")) || str_ends(between, STR(" of")) ||
	       str_ends(between, STR(" by")) || str_ends(between, STR(" von"));
}

static bool says_completed(struct str text)
{
	return import_word_any(
		text,
		"done|finish|complete|merged|landed|lands|ready|green|fertig|abgeschlossen|gemergt|passes");
}

/* Whom and what the phrase relates, found so far. */
struct relation {
	struct import_name later, earlier;
	bool denied;
};

static void place(struct import_reader *r, struct sentence *s, const struct relation *relation)
{
	s->seen++;
	const struct import_name *both[] = { &relation->later, &relation->earlier };
	for (size_t i = 0; i < 2; i++)
		if (both[i]->unknown.n && !s->unknown.n)
			s->unknown = both[i]->unknown;
	if (!relation->later.known || !relation->earlier.known)
		return;
	connect(r, &relation->later, &relation->earlier, relation->denied, s->span);
	s->placed++;
}

/* "must not start before" is "after"; "does not need" is no order. */
static void turn(const struct sentence *s, const struct import_phrase *phrase, size_t from,
		 const struct import_name *subject, const struct import_name *object,
		 struct relation *relation)
{
	bool denied = import_phrase_denied(str_slice(s->text, from, phrase->start)),
	     before = phrase->kind == IMPORT_PHRASE_BEFORE;
	if (denied && before && !phrase->verb)
		before = denied = false;
	if (denied && !phrase->verb)
		denied = false;
	*relation = (struct relation){ before ? *object : *subject, before ? *subject : *object,
				       denied };
}

/* Whom the k-th phrase is about. `last`: whom the one before it was about. */
static bool find_subject(struct sentence *s, const struct import_phrase *phrase, size_t from,
			 const struct import_name *last, struct import_name *object,
			 struct import_name *subject)
{
	size_t first = 0, n = names_between(s, from, phrase->start, &first);
	if (n) {
		*subject = s->names.list.at[first + n - 1];
		return true;
	}
	if (last) {
		*subject = *last;
		return true;
	}
	const struct import_phrase *next;
	size_t behind = 0, end = next_relation(s, phrase->end, &next);
	size_t more = names_between(s, object->end, end, &behind);
	if (more) {
		*subject = s->names.list.at[behind];
		return true;
	}
	if (comma_parts(s, object)) {
		*subject = take_tail(object);
		return true;
	}
	struct str front = str_slice(s->text, 0, phrase->start);
	if (s->self == DRAFT_NONE || !import_phrase_is_filled(front))
		return false;
	*subject = (struct import_name){ .known = 1, .group = DRAFT_NONE };
	subject->agents.at = &s->self;
	subject->agents.n = 1;
	return true;
}

static void read_relations(struct import_reader *r, struct sentence *s)
{
	struct import_name subject, object;
	bool begun = false;
	size_t from = 0;
	for (size_t i = 0; i < s->phrases; i++) {
		const struct import_phrase *phrase = &s->phrase[i], *next;
		size_t first = 0, to = next_relation(s, phrase->end, &next);
		if (!is_relation(phrase) || !names_between(s, phrase->end, to, &first))
			continue;
		object = s->names.list.at[first];
		if (!is_near(s, phrase, &object) ||
		    (phrase->needs_end && !says_completed(str_slice(s->text, object.end, to))))
			continue;
		/* "C waits for A, D waits for B" */
		size_t resume = object.end;
		if (next && next->verb && has_tail(&object) &&
		    import_phrase_is_filled(str_slice(s->text, object.end, next->start))) {
			s->names.list.at[first] = take_tail(&object);
			resume = s->names.list.at[first].start;
		}
		struct relation relation;
		struct import_name last = subject;
		if (!find_subject(s, phrase, from, begun ? &last : NULL, &object, &subject))
			continue;
		turn(s, phrase, from < phrase->start ? from : phrase->start, &subject, &object,
		     &relation);
		place(r, s, &relation);
		begun = true;
		from = resume;
	}
}

/* ---- one after the other */

static void add_step(struct import_reader *r, const struct import_name *name, struct span span)
{
	struct draft_step *step = VEC_ADD(r->arena, &r->draft->merge);
	step->span = span;
	step->group = DRAFT_NONE;
	for (size_t i = 0; i < name->agents.n; i++)
		*VEC_ADD(r->arena, &step->agents) = name->agents.at[i];
}

/* "Merge 1, then 2" is about merging only. */
static bool is_about_merging(const struct sentence *s)
{
	struct str front = str_slice(s->text, 0, s->names.list.at[0].start);
	return import_word_has(front, "merge") || import_word_has(front, "integrat");
}

static void read_sequence(struct import_reader *r, struct sentence *s)
{
	const struct import_name *part[PHRASES_MOST + 1];
	size_t n = 0, from = 0, first = 0;
	for (size_t i = 0; i <= s->phrases; i++) {
		if (i < s->phrases && s->phrase[i].kind < IMPORT_PHRASE_THEN)
			return;
		size_t to = i < s->phrases ? s->phrase[i].start : s->text.n;
		/* Between arrows, all are agents. */
		bool arrow = (i && s->phrase[i - 1].kind == IMPORT_PHRASE_ARROW) ||
			     (i < s->phrases && s->phrase[i].kind == IMPORT_PHRASE_ARROW);
		if (names_between(s, from, to, &first))
			part[n++] = &s->names.list.at[first];
		else if (arrow)
			return;
		from = i < s->phrases ? s->phrase[i].end : to;
	}
	bool merging = n > 1 && is_about_merging(s), again = merging && r->draft->merge.n;
	for (size_t i = 0; i < n && n > 1; i++) {
		s->unknown = s->unknown.n ? s->unknown : part[i]->unknown;
		s->seen += i > 0;
		if (merging && !again && part[i]->known)
			add_step(r, part[i], s->span);
		if (!i || again || !part[i]->known || !part[i - 1]->known)
			continue;
		if (!merging)
			connect(r, part[i], part[i - 1], false, s->span);
		s->placed++;
	}
}

/* ---- chains of arrows */

/* Nothing but names, marks and words that carry nothing: "Order: 1", "Agents 2 and 3 (parallel)". */
static bool is_lone(struct import_reader *r, struct str part, bool first, struct import_name *name)
{
	struct import_names names = { 0 };
	size_t colon = str_find(part, ':');
	if (first && colon != SIZE_MAX)
		part = str_slice(part, colon + 1, part.n);
	size_t open = str_find(part, '(');
	part = str_trim(str_slice(part, 0, open == SIZE_MAX || !open ? part.n : open));
	size_t node = str_find(part, '[');
	import_who_scan(r, part, &names);
	/* "A[Agent 1]", in a diagram */
	if (node < part.n) {
		bool inside = names.list.n && names.list.at[names.list.n - 1].start > node;
		part = import_word_plain(inside ? str_slice(part, node, part.n)
						: str_slice(part, 0, node));
		names.list.n = 0;
		import_who_scan(r, part, &names);
	}
	if (names.list.n != 1)
		return false;
	*name = names.list.at[0];
	return import_phrase_is_filled(str_slice(part, 0, name->start)) &&
	       import_phrase_is_filled(str_slice(part, name->end, part.n));
}

static size_t next_arrow(struct str text, size_t from, size_t *end)
{
	struct import_phrase phrase;
	for (size_t at = from; import_phrase_find(text, at, &phrase); at = phrase.end)
		if (phrase.kind == IMPORT_PHRASE_ARROW) {
			*end = phrase.end;
			return phrase.start;
		}
	*end = text.n;
	return text.n;
}

static bool read_chain(struct import_reader *r, struct str line, struct span span,
		       struct str *unknown)
{
	VEC(struct import_name) parts = { 0 };
	for (size_t from = 0, end; from < line.n; from = end) {
		size_t to = next_arrow(line, from, &end);
		struct import_name name;
		if (!is_lone(r, str_slice(line, from, to), !parts.n, &name))
			return false;
		*VEC_ADD(r->arena, &parts) = name;
	}
	size_t known = 0;
	for (size_t i = 0; i < parts.n; i++)
		known += parts.at[i].known;
	if (!known)
		return false;
	for (size_t i = 1; i < parts.n; i++)
		connect(r, &parts.at[i], &parts.at[i - 1], false, span);
	for (size_t i = 0; i < parts.n && parts.n > 1; i++)
		*unknown = unknown->n ? *unknown : parts.at[i].unknown;
	return parts.n > 1;
}

void import_statement_unknown(struct import_reader *r, struct span span, struct str unknown)
{
	struct diag *diag = diag_add(r->diags, DIAG_UNPLACED, span,
				     "this says an order, and no agent is called `%.*s`",
				     STR_ARG(unknown));
	diag_help(r->diags, diag, "what it says of that one is not in the imported plan");
}

bool import_statement_chain(struct import_reader *r, struct str line, struct span span)
{
	struct str unknown = STR("");
	bool chain = read_chain(r, line, span, &unknown);
	if (chain && unknown.n)
		import_statement_unknown(r, span, unknown);
	return chain;
}

/* ---- texts */

/* What only asks, or holds under a condition, says no order. */
static bool is_open_question(struct str text)
{
	static const char *const words[] = { "if ",      "falls ",   "unless ", "either ",
					     "no agent", "nothing ", "none ",   "keiner " };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (import_word_starts(text, str_from(words[i])))
			return true;
	return (text.n && text.at[text.n - 1] == '?') || import_word_has(text, "before or after");
}

/* "Agent 4 runs last." */
static bool read_last(struct import_reader *r, struct sentence *s)
{
	const struct import_name *name = &s->names.list.at[0];
	if (s->names.list.n != 1 || name->agents.n != 1 ||
	    !import_phrase_is_filled(str_slice(s->text, 0, name->start)) ||
	    !import_word_any(
		    str_slice(s->text, name->end, s->text.n),
		    "runs last|comes last|goes last|starts last|must be last|läuft zuletzt|kommt zuletzt"))
		return false;
	draft_say(r->draft, &r->draft->agents.at[name->agents.at[0]].after_all, s->text, s->span);
	r->depends = true;
	return true;
}

/* "5 is independent": it waits for nobody. */
static bool read_alone(struct import_reader *r, struct sentence *s)
{
	struct import_names names = { 0 };
	if (!import_word_any(s->text, "independent|any time|anytime|unabhängig"))
		return false;
	import_who_scan(r, s->text, &names);
	struct import_name *name = &names.list.at[0];
	size_t at = names.list.n == 1 ? name->end : s->text.n;
	struct str behind = str_trim(str_slice(s->text, at, s->text.n));
	if (names.list.n != 1 || !import_phrase_is_filled(str_slice(s->text, 0, name->start)) ||
	    import_phrase_denied(behind) ||
	    !(import_word_starts(behind, STR("is ")) || import_word_starts(behind, STR("are ")) ||
	      import_word_starts(behind, STR("can ")) || import_word_starts(behind, STR("ist "))))
		return false;
	for (size_t i = 0; i < name->agents.n; i++)
		draft_say(r->draft, &r->draft->agents.at[name->agents.at[i]].alone, s->text,
			  s->span);
	return name->agents.n > 0;
}

static bool read_sentence(struct import_reader *r, struct sentence *s)
{
	struct import_phrase phrase;
	s->text = str_trim(s->text);
	if (!s->text.n || s->text.n > SENTENCE_LONGEST || is_open_question(s->text))
		return false;
	if (!import_phrase_find(s->text, 0, &phrase))
		return read_alone(r, s);
	if (read_chain(r, s->text, s->span, &s->unknown)) {
		s->placed = s->seen = 1;
		return true;
	}
	import_who_scan(r, s->text, &s->names);
	find_phrases(s);
	if (!s->names.list.n || !s->phrases)
		return false;
	read_relations(r, s);
	if (!s->seen)
		read_sequence(r, s);
	if (!s->seen && read_last(r, s))
		s->placed = s->seen = 1;
	return s->placed > 0;
}

static size_t sentence_end(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i] == ';' || (strchr(".!?", text.at[i]) &&
					  (i + 1 == text.n || strchr(" \n", text.at[i + 1]))))
			return i + 1;
	return text.n;
}

static void finish(struct import_reader *r, const struct sentence *s)
{
	if (s->unknown.n && s->seen)
		import_statement_unknown(r, s->span, s->unknown);
}

/* A sentence on several lines: each is one of its own where it says an order, else they are one. */
static bool read_lines(struct import_reader *r, struct str text, uint32_t line, uint32_t self)
{
	struct str rest = text, part;
	bool any = false;
	char *joined = (char *)arena_copy(r->arena, text).at;
	for (uint32_t k = 0; str_find(text, '\n') != SIZE_MAX && str_split(&rest, '\n', &part);
	     k++) {
		struct sentence s = { .text = part,
				      .span = import_outline_line(r, line + k),
				      .self = self };
		if (!read_sentence(r, &s))
			continue;
		any = true;
		finish(r, &s);
	}
	for (size_t i = 0; i < text.n; i++)
		if (joined[i] == '\n')
			joined[i] = ' ';
	struct sentence s = { .text = { joined, text.n },
			      .span = import_outline_line(r, line),
			      .self = self };
	if (!any) {
		any = read_sentence(r, &s) || (s.seen && s.unknown.n);
		finish(r, &s);
	}
	return any;
}

enum import_stated import_statement_read(struct import_reader *r, struct str text, uint32_t line,
					 uint32_t self)
{
	size_t any = 0, all = 0;
	while (text.n) {
		size_t white = 0;
		for (; white < text.n && strchr(" \t\r\n", text.at[white]); white++)
			line += text.at[white] == '\n';
		text = str_slice(text, white, text.n);
		size_t end = sentence_end(text);
		struct str sentence = str_slice(text, 0, end);
		if (!end)
			break;
		all++;
		any += read_lines(r, sentence, line, self);
		for (size_t i = 0; i < end; i++)
			line += text.at[i] == '\n';
		text = str_slice(text, end, text.n);
	}
	return !any ? IMPORT_STATED_NOTHING : any < all ? IMPORT_STATED_SOME : IMPORT_STATED_ALL;
}
