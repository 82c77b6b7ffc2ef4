/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plants and separations have in common: feed from their stores, one line, a split when a lot leaves
 * the line, an outbox. The kind says only how a lot is split. */
#ifndef MNZ_DOMAIN_PROCESSOR_H
#define MNZ_DOMAIN_PROCESSOR_H

#include "domain/line.h"
#include "domain/outbox.h"
#include "domain/transform.h"

typedef struct mnz_processor {
  mnz_site *site;
  const mnz_ids *in; /* feeds, in order of preference */
  mnz_mass lot;      /* taken at once; -1: the lots as they come */
  mnz_line line;
  mnz_outbox outbox;
  uint32_t split; /* lots so far: the occurrence of the recovery's draw */
  void *self;
  /* How a lot is to be divided: fills at most MNZ_MAX_MATERIALS fractions, returns their count. */
  int32_t (*fractions)(void *self, const mnz_lot *feed, uint32_t occurrence, mnz_fraction *fraction);
} mnz_processor;

mnz_status mnz_processor_start(mnz_processor *p, mnz_error *err); /* all but line and outbox must be set */
mnz_status mnz_processor_decide(mnz_processor *p, mnz_error *err);
mnz_status mnz_processor_wake(mnz_processor *p, int32_t tag, mnz_error *err);
mnz_status mnz_processor_availability(mnz_processor *p, double share, mnz_error *err);

/* The feed's nominal mass of an element in one mass of it, averaged over the feeds that have a known
 * content: for the checks before a run. */
double mnz_feed_content(const mnz_catalog *catalog, const mnz_ids *in, int32_t element);
/* The schedule's greatest rate, on whole mass of such a feed. */
double mnz_feed_rate(const mnz_catalog *catalog, const mnz_ids *in, const mnz_schedule *capacity);
/* Adds the conversion of the feeds into `product`: REO recovered by `share` at `grade`. */
void mnz_feed_conversion(const mnz_catalog *catalog, const mnz_ids *in, double capacity, int32_t product,
                         const double *share, double grade, mnz_flows *out);

/* Checks that the kinds share: no element may come out more than once (sum of shares above 1), and a line
 * that is filled at the start needs a lot size and a feed of known content. */
void mnz_check_recoveries(const mnz_catalog *catalog, const double *sum, const char *path,
                          const mnz_report *report);
void mnz_check_fill(bool filled, mnz_mass lot, const mnz_catalog *catalog, const mnz_ids *in,
                    const mnz_report *report);

extern const mnz_output mnz_processor_outputs[];

#endif
