/* import_title.c — what stands at the end of a title and is no part of it: brackets with times and
 * files, the place of the work, the agents that it waits for. */
#include "compiler/import_inside.h"
#include "compiler/import_path.h"
#include "compiler/import_phrase.h"

#include <string.h>

/* Does what stands in brackets tell of files, times or others, and not belong to the title? */
static bool is_detail(struct str words)
{
	size_t at = 0;
	struct draft_time time;
	if (import_time_read(words, &at, 0, &time) ||
	    import_word_any(
		    words,
		    "depends|after |blocked|parallel|independent|new file|needs |requires|owns|files:"))
		return true;
	struct str rest = words, word;
	while (str_split(&rest, ' ', &word))
		if (import_word_is_path(import_word_plain(word)))
			return true;
	return false;
}

/* "Rounding (Alice, ~2h)": what stands in the brackets at its end, when that tells of the agent. */
struct str import_title_bracket(struct import_ref *ref)
{
	struct str title = ref->title;
	size_t open = title.n;
	if (!title.n || title.at[title.n - 1] != ')')
		return STR("");
	while (open && title.at[open - 1] != '(')
		open--;
	struct str inside = str_slice(title, open, title.n - 1);
	if (open < 2 || !is_detail(inside))
		return STR("");
	ref->title = import_word_plain(str_slice(title, 0, open - 1));
	return inside;
}

/* The pieces of a bracket that say nothing known: "Alice" of "Alice, ~2h". */
struct str import_title_rest(struct arena *arena, struct str bracket)
{
	struct str rest = bracket, piece, all = STR("");
	while (str_split(&rest, ',', &piece)) {
		piece = str_trim(piece);
		if (piece.n && !is_detail(piece) && !import_ref_is_id(piece))
			all = all.n ? arena_format(arena, "%.*s, %.*s", STR_ARG(all),
						   STR_ARG(piece))
				    : piece;
	}
	return all;
}

struct import_title import_title_split(struct str line)
{
	static const char *const marks[] = { " — ", " – ", " | ", " - ", ": " };
	size_t cut = line.n, skip = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t at = str_find_text(line, str_from(marks[i]));
		if (at != SIZE_MAX && at < cut && at > 2) {
			cut = at;
			skip = str_from(marks[i]).n;
		}
	}
	/* "Indexer -> search/indexer.go": between titles, arrows belong to them. */
	static const char *const arrows[] = { " -> ", " → ", " => " };
	for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++) {
		size_t at = str_find_text(line, str_from(arrows[i]));
		struct str rest = at < cut ? str_slice(line, at + strlen(arrows[i]), line.n)
					   : STR("");
		size_t end = str_find(rest, ' ');
		struct str word = str_slice(rest, 0, end == SIZE_MAX ? rest.n : end);
		while (word.n && strchr("`,", word.at[word.n - 1]))
			word = str_slice(word, 0, word.n - 1);
		if (at > 2 && word.n && import_word_is_path(import_word_plain(word))) {
			cut = at;
			skip = strlen(arrows[i]);
		}
	}
	for (size_t open = 0; open < cut; open++) {
		if (line.at[open] != '(' && line.at[open] != '[')
			continue;
		size_t close = open;
		while (close < line.n && line.at[close] != ')' && line.at[close] != ']')
			close++;
		if (is_detail(str_slice(line, open + 1, close)) && open > 2) {
			cut = open;
			skip = 0;
		}
	}
	return (struct import_title){ import_word_plain(str_slice(line, 0, cut)),
				      str_trim(str_slice(line, cut + skip, line.n)) };
}

/* "Backend in src/auth/login.py": the file, and the title in front of it. */
struct str import_title_place(struct import_reader *r, uint32_t agent, struct str title,
			      struct span span)
{
	static const char *const placing[] = { " in ", " at ", " to " };
	struct draft_agent *a = &r->draft->agents.at[agent];
	if (a->paths.n || str_find(title, '.') == SIZE_MAX)
		return title;
	import_path_find(r->draft, a, title, span);
	for (size_t i = 0; i < sizeof placing / sizeof *placing && a->paths.n; i++) {
		size_t at = str_find_text(title, str_from(placing[i]));
		if (at == SIZE_MAX)
			continue;
		struct str path = import_word_plain(str_slice(title, at + 4, title.n));
		if (at > 2 && str_find(path, ' ') == SIZE_MAX && import_word_is_path(path))
			return str_trim(str_slice(title, 0, at));
	}
	return title;
}

struct str import_title_order(struct import_reader *r, struct str title,
			      struct import_pending *pending)
{
	struct import_phrase_tail tail;
	*pending = (struct import_pending){ .agent = DRAFT_NONE };
	if (!import_phrase_tail(r->arena, title, &tail) || !tail.title.n)
		return title;
	pending->field = tail.before ? IMPORT_BLOCKS : IMPORT_DEPENDS;
	pending->text = tail.others;
	return tail.title;
}
