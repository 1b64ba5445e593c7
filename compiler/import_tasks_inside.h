/* import_tasks_inside.h — what the readers of a list of tasks share: import_tasks.c, which finds
 * the tasks, and import_tasks_order.c, which finds what they wait for. */
#ifndef COMPILER_IMPORT_TASKS_INSIDE_H
#define COMPILER_IMPORT_TASKS_INSIDE_H

#include "common/map.h"
#include "compiler/draft.h"
#include "compiler/import_word.h"

struct import_tasks_phase {
	struct str title;
	struct span span;
	uint32_t group;                  /* DRAFT_NONE until it has a task */
	bool story, open;                /* open: not all of it is done */
	struct str number, story_number; /* "3", "1"; or empty */
	uint32_t last;                   /* the task that the next one comes after, or DRAFT_NONE */
	VEC(uint32_t) side;              /* tasks with [P] since then */
};
struct import_tasks_reader {
	struct arena *arena;
	struct draft *draft;
	struct str text;
	struct map by_id;
	VEC(struct import_tasks_phase) phases;
	unsigned level; /* of headings that begin a phase */
	bool depends;   /* in a section about dependencies */
	bool fenced;
	size_t task; /* 1 + the agent that indented lines belong to */
};
struct import_tasks_line {
	struct str id, rest; /* rest: behind the id and the marks */
	bool done, beside;   /* beside: [P] */
	struct str story;    /* "1" of [US1]; or empty */
};

/* import_tasks_line.c */
struct span import_tasks_line_span(const struct import_tasks_reader *, struct str part);
/* The end of an id like T012 or T012a at `at`, or `at` itself. */
size_t import_tasks_line_id_end(struct str text, size_t at);
/* "- [ ] " or "- [x] " at the beginning; what follows. */
bool import_tasks_line_box(struct str line, bool *done, struct str *rest);
bool import_tasks_line_read(struct str line, struct import_tasks_line *); /* is it a task? */
/* The number that follows the word, whatever its case: "3" of "4. Phase 3: …"; or empty. */
struct str import_tasks_line_number(struct str text, const char *word);
unsigned import_tasks_line_level(struct str line); /* 1 … 6; 0: it is none */

/* import_tasks_order.c. To be called when all tasks are known. */
void import_tasks_order_read(struct import_tasks_reader *);

#endif
