/* orch-node — the supervisor of one attempt of one agent, one test on a combination, or one
 * measurement of a metric.
 *
 *     orch-node attempt RUN-FOLDER AGENT ATTEMPT START SLOT LEVEL fresh|again FEEDBACK-FILE
 *     orch-node test    RUN-FOLDER AGENT COMMAND COMMIT SLOT LEVEL
 *     orch-node measure RUN-FOLDER METRIC before|after COMMIT SLOT LEVEL
 *
 * Not for people: orch starts it. Standard input is a pipe that orch holds open for as long as it
 * lives; standard output gets the names of instructions as they begin. Exit status 0: there is a
 * record; 3: there is none, and standard error says why. */
#include "common/str.h"
#include "runtime/attempt.h"
#include "runtime/reap.h"
#include "runtime/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { GRACE_MS = 5000 };

static bool number(const char *word, uint32_t *value)
{
	uint64_t wide;
	if (!str_to_number(str_from(word), &wide) || wide > UINT32_MAX)
		return false;
	*value = (uint32_t)wide;
	return true;
}

static bool commit(const char *word, struct oid *id)
{
	if (strlen(word) != sizeof id->hex - 1 ||
	    strspn(word, "0123456789abcdef") != sizeof id->hex - 1)
		return false;
	memcpy(id->hex, word, sizeof id->hex);
	return true;
}

static bool read_attempt(int n, char **words, struct attempt_orders *orders)
{
	if (n != 10)
		return false;
	orders->run_folder = words[2];
	orders->fresh = strcmp(words[8], "fresh") == 0;
	orders->feedback = words[9];
	return words[2][0] == '/' && number(words[3], &orders->agent) &&
	       number(words[4], &orders->attempt) && commit(words[5], &orders->start) &&
	       number(words[6], &orders->slot) &&
	       sandbox_find(str_from(words[7]), &orders->level) &&
	       (orders->fresh || strcmp(words[8], "again") == 0);
}

/* The words that `test` and `measure` have in common; *of and the word behind it are their own. */
static bool read_command(int n, char **words, struct attempt_command *command, uint32_t *of)
{
	if (n != 8)
		return false;
	command->run_folder = words[2];
	return words[2][0] == '/' && number(words[3], of) && commit(words[5], &command->commit) &&
	       number(words[6], &command->slot) &&
	       sandbox_find(str_from(words[7]), &command->level);
}

static bool is_when(const char *word)
{
	return strcmp(word, "before") == 0 || strcmp(word, "after") == 0;
}

int main(int n, char **words)
{
	struct attempt_orders orders = { .environ = environ,
					 .grace = GRACE_MS,
					 .progress = STDOUT_FILENO };
	struct attempt_command command = { .environ = environ,
					   .grace = GRACE_MS,
					   .progress = STDOUT_FILENO };
	uint32_t of, tested;
	struct watch watch;
	struct fail fail;
	bool recorded = false, good;
	bool is_attempt = n > 1 && strcmp(words[1], "attempt") == 0 &&
			  read_attempt(n, words, &orders);
	bool is_test = n > 1 && strcmp(words[1], "test") == 0 &&
		       read_command(n, words, &command, &of) && number(words[4], &tested);
	bool is_measure = n > 1 && strcmp(words[1], "measure") == 0 &&
			  read_command(n, words, &command, &of) && is_when(words[4]);
	if (!is_attempt && !is_test && !is_measure) {
		fputs("orch-node is started by orch, not by hand; see `orch help`.\n", stderr);
		return 2;
	}
	/* What orch's caller had open is no agent's: a folder would lead out of every jail. */
	if (syscall(SYS_close_range, 3, ~0U, 0) && errno != ENOSYS) {
		perror("orch-node: cannot close what is open");
		return 3;
	}
	/* Nobody may read what is said, and ^C at the terminal is for orch to hear. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	good = reap_adopt(&fail) && watch_begin(&watch, STDIN_FILENO, &fail);
	if (good) {
		good = is_attempt ? attempt_run(&orders, &watch, &recorded, &fail)
		       : is_test  ? attempt_command_test(&command, of, tested, &watch, &recorded,
							&fail)
				  : attempt_command_measure(&command, of, strcmp(words[4], "before") == 0,
						    &watch, &recorded, &fail);
		watch_end(&watch);
	}
	if (!good)
		fprintf(stderr, "orch-node: %s\n", fail.text);
	return good && recorded ? 0 : 3;
}
