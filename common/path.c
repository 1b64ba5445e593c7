/* path.c — see path.h. The automaton is the one truth about refused names: the test of a path runs
 * it over a name, and glob_meet() runs it beside two patterns, so that no witness is such a
 * name. */
#include "common/path.h"

#include <string.h>

/* Default_Ignorable_Code_Point of Unicode 15, ascending. File systems that normalise, such as HFS+
 * and APFS, drop some or all of them from names. */
static const struct {
	uint32_t low, high;
} ignorable[] = {
	{ 0x00AD, 0x00AD }, { 0x034F, 0x034F }, { 0x061C, 0x061C }, { 0x115F, 0x1160 },
	{ 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x200B, 0x200F }, { 0x202A, 0x202E },
	{ 0x2060, 0x206F }, { 0x3164, 0x3164 }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF },
	{ 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFF8 }, { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A },
	{ 0xE0000, 0xE0FFF },
};

bool path_is_ignorable(uint32_t unit)
{
	for (size_t i = 0; i < sizeof ignorable / sizeof *ignorable && ignorable[i].low <= unit;
	     i++)
		if (unit <= ignorable[i].high)
			return true;
	return false;
}

bool path_is_special(uint32_t unit)
{
	return (unit && unit < 0x80 && strchr(PATH_SPECIAL, (int)unit)) || path_is_ignorable(unit);
}

/* How many bytes follow a lead byte, and the least code point of that length; 0 for no lead
 * byte. */
static unsigned continuation(unsigned char lead, uint32_t *least)
{
	*least = lead < 0xE0 ? 0x80 : lead < 0xF0 ? 0x800 : 0x10000;
	return lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

uint32_t path_next(struct str s, size_t *at)
{
	unsigned char lead = (unsigned char)s.at[(*at)++];
	if (lead < 0x80)
		return lead;
	uint32_t least;
	unsigned more = continuation(lead, &least);
	if (!more || more > s.n - *at)
		return PATH_BYTE + lead;
	uint32_t unit = lead & (0x3Fu >> more);
	for (unsigned i = 0; i < more; i++) {
		unsigned char next = (unsigned char)s.at[*at + i];
		if ((next & 0xC0) != 0x80)
			return PATH_BYTE + lead;
		unit = unit << 6 | (next & 0x3F);
	}
	if (unit < least || unit > PATH_CODE_POINT_LAST || (unit >= 0xD800 && unit <= 0xDFFF))
		return PATH_BYTE + lead;
	*at += more;
	return unit;
}

enum path_name path_name_step(enum path_name state, uint32_t unit)
{
	uint32_t c = unit >= 'A' && unit <= 'Z' ? unit + ('a' - 'A') : unit;
	if (state == PATH_NAME_FREE || state == PATH_NAME_INSIDE || path_is_ignorable(unit))
		return state;
	switch (state) {
	case PATH_NAME_EMPTY:
		return c == '.' ? PATH_NAME_DOT : c == 'g' ? PATH_NAME_G : PATH_NAME_FREE;
	case PATH_NAME_DOT:
		return c == '.' ? PATH_NAME_DOT_DOT : c == 'g' ? PATH_NAME_DOT_G : PATH_NAME_FREE;
	case PATH_NAME_DOT_G:
		return c == 'i' ? PATH_NAME_DOT_GI : PATH_NAME_FREE;
	case PATH_NAME_DOT_GI:
		return c == 't' ? PATH_NAME_REFUSED : PATH_NAME_FREE;
	case PATH_NAME_G:
		return c == 'i' ? PATH_NAME_GI : PATH_NAME_FREE;
	case PATH_NAME_GI:
		return c == 't' ? PATH_NAME_GIT : PATH_NAME_FREE;
	case PATH_NAME_GIT:
		return c == '~' ? PATH_NAME_GIT_TILDE : PATH_NAME_FREE;
	case PATH_NAME_GIT_TILDE:
		return c == '1' ? PATH_NAME_REFUSED : PATH_NAME_FREE;
	case PATH_NAME_REFUSED:
		return c == '.' || c == ' '    ? state
		       : c == ':' || c == '\\' ? PATH_NAME_INSIDE
					       : PATH_NAME_FREE;
	default:
		return PATH_NAME_FREE;
	}
}

bool path_name_refused(enum path_name state)
{
	return state == PATH_NAME_EMPTY || state == PATH_NAME_DOT || state == PATH_NAME_DOT_DOT ||
	       state == PATH_NAME_REFUSED || state == PATH_NAME_INSIDE;
}

static const char *refusal(enum path_name state, bool has_bytes)
{
	switch (state) {
	case PATH_NAME_EMPTY:
		return has_bytes ? "it has a name of invisible characters only"
				 : "it has two slashes in a row";
	case PATH_NAME_DOT:
		return "it has the name `.`, which can only be at the beginning: leave it out";
	case PATH_NAME_DOT_DOT:
		return "it has the name `..`: write the path from the repository's root";
	default:
		return "it leads into `.git`, or into what git or another system takes for it, which belongs to no agent";
	}
}

/* Goes over the name at *at and behind the slash after it. */
static const char *name_wrong(struct str path, size_t *at)
{
	enum path_name state = PATH_NAME_EMPTY;
	size_t begin = *at;
	while (*at < path.n && path.at[*at] != '/') {
		if (!path.at[*at])
			return "it has a NUL byte";
		/* Most names are told from the refused ones by their first byte. */
		state = state == PATH_NAME_FREE ? ((*at)++, state)
						: path_name_step(state, path_next(path, at));
	}
	size_t end = (*at)++;
	return path_name_refused(state) ? refusal(state, end > begin) : NULL;
}

static const char *path_wrong(struct str path)
{
	if (!path.n)
		return "it is empty";
	if (path.at[0] == '/')
		return "it begins with `/`, but paths are relative to the repository's root: leave the slash out";
	for (size_t at = 0; at <= path.n;) {
		const char *wrong = name_wrong(path, &at);
		if (wrong)
			return at > path.n && path.at[path.n - 1] == '/' ? "it ends with `/`"
									 : wrong;
	}
	return NULL;
}

bool path_is_safe(struct str path, const char **why)
{
	const char *wrong = path_wrong(path);
	if (wrong && why)
		*why = wrong;
	return !wrong;
}

bool path_read(struct str text, struct str *path, const char **why)
{
	while (str_starts(text, STR("./")))
		text = str_slice(text, 2, text.n);
	if (text.n > 1 && str_ends(text, STR("/")))
		text.n--;
	*path = text;
	if (text.n > PATH_LONGEST) {
		if (why)
			*why = "it is longer than the 4095 bytes that a system allows";
		return false;
	}
	return path_is_safe(text, why);
}

struct str path_folder(struct str path)
{
	size_t n = path.n;
	while (n && path.at[n - 1] != '/')
		n--;
	return str_slice(path, 0, n ? n - 1 : 0);
}

struct str path_last(struct str path)
{
	size_t n = path.n;
	while (n && path.at[n - 1] != '/')
		n--;
	return str_slice(path, n, path.n);
}

bool path_is_within(struct str path, struct str folder)
{
	return !folder.n ||
	       (str_starts(path, folder) && (path.n == folder.n || path.at[folder.n] == '/'));
}

bool path_is_below(struct str file, struct str folder)
{
	return str_is(folder, "/") || (file.n > folder.n && path_is_within(file, folder));
}

struct str path_below(struct str file, struct str folder)
{
	return str_slice(file, str_is(folder, "/") ? 1 : folder.n + 1, file.n);
}
