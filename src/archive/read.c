/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a results file says of itself, through a child process. */
#include "monazite/archive.h"

#include "archive/child.h"
#include "archive/inspect.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_BYTES_ANSWER ((size_t)64 << 20)

/* ---- the child ---- */

static bool inspect(void *self, const char *path, int fd) {
  mnz_buffer answer = {0};
  mnz_inspect_file(path, *(const bool *)self, &answer);
  return !answer.failed && mnz_child_say(fd, answer.at, answer.length);
}

/* ---- the parent ---- */

typedef struct holder {
  mnz_archive_info info;
  char *texts; /* the answer, to which info points */
} holder;

static bool receive(int fd, mnz_buffer *answer) {
  char piece[65536];
  for (;;) {
    const ssize_t got = read(fd, piece, sizeof piece);
    if (got == 0) return !answer->failed;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || answer->length + (size_t)got > MOST_BYTES_ANSWER) return false;
    mnz_buffer_add_bytes(answer, piece, (size_t)got);
  }
}

/* The next of the answer's texts; NULL after the last. */
static char *next_text(char **at, const char *end) {
  char *const text = *at;
  char *const nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;
  if (nul == NULL) return NULL;
  *at = nul + 1;
  return text;
}

static bool next_count(char **at, const char *end, size_t *count) {
  char *const text = next_text(at, end);
  if (text == NULL || text[0] < '0' || text[0] > '9') return false;
  *count = (size_t)strtoull(text, NULL, 10);
  return true;
}

/* The facts of a good answer; false if they are not all there. */
static bool take_facts(mnz_archive_info *info, char *at, const char *end) {
#define TAKE(field, object, attribute)                                                                       \
  if ((info->field = next_text(&at, end)) == NULL) return false;
  MNZ_INSPECT_TEXTS(TAKE)
#undef TAKE
  size_t n = 0;
  size_t series = 0;
  size_t digits = 0;
  size_t millionths = 0;
  if (!next_count(&at, end, &info->replications) || !next_count(&at, end, &series) ||
      !next_count(&at, end, &digits) || !next_count(&at, end, &millionths) || !next_count(&at, end, &n))
    return false;
  info->confidence = (double)millionths / 1e6;
  info->has_series = series != 0;
  info->digits = (int32_t)digits;
  if (n > (size_t)(end - at) || mnz_new_array(&info->variables, n, NULL) != MNZ_OK) return false;
  for (; info->n_variables < n; info->n_variables++)
    if ((info->variables[info->n_variables] = next_text(&at, end)) == NULL) return false;
  const char *const last = next_text(&at, end);
  return last != NULL && strcmp(last, MNZ_INSPECT_END) == 0;
}

/* Turns the answer into *out, which then owns it. */
static mnz_status understand(const char *path, mnz_buffer *answer, int state, mnz_archive_info **out,
                             mnz_error *err) {
  char *at = answer->at;
  const char *const end = at + answer->length;
  size_t status = 0;
  if (answer->length == 0 || !next_count(&at, end, &status)) return mnz_child_death(path, state, err);
  const char *const message = next_text(&at, end);
  if (message == NULL) return mnz_child_death(path, state, err);
  if (status != MNZ_OK)
    return mnz_fail(err, status == MNZ_NO_MEMORY ? MNZ_NO_MEMORY : MNZ_FORMAT, path, "%s", message);

  holder *held = NULL;
  const mnz_status memory = mnz_new_array(&held, 1, err);
  if (memory != MNZ_OK) return memory;
  held->texts = answer->at;
  *answer = (mnz_buffer){0};
  *out = &held->info;
  return take_facts(*out, at, end) ? MNZ_OK : mnz_child_death(path, state, err);
}

mnz_status mnz_archive_read_info(const char *path, bool check, mnz_archive_info **out, mnz_error *err) {
  mnz_child child;
  mnz_buffer answer = {0};
  *out = NULL;
  mnz_status status = mnz_child_start(&child, path, inspect, &check, err);
  if (status != MNZ_OK) return status;
  if (!receive(child.out, &answer)) mnz_buffer_free(&answer);
  const int state = mnz_child_end(&child);
  status = understand(path, &answer, state, out, err);
  mnz_buffer_free(&answer);
  if (status == MNZ_OK) {
    (*out)->bytes = child.bytes;
  } else {
    mnz_archive_info_free(*out);
    *out = NULL;
  }
  return status;
}

void mnz_archive_info_free(mnz_archive_info *info) {
  if (info == NULL) return;
  holder *const held = (holder *)(void *)info; /* info is its first member */
  free(info->variables);
  free(held->texts);
  free(held);
}
