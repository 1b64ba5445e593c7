/* property.c — what the compiler lets pass can be run in any order and never conflicts.
 *
 *     property [--from SEED] [--plans N] [--exec N] [--seconds N] [--seed SEED] [--keep]
 *
 * Of each seed a plan is made (plans.h), compiled from its text, mended where the compiler refuses
 * it, and carried out in this process (inside.h); each that was refused is shown to be able to
 * conflict (overlaps.h). Of every N-th plan `orch exec` itself makes a run as well, at several
 * speeds, killed and resumed (outside.h). --act FILE is what those runs have for an agent. */
#include "tests/property/outside.h"
#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <time.h>

struct options {
	uint64_t from, plans, exec, seconds;
	bool keep;
};

static void one(struct tally *tally, uint64_t seed, const struct options *options)
{
	struct inside in;
	struct fail fail;
	if (inside_begin(&in, tally, seed, scratch_folder)) {
		inside_run(&in);
		if (options->exec && seed % options->exec == 0)
			outside_run(&in);
	}
	char folder[128];
	snprintf(folder, sizeof folder, "%s/%llu", scratch_folder, (unsigned long long)seed);
	inside_end(&in);
	if (options->keep)
		printf("everything of seed %llu is in %s\n", (unsigned long long)seed, folder);
	else if (!file_remove_tree(folder, &fail))
		printf("%s\n", fail.text);
}

static void print(const struct tally *t)
{
	printf("# %zu plans: %zu accepted (%zu of them mended), %zu refused, %zu of these shown to conflict "
	       "(%zu where the file is new, %zu where it is there)\n",
	       t->plans, t->accepted, t->mended, t->rejected, t->shown, t->shown_add,
	       t->shown_change);
	printf("# %zu agents (%zu in linked work trees) did %zu things; %zu passed, %zu were skipped; "
	       "%zu of %zu pairs may run at the same time\n",
	       t->agents, t->worktrees, t->deeds, t->passed, t->skipped, t->beside, t->pairs);
	printf("# findings: %zu strays, %zu that no result can have, %zu folders, %zu creates, %zu empty\n",
	       t->findings[GATE_STRAY], t->findings[GATE_REFUSED], t->findings[GATE_FOLDER],
	       t->findings[GATE_CREATES], t->findings[GATE_EMPTY]);
	printf("# %zu orders of merging, %zu merges, %zu by git; %zu starts by git; %zu plans run twice; "
	       "%zu runs of orch exec (%zu in sandboxes), %zu kills\n",
	       t->orders, t->merges, t->git_merges, t->starts, t->again, t->runs, t->held,
	       t->kills);
}

static bool read_options(int argc, char **argv, struct options *options)
{
	for (int i = 1; i < argc; i++) {
		uint64_t *number = !strcmp(argv[i], "--from")      ? &options->from
				   : !strcmp(argv[i], "--plans")   ? &options->plans
				   : !strcmp(argv[i], "--exec")    ? &options->exec
				   : !strcmp(argv[i], "--seconds") ? &options->seconds
				   : !strcmp(argv[i], "--seed")    ? &options->from
								   : NULL;
		if (!strcmp(argv[i], "--keep")) {
			options->keep = true;
			continue;
		}
		if (!number || i + 1 == argc || !str_to_number(str_from(argv[i + 1]), number))
			return false;
		if (!strcmp(argv[i], "--seed"))
			options->plans = 1;
		i++;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options options = { .from = 1, .plans = 100, .exec = 25 };
	struct tally tally = { 0 };
	if (argc == 3 && !strcmp(argv[1], "--act"))
		return outside_act(argv[2]);
	if (!read_options(argc, argv, &options) || !outside_find_programs(argv[0]) ||
	    !scratch_begin("property")) {
		printf("property [--from SEED] [--plans N] [--exec N] [--seconds N] [--seed SEED] [--keep]\n");
		return 2;
	}
	time_t began = time(NULL);
	for (uint64_t i = 0; i < options.plans &&
			     !(options.seconds && time(NULL) - began >= (time_t)options.seconds);
	     i++)
		one(&tally, options.from + i, &options);
	print(&tally);
	printf("%zu passed, %zu failed\n", tally.checks - tally.wrong, tally.wrong);
	if (!options.keep)
		scratch_end();
	return tally.wrong != 0;
}
