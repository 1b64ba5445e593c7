/* clean.c — bytes that are not seen, wherever in the prompt they are: prompts are scanned eight
 * bytes at a time. */
#include "tests/lib/plans.h"
#include "tests/unit/test.h"

enum { LENGTH = 40 };

static const char plan[] =
	"plan p { runner r }\nrunner r { command [\"x\"] }\nagent a { owns \"a\"\n prompt file \"p.md\" }\n";

static void check_byte(char byte, bool seen)
{
	for (size_t at = 0; at < LENGTH; at++) {
		struct arena arena = { 0 };
		struct compile c;
		char prompt[LENGTH + 1];
		memset(prompt, at % 2 ? 'x' : '~', LENGTH);
		prompt[LENGTH] = '\0';
		prompt[LENGTH / 3] = '\n';
		prompt[at] = byte;
		scratch_put("p.md", prompt);
		bool read = CHECK(plans_compile(&arena, plan, &c), "the plan is read");
		if (read && !CHECK(plans_count(&c, DIAG_HIDDEN_CHARACTER) == !seen,
				   "what is not seen is said, and nothing else"))
			printf("  byte 0x%02x at %zu\n", (unsigned char)byte, at);
		arena_release(&arena);
	}
}

int main(void)
{
	static const char hidden[] = "\x01\x08\x0B\x0C\x0E\x1B\x1F\x7F", seen[] = "\t\n !A[~";
	if (!CHECK(scratch_begin("clean"), "a folder to work in"))
		return test_end();
	for (const char *byte = hidden; *byte; byte++)
		check_byte(*byte, false);
	for (const char *byte = seen; *byte; byte++)
		check_byte(*byte, true);
	scratch_end();
	return test_end();
}
