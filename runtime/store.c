/* store.c — see store.h; database.h for what keeps rows from being lost or damaged unseen.
 *
 * Rows of `instructions` are only ever added, and what an agent has come to is their sum
 * (machine_remember): there is no second truth that could differ. */
#include "runtime/store.h"

#include "common/vec.h"
#include "runtime/database.h"
#include "runtime/state.h"

#include <stdlib.h>

enum { APPLICATION = 0x6f726368 /* "orch" */, VERSION = 1 };

static const char schema[] =
	"CREATE TABLE runs(id INTEGER PRIMARY KEY, plan TEXT NOT NULL, source TEXT NOT NULL, image_hash TEXT NOT NULL,"
	" base TEXT NOT NULL, base_branch TEXT NOT NULL, only_agents TEXT NOT NULL, jobs INTEGER NOT NULL,"
	" agents INTEGER NOT NULL, rows INTEGER NOT NULL, integration TEXT NOT NULL, landed TEXT NOT NULL,"
	" started INTEGER NOT NULL, ended INTEGER NOT NULL, succeeded INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;"
	"CREATE TABLE agents(run INTEGER NOT NULL, agent INTEGER NOT NULL, name TEXT NOT NULL, branch TEXT NOT NULL,"
	" sum INTEGER NOT NULL, PRIMARY KEY(run, agent)) STRICT, WITHOUT ROWID;"
	/* agent -1: the plan's strand; pc -1: a change of state only. */
	"CREATE TABLE instructions(run INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,"
	" agent INTEGER NOT NULL, pc INTEGER NOT NULL, op TEXT NOT NULL, attempt INTEGER NOT NULL, state TEXT NOT NULL,"
	" reason TEXT NOT NULL, input TEXT NOT NULL, output TEXT NOT NULL, message TEXT NOT NULL, ms INTEGER NOT NULL,"
	" sum INTEGER NOT NULL, PRIMARY KEY(run, number)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE events(number INTEGER PRIMARY KEY, run INTEGER NOT NULL, time INTEGER NOT NULL, name TEXT NOT NULL,"
	" agent INTEGER NOT NULL, attempt INTEGER NOT NULL, message TEXT NOT NULL, result TEXT NOT NULL,"
	" sum INTEGER NOT NULL) STRICT;"
	/* For people with sqlite3 in their hands. */
	"CREATE VIEW attempts AS SELECT i.run, a.name, i.attempt, min(i.time) AS began, max(i.time) AS last,"
	" group_concat(nullif(i.state, ''), ', ') AS states, max(i.message) AS message"
	" FROM instructions i JOIN agents a ON a.run = i.run AND a.agent = i.agent WHERE i.attempt > 0"
	" GROUP BY i.run, i.agent, i.attempt;";

/* STATEMENT(NAME, columns without the checksum, sql) */
#define STATEMENTS(STATEMENT)                                                                 \
	STATEMENT(PUT_RUN, 15,                                                                \
		  "INSERT OR REPLACE INTO runs VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")      \
	STATEMENT(GET_RUN, 15, "SELECT * FROM runs WHERE id = ?")                             \
	STATEMENT(GET_LAST, 15, "SELECT * FROM runs WHERE id > ? ORDER BY id DESC LIMIT 1")   \
	STATEMENT(GET_RUNS, 15, "SELECT * FROM runs WHERE id > ? ORDER BY id")                \
	STATEMENT(PUT_AGENT, 4, "INSERT INTO agents VALUES(?,?,?,?,?)")                       \
	STATEMENT(PUT_INSTRUCTION, 13,                                                        \
		  "INSERT INTO instructions VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)")             \
	STATEMENT(GET_INSTRUCTIONS, 13,                                                       \
		  "SELECT * FROM instructions WHERE run = ? ORDER BY number")                 \
	STATEMENT(PUT_EVENT, 7,                                                               \
		  "INSERT INTO events(run, time, name, agent, attempt, message, result, sum)" \
		  " VALUES(?,?,?,?,?,?,?,?)")

enum statement {
#define STATEMENT_ENUM(NAME, columns, sql) STATEMENT_##NAME,
	STATEMENTS(STATEMENT_ENUM)
	STATEMENT_COUNT
};
static const struct database_statement statements[] = {
#define STATEMENT_INFO(NAME, columns, sql) { sql, columns },
	STATEMENTS(STATEMENT_INFO)
};
static const struct database_format format = { APPLICATION, VERSION, schema, statements,
					       STATEMENT_COUNT };

struct store {
	struct database *db;
	struct arena arena;	/* of `last` */
	struct run_row {
		struct store_run run;
		int64_t agents, rows;	/* rows: in `instructions` */
	} last;			/* the run that was written last; its id is 0: none */
};

static bool open_store(const char *path, bool writes, struct store **opened, struct fail *fail)
{
	struct database *db;
	*opened = NULL;
	if (!database_open(path, writes, &format, &db, fail))
		return false;
	struct store *store = calloc(1, sizeof *store);
	if (!store)
		fail_memory();
	store->db = db;
	*opened = store;
	return true;
}

bool store_open(const char *path, struct store **store, struct fail *fail)
{
	return open_store(path, true, store, fail);
}

bool store_open_read(const char *path, struct store **store, struct fail *fail)
{
	return open_store(path, false, store, fail);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	database_close(store->db);
	arena_release(&store->arena);
	free(store);
}

/* A transaction ends: all of a change is there, or, when something failed, nothing. */
static bool end_change(struct store *store, bool good, struct fail *fail)
{
	good = good && database_commit(store->db, fail);
	if (!good)
		database_abandon(store->db);
	return good;
}

static struct database_cell oid_cell(const struct oid *oid)
{
	return database_text(str_from(oid->hex));
}

static bool oid_from(struct database_cell cell, struct oid *oid)
{
	*oid = (struct oid){ "" };
	if (cell.text.n && cell.text.n != sizeof oid->hex - 1)
		return false;
	memcpy(oid->hex, cell.text.n ? cell.text.at : "", cell.text.n);
	return true;
}

static bool put_run(struct store *store, const struct run_row *row, struct fail *fail)
{
	const struct store_run *r = &row->run;
	const struct database_cell cells[] = {
		database_number(r->id),
		database_text(r->plan),
		database_text(r->source),
		database_text(r->image_hash),
		oid_cell(&r->base),
		database_text(r->base_branch),
		database_text(r->only),
		database_number(r->jobs),
		database_number(row->agents),
		database_number(row->rows),
		oid_cell(&r->integration),
		oid_cell(&r->landed),
		database_number(r->started),
		database_number(r->ended),
		database_number(r->succeeded),
	};
	return database_put(store->db, STATEMENT_PUT_RUN, cells, fail);
}

/* In the same order. */
static bool run_from(struct store *store, struct arena *arena, const struct database_cell *cells,
		     struct run_row *row, struct fail *fail)
{
	struct store_run *r = &row->run;
	*row = (struct run_row){ .agents = cells[8].number, .rows = cells[9].number };
	r->id = cells[0].number;
	r->plan = arena_copy(arena, cells[1].text);
	r->source = arena_copy(arena, cells[2].text);
	r->image_hash = arena_copy(arena, cells[3].text);
	r->base_branch = arena_copy(arena, cells[5].text);
	r->only = arena_copy(arena, cells[6].text);
	r->jobs = (uint32_t)cells[7].number;
	r->started = cells[12].number;
	r->ended = cells[13].number;
	r->succeeded = cells[14].number;
	return (oid_from(cells[4], &r->base) && oid_from(cells[10], &r->integration) &&
		oid_from(cells[11], &r->landed)) ||
	       database_damaged(store->db, fail, "a run has no valid commits");
}

static bool find_run(struct store *store, struct arena *arena, int64_t id, struct run_row *row,
		     bool *found, struct fail *fail)
{
	struct database_cell cells[DATABASE_CELLS];
	enum statement which = id ? STATEMENT_GET_RUN : STATEMENT_GET_LAST;
	if (!database_ask(store->db, which, id, fail) ||
	    !database_get(store->db, which, cells, found, fail))
		return false;
	if (!*found)
		return true;
	bool good = run_from(store, arena, cells, row, fail);
	database_enough(store->db, which);
	return good;
}

static bool get_run(struct store *store, struct arena *arena, int64_t id, struct run_row *row,
		    struct fail *fail)
{
	bool found;
	BUG_IF(id < 1, "a run without a number");
	return find_run(store, arena, id, row, &found, fail) &&
	       (found || fail_set(fail, "there is no run %lld in the journal", (long long)id));
}

/* Begins a change of a run, whose row is then in `last`. */
static bool begin_change(struct store *store, int64_t run, struct fail *fail)
{
	if (!database_begin(store->db, DATABASE_DURABLE, fail))
		return false;
	if (store->last.run.id == run)
		return true;
	arena_release(&store->arena);
	store->last = (struct run_row){ 0 };
	return get_run(store, &store->arena, run, &store->last, fail);
}

/* Ends it; the row is on disk as it is in `last`. */
static bool end_run_change(struct store *store, bool good, struct fail *fail)
{
	return end_change(store, good && put_run(store, &store->last, fail), fail);
}

static bool put_agents(struct store *store, int64_t run, const struct schedule *s,
		       struct fail *fail)
{
	for (size_t i = 0; i < s->agent_n; i++) {
		const struct database_cell cells[] = { database_number(run),
						       database_number((int64_t)i),
						       database_text(s->agent[i].name),
						       database_text(s->agent[i].branch) };
		if (!database_put(store->db, STATEMENT_PUT_AGENT, cells, fail))
			return false;
	}
	return true;
}

bool store_begin(struct store *store, const struct store_run *given, const struct schedule *s,
		 int64_t *id, struct fail *fail)
{
	struct arena arena = { 0 };
	struct run_row last, row = { *given, .agents = (int64_t)s->agent_n };
	bool found = false;
	bool good = database_begin(store->db, DATABASE_DURABLE, fail) &&
		    find_run(store, &arena, 0, &last, &found, fail);
	row.run.id = *id = found ? last.run.id + 1 : given->id ? given->id : 1;
	row.run.integration = row.run.base;
	row.run.landed = (struct oid){ "" };
	row.run.ended = 0;
	row.run.succeeded = false;
	good = end_change(
		store, good && put_run(store, &row, fail) && put_agents(store, *id, s, fail), fail);
	arena_release(&arena);
	return good;
}

static bool put_row(struct store *store, int64_t time, const struct world_row *row,
		    struct fail *fail)
{
	bool instruction = row->pc != SCHEDULE_NONE;
	struct run_row *last = &store->last;
	const struct database_cell cells[] = {
		database_number(last->run.id),
		database_number(last->rows++),
		database_number(time),
		database_number(row->agent == SCHEDULE_NONE ? -1 : (int64_t)row->agent),
		database_number(instruction ? (int64_t)row->pc : -1),
		database_text(str_from(instruction ? op_info(row->op)->name : "")),
		database_number(row->attempt),
		database_text(str_from(row->state)),
		database_text(str_from(record_reason_name(row->reason))),
		database_text(row->input),
		database_text(row->output),
		database_text(row->message),
		database_number((int64_t)row->ms),
	};
	if (row->agent == SCHEDULE_NONE && instruction && row->op == OP_ADVANCE)
		BUG_IF(!oid_from(cells[10], &last->run.integration),
		       "an advance to something that is no commit");
	return database_put(store->db, STATEMENT_PUT_INSTRUCTION, cells, fail);
}

bool store_append(struct store *store, int64_t run, int64_t time, const struct world_row *rows,
		  size_t n, struct fail *fail)
{
	bool good = begin_change(store, run, fail);
	for (size_t i = 0; good && i < n; i++)
		good = put_row(store, time, &rows[i], fail);
	return end_run_change(store, good, fail);
}

bool store_end(struct store *store, int64_t run, int64_t time, bool succeeded, struct fail *fail)
{
	bool good = begin_change(store, run, fail);
	store->last.run.ended = time;
	store->last.run.succeeded = succeeded;
	return end_run_change(store, good, fail);
}

bool store_reopen(struct store *store, int64_t run, struct fail *fail)
{
	bool good = begin_change(store, run, fail);
	store->last.run.ended = 0;
	store->last.run.succeeded = false;
	return end_run_change(store, good, fail);
}

bool store_landed(struct store *store, int64_t run, struct oid landed, struct fail *fail)
{
	bool good = begin_change(store, run, fail);
	store->last.run.landed = landed;
	return end_run_change(store, good, fail);
}

bool store_event(struct store *store, int64_t run, int64_t time, const struct world_event *event,
		 struct fail *fail)
{
	const struct database_cell cells[] = {
		database_number(run),
		database_number(time),
		database_text(str_from(event->name)),
		database_number(event->agent == SCHEDULE_NONE ? -1 : (int64_t)event->agent),
		database_number(event->attempt),
		database_text(event->message),
		oid_cell(&event->commit),
	};
	bool good = database_begin(store->db, DATABASE_FAST, fail) &&
		    database_put(store->db, STATEMENT_PUT_EVENT, cells, fail);
	return end_change(store, good, fail);
}

bool store_find(struct store *store, struct arena *arena, int64_t id, struct store_run *run,
		bool *found, struct fail *fail)
{
	struct run_row row = { 0 };
	bool good = find_run(store, arena, id, &row, found, fail);
	*run = row.run;
	return good;
}

bool store_runs(struct store *store, struct arena *arena, struct store_run **runs, size_t *n,
		struct fail *fail)
{
	struct database_cell cells[DATABASE_CELLS];
	VEC(struct store_run) list = { 0 };
	bool found = true, good = database_ask(store->db, STATEMENT_GET_RUNS, 0, fail);
	while (good && (good = database_get(store->db, STATEMENT_GET_RUNS, cells, &found, fail)) &&
	       found) {
		struct run_row row;
		good = run_from(store, arena, cells, &row, fail);
		if (good && list.n && row.run.id != list.at[list.n - 1].id + 1)
			good = database_damaged(store->db, fail, "a run is missing");
		*VEC_ADD(arena, &list) = row.run;
	}
	database_enough(store->db, STATEMENT_GET_RUNS);
	*runs = list.at;
	*n = list.n;
	return good;
}

/* A row of the world, with its texts in the arena; false when there can be no such row. */
static bool row_from(struct arena *arena, const struct database_cell *cells, int64_t agents,
		     struct world_row *row)
{
	int64_t agent = cells[3].number, pc = cells[4].number;
	*row = (struct world_row){ .agent = agent < 0 ? SCHEDULE_NONE : (uint32_t)agent,
				   .pc = pc < 0 ? SCHEDULE_NONE : (uint32_t)pc,
				   .attempt = (uint32_t)cells[6].number,
				   .input = arena_copy(arena, cells[9].text),
				   .output = arena_copy(arena, cells[10].text),
				   .message = arena_copy(arena, cells[11].text),
				   .ms = (uint64_t)cells[12].number };
	if (cells[7].text.n)
		row->state = arena_copy(arena, cells[7].text).at;
	return agent < agents && (pc < 0 || op_find(cells[5].text, &row->op)) &&
	       record_reason_find(cells[8].text, &row->reason);
}

/* Every row of a run, in order; the visitor is false for one that makes no sense. */
static bool each_row(struct store *store, struct arena *arena, int64_t run, size_t agents,
		     bool (*visit)(void *self, int64_t time, const struct world_row *), void *self,
		     struct fail *fail)
{
	struct database_cell cells[DATABASE_CELLS];
	struct run_row of;
	struct world_row row;
	int64_t rows = 0;
	bool found = true;
	bool good = database_begin(store->db, DATABASE_READ, fail) &&
		    get_run(store, arena, run, &of, fail);
	if (good && agents != SIZE_MAX && of.agents != (int64_t)agents)
		good = fail_set(fail,
				"run %lld is of another plan than the one that is given: it has "
				"%lld agents, not %zu",
				(long long)run, (long long)of.agents, agents);
	good = good && database_ask(store->db, STATEMENT_GET_INSTRUCTIONS, run, fail);
	while (good &&
	       (good = database_get(store->db, STATEMENT_GET_INSTRUCTIONS, cells, &found, fail)) &&
	       found) {
		if (cells[1].number != rows++ || !row_from(arena, cells, of.agents, &row) ||
		    !visit(self, cells[2].number, &row))
			good = database_damaged(store->db, fail, "a step of a run makes no sense");
	}
	if (good && rows != of.rows)
		good = database_damaged(store->db, fail, "steps of a run are missing");
	database_enough(store->db, STATEMENT_GET_INSTRUCTIONS);
	return end_change(store, good, fail);
}

struct memory {
	struct machine_memory *by_agent;
	struct machine_strand strand;
};

static bool remember(void *self, int64_t time, const struct world_row *row)
{
	struct memory *memory = self;
	(void)time;
	return machine_remember(memory->by_agent, &memory->strand, row);
}

bool store_memory(struct store *store, struct arena *arena, int64_t run, size_t agents,
		  struct machine_memory **by_agent, struct machine_strand *strand,
		  struct fail *fail)
{
	struct memory memory = { ARENA_MANY(arena, agents, struct machine_memory) };
	bool good = each_row(store, arena, run, agents, remember, &memory, fail);
	*by_agent = memory.by_agent;
	*strand = memory.strand;
	return good;
}

struct figure_rows {
	struct arena *arena;
	VEC(struct store_figure) list;
};

static bool gather_figure(void *self, int64_t time, const struct world_row *row)
{
	struct figure_rows *rows = self;
	(void)time;
	if (row->agent != SCHEDULE_NONE || row->op != OP_MEASURE)
		return true;
	struct store_figure *figure = VEC_ADD(rows->arena, &rows->list);
	*figure = (struct store_figure){ .pc = row->pc,
					 .number = row->output,
					 .message = row->message };
	/* Whoever reads it counts on a number. */
	return oid_from(database_text(row->input), &figure->commit) &&
	       (!row->output.n || schedule_is_decimal(row->output));
}

bool store_figures(struct store *store, struct arena *arena, int64_t run,
		   struct store_figure **list, size_t *n, struct fail *fail)
{
	struct figure_rows rows = { arena };
	bool good = each_row(store, arena, run, SIZE_MAX, gather_figure, &rows, fail);
	*list = rows.list.at;
	*n = rows.list.n;
	return good;
}

struct attempts {
	struct arena *arena;
	VEC(struct store_attempt) list;
	size_t *open; /* by agent: 1 + the place in the list of the attempt that has not ended; 0: none */
};

/* Ends the agent's attempt, if there is one that has not. */
static void end_attempt(struct attempts *attempts, uint32_t agent, enum record_reason reason,
			int64_t time, struct str message)
{
	if (!attempts->open[agent])
		return;
	struct store_attempt *attempt = &attempts->list.at[attempts->open[agent] - 1];
	attempt->reason = reason;
	attempt->ended = true;
	attempt->finished = time;
	attempt->message = message;
	attempts->open[agent] = 0;
}

static bool gather_attempt(void *self, int64_t time, const struct world_row *row)
{
	struct attempts *attempts = self;
	enum state state;
	if (row->agent == SCHEDULE_NONE || !row->state)
		return true;
	if (!state_find(row->state, &state))
		return false;
	if (state == STATE_RUNNING) {
		end_attempt(attempts, row->agent, RECORD_LOST, time,
			    str_from(record_reason_meaning(RECORD_LOST)));
		*VEC_ADD(attempts->arena, &attempts->list) = (struct store_attempt){
			row->agent, row->attempt, .started = time, .message = STR("")
		};
		attempts->open[row->agent] = attempts->list.n;
	} else if (state != STATE_ENDING) {
		end_attempt(attempts, row->agent, row->reason, time, row->message);
	}
	return true;
}

bool store_attempts(struct store *store, struct arena *arena, int64_t run,
		    struct store_attempt **list, size_t *n, struct fail *fail)
{
	struct attempts attempts = { arena };
	struct run_row row;
	bool good = get_run(store, arena, run, &row, fail);
	if (good)
		attempts.open = ARENA_MANY(arena, (size_t)row.agents, size_t);
	good = good && each_row(store, arena, run, SIZE_MAX, gather_attempt, &attempts, fail);
	*list = attempts.list.at;
	*n = attempts.list.n;
	return good;
}
