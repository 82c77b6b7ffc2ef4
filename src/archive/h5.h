/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking to HDF5. The first failure sticks: after it every call here does nothing, and ids that were not
 * obtained are negative, which HDF5 refuses. So a long row of calls needs one look, at its end. */
#ifndef MNZ_ARCHIVE_H5_H
#define MNZ_ARCHIVE_H5_H

#include "base/error.h"
#include "monazite/result.h"

#include <hdf5.h>
#include <hdf5_hl.h>

typedef struct mnz_h5 {
  hid_t file;
  const char *path;  /* for messages */
  mnz_status blame;  /* what a failure means: MNZ_IO while writing, MNZ_FORMAT while reading */
  mnz_status status; /* of the first failure */
  mnz_error *err;    /* may be NULL */
} mnz_h5;

/* HDF5's own messages off: ours is one line. */
void mnz_h5_quiet(void);

/* Remember a failure, if it is the first: "cannot <verb> <what> (HDF5: <its innermost reason>)". */
void mnz_h5_fail(mnz_h5 *h, const char *verb, const char *what);
/* The same for what HDF5 calls return; negative is a failure. Both pass the value on. */
hid_t mnz_h5_id(mnz_h5 *h, hid_t id, const char *verb, const char *what);
herr_t mnz_h5_do(mnz_h5 *h, herr_t result, const char *verb, const char *what);
/* The same for memory that could not be had. */
void mnz_h5_no_memory(mnz_h5 *h);
/* Closes an id of any kind; a negative one is passed over. Closing can fail: it may be what writes. */
void mnz_h5_close(mnz_h5 *h, hid_t id);

/* Access for any file here: the format of HDF5 1.8, and no failure where the file system cannot lock. */
hid_t mnz_h5_access(mnz_h5 *h);
/* Creation with equal bytes for equal runs (no times), and with the creation order that netCDF asks for.
 * `kind` is H5P_FILE_CREATE, H5P_GROUP_CREATE or H5P_DATASET_CREATE. */
hid_t mnz_h5_creation(mnz_h5 *h, hid_t kind);

/* How a cell lies in a file (little endian) and in memory. Not to be closed. */
hid_t mnz_h5_file_type(mnz_cell cell);
hid_t mnz_h5_memory_type(mnz_cell cell);
/* UTF-8 text of exactly `length` bytes (at least 1), or of any length with H5T_VARIABLE. */
hid_t mnz_h5_text_type(mnz_h5 *h, size_t length);

/* Cells [from, from + count) of the dataset's first dimension, all of the others. */
void mnz_h5_read(mnz_h5 *h, hid_t dataset, const char *name, mnz_cell cell, size_t from, size_t count,
                 void *out);

/* New attributes. One text has the fixed length that it needs; several have any length. */
void mnz_h5_put_text(mnz_h5 *h, hid_t object, const char *name, const char *text);
void mnz_h5_put_texts(mnz_h5 *h, hid_t object, const char *name, const char *const *texts, size_t count);
void mnz_h5_put_cells(mnz_h5 *h, hid_t object, const char *name, mnz_cell cell, const void *cells,
                      size_t count);

#endif
