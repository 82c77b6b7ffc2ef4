/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/batch_summary.h"

#include "base/error.h"

static mnz_status write_text(const mnz_report_batch_data *data, char **text, mnz_error *err) {
  mnz_buffer buffer = {0};
  mnz_status status = mnz_report_batch_write_text(&buffer, data, err);
  if (status == MNZ_OK && buffer.failed) status = mnz_fail(err, MNZ_NO_MEMORY, NULL, "out of memory");
  if (status == MNZ_OK) {
    *text = buffer.at; /* the caller's now */
  } else {
    mnz_buffer_free(&buffer);
  }
  return status;
}

mnz_status mnz_report_batch(const mnz_scenario *scenario, const mnz_summary *summary,
                            const mnz_batch_facts *facts, mnz_report_format format, char **text,
                            mnz_error *err) {
  *text = NULL;
  mnz_report_batch_data data;
  mnz_status status = mnz_report_batch_gather(&data, scenario, summary, facts, err);
  if (status == MNZ_OK)
    status = format == MNZ_REPORT_JSON ? mnz_report_batch_write_json(text, &data, err)
                                       : write_text(&data, text, err);
  mnz_report_batch_release(&data);
  return status;
}
