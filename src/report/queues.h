/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a summary says of a scenario in which nobody orders anything: what waited, what came out. */
#ifndef MNZ_REPORT_QUEUES_H
#define MNZ_REPORT_QUEUES_H

#include <jansson.h>

#include "report/summary.h"

/* Two tables; nothing where there is a demand. */
mnz_status mnz_report_write_queues(mnz_buffer *to, const mnz_report_data *data, mnz_error *err);
/* One sentence, or two. */
void mnz_report_say_queues(mnz_buffer *to, const mnz_report_data *data);
/* Sets "places" in `root` where there is no demand; false when memory is out. */
bool mnz_report_json_queues(json_t *root, const mnz_report_data *data);

#endif
