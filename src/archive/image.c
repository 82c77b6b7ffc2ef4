/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive/image.h"

#include <stdlib.h>
#include <string.h>

#define GROW_BYTES ((size_t)1 << 20)

/* ---- what HDF5's driver for files in memory calls; self is the image ---- */

static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *self) {
  (void)op;
  mnz_image *const image = self;
  image->empty = malloc(size);
  return image->empty;
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *self) {
  (void)op;
  (void)self;
  return memcpy(to, from, size);
}

/* HDF5 is never told that there is no more room: it would leave its file half closed, and crash at exit. It
 * gets memory of no use instead, and `h` knows that all is in vain. */
static void *go_on_in_vain(mnz_image *image, const void *old, size_t size) {
  char *const rest = calloc(size, 1);
  if (rest == NULL) return NULL;
  const size_t keep = image->vain != NULL ? image->vain_size : image->part->size;
  if (old != NULL) memcpy(rest, old, keep < size ? keep : size);
  free(image->vain);
  image->vain = rest;
  image->vain_size = size;
  return rest;
}

/* New room in a file is zero: what HDF5 leaves between its objects does not differ from run to run. */
static void *image_realloc(void *old, size_t size, H5FD_file_image_op_t op, void *self) {
  (void)op;
  mnz_image *const image = self;
  mnz_h5 *const h = image->h;
  if (image->vain != NULL) return go_on_in_vain(image, image->vain, size);
  if (old != NULL && old != image->part->bytes) return NULL; /* HDF5 1.10 begins with nothing */
  if (size <= image->part->size) return image->part->bytes;
  const mnz_status status = mnz_part_map(image->part, size, h->err);
  if (status == MNZ_OK) return image->part->bytes;
  if (h->status == MNZ_OK) h->status = status;
  return go_on_in_vain(image, image->part->bytes, size);
}

/* The part keeps its mapping, the image what is in vain. */
static herr_t image_release(void *bytes, H5FD_file_image_op_t op, void *self) {
  (void)op;
  mnz_image *const image = self;
  if (bytes == image->empty) image->empty = NULL;
  if (bytes != image->part->bytes && bytes != image->vain) free(bytes);
  return 0;
}

static void *same(void *self) {
  return self;
}

static herr_t keep(void *self) {
  (void)self;
  return 0;
}

void mnz_image_access(mnz_h5 *h, hid_t access, mnz_image *image, mnz_part *part) {
  H5FD_file_image_callbacks_t callbacks = {.image_malloc = image_malloc,
                                           .image_memcpy = image_copy,
                                           .image_realloc = image_realloc,
                                           .image_free = image_release,
                                           .udata_copy = same,
                                           .udata_free = keep,
                                           .udata = image};
  *image = (mnz_image){.h = h, .part = part};
  (void)mnz_h5_do(h, H5Pset_fapl_core(access, GROW_BYTES, false), "set up", "a file in memory");
  (void)mnz_h5_do(h, H5Pset_file_image_callbacks(access, &callbacks), "set up", "a file in memory");
}

/* The driver grows by large steps; where the file ends stands in its superblock (version 2, addresses of 8
 * bytes): File Format Specification, II.A. 0: not there. */
static size_t length_of(const mnz_part *part) {
  enum { VERSION = 8, ADDRESS_SIZE = 9, END_ADDRESS = 28, SUPERBLOCK = 48 };
  const unsigned char *const at = (const unsigned char *)part->bytes;
  if (at == NULL || part->size < SUPERBLOCK || at[VERSION] != 2 || at[ADDRESS_SIZE] != 8) return 0;
  uint64_t end = 0;
  for (int i = 0; i < 8; i++) end |= (uint64_t)at[END_ADDRESS + i] << (8 * i);
  return end <= part->size ? end : 0;
}

mnz_status mnz_image_finish(mnz_h5 *h, mnz_image *image) {
  if (h->status != MNZ_OK) return h->status;
  const size_t length = length_of(image->part);
  if (length == 0)
    mnz_h5_fail(h, "find", "the end of the file in memory");
  else
    h->status = mnz_part_save(image->part, length, h->err);
  return h->status;
}

void mnz_image_free(mnz_image *image) {
  free(image->empty);
  free(image->vain);
  image->empty = NULL;
  image->vain = NULL;
}
