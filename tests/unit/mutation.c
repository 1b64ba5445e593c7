/* mutation — one token of a sound plan is taken out, doubled or exchanged, thousands of times,
 * always the same way: what is said must be one message, near the place. The bounds are what is
 * reached today; they may be tightened, never loosened. With SHOW=1, what broke the rule is
 * printed, and the figures always are. */
#include "common/file.h"
#include "grammar/lexer.h"
#include "grammar/parse.h"
#include "parser.h"
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum change { DELETE, DOUBLE, REPLACE, DELETE_QUOTE, JOIN_LINES, CHANGES };
static const char *const change_text[CHANGES] = {
	"delete", "double", "replace", "delete a quote", "join two lines",
};
enum { MUTATIONS = 6000 };

struct plan_file {
	struct str path, text;
	struct syntax syntax;
	VEC(uint32_t) token;	/* those that are no trivia */
	VEC(uint32_t) line_end;	/* those that are a line's end between two tokens */
	bool whole;	/* needs no other file */
};
struct figures {
	size_t tried, silent, said, near, near_label, many, other;
};
struct mutation {
	enum change change;
	bool bracket;	/* a bracket or a quote */
	struct str text;
	uint32_t line;
};
struct mutating {
	struct arena arena;
	VEC(struct plan_file) files;
	struct figures figures[CHANGES][2];	/* by whether it is a bracket or quote */
	uint64_t random;
	bool show;
};

static uint32_t pick(struct mutating *m, size_t n)
{
	return (uint32_t)(test_random(&m->random) % n);
}

static bool is_bracket(unsigned kind)
{
	return kind == TOKEN_LBRACE || kind == TOKEN_RBRACE || kind == TOKEN_LBRACKET ||
	       kind == TOKEN_RBRACKET || kind == TOKEN_LPAREN || kind == TOKEN_RPAREN ||
	       kind == TOKEN_TEXT;
}

static void parse(struct arena *arena, struct str text, struct sources *sources,
		  struct diags *diags, struct syntax *syntax)
{
	*sources = (struct sources){ .arena = arena };
	*diags = (struct diags){ .arena = arena, .sources = sources };
	parse_source(arena, sources, source_add(sources, STR("plan.orch"), text), diags, syntax);
}

static void add_file(struct mutating *m, const char *path)
{
	struct plan_file file = { .path = arena_copy(&m->arena, str_from(path)) };
	struct sources *sources = ARENA_NEW(&m->arena, struct sources);
	struct diags diags;
	struct fail fail;
	if (!CHECK(file_read(&m->arena, path, 1 << 24, &file.text, &fail), path))
		return;
	parse(&m->arena, file.text, sources, &diags, &file.syntax);
	CHECK(diags.list.n == 0, path);
	for (uint32_t i = 0; i < file.syntax.tokens.n; i++) {
		unsigned kind = file.syntax.tokens.at[i].kind;
		if (!lexer_is_trivia(kind))
			*VEC_ADD(&m->arena, &file.token) = i;
		else if (kind == TRIVIA_NEWLINE && i &&
			 !lexer_is_trivia(file.syntax.tokens.at[i - 1].kind))
			*VEC_ADD(&m->arena, &file.line_end) = i;
	}
	*VEC_ADD(&m->arena, &m->files) = file;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_folder(struct mutating *m, const char *folder)
{
	VEC(char *) names = { 0 };
	DIR *dir = opendir(folder);
	if (!CHECK(dir != NULL, folder))
		return;
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		struct str name = str_from(entry->d_name);
		if (str_ends(name, STR(".orch")))
			*VEC_ADD(&m->arena, &names) =
				(char *)arena_format(&m->arena, "%s/%s", folder, entry->d_name).at;
	}
	closedir(dir);
	qsort(names.at, names.n, sizeof *names.at, by_name);
	for (size_t i = 0; i < names.n; i++)
		add_file(m, names.at[i]);
}

static bool is_whole(const struct plan_file *file)
{
	struct arena arena = { 0 };
	struct compile c;
	bool whole = plans_compile(&arena, arena_copy(&arena, file->text).at, &c) &&
		     !c.diags.list.n;
	arena_release(&arena);
	return whole;
}

static struct str token_text(const struct plan_file *file, uint32_t token)
{
	return str_slice(file->text, file->syntax.tokens.at[token].start,
			 file->syntax.tokens.at[token].end);
}

/* `bytes` of the text from `start` on become `with`. */
static struct str exchange(struct arena *arena, struct str text, size_t start, size_t bytes,
			   struct str with)
{
	return arena_format(arena, "%.*s%.*s%.*s", STR_ARG(str_slice(text, 0, start)),
			    STR_ARG(with), STR_ARG(str_slice(text, start + bytes, text.n)));
}

static uint32_t line_of(struct str text, size_t offset)
{
	uint32_t line = 1;
	for (size_t i = 0; i < offset; i++)
		line += text.at[i] == '\n';
	return line;
}

static struct mutation mutate(struct mutating *m, struct arena *arena, const struct plan_file *file)
{
	struct mutation mutation = { .change = (enum change)pick(m, CHANGES) };
	uint32_t token = mutation.change == JOIN_LINES
				 ? file->line_end.at[pick(m, file->line_end.n)]
				 : file->token.at[pick(m, file->token.n)];
	uint32_t other = file->token.at[pick(m, file->token.n)];
	while (mutation.change == DELETE_QUOTE &&
	       file->syntax.tokens.at[token].kind != TOKEN_STRING)
		token = file->token.at[pick(m, file->token.n)];
	while (file->syntax.tokens.at[other].kind == TOKEN_TEXT)
		other = file->token.at[pick(m, file->token.n)];
	const struct token *at = &file->syntax.tokens.at[token];
	struct str text = token_text(file, token), with = STR("");
	size_t start = at->start, bytes = text.n;
	mutation.bracket = is_bracket(at->kind) || mutation.change == DELETE_QUOTE;
	switch (mutation.change) {
	case DOUBLE:
		with = arena_format(arena, "%.*s %.*s", STR_ARG(text), STR_ARG(text));
		break;
	case REPLACE:
		with = token_text(file, other);
		mutation.bracket = mutation.bracket ||
				   is_bracket(file->syntax.tokens.at[other].kind);
		break;
	case DELETE_QUOTE:
		start += pick(m, 2) ? text.n - 1 : 0;
		bytes = 1;
		break;
	case JOIN_LINES:
		with = STR(" ");
		break;
	case DELETE:
	case CHANGES:
		break;
	}
	mutation.text = exchange(arena, file->text, start, bytes, with);
	mutation.line = line_of(file->text, start);
	return mutation;
}

static bool is_near(const struct diags *diags, struct span span, uint32_t line)
{
	uint32_t at = source_place(diags->sources, span.source, span.start).line;
	return at + 1 >= line && at <= line + 1;
}

static void show(const struct plan_file *file, const struct mutation *mutation,
		 const struct diags *diags)
{
	struct text out = { 0 };
	printf("--- %.*s:%u: %s\n", STR_ARG(file->path), mutation->line,
	       change_text[mutation->change]);
	for (size_t i = 0; i < diags->list.n; i++)
		diag_print(diags, &diags->list.at[i], false, &out);
	printf("%.*s", STR_ARG(text_str(&out)));
	text_release(&out);
}

/* What the parser says, and whether a later pass says any more about it. */
static void judge(struct mutating *m, struct arena *arena, const struct plan_file *file,
		  const struct mutation *mutation, bool whole)
{
	struct figures *figures = &m->figures[mutation->change][mutation->bracket];
	struct sources sources;
	struct diags diags;
	struct syntax syntax;
	parse(arena, mutation->text, &sources, &diags, &syntax);
	figures->tried++;
	figures->silent += !diags.list.n;
	if (!diags.list.n)
		return;
	bool near = false, label = false;
	for (size_t i = 0; i < diags.list.n; i++) {
		const struct diag *diag = &diags.list.at[i];
		near = near || is_near(&diags, diag->span, mutation->line);
		for (size_t j = 0; j < diag->labels.n; j++)
			label = label || is_near(&diags, diag->labels.at[j].span, mutation->line);
	}
	bool many = diags.list.n > (mutation->bracket ? 2 : 1);
	figures->said++;
	figures->near += near;
	figures->near_label += near || label;
	figures->many += many;
	if (m->show && (many || !(near || label)))
		show(file, mutation, &diags);
	if (!whole)
		return;
	struct compile c;
	if (!CHECK(plans_compile(arena, mutation->text.at, &c), "a plan is read"))
		return;
	bool other = c.diags.list.n > diags.list.n;
	figures->other += other;
	if (m->show && other && !many) {
		printf("another pass says more:\n");
		show(file, mutation, &c.diags);
	}
}

static void add_figures(struct figures *to, const struct figures *from)
{
	to->tried += from->tried;
	to->silent += from->silent;
	to->said += from->said;
	to->near += from->near;
	to->near_label += from->near_label;
	to->many += from->many;
	to->other += from->other;
}

static void print_figures(const char *what, const struct figures *f)
{
	double said = f->said ? (double)f->said : 1;
	printf("%-28s %6zu tried, %5zu said; more than one: %zu; another pass: %zu; on the line ±1: %.1f %%, "
	       "with labels %.1f %%\n",
	       what, f->tried, f->said, f->many, f->other, 100 * (double)f->near / said,
	       100 * (double)f->near_label / said);
}

int main(void)
{
	struct mutating m = { .random = 20, .show = getenv("SHOW") != NULL };
	const char *wanted = getenv("MUTATIONS");
	size_t n = wanted ? strtoul(wanted, NULL, 10) : MUTATIONS;
	add_folder(&m, "examples");
	add_folder(&m, "tests/corpus/good");
	if (!CHECK(scratch_begin("mutation"), "a folder to work in"))
		return test_end();
	for (size_t i = 0; i < m.files.n; i++)
		m.files.at[i].whole = is_whole(&m.files.at[i]);
	for (size_t i = 0; i < n && m.files.n; i++) {
		struct arena arena = { 0 };
		const struct plan_file *file = &m.files.at[pick(&m, m.files.n)];
		struct mutation mutation = mutate(&m, &arena, file);
		judge(&m, &arena, file, &mutation, file->whole && i % 3 == 0);
		arena_release(&arena);
	}
	struct figures all[2] = { 0 };
	for (size_t change = 0; change < CHANGES; change++)
		for (size_t bracket = 0; bracket < 2; bracket++) {
			if (!m.figures[change][bracket].tried)
				continue;
			struct str what = arena_format(&m.arena, "%s%s", change_text[change],
						       bracket ? ", brackets" : "");
			print_figures(what.at, &m.figures[change][bracket]);
			add_figures(&all[bracket], &m.figures[change][bracket]);
		}
	print_figures("all but brackets and quotes", &all[0]);
	print_figures("brackets and quotes", &all[1]);
	CHECK(100 * all[0].many <= 3 * all[0].said,
	      "one message for one token, in 97 of 100 cases");
	CHECK(100 * all[1].many <= 8 * all[1].said,
	      "two at most for a bracket or a quote, in 92 of 100 cases");
	CHECK(1000 * all[0].near >= 995 * all[0].said, "on its line ±1 in 995 of 1000 cases");
	CHECK(100 * all[1].near >= 94 * all[1].said, "for brackets and quotes in 94 of 100");
	arena_release(&m.arena);
	scratch_end();
	return test_end();
}
