/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made-up results of every shape that a file can hold, for the tests of the archive. */
#ifndef MNZ_TESTS_FORMAT_SAMPLE_H
#define MNZ_TESTS_FORMAT_SAMPLE_H

#include "base/error.h"
#include "base/memory.h"
#include "monazite/archive.h"
#include "monazite/batch.h"
#include "world/scenario.h"

#include <math.h>
#include <string.h>

#define SAMPLE_TEXT "title = \"Rare earths\";\nseed = \"20251001\";\n"

typedef struct sample {
  mnz_arena *arena; /* owns all */
  mnz_scenario scenario;
  mnz_result *results;
  const mnz_result **pointers; /* to each */
  size_t count;
} sample;

typedef struct sample_size {
  size_t replications;
  uint64_t first; /* number of the first replication */
  size_t nodes;
  size_t days;
  size_t series; /* of all accounts: at least 1 */
  size_t
      events; /* of the first replication; of the others some more, of every fifth from the fourth on none */
} sample_size;

static inline void *sample_new(sample *s, size_t count, size_t size) {
  void *const p = mnz_arena_alloc(s->arena, count, size, NULL);
  MNZ_REQUIRE(p != NULL);
  return p;
}

/* A repeatable number in [0, 1) that depends on all three. */
static inline double sample_noise(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t x = a * UINT64_C(0x9E3779B97F4A7C15) + b * UINT64_C(0xBF58476D1CE4E5B9) + c + 1;
  x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
  return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

static inline void sample_fill(const mnz_result *r, mnz_variable *v, uint64_t salt) {
  const size_t cells = mnz_result_cells(r, v);
  const size_t days = r->length[MNZ_AXIS_TIME];
  double level = 0;
  for (size_t i = 0; i < cells; i++) {
    const double noise = sample_noise(r->replication, salt, i);
    /* A series stands still for some days and then jumps, as stocks do. */
    if (!v->series || i % days == 0 || noise < 0.2) level = 1000 * noise;
    if (v->cell == MNZ_CELL_F8) ((double *)v->data)[i] = level;
    if (v->cell == MNZ_CELL_F4) ((float *)v->data)[i] = (float)level;
    if (v->cell == MNZ_CELL_I4) ((int32_t *)v->data)[i] = (int32_t)level;
    if (v->cell == MNZ_CELL_I8) ((int64_t *)v->data)[i] = INT64_C(9007199254740993) + (int64_t)level;
    if (v->cell == MNZ_CELL_U1) ((uint8_t *)v->data)[i] = (uint8_t)(5 * noise);
  }
  if (v->cell == MNZ_CELL_F8 && v->series) ((double *)v->data)[0] = NAN; /* not defined on the first day */
}

static inline void sample_axes(sample *s, mnz_result *r, const sample_size *size) {
  static const char *const materials[] = {"Dy oxide", "concentrate"};
  static const char *const elements[] = {"Dy", "Nd", "Tb"};
  static const char *const origins[] = {"australia", "china"};
  static const char *const states[] = {"idle", "up", "starved", "blocked", "down"};
  const char **nodes = sample_new(s, size->nodes, sizeof *nodes);
  for (size_t i = 0; i < size->nodes; i++)
    nodes[i] = mnz_arena_format(s->arena, NULL, "Werk %02zu für Öl", i);
  nodes[size->nodes - 1] = "Sojitz";
  r->labels[MNZ_AXIS_NODE] = nodes;
  r->labels[MNZ_AXIS_MATERIAL] = materials;
  r->labels[MNZ_AXIS_ELEMENT] = elements;
  r->labels[MNZ_AXIS_ORIGIN] = origins;
  r->labels[MNZ_AXIS_STATE] = states;
  const size_t length[MNZ_AXES] = {
      [MNZ_AXIS_NODE] = size->nodes, [MNZ_AXIS_MATERIAL] = 2, [MNZ_AXIS_ELEMENT] = 3,
      [MNZ_AXIS_ORIGIN] = 2,         [MNZ_AXIS_STATE] = 5,    [MNZ_AXIS_ACCOUNT] = 5 * size->nodes,
      [MNZ_AXIS_TIME] = size->days};
  memcpy(r->length, length, sizeof length);

  int32_t *const node = sample_new(s, 5 * size->nodes, sizeof *node);
  int32_t *const material = sample_new(s, 5 * size->nodes, sizeof *material);
  int32_t *const element = sample_new(s, 5 * size->nodes, sizeof *element);
  for (size_t i = 0; i < 5 * size->nodes; i++) {
    node[i] = (int32_t)(i / 5);
    material[i] = i % 5 < 1 ? 0 : 1;
    element[i] = i % 5 < 1 ? 0 : (int32_t)(i % 5) - 1; /* 3 is "all" */
  }
  r->account_node = node;
  r->account_material = material;
  r->account_element = element;
  double *const time = sample_new(s, size->days, sizeof *time);
  for (size_t i = 0; i < size->days; i++) time[i] = (double)(i + 1);
  r->time = time;
}

static inline void sample_variables(sample *s, mnz_result *r, size_t n_series) {
  static const mnz_variable table[] = {
      {.name = "fill_rate", .long_name = "share of demand that was met", .unit = "1", .cell = MNZ_CELL_F8},
      {.name = "delivered",
       .long_name = "mass delivered",
       .unit = "t",
       .cell = MNZ_CELL_F8,
       .n_axes = 1,
       .axes = {MNZ_AXIS_NODE}},
      {.name = "origin_share",
       .long_name = "share by origin",
       .unit = "1",
       .cell = MNZ_CELL_F8,
       .n_axes = 2,
       .axes = {MNZ_AXIS_ELEMENT, MNZ_AXIS_ORIGIN}},
      {.name = "state_share",
       .long_name = "share of the time in each state",
       .unit = "1",
       .cell = MNZ_CELL_F4,
       .n_axes = 2,
       .axes = {MNZ_AXIS_NODE, MNZ_AXIS_STATE}},
      {.name = "born",
       .long_name = "mass that was born",
       .unit = "mg",
       .cell = MNZ_CELL_I8,
       .n_axes = 1,
       .axes = {MNZ_AXIS_ELEMENT}},
      {.name = "outages",
       .long_name = "outages",
       .unit = "1",
       .cell = MNZ_CELL_I4,
       .n_axes = 1,
       .axes = {MNZ_AXIS_NODE}},
      {.name = "node_state",
       .long_name = "state of the facility",
       .unit = "1",
       .cell = MNZ_CELL_U1,
       .n_axes = 2,
       .axes = {MNZ_AXIS_NODE, MNZ_AXIS_TIME},
       .series = true,
       .flag_meanings = "idle up starved blocked down"},
      {.name = "open",
       .long_name = "flow into the node",
       .unit = "t d-1",
       .cell = MNZ_CELL_F4,
       .n_axes = 2,
       .axes = {MNZ_AXIS_NODE, MNZ_AXIS_TIME},
       .series = true},
      {.name = "stock",
       .long_name = "stock",
       .unit = "t",
       .cell = MNZ_CELL_F8,
       .n_axes = 2,
       .axes = {MNZ_AXIS_ACCOUNT, MNZ_AXIS_TIME},
       .series = true,
       .headline = true},
  };
  const size_t n_table = sizeof table / sizeof *table;
  r->n_variables = n_table + n_series - 1;
  r->variables = sample_new(s, r->n_variables, sizeof *r->variables);
  memcpy(r->variables, table, sizeof table);
  for (size_t k = n_table; k < r->n_variables; k++) {
    r->variables[k] = table[n_table - 1];
    r->variables[k].name = mnz_arena_format(s->arena, NULL, "series_%zu", k);
  }
  for (size_t k = 0; k < r->n_variables; k++) {
    r->variables[k].data = sample_new(s, mnz_result_cells(r, &r->variables[k]), 8);
    sample_fill(r, &r->variables[k], k);
  }
}

/* One of every kind in turn, of which every fourth is of no material. */
static inline void sample_events(sample *s, mnz_result *r, size_t k, const sample_size *size) {
  r->keeps_log = size->events > 0;
  r->n_log = size->events == 0 || k % 5 == 3 ? 0 : size->events + k;
  r->log = r->n_log == 0 ? NULL : sample_new(s, r->n_log, sizeof *r->log);
  const int64_t horizon = s->scenario.end_us - s->scenario.start_us;
  for (size_t i = 0; i < r->n_log; i++) {
    const bool of_material = i % 4 != 0;
    r->log[i] =
        (mnz_model_event){.time_us = horizon / (int64_t)r->n_log * (int64_t)i,
                          .what = (mnz_model_event_kind)(i % MNZ_MODEL_EVENTS),
                          .node = (int32_t)(i % size->nodes),
                          .other = i % 3 == 0 ? -1 : (int32_t)(i % size->nodes),
                          .material = of_material ? (int32_t)(i % 2) : -1,
                          .link = (int32_t)(i % 3) - 1,
                          .disruption = (int32_t)(i % 2) - 1,
                          .mass_mg = of_material ? (int64_t)(1e12 * sample_noise(r->replication, 0, i)) : 0,
                          .detail = i % 5 == 0 ? NAN : sample_noise(r->replication, 1, i)};
  }
}

static inline void sample_create(sample *s, const sample_size *size) {
  static const mnz_link_spec links[] = {{.name = "rail"}, {.name = "sea, in convoy"}};
  static const mnz_disruption_spec disruptions[] = {{.name = "strike"}};
  memset(s, 0, sizeof *s);
  MNZ_REQUIRE(mnz_arena_create(&s->arena, NULL) == MNZ_OK);
  s->scenario.title = "Rare earths";
  s->scenario.question = "When does dysprosium run short?";
  s->scenario.start_us = INT64_C(1759276800) * 1000000; /* 2025-10-01 */
  s->scenario.end_us = s->scenario.start_us + (int64_t)size->days * INT64_C(86400000000);
  s->scenario.seed_text = "20251001";
  s->scenario.links = (mnz_list){links, 2};
  s->scenario.disruptions = (mnz_list){disruptions, 1};
  s->count = size->replications;
  s->results = sample_new(s, s->count, sizeof *s->results);
  s->pointers = sample_new(s, s->count, sizeof *s->pointers);
  for (size_t i = 0; i < s->count; i++) {
    mnz_result *const r = &s->results[i];
    r->replication = size->first + i;
    r->events = 1000 + i;
    sample_axes(s, r, size);
    sample_variables(s, r, size->series);
    sample_events(s, r, i, size);
    s->pointers[i] = r;
  }
}

static inline void sample_free(sample *s) {
  mnz_arena_free(s->arena);
}

/* The first `count` replications with their summary. */
static inline mnz_status sample_save(const sample *s, const char *path, size_t count,
                                     const mnz_run_facts *facts, const mnz_archive_options *options,
                                     char digest[65], mnz_error *err) {
  const mnz_rows rows = mnz_rows_of_results(s->pointers, count);
  const mnz_summary_options how = mnz_summary_options_default();
  mnz_summary *summary = NULL;
  mnz_status status = mnz_summarise(&rows, &how, &summary, err);
  if (status == MNZ_OK)
    status = mnz_archive_write(path, &s->scenario, &rows, summary, facts, options, digest, err);
  mnz_summary_free(summary);
  return status;
}

static inline mnz_status sample_write(const sample *s, const char *path, bool series, char digest[65],
                                      mnz_error *err) {
  const mnz_run_facts facts = {.command_line = "monazite run sample.cfg",
                               .started_unix = 1.7e9,
                               .finished_unix = 1.7e9 + 3.5,
                               .wall_seconds = 3.5,
                               .threads = 1};
  mnz_archive_options options = mnz_archive_options_default();
  options.series = series;
  options.scenario_text = SAMPLE_TEXT;
  return sample_save(s, path, s->count, &facts, &options, digest, err);
}

#endif
