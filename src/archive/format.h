/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that both the writer and the reader of a file know. */
#ifndef MNZ_ARCHIVE_FORMAT_H
#define MNZ_ARCHIVE_FORMAT_H

#define MNZ_FORMAT_VERSION    "1"
#define MNZ_FORMAT_COMPLETE   "complete" /* the attribute `status` of a whole file */
#define MNZ_FORMAT_SUMMARY    "summary"
#define MNZ_FORMAT_PROVENANCE "provenance"
#define MNZ_FORMAT_EVENT_LOG  "event_log"

#endif
