/* import_outline.c — the sections of a document, what each is about, and the alternatives that it
 * offers.
 *
 * A paragraph in bold type, or one that ends in a colon before a list, table or fence, is a heading
 * to its author, so it is one here. */
#include "compiler/import_inside.h"

#include <string.h>

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

struct span import_outline_line(const struct import_reader *r, uint32_t line)
{
	const struct source *source = source_get(r->sources, r->draft->source);
	if (!line || line > source->line_n)
		line = (uint32_t)source->line_n;
	struct str text = source_line(source, line), trimmed = str_trim(text);
	uint32_t start = source->line[line - 1] + (uint32_t)(trimmed.n ? trimmed.at - text.at : 0);
	return (struct span){ r->draft->source, start, start + (uint32_t)trimmed.n };
}

struct span import_outline_text_line(const struct import_reader *r, uint32_t block, size_t k)
{
	return import_outline_line(r, block_at(r, block)->first + (uint32_t)k);
}

struct span import_outline_span(const struct import_reader *r, uint32_t block)
{
	const struct commonmark_block *b = block_at(r, block);
	if (b->kind == COMMONMARK_CELL)
		return (struct span){ r->draft->source, (uint32_t)b->start, (uint32_t)b->end };
	return import_outline_line(r, b->first);
}

const struct import_section *import_outline_section(const struct import_reader *r, uint32_t block)
{
	uint32_t section = r->section_of[block];
	return section == IMPORT_SECTION_NONE ? NULL : &r->sections.at[section];
}

bool import_outline_elsewhere(const struct import_reader *r, uint32_t block)
{
	const struct import_section *section = import_outline_section(r, block);
	return section && section->option && section->option != r->option;
}

bool import_outline_inside(const struct import_reader *r, uint32_t block)
{
	const struct import_section *section = import_outline_section(r, block);
	return !r->option || (section && section->option == r->option);
}

uint32_t import_outline_agent(const struct import_reader *r, uint32_t block)
{
	for (uint32_t s = r->section_of[block]; s != IMPORT_SECTION_NONE;
	     s = r->sections.at[s].parent)
		if (r->sections.at[s].agent != DRAFT_NONE)
			return r->sections.at[s].agent;
	return DRAFT_NONE;
}

uint32_t import_outline_group(const struct import_reader *r, uint32_t block)
{
	for (uint32_t s = r->section_of[block]; s != IMPORT_SECTION_NONE;
	     s = r->sections.at[s].parent)
		if (r->sections.at[s].group != DRAFT_NONE)
			return r->sections.at[s].group;
	return DRAFT_NONE;
}

void import_outline_take(struct import_reader *r, uint32_t block, enum import_use use)
{
	for (uint32_t i = block; i < block_at(r, block)->next; i++)
		r->use[i] = (uint8_t)use;
}

uint32_t import_outline_item_text(const struct import_reader *r, uint32_t item)
{
	uint32_t first = item + 1;
	if (first < block_at(r, item)->next && block_at(r, first)->kind == COMMONMARK_PARAGRAPH)
		return first;
	return IMPORT_SECTION_NONE;
}

/* A heading that is just the word: "Orders" may be a part of a shop. */
static bool is_order(struct str title)
{
	static const char *const words[] = { "order",          "order of work",      "sequence",
					     "run order",      "running order",      "task order",
					     "agent order",    "who waits for whom", "reihenfolge",
					     "abhängigkeiten", "abhängigkeit",       "ablauf" };
	while (title.n && strchr(":.0123456789 ", title.at[0]))
		title = str_slice(title, 1, title.n);
	while (title.n && strchr(":. ", title.at[title.n - 1]))
		title = str_slice(title, 0, title.n - 1);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (import_word_same(title, str_from(words[i])))
			return true;
	return false;
}

static enum import_topic topic_of(struct str title)
{
	static const struct {
		enum import_topic topic;
		const char *words;
	} topics[] = {
		{ IMPORT_TOPIC_MERGE,
		  "merge order|merge sequence|integration order|merge plan|merging|merge strategy|order of merg|zusammenführ" },
		{ IMPORT_TOPIC_CRITERIA,
		  "success criteria|acceptance|criteria|definition of done|done when|success metric|"
		  "kriterien|abnahme|验收" },
		{ IMPORT_TOPIC_METRICS,
		  "expected result|results|metrics|impact|benchmark|kpi|outcome" },
		{ IMPORT_TOPIC_ORDER,
		  "dependenc|execution order|in this order|order of execution|launch order|blocked by|sequencing|execution sequence|schedule" },
		{ IMPORT_TOPIC_NOTES,
		  "note|rule|constraint|guideline|risk|background|context|overview|assumption|out of scope|non-goal|goals|motivation|summary|rollback|legend|glossary|reference|decision|question|hinweis|hintergrund|purpose|ziel" },
		{ IMPORT_TOPIC_TASKS,
		  "task|agent|work item|breakdown|todo|to do|to-do|checklist|assignment|workstream|aufgabe|steps|backlog" },
	};
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		if (import_word_any(title, topics[i].words))
			return topics[i].topic;
	return is_order(title) ? IMPORT_TOPIC_ORDER : IMPORT_TOPIC_NONE;
}

/* A paragraph that its author uses as a heading. */
static bool stands_for_heading(const struct import_reader *r, uint32_t block)
{
	const struct commonmark_block *b = block_at(r, block);
	if (b->kind != COMMONMARK_PARAGRAPH || b->parent != 0 || !b->text.n)
		return false;
	bool single = str_find(b->text, '\n') == SIZE_MAX;
	if (b->strong && single)
		return true;
	const struct commonmark_block *next = b->next < r->document.blocks.n ? block_at(r, b->next)
									     : NULL;
	bool before = next && (next->kind == COMMONMARK_LIST || next->kind == COMMONMARK_TABLE ||
			       next->kind == COMMONMARK_CODE);
	struct str value;
	return before && single && b->text.at[b->text.n - 1] == ':' &&
	       import_word_label(b->text, &value) == IMPORT_NO_FIELD;
}

static uint32_t parent_for(const struct import_reader *r, uint32_t current, unsigned level)
{
	while (current != IMPORT_SECTION_NONE && r->sections.at[current].level >= level)
		current = r->sections.at[current].parent;
	return current;
}

static void read_sections(struct import_reader *r)
{
	uint32_t current = IMPORT_SECTION_NONE;
	size_t n = r->document.blocks.n;
	r->section_of = ARENA_MANY(r->arena, n, uint32_t);
	r->use = ARENA_MANY(r->arena, n, uint8_t);
	for (uint32_t i = 0; i < n; i++) {
		const struct commonmark_block *b = block_at(r, i);
		bool heading = b->kind == COMMONMARK_HEADING && b->parent == 0;
		if (heading || stands_for_heading(r, i)) {
			struct import_section section = { .block = i,
							  .agent = DRAFT_NONE,
							  .group = DRAFT_NONE };
			section.level = heading ? b->level : IMPORT_PSEUDO_LEVEL;
			section.parent = parent_for(r, current, section.level);
			section.title = import_word_plain(b->text);
			section.topic = topic_of(section.title);
			if (section.parent != IMPORT_SECTION_NONE) {
				const struct import_section *parent =
					&r->sections.at[section.parent];
				enum import_topic above = parent->topic;
				bool weak = section.topic == IMPORT_TOPIC_NONE ||
					    section.topic == IMPORT_TOPIC_TASKS;
				if (weak && parent->level > 1 && above != IMPORT_TOPIC_NONE)
					section.topic = above;
			}
			current = (uint32_t)r->sections.n;
			*VEC_ADD(r->arena, &r->sections) = section;
		}
		r->section_of[i] = current;
	}
}

/* ---- alternatives */

static bool reads_option(struct str title, struct import_option *option)
{
	static const char *const kinds[] = { "option",   "alternative", "variant", "approach",
					     "scenario", "strategy",    "variante" };
	struct str plain = import_word_plain(title);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct str kind = str_from(kinds[i]);
		if (plain.n <= kind.n + 1 || !import_word_same(str_slice(plain, 0, kind.n), kind) ||
		    plain.at[kind.n] != ' ')
			continue;
		struct str rest = str_slice(plain, kind.n + 1, plain.n);
		size_t end = 0;
		while (end < rest.n && rest.at[end] != ':' && rest.at[end] != ' ' &&
		       rest.at[end] != '.' && rest.at[end] != ')')
			end++;
		struct str id = str_slice(rest, 0, end);
		bool number = id.n && id.n <= 2 && id.at[0] >= '0' && id.at[0] <= '9';
		if (!number && !(id.n == 1 && id.at[0] >= 'A' && id.at[0] <= 'Z'))
			continue;
		option->id = id;
		option->title = plain;
		option->recommended =
			import_word_any(title, "recommended|preferred|default|empfohlen|chosen");
		return true;
	}
	return false;
}

/* Two sections of one parent and level at least. */
static bool has_sibling(const struct import_reader *r, size_t index)
{
	struct import_option option;
	for (size_t i = 0; i < r->sections.n; i++)
		if (i != index && r->sections.at[i].parent == r->sections.at[index].parent &&
		    r->sections.at[i].level == r->sections.at[index].level &&
		    reads_option(r->sections.at[i].title, &option))
			return true;
	return false;
}

static void read_options(struct import_reader *r)
{
	for (size_t i = 0; i < r->sections.n; i++) {
		struct import_section *section = &r->sections.at[i];
		struct import_option option;
		if (section->parent != IMPORT_SECTION_NONE)
			section->option = r->sections.at[section->parent].option;
		if (section->option || !reads_option(section->title, &option) || !has_sibling(r, i))
			continue;
		option.span = import_outline_line(r, block_at(r, section->block)->first);
		*VEC_ADD(r->arena, &r->import->options) = option;
		section->option = r->import->options.n;
		r->use[section->block] = IMPORT_USED;
	}
}

/* "b", "B:", "Option B". */
static bool is_called(const struct import_option *option, struct str want)
{
	size_t at = 0;
	while (want.n && strchr(":.) ", want.at[want.n - 1]))
		want = str_slice(want, 0, want.n - 1);
	if (import_word_same(option->id, want) || import_word_same(option->title, want))
		return true;
	while (at < want.n && want.at[at] != ' ')
		at++;
	return at < want.n && import_word_starts(option->title, str_slice(want, 0, at + 1)) &&
	       import_word_same(str_trim(str_slice(want, at, want.n)), option->id);
}

/* Are they words of its heading, from the beginning of one on? "30" is; "gents" is not. */
static bool holds_words(const struct import_option *option, struct str want)
{
	struct str title = option->title;
	for (size_t i = 0; want.n && i + want.n <= title.n; i++) {
		size_t end = i + want.n;
		bool whole = want.n > 2 || end == title.n || !import_word_inside(title.at[end]);
		if ((!i || !import_word_inside(title.at[i - 1])) && whole &&
		    import_word_same(str_slice(title, i, end), want))
			return true;
	}
	return false;
}

/* How many of the alternatives are meant; the first of them. */
static size_t find_option(const struct import_reader *r, struct str want, size_t *chosen)
{
	size_t found = 0;
	for (size_t pass = 0; pass < 2 && !found; pass++)
		for (size_t i = r->import->options.n; i-- > 0;) {
			const struct import_option *option = &r->import->options.at[i];
			if (!(pass ? holds_words(option, want) : is_called(option, want)))
				continue;
			found++;
			*chosen = i + 1;
		}
	return found;
}

static bool choose(struct import_reader *r)
{
	size_t n = r->import->options.n, chosen = n > 0;
	const struct import_option *options = r->import->options.at;
	struct str want = str_trim(r->ask->option);
	if (!n && !want.n)
		return true;
	for (size_t i = n; i-- > 0 && !want.n;)
		chosen = options[i].recommended ? i + 1 : chosen;
	if (want.n) {
		size_t found = find_option(r, want, &chosen);
		r->import->ambiguous = found > 1;
		chosen = found == 1 ? chosen : 0;
	}
	r->option = chosen;
	r->import->chosen = chosen ? chosen - 1 : 0;
	return chosen > 0;
}

bool import_outline_read(struct import_reader *r)
{
	commonmark_read(r->arena, r->text, &r->document);
	markdown_read(r->arena, r->text, &r->headings);
	read_sections(r);
	read_options(r);
	if (!choose(r))
		return false;
	for (uint32_t i = 0; i < r->document.blocks.n; i++)
		if (import_outline_elsewhere(r, i))
			r->use[i] = IMPORT_PROSE;
	return true;
}
