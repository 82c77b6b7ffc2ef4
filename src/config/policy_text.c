/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies as text, by their forms: mnz_policy_forms. */
#include <string.h>

#include "base/error.h"
#include "config/call_text.h"
#include "config/quantity_internal.h"

static size_t param_count(const mnz_policy_form *form) {
  size_t n = 0;
  while (n < MNZ_POLICY_PARAMS && form->params[n].name != NULL) n++;
  return n;
}

void mnz_policy_signature(mnz_buffer *out, const mnz_policy_form *form) {
  mnz_buffer_print(out, "%s(", form->name);
  for (size_t i = 0; i < param_count(form); i++) {
    const bool optional = i >= (size_t)form->required;
    mnz_buffer_print(out, "%s%s%s%s", i > 0 ? ", " : "", optional ? "[" : "", form->params[i].name,
                     optional ? "]" : "");
  }
  mnz_buffer_add(out, ")");
}

static mnz_status wrong_policy(const char *text, mnz_error *err) {
  mnz_buffer detail = {0};
  const char *before = "expected ";
  for (const mnz_policy_form *form = mnz_policy_forms; form->name != NULL; form++) {
    mnz_buffer_add(&detail, before);
    mnz_policy_signature(&detail, form);
    before = form[1].name != NULL && form[2].name == NULL ? " or " : ", ";
  }
  return mnz_call_wrong(text, &detail, err);
}

static mnz_status wrong_arguments(const char *text, const mnz_policy_form *form, mnz_error *err) {
  mnz_buffer detail = {0};
  mnz_buffer_add(&detail, "expected ");
  mnz_policy_signature(&detail, form);
  mnz_buffer_print(&detail, ", such as \"%s\"", form->example);
  return mnz_call_wrong(text, &detail, err);
}

/* By name, or by place: an argument may begin with a word that is a value ("below"). */
static size_t place_of(const mnz_policy_form *form, const mnz_argument *arg, size_t i) {
  size_t p = i;
  if (arg->name[0] != '\0')
    for (p = 0; p < param_count(form) && strcmp(form->params[p].name, arg->name) != 0;) p++;
  return p;
}

static mnz_status read_choice(const char *text, const mnz_policy_param *param, const char *value,
                              int32_t *out, mnz_error *err) {
  mnz_buffer detail = {0};
  for (*out = 0; param->choices[*out] != NULL; ++*out)
    if (strcmp(param->choices[*out], value) == 0) return MNZ_OK;
  mnz_buffer_print(&detail, "expected %s to be", param->name);
  for (size_t i = 0; param->choices[i] != NULL; i++)
    mnz_buffer_print(&detail, "%s \"%s\"", i > 0 ? " or" : "", param->choices[i]);
  return mnz_call_wrong(text, &detail, err);
}

static mnz_status read_param(const char *text, const mnz_policy_param *param, const char *value,
                             mnz_policy *policy, mnz_error *err) {
  void *out = (char *)policy + param->offset;
  mnz_error why;
  mnz_status status;
  double number = 0;
  int64_t amount = 0;
  if (param->choices != NULL) return read_choice(text, param, value, out, err);
  if (param->dim == MNZ_DIM_SHARE) {
    status = mnz_quantity_number(value, MNZ_DIM_SHARE, NULL, &number, &why);
    *(double *)out = number;
  } else {
    status = param->dim == MNZ_DIM_MASS ? mnz_quantity_mass(value, &amount, &why)
                                        : mnz_quantity_time(value, &amount, &why);
    *(int64_t *)out = amount;
    number = (double)amount;
  }
  if (status != MNZ_OK) return mnz_fail(err, status, NULL, "%s: %s", param->name, why.message);
  if (param->sign == MNZ_POLICY_ABOVE_ZERO && !(number > 0))
    return mnz_call_wrong_since(text, "expected more than 0", err);
  if (param->sign == MNZ_POLICY_FROM_ZERO && !(number >= 0))
    return mnz_call_wrong_since(text, "expected at least 0", err);
  return MNZ_OK;
}

/* What the form alone cannot say. */
static mnz_status check_policy(const char *text, const mnz_policy *p, mnz_error *err) {
  if (p->kind == MNZ_POLICY_S_S && p->level <= p->point)
    return mnz_call_wrong_since(text, "expected S above s", err);
  if (p->kind == MNZ_POLICY_FORECAST && p->smoothing > 1)
    return mnz_call_wrong_since(text, "expected a smoothing of at most 100 %", err);
  if (p->kind == MNZ_POLICY_FORECAST && (p->smoothing > 0) == (p->window > 0))
    return mnz_call_wrong_since(text, "expected either a smoothing or a window", err);
  return MNZ_OK;
}

mnz_status mnz_quantity_policy(const char *text, mnz_policy *value, mnz_error *err) {
  mnz_call c;
  bool given[MNZ_POLICY_PARAMS] = {false};
  if (strchr(text, '(') == NULL) return wrong_policy(text, err);
  mnz_status status = mnz_call_read(text, &c, err);
  if (status != MNZ_OK) return status;
  const mnz_policy_form *form = mnz_policy_forms;
  while (form->name != NULL && strcmp(form->name, c.name) != 0) form++;
  if (form->name == NULL) return wrong_policy(text, err);
  if (c.count > param_count(form)) return wrong_arguments(text, form, err);

  mnz_policy policy = {.kind = form->kind};
  for (size_t i = 0; c.count > i; i++) {
    mnz_argument arg;
    if ((status = mnz_call_take(text, &c, &arg, err)) != MNZ_OK) return status;
    const size_t p = place_of(form, &arg, i);
    if (p >= param_count(form) || given[p]) return wrong_arguments(text, form, err);
    given[p] = true;
    if ((status = read_param(text, &form->params[p], arg.value, &policy, err)) != MNZ_OK) return status;
  }
  for (int32_t p = 0; p < form->required; p++)
    if (!given[p]) return wrong_arguments(text, form, err);
  if ((status = check_policy(text, &policy, err)) == MNZ_OK) *value = policy;
  return status;
}
