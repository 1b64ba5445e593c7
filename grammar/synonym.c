/* synonym.c — see synonym.h. */
#include "grammar/synonym.h"

#include "parser.h"

#define SYNONYM(word, KEYWORD) { { word, sizeof(word) - 1 }, TOKEN_##KEYWORD, "" },
#define STRANGER(word, advice) { { word, sizeof(word) - 1 }, 0, advice },
static const struct synonym list[] = {
#include "grammar/synonym.def"
};
#undef SYNONYM
#undef STRANGER

static bool is_same(struct str word, struct str known)
{
	if (word.n != known.n)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.at[i];
		c = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
		if (c != known.at[i])
			return false;
	}
	return true;
}

const struct synonym *synonym_find(struct str word)
{
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (is_same(word, list[i].word))
			return &list[i];
	return NULL;
}
