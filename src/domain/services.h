/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a facility may ask of the world around it. A fake table drives one facility in a test without
 * an engine. */
#ifndef MNZ_DOMAIN_SERVICES_H
#define MNZ_DOMAIN_SERVICES_H

#include "domain/lot.h"
#include "domain/orders.h"
#include "random/stream.h"

/* Order within one instant: events of a lower phase run first. */
typedef enum mnz_phase {
  MNZ_PHASE_DISRUPTION,
  MNZ_PHASE_ARRIVAL,
  MNZ_PHASE_COMPLETION,
  MNZ_PHASE_DEMAND,
  MNZ_PHASE_DECISION,
  MNZ_PHASE_DEPARTURE, /* the last of the decisions: what was decided in this instant sails */
  MNZ_PHASE_SETTLING,  /* what has flowed until now is moved, for who looks */
  MNZ_PHASE_OBSERVATION
} mnz_phase;

/* What a stream is for: the `purpose` of its key. */
typedef enum mnz_purpose {
  MNZ_PURPOSE_GRADE,
  MNZ_PURPOSE_RECOVERY,
  MNZ_PURPOSE_RESIDENCE,
  MNZ_PURPOSE_HANDLING,
  MNZ_PURPOSE_LEAD_TIME,
  MNZ_PURPOSE_START,
  MNZ_PURPOSE_TTF,
  MNZ_PURPOSE_TTR,
  MNZ_PURPOSE_LOSS,
  MNZ_PURPOSE_INTERVAL,
  MNZ_PURPOSE_LOT_MASS,
  MNZ_PURPOSE_SERVICE,
  MNZ_PURPOSE_SPLIT,
  MNZ_PURPOSE_ASSAY,
  MNZ_PURPOSE_YIELD,
  MNZ_PURPOSE_LIFE,
  MNZ_PURPOSE_REGIME_STAY,
  MNZ_PURPOSE_REGIME_NEXT,
  MNZ_PURPOSE_REGIME_REVISED,
  MNZ_PURPOSE_LICENCE_ANSWER,
  MNZ_PURPOSE_LICENCE_APPROVE,
  MNZ_PURPOSE_PRICE,
  MNZ_PURPOSE_JUMPS,
  MNZ_PURPOSE_JUMP_SIZE,
  MNZ_PURPOSE_DELIVERY,
  MNZ_PURPOSE_CAUSE,
  MNZ_PURPOSE_CAUSE_DELAY,
  MNZ_PURPOSE_STRETCH,
  MNZ_PURPOSE_DESTROYED,
  MNZ_PURPOSE_STATE,
  MNZ_PURPOSE_INITIAL,
  MNZ_PURPOSE_SAILING,
  MNZ_PURPOSE_WAY
} mnz_purpose;

/* Names an alarm that was set; 0 names none. */
typedef uint64_t mnz_alarm;

typedef struct mnz_services {
  void *host;
  int64_t start_us; /* of the scenario, since 1970: for what goes by the calendar */
  mnz_time (*now)(const void *host);
  /* Wakes node `node` at time `at` (>= now) with `tag`. *alarm (may be NULL) names it for cancel. */
  mnz_status (*wake)(void *host, int32_t node, mnz_time at, mnz_phase phase, int32_t tag, mnz_alarm *alarm,
                     mnz_error *err);
  void (*cancel)(void *host, mnz_alarm *alarm); /* sets it to 0; 0 allowed */
  /* Lets the node decide within this instant, once however often it is asked for. */
  mnz_status (*stir)(void *host, int32_t node, mnz_error *err);
  /* Opens the stream of a named thing for its occurrence-th use. */
  void (*stream)(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence, mnz_stream *stream);
  /* A trace of `count` values has no more of them: the event fails behind its back. */
  void (*trace_over)(void *host, size_t count);
  /* Sends a lot in hand on its way (see domain/link.h); takes *lot, also on failure. */
  mnz_status (*send)(void *host, int32_t link, mnz_lot **lot, mnz_error *err);
  /* Hands a lot over to a node without any way between, at once. */
  mnz_status (*hand_over)(void *host, int32_t to, mnz_lot **lot, mnz_error *err);
  /* Orders `mass` from a seller, `fresh` of which was not ordered before (for its memory of usage). With
   * `only_free`, no more than it can send now and has free of other orders. *accepted is what the seller
   * took on. */
  mnz_status (*ask)(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_mass mass,
                    mnz_mass fresh, int32_t priority, bool only_free, mnz_mass *accepted, mnz_error *err);
  /* Makes one kit of what this buyer ordered of the seller in this instant: materials[0] and, with it, the
   * others; `whole`: it ships only when all of it is there. */
  void (*bind_kit)(void *host, int32_t buyer, int32_t seller, const int32_t *materials, int32_t n,
                   uint32_t kit, bool whole);
  /* What this buyer has just ordered of the seller is given up at the end of this instant, as far as it is
   * not filled then. */
  void (*let_pass)(void *host, int32_t buyer, int32_t seller, int32_t material);
  /* Takes back at most `most` of what is open of a buyer's orders placed before `before`, the newest first;
   * returns the mass. */
  mnz_mass (*withdraw)(void *host, int32_t buyer, int32_t seller, int32_t material, mnz_time before,
                       mnz_mass most);
  /* What the seller could send to this buyer now. */
  mnz_mass (*free_stock)(void *host, int32_t buyer, int32_t seller, int32_t material);
  /* Of `mass` that a seller would send to a buyer, its stock being the lots from `stock` on (NULL: it has
   * none until it sells), what may leave under the regimes. NULL when there are no regimes. */
  mnz_mass (*permits)(void *host, int32_t seller, int32_t buyer, int32_t material, mnz_mass mass,
                      const mnz_lot *stock);
  /* A lot of what a node pushes on cannot leave: if it lacks a licence, that is applied for. NULL as above.
   */
  mnz_status (*stuck)(void *host, int32_t node, int32_t material, mnz_error *err);
  /* Sum of the tariffs on a lot in hand, as shares of its price. NULL when there are no regimes. */
  double (*tariff)(void *host, int32_t seller, int32_t buyer, const mnz_lot *lot);
  /* The mnz_rule that a regime is in. NULL when there are no regimes. */
  int32_t (*rule)(const void *host, int32_t regime);
  /* Since when a buyer knows that a source of its will be hit by what has been announced and has not come
   * yet; MNZ_NEVER when nothing has. NULL: nobody announces anything. */
  mnz_time (*warned)(void *host, int32_t buyer, int32_t source, int32_t material);
  /* A store lost or freed room: whoever feeds it may go on. */
  mnz_status (*freed)(void *host, int32_t node, int32_t material, mnz_error *err);
  /* An order that this buyer placed at `since` could not be filled at once, and was given up. */
  void (*unmet)(void *host, int32_t buyer, mnz_time since);
  /* `mass` of what an ask has open is shipped now; the book hears of it after this. */
  void (*filled)(void *host, const mnz_ask *ask, mnz_mass mass);
  /* What others can see of a node. `room` counts what is already on its way as arrived. */
  mnz_mass (*room)(const void *host, int32_t node, int32_t material);
  mnz_mass (*stock)(const void *host, int32_t node, int32_t material);
  mnz_mass (*coming)(const void *host, int32_t node, int32_t material); /* under way to it */
  double (*usage)(const void *host, int32_t node, int32_t material);    /* milligrams a microsecond */
  /* The sum of the positions of all that is fed from the node, but for the users (domain/buying.h). */
  mnz_mass (*echelon)(const void *host, int32_t node, int32_t material);
  /* The mean time on the way that a lot from seller to buyer would take now, in microseconds; INFINITY while
   * all ways are closed. */
  double (*lead_time)(const void *host, int32_t buyer, int32_t seller, int32_t material);
  /* What a milligram would cost this buyer, brought to it: price, duty, freight; NaN where no price is said.
   */
  double (*landed_price)(const void *host, int32_t buyer, int32_t seller, int32_t material);
  /* What a contract still allows in its period. NULL when there are none. */
  mnz_mass (*contract_left)(const void *host, int32_t contract);
  /* What a price is now, US dollars a milligram; NaN where nothing is said. */
  double (*price)(const void *host, const mnz_price *price);
  /* What flows has just gone from one node to another, lot->from and lot->node: it is paid for. NULL where
   * there is no money. */
  void (*passed)(void *host, mnz_lot *lot);
  /* For an onlooker; NULL when there is none. */
  void (*lost)(void *host, const mnz_lot *lot);            /* a lot in hand is lost where it is */
  void (*turned)(void *host, int32_t node, int32_t state); /* an mnz_state, from now on */
} mnz_services;

/* The occurrence-th value of a named thing: a constant takes no randomness, a trace its occurrence-th value,
 * all else one stream of its own. */
double mnz_services_draw(const mnz_services *services, uint32_t hash, mnz_purpose purpose,
                         uint32_t occurrence, const mnz_distribution *distribution);
/* The same as a time or a mass: rounded, at most INT64_MAX / 4. */
int64_t mnz_services_draw_whole(const mnz_services *services, uint32_t hash, mnz_purpose purpose,
                                uint32_t occurrence, const mnz_distribution *distribution);

#endif
