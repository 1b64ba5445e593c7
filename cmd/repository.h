/* repository.h — the repository that plans are in, as the compiler asks about it
 * (compiler/facts.h); and the jail around a program that only reads plans. Shared by the
 * programs. */
#ifndef CMD_REPOSITORY_H
#define CMD_REPOSITORY_H

#include "common/arena.h"
#include "compiler/load.h"
#include "runtime/baseline.h"
#include "runtime/snapshot.h"
#include "runtime/writer.h"

struct repository {
	struct facts_reader reader;	/* for compile_plan() */
	struct arena arena;
	struct baseline baseline;
	struct writer writer;	/* for what the work changes */
};
/* What will be done after the jail is shut. Paths may be of files that are not there. */
struct repository_work {
	char *const *plans;	/* paths that will be read, with what lies beneath their repositories' roots */
	size_t plan_n;
	bool without_facts;	/* what git knows is not asked for */
	bool changes;		/* plans beneath those roots will be exchanged */
	struct str_list files;	/* will be read, with nothing beside them */
	const struct writer_file *exchanged;	/* these will be exchanged */
	size_t exchanged_n;
	const char *output;	/* a file that will be written; NULL or "-": none */
	bool output_new;	/* it must not be there */
	bool libgit2;		/* it will be needed, whether there is a repository or not */
};

/* The repository as it was in a commit. */
struct repository_past {
	struct facts_reader reader;	/* these two for compile_plan_with() */
	struct load_elsewhere files;
	struct repository *now;	/* borrowed */
	struct str commit;
	struct snapshot snapshot;
	bool failed;		/* something in it could not be read, so what was compiled is worth nothing: */
	struct fail fail;
};

void repository_init(struct repository *);
/* Loads what the work needs, and shuts the process in with it as far as the kernel can (jail.h):
 * from here on nothing is run, connected to, or opened but what the work says, and nothing written
 * but by the writer. Only for programs with nothing else to do. */
bool repository_shut_in(struct repository *, const struct repository_work *, struct fail *);
/* Of the plan that was compiled last, whose root is given, as it was where what is checked out left the history of
 * that commit (their merge base): what is checked out is then that tree, but for .gitignore, which is as it is now. */
bool repository_look_back(struct repository *, struct arena *, struct str root, const char *revision,
			  struct repository_past *, struct fail *);
void repository_close(struct repository *);

#endif
