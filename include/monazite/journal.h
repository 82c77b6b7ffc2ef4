/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A journal: what a batch has finished so far, on disk, record by record, so that nothing whole is lost
 * whatever happens to the process.
 *
 * A header says what the batch is of; then one record a replication, a parcel with a checksum. What a killed
 * process left half-written at the end is cut off when the journal is opened again. */
#ifndef MONAZITE_JOURNAL_H
#define MONAZITE_JOURNAL_H

#include "monazite/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What must be equal for two batches to be one. */
typedef struct mnz_journal_identity {
  const char *scenario_text; /* resolved, without origins */
  mnz_watch watch;
  int32_t digits;
  uint32_t shard, shards;
  uint32_t
      plan; /* replications of the whole plan; not part of who it is: may be another later. 0: not said */
} mnz_journal_identity;

typedef struct mnz_journal mnz_journal;

/* A new one, locked. MNZ_CANNOT_CREATE if the file is there already, MNZ_IO. Shape and identity's text must
 * outlive it. */
mnz_status mnz_journal_create(mnz_journal **out, const char *path, const mnz_journal_identity *identity,
                              const mnz_result *shape, mnz_error *err);
/* One that is there. MNZ_NO_INPUT if it is not, MNZ_FORMAT if it is no journal or of another version,
 * MNZ_SCENARIO if it is of another batch: then *was (may be NULL) gets the scenario that it is of, the
 * caller's: free(). MNZ_CANNOT_CREATE if another process has it. */
mnz_status mnz_journal_open(mnz_journal **out, const char *path, const mnz_journal_identity *identity,
                            const mnz_result *shape, char **was, mnz_error *err);
/* The plan as last said. */
uint32_t mnz_journal_plan(const mnz_journal *journal);
/* Leaves the file. NULL allowed. */
void mnz_journal_close(mnz_journal *journal);

/* Appends. Takes *parcel and sets it to NULL. On failure (a full disk: MNZ_IO) the file is cut back to whole
 * records. */
mnz_status mnz_journal_add(mnz_journal *journal, mnz_parcel **parcel, mnz_error *err);
/* What was added is on disk from now on. MNZ_IO also if somebody has removed the file. */
mnz_status mnz_journal_sync(mnz_journal *journal, mnz_error *err);
/* What is in it, readable from several threads. Good until the next is added. */
mnz_rows mnz_journal_rows(const mnz_journal *journal);
/* Removes the file; the rows stay readable until it is closed. */
void mnz_journal_remove(mnz_journal *journal);

#ifdef __cplusplus
}
#endif
#endif
