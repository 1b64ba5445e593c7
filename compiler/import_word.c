/* import_word.c — see import_word.h. */
#include "compiler/import_word.h"

#include "common/glob.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Part of a word; bytes outside of ASCII are, so that no word begins in the middle of a letter. */
static bool is_word(char c)
{
	return is_alpha(c) || is_digit(c) || (unsigned char)c >= 0x80;
}

static bool starts_with(struct str text, struct str word)
{
	if (text.n < word.n)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (lower(text.at[i]) != lower(word.at[i]))
			return false;
	return true;
}

bool import_word_same(struct str a, struct str b)
{
	return a.n == b.n && starts_with(a, b);
}

static bool has(struct str text, struct str word)
{
	for (size_t i = 0; word.n && i + word.n <= text.n; i++)
		if (starts_with(str_slice(text, i, text.n), word))
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
	  "time|estimate|effort|est|est.|duration|hours|hrs|eta|minutes|days|zeit|aufwand|dauer|stunden|estimated time|time estimate|est. time|estimated effort|estimated hours|estimation|estimated duration|effort estimate" },
	{ IMPORT_DEPENDS,
	  "dependencies|dependency|depends|depends on|deps|dep|after|blocked by|requires|needs|prerequisites|prerequisite|prereqs|waits for|blockers|blocker|depends-on|predecessors|predecessor|wait for|runs after"
	  "|abhängig von|abhängigkeiten" },
	{ IMPORT_BRANCH, "branch|branch name|worktree|git branch" },
	{ IMPORT_GROUP,
	  "group|phase|wave|stage|track|batch|sprint|milestone|tier|epic|gruppe|round" },
	{ IMPORT_PROMPT, "prompt|instructions|instruction|anweisung" },
	{ IMPORT_TEST, "test|tests|verify|verification|test command|check|run|validation" },
	{ IMPORT_CRITERIA,
	  "done when|acceptance|acceptance criteria|success|success criteria|definition of done|criteria|dod|expected result|expected" },
	{ IMPORT_STATUS, "status|done|state|progress|complete|completed" },
	{ IMPORT_OTHER,
	  "priority|assignee|notes|note|impact|risk|complexity|reference|model|parallel|why|rationale|comment|comments|points|reviewer|type|label|labels|parallelizable|size|value|p" },
};

/* "Est. (h)", "Files (owned)": what is in brackets does not tell what the column is. */
static struct str without_brackets(struct str words)
{
	size_t open = str_find(words, '(');
	bool plural = open != SIZE_MAX && starts_with(str_slice(words, open, words.n), STR("(s)"));
	if (open == SIZE_MAX || open == 0 || plural)
		open = str_find(words, '[');
	return open == SIZE_MAX || open == 0 || plural ? words
						       : str_trim(str_slice(words, 0, open));
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
	return IMPORT_NO_FIELD;
}

enum import_field import_word_label(struct str line, struct str *value)
{
	line = str_trim(line);
	while (line.n && (line.at[0] == '-' || line.at[0] == '*' || line.at[0] == '+' ||
			  line.at[0] == '#' || line.at[0] == ' '))
		line = str_slice(line, 1, line.n);
	size_t colon = str_find(line, ':');
	if (colon == SIZE_MAX || colon > 32 || (colon + 1 < line.n && line.at[colon + 1] == ':'))
		return IMPORT_NO_FIELD;
	enum import_field field = import_word_field(str_slice(line, 0, colon));
	if (field != IMPORT_NO_FIELD)
		*value = str_trim(str_slice(line, colon + 1, line.n));
	while (field != IMPORT_NO_FIELD && value->n && value->at[0] == '*')
		*value = str_trim(str_slice(*value, 1, value->n));
	return field;
}

/* ---- times */

struct number {
	uint64_t thousandths;
	size_t end;
};

/* "1", "1.5", "0,25". */
static bool read_number(struct str text, size_t at, struct number *number)
{
	uint64_t whole = 0, scale = 1000;
	size_t i = at;
	if (i >= text.n || !is_digit(text.at[i]))
		return false;
	for (; i < text.n && is_digit(text.at[i]); i++)
		if ((whole = whole * 10 + (uint64_t)(text.at[i] - '0')) > 100000000)
			return false;
	whole *= 1000;
	if (i + 1 < text.n && (text.at[i] == '.' || text.at[i] == ',') && is_digit(text.at[i + 1]))
		for (i++; i < text.n && is_digit(text.at[i]); i++)
			whole += (uint64_t)(text.at[i] - '0') * (scale /= 10);
	*number = (struct number){ whole, i };
	return true;
}

static uint64_t read_unit(struct str text, size_t at, size_t *end)
{
	static const struct {
		const char *word;
		uint64_t seconds;
	} units[] = {
		{ "m", 60 },        { "min", 60 },       { "mins", 60 },          { "minute", 60 },
		{ "minutes", 60 },  { "minuten", 60 },   { "h", 3600 },           { "hr", 3600 },
		{ "hrs", 3600 },    { "hour", 3600 },    { "hours", 3600 },       { "std", 3600 },
		{ "stunde", 3600 }, { "stunden", 3600 }, { "agent-hours", 3600 }, { "d", 28800 },
		{ "day", 28800 },   { "days", 28800 },   { "tag", 28800 },        { "tage", 28800 },
		{ "s", 1 },         { "sec", 1 },        { "secs", 1 },           { "seconds", 1 },
		{ "w", 144000 },    { "week", 144000 },  { "weeks", 144000 },
	};
	while (at < text.n && (text.at[at] == ' ' || text.at[at] == '-'))
		at++;
	size_t n = at;
	while (n < text.n && is_alpha(text.at[n]))
		n++;
	/* "1h30m" has a number right behind its unit; "3D" and "10MB" have none. */
	/* "3D" and "5M" are no times. */
	if (n == at + 1 && strchr("DMSW", text.at[at]))
		return 0;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (import_word_same(str_slice(text, at, n), str_from(units[i].word)) &&
		    !(n < text.n && (unsigned char)text.at[n] >= 0x80 &&
		      (unsigned char)text.at[n] < 0xE2)) {
			*end = n;
			return units[i].seconds;
		}
	return 0;
}

/* Behind a number: "-", "–", "to", "bis" and where the next number begins; 0 when there is none. */
static size_t range_to(struct str text, size_t at)
{
	static const char *const marks[] = { "-", "–", "—", "to ", "bis ", "..." , ".." };
	while (at < text.n && text.at[at] == ' ')
		at++;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str mark = str_from(marks[i]);
		if (!starts_with(str_slice(text, at, text.n), mark))
			continue;
		for (at += mark.n; at < text.n && (text.at[at] == ' ' || text.at[at] == '~'); at++)
			;
		return at < text.n && is_digit(text.at[at]) ? at : 0;
	}
	return 0;
}

static bool read_time(struct str text, size_t *at, uint64_t unit, struct draft_time *time)
{
	struct number low, high;
	size_t end, second;
	if (!read_number(text, *at, &low))
		return false;
	high = low;
	uint64_t seconds = read_unit(text, low.end, &end);
	uint64_t low_seconds = seconds;
	if ((second = range_to(text, seconds ? end : low.end)) &&
	    read_number(text, second, &high)) {
		uint64_t other = read_unit(text, high.end, &end);
		if (other)
			seconds = other;
		else if (seconds)
			end = high.end;
		if (!low_seconds)
			low_seconds = seconds;
	}
	if (!seconds && unit && str_trim(str_slice(text, high.end, text.n)).n == 0) {
		seconds = low_seconds = unit;
		end = high.end;
	}
	if (!seconds)
		return false;
	time->least = low.thousandths * low_seconds / 1000;
	time->most = high.thousandths * seconds / 1000;
	if (time->least > time->most)
		time->least = time->most;
	/* "1h 30m", "1 h 30" */
	size_t more = end;
	while (more < text.n && text.at[more] == ' ')
		more++;
	if (seconds == 3600 && low.end == high.end && read_number(text, more, &low)) {
		size_t last = low.end;
		uint64_t minutes = read_unit(text, low.end, &last);
		if (minutes == 60) {
			time->least += low.thousandths * 60 / 1000;
			time->most += low.thousandths * 60 / 1000;
			end = last;
		}
	}
	*at = end;
	return time->most > 0 && time->most < (uint64_t)10 * 365 * 86400;
}

bool import_word_time(struct str text, size_t *at, uint64_t unit, struct draft_time *time)
{
	for (size_t i = *at; i < text.n; i++) {
		if (!is_digit(text.at[i]) ||
		    (i && (is_word(text.at[i - 1]) || text.at[i - 1] == '.')))
			continue;
		size_t end = i;
		if (read_time(text, &end, unit, time)) {
			*at = end;
			return true;
		}
		while (i + 1 < text.n && is_digit(text.at[i + 1]))
			i++;
	}
	*at = text.n;
	return false;
}

uint64_t import_word_unit(struct str header)
{
	if (import_word_any(header, "min"))
		return 60;
	if (import_word_any(header, "hour|(h)|hrs|[h]|stunde|std"))
		return 3600;
	return import_word_any(header, "day|(d)|tag") ? 28800 : 0;
}

bool import_word_count(struct str text, size_t *at, struct draft_time *number)
{
	for (size_t i = *at; i < text.n; i++) {
		struct number low, high;
		if (!is_digit(text.at[i]) || (i && is_word(text.at[i - 1])) ||
		    !read_number(text, i, &low))
			continue;
		high = low;
		size_t second = range_to(text, low.end);
		if (second && !read_number(text, second, &high))
			high = low;
		/* Between the number and "agents" there may be two words, "Claude Code". */
		struct str rest = str_slice(text, high.end, text.n);
		size_t words = 0, from = 0;
		while (from < rest.n && rest.at[from] == ' ' && words++ < 4) {
			size_t end = ++from;
			while (end < rest.n && (is_word(rest.at[end]) || rest.at[end] == '-'))
				end++;
			if (starts_with(str_slice(rest, from, end), STR("agents"))) {
				*number = (struct draft_time){ .least = low.thousandths / 1000, .most = high.thousandths / 1000 };
				*at = high.end + end;
				return true;
			}
			from = end;
		}
		i = high.end - 1;
	}
	return false;
}

/* ---- agents by number */

static size_t word_end(struct str text, size_t at)
{
	while (at < text.n && (is_word(text.at[at]) || text.at[at] == '-'))
		at++;
	return at;
}

/* The kind that the text begins with, in one of the lists; its length. */
static size_t kind_at(struct str text, const char *kinds)
{
	struct str rest = str_from(kinds), kind;
	while (str_split(&rest, '|', &kind)) {
		if (!starts_with(text, kind))
			continue;
		size_t end = kind.n;
		if (end < text.n && lower(text.at[end]) == 's')
			end++;
		if (end >= text.n || !is_word(text.at[end]))
			return end;
	}
	return 0;
}

static const char agent_kinds[] =
	"agent|task|subagent|sub-agent|worker|workstream|work stream|stream|track|lane|ticket|story|"
	"issue|job|session|terminal|instance|developer|dev|teammate|work package|work item|step|aufgabe";
static const char group_kinds[] =
	"group|phase|wave|stage|batch|round|sprint|milestone|tier|epic|gruppe|layer|team";
static const char ordered_kinds[] = "phase|wave|stage|round|sprint|milestone|batch";

bool import_word_is_id(struct str id)
{
	size_t digits = 0, letters = 0;
	for (size_t i = 0; i < id.n; i++) {
		if (is_digit(id.at[i]))
			digits++;
		else if (is_alpha(id.at[i]) && !digits)
			letters++;
		else if (id.at[i] != (digits ? '.' : '-') || !i || i + 1 == id.n ||
			 !is_digit(id.at[i + 1]))
			return false;	/* "1.2" and "WS-2"; "1-6" are several */
	}
	if (letters == 1 && id.n == 1)
		return id.at[0] >= 'A' && id.at[0] <= 'Z';
	return digits && digits <= 5 && letters <= 4;
}

static struct str plain_id(struct str id)
{
	while (id.n > 1 && id.at[0] == '0' && is_digit(id.at[1]))
		id = str_slice(id, 1, id.n);
	return id;
}

/* Where an id ends that begins here. */
static size_t id_end(struct str text, size_t at)
{
	while (at < text.n && (is_alpha(text.at[at]) || is_digit(text.at[at]) ||
			       ((text.at[at] == '.' || text.at[at] == '-') && at + 1 < text.n &&
				is_digit(text.at[at + 1]))))
		at++;
	return at;
}

/* What stands between a number and the title: ":", ".", ")", "-", dashes; without one, a space. */
static struct str behind_mark(struct str rest)
{
	static const char *const marks[] = { ":", ".", ")", "-", "–", "—", "|",
					     "*", "]", "→", "`", "·", "•" };
	rest = str_trim(rest);
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (str_starts(rest, str_from(marks[i]))) {
				rest = str_trim(str_slice(rest, str_from(marks[i]).n, rest.n));
				more = true;
			}
	}
	return rest;
}

/* "✅ Agent 1", "**Agent 1**": the first letter or digit, unless it is far in. */
static struct str from_first_word(struct str text)
{
	size_t i = 0;
	while (i < text.n && !is_alpha(text.at[i]) && !is_digit(text.at[i]) && text.at[i] != '#')
		i++;
	return i < text.n && i <= 12 ? str_slice(text, i, text.n) : text;
}

bool import_word_ref(struct str text, struct import_ref *ref)
{
	*ref = (struct import_ref){ .kind = STR("") };
	text = from_first_word(str_trim(text));
	size_t at = kind_at(text, agent_kinds);
	ref->agent = at > 0;
	if (!at && (at = kind_at(text, group_kinds))) {
		ref->group = true;
		ref->ordered = kind_at(text, ordered_kinds) > 0;
	}
	ref->kind = str_slice(text, 0, at);
	while (at < text.n && (text.at[at] == ' ' || text.at[at] == '#' || text.at[at] == '-' ||
			       text.at[at] == '_'))
		at++;
	size_t end = id_end(text, at);
	struct str id = str_slice(text, at, end);
	if (!import_word_is_id(id) || (!ref->kind.n && id.n == 1 && is_alpha(id.at[0])))
		return false;
	struct str rest = str_slice(text, end, text.n);
	/* "Agent 1-6" names several: that is no title. "3D view" and "2 hours" are no numbers of
	 * agents. */
	if (!ref->kind.n && is_digit(id.at[0]) && !(rest.n && strchr(".):", rest.at[0])))
		return false;
	if (range_to(rest, 0) && !str_starts(str_trim(rest), STR("-  ")) && rest.n &&
	    rest.at[0] != ' ')
		return false;
	if (rest.n && (is_word(rest.at[0]) && (unsigned char)rest.at[0] < 0x80))
		return false;
	ref->id = plain_id(id);
	ref->title = import_word_plain(behind_mark(rest));
	return true;
}

/* The piece up to a comma, "and", "+" or the like. */
static struct str next_piece(struct str *rest)
{
	static const char *const marks[] = { ",",  ";",      " and ",  "&", " + ", " und ",
					     "\n", " plus ", " then ", "→", "->" };
	for (size_t i = 0; i < rest->n; i++)
		for (size_t j = 0; j < sizeof marks / sizeof *marks; j++) {
			struct str mark = str_from(marks[j]);
			if (!starts_with(str_slice(*rest, i, rest->n), mark))
				continue;
			struct str piece = str_slice(*rest, 0, i);
			*rest = str_slice(*rest, i + mark.n, rest->n);
			return piece;
		}
	struct str piece = *rest;
	*rest = STR("");
	return piece;
}

static bool read_range(struct str piece, struct import_mention *mention)
{
	size_t end = 0;
	while (end < piece.n && (is_alpha(piece.at[end]) || is_digit(piece.at[end])))
		end++;
	struct str low = str_slice(piece, 0, end);
	static const char *const marks[] = { "-", "–", "—", "to", "through", "..", "bis", "until" };
	struct str rest = str_trim(str_slice(piece, end, piece.n));
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!starts_with(rest, str_from(marks[i])))
			continue;
		struct str high = str_trim(str_slice(rest, str_from(marks[i]).n, rest.n));
		size_t kind = kind_at(high, agent_kinds);
		high = str_trim(str_slice(high, kind, high.n));
		if (high.n && high.at[0] == '#')
			high = str_slice(high, 1, high.n);
		if (!import_word_is_id(low) || !import_word_is_id(high))
			continue;
		*mention = (struct import_mention){ IMPORT_RANGE, plain_id(low), plain_id(high), piece };
		return true;
	}
	return false;
}

static struct import_mention read_mention(struct str piece)
{
	static const char *const none[] = { "",
					    "none",
					    "-",
					    "–",
					    "—",
					    "n/a",
					    "na",
					    "nothing",
					    "no",
					    "nil",
					    "keine",
					    "independent",
					    "no dependencies",
					    "no deps",
					    "0",
					    "∅",
					    "not blocked",
					    "start",
					    "immediately" };
	static const char *const all[] = {
		"all",          "all agents", "all others", "all other agents", "everything",
		"all previous", "all above",  "all tasks",  "all of the above", "everyone",
		"alle",         "all prior",  "others",     "all other tasks",  "all the others"
	};
	struct str text = import_word_plain(piece);
	if (text.n && text.at[text.n - 1] == '.')
		text = import_word_plain(str_slice(text, 0, text.n - 1));
	struct import_mention mention = { IMPORT_NAMED, text, text, text };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (import_word_same(text, str_from(none[i])))
			mention.kind = IMPORT_NONE;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (import_word_same(text, str_from(all[i])))
			mention.kind = IMPORT_ALL;
	if (mention.kind != IMPORT_NAMED)
		return mention;
	size_t kind = kind_at(text, agent_kinds), group = kind ? 0 : kind_at(text, group_kinds);
	struct str rest = str_trim(str_slice(text, kind ? kind : group, text.n));
	if (rest.n && rest.at[0] == '#')
		rest = str_slice(rest, 1, rest.n);
	if (read_range(rest, &mention))
		return mention;
	size_t end = id_end(rest, 0);
	bool bare = end == rest.n || rest.at[end] == ' ' || rest.at[end] == ':' ||
		    rest.at[end] == '(';
	if (bare && import_word_is_id(str_slice(rest, 0, end)) &&
	    (kind || group || end == rest.n || rest.at[end] == '(' || !is_digit(rest.at[0]))) {
		mention.low = mention.high = plain_id(str_slice(rest, 0, end));
		mention.kind = group ? IMPORT_GROUPED : IMPORT_RANGE;
	}
	return mention;
}

void import_word_mentions(struct arena *arena, struct str text, struct import_mentions *out)
{
	struct str rest = text;
	do {
		struct str piece = next_piece(&rest);
		struct import_mention mention = read_mention(piece);
		if (str_trim(piece).n || !out->list.n)
			*VEC_ADD(arena, &out->list) = mention;
	} while (rest.n);
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
		if (!is_alpha(title.at[i]) && !is_digit(title.at[i])) {
			i++;
			continue;
		}
		size_t end = i;
		while (end < title.n && (is_alpha(title.at[end]) || is_digit(title.at[end])))
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

bool import_word_is_path(struct str word)
{
	bool slash = false, letter = false;
	for (size_t i = 0; i < word.n; i++) {
		if (word.at[i] == ' ' || word.at[i] == '(' || word.at[i] == '<' ||
		    word.at[i] == '$' || word.at[i] == '|' || word.at[i] == '=' ||
		    word.at[i] == '"' || word.at[i] == '\'' || word.at[i] == ';')
			return false;
		slash = slash || word.at[i] == '/';
		letter = letter || is_word(word.at[i]) || word.at[i] == '*';
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
		    (is_alpha(ending.at[0]) || ending.at[0] == '*');
	bool dotted = word.at[0] == '.' && word.n > 1 && is_alpha(word.at[1]);
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
		    (line.n == program.n || !is_word(program.at[program.n - 1]) ||
		     !is_word(line.at[program.n])))
			return true;
	}
	return false;
}
