/* outside.c — see outside.h. */
#include "tests/property/outside.h"

#include "common/file.h"
#include "tests/property/agents.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS_MOST = 4, SLOWEST_MS = 60 };

static char self_path[PATH_MAX], orch_path[PATH_MAX + 8];

struct outside {
	struct inside *in;
	const char *output; /* of orch, a file */
	uint64_t random;    /* of the clock: nothing may depend on it */
};

bool outside_find_programs(const char *self)
{
	char build[PATH_MAX];
	if (!realpath(self, self_path))
		return false;
	snprintf(build, sizeof build, "%s", self_path);
	for (int i = 0; i < 3; i++) {
		char *slash = strrchr(build, '/');
		if (!slash)
			return false;
		*slash = 0;
	}
	snprintf(orch_path, sizeof orch_path, "%s/orch", build);
	return true;
}

static void pause_ms(uint64_t ms)
{
	nanosleep(&(struct timespec){ (time_t)(ms / 1000), (long)(ms % 1000) * 1000000L }, NULL);
}

static uint64_t clock_seed(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_nsec * 2654435761u + (uint64_t)getpid() + 1;
}

int outside_act(const char *seed)
{
	struct arena arena = { 0 };
	struct plans plans;
	uint64_t number, random = clock_seed();
	char bytes[4096];
	const char *name = getenv("ORCH_AGENT");
	if (!name || !str_to_number(str_from(seed), &number))
		return 2;
	while (read(0, bytes, sizeof bytes) > 0)
		;
	plans_make(&arena, number, &plans);
	size_t agent = plans_find(&plans, str_from(name));
	if (agent == plans.agent_n)
		return 2;
	bool slow = getenv("PROPERTY_SLOW") != NULL;
	if (slow)
		pause_ms(test_random(&random) % SLOWEST_MS);
	agents_act(&plans, agent);
	if (slow)
		pause_ms(test_random(&random) % SLOWEST_MS);
	arena_release(&arena);
	return 0;
}

static pid_t start(struct outside *o, const char *const *words)
{
	pid_t process = fork();
	if (process)
		return process;
	int out = open(o->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int in = open("/dev/null", O_RDONLY);
	if (out < 0 || in < 0 || chdir(o->in->root))
		_exit(127);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	execv(orch_path, (char *const *)words);
	_exit(127);
}

/* The exit status, or -1 when it was killed before it ended. */
static int run(struct outside *o, const char *const *words, bool kill_it)
{
	pid_t process = start(o, words);
	int status;
	if (kill_it) {
		pause_ms(10 + test_random(&o->random) % 350);
		kill(process, SIGKILL);
	}
	waitpid(process, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool ended_well(struct outside *o, int status)
{
	struct arena arena = { 0 };
	struct str bytes = { 0 };
	struct fail fail;
	bool good = status == 0 || status == 1;
	if (!good)
		file_read(&arena, o->output, 1 << 20, &bytes, &fail);
	inside_check(o->in, good, "orch ended with %d: %.*s", status, STR_ARG(bytes));
	arena_release(&arena);
	return good;
}

static struct oid ref(struct outside *o, size_t number, const char *format, const char *name)
{
	struct arena *arena = &o->in->arena;
	const char *rest = arena_format(arena, format, name).at;
	return inside_ref(o->in, arena_format(arena, "refs/orch/%zu/%s", number, rest).at);
}

static bool same_tree(struct outside *o, struct oid a, struct oid b)
{
	if (oid_none(a) || oid_none(b))
		return oid_none(a) && oid_none(b);
	return oid_equal(oracle_tree_of(&o->in->oracle, a), oracle_tree_of(&o->in->oracle, b));
}

static size_t last_run(struct outside *o)
{
	size_t n = 0;
	while (file_there(arena_format(&o->in->arena, "%s/.orch/runs/%zu", o->in->root, n + 1).at))
		n++;
	return n;
}

/* Has the last run a beginning? One that was killed before has a folder at most, and then the one
 * before it is resumed, which is over. */
static bool begun(struct outside *o)
{
	return !oid_none(ref(o, last_run(o), "%s", "base"));
}

/* A run from its beginning to its end, whatever comes between. `fresh`: every agent runs. */
static bool carry_out(struct outside *o, const char *jobs, bool fresh, bool kills)
{
	const char *exec[] = { "orch", "exec", "plan.orch", "--new", "--jobs", jobs,
			       fresh ? "--fresh" : NULL, NULL },
		   *again[] = { "orch", "exec", "plan.orch", "--jobs", jobs,
				fresh ? "--fresh" : NULL, NULL },
		   *resume[] = { "orch", "resume", NULL };
	int status = run(o, exec, kills);
	for (int i = 1; kills && status < 0; i++) {
		o->in->tally->kills++;
		status = run(o, resume, i < KILLS_MOST);
		/* It was killed before there was a run, or before it could be seen that there is none. */
		if (status > 1 || (status >= 0 && !begun(o)))
			status = run(o, again, false);
	}
	o->in->tally->runs++;
	return ended_well(o, status);
}

/* Starts, results and the integration are those of inside.h. */
static void compare(struct outside *o, size_t number)
{
	struct inside *in = o->in;
	struct oid integration = ref(o, number, "%s", "integration");
	if (oid_none(integration))
		integration = in->base;
	inside_check(in, oid_equal(oracle_tree_of(&in->oracle, integration), in->final),
		     "run %zu of orch exec comes to another tree", number);
	for (size_t a = 0; a < in->plans.agent_n; a++) {
		const char *name = in->plans.agent[a].name;
		const struct inside_agent *it = &in->agent[a];
		inside_check(in,
			     same_tree(o, ref(o, number, "start/%s", name),
				       it->ran ? it->start : (struct oid){ "" }),
			     "run %zu: %s started elsewhere", number, name);
		inside_check(in, same_tree(o, ref(o, number, "agents/%s", name), it->result),
			     "run %zu: %s has another result", number, name);
	}
}

/* In a sandbox, agents cannot do all that they would do, so that another tree comes of it; but each
 * result has what its agent owns only, starts are sums of what comes before, and so is the end. */
static void check_sums(struct outside *o, size_t number)
{
	struct inside *in = o->in;
	struct arena *arena = &in->arena;
	struct model start[PLANS_AGENTS], end = in->base_model, got;
	struct model_changes changes[PLANS_AGENTS];
	struct oid integration = ref(o, number, "%s", "integration");
	struct str clash;
	for (size_t a = 0; a < in->plans.agent_n; a++) {
		const char *name = in->plans.agent[a].name;
		struct oid from = ref(o, number, "start/%s", name),
			   to = ref(o, number, "agents/%s", name);
		changes[a] = (struct model_changes){ 0 };
		if (oid_none(from))
			continue;
		start[a] = in->base_model;
		for (size_t b = 0; b < a; b++)
			if (in->plans.agent[a].before >> b & 1)
				inside_check(in, model_apply(arena, &start[a], &changes[b], &clash),
					     "held, %s cannot start", name);
		got = oracle_tree(&in->oracle, arena, from);
		inside_check(in, model_equal(&got, &start[a]), "held, %s starts elsewhere", name);
		if (oid_none(to))
			continue;
		got = oracle_tree(&in->oracle, arena, to);
		changes[a] = model_diff(arena, &start[a], &got);
		for (size_t i = 0; i < changes[a].list.n; i++)
			inside_check(in,
				     plans_owns(&in->plans.agent[a], changes[a].list.at[i].path.at),
				     "held, the result of %s has %s", name,
				     changes[a].list.at[i].path.at);
		inside_check(in, model_apply(arena, &end, &changes[a], &clash),
			     "held, %s clashes at %s", name, clash.at);
	}
	got = oracle_tree(&in->oracle, arena, oid_none(integration) ? in->base : integration);
	inside_check(in, model_equal(&got, &end), "held, the end is not the sum of the results");
}

static bool write_plan(struct inside *in, enum plans_kind kind)
{
	struct fail fail;
	const char *seed = arena_format(&in->arena, "%llu", (unsigned long long)in->seed).at;
	char *text = plans_text(&in->plans, kind, self_path, seed);
	bool good = file_write(arena_format(&in->arena, "%s/plan.orch", in->root).at,
			       str_from(text), 0600, &fail);
	free(text);
	return inside_world(in, good, &fail);
}

void outside_run(struct inside *in)
{
	struct outside o = { .in = in,
			     .output = arena_format(&in->arena, "%s/output", in->folder).at,
			     .random = clock_seed() };
	if (!write_plan(in, PLANS_FREE))
		return;
	uint64_t users = oracle_users(&in->oracle);
	unsetenv("PROPERTY_SLOW");
	if (carry_out(&o, "8", false, false))
		compare(&o, last_run(&o));
	setenv("PROPERTY_SLOW", "1", 1);
	if (carry_out(&o, in->seed % 2 ? "1" : "3", true, true))
		compare(&o, last_run(&o));
	/* With what the others came to; not all agents have a result. */
	if (carry_out(&o, "3", false, true))
		compare(&o, last_run(&o));
	inside_check(in, users == oracle_users(&in->oracle),
		     "orch exec touched something of the user's");
	if (!write_plan(in, PLANS_HELD))
		return;
	users = oracle_users(&in->oracle);
	in->tally->held++;
	if (carry_out(&o, "8", true, false))
		check_sums(&o, last_run(&o));
	inside_check(in, users == oracle_users(&in->oracle),
		     "orch exec touched something of the user's, held");
}
