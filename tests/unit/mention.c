/* What is read out of prompts: forms that people write, and text that nobody wrote. With operands: the write targets of
 * each of these files, for tests/suites/prompts. */
#include "compiler/mention.h"
#include "common/file.h"

#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct fail fail;
	struct str text;
	for (int i = 1; i < argc; i++) {
		struct mentions found = { 0 };
		if (!file_read(&arena, argv[i], 64 << 20, &text, &fail))
			return 1;
		mention_find(&arena, text, &found);
		for (size_t j = 0; j < found.list.n; j++)
			printf("%s\t%s%s\t%.*s\n", argv[i], found.list.at[j].write ? "write" : "read",
			       found.list.at[j].folder ? " folder" : "", STR_ARG(found.list.at[j].path));
	}
	arena_release(&arena);
	return argc > 1 ? 0 : test_end();
}
