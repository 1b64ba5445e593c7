/* lsp.c — orchc lsp: the language server, on standard input and output. */
#include "cmd/orchc/commands.h"
#include "cmd/orchc/talk.h"
#include "cmd/repository.h"
#include "common/file.h"
#include "common/version.h"
#include "lsp/server.h"
#include "lsp/uri.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 16, PAUSE_MS = 40 }; /* the pause: what is typed meanwhile is compiled once */

struct serving {
	struct server *server;
	int status; /* of the process; -1 as long as it goes on */
};

static void send_bytes(void *context, struct str bytes)
{
	struct serving *serving = context;
	struct fail fail;
	if (serving->status < 0 && !file_write_all(STDOUT_FILENO, "standard output", bytes, &fail))
		serving->status = talk_failure(&fail);
}

/* The document of all messages, where `make install` or `make docs` puts it; empty when it is not there. */
static struct str find_pages(struct arena *arena)
{
	static const char *const places[] = { "../share/doc/orch/docs/diagnostics.md",
					      "../docs/diagnostics.md" };
	char own[PATH_MAX], real[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
	if (n <= 0)
		return STR("");
	own[n] = 0;
	*strrchr(own, '/') = 0;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (realpath(arena_format(arena, "%s/%s", own, places[i]).at, real))
			return uri_write(arena, arena_copy(arena, str_from(real)));
	return STR("");
}

/* Takes what there is, waiting for it at most so long (-1: until there is). False at the end. */
static bool take_input(struct serving *serving, int wait)
{
	static const size_t piece = PIECE;
	char bytes[PIECE];
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int ready = poll(&in, 1, wait);
	if (ready <= 0)
		return ready == 0 || errno == EINTR;
	ssize_t n = read(STDIN_FILENO, bytes, piece);
	if (n > 0)
		server_feed(serving->server, (struct str){ bytes, (size_t)n });
	return n > 0 || (n < 0 && errno == EINTR);
}

static bool input_waits(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	return poll(&in, 1, 0) > 0;
}

/* All that the client has said is read before any of it is answered, so that what it has taken back
 * is not. Behind what was typed comes a pause, in which more may be, before anything is compiled. */
static void serve(struct serving *serving)
{
	int wait = -1;
	while (serving->status < 0) {
		bool open = server_asked(serving->server) || take_input(serving, wait);
		while (open && input_waits())
			open = take_input(serving, 0);
		bool asked = server_asked(serving->server);
		bool more = server_step(serving->server);
		wait = asked ? PAUSE_MS : more ? 0 : -1;
		int status;
		if (server_ended(serving->server, &status))
			serving->status = status;
		else if (!open && !server_asked(serving->server))
			serving->status = STATUS_FINDINGS;
	}
}

static int run_lsp(const struct command_line *line)
{
	struct repository repository;
	struct arena arena = { 0 };
	struct fail fail;
	struct str everything = STR("/");
	struct serving serving = { .status = -1 };
	struct repository_work work = { .files = { &everything, 1 }, .libgit2 = true };
	(void)line;
	if (isatty(STDIN_FILENO))
		fputs("orchc lsp waits for an editor that speaks the Language Server Protocol; Ctrl-D ends it\n",
		      stderr);
	repository_init(&repository);
	struct server_world world = { &serving, send_bytes, &repository.reader, find_pages(&arena),
				      VERSION };
	if (!repository_shut_in(&repository, &work, &fail)) {
		serving.status = talk_failure(&fail);
	} else {
		serving.server = server_open(&world);
		serve(&serving);
		server_close(serving.server);
	}
	repository_close(&repository);
	arena_release(&arena);
	return serving.status;
}

static const char lsp_help[] =
	"Answers an editor in the Language Server Protocol, on standard input and output: what is wrong while it is\n"
	"written, what a name stands for and where it is used, who owns which files, when an agent would start, and\n"
	"so on. Editors start it by themselves; docs/editors.md says how each is told to.\n"
	"\n"
	"It only reads: files are changed by the editor, and nothing is run or connected to.\n"
	"\n"
	"Exit status: 0 after `shutdown` and `exit`, 1 when the client went away without.\n";

const struct command lsp_command = {
	"lsp", "", 0, 0, "the language server, for editors", lsp_help, NULL, 0, run_lsp,
};
