/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a summary says of money, prices and contracts; nothing where the scenario has none. */
#ifndef MNZ_REPORT_MONEY_H
#define MNZ_REPORT_MONEY_H

#include <jansson.h>

#include "report/summary.h"

mnz_status mnz_report_write_money(mnz_buffer *to, const mnz_report_data *data, mnz_error *err);
/* Sets "money", "prices" and "contracts" in `root`, as far as there are any; false when memory is out. */
bool mnz_report_json_money(json_t *root, const mnz_report_data *data);

#endif
