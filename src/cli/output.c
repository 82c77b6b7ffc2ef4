/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "monazite/archive.h"
#include "cli/event_log.h"

static mnz_status check_folder(const char *path, const char *folder, mnz_error *err) {
  struct stat s;
  if (stat(folder, &s) != 0)
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "the folder %s: %s", folder, strerror(errno));
  if (!S_ISDIR(s.st_mode)) return mnz_fail(err, MNZ_CANNOT_CREATE, path, "%s is not a folder", folder);
  if (access(folder, W_OK | X_OK) != 0)
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "the folder %s cannot be written: %s", folder,
                    strerror(errno));
  return MNZ_OK;
}

/* What we write, and how it begins, whole or not. */
typedef struct output_kind {
  const char *name;
  const char *signature;
} output_kind;
static const output_kind results = {"a results file", MNZ_CLI_RESULTS_HEAD};
static const output_kind event_log = {"an event log", MNZ_CLI_EVENT_LOG_HEAD};

/* An empty file is nobody's loss. */
static bool may_be_replaced(const char *path, off_t size, const output_kind *kind) {
  char begin[128];
  const size_t length = strlen(kind->signature);
  MNZ_REQUIRE(length <= sizeof begin);
  if (size == 0) return true;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  const bool same = fread(begin, 1, length, file) == length && memcmp(begin, kind->signature, length) == 0;
  (void)fclose(file);
  return same;
}

/* Of two that are not there yet only the names can tell. */
bool mnz_cli_same_file(const char *a, const char *b) {
  struct stat x;
  struct stat y;
  while (strncmp(a, "./", 2) == 0) a += 2;
  while (strncmp(b, "./", 2) == 0) b += 2;
  if (strcmp(a, b) == 0) return true;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static mnz_status check(const char *path, const char *input, const output_kind *kind, mnz_error *err) {
  const char *slash = strrchr(path, '/');
  mnz_buffer folder = {0};
  if (slash == NULL) {
    mnz_buffer_add(&folder, ".");
  } else {
    mnz_buffer_add_bytes(&folder, path, slash == path ? 1 : (size_t)(slash - path));
  }
  const mnz_status status = folder.failed ? mnz_fail(err, MNZ_NO_MEMORY, path, "out of memory")
                                          : check_folder(path, folder.at, err);
  mnz_buffer_free(&folder);
  if (status != MNZ_OK) return status;

  struct stat old;
  struct stat from;
  if (stat(path, &old) != 0) {
    if (errno == ENOENT && path[0] != '\0' && (slash == NULL || slash[1] != '\0')) return MNZ_OK;
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "not the name of a file");
  }
  if (!S_ISREG(old.st_mode)) return mnz_fail(err, MNZ_CANNOT_CREATE, path, "exists and is not a plain file");
  if (stat(input, &from) == 0 && from.st_dev == old.st_dev && from.st_ino == old.st_ino)
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "is an input of this very command");
  if (!may_be_replaced(path, old.st_size, kind))
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "exists and is not %s", kind->name);
  return MNZ_OK;
}

mnz_status mnz_cli_check_output(const char *path, const char *input, mnz_error *err) {
  return check(path, input, &results, err);
}

mnz_status mnz_cli_check_event_log(const char *path, const char *input, mnz_error *err) {
  return check(path, input, &event_log, err);
}

/* ---- whose loss it would be ---- */

mnz_status mnz_cli_check_loss(const char *path, const char *scenario_text, size_t replications,
                              mnz_error *err) {
  mnz_archive_info *info = NULL;
  struct stat old;
  mnz_buffer journal = {0};
  mnz_buffer_print(&journal, "%s.journal", path);
  const bool under_way = !journal.failed && stat(journal.at, &old) == 0;
  mnz_buffer_free(&journal);
  if (under_way)
    return mnz_fail(err, MNZ_CANNOT_CREATE, path,
                    "a batch is on its way there (%s.journal): let it end, or remove it first", path);
  if (stat(path, &old) != 0 || old.st_size == 0) return MNZ_OK;
  if (mnz_archive_read_info(path, false, &info, NULL) != MNZ_OK)
    return mnz_fail(err, MNZ_CANNOT_CREATE, path,
                    "exists and is no sound results file of monazite: remove it first");
  const size_t held = info->replications;
  const bool same = scenario_text != NULL && strcmp(info->scenario_text, scenario_text) == 0;
  mnz_archive_info_free(info);
  if (held <= 1 || (same && held <= replications)) return MNZ_OK;
  if (scenario_text == NULL)
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "holds a batch of %zu replications: remove it first", held);
  return mnz_fail(err, MNZ_CANNOT_CREATE, path,
                  "holds %zu replications%s: --resume goes on with them, --overwrite replaces them", held,
                  same ? "" : " of another scenario");
}
