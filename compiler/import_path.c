/* import_path.c — see import_path.h. Word by word: some words say that what follows is changed,
 * others that it is read; that holds until another one or the end of the sentence. */
#include "compiler/import_path.h"

#include "common/glob.h"
#include "compiler/import_word.h"

#include <string.h>

static const char reading_words[] =
	"from using per see with following against via like matching read reads reading";
static const char placing_words[] = "in into under at to";
/* Documents that a list of tasks is made from; they lie beside it, wherever that is. */
static const char known_documents[] =
	"plan.md spec.md research.md data-model.md quickstart.md tasks.md prd.txt";
static const char changing_words[] =
	"create creates add update edit modify write implement extend configure document move";

static bool is_one_of(struct str word, const char *words)
{
	struct str rest = str_from(words), each;
	while (str_split(&rest, ' ', &each))
		if (import_word_same(each, word))
			return true;
	return false;
}

/* Without the marks that a sentence puts around a word. */
static struct str bare(struct str word)
{
	while (word.n && strchr("([\"'*_`", word.at[0]))
		word = str_slice(word, 1, word.n);
	while (word.n && strchr(".,;:!?)\"'`", word.at[word.n - 1]))
		word.n--;
	if (word.n > 2 && str_ends(word, STR("**")) && word.at[word.n - 3] != '/')
		word.n -= 2;
	return word;
}

/* Folders and files show by their form; a word like client/server is a path only where a place is
 * told. */
static bool is_path(struct str word, bool placed)
{
	if (!word.n || word.at[0] == '@' || !import_word_is_path(word) ||
	    is_one_of(word, known_documents))
		return false;
	size_t slash = word.n;
	while (slash && word.at[slash - 1] != '/')
		slash--;
	struct str last = str_slice(word, slash, word.n);
	size_t dot = str_find(last, '.');
	bool ending = dot != SIZE_MAX && dot + 1 < last.n &&
		      !(last.at[dot + 1] >= '0' && last.at[dot + 1] <= '9');
	if (!slash)	/* Node.js is no file */
		return placed &&
		       !(word.at[0] >= 'A' && word.at[0] <= 'Z' && str_ends(word, STR(".js")));
	return ending || !last.n || str_find(word, '*') != SIZE_MAX || placed;
}

/* "/etc/cafe.conf", "~/.bashrc": a file, and none of the repository. "/users" is a route. */
static bool is_outside(struct str word, bool placed)
{
	size_t slash = word.n;
	while (slash && word.at[slash - 1] != '/')
		slash--;
	struct str last = str_slice(word, slash, word.n);
	size_t dot = str_find(last, '.');
	return placed && word.n && (word.at[0] == '/' || str_starts(word, STR("~/"))) &&
	       dot != SIZE_MAX && dot + 1 < last.n && import_word_letter(last.at[dot + 1]);
}

static struct span place_of(const struct draft *draft, struct str word, struct span place)
{
	struct str text = source_get(draft->sources, draft->source)->text;
	if (word.at < text.at || word.at + word.n > text.at + text.n)
		return place;
	uint32_t start = (uint32_t)(word.at - text.at);
	return (struct span){ draft->source, start, start + (uint32_t)word.n };
}

static void add(struct draft *draft, struct draft_agent *agent, struct str word, bool reading,
		struct span place)
{
	struct str pattern = glob_of_name(draft->arena, word);
	for (size_t i = 0; i < agent->paths.n; i++)
		if (str_equal(agent->paths.at[i].path, pattern)) {
			if (!reading)
				agent->paths.at[i].access = DRAFT_OWNS;
			return;
		}
	draft_add_path(draft, agent, pattern, reading ? DRAFT_READS : DRAFT_OWNS,
		       place_of(draft, word, place));
}

/* The next word, or what stands between two backticks in a line. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
	size_t start = *at;
	while (start < text.n && strchr(" \t\r\n", text.at[start]))
		start++;
	size_t end = start;
	if (start < text.n && text.at[start] == '`') {
		for (end++; end < text.n && text.at[end] != '`' && text.at[end] != '\n';)
			end++;
		end += end < text.n;
	}
	while (end < text.n && !strchr(" \t\r\n", text.at[end]))
		end++;
	*word = str_slice(text, start, end);
	*at = end;
	return start < text.n;
}

void import_path_find(struct draft *draft, struct draft_agent *agent, struct str text,
		      struct span place)
{
	bool reading = false, placed = false;
	struct str word;
	for (size_t at = 0; next_word(text, &at, &word);) {
		struct str plain = bare(word);
		if (is_one_of(plain, reading_words))
			reading = true;
		else if (is_one_of(plain, changing_words))
			reading = false;
		/* What is set as code stands for itself. */
		bool code = word.at[0] == '`', path = is_path(plain, placed || code);
		if (path || is_outside(plain, placed))
			add(draft, agent, plain, reading, place);
		if (word.at[word.n - 1] == '.')
			reading = false;
		bool list = import_word_same(plain, STR("and")) || str_ends(word, STR(","));
		placed = (placed && (list || path)) || is_one_of(plain, placing_words) ||
			 is_one_of(plain, changing_words);
	}
}

void import_path_end(struct draft_agent *agent)
{
	size_t owned = 0;
	for (size_t i = 0; i < agent->paths.n; i++)
		owned += agent->paths.at[i].access != DRAFT_READS;
	for (size_t i = 0; i < agent->paths.n && !owned; i++)
		agent->paths.at[i].access = DRAFT_OWNS;
}
