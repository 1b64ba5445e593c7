/* unbrought.c — see unbrought.h. */
#include "runtime/unbrought.h"

#include "common/glob.h"
#include "common/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* ".env", ".env.local" and so on; but not what is an example of one. */
static bool is_settings(struct str name)
{
	static const char *const examples[] = { "example", "sample", "template", "dist" };
	if (!str_is(name, ".env") && !str_starts(name, STR(".env.")))
		return false;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		if (str_find_text(name, str_from(examples[i])) != SIZE_MAX)
			return false;
	return true;
}

static bool in_tree(const struct repo_entries *entries, struct str name)
{
	for (size_t i = 0; i < entries->n; i++)
		if (str_equal(entries->at[i].name, name))
			return true;
	return false;
}

/* Does any agent get it? */
static bool brought(struct arena *arena, const struct schedule *schedule, struct str name)
{
	for (size_t i = 0; i < schedule->agent_n; i++)
		for (size_t j = 0; j < schedule->agent[i].code.n; j++) {
			struct instruction at = schedule->agent[i].code.at[j];
			struct glob glob;
			struct glob_error error;
			if (at.op == OP_LINK && str_equal(schedule->strings.at[at.operand], name))
				return true;
			if (at.op == OP_COPY &&
			    glob_parse(arena, schedule->strings.at[at.operand], &glob, &error) &&
			    glob_match(&glob, name))
				return true;
		}
	return false;
}

bool unbrought_warn(struct repo *repo, struct arena *arena, const struct schedule *schedule,
		    struct oid base, struct str *sentence, struct fail *fail)
{
	struct repo_entries entries;
	struct oid tree;
	struct dirent *entry;
	struct text names = { 0 };
	*sentence = (struct str){ 0 };
	DIR *folder = opendir(repo_root(repo));
	bool good = repo_commit_tree(repo, base, &tree, fail) &&
		    repo_tree_read(repo, arena, tree, &entries, fail);
	while (good && folder && (entry = readdir(folder))) {
		struct str name = str_from(entry->d_name);
		if (is_settings(name) && !in_tree(&entries, name) &&
		    !brought(arena, schedule, name))
			text_addf(&names, "%s\"%.*s\"", names.n ? ", " : "", STR_ARG(name));
	}
	if (folder)
		closedir(folder);
	if (names.n)
		*sentence = arena_format(
			arena,
			"the checkout has settings that no agent gets: say `copy %.*s` in the plan where they are "
			"needed",
			STR_ARG(text_str(&names)));
	text_release(&names);
	return good;
}
