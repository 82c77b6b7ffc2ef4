/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/replicate.h"

/* Events between two looks at whether the work is still wanted; some milliseconds. */
#define SLICE UINT64_C(16384)

static bool is_of_the_model(mnz_status status) {
  return status == MNZ_LEDGER || status == MNZ_MODEL || status == MNZ_LIMIT;
}

static mnz_status prepare(const mnz_scenario *scenario, const mnz_watch *watch, uint32_t index,
                          mnz_replication **world, mnz_error *err) {
  if (*world != NULL) return mnz_replication_reset(*world, index, err);
  return mnz_replication_create(world, scenario, watch, index, err);
}

mnz_status mnz_replicate(const mnz_scenario *scenario, const mnz_result *shape, const mnz_watch *watch,
                         uint32_t index, bool (*is_wanted)(void *self), void *self, mnz_replication **world,
                         mnz_parcel **parcel, mnz_error *err) {
  mnz_result *result = NULL;
  bool done = false;
  *parcel = NULL;
  mnz_status status = prepare(scenario, watch, index, world, err);
  while (status == MNZ_OK && !done) {
    if (!is_wanted(self)) return MNZ_OK;
    status = mnz_replication_run(*world, MNZ_TO_THE_END, SLICE, &done, err);
  }
  if (status == MNZ_OK) status = mnz_replication_finish(*world, &result, err);
  if (status == MNZ_OK) status = mnz_parcel_pack(shape, result, parcel, err);
  mnz_result_free(result);
  if (!is_of_the_model(status)) return status;
  const mnz_error failure = *err;
  size_t n_log = 0;
  const mnz_model_event *log = *world != NULL ? mnz_replication_log(*world, &n_log) : NULL;
  status = mnz_parcel_pack_failure(index, &failure, parcel, err);
  return status == MNZ_OK ? mnz_parcel_add_log(parcel, log, n_log, err) : status;
}
