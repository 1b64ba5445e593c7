/* template.h — a template's parameters, and what an agent gives for them. */
#ifndef COMPILER_TEMPLATE_H
#define COMPILER_TEMPLATE_H

#include "compiler/bind.h"
#include "compiler/eval.h"

/* The values that a FROM of `unit` gives to the template's parameters, as names for eval.h; in the
 * arena. False when they do not fit together, which has been said. */
bool template_names(struct load *, uint32_t unit, const struct node *from, const struct bind_name *template,
		    struct eval_names *);
/* Parameters that are declared twice, or that nothing in the template uses. */
void template_check(struct load *, const struct bind_name *template);

#endif
