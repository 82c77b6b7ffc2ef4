/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/load.h"
#include "cli/signals.h"
#include "monazite/archive.h"

/* The one that is wanted ends the reading: what fails then is no failure. */
static mnz_status take(void *self, mnz_parcel **parcel, mnz_error *err) {
  mnz_cli_kept *kept = self;
  const uint32_t replication = (*parcel)->replication;
  if (mnz_cli_interrupted())
    return mnz_fail(err, MNZ_INTERRUPTED, NULL, "interrupted while reading %s", kept->path);
  if (replication != kept->replication && !kept->any) {
    free(*parcel);
    *parcel = NULL;
    return MNZ_OK;
  }
  kept->replication = replication;
  kept->parcel = *parcel;
  *parcel = NULL;
  return MNZ_LIMIT;
}

static mnz_status check_kept(const char *path, const mnz_archive_info *info, bool lots, mnz_error *err) {
  mnz_watch watch;
  if (!mnz_watch_parse(info->watch, &watch))
    return mnz_fail(err, MNZ_FORMAT, path, "does not say what was kept: \"%s\"", info->watch);
  if (lots && !watch.lots)
    return mnz_fail(err, MNZ_USAGE, path,
                    "does not keep what became of lots; \"monazite run FILE -o %s --save=events,lots\" does",
                    path);
  if (!watch.events)
    return mnz_fail(err, MNZ_USAGE, path,
                    "does not keep what happened; \"monazite run FILE -o %s --save=events\" does", path);
  return MNZ_OK;
}

static mnz_status read_log(mnz_cli_kept *kept, size_t replications, mnz_error *err) {
  const mnz_watch watch = {.what = MNZ_WATCH_NOTHING, .events = true};
  mnz_error ended = {0};
  mnz_status status = mnz_shape_create(kept->scenario, &watch, &kept->shape, err);
  if (status != MNZ_OK) return status;
  status = mnz_archive_read_rows(kept->path, kept->shape, take, kept, &ended);
  if (kept->parcel == NULL && status != MNZ_OK) {
    *err = ended;
    return status;
  }
  if (kept->parcel == NULL)
    return mnz_fail(err, MNZ_USAGE, kept->path, "has no replication %u among its %zu", kept->replication,
                    replications);
  kept->log = (const mnz_model_event *)(const void *)((const char *)kept->parcel +
                                                      mnz_parcel_log_offset(kept->parcel));
  kept->n_log = kept->parcel->n_log;
  return mnz_model_events_check(kept->scenario, kept->path, kept->log, kept->n_log, err);
}

mnz_status mnz_cli_kept_open(const mnz_cli *cli, const char *path, int64_t replication, bool lots,
                             mnz_cli_kept *out, mnz_error *err) {
  mnz_archive_info *info = NULL;
  *out = (mnz_cli_kept){.path = path, .replication = (uint32_t)replication};
  mnz_status status = mnz_archive_read_info(path, false, &info, err);
  if (status == MNZ_OK) status = check_kept(path, info, lots, err);
  out->any = status == MNZ_OK && info->replications == 1 && replication == 0;
  if (status == MNZ_OK) status = mnz_cli_load_kept(cli, path, info->scenario_text, &out->scenario, err);
  if (status == MNZ_OK) status = read_log(out, info->replications, err);
  mnz_archive_info_free(info);
  return status;
}

void mnz_cli_kept_close(mnz_cli_kept *kept) {
  free(kept->parcel);
  mnz_result_free(kept->shape);
  mnz_scenario_free(kept->scenario);
  *kept = (mnz_cli_kept){0};
}

mnz_status mnz_cli_kept_find(const mnz_cli_kept *kept, mnz_axis_id axis, const char *name, int32_t *out,
                             mnz_error *err) {
  const char *const *labels = kept->shape->labels[axis];
  const size_t count = kept->shape->length[axis];
  const char *what = axis == MNZ_AXIS_NODE ? "node" : "element";
  for (size_t i = 0; i < count; i++) {
    if (strcmp(labels[i], name) != 0) continue;
    *out = (int32_t)i;
    return MNZ_OK;
  }
  const char *near = mnz_text_nearest(name, labels, count);
  if (near != NULL)
    return mnz_fail(err, MNZ_USAGE, kept->path, "has no %s \"%s\"; did you mean \"%s\"?", what, name, near);
  return mnz_fail(err, MNZ_USAGE, kept->path, "has no %s \"%s\"", what, name);
}
