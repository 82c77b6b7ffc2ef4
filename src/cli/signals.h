/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C, and a scheduler's wish that we end. */
#ifndef MNZ_CLI_SIGNALS_H
#define MNZ_CLI_SIGNALS_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM, and SIGHUP if it is not ignored already, are only noted; a second one ends
 * the program at once. */
void mnz_cli_catch_signals(void);
bool mnz_cli_interrupted(void);
/* A limit on the size of files (ulimit -f) is an error of the write, and so a message. */
void mnz_cli_let_writes_fail(void);

#endif
