/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C, and a scheduler's wish that we end. */
#ifndef MNZ_CLI_SIGNALS_H
#define MNZ_CLI_SIGNALS_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM are only noted; a second one ends the program at once. A file that may not
 * grow (ulimit -f) does not end it. */
void mnz_cli_catch_signals(void);
bool mnz_cli_interrupted(void);

#endif
