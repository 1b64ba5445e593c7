/* utf8.h — what must be known of Unicode: is it valid, is it composed, how wide is it shown,
 * and when are two texts the same to a file system that folds case and composition. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include "common/arena.h"

/* The offset of the first byte that is not part of valid UTF-8, or SIZE_MAX. */
size_t utf8_invalid(struct str);
bool utf8_is_ascii(struct str);

/* The first character and its length in bytes; of an invalid byte, UTF8_INVALID and 1.
 * The text must not be empty. */
#define UTF8_INVALID UINT32_MAX
uint32_t utf8_decode(struct str, size_t *bytes);
void utf8_encode(uint32_t character, char bytes[4], size_t *n);	/* a valid character */
bool utf8_is_character(uint32_t);	/* a scalar value: no surrogate, at most U+10FFFF */

bool utf8_is_nfc(struct str);	/* of valid UTF-8; is the text in composed form (NFC)? */

struct str utf8_compose(struct arena *, struct str);	/* its NFC; of invalid UTF-8, the text itself */

enum utf8_class {
	UTF8_PLAIN,
	UTF8_CONTROL,	/* C0 but tab, LF and CR, DEL, C1, line and paragraph separators */
	UTF8_BIDI,	/* changes the direction of what follows */
	UTF8_INVISIBLE,	/* zero-width and other characters that are there and not seen */
};
enum utf8_class utf8_class(uint32_t character);

struct str utf8_cut(struct str, size_t most);	/* whole characters, at most so many bytes of them */

/* The length in bytes of the first grapheme (what a reader takes for one character), and how many
 * columns a terminal gives it: 0, 1 or 2. The text must not be empty. */
size_t utf8_grapheme(struct str, unsigned *width);
size_t utf8_width(struct str);	/* columns of a whole text, control characters counting 0 */

/* A key that is equal for texts which differ only in case and composition (NFKC_Casefold); of
 * invalid UTF-8, the text itself. In the arena. */
struct str utf8_fold(struct arena *, struct str);

#endif
