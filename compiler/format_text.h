/* format_text.h — a text block, moved to where its statement now stands. Its value is the same to
 * the byte: what is exchanged is the margin that the first line's indentation makes, and blank
 * lines lose theirs. */
#ifndef COMPILER_FORMAT_TEXT_H
#define COMPILER_FORMAT_TEXT_H

#include "compiler/format_token.h"

/* From its opening quotes, in a line that is indented by `indent`, to the closing ones, whose line
 * stays open. */
void format_text_add(const struct format_token *, struct format_line *, uint32_t token,
		     size_t indent);
/* The tokens from `first` to `last`, of which the last may be a text block. */
void format_text_add_tokens(const struct format_token *, struct format_line *, uint32_t first, uint32_t last,
			    size_t indent);

#endif
