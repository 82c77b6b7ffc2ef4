/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parcels on their way to disk and back: the journal, and the rows of a results file. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/sample.h"
#include "monazite/journal.h"

static const sample_size SMALL = {.replications = 6, .nodes = 4, .days = 30, .series = 1};
static const sample_size LOGGED = {.replications = 6, .nodes = 4, .days = 30, .series = 1, .events = 17};
static const mnz_journal_identity US = {.scenario_text = SAMPLE_TEXT, .shard = 1, .shards = 1};

static char folder[] = "/tmp/monazite-journal-XXXXXX";
static char path[64];

static void set_up(void) {
  cr_assert_not_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/x.journal", folder);
}

static void tear_down(void) {
  (void)unlink(path);
  (void)rmdir(folder);
}

TestSuite(journal, .init = set_up, .fini = tear_down);

/* Replication i of the sample; the third one failed. */
static mnz_parcel *parcel_of(const sample *s, size_t i) {
  mnz_parcel *parcel = NULL;
  const mnz_error failure = {
      .status = MNZ_LEDGER, .where = "Kalgoorlie, 2026-01-01", .message = "off by 1 mg"};
  const mnz_status status =
      i == 2 ? mnz_parcel_pack_failure((uint32_t)s->results[i].replication, &failure, &parcel, NULL)
             : mnz_parcel_pack(&s->results[0], &s->results[i], &parcel, NULL);
  cr_assert_eq(status, MNZ_OK);
  if (i == 2) cr_assert_eq(mnz_parcel_add_log(&parcel, s->results[i].log, s->results[i].n_log, NULL), MNZ_OK);
  cr_assert(mnz_parcel_is_sound(&s->results[0], parcel, parcel->bytes));
  return parcel;
}

static void add_all(mnz_journal *j, const sample *s) {
  for (size_t i = 0; i < s->count; i++) {
    mnz_parcel *parcel = parcel_of(s, i);
    cr_assert_eq(mnz_journal_add(j, &parcel, NULL), MNZ_OK);
    cr_assert_null(parcel);
  }
  cr_assert_eq(mnz_journal_sync(j, NULL), MNZ_OK);
}

/* All of them, and the last alone. */
static void expect_log(const mnz_rows *rows, size_t row, const mnz_result *expected) {
  const size_t n = expected->n_log;
  mnz_model_event *found = malloc((n + 1) * sizeof *found);
  cr_assert_eq(rows->log(rows->self, row, 0, n, found, NULL), MNZ_OK);
  if (n > 0) cr_assert_eq(memcmp(found, expected->log, n * sizeof *found), 0, "row %zu", row);
  if (n > 0) cr_assert_eq(rows->log(rows->self, row, n - 1, 1, found, NULL), MNZ_OK);
  if (n > 0) cr_assert_eq(memcmp(found, expected->log + n - 1, sizeof *found), 0, "row %zu", row);
  free(found);
}

/* The rows are the sample's first `count`. */
static void expect_rows(const mnz_rows *rows, const sample *s, size_t count) {
  cr_assert_eq(rows->count, count);
  for (size_t i = 0; i < count; i++) {
    mnz_row row;
    cr_assert_eq(rows->head(rows->self, i, &row, NULL), MNZ_OK);
    cr_assert_eq(row.replication, s->results[i].replication);
    cr_assert_eq(row.status, i == 2 ? MNZ_LEDGER : MNZ_OK);
    if (i == 2) cr_assert_str_eq(row.message, "Kalgoorlie, 2026-01-01: off by 1 mg");
    cr_assert_eq(row.n_log, s->results[i].n_log);
    expect_log(rows, i, &s->results[i]);
    for (size_t k = 0; k < rows->shape->n_variables; k++) {
      const mnz_variable *v = &s->results[i].variables[k];
      const size_t cells = mnz_result_cells(rows->shape, v);
      const size_t size = mnz_cell_size(v->cell);
      char *found = malloc(cells * size);
      cr_assert_eq(rows->read(rows->self, i, k, 0, cells, found, NULL), MNZ_OK);
      if (i == 2 && v->cell == MNZ_CELL_F8) cr_assert(isnan(((double *)(void *)found)[cells - 1]));
      if (i != 2) cr_assert_eq(memcmp(found, v->data, cells * size), 0, "row %zu, %s", i, v->name);
      /* The last cell alone. */
      cr_assert_eq(rows->read(rows->self, i, k, cells - 1, 1, found, NULL), MNZ_OK);
      if (i != 2) cr_assert_eq(memcmp(found, (const char *)v->data + (cells - 1) * size, size), 0);
      free(found);
    }
  }
}

static void expect_to_come_back(const sample_size *size) {
  sample s;
  mnz_journal *j = NULL;
  sample_create(&s, size);
  cr_assert_eq(mnz_journal_create(&j, path, &US, &s.results[0], NULL), MNZ_OK);
  add_all(j, &s);
  mnz_rows rows = mnz_journal_rows(j);
  expect_rows(&rows, &s, 6);
  mnz_journal_close(j);
  cr_assert_eq(mnz_journal_open(&j, path, &US, &s.results[0], NULL, NULL), MNZ_OK);
  rows = mnz_journal_rows(j);
  expect_rows(&rows, &s, 6);
  mnz_journal_close(j);
  sample_free(&s);
}

Test(journal, gives_back_what_was_put_in_now_and_when_opened_again) {
  expect_to_come_back(&SMALL);
}

Test(journal, gives_back_the_events_of_every_replication) {
  expect_to_come_back(&LOGGED);
}

/* A whole journal of the sample, in memory. */
typedef struct whole {
  char *bytes;
  size_t size;
  size_t begin; /* of the first record */
} whole;

static size_t size_of_file(void) {
  struct stat s;
  cr_assert_eq(stat(path, &s), 0);
  return (size_t)s.st_size;
}

static whole whole_journal(const sample *s) {
  whole w;
  mnz_journal *j = NULL;
  cr_assert_eq(mnz_journal_create(&j, path, &US, &s->results[0], NULL), MNZ_OK);
  w.begin = size_of_file();
  add_all(j, s);
  mnz_journal_close(j);
  w.size = size_of_file();
  w.bytes = malloc(w.size);
  const int fd = open(path, O_RDONLY);
  cr_assert_eq(read(fd, w.bytes, w.size), (ssize_t)w.size);
  close(fd);
  return w;
}

/* How many rows a journal of these bytes has; each must be the sample's. */
static size_t rows_of(const sample *s, const char *bytes, size_t size) {
  mnz_journal *j = NULL;
  const int fd = open(path, O_WRONLY | O_TRUNC);
  cr_assert_eq(write(fd, bytes, size), (ssize_t)size);
  close(fd);
  cr_assert_eq(mnz_journal_open(&j, path, &US, &s->results[0], NULL, NULL), MNZ_OK);
  const mnz_rows rows = mnz_journal_rows(j);
  expect_rows(&rows, s, rows.count);
  mnz_journal_close(j);
  return rows.count;
}

Test(journal, cut_at_any_byte_keeps_every_whole_record) {
  for (size_t events = 0; events <= 2; events += 2) {
    sample s;
    sample_create(&s,
                  &(sample_size){.replications = 4, .nodes = 1, .days = 3, .series = 1, .events = events});
    const whole w = whole_journal(&s);
    size_t before = 0;
    for (size_t cut = w.begin; cut <= w.size; cut++) {
      const size_t now = rows_of(&s, w.bytes, cut);
      cr_assert(now == before || now == before + 1, "at %zu", cut);
      before = now;
    }
    cr_assert_eq(before, 4);
    (void)unlink(path);
    free(w.bytes);
    sample_free(&s);
  }
}

/* The second record begins behind the first one and its mark. */
Test(journal, believes_no_length_that_is_damaged) {
  sample s;
  sample_create(&s, &LOGGED);
  const whole w = whole_journal(&s);
  mnz_parcel *first = parcel_of(&s, 0);
  char *const second = w.bytes + w.begin + 8 + first->bytes + 8;
  free(first);
  mnz_parcel sound;
  memcpy(&sound, second, sizeof sound);
  cr_assert_eq(sound.replication, 1);
  cr_assert_eq(sound.n_log, 18);
  for (int bit = 0; bit < 8 * (int)sizeof sound; bit++) {
    second[bit / 8] = (char)(second[bit / 8] ^ 1 << bit % 8);
    cr_assert_eq(rows_of(&s, w.bytes, w.size), 1, "bit %d", bit);
    second[bit / 8] = (char)(second[bit / 8] ^ 1 << bit % 8);
  }
  /* One that agrees with its number of events, up to 4 GB. */
  for (uint64_t more = 1; more < UINT32_MAX / sizeof(mnz_model_event) - 1000; more *= 3) {
    mnz_parcel longer = sound;
    longer.n_log += more;
    longer.bytes += (uint32_t)(more * sizeof(mnz_model_event));
    memcpy(second, &longer, sizeof longer);
    cr_assert_eq(rows_of(&s, w.bytes, w.size), 1, "%d more", (int)more);
  }
  memcpy(second, &sound, sizeof sound);
  cr_assert_eq(rows_of(&s, w.bytes, w.size), 6);
  free(w.bytes);
  sample_free(&s);
}

Test(parcel, with_an_event_of_nothing_that_exists_is_not_sound) {
  sample s;
  sample_create(&s, &LOGGED);
  const mnz_result *shape = &s.results[0];
  mnz_parcel *parcel = parcel_of(&s, 0);
  mnz_model_event *last =
      (mnz_model_event *)(void *)((char *)parcel + parcel->bytes - sizeof(mnz_model_event));
  const mnz_model_event sound = *last;
  const mnz_model_event wrong[] = {
      {.what = MNZ_MODEL_EVENTS}, {.node = 4}, {.node = -2}, {.other = 4}, {.material = 2}, {.link = -2},
      {.disruption = -2}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    *last = wrong[i];
    cr_assert_not(mnz_parcel_is_sound(shape, parcel, parcel->bytes), "%zu", i);
  }
  *last = sound;
  cr_assert(mnz_parcel_is_sound(shape, parcel, parcel->bytes));
  mnz_result without = *shape;
  without.keeps_log = false;
  cr_assert_not(mnz_parcel_is_sound(&without, parcel, parcel->bytes));
  free(parcel);
  cr_assert_eq(mnz_parcel_pack(&without, &s.results[0], &parcel, NULL), MNZ_OK);
  cr_assert(mnz_parcel_is_sound(&without, parcel, parcel->bytes));
  cr_assert_eq(parcel->n_log, 0);
  free(parcel);
  sample_free(&s);
}

Test(journal, is_refused_by_another_batch_with_its_scenario) {
  sample s;
  mnz_journal *j = NULL;
  mnz_error err = {.status = MNZ_OK};
  char *was = NULL;
  sample_create(&s, &SMALL);
  cr_assert_eq(mnz_journal_create(&j, path, &US, &s.results[0], NULL), MNZ_OK);
  mnz_journal *second = NULL;
  cr_assert_eq(mnz_journal_open(&second, path, &US, &s.results[0], NULL, &err), MNZ_CANNOT_CREATE);
  cr_assert_null(second);
  cr_assert_eq(mnz_journal_create(&second, path, &US, &s.results[0], &err), MNZ_CANNOT_CREATE);
  mnz_journal_close(j);

  mnz_journal_identity other = US;
  other.scenario_text = "title = \"Other\";\n";
  cr_assert_eq(mnz_journal_open(&j, path, &other, &s.results[0], &was, &err), MNZ_SCENARIO);
  cr_assert_str_eq(was, SAMPLE_TEXT);
  cr_assert_null(j);
  free(was);
  other = US;
  other.shards = 2;
  cr_assert_eq(mnz_journal_open(&j, path, &other, &s.results[0], &was, &err), MNZ_SCENARIO);
  cr_assert_null(was);
  cr_assert_str_eq(err.message, "is of shard 1 of 1; asked for was 1 of 2");
  other = US;
  other.digits = 5;
  cr_assert_eq(mnz_journal_open(&j, path, &other, &s.results[0], NULL, &err), MNZ_SCENARIO);
  other = US;
  other.watch.months = 3;
  cr_assert_eq(mnz_journal_open(&j, path, &other, &s.results[0], NULL, &err), MNZ_SCENARIO);
  other = US;
  other.watch.events = true;
  cr_assert_eq(mnz_journal_open(&j, path, &other, &s.results[0], NULL, &err), MNZ_SCENARIO);
  cr_assert_str_eq(err.message, "was begun without --save");
  sample_free(&s);
}

Test(journal, says_that_somebody_has_removed_it) {
  sample s;
  mnz_journal *j = NULL;
  mnz_error err = {.status = MNZ_OK};
  sample_create(&s, &SMALL);
  cr_assert_eq(mnz_journal_create(&j, path, &US, &s.results[0], NULL), MNZ_OK);
  cr_assert_eq(unlink(path), 0);
  cr_assert_eq(mnz_journal_sync(j, &err), MNZ_IO);
  mnz_journal_close(j);
  sample_free(&s);
}

/* ---- a results file read back as rows ---- */

static mnz_status take(void *self, mnz_parcel **parcel, mnz_error *err) {
  return mnz_parcels_add(self, parcel, err);
}

static mnz_status take_some(void *self, mnz_parcel **parcel, mnz_error *err) {
  size_t *wanted = self;
  free(*parcel);
  *parcel = NULL;
  if (*wanted == 0) return mnz_fail(err, MNZ_LIMIT, "reader", "enough");
  --*wanted;
  return MNZ_OK;
}

Test(journal, rows_of_a_results_file_are_those_that_were_written) {
  sample s;
  mnz_journal *j = NULL;
  mnz_parcels *parcels = NULL;
  mnz_summary *summary = NULL;
  mnz_error err = {.status = MNZ_OK};
  const mnz_run_facts facts = {0};
  mnz_archive_options options = mnz_archive_options_default();
  const mnz_summary_options how = mnz_summary_options_default();
  options.scenario_text = SAMPLE_TEXT;
  sample_create(&s, &(sample_size){.replications = 700, .nodes = 4, .days = 5, .series = 1, .events = 1});
  cr_assert_eq(mnz_journal_create(&j, path, &US, &s.results[0], NULL), MNZ_OK);
  add_all(j, &s);
  mnz_rows rows = mnz_journal_rows(j);
  cr_assert_eq(mnz_summarise(&rows, &how, &summary, &err), MNZ_OK);
  cr_assert_eq(summary->failed, 1);
  char file[80];
  snprintf(file, sizeof file, "%s/x.h5", folder);
  cr_assert_eq(mnz_archive_write(file, &s.scenario, &rows, summary, &facts, &options, NULL, &err), MNZ_OK,
               "%s", err.message);
  cr_assert_eq(mnz_parcels_create(&parcels, &s.results[0], NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_rows(file, &s.results[0], take, parcels, &err), MNZ_OK, "%s", err.message);
  rows = mnz_parcels_rows(parcels);
  mnz_row row;
  cr_assert_eq(rows.head(rows.self, 2, &row, NULL), MNZ_OK);
  cr_assert_str_eq(row.message, "Kalgoorlie, 2026-01-01: off by 1 mg");
  cr_assert_neq(row.status, MNZ_OK);
  cr_assert_eq(rows.count, 700);
  expect_log(&rows, 2, &s.results[2]);
  for (size_t i = 3; i < 700; i++) {
    expect_log(&rows, i, &s.results[i]);
    for (size_t k = 0; k < rows.shape->n_variables; k++) {
      const mnz_variable *v = &s.results[i].variables[k];
      const size_t bytes = mnz_result_cells(rows.shape, v) * mnz_cell_size(v->cell);
      char *found = malloc(bytes);
      cr_assert_eq(rows.read(rows.self, i, k, 0, mnz_result_cells(rows.shape, v), found, NULL), MNZ_OK);
      cr_assert_eq(memcmp(found, v->data, bytes), 0, "row %zu, %s", i, v->name);
      free(found);
    }
  }
  mnz_parcels_free(parcels);
  /* A reader that has enough ends it. */
  size_t wanted = 300;
  cr_assert_eq(mnz_archive_read_rows(file, &s.results[0], take_some, &wanted, &err), MNZ_LIMIT);
  cr_assert_eq(wanted, 0);
  cr_assert_str_eq(err.message, "enough");
  /* Another shape does not fit. */
  mnz_result other = s.results[0];
  other.length[MNZ_AXIS_NODE]++;
  cr_assert_eq(mnz_parcels_create(&parcels, &other, NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_rows(file, &other, take, parcels, &err), MNZ_FORMAT);
  cr_assert_not_null(strstr(err.message, "other lengths"), "%s", err.message);
  cr_assert_eq(mnz_archive_read_rows("/no/such/file.h5", &other, take, parcels, &err), MNZ_NO_INPUT);
  mnz_parcels_free(parcels);
  mnz_summary_free(summary);
  mnz_journal_close(j);
  (void)unlink(file);
  sample_free(&s);
}

static mnz_status save(const sample *s, const mnz_rows *rows, const char *file, char digest[65]) {
  const mnz_run_facts facts = {0};
  const mnz_archive_options options = mnz_archive_options_default();
  const mnz_summary_options how = mnz_summary_options_default();
  mnz_summary *summary = NULL;
  mnz_status status = mnz_summarise(rows, &how, &summary, NULL);
  if (status == MNZ_OK)
    status = mnz_archive_write(file, &s->scenario, rows, summary, &facts, &options, digest, NULL);
  mnz_summary_free(summary);
  return status;
}

/* Days and tonnes in the file; microseconds and milligrams in a parcel, as large as an int64 can be. */
Test(journal, a_results_file_made_from_another_says_the_same_of_the_largest_numbers) {
  sample s;
  mnz_parcels *parcels = NULL;
  char first[65];
  char second[65];
  char file[80];
  snprintf(file, sizeof file, "%s/x.h5", folder);
  sample_create(&s, &(sample_size){.replications = 3, .nodes = 4, .days = 5, .series = 1, .events = 63 * 40});
  for (size_t k = 0; k < s.count; k++) {
    for (size_t i = 0; i < s.results[k].n_log; i++) {
      mnz_model_event *e = &s.results[k].log[i];
      const int64_t number = (int64_t)(0x1p63 * sample_noise(k, 7, i)) >> i % 63;
      e->time_us = number;
      if (e->material >= 0) e->mass_mg = number;
    }
  }
  const mnz_rows written = mnz_rows_of_results(s.pointers, s.count);
  cr_assert_eq(save(&s, &written, file, first), MNZ_OK);
  cr_assert_eq(mnz_parcels_create(&parcels, &s.results[0], NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_rows(file, &s.results[0], take, parcels, NULL), MNZ_OK);
  const mnz_rows read = mnz_parcels_rows(parcels);
  cr_assert_eq(save(&s, &read, file, second), MNZ_OK);
  cr_assert_str_eq(first, second);
  for (size_t k = 0; k < s.count; k++) {
    for (size_t i = 0; i < s.results[k].n_log; i++) {
      mnz_model_event found;
      cr_assert_eq(read.log(read.self, k, i, 1, &found, NULL), MNZ_OK);
      if (s.results[k].log[i].time_us < INT64_C(1) << 50)
        cr_assert_eq(memcmp(&found, &s.results[k].log[i], sizeof found), 0, "event %zu of %zu", i, k);
    }
  }
  mnz_parcels_free(parcels);
  (void)unlink(file);
  sample_free(&s);
}

Test(journal, a_reader_without_a_place_for_events_gets_none) {
  sample s;
  mnz_parcels *parcels = NULL;
  mnz_row row;
  char file[80];
  snprintf(file, sizeof file, "%s/x.h5", folder);
  sample_create(&s, &LOGGED);
  const mnz_rows written = mnz_rows_of_results(s.pointers, s.count);
  cr_assert_eq(save(&s, &written, file, NULL), MNZ_OK);
  mnz_result shape = s.results[0];
  shape.keeps_log = false;
  cr_assert_eq(mnz_parcels_create(&parcels, &shape, NULL), MNZ_OK);
  cr_assert_eq(mnz_archive_read_rows(file, &shape, take, parcels, NULL), MNZ_OK);
  const mnz_rows read = mnz_parcels_rows(parcels);
  cr_assert_eq(read.count, 6);
  cr_assert_eq(read.head(read.self, 0, &row, NULL), MNZ_OK);
  cr_assert_eq(row.n_log, 0);
  mnz_parcels_free(parcels);
  (void)unlink(file);
  sample_free(&s);
}
