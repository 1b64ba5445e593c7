/* branch.c — see branch.h. A branch is a file under refs/heads/ as long as it is not packed, which
 * is where most of the rules come from. */
#include "schedule/branch.h"

#include <stdlib.h>
#include <string.h>

enum { PART_LONGEST = 255 - 5 };	/* a file's name, with room for git's `.lock` */

static const char *part_wrong(struct str part)
{
	if (!part.n)
		return "has an empty part, or begins or ends with a slash";
	if (part.at[0] == '.')
		return "has a part that begins with a dot";
	if (str_ends(part, STR(".lock")))
		return "has a part that ends in .lock";
	if (part.n > PART_LONGEST)
		return "has a part of more than 250 bytes";
	return NULL;
}

const char *branch_wrong(struct str name)
{
	if (!name.n)
		return "is empty";
	if (name.at[0] == '-')
		return "begins with a hyphen";
	if (name.at[name.n - 1] == '.')
		return "ends with a dot";
	if (str_is(name, "@") || str_is(name, "HEAD"))
		return "means something else to git";
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.at[i],
			      next = i + 1 < name.n ? (unsigned char)name.at[i + 1] : 0;
		if (c <= ' ' || c == 0x7f)
			return "has a space or a control character in it";
		if (strchr("~^:?*[\\", c))
			return "has one of ~ ^ : ? * [ \\ in it";
		if (c == '.' && next == '.')
			return "has two dots in a row";
		if (c == '@' && next == '{')
			return "has @{ in it";
	}
	const char *wrong = NULL;
	for (struct str rest = name, part; !wrong && str_split(&rest, '/', &part);)
		wrong = part_wrong(part);
	return wrong;
}

const char *branch_agent_wrong(struct str name)
{
	return part_wrong(name);
}

struct named {
	struct str name;
	size_t index;
};

/* By bytes, but a slash comes before everything else: what is in a folder follows it directly. */
static int named_compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)x->name.at[i], d = (unsigned char)y->name.at[i];
		if (c != d)
			return (c == '/' ? -1 : c) - (d == '/' ? -1 : d);
	}
	if (x->name.n != y->name.n)
		return x->name.n < y->name.n ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

bool branch_clash(struct arena *arena, const struct str *names, size_t n, size_t *first,
		  size_t *second)
{
	struct named *sorted = ARENA_MANY(arena, n, struct named);
	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct named){ names[i], i };
	if (n)
		qsort(sorted, n, sizeof *sorted, named_compare);
	for (size_t i = 1; i < n; i++) {
		struct str a = sorted[i - 1].name, b = sorted[i].name;
		if (str_starts(b, a) && (a.n == b.n || b.at[a.n] == '/')) {
			*first = sorted[i - 1].index;
			*second = sorted[i].index;
			return true;
		}
	}
	return false;
}
