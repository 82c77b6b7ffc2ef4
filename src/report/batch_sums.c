/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch has of money, prices and contracts, and of regimes: a table for each of the two. */
#include "report/batch_summary.h"

#include <math.h>

/* What is shown, in this order; a thousand dollars are shown as one, a share as percent. */
typedef struct shown {
  const char *name;
  const char *words;
  double unit;
} shown;

static const shown of_money[] = {
    {"cost_total", "all costs kUSD", 1e3},
    {"node_cost", "costs kUSD", 1e3},
    {"revenue", "revenue kUSD", 1e3},
    {"price_average", "mean price USD/kg", 1},
    {"price_end", "price at the end USD/kg", 1},
    {"contract_delivered", "delivered t", 1},
    {"contract_owed", "owed t", 1},
    {"contract_untaken", "untaken t", 1},
    {"contract_paid_untaken", "paid for it kUSD", 1e3},
    {"contract_damages", "damages kUSD", 1e3},
    {"contract_returned", "returned kUSD", 1e3},
};

static const shown of_regimes[] = {
    {"regime_share", "% of time", 0.01},
    {"licence_applications", "applications", 1},
    {"licence_refusals", "refusals", 1},
    {"licence_wait", "wait for a licence d", 1},
    {"quota_used", "quota used t", 1},
    {"sent_under_tariff", "sent under a tariff t", 1},
    {"held_back_end", "held back at the end t", 1},
};
enum {
  N_MONEY = sizeof of_money / sizeof *of_money,
  N_REGIMES = sizeof of_regimes / sizeof *of_regimes,
  COLUMNS = 5
};

/* The figure of a cell, in the unit that is shown. */
static mnz_report_figure figure(const mnz_summary_variable *of, size_t cells, size_t cell, double unit) {
  mnz_report_figure f;
  for (int s = 0; s < MNZ_STATISTICS; s++) {
    const bool scaled = s >= MNZ_STATISTIC_MEAN; /* those before are numbers of replications */
    f.at[s] = of->statistics[(size_t)s * cells + cell] / (scaled ? unit : 1);
  }
  return f;
}

/* "Sojitz"; "heavies to Japan, embargo" over two axes; "" over none. */
static const char *label_of(const mnz_report_batch_data *data, const mnz_variable *v, size_t cell,
                            mnz_error *err) {
  const mnz_result *shape = data->summary->shape;
  if (v->n_axes == 0) return "";
  if (v->n_axes == 1) return shape->labels[v->axes[0]][cell];
  const size_t inner = shape->length[v->axes[1]];
  return mnz_arena_format(data->arena, err, "%s, %s", shape->labels[v->axes[0]][cell / inner],
                          shape->labels[v->axes[1]][cell % inner]);
}

/* The cells of one measure that are not 0 in all replications. */
static mnz_status gather_measure(const mnz_report_batch_data *data, const shown *what,
                                 mnz_report_batch_sums *out, mnz_error *err) {
  const mnz_result *shape = data->summary->shape;
  const mnz_variable *v = mnz_result_find(shape, what->name);
  const mnz_summary_variable *of = v == NULL ? NULL : &data->summary->variables[v - shape->variables];
  if (of == NULL || of->statistics == NULL) return MNZ_OK;
  const size_t cells = mnz_result_cells(shape, v);
  for (size_t i = 0; i < cells; i++) {
    const mnz_report_figure f = figure(of, cells, i, what->unit);
    if (!(f.at[MNZ_STATISTIC_MINIMUM] != 0 || f.at[MNZ_STATISTIC_MAXIMUM] != 0)) continue;
    if (isnan(f.at[MNZ_STATISTIC_MEAN])) continue;
    const char *label = label_of(data, v, i, err);
    if (label == NULL) return MNZ_NO_MEMORY;
    out->at[out->count++] =
        (mnz_report_batch_sum){.measure = what->name, .words = what->words, .label = label, .figure = f};
  }
  return MNZ_OK;
}

static mnz_status gather(const mnz_report_batch_data *data, const shown *what, size_t n,
                         mnz_report_batch_sums *out, mnz_error *err) {
  const mnz_result *shape = data->summary->shape;
  size_t most = 0;
  for (size_t k = 0; k < n; k++) {
    const mnz_variable *v = mnz_result_find(shape, what[k].name);
    most += v != NULL ? mnz_result_cells(shape, v) : 0;
  }
  if (most == 0) return MNZ_OK;
  out->at = mnz_arena_alloc(data->arena, most, sizeof *out->at, err);
  mnz_status status = out->at == NULL ? MNZ_NO_MEMORY : MNZ_OK;
  for (size_t k = 0; k < n && status == MNZ_OK; k++) status = gather_measure(data, &what[k], out, err);
  return status;
}

mnz_status mnz_report_batch_gather_sums(mnz_report_batch_data *data, mnz_error *err) {
  const mnz_status status = gather(data, of_money, N_MONEY, &data->money, err);
  return status != MNZ_OK ? status : gather(data, of_regimes, N_REGIMES, &data->regimes, err);
}

static mnz_status put(const mnz_report_batch_data *data, const mnz_report_table *table, size_t row,
                      size_t column, const char *text, mnz_error *err) {
  const char *kept = mnz_arena_text(data->arena, text, err);
  table->cell[row * table->columns + column] = kept;
  return kept == NULL ? MNZ_NO_MEMORY : MNZ_OK;
}

static mnz_status put_row(const mnz_report_batch_data *data, const mnz_report_table *table,
                          const mnz_report_batch_sum *sum, size_t i, mnz_error *err) {
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

static mnz_status write(mnz_buffer *to, const mnz_report_batch_data *data, const char *title,
                        const mnz_report_batch_sums *sums, mnz_error *err) {
  static const char *const heads[COLUMNS] = {"", "mean", "q05", "q95", "worst 5 %"};
  if (sums->count == 0) return MNZ_OK;
  mnz_report_table table = {.rows = sums->count + 1, .columns = COLUMNS};
  table.cell = mnz_arena_alloc(data->arena, table.rows * COLUMNS, sizeof *table.cell, err);
  if (table.cell == NULL) return MNZ_NO_MEMORY;
  for (size_t c = 0; c < COLUMNS; c++) table.cell[c] = heads[c];
  for (size_t i = 0; i < sums->count; i++) {
    const mnz_status status = put_row(data, &table, &sums->at[i], i, err);
    if (status != MNZ_OK) return status;
  }
  mnz_buffer_print(to, "\n%s\n", title);
  mnz_report_write_table(to, &table);
  return MNZ_OK;
}

mnz_status mnz_report_batch_write_sums(mnz_buffer *to, const mnz_report_batch_data *data, mnz_error *err) {
  const mnz_status status = write(to, data, "Regimes", &data->regimes, err);
  return status != MNZ_OK ? status : write(to, data, "Money", &data->money, err);
}
