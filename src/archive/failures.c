/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group /failures: why replications failed. Apart from the columns of the root, where a failed
 * replication is a row like any other, because few files have any. */
#include "archive/content.h"

#include "base/memory.h"
#include "world/scenario.h"

#include <stdlib.h>
#include <string.h>

typedef struct failures {
  mnz_arena *arena;
  size_t count;
  int32_t *replication;
  const char **seed;
  const char **message;
} failures;

static bool collect(mnz_h5 *h, const mnz_archive_input *input, failures *out) {
  const mnz_rows *const rows = input->rows;
  const char *const seed = input->scenario->seed_text != NULL ? input->scenario->seed_text : "";
  for (size_t i = 0, at = 0; i < rows->count && h->status == MNZ_OK && at < out->count; i++) {
    mnz_row row;
    h->status = rows->head(rows->self, i, &row, h->err);
    if (h->status != MNZ_OK || row.status == MNZ_OK) continue;
    out->replication[at] = (int32_t)row.replication;
    out->seed[at] = seed;
    if ((out->message[at++] = mnz_arena_text(out->arena, row.message, NULL)) == NULL) mnz_h5_no_memory(h);
  }
  return h->status == MNZ_OK;
}

static hid_t put(mnz_h5 *h, hid_t group, const char *name, const char *long_name, hid_t type, hsize_t count,
                 const void *data) {
  const hid_t space = mnz_h5_id(h, H5Screate_simple(1, &count, NULL), "set up", name);
  const hid_t list = mnz_h5_creation(h, H5P_DATASET_CREATE);
  const hid_t dataset =
      mnz_h5_id(h, H5Dcreate2(group, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT), "create", name);
  (void)mnz_h5_do(h, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "fill", name);
  mnz_h5_put_text(h, dataset, "long_name", long_name);
  mnz_h5_close(h, list);
  mnz_h5_close(h, space);
  return dataset;
}

static void write_all(mnz_h5 *h, const failures *f) {
  const hid_t list = mnz_h5_creation(h, H5P_GROUP_CREATE);
  const hid_t group =
      mnz_h5_id(h, H5Gcreate2(h->file, "failures", H5P_DEFAULT, list, H5P_DEFAULT), "create", "failures");
  mnz_h5_put_text(h, group, "long_name",
                  "replications that failed; replay one with monazite run --replication");
  const hid_t text = mnz_h5_text_type(h, H5T_VARIABLE);
  const hid_t numbers = put(h, group, "failure", "number of the replication", mnz_h5_file_type(MNZ_CELL_I4),
                            f->count, f->replication);
  (void)mnz_h5_do(h, H5DSset_scale(numbers, "failure"), "make a dimension of", "failure");
  const hid_t seed = put(h, group, "seed", "seed of the scenario", text, f->count, f->seed);
  const hid_t message = put(h, group, "message", "where, when and why", text, f->count, f->message);
  (void)mnz_h5_do(h, H5DSattach_scale(seed, numbers, 0), "attach a dimension to", "seed");
  (void)mnz_h5_do(h, H5DSattach_scale(message, numbers, 0), "attach a dimension to", "message");
  mnz_h5_close(h, message);
  mnz_h5_close(h, seed);
  mnz_h5_close(h, numbers);
  mnz_h5_close(h, text);
  mnz_h5_close(h, group);
  mnz_h5_close(h, list);
}

void mnz_failures_write(mnz_h5 *h, const mnz_archive_input *input) {
  failures f = {.count = input->summary->failed};
  if (f.count == 0 || h->status != MNZ_OK) return;
  if (mnz_arena_create(&f.arena, NULL) != MNZ_OK ||
      (f.replication = mnz_arena_alloc(f.arena, f.count, sizeof *f.replication, NULL)) == NULL ||
      (f.seed = mnz_arena_alloc(f.arena, f.count, sizeof *f.seed, NULL)) == NULL ||
      (f.message = mnz_arena_alloc(f.arena, f.count, sizeof *f.message, NULL)) == NULL)
    mnz_h5_no_memory(h);
  else if (collect(h, input, &f))
    write_all(h, &f);
  mnz_arena_free(f.arena);
}
