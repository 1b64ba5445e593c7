/* clean.c — see clean.h. Damage is looked for in whole files and said once for each: it comes from
 * what was done to the file. Both pass over ASCII at the speed of memory. */
#include "compiler/clean.h"

#include "common/mojibake.h"
#include "common/utf8.h"

#include <string.h>

enum { SHOWN_MOST = 3 };

struct cleaner {
	struct load *load;
	struct arena *arena;	/* scratch */
	struct map files;	/* by "source": looked at */
	struct map prompts;	/* by "source start": looked at */
};

static bool is_first(struct cleaner *c, struct map *seen, struct str key)
{
	if (map_find(seen, key))
		return false;
	map_add(c->arena, seen, arena_copy(c->arena, key), 0);
	return true;
}

static struct span span_of(uint32_t source, size_t start, size_t end)
{
	return (struct span){ source, (uint32_t)start, (uint32_t)end };
}

static bool is_unit(const struct load *load, uint32_t source)
{
	for (size_t i = 0; i < load->units.n; i++)
		if (load->units.at[i].syntax.source == source)
			return true;
	return false;
}

static void say_damage(struct cleaner *c, uint32_t index, const struct mojibake *found)
{
	static const char *const names[] = {
		[MOJIBAKE_WESTERN] = "Latin-1 or Windows-1252", [MOJIBAKE_MAC] = "Mac Roman"
	};
	struct diags *diags = c->load->diags;
	const struct source *source = source_get(c->load->sources, index);
	const struct mojibake_edit *first = &found->edits.at[0];
	struct span span = span_of(index, first->start, first->end);
	struct diag *diag = diag_add(diags, DIAG_MOJIBAKE, span,
				     found->n == 1 ? "%zu damaged character in `%.*s`"
						   : "%zu damaged characters in `%.*s`",
				     found->n, STR_ARG(source->path));
	diag_here(diags, diag, "this was `%.*s`", STR_ARG(first->text));
	for (size_t i = 1; i < found->edits.n && i <= SHOWN_MOST; i++) {
		const struct mojibake_edit *edit = &found->edits.at[i];
		diag_note(diags, diag, "line %u: `%.*s` was `%.*s`",
			  source_line_at(source, (uint32_t)edit->start),
			  STR_ARG(source_text(c->load->sources,
					      span_of(index, edit->start, edit->end))),
			  STR_ARG(edit->text));
	}
	if (found->edits.n > SHOWN_MOST + 1)
		diag_note(diags, diag, "and %zu more places", found->edits.n - SHOWN_MOST - 1);
	diag_note(diags, diag, "the text is UTF-8 that was read as %s and written again%s",
		  names[found->codec], found->times > 1 ? ", more than once" : "");
	/* In a plan it may be a file's name, and files may be damaged as their names in plans
	 * are. */
	bool safe = found->whole && !is_unit(c->load, index);
	struct diag_fix *fix = diag_fix(diags, diag, safe ? DIAG_SAFE : DIAG_UNSAFE, span,
					first->text, "put back what was there");
	for (size_t i = 1; i < found->edits.n; i++)
		*VEC_ADD(diags->arena, &fix->edits) = (struct diag_edit){
			span_of(index, found->edits.at[i].start, found->edits.at[i].end),
			found->edits.at[i].text
		};
}

static void check_damage(struct cleaner *c, uint32_t index)
{
	struct str text = source_get(c->load->sources, index)->text;
	struct str key = { (const char *)&index, sizeof index };
	if (!is_first(c, &c->files, key) || utf8_is_ascii(text) || utf8_invalid(text) != SIZE_MAX)
		return;
	struct mojibake found = mojibake_find(c->load->arena, text);
	if (found.n)
		say_damage(c, index, &found);
}

/* Scripts whose letters change their form where they are joined or kept apart. */
static bool is_joining(uint32_t c)
{
	return (c >= 0x0600 && c <= 0x08FF) || (c >= 0x0900 && c <= 0x0DFF) ||
	       (c >= 0x0F00 && c <= 0x109F) || (c >= 0x1780 && c <= 0x18AF) ||
	       (c >= 0xFB50 && c <= 0xFEFC && c != 0xFE0F);
}

static bool is_picture(uint32_t c)
{
	return c == 0xFE0F || (c >= 0x2190 && c <= 0x2BFF) || (c >= 0x1F000 && c <= 0x1FAFF);
}

static bool turns_direction(uint32_t c)
{
	return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFEFC && c != 0xFE0F);
}

struct hidden {
	uint32_t before;	/* the character before; 0 at the beginning */
	bool turned;		/* the text has letters that are written from right to left */
};

/* Is it there for a reason that a reader sees? */
static bool has_reason(const struct hidden *h, uint32_t c, struct str rest)
{
	size_t bytes;
	uint32_t behind = rest.n ? utf8_decode(rest, &bytes) : 0;
	if (c == 0x200C || c == 0x200D)
		return (is_joining(h->before) && is_joining(behind)) ||
		       (c == 0x200D && is_picture(h->before) && is_picture(behind)) ||
		       (c == 0x200D && is_joining(h->before));
	if (c >= 0xE0020 && c <= 0xE007F)
		return h->before == 0x1F3F4 || (h->before >= 0xE0020 && h->before <= 0xE007E);
	if (c == 0x200E || c == 0x200F || c == 0x061C)
		return h->turned;
	return c == 0xFEFF && !h->before;
}

static bool has_turned(struct str text)
{
	size_t bytes;
	for (size_t at = 0; at < text.n; at += bytes)
		if (turns_direction(utf8_decode(str_slice(text, at, text.n), &bytes)))
			return true;
	return false;
}

static void say_hidden(struct cleaner *c, const struct plan_agent *agent, uint32_t character,
		       struct span span, struct diag **diag, struct diag_fix **fix, size_t n)
{
	static const char *const what[] = {
		[UTF8_CONTROL] = "a control character",
		[UTF8_BIDI] = "a character that turns the direction of text",
		[UTF8_INVISIBLE] = "an invisible character",
	};
	struct diags *diags = c->load->diags;
	if (!*diag) {
		*diag = diag_add(diags, DIAG_HIDDEN_CHARACTER, span, "the prompt of `%.*s` has %s in it, U+%04X", STR_ARG(agent->name),
				 what[utf8_class(character)], character);
		diag_note(diags, *diag,
			  "the agent reads it, and nobody who reads the prompt sees it");
		*fix = diag_fix(diags, *diag, DIAG_UNSAFE, span, STR(""), "leave out all that is not seen");
		return;
	}
	if (n <= SHOWN_MOST)
		diag_label(diags, *diag, span, "U+%04X", character);
	*VEC_ADD(diags->arena, &(*fix)->edits) = (struct diag_edit){ span, STR("") };
}

static bool is_plain_byte(unsigned char c)
{
	return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t' || c == '\r';
}

/* Nothing in it but ASCII that is seen. Eight bytes at a time, of which few have a line's end. */
static bool is_plain(struct str text)
{
	const uint64_t ones = UINT64_MAX / 0xFF, tops = ones << 7;
	size_t i = 0, end;
	for (uint64_t word; i + sizeof word <= text.n; i = end) {
		memcpy(&word, text.at + i, sizeof word);
		end = i + sizeof word;
		/* Some byte is 0x80 or more, or is 0x7F, or is less than a space. */
		if (!((word | (word + ones) | (word - ones * ' ')) & tops))
			continue;
		for (; i < end; i++)
			if (!is_plain_byte((unsigned char)text.at[i]))
				return false;
	}
	for (; i < text.n; i++)
		if (!is_plain_byte((unsigned char)text.at[i]))
			return false;
	return true;
}

static void check_hidden(struct cleaner *c, const struct plan_agent *agent)
{
	struct str text = source_text(c->load->sources, agent->prompt_at);
	struct str key = { (const char *)&agent->prompt_at, sizeof agent->prompt_at };
	bool string = text.n > 1 && text.at[0] == '"' &&
		      text.at[1] != '"'; /* the parser has looked at those */
	if (is_plain(text) || string || !is_first(c, &c->prompts, key))
		return;
	struct hidden h = { .turned = has_turned(text) };
	struct diag *diag = NULL;
	struct diag_fix *fix = NULL;
	size_t n = 0, bytes;
	for (size_t at = 0; at < text.n; at += bytes) {
		uint32_t character = utf8_decode(str_slice(text, at, text.n), &bytes);
		bool hidden = character != UTF8_INVALID && utf8_class(character) != UTF8_PLAIN;
		if (hidden && !has_reason(&h, character, str_slice(text, at + bytes, text.n))) {
			size_t start = agent->prompt_at.start + at;
			say_hidden(c, agent, character,
				   span_of(agent->prompt_at.source, start, start + bytes), &diag,
				   &fix, n++);
		}
		h.before = character;
	}
	if (n > SHOWN_MOST + 1)
		diag_note(c->load->diags, diag, "there are %zu such characters in it", n);
}

void clean_check(struct load *load, const struct plan *plan)
{
	struct arena scratch = { 0 };
	struct cleaner c = { .load = load, .arena = &scratch };
	for (size_t i = 0; i < load->units.n; i++)
		if (!load->units.at[i].std)
			check_damage(&c, load->units.at[i].syntax.source);
	uint32_t last = UINT32_MAX;
	for (size_t i = 0; i < plan->agents.n; i++) {
		const struct plan_agent *agent = &plan->agents.at[i];
		if (!agent->prompt.text.n || agent->prompt_at.start >= agent->prompt_at.end)
			continue;
		if (agent->prompt_at.source != last)
			check_damage(&c, agent->prompt_at.source);
		last = agent->prompt_at.source;
		check_hidden(&c, agent);
	}
	arena_release(&scratch);
}
