/* oid.h — the name of a git object as its 40 hexadecimal digits; empty is none. */
#ifndef RUNTIME_OID_H
#define RUNTIME_OID_H

#include <stdbool.h>
#include <string.h>

struct oid {
	char hex[41];
};

static inline bool oid_equal(struct oid a, struct oid b)
{
	return strcmp(a.hex, b.hex) == 0;
}
static inline bool oid_none(struct oid a)
{
	return a.hex[0] == 0;
}

#endif
