/* sandbox.c — see sandbox.h. */
#include "runtime/sandbox.h"

#include "runtime/cell.h"
#include "runtime/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name, *meaning;
} levels[] = {
#define SANDBOX_ROW(NAME, name, meaning) { name, meaning },
	SANDBOX_LEVELS(SANDBOX_ROW)
#undef SANDBOX_ROW
};

const char *sandbox_name(enum sandbox_level level)
{
	return levels[level].name;
}

const char *sandbox_meaning(enum sandbox_level level)
{
	return levels[level].meaning;
}

bool sandbox_find(struct str name, enum sandbox_level *level)
{
	for (unsigned i = 0; i < SANDBOX_LEVEL_COUNT; i++)
		if (str_is(name, levels[i].name)) {
			*level = (enum sandbox_level)i;
			return true;
		}
	return false;
}

/* In a process of its own: into the jail, and out of the world. What it says is the failure. */
static _Noreturn void enter(const struct boundary *boundary, const int report[2])
{
	struct fail fail = { "" };
	struct cell_end *end = cell_share();
	bool good = end || fail_system(&fail, "cannot share memory");
	if (good && boundary->level == SANDBOX_LANDLOCK) {
		good = fence_enter(boundary, &fail);
	} else if (good) {
		pid_t id = cell_start(boundary, NULL, report, end, &fail);
		if (id < 0)
			fail_system(&fail, "the kernel refuses namespaces");
		else if (id > 0)
			waitpid(id, NULL, 0);
		if (id > 0)
			_exit(0);
	}
	if (write(report[1], fail.text, sizeof fail.text) < 0)
		_exit(1);
	_exit(0);
}

static bool try(enum sandbox_level level, bool network, struct fail *fail)
{
	struct boundary_path devices = { BOUNDARY_DEVICES, "/dev" };
	struct boundary boundary = { .level = level, .network = network, .at = &devices, .n = 1 };
	int report[2];
	*fail = (struct fail){ "" };
	if (pipe2(report, O_CLOEXEC))
		return fail_system(fail, "cannot make a pipe");
	pid_t id = fork();
	if (id == 0)
		enter(&boundary, report);
	close(report[1]);
	struct fail told;
	ssize_t n = 0;
	while (id > 0 && (n = read(report[0], told.text, sizeof told.text)) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (id > 0)
		waitpid(id, NULL, 0);
	if (n == (ssize_t)sizeof told.text)
		*fail = told;
	else
		fail_set(fail, "a process that tried it ended without a word");
	return !*fail->text;
}

void sandbox_probe(bool quiet, struct sandbox_offer *offer)
{
	*offer = (struct sandbox_offer){ .level = SANDBOX_GATE };
	if (try(SANDBOX_LANDLOCK, true, &offer->landlock))
		offer->level = SANDBOX_LANDLOCK;
	if (try(SANDBOX_NAMESPACES, true, &offer->namespaces)) {
		offer->level = SANDBOX_NAMESPACES;
		offer->quiet = quiet && try(SANDBOX_NAMESPACES, false, &offer->network);
	}
}

#define REMEDY \
	"docs/containment.md says what a machine needs; without `sandbox on` it runs all the same"

static bool refuse(const struct schedule_agent *agent, const struct sandbox_offer *offer,
		   enum sandbox_level before, struct fail *fail)
{
	if (before > offer->level)
		return fail_set(
			fail,
			"the agent %.*s (%.*s) says `sandbox on`; this run began with %s, and here there is "
			"only %s: %s. " REMEDY,
			STR_ARG(agent->name), STR_ARG(agent->place), sandbox_name(before),
			sandbox_name(offer->level), offer->namespaces.text);
	return fail_set(
		fail,
		"the agent %.*s (%.*s) says `sandbox on`, and there is none on this machine. Namespaces: %s. "
		"Landlock: %s. " REMEDY,
		STR_ARG(agent->name), STR_ARG(agent->place), offer->namespaces.text,
		offer->landlock.text);
}

/* A network of its own takes namespaces. Landlock knows TCP only, and a filter of calls would take the
 * agent's own loopback as well. */
static bool refuse_quiet(const struct schedule_agent *agent, const struct sandbox_offer *offer,
			 struct fail *fail)
{
	if (agent->sandbox == SCHEDULE_SANDBOX_OFF)
		return fail_set(
			fail,
			"the agent %.*s (%.*s) says `network off` and `sandbox off`; without a sandbox nothing "
			"keeps it from the network. Take one of them out",
			STR_ARG(agent->name), STR_ARG(agent->place));
	return fail_set(
		fail,
		"the agent %.*s (%.*s) says `network off`, which takes namespaces, and there are none on "
		"this machine: %s. docs/containment.md says what a machine needs; without "
		"`network off` it runs all the same",
		STR_ARG(agent->name), STR_ARG(agent->place),
		*offer->namespaces.text ? offer->namespaces.text : offer->network.text);
}

bool sandbox_choose(const struct schedule *schedule, const struct sandbox_offer *offer,
		    enum sandbox_level before, enum sandbox_level *by_agent, struct fail *fail)
{
	for (uint32_t i = 0; i < schedule->agent_n; i++) {
		const struct schedule_agent *agent = &schedule->agent[i];
		bool on = agent->sandbox == SCHEDULE_SANDBOX_ON;
		if (on && (offer->level == SANDBOX_GATE || offer->level < before))
			return refuse(agent, offer, before, fail);
		if (agent->quiet && (!offer->quiet || agent->sandbox == SCHEDULE_SANDBOX_OFF))
			return refuse_quiet(agent, offer, fail);
		by_agent[i] = agent->sandbox == SCHEDULE_SANDBOX_OFF ? SANDBOX_GATE : offer->level;
	}
	return true;
}
