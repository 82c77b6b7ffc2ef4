/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/batch_summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

enum { MOST_FACILITIES = 10 };

/* --- tables --- */

static mnz_status create_table(const mnz_report_batch_data *data, size_t rows, size_t columns,
                               mnz_report_table *out, mnz_error *err) {
  *out = (mnz_report_table){.rows = rows + 1, .columns = columns};
  out->cell = mnz_arena_alloc(data->arena, out->rows * columns, sizeof *out->cell, err);
  if (out->cell == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < out->rows * columns; i++) out->cell[i] = "";
  return MNZ_OK;
}

/* Row 0 is the head. Keeps a copy of the text. */
static mnz_status put(const mnz_report_batch_data *data, const mnz_report_table *table, size_t row,
                      size_t column, const char *text, mnz_error *err) {
  const char **cell = &table->cell[row * table->columns + column];
  *cell = mnz_arena_text(data->arena, text, err);
  return *cell != NULL ? MNZ_OK : MNZ_NO_MEMORY;
}

/* Wraps a line that was put together, and lets go of it. */
static void write_line(mnz_buffer *to, mnz_buffer *line) {
  if (!line->failed) mnz_report_write_wrapped(to, line->at);
  to->failed = to->failed || line->failed;
  mnz_buffer_free(line);
}

/* --- elements and demands --- */

typedef enum column {
  COLUMN_NAME,
  COLUMN_CHANCE,
  COLUMN_FIRST,
  COLUMN_ASKED,
  COLUMN_LATE,
  COLUMN_NEVER,
  COLUMN_NEVER_HIGH,
  COLUMN_WORST,
  COLUMN_FILL,
  COLUMN_FILL_LOW,
  COLUMN_COVER,
  COLUMN_COVER_LOW
} column;

static const char *head(column c) {
  switch (c) {
  case COLUMN_NAME:
    return "";
  case COLUMN_CHANCE:
    return "any shortage %";
  case COLUMN_FIRST:
    return "first shortage";
  case COLUMN_ASKED:
    return "asked";
  case COLUMN_LATE:
    return "late";
  case COLUMN_NEVER:
    return "never delivered";
  case COLUMN_NEVER_HIGH:
    return "never delivered, q95";
  case COLUMN_WORST:
    return "never delivered, worst 5 %";
  case COLUMN_FILL:
    return "in time %";
  case COLUMN_FILL_LOW:
    return "in time, q05";
  case COLUMN_COVER:
    return "cover d";
  case COLUMN_COVER_LOW:
    return "cover, q05";
  }
  return "";
}

/* One value has no quantiles worth the name. */
static double quantile(const mnz_report_figure *f, mnz_statistic which) {
  return f->at[MNZ_STATISTIC_COUNT] > 1 ? f->at[which] : NAN;
}

/* Into `out`, which holds MNZ_REPORT_CELL bytes, or the row's own name. */
static const char *cell_of(const mnz_report_batch_data *data, const mnz_report_batch_row *row, column c,
                           char *out) {
  const double first = row->first_shortage.at[MNZ_STATISTIC_Q50];
  switch (c) {
  case COLUMN_NAME:
    return row->name;
  case COLUMN_CHANCE:
    return mnz_report_chance_percent(&row->any_shortage, true, out);
  case COLUMN_FIRST:
    return mnz_report_date(data->scenario, first, out)[0] != '\0' ? out : "-";
  case COLUMN_ASKED:
    return mnz_report_mean(data->summary, &row->asked, out);
  case COLUMN_LATE:
    return mnz_report_mean(data->summary, &row->late, out);
  case COLUMN_NEVER:
    return mnz_report_mean(data->summary, &row->shortfall, out);
  case COLUMN_NEVER_HIGH:
    return mnz_report_number(quantile(&row->shortfall, MNZ_STATISTIC_Q95), out);
  case COLUMN_WORST:
    return mnz_report_worst(&row->shortfall, out);
  case COLUMN_FILL:
    return mnz_report_mean_percent(data->summary, &row->fill_rate, out);
  case COLUMN_FILL_LOW:
    return mnz_report_percent(quantile(&row->fill_rate, MNZ_STATISTIC_Q05), out);
  case COLUMN_COVER:
    return mnz_report_mean(data->summary, &row->cover, out);
  case COLUMN_COVER_LOW:
    return mnz_report_number(quantile(&row->cover, MNZ_STATISTIC_Q05), out);
  }
  return "";
}

static mnz_status write_rows(mnz_buffer *to, const mnz_report_batch_data *data,
                             const mnz_report_batch_row *rows, size_t count, const column *columns,
                             size_t n_columns, mnz_error *err) {
  mnz_report_table table;
  mnz_status status = create_table(data, count, n_columns, &table, err);
  for (size_t c = 0; c < n_columns; c++) {
    if (status == MNZ_OK) status = put(data, &table, 0, c, head(columns[c]), err);
    for (size_t r = 0; r < count && status == MNZ_OK; r++) {
      char text[MNZ_REPORT_CELL];
      status = put(data, &table, r + 1, c, cell_of(data, &rows[r], columns[c], text), err);
    }
  }
  if (status == MNZ_OK) mnz_report_write_table(to, &table);
  return status;
}

/* Where all came in time, a table of zeros says nothing. */
static bool is_any_missing(const mnz_report_batch_data *data) {
  bool any = false;
  for (size_t i = 0; i < data->n_elements; i++)
    any |= data->elements[i].late.at[MNZ_STATISTIC_MAXIMUM] > 0 ||
           data->elements[i].shortfall.at[MNZ_STATISTIC_MAXIMUM] > 0;
  return any;
}

static mnz_status write_elements(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  static const column supply[] = {COLUMN_NAME, COLUMN_ASKED,    COLUMN_CHANCE, COLUMN_FIRST,
                                  COLUMN_FILL, COLUMN_FILL_LOW, COLUMN_COVER,  COLUMN_COVER_LOW};
  static const column missing[] = {COLUMN_NAME, COLUMN_LATE, COLUMN_NEVER, COLUMN_NEVER_HIGH, COLUMN_WORST};
  if (data->n_elements == 0) return MNZ_OK;
  const char *focus = mnz_scenario_focus(data->scenario);
  mnz_buffer_add(to, "\nElements");
  if (focus != NULL) mnz_buffer_print(to, ", for users in %s", focus);
  mnz_buffer_add(to, " (t REO)\n");
  const mnz_status status =
      write_rows(to, data, data->elements, data->n_elements, supply, sizeof supply / sizeof *supply, err);
  if (status != MNZ_OK || !is_any_missing(data)) return status;
  mnz_buffer_add(to, "\n");
  return write_rows(to, data, data->elements, data->n_elements, missing, sizeof missing / sizeof *missing,
                    err);
}

/* Import dependence; nothing to say where there is one origin. */
static mnz_status write_origins(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  if (data->n_elements == 0 || data->n_origins < 2) return MNZ_OK;
  mnz_report_table table;
  mnz_status status = create_table(data, data->n_elements, data->n_origins + 1, &table, err);
  if (status != MNZ_OK) return status;
  for (size_t o = 0; o < data->n_origins; o++) table.cell[o + 1] = data->origins[o];
  for (size_t r = 0; r < data->n_elements; r++) {
    const mnz_report_batch_row *row = &data->elements[r];
    table.cell[(r + 1) * table.columns] = row->name;
    for (size_t o = 0; o < data->n_origins && status == MNZ_OK; o++) {
      char text[MNZ_REPORT_CELL];
      status = put(data, &table, r + 1, o + 1,
                   mnz_report_mean_percent(data->summary, &row->origin_share[o], text), err);
    }
  }
  if (status != MNZ_OK) return status;
  mnz_buffer_add(to, "\nOrigin of what was delivered (%)\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

static mnz_status write_demands(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  static const column columns[] = {COLUMN_NAME,  COLUMN_ASKED, COLUMN_CHANCE,
                                   COLUMN_FIRST, COLUMN_FILL,  COLUMN_NEVER};
  if (data->n_demands == 0) return MNZ_OK;
  mnz_buffer_add(to, "\nDemand (t of the product)\n");
  return write_rows(to, data, data->demands, data->n_demands, columns, sizeof columns / sizeof *columns, err);
}

/* --- what is not defined everywhere --- */

static void list_fewer(mnz_buffer *to, const mnz_report_batch_data *data, const mnz_report_batch_row *row,
                       const char *what, const mnz_report_figure *f) {
  const double count = f->at[MNZ_STATISTIC_COUNT];
  if (!(count < (double)data->sound)) return;
  mnz_buffer_print(to, "%s%s of %s in %.0f", to->length > 0 ? ", " : "", what, row->name, count);
}

/* A mean over some replications only is not to be taken for one over all. */
static void write_fewer(mnz_buffer *to, const mnz_report_batch_data *data) {
  mnz_buffer list = {0};
  for (size_t i = 0; i < data->n_elements; i++) {
    const mnz_report_batch_row *row = &data->elements[i];
    list_fewer(&list, data, row, "share in time", &row->fill_rate);
    list_fewer(&list, data, row, "cover", &row->cover);
    if (data->n_origins > 1) list_fewer(&list, data, row, "origin", &row->origin_share[0]);
  }
  for (size_t i = 0; i < data->n_demands; i++)
    list_fewer(&list, data, &data->demands[i], "share in time", &data->demands[i].fill_rate);
  mnz_buffer line = {0};
  if (list.length > 0) {
    mnz_buffer_print(&line, "Not defined in all replications: %s", list.at);
    mnz_buffer_add(to, "\n");
    write_line(to, &line);
  }
  to->failed = to->failed || list.failed;
  mnz_buffer_free(&list);
}

/* --- facilities --- */

static mnz_status write_facilities(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  static const char *const shown[] = {"down", "starved", "blocked", "up"};
  enum { SHOWN = sizeof shown / sizeof *shown };
  if (data->n_facilities == 0) return MNZ_OK;
  const size_t rows = data->n_facilities < MOST_FACILITIES ? data->n_facilities : MOST_FACILITIES;
  mnz_report_table table;
  mnz_status status = create_table(data, rows, SHOWN + 1, &table, err);
  for (size_t r = 0; r < rows && status == MNZ_OK; r++)
    table.cell[(r + 1) * table.columns] = data->facilities[r].name;
  for (size_t c = 0; c < SHOWN; c++) {
    if (status == MNZ_OK) table.cell[c + 1] = shown[c];
    for (size_t s = 0; s < data->n_states; s++) {
      if (strcmp(data->states[s], shown[c]) != 0) continue;
      for (size_t r = 0; r < rows && status == MNZ_OK; r++) {
        char text[MNZ_REPORT_CELL];
        status = put(data, &table, r + 1, c + 1, mnz_report_percent(data->facilities[r].share[s], text), err);
      }
    }
  }
  if (status != MNZ_OK) return status;
  mnz_buffer_add(to, "\nFacilities down, starved or blocked more than 1 % of the time (%; the rest is idle)");
  if (rows < data->n_facilities) mnz_buffer_print(to, ", the worst %zu of %zu", rows, data->n_facilities);
  mnz_buffer_add(to, "\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

/* --- over the years --- */

static size_t count_any_shortage(const mnz_report_batch_data *data) {
  size_t count = 0;
  for (size_t i = 0; i < data->n_elements; i++) count += data->elements[i].any_shortage.share > 0;
  return count;
}

static mnz_status write_years(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  const size_t rows = count_any_shortage(data);
  if (rows == 0 || data->n_dates == 0) return MNZ_OK;
  mnz_report_table table;
  char text[MNZ_REPORT_CELL];
  mnz_status status = create_table(data, rows, data->n_dates + 1, &table, err);
  for (size_t d = 0; d < data->n_dates && status == MNZ_OK; d++)
    status = put(data, &table, 0, d + 1, mnz_report_date(data->scenario, data->dates[d], text), err);
  size_t r = 0;
  for (size_t i = 0; i < data->n_elements && status == MNZ_OK; i++) {
    const mnz_report_batch_row *row = &data->elements[i];
    if (!(row->any_shortage.share > 0)) continue;
    table.cell[++r * table.columns] = row->name;
    for (size_t d = 0; d < data->n_dates && status == MNZ_OK; d++)
      status = put(data, &table, r, d + 1, mnz_report_chance_percent(&row->shortage_by[d], false, text), err);
  }
  if (status != MNZ_OK) return status;
  mnz_buffer_add(to, "\nAny shortage by (%)\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

/* --- precision --- */

static const char *verdict(const mnz_batch_facts *facts, size_t i) {
  const mnz_aim_state *state = &facts->states[i];
  const bool decides = facts->n_aims > 1 && facts->deciding == i;
  if (state->reached) return decides ? "yes, the last" : "yes";
  if (state->half_width <= 0) return "no, all equal"; /* too few to say that none will differ */
  return decides ? "no, farthest" : "no";
}

/* A half-width with its unit: "0.5 %" of the mean, "2 t", "0.002". */
static mnz_status put_width(const mnz_report_batch_data *data, const mnz_report_table *table, size_t row,
                            size_t at, const char *number, mnz_error *err) {
  const mnz_aim *aim = &data->facts->aims[row - 1];
  const char *unit = aim->relative ? "%" : mnz_report_aim_unit(data->summary, aim);
  const bool plain = strcmp(unit, "1") == 0 || strcmp(number, "-") == 0;
  char text[MNZ_REPORT_CELL];
  (void)snprintf(text, sizeof text, "%s %s", number, unit);
  return put(data, table, row, at, plain ? number : text, err);
}

static mnz_status put_aim(const mnz_report_batch_data *data, const mnz_report_table *table, size_t row,
                          mnz_error *err) {
  const mnz_aim *aim = &data->facts->aims[row - 1];
  const mnz_aim_state *state = &data->facts->states[row - 1];
  const double factor = aim->relative ? 100 : 1;
  const double half = aim->relative ? state->half_width / fabs(state->mean) : state->half_width;
  char text[MNZ_REPORT_CELL];
  mnz_status status;
  (void)snprintf(text, sizeof text, "%.6g", factor * aim->width); /* as it was asked for */
  if ((status = put(data, table, row, 0, aim->name, err)) != MNZ_OK) return status;
  if ((status = put_width(data, table, row, 1, text, err)) != MNZ_OK) return status;
  if ((status = put_width(data, table, row, 2, mnz_report_number(factor * half, text), err)) != MNZ_OK)
    return status;
  (void)snprintf(text, sizeof text, "%" PRIu64, state->count);
  if ((status = put(data, table, row, 3, text, err)) != MNZ_OK) return status;
  return put(data, table, row, 4, verdict(data->facts, row - 1), err);
}

static mnz_status write_aims(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  static const char *const heads[] = {"", "aimed at", "half-width", "count", "reached"};
  enum { COLUMNS = sizeof heads / sizeof *heads };
  if (data->facts->n_aims == 0) return MNZ_OK;
  mnz_report_table table;
  mnz_status status = create_table(data, data->facts->n_aims, COLUMNS, &table, err);
  for (size_t c = 0; c < COLUMNS && status == MNZ_OK; c++) table.cell[c] = heads[c];
  for (size_t row = 1; row <= data->facts->n_aims && status == MNZ_OK; row++)
    status = put_aim(data, &table, row, err);
  if (status != MNZ_OK) return status;
  mnz_buffer_add(to, "\nPrecision aimed at\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

/* --- top and bottom --- */

static void write_intervals(mnz_buffer *to, const mnz_report_batch_data *data) {
  const mnz_summary *s = data->summary;
  mnz_buffer line = {0};
  if (data->sound == 0) return;
  mnz_buffer_print(&line, "%g %% intervals over %zu replication%s: ", 100 * s->confidence, data->sound,
                   data->sound == 1 ? "" : "s");
  if (data->sound == 1) {
    mnz_buffer_add(&line, "[,] of probabilities (Wilson); means have none");
  } else if (s->interval == MNZ_INTERVAL_STUDENT) {
    mnz_buffer_add(&line, "\u00b1 of means (Student; none if all equal), or [,] where that would pass 0 or "
                          "100 %; [,] of probabilities (Wilson)");
  } else {
    mnz_buffer_add(&line, "[,] of means (bootstrap-t; none if all equal) and of probabilities (Wilson), "
                          "\u00b1 of the worst 5 % (Student), or [,] where that would pass 0");
  }
  write_line(to, &line);
}

static void write_span(mnz_buffer *to, const mnz_report_batch_data *data) {
  char date[32];
  const mnz_scenario *s = data->scenario;
  const size_t count = data->summary->replications;
  mnz_buffer_print(to, "%s to ", mnz_moment_format(mnz_scenario_start(s), date));
  mnz_buffer_add(to, mnz_moment_format(mnz_scenario_end(s), date));
  if (mnz_scenario_measured_from(s) > mnz_scenario_start(s))
    mnz_buffer_print(to, ", measured from %s", mnz_moment_format(mnz_scenario_measured_from(s), date));
  mnz_buffer_print(to, ", seed %s, %zu replication%s\n", mnz_scenario_seed(s), count, count == 1 ? "" : "s");
}

/* A dated outage begins before measures count, or that is most of the run: readers may not expect it. */
static bool is_much_unmeasured(const mnz_scenario *s) {
  const int64_t unmeasured = mnz_scenario_measured_from(s) - mnz_scenario_start(s);
  if (2 * unmeasured > mnz_scenario_end(s) - mnz_scenario_start(s)) return true;
  for (int32_t i = 0; i < s->disruptions.count; i++) {
    const mnz_list *periods = &mnz_scenario_disruption(s, i)->periods;
    for (int32_t k = 0; k < periods->count; k++) {
      const mnz_period *p = (const mnz_period *)periods->at + k;
      if (p->from < unmeasured && (p->until == MNZ_NO_DATE || p->until > 0)) return true;
    }
  }
  return false;
}

static void write_unmeasured(mnz_buffer *to, const mnz_report_batch_data *data) {
  char date[32];
  const int64_t from = mnz_scenario_measured_from(data->scenario);
  if (from == mnz_scenario_start(data->scenario) || !is_much_unmeasured(data->scenario)) return;
  mnz_buffer_print(to, "What happens before %s is not in the figures\n", mnz_moment_format(from, date));
}

static void write_failed(mnz_buffer *to, const mnz_report_batch_data *data) {
  const size_t failed = data->summary->failed;
  if (failed == 0) return;
  mnz_buffer line = {0};
  if (data->summary->replications == 1) {
    mnz_buffer_add(&line, "It failed and is left out");
  } else {
    mnz_buffer_print(&line, "%zu of them failed and %s left out", failed, failed == 1 ? "is" : "are");
  }
  if (data->facts->failure != NULL)
    mnz_buffer_print(&line, ", first replication %" PRIu32 ": %s", data->facts->first_failed,
                     data->facts->failure);
  write_line(to, &line);
}

static void write_top(mnz_buffer *to, const mnz_report_batch_data *data) {
  const char *question = mnz_scenario_question(data->scenario);
  mnz_buffer_print(to, "%s\n", mnz_scenario_title(data->scenario));
  if (question[0] != '\0') mnz_report_write_wrapped(to, question);
  write_span(to, data);
  write_unmeasured(to, data);
  write_failed(to, data);
  write_intervals(to, data);
}

static void write_bottom(mnz_buffer *to, const mnz_report_batch_data *data) {
  if (data->facts->ended != NULL) mnz_report_write_wrapped(to, data->facts->ended);
  if (data->n_elements == 0 && data->n_demands == 0) return;
  mnz_report_write_wrapped(
      to,
      "any shortage (any_shortage; in the results file the share of first_shortage): an order is not filled "
      "at "
      "once; first shortage (first_shortage): its day, the median in those replications that have one; in "
      "time "
      "(fill_rate), late (delivered_late): shipped at once, later; never delivered (short): given up, lost, "
      "or not shipped by the end; cover (days_of_cover_end): how long the stocks at the end last; asked: "
      "demanded; of a demand all measures with node_ before; q05, q95: one replication in twenty is below, "
      "above; worst 5 % (cvar): the mean of that twentieth");
}

mnz_status mnz_report_batch_write_text(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  mnz_status status;
  write_top(to, data);
  if ((status = write_elements(to, data, err)) != MNZ_OK) return status;
  if ((status = write_origins(to, data, err)) != MNZ_OK) return status;
  if ((status = write_demands(to, data, err)) != MNZ_OK) return status;
  write_fewer(to, data);
  if ((status = write_facilities(to, data, err)) != MNZ_OK) return status;
  if ((status = mnz_report_batch_write_queues(to, data, err)) != MNZ_OK) return status;
  if ((status = mnz_report_batch_write_sums(to, data, err)) != MNZ_OK) return status;
  if ((status = write_years(to, data, err)) != MNZ_OK) return status;
  mnz_buffer_add(to, "\n");
  mnz_buffer headline = {0};
  mnz_report_batch_headline(&headline, data);
  write_line(to, &headline);
  if ((status = write_aims(to, data, err)) != MNZ_OK) return status;
  write_bottom(to, data);
  return MNZ_OK;
}
