/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all JSON of the reports is made of. An item that cannot be built is NULL, and so is then all that it
 * goes into, as with json_pack. */
#ifndef MNZ_REPORT_JSON_H
#define MNZ_REPORT_JSON_H

#include <jansson.h>

#include "monazite/report.h"

/* JSON has no NaN: null where the value is not finite. */
json_t *mnz_report_json_number(double value);
/* Days since the start as a date; null for NaN. */
json_t *mnz_report_json_date(const mnz_scenario *scenario, double days);
/* The list with the item, or NULL; both are taken in any case. */
json_t *mnz_report_json_append(json_t *list, json_t *item);
/* The whole as text, the caller's to free; takes `root`. Fails with MNZ_NO_MEMORY, *text then NULL. */
mnz_status mnz_report_json_write(char **text, json_t *root, mnz_error *err);

#endif
