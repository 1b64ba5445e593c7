/* attributes.h — what .gitattributes files say of a path: the rules of one commit, of info/attributes
 * and of the user's own file, without a look into any work tree.
 *
 * As gitattributes(5) has it, macros included. Checked against `git check-attr` in the tests. */
#ifndef RUNTIME_ATTRIBUTES_H
#define RUNTIME_ATTRIBUTES_H

#include "common/map.h"
#include "common/vec.h"

enum attributes_state {
	ATTRIBUTES_UNKNOWN,     /* no rule says anything */
	ATTRIBUTES_UNSPECIFIED, /* a rule says !name */
	ATTRIBUTES_SET,
	ATTRIBUTES_UNSET,
	ATTRIBUTES_VALUE
};
struct attributes_value {
	enum attributes_state state;
	struct str value; /* of ATTRIBUTES_VALUE */
};
struct attributes_said {
	uint32_t name;
	struct attributes_value value;
};
struct attributes_rule {
	struct str folder, pattern; /* folder: without a last slash; "" is the root */
	uint32_t order;             /* of being added */
	bool name_only;             /* the pattern has no slash: it is held against the last name */
	VEC(struct attributes_said) said;
};
struct attributes {
	struct arena *arena;                /* borrowed */
	struct map names;                   /* to their index in `macros` */
	VEC(struct attributes_rule) macros; /* by name; `said` is empty for what is no macro */
	VEC(struct attributes_rule) rules;  /* a later one outdoes an earlier one */
};

/* Where `binary` is known, and nothing else. */
void attributes_begin(struct attributes *, struct arena *);
/* The text of a file in the folder. Files are added in the order of their weight: the user's own, the
 * root's, deeper ones after those above them, info/attributes. `macros`: may it define any? */
void attributes_add(struct attributes *, struct str folder, struct str text, bool macros);
/* What is said of the path, for each of n names. */
void attributes_ask(const struct attributes *, struct str path, const struct str *names, size_t n,
		    struct attributes_value *);

/* Does the pattern match, as git's wildmatch does with WM_PATHNAME? */
bool attributes_match(struct str pattern, struct str path);

#endif
