/* test.h — what a unit test is written with: CHECK(condition, what), then `return test_end();`.
 * The last line of every test program is "N passed, N failed". */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int test_passed, test_failed;

static inline bool test_check(bool held, const char *file, int line, const char *what)
{
	if (held) {
		test_passed++;
	} else {
		test_failed++;
		printf("%s:%d: failed: %s\n", file, line, what);
	}
	return held;
}
#define CHECK(condition, what) test_check((condition), __FILE__, __LINE__, (what))

/* xorshift64*: the same numbers on every machine. Seed it with anything but 0. */
static inline uint64_t test_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717u;
}

static inline int test_end(void)
{
	printf("%d passed, %d failed\n", test_passed, test_failed);
	return test_failed != 0;
}

#endif
