/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monazite/summary.h"

#include <stdlib.h>
#include <string.h>

const double mnz_quantile_levels[MNZ_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

const char *const mnz_statistic_names[MNZ_STATISTICS] = {
#define STATISTIC_NAME(id, name, text) name,
    MNZ_STATISTIC_LIST(STATISTIC_NAME)
#undef STATISTIC_NAME
};

const char *mnz_interval_kind_name(mnz_interval_kind kind) {
  return kind == MNZ_INTERVAL_BOOTSTRAP ? "bootstrap-t" : "Student t";
}

mnz_interval_kind mnz_interval_kind_of(const char *name) {
  return strcmp(name, mnz_interval_kind_name(MNZ_INTERVAL_BOOTSTRAP)) == 0 ? MNZ_INTERVAL_BOOTSTRAP
                                                                           : MNZ_INTERVAL_STUDENT;
}

void mnz_summary_free(mnz_summary *s) {
  if (s == NULL) return;
  for (size_t k = 0; k < s->shape->n_variables && s->variables != NULL; k++) {
    mnz_summary_variable *v = &s->variables[k];
    free(v->statistics);
    free(v->mean);
    free(v->half_width);
    free(v->quantiles);
    free(v->survival);
    free(v->survival_low);
    free(v->survival_high);
  }
  free(s->variables);
  free(s);
}
