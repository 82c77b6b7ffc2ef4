/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON on standard output. */
#ifndef MNZ_CLI_JSON_H
#define MNZ_CLI_JSON_H

#include <jansson.h>

#include "monazite/status.h"

/* Prints and releases `root`; NULL means that it could not be built. */
mnz_status mnz_cli_print_json(json_t *root, mnz_error *err);

#endif
