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
			if (!import_word_starts(str_slice(*rest, i, rest->n), mark))
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
	struct str rest = text;
	do {
		struct str piece = next_piece(&rest);
		struct import_mention mention = read_mention(piece);
		if (str_trim(piece).n || !out->list.n)
			*VEC_ADD(arena, &out->list) = mention;
	} while (rest.n);
}
