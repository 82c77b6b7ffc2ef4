/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/duration.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const struct {
  const char *unit;
  double seconds;
} units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"wk", 7 * 86400}};

mnz_status mnz_cli_duration(const char *option, const char *text, long long *us, mnz_error *err) {
  char *end = NULL;
  const bool begins = isdigit((unsigned char)text[0]) || text[0] == '.';
  const double number = begins ? strtod(text, &end) : 0;
  while (begins && *end == ' ') end++;
  for (size_t i = 0; begins && i < sizeof units / sizeof *units; i++) {
    const double seconds = number * units[i].seconds;
    if (strcmp(end, units[i].unit) != 0 || !(seconds >= 1e-6 && seconds < 1e11)) continue;
    *us = llround(seconds * 1e6);
    return MNZ_OK;
  }
  return mnz_fail(err, MNZ_USAGE, option,
                  "found \"%s\"; expected a span such as \"90 s\", \"30 min\", \"2 h\" or \"7 d\"", text);
}
