/* crowd.h — how many processes and threads are below this one. */
#ifndef RUNTIME_CROWD_H
#define RUNTIME_CROWD_H

#include <stddef.h>
#include <stdint.h>

/* Counted at one moment, this process and its threads left out; stops counting at `enough`. Some that come
 * and go meanwhile are missed. 0 as well when the table of processes cannot be read. */
uint32_t crowd_count(uint32_t enough);

#endif
