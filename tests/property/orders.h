/* orders.h — the results of those who passed, merged in every order that the plan allows. */
#ifndef TESTS_PROPERTY_ORDERS_H
#define TESTS_PROPERTY_ORDERS_H

#include "tests/property/inside.h"

/* No conflict, by us and by git; the same tree always, which is in->final then; and in it what the
 * last owner of each path left on its disk, and nothing that nobody owns. */
void orders_check(struct inside *, uint64_t *random);

#endif
