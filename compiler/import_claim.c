/* import_claim.c — what a document says of the whole: its title, times, numbers of agents, that
 * nothing overlaps, when it has succeeded, and what is to be better afterwards. */
#include "compiler/import_inside.h"

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

static enum import_topic topic_at(const struct import_reader *r, uint32_t block)
{
	const struct import_section *section = import_outline_section(r, block);
	return section ? section->topic : IMPORT_TOPIC_NONE;
}

/* ---- times */

static const char wall_words[] =
	"wall|parallel|elapsed|real time|real-time|clock|calendar|total time with";
static const char work_words[] =
	"of work|work|total|sequential|effort|agent-hours|serial|agent time|sum|gesamt";

/* What a duration is about: by the words behind it, up to the next one, else by those in front of
 * it. */
static bool kind_of(struct str before, struct str behind, enum draft_claim_kind *kind)
{
	struct str texts[] = { behind, before };
	for (size_t i = 0; i < 2; i++) {
		if (import_word_any(texts[i], wall_words)) {
			*kind = DRAFT_WALL;
			return true;
		}
		if (import_word_any(texts[i], work_words)) {
			*kind = DRAFT_WORK;
			return true;
		}
	}
	return false;
}

static void add_claim(struct import_reader *r, enum draft_claim_kind kind,
		      const struct draft_time *value, struct span span, bool inside)
{
	*VEC_ADD(r->arena, &r->draft->claims) = (struct draft_claim){ kind, value->least,
								      value->most, span, !inside };
}

/* "Total: 11.5 hours → 4-5 hours wall time". */
static bool read_times(struct import_reader *r, struct str line, struct span span, bool inside)
{
	struct {
		struct draft_time time;
		size_t end;
	} times[4];
	size_t n = 0, at = 0;
	while (n < 4 && import_time_read(line, &at, 0, &times[n].time)) {
		times[n].end = at;
		n++;
	}
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		size_t from = i ? times[i - 1].end : 0, to = i + 1 < n ? times[i + 1].end : line.n;
		enum draft_claim_kind kind;
		struct str behind = str_slice(line, times[i].end, to);
		/* The number that ends `behind` belongs to the next duration; its words do not
		 * reach over an arrow or into the next sentence. */
		size_t arrow = str_find_text(behind, STR("→"));
		if (arrow != SIZE_MAX)
			behind = str_slice(behind, 0, arrow);
		size_t stop = str_find_text(behind, STR(". "));
		if (stop != SIZE_MAX)
			behind = str_slice(behind, 0, stop);
		if (!kind_of(str_slice(line, from, times[i].end), behind, &kind))
			continue;
		add_claim(r, kind, &times[i].time, span, inside);
		any = true;
	}
	return any;
}

static void read_counts(struct import_reader *r, uint32_t block, struct str line, struct span span,
			bool inside)
{
	struct draft_time count;
	size_t at = 0;
	const struct import_section *section = import_outline_section(r, block);
	bool group = section && section->group != DRAFT_NONE;
	if (group || !import_time_count(line, &at, &count) ||
	    !(import_word_any(line, "execute|option|total|launch|run |plan|alternative|use ")))
		return;
	add_claim(r, DRAFT_AGENTS, &count, span, inside);
}

/* "Group 2: ML wiring (10 agents)": counted at once. */
static void check_group(struct import_reader *r, const struct import_section *section)
{
	struct draft_time count;
	size_t at = 0, members = 0;
	if (section->group == DRAFT_NONE || !import_time_count(section->title, &at, &count))
		return;
	for (size_t i = 0; i < r->draft->agents.n; i++)
		members += r->draft->agents.at[i].group == section->group;
	if (members >= count.least && members <= count.most)
		return;
	struct diag *diag = diag_add(r->diags, DIAG_CONTRADICTION,
				     import_outline_span(r, section->block),
				     "the heading says %u agents, and %zu are listed under it",
				     (unsigned)count.most, members);
	for (size_t i = 0; i < r->draft->agents.n; i++)
		if (r->draft->agents.at[i].group == section->group)
			diag_label(r->diags, diag, r->draft->agents.at[i].span, "one of them");
}

/* ---- other lines */

static const char overlap_words[] =
	"no file overlap|no overlap|no conflict|without conflict|conflict-free|conflict free|don't overlap|"
	"do not overlap|non-overlapping|nonoverlapping|zero conflict|merge conflicts only possible|"
	"no file conflict|zero file overlap|exclusive file|keine konflikte|überschneidungsfrei";
/* Of files, whenever they are changed. */
static const char sharing_words[] =
	"different files|disjoint|no shared file|never touch the same|never edit the same|"
	"files do not overlap|files don't overlap|share no file|verschiedene dateien|dieselbe datei";
static const char once_words[] =
	"simultaneous|all agents can run|all in parallel|all agents run in parallel|gleichzeitig";

/* "No two workstreams touch the same file." */
static bool says_no_sharing(struct str line)
{
	if (import_word_any(line, "no two |never two |keine zwei "))
		return import_word_any(line, "file|path|datei|overlap");
	return import_word_any(line, sharing_words);
}

/* "Test after each agent completes", without a command. */
static bool tells_to_test(struct str line)
{
	return import_word_any(line, "test|verify|validate") &&
	       import_word_any(
		       line,
		       "after each|after every|after all agents|each agent|per agent|before merging|before each merge|after each merge");
}

static void read_test_line(struct import_reader *r, uint32_t block, struct span span)
{
	const struct commonmark_block *b = block_at(r, block);
	for (size_t i = 0; i < b->codes.n; i++)
		if (import_word_is_test(b->codes.at[i].text)) {
			draft_say(r->draft, &r->draft->tests, b->codes.at[i].text, span);
			return;
		}
	struct diag *diag = diag_add(r->diags, DIAG_VAGUE, span,
				     "this asks for tests, and names no command");
	diag_here(r->diags, diag, "what is to be run?");
	diag_help(r->diags, diag, "write the command, in backquotes: it becomes `test sh \"…\"`");
}

/* "Acceptance: `make test` passes", outside of the agents' sections. */
static bool read_labelled_test(struct import_reader *r, uint32_t block, struct str line,
			       struct span span)
{
	const struct commonmark_block *b = block_at(r, block);
	struct str value;
	enum import_field field = import_word_label(line, &value);
	if ((field != IMPORT_CRITERIA && field != IMPORT_TEST) || !value.n)
		return false;
	size_t from = (size_t)(value.at - b->text.at);
	for (size_t i = 0; i < b->codes.n; i++)
		if (b->codes.at[i].at >= from && b->codes.at[i].at < from + value.n &&
		    import_word_is_test(b->codes.at[i].text)) {
			draft_say(r->draft, &r->draft->tests, b->codes.at[i].text, span);
			return true;
		}
	if (field == IMPORT_CRITERIA)
		draft_say(r->draft, &r->draft->criteria, value, span);
	return field == IMPORT_CRITERIA;
}

static bool read_line(struct import_reader *r, uint32_t block, struct str line, struct span span)
{
	bool inside = import_outline_inside(r, block), any = false;
	if (read_labelled_test(r, block, line, span))
		return true;
	enum import_topic topic = topic_at(r, block);
	if (says_no_sharing(line)) {
		draft_say(r->draft, &r->draft->no_sharing, str_trim(line), span);
		any = true;
	} else if (import_word_any(line, overlap_words)) {
		draft_say(r->draft, &r->draft->no_overlap, str_trim(line), span);
		any = true;
	}
	if (import_word_any(line, once_words)) {
		draft_say(r->draft, &r->draft->simultaneous, str_trim(line), span);
		any = true;
	}
	if (tells_to_test(line) && topic != IMPORT_TOPIC_CRITERIA &&
	    topic != IMPORT_TOPIC_METRICS) {
		read_test_line(r, block, span);
		any = true;
	}
	if (topic != IMPORT_TOPIC_METRICS && topic != IMPORT_TOPIC_CRITERIA)
		any = read_times(r, line, span, inside) || any;
	read_counts(r, block, line, span, inside);
	return any;
}

/* ---- success and results */

static uint32_t agent_of_criterion(struct import_reader *r, uint32_t item, struct str line)
{
	unsigned number = block_at(r, item)->level;
	size_t colon = str_find(line, ':');
	struct str title = colon == SIZE_MAX ? line : str_slice(line, 0, colon);
	uint32_t best = DRAFT_NONE;
	unsigned most = 0;
	for (uint32_t i = 0; i < r->draft->agents.n; i++) {
		const struct draft_agent *agent = &r->draft->agents.at[i];
		unsigned alike = 0;
		for (size_t t = 0; t < agent->titles.list.n; t++) {
			unsigned one = import_word_alike(r->arena, agent->titles.list.at[t].text,
							 title);
			alike = one > alike ? one : alike;
		}
		bool same = number &&
			    import_word_same(agent->id, arena_format(r->arena, "%u", number));
		alike += same ? 1 : 0;
		if (alike > most && (alike >= 67 || (same && colon != SIZE_MAX && alike >= 31))) {
			most = alike;
			best = i;
		}
	}
	return best;
}

static void read_criterion(struct import_reader *r, uint32_t item, uint32_t paragraph,
			   size_t *without)
{
	const struct commonmark_block *b = block_at(r, paragraph);
	struct span span = import_outline_span(r, paragraph);
	size_t colon = str_find(b->text, ':');
	uint32_t agent = agent_of_criterion(r, item, b->text);
	struct str words = colon != SIZE_MAX && agent != DRAFT_NONE
				   ? str_trim(str_slice(b->text, colon + 1, b->text.n))
				   : b->text;
	bool command = false;
	for (size_t i = 0; i < b->codes.n && !command; i++)
		if ((command = import_word_is_test(b->codes.at[i].text)))
			draft_say(r->draft,
				  agent == DRAFT_NONE ? &r->draft->tests
						      : &r->draft->agents.at[agent].tests,
				  b->codes.at[i].text, span);
	if (!command) {
		draft_say(r->draft,
			  agent == DRAFT_NONE ? &r->draft->criteria
					      : &r->draft->agents.at[agent].criteria,
			  words, span);
		(*without)++;
	}
	import_outline_take(r, item, IMPORT_USED);
}

static bool is_open_item(const struct import_reader *r, uint32_t b)
{
	return block_at(r, b)->kind == COMMONMARK_ITEM && r->use[b] == IMPORT_OPEN &&
	       import_outline_agent(r, b) == DRAFT_NONE &&
	       !(r->foreign && !import_outline_inside(r, b));
}

static void read_criteria(struct import_reader *r)
{
	struct diag *diag = NULL;
	size_t without = 0;
	struct span first = { 0 };
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		uint32_t paragraph = is_open_item(r, b) ? import_outline_item_text(r, b)
							: IMPORT_SECTION_NONE;
		if (paragraph == IMPORT_SECTION_NONE || topic_at(r, b) != IMPORT_TOPIC_CRITERIA)
			continue;
		size_t before = without;
		read_criterion(r, b, paragraph, &without);
		if (without == 1 && !before)
			first = import_outline_span(r, paragraph);
		const struct import_section *section = import_outline_section(r, b);
		if (section)
			r->use[section->block] = IMPORT_USED;
	}
	if (!without)
		return;
	diag = diag_add(r->diags, DIAG_VAGUE, first,
			without == 1 ? "a criterion of success has no command that checks it"
				     : "%zu criteria of success have no command that checks them",
			without);
	diag_here(r->diags, diag, without == 1 ? "who checks this?" : "from here on");
	diag_note(r->diags, diag, "they are kept as comments");
	diag_help(r->diags, diag,
		  "where a command can tell, write it in backquotes: it becomes a `test`");
}

/* What is to be better afterwards: kept as comments, each with its heading. */
static void read_metrics(struct import_reader *r)
{
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		const struct import_section *section = import_outline_section(r, b);
		bool paragraph = block_at(r, b)->kind == COMMONMARK_PARAGRAPH &&
				 r->use[b] == IMPORT_OPEN &&
				 import_outline_agent(r, b) == DRAFT_NONE;
		if (!paragraph || topic_at(r, b) != IMPORT_TOPIC_METRICS || !section ||
		    section->block == b)
			continue;
		struct str text = arena_format(r->arena, "%.*s %.*s", STR_ARG(section->title),
					       STR_ARG(block_at(r, b)->text));
		draft_say(r->draft, &r->draft->metrics, text, import_outline_span(r, b));
		r->use[b] = r->use[section->block] = IMPORT_USED;
		if (block_at(r, block_at(r, b)->parent)->kind == COMMONMARK_ITEM)
			r->use[block_at(r, b)->parent] = IMPORT_USED;
	}
}

static void read_title(struct import_reader *r)
{
	for (size_t i = 0; i < r->sections.n && !r->draft->title.n; i++)
		if (r->sections.at[i].level == 1 && r->sections.at[i].agent == DRAFT_NONE)
			r->draft->title = r->sections.at[i].title;
	for (size_t i = 0; i < r->sections.n && !r->draft->title.n; i++)
		if (r->sections.at[i].level < IMPORT_PSEUDO_LEVEL &&
		    r->sections.at[i].agent == DRAFT_NONE)
			r->draft->title = r->sections.at[i].title;
}

void import_claim_read(struct import_reader *r)
{
	read_title(r);
	for (size_t i = 0; i < r->sections.n; i++)
		if (!import_outline_elsewhere(r, r->sections.at[i].block))
			check_group(r, &r->sections.at[i]);
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		const struct commonmark_block *block = block_at(r, b);
		bool text = block->kind == COMMONMARK_PARAGRAPH ||
			    block->kind == COMMONMARK_HEADING;
		if (!text || import_outline_elsewhere(r, b) ||
		    import_outline_agent(r, b) != DRAFT_NONE ||
		    (r->use[b] == IMPORT_USED && block->kind == COMMONMARK_PARAGRAPH))
			continue;
		struct str rest = block->text, line;
		bool any = false;
		for (size_t k = 0; str_split(&rest, '\n', &line); k++)
			any = read_line(r, b, line, import_outline_text_line(r, b, k)) || any;
		if (any)
			r->use[b] = IMPORT_USED;
	}
	read_criteria(r);
	read_metrics(r);
}
