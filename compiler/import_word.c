/* import_word.c — see import_word.h. */
#include "compiler/import_word.h"

#include <string.h>

bool import_word_starts(struct str text, struct str word)
{
	if (text.n < word.n)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (import_word_small(text.at[i]) != import_word_small(word.at[i]))
			return false;
	return true;
}

bool import_word_same(struct str a, struct str b)
{
	return a.n == b.n && import_word_starts(a, b);
}

static bool has(struct str text, struct str word)
{
	for (size_t i = 0; word.n && i + word.n <= text.n; i++)
		if (import_word_starts(str_slice(text, i, text.n), word))
			return true;
	return false;
}

bool import_word_has(struct str text, const char *word)
{
	return has(text, str_from(word));
}

bool import_word_any(struct str text, const char *words)
{
	struct str rest = str_from(words), word;
	while (str_split(&rest, '|', &word))
		if (has(text, word))
			return true;
	return false;
}

struct str import_word_plain(struct str text)
{
	static const char marks[] = "*_`\"'[]";
	text = str_trim(text);
	while (text.n && strchr(marks, text.at[0]) && text.at[0])
		text = str_trim(str_slice(text, 1, text.n));
	while (text.n && strchr(marks, text.at[text.n - 1]) && text.at[text.n - 1])
		text = str_trim(str_slice(text, 0, text.n - 1));
	return text;
}

/* One row for each thing; whole words or groups of them, as they stand in a header or before a
 * colon. */
static const struct {
	enum import_field field;
	const char *words;
} fields[] = {
	{ IMPORT_ID,
	  "agent|#|id|no|no.|nr|nr.|number|agent #|agent id|task id|task #|worker|ticket|key|stream|terminal|session|agent no|agent name|owner agent|owned by|owner" },
	{ IMPORT_TITLE,
	  "task|title|name|feature|deliverable|subject|work|work item|story|issue|job|aufgabe|titel|task name|focus|mission|objective|responsibility|what|item|component" },
	{ IMPORT_DESCRIPTION, "description|details|goal|summary|scope of work|beschreibung" },
	{ IMPORT_FILES,
	  "file|files|scope|owns|path|paths|touches|file(s)|path(s)|files to modify|modifies|modify|modified files|files modified|directory|directories|folder|folders|ownership|file ownership|owned files|files owned|edits|edit|target|targets|target files|key files|primary files|files touched|dateien|datei|files/dirs|exclusive files|update|updates|changes|modified|file path|location|where" },
	{ IMPORT_CREATES,
	  "create|creates|new file|new files|adds|add|created files|files to create|output|outputs|output files" },
	{ IMPORT_READS,
	  "reads|read|context files|read-only|read only|inputs|input files|files to read" },
	{ IMPORT_TIME,
	  "time|estimate|effort|est|est.|duration|hours|hrs|eta|minutes|days|zeit|aufwand|dauer|stunden|estimated time|time estimate|est. time|estimated effort|estimated hours|estimation|estimated duration|effort estimate"
	  "|时间|工时|估时|预计时间" },
	{ IMPORT_DEPENDS,
	  "dependencies|dependency|depends|depends on|deps|dep|after|blocked by|requires|needs|prerequisites|prerequisite|prereqs|waits for|blockers|blocker|depends-on|predecessors|predecessor|wait for|runs after"
	  "|abhängig von|abhängigkeiten|abhängigkeit|依赖|前置任务" },
	{ IMPORT_BLOCKS, "blocks|unblocks|before|runs before|required by|needed by|blockiert|vor" },
	{ IMPORT_BRANCH, "branch|branch name|worktree|git branch" },
	{ IMPORT_GROUP,
	  "group|phase|wave|stage|track|batch|sprint|milestone|tier|epic|gruppe|round" },
	{ IMPORT_PROMPT, "prompt|instructions|instruction|anweisung" },
	{ IMPORT_TEST, "test|tests|verify|verification|test command|check|run|validation" },
	{ IMPORT_CRITERIA,
	  "done when|acceptance|acceptance criteria|success|success criteria|definition of done|criteria|dod|expected result|expected|abnahme|abnahmekriterien|kriterien|fertig, wenn|erledigt, wenn" },
	{ IMPORT_STATUS, "status|done|state|progress|complete|completed" },
	{ IMPORT_OTHER,
	  "priority|assignee|notes|note|impact|risk|complexity|reference|model|parallel|why|rationale|comment|comments|points|reviewer|type|label|labels|parallelizable|size|value|p" },
};

/* "Est. (h)", "Files (owned)": what is in brackets does not tell what the column is. */
static struct str without_brackets(struct str words)
{
	size_t open = str_find(words, '(');
	bool plural = open != SIZE_MAX &&
		      import_word_starts(str_slice(words, open, words.n), STR("(s)"));
	if (open == SIZE_MAX || open == 0 || plural)
		open = str_find(words, '[');
	return open == SIZE_MAX || open == 0 || plural ? words
						       : str_trim(str_slice(words, 0, open));
}

/* "Files to change", "New files", "Files for context": a few words, one of them "files". */
static enum import_field files_field(struct str words)
{
	enum { WORDS_MOST = 5 };
	struct str rest = words, word;
	size_t n = 0;
	bool files = import_word_has(words, "文件");
	while (str_split(&rest, ' ', &word)) {
		n++;
		files = files || import_word_same(word, STR("files")) ||
			import_word_same(word, STR("file")) ||
			import_word_same(word, STR("dateien"));
	}
	if (!files || n > WORDS_MOST || import_word_any(words, "not |don't|avoid|exclude|never|?"))
		return IMPORT_NO_FIELD;
	if (import_word_any(words, "create|new|add|neue|新"))
		return IMPORT_CREATES;
	return import_word_any(words, "read|context|reference|relevant|related|look|input")
		       ? IMPORT_READS
		       : IMPORT_FILES;
}

enum import_field import_word_field(struct str words)
{
	words = import_word_plain(without_brackets(import_word_plain(words)));
	while (words.n && (words.at[words.n - 1] == ':' || words.at[words.n - 1] == '?'))
		words = import_word_plain(str_slice(words, 0, words.n - 1));
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct str rest = str_from(fields[i].words), word;
		while (str_split(&rest, '|', &word))
			if (import_word_same(words, word))
				return fields[i].field;
	}
	return files_field(words);
}

/* Where a colon is, be it a wide one; what is behind it begins at *behind. */
static size_t find_colon(struct str line, size_t *behind)
{
	size_t colon = str_find(line, ':'), wide = str_find_text(line, STR("：")),
	       at = colon < wide ? colon : wide;
	*behind = at == SIZE_MAX ? at : at + (colon < wide ? 1 : strlen("："));
	return at;
}

enum import_field import_word_label(struct str line, struct str *value)
{
	line = str_trim(line);
	while (line.n && (line.at[0] == '-' || line.at[0] == '*' || line.at[0] == '+' ||
			  line.at[0] == '#' || line.at[0] == ' '))
		line = str_slice(line, 1, line.n);
	size_t behind, colon = find_colon(line, &behind);
	if (colon == SIZE_MAX || colon > 32 || (colon + 1 < line.n && line.at[colon + 1] == ':'))
		return IMPORT_NO_FIELD;
	enum import_field field = import_word_field(str_slice(line, 0, colon));
	if (field != IMPORT_NO_FIELD)
		*value = str_trim(str_slice(line, behind, line.n));
	while (field != IMPORT_NO_FIELD && value->n &&
	       (value->at[0] == '*' || str_starts(*value, STR("_ "))))
		*value = str_trim(str_slice(*value, 1, value->n));
	return field;
}

/* ---- titles */

enum { TITLE_WORDS = 24 };

/* Words that do not tell one title from another. */
static bool carries(struct str word)
{
	static const char *const light[] = { "the",  "and",       "for",         "with",
					     "into", "from",      "agent",       "task",
					     "wire", "wiring",    "activation",  "activate",
					     "add",  "implement", "create",      "new",
					     "to",   "of",        "a",           "an",
					     "in",   "on",        "integration", "setup" };
	for (size_t i = 0; i < sizeof light / sizeof *light; i++)
		if (import_word_same(word, str_from(light[i])))
			return false;
	return word.n > 1;
}

static size_t title_words(struct str title, struct str words[TITLE_WORDS], bool light)
{
	size_t n = 0;
	for (size_t i = 0; i < title.n && n < TITLE_WORDS;) {
		if (!import_word_letter(title.at[i]) && !import_word_digit(title.at[i])) {
			i++;
			continue;
		}
		size_t end = i;
		while (end < title.n &&
		       (import_word_letter(title.at[end]) || import_word_digit(title.at[end])))
			end++;
		if (light || carries(str_slice(title, i, end)))
			words[n++] = str_slice(title, i, end);
		i = end;
	}
	return n;
}

unsigned import_word_alike(struct arena *arena, struct str a, struct str b)
{
	if (import_word_same(draft_name(arena, a), draft_name(arena, b)) && a.n)
		return 100;
	struct str x[TITLE_WORDS], y[TITLE_WORDS];
	size_t n = title_words(a, x, false), m = title_words(b, y, false), common = 0;
	if (!n || !m) {
		n = title_words(a, x, true);
		m = title_words(b, y, true);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++) {
			bool part = x[i].n >= 6 && y[j].n >= 6 &&
				    (has(x[i], y[j]) || has(y[j], x[i]));
			if (import_word_same(x[i], y[j]) || part) {
				common++;
				break;
			}
		}
	size_t least = n < m ? n : m, most = n < m ? m : n;
	if (!least)
		return 0;
	if (common > least)
		common = least;
	/* One word in common says something only when there are hardly any others. */
	return common == 1 && most > 2 ? 30 : (unsigned)(common * 100 / least);
}

/* ---- paths and commands */

static size_t word_end(struct str text, size_t at)
{
	while (at < text.n && (import_word_inside(text.at[at]) || text.at[at] == '-'))
		at++;
	return at;
}

bool import_word_is_path(struct str word)
{
	bool slash = false, letter = false;
	for (size_t i = 0; i < word.n; i++) {
		if (word.at[i] == ' ' || word.at[i] == '(' || word.at[i] == '<' ||
		    word.at[i] == '$' || word.at[i] == '|' || word.at[i] == '=' ||
		    word.at[i] == '"' || word.at[i] == '\'' || word.at[i] == ';')
			return false;
		slash = slash || word.at[i] == '/';
		letter = letter || import_word_inside(word.at[i]) || word.at[i] == '*';
	}
	if (!letter || (word.n > 2 && str_find_text(word, STR("//")) != SIZE_MAX) ||
	    word.at[word.n - 1] == ':')
		return false;
	if (slash)
		return word.at[0] != '/' && word.at[0] != '~' && !str_starts(word, STR("and/or"));
	size_t dot = word.n;
	while (dot && word.at[dot - 1] != '.')
		dot--;
	struct str ending = str_slice(word, dot, word.n);
	bool ends = dot > 1 && ending.n && ending.n <= 10 &&
		    (import_word_letter(ending.at[0]) || ending.at[0] == '*');
	bool dotted = word.at[0] == '.' && word.n > 1 && import_word_letter(word.at[1]);
	static const char *const names[] = { "Makefile", "Dockerfile", "README", "LICENSE",
					     "Justfile", "Procfile",   "Gemfile" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(word, names[i]))
			return true;
	for (size_t i = dot; i < word.n && ends; i++)
		ends = word_end(word, dot) == word.n || word.at[i] == '*' || word.at[i] == '{';
	return ends || dotted;
}

bool import_word_is_test(struct str line)
{
	static const char *const programs[] = {
		"pytest",   "python -m", "python3 -m", "python ",   "python3 ", "npm ",
		"npx ",     "yarn ",     "pnpm ",      "cargo ",    "go test",  "go vet",
		"go build", "make",      "./",         "bash ",     "sh ",      "mvn ",
		"gradle ",  "./gradlew", "dotnet ",    "bundle ",   "rake",     "ctest",
		"tox",      "uv ",       "poetry ",    "bun ",      "deno ",    "mix ",
		"swift ",   "zig ",      "just ",      "ruff ",     "mypy ",    "tsc",
		"jest",     "vitest",    "phpunit",    "composer ", "rspec",    "cmake ",
		"meson ",   "ninja",     "docker ",    "test ",     "curl "
	};
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		struct str program = str_from(programs[i]);
		if (str_starts(line, program) &&
		    (line.n == program.n || !import_word_inside(program.at[program.n - 1]) ||
		     !import_word_inside(line.at[program.n])))
			return true;
	}
	return false;
}
