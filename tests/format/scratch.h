/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of its own for every test of the archive, and what is done in it. */
#ifndef MNZ_TESTS_FORMAT_SCRATCH_H
#define MNZ_TESTS_FORMAT_SCRATCH_H

#ifndef _XOPEN_SOURCE
#error "nftw needs _XOPEN_SOURCE 700 before the first header"
#endif
#include "sample.h"

#include <criterion/criterion.h>
#include <hdf5.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const sample_size SMALL = {.replications = 3, .nodes = 3, .days = 20, .series = 1};

static char folder[64];
static char path[128];

static inline void enter(void) {
  strcpy(folder, "/tmp/mnz_archive_XXXXXX");
  cr_assert_not_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/results.h5", folder);
}

static inline int remove_one(const char *name, const struct stat *s, int kind, struct FTW *where) {
  (void)s, (void)kind, (void)where;
  return remove(name);
}

static inline void leave(void) {
  nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline bool exists(const char *name) {
  return access(name, F_OK) == 0;
}

static inline char *slurp(const char *name, size_t *size) {
  struct stat s;
  FILE *f = fopen(name, "rb");
  cr_assert_not_null(f, "%s", name);
  cr_assert(fstat(fileno(f), &s) == 0);
  *size = (size_t)s.st_size;
  char *bytes = malloc(*size + 1);
  cr_assert_eq(fread(bytes, 1, *size, f), *size);
  fclose(f);
  return bytes;
}

static inline void spill(const char *name, const char *bytes, size_t size) {
  FILE *f = fopen(name, "wb");
  cr_assert_not_null(f, "%s", name);
  cr_assert_eq(fwrite(bytes, 1, size, f), size);
  cr_assert_eq(fclose(f), 0);
}

static inline void write_size(const char *name, sample_size size, char digest[65]) {
  mnz_error err = {0};
  sample s;
  sample_create(&s, &size);
  cr_assert_eq(sample_write(&s, name, true, digest, &err), MNZ_OK, "%s: %s", err.where, err.message);
  sample_free(&s);
}

static inline bool has_variable(const mnz_archive_info *info, const char *text) {
  for (size_t i = 0; i < info->n_variables; i++)
    if (strcmp(info->variables[i], text) == 0) return true;
  return false;
}

static inline hid_t open_file(unsigned flags) {
  const hid_t file = H5Fopen(path, flags, H5P_DEFAULT);
  cr_assert(file >= 0);
  return file;
}

static inline void read_cells(const char *name, hid_t type, void *out) {
  const hid_t file = open_file(H5F_ACC_RDONLY);
  const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  cr_assert(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0, "%s", name);
  H5Dclose(dataset);
  H5Fclose(file);
}

#endif
