/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include "base/error.h"

static mnz_status write_text(const mnz_report_data *data, char **text, mnz_error *err) {
  mnz_buffer buffer = {0};
  mnz_status status = mnz_report_write_text(&buffer, data, err);
  if (status == MNZ_OK && buffer.failed) status = mnz_fail(err, MNZ_NO_MEMORY, NULL, "out of memory");
  if (status == MNZ_OK) {
    *text = buffer.at; /* the caller's now */
  } else {
    mnz_buffer_free(&buffer);
  }
  return status;
}

mnz_status mnz_report_summary(const mnz_scenario *scenario, const mnz_result *result,
                              const mnz_model_event *log, size_t n_log, mnz_report_format format, char **text,
                              mnz_error *err) {
  *text = NULL;
  mnz_report_data data;
  mnz_status status = mnz_report_gather(&data, scenario, result, err);
  data.log = log;
  data.n_log = n_log;
  if (status == MNZ_OK)
    status =
        format == MNZ_REPORT_JSON ? mnz_report_write_json(text, &data, err) : write_text(&data, text, err);
  mnz_report_release(&data);
  return status;
}
