/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files as text. */
#ifndef MNZ_CONFIG_FILE_TEXT_H
#define MNZ_CONFIG_FILE_TEXT_H

#include <stddef.h>

#include "monazite/status.h"

/* Reads a regular file of at most 8 MiB; a directory, a FIFO or a device is refused without being opened.
 * *text ends with a line break (added if the file has none) and, not counted, a NUL; free() it. Fails with
 * MNZ_NO_INPUT (`where` is the path), MNZ_NO_MEMORY. */
mnz_status mnz_file_read(const char *path, char **text, size_t *length, mnz_error *err);

/* Bytes of the UTF-8 character that begins at `at`, before `end`; 0 if none does. */
size_t mnz_utf8_length(const char *at, const char *end);

#endif
