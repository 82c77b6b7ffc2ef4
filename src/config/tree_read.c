/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text into a tree, by libconfig. Only here is libconfig known. It sees nothing but what the scan found
 * clean; values are taken as the types that they were written in, auto-convert stays off (it would make
 * 2.7 into 2 without a word). */
#include <libconfig.h>
#include <stdlib.h>

#include "base/error.h"
#include "config/tree_parts.h"

typedef struct reader {
  mnz_arena *arena;
  const char *file;
  const int32_t *lines; /* of what comes next in the text */
  mnz_error *err;
} reader;

static mnz_status read_scalar(const reader *r, const config_setting_t *from, mnz_tree *to) {
  const char *text;
  switch (config_setting_type(from)) {
  case CONFIG_TYPE_INT:
    to->type = MNZ_TREE_INTEGER;
    to->integer = config_setting_get_int(from);
    break;
  case CONFIG_TYPE_INT64:
    to->type = MNZ_TREE_INTEGER;
    to->integer = config_setting_get_int64(from);
    break;
  case CONFIG_TYPE_FLOAT:
    to->type = MNZ_TREE_FLOAT;
    to->number = config_setting_get_float(from);
    break;
  case CONFIG_TYPE_BOOL:
    to->type = MNZ_TREE_FLAG;
    to->flag = config_setting_get_bool(from) != 0;
    break;
  default:
    to->type = MNZ_TREE_STRING;
    text = config_setting_get_string(from);
    to->text = mnz_arena_text(r->arena, text != NULL ? text : "", r->err);
    if (to->text == NULL) return MNZ_NO_MEMORY;
  }
  return MNZ_OK;
}

/* The children come in the order of the text, as the lines do. */
static mnz_status read_setting(reader *r, const config_setting_t *from, mnz_tree *to) {
  if (!config_setting_is_aggregate(from)) return read_scalar(r, from, to);
  to->type = config_setting_is_group(from) ? MNZ_TREE_GROUP : MNZ_TREE_LIST;
  const int count = config_setting_length(from);
  for (int i = 0; i < count; i++) {
    const config_setting_t *const element = config_setting_get_elem(from, (unsigned)i);
    const char *const name = config_setting_name(element);
    mnz_tree *const child = mnz_arena_alloc(r->arena, 1, sizeof *child, r->err);
    if (child == NULL) return MNZ_NO_MEMORY;
    child->file = r->file;
    child->line = *r->file != '\0' ? *r->lines : 0;
    r->lines++;
    if (name != NULL && (child->name = mnz_arena_text(r->arena, name, r->err)) == NULL) return MNZ_NO_MEMORY;
    mnz_tree_append(to, child);
    const mnz_status status = read_setting(r, element, child);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

/* What the scan finds clean libconfig reads; should they ever disagree, the user learns what it says. */
static void report_refusal(const config_t *config, const mnz_tree_text *text) {
  if (text->findings == NULL) return;
  mnz_finder_error(text->findings, text->file, *text->file != '\0' ? config_error_line(config) : 0,
                   text->path, "found a text that libconfig refuses (%s); expected its syntax",
                   config_error_text(config));
}

mnz_status mnz_tree_read(mnz_tree **out, mnz_arena *arena, const mnz_tree_text *text, mnz_error *err) {
  int32_t *lines;
  *out = NULL;
  mnz_status status = mnz_tree_scan(text, &lines, err);
  if (status != MNZ_OK || lines == NULL) return status;

  config_t config;
  config_init(&config);
  mnz_tree *root = mnz_arena_alloc(arena, 1, sizeof *root, err);
  reader r = {.arena = arena, .lines = lines, .err = err};
  r.file = mnz_arena_text(arena, text->file, err);
  if (root == NULL || r.file == NULL) {
    status = MNZ_NO_MEMORY;
  } else if (config_read_string(&config, text->at) != CONFIG_TRUE) {
    report_refusal(&config, text);
  } else {
    root->file = r.file;
    status = read_setting(&r, config_root_setting(&config), root);
    if (status == MNZ_OK) *out = root;
  }
  config_destroy(&config);
  free(lines);
  return status;
}
