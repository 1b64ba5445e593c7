/* nodes.c — see nodes.h. */
#include "runtime/nodes.h"

#include "common/file.h"
#include "runtime/attempt.h"
#include "runtime/figure.h"
#include "runtime/pool.h"
#include "runtime/reap.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A node whose orch is gone has only processes to kill; an instruction of git may have to end
 * first. */
enum { PATIENCE_MS = 120000, ASK_MS = 10, LARGEST_LOG = 1 << 20 };

struct node {
	struct nodes *nodes;
	uint32_t agent, attempt;	/* agent: SCHEDULE_NONE of a measurement */
	uint32_t metric;
	bool test;
	bool spoke; /* it has told of its first instruction */
	struct oid start;
	const char *record, *errors;  /* files */
	size_t said_before;           /* bytes in `errors`, of earlier nodes */
	struct loop_process *process; /* NULL: not running */
};
struct nodes {
	struct run *run;
	struct loop *loop;
	struct nodes_orders orders;
	struct node *
		of; /* by agent: its attempt or the test of its combination; one of them at a time */
	struct node measurement;
	size_t running;
};

bool nodes_open(struct nodes **out, struct run *run, struct loop *loop,
		const struct nodes_orders *orders, struct fail *fail)
{
	struct nodes *nodes = ARENA_NEW(&run->arena, struct nodes);
	*nodes = (struct nodes){ .run = run, .loop = loop, .orders = *orders };
	nodes->of = ARENA_MANY(&run->arena, run->schedule->agent_n, struct node);
	*out = nodes;
	if (access(orders->node, X_OK))
		return fail_system(fail, "cannot start %s, which belongs beside orch",
				   orders->node);
	return reap_adopt(fail);
}

static void heard(void *self, struct str line)
{
	struct node *node = self;
	const struct nodes_orders *orders = &node->nodes->orders;
	uint64_t files;
	node->spoke = true;
	if (node->agent == SCHEDULE_NONE)
		return;
	if (str_is(line, ATTEMPT_BEGAN))
		orders->began(orders->self, node->agent);
	else if (str_starts(line, STR(ATTEMPT_FILES)) &&
		 str_to_number(str_slice(line, strlen(ATTEMPT_FILES), line.n), &files))
		orders->files(orders->self, node->agent, (uint32_t)files);
	else if (str_starts(line, STR(ATTEMPT_DID)))
		orders->step(orders->self, node->agent,
			     str_slice(line, strlen(ATTEMPT_DID), line.n));
	else
		orders->step(orders->self, node->agent, line);
}

/* What a killed node left behind fell to us. Everything below us that is no node's is such a
 * thing. */
static bool reap_orphans(struct nodes *nodes)
{
	size_t most = nodes->running + 1; /* the loop may run the plan's `notify`, too */
	pid_t *spare = calloc(most, sizeof *spare);
	if (!spare)
		fail_memory();
	bool gone = reap_all(spare, loop_processes(nodes->loop, spare, most));
	free(spare);
	return gone;
}

/* The last line that a node has left in its log, without its name; empty when there is none. */
static struct str last_said(struct arena *arena, const struct node *node)
{
	struct str bytes, line, last = { 0 };
	struct fail unreadable;
	bool found;
	if (!file_read_if(arena, node->errors, LARGEST_LOG, &bytes, &found, &unreadable) || !found)
		return last;
	bytes = str_slice(bytes, node->said_before < bytes.n ? node->said_before : bytes.n,
			  bytes.n);
	while (str_split(&bytes, '\n', &line))
		if (str_starts(line, STR("orch-node: ")))
			last = str_slice(line, strlen("orch-node: "), line.n);
	return last;
}

static void lost(struct node *node, struct record *record, int status, int signal,
		 const struct fail *damaged)
{
	struct arena *arena = &node->nodes->run->arena;
	struct str errors = place_shown(str_from(node->errors), node->nodes->run->root);
	*record = (struct record){ .agent = node->agent,
				   .attempt = node->attempt,
				   .start = node->start,
				   .exit_status = -1 };
	/* A node that ends by itself without a record could not write one, and has said why. One that was killed
	 * before its first instruction, and by nobody's -9, could not be started. */
	bool unborn = !node->spoke && signal != SIGKILL;
	bool world = !damaged && (!signal || unborn);
	struct str said = world ? last_said(arena, node) : (struct str){ 0 };
	record->reason = world ? RECORD_WORLD : RECORD_LOST;
	if (damaged)
		record->message = arena_copy(arena, str_from(damaged->text));
	else if (said.n)
		record->message = said;
	else if (!file_there(node->errors))
		record->message = arena_format(
			arena,
			"its supervisor ended without a record (%s %d), and its log is gone: has somebody removed %s?",
			signal ? "signal" : "exit status", signal ? signal : status,
			node->nodes->run->folder);
	else
		record->message = arena_format(
			arena, "its supervisor ended without a record (%s %d); %.*s may say why",
			signal ? "signal" : "exit status", signal ? signal : status,
			STR_ARG(errors));
}

static void measured(struct node *node, const struct record *record)
{
	struct nodes *nodes = node->nodes;
	const struct schedule_metric *metric = &nodes->run->schedule->metric[node->metric];
	struct str number = { 0 }, message = record->message;
	enum record_reason reason = record->reason;
	if (reason == RECORD_NONE &&
	    !figure_read(&nodes->run->arena, record->output, metric->unit, &number, &message))
		reason = RECORD_EXIT;
	nodes->orders.measured(nodes->orders.self, reason, number, message);
}

static void ended(void *self, int status, int signal)
{
	struct node *node = self;
	struct nodes *nodes = node->nodes;
	struct record *record = ARENA_NEW(&nodes->run->arena, struct record);
	struct fail fail;
	bool found = false;
	node->process = NULL;
	nodes->running--;
	bool readable = record_read(&nodes->run->arena, node->record, record, &found, &fail);
	if (!readable && fail_of_machine(fail.error)) {
		nodes->orders.failed(nodes->orders.self, &fail);
		return;
	}
	if (!readable || !found) {
		bool gone = reap_orphans(nodes);
		lost(node, record, status, signal, readable ? NULL : &fail);
		if (!gone)
			record->message =
				arena_format(&nodes->run->arena,
					     "%.*s; processes that it left could not be ended",
					     STR_ARG(record->message));
	}
	if (node->agent == SCHEDULE_NONE) {
		measured(node, record);
		return;
	}
	if (!node->test) {
		nodes->orders.ended(nodes->orders.self, record);
		return;
	}
	struct str message = record->message;
	if (record->output.n)
		message = arena_format(&nodes->run->arena, "%.*s\n%.*s", STR_ARG(message),
				       STR_ARG(record->output));
	nodes->orders.tested(nodes->orders.self, node->agent, record->reason, message);
}

static bool start(struct node *node, const char *const *words, struct fail *fail)
{
	struct nodes *nodes = node->nodes;
	struct loop_orders orders = {
		.words = words, .errors = node->errors, .line = heard, .ended = ended, .self = node
	};
	struct stat info;
	node->said_before = stat(node->errors, &info) ? 0 : (size_t)info.st_size;
	/* An old record, of an attempt that was stopped and begins again, must not be taken for
	 * this one's. */
	if (!file_remove_tree(node->record, fail) ||
	    !loop_start(nodes->loop, &orders, &node->process, fail))
		return false;
	nodes->running++;
	return true;
}

/* Agents have the slots below; so no port of theirs is taken. */
static uint32_t slot_beside(const struct nodes *nodes)
{
	return nodes->run->row.jobs ? nodes->run->row.jobs : nodes->run->schedule->plan.jobs;
}

static bool open_node(struct nodes *nodes, uint32_t agent, struct node **out, struct fail *fail)
{
	struct arena *arena = &nodes->run->arena;
	struct node *node = *out = &nodes->of[agent];
	struct str name = nodes->run->schedule->agent[agent].name;
	BUG_IF(node->process, "a second node for an agent");
	*node = (struct node){ .nodes = nodes, .agent = agent };
	node->errors = place_agent(arena, nodes->run->folder, name, "node.log");
	return file_make_folders(place_agent(arena, nodes->run->folder, name, ""), fail);
}

bool nodes_launch(struct nodes *nodes, const struct world_attempt *attempt, struct fail *fail)
{
	struct arena *arena = &nodes->run->arena;
	struct str name = nodes->run->schedule->agent[attempt->agent].name;
	const char *feedback = "";
	struct node *node;
	if (!open_node(nodes, attempt->agent, &node, fail))
		return false;
	node->attempt = attempt->attempt;
	node->start = attempt->start;
	node->record = place_attempt(arena, nodes->run->folder, name, attempt->attempt, "json");
	if (attempt->feedback.n) {
		feedback = place_attempt(arena, nodes->run->folder, name, attempt->attempt,
					 "feedback");
		if (!file_write(feedback, attempt->feedback, 0666, fail))
			return false;
	}
	const char *words[] = {
		nodes->orders.node,
		"attempt",
		nodes->run->folder,
		arena_format(arena, "%u", attempt->agent).at,
		arena_format(arena, "%u", attempt->attempt).at,
		node->start.hex,
		arena_format(arena, "%u", attempt->slot).at,
		sandbox_name(nodes->run->hold->level[attempt->agent]),
		attempt->fresh ? "fresh" : "again",
		feedback,
		NULL,
	};
	return start(node, words, fail);
}

bool nodes_test(struct nodes *nodes, uint32_t agent, uint32_t command, struct oid combined,
		struct fail *fail)
{
	struct arena *arena = &nodes->run->arena;
	struct node *node;
	if (!open_node(nodes, agent, &node, fail))
		return false;
	node->test = true;
	node->attempt = 1;
	node->start = combined;
	node->record = attempt_command_test_record(arena, nodes->run->folder,
						  nodes->run->schedule->agent[agent].name, command);
	const char *words[] = {
		nodes->orders.node,
		"test",
		nodes->run->folder,
		arena_format(arena, "%u", agent).at,
		arena_format(arena, "%u", command).at,
		node->start.hex,
		arena_format(arena, "%u", slot_beside(nodes)).at,
		sandbox_name(nodes->run->hold->level[agent]),
		NULL,
	};
	return start(node, words, fail);
}

bool nodes_measure(struct nodes *nodes, uint32_t metric, bool before, struct oid commit,
		   struct fail *fail)
{
	struct arena *arena = &nodes->run->arena;
	struct node *node = &nodes->measurement;
	struct str name = nodes->run->schedule->metric[metric].name;
	const char *folder = nodes->run->folder;
	BUG_IF(node->process, "a second measurement");
	*node = (struct node){ .nodes = nodes,
			       .agent = SCHEDULE_NONE,
			       .metric = metric,
			       .attempt = 1,
			       .start = commit };
	node->errors = place_metric(arena, folder, name, "node.log");
	node->record = place_figure(arena, folder, name, before, "json");
	const char *words[] = {
		nodes->orders.node,
		"measure",
		folder,
		arena_format(arena, "%u", metric).at,
		before ? "before" : "after",
		node->start.hex,
		arena_format(arena, "%u", slot_beside(nodes)).at,
		sandbox_name(hold_most(nodes->run->hold, nodes->run->schedule)),
		NULL,
	};
	return file_make_folders(place_metric(arena, folder, name, ""), fail) &&
	       start(node, words, fail);
}

void nodes_stop(struct nodes *nodes, uint32_t agent)
{
	const struct node *node = agent == SCHEDULE_NONE ? &nodes->measurement : &nodes->of[agent];
	if (node->process)
		loop_terminate(node->process);
}

size_t nodes_running(const struct nodes *nodes)
{
	return nodes->running;
}

bool nodes_find_record(struct nodes *nodes, uint32_t agent, uint32_t attempt, struct record *record,
		       bool *found, struct fail *fail)
{
	struct arena *arena = &nodes->run->arena;
	struct str name = nodes->run->schedule->agent[agent].name;
	int64_t until = loop_now() + PATIENCE_MS;
	int lock = -1;
	*found = false;
	if (!file_make_folders(place_agent(arena, nodes->run->folder, name, ""), fail))
		return false;
	while (pool_try(place_agent(arena, nodes->run->folder, name, "lock"), &lock, fail) &&
	       lock < 0) {
		if (loop_now() > until)
			return fail_set(
				fail,
				"an earlier attempt of %.*s has not ended yet; try `orch resume` again later",
				STR_ARG(name));
		nanosleep(&(struct timespec){ 0, ASK_MS * 1000000 }, NULL);
	}
	if (lock < 0)
		return false;
	close(lock);
	return record_read(arena, place_attempt(arena, nodes->run->folder, name, attempt, "json"),
			   record, found, fail);
}
