/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

enum { DIGITS = 12 }; /* a milligram in a thousand tonnes, and no 0.10000000000000001 */

mnz_status mnz_cli_print_json(json_t *root, mnz_error *err) {
  char *text = root != NULL ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS)) : NULL;
  json_decref(root);
  if (text == NULL)
    return mnz_fail(err, MNZ_NO_MEMORY, NULL, "cannot write JSON: out of memory, or a text is not UTF-8");
  puts(text);
  free(text);
  return MNZ_OK;
}
