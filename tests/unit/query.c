/* query.c — paths into JSON: what they lead to, and what is no path. */
#include "common/query.h"

#include "tests/unit/test.h"

#include <string.h>

static const char event[] =
	"{\"type\":\"result\",\"n\":3,\"x\":1.5,\"ok\":true,\"none\":null,\"a\":{\"b\":{\"c\":\"deep\"}},"
	"\"list\":[{\"k\":\"p\",\"v\":\"1\"},{\"k\":\"q\",\"v\":\"2\"},{\"k\":\"p\",\"v\":\"3\",\"in\":{\"side\":7}},\"text\"]}";

static void add(void *self, const struct json *value)
{
	struct text *out = self;
	if (value->kind == JSON_IS_TEXT)
		text_addf(out, "%.*s;", STR_ARG(value->text));
	else if (value->kind == JSON_IS_NUMBER)
		text_addf(out, "%lld;", (long long)value->number);
	else
		text_add(out, STR("?;"));
}

static void leads(const struct json *root, const char *path, const char *to)
{
	struct arena arena = { 0 };
	struct query query;
	struct text out = { 0 };
	size_t at;
	const char *why;
	text_add(&out, STR(""));
	if (CHECK(query_parse(&arena, str_from(path), &query, &at, &why), path))
		query_each(&query, root, add, &out);
	if (!CHECK(str_is(text_str(&out), to), path))
		printf("    %.*s\n", STR_ARG(text_str(&out)));
	text_release(&out);
	arena_release(&arena);
}

static void refused(const char *path, size_t where, const char *reason)
{
	struct arena arena = { 0 };
	struct query query;
	size_t at = 0;
	const char *why = "";
	bool good = query_parse(&arena, str_from(path), &query, &at, &why);
	if (!CHECK(!good && at == where && strstr(why, reason), path))
		printf("    %d %zu %s\n", good, at, why);
	arena_release(&arena);
}

/* Any bytes are a path or are not; following one never leaves the value. */
static void test_random_paths(const struct json *root)
{
	static const char letters[] = "ab.[]=|klistype";
	uint64_t random = 7;
	size_t good = 0;
	for (int i = 0; i < 200000; i++) {
		struct arena arena = { 0 };
		struct query query;
		struct text out = { 0 };
		char path[16];
		size_t n = test_random(&random) % sizeof path, at;
		const char *why;
		for (size_t k = 0; k < n; k++)
			path[k] = letters[test_random(&random) % (sizeof letters - 1)];
		if (query_parse(&arena, (struct str){ path, n }, &query, &at, &why)) {
			query_each(&query, root, add, &out);
			good++;
		} else if (at > n || !why) {
			good = 0;
			break;
		}
		text_release(&out);
		arena_release(&arena);
	}
	CHECK(good > 1000, "random paths are taken or refused with a place and a reason");
}

int main(void)
{
	struct arena arena = { 0 };
	struct json root;
	struct fail fail;
	CHECK(json_read(&arena, str_from(event), "it", &root, &fail), "the event is JSON");
	leads(&root, "type", "result;");
	leads(&root, "a.b.c", "deep;");
	leads(&root, "a.b.d", "");
	leads(&root, "n.b", "");
	leads(&root, "list[].v", "1;2;3;");
	leads(&root, "list[k=p].v", "1;3;");
	leads(&root, "list[k=p|q].v", "1;2;3;");
	leads(&root, "list[in.side=7].v", "3;");
	leads(&root, "list.v", "");
	leads(&root, "[type=result].n", "3;");
	leads(&root, "[type=other|result][n=3].n", "3;");
	leads(&root, "[type=other].n", "");
	leads(&root, "[ok=true][none=null].type", "result;");
	leads(&root, "[ok=false].type", "");
	leads(&root, "[x=1.5].type", "result;");
	leads(&root, "[type=result]", "?;");
	leads(&root, "a[b.c=deep].b.c", "deep;");
	refused("", 0, "name");
	refused(".", 0, "name");
	refused("a.", 2, "name");
	refused("a..b", 2, "name");
	refused("a[", 2, "name");
	refused("a[b", 3, "`=`");
	refused("a[b=c", 5, "`]`");
	refused("a]", 1, "`.`");
	refused("a[b=c]d", 6, "`.`");
	test_random_paths(&root);
	arena_release(&arena);
	return test_end();
}
