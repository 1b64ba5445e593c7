/* import_order.c — who waits for whom, and what is merged when: columns, "depends on", execution
 * orders, phases. */
#include "compiler/import_inside.h"

enum { ALIKE = 67 };

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

/* ---- mentions */

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

void import_order_find(struct import_reader *r, struct str text, struct span span,
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

void import_order_depends(struct import_reader *r, uint32_t index, struct str text,
			  struct span span)
{
	struct import_agents others = { 0 };
	struct draft_agent *agent = &r->draft->agents.at[index];
	if (!str_trim(text).n)
		return;
	import_order_find(r, text, span, &others);
	r->depends = true;
	for (size_t i = 0; i < others.list.n; i++)
		if (others.list.at[i] != index)
			draft_add_edge(r->draft, agent, others.list.at[i], span);
	for (uint32_t i = 0;
	     others.all && i < index && import_word_any(text, "previous|above|prior"); i++)
		draft_add_edge(r->draft, agent, i, span);
	if (others.all && !import_word_any(text, "previous|above|prior"))
		draft_say(r->draft, &agent->after_all, text, span);
	for (size_t i = 0; i < others.other.list.n; i++)
		draft_say(r->draft, &agent->waits, others.other.list.at[i].text, span);
	if (others.none && !others.list.n && !others.all && !others.other.list.n)
		draft_say(r->draft, &agent->alone, text, span);
}

/* ---- lines of an order */

static const char *const waits[] = { "depends on",   "depend on",  "blocked by", "waits for",
				     "wait for",     "requires",   "after",      "needs",
				     "hängt ab von", "must follow" };

/* Where one of the words begins; *end is behind it. */
static size_t find_word(struct str text, const char *const *words, size_t n, size_t *end)
{
	for (size_t i = 0; i < text.n; i++)
		for (size_t w = 0; w < n; w++) {
			struct str word = str_from(words[w]);
			if (i + word.n <= text.n &&
			    import_word_same(str_slice(text, i, i + word.n), word) &&
			    (i + word.n == text.n || text.at[i + word.n] == ' ' ||
			     text.at[i + word.n] == ':')) {
				*end = i + word.n;
				return i;
			}
		}
	return SIZE_MAX;
}

/* Up to the bracket that closes, or " - ", which begins a title. */
static struct str up_to_close(struct str text)
{
	size_t end = 0;
	while (end < text.n && text.at[end] != ')' && text.at[end] != ']' && text.at[end] != '(')
		end++;
	struct str part = str_slice(text, 0, end);
	size_t dash = str_find_text(part, STR(" - "));
	part = str_slice(part, 0, dash == SIZE_MAX ? part.n : dash);
	while (part.n && (part.at[0] == ':' || part.at[0] == ' '))
		part = str_slice(part, 1, part.n);
	return part;
}

/* "Merge Agent 1-6 (core wiring)": the agents, and the words in brackets or behind a dash. */
static struct str subject_of(struct str line, struct str *title)
{
	static const char *const leads[] = { "first", "then",   "next", "finally", "last", "merge",
					     "start", "launch", "run",  "execute", "*" };
	line = import_word_plain(line);
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
			struct str lead = str_from(leads[i]);
			if (line.n > lead.n + 1 &&
			    import_word_same(str_slice(line, 0, lead.n), lead) &&
			    (line.at[lead.n] == ' ' || line.at[lead.n] == ':' ||
			     line.at[lead.n] == ',')) {
				line = str_trim(str_slice(line, lead.n + 1, line.n));
				more = true;
			}
		}
	}
	size_t end = 0;
	while (end < line.n && line.at[end] != '(' && line.at[end] != '[' && line.at[end] != ':')
		end++;
	struct str subject = str_slice(line, 0, end), rest = str_slice(line, end, line.n);
	static const char *const dashes[] = { " - ", " — ", " – " };
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
		size_t dash = str_find_text(subject, str_from(dashes[i]));
		if (dash == SIZE_MAX)
			continue;
		rest = str_slice(subject, dash, subject.n);
		subject = str_slice(subject, 0, dash);
	}
	*title = up_to_close(rest.n ? str_slice(rest, 1, rest.n) : rest);
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (str_starts(rest, str_from(dashes[i])))
			*title = str_slice(rest, str_from(dashes[i]).n, rest.n);
	*title = import_word_plain(*title);
	return str_trim(subject);
}

struct step {
	struct import_agents agents;
	bool free;	/* says that it waits for nobody, or what it waits for */
	struct span span;
};
struct steps {
	VEC(struct step) list;
};

/* One line: who, and what it says of them. False when it names no agent. */
static bool read_line(struct import_reader *r, struct str line, struct span span, bool colon,
		      struct step *step)
{
	struct import_ref ref;
	struct str title, subject;
	*step = (struct step){ .span = span };
	/* "Phase 1: Agents 1-3" */
	if (import_ref_read(import_word_plain(line), &ref) && ref.group && ref.title.n) {
		subject = subject_of(ref.title, &title);
		colon = false;
	} else {
		subject = subject_of(line, &title);
	}
	size_t end = 0, at = find_word(line, waits, sizeof waits / sizeof *waits, &end);
	if (at != SIZE_MAX && subject.n && subject.at + subject.n > line.at + at &&
	    subject.at < line.at + at)
		subject = str_trim(str_slice(line, (size_t)(subject.at - line.at), at));
	import_order_find(r, subject, span, &step->agents);
	if (!step->agents.list.n)
		return false;
	struct str value = STR("");
	if (at != SIZE_MAX)
		value = up_to_close(str_slice(line, end, line.n));
	size_t mark = str_find(line, ':');
	if (at == SIZE_MAX && colon && mark != SIZE_MAX)
		value = up_to_close(str_slice(line, mark + 1, line.n));
	step->free =
		value.n > 0 ||
		import_word_any(line,
				"independent|parallel|no dependenc|anytime|immediately|unabhängig");
	for (size_t i = 0; i < step->agents.list.n; i++) {
		uint32_t agent = step->agents.list.at[i];
		if (value.n)
			import_order_depends(r, agent, value, span);
		else if (step->free && !import_word_has(line, "parallel"))
			draft_say(r->draft, &r->draft->agents.at[agent].alone, line, span);
	}
	return true;
}

/* "Agent 1 → Agent 2 → Agents 3, 4": each waits for the one before. False when it is no chain of
 * agents. */
static bool read_chain(struct import_reader *r, struct str line, struct span span)
{
	static const char *const arrows[] = { "→", "->", "=>", "➜", "➔", "⟶" };
	struct steps steps = { 0 };
	for (struct str rest = line; rest.n;) {
		size_t at = rest.n, skip = 0;
		for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++) {
			size_t here = str_find_text(rest, str_from(arrows[i]));
			if (here < at) {
				at = here;
				skip = str_from(arrows[i]).n;
			}
		}
		struct step step = { .span = span };
		struct str title;
		import_order_find(r, subject_of(str_slice(rest, 0, at), &title), span,
				  &step.agents);
		if (!step.agents.list.n)
			return false;
		*VEC_ADD(r->arena, &steps.list) = step;
		rest = str_slice(rest, at + skip, rest.n);
	}
	for (size_t i = 1; i < steps.list.n; i++)
		for (size_t a = 0; a < steps.list.at[i].agents.list.n; a++)
			for (size_t b = 0; b < steps.list.at[i - 1].agents.list.n; b++)
				draft_add_edge(
					r->draft,
					&r->draft->agents.at[steps.list.at[i].agents.list.at[a]],
					steps.list.at[i - 1].agents.list.at[b], span);
	r->depends = r->depends || steps.list.n > 1;
	return steps.list.n > 1;
}

/* ---- sections about order */

static bool says_order(struct str title)
{
	return import_word_any(title, "order|sequence|sequencing|reihenfolge|schedule");
}

/* Steps in order wait for one another, unless the document says of single agents what they wait
 * for. */
static void follow(struct import_reader *r, const struct steps *steps)
{
	for (size_t i = 1; i < steps->list.n; i++) {
		const struct step *step = &steps->list.at[i], *before = &steps->list.at[i - 1];
		for (size_t a = 0; a < step->agents.list.n && !step->free; a++)
			for (size_t b = 0; b < before->agents.list.n; b++)
				if (before->agents.list.at[b] != step->agents.list.at[a])
					draft_add_edge(
						r->draft,
						&r->draft->agents.at[step->agents.list.at[a]],
						before->agents.list.at[b], step->span);
	}
}

static void read_order_section(struct import_reader *r, uint32_t s)
{
	const struct import_section *section = &r->sections.at[s];
	bool order = says_order(section->title),
	     colon = import_word_any(section->title, "dependenc");
	bool known = r->depends;
	struct steps steps = { 0 };
	for (uint32_t b = section->block + 1; b < r->document.blocks.n && r->section_of[b] == s;
	     b++) {
		const struct commonmark_block *block = block_at(r, b);
		if (block->kind != COMMONMARK_PARAGRAPH && block->kind != COMMONMARK_CODE)
			continue;
		struct str rest = block->text, line;
		for (size_t k = 0; str_split(&rest, '\n', &line); k++) {
			struct span span = import_outline_text_line(r, b, k);
			struct step step;
			if (!str_trim(line).n || r->use[b] == IMPORT_USED)
				continue;
			if (read_chain(r, line, span)) {
				r->use[b] = IMPORT_USED;
			} else if (read_line(r, line, span, colon, &step)) {
				*VEC_ADD(r->arena, &steps.list) = step;
				if (!str_find_text(block->text, STR("\n")) ||
				    str_find(block->text, '\n') == SIZE_MAX)
					r->use[b] = IMPORT_USED;
			}
		}
		if (steps.list.n && block->kind == COMMONMARK_PARAGRAPH &&
		    str_find(block->text, '\n') != SIZE_MAX)
			r->use[b] = IMPORT_USED;
	}
	if (order && steps.list.n > 1) {
		struct span span = import_outline_span(r, section->block);
		if (known)
			draft_say(r->draft, &r->draft->in_order, section->title, span);
		else
			follow(r, &steps);
		r->use[section->block] = IMPORT_USED;
	}
}

static void add_step(struct import_reader *r, const struct import_agents *agents, struct str title,
		     struct span span)
{
	struct draft_step *step = VEC_ADD(r->arena, &r->draft->merge);
	step->title = title;
	step->span = span;
	step->group = DRAFT_NONE;
	for (size_t i = 0; i < agents->list.n; i++)
		*VEC_ADD(r->arena, &step->agents) = agents->list.at[i];
}

/* A line of a merge order: one step, or several with arrows between them. */
static bool read_merge_line(struct import_reader *r, struct str line, struct span span)
{
	bool any = false;
	struct str rest = line;
	while (rest.n) {
		size_t arrow = str_find_text(rest, STR("→")),
		       ascii = str_find_text(rest, STR("->"));
		size_t at = arrow < ascii ? arrow : ascii, skip = arrow < ascii ? 3 : 2;
		struct str part = str_slice(rest, 0, at < rest.n ? at : rest.n), title;
		struct import_agents agents = { 0 };
		import_order_find(r, subject_of(part, &title), span, &agents);
		if (agents.all && !agents.list.n)
			for (uint32_t i = 0; i < r->draft->agents.n; i++)
				*VEC_ADD(r->arena, &agents.list) = i;
		if (agents.list.n) {
			add_step(r, &agents, title, span);
			any = true;
		}
		rest = str_slice(rest, at < rest.n ? at + skip : rest.n, rest.n);
	}
	return any;
}

static void read_merge_section(struct import_reader *r, uint32_t s)
{
	for (uint32_t b = r->sections.at[s].block + 1;
	     b < r->document.blocks.n && r->section_of[b] == s; b++) {
		const struct commonmark_block *block = block_at(r, b);
		if (block->kind != COMMONMARK_PARAGRAPH || r->use[b] != IMPORT_OPEN)
			continue;
		struct str rest = block->text, line;
		for (size_t k = 0; str_split(&rest, '\n', &line); k++)
			if (read_merge_line(r, line, import_outline_text_line(r, b, k)))
				r->use[b] = r->use[r->sections.at[s].block] = IMPORT_USED;
	}
}

/* "Merge order: 1, 2 → 3" and "Execution order: …" outside of sections of their own. */
static void read_loose_lines(struct import_reader *r, uint32_t b)
{
	const struct commonmark_block *block = block_at(r, b);
	struct str rest = block->text, line;
	for (size_t k = 0; str_split(&rest, '\n', &line); k++) {
		size_t colon = str_find(line, ':');
		if (colon == SIZE_MAX || colon > 40)
			continue;
		struct str label = str_slice(line, 0, colon),
			   value = str_trim(str_slice(line, colon + 1, line.n));
		struct span span = import_outline_text_line(r, b, k);
		struct import_ref ref;
		if (import_word_any(label, "merge order|merge sequence|integration order") &&
		    read_merge_line(r, value, span))
			r->use[b] = IMPORT_USED;
		else if (
			import_word_any(
				label,
				"execution order|critical path|order of execution|dependency chain") &&
			read_chain(r, value, span))
			r->use[b] = IMPORT_USED;
		else if (import_ref_read(import_word_plain(line), &ref) && ref.group &&
			 import_word_has(ref.title, "agent")) {
			struct step step;
			if (read_line(r, line, span, false, &step))
				r->use[b] = IMPORT_USED;
		}
	}
}

/* Phases run one after the other, where nothing better is said. */
static void follow_groups(struct import_reader *r)
{
	for (size_t i = 0; i < r->sections.n && !r->depends; i++) {
		const struct import_section *section = &r->sections.at[i];
		for (size_t j = i; section->ordered && section->group != DRAFT_NONE && j-- > 0;) {
			const struct import_section *before = &r->sections.at[j];
			if (!before->ordered || before->group == DRAFT_NONE ||
			    before->parent != section->parent)
				continue;
			*VEC_ADD(r->arena, &r->draft->groups.at[section->group].after) =
				(struct draft_edge){ before->group,
						     import_outline_span(r, section->block) };
			break;
		}
	}
}

void import_order_read(struct import_reader *r)
{
	for (size_t i = 0; i < r->pending.n; i++)
		if (r->pending.at[i].field == IMPORT_DEPENDS)
			import_order_depends(r, r->pending.at[i].agent, r->pending.at[i].text,
					     r->pending.at[i].span);
	for (uint32_t s = 0; s < r->sections.n; s++) {
		const struct import_section *section = &r->sections.at[s];
		bool closed = import_outline_elsewhere(r, section->block) ||
			      section->agent != DRAFT_NONE ||
			      import_outline_agent(r, section->block) != DRAFT_NONE ||
			      (r->foreign && !import_outline_inside(r, section->block));
		if (!closed && section->topic == IMPORT_TOPIC_MERGE)
			read_merge_section(r, s);
		else if (!closed && section->topic == IMPORT_TOPIC_ORDER)
			read_order_section(r, s);
	}
	for (uint32_t b = 0; b < r->document.blocks.n; b++)
		if (block_at(r, b)->kind == COMMONMARK_PARAGRAPH && r->use[b] == IMPORT_OPEN &&
		    import_outline_agent(r, b) == DRAFT_NONE &&
		    !(r->foreign && !import_outline_inside(r, b)))
			read_loose_lines(r, b);
	follow_groups(r);
}
