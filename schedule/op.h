/* op.h — the instructions by number; names, operands and help come from op.def. */
#ifndef SCHEDULE_OP_H
#define SCHEDULE_OP_H

#include "common/str.h"

enum op {
#define OP(name, text, strand, operand, help) OP_##name,
#include "schedule/op.def"
#undef OP
	OP_COUNT
};
enum op_strand { OP_STRAND_AGENT, OP_STRAND_PLAN };
enum op_operand { OP_OPERAND_NONE, OP_OPERAND_AGENT, OP_OPERAND_COMMAND, OP_OPERAND_METRIC, OP_OPERAND_STRING };

struct op_info {
	const char *name, *help;
	enum op_strand strand;
	enum op_operand operand;
};

const struct op_info *op_info(enum op);	/* static */
bool op_find(struct str name, enum op *);

#endif
