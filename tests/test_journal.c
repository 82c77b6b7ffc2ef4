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

/* The rows are the sample's first `count`. */
static void expect_rows(const mnz_rows *rows, const sample *s, size_t count) {
  cr_assert_eq(rows->count, count);
  for (size_t i = 0; i < count; i++) {
    mnz_row row;
    cr_assert_eq(rows->head(rows->self, i, &row, NULL), MNZ_OK);
    cr_assert_eq(row.replication, s->results[i].replication);
    cr_assert_eq(row.status, i == 2 ? MNZ_LEDGER : MNZ_OK);
    if (i == 2) cr_assert_str_eq(row.message, "Kalgoorlie, 2026-01-01: off by 1 mg");
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

Test(journal, gives_back_what_was_put_in_now_and_when_opened_again) {
  sample s;
  mnz_journal *j = NULL;
  sample_create(&s, &SMALL);
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

Test(journal, cut_at_any_byte_keeps_every_whole_record) {
  sample s;
  mnz_journal *j = NULL;
  struct stat full;
  sample_create(&s, &(sample_size){.replications = 4, .nodes = 1, .days = 3, .series = 1});
  cr_assert_eq(mnz_journal_create(&j, path, &US, &s.results[0], NULL), MNZ_OK);
  cr_assert_eq(stat(path, &full), 0);
  const off_t begin = full.st_size;
  add_all(j, &s);
  mnz_journal_close(j);
  cr_assert_eq(stat(path, &full), 0);
  char *bytes = malloc((size_t)full.st_size);
  int fd = open(path, O_RDONLY);
  cr_assert_eq(read(fd, bytes, (size_t)full.st_size), full.st_size);
  close(fd);
  size_t before = 0;
  for (off_t cut = begin; cut <= full.st_size; cut++) {
    fd = open(path, O_WRONLY | O_TRUNC);
    cr_assert_eq(write(fd, bytes, (size_t)cut), cut);
    close(fd);
    cr_assert_eq(mnz_journal_open(&j, path, &US, &s.results[0], NULL, NULL), MNZ_OK, "at %d", (int)cut);
    const mnz_rows rows = mnz_journal_rows(j);
    cr_assert(rows.count == before || rows.count == before + 1);
    before = rows.count;
    expect_rows(&rows, &s, rows.count);
    mnz_journal_close(j);
  }
  cr_assert_eq(before, 4);
  free(bytes);
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
  sample_create(&s, &(sample_size){.replications = 700, .nodes = 4, .days = 5, .series = 1});
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
  for (size_t i = 3; i < 700; i++) {
    for (size_t k = 0; k < rows.shape->n_variables; k++) {
      const mnz_variable *v = &s.results[i].variables[k];
      const size_t bytes = mnz_result_cells(rows.shape, v) * mnz_cell_size(v->cell);
      char *found = malloc(bytes);
      cr_assert_eq(rows.read(rows.self, i, k, 0, mnz_result_cells(rows.shape, v), found, NULL), MNZ_OK);
      cr_assert_eq(memcmp(found, v->data, bytes), 0, "row %zu, %s", i, v->name);
      free(found);
    }
  }
  /* A reader that has enough ends it. */
  mnz_parcels_free(parcels);
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
