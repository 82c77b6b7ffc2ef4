/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the days of a delivery went. */
#include "report/log.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "monazite/calendar.h"
#include "report/json.h"

enum { ROOM = 32, MOST_SAID = 4 };

/* "Dy metal under way from Shanghai to Kobe", and the cause behind it. */
static void say_leg(mnz_buffer *to, const mnz_scenario *s, const mnz_leg *leg) {
  const char *node = mnz_scenario_node_name(s, leg->node);
  const char *other = mnz_scenario_node_name(s, leg->other);
  const char *material = mnz_scenario_material_name(s, leg->material);
  const char *cause = mnz_scenario_disruption_name(s, leg->cause);
  if (other == NULL) other = "another";
  mnz_buffer_print(to, "%s ", material != NULL ? material : "it");
  switch (leg->kind) {
  case MNZ_LEG_TRAVEL:
    mnz_buffer_print(to, "under way from %s to %s", node, other);
    break;
  case MNZ_LEG_DOCK:
    mnz_buffer_print(to, "at %s, loaded for %s but not yet gone", node, other);
    break;
  case MNZ_LEG_CLOSED:
    mnz_buffer_print(to, "at %s, the way to %s closed", node, other);
    break;
  case MNZ_LEG_EMBARGO:
    mnz_buffer_print(to, "at %s under an embargo", node);
    break;
  case MNZ_LEG_LICENCE:
    mnz_buffer_print(to, "at %s waiting for a licence", node);
    break;
  case MNZ_LEG_REFUSED:
    mnz_buffer_print(to, "at %s, a licence refused and not yet applied for again", node);
    break;
  case MNZ_LEG_QUOTA:
    mnz_buffer_print(to, "at %s, the quota used up", node);
    break;
  case MNZ_LEG_DOWN:
    mnz_buffer_print(to, "at %s, which was out of work", node);
    break;
  case MNZ_LEG_PROCESS:
    mnz_buffer_print(to, "in process at %s", node);
    break;
  case MNZ_LEG_ORDER:
    mnz_buffer_print(to, "at %s before %s ordered it", node, other);
    break;
  case MNZ_LEG_BUSY:
    mnz_buffer_print(to, "in stock at %s, which was busy", node);
    break;
  case MNZ_LEG_STOCK:
    mnz_buffer_print(to, leg->other >= 0 ? "in stock at %s waiting to be sent" : "in stock at %s", node);
    break;
  case MNZ_LEG_BEFORE:
    mnz_buffer_print(to, "not yet at %s", node);
    break;
  case MNZ_LEGS:
    break;
  }
  if (cause != NULL) mnz_buffer_print(to, " (%s)", cause);
}

static bool is_alike(const mnz_leg *a, const mnz_leg *b) {
  return a->kind == b->kind && a->node == b->node && a->other == b->other && a->material == b->material &&
         a->cause == b->cause;
}

static int64_t tenths(int64_t us) {
  return llround((double)us / ((double)MNZ_US_PER_DAY / 10));
}

/* Tenths of a day of a leg, rounded so that those of all legs add up. */
static int64_t shown(const mnz_delivery *d, const mnz_leg *leg) {
  return tenths(leg->until_us - d->ordered_us) - tenths(leg->from_us - d->ordered_us);
}

/* Legs that say the same, as one each, the longest first: what is shown in until_us, from_us is 0. *out is
 * the caller's. */
static mnz_status sum_up(const mnz_delivery *d, const mnz_leg *legs, size_t n, mnz_leg **out, size_t *sums,
                         mnz_error *err) {
  *sums = 0;
  const mnz_status status = mnz_new_array(out, n, err);
  for (size_t i = 0; i < n && status == MNZ_OK; i++) {
    size_t k = 0;
    while (k < *sums && !is_alike(&(*out)[k], &legs[i])) k++;
    if (k == *sums) {
      (*out)[k] = legs[i];
      (*out)[k].from_us = (*out)[k].until_us = 0;
      ++*sums;
    }
    (*out)[k].until_us += shown(d, &legs[i]);
  }
  /* Few, and equal ones stay in their order. */
  for (size_t i = 1; i < *sums; i++) {
    for (size_t k = i; k > 0 && (*out)[k].until_us > (*out)[k - 1].until_us; k--) {
      const mnz_leg leg = (*out)[k];
      (*out)[k] = (*out)[k - 1];
      (*out)[k - 1] = leg;
    }
  }
  return status;
}

/* "Its 86.3 days: 41.0 under way ..., 33.1 at ...; the rest 12.2." */
static mnz_status say_days(mnz_buffer *to, const mnz_scenario *s, const mnz_delivery *d, const mnz_leg *legs,
                           size_t n, mnz_error *err) {
  mnz_leg *sums = NULL;
  size_t count = 0;
  int64_t left = tenths(d->arrived_us - d->ordered_us);
  const mnz_status status = sum_up(d, legs, n, &sums, &count, err);
  if (status != MNZ_OK) return status;
  mnz_buffer_print(to, "It took %.1f days", (double)left / 10);
  if (count > 0) mnz_buffer_add(to, ": ");
  for (size_t i = 0; i < count && i < MOST_SAID; i++) {
    mnz_buffer_print(to, "%s%.1f d ", i > 0 ? ", " : "", (double)sums[i].until_us / 10);
    say_leg(to, s, &sums[i]);
    left -= sums[i].until_us;
  }
  if (count > MOST_SAID) mnz_buffer_print(to, ", %.1f d elsewhere", (double)left / 10);
  mnz_buffer_add(to, ".");
  free(sums);
  return MNZ_OK;
}

static void write_legs(mnz_log_report *r, const mnz_delivery *d, const mnz_leg *legs, size_t n) {
  mnz_report_grid g;
  if (n == 0) return;
  mnz_report_grid_open(&g, &r->data, n + 2, 5, r->err);
  static const char *const heads[] = {"from", "days", "", "lot", "where"};
  g.table.left = 1U << 2 | 1U << 4;
  for (size_t i = 0; i < 5; i++) mnz_report_grid_text(&g, heads[i]);
  for (const mnz_leg *leg = legs; leg < legs + n; leg++) {
    char text[ROOM];
    mnz_buffer what = {0};
    say_leg(&what, r->data.scenario, leg);
    mnz_log_date(&g, leg->from_us, false);
    (void)snprintf(text, sizeof text, "%.1f", (double)shown(d, leg) / 10);
    mnz_report_grid_copy(&g, text);
    mnz_report_grid_text(&g, mnz_leg_words[leg->kind]);
    mnz_log_count(&g, leg->lot);
    mnz_report_grid_copy(&g, what.at);
    g.failed = g.failed || what.failed;
    mnz_buffer_free(&what);
  }
  char sum[ROOM];
  (void)snprintf(sum, sizeof sum, "%.1f", (double)tenths(d->arrived_us - d->ordered_us) / 10);
  mnz_log_date(&g, d->arrived_us, false);
  mnz_report_grid_copy(&g, sum);
  mnz_report_grid_text(&g, "");
  mnz_report_grid_text(&g, "");
  mnz_report_grid_text(&g, "arrived");
  mnz_log_table(r, &g, "Along the last part to arrive");
}

static void write_text(mnz_log_report *r, const mnz_delivery *d, const mnz_leg *legs, size_t n) {
  const mnz_scenario *s = r->data.scenario;
  char mass[ROOM];
  char ordered[ROOM];
  char arrived[ROOM];
  mnz_buffer line = {0};
  mnz_buffer_print(&line, "Lot %" PRId64 ": %s t of %s from %s to %s, ordered on %s, arrived on %s.", d->lot,
                   mnz_report_number(mnz_log_tonnes(d->mass_mg), mass),
                   mnz_scenario_material_name(s, d->material), mnz_scenario_node_name(s, d->seller),
                   mnz_scenario_node_name(s, d->node), mnz_log_day(s, d->ordered_us, ordered),
                   mnz_log_day(s, d->arrived_us, arrived));
  mnz_buffer_add(&line, " ");
  r->status = say_days(&line, s, d, legs, n, r->err);
  if (!line.failed && r->status == MNZ_OK) mnz_report_write_wrapped(&r->text, line.at);
  r->text.failed = r->text.failed || line.failed;
  mnz_buffer_free(&line);
  write_legs(r, d, legs, n);
}

static json_t *leg_json(const mnz_scenario *s, const mnz_leg *leg) {
  char from[ROOM];
  char until[ROOM];
  mnz_buffer words = {0};
  say_leg(&words, s, leg);
  json_t *one = json_pack(
      "{s:s, s:s, s:s, s:I, s:f, s:s?, s:s?, s:s?, s:s?, s:I, s:s?}", "what", mnz_leg_words[leg->kind],
      "from", mnz_log_moment(s, leg->from_us, from), "until", mnz_log_moment(s, leg->until_us, until), "us",
      (json_int_t)(leg->until_us - leg->from_us), "days", mnz_log_days(leg->until_us - leg->from_us), "node",
      mnz_scenario_node_name(s, leg->node), "other", mnz_scenario_node_name(s, leg->other), "material",
      mnz_scenario_material_name(s, leg->material), "cause", mnz_scenario_disruption_name(s, leg->cause),
      "lot", (json_int_t)leg->lot, "words", words.at);
  mnz_buffer_free(&words);
  return one;
}

mnz_status mnz_report_delivery(const mnz_scenario *scenario, const mnz_delivery *delivery,
                               const mnz_leg *legs, size_t n, mnz_log_form form, char **text,
                               mnz_error *err) {
  mnz_log_report r;
  *text = NULL;
  if (form != MNZ_LOG_JSON) {
    if (mnz_log_report_open(&r, scenario, err) != MNZ_OK) return MNZ_NO_MEMORY;
    write_text(&r, delivery, legs, n);
    return mnz_log_report_close(&r, text);
  }
  json_t *all = json_array();
  mnz_buffer words = {0};
  mnz_status status = say_days(&words, scenario, delivery, legs, n, err);
  for (size_t i = 0; i < n; i++) all = mnz_report_json_append(all, leg_json(scenario, &legs[i]));
  if (status == MNZ_OK) {
    status = mnz_report_json_write(
        text,
        json_pack("{s:o, s:I, s:o, s:s?}", "delivery", mnz_log_json_delivery(scenario, delivery), "us",
                  (json_int_t)(delivery->arrived_us - delivery->ordered_us), "legs", all, "words", words.at),
        err);
  } else {
    json_decref(all);
  }
  mnz_buffer_free(&words);
  return status;
}
