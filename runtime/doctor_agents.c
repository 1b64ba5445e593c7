/* doctor_agents.c — see doctor_agents.h. That somebody is logged in is told by a file's being there or a
 * variable's being set; neither is read. */
#include "runtime/doctor_agents.h"

#include "common/file.h"
#include "common/text.h"
#include "runtime/child.h"
#include "runtime/visible.h"

#include <stdio.h>
#include <stdlib.h>

enum { VERSION_MOST = 60 };

/* A row for each runner of stdlib/agents.orch, which tests/e2e/place.sh makes sure of. */
static const struct client {
	const char *program;
	const char *key;   /* variable with which it needs no login; NULL: it has none of its own */
	const char *login; /* what a login leaves, below the home; NULL: nothing that is known */
} clients[] = {
	{ "claude", "ANTHROPIC_API_KEY", ".claude/.credentials.json" },
	{ "codex", "OPENAI_API_KEY", ".codex/auth.json" },
	{ "opencode", NULL, ".local/share/opencode/auth.json" },
	{ "gemini", "GEMINI_API_KEY", ".gemini/oauth_creds.json" },
	{ "aider", NULL, NULL },
};

/* What it says of its version, on one line; empty when it says nothing in time. */
static struct str version_of(struct arena *arena, const char *program)
{
	char line[256] = "";
	struct text shown = { 0 };
	const char *command =
		arena_format(arena, "timeout -k 1 10 %s --version </dev/null 2>/dev/null", program)
			.at;
	FILE *pipe = popen(command, "re");
	if (!pipe || !fgets(line, sizeof line, pipe))
		line[0] = 0;
	if (pipe)
		pclose(pipe);
	struct str said = str_trim(str_from(line));
	visible_add(&shown, str_slice(said, 0, said.n < VERSION_MOST ? said.n : VERSION_MOST),
		    false);
	struct str version = arena_copy(arena, text_str(&shown));
	text_release(&shown);
	return version;
}

static const char *login_of(struct arena *arena, const struct client *client)
{
	const char *home = getenv("HOME");
	if (client->key && getenv(client->key))
		return arena_format(arena, " (%s is set)", client->key).at;
	if (!client->login || !home)
		return "";
	return file_there(arena_format(arena, "%s/%s", home, client->login).at)
		       ? " (logged in)"
		       : " (no login found)";
}

struct str doctor_agents(struct arena *arena, size_t *n)
{
	struct text found = { 0 }, missing = { 0 };
	*n = 0;
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
		const struct client *client = &clients[i];
		if (!child_find(arena, client->program, getenv("PATH"), "/").n) {
			text_addf(&missing, "%s%s", missing.n ? ", " : "", client->program);
			continue;
		}
		struct str version = version_of(arena, client->program);
		if (!version.n)
			version = STR("it does not say which version");
		text_addf(&found, "%s%s: %.*s%s", *n ? "; " : "", client->program, STR_ARG(version),
			  login_of(arena, client));
		++*n;
	}
	if (missing.n)
		text_addf(&found, "%snot installed: %s", *n ? "; " : "", missing.at);
	struct str all = arena_copy(arena, text_str(&found));
	text_release(&found);
	text_release(&missing);
	return all;
}

const char *doctor_agents_first(struct arena *arena)
{
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		if (child_find(arena, clients[i].program, getenv("PATH"), "/").n)
			return clients[i].program;
	return NULL;
}
