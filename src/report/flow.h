/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a summary says of nodes that flow; nothing where none does. */
#ifndef MNZ_REPORT_FLOW_H
#define MNZ_REPORT_FLOW_H

#include <jansson.h>

#include "report/summary.h"

mnz_status mnz_report_write_flow(mnz_buffer *to, const mnz_report_data *data, mnz_error *err);
/* Sets "flow" in `root`; false when memory is out. */
bool mnz_report_json_flow(json_t *root, const mnz_report_data *data);

#endif
