/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A regime in a run: which state it is in, since when, what has been announced; its licences and quotas.
 * It knows nothing of flows: the world says who applies for what and what has left.
 *
 * An account is a buyer and a material. Licences are granted to accounts; a quota is one purse for all, or
 * one for each buyer. Applications and licences live as long as the regime asks for licences: from one step
 * of licences to the next they go on, under any other state they lapse.
 *
 * The office: applications wait in one queue, first come first served, for one of the desks (if there are
 * any), then for the answer. */
#ifndef MNZ_DOMAIN_REGIME_H
#define MNZ_DOMAIN_REGIME_H

#include "base/memory.h"
#include "base/working_days.h"
#include "domain/services.h"
#include "domain/spec_regime.h"

/* What a regime asks of its world. */
typedef struct mnz_regime_host {
  void *host;
  mnz_time (*now)(const void *host);
  int64_t start_us; /* of the scenario, since 1970: periods and working days are those of the calendar */
  const mnz_work_calendar *work; /* [calendar] */
  mnz_status (*wake)(void *host, int32_t regime, mnz_time at, int32_t tag, mnz_alarm *alarm, mnz_error *err);
  void (*cancel)(void *host, mnz_alarm *alarm);
  double (*draw)(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence,
                 const mnz_distribution *from);
  /* What an account has on order or ready to be sent: the regime applies for what is not covered. */
  mnz_mass (*wanted)(void *host, int32_t regime, int32_t account);
  /* More may go than before, or less, or will: whoever sells or buys under it should look. */
  mnz_status (*changed)(void *host, int32_t regime, mnz_error *err);
  /* For an onlooker: `what` of account (-1: of all); may be NULL. */
  void (*tell)(void *host, int32_t regime, int32_t what, int32_t account, mnz_mass mass, double detail);
} mnz_regime_host;

typedef enum mnz_regime_news {
  MNZ_NEWS_ANNOUNCED, /* detail: days until it takes effect */
  MNZ_NEWS_CHANGED,   /* detail: the rule that holds now */
  MNZ_NEWS_REVISED,   /* detail: the rule that would have held */
  MNZ_NEWS_APPLIED,
  MNZ_NEWS_APPROVED, /* detail: days since the application */
  MNZ_NEWS_REFUSED,  /* detail: likewise */
  MNZ_NEWS_EXPIRED,
  MNZ_NEWS_EXHAUSTED
} mnz_regime_news;

typedef struct mnz_account {
  int32_t buyer;
  int32_t material;
  int32_t flow;     /* the world's own: the first of its flows */
  int32_t purse;    /* of a quota for each buyer: the first account of that buyer */
  mnz_mass granted; /* by licences that are good and not used up */
  mnz_mass pending; /* applied for */
  mnz_mass resting; /* refused, to be applied for again */
  mnz_mass barred;  /* refused for good */
  int32_t first;    /* licence, oldest first; -1 */
  int32_t last;
  double used;    /* of the quota, in this period (of a purse), milligrams */
  double carried; /* from the period before */
} mnz_account;

/* A licence for everything. */
#define MNZ_ALL (INT64_MAX / 8)

typedef enum mnz_paper_state {
  MNZ_PAPER_FREE,
  MNZ_PAPER_QUEUED,
  MNZ_PAPER_OPEN, /* on a desk */
  MNZ_PAPER_GOOD,
  MNZ_PAPER_RESTING,
  MNZ_PAPER_VOID /* waits for its alarm only */
} mnz_paper_state;

/* An application that may become a licence. */
typedef struct mnz_paper {
  int32_t account;
  mnz_paper_state state;
  bool alarmed;
  bool used;     /* something has left under it */
  bool asked;    /* it has been time to renew it */
  mnz_time ends; /* of a licence; MNZ_NEVER */
  mnz_mass mass; /* what is left of it */
  mnz_time filed;
  uint32_t number;
  int32_t next; /* in its queue, its account or the free list; -1 */
} mnz_paper;

/* What has happened, for the measures. */
typedef struct mnz_regime_tally {
  mnz_time time_in[MNZ_RULES]; /* until `since` */
  uint64_t changes;
  uint64_t applications;
  uint64_t approvals;
  uint64_t refusals;
  double waited;     /* microseconds, over all answers */
  double queue_area; /* applications without an answer, times microseconds, until `queue_since` */
  double quota_used; /* milligrams of what it counts */
  double duty_mass;  /* milligrams that left under a tariff */
} mnz_regime_tally;

typedef struct mnz_regime {
  const mnz_regime_spec *spec;
  const mnz_regime_host *host;
  int32_t index;
  mnz_rule rule;
  const mnz_regime_terms *terms; /* NULL: of a state that has none */
  int32_t chain;                 /* state of the chain; -1: it is not on the chain */
  uint32_t moves;                /* of the chain so far */
  uint32_t filed;                /* applications so far */
  mnz_time since;
  mnz_alarm alarm;        /* the chain's next move */
  mnz_alarm period_alarm; /* the quota's */
  mnz_time period_ends;
  mnz_regime_tally tally;
  bool exhausted; /* said so in this period */
  int32_t n_accounts;
  mnz_account *accounts; /* owned by the world */
  mnz_account common;    /* the purse of a shared quota */
  mnz_paper *papers;     /* its room stays over resets */
  size_t n_papers;
  size_t papers_capacity;
  int32_t free_paper;
  int32_t queue_first; /* for a desk */
  int32_t queue_last;
  int32_t busy;    /* desks */
  int32_t waiting; /* applications without an answer */
  mnz_time queue_since;
} mnz_regime;

/* Sets everything and asks for its first alarms. r->accounts and n_accounts, with buyer, material and purse,
 * are the world's to set before. */
mnz_status mnz_regime_start(mnz_regime *r, const mnz_regime_spec *spec, const mnz_regime_host *host,
                            int32_t index, mnz_error *err);
mnz_status mnz_regime_wake(mnz_regime *r, int32_t tag, mnz_error *err);
void mnz_regime_free(mnz_regime *r); /* its papers */
/* Counts anew from now on. */
void mnz_regime_restart(mnz_regime *r);

/* Is a step announced that will not leave the flow open, and not yet effective? Since when: *since. */
bool mnz_regime_warns(const mnz_regime *r, mnz_time *since);

/* What an account may still send under the state of now: by licences, by the quota (in what that counts). */
mnz_mass mnz_regime_licensed(const mnz_regime *r, int32_t account);
double mnz_regime_quota_left(const mnz_regime *r, int32_t account);
/* The account wants to send `wanted` in all, of which it wanted `before` already when it was last asked:
 * applies for what is neither covered nor applied for. */
mnz_status mnz_regime_want(mnz_regime *r, int32_t account, mnz_mass before, mnz_mass wanted, mnz_error *err);
/* `mass` has left, `counted` of it under the quota. */
void mnz_regime_sent(mnz_regime *r, int32_t account, mnz_mass mass, double counted);

/* Recomputes what is kept of applications and licences; MNZ_MODEL if it does not agree. */
mnz_status mnz_regime_verify(const mnz_regime *r, mnz_error *err);

/* --- licence.c, for regime.c --- */
void mnz_licences_open(mnz_regime *r);
/* All applications and licences lapse. */
void mnz_licences_lapse(mnz_regime *r);
/* Everybody's wants under new terms; who was refused may apply again. */
mnz_status mnz_licences_renew(mnz_regime *r, mnz_error *err);
void mnz_licence_use(mnz_regime *r, int32_t account, mnz_mass mass);
mnz_status mnz_licence_wake(mnz_regime *r, int32_t paper, mnz_error *err);
static inline void mnz_regime_tell(const mnz_regime *r, mnz_regime_news what, int32_t account, mnz_mass mass,
                                   double detail) {
  if (r->host->tell != NULL) r->host->tell(r->host->host, r->index, (int32_t)what, account, mass, detail);
}
enum { MNZ_TAG_LICENCE = 8192 }; /* tags of papers begin here */

#endif
