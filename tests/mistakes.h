/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mistakes in scenarios, each told in one line of its own. */
#ifndef MNZ_TESTS_MISTAKES_H
#define MNZ_TESTS_MISTAKES_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monazite/scenario.h"

typedef struct mistake {
  const char *feature;  /* scenarios/features/<feature>.cfg ... */
  const char *override; /* ... with this, in which ' stands for " */
  const char *path;
  const char *message;
} mistake;

/* Fails unless that very line is told. */
static inline void expect_mistake(const mistake *m) {
  char path[512];
  char *override = strdup(m->override);
  mnz_scenario *scenario = NULL;
  mnz_problems *problems;
  mnz_error err;
  snprintf(path, sizeof path, "%s/scenarios/features/%s.cfg", MNZ_SOURCE_DIR, m->feature);
  for (char *c = override; *c != '\0'; c++) *c = *c == '\'' ? '"' : *c;
  const char *const overrides[] = {override};
  const mnz_status status = mnz_scenario_load(&scenario, path, overrides, 1, &problems, &err);
  bool found = false;
  for (size_t i = 0; i < problems->count; i++) {
    const mnz_problem *p = &problems->at[i];
    found |= !p->warning && strcmp(p->path, m->path) == 0 && strcmp(p->message, m->message) == 0;
  }
  if (!found) {
    for (size_t i = 0; i < problems->count; i++)
      printf("  %s: %s: %s\n", m->feature, problems->at[i].path, problems->at[i].message);
  }
  cr_expect(status != MNZ_OK && found, "%s with %s: expected %s: %s", m->feature, m->override, m->path,
            m->message);
  mnz_problems_free(problems);
  mnz_scenario_free(scenario);
  free(override);
}

#endif
