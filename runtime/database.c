/* database.c — see database.h. */
#include "runtime/database.h"

#include "common/file.h"
#include "common/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUSY_MS = 20000, HEAD_BYTES = 24, READS = 4 };

/* Ours, in every file: how many changes were committed. */
static const char head_schema[] =
	"CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one = 1), changes INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;";
enum { PUT_HEAD, GET_HEAD, OWN_STATEMENTS };
static const struct database_statement own_statements[] = {
	{ "INSERT OR REPLACE INTO head VALUES(?,?,?)", 2 },
	{ "SELECT * FROM head WHERE one = ?", 2 },
};

struct database {
	sqlite3 *handle;
	const struct database_format *format;
	sqlite3_stmt **prepared;	/* the format's, then our own */
	struct text path, head_path;
	int head;			/* -1: there is none */
	bool writes, abandoned;
	enum database_mode mode;	/* of this transaction, or the last one */
	bool synced;			/* SQLite syncs at each commit */
	int64_t changes;		/* that were committed */
};

/* FNV-1a; a single changed byte always changes it. */
static int64_t sum_cells(const struct database_cell *cells, int n)
{
	uint64_t sum = 14695981039346656037u;
	for (int i = 0; i < n; i++) {
		uint64_t number = cells[i].is_text ? cells[i].text.n : (uint64_t)cells[i].number;
		for (int shift = 0; shift < 64; shift += 8)
			sum = (sum ^ (number >> shift & 255)) * 1099511628211u;
		for (size_t j = 0; j < cells[i].text.n; j++)
			sum = (sum ^ (unsigned char)cells[i].text.at[j]) * 1099511628211u;
	}
	return (int64_t)sum;
}

bool database_damaged(const struct database *db, struct fail *fail, const char *what)
{
	return fail_set(fail,
			"%s is damaged: %s. Put back a copy of it and of %s, or move both away to "
			"begin anew",
			db->path.at, what, db->head_path.at);
}

/* What SQLite says, and what to do. */
static bool fail_sqlite(const struct database *db, struct fail *fail, const char *doing)
{
	int code = sqlite3_errcode(db->handle) & 255;
	const char *remedy = "";
	if (code == SQLITE_NOMEM)
		fail_memory();
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR)
		return database_damaged(db, fail, sqlite3_errmsg(db->handle));
	if (code == SQLITE_FULL)
		remedy = "; make room on the disk, then resume the run";
	else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		remedy = "; another program holds it open for writing: close that";
	else if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM)
		remedy = "; may you write there, and in its folder?";
	else if (code == SQLITE_IOERR)
		remedy = "; is the disk full or failing? What was acknowledged is kept; resume the "
			 "run once it is well";
	return fail_set(fail, "cannot %s %s: %s%s", doing, db->path.at, sqlite3_errmsg(db->handle),
			remedy);
}

static bool run_sql(struct database *db, const char *sql, const char *doing, struct fail *fail)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       fail_sqlite(db, fail, doing);
}

/* The number that a pragma or a question answers. */
static bool ask_number(struct database *db, const char *sql, int64_t *number, struct fail *fail)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_ROW;
	if (good)
		*number = sqlite3_column_int64(statement, 0);
	else
		fail_sqlite(db, fail, "read");
	sqlite3_finalize(statement);
	return good;
}

static size_t statement_count(const struct database *db)
{
	return db->format->statement_n + OWN_STATEMENTS;
}

static size_t own(const struct database *db, size_t statement)
{
	return db->format->statement_n + statement;
}

static const struct database_statement *statement_of(const struct database *db, size_t which)
{
	size_t n = db->format->statement_n;
	return which < n ? &db->format->statements[which] : &own_statements[which - n];
}

static sqlite3_stmt *prepared(struct database *db, size_t which)
{
	if (!db->prepared[which])
		sqlite3_prepare_v3(db->handle, statement_of(db, which)->sql, -1,
				   SQLITE_PREPARE_PERSISTENT, &db->prepared[which], NULL);
	return db->prepared[which];
}

static bool bind(sqlite3_stmt *statement, int at, const struct database_cell *cell)
{
	if (!cell->is_text)
		return sqlite3_bind_int64(statement, at, cell->number) == SQLITE_OK;
	return sqlite3_bind_text64(statement, at, cell->text.n ? cell->text.at : "", cell->text.n,
				   SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

bool database_put(struct database *db, size_t which, const struct database_cell *cells,
		  struct fail *fail)
{
	int n = statement_of(db, which)->columns;
	if (db->abandoned)
		return fail_set(fail,
				"nothing more is written to %s, since an earlier write failed; "
				"resume the run",
				db->path.at);
	sqlite3_stmt *statement = prepared(db, which);
	bool good = statement;
	for (int i = 0; good && i < n; i++)
		good = bind(statement, i + 1, &cells[i]);
	good = good && sqlite3_bind_int64(statement, n + 1, sum_cells(cells, n)) == SQLITE_OK &&
	       sqlite3_step(statement) == SQLITE_DONE;
	if (!good)
		fail_sqlite(db, fail, "write");
	sqlite3_reset(statement);
	return good;
}

bool database_ask(struct database *db, size_t which, int64_t number, struct fail *fail)
{
	sqlite3_stmt *statement = prepared(db, which);
	sqlite3_reset(statement);
	return (statement && sqlite3_bind_int64(statement, 1, number) == SQLITE_OK) ||
	       fail_sqlite(db, fail, "read");
}

/* False when the row is not what was written. */
static bool read_row(sqlite3_stmt *statement, struct database_cell *cells, int n)
{
	if (sqlite3_column_count(statement) != n + 1)
		return false;
	for (int i = 0; i < n; i++) {
		cells[i] = database_number(sqlite3_column_int64(statement, i));
		if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
			continue;
		struct str text = { (const char *)sqlite3_column_text(statement, i), 0 };
		text.n = (size_t)sqlite3_column_bytes(statement, i);
		if (!text.at)
			return false;
		cells[i] = database_text(text);
	}
	return sqlite3_column_int64(statement, n) == sum_cells(cells, n);
}

bool database_get(struct database *db, size_t which, struct database_cell *cells, bool *found,
		  struct fail *fail)
{
	sqlite3_stmt *statement = prepared(db, which);
	int step = statement ? sqlite3_step(statement) : SQLITE_ERROR;
	bool good = true;
	*found = step == SQLITE_ROW;
	if (*found && read_row(statement, cells, statement_of(db, which)->columns))
		return true;
	if (*found)
		good = database_damaged(db, fail, "a row differs from its checksum");
	else if (step != SQLITE_DONE)
		good = fail_sqlite(db, fail, "read");
	sqlite3_reset(statement);
	return good;
}

void database_enough(struct database *db, size_t which)
{
	sqlite3_reset(db->prepared[which]);
}

/* The head file: how many changes were acknowledged. Written after each commit and not synced: what
 * the system loses of it with the power makes it only say less than is true. */

static void head_bytes(int64_t changes, unsigned char bytes[HEAD_BYTES])
{
	struct database_cell cells[] = { database_text(STR("orchhead")), database_number(changes) };
	uint64_t words[] = { (uint64_t)changes, (uint64_t)sum_cells(cells, 2) };
	memcpy(bytes, "orchhead", 8);
	for (int i = 0; i < 16; i++)
		bytes[8 + i] = (unsigned char)(words[i / 8] >> 8 * (i % 8));
}

static bool write_head(struct database *db, struct fail *fail)
{
	unsigned char bytes[HEAD_BYTES];
	head_bytes(db->changes, bytes);
	return pwrite(db->head, bytes, sizeof bytes, 0) == HEAD_BYTES ||
	       fail_system(fail, "cannot write %s", db->head_path.at);
}

/* No file: 0 changes. A writer may be in the middle of its write, so a misread is tried again. */
static bool read_head(struct database *db, int64_t *changes, struct fail *fail)
{
	*changes = 0;
	if (db->head < 0)
		return true;
	for (int attempt = 0; attempt < READS; attempt++) {
		unsigned char bytes[HEAD_BYTES + 1], good[HEAD_BYTES];
		ssize_t n = pread(db->head, bytes, sizeof bytes, 0);
		uint64_t word = 0;
		for (int i = 7; n == HEAD_BYTES && i >= 0; i--)
			word = word << 8 | bytes[8 + i];
		head_bytes((int64_t)word, good);
		*changes = (int64_t)word;
		if (n == 0 || (n == HEAD_BYTES && memcmp(bytes, good, sizeof good) == 0))
			return true;
		if (n < 0)
			return fail_system(fail, "cannot read %s", db->head_path.at);
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	return fail_set(fail,
			"%s is damaged, so whether the journal is whole cannot be known: put back "
			"a copy of both, or remove "
			"it to go on from what the journal still has",
			db->head_path.at);
}

static bool check_head(struct database *db, struct fail *fail)
{
	struct database_cell row[2];
	int64_t acknowledged;
	bool found;
	/* In this order: what a writer commits meanwhile can only make the journal longer. */
	if (!read_head(db, &acknowledged, fail) || !database_ask(db, own(db, GET_HEAD), 1, fail) ||
	    !database_get(db, own(db, GET_HEAD), row, &found, fail))
		return false;
	if (!found)
		return database_damaged(db, fail, "it has lost its first row");
	database_enough(db, own(db, GET_HEAD));
	db->changes = row[1].number;
	return db->changes >= acknowledged ||
	       fail_set(fail,
			"%s is damaged: it has %lld changes, and %lld were acknowledged, so its "
			"end is lost. Put back a copy "
			"of both it and %s, or remove %s to go on from what is there",
			db->path.at, (long long)db->changes, (long long)acknowledged,
			db->head_path.at, db->head_path.at);
}

static bool make_tables(struct database *db, struct fail *fail)
{
	struct text version = { 0 };
	struct database_cell row[] = { database_number(1), database_number(0) };
	text_addf(&version, "PRAGMA application_id=%lld; PRAGMA user_version=%lld;",
		  (long long)db->format->application, (long long)db->format->version);
	bool good = run_sql(db, head_schema, "make", fail) &&
		    run_sql(db, db->format->schema, "make", fail) &&
		    run_sql(db, version.at, "make", fail) &&
		    database_put(db, own(db, PUT_HEAD), row, fail);
	text_release(&version);
	return good;
}

/* A file of somebody else's is not touched. */
static bool check_application(struct database *db, bool *empty, struct fail *fail)
{
	int64_t application, tables;
	if (!ask_number(db, "PRAGMA application_id", &application, fail) ||
	    !ask_number(db, "SELECT count(*) FROM sqlite_schema", &tables, fail))
		return false;
	*empty = !application && !tables;
	return *empty || application == db->format->application ||
	       fail_set(fail, "%s was not made by orch: move it away", db->path.at);
}

/* Inside of a transaction, so that of two that begin at once one makes the tables. */
static bool check_format(struct database *db, struct fail *fail)
{
	int64_t version, acknowledged;
	bool empty;
	if (!check_application(db, &empty, fail))
		return false;
	if (empty && db->writes)
		return read_head(db, &acknowledged, fail) &&
		       (acknowledged ? database_damaged(db, fail, "it is empty")
				     : make_tables(db, fail));
	if (empty)
		return database_damaged(db, fail, "it is empty");
	if (!ask_number(db, "PRAGMA user_version", &version, fail))
		return false;
	if (version > db->format->version)
		return fail_set(fail,
				"%s was made by a newer orch (format %lld, and this one knows "
				"%lld): use that one, or move it "
				"away to begin anew",
				db->path.at, (long long)version, (long long)db->format->version);
	return version == db->format->version ||
	       database_damaged(db, fail, "it has no valid version");
}

static bool check_structure(struct database *db, struct fail *fail)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(db->handle, "PRAGMA quick_check(1)", -1, &statement, NULL) ==
			    SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_ROW;
	const char *answer = good ? (const char *)sqlite3_column_text(statement, 0) : NULL;
	if (!answer)
		good = fail_sqlite(db, fail, "read");
	else if (strcmp(answer, "ok") != 0)
		good = database_damaged(db, fail, answer);
	sqlite3_finalize(statement);
	return good;
}

static bool use_wal(struct database *db, struct fail *fail)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode=WAL", -1, &statement,
				       NULL) == SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_ROW;
	if (!good)
		fail_sqlite(db, fail, "open");
	else if (strcmp((const char *)sqlite3_column_text(statement, 0), "wal") != 0)
		good = fail_set(fail,
				"%s cannot be shared safely on this file system (is it a network "
				"one?): put the repository "
				"on a local disk",
				db->path.at);
	sqlite3_finalize(statement);
	return good;
}

/* What a new file is called must survive a cut of the power as well. */
static bool make_head(struct database *db, struct fail *fail)
{
	struct text folder = { 0 };
	if (db->head >= 0)
		return write_head(db, fail);
	db->head = open(db->head_path.at, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (db->head < 0)
		return fail_system(fail, "cannot make %s", db->head_path.at);
	if (!write_head(db, fail))
		return false;
	if (fsync(db->head))
		return fail_system(fail, "cannot sync %s", db->head_path.at);
	const char *slash = strrchr(db->path.at, '/');
	text_addf(&folder, "%.*s", slash ? (int)(slash - db->path.at) + 1 : 1,
		  slash ? db->path.at : ".");
	bool good = file_sync_folder(folder.at, fail);
	text_release(&folder);
	return good;
}

static bool open_handle(struct database *db, struct fail *fail)
{
	int flags = SQLITE_OPEN_NOMUTEX | (db->writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
						      : SQLITE_OPEN_READONLY);
	int code = sqlite3_open_v2(db->path.at, &db->handle, flags, NULL);
	if (!db->handle)
		fail_memory();
	if (code != SQLITE_OK)
		return fail_sqlite(db, fail, "open");
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return run_sql(db, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;", "open", fail);
}

static bool open_all(struct database *db, struct fail *fail)
{
	if (!db->writes && !file_there(db->path.at))
		return fail_set(fail, "there is no %s", db->path.at);
	db->head = open(db->head_path.at,
			(db->writes ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);
	if (db->head < 0 && errno != ENOENT)
		return fail_system(fail, "cannot open %s", db->head_path.at);
	bool empty;
	if (!open_handle(db, fail) || !check_application(db, &empty, fail) ||
	    (db->writes && !use_wal(db, fail)))
		return false;
	if (!database_begin(db, db->writes ? DATABASE_DURABLE : DATABASE_READ, fail) ||
	    !check_format(db, fail) || !check_structure(db, fail) ||
	    !run_sql(db, "COMMIT", "open", fail))
		return false;
	return check_head(db, fail) && (!db->writes || make_head(db, fail));
}

bool database_open(const char *path, bool writes, const struct database_format *format,
		   struct database **opened, struct fail *fail)
{
	struct database *db = calloc(1, sizeof *db);
	if (!db)
		fail_memory();
	*db = (struct database){ .format = format, .writes = writes, .head = -1 };
	db->prepared = calloc(statement_count(db), sizeof *db->prepared);
	if (!db->prepared)
		fail_memory();
	text_addf(&db->path, "%s", path);
	text_addf(&db->head_path, "%s-head", path);
	bool good = open_all(db, fail);
	if (!good)
		database_close(db);
	*opened = good ? db : NULL;
	return good;
}

void database_close(struct database *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < statement_count(db); i++)
		sqlite3_finalize(db->prepared[i]);
	sqlite3_close(db->handle);
	if (db->head >= 0)
		close(db->head);
	text_release(&db->path);
	text_release(&db->head_path);
	free(db->prepared);
	free(db);
}

bool database_begin(struct database *db, enum database_mode mode, struct fail *fail)
{
	bool sync = mode == DATABASE_DURABLE;
	db->mode = mode;
	if (mode == DATABASE_READ)
		return run_sql(db, "BEGIN", "read", fail);
	if (sync != db->synced &&
	    !run_sql(db, sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", "write",
		     fail))
		return false;
	db->synced = sync;
	return run_sql(db, "BEGIN IMMEDIATE", "write", fail);
}

void database_abandon(struct database *db)
{
	db->abandoned |= db->mode != DATABASE_READ;
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool database_commit(struct database *db, struct fail *fail)
{
	if (db->mode != DATABASE_DURABLE)
		return run_sql(db, "COMMIT", db->mode == DATABASE_READ ? "read" : "write", fail);
	struct database_cell row[] = { database_number(1), database_number(db->changes + 1) };
	if (!database_put(db, own(db, PUT_HEAD), row, fail) ||
	    !run_sql(db, "COMMIT", "write", fail))
		return false;
	db->changes++;
	return write_head(db, fail);
}
