/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"

#include <math.h>

#include "base/error.h"
#include "report/summary.h"

json_t *mnz_report_json_number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

json_t *mnz_report_json_date(const mnz_scenario *scenario, double days) {
  char text[32];
  return isnan(days) ? json_null() : json_string(mnz_report_date(scenario, days, text));
}

json_t *mnz_report_json_append(json_t *list, json_t *item) {
  if (list != NULL && json_array_append_new(list, item) == 0) return list;
  json_decref(list);
  return NULL;
}

mnz_status mnz_report_json_write(char **text, json_t *root, mnz_error *err) {
  *text = root != NULL ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(MNZ_REPORT_DIGITS)) : NULL;
  json_decref(root);
  if (*text != NULL) return MNZ_OK;
  return mnz_fail(err, MNZ_NO_MEMORY, NULL, "cannot write JSON: out of memory, or a text is not UTF-8");
}
