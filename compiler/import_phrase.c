/* import_phrase.c — see import_phrase.h. */
#include "compiler/import_phrase.h"

#include "compiler/import_ref.h"
#include "compiler/import_word.h"

#include <string.h>

enum { WEAK = 1, COMPLETED = 2, VERB = 4 };

/* Longer ones first where one begins with another. */
static const struct {
	const char *words;
	enum import_phrase_kind kind;
	unsigned how;
} phrases[] = {
	{ "waits for", IMPORT_PHRASE_AFTER, 0 },
	{ "wait for", IMPORT_PHRASE_AFTER, 0 },
	{ "waiting for", IMPORT_PHRASE_AFTER, 0 },
	{ "waits on", IMPORT_PHRASE_AFTER, 0 },
	{ "wait on", IMPORT_PHRASE_AFTER, 0 },
	{ "waits until", IMPORT_PHRASE_AFTER, 0 },
	{ "wait until", IMPORT_PHRASE_AFTER, 0 },
	{ "depends on", IMPORT_PHRASE_AFTER, 0 },
	{ "depend on", IMPORT_PHRASE_AFTER, 0 },
	{ "depends upon", IMPORT_PHRASE_AFTER, 0 },
	{ "dependent on", IMPORT_PHRASE_AFTER, 0 },
	{ "depending on", IMPORT_PHRASE_AFTER, 0 },
	{ "blocked by", IMPORT_PHRASE_AFTER, 0 },
	{ "blocked on", IMPORT_PHRASE_AFTER, 0 },
	{ "gated by", IMPORT_PHRASE_AFTER, 0 },
	{ "gated on", IMPORT_PHRASE_AFTER, 0 },
	{ "must follow", IMPORT_PHRASE_AFTER, 0 },
	{ "comes after", IMPORT_PHRASE_AFTER, 0 },
	{ "runs after", IMPORT_PHRASE_AFTER, 0 },
	{ "as soon as", IMPORT_PHRASE_AFTER, WEAK },
	{ "only after", IMPORT_PHRASE_AFTER, WEAK },
	{ "right after", IMPORT_PHRASE_AFTER, WEAK },
	{ "builds on", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "build on", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "relies on", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "requires", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "require", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "needs to wait for", IMPORT_PHRASE_AFTER, 0 },
	{ "needs", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "need", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "follows", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "after", IMPORT_PHRASE_AFTER, WEAK },
	{ "once", IMPORT_PHRASE_AFTER, WEAK },
	{ "until", IMPORT_PHRASE_AFTER, WEAK },
	{ "when", IMPORT_PHRASE_AFTER, WEAK | COMPLETED },
	{ "hängt ab von", IMPORT_PHRASE_AFTER, 0 },
	{ "hängen ab von", IMPORT_PHRASE_AFTER, 0 },
	{ "hängt von", IMPORT_PHRASE_AFTER, 0 },
	{ "hängen von", IMPORT_PHRASE_AFTER, 0 },
	{ "abhängig von", IMPORT_PHRASE_AFTER, 0 },
	{ "wartet auf", IMPORT_PHRASE_AFTER, 0 },
	{ "warten auf", IMPORT_PHRASE_AFTER, 0 },
	{ "blockiert von", IMPORT_PHRASE_AFTER, 0 },
	{ "blockiert durch", IMPORT_PHRASE_AFTER, 0 },
	{ "baut auf", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "bauen auf", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "braucht", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "brauchen", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "benötigt", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "benötigen", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "setzt", IMPORT_PHRASE_AFTER, WEAK | VERB },
	{ "nachdem", IMPORT_PHRASE_AFTER, WEAK },
	{ "nach", IMPORT_PHRASE_AFTER, WEAK },
	{ "sobald", IMPORT_PHRASE_AFTER, WEAK },
	{ "wenn", IMPORT_PHRASE_AFTER, WEAK | COMPLETED },
	{ "依赖", IMPORT_PHRASE_AFTER, 0 },
	{ "is required by", IMPORT_PHRASE_BEFORE, 0 },
	{ "required by", IMPORT_PHRASE_BEFORE, 0 },
	{ "needed by", IMPORT_PHRASE_BEFORE, 0 },
	{ "prerequisite for", IMPORT_PHRASE_BEFORE, 0 },
	{ "prerequisite of", IMPORT_PHRASE_BEFORE, 0 },
	{ "prior to", IMPORT_PHRASE_BEFORE, WEAK },
	{ "ahead of", IMPORT_PHRASE_BEFORE, WEAK },
	{ "precedes", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "precede", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "unblocks", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "unblock", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "blocks", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "block", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "before", IMPORT_PHRASE_BEFORE, WEAK },
	{ "voraussetzung für", IMPORT_PHRASE_BEFORE, 0 },
	{ "bevor", IMPORT_PHRASE_BEFORE, WEAK },
	{ "vor", IMPORT_PHRASE_BEFORE, WEAK },
	{ "blockiert", IMPORT_PHRASE_BEFORE, WEAK | VERB },
	{ "followed by", IMPORT_PHRASE_THEN, 0 },
	{ "and then", IMPORT_PHRASE_THEN, 0 },
	{ "then", IMPORT_PHRASE_THEN, 0 },
	{ "and finally", IMPORT_PHRASE_THEN, 0 },
	{ "finally", IMPORT_PHRASE_THEN, 0 },
	{ "afterwards", IMPORT_PHRASE_THEN, 0 },
	{ "after that", IMPORT_PHRASE_THEN, 0 },
	{ "next", IMPORT_PHRASE_THEN, 0 },
	{ "last", IMPORT_PHRASE_THEN, 0 },
	{ "und dann", IMPORT_PHRASE_THEN, 0 },
	{ "dann", IMPORT_PHRASE_THEN, 0 },
	{ "danach", IMPORT_PHRASE_THEN, 0 },
	{ "anschließend", IMPORT_PHRASE_THEN, 0 },
	{ "gefolgt von", IMPORT_PHRASE_THEN, 0 },
	{ "zuletzt", IMPORT_PHRASE_THEN, 0 },
	{ "zum schluss", IMPORT_PHRASE_THEN, 0 },
	{ "→", IMPORT_PHRASE_ARROW, 0 },
	{ "-->", IMPORT_PHRASE_ARROW, 0 },
	{ "->", IMPORT_PHRASE_ARROW, 0 },
	{ "==>", IMPORT_PHRASE_ARROW, 0 },
	{ "=>", IMPORT_PHRASE_ARROW, 0 },
	{ "➜", IMPORT_PHRASE_ARROW, 0 },
	{ "➔", IMPORT_PHRASE_ARROW, 0 },
	{ "⟶", IMPORT_PHRASE_ARROW, 0 },
	{ "⇒", IMPORT_PHRASE_ARROW, 0 },
};

static bool is_word_end(struct str text, size_t at, char last)
{
	return at >= text.n || !import_word_inside(last) || !import_word_inside(text.at[at]) ||
	       (unsigned char)last >= 0x80;
}

/* The longest phrase that begins at `at`. */
bool import_phrase_at(struct str text, size_t at, struct import_phrase *phrase)
{
	struct str rest = str_slice(text, at, text.n);
	size_t most = 0;
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		struct str words = str_from(phrases[i].words);
		bool apart = !at || !import_word_inside(words.at[0]) ||
			     (unsigned char)words.at[0] >= 0x80 ||
			     !import_word_inside(text.at[at - 1]);
		if (words.n <= most || !apart || !import_word_starts(rest, words) ||
		    !is_word_end(rest, words.n, words.at[words.n - 1]))
			continue;
		most = words.n;
		unsigned how = phrases[i].how;
		*phrase = (struct import_phrase){ .kind = phrases[i].kind,
						  .start = at,
						  .end = at + words.n,
						  .weak = how & WEAK,
						  .verb = (how & VERB) || !(how & WEAK),
						  .needs_end = how & COMPLETED };
	}
	return most > 0;
}

bool import_phrase_find(struct str text, size_t from, struct import_phrase *phrase)
{
	for (size_t at = from; at < text.n; at++)
		if (import_phrase_at(text, at, phrase))
			return true;
	return false;
}

static bool is_one_of(struct str word, const char *words)
{
	struct str rest = str_from(words), each;
	while (str_split(&rest, ' ', &each))
		if (import_word_same(each, word))
			return true;
	return false;
}

static bool next_word(struct str *rest, struct str *word)
{
	size_t from = 0, end;
	while (from < rest->n && !import_word_inside(rest->at[from]))
		from++;
	for (end = from;
	     end < rest->n && (import_word_inside(rest->at[end]) || rest->at[end] == '\'');)
		end++;
	*word = str_slice(*rest, from, end);
	*rest = str_slice(*rest, end, rest->n);
	return word->n > 0;
}

bool import_phrase_denied(struct str text)
{
	struct str word;
	while (next_word(&text, &word))
		if (is_one_of(word, "not cannot never nor nicht kein keine nie") ||
		    (word.n > 3 &&
		     import_word_same(str_slice(word, word.n - 3, word.n), STR("n't"))) ||
		    (word.n > 4 && str_ends(word, STR("n’t"))))
			return true;
	return false;
}

bool import_phrase_is_filler(struct str word)
{
	return is_one_of(
		word,
		"must should shall will can could may has have had is are be been being was to do does did "
		"only also both all the a an of it its this that these first start starts started starting "
		"begin begins beginning run runs running launch launched merge merged merges land lands "
		"finish finished finishes complete completed completes done execute executes executed go "
		"goes come comes work works agent agents task tasks in parallel now not cannot never don't "
		"doesn't can't mustn't shouldn't won't and just strictly always so therefore "
		"muss müssen soll sollen darf dürfen kann können erst nur zuerst nicht läuft laufen startet "
		"starten gestartet beginnt beginnen fertig sein ist sind wird werden und alle die der das "
		"order sequence with by run. im parallel beide");
}

bool import_phrase_is_filled(struct str text)
{
	struct str word;
	while (next_word(&text, &word))
		if (!import_phrase_is_filler(word))
			return false;
	return true;
}

/* ---- at the end of a title */

/* Numbers with or without "agent" in front, or letters with it; a letter alone only behind a
 * comma, bracket or dash, since "after v2" is about a version. */
static bool names_agents(struct arena *arena, struct str others, bool apart)
{
	struct import_mentions mentions = { 0 };
	import_ref_mentions(arena, others, &mentions);
	for (size_t i = 0; i < mentions.list.n; i++) {
		const struct import_mention *mention = &mentions.list.at[i];
		bool number = mention->low.n && import_word_digit(mention->low.at[0]),
		     kind = mention->kind == IMPORT_GROUPED ||
			    (mention->kind == IMPORT_RANGE && mention->low.at != mention->text.at);
		bool named = mention->kind == IMPORT_RANGE && (number || apart || kind);
		if (!named && mention->kind != IMPORT_GROUPED)
			return false;
	}
	return mentions.list.n > 0;
}

/* From a mark in front of the phrase, "Docs, " or "Docs (": where the title ends. */
static size_t title_end(struct str title, size_t at, bool *apart)
{
	static const char *const marks[] = { ",", "(", "[", ";", "-", "–", "—", ":", "*", "_" };
	*apart = false;
	for (bool more = true; more;) {
		more = false;
		while (at && title.at[at - 1] == ' ')
			at--;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (at && str_ends(str_slice(title, 0, at), str_from(marks[i]))) {
				at -= strlen(marks[i]);
				*apart = more = true;
			}
	}
	return at;
}

static size_t others_end(struct str title, size_t at)
{
	size_t depth = 0;
	for (; at < title.n; at++) {
		char c = title.at[at];
		struct import_phrase next;
		if (!depth && (c == ')' || c == ']' || c == ';' ||
			       (c == '.' && (at + 1 == title.n || title.at[at + 1] == ' '))))
			break;
		/* "after 1, before 4" */
		if (!depth && c == ',' && at + 1 < title.n && title.at[at + 1] == ' ' &&
		    import_phrase_at(title, at + 2, &next))
			break;
		depth += c == '(' || c == '[';
		depth -= depth && (c == ')' || c == ']');
	}
	return at;
}

bool import_phrase_tail(struct arena *arena, struct str title, struct import_phrase_tail *tail)
{
	struct import_phrase phrase;
	for (size_t at = 0; import_phrase_find(title, at, &phrase); at = phrase.end) {
		if (phrase.kind > IMPORT_PHRASE_BEFORE)
			continue;
		bool apart;
		size_t cut = title_end(title, phrase.start, &apart),
		       end = others_end(title, phrase.end);
		struct str others = str_trim(str_slice(title, phrase.end, end));
		while (others.n && others.at[0] == ':')
			others = str_trim(str_slice(others, 1, others.n));
		if (!others.n || !names_agents(arena, others, apart))
			continue;
		tail->title = import_word_plain(str_slice(title, 0, cut));
		tail->others = others;
		tail->rest = str_slice(title, end, title.n);
		tail->before = phrase.kind == IMPORT_PHRASE_BEFORE;
		return true;
	}
	return false;
}
