/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times in working days: "45 working days", "triangular(30 working days, 45 working days, 90 working days)".
 * They are read as days of 24 h; what a working day is on the calendar is for others to say. */
#include <string.h>

#include "base/error.h"
#include "config/quantity_internal.h"

static bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t word_length(const char *at) {
  size_t length = 0;
  while (is_letter(at[length])) length++;
  return length;
}

static bool is_word(const char *at, size_t length, const char *word) {
  return length == strlen(word) && strncmp(at, word, length) == 0;
}

/* Behind "working day" or "working days"; NULL if `at` is the beginning of neither. */
static const char *behind_working_days(const char *at, size_t length) {
  if (!is_word(at, length, "working")) return NULL;
  at = mnz_skip_spaces(at + length);
  length = word_length(at);
  return is_word(at, length, "days") || is_word(at, length, "day") ? at + length : NULL;
}

static bool is_time_unit(const char *at, size_t length) {
  for (const mnz_unit *unit = mnz_units; unit->name != NULL; unit++) {
    if (unit->dim == MNZ_DIM_TIME && is_word(at, length, unit->name)) return true;
  }
  return false;
}

/* The text with "d" for all working days; says which kinds of times there are in it. */
static void translate(const char *text, mnz_buffer *out, bool *working, bool *plain) {
  const char *at = text;
  while (*at != '\0') {
    const size_t length = word_length(at);
    const char *const behind = behind_working_days(at, length);
    if (behind != NULL) {
      mnz_buffer_add(out, "d");
      *working = true;
      at = behind;
      continue;
    }
    *plain |= length > 0 && is_time_unit(at, length);
    const size_t step = length > 0 ? length : 1;
    mnz_buffer_print(out, "%.*s", (int)step, at);
    at += step;
  }
}

mnz_status mnz_quantity_delay(const char *text, const mnz_quantity_context *context, mnz_delay *value,
                              mnz_error *err) {
  mnz_buffer plain_text = {0};
  char found[MNZ_QUOTE_ROOM];
  char unit[MNZ_QUANTITY_ROOM];
  bool working = false;
  bool plain = false;
  mnz_distribution time;
  translate(text, &plain_text, &working, &plain);
  mnz_status status;
  if (plain_text.failed)
    status = mnz_fail(err, MNZ_NO_MEMORY, NULL, "no memory for a text");
  else if (working && plain)
    status = mnz_fail(err, MNZ_SCENARIO, NULL,
                      "found %s; expected all of its times in working days, or none of them",
                      mnz_quantity_quote(text, found));
  else if (working && mnz_distribution_table_unit(text, unit))
    status = mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; expected the values themselves for working days",
                      mnz_quantity_quote(text, found));
  else
    status = mnz_quantity_distribution(plain_text.at != NULL ? plain_text.at : "", MNZ_DIM_TIME, context,
                                       &time, err);
  if (status == MNZ_SCENARIO && working && !plain)
    status =
        mnz_fail(err, MNZ_SCENARIO, NULL,
                 "found %s; expected a time such as \"45 working days\", or a distribution of such times",
                 mnz_quantity_quote(text, found));
  if (status == MNZ_OK) *value = (mnz_delay){.time = time, .working = working};
  mnz_buffer_free(&plain_text);
  return status;
}
