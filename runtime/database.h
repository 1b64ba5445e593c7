/* database.h — rows of cells in one SQLite file, each row with a checksum. The only user of SQLite.
 *
 * WAL mode, fully synced: what was committed survives the end of the process and of the power. A
 * file that is damaged is refused: its structure is checked when it is opened, a row when it is
 * read, and a small file beside it (its name and "-head") says how many changes were committed, so
 * that a lost end is noticed too. */
#ifndef RUNTIME_DATABASE_H
#define RUNTIME_DATABASE_H

#include "common/fail.h"
#include "common/str.h"

struct database;

/* Every table's last column is the checksum, an INTEGER; `columns` are those before it. */
struct database_statement {
	const char *sql;
	int columns;	/* at most DATABASE_CELLS */
};
struct database_format {
	int64_t application, version;
	const char *schema;	/* statements that make the tables */
	const struct database_statement *statements;
	size_t statement_n;
};
enum { DATABASE_CELLS = 16 };
struct database_cell {
	bool is_text;
	int64_t number;
	struct str text;	/* any bytes */
};

static inline struct database_cell database_number(int64_t number)
{
	return (struct database_cell){ false, number, { NULL, 0 } };
}
static inline struct database_cell database_text(struct str text)
{
	return (struct database_cell){ true, 0, text };
}

/* To write: made if it is not there. To read: must be there, and is never changed. The format is
 * borrowed for as long as it is open. */
bool database_open(const char *path, bool writes, const struct database_format *,
		   struct database **, struct fail *);
void database_close(struct database *);	/* NULL is fine; what is not committed is lost */

enum database_mode {
	DATABASE_READ,		/* several answers are of one moment */
	DATABASE_FAST,		/* a cut of the power may undo it, nothing else */
	DATABASE_DURABLE	/* on disk when database_commit returns */
};
/* A transaction. */
bool database_begin(struct database *, enum database_mode, struct fail *);
bool database_commit(struct database *, struct fail *);
/* Undoes the transaction. After one that wrote nothing more is written: what the caller has in
 * memory may differ from what is on disk. */
void database_abandon(struct database *);

/* Writes a row: the statement's parameters are the cells, then the checksum. */
bool database_put(struct database *, size_t statement, const struct database_cell *, struct fail *);
/* Begins a question, with a number in it. */
bool database_ask(struct database *, size_t statement, int64_t number, struct fail *);
/* The next row of the answer, its texts valid until the next call; *found is false at the end. */
bool database_get(struct database *, size_t statement, struct database_cell *, bool *found,
		  struct fail *);
void database_enough(struct database *, size_t statement);	/* the rest of the answer is not wanted */

/* Says that it is damaged, why, and what to do. Returns false. */
bool database_damaged(const struct database *, struct fail *, const char *what);

#endif
