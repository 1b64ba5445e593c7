/* field.h — the records of a schedule as data: every field of every record, what kind it is and
 * where it lies. Made from the lists in schedule.h; the image, the verifier's bounds and the
 * listing all walk this table, so a new field is written down in one place. */
#ifndef SCHEDULE_FIELD_H
#define SCHEDULE_FIELD_H

#include "schedule/schedule.h"

enum field_kind {
	FIELD_STRING,	/* struct str */
	FIELD_STRINGS,	/* struct str_list */
	FIELD_NUMBER,	/* uint32_t, and so are those up to RUNNER */
	FIELD_SECONDS,
	FIELD_FLAG,
	FIELD_CHOICE,
	FIELD_COMMAND,
	FIELD_POOL,	/* an index or SCHEDULE_NONE */
	FIELD_RUNNER,
	FIELD_POOLS,	/* struct index_list */
	FIELD_AGENTS,	/* struct index_list */
	FIELD_CODE	/* struct code */
};
struct field {
	const char *name;
	enum field_kind kind;
	size_t offset;			/* in its record */
	const char *const *words;	/* of a CHOICE */
	uint32_t word_n;
};

/* The plan and the tables, in the order of the image. */
enum field_table {
	FIELD_TABLE_PLAN,
#define FIELD_TABLE(KIND, singular) FIELD_TABLE_##KIND,
	SCHEDULE_TABLES(FIELD_TABLE)
#undef FIELD_TABLE
	FIELD_TABLE_COUNT
};
struct field_record {
	const char *name;	/* "agent" */
	const struct field *field;
	size_t n;
	size_t size;		/* of the C structure */
	bool named;		/* its first field is its name; other records go by their index */
};
struct field_rows {
	void *at;
	size_t n;
};

const struct field_record *field_record(enum field_table);	/* static */
/* The rows of a table; the plan is a table of one. */
struct field_rows field_rows(const struct schedule *, enum field_table);
/* Makes the rows, zeroed, in `arena`. The plan has its row already. */
struct field_rows field_rows_make(struct arena *, struct schedule *, enum field_table, size_t n);
void *field_row(const struct field_record *, struct field_rows, size_t index);
void *field_at(const struct field *, void *row);

#endif
