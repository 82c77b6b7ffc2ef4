/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a lot came from and where it went; and a list of deliveries to choose one from. */
#include "report/log.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/json.h"

enum { ROOM = 32, MOST_LOTS = 10, MOST_DELIVERIES = 25 };

static const char *const ends[] = {"delivered", "tails or scrap", "lost", "in service", "still there"};
static const char *const end_keys[] = {"delivered", "tails", "lost", "in_service", "still_there"};
enum { ENDS = sizeof ends / sizeof *ends };

static bool has_end(const mnz_kin *kin) {
  return kin->end >= 0 && kin->end < (int32_t)ENDS;
}

/* --- groups: lots of a node, a material and an end --- */

typedef struct group {
  int32_t node;
  int32_t material;
  int32_t end;
  int64_t first_us;
  int64_t last_us;
  double share; /* of an ancestor; of a descendant, of the lot's mass */
  double tonnes;
  size_t lots;
} group;

static int by_share(const void *a, const void *b) {
  const group *x = a;
  const group *y = b;
  if (x->share != y->share) return x->share > y->share ? -1 : 1;
  return x->node != y->node ? x->node - y->node : x->material - y->material;
}

/* A descendant counts with what of it is the lot asked about. */
static double mass_of(const mnz_kin *kin) {
  return mnz_log_tonnes(kin->mass_mg) * (kin->end < 0 ? 1 : kin->share);
}

/* *out is the caller's. */
static mnz_status group_of(const mnz_kinship *kin, group **out, size_t *n, mnz_error *err) {
  size_t room = 0;
  double sum = 0;
  *out = NULL;
  *n = 0;
  for (size_t i = 0; i < kin->count; i++) {
    const mnz_kin *k = &kin->at[i];
    size_t g = 0;
    while (g < *n &&
           ((*out)[g].node != k->node || (*out)[g].material != k->material || (*out)[g].end != k->end))
      g++;
    if (g == *n) {
      const mnz_status status = mnz_reserve_array(out, &room, *n + 1, err);
      if (status != MNZ_OK) return status;
      (*out)[(*n)++] = (group){.node = k->node,
                               .material = k->material,
                               .end = k->end,
                               .first_us = k->time_us,
                               .last_us = k->time_us};
    }
    group *to = &(*out)[g];
    if (k->time_us < to->first_us) to->first_us = k->time_us;
    if (k->time_us > to->last_us) to->last_us = k->time_us;
    to->share += k->end < 0 ? k->share : mass_of(k);
    to->tonnes += mass_of(k);
    to->lots++;
    sum += k->end < 0 ? k->share : mass_of(k);
  }
  for (size_t g = 0; g < *n && sum > 0; g++) (*out)[g].share /= sum;
  if (*n > 1) qsort(*out, *n, sizeof **out, by_share);
  return MNZ_OK;
}

/* --- text --- */

static void put_names(mnz_report_grid *g, int32_t node, int32_t material) {
  mnz_report_grid_copy(g, mnz_scenario_node_name(g->data->scenario, node));
  mnz_report_grid_copy(g, mnz_scenario_material_name(g->data->scenario, material));
}

static void write_groups(mnz_log_report *r, const group *groups, size_t n, bool back) {
  static const char *const heads[] = {"node", "material", "end", "lots", "from", "until", "t", "share %"};
  mnz_report_grid g;
  if (n == 0) return;
  mnz_report_grid_open(&g, &r->data, n + 1, back ? 7 : 8, r->err);
  g.table.left = back ? 2U : 6U;
  for (size_t i = 0; i < 8; i++)
    if (!back || i != 2) mnz_report_grid_text(&g, heads[i]);
  for (const group *at = groups; at < groups + n; at++) {
    put_names(&g, at->node, at->material);
    if (!back) mnz_report_grid_text(&g, ends[at->end]);
    mnz_log_count(&g, (int64_t)at->lots);
    mnz_log_date(&g, at->first_us, false);
    mnz_log_date(&g, at->last_us, false);
    mnz_report_grid_number(&g, at->tonnes);
    mnz_report_grid_percent(&g, at->share);
  }
  mnz_log_table(r, &g,
                back ? "What it came from, as it was in the end (t: of those lots, share: of this one)"
                     : "What became of it, as it was at first");
}

static void write_lots(mnz_log_report *r, const mnz_kinship *kin, bool all, bool back) {
  static const char *const heads[] = {"lot", "node", "material", "end", "when", "t", "share %"};
  mnz_report_grid g;
  const size_t shown = all || kin->count < MOST_LOTS ? kin->count : (size_t)MOST_LOTS;
  if (shown == 0) return;
  mnz_report_grid_open(&g, &r->data, shown + 1, back ? 6 : 7, r->err);
  g.table.left = back ? 6U : 14U;
  for (size_t i = 0; i < 7; i++)
    if (!back || i != 3) mnz_report_grid_text(&g, heads[i]);
  for (const mnz_kin *k = kin->at; k < kin->at + shown; k++) {
    mnz_log_count(&g, k->lot);
    put_names(&g, k->node, k->material);
    if (!back) mnz_report_grid_text(&g, has_end(k) ? ends[k->end] : "");
    mnz_log_date(&g, k->time_us, false);
    mnz_report_grid_number(&g, mnz_log_tonnes(k->mass_mg));
    mnz_report_grid_percent(&g, k->share);
  }
  mnz_log_table(r, &g,
                back ? "Its largest ancestors (share: of this lot)"
                     : "Lots that hold most of it (share: how much of that lot is this one)");
  if (shown < kin->count) mnz_buffer_print(&r->text, "and %zu more (--all)\n", kin->count - shown);
}

static mnz_status write_side(mnz_log_report *r, const mnz_kinship *kin, bool all, bool back) {
  group *groups = NULL;
  size_t n = 0;
  r->status = group_of(kin, &groups, &n, r->err);
  if (r->status == MNZ_OK) write_groups(r, groups, n, back);
  if (r->status == MNZ_OK && (all || n < kin->count)) write_lots(r, kin, all, back);
  free(groups);
  return r->status;
}

/* --- JSON --- */

static json_t *kin_json(const mnz_scenario *s, const mnz_kin *k) {
  char when[ROOM];
  json_t *one =
      json_pack("{s:I, s:s?, s:s?, s:s, s:o, s:f}", "lot", (json_int_t)k->lot, "node",
                mnz_scenario_node_name(s, k->node), "material", mnz_scenario_material_name(s, k->material),
                "time", mnz_log_moment(s, k->time_us, when), "mass_t",
                mnz_report_json_number(mnz_log_tonnes(k->mass_mg)), "share", k->share);
  if (one != NULL && has_end(k)) json_object_set_new(one, "end", json_string(end_keys[k->end]));
  return one;
}

static json_t *group_json(const mnz_scenario *s, const group *at) {
  char from[ROOM];
  char until[ROOM];
  json_t *one =
      json_pack("{s:s?, s:s?, s:I, s:s, s:s, s:f, s:f}", "node", mnz_scenario_node_name(s, at->node),
                "material", mnz_scenario_material_name(s, at->material), "lots", (json_int_t)at->lots, "from",
                mnz_log_moment(s, at->first_us, from), "until", mnz_log_moment(s, at->last_us, until),
                "mass_t", at->tonnes, "share", at->share);
  if (one != NULL && at->end >= 0) json_object_set_new(one, "end", json_string(end_keys[at->end]));
  return one;
}

static mnz_status side_json(const mnz_scenario *s, const mnz_kinship *kin, json_t **groups, json_t **lots,
                            mnz_error *err) {
  group *at = NULL;
  size_t n = 0;
  const mnz_status status = group_of(kin, &at, &n, err);
  *groups = json_array();
  *lots = json_array();
  for (size_t i = 0; i < n; i++) *groups = mnz_report_json_append(*groups, group_json(s, &at[i]));
  for (size_t i = 0; i < kin->count; i++) *lots = mnz_report_json_append(*lots, kin_json(s, &kin->at[i]));
  free(at);
  return status;
}

static mnz_status kinship_json(const mnz_scenario *s, int64_t lot, const mnz_kinship *back,
                               const mnz_kinship *forward, char **text, mnz_error *err) {
  json_t *side[4] = {NULL};
  mnz_status status = side_json(s, back, &side[0], &side[1], err);
  if (status == MNZ_OK) status = side_json(s, forward, &side[2], &side[3], err);
  if (status != MNZ_OK) {
    for (size_t i = 0; i < 4; i++) json_decref(side[i]);
    return status;
  }
  return mnz_report_json_write(text,
                               json_pack("{s:I, s:o, s:o, s:o, s:o}", "lot", (json_int_t)lot, "came_from",
                                         side[0], "ancestors", side[1], "became", side[2], "descendants",
                                         side[3]),
                               err);
}

mnz_status mnz_report_kinship(const mnz_scenario *scenario, int64_t lot, const mnz_kinship *back,
                              const mnz_kinship *forward, mnz_log_form form, char **text, mnz_error *err) {
  mnz_log_report r;
  *text = NULL;
  if (form == MNZ_LOG_JSON) return kinship_json(scenario, lot, back, forward, text, err);
  if (mnz_log_report_open(&r, scenario, err) != MNZ_OK) return MNZ_NO_MEMORY;
  const bool all = form == MNZ_LOG_TEXT_ALL;
  mnz_buffer_print(&r.text, "Lot %" PRId64 "\n", lot);
  if (write_side(&r, back, all, true) == MNZ_OK) (void)write_side(&r, forward, all, false);
  return mnz_log_report_close(&r, text);
}

/* --- deliveries --- */

static void put_delivery(mnz_report_grid *g, const mnz_delivery *d) {
  mnz_log_count(g, d->lot);
  put_names(g, d->node, d->material);
  mnz_report_grid_copy(g, mnz_scenario_node_name(g->data->scenario, d->seller));
  mnz_log_date(g, d->ordered_us, false);
  mnz_log_date(g, d->arrived_us, false);
  mnz_report_grid_number(g, mnz_log_days(d->arrived_us - d->ordered_us));
  mnz_report_grid_number(g, mnz_log_tonnes(d->mass_mg));
}

json_t *mnz_log_json_delivery(const mnz_scenario *s, const mnz_delivery *d) {
  char ordered[ROOM];
  char shipped[ROOM];
  char arrived[ROOM];
  return json_pack("{s:I, s:s?, s:s?, s:s?, s:f, s:s, s:s, s:s, s:f}", "lot", (json_int_t)d->lot, "node",
                   mnz_scenario_node_name(s, d->node), "seller", mnz_scenario_node_name(s, d->seller),
                   "material", mnz_scenario_material_name(s, d->material), "mass_t",
                   mnz_log_tonnes(d->mass_mg), "ordered", mnz_log_moment(s, d->ordered_us, ordered),
                   "shipped", mnz_log_moment(s, d->shipped_us, shipped), "arrived",
                   mnz_log_moment(s, d->arrived_us, arrived), "days",
                   mnz_log_days(d->arrived_us - d->ordered_us));
}

mnz_status mnz_report_deliveries(const mnz_scenario *scenario, const mnz_delivery *deliveries, size_t n,
                                 mnz_log_form form, char **text, mnz_error *err) {
  static const char *const heads[] = {"lot", "to", "material", "from", "ordered", "arrived", "days", "t"};
  mnz_log_report r;
  mnz_report_grid g;
  *text = NULL;
  if (form == MNZ_LOG_JSON) {
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
      all = mnz_report_json_append(all, mnz_log_json_delivery(scenario, &deliveries[i]));
    return mnz_report_json_write(text, json_pack("{s:o}", "deliveries", all), err);
  }
  if (mnz_log_report_open(&r, scenario, err) != MNZ_OK) return MNZ_NO_MEMORY;
  const size_t shown = form == MNZ_LOG_TEXT_ALL || n < MOST_DELIVERIES ? n : (size_t)MOST_DELIVERIES;
  mnz_report_grid_open(&g, &r.data, shown + 1, 8, err);
  g.table.left = 14U;
  for (size_t i = 0; i < 8; i++) mnz_report_grid_text(&g, heads[i]);
  for (size_t i = 0; i < shown; i++) put_delivery(&g, &deliveries[i]);
  if (n > 0)
    mnz_log_table(&r, &g, "Deliveries (days: from the order to the arrival)");
  else
    mnz_buffer_add(&r.text, "Nothing that was ordered was delivered.\n");
  if (shown < n) mnz_buffer_print(&r.text, "and %zu more (--all)\n", n - shown);
  return mnz_log_report_close(&r, text);
}
