/* Durations as people write them, and what they are here. */
#include "grammar/period.h"
#include "tests/unit/test.h"

static const struct {
	const char *text;
	size_t end; /* 0: it is none */
	const char *ours;
	bool sure;
} cases[] = {
	{ "2 h", 3, "2h", true },
	{ "2h", 2, "2h", true },
	{ "20 min # or so", 6, "20m", true },
	{ "30min", 5, "30m", true },
	{ "90 mins", 7, "90m", true },
	{ "1 minute", 8, "1m", true },
	{ "45 sec", 6, "45s", true },
	{ "45 secs", 7, "45s", true },
	{ "1 second", 8, "1s", true },
	{ "90 seconds", 10, "90s", true },
	{ "3 hours", 7, "3h", true },
	{ "3 Hours", 7, "3h", true },
	{ "3-hour", 6, "3h", true },
	{ "2 hrs", 5, "2h", true },
	{ "2 hr", 4, "2h", true },
	{ "2 days", 6, "2d", true },
	{ "1 day", 5, "1d", true },
	{ "2 weeks", 7, "336h", false },
	{ "1.5h", 4, "1h30m", true },
	{ "1,5 h", 5, "1h30m", true },
	{ "0.25 hours", 10, "15m", true },
	{ "1\xc2\xbd h", 5, "1h30m", true },
	{ "\xc2\xbe h", 4, "45m", true },
	{ "1h30", 4, "1h30m", true },
	{ "1h 30", 5, "1h30m", true },
	{ "1h 30 min", 9, "1h30m", true },
	{ "1 hour and 30 minutes", 21, "1h30m", true },
	{ "1 hour, 30 minutes", 18, "1h30m", true },
	{ "1d 2h 3m 4s", 11, "1d2h3m4s", true },
	{ "2h }", 2, "2h", true },
	{ "30M", 3, "30m", false },
	{ "2H", 2, "2h", true },
	{ "2h 3h", 2, "2h", true },
	{ "2 apples", 0, NULL, false },
	{ "2 hats", 0, NULL, false },
	{ "2 ms", 0, NULL, false },
	{ "2", 0, NULL, false },
	{ "0 h", 0, NULL, false },
	{ "h", 0, NULL, false },
	{ "10MB", 0, NULL, false },
	{ "99999999999999999999 h", 0, NULL, false },
	{ "0.0001 s", 0, NULL, false },
	{ "", 0, NULL, false },
};

int main(void)
{
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct period period = { 0 };
		bool good = period_read(&arena, str_from(cases[i].text), &period);
		if (!CHECK(good == (cases[i].end != 0), cases[i].text) || !good)
			continue;
		if (!CHECK(period.end == cases[i].end && str_is(period.ours, cases[i].ours) &&
				   period.sure == cases[i].sure,
			   cases[i].text))
			printf("    %zu %.*s %d\n", period.end, STR_ARG(period.ours), period.sure);
	}
	arena_release(&arena);
	return test_end();
}
