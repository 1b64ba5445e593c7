/* uri.c — URIs of files: read as clients write them, and written so that they are read again. */
#include "lsp/uri.h"

#include "tests/unit/test.h"

static void is(const char *uri, const char *path)
{
	struct arena arena = { 0 };
	struct str found;
	bool read = uri_read(&arena, str_from(uri), &found);
	CHECK(path ? read && str_is(found, path) : !read, uri);
	arena_release(&arena);
}

int main(void)
{
	struct arena arena = { 0 };
	char all[255];
	struct str path = { all, sizeof all }, back;
	is("file:///a/b.orch", "/a/b.orch");
	is("file:///a%20b/%C3%A4.orch", "/a b/\xc3\xa4.orch");
	is("file:///a%2fb%3A", "/a/b:");
	is("file://localhost/a", "/a");
	is("file:/a", "/a");
	is("file:///a?b#c", "/a");
	is("file:///100%", "/100%");
	is("file:///%zz", "/%zz");
	is("file:///", "/");
	is("file:///a%00b", NULL);
	is("file://host/a", NULL);
	is("untitled:Untitled-1", NULL);
	is("https://a/b", NULL);
	is("", NULL);
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = i ? (char)(i + 1) : '/';
	struct str uri = uri_write(&arena, path);
	CHECK(uri_read(&arena, uri, &back) && str_equal(back, path), "every byte");
	for (size_t i = 0; i < uri.n; i++)
		CHECK(uri.at[i] > ' ' && uri.at[i] < 0x7f, "plain ASCII");
	arena_release(&arena);
	return test_end();
}
