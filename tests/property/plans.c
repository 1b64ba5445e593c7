/* plans.c — see plans.h. */
#include "tests/property/plans.h"

#include "common/glob.h"
#include "common/text.h"
#include "tests/lib/naive.h"
#include "tests/unit/test.h"

#include <stdlib.h>

static const char *const names[] = { "a",   "b",   "src",  "x",  "y",        "A",
				     "m.c", "n.c", "t.py", "ab", "\xC3\xA9", "[x]" };
enum { NAMES = sizeof names / sizeof *names, DEEP = 150 };

static size_t below(uint64_t *random, size_t n)
{
	return (size_t)(test_random(random) % n);
}

static bool chance(uint64_t *random, size_t percent)
{
	return below(random, 100) < percent;
}

/* --- paths --- */

static void make_universe(struct arena *arena, uint64_t *random, struct plans *p)
{
	VEC(struct str) list = { 0 };
	for (size_t i = 0; i < NAMES; i++) {
		*VEC_ADD(arena, &list) = str_from(names[i]);
		for (size_t j = 0; j < NAMES; j++)
			*VEC_ADD(arena, &list) = arena_format(arena, "%s/%s", names[i], names[j]);
	}
	for (size_t i = 0; i < DEEP; i++)
		*VEC_ADD(arena, &list) =
			arena_format(arena, i % 5 ? "%s/%s/%s" : "%s/%s/%s/%s",
				     names[below(random, NAMES)], names[below(random, NAMES)],
				     names[below(random, NAMES)], names[below(random, NAMES)]);
	p->universe = (struct str_list){ list.at, list.n };
	p->folder = ARENA_MANY(arena, list.n, uint32_t);
	for (size_t i = 0; i < list.n; i++) {
		const char *slash = strrchr(list.at[i].at, '/');
		size_t n = slash ? (size_t)(slash - list.at[i].at) : 0;
		p->folder[i] = UINT32_MAX;
		for (size_t j = 0; j < list.n && n && p->folder[i] == UINT32_MAX; j++)
			if (str_equal(list.at[j], str_slice(list.at[i], 0, n)))
				p->folder[i] = (uint32_t)j;
	}
}

static size_t words_of(const struct plans *p)
{
	return (p->universe.n + 63) / 64;
}

static bool bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

/* --- patterns --- */

/* How hard it is tried that agents own nothing in common: not at all, by trying, and exactly. */
enum care { CARELESS, TRYING, CAREFUL };

static const char *segment(uint64_t *random)
{
	static const char *const wild[] = { "*",     "?",       "*.c",   "[ab]",      "[!ab]*",
					    "{a,b}", "{m,n}.c", "a*",    "*.py",      "[!x]",
					    "?*",    "{src,x}", "[a-c]", "{a,src/a}", "\\[x\\]",
					    "\\a",   "**" };
	return chance(random, 62) ? names[below(random, NAMES - 1)] /* "[x]" has to be escaped */
				  : wild[below(random, sizeof wild / sizeof *wild)];
}

static const char *only_files(uint64_t *random)
{
	static const char *const wild[] = { "?",   "[ab]",   "[xy]",  "a*",
					    "*.c", "[!ab]*", "*[by]", "[a-c]" };
	return wild[below(random, sizeof wild / sizeof *wild)];
}

static void make_pattern(struct arena *arena, uint64_t *random, const struct plans *p,
			 struct plans_pattern *pattern)
{
	static const char *const ends[] = { "/", "/**", "/*", "/**/x", "/**/*.c" };
	size_t n = 1 + below(random, 3);
	do {
		char *at = pattern->text;
		*at = 0;
		if (chance(random, 4))
			strcat(at, "./");
		for (size_t i = 0; i < n; i++) {
			strcat(at, i ? "/" : "");
			/* What could be anywhere, and what is a file only, are what the gate is for. */
			strcat(at, n > 1 && !i && chance(random, 18) ? "**"
				   : n == 1 && chance(random, 40)    ? only_files(random)
								     : segment(random));
		}
		if (n < 3 && chance(random, 30))
			strcat(at, ends[below(random, sizeof ends / sizeof *ends)]);
	} while (strstr(pattern->text, "**/**") || !strcmp(pattern->text, "**") ||
		 (strlen(pattern->text) > 2 &&
		  !strcmp(pattern->text + strlen(pattern->text) - 3, "**/")));
	pattern->paths = ARENA_MANY(arena, words_of(p), uint64_t);
	for (size_t i = 0; i < p->universe.n; i++)
		if (naive_match(pattern->text, p->universe.at[i].at))
			pattern->paths[i / 64] |= (uint64_t)1 << i % 64;
}

bool plans_ordered(const struct plans *p, size_t a, size_t b)
{
	return (p->agent[a].before >> b & 1) || (p->agent[b].before >> a & 1);
}

static bool share(const struct plans *p, const struct plans_pattern *a, const struct plans_agent *b,
		  size_t *path)
{
	for (size_t k = 0; k < b->pattern_n; k++)
		for (size_t w = 0; w < words_of(p); w++)
			if (a->paths[w] & b->pattern[k].paths[w]) {
				*path = w * 64 + (size_t)__builtin_ctzll(a->paths[w] &
									 b->pattern[k].paths[w]);
				return true;
			}
	return false;
}

bool plans_clash(const struct plans *p, size_t *a, size_t *b, const char **path)
{
	for (*a = 0; *a < p->agent_n; ++*a)
		for (*b = 0; *b < *a; ++*b)
			for (size_t k = 0; k < p->agent[*a].pattern_n; k++) {
				size_t at;
				if (plans_ordered(p, *a, *b) ||
				    !share(p, &p->agent[*a].pattern[k], &p->agent[*b], &at))
					continue;
				*path = p->universe.at[at].at;
				return true;
			}
	return false;
}

/* Plans are to be taken often enough; this is no judge of them. */
static bool meets(struct arena *arena, const struct plans_pattern *a, const struct plans_agent *b)
{
	struct glob x, y;
	struct glob_error error;
	for (size_t k = 0; k < b->pattern_n; k++)
		if (!glob_parse(arena, str_from(a->text), &x, &error) ||
		    !glob_parse(arena, str_from(b->pattern[k].text), &y, &error) ||
		    glob_meet(arena, &x, &y, NULL))
			return true;
	return false;
}

static void make_patterns(struct arena *arena, uint64_t *random, struct plans *p, size_t agent,
			  enum care care)
{
	struct plans_agent *it = &p->agent[agent];
	size_t wanted = 1 + below(random, 4), path;
	for (int tries = 0; it->pattern_n < wanted && tries < 40; tries++) {
		struct plans_pattern *pattern = &it->pattern[it->pattern_n];
		bool clash = false, any = false;
		make_pattern(arena, random, p, pattern);
		for (size_t w = 0; w < words_of(p); w++)
			any |= pattern->paths[w] != 0;
		for (size_t b = 0; b < agent && care; b++)
			clash |= !plans_ordered(p, agent, b) &&
				 (care == CAREFUL ? meets(arena, pattern, &p->agent[b])
						  : share(p, pattern, &p->agent[b], &path));
		pattern->creates = any && chance(random, 12);
		if ((any || chance(random, 10)) && !clash)
			it->pattern_n++;
	}
	if (!it->pattern_n) { /* a folder that no other pattern leads to */
		struct plans_pattern *pattern = &it->pattern[it->pattern_n++];
		make_pattern(arena, random, p, pattern);
		snprintf(pattern->text, sizeof pattern->text, "w%zu/home/", agent);
		memset(pattern->paths, 0, words_of(p) * sizeof *pattern->paths);
		pattern->creates = false;
	}
}

/* --- who comes after whom --- */

static void close_order(struct plans *p)
{
	for (size_t i = 0; i < p->agent_n; i++) {
		struct plans_agent *it = &p->agent[i];
		uint32_t direct = it->after;
		if (it->group >= 0)
			direct |= p->group[it->group].after;
		if (it->after_all)
			direct |= (1u << i) - 1;
		it->before = direct;
		for (size_t j = 0; j < i; j++)
			if (direct >> j & 1)
				it->before |= p->agent[j].before;
	}
}

static void make_groups(uint64_t *random, struct plans *p)
{
	size_t at = 0;
	for (int g = 0; g < PLANS_GROUPS; g++) {
		at += below(random, 3);
		size_t to = at + 1 + below(random, 3);
		if (to > p->agent_n - 1)
			break;
		p->group[g].from = at;
		p->group[g].to = to;
		for (; at < to; at++)
			p->agent[at].group = g;
		for (size_t b = 0; b < p->group[g].from; b++)
			if (chance(random, 20))
				p->group[g].after |= 1u << b;
	}
}

static void make_merge_order(uint64_t *random, struct plans *p)
{
	uint32_t done = 0;
	for (size_t n = 0; n < p->agent_n;) {
		size_t a = below(random, p->agent_n);
		if ((done >> a & 1) || (p->agent[a].before & ~done))
			continue;
		p->merge_order[n++] = (uint32_t)a;
		done |= 1u << a;
	}
}

void plans_make(struct arena *arena, uint64_t seed, struct plans *p)
{
	uint64_t state = seed * 2654435761u + 88172645463325252u, *random = &state;
	for (int i = 0; i < 8; i++)
		test_random(random);
	*p = (struct plans){ .seed = seed };
	p->agent_n = 2 + below(random, PLANS_AGENTS - 1);
	make_universe(arena, random, p);
	static const enum care cares[] = { CARELESS, TRYING, CAREFUL, CAREFUL };
	enum care care = cares[below(random, 4)];
	size_t ordered = below(random, 30);
	for (size_t i = 0; i < p->agent_n; i++) {
		p->agent[i].group = p->agent[i].template = -1;
		snprintf(p->agent[i].name, sizeof p->agent[i].name, "w%zu", i);
	}
	if (chance(random, 60))
		make_groups(random, p);
	for (size_t i = 0; i < p->agent_n; i++) {
		struct plans_agent *it = &p->agent[i];
		for (size_t j = 0; j < i; j++)
			if (chance(random, ordered))
				it->after |= 1u << j;
		it->after_all = i + 1 == p->agent_n && i && it->group < 0 && chance(random, 15);
		it->tidy = chance(random, 80);
		it->worktree = chance(random, 10);
		close_order(p);
		make_patterns(arena, random, p, i, care);
		if (chance(random, 20))
			it->template = (int)below(random, it->pattern_n);
	}
	p->merge = chance(random, 60);
	make_merge_order(random, p);
}

void plans_mend(struct plans *p, size_t sooner, size_t later)
{
	uint64_t state = p->seed + 77 + ++p->mended;
	p->agent[later].after |= 1u << sooner;
	close_order(p);
	make_merge_order(&state, p);
}

size_t plans_find(const struct plans *p, struct str name)
{
	size_t i = 0;
	while (i < p->agent_n && !str_is(name, p->agent[i].name))
		i++;
	return i;
}

bool plans_owns(const struct plans_agent *agent, const char *path)
{
	for (size_t k = 0; k < agent->pattern_n; k++)
		if (naive_match(agent->pattern[k].text, path))
			return true;
	return false;
}

bool plans_has(const struct plans *p, size_t agent, size_t path)
{
	bool has = false;
	for (size_t k = 0; k < p->agent[agent].pattern_n; k++)
		has |= bit(p->agent[agent].pattern[k].paths, path);
	return has;
}

bool plans_names(const void *agent, const char *path)
{
	const struct plans_agent *it = agent;
	for (size_t k = 0; k < it->pattern_n; k++)
		if (naive_names(it->pattern[k].text, path))
			return true;
	return false;
}

/* --- the text --- */

static void add_quoted(struct text *out, const char *pattern, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pattern[i] == '\\')
			text_add_byte(out, '\\');
		text_add_byte(out, pattern[i]);
	}
}

/* The names behind `after`: a whole group by its name, sometimes. */
static void add_after(const struct plans *p, uint32_t after, bool all, struct text *out)
{
	const char *between = "";
	if (all) {
		text_addf(out, "  after all\n");
		return;
	}
	if (!after)
		return;
	text_addf(out, "  after ");
	for (int g = 0; g < PLANS_GROUPS; g++) {
		uint32_t members = ((1u << p->group[g].to) - 1) & ~((1u << p->group[g].from) - 1);
		if (!members || (after & members) != members)
			continue;
		text_addf(out, "%sg%d", between, g);
		between = ", ";
		after &= ~members;
	}
	for (size_t i = 0; i < p->agent_n; i++)
		if (after >> i & 1) {
			text_addf(out, "%s%s", between, p->agent[i].name);
			between = ", ";
		}
	text_addf(out, "\n");
}

/* A template has one pattern with its second half left open, which the agent fills in. */
static size_t half(const struct plans_agent *it)
{
	const char *text = it->pattern[it->template].text;
	size_t n = strlen(text) / 2;
	while (n && ((text[n] & 0xC0) == 0x80 || text[n - 1] == '\\'))
		n--;
	return n;
}

static void add_template(const struct plans_agent *it, struct text *out)
{
	const struct plans_pattern *pattern = &it->pattern[it->template];
	text_addf(out, "template t%s(part) {\n  %s \"", it->name,
		  pattern->creates ? "creates" : "owns");
	add_quoted(out, pattern->text, half(it));
	text_addf(out, "${part}\"\n}\n");
}

static void add_agent(const struct plans *p, const struct plans_agent *it, bool apart,
		      struct text *out)
{
	text_addf(out, "agent %s", it->name);
	if (it->template >= 0 && !apart) {
		const char *text = it->pattern[it->template].text;
		size_t n = half(it);
		text_addf(out, " from t%s(part: \"", it->name);
		add_quoted(out, text + n, strlen(text + n));
		text_addf(out, "\")");
	}
	text_addf(out, " {\n");
	for (size_t k = 0; k < it->pattern_n && !apart; k++) {
		if ((int)k == it->template)
			continue;
		text_addf(out, "  %s \"", it->pattern[k].creates ? "creates" : "owns");
		add_quoted(out, it->pattern[k].text, strlen(it->pattern[k].text));
		text_addf(out, "\"\n");
	}
	if (apart)
		text_addf(out, "  owns \"apart/%s/\"\n", it->name);
	add_after(p, it->after, it->after_all, out);
	if (it->worktree)
		text_addf(out, "  isolation worktree\n");
	text_addf(out, "  prompt \"Do something.\"\n}\n");
}

static void add_plan(const struct plans *p, bool held, const char *command, const char *word,
		     struct text *out)
{
	text_addf(out, "orch 1\nplan p%llu {\n  runner me\n%s  branch \"orch/${plan}/${agent}\"\n",
		  (unsigned long long)p->seed, held ? "" : "  sandbox off\n");
	if (p->merge) {
		/* A part of an order is one, too, as long as it is its beginning. */
		size_t n = 1 + p->seed % p->agent_n;
		text_addf(out, "  merge ");
		for (size_t i = 0; i < n; i++)
			text_addf(out, "%s%s", i ? ", " : "", p->agent[p->merge_order[i]].name);
		text_addf(out, "\n");
	}
	text_addf(out, "}\nrunner me { command [\"%s\", \"--act\", \"%s\"] }\n", command, word);
}

/* Groups and agents in an order of their own: what is declared first says nothing. */
char *plans_text(const struct plans *p, enum plans_kind kind, const char *command, const char *word)
{
	bool apart = kind == PLANS_APART;
	struct text out = { 0 };
	add_plan(p, kind == PLANS_HELD, command, word, &out);
	for (size_t n = 0; n < p->agent_n; n++) {
		size_t i = (n * 7 + p->seed) % p->agent_n;
		if (p->agent_n == 7)
			i = p->agent_n - 1 - n;
		const struct plans_agent *it = &p->agent[i];
		if (it->template >= 0 && !apart)
			add_template(it, &out);
		if (it->group < 0)
			add_agent(p, it, apart, &out);
	}
	for (int g = PLANS_GROUPS; g-- > 0;) {
		if (p->group[g].from == p->group[g].to)
			continue;
		text_addf(&out, "group g%d {\n", g);
		add_after(p, p->group[g].after, false, &out);
		for (size_t i = p->group[g].from; i < p->group[g].to; i++)
			add_agent(p, &p->agent[i], apart, &out);
		text_addf(&out, "}\n");
	}
	return out.at;
}

/* --- the base --- */

static void put(struct arena *arena, struct text *script, struct model *model, struct str path,
		uint32_t mode, struct str bytes)
{
	text_addf(script, "M %06o ", (unsigned)mode);
	if (mode == 0160000)
		text_addf(script, "%.*s %.*s\n", STR_ARG(bytes), STR_ARG(path));
	else
		text_addf(script, "inline %.*s\ndata %zu\n%.*s\n", STR_ARG(path), bytes.n,
			  STR_ARG(bytes));
	*VEC_ADD(arena, &model->files) = (struct model_file){ path, mode, model_content(bytes) };
}

static bool is_free(const struct plans *p, const struct model *model, struct str path)
{
	for (size_t i = 0; i < p->agent_n; i++)
		for (size_t k = 0; k < p->agent[i].pattern_n; k++)
			if (p->agent[i].pattern[k].creates &&
			    naive_match(p->agent[i].pattern[k].text, path.at))
				return false;
	for (size_t i = 0; i < model->files.n; i++) {
		struct str there = model->files.at[i].path,
			   shorter = there.n < path.n ? there : path,
			   longer = there.n < path.n ? path : there;
		if (str_starts(longer, shorter) &&
		    (longer.n == shorter.n || longer.at[shorter.n] == '/'))
			return false;
	}
	return true;
}

struct model plans_base(struct arena *arena, const struct plans *p, struct str *script)
{
	static const char *const targets[] = { "x", "../a", "/etc/passwd", "nowhere", "." };
	uint64_t state = p->seed ^ 0xABCDEF0123456789u, *random = &state;
	struct model model = { 0 };
	struct text out = { 0 };
	size_t wanted = 3 + below(random, 14);
	text_addf(&out,
		  "commit refs/heads/main\ncommitter tester <tester@localhost> 1700000000 +0000\n"
		  "data 4\nbase\n");
	if (is_free(p, &model, STR("README")))
		put(arena, &out, &model, STR("README"), 0100644, STR("read me\n"));
	if (chance(random, 15) && is_free(p, &model, STR(".gitignore")))
		put(arena, &out, &model, STR(".gitignore"), 0100644,
		    STR("*.tmp\n/out/\n!keep.tmp\n"));
	for (size_t tries = 0; model.files.n < wanted && tries < 200; tries++) {
		size_t at = below(random, p->universe.n);
		struct str path = p->universe.at[at];
		bool owned = false;
		for (size_t i = 0; i < p->agent_n; i++)
			for (size_t k = 0; k < p->agent[i].pattern_n; k++)
				owned |= bit(p->agent[i].pattern[k].paths, at);
		if ((!owned && chance(random, 60)) || !is_free(p, &model, path))
			continue;
		struct str content = arena_format(arena, "base %zu\n", below(random, 6));
		if (chance(random, 74))
			put(arena, &out, &model, path, 0100644, content);
		else if (chance(random, 50))
			put(arena, &out, &model, path, 0100755, content);
		else if (chance(random, 90))
			put(arena, &out, &model, path, 0120000,
			    str_from(targets[below(random, sizeof targets / sizeof *targets)]));
		else
			put(arena, &out, &model, path, 0160000,
			    STR("0123456789012345678901234567890123456789"));
	}
	text_addf(&out, "\n");
	*script = arena_copy(arena, text_str(&out));
	text_release(&out);
	model_sort(&model);
	return model;
}
