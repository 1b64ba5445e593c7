/* Damaged text is found and repaired; good text, of any language, is left alone. With operands:
 * each of these files, repaired, on standard output, for tests/suites/mojibake. */
#include "common/mojibake.h"

#include "common/file.h"
#include "common/utf8.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

static int repair_files(int n, char **paths)
{
	struct arena arena = { 0 };
	struct fail fail;
	struct str text;
	for (int i = 0; i < n; i++) {
		if (!file_read(&arena, paths[i], 64 << 20, &text, &fail)) {
			printf("%s\n", fail.text);
			return 1;
		}
		struct mojibake found = mojibake_find(&arena, text);
		struct str good = mojibake_repair(&arena, text, &found);
		fwrite(good.at, 1, good.n, stdout);
	}
	arena_release(&arena);
	return 0;
}

static void known(void)
{
	static const struct {
		const char *text, *good;
		unsigned times;
	} rows[] = {
		{ "caf\xC3\x83\xC2\xA9", "café", 1 },
		{ "13 hours ‚Üí 6", "13 hours → 6", 1 },
		{ "Sch√∂n", "Schön", 1 },
		{ "donâ€™t", "don’t", 1 },
		{ "a â†’ b", "a → b", 1 },
		{ "20Â°C", "20°C", 1 },
		{ "Ã©tat", "état", 1 },
		{ "cafÃƒÂ©", "café", 2 },
		{ "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет", 1 },
		{ "–ü—Ä–∏–≤–µ—Ç", "Привет", 1 },
		{ "café", "café", 0 },
		{ "AMANH\xC3\x83\xE2\x80\xA6", "AMANHÃ…", 0 },
		{ "\xE2\x80\x9C"
		  "caf\xC3\xA9\xE2\x80\x9D\xE2\x80\xA6 \xC2\xAB caf\xC3\xA9\xC2\xA0\xC2\xBB",
		  "“café”… « café\xC2\xA0»", 0 },
		{ "Spaß…", "Spaß…", 0 },
		{ "2√π ≈ £3, ¬π, ∆µ, l’été, —É verdade", "2√π ≈ £3, ¬π, ∆µ, l’été, —É verdade", 0 },
		{ "PAPÁ® MARCÂ™ »SPÄ«", "PAPÁ® MARCÂ™ »SPÄ«", 0 },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str text = str_from(rows[i].text);
		struct mojibake found = mojibake_find(&arena, text);
		struct str good = mojibake_repair(&arena, text, &found);
		if (!CHECK(found.times == rows[i].times && str_is(good, rows[i].good),
			   rows[i].text))
			printf("  %u times: %.*s\n", found.times, STR_ARG(good));
	}
	arena_release(&arena);
}

/* Whatever the text, what is repaired is valid, and edits are in order and apart. */
static void any_text(void)
{
	struct arena arena = { 0 };
	uint64_t random = 5;
	for (int round = 0; round < 3000; round++) {
		char bytes[400];
		size_t n = 0, length;
		while (n < 380 && test_random(&random) % 40) {
			static const uint32_t first[] = { 'a',    0x80, 0xA0,    0xC0,  0x2010,
							  0x2200, 0xE5, 0x1F600, 0x152, 0xF8FF };
			utf8_encode(first[test_random(&random) % 10] +
					    (uint32_t)(test_random(&random) % 30),
				    bytes + n, &length);
			n += length;
		}
		char *exact = malloc(n + !n);
		memcpy(exact, bytes, n);
		struct str text = { exact, n };
		struct mojibake found = mojibake_find(&arena, text);
		bool sane = utf8_invalid(mojibake_repair(&arena, text, &found)) == SIZE_MAX;
		for (size_t i = 0; i < found.edits.n; i++)
			sane = sane && found.edits.at[i].start < found.edits.at[i].end &&
			       found.edits.at[i].end <= n &&
			       (!i || found.edits.at[i - 1].end < found.edits.at[i].start);
		CHECK(sane, "what is repaired is text");
		free(exact);
	}
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return repair_files(argc - 1, argv + 1);
	known();
	any_text();
	return test_end();
}
