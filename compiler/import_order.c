/* import_order.c — who waits for whom, and what is merged when: columns, "depends on", execution
 * orders, phases. */
#include "compiler/import_inside.h"
#include "compiler/import_phrase.h"

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

void import_order_depends(struct import_reader *r, uint32_t index, struct str text,
			  struct span span)
{
	struct import_agents others = { 0 };
	struct draft_agent *agent = &r->draft->agents.at[index];
	if (!str_trim(text).n)
		return;
	import_who_find(r, text, span, &others);
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
	static const char *const leads[] = { "first", "then",  "next",   "finally", "last",
					     "merge", "start", "launch", "run",     "execute",
					     "*",     "erst",  "zuerst", "zunächst" };
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
	bool free; /* says that it waits for nobody, or what it waits for */
	struct span span;
};
struct steps {
	VEC(struct step) list;
};

/* Where words like "depends on" begin; *end is behind them. */
static size_t find_wait(struct str line, size_t *end)
{
	struct import_phrase phrase;
	for (size_t at = 0; import_phrase_find(line, at, &phrase); at = phrase.end)
		if (phrase.kind == IMPORT_PHRASE_AFTER && !phrase.needs_end) {
			*end = phrase.end;
			return phrase.start;
		}
	return SIZE_MAX;
}

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
	size_t end, at = find_wait(line, &end);
	if (at != SIZE_MAX && subject.n && subject.at + subject.n > line.at + at &&
	    subject.at < line.at + at)
		subject = str_trim(str_slice(line, (size_t)(subject.at - line.at), at));
	import_who_find(r, subject, span, &step->agents);
	uint32_t number = source_place(r->sources, span.source, span.start).line;
	if (import_statement_read(r, line, number, DRAFT_NONE) != IMPORT_STATED_NOTHING) {
		step->free = true;
		return true;
	}
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
		if ((block->kind != COMMONMARK_PARAGRAPH && block->kind != COMMONMARK_CODE) ||
		    r->use[b] == IMPORT_USED)
			continue;
		struct str rest = block->text, line;
		for (size_t k = 0; str_split(&rest, '\n', &line); k++) {
			struct span span = import_outline_text_line(r, b, k);
			struct step step;
			if (!str_trim(line).n)
				continue;
			if (import_statement_chain(r, line, span)) {
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

/* Where the next step of a line begins: at an arrow or "then"; *skip bytes of it are no step's. */
static size_t next_step(struct str line, size_t *skip)
{
	struct import_phrase phrase;
	for (size_t at = 0; import_phrase_find(line, at, &phrase); at = phrase.end)
		if (phrase.kind >= IMPORT_PHRASE_THEN && phrase.start) {
			*skip = phrase.end - phrase.start;
			return phrase.start;
		}
	*skip = 0;
	return line.n;
}

/* A line of a merge order: one step, or several with arrows between them. */
static bool read_merge_line(struct import_reader *r, struct str line, struct span span)
{
	bool any = false;
	struct str rest = line;
	while (rest.n) {
		size_t skip, at = next_step(rest, &skip);
		struct str part = str_slice(rest, 0, at < rest.n ? at : rest.n), title;
		struct import_agents agents = { 0 };
		import_who_find(r, subject_of(part, &title), span, &agents);
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

/* "Merge order: 1, 2 → 3", "Phase 1: Agents 1-3" outside of sections of their own. */
static bool read_loose_line(struct import_reader *r, struct str line, struct span span)
{
	size_t colon = str_find(line, ':');
	struct import_ref ref;
	struct step step;
	if (colon == SIZE_MAX || colon > 40)
		return false;
	struct str label = str_slice(line, 0, colon),
		   value = str_trim(str_slice(line, colon + 1, line.n));
	if (import_word_any(label, "merge order|merge sequence|integration order"))
		return read_merge_line(r, value, span);
	return import_ref_read(import_word_plain(line), &ref) && ref.group &&
	       import_word_has(ref.title, "agent") && read_line(r, line, span, false, &step);
}

static void read_paragraph(struct import_reader *r, uint32_t b)
{
	const struct commonmark_block *block = block_at(r, b);
	struct str rest = block->text, line;
	for (size_t k = 0; str_split(&rest, '\n', &line); k++)
		if (read_loose_line(r, line, import_outline_text_line(r, b, k)))
			r->use[b] = IMPORT_USED;
	if (r->use[b] == IMPORT_OPEN && import_statement_read(r, block->text, block->first,
							      DRAFT_NONE) != IMPORT_STATED_NOTHING)
		r->use[b] = IMPORT_STATED;
}

/* Mermaid: lines with arrows, whatever frames them. Read only as a whole. */
static void read_diagram(struct import_reader *r, uint32_t b)
{
	static const char *const frames[] = { "graph", "flowchart", "subgraph", "end",      "%%",
					      "style", "classDef",  "class ",   "direction" };
	const struct commonmark_block *block = block_at(r, b);
	struct str rest = block->text, line;
	bool all = true, any = false;
	for (uint32_t k = 0; str_split(&rest, '\n', &line); k++) {
		line = str_trim(line);
		if (str_ends(line, STR(";")))
			line = str_slice(line, 0, line.n - 1);
		bool frame = !line.n;
		for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
			frame = frame || str_starts(line, str_from(frames[i]));
		bool chain = !frame &&
			     import_statement_chain(r, line,
						    import_outline_line(r, block->first + k));
		any = any || chain;
		all = all && (frame || chain);
	}
	if (any && all)
		r->use[b] = IMPORT_USED;
}

/* "Blocks: 3, 4": the others wait. */
static void read_blocks(struct import_reader *r, const struct import_pending *pending)
{
	struct import_agents others = { 0 };
	import_who_find(r, pending->text, pending->span, &others);
	for (size_t i = 0; i < others.list.n; i++)
		if (others.list.at[i] != pending->agent)
			draft_add_edge(r->draft, &r->draft->agents.at[others.list.at[i]],
				       pending->agent, pending->span);
	r->depends = r->depends || others.list.n;
	for (size_t i = 0; i < others.other.list.n; i++)
		import_statement_unknown(r, pending->span, others.other.list.at[i].text);
}

/* In prompts, "task 2" is one of the agent's own where agents are not called so. */
static bool is_own_task(struct import_reader *r, const struct import_pending *pending)
{
	const struct draft_agent *agent = &r->draft->agents.at[pending->agent];
	struct str declared = str_slice(r->text, agent->span.start, agent->span.end);
	static const char *const kinds[] = { "task ", "tasks ", "ticket ", "story " };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (import_word_has(pending->text, kinds[i]) && !import_word_has(declared, "task"))
			return true;
	return false;
}

static void read_pending(struct import_reader *r, const struct import_pending *pending)
{
	uint32_t line = source_place(r->sources, pending->span.source, pending->span.start).line;
	if (pending->field == IMPORT_DEPENDS)
		import_order_depends(r, pending->agent, pending->text, pending->span);
	else if (pending->field == IMPORT_BLOCKS)
		read_blocks(r, pending);
	else if (pending->field == IMPORT_SAYS && !is_own_task(r, pending))
		import_statement_read(r, pending->text, line, pending->agent);
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

/* "Wave 2 (starts after Wave 1 is merged)" */
static void read_group_headings(struct import_reader *r)
{
	for (size_t i = 0; i < r->sections.n; i++) {
		uint32_t b = r->sections.at[i].block;
		if (r->sections.at[i].group != DRAFT_NONE)
			import_statement_read(r, block_at(r, b)->text, block_at(r, b)->first,
					      DRAFT_NONE);
	}
}

void import_order_read(struct import_reader *r)
{
	import_who_begin(r);
	read_group_headings(r);
	for (size_t i = 0; i < r->pending.n; i++)
		read_pending(r, &r->pending.at[i]);
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
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		if (r->use[b] != IMPORT_OPEN || import_outline_agent(r, b) != DRAFT_NONE ||
		    (r->foreign && !import_outline_inside(r, b)))
			continue;
		if (block_at(r, b)->kind == COMMONMARK_PARAGRAPH)
			read_paragraph(r, b);
		else if (import_word_same(block_at(r, b)->info, STR("mermaid")))
			read_diagram(r, b);
	}
	follow_groups(r);
}
