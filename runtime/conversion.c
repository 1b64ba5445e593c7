/* conversion.c — see conversion.h. */
#include "runtime/conversion.h"

#include "common/file.h"
#include "common/path.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_RULES = 1 << 20, LARGEST_POINTER = 1024 };

static bool read_file(struct arena *arena, const char *path, struct str *text, struct fail *fail)
{
	bool found;
	*text = STR("");
	return file_read_if(arena, path, LARGEST_RULES, text, &found, fail);
}

bool conversion_begin(struct arena *arena, struct repo *repo, struct conversion *c,
		      struct fail *fail)
{
	struct str own = STR("");
	*c = (struct conversion){ .repo = repo };
	attributes_begin(&c->attributes, arena);
	if (!repo_settings(repo, arena, &c->settings, fail) ||
	    (c->settings.attributes_file.n &&
	     !read_file(arena, c->settings.attributes_file.at, &own, fail)) ||
	    !read_file(arena, arena_format(arena, "%s/info/attributes", repo_git_dir(repo)).at,
		       &c->shared, fail))
		return false;
	attributes_add(&c->attributes, STR(""), own, true);
	return true;
}

bool conversion_add(struct conversion *c, struct str path, uint32_t mode, struct oid id,
		    struct fail *fail)
{
	struct str text, folder = path_folder(path);
	struct arena scratch = { 0 };
	/* A link of that name is not followed by git either. */
	if ((mode != 0100644 && mode != 0100755) || !str_is(path_last(path), ".gitattributes"))
		return true;
	bool good = repo_blob_read(c->repo, &scratch, id, &text, fail);
	if (good && text.n <= LARGEST_RULES)
		attributes_add(&c->attributes, folder, text, folder.n == 0);
	arena_release(&scratch);
	return good;
}

/* A folder's name is longer than that of the folder it lies in, and git's order of paths is not that
 * of folders. */
static int by_depth(const void *a, const void *b)
{
	const struct attributes_rule *x = a, *y = b;
	if (x->folder.n != y->folder.n)
		return x->folder.n > y->folder.n ? 1 : -1;
	return (x->order > y->order) - (x->order < y->order);
}

void conversion_ready(struct conversion *c)
{
	struct attributes *a = &c->attributes;
	if (a->rules.n)
		qsort(a->rules.at, a->rules.n, sizeof *a->rules.at, by_depth);
	attributes_add(a, STR(""), c->shared, true);
	c->any = a->rules.n > 0 || c->settings.autocrlf != REPO_AUTOCRLF_FALSE;
}

static bool value_is(struct attributes_value value, const char *text)
{
	return value.state == ATTRIBUTES_VALUE && str_is(value.value, text);
}

/* As `text` says, or `crlf`, which was its name once. */
static bool text_kind(struct attributes_value value, struct lineends *how, bool *input)
{
	*input = value_is(value, "input");
	if (value.state == ATTRIBUTES_SET || *input)
		how->kind = LINEENDS_TEXT;
	else if (value_is(value, "auto"))
		how->kind = LINEENDS_AUTO;
	else if (value.state != ATTRIBUTES_UNSET)
		return false;
	return true;
}

static struct lineends lineends_of(const struct repo_settings *settings,
				   struct attributes_value text, struct attributes_value crlf,
				   struct attributes_value eol)
{
	struct lineends how = { LINEENDS_AS_THEY_ARE, false, false };
	bool input = false;
	bool said = text_kind(text, &how, &input) || text_kind(crlf, &how, &input);
	bool is_eol = value_is(eol, "lf") || value_is(eol, "crlf");
	if (said && how.kind == LINEENDS_AS_THEY_ARE)
		return how;
	if (is_eol && !said)
		how.kind = LINEENDS_TEXT;
	if (is_eol) {
		how.crlf = value_is(eol, "crlf");
	} else if (said) {
		how.crlf = !input &&
			   (settings->autocrlf == REPO_AUTOCRLF_TRUE ||
			    (settings->autocrlf == REPO_AUTOCRLF_FALSE && settings->eol_crlf));
	} else if (settings->autocrlf != REPO_AUTOCRLF_FALSE) {
		how.kind = LINEENDS_AUTO;
		how.crlf = settings->autocrlf == REPO_AUTOCRLF_TRUE;
	}
	return how;
}

struct conversion_of conversion_find(const struct conversion *c, struct str path)
{
	static const struct str names[] = { { "text", 4 },   { "crlf", 4 },
					    { "eol", 3 },    { "ident", 5 },
					    { "filter", 6 }, { "working-tree-encoding", 21 } };
	struct attributes_value said[6] = { { 0 } };
	struct conversion_of of = { 0 };
	if (!c->any)
		return of;
	attributes_ask(&c->attributes, path, names, 6, said);
	of.lineends = lineends_of(&c->settings, said[0], said[1], said[2]);
	of.lineends.ident = said[3].state == ATTRIBUTES_SET;
	if (said[4].state == ATTRIBUTES_VALUE)
		of.filter = said[4].value;
	if (said[5].state == ATTRIBUTES_VALUE && !str_is(said[5].value, "UTF-8") &&
	    !str_is(said[5].value, "utf-8"))
		of.encoding = said[5].value;
	return of;
}

const char *conversion_refuses(const struct conversion *c, struct conversion_of of,
			       struct str bytes)
{
	if (of.encoding.n)
		return "its attribute working-tree-encoding asks for a conversion that orch does not do; change it "
		       "by hand, or take the attribute away";
	if (!of.filter.n)
		return NULL;
	if (str_is(of.filter, "lfs"))
		return bytes.n < LARGEST_POINTER &&
				       str_starts(bytes,
						  STR("version https://git-lfs.github.com/spec/"))
			       ? NULL
			       : "git-lfs keeps it, a program that orch does not run; change it by hand, or take its "
				 "`filter=lfs` out of .gitattributes";
	return repo_settings_filter(c->repo, of.filter)
		       ? "a filter of .gitattributes keeps it, a program of the repository's that orch does not run; "
			 "change it by hand, or take the attribute away"
		       : NULL;
}
