/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario file, what it extends, and the overrides: one tree. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "config/file_text.h"
#include "config/tree_parts.h"

enum { MAX_EXTENDS = 16, MAX_FILES = 100 };

/* A file that is being read, and the one that extends it. */
typedef struct opened {
  const struct opened *by;
  struct stat about; /* tells files apart whatever their paths */
  int32_t depth;
} opened;

typedef struct loader {
  mnz_arena *arena;
  mnz_finder *findings;
  int32_t files;
  mnz_error *err;
} loader;

static mnz_status load_file(loader *l, const char *path, const mnz_tree *said, const opened *by,
                            mnz_tree **out);

static void complain(const loader *l, const mnz_tree *said, const char *found, const char *path,
                     const char *expected) {
  mnz_finder_error(l->findings, said->file, said->line, "extends", "found %s\"%s\"; expected %s", found, path,
                   expected);
}

static bool is_open(const opened *file, const struct stat *about) {
  for (; file != NULL; file = file->by)
    if (file->about.st_dev == about->st_dev && file->about.st_ino == about->st_ino) return true;
  return false;
}

/* `name` as a file says it: beside that file, unless it begins with a slash. */
static const char *path_beside(const loader *l, const char *file, const char *name) {
  const char *const slash = strrchr(file, '/');
  if (*name == '/' || slash == NULL) return name;
  return mnz_arena_format(l->arena, l->err, "%.*s/%s", (int)(slash - file), file, name);
}

/* Reads what `said` names and merges it onto *base, or makes it *base. Without an answer *base stays, and
 * *whole becomes false. */
static mnz_status extend_by(loader *l, const mnz_tree *said, const opened *file, mnz_tree **base,
                            bool *whole) {
  if (said->type != MNZ_TREE_STRING) {
    const char *const found = mnz_tree_found(said, l->arena, l->err);
    if (found == NULL) return MNZ_NO_MEMORY;
    mnz_finder_error(l->findings, said->file, said->line, "extends",
                     "found %s; expected a file name such as \"base.cfg\", or a list of them", found);
    *whole = false;
    return MNZ_OK;
  }
  mnz_tree *tree;
  const char *const path = path_beside(l, said->file, said->text);
  if (path == NULL) return MNZ_NO_MEMORY;
  const mnz_status status = load_file(l, path, said, file, &tree);
  if (status != MNZ_OK) return status;
  if (tree == NULL) {
    *whole = false;
    return MNZ_OK;
  }
  if (*base != NULL) return mnz_tree_merge(*base, tree, l->arena, l->findings, l->err);
  *base = tree;
  return MNZ_OK;
}

/* Puts everything that *tree extends under it. NULL if some of that cannot be understood. */
static mnz_status extend(loader *l, const opened *file, mnz_tree **tree) {
  mnz_tree *const extends = mnz_tree_child(*tree, "extends");
  if (extends == NULL) return MNZ_OK;
  mnz_tree_unlink(extends);

  mnz_status status = MNZ_OK;
  mnz_tree *base = NULL;
  bool whole = true;
  const bool list = extends->type == MNZ_TREE_LIST;
  for (mnz_tree *said = list ? extends->first : extends; said != NULL && status == MNZ_OK; said = said->next)
    status = extend_by(l, said, file, &base, &whole);
  if (status == MNZ_OK && whole && base != NULL) {
    status = mnz_tree_merge(base, *tree, l->arena, l->findings, l->err);
    base->file = (*tree)->file; /* what is missing is missing from the file above */
    *tree = base;
  }
  if (!whole) *tree = NULL;
  return status;
}

/* A file that is extended may turn out unreadable: a finding. The first file's trouble is the caller's. */
static mnz_status read_file(loader *l, const char *path, const mnz_tree *said, char **text, size_t *length) {
  mnz_error why;
  const mnz_status status = mnz_file_read(path, text, length, said != NULL ? &why : l->err);
  if (status == MNZ_OK || said == NULL) return status;
  if (status != MNZ_NO_INPUT) return mnz_fail(l->err, status, why.where, "%s", why.message);
  mnz_finder_error(l->findings, said->file, said->line, "extends", "%s: %s", path, why.message);
  return MNZ_OK;
}

/* Says whether a file may be opened from where it is extended. */
static bool may_open(loader *l, const char *path, const mnz_tree *said, const opened *file) {
  if (is_open(file->by, &file->about))
    complain(l, said, "a circle: this leads back to ", path, "a file that does not extend itself");
  else if (file->depth > MAX_EXTENDS)
    complain(l, said, "more than 16 files that extend each other, at ", path, "fewer");
  else if (l->files == MAX_FILES)
    complain(l, said, "more than 100 files to be read, at ", path, "fewer");
  else
    return true;
  return false;
}

/* *out is NULL if the file, or one that it extends, cannot be understood. `said` is the text that names it,
 * NULL for the first file. */
static mnz_status load_file(loader *l, const char *path, const mnz_tree *said, const opened *by,
                            mnz_tree **out) {
  opened file = {.by = by, .depth = by != NULL ? by->depth + 1 : 0};
  char *text = NULL;
  size_t length;
  *out = NULL;
  mnz_status status = read_file(l, path, said, &text, &length);
  if (status != MNZ_OK || text == NULL) return status;

  if (stat(path, &file.about) != 0) {
    status = mnz_fail(l->err, MNZ_NO_INPUT, path, "found a file that went away; expected it to stay");
  } else if (may_open(l, path, said, &file)) {
    const mnz_tree_text source = {path, "", text, length, l->findings};
    l->files++;
    status = mnz_tree_read(out, l->arena, &source, l->err);
    if (status == MNZ_OK && *out != NULL) status = extend(l, &file, out);
  }
  free(text);
  return status;
}

/* Elements with `remove` that no merge has answered. */
static mnz_status report_removals(const loader *l, mnz_tree *in) {
  for (mnz_tree *t = in->first, *next; t != NULL; t = next) {
    next = t->next;
    const mnz_tree *const remove = in->type == MNZ_TREE_LIST ? mnz_tree_child(t, "remove") : NULL;
    if (remove == NULL) {
      const mnz_status status = report_removals(l, t);
      if (status != MNZ_OK) return status;
      continue;
    }
    const char *const path = mnz_tree_path(t, l->arena, l->err);
    if (path == NULL) return MNZ_NO_MEMORY;
    mnz_finder_error(
        l->findings, remove->file, remove->line, path,
        "found remove where there is nothing to take it out of; expected a list of names that the "
        "extended file has too");
    mnz_tree_unlink(t);
  }
  return MNZ_OK;
}

mnz_status mnz_tree_load(mnz_tree **out, mnz_arena *arena, const char *path, const char *const *overrides,
                         size_t n_overrides, mnz_finder *findings, mnz_error *err) {
  loader l = {.arena = arena, .findings = findings, .err = err};
  mnz_status status = load_file(&l, path, NULL, NULL, out);
  if (status != MNZ_OK || *out == NULL) return status;
  for (size_t i = 0; i < n_overrides && status == MNZ_OK; i++)
    status = mnz_tree_set(*out, arena, overrides[i], findings, err);
  if (status == MNZ_OK) status = report_removals(&l, *out);
  return status;
}
