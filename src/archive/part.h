/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file on its way: NAME.part until it is whole and on disk, then NAME. */
#ifndef MNZ_ARCHIVE_PART_H
#define MNZ_ARCHIVE_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "monazite/status.h"

typedef struct mnz_part {
  const char *path; /* the caller's: the final name */
  char *target;     /* the same with its links followed */
  char *part;       /* the name until then */
  int fd;           /* locked, so that two runs cannot write one part; -1: not open */
  char *bytes;      /* its content, mapped: what is written here is in the file; NULL: not mapped */
  size_t size;      /* of the mapping */
} mnz_part;

/* Brings the folder that holds the path to disk, so that a new name in it lasts. */
bool mnz_folder_sync(const char *path);

/* Opens path.part, empty. What a killed run left there is overwritten; one that another run is writing is
 * left alone. Fails with MNZ_CANNOT_CREATE. Always followed by mnz_part_close. */
mnz_status mnz_part_open(mnz_part *part, const char *path, mnz_error *err);
/* Grows the file to `size` and maps it anew, at another place; what is new is zero. On failure (a full disk:
 * MNZ_IO) the mapping is what it was. */
mnz_status mnz_part_map(mnz_part *part, size_t size, mnz_error *err);
/* Cuts the file to its final size and sees it to disk. MNZ_IO. */
mnz_status mnz_part_save(mnz_part *part, size_t size, mnz_error *err);
/* Gives the part its final name. MNZ_IO; if only its folder could not be brought to disk, it has the name. */
mnz_status mnz_part_publish(mnz_part *part, mnz_error *err);
/* Removes the part, unless it was published. */
void mnz_part_close(mnz_part *part);

#endif
