/* stdlib.h — the library that is built into orchc: the files of stdlib/ as text, made by
 * tools/embed. */
#ifndef COMPILER_STDLIB_H
#define COMPILER_STDLIB_H

struct stdlib_file {
	const char *name, *text;	/* "std/agents.orch"; both NULL at the end of the list */
};
extern const struct stdlib_file stdlib_file_list[];

#endif
