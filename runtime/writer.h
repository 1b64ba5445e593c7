/* writer.h — a second process that writes files for one in a jail (jail.h), which then needs no
 * right to write anything.
 *
 * It is made before the jail is shut, and told then what may be written. What it is asked for
 * afterwards it takes from somebody who may have been taken over: it exchanges files only that are
 * among its orders, when their content is what the asker says it read, and never what is in a
 * `.git`. It ends when the asker does. */
#ifndef RUNTIME_WRITER_H
#define RUNTIME_WRITER_H

#include "common/fail.h"
#include "common/str.h"

struct writer_file {
	struct str path;	/* NUL-terminated */
	struct str root;	/* absolute, without links; the file does not lead out of it */
};
struct writer_orders {
	struct str_list roots;	/* absolute, without links: plans (*.orch, *.md) below them may be exchanged */
	const struct writer_file *files;	/* these may be exchanged */
	size_t file_n;
	const char *output;	/* this may be made or replaced; NULL: none */
	bool output_new;	/* only made */
};
struct writer {
	int to, from;	/* pipes; zeroed: there is no writer */
};

/* The orders are borrowed until this returns. */
bool writer_begin(struct writer *, const struct writer_orders *, struct fail *);
/* As file_replace(), and file_write() or file_write_new(), of file.h do it. */
bool writer_replace(const struct writer *, struct str path, struct str before, struct str after,
		    struct fail *);
bool writer_output(const struct writer *, struct str bytes, struct fail *);
void writer_end(struct writer *);

#endif
