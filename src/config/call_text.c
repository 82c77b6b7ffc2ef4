/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/call_text.h"

#include <string.h>

#include "base/error.h"
#include "config/quantity_internal.h"

bool mnz_is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

mnz_status mnz_call_wrong(const char *text, mnz_buffer *detail, mnz_error *err) {
  char found[MNZ_QUOTE_ROOM];
  const mnz_status status = detail->failed ? mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for a message")
                                           : mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; %s",
                                                      mnz_quantity_quote(text, found), detail->at);
  mnz_buffer_free(detail);
  return status;
}

mnz_status mnz_call_wrong_since(const char *text, const char *why, mnz_error *err) {
  mnz_buffer detail = {0};
  mnz_buffer_add(&detail, why);
  return mnz_call_wrong(text, &detail, err);
}

/* The name at `at`, cut if it is too long to mean anything; returns where it ends. */
static const char *read_name(const char *at, char name[MNZ_ARGUMENT_NAME]) {
  size_t length = 0;
  for (; mnz_is_letter(*at) || (length > 0 && *at >= '0' && *at <= '9'); at++)
    if (length + 1 < MNZ_ARGUMENT_NAME) name[length++] = *at;
  name[length] = '\0';
  return at;
}

/* Where the argument at `at` ends: at a comma that is not in quotes, or at `end`. */
static const char *argument_end(const char *at, const char *end) {
  char quote = '\0';
  for (; at < end && (quote != '\0' || *at != ','); at++) {
    if (quote == *at)
      quote = '\0';
    else if (quote == '\0' && (*at == '"' || *at == '\''))
      quote = *at;
  }
  return at;
}

mnz_status mnz_call_read(const char *text, mnz_call *out, mnz_error *err) {
  const char *at = mnz_skip_spaces(read_name(mnz_skip_spaces(text), out->name));
  if (*at != '(')
    return mnz_call_wrong_since(text, "expected a name and, in parentheses, its arguments", err);
  const char *end = text + strlen(text);
  while (mnz_is_space(end[-1])) end--;
  if (strchr(at, ')') == NULL) return mnz_call_wrong_since(text, "the closing parenthesis is missing", err);
  if (end[-1] != ')') return mnz_call_wrong_since(text, "nothing may follow the closing parenthesis", err);
  out->at = mnz_skip_spaces(at + 1);
  out->end = end - 1;
  out->count = out->at < out->end ? 1 : 0;
  for (const char *comma = argument_end(out->at, out->end); comma < out->end;
       comma = argument_end(comma + 1, out->end))
    out->count++;
  return MNZ_OK;
}

mnz_status mnz_call_take(const char *text, mnz_call *c, mnz_argument *out, mnz_error *err) {
  const char *at = mnz_skip_spaces(c->at);
  const char *end = argument_end(at, c->end);
  c->at = end < c->end ? end + 1 : end;
  while (end > at && mnz_is_space(end[-1])) end--;

  const char *behind = read_name(at, out->name);
  if (behind < end && mnz_is_space(*behind))
    at = mnz_skip_spaces(behind);
  else
    out->name[0] = '\0';
  if (at >= end) return mnz_call_wrong_since(text, "an argument is empty", err);
  if (end - at >= MNZ_ARGUMENT_VALUE) return mnz_call_wrong_since(text, "an argument is too long", err);
  memcpy(out->value, at, (size_t)(end - at));
  out->value[end - at] = '\0';
  return MNZ_OK;
}
