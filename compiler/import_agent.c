/* import_agent.c — which agents a document has: rows of task tables, headings and items of lists
 * that number them.
 *
 * The same agent may be declared by a row and by a heading: they have the same number, and titles
 * that are alike. When a document offers alternatives, each numbers its own agents; prompts outside
 * of them are numbered as one of them is. For another, they are found by their titles. */
#include "compiler/import_inside.h"
#include "compiler/import_phrase.h"

#include <string.h>

enum { ALIKE = 50, ALIKE_ALONE = 67, COLUMNS_MOST = 32 };

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

static bool open_block(const struct import_reader *r, uint32_t block)
{
	return r->use[block] == IMPORT_OPEN;
}

/* ---- finding and declaring */

static uint32_t find_by_id(const struct import_reader *r, struct str id, struct str title)
{
	uint32_t found = DRAFT_NONE;
	for (uint32_t i = 0; i < r->draft->agents.n && id.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		if (!import_word_same(agent->id, id))
			continue;
		if (!title.n || !agent->title.n ||
		    import_word_alike(r->arena, agent->title, title) >= ALIKE)
			return i;
		found = found == DRAFT_NONE ? i : found;
	}
	return found;
}

static uint32_t find_by_title(const struct import_reader *r, struct str title, unsigned least)
{
	uint32_t found = DRAFT_NONE;
	unsigned best = least - 1;
	for (uint32_t i = 0; i < r->draft->agents.n && title.n; i++) {
		unsigned alike = import_word_alike(r->arena, r->draft->agents.at[i].title, title);
		if (alike > best) {
			best = alike;
			found = i;
		}
	}
	return found;
}

static uint32_t add_agent(struct import_reader *r, struct str id, struct str title,
			  struct span span, uint32_t group)
{
	struct draft_agent *agent = draft_add_agent(r->draft, id, title, span);
	agent->group = group;
	return (uint32_t)(r->draft->agents.n - 1);
}

static struct str without_count(struct str title)
{
	size_t open = str_find(title, '(');
	struct draft_time count;
	size_t at = 0;
	bool counts = open != SIZE_MAX &&
		      import_time_count(str_slice(title, open, title.n), &at, &count);
	return counts ? import_word_plain(str_slice(title, 0, open)) : title;
}

/* "Wave 1 (parallel)" */
static struct str before_bracket(struct str title)
{
	size_t open = str_find(title, '(');
	return open == SIZE_MAX || !open ? title : import_word_plain(str_slice(title, 0, open));
}

/* ---- tables */

struct columns {
	enum import_field field[COLUMNS_MOST];
	uint64_t unit[COLUMNS_MOST];
	size_t n, has[IMPORT_FIELDS]; /* has: how many of a kind */
};

static void read_columns(const struct import_reader *r, uint32_t row, struct columns *columns)
{
	*columns = (struct columns){ .n = 0 };
	for (uint32_t c = row + 1; c < block_at(r, row)->next && columns->n < COLUMNS_MOST;
	     c = block_at(r, c)->next) {
		struct str text = block_at(r, c)->text;
		enum import_field field = import_word_field(text);
		/* "Task ID" and "Task", "Task" and "Description": one numbers, one tells. */
		if ((field == IMPORT_TITLE || field == IMPORT_ID) && columns->has[field])
			field = field == IMPORT_TITLE && !columns->has[IMPORT_DESCRIPTION]
					? IMPORT_DESCRIPTION
					: IMPORT_OTHER;
		columns->unit[columns->n] = field == IMPORT_TIME ? import_time_unit(text) : 0;
		columns->field[columns->n++] = field;
		columns->has[field]++;
	}
	if (columns->has[IMPORT_DESCRIPTION] && !columns->has[IMPORT_TITLE] &&
	    !columns->has[IMPORT_ID])
		return;
	for (size_t i = 0; i < columns->n && !columns->has[IMPORT_TITLE]; i++)
		if (columns->field[i] == IMPORT_DESCRIPTION) {
			columns->field[i] = IMPORT_TITLE;
			columns->has[IMPORT_TITLE]++;
			columns->has[IMPORT_DESCRIPTION]--;
		}
}

static bool is_task_table(const struct columns *columns)
{
	size_t known = columns->has[IMPORT_FILES] + columns->has[IMPORT_CREATES] +
		       columns->has[IMPORT_TIME] + columns->has[IMPORT_DEPENDS] +
		       columns->has[IMPORT_BRANCH] + columns->has[IMPORT_PROMPT];
	if (columns->has[IMPORT_ID] && columns->has[IMPORT_TITLE])
		return true;
	return (columns->has[IMPORT_ID] || columns->has[IMPORT_TITLE]) && known;
}

struct row {
	struct str id, title, name;
	uint32_t cell[COLUMNS_MOST];
	size_t n;
};

static void read_row(const struct import_reader *r, uint32_t block, const struct columns *columns,
		     struct row *row)
{
	*row = (struct row){ .n = 0 };
	for (uint32_t c = block + 1; c < block_at(r, block)->next && row->n < columns->n;
	     c = block_at(r, c)->next) {
		enum import_field field = columns->field[row->n];
		struct str text = import_word_plain(block_at(r, c)->text);
		struct import_ref ref;
		row->cell[row->n++] = c;
		if (field != IMPORT_ID && field != IMPORT_TITLE)
			continue;
		if (import_ref_read(text, &ref) && !ref.group &&
		    (field == IMPORT_ID || !row->id.n)) {
			row->id = ref.id;
			if (ref.title.n)
				row->title = ref.title;
		} else if (field == IMPORT_ID && import_ref_is_id(text)) {
			row->id = text;
			while (row->id.n > 1 && row->id.at[0] == '0')
				row->id = str_slice(row->id, 1, row->id.n);
		} else if (field == IMPORT_ID) {
			row->name = text;
		} else {
			row->title = text;
		}
	}
}

static void read_table(struct import_reader *r, uint32_t table)
{
	struct columns columns = { .n = 0 };
	for (uint32_t b = table + 1; b < block_at(r, table)->next; b = block_at(r, b)->next) {
		if (block_at(r, b)->header) {
			read_columns(r, b, &columns);
			if (!is_task_table(&columns) || import_outline_agent(r, b) != DRAFT_NONE)
				return;
			r->use[table] = IMPORT_USED;
			import_outline_take(r, b, IMPORT_USED);
			continue;
		}
		struct row row;
		read_row(r, b, &columns, &row);
		struct import_pending pending;
		row.title = import_title_order(r, row.title, &pending);
		struct str title = row.title.n ? row.title : row.name;
		if (!row.id.n && !title.n)
			continue;
		/* The last row of many a table is a sum. */
		if (!row.id.n && import_word_any(title, "total|summe|sum "))
			continue;
		struct span span = import_outline_span(r, b);
		uint32_t agent = find_by_id(r, row.id, title);
		if (agent == DRAFT_NONE && !row.id.n)
			agent = find_by_title(r, title, 100);
		if (agent == DRAFT_NONE) {
			agent = add_agent(r, row.id, title, span, import_outline_group(r, b));
			r->draft->agents.at[agent].name = row.title.n ? row.name : STR("");
		} else if (title.n) {
			draft_say(r->draft, &r->draft->agents.at[agent].titles, title, span);
		}
		import_outline_take(r, b, IMPORT_USED);
		if (pending.text.n)
			import_detail_hold(r, agent, pending.field, pending.text, span);
		for (size_t i = 0; i < row.n; i++)
			import_detail_field(r, agent, columns.field[i],
					    block_at(r, row.cell[i])->text, row.cell[i],
					    columns.unit[i], import_outline_span(r, row.cell[i]));
	}
}

/* ---- headings */

static uint32_t group_of(struct import_reader *r, struct import_section *section,
			 const struct import_ref *ref)
{
	struct str title = without_count(ref->title);
	if (!title.n || title.at[0] == '(')
		title = before_bracket(section->title);
	uint32_t group = draft_add_group(r->draft, title, import_outline_span(r, section->block));
	r->draft->groups.at[group].id = ref->id;
	section->ordered = ref->ordered;
	r->use[section->block] = IMPORT_USED;
	return group;
}

/* "Agent 1 must wait for agent 3", "Agent 3: after 1": says an order of agents, and declares none. */
static bool is_statement(struct arena *arena, const struct import_ref *ref)
{
	struct import_phrase phrase;
	struct import_phrase_tail tail;
	struct str title = ref->title;
	if (ref->marked)
		return import_phrase_tail(arena, title, &tail) && !tail.title.n;
	return import_phrase_find(title, 0, &phrase) &&
	       import_phrase_is_filled(str_slice(title, 0, phrase.start));
}

static bool numbers_agents(const struct import_reader *r, const struct import_section *section,
			   const struct import_ref *ref, bool steps)
{
	if (section->parent != IMPORT_SECTION_NONE &&
	    import_outline_agent(r, r->sections.at[section->parent].block) != DRAFT_NONE)
		return false;
	if (section->level == IMPORT_PSEUDO_LEVEL && !ref->agent)
		return false;
	if (ref->agent)
		return (steps || !import_word_has(ref->kind, "step")) &&
		       !is_statement(r->arena, ref);
	bool tasks = section->parent != IMPORT_SECTION_NONE &&
		     (r->sections.at[section->parent].topic == IMPORT_TOPIC_TASKS ||
		      r->sections.at[section->parent].group != DRAFT_NONE);
	/* "T01" alone, when a table has declared it. */
	bool known = ref->id.n > 1 && !(ref->id.at[0] >= '0' && ref->id.at[0] <= '9') &&
		     find_by_id(r, ref->id, ref->title) != DRAFT_NONE;
	return !ref->group && (tasks || known) && section->level > 1;
}

static uint32_t agent_of_heading(struct import_reader *r, const struct import_section *section,
				 const struct import_ref *ref, bool declared_before)
{
	struct span span = import_outline_span(r, section->block);
	bool inside = import_outline_inside(r, section->block);
	uint32_t agent = r->foreign && !inside ? find_by_title(r, ref->title, ALIKE_ALONE)
					       : find_by_id(r, ref->id, ref->title);
	/* Tasks may be numbered anew in each phase: the same number with another title is another
	 * task. */
	if (agent != DRAFT_NONE && !declared_before && ref->title.n &&
	    import_word_alike(r->arena, r->draft->agents.at[agent].title, ref->title) < ALIKE)
		agent = DRAFT_NONE;
	if (agent == DRAFT_NONE && r->foreign && !inside)
		return DRAFT_NONE;
	if (agent == DRAFT_NONE) {
		uint32_t group = import_outline_group(r, section->block);
		return add_agent(r, ref->id, ref->title, span, group);
	}
	if (ref->title.n)
		draft_say(r->draft, &r->draft->agents.at[agent].titles, ref->title, span);
	return agent;
}

/* Do headings outside of the chosen alternative number its agents, or those of another one? */
static void find_foreign(struct import_reader *r)
{
	size_t seen = 0, same = 0;
	for (size_t i = 0; i < r->sections.n && r->option && r->draft->agents.n; i++) {
		const struct import_section *section = &r->sections.at[i];
		struct import_ref ref;
		if (section->option || !import_ref_read(section->title, &ref) || !ref.agent ||
		    !ref.title.n)
			continue;
		if (!seen++)
			r->foreign_place = import_outline_span(r, section->block);
		uint32_t agent = find_by_id(r, ref.id, ref.title);
		same += agent != DRAFT_NONE &&
			import_word_alike(r->arena, r->draft->agents.at[agent].title, ref.title) >=
				ALIKE;
	}
	r->foreign = seen && same * 2 < seen;
}

static void read_bracket(struct import_reader *r, const struct import_section *section,
			 struct str bracket)
{
	struct span span = import_outline_span(r, section->block);
	if (!bracket.n || section->agent == DRAFT_NONE)
		return;
	import_detail_field(r, section->agent, IMPORT_OTHER, bracket, section->block, 0, span);
	struct str others = import_title_rest(r->arena, bracket);
	if (others.n)
		draft_say(r->draft, &r->draft->agents.at[section->agent].notes,
			  arena_format(r->arena, "(%.*s)", STR_ARG(others)), span);
}

/* The first heading of a document, alone on its level, is its title: "# Sprint 12". */
static bool is_title(const struct import_reader *r, size_t section)
{
	size_t same = 0;
	for (size_t i = 0; i < r->sections.n; i++)
		same += r->sections.at[i].level == 1;
	return !section && r->sections.at[0].level == 1 && same == 1;
}

static void read_headings(struct import_reader *r, bool steps)
{
	size_t before = r->draft->agents.n;
	for (size_t i = 0; i < r->sections.n; i++) {
		struct import_section *section = &r->sections.at[i];
		struct import_ref ref;
		if (!open_block(r, section->block) || section->agent != DRAFT_NONE ||
		    section->group != DRAFT_NONE || !import_ref_read(section->title, &ref))
			continue;
		bool said = section->topic == IMPORT_TOPIC_MERGE ||
			    section->topic == IMPORT_TOPIC_ORDER ||
			    section->topic == IMPORT_TOPIC_CRITERIA;
		if (ref.group && !said && !is_title(r, i))
			section->group = group_of(r, section, &ref);
		if (said || !numbers_agents(r, section, &ref, steps))
			continue;
		struct str bracket = import_title_bracket(&ref);
		struct import_pending pending;
		ref.title = import_title_order(r, ref.title, &pending);
		section->agent = agent_of_heading(r, section, &ref, before > 0);
		read_bracket(r, section, bracket);
		if (pending.text.n && section->agent != DRAFT_NONE)
			import_detail_hold(r, section->agent, pending.field, pending.text,
					   import_outline_span(r, section->block));
		if (section->agent != DRAFT_NONE || r->foreign)
			r->use[section->block] = section->agent != DRAFT_NONE ? IMPORT_USED
									      : IMPORT_PROSE;
	}
}

/* Groups are needed before tables and lists are read that lie in them. */
static void read_group_headings(struct import_reader *r)
{
	for (size_t i = 0; i < r->sections.n; i++) {
		struct import_section *section = &r->sections.at[i];
		struct import_ref ref;
		bool said = section->topic == IMPORT_TOPIC_MERGE ||
			    section->topic == IMPORT_TOPIC_ORDER ||
			    section->topic == IMPORT_TOPIC_CRITERIA ||
			    section->topic == IMPORT_TOPIC_METRICS;
		if (open_block(r, section->block) && !said && !is_title(r, i) &&
		    import_ref_read(section->title, &ref) && ref.group)
			section->group = group_of(r, section, &ref);
	}
}

/* ---- lists */

static struct str first_line(struct str text)
{
	struct str rest = text, line = text;
	str_split(&rest, '\n', &line);
	return line;
}

/* The item's lines without its mark and indentation. */
static struct str item_source(const struct import_reader *r, uint32_t item)
{
	const struct commonmark_block *b = block_at(r, item), *text = block_at(r, item + 1);
	const struct source *source = source_get(r->sources, r->draft->source);
	size_t column = text->start - source->line[text->first - 1];
	struct text out = { 0 };
	for (uint32_t line = b->first; line <= b->last; line++) {
		struct str raw = source_line(source, line);
		size_t white = 0;
		while (white < raw.n && white < column &&
		       (raw.at[white] == ' ' || line == text->first))
			white++;
		if (line > b->first)
			text_add_byte(&out, '\n');
		text_add(&out, str_slice(raw, white, raw.n));
	}
	struct str plain = arena_copy(r->arena, str_trim(text_str(&out)));
	text_release(&out);
	return plain;
}

static void read_item(struct import_reader *r, uint32_t item, uint32_t paragraph, struct str id,
		      struct str rest, uint32_t group)
{
	struct import_title text = import_title_split(rest);
	struct span span = import_outline_span(r, paragraph);
	struct import_pending pending;
	text.title = import_title_order(r, text.title, &pending);
	uint32_t agent = find_by_id(r, id, text.title);
	if (!text.title.n && agent == DRAFT_NONE)
		return;
	bool other = agent != DRAFT_NONE && text.title.n &&
		     import_word_alike(r->arena, r->draft->agents.at[agent].title, text.title) <
			     ALIKE;
	bool declared = agent == DRAFT_NONE || other || !id.n;
	if (declared)
		agent = add_agent(r, id, text.title, span, group);
	else if (text.title.n)
		draft_say(r->draft, &r->draft->agents.at[agent].titles, text.title, span);
	r->draft->agents.at[agent].done = block_at(r, item)->ticked;
	import_outline_take(r, item, IMPORT_USED);
	import_detail_field(r, agent, IMPORT_OTHER, text.details, paragraph, 0, span);
	if (pending.text.n)
		import_detail_hold(r, agent, pending.field, pending.text, span);
	struct str title = import_title_place(r, agent, text.title, span);
	if (declared && title.n < text.title.n)
		r->draft->agents.at[agent].title =
			r->draft->agents.at[agent].titles.list.at[0].text = title;
	bool more = block_at(r, paragraph)->next < block_at(r, item)->next ||
		    str_find(block_at(r, paragraph)->text, '\n') != SIZE_MAX;
	struct draft_prompt *prompt = &r->draft->agents.at[agent].prompt;
	if (more && prompt->kind == DRAFT_NO_PROMPT)
		*prompt = (struct draft_prompt){ DRAFT_PROMPT_TEXT, STR(""), item_source(r, item),
						 span };
	enum import_field context = IMPORT_NO_FIELD;
	for (uint32_t b = block_at(r, paragraph)->next; b < block_at(r, item)->next; b++) {
		const struct commonmark_block *inner = block_at(r, b);
		if (inner->kind != COMMONMARK_PARAGRAPH)
			continue;
		struct str value;
		enum import_field field = import_word_label(inner->text, &value);
		if (field == IMPORT_DESCRIPTION || field == IMPORT_PROMPT || field == IMPORT_OTHER)
			import_detail_field(r, agent, field, value, b, 0,
					    import_outline_span(r, b));
		else
			import_detail_lines(r, agent, b, &context);
	}
}

/* How freely an item is taken for an agent. */
enum freedom { NUMBERED, BOXES, ITEMS, WITH_FILES };

static bool names_file(const struct import_reader *r, uint32_t item)
{
	for (uint32_t b = item + 1; b < block_at(r, item)->next; b++)
		for (size_t i = 0; i < block_at(r, b)->codes.n; i++)
			if (import_word_is_path(block_at(r, b)->codes.at[i].text))
				return true;
	uint32_t paragraph = import_outline_item_text(r, item);
	struct str rest = paragraph == IMPORT_SECTION_NONE ? STR("") : block_at(r, paragraph)->text,
		   word;
	/* Set as code or not; "and/or" is none, so it has an ending. */
	while (str_split(&rest, ' ', &word)) {
		while (word.n && strchr(",.;:)", word.at[word.n - 1]))
			word = str_slice(word, 0, word.n - 1);
		size_t slash = str_find(word, '/'), dot = str_find(word, '.');
		if (slash != SIZE_MAX && dot != SIZE_MAX && dot + 1 < word.n &&
		    import_word_is_path(word))
			return true;
	}
	return false;
}

/* A numbered list, most of which names files. */
static bool is_list_of_work(const struct import_reader *r, uint32_t list)
{
	size_t items = 0, files = 0;
	for (uint32_t i = list + 1; i < block_at(r, list)->next; i = block_at(r, i)->next) {
		items++;
		files += block_at(r, i)->level && names_file(r, i);
	}
	return files > 1 && files * 2 > items;
}

static bool is_agent_item(const struct import_reader *r, uint32_t item,
			  const struct import_ref *ref, bool has_ref, enum freedom freedom)
{
	const struct import_section *section = import_outline_section(r, item);
	enum import_topic topic = section ? section->topic : IMPORT_TOPIC_NONE;
	bool grouped = import_outline_group(r, item) != DRAFT_NONE;
	if (topic == IMPORT_TOPIC_MERGE || topic == IMPORT_TOPIC_ORDER ||
	    topic == IMPORT_TOPIC_CRITERIA || topic == IMPORT_TOPIC_METRICS ||
	    (topic == IMPORT_TOPIC_NOTES && !grouped))
		return false;
	if (has_ref && ref->agent)
		return ref->title.n > 0 && !import_word_has(ref->kind, "step") &&
		       !is_statement(r->arena, ref);
	if (has_ref && ref->group)
		return false;
	bool top = block_at(r, block_at(r, item)->parent)->parent == 0;
	if (freedom == NUMBERED)
		return has_ref && block_at(r, item)->task &&
		       !(ref->id.n && ref->id.at[0] >= '0' && ref->id.at[0] <= '9');
	if (freedom == BOXES)
		return block_at(r, item)->task && (top || grouped);
	if (freedom == WITH_FILES)
		return top && is_list_of_work(r, block_at(r, item)->parent);
	return top && (topic == IMPORT_TOPIC_TASKS || grouped);
}

static void read_lists(struct import_reader *r, enum freedom freedom)
{
	uint32_t group = DRAFT_NONE, group_end = 0;
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		const struct commonmark_block *item = block_at(r, b);
		uint32_t paragraph = item->kind == COMMONMARK_ITEM ? import_outline_item_text(r, b)
								   : IMPORT_SECTION_NONE;
		if (paragraph == IMPORT_SECTION_NONE || !open_block(r, b) ||
		    import_outline_agent(r, b) != DRAFT_NONE)
			continue;
		struct str line = first_line(block_at(r, paragraph)->text);
		struct import_ref ref;
		bool has_ref = import_ref_read(line, &ref);
		bool nested = block_at(r, paragraph)->next < item->next;
		if (has_ref && ref.group && nested && !import_word_any(ref.title, "agent")) {
			group = draft_add_group(r->draft,
						without_count(ref.title.n ? ref.title : line),
						import_outline_span(r, b));
			r->draft->groups.at[group].id = ref.id;
			group_end = item->next;
			r->use[b] = r->use[paragraph] = IMPORT_USED;
			continue;
		}
		if (!is_agent_item(r, b, &ref, has_ref, freedom))
			continue;
		uint32_t in = b < group_end ? group : import_outline_group(r, b);
		struct str number = item->level ? arena_format(r->arena, "%u", item->level)
						: STR("");
		read_item(r, b, paragraph, has_ref ? ref.id : number, has_ref ? ref.title : line,
			  in);
	}
}

void import_agent_read(struct import_reader *r)
{
	read_group_headings(r);
	for (uint32_t b = 0; b < r->document.blocks.n; b++)
		if (block_at(r, b)->kind == COMMONMARK_TABLE && open_block(r, b) &&
		    import_outline_inside(r, b))
			read_table(r, b);
	if (r->option)
		read_lists(r, NUMBERED);
	find_foreign(r);
	read_headings(r, false);
	if (!r->option || !r->draft->agents.n)
		read_lists(r, NUMBERED);
	for (uint32_t b = 0; b < r->document.blocks.n; b++)
		if (block_at(r, b)->kind == COMMONMARK_TABLE && open_block(r, b) && !r->foreign)
			read_table(r, b);
	if (!r->draft->agents.n)
		read_headings(r, true);
	if (!r->draft->agents.n)
		read_lists(r, BOXES);
	if (!r->draft->agents.n)
		read_lists(r, ITEMS);
	/* A numbered list of what names files, wherever it is. */
	if (!r->draft->agents.n)
		read_lists(r, WITH_FILES);
}
