/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "domain/facilities/kinds.h"

void mnz_tally_error(mnz_tally *tally, const char *path, const char *format, ...) {
  char message[512];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  tally->errors++;
  tally->findings->error(tally->findings->context, path, message);
}

void mnz_tally_warning(mnz_tally *tally, const char *path, const char *format, ...) {
  char message[512];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  tally->findings->warning(tally->findings->context, path, message);
}

const char *mnz_node_path(const mnz_scenario *s, int32_t node, const char *rest, char *out) {
  const mnz_node_spec *spec = mnz_scenario_node(s, node);
  const char *list = spec->kind == &mnz_demand_kind ? "demand" : "nodes";
  snprintf(out, MNZ_PATH, "%s[\"%s\"]%s%s", list, spec->name, rest[0] == '\0' ? "" : ".", rest);
  return out;
}

static const char *name_of(const mnz_scenario *s, int32_t node) {
  return mnz_scenario_node(s, node)->name;
}

/* --- dates --- */

static void check_warm_up(const mnz_scenario *s, mnz_tally *tally) {
  if (s->warm_up_us <= s->start_us)
    mnz_tally_error(tally, "warm_up", "found a date that is not after `start`; expected a later one");
  else if (s->warm_up_us >= s->end_us)
    mnz_tally_error(tally, "warm_up", "found a date that is not before `end`; expected an earlier one");
}

static void check_dates(const mnz_scenario *s, mnz_tally *tally) {
  if (s->end_us <= s->start_us)
    mnz_tally_error(tally, "end", "found a date that is not after `start`; expected a later one");
  else if (s->sample > s->horizon)
    mnz_tally_error(tally, "sample", "found a time longer than the whole run; expected a shorter one");
  else if (s->horizon / s->sample > 1000000) {
    mnz_tally_error(tally, "sample", "found %lld samples; expected at most 1000000",
                    (long long)(s->horizon / s->sample));
  }
  if (s->end_us > s->start_us && s->warm_up_us != MNZ_NO_DATE) check_warm_up(s, tally);
}

/* --- nodes --- */

typedef struct node_report {
  const mnz_scenario *scenario;
  mnz_tally *tally;
  int32_t node;
} node_report;

static void report_error(void *context, const char *path, const char *message) {
  const node_report *r = context;
  char full[MNZ_PATH];
  mnz_tally_error(r->tally, mnz_node_path(r->scenario, r->node, path, full), "%s", message);
}

static void report_warning(void *context, const char *path, const char *message) {
  const node_report *r = context;
  char full[MNZ_PATH];
  mnz_tally_warning(r->tally, mnz_node_path(r->scenario, r->node, path, full), "%s", message);
}

static void check_stores(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_list *stores = &mnz_scenario_node(s, node)->stores;
  char rest[64];
  char path[MNZ_PATH];
  uint64_t seen = 0;
  for (int32_t i = 0; i < stores->count; i++) {
    const mnz_store_spec *store = (const mnz_store_spec *)stores->at + i;
    const mnz_material *m = &s->catalog.materials[store->material];
    const uint64_t bit = UINT64_C(1) << store->material;
    snprintf(rest, sizeof rest, "stores[%d].material", i);
    mnz_node_path(s, node, rest, path);
    if (seen & bit)
      mnz_tally_error(tally, path, "found %s a second time; expected each material once", m->name);
    seen |= bit;
    if (!((s->flows[node].takes | s->flows[node].makes) & bit)) {
      mnz_tally_error(tally, path, "\"%s\" neither takes nor makes %s; expected a material that it deals in",
                      name_of(s, node), m->name);
    }
    snprintf(rest, sizeof rest, "stores[%d].initial", i);
    mnz_node_path(s, node, rest, path);
    if (store->initial > 0 && !m->known) {
      mnz_tally_error(tally, path,
                      "the content of %s is not known; expected `content` or `like` in the material",
                      m->name);
    }
    if (store->capacity >= 0 && store->initial > store->capacity) {
      mnz_tally_error(tally, path, "found more than the capacity of the store; expected at most that");
    }
    /* Every lot is a place in memory: a slip in a unit must not ask for a billion of them. */
    if (store->lot > 0 && store->initial / store->lot > 100000) {
      mnz_tally_error(tally, path, "found %lld lots; expected at most 100000",
                      (long long)(store->initial / store->lot));
    }
  }
}

static bool has_link(const mnz_scenario *s, int32_t from, int32_t to, int32_t material) {
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    if (link->from == from && link->to == to && (s->link_materials[i] >> material & 1)) return true;
  }
  return false;
}

const char *mnz_source_path(const mnz_scenario *s, int32_t node, int32_t i, int32_t k, const char *key,
                            char *out) {
  const char *list = mnz_scenario_node(s, node)->kind == &mnz_stockpile_kind ? "holds" : "buys";
  char rest[96];
  snprintf(rest, sizeof rest, "%s[%d].sources[%d].%s", list, i, k, key);
  return mnz_node_path(s, node, rest, out);
}

static void check_purchases(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_flows *f = &s->flows[node];
  char path[MNZ_PATH];
  for (int32_t i = 0; i < f->n_purchases; i++) {
    const mnz_source *sources = f->purchase[i].sources.at;
    const int32_t m = f->purchase[i].material;
    for (int32_t k = 0; k < f->purchase[i].sources.count; k++) {
      const int32_t from = sources[k].from;
      mnz_source_path(s, node, i, k, "from", path);
      if (from == node)
        mnz_tally_error(tally, path, "found the buyer itself; expected another node");
      else if (!(s->flows[from].makes >> m & 1)) {
        mnz_tally_error(tally, path, "\"%s\" does not have %s; expected a node that makes or sells it",
                        name_of(s, from), s->material_names[m]);
      } else if (!has_link(s, from, node, m)) {
        mnz_tally_error(tally, path, "no link carries %s from \"%s\" to \"%s\"; expected one",
                        s->material_names[m], name_of(s, from), name_of(s, node));
      }
    }
  }
}

static void check_demand(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_flows *f = &s->flows[node];
  char path[MNZ_PATH];
  char rest[32];
  if (f->asks_of < 0) return;
  if (f->n_parts > 0 && mnz_scenario_node(s, f->asks_of)->kind == &mnz_market_kind) {
    mnz_tally_error(tally, mnz_node_path(s, node, "kit", path),
                    "\"%s\" is a market, which sends everything for itself; expected a node with stores",
                    name_of(s, f->asks_of));
  }
  for (int32_t i = 0; i < f->n_parts; i++) {
    if (s->flows[f->asks_of].makes >> f->part[i].material & 1) continue;
    snprintf(rest, sizeof rest, "kit[%d].material", i);
    mnz_tally_error(tally, mnz_node_path(s, node, rest, path),
                    "\"%s\" does not have %s; expected a material that it makes or sells",
                    name_of(s, f->asks_of), s->material_names[f->part[i].material]);
  }
  if (f->asks_of == node || !(s->flows[f->asks_of].makes >> f->asks_for & 1)) {
    mnz_tally_error(tally, mnz_node_path(s, node, "from", path),
                    "\"%s\" does not have %s; expected a node that makes or sells it", name_of(s, f->asks_of),
                    s->material_names[f->asks_for]);
  }
}

/* A slip in a unit must not ask for a billion lots or departures. */
#define MOST_IN_RUN 1e7

static void check_lots(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const double lots = s->flows[node].lots * (double)s->horizon;
  char path[MNZ_PATH];
  if (!(lots > MOST_IN_RUN)) return;
  mnz_tally_error(tally, mnz_node_path(s, node, "", path),
                  s->flows[node].asks_of >= 0
                      ? "found orders so frequent that %.3g of them come in the run; expected at most %g"
                      : "found lots so small that %.3g of them could be made in the run; expected at most %g",
                  lots, MOST_IN_RUN);
}

/* A stockpile needs a way to the one that it serves, who must deal in what it holds. */
static void check_serves(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_flows *f = &s->flows[node];
  char path[MNZ_PATH];
  if (f->serves < 0) return;
  mnz_node_path(s, node, "serves", path);
  if (s->flows[f->serves].asks_of >= 0) {
    mnz_tally_error(tally, path, "\"%s\" is a demand; expected a node that holds stock",
                    name_of(s, f->serves));
    return;
  }
  for (int32_t m = 0; m < s->catalog.n_materials; m++) {
    if (!(f->takes >> m & 1) || has_link(s, node, f->serves, m)) continue;
    mnz_tally_error(tally, path, "no link carries %s from \"%s\" to \"%s\"; expected one",
                    s->material_names[m], name_of(s, node), name_of(s, f->serves));
  }
}

/* Does it make the material, rather than pass it on? A plant may take what it makes: a recycle. */
static bool makes_itself(const mnz_flows *f, int32_t material) {
  if ((f->makes & ~f->takes) >> material & 1) return true;
  for (int32_t i = 0; i < f->n_conversions; i++) {
    if (f->conversion[i].product == material) return true;
  }
  return false;
}

/* Everything that a node takes and neither orders nor makes must be brought by a link. */
static void check_feeds(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_flows *f = &s->flows[node];
  char path[MNZ_PATH];
  for (int32_t m = 0; m < s->catalog.n_materials; m++) {
    if (!(f->takes >> m & 1) || f->asks_for == m) continue;
    bool comes = makes_itself(f, m);
    for (int32_t i = 0; i < f->n_parts; i++) comes |= f->part[i].material == m;
    for (int32_t i = 0; i < f->n_purchases; i++) comes |= f->purchase[i].material == m;
    for (int32_t i = 0; i < s->links.count; i++) {
      comes |= mnz_scenario_link(s, i)->to == node && (s->link_materials[i] >> m & 1);
    }
    const mnz_list *stores = &mnz_scenario_node(s, node)->stores;
    for (int32_t i = 0; i < stores->count; i++) {
      const mnz_store_spec *store = (const mnz_store_spec *)stores->at + i;
      comes |= store->material == m && store->initial > 0;
    }
    if (comes) continue;
    mnz_tally_error(tally, mnz_node_path(s, node, "", path),
                    "no link brings %s to \"%s\"; expected one from a node that makes it",
                    s->material_names[m], name_of(s, node));
  }
}

/* A market has no stock that could be shared: what it can sell grows, and fills one order after the other. */
static void check_short(const mnz_scenario *s, int32_t node, mnz_tally *tally) {
  const mnz_node_spec *spec = mnz_scenario_node(s, node);
  char path[MNZ_PATH];
  if (spec->kind != &mnz_market_kind || spec->short_rule == MNZ_SHORT_PRIORITY) return;
  mnz_node_path(s, node, "short", path);
  mnz_tally_error(
      tally, path,
      "found a market, which fills whole orders by class, then first come; expected \"priority\"");
}

static void check_nodes(const mnz_scenario *s, mnz_tally *tally) {
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const mnz_node_spec *node = mnz_scenario_node(s, i);
    node_report context = {s, tally, i};
    const mnz_report report = {&context, report_error, report_warning};
    if (node->kind->check != NULL) node->kind->check(node->params, &s->catalog, &report);
    check_stores(s, i, tally);
    check_purchases(s, i, tally);
    check_demand(s, i, tally);
    check_lots(s, i, tally);
    check_serves(s, i, tally);
    check_short(s, i, tally);
  }
}

/* --- materials, links, disruptions --- */

static void check_materials(const mnz_scenario *s, mnz_tally *tally) {
  char path[MNZ_PATH];
  for (int32_t m = 0; m < s->catalog.n_materials; m++) {
    const mnz_material *material = &s->catalog.materials[m];
    bool made = false;
    bool taken = false;
    for (int32_t i = 0; i < s->nodes.count; i++) {
      const mnz_flows *f = &s->flows[i];
      made |= makes_itself(f, m);
      taken |= f->takes >> m & 1;
      const mnz_list *stores = &mnz_scenario_node(s, i)->stores;
      for (int32_t k = 0; k < stores->count; k++) {
        const mnz_store_spec *store = (const mnz_store_spec *)stores->at + k;
        made |= store->material == m && store->initial > 0;
      }
    }
    snprintf(path, sizeof path, "materials[\"%s\"]", material->name);
    if (!made && !taken)
      mnz_tally_error(tally, path, "nobody makes or takes it; expected a node that does");
    else if (!made)
      mnz_tally_error(tally, path, "nobody makes it; expected a node that does, or an initial stock");
    else if (!taken)
      mnz_tally_warning(tally, path, "nobody takes it: it will pile up where it is made");
    if (material->like >= 0 && mnz_scenario_node(s, material->like)->kind->ore == NULL) {
      snprintf(path, sizeof path, "materials[\"%s\"].like", material->name);
      mnz_tally_error(tally, path, "\"%s\" is a %s; expected a mine", name_of(s, material->like),
                      mnz_scenario_node(s, material->like)->kind->name);
    }
    double sum = 0;
    for (int32_t e = 0; e < s->catalog.elements.count; e++) sum += material->content.at[e];
    if (sum > 1 + 1e-9) {
      snprintf(path, sizeof path, "materials[\"%s\"].content", material->name);
      mnz_tally_error(tally, path, "found shares that add up to %.4g %%; expected at most 100 %%", sum * 100);
    }
  }
}

/* What a timetable and its vessel must agree on. */
static void check_dispatch(const mnz_scenario *s, const mnz_link_spec *link, mnz_tally *tally) {
  const mnz_dispatch *d = link->dispatch;
  char path[MNZ_PATH];
  if (d == NULL) return;
  const double departures = (double)s->horizon / (double)d->every;
  snprintf(path, sizeof path, "links[\"%s\"].dispatch.every", link->name);
  if (departures > MOST_IN_RUN) {
    mnz_tally_error(tally, path,
                    "found departures so frequent that %.3g of them come in the run; expected at most %g",
                    departures, MOST_IN_RUN);
  }
  snprintf(path, sizeof path, "links[\"%s\"].dispatch.minimum", link->name);
  if (d->capacity >= 0 && d->minimum > d->capacity) {
    mnz_tally_error(tally, path,
                    "found more than the capacity, so that it never sails; expected at most that");
  }
  snprintf(path, sizeof path, "links[\"%s\"].share", link->name);
  if (!isnan(link->share)) {
    mnz_tally_error(tally, path,
                    "found a share on a way with a timetable; expected `prefer`, or departures at once");
  }
}

/* A demand gets what it orders, from whom it orders; nothing is pushed to it. And what is pushed on is not
 * there for those who order it. */
static void check_pushes(const mnz_scenario *s, int32_t i, mnz_tally *tally) {
  const mnz_link_spec *link = mnz_scenario_link(s, i);
  char path[MNZ_PATH];
  snprintf(path, sizeof path, "links[\"%s\"]", link->name);
  if (s->link_pushes[i] != 0 && s->flows[link->to].asks_of >= 0) {
    mnz_tally_error(tally, path, "\"%s\" orders from \"%s\"; expected a link from there",
                    name_of(s, link->to), name_of(s, s->flows[link->to].asks_of));
    return;
  }
  for (int32_t m = 0; m < s->catalog.n_materials; m++) {
    if (!(s->link_pushes[i] >> m & 1)) continue;
    for (int32_t node = 0; node < s->nodes.count; node++) {
      if (!mnz_orders_from(&s->flows[node], link->from, m)) continue;
      mnz_tally_warning(tally, path, "it takes all %s of \"%s\", from whom \"%s\" orders it",
                        s->material_names[m], name_of(s, link->from), name_of(s, node));
    }
  }
}

static void check_links(const mnz_scenario *s, mnz_tally *tally) {
  char path[MNZ_PATH];
  for (int32_t i = 0; i < s->links.count; i++) {
    const mnz_link_spec *link = mnz_scenario_link(s, i);
    check_dispatch(s, link, tally);
    check_pushes(s, i, tally);
    snprintf(path, sizeof path, "links[\"%s\"].carries", link->name);
    if (link->from == link->to) {
      snprintf(path, sizeof path, "links[\"%s\"].to", link->name);
      mnz_tally_error(tally, path, "found the node where it begins; expected another one");
      continue;
    }
    if (link->carries.count == 0 && s->link_materials[i] == 0) {
      snprintf(path, sizeof path, "links[\"%s\"]", link->name);
      mnz_tally_error(tally, path, "\"%s\" takes nothing that \"%s\" has; expected a material to carry",
                      name_of(s, link->to), name_of(s, link->from));
    }
    for (int32_t k = 0; k < link->carries.count; k++) {
      const int32_t m = link->carries.at[k];
      if (s->link_materials[i] >> m & 1) continue;
      const bool has = s->flows[link->from].makes >> m & 1;
      mnz_tally_error(tally, path,
                      "\"%s\" does not %s %s; expected a material that goes from the one to the other",
                      name_of(s, has ? link->to : link->from), has ? "take" : "have", s->material_names[m]);
    }
  }
}

/* A slip in the focus would make a summary of nobody. */
static void check_focus(const mnz_scenario *s, mnz_tally *tally) {
  if (s->focus == NULL) return;
  const char *nearest = NULL;
  for (int32_t i = 0; i < s->nodes.count; i++) {
    const char *country = mnz_scenario_node(s, i)->country;
    if (country == NULL) continue;
    if (strcmp(country, s->focus) == 0) return;
    if (nearest == NULL) nearest = mnz_text_nearest(s->focus, &country, 1);
  }
  if (nearest != NULL)
    mnz_tally_error(tally, "focus", "no node is in the country \"%s\"; did you mean \"%s\"?", s->focus,
                    nearest);
  else
    mnz_tally_error(tally, "focus", "no node is in the country \"%s\"; expected the country of a node",
                    s->focus);
}

mnz_status mnz_check_things(mnz_scenario *s, mnz_tally *tally, mnz_error *err) {
  mnz_status status;
  const int32_t before = tally->errors;
  check_dates(s, tally);
  check_focus(s, tally);
  check_nodes(s, tally);
  check_materials(s, tally);
  check_links(s, tally);
  if ((status = mnz_check_disruptions(s, tally, err)) != MNZ_OK) return status;
  mnz_check_regimes(s, tally);
  mnz_check_money(s, tally);
  mnz_check_contracts(s, tally);
  /* One mistake above is often the reason for missing feeds: say those only when all else is right. */
  for (int32_t i = 0; i < s->nodes.count && tally->errors == before; i++) check_feeds(s, i, tally);
  return MNZ_OK;
}
