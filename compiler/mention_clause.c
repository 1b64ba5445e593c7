/* mention_clause.c — see mention_clause.h.
 *
 * A sentence is read once, from left to right, as words with flags (mention.def). What was said
 * last of writing or reading is the *mode*, which the next path gets. A path that comes before
 * anything is said ("In `x`, add …", "x: add …", "x must be …") waits until something is. */
#include "compiler/mention_clause.h"

#include "compiler/mention_path.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAKE = 1 << 0,   /* verbs of making */
	CHANGE = 1 << 1, /* … of changing */
	TAKE = 1 << 2,   /* … of taking away, which take *from* a file */
	ACT = 1 << 3,    /* may be done to a file or in it: "call it from x" */
	READ = 1 << 4, /* what follows is only looked at, or something is told of what was before */
	NEG = 1 << 5,
	BUT = 1 << 6, /* ends a negation */
	FROM = 1 << 7,
	LOC = 1 << 8,  /* in, to: what is done is done there */
	ONTO = 1 << 9, /* of these, what a word like "added" is followed by */
	MODAL = 1 << 10,
	BE = 1 << 11,
	DONE = 1 << 12,   /* added, changed */
	STAY = 1 << 13,   /* with a MODAL: nothing is to be done */
	STAYS = 1 << 14,  /* the path before it is left as it is */
	GOES = 1 << 15,   /* "goes to x" */
	DET = 1 << 16,    /* what follows is a noun */
	BEFORE = 1 << 17, /* what follows may be a command */
	PRONOUN = 1 << 18,
	NEW = 1 << 19,
	SURE = 1 << 20, /* "make sure" */
	FOR = 1 << 21,  /* READ up to the next LOC: "tests for x in y" */
	AS = 1 << 22,
	LATE = 1 << 23,       /* a verb at the end of a German sentence */
	WITH = 1 << 24,       /* READ, but not what the sentence is about */
	OF = 1 << 25,         /* FOR after verbs of making: "a test of x" */
	LABELWRITE = 1 << 26, /* in labels */
	LABELREAD = 1 << 27,
	VERB = MAKE | CHANGE | TAKE,
};
static const struct word {
	const char *text;
	uint32_t flags;
} words[] = {
#define WORD(text, flags) { text, flags },
#include "compiler/mention.def"
#undef WORD
};

enum item_kind { ITEM_NONE, ITEM_WORD, ITEM_PATH, ITEM_MARK };
struct item {
	enum item_kind kind;
	uint32_t flags;		/* of a word */
	char mark;		/* of a mark: , : . ( ) | and - for all dashes and arrows */
	bool adverb, tests;
	struct mention_path path;
};
struct reader {
	struct arena *arena;
	struct str text;
	size_t at, end;
	struct item next;	/* one is looked ahead */
	struct mentions *out;
	enum mention_mode around;
	/* of the sentence */
	enum mention_mode mode,
		verb; /* verb: what the last verb said, whatever prepositions came after it */
	bool negated, take, makes, phrase, modal, tests;
	bool leads;		/* the sentence is a path, a mark, and what is said of it */
	size_t open;		/* the first mention of `out` that may be waiting */
	size_t subject;		/* 1 + the mention of a sentence before that "it" may stand for */
	size_t candidate;	/* … of this sentence, for the next */
	bool quoted;		/* between backticks */
	struct item last, before_last;
	/* of the sentence, while inside of parentheses */
	bool inside, kept_phrase, kept_negated;
	size_t kept_open;
	enum mention_mode kept;
};

static int compare_word(const void *key, const void *row)
{
	return str_compare(*(const struct str *)key, str_from(((const struct word *)row)->text));
}

static uint32_t flags_of(struct str word)
{
	char small[24];
	if (!word.n || word.n > sizeof small)
		return 0;
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)word.at[i];
		bool umlaut = i && (unsigned char)word.at[i - 1] == 0xC3 && c >= 0x80 && c < 0x9F;
		small[i] = umlaut || (c >= 'A' && c <= 'Z') ? (char)(c | 32) : (char)c;
	}
	struct str key = { small, word.n };
	if (str_ends(key, STR("n't")) || str_ends(key, STR("n\xE2\x80\x99t")))
		return NEG;
	const struct word *found = bsearch(&key, words, sizeof words / sizeof *words, sizeof *words,
					   compare_word);
	return found ? found->flags : 0;
}

/* Dashes, arrows and bullets are one mark; of other characters, what ends sentences and what
 * binds. */
static char mark_at(const struct reader *r, size_t at)
{
	struct str rest = str_slice(r->text, at, r->end);
	char c = rest.at[0];
	if (c == ',' || c == '(' || c == ')' || c == '|')
		return c;
	if (c == ';' || c == '!' || c == '?')
		return '.';
	bool dash = str_starts(rest, STR("\xE2\x80\x93")) ||
		    str_starts(rest, STR("\xE2\x80\x94")) || str_starts(rest, STR("\xE2\x86\x92"));
	return dash ? '-' : 0;
}

/* "e.g." ends no sentence. */
static bool ends_sentence(const struct reader *r, struct str word, size_t end)
{
	static const char *const shorts[] = { "e.g.", "i.e.", "etc.",  "vs.",    "z.B.",
					      "bzw.", "cf.",  "incl.", "approx." };
	if (end < r->end && r->text.at[end] != ' ' && r->text.at[end] != '\n' &&
	    r->text.at[end] != '\r' && r->text.at[end] != '`' && r->text.at[end] != '"' &&
	    r->text.at[end] != ')' && r->text.at[end] != '*')
		return false;
	for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
		if (str_is(word, shorts[i]))
			return false;
	return true;
}

static struct item mark(char c)
{
	return (struct item){ .kind = ITEM_MARK, .mark = c };
}

/* `**File:**` is the word inside. */
static void without_stars(struct str text, size_t *start, size_t *stop)
{
	size_t n = 0;
	while (*start + n < *stop && text.at[*start + n] == '*')
		n++;
	*start += n;
	for (; n && *stop > *start && text.at[*stop - 1] == '*'; n--)
		--*stop;
}

/* A command in backticks: the paths in it are what it is run on. */
static size_t behind_command(struct reader *r, size_t at)
{
	if (r->text.at[at] != '`')
		return at;
	r->quoted = !r->quoted;
	if (!r->quoted)
		return at;
	struct str rest = str_slice(r->text, at + 1, r->end);
	size_t close = str_find(rest, '`'), space = str_find(rest, ' ');
	if (close == SIZE_MAX || space == SIZE_MAX || space > close || !space)
		return at;
	r->quoted = false;
	return at + close + 2;
}

static struct item read_word(struct reader *r, size_t start, size_t stop)
{
	struct item item = { .kind = ITEM_WORD };
	without_stars(r->text, &start, &stop);
	item.path = mention_path_read(r->text, start, stop);
	if (item.path.kind) {
		item.kind = ITEM_PATH;
		/* What ends the word ends the path as well, but is read on its own. */
		size_t last = stop;
		while (last > item.path.end && r->text.at[last - 1] != '.' &&
		       r->text.at[last - 1] != ':')
			last--;
		if (last == stop && last > item.path.end && r->text.at[last - 1] != '/')
			r->at = last - 1;
		return item;
	}
	struct str word = str_slice(r->text, start, stop);
	if (word.n > 1 && (word.at[word.n - 1] == ':' ||
			   (word.at[word.n - 1] == '.' && ends_sentence(r, word, stop)))) {
		r->at = stop - 1;
		word.n--;
	}
	item.flags = flags_of(word);
	item.adverb = word.n > 4 && str_ends(word, STR("ly"));
	if (str_is(word, "tests") || str_is(word, "Tests") || str_is(word, "test") ||
	    str_is(word, "specs"))
		item.tests = true;
	return item;
}

/* The next item; of the end of the block, ITEM_NONE. */
static struct item scan(struct reader *r)
{
	while (r->at < r->end) {
		size_t at = r->at, start, stop;
		char c = r->text.at[at];
		size_t behind = behind_command(r, at);
		if (behind != at) {
			r->at = behind;
			return (struct item){ .kind = ITEM_WORD };
		}
		if ((c == ':' || c == '.') &&
		    (at + 1 == r->end || r->text.at[at + 1] == ' ' || r->text.at[at + 1] == '\n' ||
		     r->text.at[at + 1] == '*' || r->text.at[at + 1] == '`' ||
		     r->text.at[at + 1] == '"')) {
			r->at++;
			return mark(c);
		}
		if (c == '-' && at + 1 < r->end &&
		    (r->text.at[at + 1] == ' ' || r->text.at[at + 1] == '-' ||
		     r->text.at[at + 1] == '>')) {
			r->at++;
			return mark('-');
		}
		if (mark_at(r, at)) {
			r->at += (unsigned char)c >= 0x80 ? 3 : 1;
			return mark(mark_at(r, at));
		}
		size_t from = at;
		if (mention_path_word(r->text, r->end, &from, &start, &stop) && start == at) {
			r->at = stop;
			return read_word(r, start, stop);
		}
		r->at++;
	}
	return (struct item){ ITEM_NONE };
}

static bool is_waiting(const struct mention *mention)
{
	return mention->path.at == NULL;
}

/* The paths that wait, from `first` on, are written, or not. */
static void settle_from(struct reader *r, size_t first, bool write)
{
	for (size_t i = first; i < r->out->list.n; i++) {
		struct mention *mention = &r->out->list.at[i];
		if (!is_waiting(mention))
			continue;
		mention->path = str_slice(r->text, mention->start, mention->end);
		mention->write = write;
		mention->makes = write && r->makes;
		if (!write && !r->inside)
			r->candidate = i + 1;
	}
}

static void settle(struct reader *r, bool write)
{
	settle_from(r, r->open, write);
	r->open = r->out->list.n;
}

static bool any_waits(const struct reader *r)
{
	for (size_t i = r->open; i < r->out->list.n; i++)
		if (is_waiting(&r->out->list.at[i]))
			return true;
	return false;
}

static bool is_test_path(struct str path)
{
	return str_find_text(path, STR("test")) != SIZE_MAX ||
	       str_find_text(path, STR("Test")) != SIZE_MAX ||
	       str_find_text(path, STR("spec")) != SIZE_MAX;
}

static void begin_sentence(struct reader *r, enum mention_mode mode)
{
	r->mode = r->verb = mode == MENTION_NEVER ? MENTION_READ : mode;
	r->negated = mode == MENTION_NEVER || r->around == MENTION_NEVER;
	r->leads = r->take = r->makes = r->phrase = r->modal = r->tests = r->inside = false;
	r->last = r->before_last = (struct item){ ITEM_NONE };
	r->open = r->out->list.n;
}

static void end_sentence(struct reader *r)
{
	r->makes = false;
	settle(r, r->around == MENTION_TODO && !r->negated);
	r->subject = r->candidate ? r->candidate : r->subject;
	r->candidate = 0;
	begin_sentence(r, MENTION_OPEN);
}

static void add_path(struct reader *r, struct mention_path path)
{
	struct mention *mention = VEC_ADD(r->arena, &r->out->list);
	struct str text = str_slice(r->text, path.start, path.end);
	r->subject = r->candidate = 0;
	*mention = (struct mention){ .start = path.start, .end = path.end, .folder = path.kind == MENTION_PATH_FOLDER };
	bool at_paren = r->last.kind == ITEM_MARK && r->last.mark == '(';
	bool first = r->last.kind == ITEM_NONE;
	enum mention_mode mode = at_paren ? r->kept : r->mode;
	bool phrase = !at_paren && r->phrase;
	bool located = (r->last.flags & LOC) || (r->last.kind == ITEM_MARK && r->last.mark == ':');
	if (mode == MENTION_OPEN && r->tests && located && is_test_path(text))
		mode = MENTION_WRITE;
	if (mode == MENTION_OPEN && first &&
	    (r->around == MENTION_WRITE || r->around == MENTION_TODO))
		r->mode = mode = MENTION_WRITE;
	if (r->negated || phrase || mode == MENTION_READ)
		mode = MENTION_READ;
	if (mode == MENTION_OPEN)
		return;	/* it waits */
	mention->path = text;
	mention->write = mode == MENTION_WRITE &&
			 (!mention->folder || (r->last.flags & (LOC | TAKE)));
	mention->makes = mention->write && r->makes;
	if (!mention->write && !r->negated && !r->inside && (r->last.flags & (LOC | FROM)))
		r->candidate = r->out->list.n;
}

static void read_mark(struct reader *r, char c)
{
	if (r->last.kind == ITEM_PATH && r->before_last.kind == ITEM_NONE &&
	    (c == ':' || c == '-' || c == '|'))
		r->leads = true;
	if (c == '.') {
		end_sentence(r);
		return;
	}
	if (c == '(') {
		r->inside = true;
		r->kept = r->mode;
		r->kept_phrase = r->phrase;
		r->kept_negated = r->negated;
		r->kept_open = r->out->list.n;
		r->mode = MENTION_OPEN;
		r->phrase = false;
	} else if (c == ')' && r->inside) {
		settle_from(r, r->kept_open, false);
		r->inside = false;
		r->mode = r->kept;
		r->phrase = r->kept_phrase;
		r->negated = r->kept_negated;
	}
}

/* May the word be a command, as in "add", ", add", "and add", "please add"? */
static bool is_command(const struct reader *r)
{
	const struct item *last = &r->last;
	if (last->kind == ITEM_NONE || last->kind == ITEM_MARK || last->adverb)
		return true;
	return (last->flags & (BEFORE | NEG | BUT)) &&
	       !((last->flags & DET) && !(last->flags & BEFORE));
}

static void read_verb(struct reader *r, uint32_t flags)
{
	bool mark_before = r->last.kind == ITEM_MARK && r->last.mark != '(';
	if (mark_before && r->around != MENTION_NEVER && !(r->before_last.flags & NEG))
		r->negated = false;	/* "do not touch x, change y" */
	r->mode = r->verb = r->negated ? MENTION_READ : MENTION_WRITE;
	r->makes = (flags & MAKE) != 0;
	if (!r->negated && !(flags & MAKE) && r->subject && (r->next.flags & PRONOUN)) {
		r->out->list.at[r->subject - 1].write = true;
		r->subject = 0;
	}
	r->take = (flags & TAKE) != 0;
	r->phrase = false;
	settle(r, !r->negated);
}

/* What may follow "must", "should" and "needs" when a path is before it. */
static bool read_modal(struct reader *r, uint32_t flags)
{
	if (!r->modal)
		return false;
	if (flags & NEG)
		r->negated = true;
	if (flags & (NEG | BE))
		return true;
	r->modal = false;
	bool be = r->last.flags & BE, stay = (flags & STAY) && !(flags & DONE);
	bool write = !r->negated && !stay && (!be || (flags & DONE));
	settle(r, write);
	r->mode = write ? MENTION_WRITE : MENTION_READ;
	return true;
}

static void read_preposition(struct reader *r, uint32_t flags)
{
	if ((flags & FROM) && !(r->take && r->mode == MENTION_WRITE))
		r->mode = r->mode == MENTION_OPEN ? MENTION_OPEN : MENTION_READ;
	else if (flags & (FROM | LOC))
		r->phrase = false;
	if ((flags & LOC) && (r->last.flags & AS))
		r->mode = MENTION_READ;
	if ((flags & FOR) || ((flags & OF) && r->makes))
		r->phrase = true;
}

static void say_new(struct reader *r)
{
	struct mention *last = r->out->list.n > r->open || r->last.kind == ITEM_MARK ?
		(r->out->list.n ? &r->out->list.at[r->out->list.n - 1] : NULL) : NULL;
	bool behind = r->before_last.kind == ITEM_PATH && r->last.kind == ITEM_MARK &&
		      r->last.mark != ',';
	if (!last || !behind || r->negated)
		return;
	last->path = str_slice(r->text, last->start, last->end);
	last->write = last->makes = true;
}

static void unsay_last(struct reader *r)
{
	if (r->last.kind == ITEM_PATH && r->out->list.n)
		r->out->list.at[r->out->list.n - 1].write = false;
}

static bool read_acting(struct reader *r, uint32_t flags)
{
	bool mark_before = r->last.kind == ITEM_MARK && r->last.mark != '(';
	if (!(flags & ACT) || !is_command(r))
		return false;
	if (!r->negated && (r->next.flags & PRONOUN)) {
		read_verb(r, flags & TAKE ? TAKE : CHANGE);
		return true;
	}
	if (mark_before && any_waits(r)) {
		r->makes = false;
		settle(r, !r->negated);
	}
	r->mode = MENTION_READ;
	return true;
}

/* "x_test.go: a test of …" */
static void read_tests(struct reader *r)
{
	r->tests = true;
	if (r->leads && any_waits(r) && !r->negated &&
	    is_test_path(str_slice(r->text, r->out->list.at[r->open].start,
				   r->out->list.at[r->open].end)))
		settle(r, true);
}

static void read_flags(struct reader *r, uint32_t flags)
{
	bool noun = (r->last.flags & DET) && !(r->last.flags & BEFORE);
	if (read_modal(r, flags))
		return;
	if (flags & NEW)
		say_new(r);
	if ((flags & NEW) && r->leads && !r->negated)
		settle(r, true);
	if (flags & NEG)
		r->negated = true;
	if (flags & STAYS)
		unsay_last(r);
	if ((flags & SURE) && r->mode == MENTION_WRITE && (r->last.flags & VERB)) {
		r->mode = MENTION_READ;
		return;
	}
	if (flags & BUT) {
		r->negated = r->around == MENTION_NEVER;
		r->mode = MENTION_OPEN;
	}
	if (!noun && read_acting(r, flags))
		return;
	bool late = (flags & LATE) && any_waits(r);
	if ((flags & VERB) && ((is_command(r) && !noun) || late)) {
		read_verb(r, flags);
		return;
	}
	if ((flags & GOES) && (r->next.flags & LOC) && !r->negated) {
		r->mode = MENTION_WRITE;
		r->phrase = false;
	}
	if ((flags & DONE) && (r->next.flags & ONTO) && !(r->last.flags & (READ | BE)) &&
	    !r->negated)
		r->mode = MENTION_WRITE;
	if ((flags & MODAL) && any_waits(r))
		r->modal = true;
	if (flags & (FROM | LOC | FOR | OF))
		read_preposition(r, flags);
	if (flags & WITH)
		r->mode = MENTION_READ;
	if ((flags & READ) && !noun) {
		r->mode = r->verb = MENTION_READ;
		settle(r, false);
	}
}

bool mention_clause_has_label(struct str text, size_t start, size_t end, size_t *behind)
{
	enum { WORDS_MOST = 6, BYTES_MOST = 60 };
	size_t spaces = 0;
	for (size_t at = start; at < end && at - start < BYTES_MOST && spaces < WORDS_MOST; at++) {
		char c = text.at[at];
		spaces += c == ' ';
		if (c == ':' &&
		    (at + 1 == end || text.at[at + 1] == ' ' || text.at[at + 1] == '*' ||
		     text.at[at + 1] == '\n' || text.at[at + 1] == '`' || text.at[at + 1] == '_'))
			return *behind = at + 1, true;
		if (c == '.' || c == '/' || c == '`' || c == ',' || c == '\n')
			return false;
	}
	return false;
}

enum mention_mode mention_clause_label(struct str label)
{
	uint32_t seen = 0;
	size_t at = 0, start, stop;
	for (size_t i = 0; i < label.n; i++)
		if (label.at[i] == '/')
			return MENTION_OPEN;
	for (size_t from = 0; from < label.n; from = at) {
		at = from;
		/* Tags have words joined by `_` and `-`. */
		while (at < label.n && label.at[at] != '_' && label.at[at] != '-' &&
		       label.at[at] != ' ')
			at++;
		size_t word = from;
		if (mention_path_word(label, at, &word, &start, &stop)) {
			without_stars(label, &start, &stop);
			while (stop > start &&
			       (label.at[stop - 1] == ':' || label.at[stop - 1] == '.' ||
				label.at[stop - 1] == '*'))
				stop--;
			while (start < stop && label.at[start] == '#')
				start++;
			seen |= flags_of(str_slice(label, start, stop));
			if (stop - start == 3 && memcmp(label.at + start, "out", 3) == 0)
				seen |= NEG;
		}
		at += at < label.n;
	}
	if (seen & NEG)
		return MENTION_NEVER;
	if ((seen & LABELREAD) && !(seen & VERB))
		return MENTION_READ;
	return seen & LABELWRITE ? MENTION_WRITE : seen & LABELREAD ? MENTION_READ : MENTION_OPEN;
}

/* What a label says counts for what follows it at once: a path, or the lines below it. */
static enum mention_mode begin_mode(struct reader *r, bool *label_alone)
{
	size_t behind;
	*label_alone = false;
	if (!mention_clause_has_label(r->text, r->at, r->end, &behind))
		return MENTION_OPEN;
	enum mention_mode mode = mention_clause_label(str_slice(r->text, r->at, behind));
	size_t at = behind, start, stop;
	while (at < r->end && (r->text.at[at] == ' ' || r->text.at[at] == '*' ||
			       r->text.at[at] == '\n' || r->text.at[at] == '_'))
		at++;
	*label_alone = at == r->end;
	bool word = mention_path_word(r->text, r->end, &at, &start, &stop);
	bool path = word && mention_path_read(r->text, start, stop).kind;
	if (mode == MENTION_WRITE && !path && !*label_alone)
		return MENTION_OPEN;
	if (mode != MENTION_OPEN && (path || mode != MENTION_WRITE))
		r->at = behind;
	return mode;
}

enum mention_mode mention_clause_read(struct arena *arena, struct str text, size_t start,
				      size_t end, enum mention_mode around, struct mentions *out)
{
	struct reader r = {
		.arena = arena, .text = text, .at = start, .end = end, .out = out, .around = around
	};
	bool label_alone;
	enum mention_mode mode = begin_mode(&r, &label_alone), last_mode = mode;
	bool colon = label_alone;
	if (mode == MENTION_NEVER)
		r.around = MENTION_NEVER;
	begin_sentence(&r, mode == MENTION_OPEN && around != MENTION_WRITE && around != MENTION_TODO
				   ? around
				   : mode);
	for (r.next = scan(&r); r.next.kind;) {
		struct item item = r.next;
		r.next = scan(&r);
		if (item.kind == ITEM_PATH)
			add_path(&r, item.path);
		else if (item.kind == ITEM_MARK)
			read_mark(&r, item.mark);
		else
			read_flags(&r, item.flags);
		if (item.tests)
			read_tests(&r);
		colon = item.kind == ITEM_MARK && item.mark == ':';
		last_mode = r.negated ? MENTION_NEVER : r.verb;
		if (item.kind == ITEM_MARK && item.mark == '.')
			continue;
		r.before_last = r.last;
		r.last = item;
	}
	end_sentence(&r);
	return !colon ? MENTION_OPEN : label_alone ? mode : last_mode;
}
