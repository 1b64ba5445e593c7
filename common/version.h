/* version.h — what the programs call themselves, and which language they know. */
#ifndef COMMON_VERSION_H
#define COMMON_VERSION_H

#define VERSION "0.1"
enum { VERSION_OF_LANGUAGE = 1 };	/* `orch 1` */

#endif
