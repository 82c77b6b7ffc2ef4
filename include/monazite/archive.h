/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results file: HDF5 that xarray, netCDF4, ncdump, h5py, R and h5web open without glue. Its layout is
 * format version 1, described in src/archive/README.md. */
#ifndef MONAZITE_ARCHIVE_H
#define MONAZITE_ARCHIVE_H

#include "monazite/rows.h"
#include "monazite/scenario.h"
#include "monazite/summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What belongs to this one run and not to its results: kept apart in the attribute /provenance@run, of 1024
 * bytes; a long command line is cut. Any text may be NULL. */
typedef struct mnz_run_facts {
  const char *command_line;
  double started_unix; /* seconds since 1970 */
  double finished_unix;
  double wall_seconds;
  int32_t threads;
  int32_t ranks;       /* 0 counts as 1 */
  const char *stopped; /* why a batch ended, in words */
} mnz_run_facts;

typedef struct mnz_archive_options {
  bool series;               /* write the series of every replication */
  mnz_watch watch;           /* what the rows hold of them */
  uint32_t shard, shards;    /* which part of a batch the rows are: 1 of 1 is all of it */
  uint32_t plan;             /* of a part: replications of the whole plan */
  int32_t digits;            /* significant digits kept of float series, 1 .. 15; 0: all */
  const char *scenario_text; /* resolved, as mnz_scenario_explain gives it without origins; NULL: "" */
} mnz_archive_options;
/* "1 of 1", or "2 of 4 of 1000"; and back, false if it is no such text. `out` holds 48 bytes. */
void mnz_shard_format(uint32_t shard, uint32_t shards, uint32_t plan, char *out);
bool mnz_shard_parse(const char *text, uint32_t *shard, uint32_t *shards, uint32_t *plan);
mnz_archive_options mnz_archive_options_default(void); /* series, all watched, 1 of 1, all digits, no text */

/* Writes path.part, sees it to disk, opens it as a reader would, renames it to `path` (an existing file is
 * replaced only then). On failure nothing is left behind and an existing file is untouched:
 * MNZ_CANNOT_CREATE, MNZ_IO, MNZ_USAGE (digits), MNZ_LIMIT (a replication beyond 2^31 - 1). The summary is
 * of these rows; a variable must not be called as an axis is, nor status, events or residual_mg. `digest`
 * (may be NULL) receives the data digest, 64 hex digits. Memory: a block of rows, whatever their number. Not
 * from two threads at once: HDF5 is not made for it. */
mnz_status mnz_archive_write(const char *path, const mnz_scenario *scenario, const mnz_rows *rows,
                             const mnz_summary *summary, const mnz_run_facts *facts,
                             const mnz_archive_options *options, char digest[65], mnz_error *err);

/* What a results file says of itself. Texts are the caller's until mnz_archive_info_free. */
typedef struct mnz_archive_info {
  char *title;
  char *status; /* "complete" */
  char *format_version;
  char *version; /* of the program that wrote it */
  char *commit;
  char *interval; /* of the means in its summary: "Student t" or "bootstrap-t" */
  char *seed;
  char *scenario_text;
  char *scenario_sha256;
  char *digest;      /* as stored */
  char *run;         /* the volatile facts, one text */
  char *time_units;  /* "days since 2025-10-01 00:00:00"; "" without a time axis */
  char *watch;       /* what was observed, as mnz_watch_format says it */
  char *shard;       /* "1 of 1"; of a part "2 of 4 of 1000", the last being the plan */
  double confidence; /* of its intervals */
  size_t replications;
  bool has_series; /* of every replication */
  int32_t digits;  /* that they were rounded to; 0: all */
  size_t bytes;    /* of the file */
  size_t n_variables;
  char **variables; /* "stock(replication, scenario, account, time) t" */
} mnz_archive_info;

/* Reads in a child process with limits on time and memory, so that a damaged file is one clear error
 * (MNZ_FORMAT) and never a crash. With `check`, all data are read and the digest is compared: then no damage
 * passes. Fails with MNZ_NO_INPUT if there is no such file; *out is NULL then. */
mnz_status mnz_archive_read_info(const char *path, bool check, mnz_archive_info **out, mnz_error *err);
void mnz_archive_info_free(mnz_archive_info *info); /* NULL allowed */

/* Reads all replications of a file, in its order, in a child process as above; `take` is given each and owns
 * it. The shape says which variables are wanted, in which cells, and whether events are: a file that has the
 * variables not, or with other lengths, is MNZ_FORMAT. A failure of `take` ends it and is returned. */
mnz_status mnz_archive_read_rows(const char *path, const mnz_result *shape,
                                 mnz_status (*take)(void *self, mnz_parcel **parcel, mnz_error *err),
                                 void *self, mnz_error *err);

#ifdef __cplusplus
}
#endif
#endif
