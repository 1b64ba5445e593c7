/* format_text.c — see format_text.h. */
#include "compiler/format_text.h"

#include "parser.h"

static size_t leading(struct str line)
{
	size_t n = 0;
	while (n < line.n && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return n;
}

static struct str without_cr(struct str line)
{
	return line.n && line.at[line.n - 1] == '\r' ? str_slice(line, 0, line.n - 1) : line;
}

void format_text_add(const struct format_token *t, struct format_line *line, uint32_t token,
		     size_t indent)
{
	struct str rest = format_token_text(t, token), part, next;
	size_t margin = SIZE_MAX;
	str_split(&rest, '\n', &part);
	format_line_add(line, str_trim(part));
	format_line_end(line, STR(""), 0);
	str_split(&rest, '\n', &part);
	while (str_split(&rest, '\n', &next)) {
		part = without_cr(part);
		size_t blank = leading(part);
		if (blank < part.n && margin == SIZE_MAX)
			margin = blank;
		if (blank == part.n)
			format_line_blank(line);
		else
			format_line_raw(line, indent + FORMAT_LINE_INDENT,
					str_slice(part, margin, part.n));
		part = next;
	}
	format_line_pad(line, indent);
	format_line_add(line, STR("\"\"\""));
}

void format_text_add_tokens(const struct format_token *t, struct format_line *line, uint32_t first,
			    uint32_t last, size_t indent)
{
	if (format_token_kind(t, last) != TOKEN_TEXT) {
		format_token_add(t, line, first, last);
		return;
	}
	if (first < last) {
		format_token_add(t, line, first, last - 1);
		format_line_add(line, STR(" "));
	}
	format_text_add(t, line, last, indent);
}
