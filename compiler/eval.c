/* eval.c — see eval.h. */
#include "compiler/eval.h"

#include "common/utf8.h"
#include "compiler/bind.h"

#include <string.h>

enum {
	SECONDS_MOST = 3650 * 24 * 3600, /* ten years: beyond that, it is a mistake */
	CENTS_MOST = 1000000000,
};

static struct str raw_text(const struct eval *eval, const struct node *node)
{
	return syntax_text(eval->syntax, eval->sources, node);
}

static struct span part_of(const struct eval *eval, const struct node *node, size_t from, size_t to)
{
	struct span span = syntax_span(eval->syntax, node);
	return (struct span){ span.source, span.start + (uint32_t)from, span.start + (uint32_t)to };
}

size_t eval_dollars(const struct eval *eval, const struct node *node)
{
	if (node->kind == NODE_STRING)
		return 1;
	struct str raw = raw_text(eval, node);
	size_t n = 0;
	while (n < raw.n && raw.at[n] == '$')
		n++;
	return n;
}

static bool is_name_byte(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && ((c >= '0' && c <= '9') || c == '-'));
}

/* `$`s that are not followed by `{` and a name that ends in `}` are text. */
bool eval_next_hole(struct str raw, size_t dollars, size_t *at, struct eval_hole *hole)
{
	while (dollars && *at < raw.n) {
		size_t found = str_find(str_slice(raw, *at, raw.n), '$');
		if (found == SIZE_MAX)
			break;
		size_t start = *at + found, end = start;
		while (end < raw.n && raw.at[end] == '$')
			end++;
		*at = end;
		if (end - start < dollars || end == raw.n || raw.at[end] != '{')
			continue;
		size_t name = end + 1, close = name;
		while (close < raw.n && is_name_byte(raw.at[close], close == name))
			close++;
		if (close == name || close == raw.n || raw.at[close] != '}')
			continue;
		*hole = (struct eval_hole){ end - dollars, close + 1, str_slice(raw, name, close) };
		*at = close + 1;
		return true;
	}
	return false;
}

static const struct eval_name *find_name(const struct eval_names *names, struct str name)
{
	for (size_t i = 0; names && i < names->n; i++)
		if (str_equal(names->at[i].name, name))
			return &names->at[i];
	return NULL;
}

static void say_unknown(const struct eval *eval, const struct node *node,
			const struct eval_hole *hole)
{
	struct span span = part_of(eval, node, hole->start, hole->end);
	struct diag *diag = diag_add(eval->diags, DIAG_INTERPOLATION, span,
				     "nothing named `%.*s` can be put in here",
				     STR_ARG(hole->name));
	if (!eval->names || !eval->names->n) {
		diag_note(eval->diags, diag,
			  "there are no names here: `${…}` is for templates, `branch` and "
			  "runners' commands");
		return;
	}
	struct bind_nearest nearest = { .word = hole->name };
	struct text list = { 0 };
	for (size_t i = 0; i < eval->names->n; i++) {
		bind_nearest_try(&nearest, eval->names->at[i].name);
		text_addf(&list, "%s`%.*s`", i ? ", " : "", STR_ARG(eval->names->at[i].name));
	}
	diag_note(eval->diags, diag, "%s %.*s", eval->names->whose, STR_ARG(text_str(&list)));
	text_release(&list);
	if (nearest.name.at) {
		size_t brace = hole->end - hole->start - hole->name.n - 1;
		span.start += (uint32_t)brace;
		span.end--;
		diag_fix(eval->diags, diag, DIAG_UNSAFE, span, nearest.name, "write `%.*s`",
			 STR_ARG(nearest.name));
	}
}

static unsigned hex_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

/* The escape at `at`; its length. Those that do not exist were said by the parser. */
static size_t add_escape(const struct eval *eval, const struct node *node, struct str raw,
			 size_t at, struct text *out)
{
	char c = at + 1 < raw.n ? raw.at[at + 1] : 0;
	if (c != 'u') {
		text_add_byte(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
		return 2;
	}
	size_t end = at + 3;
	uint32_t character = 0;
	for (; end < raw.n && raw.at[end] != '}'; end++)
		character = character < 0x110000 ? character * 16 + hex_digit(raw.at[end])
						 : character;
	char bytes[4];
	size_t n = 0;
	if (!character)
		diag_add(eval->diags, DIAG_VALUE, part_of(eval, node, at, end + 1),
			 "a text cannot have the character 0 in it");
	else if (utf8_is_character(character))
		utf8_encode(character, bytes, &n);
	text_add(out, (struct str){ bytes, n });
	return end + 1 - at;
}

/* From `from` up to `to` of the raw text, with escapes if it is a string's. */
static void add_plain(const struct eval *eval, const struct node *node, struct str raw, size_t from,
		      size_t to, struct text *out)
{
	if (node->kind != NODE_STRING) {
		text_add(out, str_slice(raw, from, to));
		return;
	}
	while (from < to) {
		size_t plain = str_find(str_slice(raw, from, to), '\\');
		size_t end = plain == SIZE_MAX ? to : from + plain;
		text_add(out, str_slice(raw, from, end));
		from = end < to ? end + add_escape(eval, node, raw, end, out) : to;
	}
}

/* The bytes `from` … `to` of the node's text, evaluated. */
static void add_evaluated(const struct eval *eval, const struct node *node, struct str raw,
			  size_t from, size_t to, bool keep_holes, struct text *out)
{
	size_t at = from,
	       dollars = node->kind == NODE_STRING && !eval->names ? 0 : eval_dollars(eval, node);
	struct eval_hole hole;
	struct str part = str_slice(raw, 0, to);
	while (eval_next_hole(part, dollars, &at, &hole)) {
		const struct eval_name *name = find_name(eval->names, hole.name);
		if (!name)
			say_unknown(eval, node, &hole);
		add_plain(eval, node, raw, from, hole.start, out);
		if (keep_holes || !name)
			text_add(out, str_slice(raw, hole.start, hole.end));
		else
			text_add(out, name->value);
		from = hole.end;
	}
	add_plain(eval, node, raw, from, to, out);
}

static size_t white(struct str line)
{
	size_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return n;
}

/* The next line from *at on, without its end. False behind the last. */
static bool next_line(struct str text, size_t *at, struct str *line)
{
	if (*at >= text.n)
		return false;
	struct str rest = str_slice(text, *at, text.n);
	size_t n = str_find(rest, '\n');
	*line = n == SIZE_MAX ? rest : str_slice(rest, 0, n);
	*at += n == SIZE_MAX ? rest.n : n + 1;
	if (line->n && line->at[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* The lines between the first, which ends in the opening quotes, and the last, which is the closing
 * ones; and the margin. The parser has made sure of the indentation; of a block that it complained
 * of, anything will do. */
static struct eval_kept block_lines(struct str raw)
{
	size_t opening = str_find(raw, '\n'), start = opening == SIZE_MAX ? raw.n : opening + 1;
	size_t end = raw.n;
	while (end > start && raw.at[end - 1] != '\n')
		end--;
	struct eval_kept kept = { str_slice(raw, start, end), 0, true };
	struct str line;
	for (size_t at = 0; next_line(kept.text, &at, &line);) {
		size_t indent = white(line);
		if (indent == line.n)
			continue;
		kept.margin = (uint32_t)indent;
		break;
	}
	return kept;
}

/* The same without its margin; nothing of a blank one. */
static bool next_of_block(const struct eval_kept *kept, size_t *at, struct str *line)
{
	if (!next_line(kept->text, at, line))
		return false;
	size_t indent = white(*line), margin = indent < kept->margin ? indent : kept->margin;
	*line = str_slice(*line, indent == line->n ? indent : margin, line->n);
	return true;
}

static void add_block(const struct eval *eval, const struct node *node, struct str raw,
		      struct text *out)
{
	struct eval_kept kept = block_lines(raw);
	struct str line;
	for (size_t at = 0, before = 0; next_of_block(&kept, &at, &line); before = at) {
		if (before)
			text_add_byte(out, '\n');
		size_t from = (size_t)(line.at - raw.at);
		add_evaluated(eval, node, raw, from, from + line.n, false, out);
	}
}

static struct str finish(const struct eval *eval, struct text *out)
{
	struct str text = arena_copy(eval->arena, text_str(out));
	text_release(out);
	return text;
}

struct str eval_text(const struct eval *eval, const struct node *node)
{
	struct str raw = raw_text(eval, node);
	struct text out = { 0 };
	if (node->kind == NODE_TEXT) {
		add_block(eval, node, raw, &out);
		return finish(eval, &out);
	}
	bool closed = raw.n >= 2 && raw.at[0] == '"' && raw.at[raw.n - 1] == '"';
	if (!closed)
		return STR("");
	struct str inside = str_slice(raw, 1, raw.n - 1);
	if (!memchr(inside.at, '\\', inside.n) &&
	    (!eval->names || !memchr(inside.at, '$', inside.n)))
		return inside;
	add_evaluated(eval, node, raw, 1, raw.n - 1, false, &out);
	return finish(eval, &out);
}

struct eval_kept eval_keep(const struct eval *eval, const struct node *node)
{
	if (node->kind == NODE_TEXT && !eval_dollars(eval, node))
		return block_lines(raw_text(eval, node));
	return (struct eval_kept){ eval_text(eval, node), 0, false };
}

struct str eval_kept_text(struct arena *arena, struct eval_kept kept)
{
	if (!kept.lines)
		return kept.text;
	struct text out = { 0 };
	struct str line;
	for (size_t at = 0, before = 0; next_of_block(&kept, &at, &line); before = at) {
		if (before)
			text_add_byte(&out, '\n');
		text_add(&out, line);
	}
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}

struct str eval_template_text(const struct eval *eval, const struct node *node)
{
	struct str raw = raw_text(eval, node);
	struct text out = { 0 };
	if (raw.n >= 2)
		add_evaluated(eval, node, raw, 1, raw.n - 1, true, &out);
	return finish(eval, &out);
}

struct str eval_put_in(struct arena *arena, struct str text, const struct eval_names *names)
{
	struct text out = { 0 };
	struct eval_hole hole;
	size_t at = 0, from = 0;
	while (eval_next_hole(text, 1, &at, &hole)) {
		const struct eval_name *name = find_name(names, hole.name);
		text_add(&out, str_slice(text, from, hole.start));
		text_add(&out, name ? name->value : str_slice(text, hole.start, hole.end));
		from = hole.end;
	}
	text_add(&out, str_slice(text, from, text.n));
	struct str result = arena_copy(arena, text_str(&out));
	text_release(&out);
	return result;
}

uint32_t eval_number(const struct eval *eval, const struct node *node, struct eval_range range)
{
	uint64_t number;
	struct str text = raw_text(eval, node);
	bool good = str_to_number(text, &number);
	if (good && number >= range.least && number <= range.most)
		return (uint32_t)number;
	diag_add(eval->diags, DIAG_VALUE, syntax_span(eval->syntax, node),
		 "%s is from %u to %u, not %.*s", range.what, range.least, range.most,
		 STR_ARG(text));
	return range.least;
}

uint32_t eval_hundredths(const struct eval *eval, const struct node *node, struct eval_range range)
{
	struct str text = raw_text(eval, node);
	size_t point = str_find(text, '.');
	struct str behind = point == SIZE_MAX ? STR("0") : str_slice(text, point + 1, text.n);
	uint64_t whole, part;
	bool good = str_to_number(str_slice(text, 0, point == SIZE_MAX ? text.n : point), &whole) &&
		    behind.n <= 2 && str_to_number(behind, &part) && whole <= UINT32_MAX / 100;
	uint64_t value = good ? whole * 100 + (behind.n == 1 ? part * 10 : part) : 0;
	if (good && value >= range.least && value <= range.most)
		return (uint32_t)value;
	diag_add(eval->diags, DIAG_VALUE, syntax_span(eval->syntax, node),
		 "%s is from %u.%02u to %u.00 with two decimals at most, not %.*s", range.what,
		 range.least / 100, range.least % 100, range.most / 100, STR_ARG(text));
	return range.least;
}

uint32_t eval_cents(const struct eval *eval, const struct node *node, const char *what)
{
	struct str text = raw_text(eval, node), currency = text, number = { 0 };
	size_t space = 0;
	while (space < text.n && text.at[space] != ' ' && text.at[space] != '\t')
		space++;
	number = str_slice(text, 0, space);
	currency = str_trim(str_slice(text, space, text.n));
	size_t point = str_find(number, '.');
	struct str behind = point == SIZE_MAX ? STR("0") : str_slice(number, point + 1, number.n);
	uint64_t whole = 0, part = 0;
	bool good = str_is(currency, "USD") && behind.n <= 2 &&
		    str_to_number(str_slice(number, 0, point == SIZE_MAX ? number.n : point),
				  &whole) &&
		    str_to_number(behind, &part) && whole <= CENTS_MOST / 100;
	uint64_t cents = whole * 100 + (behind.n == 1 ? part * 10 : part);
	if (good && cents && cents <= CENTS_MOST)
		return (uint32_t)cents;
	diag_add(
		eval->diags, DIAG_VALUE, syntax_span(eval->syntax, node),
		"%s is US dollars, from 0.01 USD to 10000000.00 USD, with two decimals at most, not %.*s",
		what, STR_ARG(text));
	return 1;
}

uint32_t eval_kibibytes(const struct eval *eval, const struct node *node, struct eval_range range)
{
	static const char letters[] = "KMGT";
	struct str text = raw_text(eval, node);
	const char *letter = text.n ? strchr(letters, text.at[text.n - 1]) : NULL;
	unsigned shift = letter ? 10 * (unsigned)(letter - letters) : 0;
	uint64_t number;
	if (letter && str_to_number(str_slice(text, 0, text.n - 1), &number) &&
	    number <= (uint64_t)range.most >> shift && number << shift >= range.least)
		return (uint32_t)(number << shift);
	diag_add(eval->diags, DIAG_VALUE, syntax_span(eval->syntax, node),
		 "%s is from %uK to %uG, not %.*s", range.what, range.least, range.most >> 20,
		 STR_ARG(text));
	return range.least;
}

static const struct unit {
	char letter;
	uint32_t seconds;
} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
enum { UNITS = sizeof units / sizeof units[0] };

static uint32_t wrong_duration(const struct eval *eval, const struct node *node, const char *why)
{
	diag_add(eval->diags, DIAG_VALUE, syntax_span(eval->syntax, node), "`%.*s`: %s",
		 STR_ARG(raw_text(eval, node)), why);
	return 0;
}

uint32_t eval_duration(const struct eval *eval, const struct node *node)
{
	struct str text = raw_text(eval, node);
	uint64_t sum = 0;
	size_t unit = 0;
	for (size_t at = 0; at < text.n; at++) {
		size_t digits = at;
		while (at < text.n && text.at[at] >= '0' && text.at[at] <= '9')
			at++;
		size_t found = 0;
		while (found < UNITS && at < text.n && units[found].letter != text.at[at])
			found++;
		uint64_t number;
		if (found == UNITS || found < unit)
			return wrong_duration(
				eval, node,
				"days, hours, minutes and seconds come in this order, each once");
		if (!str_to_number(str_slice(text, digits, at), &number) || number > SECONDS_MOST)
			return wrong_duration(eval, node, "a duration is at most ten years");
		sum += number * units[found].seconds;
		unit = found + 1;
	}
	if (!sum)
		return wrong_duration(eval, node, "a duration is at least one second");
	if (sum > SECONDS_MOST)
		return wrong_duration(eval, node, "a duration is at most ten years");
	return (uint32_t)sum;
}

struct str eval_duration_text(struct arena *arena, uint64_t seconds)
{
	struct text out = { 0 };
	text_add_duration(&out, seconds);
	struct str text = arena_copy(arena, text_str(&out));
	text_release(&out);
	return text;
}
