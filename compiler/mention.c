/* mention.c — see mention.h.
 *
 * A prompt is taken apart into blocks: a list item, a row, a label or a paragraph with the lines it
 * runs on to. A block without anything like a path is passed over at once, unless it introduces
 * what follows. Behind the last byte that a path could have, nothing is read at all; so most
 * prompts are only scanned for such bytes. */
#include "compiler/mention.h"

#include "compiler/mention_clause.h"
#include "compiler/mention_path.h"

struct line {
	size_t start, text,
		end; /* bytes: of the line, of what is in it without white space at both ends */
	enum {
		LINE_BLANK,
		LINE_PLAIN,
		LINE_ITEM,
		LINE_ROW,
		LINE_HEADING,
		LINE_FENCE,
		LINE_CODE
	} kind;
	size_t inside;			/* behind the bullet or number */
	bool box;			/* [ ] */
};
struct blocks {
	struct arena *arena;
	struct str text;
	size_t at;			/* where the next line begins */
	size_t hint;			/* mention_path_next() of a place before `at` */
	enum mention_mode section, intro;
	bool listed;			/* the intro has had what it introduces */
	bool blank_before;
	struct mentions *out;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind "- ", "* [ ] ", "1. ", "2) ", "• ", "✅ "; or `at` when it is no item. */
static size_t behind_bullet(struct str text, size_t at, size_t end)
{
	size_t i = at;
	if (i < end && (text.at[i] == '-' || text.at[i] == '*' || text.at[i] == '+'))
		i++;
	else if (i < end && is_digit(text.at[i])) {
		while (i < end && is_digit(text.at[i]))
			i++;
		if (i == end || (text.at[i] != '.' && text.at[i] != ')'))
			return at;
		i++;
	} else if (end - i > 3 &&
		   ((unsigned char)text.at[i] == 0xE2 || (unsigned char)text.at[i] == 0xF0)) {
		while (i < end && (unsigned char)text.at[i] >= 0x80)
			i++;
	}
	if (i == at || i >= end || text.at[i] != ' ')
		return at;
	while (i < end && text.at[i] == ' ')
		i++;
	if (end - i > 3 && text.at[i] == '[' && text.at[i + 2] == ']')
		for (i += 3; i < end && text.at[i] == ' ';)
			i++;
	return i;
}

static bool starts_with_any(struct str line, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i][0] == line.at[0] && str_starts(line, str_from(words[i])))
			return true;
	return false;
}

/* Code without a fence, what a shell or a program printed, or a part of a patch. */
static bool is_code(struct str line)
{
	static const char *const starts[] = {
		"$ ",         ">>> ",       "#include",  "def ",
		"func ",      "fn ",        "async def", "async function",
		"require(",   "assert ",    "@",         "//",
		"/*",         "diff --git", "--- a/",    "+++ b/",
		"index ",     "@@ ",        "File \"",   "Traceback",
		"goroutine ", "#!",         "git ",      "npm ",
		"pip ",       "cd ",        "curl ",
	};
	/* Words of English as well. */
	static const char *const doubtful[] = { "import ", "from ",    "export ", "const ",
						"let ",    "var ",     "class ",  "use ",
						"using ",  "package ", "return ", "function ",
						"at " };
	static const char ends[] = "{[}";
	if (!line.n)
		return false;
	char last = line.at[line.n - 1];
	if (starts_with_any(line, starts, sizeof starts / sizeof *starts))
		return true;
	if (starts_with_any(line, doubtful, sizeof doubtful / sizeof *doubtful))
		return last == ';' || last == ')' || last == '{' || last == '\'' || last == '"' ||
		       str_find_text(line, STR(" = ")) != SIZE_MAX ||
		       str_find_text(line, STR(" import ")) != SIZE_MAX;
	if (last == ';')
		return str_find(line, '`') == SIZE_MAX &&
		       (str_find(line, '(') != SIZE_MAX || str_find(line, '=') != SIZE_MAX);
	for (size_t i = 0; i + 1 < sizeof ends; i++)
		if (last == ends[i])
			return true;
	size_t equals = str_find_text(line, STR(" = "));
	return equals != SIZE_MAX && equals < 40 &&
	       str_find(str_slice(line, 0, equals), ' ') == SIZE_MAX;
}

static struct line read_line(const struct blocks *b, size_t at)
{
	struct str text = b->text;
	size_t n = str_find(str_slice(text, at, text.n), '\n');
	struct line line = { .start = at, .text = at, .end = n == SIZE_MAX ? text.n : at + n };
	while (line.end > at && (text.at[line.end - 1] == ' ' || text.at[line.end - 1] == '\r' ||
				 text.at[line.end - 1] == '\t'))
		line.end--;
	while (line.text < line.end && (text.at[line.text] == ' ' || text.at[line.text] == '\t' ||
					text.at[line.text] == '>'))
		line.text++;
	line.inside = line.text;
	if (line.text == line.end)
		return line;
	char c = text.at[line.text];
	struct str inside = str_slice(text, line.text, line.end);
	size_t behind = behind_bullet(text, line.text, line.end);
	line.kind = LINE_PLAIN;
	if (str_starts(inside, STR("```")) || str_starts(inside, STR("~~~")))
		line.kind = LINE_FENCE;
	else if (c == '#' &&
		 str_find(str_slice(inside, 0, inside.n < 8 ? inside.n : 8), ' ') != SIZE_MAX)
		line.kind = LINE_HEADING;
	else if (c == '<' && inside.at[inside.n - 1] == '>' && str_find(inside, ' ') == SIZE_MAX &&
		 str_find_text(inside, STR("</")) ==
			 (inside.n > 1 && inside.at[1] == '/' ? 0 : SIZE_MAX))
		line.kind = LINE_HEADING;
	else if (c == '|')
		line.kind = LINE_ROW;
	else if (behind != line.text)
		line.kind = LINE_ITEM;
	else if (is_code(inside))
		line.kind = LINE_CODE;
	line.inside = behind;
	line.box = line.kind == LINE_ITEM &&
		   str_find_text(str_slice(text, line.text, behind), STR("[ ]")) != SIZE_MAX;
	return line;
}

/* Asked of places that come after one another. */
static size_t next_hint(struct blocks *b, size_t from)
{
	if (b->hint < from)
		b->hint = mention_path_next(b->text, from);
	return b->hint;
}

static bool has_path(struct blocks *b, size_t start, size_t end)
{
	size_t at = start, from, to;
	if (next_hint(b, start) >= end)
		return false;
	while (mention_path_word(b->text, end, &at, &from, &to))
		if (mention_path_may_be(str_slice(b->text, from, to)) &&
		    mention_path_read(b->text, from, to).kind)
			return true;
	return false;
}

/* Is the line nothing but a path, so that it is listed? */
static bool is_lone_path(struct str text, size_t start, size_t end)
{
	size_t at = start, from, to;
	return mention_path_word(text, end, &at, &from, &to) && from <= start + 1 &&
	       mention_path_read(text, from, to).kind && end - to <= 2;
}

/* A line that runs on from the one before. */
static bool runs_on(const struct blocks *b, const struct line *last, const struct line *line)
{
	char c = b->text.at[last->end - 1];
	size_t behind;
	if (mention_clause_has_label(b->text, line->inside, line->end, &behind))
		return false;
	return line->kind == LINE_PLAIN && c != ':' &&
	       (last->kind == LINE_PLAIN || last->kind == LINE_ITEM) &&
	       !is_lone_path(b->text, line->inside, line->end) &&
	       !is_lone_path(b->text, last->inside, last->end);
}

static size_t next_line(const struct blocks *b, size_t end)
{
	size_t n = str_find(str_slice(b->text, end, b->text.n), '\n');
	return n == SIZE_MAX ? b->text.n : end + n + 1;
}

/* The lines of a fence are paths only where a list of them is introduced: each alone on its
 * line. */
static void read_fence(struct blocks *b, const struct line *open)
{
	struct str mark = str_slice(b->text, open->text, open->text + 3);
	while (b->at < b->text.n) {
		struct line line = read_line(b, b->at);
		b->at = next_line(b, line.end);
		if (str_starts(str_slice(b->text, line.text, line.end), mark))
			break;
		if (b->intro == MENTION_WRITE && is_lone_path(b->text, line.text, line.end))
			mention_clause_read(b->arena, b->text, line.text, line.end, MENTION_WRITE,
					    b->out);
	}
	b->listed = true;
}

static bool is_heading_of_stars(struct str text, const struct line *line)
{
	struct str inside = str_slice(text, line->text, line->end);
	return inside.n > 2 && inside.at[0] == '*' && inside.at[inside.n - 1] == '*' &&
	       line->kind == LINE_PLAIN;
}

static void read_block(struct blocks *b, struct line line)
{
	struct line last = line;
	while (b->at < b->text.n) {
		struct line more = read_line(b, b->at);
		if (!runs_on(b, &last, &more))
			break;
		last = more;
		b->at = next_line(b, more.end);
	}
	bool lone = is_lone_path(b->text, line.inside, line.end);
	bool listed = line.kind == LINE_ITEM || line.kind == LINE_ROW || lone;
	if (!listed && b->listed && b->blank_before)
		b->intro = MENTION_OPEN;
	enum mention_mode around = listed ? b->intro != MENTION_OPEN ? b->intro : b->section :
				   b->section == MENTION_WRITE ? MENTION_OPEN : b->section;
	if (line.box && around == MENTION_OPEN)
		around = MENTION_TODO;
	b->listed = b->listed || listed;
	b->blank_before = false;
	bool introduces = b->text.at[last.end - 1] == ':' ||
			  str_ends(str_slice(b->text, last.text, last.end), STR(":**"));
	if (!introduces && !has_path(b, line.inside, last.end))
		return;
	enum mention_mode intro = mention_clause_read(b->arena, b->text, line.inside, last.end,
						      around, b->out);
	if (!introduces || (line.kind == LINE_ITEM && intro == MENTION_OPEN))
		return;
	b->intro = intro;
	b->listed = false;
}

void mention_find(struct arena *arena, struct str prompt, struct mentions *out)
{
	struct blocks b = {
		.arena = arena, .text = prompt, .hint = mention_path_next(prompt, 0), .out = out
	};
	out->prompt = prompt;
	while (b.at < prompt.n && next_hint(&b, b.at) != SIZE_MAX) {
		struct line line = read_line(&b, b.at);
		b.at = next_line(&b, line.end);
		if (line.kind == LINE_BLANK) {
			b.blank_before = true;
		} else if (line.kind == LINE_FENCE) {
			read_fence(&b, &line);
		} else if (line.kind == LINE_HEADING) {
			b.section = mention_clause_label(str_slice(prompt, line.text, line.end));
			b.intro = MENTION_OPEN;
		} else if (is_heading_of_stars(prompt, &line)) {
			b.intro = mention_clause_label(str_slice(prompt, line.text, line.end));
			b.listed = false;
		} else if (line.kind != LINE_CODE) {
			read_block(&b, line);
		}
	}
}

bool mention_is_end_of(struct str shorter, struct str longer)
{
	return str_equal(shorter, longer) || (shorter.n < longer.n && str_ends(longer, shorter) &&
					      longer.at[longer.n - shorter.n - 1] == '/');
}
