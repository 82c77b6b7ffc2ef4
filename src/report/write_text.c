/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/flow.h"
#include "report/money.h"
#include "report/queues.h"
#include "report/reasons.h"
#include "report/regimes.h"

#include <inttypes.h>

#include "base/error.h"
#include "monazite/calendar.h"

enum { ROOM = 32 };

typedef enum column {
  COLUMN_NAME,
  COLUMN_MINED,
  COLUMN_SEPARATED,
  COLUMN_ASKED,
  COLUMN_DELIVERED,
  COLUMN_LATE,
  COLUMN_SHORT,
  COLUMN_FILL,
  COLUMN_COVER,
  COLUMN_FIRST
} column;

static const char *head(column c) {
  switch (c) {
  case COLUMN_NAME:
    return "";
  case COLUMN_MINED:
    return "mined";
  case COLUMN_SEPARATED:
    return "separated";
  case COLUMN_ASKED:
    return "asked";
  case COLUMN_DELIVERED:
    return "delivered";
  case COLUMN_LATE:
    return "late";
  case COLUMN_SHORT:
    return "short";
  case COLUMN_FILL:
    return "in time %";
  case COLUMN_COVER:
    return "cover d";
  case COLUMN_FIRST:
    return "first short";
  }
  return "";
}

/* Into `out`, which holds ROOM bytes, or the row's own name. */
static const char *figure(const mnz_report_data *data, const mnz_report_row *row, column c, char *out) {
  switch (c) {
  case COLUMN_NAME:
    return row->name;
  case COLUMN_MINED:
    return mnz_report_number(row->mined, out);
  case COLUMN_SEPARATED:
    return mnz_report_number(row->separated, out);
  case COLUMN_ASKED:
    return mnz_report_number(row->asked, out);
  case COLUMN_DELIVERED:
    return mnz_report_number(row->delivered, out);
  case COLUMN_LATE:
    return mnz_report_number(row->late, out);
  case COLUMN_SHORT:
    return mnz_report_number(row->shortfall, out);
  case COLUMN_FILL:
    return mnz_report_percent(row->fill_rate, out);
  case COLUMN_COVER:
    return mnz_report_number(row->cover, out);
  case COLUMN_FIRST:
    return mnz_report_date(data->scenario, row->first_shortage, out)[0] != '\0' ? out : "-";
  }
  return "";
}

static mnz_status write_rows(mnz_buffer *to, const mnz_report_data *data, const mnz_report_row *rows,
                             size_t count, const column *columns, size_t n_columns, mnz_error *err) {
  mnz_report_table table = {.rows = count + 1, .columns = n_columns};
  table.cell = mnz_arena_alloc(data->arena, table.rows * table.columns, sizeof *table.cell, err);
  if (table.cell == NULL) return MNZ_NO_MEMORY;
  for (size_t c = 0; c < n_columns; c++) {
    table.cell[c] = head(columns[c]);
    for (size_t r = 0; r < count; r++) {
      char text[ROOM];
      const char *cell = mnz_arena_text(data->arena, figure(data, &rows[r], columns[c], text), err);
      if (cell == NULL) return MNZ_NO_MEMORY;
      table.cell[(r + 1) * n_columns + c] = cell;
    }
  }
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

static mnz_status write_elements(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  static const column columns[] = {COLUMN_NAME,      COLUMN_MINED, COLUMN_SEPARATED, COLUMN_ASKED,
                                   COLUMN_DELIVERED, COLUMN_LATE,  COLUMN_SHORT,     COLUMN_FILL,
                                   COLUMN_COVER,     COLUMN_FIRST};
  if (data->n_elements == 0) return MNZ_OK;
  const char *focus = mnz_scenario_focus(data->scenario);
  mnz_buffer_add(to, "\nElements");
  if (focus != NULL) mnz_buffer_print(to, ", for users in %s", focus);
  mnz_buffer_add(to, " (t REO)\n");
  return write_rows(to, data, data->elements, data->n_elements, columns, sizeof columns / sizeof *columns,
                    err);
}

/* Import dependence; nothing to say where there is one origin. */
static mnz_status write_origins(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  if (data->n_elements == 0 || data->n_origins < 2) return MNZ_OK;
  mnz_report_table table = {.rows = data->n_elements + 1, .columns = data->n_origins + 1};
  table.cell = mnz_arena_alloc(data->arena, table.rows * table.columns, sizeof *table.cell, err);
  if (table.cell == NULL) return MNZ_NO_MEMORY;
  table.cell[0] = "";
  for (size_t o = 0; o < data->n_origins; o++) table.cell[o + 1] = data->origins[o];
  for (size_t r = 0; r < data->n_elements; r++) {
    const char **row = table.cell + (r + 1) * table.columns;
    row[0] = data->elements[r].name;
    for (size_t o = 0; o < data->n_origins; o++) {
      char text[ROOM];
      row[o + 1] =
          mnz_arena_text(data->arena, mnz_report_percent(data->elements[r].origin_share[o], text), err);
      if (row[o + 1] == NULL) return MNZ_NO_MEMORY;
    }
  }
  mnz_buffer_add(to, "\nOrigin of what was delivered (%)\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

/* Wraps a line that was put together, and lets go of it. */
static void write_line(mnz_buffer *to, mnz_buffer *line) {
  if (!line->failed) mnz_report_write_wrapped(to, line->at);
  to->failed = to->failed || line->failed;
  mnz_buffer_free(line);
}

static void write_unasked(mnz_buffer *to, const mnz_report_data *data) {
  char amount[ROOM];
  if (data->n_unasked == 0) return;
  mnz_buffer line = {0};
  mnz_buffer_add(&line, "Mined, but not asked for: ");
  for (size_t i = 0; i < data->n_unasked; i++)
    mnz_buffer_print(&line, "%s%s %s t", i > 0 ? ", " : "", data->unasked[i].name,
                     mnz_report_number(data->unasked[i].mined, amount));
  mnz_buffer_add(to, "\n");
  write_line(to, &line);
}

static mnz_status write_demands(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  static const column columns[] = {COLUMN_NAME,  COLUMN_ASKED, COLUMN_DELIVERED, COLUMN_LATE,
                                   COLUMN_SHORT, COLUMN_FILL,  COLUMN_FIRST};
  if (data->n_demands == 0) return MNZ_OK;
  mnz_buffer_add(to, "\nDemand (t of the product)\n");
  return write_rows(to, data, data->demands, data->n_demands, columns, sizeof columns / sizeof *columns, err);
}

static void write_top(mnz_buffer *to, const mnz_report_data *data) {
  char date[ROOM];
  const mnz_scenario *s = data->scenario;
  mnz_buffer_print(to, "%s\n", mnz_scenario_title(s));
  if (mnz_scenario_question(s)[0] != '\0') mnz_report_write_wrapped(to, mnz_scenario_question(s));
  mnz_buffer_print(to, "%s to ", mnz_moment_format(mnz_scenario_start(s), date));
  mnz_buffer_add(to, mnz_moment_format(mnz_scenario_end(s), date));
  if (mnz_scenario_measured_from(s) > mnz_scenario_start(s))
    mnz_buffer_print(to, ", measured from %s", mnz_moment_format(mnz_scenario_measured_from(s), date));
  mnz_buffer_print(to, ", seed %s, replication %" PRIu64 "\n", mnz_scenario_seed(s),
                   data->result->replication);
}

mnz_status mnz_report_write_text(mnz_buffer *to, const mnz_report_data *data, mnz_error *err) {
  const mnz_result *r = data->result;
  mnz_status status;
  mnz_report_reasons reasons;
  if ((status = mnz_report_find_reasons(data, &reasons, err)) != MNZ_OK) return status;
  write_top(to, data);
  mnz_buffer_add(to, "\n");
  mnz_report_say_first(to, data, &reasons);
  if ((status = write_elements(to, data, err)) != MNZ_OK) return status;
  if ((status = write_origins(to, data, err)) != MNZ_OK) return status;
  write_unasked(to, data);
  if ((status = write_demands(to, data, err)) != MNZ_OK) return status;
  if ((status = mnz_report_write_flow(to, data, err)) != MNZ_OK) return status;
  if ((status = mnz_report_write_queues(to, data, err)) != MNZ_OK) return status;
  if ((status = mnz_report_write_regimes(to, data, err)) != MNZ_OK) return status;
  if ((status = mnz_report_write_money(to, data, err)) != MNZ_OK) return status;
  mnz_buffer_add(to, "\n");
  mnz_buffer_print(to, "ledger: residual %" PRId64 " mg over %zu components; %" PRIu64 " events\n",
                   r->residual_mg, r->length[MNZ_AXIS_ELEMENT] * r->length[MNZ_AXIS_ORIGIN], r->events);
  if (data->n_demands > 0) {
    mnz_buffer_add(
        to,
        "late: delivered, shipped later than asked for; short: never shipped; cover: of stocks at the end\n");
  }
  return MNZ_OK;
}
