/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of time on the command line. */
#ifndef MNZ_CLI_DURATION_H
#define MNZ_CLI_DURATION_H

#include "monazite/status.h"

/* "90 s", "30min", "2h", "7 d", "2 wk": microseconds in *us, more than 0. MNZ_USAGE names `option`. */
mnz_status mnz_cli_duration(const char *option, const char *text, long long *us, mnz_error *err);

#endif
