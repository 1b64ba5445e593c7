/* import_shell.c — shell blocks outside of prompts: work trees and branches that they make, by
 * loops or line by line, how they start agents, what they merge.
 *
 * Not a shell: `for NAME in WORDS; do`, `git worktree add`, `git merge` and the names of agents'
 * programs are known. */
#include "compiler/import_inside.h"
#include "compiler/stdlib.h"

#include <string.h>

enum { WORDS_MOST = 64, SAME = 67 };

static const struct commonmark_block *block_at(const struct import_reader *r, uint32_t block)
{
	return &r->document.blocks.at[block];
}

struct words {
	struct str at[WORDS_MOST];
	size_t n;
};

/* Splits at white space and `;`; quotes are taken off. */
static void split(struct str line, struct words *words)
{
	words->n = 0;
	for (size_t i = 0; i < line.n && words->n < WORDS_MOST;) {
		if (line.at[i] == ' ' || line.at[i] == '\t' || line.at[i] == ';' ||
		    line.at[i] == '\r') {
			i++;
			continue;
		}
		if (line.at[i] == '#')
			break;
		size_t end = i;
		for (char quote = 0; end < line.n; end++) {
			char c = line.at[end];
			if (quote ? c == quote : c == '"' || c == '\'')
				quote = quote ? 0 : c;
			else if (!quote && (c == ' ' || c == '\t' || c == ';'))
				break;
		}
		words->at[words->n++] = import_word_plain(str_slice(line, i, end));
		i = end;
	}
}

struct loop {
	struct str variable;
	struct words names;
	struct span span;
	bool open;
};

/* "{1..10}" and "$(seq 1 10)" are their numbers. */
static void spread(struct import_reader *r, struct words *names)
{
	struct str word = names->n ? names->at[0] : STR("");
	uint64_t low = 0, high = 0;
	size_t dots = str_find_text(word, STR(".."));
	if (names->n == 1 && word.at[0] == '{' && dots != SIZE_MAX && dots && dots + 3 <= word.n) {
		if (!str_to_number(str_slice(word, 1, dots), &low) ||
		    !str_to_number(str_slice(word, dots + 2, word.n - 1), &high))
			return;
	} else if (names->n == 3 && str_is(word, "$(seq") && names->at[2].n &&
		   str_to_number(names->at[1], &low)) {
		if (!str_to_number(str_slice(names->at[2], 0, names->at[2].n - 1), &high))
			return;
	} else {
		return;
	}
	if (low > high || high - low >= WORDS_MOST)
		return;
	names->n = 0;
	for (uint64_t i = low; i <= high; i++)
		names->at[names->n++] = arena_format(r->arena, "%u", (unsigned)i);
}

static bool read_for(struct import_reader *r, const struct words *words, struct span span,
		     struct loop *loop)
{
	if (words->n < 4 || !str_is(words->at[0], "for") || !str_is(words->at[2], "in"))
		return false;
	*loop = (struct loop){ .variable = words->at[1], .span = span, .open = true };
	for (size_t i = 3; i < words->n && !str_is(words->at[i], "do"); i++)
		loop->names.at[loop->names.n++] = words->at[i];
	spread(r, &loop->names);
	return true;
}

/* `text` with `$name` and `${name}` replaced. */
static struct str put_in(struct import_reader *r, struct str text, struct str name,
			 struct str value)
{
	struct text out = { 0 };
	for (size_t i = 0; i < text.n;) {
		struct str rest = str_slice(text, i, text.n);
		struct str plain = arena_format(r->arena, "$%.*s", STR_ARG(name)),
			   braces = arena_format(r->arena, "${%.*s}", STR_ARG(name));
		bool hit = name.n && (str_starts(rest, plain) || str_starts(rest, braces));
		if (hit) {
			text_add(&out, value);
			i += str_starts(rest, braces) ? braces.n : plain.n;
		} else {
			text_add_byte(&out, text.at[i++]);
		}
	}
	struct str result = arena_copy(r->arena, text_str(&out));
	text_release(&out);
	return result;
}

/* ---- names and branches of agents */

struct trees {
	VEC(struct draft_text) names, branches; /* in order */
	struct draft_text path;                 /* of one of them */
};

static void add_tree(struct import_reader *r, struct trees *trees, struct str path,
		     struct str branch, struct span span)
{
	size_t slash = branch.n;
	while (slash && branch.at[slash - 1] != '/')
		slash--;
	if (!trees->path.text.n)
		trees->path = (struct draft_text){ path, span };
	*VEC_ADD(r->arena, &trees->branches) = (struct draft_text){ str_slice(branch, 0, slash),
								    span };
	*VEC_ADD(r->arena, &trees->names) = (struct draft_text){ str_slice(branch, slash, branch.n),
								 span };
}

static bool read_worktree(struct import_reader *r, const struct words *words,
			  const struct loop *loop, struct span span, struct trees *trees)
{
	struct str path = STR(""), branch = STR("");
	size_t at = 0;
	while (at + 1 < words->n &&
	       !(str_is(words->at[at], "worktree") && str_is(words->at[at + 1], "add")))
		at++;
	if (at + 2 >= words->n || str_find_text(words->at[0], STR("git")) == SIZE_MAX)
		return false;
	for (at += 2; at < words->n; at++) {
		struct str word = words->at[at];
		if ((str_is(word, "-b") || str_is(word, "-B")) && at + 1 < words->n)
			branch = words->at[++at];
		else if (word.n && word.at[0] != '-' && !path.n)
			path = word;
		else if (word.n && word.at[0] != '-' && !branch.n)
			branch = word;
	}
	if (!path.n)
		return false;
	if (!branch.n)
		branch = path;
	for (size_t i = 0; i < (loop->open ? loop->names.n : 1); i++) {
		struct str value = loop->open ? loop->names.at[i] : STR("");
		add_tree(r, trees, put_in(r, path, loop->variable, value),
			 put_in(r, branch, loop->variable, value), span);
	}
	return true;
}

/* How the agents' names in a list fit the agents: in order when there are as many, else by their
 * words. */
static void give_names(struct import_reader *r, const struct trees *trees)
{
	size_t n = trees->names.n;
	bool all = n == r->draft->agents.n && !r->foreign;
	for (size_t i = 0; i < n; i++) {
		struct str name = trees->names.at[i].text;
		uint32_t agent = all ? (uint32_t)i : DRAFT_NONE;
		unsigned most = SAME - 1;
		for (uint32_t a = 0; a < r->draft->agents.n && !all; a++)
			for (size_t t = 0; t < r->draft->agents.at[a].titles.list.n; t++) {
				unsigned alike = import_word_alike(
					r->arena, r->draft->agents.at[a].titles.list.at[t].text,
					name);
				if (alike > most) {
					most = alike;
					agent = a;
				}
			}
		if (agent != DRAFT_NONE && !r->draft->agents.at[agent].name.n)
			r->draft->agents.at[agent].name = name;
	}
	if (all || r->foreign || !n)
		return;
	struct diag *diag = diag_add(r->diags, DIAG_CONTRADICTION, trees->names.at[0].span,
				     "work trees are made for %zu agents, and the plan has %zu", n,
				     r->draft->agents.n);
	diag_label(r->diags, diag, r->draft->agents.at[0].span, "the first of them");
}

/* "wire/" before all names is the template wire/${agent}. */
static void give_branch(struct import_reader *r, const struct trees *trees)
{
	if (!trees->branches.n || r->draft->branch.text.n)
		return;
	struct str prefix = trees->branches.at[0].text;
	for (size_t i = 1; i < trees->branches.n; i++)
		if (!str_equal(trees->branches.at[i].text, prefix))
			return;
	if (prefix.n && !str_starts(prefix, STR("$")) && prefix.at[0] != '.' && prefix.at[0] != '/')
		r->draft->branch = (struct draft_text){ arena_format(r->arena, "%.*s${agent}",
								     STR_ARG(prefix)),
							trees->branches.at[0].span };
}

static void check_path(struct import_reader *r, const struct trees *trees)
{
	struct str path = trees->path.text;
	if (!path.n || path.at[0] == '/' || path.at[0] == '~' || path.at[0] == '$' ||
	    str_starts(path, STR("..")))
		return;
	if (str_starts(path, STR("./")))
		path = str_slice(path, 2, path.n);
	size_t slash = str_find(path, '/');
	struct str folder = str_slice(path, 0, slash == SIZE_MAX ? path.n : slash);
	bool known = r->ask->ignores != NULL;
	if (known &&
	    (r->ask->ignores(r->ask->context, path) ||
	     r->ask->ignores(r->ask->context, arena_format(r->arena, "%.*s/", STR_ARG(folder)))))
		return;
	struct diag *diag = diag_add(
		r->diags, DIAG_TREES_INSIDE, trees->path.span,
		known ? "work trees are made in `%.*s/`, which lies in the repository and is not ignored"
		      : "work trees are made in `%.*s/`, which lies in the repository and is probably not ignored",
		STR_ARG(folder));
	diag_note(r->diags, diag,
		  "git shows them as untracked files, and an agent's `git add -A` takes them in");
	diag_help(
		r->diags, diag,
		"orch makes its own, elsewhere; by hand: `../%.*s`, or a line `/%.*s/` in .gitignore",
		STR_ARG(folder), STR_ARG(folder));
}

/* ---- how agents are started */

/* The runners of std/agents.orch are called like the programs that they start: the next one from
 * *at on. */
static bool next_runner(size_t *at, struct str *name)
{
	static const struct str mark = { "\nrunner ", 8 };
	struct str text = STR("");
	for (const struct stdlib_file *file = stdlib_file_list; file->name; file++)
		if (!strcmp(file->name, "std/agents.orch"))
			text = str_from(file->text);
	size_t found = str_find_text(str_slice(text, *at, text.n), mark);
	if (found == SIZE_MAX)
		return false;
	struct str rest = str_slice(text, *at + found + mark.n, text.n);
	size_t end = str_find(rest, ' ');
	*name = str_slice(rest, 0, end == SIZE_MAX ? rest.n : end);
	*at += found + mark.n;
	return true;
}

static bool is_runner(struct str word)
{
	struct str name;
	for (size_t at = 0; next_runner(&at, &name);)
		if (str_equal(name, word))
			return true;
	return false;
}

struct launch {
	struct span span; /* the first line that starts one without telling it what to do */
	bool bare, any;
};

static bool read_launch(struct import_reader *r, struct str line, const struct words *words,
			struct span span, struct launch *launch)
{
	for (size_t w = 0; w < words->n; w++) {
		bool begins = !w || str_is(words->at[w - 1], "&&") ||
			      str_is(words->at[w - 1], "do") || str_is(words->at[w - 1], "|") ||
			      str_is(words->at[w - 1], "nohup") || str_is(words->at[w - 1], "||");
		if (!begins || !is_runner(words->at[w]))
			continue;
		bool told = w && str_is(words->at[w - 1], "|");
		for (size_t i = w + 1; i < words->n; i++)
			told = told || (words->at[i].n && words->at[i].at[0] != '-' &&
					words->at[i].at[0] != '&');
		told = told || import_word_any(line, "<|$(cat");
		if (!told && !launch->bare)
			launch->span = span;
		launch->bare = launch->bare || !told;
		launch->any = true;
		if (!r->draft->runner.text.n)
			r->draft->runner = (struct draft_text){ words->at[w], span };
		return true;
	}
	return false;
}

static void check_launch(struct import_reader *r, const struct launch *launch)
{
	if (!launch->bare)
		return;
	struct diag *diag = diag_add(r->diags, DIAG_INCOMPLETE, launch->span,
				     "the agents are started without their prompts");
	diag_here(r->diags, diag, "nothing tells it what to do");
	diag_note(r->diags, diag, "in the plan each agent's prompt is handed over by its runner");
}

/* Said in words when no command says it: "10 Claude Code agents". */
static void guess_runner(struct import_reader *r)
{
	for (uint32_t b = 0; b < r->document.blocks.n && !r->draft->runner.text.n; b++) {
		const struct commonmark_block *block = block_at(r, b);
		struct str name;
		if ((block->kind != COMMONMARK_PARAGRAPH && block->kind != COMMONMARK_HEADING) ||
		    import_outline_agent(r, b) != DRAFT_NONE ||
		    !import_word_any(block->text, "agent|session|instance|terminal"))
			continue;
		for (size_t at = 0; !r->draft->runner.text.n && next_runner(&at, &name);)
			if (import_word_has(block->text,
					    arena_format(r->arena, "%.*s ", STR_ARG(name)).at))
				r->draft->runner = (struct draft_text){ name,
									import_outline_span(r, b) };
	}
}

/* ---- blocks */

static bool read_merge(struct import_reader *r, const struct words *words, struct span span)
{
	if (words->n < 3 || !str_is(words->at[0], "git") || !str_is(words->at[1], "merge"))
		return false;
	for (size_t w = 2; w < words->n && !r->foreign; w++) {
		struct str branch = words->at[w];
		size_t slash = branch.n;
		while (slash && branch.at[slash - 1] != '/')
			slash--;
		struct import_agents agents = { 0 };
		if (branch.n && branch.at[0] != '-')
			import_who_find(r, str_slice(branch, slash, branch.n), span, &agents);
		if (agents.list.n != 1)
			continue;
		struct draft_step *step = VEC_ADD(r->arena, &r->draft->merge);
		step->span = span;
		step->group = DRAFT_NONE;
		*VEC_ADD(r->arena, &step->agents) = agents.list.at[0];
	}
	return true;
}

/* Lines that prepare and say nothing about the plan. */
static bool is_plumbing(const struct words *words)
{
	static const char *const plain[] = { "cd",    "mkdir", "echo", "done",   "do",    "fi",
					     "if",    "then",  "set",  "export", "tmux",  "git",
					     "sleep", "wait",  "for",  "EOF",    "else",  "ls",
					     "cat",   "rm",    "cp",   "source", "while", "}",
					     "{",     "&" };
	if (!words->n)
		return true;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (str_is(words->at[0], plain[i]))
			return true;
	return str_find(words->at[0], '=') != SIZE_MAX;
}

static void read_home(struct import_reader *r, const struct words *words)
{
	if (words->n < 2 || !str_is(words->at[0], "cd") || r->draft->name.n || words->at[1].n < 3)
		return;
	/* "cd ~/project" names the project. */
	struct str path = words->at[1];
	if (str_find(path, '$') != SIZE_MAX)
		return;
	if (path.at[0] == '~' || path.at[0] == '/') {
		size_t slash = path.n;
		while (slash && path.at[slash - 1] != '/')
			slash--;
		r->draft->name = draft_name(r->arena, str_slice(path, slash, path.n));
	}
}

static bool is_shell(const struct commonmark_block *block)
{
	static const char *const infos[] = { "",        "sh",  "bash",          "shell",
					     "console", "zsh", "shell-session", "terminal" };
	for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
		if (import_word_same(block->info, str_from(infos[i])))
			return true;
	return false;
}

struct shell {
	struct loop loop;
	struct trees *trees;
	struct launch *launch;
	bool any, strange, unread; /* unread: makes work trees in a way that is not known */
};

static void read_command(struct import_reader *r, struct str line, struct span span,
			 struct shell *shell)
{
	struct words words;
	line = str_trim(line);
	while (str_starts(line, STR("$ ")) || str_starts(line, STR("do ")) ||
	       str_starts(line, STR("then ")) || str_starts(line, STR("(")))
		line = str_trim(str_slice(line,
					  str_find(line, ' ') == SIZE_MAX || line.at[0] == '('
						  ? 1
						  : str_find(line, ' '),
					  line.n));
	split(line, &words);
	read_home(r, &words);
	if (words.n && str_is(words.at[0], "done"))
		shell->loop.open = false;
	bool any = read_for(r, &words, span, &shell->loop);
	bool tree = read_worktree(r, &words, &shell->loop, span, shell->trees);
	any = read_launch(r, line, &words, span, shell->launch) || any || tree;
	any = read_merge(r, &words, span) || any;
	shell->any = shell->any || any;
	/* What makes work trees in another way must not go by unseen. */
	bool trees = import_word_has(line, "worktree add") && !tree;
	shell->strange = shell->strange || (!any && (!is_plumbing(&words) || trees));
	shell->unread = shell->unread || trees;
}

/* The end of a command: at `;` or `&&` outside of quotes and of what another shell reads. */
static size_t command_end(struct str line, size_t at)
{
	char quote = 0;
	size_t depth = 0;
	for (; at < line.n; at++) {
		char c = line.at[at];
		if (c == '\\')
			at++;
		else if (quote && c == quote)
			quote = 0;
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
		else if (!quote && c == '#' && (!at || line.at[at - 1] == ' '))
			return line.n;
		else if (str_starts(str_slice(line, at, line.n), STR("$(")))
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (!quote && !depth &&
			 (c == ';' || str_starts(str_slice(line, at, line.n), STR("&&"))))
			return at;
	}
	return line.n;
}

static void read_shell_line(struct import_reader *r, struct str line, struct span span,
			    struct shell *shell)
{
	if (!str_trim(line).n)
		return;
	for (size_t at = 0, end; at < line.n;
	     at = end + 1 + (end < line.n && line.at[end] == '&')) {
		end = command_end(line, at);
		if (end > line.n)
			end = line.n;
		if (str_trim(str_slice(line, at, end)).n)
			read_command(r, str_slice(line, at, end), span, shell);
	}
}

/* The agent before in the document that has the branch, or DRAFT_NONE. */
static const struct import_pending *same_branch(const struct import_reader *r, size_t index)
{
	const struct import_pending *one = &r->pending.at[index];
	for (size_t i = 0; i < index; i++)
		if (r->pending.at[i].field == IMPORT_BRANCH &&
		    r->pending.at[i].agent != one->agent &&
		    str_equal(r->pending.at[i].text, one->text))
			return &r->pending.at[i];
	return NULL;
}

static void check_branches(struct import_reader *r)
{
	for (size_t i = 0; i < r->pending.n; i++) {
		const struct import_pending *one = &r->pending.at[i], *other;
		if (one->field != IMPORT_BRANCH || one->text.n < 2 || !(other = same_branch(r, i)))
			continue;
		struct diag *diag = diag_add(r->diags, DIAG_CONTRADICTION, one->span,
					     "two agents have the branch `%.*s`",
					     STR_ARG(one->text));
		diag_label(r->diags, diag, other->span, "the other one");
		diag_note(
			r->diags, diag,
			"each agent works on a branch of its own: in the imported plan this one has another name");
	}
}

static void read_branches(struct import_reader *r, struct trees *trees)
{
	bool complete = true;
	check_branches(r);
	for (size_t i = 0; i < r->pending.n; i++)
		if (r->pending.at[i].field == IMPORT_BRANCH && r->pending.at[i].text.n) {
			size_t before = trees->names.n;
			add_tree(r, trees, STR(""), r->pending.at[i].text, r->pending.at[i].span);
			struct draft_agent *agent = &r->draft->agents.at[r->pending.at[i].agent];
			struct str name = trees->names.at[before].text;
			if (!agent->name.n && !(name.n && name.at[0] >= '0' && name.at[0] <= '9'))
				agent->name = name;
			complete = complete && str_is(draft_name(r->arena, name),
						      arena_copy(r->arena, agent->name).at);
		}
	if (!complete)
		trees->branches.n = 0;
}

void import_shell_read(struct import_reader *r)
{
	struct trees trees = { 0 }, said = { 0 };
	struct launch launch = { 0 };
	for (uint32_t b = 0; b < r->document.blocks.n; b++) {
		const struct commonmark_block *block = block_at(r, b);
		if (block->kind != COMMONMARK_CODE || r->use[b] != IMPORT_OPEN ||
		    !is_shell(block) || import_outline_agent(r, b) != DRAFT_NONE)
			continue;
		struct shell shell = { .trees = &trees, .launch = &launch };
		struct str rest = block->text, line;
		for (uint32_t k = 0; str_split(&rest, '\n', &line); k++)
			read_shell_line(r, line, import_outline_line(r, block->first + k), &shell);
		if ((shell.any || !shell.strange) && !shell.unread)
			r->use[b] = IMPORT_USED;
	}
	check_launch(r, &launch);
	check_path(r, &trees);
	read_branches(r, &said);
	give_branch(r, &said);
	give_names(r, &trees);
	give_branch(r, &trees);
	guess_runner(r);
}
