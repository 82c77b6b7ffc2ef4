/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a results file says of itself. Meant for a child process: a damaged file may crash or hang HDF5. */
#ifndef MNZ_ARCHIVE_INSPECT_H
#define MNZ_ARCHIVE_INSPECT_H

#include <stdbool.h>

#include "archive/h5.h"
#include "base/text.h"

/* The texts of mnz_archive_info in the order of the answer: field, path of the object, attribute; the
 * values of datasets have no attribute. */
#define MNZ_INSPECT_TEXTS(X)                                                                                 \
  X(title, "/", "title")                                                                                     \
  X(status, "/", "status")                                                                                   \
  X(format_version, "/", "format_version")                                                                   \
  X(version, "/provenance", "version")                                                                       \
  X(commit, "/provenance", "git_commit")                                                                     \
  X(interval, "/summary", "interval_of_means")                                                               \
  X(seed, "/provenance", "seed")                                                                             \
  X(scenario_text, "/provenance/scenario_text", NULL)                                                        \
  X(scenario_sha256, "/provenance", "scenario_sha256")                                                       \
  X(digest, "/provenance", "digest")                                                                         \
  X(run, "/provenance", "run")                                                                               \
  X(time_units, "/time", "units")                                                                            \
  X(watch, "/provenance", "watch")                                                                           \
  X(shard, "/provenance", "shard")

/* The answer is a row of texts, each with its NUL: the mnz_status as a number, the message ("" if all is
 * well); then, if all is well, the texts above, the numbers of replications, of series, of digits, the
 * confidence in millionths, the number of
 * variables, each variable;
 * and last, so that a cut answer is known, MNZ_INSPECT_END. */
#define MNZ_INSPECT_END "end of the answer"
/* Opens path as h->file: is it one of ours, of a version that we know, and whole? */
void mnz_inspect_open(mnz_h5 *h);

void mnz_inspect_file(const char *path, bool check, mnz_buffer *answer);

#endif
