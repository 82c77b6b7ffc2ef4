/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "config/file_text.h"

enum { KEPT = 200, LONGEST_LINE = 200 };

typedef struct finding {
  mnz_problem problem;
  size_t file_rank; /* of the file, by first mention */
  size_t rank;      /* of the finding itself */
} finding;

struct mnz_finder {
  mnz_arena *arena; /* all texts */
  finding kept[KEPT];
  size_t count;
  size_t errors;      /* also those not kept */
  size_t more;        /* not kept */
  size_t more_errors; /* of them */
  mnz_status status;
  const char *told_file; /* the one whose text is known, or NULL */
  const char *told;
};

/* What mnz_finder_take gives away: the public part first. */
typedef struct owned_problems {
  mnz_problems problems;
  mnz_arena *arena;
} owned_problems;

mnz_status mnz_finder_create(mnz_finder **out, mnz_error *err) {
  mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  if ((status = mnz_arena_create(&(*out)->arena, err)) != MNZ_OK) {
    mnz_finder_free(*out);
    *out = NULL;
  }
  return status;
}

void mnz_finder_free(mnz_finder *finder) {
  if (finder == NULL) return;
  mnz_arena_free(finder->arena);
  free(finder);
}

bool mnz_finder_is_full(const mnz_finder *finder) {
  return finder->count == KEPT;
}

size_t mnz_finder_errors(const mnz_finder *finder) {
  return finder->errors;
}

/* One line of sound UTF-8, whatever the user's file holds: it will be shown on a terminal. */
static void make_plain(char *text) {
  const char *const end = text + strlen(text);
  while (text < end) {
    const size_t length = mnz_utf8_length(text, end);
    if (length == 0)
      *text = '?';
    else if ((unsigned char)*text < ' ' || *text == 0x7F)
      *text = ' ';
    text += length > 0 ? length : 1;
  }
}

static bool is_known(const mnz_finder *finder, const mnz_problem *problem) {
  for (size_t i = 0; i < finder->count; i++) {
    const mnz_problem *const other = &finder->kept[i].problem;
    if (other->warning == problem->warning && other->line == problem->line &&
        strcmp(other->file, problem->file) == 0 && strcmp(other->path, problem->path) == 0 &&
        strcmp(other->message, problem->message) == 0)
      return true;
  }
  return false;
}

static size_t file_rank(const mnz_finder *finder, const char *file) {
  for (size_t i = 0; i < finder->count; i++)
    if (strcmp(finder->kept[i].problem.file, file) == 0) return finder->kept[i].file_rank;
  return finder->count;
}

static char *keep_plain(mnz_finder *finder, const char *text) {
  char *copy = mnz_arena_text(finder->arena, text, NULL);
  if (copy != NULL) make_plain(copy);
  return copy;
}

static void add(mnz_finder *finder, bool warning, const char *file, int32_t line, const char *path,
                const char *message) {
  if (!warning) finder->errors++;
  /* The file keeps its bytes: it will be opened. */
  mnz_problem fresh = {.warning = warning,
                       .line = line,
                       .file = mnz_arena_text(finder->arena, file, NULL),
                       .path = keep_plain(finder, path),
                       .message = keep_plain(finder, message),
                       .text = ""};
  if (fresh.file == NULL || fresh.path == NULL || fresh.message == NULL) {
    finder->status = MNZ_NO_MEMORY;
  } else if (is_known(finder, &fresh)) {
    if (!warning) finder->errors--;
  } else if (finder->count < KEPT) {
    finder->kept[finder->count] = (finding){fresh, file_rank(finder, file), finder->count};
    finder->count++;
  } else {
    finder->more++;
    if (!warning) finder->more_errors++;
  }
}

/* A message is one line; what would make it longer (a name of a thousand letters) is cut. */
enum { LONGEST_MESSAGE = 1000 };

void mnz_finder_error(mnz_finder *finder, const char *file, int32_t line, const char *path,
                      const char *format, ...) {
  char message[LONGEST_MESSAGE];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(message, sizeof message, format, args);
  va_end(args);
  add(finder, false, file, line, path, message);
}

void mnz_finder_warning(mnz_finder *finder, const char *file, int32_t line, const char *path,
                        const char *format, ...) {
  char message[LONGEST_MESSAGE];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(message, sizeof message, format, args);
  va_end(args);
  add(finder, true, file, line, path, message);
}

/* ---- giving away ---- */

void mnz_finder_tell(mnz_finder *finder, const char *file, const char *text) {
  finder->told_file = file;
  finder->told = text;
}

static int by_place(const void *left, const void *right) {
  const finding *const a = left;
  const finding *const b = right;
  if (a->file_rank != b->file_rank) return a->file_rank < b->file_rank ? -1 : 1;
  if (a->problem.line != b->problem.line) return a->problem.line < b->problem.line ? -1 : 1;
  return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* The line from `from` to `end`, cut at a whole character, in the arena; NULL if memory is out. */
static const char *keep_line(mnz_finder *finder, const char *from, const char *end) {
  while (end > from && (end[-1] == '\n' || end[-1] == '\r')) end--;
  const bool cut = end - from > LONGEST_LINE;
  if (cut)
    for (end = from + LONGEST_LINE; end > from && ((unsigned char)*end & 0xC0U) == 0x80U; end--) {}
  char *line = mnz_arena_format(finder->arena, NULL, "%.*s%s", (int)(end - from), from, cut ? " ..." : "");
  if (line != NULL) make_plain(line);
  return line;
}

/* Gives the findings `from` .. `to` of one file, sorted by line, the lines of its text. */
static void cut_lines(mnz_finder *finder, size_t from, size_t to, const char *text, size_t length) {
  const char *const end = text + length;
  const char *at = text;
  int32_t line = 1;
  for (size_t i = from; i < to; i++) {
    mnz_problem *const problem = &finder->kept[i].problem;
    for (; line < problem->line && at < end; line++) {
      const char *const stop = memchr(at, '\n', (size_t)(end - at));
      at = stop != NULL ? stop + 1 : end;
    }
    if (problem->line <= 0 || at == end) continue;
    const char *const stop = memchr(at, '\n', (size_t)(end - at));
    problem->text = keep_line(finder, at, stop != NULL ? stop : end);
    if (problem->text == NULL) finder->status = MNZ_NO_MEMORY;
  }
}

/* A file that can no longer be read leaves its findings without lines. */
static void add_lines(mnz_finder *finder, size_t from, size_t to) {
  char *text = NULL;
  size_t length = 0;
  const char *const file = finder->kept[from].problem.file;
  if (*file == '\0') return;
  if (finder->told_file != NULL && strcmp(file, finder->told_file) == 0) {
    cut_lines(finder, from, to, finder->told, strlen(finder->told));
    return;
  }
  const mnz_status status = mnz_file_read(file, &text, &length, NULL);
  if (status == MNZ_NO_MEMORY) finder->status = status;
  if (status == MNZ_OK) cut_lines(finder, from, to, text, length);
  free(text);
}

static mnz_status list_problems(mnz_finder *finder, mnz_problems *out, mnz_error *err) {
  const size_t room = finder->count + 1;
  mnz_problem *at = mnz_arena_alloc(finder->arena, room, sizeof *at, err);
  if (at == NULL) return MNZ_NO_MEMORY;
  out->at = at;
  for (size_t i = 0; i < finder->count; i++) at[out->count++] = finder->kept[i].problem;
  if (finder->more > 0) {
    const char *const message =
        mnz_arena_format(finder->arena, err, "there are %zu more findings", finder->more);
    if (message == NULL) return MNZ_NO_MEMORY;
    at[out->count++] = (mnz_problem){finder->more_errors == 0, "", 0, "", message, ""};
  }
  for (size_t i = 0; i < out->count; i++)
    if (!at[i].warning) out->errors++;
  return MNZ_OK;
}

mnz_status mnz_finder_take(mnz_finder *finder, mnz_problems **out, mnz_error *err) {
  owned_problems *owned = NULL;
  mnz_arena *next = NULL; /* the finder's own from now on */
  *out = NULL;
  qsort(finder->kept, finder->count, sizeof *finder->kept, by_place);
  for (size_t from = 0, to; from < finder->count; from = to) {
    for (to = from + 1; to < finder->count && finder->kept[to].file_rank == finder->kept[from].file_rank;
         to++) {}
    add_lines(finder, from, to);
  }

  mnz_status status = finder->status;
  if (status != MNZ_OK) return mnz_fail(err, status, NULL, "no memory for the findings");
  if ((status = mnz_new_array(&owned, 1, err)) != MNZ_OK) goto out;
  if ((status = mnz_arena_create(&next, err)) != MNZ_OK) goto out;
  if ((status = list_problems(finder, &owned->problems, err)) != MNZ_OK) goto out;
  owned->arena = finder->arena;
  *finder = (mnz_finder){.arena = next};
  *out = &owned->problems;
  owned = NULL;
  next = NULL;

out:
  mnz_arena_free(next);
  free(owned);
  return status;
}

void mnz_problems_free(mnz_problems *problems) {
  if (problems == NULL) return;
  owned_problems *const owned = (owned_problems *)(void *)problems;
  mnz_arena_free(owned->arena);
  free(owned);
}
