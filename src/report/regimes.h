/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a summary says of regimes; nothing where the scenario has none. */
#ifndef MNZ_REPORT_REGIMES_H
#define MNZ_REPORT_REGIMES_H

#include <jansson.h>

#include "report/summary.h"

mnz_status mnz_report_write_regimes(mnz_buffer *to, const mnz_report_data *data, mnz_error *err);
/* Sets "regimes" in `root` if there are any; false when memory is out. */
bool mnz_report_json_regimes(json_t *root, const mnz_report_data *data);

#endif
