/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/reasons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/calendar.h"
#include "report/log.h"
#include "world/scenario.h"

/* "Nd+Pr" has Nd. */
static bool row_has(const mnz_report_row *row, const char *element) {
  const char *at = row->name;
  for (;;) {
    const size_t length = strcspn(at, "+");
    if (strlen(element) == length && strncmp(at, element, length) == 0) return true;
    if (at[length] == '\0') return false;
    at += length + 1;
  }
}

static uint32_t elements_of(const mnz_scenario *s, const mnz_report_row *row) {
  uint32_t mask = 0;
  for (int32_t e = 0; e < s->catalog.elements.count; e++)
    if (row_has(row, s->catalog.elements.at[e])) mask |= UINT32_C(1) << e;
  return mask;
}

static bool is_in_focus(const mnz_scenario *s, int32_t node) {
  const char *country = mnz_scenario_node(s, node)->country;
  return s->focus == NULL || (country != NULL && strcmp(country, s->focus) == 0);
}

/* --- what started it --- */

/* The demand whose shortage is that of the row. */
static int32_t demand_of(const mnz_report_data *data, const mnz_report_row *row) {
  const mnz_scenario *s = data->scenario;
  const double *first = mnz_report_cells(data, "node_first_shortage", 1);
  int32_t best = -1;
  for (int32_t n = 0; first != NULL && n < s->nodes.count; n++) {
    const mnz_flows *flows = &s->flows[n];
    if (flows->asks_of < 0 || isnan(first[n]) || !is_in_focus(s, n)) continue;
    if (!(s->catalog.materials[flows->asks_for].of & elements_of(s, row))) continue;
    if (best < 0 || fabs(first[n] - row->first_shortage) < fabs(first[best] - row->first_shortage)) best = n;
  }
  return best;
}

static const mnz_lack *deepest(const mnz_lack *tree, size_t n) {
  const mnz_lack *best = NULL;
  for (size_t i = 0; i < n; i++)
    if (best == NULL || tree[i].level > best->level) best = &tree[i];
  return best;
}

static mnz_status find_reason(const mnz_report_data *data, const mnz_report_row *row, mnz_report_reasons *out,
                              mnz_error *err) {
  const int64_t time_us = llround(row->first_shortage * (double)MNZ_US_PER_DAY);
  mnz_report_reason reason = {.row = row, .demand = demand_of(data, row)};
  mnz_lack *tree = NULL;
  size_t n = 0;
  if (reason.demand < 0) return MNZ_OK;
  const mnz_status status =
      mnz_why_lack(data->scenario, data->log, data->n_log, reason.demand, -1, time_us, &tree, &n, err);
  const mnz_lack *entry = mnz_lack_main(tree, n, time_us);
  if (entry == NULL) entry = deepest(tree, n);
  if (status == MNZ_OK && entry != NULL && entry->level > 0) {
    reason.entry = *entry;
    out->at[out->n++] = reason;
  }
  free(tree);
  return status;
}

static const mnz_report_reason *first_of(const mnz_report_reasons *r) {
  const mnz_report_reason *first = NULL;
  for (size_t i = 0; i < r->n; i++) {
    const mnz_report_reason *at = &r->at[i];
    if (at->entry.disruption < 0) continue;
    if (first == NULL || at->row->first_shortage < first->row->first_shortage) first = at;
  }
  return first;
}

/* --- what carried them --- */

/* What a node needs to have the materials of a mask: those that it makes them of too. */
static uint64_t with_inputs(const mnz_flows *flows, uint64_t needs) {
  for (int32_t k = 0; k < flows->n_conversions; k++) {
    if (!(needs >> flows->conversion[k].product & 1)) continue;
    for (int32_t j = 0; j < flows->conversion[k].n_inputs; j++)
      needs |= UINT64_C(1) << flows->conversion[k].input[j].material;
  }
  return needs;
}

/* Adds to those who send to `node` what it needs of them; whether that is news. */
static bool ask_suppliers(const mnz_scenario *s, int32_t node, uint64_t *needs) {
  const mnz_flows *flows = &s->flows[node];
  bool news = false;
  for (int32_t k = 0; k < flows->n_purchases; k++) {
    const mnz_purchase *p = &flows->purchase[k];
    const mnz_source *source = p->sources.at;
    const uint64_t material = UINT64_C(1) << p->material & needs[node];
    for (int32_t j = 0; j < p->sources.count; j++) {
      news = news || (material & ~needs[source[j].from]) != 0;
      needs[source[j].from] |= material;
    }
  }
  for (int32_t l = 0; l < s->links.count; l++) {
    const mnz_link_spec *link = mnz_scenario_link(s, l);
    const uint64_t materials = s->link_materials[l] & needs[node];
    if (link->to != node) continue;
    news = news || (materials & ~needs[link->from]) != 0;
    needs[link->from] |= materials;
  }
  return news;
}

/* What each node may have that becomes what the demand asks for: a mask of materials; the arena's. */
static uint64_t *chain_of(const mnz_report_data *data, int32_t demand, mnz_error *err) {
  const mnz_scenario *s = data->scenario;
  uint64_t *needs = mnz_arena_alloc(data->arena, (size_t)s->nodes.count, sizeof *needs, err);
  if (needs == NULL) return NULL;
  needs[s->flows[demand].asks_of] = UINT64_C(1) << s->flows[demand].asks_for;
  for (bool news = true; news;) {
    news = false;
    for (int32_t n = 0; n < s->nodes.count; n++) {
      if (needs[n] == 0) continue;
      needs[n] = with_inputs(&s->flows[n], needs[n]);
      news = ask_suppliers(s, n, needs) || news;
    }
  }
  return needs;
}

/* The place of the last time that is not after the day; 0 where all are. */
static size_t time_at(const mnz_result *r, double day) {
  size_t i = 0;
  while (i + 1 < r->length[MNZ_AXIS_TIME] && r->time[i + 1] <= day + 1e-9) i++;
  return i;
}

/* Of the row's elements, at the node and material of account `a`. */
static double stock_at(const mnz_report_data *data, const double *stock, const mnz_report_row *row, size_t a,
                       size_t time) {
  const mnz_result *r = data->result;
  double sum = 0;
  for (size_t k = 0; k < r->length[MNZ_AXIS_ACCOUNT]; k++) {
    const int32_t e = r->account_element[k];
    if (r->account_node[k] != r->account_node[a] || r->account_material[k] != r->account_material[a])
      continue;
    if ((size_t)e >= r->length[MNZ_AXIS_ELEMENT] || !row_has(row, r->labels[MNZ_AXIS_ELEMENT][e])) continue;
    sum += stock[k * r->length[MNZ_AXIS_TIME] + time];
  }
  return sum;
}

static bool begins_place(const mnz_result *r, size_t a) {
  return a == 0 || r->account_node[a] != r->account_node[a - 1] ||
         r->account_material[a] != r->account_material[a - 1];
}

static mnz_status find_carrier(const mnz_report_data *data, mnz_report_reasons *out, mnz_error *err) {
  const mnz_result *r = data->result;
  const mnz_report_reason *first = first_of(out);
  const mnz_variable *v = mnz_result_find(r, "stock");
  mnz_report_carrier *c = &out->carrier;
  if (first == NULL || v == NULL || v->cell != MNZ_CELL_F8 || v->n_axes != 2 || r->length[MNZ_AXIS_TIME] == 0)
    return MNZ_OK;
  const uint64_t *needs = chain_of(data, first->demand, err);
  if (needs == NULL) return MNZ_NO_MEMORY;
  const double *stock = v->data;
  c->row = first->row->name;
  c->from_day = mnz_log_days(first->entry.cause_from_us);
  c->until_day = first->row->first_shortage;
  const size_t from = time_at(r, c->from_day);
  const size_t until = time_at(r, c->until_day);
  for (size_t a = 0; a < r->length[MNZ_AXIS_ACCOUNT] && from < until; a++) {
    const int32_t node = r->account_node[a];
    if (!begins_place(r, a) || !(needs[node] >> r->account_material[a] & 1) ||
        !is_in_focus(data->scenario, node))
      continue;
    const double had = stock_at(data, stock, first->row, a, from);
    const double has = stock_at(data, stock, first->row, a, until);
    if (had - has <= fmax(1e-6, c->node < 0 ? 0 : c->from_t - c->until_t)) continue;
    c->node = node;
    c->material = r->account_material[a];
    c->from_t = had;
    c->until_t = has;
  }
  return MNZ_OK;
}

/* --- what did not matter --- */

static int64_t length_of(const mnz_report_data *data, const mnz_episode *e) {
  const int64_t end = mnz_scenario_end(data->scenario) - mnz_scenario_start(data->scenario);
  return (e->until_us == MNZ_STILL ? end : e->until_us) - e->from_us;
}

static bool is_grave(const mnz_report_data *data, const mnz_episode *e) {
  if (length_of(data, e) < 7 * MNZ_US_PER_DAY) return false;
  if (e->kind == MNZ_EPISODE_RULED) return e->detail != MNZ_RULE_OPEN && e->detail != MNZ_RULE_TARIFF;
  return e->kind == MNZ_EPISODE_OUTAGE || e->kind == MNZ_EPISODE_CLOSED;
}

/* Takes it in if it is longer than another of its name, or than the shortest. */
static void withstand(const mnz_report_data *data, mnz_report_reasons *out, const mnz_episode *e) {
  size_t at = out->n_withstood;
  for (size_t i = 0; i < out->n_withstood; i++)
    if (out->withstood[i].disruption == e->disruption) at = i;
  if (at == MNZ_REPORT_MOST_WITHSTOOD) {
    at = 0;
    for (size_t i = 1; i < out->n_withstood; i++)
      if (length_of(data, &out->withstood[i]) < length_of(data, &out->withstood[at])) at = i;
  }
  if (at == out->n_withstood)
    out->withstood[out->n_withstood++] = *e;
  else if (length_of(data, e) > length_of(data, &out->withstood[at]))
    out->withstood[at] = *e;
}

static int by_beginning(const void *a, const void *b) {
  const mnz_episode *x = a;
  const mnz_episode *y = b;
  if (x->from_us != y->from_us) return x->from_us < y->from_us ? -1 : 1;
  return x->disruption - y->disruption;
}

static mnz_status find_withstood(const mnz_report_data *data, mnz_report_reasons *out, mnz_error *err) {
  mnz_chronicle c;
  const mnz_status status = mnz_chronicle_of(&c, data->scenario, data->log, data->n_log, err);
  for (size_t i = 0; i < c.count && status == MNZ_OK; i++)
    if (is_grave(data, &c.at[i])) withstand(data, out, &c.at[i]);
  qsort(out->withstood, out->n_withstood, sizeof *out->withstood, by_beginning);
  mnz_chronicle_free(&c);
  return status;
}

static int by_first_shortage(const void *a, const void *b) {
  const mnz_report_reason *x = a;
  const mnz_report_reason *y = b;
  if (x->row->first_shortage != y->row->first_shortage)
    return x->row->first_shortage < y->row->first_shortage ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

mnz_status mnz_report_find_reasons(const mnz_report_data *data, mnz_report_reasons *out, mnz_error *err) {
  *out = (mnz_report_reasons){.carrier = {.node = -1}};
  if (data->n_log == 0 || data->n_elements == 0) return MNZ_OK;
  out->at = mnz_arena_alloc(data->arena, data->n_elements, sizeof *out->at, err);
  if (out->at == NULL) return MNZ_NO_MEMORY;
  mnz_status status = MNZ_OK;
  bool any = false;
  for (size_t i = 0; i < data->n_elements && status == MNZ_OK; i++) {
    if (isnan(data->elements[i].first_shortage)) continue;
    any = true;
    status = find_reason(data, &data->elements[i], out, err);
  }
  if (out->n > 1) qsort(out->at, out->n, sizeof *out->at, by_first_shortage);
  if (status == MNZ_OK && !any) return find_withstood(data, out, err);
  return status != MNZ_OK ? status : find_carrier(data, out, err);
}
