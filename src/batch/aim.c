/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of measures: "fill_rate.Dy" is variable fill_rate at the label Dy of its axis. Labels may hold dots
 * and blanks, so they are matched from the table rather than cut out of the text. */
#include "monazite/batch.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

static bool is_measure(const mnz_variable *v) {
  return !v->series && v->cell == MNZ_CELL_F8;
}

/* "any_shortage" for "first_shortage", "node_any_shortage" for "node_first_shortage"; else "". */
static void occurrence_name(const mnz_variable *v, char *out, size_t room) {
  const char *first = strstr(v->name, "first_");
  out[0] = '\0';
  if (v->first_time && first != NULL)
    snprintf(out, room, "%.*sany_%s", (int)(first - v->name), v->name, first + strlen("first_"));
}

/* Is the variable called so, itself or by whether it occurs? */
static bool is_called(const mnz_variable *v, const char *word, size_t length, bool *occurs) {
  char name[sizeof((mnz_aim *)0)->name];
  occurrence_name(v, name, sizeof name);
  *occurs = strlen(name) == length && strncmp(name, word, length) == 0;
  return *occurs || (strlen(v->name) == length && strncmp(v->name, word, length) == 0);
}

void mnz_aim_name(const mnz_result *shape, size_t variable, size_t cell, char *out, size_t room) {
  const mnz_variable *v = &shape->variables[variable];
  size_t cells = mnz_result_cells(shape, v);
  int length = snprintf(out, room, "%s", v->name);
  for (int32_t i = 0; i < v->n_axes && length >= 0 && (size_t)length < room; i++) {
    cells /= shape->length[v->axes[i]];
    const char *label = shape->labels[v->axes[i]][cell / cells];
    cell %= cells;
    length += snprintf(out + length, room - (size_t)length, ".%s", label);
  }
}

/* --- finding --- */

/* The longest label that `text` begins with, up to its end, a dot or a colon; -1: none. */
static int64_t label_at(const mnz_result *shape, mnz_axis_id axis, const char *text, size_t *length) {
  int64_t found = -1;
  *length = 0;
  for (size_t i = 0; i < shape->length[axis]; i++) {
    const char *label = shape->labels[axis][i];
    const size_t n = strlen(label);
    if (n < *length || strncmp(text, label, n) != 0) continue;
    if (text[n] != '\0' && text[n] != '.' && text[n] != ':') continue;
    found = (int64_t)i;
    *length = n;
  }
  return found;
}

/* A place is named by its two parts: "Kiln.concentrate". */
static int64_t place_at(const mnz_result *shape, const char *text, size_t *length) {
  for (size_t i = 0; i < shape->length[MNZ_AXIS_PLACE]; i++) {
    const char *node = shape->labels[MNZ_AXIS_NODE][shape->place_node[i]];
    const char *material = shape->labels[MNZ_AXIS_MATERIAL][shape->place_material[i]];
    const size_t n = strlen(node);
    const size_t end = n + 1 + strlen(material);
    if (strncmp(text, node, n) != 0 || text[n] != '.') continue;
    if (strncmp(text + n + 1, material, end - n - 1) != 0) continue;
    if (text[end] != '\0' && text[end] != '.' && text[end] != ':') continue;
    *length = end;
    return (int64_t)i;
  }
  return -1;
}

static mnz_status unknown_measure(const mnz_result *shape, const char *text, mnz_error *err) {
  char word[128];
  const char **names = NULL;
  snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ".:"), text);
  mnz_status status = mnz_new_array(&names, shape->n_variables, err);
  if (status != MNZ_OK) return status;
  for (size_t k = 0; k < shape->n_variables; k++)
    names[k] = is_measure(&shape->variables[k]) ? shape->variables[k].name : NULL;
  const char *near = mnz_text_nearest(word, names, shape->n_variables);
  status = near != NULL ? mnz_fail(err, MNZ_USAGE, text, "there is no measure \"%s\"; did you mean \"%s\"?",
                                   word, near)
                        : mnz_fail(err, MNZ_USAGE, text,
                                   "there is no measure \"%s\"; there are fill_rate, short and others: "
                                   "monazite describe measures",
                                   word);
  free(names);
  return status;
}

static mnz_status unknown_label(const mnz_result *shape, mnz_axis_id axis, const char *measure,
                                const char *text, const char *rest, mnz_error *err) {
  static const char *const axis_names[] = {
#define AXIS_NAME(id, name, help) name,
      MNZ_AXIS_LIST(AXIS_NAME)
#undef AXIS_NAME
  };
  char word[128];
  snprintf(word, sizeof word, "%.*s", (int)strcspn(rest, ":"), rest);
  const char *near = mnz_text_nearest(word, shape->labels[axis], shape->length[axis]);
  if (word[0] == '\0')
    return mnz_fail(err, MNZ_USAGE, text, "lacks its %s; expected %s.%s or another", axis_names[axis],
                    measure, shape->length[axis] > 0 ? shape->labels[axis][0] : "?");
  if (near != NULL)
    return mnz_fail(err, MNZ_USAGE, text, "there is no %s \"%s\"; did you mean \"%s\"?", axis_names[axis],
                    word, near);
  return mnz_fail(err, MNZ_USAGE, text, "there is no %s \"%s\" in the scenario", axis_names[axis], word);
}

static mnz_status find(const mnz_result *shape, const char *text, mnz_aim *out, const char **rest,
                       mnz_error *err) {
  const size_t word = strcspn(text, ".:");
  size_t k = 0;
  out->occurs = false;
  while (k < shape->n_variables &&
         (!is_measure(&shape->variables[k]) || !is_called(&shape->variables[k], text, word, &out->occurs)))
    k++;
  if (k == shape->n_variables) return unknown_measure(shape, text, err);
  const mnz_variable *v = &shape->variables[k];
  const char *at = text + word;
  size_t cell = 0;
  for (int32_t i = 0; i < v->n_axes; i++) {
    size_t length = 0;
    const char *label = *at == '.' ? at + 1 : "";
    int64_t index = label_at(shape, v->axes[i], label, &length);
    if (index < 0 && v->axes[i] == MNZ_AXIS_PLACE) index = place_at(shape, label, &length);
    if (index < 0) return unknown_label(shape, v->axes[i], v->name, text, label, err);
    cell = cell * shape->length[v->axes[i]] + (size_t)index;
    at = label + length;
  }
  if (*at != ':' && *at != '\0')
    return mnz_fail(err, MNZ_USAGE, text, "%s has no further parts after \"%.*s\"", v->name, (int)(at - text),
                    text);
  out->variable = k;
  out->cell = cell;
  snprintf(out->name, sizeof out->name, "%.*s", (int)(at - text), text);
  *rest = at;
  return MNZ_OK;
}

mnz_status mnz_aim_find(const mnz_result *shape, const char *text, mnz_aim *out, mnz_error *err) {
  const char *rest;
  const mnz_status status = find(shape, text, out, &rest, err);
  if (status != MNZ_OK || *rest == '\0') return status;
  return mnz_fail(err, MNZ_USAGE, text, "expected a measure alone, without \"%s\"", rest);
}

mnz_status mnz_aim_parse(const mnz_result *shape, const char *text, mnz_aim *out, mnz_error *err) {
  const char *rest;
  const mnz_status status = find(shape, text, out, &rest, err);
  if (status != MNZ_OK) return status;
  const char *number = *rest == ':' ? rest + 1 : "";
  char *end = NULL;
  errno = 0;
  const double width = strtod(number, &end);
  const bool begins = isdigit((unsigned char)number[0]) || number[0] == '.';
  while (begins && *end == ' ') end++;
  out->relative = begins && *end == '%';
  if (out->relative) end++;
  out->width = out->relative ? width / 100 : width;
  if (!begins || *end != '\0' || errno != 0 || !isfinite(width) || width <= 0)
    return mnz_fail(err, MNZ_USAGE, text,
                    "expected a half-width after a colon: \"%s:0.5%%\" (of the mean) or \"%s:0.002\" (in its "
                    "unit)",
                    out->name, out->name);
  return MNZ_OK;
}
