/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive/inspect.h"

#include "archive/digest.h"
#include "archive/format.h"
#include "archive/h5.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TEXT ((size_t)1 << 20)

static void add(mnz_buffer *answer, const char *text) {
  mnz_buffer_add_bytes(answer, text, strlen(text) + 1);
}

static void add_count(mnz_buffer *answer, hsize_t count) {
  mnz_buffer_print(answer, "%llu", (unsigned long long)count);
  mnz_buffer_add_bytes(answer, "", 1);
}

static void not_sound(mnz_h5 *h, const char *what) {
  if (h->status == MNZ_OK) h->status = mnz_fail(h->err, MNZ_FORMAT, h->path, "%s", what);
}

/* ---- texts ---- */

/* A text attribute, the caller's to free(); NULL after a failure. */
static char *read_attribute(mnz_h5 *h, const char *object, const char *name) {
  char *text = NULL;
  const hid_t attribute =
      mnz_h5_id(h, H5Aopen_by_name(h->file, object, name, H5P_DEFAULT, H5P_DEFAULT), "read", name);
  const hid_t type = mnz_h5_id(h, H5Aget_type(attribute), "read", name);
  const hid_t space = mnz_h5_id(h, H5Aget_space(attribute), "read", name);
  const size_t size = h->status == MNZ_OK ? H5Tget_size(type) : 0;
  if (h->status != MNZ_OK) goto out;
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 ||
      H5Sget_simple_extent_npoints(space) != 1 || size > MOST_TEXT) {
    mnz_h5_fail(h, "make sense of", name);
  } else if (mnz_new_array(&text, size + 1, NULL) != MNZ_OK) {
    mnz_h5_no_memory(h);
  } else if (mnz_h5_do(h, H5Aread(attribute, type, text), "read", name) < 0) {
    free(text);
    text = NULL;
  }
out:
  mnz_h5_close(h, space);
  mnz_h5_close(h, type);
  mnz_h5_close(h, attribute);
  return text;
}

static void add_attribute(mnz_h5 *h, const char *object, const char *name, mnz_buffer *answer) {
  if (strcmp(object, "/") != 0 && H5Lexists(h->file, object, H5P_DEFAULT) == 0) { /* no time axis */
    add(answer, "");
    return;
  }
  if (H5Aexists_by_name(h->file, object, name, H5P_DEFAULT) == 0) { /* of a file that is older than it */
    add(answer, "");
    return;
  }
  char *const text = read_attribute(h, object, name);
  if (text == NULL) return;
  size_t length = strlen(text);
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\n')) length--; /* padding */
  text[length] = '\0';
  add(answer, text);
  free(text);
}

static void add_dataset(mnz_h5 *h, const char *path, mnz_buffer *answer) {
  char *text = NULL;
  const hid_t dataset = mnz_h5_id(h, H5Dopen2(h->file, path, H5P_DEFAULT), "open", path);
  const hid_t type = mnz_h5_id(h, H5Dget_type(dataset), "read", path);
  const hid_t space = mnz_h5_id(h, H5Dget_space(dataset), "read", path);
  if (h->status == MNZ_OK) {
    if (H5Tis_variable_str(type) <= 0 || H5Sget_simple_extent_npoints(space) != 1)
      mnz_h5_fail(h, "make sense of", path);
    else if (mnz_h5_do(h, H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text), "read", path) >= 0)
      add(answer, text != NULL ? text : "");
  }
  (void)H5free_memory(text);
  mnz_h5_close(h, space);
  mnz_h5_close(h, type);
  mnz_h5_close(h, dataset);
}

/* ---- variables ---- */

typedef struct listing {
  mnz_h5 *h;
  const char *prefix; /* of the names: "" or "summary/" */
  mnz_buffer texts;
  hsize_t count;
} listing;

static herr_t add_dimension(hid_t dataset, unsigned i, hid_t scale, void *self) {
  (void)dataset;
  listing *const l = self;
  char name[256] = "";
  if (H5DSget_scale_name(scale, name, sizeof name) < 0) return -1;
  mnz_buffer_print(&l->texts, "%s%s", i > 0 ? ", " : "", name);
  return 0;
}

/* "stock(replication, scenario, account, time) t" */
static void describe(listing *l, hid_t dataset, const char *name) {
  mnz_h5 *const h = l->h;
  const hid_t space = mnz_h5_id(h, H5Dget_space(dataset), "read", name);
  const int rank = H5Sget_simple_extent_ndims(space);
  mnz_buffer_print(&l->texts, "%s%s(", l->prefix, name);
  if (H5DSis_scale(dataset) > 0)
    (void)add_dimension(dataset, 0, dataset, l);
  else
    for (int i = 0; i < rank; i++)
      (void)mnz_h5_do(h, H5DSiterate_scales(dataset, (unsigned)i, NULL, add_dimension, l),
                      "read the dimensions of", name);
  mnz_buffer_add(&l->texts, ")");
  if (H5Aexists(dataset, "units") > 0) {
    char path[512];
    (void)snprintf(path, sizeof path, "/%s%s", l->prefix, name);
    char *const unit = read_attribute(h, path, "units");
    if (unit != NULL) mnz_buffer_print(&l->texts, " %s", unit);
    free(unit);
  }
  mnz_buffer_add_bytes(&l->texts, "", 1);
  l->count++;
  mnz_h5_close(h, space);
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *self) {
  listing *const l = self;
  if (link->type != H5L_TYPE_HARD) return 0;
  const hid_t object = mnz_h5_id(l->h, H5Oopen(group, name, H5P_DEFAULT), "open", name);
  H5O_info_t info = {0};
  (void)mnz_h5_do(l->h, H5Oget_info2(object, &info, H5O_INFO_BASIC), "read", name);
  /* A group's dimensions are the root's under a second name: once is enough. */
  const bool again = info.rc > 1 && l->prefix[0] != '\0';
  if (info.type == H5O_TYPE_DATASET && !again) describe(l, object, name);
  mnz_h5_close(l->h, object);
  return l->h->status == MNZ_OK ? 0 : -1;
}

static void list_group(listing *l, const char *path, const char *prefix) {
  l->prefix = prefix;
  hsize_t at = 0;
  (void)mnz_h5_do(
      l->h, H5Literate_by_name(l->h->file, path, H5_INDEX_CRT_ORDER, H5_ITER_INC, &at, visit, l, H5P_DEFAULT),
      "list the variables of", path);
}

static void add_variables(mnz_h5 *h, mnz_buffer *answer) {
  listing l = {.h = h};
  list_group(&l, "/", "");
  list_group(&l, "/" MNZ_FORMAT_SUMMARY, MNZ_FORMAT_SUMMARY "/");
  if (H5Lexists(h->file, MNZ_FORMAT_EVENT_LOG, H5P_DEFAULT) > 0)
    list_group(&l, "/" MNZ_FORMAT_EVENT_LOG, MNZ_FORMAT_EVENT_LOG "/");
  add_count(answer, l.count);
  if (l.texts.failed)
    mnz_h5_no_memory(h);
  else if (l.texts.length > 0)
    mnz_buffer_add_bytes(answer, l.texts.at, l.texts.length);
  mnz_buffer_free(&l.texts);
}

static void add_replications(mnz_h5 *h, mnz_buffer *answer) {
  const hid_t dataset = mnz_h5_id(h, H5Dopen2(h->file, "/replication", H5P_DEFAULT), "open", "replication");
  const hid_t space = mnz_h5_id(h, H5Dget_space(dataset), "read", "replication");
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (count < 0)
    mnz_h5_fail(h, "read", "replication");
  else
    add_count(answer, (hsize_t)count);
  mnz_h5_close(h, space);
  mnz_h5_close(h, dataset);
}

/* How many variables of the root are over replication and time; then the digits that they were rounded to. */
static herr_t count_series(hid_t root, const char *name, const H5L_info_t *link, void *self) {
  listing *const l = self;
  if (link->type != H5L_TYPE_HARD) return 0;
  const hid_t dataset = H5Dopen2(root, name, H5P_DEFAULT);
  if (dataset < 0) return 0;
  const hid_t space = mnz_h5_id(l->h, H5Dget_space(dataset), "read", name);
  mnz_buffer_clear(&l->texts);
  if (H5DSis_scale(dataset) <= 0 && H5Sget_simple_extent_ndims(space) > 2) {
    const unsigned last = (unsigned)H5Sget_simple_extent_ndims(space) - 1;
    (void)mnz_h5_do(l->h, H5DSiterate_scales(dataset, last, NULL, add_dimension, l), "read", name);
    l->count += l->texts.length > 0 && strstr(l->texts.at, "time") != NULL;
  }
  mnz_h5_close(l->h, space);
  mnz_h5_close(l->h, dataset);
  return l->h->status == MNZ_OK ? 0 : -1;
}

/* In millionths, for the answer is of whole numbers. */
static void add_confidence(mnz_h5 *h, mnz_buffer *answer) {
  double confidence = 0;
  if (H5Aexists_by_name(h->file, "/" MNZ_FORMAT_SUMMARY, "confidence", H5P_DEFAULT) > 0) {
    const hid_t attribute =
        mnz_h5_id(h, H5Aopen_by_name(h->file, "/" MNZ_FORMAT_SUMMARY, "confidence", H5P_DEFAULT, H5P_DEFAULT),
                  "read", "confidence");
    (void)mnz_h5_do(h, H5Aread(attribute, H5T_NATIVE_DOUBLE, &confidence), "read", "confidence");
    mnz_h5_close(h, attribute);
  }
  add_count(answer, confidence > 0 && confidence < 1 ? (hsize_t)llround(1e6 * confidence) : 0);
}

static void add_series(mnz_h5 *h, mnz_buffer *answer) {
  listing l = {.h = h};
  int32_t digits = 0;
  hsize_t at = 0;
  (void)mnz_h5_do(
      h, H5Literate_by_name(h->file, "/", H5_INDEX_NAME, H5_ITER_INC, &at, count_series, &l, H5P_DEFAULT),
      "list the variables of", "/");
  mnz_buffer_free(&l.texts);
  if (H5Aexists_by_name(h->file, "/" MNZ_FORMAT_PROVENANCE, "digits", H5P_DEFAULT) != 0) {
    const hid_t attribute =
        mnz_h5_id(h, H5Aopen_by_name(h->file, "/" MNZ_FORMAT_PROVENANCE, "digits", H5P_DEFAULT, H5P_DEFAULT),
                  "read", "digits");
    (void)mnz_h5_do(h, H5Aread(attribute, H5T_NATIVE_INT32, &digits), "read", "digits");
    mnz_h5_close(h, attribute);
  }
  add_count(answer, l.count);
  add_count(answer, digits < 0 ? 0 : (hsize_t)digits);
  add_confidence(h, answer);
}

/* ---- the file ---- */

static void identify(mnz_h5 *h) {
  if (h->status != MNZ_OK) return;
  if (H5Aexists(h->file, "format_version") <= 0) {
    not_sound(h, "is an HDF5 file, but not one of monazite's");
    return;
  }
  char *const version = read_attribute(h, "/", "format_version");
  if (version != NULL && strcmp(version, MNZ_FORMAT_VERSION) != 0)
    h->status =
        mnz_fail(h->err, MNZ_FORMAT, h->path, "has format version %.20s; this program reads version %s",
                 version, MNZ_FORMAT_VERSION);
  free(version);
  if (h->status != MNZ_OK) return;
  char *const status = H5Aexists(h->file, "status") > 0 ? read_attribute(h, "/", "status") : NULL;
  if (status == NULL || strcmp(status, MNZ_FORMAT_COMPLETE) != 0)
    not_sound(h, "is not complete: writing it was cut short");
  free(status);
}

void mnz_inspect_open(mnz_h5 *h) {
  const hid_t access = mnz_h5_access(h);
  h->file = mnz_h5_id(h, H5Fopen(h->path, H5F_ACC_RDONLY, access), "open", "it");
  identify(h);
  mnz_h5_close(h, access);
}

static void check_digest(mnz_h5 *h) {
  char *const said = read_attribute(h, "/" MNZ_FORMAT_PROVENANCE, "digest");
  char found[MNZ_DIGEST_TEXT];
  mnz_digest_file(h, found);
  if (h->status == MNZ_OK && strcmp(said, found) != 0)
    h->status =
        mnz_fail(h->err, MNZ_FORMAT, h->path,
                 "was damaged or changed: its data have the digest %.12s..., it says %.12s...", found, said);
  free(said);
}

void mnz_inspect_file(const char *path, bool check, mnz_buffer *answer) {
  mnz_error err = {.status = MNZ_OK};
  mnz_h5 h = {.path = path, .blame = MNZ_FORMAT, .err = &err};
  mnz_buffer facts = {0};
  mnz_h5_quiet();
  mnz_inspect_open(&h);
#define ADD_TEXT(field, object, attribute)                                                                   \
  if (h.status == MNZ_OK && (attribute) != NULL) add_attribute(&h, object, attribute, &facts);               \
  if (h.status == MNZ_OK && (attribute) == NULL) add_dataset(&h, object, &facts);
  MNZ_INSPECT_TEXTS(ADD_TEXT)
#undef ADD_TEXT
  if (h.status == MNZ_OK) add_replications(&h, &facts);
  if (h.status == MNZ_OK) add_series(&h, &facts);
  if (h.status == MNZ_OK) add_variables(&h, &facts);
  if (h.status == MNZ_OK && check) check_digest(&h);
  mnz_h5_close(&h, h.file);
  if (facts.failed) mnz_h5_no_memory(&h);

  add_count(answer, (hsize_t)h.status);
  add(answer, err.message);
  if (h.status == MNZ_OK) mnz_buffer_add_bytes(answer, facts.at, facts.length);
  add(answer, MNZ_INSPECT_END);
  mnz_buffer_free(&facts);
}
