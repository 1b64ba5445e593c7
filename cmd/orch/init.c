/* init.c — orch init: a first plan, made by looking at the repository. It is a plan that checks and runs,
 * with what is to be done left to be written. */
#include "cmd/orch/commands.h"
#include "cmd/orch/talk.h"
#include "common/file.h"
#include "common/path.h"
#include "compiler/bind.h"
#include "compiler/literal.h"
#include "runtime/doctor_agents.h"
#include "runtime/visible.h"

#include <stdint.h>
#include <string.h>

enum { AGENTS = 3, USUAL_AGENT_MINUTES = 30, LARGEST_FILE = 1 << 20 };

/* What a file at the root says of how the project is tested and prepared; the first that is there does. The
 * test is one only when `where` has `word` in it. */
static const struct habit {
	const char *file, *test, *setup, *where, *word;
} habits[] = {
	{ "package-lock.json", "npm test", "npm ci", "package.json", "\"test\"" },
	{ "pnpm-lock.yaml", "pnpm test", "pnpm install --frozen-lockfile", "package.json", "\"test\"" },
	{ "yarn.lock", "yarn test", "yarn install --immutable", "package.json", "\"test\"" },
	{ "package.json", "npm test", "npm install", "package.json", "\"test\"" },
	{ "Cargo.toml", "cargo test", NULL, "Cargo.toml", "" },
	{ "go.mod", "go test ./...", NULL, "go.mod", "" },
	{ "pytest.ini", "python3 -m pytest", NULL, "pytest.ini", "" },
	{ "pyproject.toml", "python3 -m pytest", NULL, "pyproject.toml", "pytest" },
	{ "pom.xml", "mvn -q test", NULL, "pom.xml", "" },
	{ "Makefile", "make test", NULL, "Makefile", "\ntest:" },
};

struct part {	/* a folder at the root */
	struct str name;
	size_t files;
};
struct look {
	struct arena *arena;
	struct repo *repo;
	struct repo_entries root;
	struct part part[AGENTS];	/* those with the most files */
	size_t part_n;
};

static bool count_files(struct look *look, struct oid tree, size_t *files, struct fail *fail)
{
	struct arena arena = { 0 };
	struct repo_entries entries;
	bool good = repo_tree_read(look->repo, &arena, tree, &entries, fail);
	for (size_t i = 0; good && i < entries.n; i++)
		if (entries.at[i].mode == 0040000)
			good = count_files(look, entries.at[i].id, files, fail);
		else
			++*files;
	arena_release(&arena);
	return good;
}

/* What others have made, and what is about the project and not in it, is nobody's to change. */
static bool is_work(struct str name)
{
	static const char *const others[] = { "node_modules", "vendor", "third_party", "dist",
					      "build", "target" };
	bool work = name.n && name.at[0] != '.';
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		work = work && !str_is(name, others[i]);
	return work;
}

static void take_part(struct look *look, struct part part)
{
	size_t at = look->part_n;
	while (at > 0 && look->part[at - 1].files < part.files)
		at--;
	if (at == AGENTS)
		return;
	if (look->part_n < AGENTS)
		look->part_n++;
	for (size_t i = look->part_n - 1; i > at; i--)
		look->part[i] = look->part[i - 1];
	look->part[at] = part;
}

static bool look_around(struct look *look, struct fail *fail)
{
	struct oid base, tree;
	struct str branch;
	if (!repo_base(look->repo, look->arena, STR(""), &base, &branch, fail) ||
	    !repo_commit_tree(look->repo, base, &tree, fail) ||
	    !repo_tree_read(look->repo, look->arena, tree, &look->root, fail))
		return false;
	for (size_t i = 0; i < look->root.n; i++) {
		const struct repo_entry *entry = &look->root.at[i];
		struct part part = { entry->name, 0 };
		if (entry->mode != 0040000 || !is_work(entry->name))
			continue;
		if (!count_files(look, entry->id, &part.files, fail))
			return false;
		take_part(look, part);
	}
	return true;
}

static bool has(const struct look *look, const char *file)
{
	for (size_t i = 0; i < look->root.n; i++)
		if (str_is(look->root.at[i].name, file))
			return true;
	return false;
}

/* A name of the language that is like it. */
static struct str name_like(struct arena *arena, struct str text, const char *otherwise)
{
	struct text out = { 0 };
	for (size_t i = 0; i < text.n; i++) {
		char c = text.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (letter || (c >= '0' && c <= '9' && out.n))
			text_add_byte(&out, c);
		else if (out.n && out.at[out.n - 1] != '-')
			text_add_byte(&out, '-');
	}
	while (out.n && out.at[out.n - 1] == '-')
		out.n--;
	struct str name = arena_copy(arena, text_str(&out));
	text_release(&out);
	return bind_is_name(name) ? name : str_from(otherwise);
}

static void add_pattern(struct text *out, struct str folder)
{
	struct text pattern = { 0 };
	/* What patterns give a meaning to is meant as it is. */
	for (size_t i = 0; i < folder.n; i++) {
		if (strchr("*?[]{}\\!", folder.at[i]))
			text_add_byte(&pattern, '\\');
		text_add_byte(&pattern, folder.at[i]);
	}
	text_add(&pattern, folder.n ? STR("/**") : STR("**"));
	literal_add(out, text_str(&pattern));
	text_release(&pattern);
}

static void add_agent(const struct habit *habit, struct str folder, struct str name, bool env,
		      struct text *out)
{
	struct text where = { 0 };
	text_addf(out, "\nagent %.*s ", STR_ARG(name));
	text_addf(&where, "What is to be done%s%.*s", folder.n ? " in " : "", STR_ARG(folder));
	literal_add(out, text_str(&where));
	text_release(&where);
	text_add(out, STR(" {\n  owns     "));
	add_pattern(out, folder);
	if (env)
		text_add(out, STR("\n  copy     \".env\""));
	if (habit && habit->setup) {
		text_add(out, STR("\n  setup    sh "));
		literal_add(out, str_from(habit->setup));
	}
	text_addf(out,
		  "\n  estimate %dm\n"
		  "  prompt \"\"\"\n"
		  "    Write here what this agent is to do, and how it can tell that it is done.\n"
		  "    It may change what it owns, and nothing else.\n"
		  "  \"\"\"\n"
		  "}\n",
		  USUAL_AGENT_MINUTES);
}

static bool is_tested(struct look *look, const char *root, const struct habit *habit)
{
	struct str text;
	struct fail unreadable;
	const char *path = arena_format(look->arena, "%s/%s", root, habit->where).at;
	return has(look, habit->where) &&
	       file_read(look->arena, path, LARGEST_FILE, &text, &unreadable) &&
	       str_find_text(text, str_from(habit->word)) != SIZE_MAX;
}

static void write_plan(struct look *look, const char *root, struct text *out)
{
	const struct habit *habit = NULL;
	const char *agent = doctor_agents_first(look->arena);
	bool env = !has(look, ".env") &&
		   file_there(arena_format(look->arena, "%s/.env", root).at);
	for (size_t i = 0; !habit && i < sizeof habits / sizeof *habits; i++)
		if (has(look, habits[i].file))
			habit = &habits[i];
	struct str project = name_like(look->arena, path_last(str_from(root)), "project");
	text_addf(out,
		  "orch 1\n\n"
		  "# Made by `orch init`. Say what is to be done, then:\n"
		  "#     orchc check FILE    proves that no two agents own a path at the same time\n"
		  "#     orch exec FILE      runs it; nothing of yours is touched before `orch land`\n"
		  "# Agents that own the same paths need an order: `after NAME`.\n\n"
		  "import \"std/agents.orch\" as std\n\n"
		  "plan %.*s {\n  runner std.%s\n  jobs   %d\n",
		  STR_ARG(project), agent ? agent : "claude", AGENTS);
	if (habit && is_tested(look, root, habit)) {
		text_add(out, STR("  test   sh "));
		literal_add(out, str_from(habit->test));
		text_add_byte(out, '\n');
	}
	text_add(out, STR("}\n"));
	for (size_t i = 0; i < look->part_n; i++) {
		const char *otherwise = arena_format(look->arena, "agent-%zu", i + 1).at;
		struct str name = name_like(look->arena, look->part[i].name, otherwise);
		for (size_t k = 0; k < i; k++)
			if (str_equal(name_like(look->arena, look->part[k].name, ""), name))
				name = str_from(otherwise);
		add_agent(habit, look->part[i].name, name, env, out);
	}
	if (!look->part_n)
		add_agent(habit, STR(""), STR("work"), env, out);
}

static int write_file(struct run *run, const char *file, struct text *plan)
{
	struct text said = { 0 };
	struct fail fail;
	if (str_is(str_from(file), "-"))
		return talk_answer(plan, STATUS_MERGED);
	if (file_there(file)) {
		text_release(plan);
		fail_set(&fail, "%s is there already, and is left as it is: name another file", file);
		return talk_failure(&fail);
	}
	bool good = file_write_new(file, text_str(plan), 0666, &fail);
	text_release(plan);
	if (!good)
		return talk_failure(&fail);
	text_add(&said, STR("wrote "));
	visible_add(&said, visible_name(&run->arena, str_from(file)), false);
	text_addf(&said, ": say in it what is to be done, then `orchc check %s`\n", file);
	talk_aside(&said);
	return STATUS_MERGED;
}

static int run_init(const struct command_line *line)
{
	struct run run = { .lock = -1 };
	struct text plan = { 0 };
	struct fail fail;
	int status = STATUS_WORLD;
	if (run_find_repository(&run, ".", &fail)) {
		struct look look = { .arena = &run.arena, .repo = run.repo };
		if (look_around(&look, &fail)) {
			write_plan(&look, run.root, &plan);
			status = write_file(&run, line->operand_n ? line->operand[0] : "plan.orch",
					    &plan);
		} else {
			status = talk_failure(&fail);
		}
	} else {
		status = talk_failure(&fail);
	}
	run_close(&run);
	return status;
}

const struct command init_command = {
	"init",
	"[FILE]",
	0,
	1,
	"write a first plan by looking at the repository",
	"The plan, plan.orch unless another FILE is named (- is standard output), has an agent for each of the\n"
	"largest folders, the coding agent that is installed here, the project's tests, and what its work trees\n"
	"need. What is to be done is left to be written. A file that is there is left as it is.\n",
	NULL,
	0,
	run_init,
};
