/* import_detail.c — what is said of one agent: its files, time, dependencies, tests and prompt, in
 * a row, behind an item's title or in the section under its heading. */
#include "compiler/import_inside.h"

#include "common/glob.h"
#include "compiler/import_phrase.h"

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

static struct draft_agent *agent_at(const struct import_reader *r, uint32_t agent)
{
	return &r->draft->agents.at[agent];
}

static bool says_none(struct import_reader *r, struct str value)
{
	struct import_mentions mentions = { 0 };
	import_ref_mentions(r->arena, value, &mentions);
	return mentions.list.n == 1 && mentions.list.at[0].kind == IMPORT_NONE;
}

/* ---- files */

/* Was the word set as code, as a path without an ending must be? */
static bool is_code_path(const struct commonmark_block *block, struct str word)
{
	for (size_t i = 0; i < block->codes.n; i++)
		if (str_equal(block->codes.at[i].text, word))
			return word.n > 1 && str_find(word, ' ') == SIZE_MAX &&
			       str_find(word, '(') == SIZE_MAX && str_find(word, '=') == SIZE_MAX &&
			       word.at[0] != '-' && word.at[0] != '$';
	return false;
}

static bool ends_piece(char c)
{
	return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\t' || c == '|';
}

static enum draft_access access_of(struct str before, struct str behind, enum draft_access access)
{
	size_t comma = str_find(behind, ',');
	behind = str_slice(behind, 0, comma == SIZE_MAX ? behind.n : comma);
	if (import_word_any(behind, "(new|[new|new file|(create|created)|(neu") ||
	    import_word_any(before, "new:|create:|create "))
		return DRAFT_CREATES;
	if (import_word_any(behind, "read-only|read only|(read"))
		return DRAFT_READS;
	return access;
}

/* How many paths there are in the value; they are added. */
static size_t read_paths(struct import_reader *r, uint32_t agent, struct str value,
			 const struct commonmark_block *block, enum draft_access access,
			 struct span span)
{
	size_t found = 0;
	for (size_t i = 0; i < value.n;) {
		if (ends_piece(value.at[i])) {
			i++;
			continue;
		}
		size_t end = i, braces = 0;
		for (; end < value.n && (braces || !ends_piece(value.at[end])); end++) {
			braces += value.at[end] == '{';
			braces -= braces && value.at[end] == '}';
		}
		struct str word = str_slice(value, i, end);
		while (word.n && strchr("`*(\"'[", word.at[0]) && !str_starts(word, STR("**/")) &&
		       !str_starts(word, STR("*.")) && !str_starts(word, STR("*/")))
			word = str_slice(word, 1, word.n);
		while (word.n && strchr("`)\"']:.", word.at[word.n - 1]))
			word = str_slice(word, 0, word.n - 1);
		/* What is only set as code may be anything. */
		bool path = import_word_is_path(word) ||
			    (is_code_path(block, word) &&
			     draft_takes_path(r->draft, glob_of_name(r->arena, word)));
		if (path &&
		    draft_add_path(r->draft, agent_at(r, agent), glob_of_name(r->arena, word),
				   access_of(str_slice(value, 0, i), str_slice(value, end, value.n),
					     access),
				   span))
			found++;
		i = end;
	}
	return found;
}

static void read_files(struct import_reader *r, uint32_t agent, struct str value, uint32_t block,
		       enum draft_access access, struct span span)
{
	value = str_trim(value);
	if (!value.n || says_none(r, value))
		return;
	if (!read_paths(r, agent, value, block_at(r, block), access, span))
		draft_say(r->draft, &agent_at(r, agent)->vague_paths, import_word_plain(value),
			  span);
}

/* ---- the others */

static void read_times(struct import_reader *r, uint32_t agent, struct str value, uint64_t unit,
		       struct span span)
{
	size_t at = 0;
	struct draft_time time;
	if (import_time_read(value, &at, unit, &time)) {
		time.span = span;
		*VEC_ADD(r->arena, &agent_at(r, agent)->times) = time;
		return;
	}
	bool digit = false;
	for (size_t i = 0; i < value.n; i++)
		digit = digit || (value.at[i] >= '0' && value.at[i] <= '9');
	if (!digit) {
		value = import_word_plain(value);
		if (value.n && !says_none(r, value))
			draft_say(r->draft, &agent_at(r, agent)->vague_times, value, span);
		return;
	}
	struct diag *diag = diag_add(r->diags, DIAG_VAGUE, span, "the time `%.*s` has no unit",
				     STR_ARG(str_trim(value)));
	diag_help(r->diags, diag, "write `%.*sh` or `%.*smin`", STR_ARG(str_trim(value)),
		  STR_ARG(str_trim(value)));
}

static void read_group(struct import_reader *r, uint32_t agent, struct str value, struct span span)
{
	value = import_word_plain(value);
	if (!value.n || says_none(r, value) || agent_at(r, agent)->group != DRAFT_NONE)
		return;
	struct import_ref ref;
	bool numbered = import_ref_read(value, &ref) && ref.group;
	struct str id = numbered ? ref.id : value,
		   title = numbered && ref.title.n ? ref.title : value;
	for (uint32_t i = 0; i < r->draft->groups.n; i++) {
		const struct draft_group *group = &r->draft->groups.at[i];
		if (import_word_same(group->id, id) || import_word_same(group->title, title)) {
			agent_at(r, agent)->group = i;
			return;
		}
	}
	uint32_t group = draft_add_group(r->draft, title, span);
	r->draft->groups.at[group].id = id;
	agent_at(r, agent)->group = group;
}

/* A command in backquotes that is part of the value; or empty. */
static struct str test_in(const struct commonmark_block *b, struct str value)
{
	for (size_t i = 0; i < b->codes.n; i++) {
		const struct commonmark_code *code = &b->codes.at[i];
		bool inside = value.at < b->text.at || value.at >= b->text.at + b->text.n ||
			      (code->at >= (size_t)(value.at - b->text.at) &&
			       code->at < (size_t)(value.at - b->text.at) + value.n);
		if (inside && import_word_is_test(code->text))
			return code->text;
	}
	return STR("");
}

static void read_criterion(struct import_reader *r, uint32_t agent, struct str value,
			   uint32_t block, struct span span)
{
	struct str test = test_in(block_at(r, block), value);
	if (says_none(r, value))
		return;
	draft_say(r->draft, test.n ? &agent_at(r, agent)->tests : &agent_at(r, agent)->criteria,
		  test.n ? test : import_word_plain(value), span);
}

static void read_test(struct import_reader *r, uint32_t agent, struct str value, uint32_t block,
		      struct span span)
{
	const struct commonmark_block *b = block_at(r, block);
	struct str test = test_in(b, value);
	if (test.n)
		draft_say(r->draft, &agent_at(r, agent)->tests, test, span);
	else if (import_word_is_test(import_word_plain(value)))
		draft_say(r->draft, &agent_at(r, agent)->tests, import_word_plain(value), span);
	else if (!read_paths(r, agent, value, b, DRAFT_OWNS, span) && value.n &&
		 !says_none(r, value))
		draft_say(r->draft, &agent_at(r, agent)->criteria, import_word_plain(value), span);
}

void import_detail_hold(struct import_reader *r, uint32_t agent, enum import_field field,
			struct str text, struct span span)
{
	*VEC_ADD(r->arena, &r->pending) = (struct import_pending){ agent, field, text, span };
}

/* "(2h, after Agent 3) in `src/a.c`", behind an item's title. */
static void read_loose(struct import_reader *r, uint32_t agent, struct str value, uint32_t block,
		       struct span span)
{
	static const char *const words[] = { "depends on", "blocked by", "waits for",
					     "after ",     "requires ",  "needs " };
	size_t at = 0;
	struct draft_time time;
	if (import_time_read(value, &at, 0, &time)) {
		time.span = span;
		*VEC_ADD(r->arena, &agent_at(r, agent)->times) = time;
	}
	read_paths(r, agent, value, block_at(r, block), DRAFT_OWNS, span);
	struct import_phrase_tail tail;
	if (import_phrase_tail(r->arena, value, &tail)) {
		for (bool more = true; more; more = import_phrase_tail(r->arena, tail.rest, &tail))
			import_detail_hold(r, agent, tail.before ? IMPORT_BLOCKS : IMPORT_DEPENDS,
					   tail.others, span);
		return;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t from = 0; from + str_from(words[i]).n <= value.n; from++) {
			struct str word = str_from(words[i]),
				   rest = str_slice(value, from + word.n, value.n);
			if (!import_word_same(str_slice(value, from, from + word.n), word))
				continue;
			size_t end = 0;
			while (end < rest.n && rest.at[end] != ')' && rest.at[end] != ']' &&
			       rest.at[end] != ';')
				end++;
			/* "after 3, effort: S": a label begins something else. */
			struct str others = str_slice(rest, 0, end);
			size_t comma = str_find_text(others, STR(", "));
			size_t colon = comma == SIZE_MAX
					       ? comma
					       : str_find(str_slice(others, comma, end), ':');
			others = str_trim(str_slice(others, 0, colon == SIZE_MAX ? end : comma));
			if (others.n && others.at[0] == ':')
				others = str_trim(str_slice(others, 1, others.n));
			import_detail_hold(r, agent, IMPORT_DEPENDS, others, span);
			return;
		}
}

/* A cell of notes: "after 1 and 2". */
static void read_cell(struct import_reader *r, uint32_t agent, struct str value, struct span span)
{
	struct import_phrase_tail tail;
	if (import_phrase_tail(r->arena, value, &tail))
		import_detail_hold(r, agent, tail.before ? IMPORT_BLOCKS : IMPORT_DEPENDS,
				   tail.others, span);
}

static void read_status(struct import_reader *r, uint32_t agent, struct str value)
{
	bool dropped = import_word_any(value, "deferred|cancelled|canceled|postponed|dropped|"
					      "won't do|zurückgestellt|verworfen");
	bool done = import_word_any(value, "done|✅|complete|erledigt|[x]") &&
		    !import_word_any(value, "not done|incomplete|not complete");
	agent_at(r, agent)->done = done || dropped;
	agent_at(r, agent)->status = dropped ? value : STR("");
}

void import_detail_field(struct import_reader *r, uint32_t agent, enum import_field field,
			 struct str value, uint32_t block, uint64_t unit, struct span span)
{
	switch (field) {
	case IMPORT_FILES: read_files(r, agent, value, block, DRAFT_OWNS, span); break;
	case IMPORT_CREATES: read_files(r, agent, value, block, DRAFT_CREATES, span); break;
	case IMPORT_READS: read_files(r, agent, value, block, DRAFT_READS, span); break;
	case IMPORT_TIME: read_times(r, agent, value, unit, span); break;
	case IMPORT_DEPENDS:
	case IMPORT_BLOCKS:
	case IMPORT_BRANCH:
		import_detail_hold(r, agent, field, import_word_plain(value), span);
		break;
	case IMPORT_GROUP: read_group(r, agent, value, span); break;
	case IMPORT_DESCRIPTION:
	case IMPORT_PROMPT:
		if (str_trim(value).n && agent_at(r, agent)->prompt.kind == DRAFT_NO_PROMPT)
			agent_at(r, agent)->prompt = (struct draft_prompt){ DRAFT_PROMPT_TEXT,
									    STR(""),
									    str_trim(value), span };
		break;
	case IMPORT_TEST: read_test(r, agent, value, block, span); break;
	case IMPORT_CRITERIA: read_criterion(r, agent, value, block, span); break;
	case IMPORT_STATUS: read_status(r, agent, import_word_plain(value)); break;
	case IMPORT_OTHER:
		if (block_at(r, block)->kind != COMMONMARK_CELL)
			read_loose(r, agent, value, block, span);
		else
			read_cell(r, agent, value, span);
		break;
	default: break;
	}
}

/* ---- sections */

static bool in_section(const struct import_reader *r, uint32_t block, uint32_t section)
{
	for (uint32_t s = r->section_of[block]; s != IMPORT_SECTION_NONE;
	     s = r->sections.at[s].parent)
		if (s == section)
			return true;
	return false;
}

static uint32_t section_end(const struct import_reader *r, uint32_t section)
{
	uint32_t end = r->sections.at[section].block + 1;
	while (end < r->document.blocks.n && in_section(r, end, section))
		end++;
	return end;
}

static bool is_about_files(enum import_field field)
{
	return field == IMPORT_FILES || field == IMPORT_CREATES || field == IMPORT_READS;
}

/* An item that is nothing but a path set as code. */
static bool is_lone_path(const struct commonmark_block *block, struct str line)
{
	return block->codes.n == 1 && str_equal(block->codes.at[0].text, str_trim(line)) &&
	       import_word_is_path(block->codes.at[0].text);
}

static enum draft_access access_by(enum import_field field)
{
	return field == IMPORT_CREATES ? DRAFT_CREATES
	       : field == IMPORT_READS ? DRAFT_READS
				       : DRAFT_OWNS;
}

/* Under "Files:", a fence with a file on each line. */
static void read_listed_files(struct import_reader *r, uint32_t agent, uint32_t block,
			      enum import_field context)
{
	const struct commonmark_block *b = block_at(r, block);
	struct str rest = b->text, line;
	for (uint32_t k = 0; str_split(&rest, '\n', &line); k++)
		read_paths(r, agent, line, b, access_by(context),
			   import_outline_line(r, b->first + k));
}

/* What a row says is done to its file: "new", "read only". */
static enum draft_access access_of_row(const struct import_reader *r, uint32_t row, uint32_t file)
{
	enum draft_access access = DRAFT_OWNS;
	for (uint32_t c = row + 1; c < block_at(r, row)->next; c = block_at(r, c)->next) {
		struct str text = block_at(r, c)->text;
		if (c == file || text.n > 24)
			continue;
		if (import_word_any(text, "read|unchanged|reference"))
			access = DRAFT_READS;
		else if (import_word_any(text, "new|create|add|neu"))
			access = DRAFT_CREATES;
	}
	return access;
}

/* The row's cell in a column; 0 when there is none. */
static uint32_t cell_of(const struct import_reader *r, uint32_t row, size_t column)
{
	uint32_t c = row + 1;
	for (; column && c < block_at(r, row)->next; column--)
		c = block_at(r, c)->next;
	return c < block_at(r, row)->next ? c : 0;
}

/* In an agent's section, a table of files. */
static void read_files_table(struct import_reader *r, uint32_t agent, uint32_t table)
{
	uint32_t head = table + 1;
	size_t column = 0;
	while (cell_of(r, head, column) &&
	       !is_about_files(import_word_field(block_at(r, cell_of(r, head, column))->text)))
		column++;
	for (uint32_t row = head; cell_of(r, head, column) && row < block_at(r, table)->next;
	     row = block_at(r, row)->next) {
		uint32_t file = block_at(r, row)->header ? 0 : cell_of(r, row, column);
		if (file)
			read_paths(r, agent, block_at(r, file)->text, block_at(r, file),
				   access_of_row(r, row, file), import_outline_span(r, file));
	}
}

/* Is a line a label and its value? Then it is no prose. */
static bool has_label(struct str text)
{
	struct str rest = text, line, value;
	while (str_split(&rest, '\n', &line)) {
		enum import_field field = import_word_label(line, &value);
		if (field != IMPORT_NO_FIELD && field != IMPORT_OTHER)
			return true;
	}
	return false;
}

/* The lines of a paragraph. `context`: the field of a label without a value, whose values follow as
 * a list. */
void import_detail_lines(struct import_reader *r, uint32_t agent, uint32_t block,
			 enum import_field *context)
{
	const struct commonmark_block *b = block_at(r, block);
	bool item = block_at(r, b->parent)->kind == COMMONMARK_ITEM;
	struct str rest = b->text, line, value = { 0 };
	if (!has_label(b->text))
		import_detail_hold(r, agent, IMPORT_SAYS, b->text,
				   import_outline_text_line(r, block, 0));
	for (size_t k = 0; str_split(&rest, '\n', &line); k++) {
		struct span span = import_outline_text_line(r, block, k);
		enum import_field field = import_word_label(line, &value);
		bool known = field != IMPORT_NO_FIELD && field != IMPORT_TITLE &&
			     field != IMPORT_DESCRIPTION && field != IMPORT_PROMPT &&
			     field != IMPORT_ID && field != IMPORT_OTHER;
		if (known && value.n) {
			/* In prose, "Output: a list" is no list of files. */
			size_t before = agent_at(r, agent)->vague_paths.list.n;
			import_detail_field(r, agent, field, value, block, 0, span);
			bool strict = field == IMPORT_FILES && import_word_has(line, "file");
			if (!strict)
				agent_at(r, agent)->vague_paths.list.n = before;
		} else if (known) {
			*context = field;
		} else if (item && is_about_files(*context)) {
			read_paths(r, agent, line, b, access_by(*context), span);
		} else if (item && (*context == IMPORT_TEST || *context == IMPORT_CRITERIA ||
				    *context == IMPORT_DEPENDS || *context == IMPORT_BLOCKS)) {
			import_detail_field(r, agent, *context, line, block, 0, span);
		} else if (item && *context == IMPORT_NO_FIELD && is_lone_path(b, line)) {
			read_paths(r, agent, line, b, DRAFT_OWNS, span);
		}
		if (!item && !known)
			*context = IMPORT_NO_FIELD;
	}
}

/* "File: src/a.py (NEW FILE)" at the beginning of a line of a prompt. */
static void read_fence(struct import_reader *r, uint32_t agent, uint32_t block)
{
	const struct commonmark_block *b = block_at(r, block);
	struct str rest = b->text, line, value = { 0 };
	struct commonmark_block plain = { .kind = COMMONMARK_CODE };
	for (uint32_t k = 0; str_split(&rest, '\n', &line); k++) {
		if (line.n && (line.at[0] == ' ' || line.at[0] == '\t'))
			continue;
		enum import_field field = import_word_label(line, &value);
		struct span span = import_outline_line(r, b->first + k);
		if (is_about_files(field))
			read_paths(r, agent, value, &plain, access_by(field), span);
		else if (field == IMPORT_TEST && import_word_is_test(value))
			draft_say(r->draft, &agent_at(r, agent)->tests, value, span);
		else if (field == IMPORT_TIME)
			read_times(r, agent, value, 0, span);
		else if (field == IMPORT_DEPENDS)
			import_detail_hold(r, agent, field, value, span);
	}
}

/* The shortest beginning of the heading that finds it alone; empty when none does. */
static struct str section_name(const struct import_reader *r, uint32_t heading)
{
	struct str text = r->headings.headings.at[heading].text;
	struct import_ref ref;
	if (import_ref_read(text, &ref)) {
		size_t end = ref.title.n ? (size_t)(ref.title.at - text.at) : text.n;
		size_t id = end <= text.n ? end : text.n;
		while (id && !((text.at[id - 1] >= '0' && text.at[id - 1] <= '9') ||
			       (text.at[id - 1] >= 'A' && text.at[id - 1] <= 'Z') ||
			       (text.at[id - 1] >= 'a' && text.at[id - 1] <= 'z')))
			id--;
		struct str name = str_slice(text, 0, id);
		struct markdown_found found = markdown_find(r->arena, &r->headings, name);
		if (id && found.n == 1 && found.headings.at[0] == heading)
			return name;
	}
	struct markdown_found found = markdown_find(r->arena, &r->headings, text);
	return text.n && found.n == 1 && found.headings.at[0] == heading ? text : STR("");
}

static struct str source_lines(const struct import_reader *r, uint32_t from, uint32_t end)
{
	if (from >= end)
		return STR("");
	const struct source *source = source_get(r->sources, r->draft->source);
	uint32_t first = block_at(r, from)->first, last = first;
	for (uint32_t b = from; b < end; b++) {
		uint32_t line = block_at(r, b)->last + (block_at(r, b)->kind == COMMONMARK_CODE);
		last = line > last ? line : last;
	}
	if (block_at(r, from)->kind == COMMONMARK_CODE && first > 1 && end == from + 1)
		return str_trim(block_at(r, from)->text);
	struct text out = { 0 };
	for (uint32_t line = first - (block_at(r, from)->kind == COMMONMARK_CODE && first > 1);
	     line <= last && line <= source->line_n; line++) {
		text_add(&out, source_line(source, line));
		text_add_byte(&out, '\n');
	}
	struct str text = arena_copy(r->arena, str_trim(text_str(&out)));
	text_release(&out);
	return text;
}

static void read_prompt(struct import_reader *r, uint32_t agent, uint32_t section, uint32_t end)
{
	uint32_t block = r->sections.at[section].block;
	struct draft_prompt prompt = { .kind = DRAFT_PROMPT_TEXT,
				       .span = import_outline_span(r, block) };
	bool fenced = false;
	for (uint32_t b = block + 1; b < end; b++)
		fenced = fenced || block_at(r, b)->kind == COMMONMARK_CODE;
	for (uint32_t h = 0; h < r->headings.headings.n; h++) {
		if (r->headings.headings.at[h].line != block_at(r, block)->first ||
		    r->sections.at[section].level == IMPORT_PSEUDO_LEVEL)
			continue;
		prompt.section = section_name(r, h);
		prompt.text = markdown_section(r->arena, &r->headings, h, NULL);
		if (prompt.section.n)
			prompt.kind = DRAFT_PROMPT_SECTION;
	}
	if (!prompt.text.n)
		prompt.text = source_lines(r, block + 1, end);
	if (!str_trim(prompt.text).n)
		return;
	struct draft_prompt *known = &agent_at(r, agent)->prompt;
	if (known->kind == DRAFT_NO_PROMPT || known->kind == DRAFT_PROMPT_TEXT || fenced)
		*known = prompt;
}

void import_detail_read(struct import_reader *r)
{
	for (uint32_t s = 0; s < r->sections.n; s++) {
		uint32_t agent = r->sections.at[s].agent, end;
		if (agent == DRAFT_NONE)
			continue;
		end = section_end(r, s);
		enum import_field context = IMPORT_NO_FIELD;
		for (uint32_t b = r->sections.at[s].block + 1; b < end; b++) {
			if (block_at(r, b)->kind == COMMONMARK_PARAGRAPH)
				import_detail_lines(r, agent, b, &context);
			else if (block_at(r, b)->kind == COMMONMARK_HEADING)
				context = import_word_field(block_at(r, b)->text);
			else if (block_at(r, b)->kind == COMMONMARK_TABLE)
				read_files_table(r, agent, b);
			else if (block_at(r, b)->kind == COMMONMARK_CODE && is_about_files(context))
				read_listed_files(r, agent, b, context);
			else if (block_at(r, b)->kind == COMMONMARK_CODE)
				read_fence(r, agent, b);
			r->use[b] = IMPORT_USED;
		}
		read_prompt(r, agent, s, end);
	}
}
