/* prompt.h — prompts that are in files: `prompt file "p.md" section "Agent 3"`. A file is read
 * once. */
#ifndef COMPILER_PROMPT_H
#define COMPILER_PROMPT_H

#include "compiler/eval.h"
#include "compiler/load.h"
#include "compiler/markdown.h"

struct prompt_file {
	struct markdown markdown;
	uint32_t source;
	bool read, parsed;
};
struct prompt_section {
	struct str text;
	struct span at;
};
struct prompts {
	struct load *load;	/* borrowed */
	VEC(struct prompt_file) files;
	struct map file_by_path;
	struct map section_by_key;	/* index into `sections` */
	VEC(struct prompt_section) sections;
};

/* What a PROMPT_FILE of the unit stands for, and where it stands in which source. False when it
 * cannot be had; that has been said. */
bool prompt_find(struct prompts *, uint32_t unit, const struct eval *, const struct node *, struct str *prompt,
		 struct span *at);

#endif
