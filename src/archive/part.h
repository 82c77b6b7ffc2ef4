/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file on its way: NAME.part until it is whole and on disk, then NAME. */
#ifndef MNZ_ARCHIVE_PART_H
#define MNZ_ARCHIVE_PART_H

#include <stddef.h>

#include "monazite/status.h"

typedef struct mnz_part {
  const char *path; /* the caller's: the final name */
  char *part;       /* the name until then */
  int fd;           /* locked, so that two runs cannot write one part; -1: not open */
} mnz_part;

/* Opens path.part, empty. What a killed run left there is overwritten; one that another run is writing is
 * left alone. Fails with MNZ_CANNOT_CREATE. Always followed by mnz_part_close. */
mnz_status mnz_part_open(mnz_part *part, const char *path, mnz_error *err);
/* Writes the whole content, sees it to disk, and reads it back; looks at the free space first. MNZ_IO. */
mnz_status mnz_part_save(mnz_part *part, const void *bytes, size_t size, mnz_error *err);
/* Gives the part its final name. MNZ_IO. */
mnz_status mnz_part_publish(mnz_part *part, mnz_error *err);
/* Removes the part, unless it was published. */
void mnz_part_close(mnz_part *part);

#endif
