/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log of a results file read back, from its beginning to its end. Failures are in reader->h. */
#ifndef MNZ_ARCHIVE_EVENTS_H
#define MNZ_ARCHIVE_EVENTS_H

#include "archive/h5.h"
#include "monazite/event_log.h"

#define MNZ_EVENTS_COLUMNS 12

typedef struct mnz_events_reader {
  mnz_h5 *h;
  hid_t datasets[MNZ_EVENTS_COLUMNS];
  size_t count; /* of the file */
  size_t next;  /* the first that was not read yet */
  /* of a piece of the file */
  int32_t *replication; /* of `n` events from `from` on */
  size_t from;
  size_t n;
  double *room;
} mnz_events_reader;

/* A file without a log has 0 events. What it takes is given back when the process ends. */
void mnz_events_open(mnz_events_reader *reader, mnz_h5 *h);
/* How many of the next events are of the replication. */
size_t mnz_events_count(mnz_events_reader *reader, int32_t replication);
/* The next events: not more than there are. */
void mnz_events_read(mnz_events_reader *reader, size_t count, mnz_model_event *out);

#endif
