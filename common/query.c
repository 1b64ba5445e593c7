/* query.c — see query.h. A path is a list of steps; following it is one recursion over them. */
#include "common/query.h"

#include "common/vec.h"

#include <inttypes.h>
#include <stdio.h>

enum step_kind { STEP_MEMBER, STEP_EACH, STEP_FILTER };
struct query_step {
	enum step_kind kind;
	struct str name;              /* of a MEMBER */
	struct str_list path, values; /* of a FILTER */
};

struct reader {
	struct arena *arena;
	struct str text;
	size_t at;
	const char *why;
	VEC(struct query_step) steps;
};

static bool ends_name(char c)
{
	return c == '.' || c == '[' || c == ']' || c == '=' || c == '|';
}

static struct str take_name(struct reader *r)
{
	size_t from = r->at;
	while (r->at < r->text.n && !ends_name(r->text.at[r->at]))
		r->at++;
	return str_slice(r->text, from, r->at);
}

static bool take(struct reader *r, char c)
{
	if (r->at >= r->text.n || r->text.at[r->at] != c)
		return false;
	r->at++;
	return true;
}

static bool refuse(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

/* What stands between `[` and `]`, which is a comparison. */
static bool take_comparison(struct reader *r, struct query_step *step)
{
	VEC(struct str) path = { 0 }, values = { 0 };
	do {
		struct str name = take_name(r);
		if (!name.n)
			return refuse(r, "a member's name is missing");
		*VEC_ADD(r->arena, &path) = name;
	} while (take(r, '.'));
	if (!take(r, '='))
		return refuse(r, "expected `=` and a value");
	do {
		size_t from = r->at;
		while (r->at < r->text.n && r->text.at[r->at] != '|' && r->text.at[r->at] != ']')
			r->at++;
		*VEC_ADD(r->arena, &values) = str_slice(r->text, from, r->at);
	} while (take(r, '|'));
	step->kind = STEP_FILTER;
	step->path = (struct str_list){ path.at, path.n };
	step->values = (struct str_list){ values.at, values.n };
	return take(r, ']') || refuse(r, "expected `]`");
}

static bool take_filters(struct reader *r)
{
	while (take(r, '[')) {
		struct query_step *step = VEC_ADD(r->arena, &r->steps);
		*step = (struct query_step){ .kind = STEP_EACH };
		if (!take(r, ']') && !take_comparison(r, step))
			return false;
	}
	return true;
}

bool query_parse(struct arena *arena, struct str text, struct query *query, size_t *at,
		 const char **why)
{
	struct reader r = { .arena = arena, .text = text };
	bool good = take_filters(&r);
	while (good && (!r.steps.n || r.at < text.n)) {
		if (r.steps.n && !take(&r, '.')) {
			good = refuse(&r, "expected `.` and a member's name");
			break;
		}
		struct str name = take_name(&r);
		if (!name.n)
			good = refuse(&r, "a member's name is missing");
		else
			*VEC_ADD(arena, &r.steps) = (struct query_step){ .kind = STEP_MEMBER,
									 .name = name };
		good = good && take_filters(&r);
	}
	*query = (struct query){ r.steps.at, r.steps.n };
	*at = r.at;
	*why = r.why;
	return good;
}

static const struct json *member(const struct json *of, struct str name)
{
	for (size_t i = 0; of->kind == JSON_IS_OBJECT && i < of->n; i++)
		if (str_equal(of->key[i], name))
			return &of->at[i];
	return NULL;
}

static bool is_value(const struct json *found, struct str value)
{
	char number[40];
	switch (found->kind) {
	case JSON_IS_TEXT: return str_equal(found->text, value);
	case JSON_IS_FLAG: return str_is(value, found->flag ? "true" : "false");
	case JSON_IS_NULL: return str_is(value, "null");
	case JSON_IS_NUMBER: snprintf(number, sizeof number, "%" PRId64, found->number); break;
	case JSON_IS_DECIMAL: snprintf(number, sizeof number, "%g", found->decimal); break;
	default: return false;
	}
	return str_is(value, number);
}

static bool passes(const struct query_step *filter, const struct json *value)
{
	for (size_t i = 0; value && i < filter->path.n; i++)
		value = member(value, filter->path.at[i]);
	for (size_t i = 0; value && i < filter->values.n; i++)
		if (is_value(value, filter->values.at[i]))
			return true;
	return false;
}

struct walk {
	void (*found)(void *self, const struct json *value);
	void *self;
};

static void follow(const struct walk *walk, const struct query_step *step, size_t n,
		   const struct json *value)
{
	if (!n) {
		walk->found(walk->self, value);
		return;
	}
	bool list = value->kind == JSON_IS_LIST;
	const struct json *next;
	switch (step->kind) {
	case STEP_MEMBER:
		next = member(value, step->name);
		if (next)
			follow(walk, step + 1, n - 1, next);
		break;
	case STEP_EACH:
		for (size_t i = 0; list && i < value->n; i++)
			follow(walk, step + 1, n - 1, &value->at[i]);
		break;
	case STEP_FILTER:
		for (size_t i = 0; list && i < value->n; i++)
			if (passes(step, &value->at[i]))
				follow(walk, step + 1, n - 1, &value->at[i]);
		if (!list && passes(step, value))
			follow(walk, step + 1, n - 1, value);
		break;
	}
}

void query_each(const struct query *query, const struct json *root,
		void (*found)(void *self, const struct json *value), void *self)
{
	const struct walk walk = { found, self };
	follow(&walk, query->step, query->n, root);
}

static void keep_first(void *self, const struct json *value)
{
	const struct json **first = self;
	if (!*first)
		*first = value;
}

const struct json *query_first(const struct query *query, const struct json *root)
{
	const struct json *first = NULL;
	query_each(query, root, keep_first, &first);
	return first;
}
