/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes of prices as text: those of mnz_process_forms. Every argument has its name before it, but for a
 * lone one in its place. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "config/call_text.h"
#include "config/quantity_internal.h"

enum { MOST_PARAMS = sizeof(((mnz_process_form *)NULL)->params) / sizeof(mnz_process_param) };

void mnz_process_signature(mnz_buffer *out, const mnz_process_form *form) {
  mnz_buffer_print(out, "%s(", form->name);
  for (size_t i = 0; i < MOST_PARAMS && form->params[i].name != NULL; i++) {
    const mnz_process_param *p = &form->params[i];
    mnz_buffer_print(out, "%s%s%s%s", i > 0 ? ", " : "", p->optional ? "[" : "", p->name,
                     p->optional ? " ...]" : " ...");
  }
  mnz_buffer_add(out, ")");
}

static mnz_status wrong_process(const char *text, const mnz_process_form *only, mnz_error *err) {
  mnz_buffer detail = {0};
  const char *before = "expected ";
  for (const mnz_process_form *form = mnz_process_forms; form->name != NULL; form++) {
    if (only != NULL && form != only) continue;
    mnz_buffer_add(&detail, before);
    mnz_process_signature(&detail, form);
    before = " or ";
  }
  return mnz_call_wrong(text, &detail, err);
}

static mnz_status read_param(const char *text, int how, double *value, mnz_error *err) {
  static const mnz_quantity_context nothing = {0};
  switch (how) {
  case MNZ_PROCESS_GROWTH:
    return mnz_quantity_growth(text, value, err);
  case MNZ_PROCESS_VOLATILITY:
    return mnz_quantity_volatility(text, value, err);
  case MNZ_PROCESS_PRICE:
    return mnz_quantity_number(text, MNZ_DIM_PRICE, &nothing, value, err);
  case MNZ_PROCESS_TIME:
    return mnz_quantity_number(text, MNZ_DIM_TIME, &nothing, value, err);
  default:
    return mnz_quantity_number(text, MNZ_DIM_SHARE, &nothing, value, err);
  }
}

/* What makes no process: nothing may stand still that is divided by, nothing be so large that it overflows.
 */
static const char *fault_of(const mnz_process *p, const mnz_process_form *form, uint32_t given) {
  static const double year = 365 * 86400e6;
  for (size_t i = 0; i < MOST_PARAMS && form->params[i].name != NULL; i++)
    if (!form->params[i].optional && !(given >> i & 1)) return form->params[i].name;
  if (!(p->volatility >= 0 && p->volatility * p->volatility * year <= 100)) return "volatility";
  if (!(p->drift * year >= -10 && p->drift * year <= 10)) return "drift";
  if (p->kind == MNZ_PROCESS_MEAN_REVERTING && !(p->level > 0)) return "level";
  if (p->kind == MNZ_PROCESS_MEAN_REVERTING && !(p->half_life > 0)) return "half_life";
  if (p->kind == MNZ_PROCESS_JUMPS && !(p->jump_every >= 3600e6)) return "every";
  if (!(p->jump_mean >= -10 && p->jump_mean <= 10)) return "mean";
  if (!(p->jump_sd >= 0 && p->jump_sd <= 10)) return "sd";
  return NULL;
}

mnz_status mnz_quantity_process(const char *text, mnz_process *value, mnz_error *err) {
  mnz_call c;
  if (strchr(text, '(') == NULL) return wrong_process(text, NULL, err);
  mnz_status status = mnz_call_read(text, &c, err);
  if (status != MNZ_OK) return status;
  const mnz_process_form *form = mnz_process_forms;
  while (form->name != NULL && strcmp(form->name, c.name) != 0) form++;
  if (form->name == NULL) return wrong_process(text, NULL, err);

  mnz_process process = {.kind = form->kind};
  uint32_t given = 0;
  for (size_t left = c.count; left > 0; left--) {
    mnz_argument arg;
    if ((status = mnz_call_take(text, &c, &arg, err)) != MNZ_OK) return status;
    size_t p = 0;
    while (p < MOST_PARAMS && form->params[p].name != NULL && strcmp(form->params[p].name, arg.name) != 0)
      p++;
    if (p == MOST_PARAMS || form->params[p].name == NULL || (given >> p & 1))
      return wrong_process(text, form, err);
    given |= UINT32_C(1) << p;
    double *const field = (double *)(void *)((char *)&process + form->params[p].offset);
    mnz_error why;
    status = read_param(arg.value, (int)form->params[p].how, field, &why);
    if (status != MNZ_OK) return mnz_fail(err, status, NULL, "%s: %s", form->params[p].name, why.message);
  }
  const char *const fault = fault_of(&process, form, given);
  if (fault == NULL) {
    *value = process;
    return MNZ_OK;
  }
  mnz_buffer detail = {0};
  mnz_buffer_print(&detail, "the argument \"%s\" is missing or beyond what is possible; expected ", fault);
  mnz_process_signature(&detail, form);
  return mnz_call_wrong(text, &detail, err);
}
