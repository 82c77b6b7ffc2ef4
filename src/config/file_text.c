/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/file_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

enum { LARGEST = 8 * 1024 * 1024 };

static mnz_status refuse(const char *path, int error, mnz_error *err) {
  char reason[128];
  if (strerror_r(error, reason, sizeof reason) != 0) reason[0] = '\0';
  return mnz_fail(err, MNZ_NO_INPUT, path, "found no file that can be read (%s); expected one", reason);
}

static mnz_status check_kind(const char *path, const struct stat *about, mnz_error *err) {
  if (S_ISDIR(about->st_mode)) return mnz_fail(err, MNZ_NO_INPUT, path, "found a folder; expected a file");
  if (!S_ISREG(about->st_mode))
    return mnz_fail(err, MNZ_NO_INPUT, path, "found a pipe or a device; expected a regular file");
  if (about->st_size > LARGEST)
    return mnz_fail(err, MNZ_NO_INPUT, path, "found %lld bytes; expected a file of at most 8 MiB",
                    (long long)about->st_size);
  return MNZ_OK;
}

/* Looks before it opens, because opening a device may already do something; and again afterwards, because
 * another file may stand there by then. O_NONBLOCK: a FIFO must not make us wait for its writer. */
static mnz_status open_file(const char *path, int *file, size_t *size, mnz_error *err) {
  struct stat about;
  *file = -1;
  if (stat(path, &about) != 0) return refuse(path, errno, err);
  mnz_status status = check_kind(path, &about, err);
  if (status != MNZ_OK) return status;
  *file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (*file < 0 || fstat(*file, &about) != 0) return refuse(path, errno, err);
  status = check_kind(path, &about, err);
  *size = (size_t)about.st_size;
  return status;
}

/* Reads up to `size` bytes; a file that shrinks meanwhile gives what it still has. */
static bool read_whole(int file, char *text, size_t size, size_t *length) {
  *length = 0;
  while (*length < size) {
    const ssize_t got = read(file, text + *length, size - *length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    *length += (size_t)got;
  }
  return true;
}

mnz_status mnz_file_read(const char *path, char **text, size_t *length, mnz_error *err) {
  int file;
  size_t size = 0;
  *text = NULL;
  mnz_status status = open_file(path, &file, &size, err);
  if (status != MNZ_OK) goto out;
  if ((status = mnz_new_array(text, size + 2, err)) != MNZ_OK) goto out;
  if (!read_whole(file, *text, size, length)) {
    status = refuse(path, errno, err);
    goto out;
  }
  if (*length == 0 || (*text)[*length - 1] != '\n') (*text)[(*length)++] = '\n';
  (*text)[*length] = '\0';

out:
  if (file >= 0) (void)close(file);
  if (status != MNZ_OK) {
    free(*text);
    *text = NULL;
  }
  return status;
}

size_t mnz_utf8_length(const char *text, const char *end) {
  const unsigned char *const at = (const unsigned char *)text;
  if (*at < 0x80) return 1;
  const size_t length = *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;
  if (*at < 0xC2 || *at > 0xF4 || (size_t)(end - text) < length) return 0;
  /* No detours (E0 80.., F0 80..), no surrogates (ED A0..), nothing beyond U+10FFFF (F4 90..). */
  if ((*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F) || (*at == 0xF0 && at[1] < 0x90) ||
      (*at == 0xF4 && at[1] > 0x8F))
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((at[i] & 0xC0U) != 0x80U) return 0;
  return length;
}
