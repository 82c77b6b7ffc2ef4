/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a results file. HDF5 makes it in memory that is mapped from a file of ours: so room on the disk is
 * asked for by us, and a full disk is an error with a name. HDF5 itself reports success or crashes at exit
 * when its own writes fail. */
#include "monazite/archive.h"

#include "archive/content.h"
#include "archive/digest.h"
#include "archive/format.h"
#include "archive/image.h"
#include "archive/part.h"
#include "base/memory.h"
#include "monazite/calendar.h"
#include "monazite/version.h"
#include "world/scenario.h"

#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 15

mnz_archive_options mnz_archive_options_default(void) {
  return (mnz_archive_options){.series = true, .shard = 1, .shards = 1};
}

/* ---- content ---- */

static void put_date(mnz_h5 *h, const char *name, int64_t us) {
  char text[32];
  mnz_h5_put_text(h, h->file, name, mnz_moment_format(us, text));
}

static void put_header(mnz_h5 *h, const mnz_archive_input *input) {
  const mnz_scenario *const s = input->scenario;
  const bool asked = s->question != NULL && s->question[0] != '\0';
  mnz_h5_put_text(h, h->file, "Conventions", "CF-1.10 ACDD-1.3");
  mnz_h5_put_text(h, h->file, "title", mnz_layout_title(input));
  mnz_h5_put_text(h, h->file, "summary", asked ? s->question : mnz_layout_title(input));
  mnz_h5_put_text(h, h->file, "keywords", "rare earths, supply chain, discrete-event simulation");
  put_date(h, "time_coverage_start", s->start_us);
  put_date(h, "time_coverage_end", s->end_us);
  if (s->counts_from > 0) put_date(h, "measured_from", s->start_us + s->counts_from);
  mnz_h5_put_text(h, h->file, "source", "monazite " MNZ_VERSION ", a discrete-event simulation");
  mnz_h5_put_text(h, h->file, "history", "written by monazite " MNZ_VERSION);
  mnz_h5_put_text(h, h->file, "format_version", MNZ_FORMAT_VERSION);
  mnz_h5_put_text(h, h->file, "NX_class", "NXroot");
  mnz_h5_put_text(h, h->file, "default", MNZ_FORMAT_SUMMARY);
}

/* Digest and status come last: they speak of all the rest. */
static void seal(mnz_h5 *h, char digest[MNZ_DIGEST_TEXT]) {
  (void)mnz_h5_do(h, H5Fflush(h->file, H5F_SCOPE_LOCAL), "flush", "the data");
  mnz_digest_file(h, digest);
  const hid_t group =
      mnz_h5_id(h, H5Gopen2(h->file, MNZ_FORMAT_PROVENANCE, H5P_DEFAULT), "open", MNZ_FORMAT_PROVENANCE);
  mnz_h5_put_text(h, group, "digest", digest);
  mnz_h5_close(h, group);
  mnz_h5_put_text(h, h->file, "status", MNZ_FORMAT_COMPLETE);
}

static mnz_status make_content(mnz_part *part, const mnz_archive_input *input, char digest[MNZ_DIGEST_TEXT],
                               mnz_error *err) {
  mnz_h5 h = {.path = part->path, .blame = MNZ_IO, .err = err};
  mnz_layout layout;
  mnz_image image;
  mnz_h5_quiet();
  const hid_t access = mnz_h5_access(&h);
  const hid_t creation = mnz_h5_creation(&h, H5P_FILE_CREATE);
  mnz_image_access(&h, access, &image, part);
  h.file = -1;
  if (h.status == MNZ_OK)
    h.file = mnz_h5_id(&h, H5Fcreate(MNZ_IMAGE_NAME, H5F_ACC_TRUNC, creation, access), "create",
                       "the file in memory");
  put_header(&h, input);
  mnz_layout_open(&layout, &h, input);
  mnz_variables_write(&layout, input);
  mnz_failures_write(&h, input);
  mnz_events_write(&layout, input);
  mnz_summary_write(&layout, input);
  mnz_provenance_write(&h, input);
  mnz_layout_close(&layout);
  if (h.status == MNZ_OK) seal(&h, digest);
  mnz_h5_close(&h, h.file);
  mnz_h5_close(&h, creation);
  mnz_h5_close(&h, access);
  const mnz_status status = mnz_image_finish(&h, &image);
  mnz_image_free(&image);
  return status;
}

/* ---- the file ---- */

/* Opens what is on disk as a reader would. */
static mnz_status verify(const mnz_part *part, const char *digest, mnz_error *err) {
  mnz_archive_info *info = NULL;
  mnz_error found = {.status = MNZ_OK};
  mnz_status status = mnz_archive_read_info(part->part, false, &info, &found);
  if (status != MNZ_OK)
    status = mnz_fail(err, MNZ_IO, part->path, "was written, but %s", found.message);
  else if (strcmp(info->digest, digest) != 0)
    status = mnz_fail(err, MNZ_IO, part->path, "was written, but has another digest");
  mnz_archive_info_free(info);
  return status;
}

static mnz_status check_input(const char *path, const mnz_archive_input *input, mnz_error *err) {
  MNZ_REQUIRE(input->rows->count > 0);
  MNZ_REQUIRE(input->summary->shape == input->rows->shape);
  mnz_row last;
  const mnz_status status = input->rows->head(input->rows->self, input->rows->count - 1, &last, err);
  if (status != MNZ_OK) return status;
  if (last.replication > INT32_MAX)
    return mnz_fail(err, MNZ_LIMIT, path, "cannot hold replication %lu; the last possible is %d",
                    (unsigned long)last.replication, INT32_MAX);
  if (input->options->digits < 0 || input->options->digits > MOST_DIGITS)
    return mnz_fail(err, MNZ_USAGE, path,
                    "cannot keep %d significant digits; possible are 1 to %d, or 0 for all",
                    (int)input->options->digits, MOST_DIGITS);
  return MNZ_OK;
}

mnz_status mnz_archive_write(const char *path, const mnz_scenario *scenario, const mnz_rows *rows,
                             const mnz_summary *summary, const mnz_run_facts *facts,
                             const mnz_archive_options *options, char digest[65], mnz_error *err) {
  const mnz_archive_input input = {scenario, rows, summary, facts, options};
  char found[MNZ_DIGEST_TEXT];
  mnz_part part = {.fd = -1};
  mnz_status status;
  if ((status = check_input(path, &input, err)) != MNZ_OK) goto out;
  if ((status = mnz_part_open(&part, path, err)) != MNZ_OK) goto out;
  if ((status = make_content(&part, &input, found, err)) != MNZ_OK) goto out;
  if ((status = verify(&part, found, err)) != MNZ_OK) goto out;
  if ((status = mnz_part_publish(&part, err)) != MNZ_OK) goto out;
  if (digest != NULL) memcpy(digest, found, sizeof found);
out:
  mnz_part_close(&part);
  return status;
}
