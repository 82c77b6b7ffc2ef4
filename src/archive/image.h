/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An HDF5 file in memory, whose bytes are ours once it is closed. HDF5's own way to them, H5Fget_file_image,
 * gives a file that is still marked as open, with a wrong checksum (1.10.8). */
#ifndef MNZ_ARCHIVE_IMAGE_H
#define MNZ_ARCHIVE_IMAGE_H

#include "archive/h5.h"

typedef struct mnz_image {
  char *bytes;
  size_t size; /* of the file; more memory may be behind it */
} mnz_image;

/* HDF5 begins by reading a file of the same name, if there is one. There is none of this name. */
#define MNZ_IMAGE_NAME "/dev/null/image.h5"

/* Makes `access` create files in memory. *image stays empty until such a file is closed, and then owns its
 * bytes; it must live as long as the file. One file at a time. */
void mnz_image_access(mnz_h5 *h, hid_t access, mnz_image *image);
/* After the file was closed: works out image->size. */
void mnz_image_finish(mnz_h5 *h, mnz_image *image);
void mnz_image_free(mnz_image *image);

#endif
