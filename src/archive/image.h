/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An HDF5 file in memory that is mapped from a part: HDF5 writes to memory, where nothing can fail, and the
 * part's growth is where a full disk shows. The memory counts as the file's, so the system can take it back.
 */
#ifndef MNZ_ARCHIVE_IMAGE_H
#define MNZ_ARCHIVE_IMAGE_H

#include "archive/h5.h"
#include "archive/part.h"

typedef struct mnz_image {
  mnz_h5 *h;
  mnz_part *part;
  char *empty; /* the memory of a file that nothing was written to yet */
  char *vain;  /* memory that HDF5 goes on with when the disk is full */
  size_t vain_size;
} mnz_image;

/* HDF5 begins by reading a file of the same name, if there is one. There is none of this name. */
#define MNZ_IMAGE_NAME "/dev/null/image.h5"

/* Makes `access` create files whose memory is the part's. The image must live as long as the file. One file
 * at a time. */
void mnz_image_access(mnz_h5 *h, hid_t access, mnz_image *image, mnz_part *part);
/* After the file was closed: works out how long it is and saves the part. Returns h->status. */
mnz_status mnz_image_finish(mnz_h5 *h, mnz_image *image);
void mnz_image_free(mnz_image *image);

#endif
