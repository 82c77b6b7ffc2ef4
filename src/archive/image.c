/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive/image.h"

#include <stdlib.h>
#include <string.h>

#define GROW_BYTES ((size_t)16 << 20)

/* ---- what HDF5's driver for files in memory calls; self is the image ---- */

static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *self) {
  (void)op;
  (void)self;
  return malloc(size);
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *self) {
  (void)op;
  (void)self;
  return memcpy(to, from, size);
}

/* New memory is zeroed: what HDF5 leaves between its objects must not differ from run to run. */
static void *image_realloc(void *old, size_t size, H5FD_file_image_op_t op, void *self) {
  (void)op;
  mnz_image *const image = self;
  char *const bytes = realloc(old, size);
  if (bytes == NULL) return NULL;
  if (size > image->size) memset(bytes + image->size, 0, size - image->size);
  image->size = size;
  return bytes;
}

static herr_t image_release(void *bytes, H5FD_file_image_op_t op, void *self) {
  mnz_image *const image = self;
  if (op != H5FD_FILE_IMAGE_OP_FILE_CLOSE) {
    free(bytes);
  } else {
    free(image->bytes);
    image->bytes = bytes;
  }
  return 0;
}

static void *same(void *self) {
  return self;
}

static herr_t keep(void *self) {
  (void)self;
  return 0;
}

void mnz_image_access(mnz_h5 *h, hid_t access, mnz_image *image) {
  H5FD_file_image_callbacks_t callbacks = {.image_malloc = image_malloc,
                                           .image_memcpy = image_copy,
                                           .image_realloc = image_realloc,
                                           .image_free = image_release,
                                           .udata_copy = same,
                                           .udata_free = keep,
                                           .udata = image};
  *image = (mnz_image){NULL, 0};
  (void)mnz_h5_do(h, H5Pset_fapl_core(access, GROW_BYTES, false), "set up", "a file in memory");
  (void)mnz_h5_do(h, H5Pset_file_image_callbacks(access, &callbacks), "set up", "a file in memory");
}

/* The driver grows by large steps; where the file ends stands in its superblock (version 2, addresses of 8
 * bytes): File Format Specification, II.A. */
void mnz_image_finish(mnz_h5 *h, mnz_image *image) {
  enum { VERSION = 8, ADDRESS_SIZE = 9, END_ADDRESS = 28, SUPERBLOCK = 48 };
  const unsigned char *const at = (const unsigned char *)image->bytes;
  if (h->status != MNZ_OK) return;
  uint64_t end = 0;
  if (at != NULL && image->size >= SUPERBLOCK && at[VERSION] == 2 && at[ADDRESS_SIZE] == 8)
    for (int i = 0; i < 8; i++) end |= (uint64_t)at[END_ADDRESS + i] << (8 * i);
  if (end == 0 || end > image->size)
    mnz_h5_fail(h, "find", "the end of the file in memory");
  else
    image->size = end;
}

void mnz_image_free(mnz_image *image) {
  free(image->bytes);
  *image = (mnz_image){NULL, 0};
}
