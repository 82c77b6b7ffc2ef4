/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overrides: nodes["LAMP heavy"].hold_up=40 d
 *
 * The value is one in libconfig's syntax. For the sake of the command line, where quotes are a nuisance,
 * what is none is a text, and a bare number or flag in place of a text is a text too. */
#include <string.h>

#include "base/error.h"
#include "config/lexer.h"
#include "config/tree_parts.h"

typedef struct setting {
  mnz_arena *arena;
  mnz_finder *findings;
  const char *path; /* as given, up to the = */
  const char *value;
  mnz_error *err;
} setting;

static const char *skip_blanks(const char *at) {
  while (*at == ' ' || *at == '\t') at++;
  return at;
}

/* ---- the value ---- */

/* Reads `text` as the value; NULL if it is not exactly one. With `findings`, says why. */
static mnz_status read_value(const setting *s, const char *text, mnz_finder *findings, mnz_tree **fresh) {
  mnz_buffer line = {0};
  mnz_tree *root = NULL;
  *fresh = NULL;
  mnz_buffer_print(&line, "value = %s\n", text);
  const mnz_tree_text source = {"", s->path, line.at, line.length, findings};
  const mnz_status status = line.failed ? mnz_fail(s->err, MNZ_NO_MEMORY, NULL, "no memory for an override")
                                        : mnz_tree_read(&root, s->arena, &source, s->err);
  if (root != NULL && root->count == 1) {
    *fresh = root->first;
    mnz_tree_unlink(*fresh);
  } else if (root != NULL && findings != NULL) {
    mnz_finder_error(findings, "", 0, s->path, "found more than one value in %s; expected one", text);
  }
  mnz_buffer_free(&line);
  return status;
}

static mnz_status read_as_text(const setting *s, mnz_tree **fresh) {
  mnz_buffer quoted = {0};
  mnz_tree_quote(&quoted, s->value);
  const mnz_status status = quoted.failed ? mnz_fail(s->err, MNZ_NO_MEMORY, NULL, "no memory for an override")
                                          : read_value(s, quoted.at, s->findings, fresh);
  mnz_buffer_free(&quoted);
  return status;
}

static bool is_lone_number(const char *value) {
  mnz_lexer lexer = mnz_lexer_start(value, strlen(value));
  const mnz_token first = mnz_lexer_next(&lexer);
  const bool number = first.lex == MNZ_LEX_INTEGER || first.lex == MNZ_LEX_LONG || first.lex == MNZ_LEX_FLOAT;
  return number && mnz_lexer_next(&lexer).lex == MNZ_LEX_END;
}

/* The new value, where `present` (or NULL) is now. NULL if there is a finding instead. */
static mnz_status make_value(const setting *s, const mnz_tree *present, mnz_tree **fresh) {
  const bool was_text = present != NULL && present->type == MNZ_TREE_STRING;
  const bool built = *s->value != '\0' && strchr("\"({[", *s->value) != NULL;
  mnz_status status = MNZ_OK;
  *fresh = NULL;
  if (built || !was_text) status = read_value(s, s->value, NULL, fresh);
  if (status != MNZ_OK || *fresh != NULL) return status;
  /* A slip in a list, or a number out of range, is not meant as a text. */
  if (!was_text && (built || is_lone_number(s->value))) return read_value(s, s->value, s->findings, fresh);
  return read_as_text(s, fresh);
}

/* ---- the place ---- */

static mnz_status report_place(const setting *s, const mnz_tree *at, const mnz_step *step) {
  const bool key = step->kind == MNZ_STEP_KEY;
  const char *const found = mnz_tree_found(at, s->arena, s->err);
  const char *const word = mnz_step_text(step, s->arena, s->err);
  const char *path = mnz_tree_path(at, s->arena, s->err);
  const char *const suggestion = word != NULL ? mnz_tree_suggest(at, word, s->arena, s->err) : NULL;
  if (found == NULL || path == NULL || suggestion == NULL) return MNZ_NO_MEMORY;
  if (*path == '\0') path = "the scenario";

  if (key && at->type != MNZ_TREE_GROUP)
    mnz_finder_error(s->findings, "", 0, s->path, "found %s in %s; expected a group that can hold %s", found,
                     path, word);
  else if (!key && at->type != MNZ_TREE_LIST)
    mnz_finder_error(s->findings, "", 0, s->path, "found %s in %s; expected a list", found, path);
  else if (step->kind == MNZ_STEP_NUMBER)
    mnz_finder_error(s->findings, "", 0, s->path, "found %d elements in %s; expected more than %s",
                     (int)at->count, path, word);
  else
    mnz_finder_error(s->findings, "", 0, s->path, "found no \"%s\" in %s; expected one that is there%s", word,
                     path, suggestion);
  return MNZ_OK;
}

/* Sets what `step` leads to from `at`. A key that a group lacks is added: whether it means anything is
 * judged where the keys are known. */
static mnz_status set_at(const setting *s, mnz_tree *at, const mnz_step *step) {
  mnz_tree *const present = mnz_step_follow(at, step);
  mnz_tree *fresh;
  if (present == NULL && (at->type != MNZ_TREE_GROUP || step->kind != MNZ_STEP_KEY))
    return report_place(s, at, step);
  const mnz_status status = make_value(s, present, &fresh);
  if (status != MNZ_OK || fresh == NULL) return status;
  if (present != NULL) {
    mnz_tree_replace(present, fresh);
    return MNZ_OK;
  }
  if ((fresh->name = mnz_step_text(step, s->arena, s->err)) == NULL) return MNZ_NO_MEMORY;
  mnz_tree_append(at, fresh);
  return MNZ_OK;
}

/* Follows the path up to its last step. */
static mnz_status set_by_path(const setting *s, mnz_tree *root, const char *path) {
  mnz_tree *at = root;
  mnz_step step;
  mnz_step next;
  (void)mnz_step_next(&path, true, &step);
  while (mnz_step_next(&path, false, &next)) {
    mnz_tree *const there = mnz_step_follow(at, &step);
    if (there == NULL) return report_place(s, at, &step);
    at = there;
    step = next;
  }
  return set_at(s, at, &step);
}

mnz_status mnz_tree_set(mnz_tree *root, mnz_arena *arena, const char *override, mnz_finder *findings,
                        mnz_error *err) {
  const char *end = override;
  mnz_step step;
  bool sound = mnz_step_next(&end, true, &step);
  while (sound && mnz_step_next(&end, false, &step)) {}
  const char *const equals = skip_blanks(end);
  if (!sound || *equals != '=') {
    mnz_finder_error(findings, "", 0, override,
                     "found no path=value; expected one such as nodes[\"LAMP heavy\"].hold_up=40 d");
    return MNZ_OK;
  }
  const char *const path = mnz_arena_format(arena, err, "%.*s", (int)(end - override), override);
  if (path == NULL) return MNZ_NO_MEMORY;
  const setting s = {arena, findings, path, skip_blanks(equals + 1), err};
  if (strcmp(path, "extends") == 0) {
    mnz_finder_error(findings, "", 0, path, "found extends in an override; expected it in a file");
    return MNZ_OK;
  }
  return set_by_path(&s, root, override);
}
