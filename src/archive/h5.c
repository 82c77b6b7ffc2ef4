/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive/h5.h"

#include <string.h>

void mnz_h5_quiet(void) {
  (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* ---- failures ---- */

static herr_t take_description(unsigned n, const H5E_error2_t *error, void *out) {
  if (n == 0) *(const char **)out = error->desc;
  return 0;
}

void mnz_h5_fail(mnz_h5 *h, const char *verb, const char *what) {
  if (h->status != MNZ_OK) return;
  const char *reason = NULL;
  (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_description, &reason);
  h->status = reason != NULL
                  ? mnz_fail(h->err, h->blame, h->path, "cannot %s %s (HDF5: %s)", verb, what, reason)
                  : mnz_fail(h->err, h->blame, h->path, "cannot %s %s", verb, what);
}

hid_t mnz_h5_id(mnz_h5 *h, hid_t id, const char *verb, const char *what) {
  if (id < 0) mnz_h5_fail(h, verb, what);
  return id;
}

herr_t mnz_h5_do(mnz_h5 *h, herr_t result, const char *verb, const char *what) {
  if (result < 0) mnz_h5_fail(h, verb, what);
  return result;
}

void mnz_h5_no_memory(mnz_h5 *h) {
  if (h->status == MNZ_OK)
    h->status = mnz_fail(h->err, MNZ_NO_MEMORY, h->path, "no memory for the results file");
}

void mnz_h5_close(mnz_h5 *h, hid_t id) {
  if (id >= 0) (void)mnz_h5_do(h, H5Idec_ref(id), "finish", "an object");
}

/* ---- property lists ---- */

hid_t mnz_h5_access(mnz_h5 *h) {
  const hid_t list = mnz_h5_id(h, H5Pcreate(H5P_FILE_ACCESS), "set up", "the access to a file");
  (void)mnz_h5_do(h, H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V18), "choose", "the file format");
  (void)mnz_h5_do(h, H5Pset_file_locking(list, false, true), "do without", "file locks");
  return list;
}

hid_t mnz_h5_creation(mnz_h5 *h, hid_t kind) {
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  const hid_t list = mnz_h5_id(h, H5Pcreate(kind), "set up", "an object");
  (void)mnz_h5_do(h, H5Pset_obj_track_times(list, false), "leave out", "the times of objects");
  (void)mnz_h5_do(h, H5Pset_attr_creation_order(list, order), "keep", "the order of attributes");
  /* In the object's header, which has a checksum, and not in a heap of its own. */
  (void)mnz_h5_do(h, H5Pset_attr_phase_change(list, 64, 60), "set", "the place of attributes");
  if (kind != H5P_DATASET_CREATE)
    (void)mnz_h5_do(h, H5Pset_link_creation_order(list, order), "keep", "the order of objects");
  return list;
}

/* ---- types ---- */

hid_t mnz_h5_file_type(mnz_cell cell) {
  switch (cell) {
  case MNZ_CELL_F8:
    return H5T_IEEE_F64LE;
  case MNZ_CELL_F4:
    return H5T_IEEE_F32LE;
  case MNZ_CELL_I4:
    return H5T_STD_I32LE;
  case MNZ_CELL_I8:
    return H5T_STD_I64LE;
  case MNZ_CELL_U1:
    return H5T_STD_U8LE;
  }
  return H5I_INVALID_HID;
}

hid_t mnz_h5_memory_type(mnz_cell cell) {
  switch (cell) {
  case MNZ_CELL_F8:
    return H5T_NATIVE_DOUBLE;
  case MNZ_CELL_F4:
    return H5T_NATIVE_FLOAT;
  case MNZ_CELL_I4:
    return H5T_NATIVE_INT32;
  case MNZ_CELL_I8:
    return H5T_NATIVE_INT64;
  case MNZ_CELL_U1:
    return H5T_NATIVE_UINT8;
  }
  return H5I_INVALID_HID;
}

hid_t mnz_h5_text_type(mnz_h5 *h, size_t length) {
  const hid_t type = mnz_h5_id(h, H5Tcopy(H5T_C_S1), "set up", "a type of text");
  (void)mnz_h5_do(h, H5Tset_size(type, length), "set", "the length of a text");
  (void)mnz_h5_do(h, H5Tset_cset(type, H5T_CSET_UTF8), "choose", "UTF-8");
  if (length != H5T_VARIABLE)
    (void)mnz_h5_do(h, H5Tset_strpad(type, H5T_STR_NULLPAD), "choose", "the padding");
  return type;
}

/* ---- datasets ---- */

void mnz_h5_read(mnz_h5 *h, hid_t dataset, const char *name, mnz_cell cell, size_t from, size_t count,
                 void *out) {
  hsize_t start[H5S_MAX_RANK] = {from};
  hsize_t size[H5S_MAX_RANK];
  if (h->status != MNZ_OK) return;
  const hid_t file_space = mnz_h5_id(h, H5Dget_space(dataset), "read", name);
  const int rank = H5Sget_simple_extent_dims(file_space, size, NULL);
  size[0] = count;
  const hid_t memory_space = mnz_h5_id(h, H5Screate_simple(rank, size, NULL), "read", name);
  (void)mnz_h5_do(h, H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, size, NULL), "read", name);
  (void)mnz_h5_do(h, H5Dread(dataset, mnz_h5_memory_type(cell), memory_space, file_space, H5P_DEFAULT, out),
                  "read", name);
  mnz_h5_close(h, memory_space);
  mnz_h5_close(h, file_space);
}

/* ---- attributes ---- */

/* A new attribute of `count` elements, or a single one when count is 0. */
static void put(mnz_h5 *h, hid_t object, const char *name, hid_t file_type, hid_t memory_type, hsize_t count,
                const void *data) {
  if (h->status != MNZ_OK) return;
  const hid_t space =
      mnz_h5_id(h, count > 0 ? H5Screate_simple(1, &count, NULL) : H5Screate(H5S_SCALAR), "write", name);
  const hid_t attribute =
      mnz_h5_id(h, H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT), "write", name);
  (void)mnz_h5_do(h, H5Awrite(attribute, memory_type, data), "write", name);
  mnz_h5_close(h, attribute);
  mnz_h5_close(h, space);
}

void mnz_h5_put_text(mnz_h5 *h, hid_t object, const char *name, const char *text) {
  /* HDF5 has no text of length 0: an empty one is a single NUL, which every reader shows as empty. */
  const hid_t type = mnz_h5_text_type(h, text[0] != '\0' ? strlen(text) : 1);
  put(h, object, name, type, type, 0, text);
  mnz_h5_close(h, type);
}

void mnz_h5_put_texts(mnz_h5 *h, hid_t object, const char *name, const char *const *texts, size_t count) {
  const hid_t type = mnz_h5_text_type(h, H5T_VARIABLE);
  put(h, object, name, type, type, count, texts);
  mnz_h5_close(h, type);
}

void mnz_h5_put_cells(mnz_h5 *h, hid_t object, const char *name, mnz_cell cell, const void *cells,
                      size_t count) {
  put(h, object, name, mnz_h5_file_type(cell), mnz_h5_memory_type(cell), count, cells);
}
