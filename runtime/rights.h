/* rights.h — a process gives up what makes root more than an owner of files, and whatever a program's
 * file could give it: for good, and for all that it starts. */
#ifndef RUNTIME_RIGHTS_H
#define RUNTIME_RIGHTS_H

#include "common/fail.h"

/* All capabilities, and new privileges (capabilities(7), PR_SET_NO_NEW_PRIVS). `nest` is for root in
 * namespaces of its own: it keeps what the kernel asks of root for making more of them, CAP_SETFCAP, which
 * is worth nothing outside of them. */
bool rights_give_up(bool nest, struct fail *);

#endif
