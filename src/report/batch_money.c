/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money, prices and contracts of a batch: one table for all. */
#include "report/batch_summary.h"

#include <math.h>

/* What is shown, in this order; a thousand dollars are shown as one. */
static const struct {
  const char *name;
  const char *words;
  double unit;
} shown[] = {
    {"cost_total", "all costs kUSD", 1e3},
    {"node_cost", "costs kUSD", 1e3},
    {"revenue", "revenue kUSD", 1e3},
    {"price_average", "mean price USD/kg", 1},
    {"price_end", "price at the end USD/kg", 1},
    {"contract_delivered", "delivered t", 1},
    {"contract_owed", "owed t", 1},
    {"contract_untaken", "untaken t", 1},
    {"contract_paid_untaken", "paid for it kUSD", 1e3},
    {"contract_returned", "returned kUSD", 1e3},
};
enum { N_SHOWN = sizeof shown / sizeof *shown, COLUMNS = 5 };

/* The figure of a cell, in the unit that is shown. */
static mnz_report_figure figure(const mnz_summary_variable *of, size_t cells, size_t cell, double unit) {
  mnz_report_figure f;
  for (int s = 0; s < MNZ_STATISTICS; s++) {
    const bool scaled = s >= MNZ_STATISTIC_MEAN; /* those before are numbers of replications */
    f.at[s] = of->statistics[(size_t)s * cells + cell] / (scaled ? unit : 1);
  }
  return f;
}

mnz_status mnz_report_batch_gather_money(mnz_report_batch_data *data, mnz_error *err) {
  const mnz_result *shape = data->summary->shape;
  size_t most = 0;
  for (size_t k = 0; k < N_SHOWN; k++) {
    const mnz_variable *v = mnz_result_find(shape, shown[k].name);
    most += v != NULL ? mnz_result_cells(shape, v) : 0;
  }
  if (most == 0) return MNZ_OK;
  data->money = mnz_arena_alloc(data->arena, most, sizeof *data->money, err);
  if (data->money == NULL) return MNZ_NO_MEMORY;
  for (size_t k = 0; k < N_SHOWN; k++) {
    const mnz_variable *v = mnz_result_find(shape, shown[k].name);
    const mnz_summary_variable *of = v == NULL ? NULL : &data->summary->variables[v - shape->variables];
    if (of == NULL || of->statistics == NULL) continue;
    const size_t cells = mnz_result_cells(shape, v);
    for (size_t i = 0; i < cells; i++) {
      const mnz_report_figure f = figure(of, cells, i, shown[k].unit);
      if (!(f.at[MNZ_STATISTIC_MINIMUM] != 0 || f.at[MNZ_STATISTIC_MAXIMUM] != 0)) continue;
      if (isnan(f.at[MNZ_STATISTIC_MEAN])) continue;
      const char *label = v->n_axes == 0 ? "" : shape->labels[v->axes[0]][i];
      data->money[data->n_money++] = (mnz_report_batch_sum){
          .measure = shown[k].name, .words = shown[k].words, .label = label, .figure = f};
    }
  }
  return MNZ_OK;
}

static mnz_status put(const mnz_report_batch_data *data, const mnz_report_table *table, size_t row,
                      size_t column, const char *text, mnz_error *err) {
  const char *kept = mnz_arena_text(data->arena, text, err);
  table->cell[row * table->columns + column] = kept;
  return kept == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

static mnz_status put_row(const mnz_report_batch_data *data, const mnz_report_table *table, size_t i,
                          mnz_error *err) {
  const mnz_report_batch_sum *sum = &data->money[i];
  const mnz_report_figure *f = &sum->figure;
  const bool many = f->at[MNZ_STATISTIC_COUNT] > 1;
  char text[MNZ_REPORT_CELL];
  const char *name =
      mnz_arena_format(data->arena, err, "%s%s%s", sum->label, sum->label[0] != '\0' ? ": " : "", sum->words);
  if (name == NULL) return MNZ_NO_MEMORY;
  mnz_status status = put(data, table, i + 1, 0, name, err);
  if (status == MNZ_OK) status = put(data, table, i + 1, 1, mnz_report_mean(data->summary, f, text), err);
  if (status == MNZ_OK)
    status = put(data, table, i + 1, 2, mnz_report_number(many ? f->at[MNZ_STATISTIC_Q05] : NAN, text), err);
  if (status == MNZ_OK)
    status = put(data, table, i + 1, 3, mnz_report_number(many ? f->at[MNZ_STATISTIC_Q95] : NAN, text), err);
  if (status == MNZ_OK) status = put(data, table, i + 1, 4, mnz_report_worst(f, text), err);
  return status;
}

mnz_status mnz_report_batch_write_money(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  static const char *const heads[COLUMNS] = {"", "mean", "q05", "q95", "worst 5 %"};
  if (data->n_money == 0) return MNZ_OK;
  mnz_report_table table = {.rows = data->n_money + 1, .columns = COLUMNS};
  table.cell = mnz_arena_alloc(data->arena, table.rows * COLUMNS, sizeof *table.cell, err);
  if (table.cell == NULL) return MNZ_NO_MEMORY;
  for (size_t c = 0; c < COLUMNS; c++) table.cell[c] = heads[c];
  for (size_t i = 0; i < data->n_money; i++) {
    const mnz_status status = put_row(data, &table, i, err);
    if (status != MNZ_OK) return status;
  }
  mnz_buffer_add(to, "\nMoney\n");
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}
