/* state.c — the table of an agent's life, looked at as a whole. */
#include "runtime/state.h"

#include "tests/unit/test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_names(void)
{
	bool differ = true, found = true;
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		enum state state = STATE_COUNT;
		found &= state_find(state_name((enum state)i), &state) && state == i;
		for (unsigned j = 0; j < i; j++)
			differ &= strcmp(state_name((enum state)i), state_name((enum state)j)) != 0;
	}
	for (unsigned i = 0; i < STATE_TOLD_COUNT; i++)
		for (unsigned j = 0; j < i; j++)
			differ &= strcmp(state_told_name((enum state_told)i),
					 state_told_name((enum state_told)j)) != 0;
	struct state_life life = { STATE_MERGED };
	CHECK(differ && found, "every state is found by its name");
	CHECK(!state_recall(&life, "no such state") && life.now == STATE_MERGED,
	      "an unknown name changes nothing");
	CHECK(state_recall(&life, "ready") && life.now == STATE_READY, "a known one is recalled");
}

/* Every state is reached, and from every state that is not final a final one is. */
static void test_reachable(void)
{
	bool reached[STATE_COUNT] = { [STATE_WAITING] = true }, ends[STATE_COUNT] = { false };
	for (unsigned i = 0; i < STATE_COUNT; i++)
		ends[i] = state_final((enum state)i);
	for (unsigned round = 0; round < STATE_COUNT; round++)
		for (unsigned s = 0; s < STATE_COUNT; s++)
			for (unsigned e = 0; e < STATE_EVENT_COUNT; e++) {
				const struct state_row *row = state_row((enum state)s,
									(enum state_event)e);
				if (row && reached[s])
					reached[row->next] = true;
				if (row && ends[row->next])
					ends[s] = true;
			}
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		CHECK(reached[s], state_name((enum state)s));
		CHECK(ends[s], state_name((enum state)s));
	}
}

static void test_rules(void)
{
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		const struct state_row *resume = state_row((enum state)s, STATE_EVENT_RESUME);
		CHECK(resume, "a journal may end in any state");
		for (unsigned e = 0; e < STATE_EVENT_COUNT; e++) {
			const struct state_row *row = state_row((enum state)s, (enum state_event)e);
			CHECK(!row || !state_final((enum state)s) || row->next == s ||
				      e == STATE_EVENT_UNDO || e == STATE_EVENT_UNMERGE ||
				      e == STATE_EVENT_RETRY,
			      "what is final stays, unless somebody undoes or retries it");
			CHECK(!row || row->next != STATE_RUNNING || s == STATE_READY,
			      "only what is ready is launched");
			CHECK(!row || row->next != STATE_MERGED || s == STATE_MERGING ||
				      s == STATE_MERGED,
			      "only what was combined is merged");
		}
	}
	CHECK(!state_row(STATE_MERGED, STATE_EVENT_LAUNCH) &&
		      !state_row(STATE_RECORDED, STATE_EVENT_LAUNCH),
	      "what has a result is never launched");
}

/* What is not in the table ends the program. */
static void test_bug(void)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		struct state_life life = { STATE_MERGED };
		state_step(&life, STATE_EVENT_LAUNCH);
		_exit(0);
	}
	int status = 0;
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status),
	      "what cannot happen is a bug");
}

int main(void)
{
	test_names();
	test_reachable();
	test_rules();
	test_bug();
	return test_end();
}
