/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

const char *mnz_status_text(mnz_status status) {
  switch (status) {
#define MNZ_STATUS_CASE(name, text)                                                                          \
  case name:                                                                                                 \
    return text;
    MNZ_STATUS_LIST(MNZ_STATUS_CASE)
#undef MNZ_STATUS_CASE
  }
  return "unknown status";
}

/* The bytes after the first of a UTF-8 character look like 10xxxxxx. */
static bool continues_character(char byte) {
  return ((unsigned char)byte & 0xC0U) == 0x80U;
}

/* Ends `text`, of which `room` - 1 bytes are there and more were wanted, where a character ends. The byte
 * that did not fit, `next`, tells whether the last one is whole. */
static void cut_at_character(char *text, size_t room, char next) {
  size_t end = room - 1;
  if (continues_character(next)) {
    while (end > 0 && continues_character(text[end - 1])) end--;
    if (end > 0) end--;
  }
  text[end] = '\0';
}

static void copy_cut(char *out, size_t room, const char *text) {
  const size_t length = strlen(text);
  if (length < room) {
    memcpy(out, text, length + 1);
    return;
  }
  memcpy(out, text, room - 1);
  cut_at_character(out, room, text[room - 1]);
}

mnz_status mnz_fail(mnz_error *err, mnz_status status, const char *where, const char *format, ...) {
  MNZ_REQUIRE(status != MNZ_OK);
  if (err == NULL) return status;

  /* Written aside first: the arguments may point into *err itself. One byte more than fits, so that the
   * cut can see what follows. */
  char message[sizeof err->message + 1];
  char place[sizeof err->where];
  va_list args;
  va_start(args, format);
  const int length = vsnprintf(message, sizeof message, format, args);
  va_end(args);
  if (length < 0) copy_cut(message, sizeof message, "the message cannot be written");
  copy_cut(place, sizeof place, where != NULL ? where : "");

  err->status = status;
  memcpy(err->where, place, sizeof place);
  copy_cut(err->message, sizeof err->message, message);
  return status;
}

mnz_status mnz_error_locate(mnz_error *err, const char *where) {
  if (err == NULL) return MNZ_OK;
  if (err->status != MNZ_OK && err->where[0] == '\0' && where != NULL)
    copy_cut(err->where, sizeof err->where, where);
  return err->status;
}
