/* facts.h — what the checks want to know of the repository, at the commit that agents start from.
 *
 * The compiler does not read repositories: whoever calls it hands over what can (cmd/ has it of
 * runtime/), or nothing, and then nothing that needs the repository is looked at. */
#ifndef COMPILER_FACTS_H
#define COMPILER_FACTS_H

#include "common/fail.h"
#include "common/str.h"
#include "common/vec.h"

enum facts_kind { FACTS_FILE, FACTS_EXECUTABLE, FACTS_LINK, FACTS_SUBMODULE };
struct facts_entry {
	struct str path;	/* relative to the root */
	enum facts_kind kind;
};
struct facts {
	bool there;		/* the root is a repository, and it has the base */
	struct str why;		/* not there, though the root is a repository: what is the matter; empty when it is none */
	struct str nearest;	/* then, a revision that may have been meant; may be empty */
	/* Only when it is there: */
	struct str commit;	/* the base's, in hexadecimal */
	VEC(struct facts_entry) entries;	/* all that is at the base but folders, sorted by their bytes */
};
struct facts_reader {
	void *context;
	/* Called once, when the repository's root (absolute) is known and before anything but the
	 * plan itself is read. */
	bool (*open)(void *context, struct str root, struct fail *);
	/* `base` empty: what is checked out. A repository or base that is not there is no
	 * failure. */
	bool (*read)(void *context, struct arena *, struct str base, struct facts *, struct fail *);
	/* Does the repository ignore this path (.gitignore), as it is in the main checkout? */
	bool (*ignores)(void *context, struct str path);
};

#endif
