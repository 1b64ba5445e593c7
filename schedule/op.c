/* op.c — see op.h. */
#include "schedule/op.h"

#include "common/fail.h"

static const struct op_info infos[OP_COUNT] = {
#define OP(NAME, text, strand, operand, help) \
	[OP_##NAME] = { text, help, OP_STRAND_##strand, OP_OPERAND_##operand },
#include "schedule/op.def"
#undef OP
};

const struct op_info *op_info(enum op op)
{
	BUG_IF((unsigned)op >= OP_COUNT, "no such instruction");
	return &infos[op];
}

bool op_find(struct str name, enum op *op)
{
	for (unsigned i = 0; i < OP_COUNT; i++)
		if (str_is(name, infos[i].name)) {
			*op = (enum op)i;
			return true;
		}
	return false;
}
