/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive/layout.h"

#include "base/memory.h"
#include "base/text.h"
#include "monazite/calendar.h"
#include "world/scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A reader holds a chunk in memory whole; with more than this, small reads become slow. */
#define MOST_BYTES_IN_CHUNK ((size_t)4 << 20)

static const struct {
  const char *name;
  const char *long_name;
  hsize_t most; /* no chunk spans more of it: that is what is in memory at a time; 0: all */
} dimensions[MNZ_LAYOUT_DIMS] = {
#define DIMENSION(id, name, text) [id] = {name, text, 0},
    MNZ_AXIS_LIST(DIMENSION)
#undef DIMENSION
        [MNZ_LAYOUT_REPLICATION] = {"replication", "number of the replication", 1024},
    [MNZ_LAYOUT_SCENARIO] = {"scenario", "title of the scenario", 0},
    [MNZ_LAYOUT_QUANTILE] = {"quantile", "probability of the quantile over replications", 0},
    [MNZ_LAYOUT_STATISTIC] = {"statistic", "statistic over replications", 0},
    [MNZ_LAYOUT_EVENT] = {"event", "number of the event in the file, from 0", 65536},
};

/* The parts of an account, and of a place. Not called `node` and so on: those are dimensions of their own,
 * and one name cannot be a dimension and a label of another. */
typedef struct part_label {
  const char *name;
  const char *long_name;
} part_label;
static const part_label account_labels[] = {
    {"account_node", "facility of the account"},
    {"account_material", "material of the account"},
    {"account_element", "element of the account"},
};
static const part_label place_labels[] = {
    {"place_node", "facility of the place"},
    {"place_material", "material of the place"},
};
#define ACCOUNT_LABELS "account_node account_material account_element"
#define PLACE_LABELS   "place_node place_material"

/* ---- columns of numbers ---- */

static bool is_float(mnz_cell cell) {
  return cell == MNZ_CELL_F8 || cell == MNZ_CELL_F4;
}

/* Cuts from the first dimension on, into equal parts, until a chunk is small enough. */
static void choose_chunk(const mnz_column *column, const hsize_t *shape, hsize_t *chunk) {
  hsize_t bytes = mnz_cell_size(column->cell);
  for (int i = 0; i < column->rank; i++) {
    const hsize_t most = dimensions[column->dims[i]].most;
    chunk[i] = i == 0 && column->one_by_one ? 1 : shape[i];
    if (most > 0 && chunk[i] > most) chunk[i] = most;
    bytes *= chunk[i];
  }
  for (int i = 0; i < column->rank && bytes > MOST_BYTES_IN_CHUNK; i++) {
    const hsize_t rest = bytes / chunk[i];
    const hsize_t wanted = (bytes + MOST_BYTES_IN_CHUNK - 1) / MOST_BYTES_IN_CHUNK;
    const hsize_t parts = wanted < chunk[i] ? wanted : chunk[i];
    chunk[i] = (chunk[i] + parts - 1) / parts;
    bytes = rest * chunk[i];
  }
}

static hid_t number_creation(mnz_h5 *h, const mnz_column *column, const hsize_t *chunk) {
  const double nothing = NAN;
  const hid_t list = mnz_h5_creation(h, H5P_DATASET_CREATE);
  (void)mnz_h5_do(h, H5Pset_chunk(list, column->rank, chunk), "choose", "the chunks");
  (void)mnz_h5_do(h, H5Pset_shuffle(list), "choose", "the filters");
  (void)mnz_h5_do(h, H5Pset_deflate(list, 4), "choose", "the filters");
  (void)mnz_h5_do(h, H5Pset_fletcher32(list), "choose", "the filters");
  if (is_float(column->cell))
    (void)mnz_h5_do(h, H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &nothing), "choose", "the fill value");
  return list;
}

static void put_flags(mnz_h5 *h, hid_t dataset, const char *meanings) {
  uint8_t values[256];
  size_t count = 1;
  for (const char *at = meanings; *at != '\0' && count < sizeof values; at++) count += *at == ' ';
  for (size_t i = 0; i < count; i++) values[i] = (uint8_t)i;
  mnz_h5_put_cells(h, dataset, "flag_values", MNZ_CELL_U1, values, count);
  mnz_h5_put_text(h, dataset, "flag_meanings", meanings);
}

void mnz_layout_put_coordinates(mnz_h5 *h, hid_t object, bool account, bool place) {
  if (!account && !place) return;
  mnz_h5_put_text(h, object, "coordinates",
                  account && place ? ACCOUNT_LABELS " " PLACE_LABELS
                  : account        ? ACCOUNT_LABELS
                                   : PLACE_LABELS);
}

static void put_attributes(mnz_h5 *h, hid_t dataset, const mnz_column *column) {
  mnz_h5_put_text(h, dataset, "long_name", column->long_name);
  mnz_h5_put_text(h, dataset, "units", column->unit);
  if (column->flag_meanings != NULL) put_flags(h, dataset, column->flag_meanings);
  bool account = false;
  bool place = false;
  for (int i = 0; i < column->rank; i++) {
    account |= column->dims[i] == MNZ_AXIS_ACCOUNT;
    place |= column->dims[i] == MNZ_AXIS_PLACE;
  }
  mnz_layout_put_coordinates(h, dataset, account, place);
}

static void shape_of(const mnz_layout *layout, const mnz_column *column, hsize_t *shape) {
  for (int i = 0; i < column->rank; i++) shape[i] = layout->length[column->dims[i]];
}

size_t mnz_layout_rows(const mnz_layout *layout, const mnz_column *column) {
  hsize_t shape[MNZ_LAYOUT_MAX_RANK];
  hsize_t chunk[MNZ_LAYOUT_MAX_RANK];
  shape_of(layout, column, shape);
  choose_chunk(column, shape, chunk);
  return chunk[0];
}

static hid_t create_numbers(mnz_layout *layout, hid_t group, const mnz_column *column) {
  mnz_h5 *const h = layout->h;
  hsize_t shape[MNZ_LAYOUT_MAX_RANK];
  hsize_t limit[MNZ_LAYOUT_MAX_RANK];
  hsize_t chunk[MNZ_LAYOUT_MAX_RANK];
  shape_of(layout, column, shape);
  for (int i = 0; i < column->rank; i++)
    limit[i] = column->dims[i] == MNZ_LAYOUT_REPLICATION ? H5S_UNLIMITED : shape[i];
  choose_chunk(column, shape, chunk);
  const hid_t space = mnz_h5_id(h, H5Screate_simple(column->rank, shape, limit), "set up", column->name);
  const hid_t list = number_creation(h, column, chunk);
  const hid_t dataset = mnz_h5_id(
      h,
      H5Dcreate2(group, column->name, mnz_h5_file_type(column->cell), space, H5P_DEFAULT, list, H5P_DEFAULT),
      "create", column->name);
  mnz_h5_close(h, list);
  mnz_h5_close(h, space);
  put_attributes(h, dataset, column);
  return dataset;
}

hid_t mnz_layout_column(mnz_layout *layout, hid_t group, const mnz_column *column) {
  mnz_h5 *const h = layout->h;
  const hid_t dataset = create_numbers(layout, group, column);
  /* Not for the dimensions' own values: CF wants none missing there. */
  if (column->cell == MNZ_CELL_F8)
    mnz_h5_put_cells(h, dataset, "_FillValue", column->cell, &(double){NAN}, 1);
  if (column->cell == MNZ_CELL_F4) mnz_h5_put_cells(h, dataset, "_FillValue", column->cell, &(float){NAN}, 1);
  for (int i = 0; i < column->rank; i++)
    (void)mnz_h5_do(h, H5DSattach_scale(dataset, layout->scale[column->dims[i]], (unsigned)i),
                    "attach a dimension to", column->name);
  return dataset;
}

void mnz_layout_fill(mnz_layout *layout, hid_t dataset, const mnz_column *column, size_t from, size_t count,
                     const void *cells) {
  mnz_h5 *const h = layout->h;
  if (h->status != MNZ_OK) return;
  hsize_t start[MNZ_LAYOUT_MAX_RANK] = {from};
  hsize_t size[MNZ_LAYOUT_MAX_RANK] = {count};
  for (int i = 1; i < column->rank; i++) size[i] = layout->length[column->dims[i]];
  const hid_t file_space = mnz_h5_id(h, H5Dget_space(dataset), "fill", column->name);
  const hid_t memory_space = mnz_h5_id(h, H5Screate_simple(column->rank, size, NULL), "fill", column->name);
  (void)mnz_h5_do(h, H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, size, NULL), "fill",
                  column->name);
  (void)mnz_h5_do(
      h, H5Dwrite(dataset, mnz_h5_memory_type(column->cell), memory_space, file_space, H5P_DEFAULT, cells),
      "fill", column->name);
  mnz_h5_close(h, memory_space);
  mnz_h5_close(h, file_space);
}

/* ---- columns of text ---- */

/* For readers without text of variable length (Octave). */
void mnz_layout_put_labels(mnz_h5 *h, hid_t dataset, const char *const *texts, size_t count) {
  mnz_buffer joined = {0};
  for (size_t i = 0; i < count; i++) {
    if (i > 0) mnz_buffer_add(&joined, "|");
    mnz_buffer_add(&joined, texts[i]);
  }
  if (joined.failed)
    mnz_h5_no_memory(h);
  else
    mnz_h5_put_text(h, dataset, "labels", joined.at);
  mnz_buffer_free(&joined);
}

static hid_t create_texts(mnz_layout *layout, int dim, const char *name, const char *long_name,
                          const char *const *texts) {
  mnz_h5 *const h = layout->h;
  const hsize_t count = layout->length[dim];
  const hid_t type = mnz_h5_text_type(h, H5T_VARIABLE);
  const hid_t space = mnz_h5_id(h, H5Screate_simple(1, &count, NULL), "set up", name);
  const hid_t list = mnz_h5_creation(h, H5P_DATASET_CREATE);
  const hid_t dataset =
      mnz_h5_id(h, H5Dcreate2(h->file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT), "create", name);
  if (h->status == MNZ_OK)
    (void)mnz_h5_do(h, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts), "fill", name);
  mnz_h5_close(h, list);
  mnz_h5_close(h, space);
  mnz_h5_close(h, type);
  mnz_h5_put_text(h, dataset, "long_name", long_name);
  if (h->status == MNZ_OK) mnz_layout_put_labels(h, dataset, texts, count);
  return dataset;
}

/* ---- dimensions ---- */

/* Takes the dataset over. */
static void make_scale(mnz_layout *layout, int dim, hid_t dataset) {
  layout->scale[dim] = dataset;
  (void)mnz_h5_do(layout->h, H5DSset_scale(dataset, dimensions[dim].name), "make a dimension of",
                  dimensions[dim].name);
}

static void put_texts(mnz_layout *layout, int dim, const char *const *texts) {
  make_scale(layout, dim, create_texts(layout, dim, dimensions[dim].name, dimensions[dim].long_name, texts));
}

static mnz_column numbers_of(int dim, const char *unit, mnz_cell cell) {
  return (mnz_column){.name = dimensions[dim].name,
                      .long_name = dimensions[dim].long_name,
                      .unit = unit,
                      .cell = cell,
                      .rank = 1,
                      .dims = {dim}};
}

static void put_numbers(mnz_layout *layout, int dim, const char *unit, mnz_cell cell, const void *cells) {
  const mnz_column column = numbers_of(dim, unit, cell);
  const hid_t dataset = create_numbers(layout, layout->h->file, &column);
  mnz_layout_fill(layout, dataset, &column, 0, layout->length[dim], cells);
  make_scale(layout, dim, dataset);
}

bool mnz_layout_head(mnz_layout *layout, const mnz_archive_input *input, size_t i, mnz_row *row) {
  mnz_h5 *const h = layout->h;
  if (h->status == MNZ_OK) h->status = input->rows->head(input->rows->self, i, row, h->err);
  return h->status == MNZ_OK;
}

/* With what they mean, a line each. */
static void put_statistics(mnz_layout *layout) {
  put_texts(layout, MNZ_LAYOUT_STATISTIC, mnz_statistic_names);
#define STATISTIC_TEXT(id, name, text) name ": " text "\n"
  mnz_h5_put_text(layout->h, layout->scale[MNZ_LAYOUT_STATISTIC], "comment",
                  MNZ_STATISTIC_LIST(STATISTIC_TEXT));
#undef STATISTIC_TEXT
}

static void put_replications(mnz_layout *layout, const mnz_archive_input *input) {
  int32_t *numbers = NULL;
  mnz_row row;
  if (mnz_new_array(&numbers, input->rows->count, NULL) != MNZ_OK) {
    mnz_h5_no_memory(layout->h);
    return;
  }
  for (size_t i = 0; i < input->rows->count && mnz_layout_head(layout, input, i, &row); i++)
    numbers[i] = (int32_t)row.replication;
  put_numbers(layout, MNZ_LAYOUT_REPLICATION, "1", MNZ_CELL_I4, numbers);
  free(numbers);
}

void mnz_layout_time_unit(int64_t start_us, char out[MNZ_LAYOUT_TIME_UNIT]) {
  const mnz_date date = mnz_moment_date(start_us);
  const int64_t second = (start_us - mnz_date_days(date) * MNZ_US_PER_DAY) / MNZ_US_PER_SECOND;
  (void)snprintf(out, MNZ_LAYOUT_TIME_UNIT, "days since %04d-%02d-%02d %02d:%02d:%02d", (int)date.year,
                 (int)date.month, (int)date.day, (int)(second / 3600), (int)(second / 60 % 60),
                 (int)(second % 60));
}

static void put_time(mnz_layout *layout, const mnz_archive_input *input) {
  char unit[MNZ_LAYOUT_TIME_UNIT];
  mnz_layout_time_unit(input->scenario->start_us, unit);
  put_numbers(layout, MNZ_AXIS_TIME, unit, MNZ_CELL_F8, input->rows->shape->time);
  const hid_t time = layout->scale[MNZ_AXIS_TIME];
  mnz_h5_put_text(layout->h, time, "standard_name", "time");
  mnz_h5_put_text(layout->h, time, "calendar", "standard");
  mnz_h5_put_text(layout->h, time, "axis", "T");
}

static const char *element_label(const mnz_result *result, int32_t element) {
  return (size_t)element < result->length[MNZ_AXIS_ELEMENT] ? result->labels[MNZ_AXIS_ELEMENT][element]
                                                            : "all";
}

enum { ACCOUNT_TEXTS = 4 }; /* node, material, element; then the three as one */

/* For each account its texts, of which the last lives in the arena as the arrays do; false without memory. */
static bool name_accounts(const mnz_result *result, mnz_arena *arena, const char **texts[ACCOUNT_TEXTS]) {
  const size_t count = result->length[MNZ_AXIS_ACCOUNT];
  for (int k = 0; k < ACCOUNT_TEXTS; k++)
    if ((texts[k] = mnz_arena_alloc(arena, count, sizeof *texts[k], NULL)) == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    texts[0][i] = result->labels[MNZ_AXIS_NODE][result->account_node[i]];
    texts[1][i] = result->labels[MNZ_AXIS_MATERIAL][result->account_material[i]];
    texts[2][i] = element_label(result, result->account_element[i]);
    texts[3][i] = mnz_arena_format(arena, NULL, "%s / %s / %s", texts[0][i], texts[1][i], texts[2][i]);
    if (texts[3][i] == NULL) return false;
  }
  return true;
}

static void put_part(mnz_layout *layout, int dim, const part_label *label, const char *const *texts) {
  mnz_h5 *const h = layout->h;
  const hid_t dataset = create_texts(layout, dim, label->name, label->long_name, texts);
  (void)mnz_h5_do(h, H5DSattach_scale(dataset, layout->scale[dim], 0), "attach a dimension to", label->name);
  mnz_h5_close(h, dataset);
}

/* Their own texts are labels as those of the other axes. */
static void put_places(mnz_layout *layout, const mnz_result *result) {
  const size_t count = result->length[MNZ_AXIS_PLACE];
  const char **texts;
  for (int k = 0; k < 2; k++) {
    if (mnz_new_array(&texts, count, NULL) != MNZ_OK) {
      mnz_h5_no_memory(layout->h);
      return;
    }
    for (size_t i = 0; i < count; i++) {
      texts[i] = k == 0 ? result->labels[MNZ_AXIS_NODE][result->place_node[i]]
                        : result->labels[MNZ_AXIS_MATERIAL][result->place_material[i]];
    }
    put_part(layout, MNZ_AXIS_PLACE, &place_labels[k], texts);
    free(texts);
  }
}

static void put_accounts(mnz_layout *layout, const mnz_result *result) {
  mnz_h5 *const h = layout->h;
  const char **texts[ACCOUNT_TEXTS];
  mnz_arena *arena = NULL;
  if (mnz_arena_create(&arena, NULL) != MNZ_OK || !name_accounts(result, arena, texts)) {
    mnz_h5_no_memory(h);
    goto out;
  }
  put_texts(layout, MNZ_AXIS_ACCOUNT, texts[3]);
  for (int k = 0; k < 3; k++) put_part(layout, MNZ_AXIS_ACCOUNT, &account_labels[k], texts[k]);
out:
  mnz_arena_free(arena);
}

const char *mnz_layout_title(const mnz_archive_input *input) {
  return input->scenario->title != NULL ? input->scenario->title : "untitled";
}

void mnz_layout_open(mnz_layout *layout, mnz_h5 *h, const mnz_archive_input *input) {
  const mnz_result *const result = input->rows->shape;
  *layout = (mnz_layout){.h = h};
  for (int dim = 0; dim < MNZ_LAYOUT_DIMS; dim++) {
    layout->scale[dim] = -1;
    layout->length[dim] = dim < MNZ_AXES ? result->length[dim] : 1;
  }
  layout->length[MNZ_LAYOUT_REPLICATION] = input->rows->count;
  layout->length[MNZ_LAYOUT_QUANTILE] = MNZ_QUANTILES;
  layout->length[MNZ_LAYOUT_STATISTIC] = MNZ_STATISTICS;

  put_replications(layout, input);
  const char *const title = mnz_layout_title(input);
  put_texts(layout, MNZ_LAYOUT_SCENARIO, &title);
  for (int axis = 0; axis < MNZ_AXES; axis++)
    if (result->length[axis] > 0 && result->labels[axis] != NULL)
      put_texts(layout, axis, result->labels[axis]);
  if (result->length[MNZ_AXIS_PLACE] > 0) put_places(layout, result);
  if (result->length[MNZ_AXIS_ACCOUNT] > 0) put_accounts(layout, result);
  /* xarray takes the labels for coordinates also where no column says so. */
  mnz_layout_put_coordinates(h, h->file, result->length[MNZ_AXIS_ACCOUNT] > 0,
                             result->length[MNZ_AXIS_PLACE] > 0);
  if (result->length[MNZ_AXIS_TIME] > 0) put_time(layout, input);
  put_numbers(layout, MNZ_LAYOUT_QUANTILE, "1", MNZ_CELL_F8, mnz_quantile_levels);
  if (input->rows->count > 1) put_statistics(layout);
}

/* Eight bytes each: a large batch of a large scenario has billions. */
void mnz_layout_count_events(mnz_layout *layout, hid_t group, size_t count) {
  const mnz_column column = numbers_of(MNZ_LAYOUT_EVENT, "1", MNZ_CELL_I8);
  int64_t *numbers = NULL;
  layout->length[MNZ_LAYOUT_EVENT] = count;
  const size_t block = mnz_layout_rows(layout, &column);
  if (mnz_new_array(&numbers, block, NULL) != MNZ_OK) {
    mnz_h5_no_memory(layout->h);
    return;
  }
  const hid_t dataset = create_numbers(layout, group, &column);
  for (size_t from = 0; from < count; from += block) {
    const size_t n = count - from < block ? count - from : block;
    for (size_t i = 0; i < n; i++) numbers[i] = (int64_t)(from + i);
    mnz_layout_fill(layout, dataset, &column, from, n, numbers);
  }
  make_scale(layout, MNZ_LAYOUT_EVENT, dataset);
  free(numbers);
}

static void link_into(mnz_h5 *h, hid_t group, const char *name) {
  (void)mnz_h5_do(h, H5Lcreate_hard(h->file, name, group, name, H5P_DEFAULT, H5P_DEFAULT), "link", name);
}

/* xarray and h5web look for a group's dimensions in the group itself. */
void mnz_layout_link(mnz_layout *layout, hid_t group, int dim) {
  mnz_h5 *const h = layout->h;
  link_into(h, group, dimensions[dim].name);
  for (int k = 0; k < 2 && dim == MNZ_AXIS_PLACE; k++) link_into(h, group, place_labels[k].name);
  for (int k = 0; k < 3 && dim == MNZ_AXIS_ACCOUNT; k++) link_into(h, group, account_labels[k].name);
}

void mnz_layout_close(mnz_layout *layout) {
  for (int dim = 0; dim < MNZ_LAYOUT_DIMS; dim++) mnz_h5_close(layout->h, layout->scale[dim]);
}
