/* conversion.h — how git keeps the files of one commit: as they are, with other line ends, or through
 * a program.
 *
 * What is built into git (text, eol, ident) is done here; a program that the repository or the user
 * names (a `filter`, such as git-lfs) is never run, so files that need one stay as they are stored,
 * and what an agent makes of them cannot be taken. */
#ifndef RUNTIME_CONVERSION_H
#define RUNTIME_CONVERSION_H

#include "runtime/attributes.h"
#include "runtime/lineends.h"
#include "runtime/repo.h"

struct conversion {
	struct repo *repo; /* borrowed */
	struct repo_settings settings;
	struct attributes attributes;
	bool any;          /* is there anything to be asked at all? */
	struct str shared; /* text of info/attributes, which outdoes all others */
};
struct conversion_of {
	struct lineends lineends;
	struct str filter;   /* name of a program's filter, or empty */
	struct str encoding; /* of the work tree, or empty */
};

/* All in the arena. Then the commit's own files, those above others first, then conversion_ready. */
bool conversion_begin(struct arena *, struct repo *, struct conversion *, struct fail *);
/* Of any file of the commit; takes it in when it is a .gitattributes. */
bool conversion_add(struct conversion *, struct str path, uint32_t mode, struct oid, struct fail *);
void conversion_ready(struct conversion *);
struct conversion_of conversion_find(const struct conversion *, struct str path);
/* Why what an agent writes there cannot be stored as git would, or NULL. `bytes`: what it wrote, as
 * far as it is known: a pointer of git-lfs is stored as it is. */
const char *conversion_refuses(const struct conversion *, struct conversion_of, struct str bytes);

#endif
