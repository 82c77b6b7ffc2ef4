/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are not sound: each is one clear line, never a crash, and with `check` never wrong silently. */
#define _XOPEN_SOURCE 700
#include "scratch.h"

TestSuite(broken, .init = enter, .fini = leave);

/* Reading must fail, with the path and one line that has `words` in it. */
static void expect_unsound(const char *name, bool check, mnz_status status, const char *words) {
  mnz_error err = {0};
  mnz_archive_info *info = NULL;
  cr_assert_eq(mnz_archive_read_info(name, check, &info, &err), status, "%s: %s", err.where, err.message);
  cr_assert_null(info);
  cr_assert_str_eq(err.where, name);
  cr_assert_not_null(strstr(err.message, words), "%s", err.message);
  cr_assert_null(strchr(err.message, '\n'));
}

Test(broken, tells_what_is_no_results_file) {
  char name[160];
  snprintf(name, sizeof name, "%s/missing.h5", folder);
  expect_unsound(name, false, MNZ_NO_INPUT, "No such file or directory");
  expect_unsound(folder, false, MNZ_NO_INPUT, "is no ordinary file");
  snprintf(name, sizeof name, "%s/fifo.h5", folder);
  cr_assert_eq(mkfifo(name, 0600), 0);
  expect_unsound(name, false, MNZ_NO_INPUT, "is no ordinary file");
  spill(path, "title = \"a scenario\";\n", 22);
  expect_unsound(path, false, MNZ_FORMAT, "is not an HDF5 file");
  spill(path, "", 0);
  expect_unsound(path, false, MNZ_FORMAT, "is not an HDF5 file");
  H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  expect_unsound(path, false, MNZ_FORMAT, "is an HDF5 file, but not one of monazite's");
}

static void change_text(const char *name, const char *text) {
  const hid_t file = open_file(H5F_ACC_RDWR);
  const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  cr_assert(H5Awrite(attribute, type, text) >= 0);
  H5Tclose(type);
  H5Aclose(attribute);
  H5Fclose(file);
}

Test(broken, reads_its_own_version_only) {
  write_size(path, SMALL, NULL);
  change_text("format_version", "2");
  expect_unsound(path, false, MNZ_FORMAT, "has format version 2; this program reads version 1");
}

Test(broken, refuses_a_file_that_is_not_complete) {
  write_size(path, SMALL, NULL);
  change_text("status", "writing ");
  expect_unsound(path, false, MNZ_FORMAT, "is not complete");
}

Test(broken, check_finds_a_changed_number) {
  mnz_archive_info *info = NULL;
  double values[3];
  write_size(path, SMALL, NULL);
  read_cells("fill_rate", H5T_NATIVE_DOUBLE, values);
  values[1] = nextafter(values[1], 2);
  const hid_t file = open_file(H5F_ACC_RDWR);
  const hid_t dataset = H5Dopen2(file, "fill_rate", H5P_DEFAULT);
  cr_assert(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  H5Dclose(dataset);
  H5Fclose(file);
  cr_assert_eq(mnz_archive_read_info(path, false, &info, NULL), MNZ_OK);
  mnz_archive_info_free(info);
  expect_unsound(path, true, MNZ_FORMAT, "was damaged or changed");
}

Test(broken, check_finds_a_changed_label) {
  char *labels[3];
  write_size(path, SMALL, NULL);
  const hid_t file = open_file(H5F_ACC_RDWR);
  const hid_t dataset = H5Dopen2(file, "node", H5P_DEFAULT);
  const hid_t type = H5Dget_type(dataset);
  const hid_t space = H5Dget_space(dataset);
  cr_assert(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels) >= 0);
  labels[2][0] = 'K';
  cr_assert(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels) >= 0);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, labels);
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(dataset);
  H5Fclose(file);
  expect_unsound(path, true, MNZ_FORMAT, "was damaged or changed");
}

Test(broken, check_refuses_what_it_never_writes) {
  const hsize_t huge[] = {UINT64_C(1) << 40, UINT64_C(1) << 20};
  size_t size = 0;
  write_size(path, SMALL, NULL);
  char *sound = slurp(path, &size);

  hid_t file = open_file(H5F_ACC_RDWR);
  hid_t space = H5Screate_simple(2, huge, NULL);
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(list, 2, (hsize_t[]){1024, 1024});
  H5Dclose(H5Dcreate2(file, "bomb", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
  H5Pclose(list);
  H5Sclose(space);
  H5Fclose(file);
  expect_unsound(path, true, MNZ_FORMAT, "/bomb claims more values than the file can hold");

  spill(path, sound, size);
  file = open_file(H5F_ACC_RDWR);
  H5Lcreate_soft("/stock", file, "elsewhere", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(file);
  expect_unsound(path, true, MNZ_FORMAT, "/elsewhere is a link to elsewhere");

  spill(path, sound, size);
  file = open_file(H5F_ACC_RDWR);
  space = H5Screate(H5S_SCALAR);
  H5Dclose(H5Dcreate2(file, "odd", H5T_STD_U64BE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Sclose(space);
  H5Fclose(file);
  expect_unsound(path, true, MNZ_FORMAT, "/odd has a strange type");

  spill(path, sound, size);
  file = open_file(H5F_ACC_RDWR);
  H5Lcreate_hard(file, "/", file, "again", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(file);
  expect_unsound(path, true, MNZ_FORMAT, "was damaged or changed"); /* and no endless descent */
  free(sound);
}

Test(broken, tells_a_truncated_file) {
  size_t size = 0;
  write_size(path, SMALL, NULL);
  char *sound = slurp(path, &size);
  for (size_t i = 1; i <= 40; i++) {
    spill(path, sound, size - (size - 8) * i / 41);
    expect_unsound(path, false, MNZ_FORMAT, "");
  }
  spill(path, sound, size - 1);
  expect_unsound(path, false, MNZ_FORMAT, "cannot open it");
  free(sound);
}

static bool same_info(const mnz_archive_info *a, const mnz_archive_info *b) {
  bool same = strcmp(a->title, b->title) == 0 && strcmp(a->seed, b->seed) == 0 &&
              strcmp(a->version, b->version) == 0 && strcmp(a->scenario_text, b->scenario_text) == 0 &&
              strcmp(a->scenario_sha256, b->scenario_sha256) == 0 && strcmp(a->digest, b->digest) == 0 &&
              strcmp(a->run, b->run) == 0 && strcmp(a->time_units, b->time_units) == 0 &&
              a->replications == b->replications && a->n_variables == b->n_variables;
  for (size_t i = 0; same && i < a->n_variables; i++) same = strcmp(a->variables[i], b->variables[i]) == 0;
  return same;
}

/* Up to 16 random bytes of the file changed: an error of one line, or no harm done. Seed 20251123. */
Test(broken, is_never_wrong_silently_after_random_damage, .timeout = 3000) {
  const char *more = getenv("MNZ_TRIALS"); /* the long run asks for more */
  const int trials = more != NULL ? atoi(more) : 300;
  size_t size = 0;
  size_t refused = 0;
  uint64_t draws = 0;
  mnz_archive_info *truth = NULL;
  write_size(path, SMALL, NULL);
  cr_assert_eq(mnz_archive_read_info(path, true, &truth, NULL), MNZ_OK);
  char *sound = slurp(path, &size);
  char *broken = malloc(size);
  for (int trial = 0; trial < trials; trial++) {
    memcpy(broken, sound, size);
    const int changes = 1 + trial % 16;
    for (int i = 0; i < changes; i++) {
      const size_t at = (size_t)(sample_noise(20251123, 1, draws) * (double)size);
      broken[at] = (char)(broken[at] ^ (1 + (int)(255 * sample_noise(20251123, 2, draws++))));
    }
    spill(path, broken, size);
    mnz_archive_info *info = NULL;
    mnz_error err = {0};
    const mnz_status status = mnz_archive_read_info(path, true, &info, &err);
    if (status == MNZ_OK) {
      cr_assert(same_info(info, truth), "trial %d", trial);
    } else {
      refused++;
      cr_assert_eq(status, MNZ_FORMAT, "trial %d: %d: %s", trial, (int)status, err.message);
      cr_assert(err.message[0] != '\0' && strchr(err.message, '\n') == NULL, "trial %d", trial);
    }
    mnz_archive_info_free(info);
  }
  cr_assert_gt(refused, (size_t)trials / 2);
  mnz_archive_info_free(truth);
  free(broken);
  free(sound);
}
