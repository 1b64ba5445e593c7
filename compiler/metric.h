/* metric.h — the statement `metric` of a plan: a number that is measured before and after. */
#ifndef COMPILER_METRIC_H
#define COMPILER_METRIC_H

#include "compiler/layer.h"

/* Adds it to the plan. Mistakes are in the diagnostics. */
void metric_read(struct layer_source *, const struct eval *, const struct node *statement);

#endif
