/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch/terms.h"

#include <string.h>

#include "base/memory.h"

enum { TEXTS = 3 };

mnz_status mnz_terms_pack(const mnz_terms *terms, char **out, size_t *bytes, mnz_error *err) {
  const char *texts[TEXTS] = {terms->program, terms->manner, terms->scenario_text};
  *bytes = 0;
  for (size_t i = 0; i < TEXTS; i++) *bytes += strlen(texts[i]) + 1;
  const mnz_status status = mnz_new_array(out, *bytes, err);
  char *at = *out;
  for (size_t i = 0; i < TEXTS && status == MNZ_OK; i++) {
    memcpy(at, texts[i], strlen(texts[i]) + 1);
    at += strlen(texts[i]) + 1;
  }
  return status;
}

mnz_terms mnz_terms_unpack(const char *packed, size_t bytes) {
  const char *texts[TEXTS];
  const char *at = packed;
  for (size_t i = 0; i < TEXTS; i++) {
    texts[i] = at;
    at += strlen(at);
    if (at < packed + bytes) at++;
  }
  return (mnz_terms){.program = texts[0], .manner = texts[1], .scenario_text = texts[2]};
}
