/* import_ref.c — see import_ref.h. */
#include "compiler/import_ref.h"

#include "compiler/import_time.h"
#include "compiler/import_word.h"

#include <string.h>

/* The kind that the text begins with, in one of the lists; its length. */
static size_t kind_at(struct str text, const char *kinds)
{
	struct str rest = str_from(kinds), kind;
	while (str_split(&rest, '|', &kind)) {
		if (!import_word_starts(text, kind))
			continue;
		size_t end = kind.n;
		if (end < text.n && import_word_small(text.at[end]) == 's')
			end++;
		bool wide = (unsigned char)kind.at[kind.n - 1] >= 0x80;
		if (end >= text.n || wide || !import_word_inside(text.at[end]))
			return end;
	}
	return 0;
}

static const char agent_kinds[] =
	"agent|task|subagent|sub-agent|worker|workstream|work stream|stream|track|lane|ticket|story|"
	"issue|job|session|terminal|instance|developer|dev|teammate|work package|work item|step|aufgabe|任务|步骤";
static const char group_kinds[] =
	"group|phase|wave|stage|batch|round|sprint|milestone|tier|epic|gruppe|layer|team|阶段";
static const char ordered_kinds[] = "phase|wave|stage|round|sprint|milestone|batch|阶段";

bool import_ref_is_id(struct str id)
{
	size_t digits = 0, letters = 0;
	for (size_t i = 0; i < id.n; i++) {
		if (import_word_digit(id.at[i]))
			digits++;
		else if (import_word_letter(id.at[i]) && !digits)
			letters++;
		else if (id.at[i] != (digits ? '.' : '-') || !i || i + 1 == id.n ||
			 !import_word_digit(id.at[i + 1]))
			return false; /* "1.2" and "WS-2"; "1-6" are several */
	}
	if (letters == 1 && id.n == 1)
		return id.at[0] >= 'A' && id.at[0] <= 'Z';
	return digits && digits <= 5 && letters <= 4;
}

static struct str plain_id(struct str id)
{
	while (id.n > 1 && id.at[0] == '0' && import_word_digit(id.at[1]))
		id = str_slice(id, 1, id.n);
	return id;
}

/* Where an id ends that begins here. */
static size_t id_end(struct str text, size_t at)
{
	while (at < text.n && (import_word_letter(text.at[at]) || import_word_digit(text.at[at]) ||
			       ((text.at[at] == '.' || text.at[at] == '-') && at + 1 < text.n &&
				import_word_digit(text.at[at + 1]))))
		at++;
	return at;
}

/* What stands between a number and the title: ":", ".", ")", "-", dashes; without one, a space. */
static struct str behind_mark(struct str rest)
{
	static const char *const marks[] = { ":", "：", ".", ")", "-", "–", "—",
					     "|", "*",  "]", "→", "`", "·", "•" };
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
	while (i < text.n && !import_word_letter(text.at[i]) && !import_word_digit(text.at[i]) &&
	       text.at[i] != '#' && !kind_at(str_slice(text, i, text.n), agent_kinds) &&
	       !kind_at(str_slice(text, i, text.n), group_kinds))
		i++;
	return i < text.n && i <= 12 ? str_slice(text, i, text.n) : text;
}

bool import_ref_read(struct str text, struct import_ref *ref)
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
	if (!import_ref_is_id(id) || (!ref->kind.n && id.n == 1 && import_word_letter(id.at[0])))
		return false;
	struct str rest = str_slice(text, end, text.n);
	/* "Agent 1-6" names several: that is no title. "3D view" and "2 hours" are no numbers of
	 * agents. */
	if (!ref->kind.n && import_word_digit(id.at[0]) && !(rest.n && strchr(".):", rest.at[0])))
		return false;
	if (import_time_range(rest, 0) && !str_starts(str_trim(rest), STR("-  ")) && rest.n &&
	    rest.at[0] != ' ')
		return false;
	if (rest.n && (import_word_inside(rest.at[0]) && (unsigned char)rest.at[0] < 0x80))
		return false;
	ref->id = plain_id(id);
	struct str behind = behind_mark(rest);
	ref->marked = behind.n < str_trim(rest).n;
	ref->title = import_word_plain(behind);
	return true;
}

/* The piece up to a comma, "and", "+" or the like that is not in brackets. */
static struct str next_piece(struct str *rest)
{
	static const char *const marks[] = { ",",  ";",      " and ",  "&", " + ", " und ",
					     "\n", " plus ", " then ", "→", "->" };
	size_t depth = 0;
	for (size_t i = 0; i < rest->n; i++) {
		depth += rest->at[i] == '(';
		depth -= depth && rest->at[i] == ')';
		for (size_t j = 0; j < sizeof marks / sizeof *marks && !depth; j++) {
			struct str mark = str_from(marks[j]);
			if (!import_word_starts(str_slice(*rest, i, rest->n), mark))
				continue;
			struct str piece = str_slice(*rest, 0, i);
			*rest = str_slice(*rest, i + mark.n, rest->n);
			return piece;
		}
	}
	struct str piece = *rest;
	*rest = STR("");
	return piece;
}

static bool read_range(struct str piece, struct import_mention *mention)
{
	size_t end = 0;
	while (end < piece.n &&
	       (import_word_letter(piece.at[end]) || import_word_digit(piece.at[end])))
		end++;
	struct str low = str_slice(piece, 0, end);
	static const char *const marks[] = { "-", "–", "—", "to", "through", "..", "bis", "until" };
	struct str rest = str_trim(str_slice(piece, end, piece.n));
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!import_word_starts(rest, str_from(marks[i])))
			continue;
		struct str high = str_trim(str_slice(rest, str_from(marks[i]).n, rest.n));
		size_t kind = kind_at(high, agent_kinds);
		high = str_trim(str_slice(high, kind, high.n));
		if (high.n && high.at[0] == '#')
			high = str_slice(high, 1, high.n);
		if (!import_ref_is_id(low) || !import_ref_is_id(high))
			continue;
		*mention = (struct import_mention){ IMPORT_RANGE, plain_id(low), plain_id(high),
						    piece };
		return true;
	}
	return false;
}

/* "2 (half a day)" is 2; "(2)" stays. */
static struct str before_bracket(struct str piece)
{
	size_t open = str_find(piece, '(');
	return open == SIZE_MAX || !str_trim(str_slice(piece, 0, open)).n
		       ? piece
		       : str_trim(str_slice(piece, 0, open));
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
	static const char *const all[] = { "all",
					   "all agents",
					   "all others",
					   "all other agents",
					   "everything",
					   "everything above",
					   "everything before",
					   "everything else",
					   "all previous",
					   "all above",
					   "all tasks",
					   "all of the above",
					   "everyone",
					   "alle",
					   "all prior",
					   "others",
					   "all other tasks",
					   "all the others" };
	struct str text = import_word_plain(before_bracket(import_word_plain(piece)));
	if (text.n && text.at[text.n - 1] == '.')
		text = import_word_plain(str_slice(text, 0, text.n - 1));
	if (import_word_starts(text, STR("both ")))
		text = str_trim(str_slice(text, 5, text.n));
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
	if (bare && import_ref_is_id(str_slice(rest, 0, end)) &&
	    (kind || group || end == rest.n || rest.at[end] == '(' ||
	     !import_word_digit(rest.at[0]))) {
		mention.low = mention.high = plain_id(str_slice(rest, 0, end));
		mention.kind = group ? IMPORT_GROUPED : IMPORT_RANGE;
	}
	return mention;
}

void import_ref_mentions(struct arena *arena, struct str text, struct import_mentions *out)
{
	struct str rest = str_trim(text);
	if (rest.n > 1 && rest.at[0] == '(' && str_find(rest, ')') == rest.n - 1)
		rest = str_slice(rest, 1, rest.n - 1);
	do {
		struct str piece = next_piece(&rest);
		struct import_mention mention = read_mention(piece);
		if (str_trim(piece).n || !out->list.n)
			*VEC_ADD(arena, &out->list) = mention;
	} while (rest.n);
}

/* ---- in the middle of a sentence */

static const char sentence_kinds[] =
	"agent|task|subagent|sub-agent|worker|workstream|work stream|stream|track|lane|ticket|story|"
	"teammate|developer|work package|work item|aufgabe|任务";

bool import_ref_is_kind(struct str word)
{
	return kind_at(word, sentence_kinds) == word.n && word.n;
}

/* Where "3", "T14", "WS-2" or "1.2" ends; `at` when none is there. */
static size_t word_of_id(struct str text, size_t at)
{
	size_t end = at;
	while (end < text.n && import_word_letter(text.at[end]))
		end++;
	if (end > at && end + 1 < text.n && text.at[end] == '-' &&
	    import_word_digit(text.at[end + 1]))
		end++;
	while (end < text.n && import_word_digit(text.at[end]))
		end++;
	while (end > at && import_word_digit(text.at[end - 1]) && end + 1 < text.n &&
	       text.at[end] == '.' && import_word_digit(text.at[end + 1]))
		for (end++; end < text.n && import_word_digit(text.at[end]); end++)
			;
	bool inside = end < text.n && (import_word_inside(text.at[end]) || text.at[end] == '/' ||
				       text.at[end] == '_');
	return !inside && import_ref_is_id(str_slice(text, at, end)) ? end : at;
}

/* "2 hours", "3 failures": the number counts something. */
static bool counts(struct str text, size_t end)
{
	static const char *const words[] = {
		"and",      "und",      "or",        "oder",      "is",
		"are",      "has",      "have",      "finish",    "finishes",
		"finished", "complete", "completes", "completed", "done",
		"land",     "lands",    "landed",    "merge",     "merges",
		"merged",   "start",    "starts",    "can",       "must",
		"will",     "run",      "runs",      "pass",      "passes",
		"first",    "then",     "before",    "after",     "once",
		"until",    "both",     "ist",       "sind",      "fertig",
		"in",       "waits",    "wait",      "depends",   "depend",
		"needs",    "need",     "requires",  "blocks",    "block",
		"through",  "to",       "bis",       "wartet",    "hängt",
		"ab",       "starten",  "beginnen",  "beginnt",   "warten",
		"hängen",   "erledigt", "gemerged",  "should",    "cannot",
		"may",      "precedes", "follows",   "plus",      "as",
		"dann",     "finally",  "followed",  "danach",    "parallel",
		"voraus",   "startet",  "laufen",    "läuft",     "abgeschlossen",
		"gemergt",  "comes",    "goes",      "shall",
	};
	if (end >= text.n || text.at[end] != ' ')
		return end < text.n && text.at[end] == '%';
	size_t from = end, to;
	while (from < text.n && text.at[from] == ' ')
		from++;
	for (to = from; to < text.n && import_word_inside(text.at[to]);)
		to++;
	/* An arrow or a dash is no word. */
	if (to == from || (unsigned char)text.at[from] == 0xE2)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (import_word_same(str_slice(text, from, to), str_from(words[i])))
			return false;
	return true;
}

static size_t skip_number_sign(struct str text, size_t at)
{
	while (at < text.n && (text.at[at] == ' ' || text.at[at] == '#'))
		at++;
	return at;
}

/* Behind "-", "–", "to" and what may stand around them, when an id follows. */
static size_t behind_range(struct str text, size_t at)
{
	static const char *const marks[] = { "-",   "–",    "—",         "..",   " - ",
					     " – ", " to ", " through ", " bis " };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str mark = str_from(marks[i]);
		if (!import_word_starts(str_slice(text, at, text.n), mark))
			continue;
		size_t from = at + mark.n;
		from = skip_number_sign(text,
					from + kind_at(str_slice(text, from, text.n), agent_kinds));
		if (word_of_id(text, from) > from)
			return from;
	}
	return at;
}

struct ref_place {
	size_t at;
	bool bare, kind; /* may be a number alone; has a kind in front */
};

static size_t one_ref(struct str text, struct ref_place *place, struct import_mention *mention)
{
	struct str rest = str_slice(text, place->at, text.n);
	size_t kind = kind_at(rest, sentence_kinds), group = kind ? 0 : kind_at(rest, group_kinds);
	size_t from = skip_number_sign(text, place->at + kind + group),
	       end = word_of_id(text, from);
	if (end == from || (from > place->at + kind + group && !kind && !group && !place->bare))
		return place->at;
	struct str low = str_slice(text, from, end), high = low;
	bool number = import_word_digit(low.at[0]);
	if (!kind && !group && number && !place->bare)
		return place->at;
	size_t second = behind_range(text, end);
	if (second > end) {
		end = word_of_id(text, second);
		high = str_slice(text, second, end);
	}
	if (!kind && !group && (number || low.n == 1) && counts(text, end))
		return place->at;
	*mention = (struct import_mention){ group ? IMPORT_GROUPED : IMPORT_RANGE, plain_id(low),
					    plain_id(high), str_slice(text, place->at, end) };
	place->kind = kind || group;
	return end;
}

static size_t behind_joint(struct str text, size_t at)
{
	static const char *const joints[] = {
		", and ", ", und ", ", or ",        ", as well as ", ", ",  ",",
		" and ",  " und ",  " as well as ", " sowie ",       " & ", "&",
		" + ",    "+",      " or ",         " oder ",        "/",   "、"
	};
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
		if (import_word_starts(str_slice(text, at, text.n), str_from(joints[i])))
			return at + strlen(joints[i]);
	return at;
}

/* Behind what stands in brackets there. */
static size_t behind_bracket(struct str text, size_t at)
{
	size_t from = at;
	while (from < text.n && text.at[from] == ' ')
		from++;
	if (from >= text.n || text.at[from] != '(')
		return at;
	size_t close = str_find(str_slice(text, from, text.n), ')');
	return close == SIZE_MAX ? at : from + close + 1;
}

size_t import_ref_list(struct arena *arena, struct str text, size_t at, bool bare,
		       struct import_mentions *out)
{
	struct ref_place place = { .at = at, .bare = bare };
	struct import_mention mention;
	size_t end = one_ref(text, &place, &mention), last = end;
	while (end > place.at) {
		*VEC_ADD(arena, &out->list) = mention;
		last = end;
		size_t behind = behind_bracket(text, end), next = behind_joint(text, behind);
		if (next == behind)
			break;
		place = (struct ref_place){ .at = next, .bare = true };
		end = one_ref(text, &place, &mention);
	}
	return last > at ? last : at;
}
