/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world_bench.h"

#include <stdio.h>
#include <unistd.h>

#include "base/text.h"

/* --- loading --- */

static char *path_of(const char *name) {
  mnz_buffer path = {0};
  mnz_buffer_print(&path, "%s/tests/scenarios/%s", MNZ_SOURCE_DIR, name);
  return path.at;
}

static void load(world *w, const char *path, const char *const *overrides, size_t n) {
  *w = (world){0};
  mnz_problems *problems;
  if (mnz_scenario_load(&w->scenario, path, overrides, n, &problems, &w->err) != MNZ_OK) {
    const mnz_problem *first = problems->count > 0 ? problems->at : &(mnz_problem){.message = w->err.message};
    cr_assert_fail("%s, line %d: %s: %s", path, first->line, first->path, first->message);
  }
  mnz_problems_free(problems);
  EXPECT_OK(mnz_replication_create(&w->r, w->scenario, NULL, 0, &w->err), w->err);
}

enum { MOST_OVERRIDES = 16 };

void world_load(world *w, const char *const *file_and_overrides) {
  char *overrides[MOST_OVERRIDES];
  size_t n = 0;
  for (; file_and_overrides[n + 1] != NULL; n++) {
    EXPECT(n < MOST_OVERRIDES);
    overrides[n] = strdup(file_and_overrides[n + 1]);
    for (char *c = overrides[n]; *c != '\0'; c++) *c = *c == '\'' ? '"' : *c;
  }
  char *path = path_of(file_and_overrides[0]);
  load(w, path, (const char *const *)overrides, n);
  free(path);
  for (size_t i = 0; i < n; i++) free(overrides[i]);
}

void world_of_text(world *w, const char *text) {
  char path[] = "/tmp/monazite-test-XXXXXX";
  const int fd = mkstemp(path);
  EXPECT(fd >= 0);
  FILE *file = fdopen(fd, "w");
  EXPECT(fputs(text, file) >= 0 && fclose(file) == 0);
  load(w, path, NULL, 0);
  unlink(path);
}

void world_close(world *w) {
  mnz_result_free(w->result);
  mnz_replication_free(w->r);
  mnz_scenario_free(w->scenario);
  *w = (world){0};
}

/* --- running --- */

void world_run(world *w, mnz_time us) {
  bool done;
  EXPECT_OK(mnz_replication_run(w->r, us, UINT64_MAX, &done, &w->err), w->err);
}

void world_finish(world *w) {
  bool done;
  mnz_result_free(w->result);
  EXPECT_OK(mnz_replication_run(w->r, MNZ_TO_THE_END, UINT64_MAX, &done, &w->err), w->err);
  EXPECT(done);
  EXPECT_OK(mnz_replication_finish(w->r, &w->result, &w->err), w->err);
  EXPECT(w->result->residual_mg == 0);
}

/* --- reading the state --- */

static int32_t find(const char *const *names, int32_t n, const char *name) {
  for (int32_t i = 0; i < n; i++) {
    if (strcmp(names[i], name) == 0) return i;
  }
  cr_assert_fail("there is no \"%s\"", name);
  return -1;
}

int32_t world_node(const world *w, const char *name) {
  return find(w->scenario->node_names, w->scenario->nodes.count, name);
}

int32_t world_material(const world *w, const char *name) {
  return find(w->scenario->material_names, w->scenario->catalog.n_materials, name);
}

int32_t world_link(const world *w, const char *name) {
  for (int32_t i = 0; i < w->scenario->links.count; i++) {
    if (strcmp(mnz_scenario_link(w->scenario, i)->name, name) == 0) return i;
  }
  cr_assert_fail("there is no link \"%s\"", name);
  return -1;
}

mnz_shelf *world_shelf(const world *w, const char *node, const char *material) {
  mnz_shelf *shelf = mnz_site_shelf(&w->r->sites[world_node(w, node)], world_material(w, material));
  EXPECT(shelf != NULL);
  return shelf;
}

mnz_mass world_stock(const world *w, const char *node, const char *material) {
  return world_shelf(w, node, material)->store.mass;
}

static mnz_mass sum(const world *w, const mnz_mass *part) {
  mnz_mass all = 0;
  for (int32_t i = 0; i < w->scenario->catalog.n_parts; i++) all += part[i];
  return all;
}

static int32_t slot(const world *w, const char *node, const char *material) {
  return mnz_ledger_slot(&w->r->ledger, world_node(w, node), world_material(w, material));
}

mnz_mass world_in(const world *w, const char *node, const char *material) {
  return sum(w, w->r->ledger.in + slot(w, node, material) * w->scenario->catalog.n_parts);
}

mnz_mass world_transit(const world *w, const char *node, const char *material) {
  return sum(w, mnz_ledger_held(&w->r->ledger, slot(w, node, material), MNZ_PLACE_TRANSIT));
}

mnz_mass world_ended(const world *w, mnz_end how) {
  return sum(w, w->r->ledger.ended + (int32_t)how * w->scenario->catalog.n_parts);
}

mnz_mass world_born(const world *w, const char *node) {
  return sum(w, w->r->ledger.born_at + world_node(w, node) * w->scenario->catalog.n_parts);
}

/* --- reading the result --- */

static const mnz_variable *variable(const world *w, const char *name) {
  const mnz_variable *v = mnz_result_find(w->result, name);
  if (v == NULL) cr_assert_fail("there is no variable \"%s\"", name);
  return v;
}

double world_by_node(const world *w, const char *measure, const char *node) {
  return ((const double *)variable(w, measure)->data)[world_node(w, node)];
}

static int32_t element(const world *w, const char *name) {
  return find(w->scenario->catalog.elements.at, w->scenario->catalog.elements.count, name);
}

double world_by_element(const world *w, const char *measure, const char *name) {
  return ((const double *)variable(w, measure)->data)[element(w, name)];
}

double world_state(const world *w, const char *node, mnz_state state) {
  return (
      (const double *)variable(w, "state_share")->data)[world_node(w, node) * MNZ_STATES + (int32_t)state];
}

const double *world_series(const world *w, const char *series, const char *node, const char *material,
                           const char *name) {
  const mnz_result *result = w->result;
  const double *data = variable(w, series)->data;
  const int32_t n = world_node(w, node);
  const int32_t m = world_material(w, material);
  const uint32_t of = w->scenario->catalog.materials[m].of;
  const bool single = (of & (of - 1)) == 0;
  for (size_t i = 0; i < result->length[MNZ_AXIS_ACCOUNT]; i++) {
    if (result->account_node[i] != n || result->account_material[i] != m) continue;
    const int32_t e = result->account_element[i];
    const int32_t all = (int32_t)result->length[MNZ_AXIS_ELEMENT];
    if (name == NULL ? single || e == all : e == element(w, name))
      return data + i * result->length[MNZ_AXIS_TIME];
  }
  cr_assert_fail("there is no account of %s at %s", material, node);
  return NULL;
}

static size_t cell_size(mnz_cell cell) {
  switch (cell) {
  case MNZ_CELL_F8:
  case MNZ_CELL_I8:
    return 8;
  case MNZ_CELL_F4:
  case MNZ_CELL_I4:
    return 4;
  case MNZ_CELL_U1:
    return 1;
  }
  return 0;
}

void world_compare(const mnz_result *a, const mnz_result *b) {
  cr_assert_eq(a->events, b->events);
  cr_assert_eq(a->n_variables, b->n_variables);
  cr_assert(memcmp(a->length, b->length, sizeof a->length) == 0);
  const size_t accounts = a->length[MNZ_AXIS_ACCOUNT];
  cr_assert(memcmp(a->account_node, b->account_node, accounts * sizeof *a->account_node) == 0);
  cr_assert(memcmp(a->account_material, b->account_material, accounts * sizeof *a->account_material) == 0);
  cr_assert(memcmp(a->account_element, b->account_element, accounts * sizeof *a->account_element) == 0);
  cr_assert(memcmp(a->time, b->time, a->length[MNZ_AXIS_TIME] * sizeof *a->time) == 0);
  for (size_t i = 0; i < a->n_variables; i++) {
    const mnz_variable *v = &a->variables[i];
    cr_assert_str_eq(v->name, b->variables[i].name);
    const size_t bytes = mnz_result_cells(a, v) * cell_size(v->cell);
    if (memcmp(v->data, b->variables[i].data, bytes) != 0) cr_assert_fail("%s differs", v->name);
  }
}

/* --- permuting --- */

static char *read_file(const char *path) {
  FILE *file = fopen(path, "r");
  EXPECT(file != NULL);
  mnz_buffer text = {0};
  char piece[4096];
  size_t n;
  while ((n = fread(piece, 1, sizeof piece, file)) > 0) mnz_buffer_add_bytes(&text, piece, n);
  fclose(file);
  return text.at;
}

/* The end of the group that begins at `at`, behind its brace. The files have no brace in a text. */
static const char *group_end(const char *at) {
  int32_t depth = 0;
  do {
    if (*at == '{') depth++;
    if (*at == '}') depth--;
  } while (*at++ != '\0' && depth > 0);
  return at;
}

/* Copies a list of groups from behind its parenthesis on, in another order; returns where it ends. */
static const char *permute_list(const char *at, uint64_t *seed, mnz_buffer *out) {
  const char *begin[64];
  const char *end[64];
  int32_t n = 0;
  for (; *at != ')'; at++) {
    if (*at == '#') at = strchr(at, '\n');
    if (*at != '{') continue;
    begin[n] = at;
    at = end[n++] = group_end(at);
    if (*at == ')') break;
  }
  for (int32_t left = n; left > 0; left--) {
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    const int32_t i = (int32_t)(*seed >> 33) % left;
    if (left < n) mnz_buffer_add(out, ",\n");
    mnz_buffer_add_bytes(out, begin[i], (size_t)(end[i] - begin[i]));
    begin[i] = begin[left - 1];
    end[i] = end[left - 1];
  }
  return at;
}

char *world_permuted(const char *name, uint64_t seed) {
  static const char *const lists[] = {"\nmaterials = (", "\nnodes = (", "\nlinks = (", "\ndisruptions = (",
                                      "\ndemand = ("};
  char *path = path_of(name);
  char *text = read_file(path);
  mnz_buffer out = {0};
  const char *at = text;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    const char *list = strstr(at, lists[i]);
    EXPECT(list != NULL);
    list += strlen(lists[i]);
    mnz_buffer_add_bytes(&out, at, (size_t)(list - at));
    at = permute_list(list, &seed, &out);
  }
  mnz_buffer_add(&out, at);
  free(text);
  free(path);
  return out.at;
}

void world_expect_fortnights(world *w) {
  static const struct {
    mnz_time day;
    mnz_mass landed;
  } said[] = {{7, 0}, {13, 0}, {14, 56}, {21, 56}, {28, 112}, {35, 112}, {42, 168}};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    world_run(w, said[i].day * DAY + 1);
    cr_expect_eq(world_stock(w, "Heap", "ore"), said[i].landed * T_MG, "on day %lld", (long long)said[i].day);
  }
}
