/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the file in the order of names. What is hashed, one after the other:
 *   text     its length (8 bytes, little endian), its bytes
 *   number   8 bytes, little endian
 *   group    path, "group", its attributes, its members
 *   dataset  path, "dataset", its attributes, type, rank, lengths, names of its dimensions, values
 *   attribute  name, type, rank, lengths, values
 *   a second name of an object  path, "same as", the path that it was met by first
 * Types are "f8", "f4", "i4", "i8", "u1" and "text"; values are little endian in the order of C. Chunks,
 * filters, addresses and the order of writing do not matter. */
#include "archive/digest.h"

#include "archive/format.h"
#include "base/memory.h"
#include "base/text.h"

#include <sha2.h>

#include <stdlib.h>
#include <string.h>

#define READ_BYTES   ((size_t)8 << 20) /* read at once */
#define MOST_DEPTH   8
#define MOST_SHARED  1024
#define MOST_PACKING 1100 /* deflate cannot pack numbers closer than 1 : 1032 */
#define TEXT_BYTES   16   /* that each text takes in a dataset, beside itself */

typedef struct shared {
  haddr_t address;
  char *path;
} shared;

typedef struct walk {
  mnz_h5 *h;
  SHA2_CTX sha;
  hsize_t file_bytes;
  char *room;      /* READ_BYTES */
  mnz_buffer path; /* of the object at hand */
  shared *shared;  /* objects with several names, met so far */
  size_t n_shared;
} walk;

static void bad(walk *w, const char *what) {
  mnz_h5 *const h = w->h;
  if (h->status == MNZ_OK)
    h->status = mnz_fail(h->err, h->blame, h->path, "%s %s; monazite does not write this",
                         w->path.length > 0 ? w->path.at : "/", what);
}

/* ---- hashing ---- */

static void add_number(walk *w, uint64_t number) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(number >> (8 * i));
  SHA256Update(&w->sha, bytes, sizeof bytes);
}

static void add_bytes(walk *w, const void *bytes, size_t count) {
  SHA256Update(&w->sha, bytes, count);
}

static void add_text(walk *w, const char *text) {
  const size_t length = strlen(text);
  add_number(w, length);
  add_bytes(w, text, length);
}

/* ---- types and shapes ---- */

static const struct {
  mnz_cell cell;
  const char *name;
} cells[] = {
    {MNZ_CELL_F8, "f8"}, {MNZ_CELL_F4, "f4"}, {MNZ_CELL_I4, "i4"}, {MNZ_CELL_I8, "i8"}, {MNZ_CELL_U1, "u1"}};

/* The size of a number of this type; 0 for text, and after a failure. */
static size_t add_type(walk *w, hid_t type) {
  if (H5Tget_class(type) == H5T_STRING) {
    add_text(w, "text");
    return 0;
  }
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    if (H5Tequal(type, mnz_h5_file_type(cells[i].cell)) <= 0) continue;
    add_text(w, cells[i].name);
    return mnz_cell_size(cells[i].cell);
  }
  bad(w, "has a strange type");
  return 0;
}

typedef struct shape {
  int rank;
  hsize_t length[H5S_MAX_RANK];
  hsize_t count; /* of elements */
} shape;

static shape add_shape(walk *w, hid_t space, size_t size) {
  shape s = {.count = 1};
  s.rank = H5Sget_simple_extent_dims(space, s.length, NULL);
  (void)mnz_h5_do(w->h, s.rank, "read the shape of", w->path.at);
  if (s.rank < 0) return (shape){0};
  add_number(w, (uint64_t)s.rank);
  const hsize_t most = size > 0 ? w->file_bytes * MOST_PACKING / size : w->file_bytes / TEXT_BYTES;
  for (int i = 0; i < s.rank; i++) {
    add_number(w, s.length[i]);
    if (s.length[i] > 0 && s.count > most / s.length[i]) bad(w, "claims more values than the file can hold");
    s.count *= s.length[i];
  }
  return s;
}

/* ---- values ---- */

/* Adds texts as read into memory: pointers if they are of any length, else `length` bytes each. */
static void add_texts(walk *w, const char *room, size_t count, size_t length) {
  char *const text = w->room;
  for (size_t i = 0; i < count; i++) {
    if (length == H5T_VARIABLE) {
      const char *at;
      memcpy(&at, room + i * sizeof at, sizeof at);
      add_text(w, at != NULL ? at : "");
    } else {
      memcpy(text, room + i * length, length);
      text[length] = '\0';
      add_text(w, text);
    }
  }
}

typedef herr_t read_function(hid_t object, hid_t memory_type, void *out);

static herr_t read_dataset(hid_t object, hid_t memory_type, void *out) {
  return H5Dread(object, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out);
}

static herr_t read_attribute(hid_t object, hid_t memory_type, void *out) {
  return H5Aread(object, memory_type, out);
}

static void walk_texts(walk *w, hid_t object, read_function *read, hid_t type, hid_t space, size_t count) {
  const bool any_length = H5Tis_variable_str(type) > 0;
  const size_t length = any_length ? H5T_VARIABLE : H5Tget_size(type);
  const size_t size = any_length ? sizeof(char *) : length;
  if (size == 0 || size >= READ_BYTES || count > READ_BYTES) bad(w, "has strangely long texts");
  if (w->h->status != MNZ_OK) return;
  char *room = NULL;
  if (mnz_new_array(&room, count * size, NULL) != MNZ_OK) {
    mnz_h5_no_memory(w->h);
    return;
  }
  if (mnz_h5_do(w->h, read(object, type, room), "read", w->path.at) >= 0) add_texts(w, room, count, length);
  /* Also after a failure, which may come when some of the texts are there. */
  if (any_length) (void)mnz_h5_do(w->h, H5Dvlen_reclaim(type, space, H5P_DEFAULT, room), "read", w->path.at);
  free(room);
}

/* One piece of a dataset, which lies in the file as it is hashed. */
static void walk_piece(walk *w, hid_t dataset, hid_t type, hid_t space, int rank, const hsize_t *start,
                       const hsize_t *count, size_t size) {
  hsize_t bytes = size;
  for (int i = 0; i < rank; i++) bytes *= count[i];
  (void)mnz_h5_do(w->h, H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL), "read",
                  w->path.at);
  const hid_t memory = mnz_h5_id(w->h, H5Screate_simple(rank, count, NULL), "read", w->path.at);
  if (mnz_h5_do(w->h, H5Dread(dataset, type, memory, space, H5P_DEFAULT, w->room), "read", w->path.at) >= 0)
    add_bytes(w, w->room, bytes);
  mnz_h5_close(w->h, memory);
}

/* In pieces that fit into the room: the last dimensions whole, one cut into steps, the first ones by ones. */
static void walk_numbers(walk *w, hid_t dataset, hid_t type, hid_t space, const shape *s, size_t size) {
  hsize_t start[H5S_MAX_RANK] = {0};
  hsize_t count[H5S_MAX_RANK];
  hsize_t inner = size;
  int cut = s->rank - 1;
  for (; cut > 0 && s->length[cut] <= READ_BYTES / inner; cut--) inner *= count[cut] = s->length[cut];
  const hsize_t step = READ_BYTES / inner;
  for (int i = 0; i < cut; i++) count[i] = 1;
  while (w->h->status == MNZ_OK && start[0] < s->length[0]) {
    const hsize_t left = s->length[cut] - start[cut];
    count[cut] = step < left ? step : left;
    walk_piece(w, dataset, type, space, s->rank, start, count, size);
    start[cut] += count[cut];
    for (int i = cut; i > 0 && start[i] == s->length[i]; i--) {
      start[i] = 0;
      start[i - 1]++;
    }
  }
}

/* ---- attributes ---- */

static bool left_out(const walk *w, const char *name) {
  if (strcmp(name, "REFERENCE_LIST") == 0 || strcmp(name, "DIMENSION_LIST") == 0) return true;
  if (w->path.length == 0) return strcmp(name, "status") == 0;
  return strcmp(w->path.at, "/" MNZ_FORMAT_PROVENANCE) == 0 &&
         (strcmp(name, "run") == 0 || strcmp(name, "digest") == 0);
}

static void walk_value(walk *w, hid_t attribute, hid_t type, hid_t space) {
  const size_t size = add_type(w, type);
  const shape s = add_shape(w, space, size);
  if (w->h->status != MNZ_OK) return;
  if (size == 0) {
    walk_texts(w, attribute, read_attribute, type, space, s.count);
  } else if (size * s.count > READ_BYTES) {
    bad(w, "has a strangely large attribute");
  } else if (mnz_h5_do(w->h, H5Aread(attribute, type, w->room), "read an attribute of", w->path.at) >= 0) {
    add_bytes(w, w->room, size * s.count);
  }
}

static void walk_attribute(walk *w, hid_t object, const char *name) {
  mnz_h5 *const h = w->h;
  const hid_t attribute = mnz_h5_id(h, H5Aopen(object, name, H5P_DEFAULT), "read", name);
  const hid_t type = mnz_h5_id(h, H5Aget_type(attribute), "read", name);
  const hid_t space = mnz_h5_id(h, H5Aget_space(attribute), "read", name);
  if (h->status == MNZ_OK) {
    add_text(w, name);
    walk_value(w, attribute, type, space);
  }
  mnz_h5_close(h, space);
  mnz_h5_close(h, type);
  mnz_h5_close(h, attribute);
}

static void walk_attributes(walk *w, hid_t object, hsize_t count) {
  for (hsize_t i = 0; i < count && w->h->status == MNZ_OK; i++) {
    char name[256];
    const ssize_t length =
        H5Aget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
    if (length < 0) mnz_h5_fail(w->h, "read an attribute of", w->path.at);
    if (length >= (ssize_t)sizeof name) bad(w, "has an attribute with a strangely long name");
    if (w->h->status == MNZ_OK && !left_out(w, name)) walk_attribute(w, object, name);
  }
}

/* ---- objects ---- */

static herr_t add_scale(hid_t dataset, unsigned dim, hid_t scale, void *self) {
  (void)dataset;
  (void)dim;
  char name[256] = "";
  if (H5DSget_scale_name(scale, name, sizeof name) < 0) return -1;
  add_text(self, name);
  return 0;
}

static void walk_data(walk *w, hid_t dataset, hid_t type, hid_t space) {
  const size_t size = add_type(w, type);
  const shape s = add_shape(w, space, size);
  for (int i = 0; i < s.rank && w->h->status == MNZ_OK; i++)
    (void)mnz_h5_do(w->h, H5DSiterate_scales(dataset, (unsigned)i, NULL, add_scale, w),
                    "read the dimensions of", w->path.at);
  if (size > 0 && s.rank == 0) bad(w, "is a single number");
  if (w->h->status != MNZ_OK || s.count == 0) return;
  if (size == 0)
    walk_texts(w, dataset, read_dataset, type, space, s.count);
  else
    walk_numbers(w, dataset, type, space, &s, size);
}

static void walk_dataset(walk *w, hid_t dataset) {
  const hid_t type = mnz_h5_id(w->h, H5Dget_type(dataset), "read", w->path.at);
  const hid_t space = mnz_h5_id(w->h, H5Dget_space(dataset), "read", w->path.at);
  if (w->h->status == MNZ_OK) walk_data(w, dataset, type, space);
  mnz_h5_close(w->h, space);
  mnz_h5_close(w->h, type);
}

static const char *met_before(const walk *w, haddr_t address) {
  for (size_t i = 0; i < w->n_shared; i++)
    if (w->shared[i].address == address) return w->shared[i].path;
  return NULL;
}

/* Remembers an object that has further names. */
static void remember(walk *w, haddr_t address) {
  if (w->n_shared == MOST_SHARED) {
    bad(w, "is one of too many objects with several names");
    return;
  }
  char *path = NULL;
  if (mnz_new_array(&path, w->path.length + 1, NULL) != MNZ_OK) {
    mnz_h5_no_memory(w->h);
    return;
  }
  memcpy(path, w->path.at, w->path.length + 1);
  w->shared[w->n_shared++] = (shared){address, path};
}

static void walk_object(walk *w, hid_t object, int depth);

static void walk_member(walk *w, hid_t group, hsize_t i, int depth) {
  mnz_h5 *const h = w->h;
  const size_t parent_length = w->path.length;
  char name[256];
  const ssize_t length =
      H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
  if (length < 0) mnz_h5_fail(h, "read a name in", parent_length > 0 ? w->path.at : "/");
  if (length >= (ssize_t)sizeof name) bad(w, "holds an object with a strangely long name");
  if (h->status != MNZ_OK) return;

  mnz_buffer_print(&w->path, "/%s", name);
  if (w->path.failed) {
    mnz_h5_no_memory(h);
    return;
  }
  H5L_info_t link;
  if (mnz_h5_do(h, H5Lget_info(group, name, &link, H5P_DEFAULT), "read", w->path.at) >= 0 &&
      link.type != H5L_TYPE_HARD)
    bad(w, "is a link to elsewhere");
  if (h->status == MNZ_OK) {
    const hid_t object = mnz_h5_id(h, H5Oopen(group, name, H5P_DEFAULT), "open", w->path.at);
    walk_object(w, object, depth);
    mnz_h5_close(h, object);
  }
  w->path.length = parent_length;
  w->path.at[parent_length] = '\0';
}

static void walk_members(walk *w, hid_t group, int depth) {
  H5G_info_t info;
  if (mnz_h5_do(w->h, H5Gget_info(group, &info), "read", w->path.at) < 0) return;
  if (depth == MOST_DEPTH) bad(w, "is strangely deep");
  for (hsize_t i = 0; i < info.nlinks && w->h->status == MNZ_OK; i++) walk_member(w, group, i, depth + 1);
}

static void walk_object(walk *w, hid_t object, int depth) {
  mnz_h5 *const h = w->h;
  H5O_info_t info;
  if (h->status != MNZ_OK) return;
  if (mnz_h5_do(h, H5Oget_info2(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS), "read", w->path.at) < 0)
    return;
  add_text(w, w->path.at);
  const char *const before = met_before(w, info.addr);
  if (before != NULL) {
    add_text(w, "same as");
    add_text(w, before);
    return;
  }
  if (info.rc > 1) remember(w, info.addr);
  const bool is_group = info.type == H5O_TYPE_GROUP;
  if (!is_group && info.type != H5O_TYPE_DATASET) bad(w, "is neither group nor dataset");
  add_text(w, is_group ? "group" : "dataset");
  walk_attributes(w, object, info.num_attrs);
  if (h->status != MNZ_OK) return;
  if (is_group)
    walk_members(w, object, depth);
  else
    walk_dataset(w, object);
}

void mnz_digest_file(mnz_h5 *h, char out[MNZ_DIGEST_TEXT]) {
  walk w = {.h = h};
  out[0] = '\0';
  (void)mnz_h5_do(h, H5Fget_filesize(h->file, &w.file_bytes), "read the size of", "the file");
  mnz_buffer_add(&w.path, "");
  if (mnz_new_array(&w.room, READ_BYTES, NULL) != MNZ_OK ||
      mnz_new_array(&w.shared, MOST_SHARED, NULL) != MNZ_OK || w.path.failed)
    mnz_h5_no_memory(h);
  SHA256Init(&w.sha);
  const hid_t root = mnz_h5_id(h, H5Gopen2(h->file, "/", H5P_DEFAULT), "open", "the root");
  walk_object(&w, root, 0);
  mnz_h5_close(h, root);
  if (h->status == MNZ_OK) (void)SHA256End(&w.sha, out);
  for (size_t i = 0; i < w.n_shared; i++) free(w.shared[i].path);
  free(w.shared);
  free(w.room);
  mnz_buffer_free(&w.path);
}
