/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results file: what is in it, and that it is whole or not there. Damage: format/test_broken.c. */
#define _XOPEN_SOURCE 700
#include "format/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

TestSuite(archive, .init = enter, .fini = leave);

static bool part_is_left(void) {
  char part[160];
  snprintf(part, sizeof part, "%s.part", path);
  return exists(part);
}

/* ---- what is in the file ---- */

Test(archive, says_of_itself_what_was_written) {
  char digest[65];
  mnz_error err = {0};
  mnz_archive_info *info = NULL;
  write_size(path, SMALL, digest);
  cr_assert_eq(mnz_archive_read_info(path, true, &info, &err), MNZ_OK, "%s", err.message);
  cr_assert_str_eq(info->title, "Rare earths");
  cr_assert_str_eq(info->status, "complete");
  cr_assert_str_eq(info->format_version, "1");
  cr_assert_str_eq(info->seed, "20251001");
  cr_assert_str_eq(info->scenario_text, SAMPLE_TEXT);
  /* printf 'title = "Rare earths";\nseed = "20251001";\n' | sha256sum */
  cr_assert_str_eq(info->scenario_sha256, "24b59acbce3f0afd55f5525a3c8ffcdcf53033b89de1cb404f175d29a3a6636d");
  cr_assert_str_eq(info->digest, digest);
  cr_assert_str_eq(info->time_units, "days since 2025-10-01 00:00:00");
  cr_assert_not_null(strstr(info->run, "started=2023-11-14T22:13:20Z\n"));
  cr_assert_not_null(strstr(info->run, "command_line=monazite run sample.cfg"));
  cr_assert_eq(info->replications, 3);
  struct stat s;
  cr_assert(stat(path, &s) == 0);
  cr_assert_eq(info->bytes, (size_t)s.st_size);
  cr_assert(has_variable(info, "fill_rate(replication, scenario) 1"));
  cr_assert(has_variable(info, "stock(replication, scenario, account, time) t"));
  cr_assert(has_variable(info, "time(time) days since 2025-10-01 00:00:00"));
  cr_assert(has_variable(info, "account_node(account)"));
  cr_assert(has_variable(info, "summary/stock_quantiles(scenario, quantile, account, time) t"));
  cr_assert_not(has_variable(info, "summary/time(time) days since 2025-10-01 00:00:00"));
  mnz_archive_info_free(info);
  cr_assert_not(part_is_left());
}

Test(archive, keeps_every_variable_bit_for_bit) {
  sample s;
  sample_create(&s, &SMALL);
  cr_assert_eq(sample_write(&s, path, true, NULL, NULL), MNZ_OK);
  static const size_t sizes[] = {
      [MNZ_CELL_F8] = 8, [MNZ_CELL_F4] = 4, [MNZ_CELL_I4] = 4, [MNZ_CELL_I8] = 8, [MNZ_CELL_U1] = 1};
  const hid_t types[] = {[MNZ_CELL_F8] = H5T_NATIVE_DOUBLE,
                         [MNZ_CELL_F4] = H5T_NATIVE_FLOAT,
                         [MNZ_CELL_I4] = H5T_NATIVE_INT32,
                         [MNZ_CELL_I8] = H5T_NATIVE_INT64,
                         [MNZ_CELL_U1] = H5T_NATIVE_UINT8};
  for (size_t k = 0; k < s.results[0].n_variables; k++) {
    const mnz_variable *v = &s.results[0].variables[k];
    const size_t bytes = mnz_result_cells(&s.results[0], v) * sizes[v->cell];
    char *found = malloc(s.count * bytes);
    read_cells(v->name, types[v->cell], found);
    for (size_t r = 0; r < s.count; r++)
      cr_assert_eq(memcmp(found + r * bytes, s.results[r].variables[k].data, bytes), 0, "%s", v->name);
    free(found);
  }
  int64_t events[3];
  read_cells("events", H5T_NATIVE_INT64, events);
  cr_assert(events[0] == 1000 && events[2] == 1002);
  sample_free(&s);
}

Test(archive, keeps_every_event) {
  sample s;
  enum { FIRST = 40000, EVENTS = 4 * FIRST + 1 + 2 + 4 }; /* more than a block of them */
  const sample_size size = {5, 3, 3, 20, 1, FIRST};
  sample_create(&s, &size);
  cr_assert_eq(sample_write(&s, path, true, NULL, NULL), MNZ_OK);
  static double time[EVENTS], mass[EVENTS], detail[EVENTS];
  static int32_t replication[EVENTS], node[EVENTS], other[EVENTS], material[EVENTS], link[EVENTS],
      disruption[EVENTS];
  static uint8_t what[EVENTS];
  static int64_t event[EVENTS];
  read_cells("event_log/event", H5T_NATIVE_INT64, event);
  read_cells("event_log/replication", H5T_NATIVE_INT32, replication);
  read_cells("event_log/time", H5T_NATIVE_DOUBLE, time);
  read_cells("event_log/what", H5T_NATIVE_UINT8, what);
  read_cells("event_log/node", H5T_NATIVE_INT32, node);
  read_cells("event_log/other", H5T_NATIVE_INT32, other);
  read_cells("event_log/material", H5T_NATIVE_INT32, material);
  read_cells("event_log/link", H5T_NATIVE_INT32, link);
  read_cells("event_log/disruption", H5T_NATIVE_INT32, disruption);
  read_cells("event_log/mass", H5T_NATIVE_DOUBLE, mass);
  read_cells("event_log/detail", H5T_NATIVE_DOUBLE, detail);
  size_t i = 0;
  for (size_t k = 0; k < s.count; k++) {
    for (const mnz_model_event *e = s.results[k].log; e < s.results[k].log + s.results[k].n_log; e++, i++) {
      bool same = event[i] == (int64_t)i && replication[i] == (int32_t)(3 + k);
      same = same && llround(time[i] * 86400e6) == e->time_us && what[i] == e->what && node[i] == e->node;
      same = same && other[i] == e->other && material[i] == e->material && link[i] == e->link;
      same = same && disruption[i] == e->disruption;
      same = same && (e->material < 0 ? isnan(mass[i]) : llround(mass[i] * 1e9) == e->mass_mg);
      same = same && (isnan(e->detail) ? isnan(detail[i]) : detail[i] == e->detail);
      if (!same) cr_assert_fail("event %zu", i);
    }
  }
  cr_assert_eq(i, EVENTS);
  sample_free(&s);
}

Test(archive, differs_by_its_events_in_nothing_else) {
  static const sample_size size[] = {{1, 0, 3, 20, 1, 0}, {1, 0, 3, 20, 1, 100}};
  mnz_archive_info *info[2] = {NULL, NULL};
  for (int i = 0; i < 2; i++) {
    write_size(path, size[i], NULL);
    cr_assert_eq(mnz_archive_read_info(path, true, &info[i], NULL), MNZ_OK);
  }
  cr_assert_eq(info[1]->n_variables, info[0]->n_variables + 13);
  for (size_t k = 0; k < info[0]->n_variables; k++) cr_assert(has_variable(info[1], info[0]->variables[k]));
  cr_assert(has_variable(info[1], "event_log/event(event) 1"));
  cr_assert(has_variable(info[1], "event_log/replication(event) 1"));
  cr_assert(has_variable(info[1], "event_log/mass(event) t"));
  for (int i = 0; i < 2; i++) mnz_archive_info_free(info[i]);
}

Test(archive, leaves_series_out_when_told_but_not_the_summary) {
  sample s;
  mnz_archive_info *info = NULL;
  sample_create(&s, &SMALL);
  cr_assert_eq(sample_write(&s, path, false, NULL, NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_info(path, true, &info, NULL), MNZ_OK);
  cr_assert(has_variable(info, "fill_rate(replication, scenario) 1"));
  cr_assert_not(has_variable(info, "stock(replication, scenario, account, time) t"));
  cr_assert(has_variable(info, "summary/stock_mean(scenario, account, time) t"));
  mnz_archive_info_free(info);
  sample_free(&s);
}

/* Three known values in a cell: 10, 40, 20. Type 7 quantiles and Student's t with 2 degrees by hand. */
Test(archive, summarises_over_replications) {
  sample s;
  sample_create(&s, &SMALL);
  enum { CELL = 7, CELLS = 15 * 20 };
  const size_t last = s.results[0].n_variables - 1;
  const double values[] = {10, 40, 20};
  for (size_t r = 0; r < 3; r++) ((double *)s.results[r].variables[last].data)[CELL] = values[r];
  cr_assert_eq(sample_write(&s, path, false, NULL, NULL), MNZ_OK);
  double mean[CELLS];
  float half[CELLS];
  float bands[5][CELLS];
  read_cells("summary/stock_mean", H5T_NATIVE_DOUBLE, mean);
  read_cells("summary/stock_half_width", H5T_NATIVE_FLOAT, half);
  read_cells("summary/stock_quantiles", H5T_NATIVE_FLOAT, bands);
  cr_assert_float_eq(mean[CELL], 70.0 / 3, 1e-12);
  cr_assert_float_eq(half[CELL], 4.302652729911275 * 15.275252316519467 / 1.7320508075688772, 1e-5);
  const double expected[] = {11, 15, 20, 30, 38};
  for (size_t q = 0; q < 5; q++) cr_assert_float_eq(bands[q][CELL], expected[q], 1e-5);
  cr_assert(isnan(mean[0]) && isnan(half[0]) && isnan(bands[2][0]), "no replication defines this cell");
  sample_free(&s);
}

Test(archive, summarises_only_the_replications_where_a_value_is_defined) {
  sample s;
  sample_create(&s, &SMALL);
  enum { CELLS = 15 * 20 };
  const size_t last = s.results[0].n_variables - 1;
  const double values[2][3] = {{NAN, 40, 20}, {NAN, NAN, 5}};
  for (size_t r = 0; r < 3; r++)
    for (size_t c = 0; c < 2; c++) ((double *)s.results[r].variables[last].data)[c] = values[c][r];
  cr_assert_eq(sample_write(&s, path, false, NULL, NULL), MNZ_OK);
  double mean[CELLS];
  float half[CELLS];
  read_cells("summary/stock_mean", H5T_NATIVE_DOUBLE, mean);
  read_cells("summary/stock_half_width", H5T_NATIVE_FLOAT, half);
  cr_assert_eq(mean[0], 30);
  cr_assert_eq(mean[1], 5);
  cr_assert_float_eq(half[0], 12.706204736432095 * 10, 1e-4);
  cr_assert(isnan(half[1]), "one value has no interval");
  sample_free(&s);
}

Test(archive, holds_one_of_everything_and_many) {
  const sample_size sizes[] = {
      {.replications = 1, .nodes = 1, .days = 1, .series = 1},
      {.replications = 1, .nodes = 2, .days = 3, .series = 1},
      {.replications = 700, .first = 5, .nodes = 2, .days = 3, .series = 1},
      {.replications = 2, .nodes = 3000, .days = 3, .series = 1}, /* labels beyond 64 KB */
  };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    mnz_error err = {0};
    mnz_archive_info *info = NULL;
    write_size(path, sizes[i], NULL);
    cr_assert_eq(mnz_archive_read_info(path, true, &info, &err), MNZ_OK, "%zu: %s", i, err.message);
    cr_assert_eq(info->replications, sizes[i].replications);
    mnz_archive_info_free(info);
  }
}

static void read_chunk(const char *name, int rank, hsize_t *chunk) {
  const hid_t file = open_file(H5F_ACC_RDONLY);
  const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  const hid_t list = H5Dget_create_plist(dataset);
  cr_assert_eq(H5Pget_chunk(list, rank, chunk), rank);
  H5Pclose(list);
  H5Dclose(dataset);
  H5Fclose(file);
}

Test(archive, cuts_chunks_evenly_at_four_megabytes) {
  sample s;
  hsize_t chunk[4];
  sample_create(&s, &(sample_size){.replications = 2, .nodes = 1000, .days = 300, .series = 1});
  for (size_t r = 0; r < 2; r++) s.results[r].variables[s.results[r].n_variables - 1].headline = false;
  cr_assert_eq(sample_write(&s, path, true, NULL, NULL), MNZ_OK);
  read_chunk("stock", 4, chunk);
  cr_assert(chunk[0] == 1 && chunk[1] == 1 && chunk[3] == 300);
  cr_assert_eq(chunk[2], 1667, "5000 accounts in 3 parts, not %llu", (unsigned long long)chunk[2]);
  sample_free(&s);
}

/* Also longer than what the digest reads at once. */
Test(archive, holds_a_single_series_longer_than_a_chunk) {
  enum { MOMENTS = 1200000 };
  sample s;
  hsize_t chunk[3];
  mnz_archive_info *info = NULL;
  sample_create(&s, &(sample_size){.replications = 1, .nodes = 1, .days = MOMENTS, .series = 1});
  mnz_result *const r = &s.results[0];
  mnz_variable only = *mnz_result_find(r, "stock");
  only.headline = false;
  only.n_axes = 1;
  only.axes[0] = MNZ_AXIS_TIME;
  r->variables[0] = only;
  r->n_variables = 1;
  cr_assert_eq(sample_write(&s, path, true, NULL, NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_info(path, true, &info, NULL), MNZ_OK);
  mnz_archive_info_free(info);
  read_chunk("stock", 3, chunk);
  cr_assert_eq(chunk[2], MOMENTS / 3);
  double *found = malloc(MOMENTS * sizeof *found);
  read_cells("stock", H5T_NATIVE_DOUBLE, found);
  cr_assert_eq(memcmp(found, only.data, MOMENTS * sizeof *found), 0);
  free(found);
  sample_free(&s);
}

Test(archive, leaves_out_an_axis_without_length) {
  sample s;
  sample_create(&s, &SMALL);
  for (size_t r = 0; r < s.count; r++) s.results[r].length[MNZ_AXIS_ORIGIN] = 0;
  mnz_archive_info *info = NULL;
  cr_assert_eq(sample_write(&s, path, true, NULL, NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_info(path, true, &info, NULL), MNZ_OK);
  cr_assert_not(has_variable(info, "origin(origin)"));
  cr_assert_not(has_variable(info, "origin_share(replication, scenario, element, origin) 1"));
  cr_assert(has_variable(info, "delivered(replication, scenario, node) t"));
  mnz_archive_info_free(info);
  sample_free(&s);
}

Test(archive, rounds_series_to_significant_digits_and_measures_not) {
  sample s;
  size_t whole = 0;
  size_t rounded = 0;
  const mnz_run_facts facts = {0};
  mnz_archive_options options = mnz_archive_options_default();
  sample_create(&s, &(sample_size){.replications = 1, .nodes = 10, .days = 300, .series = 1});
  const mnz_variable *stock = mnz_result_find(&s.results[0], "stock");
  const size_t cells = mnz_result_cells(&s.results[0], stock);
  double *const values = stock->data;
  values[1] = 1e308;
  values[2] = -1e-308;
  values[3] = INFINITY;
  cr_assert_eq(sample_write(&s, path, true, NULL, NULL), MNZ_OK);
  free(slurp(path, &whole));
  options.digits = 4;
  cr_assert_eq(sample_save(&s, path, 1, &facts, &options, NULL, NULL), MNZ_OK);
  free(slurp(path, &rounded));
  cr_assert_lt(rounded, whole);
  double *found = malloc(cells * sizeof *found);
  read_cells("stock", H5T_NATIVE_DOUBLE, found);
  cr_assert(isnan(found[0]));
  cr_assert_eq(found[3], INFINITY);
  size_t changed = 0;
  for (size_t i = 1; i < cells; i++) {
    if (i == 3) continue;
    cr_assert(fabs(found[i] - values[i]) <= 0.5e-4 * fabs(values[i]), "%.17g became %.17g", values[i],
              found[i]);
    changed += found[i] != values[i];
  }
  cr_assert_gt(changed, cells / 2);
  free(found);
  double delivered[10];
  read_cells("delivered", H5T_NATIVE_DOUBLE, delivered);
  cr_assert_eq(memcmp(delivered, mnz_result_find(&s.results[0], "delivered")->data, sizeof delivered), 0);
  sample_free(&s);
}

/* ---- equal runs ---- */

Test(archive, writes_equal_bytes_for_equal_runs) {
  char a[65];
  char b[65];
  size_t n_a = 0;
  size_t n_b = 0;
  write_size(path, SMALL, a);
  char *first = slurp(path, &n_a);
  nanosleep(&(struct timespec){1, 100000000}, NULL); /* HDF5's times of objects count in seconds */
  write_size(path, SMALL, b);
  char *second = slurp(path, &n_b);
  cr_assert_eq(n_a, n_b);
  cr_assert_eq(memcmp(first, second, n_a), 0);
  cr_assert_str_eq(a, b);
  free(first);
  free(second);
}

/* The facts of the run, 1024 bytes, and the checksum of the block that they are in. */
Test(archive, differs_only_in_the_run_when_only_the_run_differs) {
  sample s;
  char digest[2][65];
  char *bytes[2];
  size_t size[2];
  char longer[2000];
  memset(longer, 'x', sizeof longer - 1);
  longer[sizeof longer - 1] = '\0';
  const mnz_run_facts facts[] = {
      {.command_line = "a", .started_unix = 1e9, .finished_unix = 1e9, .threads = 1},
      {.command_line = longer,
       .started_unix = 1.7e9,
       .finished_unix = 1.8e9,
       .wall_seconds = 1e8,
       .threads = 16,
       .ranks = 2,
       .stopped = "fill_rate.Dy"}};
  const mnz_archive_options options = mnz_archive_options_default();
  sample_create(&s, &SMALL);
  for (int i = 0; i < 2; i++) {
    cr_assert_eq(sample_save(&s, path, 3, &facts[i], &options, digest[i], NULL), MNZ_OK);
    bytes[i] = slurp(path, &size[i]);
  }
  cr_assert_str_eq(digest[0], digest[1]);
  cr_assert_eq(size[0], size[1]);
  size_t first = size[0];
  size_t last = 0;
  size_t differing = 0;
  for (size_t i = 0; i < size[0]; i++) {
    if (bytes[0][i] == bytes[1][i]) continue;
    if (differing++ == 0) first = i;
    last = i;
  }
  cr_assert_gt(differing, 900);
  cr_assert_leq(differing, 1024 + 4);
  cr_assert_lt(last - first, 4096, "they lie in one block");
  for (int i = 0; i < 2; i++) free(bytes[i]);
  sample_free(&s);
}

Test(archive, digest_tells_other_data_other_text_other_unit) {
  sample s;
  char digest[4][65];
  const mnz_run_facts facts = {0};
  mnz_archive_options options = mnz_archive_options_default();
  sample_create(&s, &SMALL);
  cr_assert_eq(sample_save(&s, path, 3, &facts, &options, digest[0], NULL), MNZ_OK);
  options.scenario_text = "x";
  cr_assert_eq(sample_save(&s, path, 3, &facts, &options, digest[1], NULL), MNZ_OK);
  s.results[0].variables[0].unit = "t";
  cr_assert_eq(sample_save(&s, path, 3, &facts, &options, digest[2], NULL), MNZ_OK);
  ((uint8_t *)mnz_result_find(&s.results[2], "node_state")->data)[59] ^= 1;
  cr_assert_eq(sample_save(&s, path, 3, &facts, &options, digest[3], NULL), MNZ_OK);
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < i; j++) cr_assert_str_neq(digest[i], digest[j]);
  sample_free(&s);
}

/* ---- whole, or not there ---- */

/* Writing must fail; what was there before is as it was, and nothing is left beside it. */
static void expect_failure(const sample *s, const char *name, mnz_status status, const char *words) {
  mnz_error err = {0};
  const mnz_status found = sample_write(s, name, true, NULL, &err);
  cr_assert_eq(found, status, "%d: %s: %s", (int)found, err.where, err.message);
  cr_assert_str_eq(err.where, name);
  cr_assert_not_null(strstr(err.message, words), "%s", err.message);
  cr_assert_null(strchr(err.message, '\n'));
}

Test(archive, says_why_a_file_cannot_be_created) {
  sample s;
  char name[192];
  sample_create(&s, &SMALL);
  snprintf(name, sizeof name, "%s/no/such/folder.h5", folder);
  expect_failure(&s, name, MNZ_CANNOT_CREATE, "No such file or directory");
  expect_failure(&s, folder, MNZ_CANNOT_CREATE, "is no ordinary file");
  snprintf(name, sizeof name, "%s.part", folder);
  cr_assert_not(exists(name));
  if (geteuid() != 0) { /* root may write anywhere */
    cr_assert_eq(chmod(folder, 0500), 0);
    expect_failure(&s, path, MNZ_CANNOT_CREATE, "Permission denied");
    cr_assert_eq(chmod(folder, 0700), 0);
  } else {
    expect_failure(&s, "/proc/results.h5", MNZ_CANNOT_CREATE, "cannot be created");
  }
  sample_free(&s);
}

Test(archive, refuses_what_it_cannot_hold) {
  sample s;
  mnz_error err = {0};
  const mnz_run_facts facts = {0};
  mnz_archive_options options = mnz_archive_options_default();
  sample_create(&s, &SMALL);
  options.digits = 16;
  cr_assert_eq(sample_save(&s, path, 3, &facts, &options, NULL, &err), MNZ_USAGE);
  s.results[2].replication = UINT64_C(1) << 31;
  expect_failure(&s, path, MNZ_LIMIT, "cannot hold replication 2147483648");
  cr_assert_not(exists(path));
  cr_assert_not(part_is_left());
  sample_free(&s);
}

Test(archive, leaves_the_old_file_alone_when_writing_fails) {
  sample s;
  size_t before = 0;
  size_t after = 0;
  write_size(path, SMALL, NULL);
  char *old = slurp(path, &before);
  sample_create(&s, &(sample_size){.replications = 5, .nodes = 3, .days = 20, .series = 2});
  /* A write that fails in the middle. */
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit;
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlim_t usual = limit.rlim_cur;
  limit.rlim_cur = 20000;
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  expect_failure(&s, path, MNZ_IO, "File too large");
  limit.rlim_cur = usual;
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  char *now = slurp(path, &after);
  cr_assert_eq(before, after);
  cr_assert_eq(memcmp(old, now, before), 0);
  cr_assert_not(part_is_left());
  free(old);
  free(now);
  sample_free(&s);
}

Test(archive, says_that_a_disk_is_full) {
  sample s;
  if (mount("tmpfs", folder, "tmpfs", 0, "size=64k") != 0)
    cr_skip("a small disk cannot be mounted: %s", strerror(errno));
  sample_create(&s, &SMALL);
  expect_failure(&s, path, MNZ_IO, "No space left on device");
  cr_assert_not(exists(path));
  cr_assert_not(part_is_left());
  cr_assert_eq(umount(folder), 0);
  sample_free(&s);
}

/* Wherever in the file the disk ends: HDF5 would crash when the process exits, had it heard of it. */
Test(archive, says_that_a_disk_is_full_in_the_middle_of_a_file) {
  sample s;
  sample_create(&s, &(sample_size){.replications = 8, .nodes = 40, .days = 400, .series = 4});
  for (int megabytes = 1; megabytes <= 4; megabytes++) {
    char options[32];
    snprintf(options, sizeof options, "size=%dm", megabytes);
    if (mount("tmpfs", folder, "tmpfs", 0, options) != 0)
      cr_skip("a small disk cannot be mounted: %s", strerror(errno));
    expect_failure(&s, path, MNZ_IO, "No space left on device");
    cr_assert_not(exists(path));
    cr_assert_not(part_is_left());
    cr_assert_eq(umount(folder), 0);
  }
  sample_free(&s);
}

Test(archive, takes_over_what_a_killed_run_has_left) {
  char part[160];
  mnz_archive_info *info = NULL;
  snprintf(part, sizeof part, "%s.part", path);
  char *rubbish = calloc(1, 1000000);
  spill(part, rubbish, 1000000);
  free(rubbish);
  write_size(path, SMALL, NULL);
  cr_assert_eq(mnz_archive_read_info(path, true, &info, NULL), MNZ_OK);
  cr_assert_lt(info->bytes, 1000000);
  mnz_archive_info_free(info);
  cr_assert_not(part_is_left());
}

Test(archive, does_not_disturb_another_run_that_writes_the_same_file) {
  sample s;
  char part[160];
  snprintf(part, sizeof part, "%s.part", path);
  spill(part, "its data", 8);
  const int fd = open(part, O_RDWR);
  cr_assert_eq(flock(fd, LOCK_EX), 0);
  sample_create(&s, &SMALL);
  expect_failure(&s, path, MNZ_CANNOT_CREATE, "is being written by another run");
  size_t size = 0;
  char *left = slurp(part, &size);
  cr_assert_eq(size, 8);
  free(left);
  close(fd);
  sample_free(&s);
}

/* kill -9 at many moments of writing a second file over a first. */
Test(archive, survives_kill_at_any_moment) {
  enum { TRIALS = 25 };
  char first[65];
  char second[65];
  sample s;
  const sample_size large = {.replications = 2, .nodes = 20, .days = 365, .series = 2};
  sample_create(&s, &large);
  struct timespec begun;
  struct timespec ended;
  clock_gettime(CLOCK_MONOTONIC, &begun);
  cr_assert_eq(sample_write(&s, path, true, second, NULL), MNZ_OK);
  clock_gettime(CLOCK_MONOTONIC, &ended);
  const double whole = difftime(ended.tv_sec, begun.tv_sec) * 1e9 + (double)(ended.tv_nsec - begun.tv_nsec);
  write_size(path, SMALL, first);
  size_t killed_early = 0;
  for (int i = 0; i < TRIALS; i++) {
    const pid_t child = fork();
    if (child == 0) {
      (void)sample_write(&s, path, true, NULL, NULL);
      _exit(0);
    }
    const long delay = (long)(whole * i / TRIALS);
    nanosleep(&(struct timespec){delay / 1000000000, delay % 1000000000}, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    mnz_archive_info *info = NULL;
    mnz_error err = {0};
    cr_assert_eq(mnz_archive_read_info(path, true, &info, &err), MNZ_OK, "%s", err.message);
    const bool is_first = strcmp(info->digest, first) == 0;
    cr_assert(is_first || strcmp(info->digest, second) == 0);
    killed_early += is_first;
    mnz_archive_info_free(info);
  }
  cr_assert_gt(killed_early, 3);
  sample_free(&s);
}
