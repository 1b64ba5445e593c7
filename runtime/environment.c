/* environment.c — see environment.h. */
#include "runtime/environment.h"

#include <string.h>

static bool same_name(const char *a, const char *b)
{
	while (*a && *a == *b && *a != '=')
		a++, b++;
	return *a == '=' && *b == '=';
}

static void put(struct environment *environment, const char *assignment)
{
	for (size_t i = 0; i < environment->list.n; i++)
		if (same_name(environment->list.at[i], assignment)) {
			environment->list.at[i] = assignment;
			return;
		}
	*VEC_ADD(environment->arena, &environment->list) = assignment;
}

void environment_begin(struct environment *environment, struct arena *arena, char *const *environ)
{
	*environment = (struct environment){ .arena = arena };
	for (; *environ; environ++) {
		struct str one = str_from(*environ);
		if (!str_starts(one, STR("GIT_")) && !str_starts(one, STR("ORCH_")) &&
		    str_find(one, '=') != SIZE_MAX)
			put(environment, *environ);
	}
	/* An editor or a password prompt would wait for somebody who is not there. */
	environment_set(environment, "GIT_EDITOR", STR("true"));
	environment_set(environment, "GIT_TERMINAL_PROMPT", STR("0"));
}

void environment_set(struct environment *environment, const char *name, struct str value)
{
	put(environment, arena_format(environment->arena, "%s=%.*s", name, STR_ARG(value)).at);
}

void environment_add(struct environment *environment, struct str assignment)
{
	put(environment, arena_copy(environment->arena, assignment).at);
}

const char *const *environment_end(struct environment *environment)
{
	*VEC_ADD(environment->arena, &environment->list) = NULL;
	environment->list.n--;
	return environment->list.at;
}

const char *environment_value(const char *const *env, const char *name)
{
	size_t n = strlen(name);
	for (; env && *env; env++)
		if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
			return *env + n + 1;
	return NULL;
}
