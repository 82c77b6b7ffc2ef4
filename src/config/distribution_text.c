/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions as text. Their forms are those of mnz_distribution_forms. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "config/call_text.h"
#include "config/quantity_internal.h"

enum { MAX_PARAMS = 4, MAX_ARGUMENTS = MAX_PARAMS + 1 };

/* ---- forms ---- */

/* One call's arguments, and which parameter of a form each one stands for. */
typedef struct arguments {
  mnz_argument at[MAX_ARGUMENTS];
  size_t count;
  size_t place[MAX_ARGUMENTS];
} arguments;

static size_t param_count(const mnz_dist_form *form) {
  size_t n = 0;
  while (n < MAX_PARAMS && form->params[n].name != NULL) n++;
  return n;
}

void mnz_distribution_signature(mnz_buffer *out, const mnz_dist_form *form) {
  mnz_buffer_print(out, "%s(", form->name);
  for (size_t i = 0; i < param_count(form); i++) {
    const bool optional = i >= (size_t)form->required;
    mnz_buffer_print(out, "%s%s%s%s%s", i > 0 ? ", " : "", optional ? "[" : "", form->params[i].name,
                     form->positional ? "" : " ...", optional ? "]" : "");
  }
  mnz_buffer_add(out, ")");
}

/* Finds each argument's parameter. Returns false if one has none, or two have the same. *missing is the
 * first parameter that should have been given, or NULL. */
static bool place_arguments(const mnz_dist_form *form, arguments *args, const char **missing) {
  const size_t n = param_count(form);
  bool taken[MAX_PARAMS] = {false};
  for (size_t i = 0; i < args->count; i++) {
    size_t p = form->positional ? i : n;
    if (args->at[i].name[0] != '\0')
      for (p = 0; p < n && strcmp(form->params[p].name, args->at[i].name) != 0;) p++;
    if (p >= n || taken[p]) return false;
    taken[p] = true;
    args->place[i] = p;
  }
  *missing = NULL;
  for (size_t p = (size_t)form->required; p-- > 0;)
    if (!taken[p]) *missing = form->params[p].name;
  return true;
}

static void add_signatures(mnz_buffer *out, const char *name) {
  size_t n;
  const mnz_dist_form *forms = mnz_distribution_forms(&n);
  const char *before = "expected ";
  for (size_t i = 0; i < n; i++) {
    if (strcmp(forms[i].name, name) != 0) continue;
    mnz_buffer_add(out, before);
    mnz_distribution_signature(out, &forms[i]);
    before = " or ";
  }
}

/* Complains, if so, that `name` is no argument of any form of this distribution. */
static bool add_unknown_argument(mnz_buffer *out, const char *distribution, const char *name) {
  enum { MAX_KNOWN = 32 };
  size_t n;
  const mnz_dist_form *forms = mnz_distribution_forms(&n);
  const char *known[MAX_KNOWN] = {NULL};
  size_t n_known = 0;
  for (size_t i = 0; i < n; i++) {
    if (strcmp(forms[i].name, distribution) != 0) continue;
    for (size_t p = 0; p < param_count(&forms[i]); p++) {
      if (strcmp(forms[i].params[p].name, name) == 0) return false;
      if (n_known < MAX_KNOWN) known[n_known++] = forms[i].params[p].name;
    }
  }
  mnz_buffer_print(out, "%s has no argument \"%s\"; ", distribution, name);
  const char *meant = mnz_quantity_meant(name, known, n_known);
  if (meant != NULL)
    mnz_buffer_print(out, "did you mean \"%s\"?", meant);
  else
    add_signatures(out, distribution);
  return true;
}

/* Why no form of this name takes these arguments. `missing` belongs to a form that all of them fit, or is
 * NULL. */
static mnz_status wrong_arguments(const char *text, const char *name, const arguments *args,
                                  const char *missing, mnz_error *err) {
  mnz_buffer detail = {0};
  for (size_t i = 0; i < args->count; i++)
    if (args->at[i].name[0] != '\0' && add_unknown_argument(&detail, name, args->at[i].name))
      return mnz_call_wrong(text, &detail, err);
  if (missing != NULL) mnz_buffer_print(&detail, "the argument \"%s\" is missing; ", missing);
  add_signatures(&detail, name);
  return mnz_call_wrong(text, &detail, err);
}

static mnz_status unknown_distribution(const char *text, const char *name, mnz_error *err) {
  enum { MAX_KNOWN = 64 };
  size_t n;
  const mnz_dist_form *forms = mnz_distribution_forms(&n);
  const char *known[MAX_KNOWN] = {"discrete", "empirical", "trace", "cycle"};
  size_t n_known = 4;
  for (size_t i = 0; i < n && n_known < MAX_KNOWN; i++) known[n_known++] = forms[i].name;
  mnz_buffer detail = {0};
  const char *meant = mnz_quantity_meant(name, known, n_known);
  mnz_buffer_print(&detail, "there is no distribution \"%s\"; ", name);
  if (meant != NULL)
    mnz_buffer_print(&detail, "did you mean \"%s\"?", meant);
  else
    mnz_buffer_add(&detail, "see: monazite describe distributions");
  return mnz_call_wrong(text, &detail, err);
}

/* The form of this name that takes the arguments, with their places. */
static mnz_status choose_form(const char *text, const char *name, arguments *args, const mnz_dist_form **form,
                              mnz_error *err) {
  size_t n;
  const mnz_dist_form *forms = mnz_distribution_forms(&n);
  const char *missing = NULL;
  bool known = false;
  for (size_t i = 0; i < n; i++) {
    if (strcmp(forms[i].name, name) != 0) continue;
    known = true;
    const char *misses;
    if (!place_arguments(&forms[i], args, &misses)) continue;
    *form = &forms[i];
    if (misses == NULL) return MNZ_OK;
    if (missing == NULL) missing = misses;
  }
  return known ? wrong_arguments(text, name, args, missing, err) : unknown_distribution(text, name, err);
}

/* ---- values ---- */

/* The spread of dates is a time. */
static mnz_dim value_dim(mnz_dim dim, const char *param) {
  const bool spread = strcmp(param, "sd") == 0 || strcmp(param, "half_width") == 0;
  return dim == MNZ_DIM_DATE && spread ? MNZ_DIM_TIME : dim;
}

/* A number without unit may be written as a share, too: 0.3 or 30 %. */
static mnz_dim number_dim(const char *text) {
  return strchr(text, '%') != NULL ? MNZ_DIM_SHARE : MNZ_DIM_NUMBER;
}

/* Reads one argument; a failure says which one it was. */
static mnz_status read_value(const mnz_argument *arg, const char *param, mnz_dim dim,
                             const mnz_quantity_context *context, double *value, mnz_error *err) {
  mnz_error why;
  const mnz_status status = mnz_quantity_number(arg->value, dim, context, value, &why);
  return status == MNZ_OK ? MNZ_OK : mnz_fail(err, status, NULL, "%s: %s", param, why.message);
}

/* Forms that mean nothing in some dimensions. */
static mnz_status check_dimension(const char *text, const mnz_dist_form *form, mnz_dim dim, bool value_given,
                                  mnz_error *err) {
  const bool bare = dim == MNZ_DIM_NUMBER || dim == MNZ_DIM_SHARE;
  if (strcmp(form->name, "poisson") == 0 && !bare && !value_given)
    return mnz_call_wrong_since(text, "the argument \"each\" is missing: what one of them is", err);
  /* The value that it has by default has no unit. */
  if (strcmp(form->name, "bernoulli") == 0 && !bare && !value_given)
    return mnz_call_wrong_since(text, "the argument \"value\" is missing", err);
  static const char *const for_dates[] = {"constant", "uniform", "triangular", "pert", "normal", "beta"};
  for (size_t i = 0; dim == MNZ_DIM_DATE && strcmp(for_dates[i], form->name) != 0; i++)
    if (i + 1 == sizeof for_dates / sizeof for_dates[0])
      return mnz_call_wrong_since(
          text,
          "expected a date, or one of constant, uniform, triangular, pert, normal, beta "
          "and discrete of dates",
          err);
  return MNZ_OK;
}

static mnz_status make_from_form(const char *text, mnz_call *c, mnz_dim dim,
                                 const mnz_quantity_context *context, mnz_distribution *value,
                                 mnz_error *err) {
  arguments args = {.count = c->count < MAX_ARGUMENTS ? c->count : MAX_ARGUMENTS};
  mnz_status status = MNZ_OK;
  for (size_t i = 0; i < args.count && status == MNZ_OK; i++)
    status = mnz_call_take(text, c, &args.at[i], err);
  const mnz_dist_form *form = NULL;
  if (status == MNZ_OK) status = choose_form(text, c->name, &args, &form, err);
  if (status != MNZ_OK) return status;

  double values[MAX_PARAMS] = {0};
  bool given[MAX_PARAMS] = {false};
  for (size_t i = 0; i < args.count && status == MNZ_OK; i++) {
    const size_t p = args.place[i];
    const mnz_dist_param *param = &form->params[p];
    given[p] = true;
    status =
        read_value(&args.at[i], param->name,
                   param->unit == MNZ_DIST_VALUE ? value_dim(dim, param->name) : number_dim(args.at[i].value),
                   context, &values[p], err);
  }
  if (status == MNZ_OK) status = check_dimension(text, form, dim, given[1], err);
  if (status != MNZ_OK) return status;

  mnz_error why;
  status = mnz_distribution_make(value, form, values, given, &why);
  if (status == MNZ_OK) return MNZ_OK;
  /* The text shows what it got in the user's units, the message in ours. */
  char *got = strstr(why.message, ", got ");
  if (got != NULL) *got = '\0';
  return mnz_call_wrong_since(text, why.message, err);
}

/* ---- discrete(5 d: 0.3, 10 d: 70 %) ---- */

static mnz_status read_weighted(const char *text, mnz_argument *arg, mnz_dim dim,
                                const mnz_quantity_context *context, double *value, double *weight,
                                mnz_error *err) {
  char *colon = strrchr(arg->value, ':'); /* the last: a clock time has colons of its own */
  if (colon == NULL || arg->name[0] != '\0')
    return mnz_call_wrong_since(text, "expected values and weights such as discrete(5 d: 0.3, 10 d: 0.7)",
                                err);
  mnz_argument right = {.value = ""};
  memcpy(right.value, mnz_skip_spaces(colon + 1), strlen(mnz_skip_spaces(colon + 1)) + 1);
  while (colon > arg->value && mnz_is_space(colon[-1])) colon--;
  *colon = '\0';
  const mnz_status status = read_value(arg, "value", dim, context, value, err);
  if (status != MNZ_OK) return status;
  return read_value(&right, "weight", number_dim(right.value), context, weight, err);
}

static mnz_status make_discrete(const char *text, mnz_call *c, mnz_dim dim,
                                const mnz_quantity_context *context, mnz_distribution *value,
                                mnz_error *err) {
  const size_t n = c->count;
  double *values = mnz_arena_alloc(context->arena, n, sizeof *values, err);
  double *weights = mnz_arena_alloc(context->arena, n, sizeof *weights, err);
  if (values == NULL || weights == NULL) return MNZ_NO_MEMORY;
  for (size_t i = 0; i < n; i++) {
    mnz_argument arg;
    mnz_status status = mnz_call_take(text, c, &arg, err);
    if (status == MNZ_OK) status = read_weighted(text, &arg, dim, context, &values[i], &weights[i], err);
    if (status != MNZ_OK) return status;
  }
  mnz_error why;
  const mnz_status status = mnz_distribution_discrete(value, values, weights, n, &why);
  return status == MNZ_OK ? MNZ_OK : mnz_call_wrong_since(text, why.message, err);
}

/* ---- empirical('delays.csv', column 'days', unit 'd'), and the same played in order: trace, cycle ---- */

static bool takes_table(const char *name) {
  return strcmp(name, "empirical") == 0 || strcmp(name, "trace") == 0 || strcmp(name, "cycle") == 0;
}

/* Takes off the quotes; returns false if there are none. */
static bool unquote(char *value) {
  const size_t length = strlen(value);
  const bool quoted = length > 2 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0];
  if (!quoted) return false;
  memmove(value, value + 1, length - 2);
  value[length - 2] = '\0';
  return true;
}

enum { FILE_NAME, COLUMN, UNIT, N_PARTS };

static mnz_status read_table_call(const char *text, mnz_call *c, mnz_argument parts[N_PARTS],
                                  mnz_error *err) {
  static const char *const expected = "expected empirical('file.csv', column 'name', unit 'd')";
  static const char *const names[N_PARTS] = {"", "column", "unit"};
  for (size_t p = 0; p < N_PARTS; p++) parts[p] = (mnz_argument){.value = ""};
  for (size_t left = c->count; left > 0; left--) {
    mnz_argument arg;
    const mnz_status status = mnz_call_take(text, c, &arg, err);
    if (status != MNZ_OK) return status;
    size_t p = 0;
    while (p < N_PARTS && strcmp(names[p], arg.name) != 0) p++;
    if (p == N_PARTS || parts[p].value[0] != '\0' || !unquote(arg.value))
      return mnz_call_wrong_since(text, expected, err);
    parts[p] = arg;
  }
  if (parts[FILE_NAME].value[0] == '\0' || parts[COLUMN].value[0] == '\0')
    return mnz_call_wrong_since(text, expected, err);
  return MNZ_OK;
}

static mnz_status read_table(const char *text, mnz_call *c, mnz_dim dim, const mnz_quantity_context *context,
                             double **values, size_t *count, mnz_error *err) {
  mnz_argument parts[N_PARTS];
  mnz_status status = read_table_call(text, c, parts, err);
  if (status != MNZ_OK) return status;
  const bool bare = dim == MNZ_DIM_NUMBER || dim == MNZ_DIM_SHARE || dim == MNZ_DIM_DATE;
  if (parts[UNIT].value[0] == '\0' && !bare)
    return mnz_call_wrong_since(
        text, "the argument \"unit\" is missing: what the numbers of the table are measured in", err);

  const mnz_table_column table = {
      .file = parts[FILE_NAME].value, .column = parts[COLUMN].value, .unit = parts[UNIT].value, .dim = dim};
  mnz_error why;
  status = mnz_table_column_read(&table, context, values, count, &why);
  if (status == MNZ_NO_MEMORY) return mnz_fail(err, status, why.where, "%s", why.message);
  return status == MNZ_OK ? MNZ_OK : mnz_call_wrong_since(text, why.message, err);
}

/* ---- empirical(3 d, 5 d, 9 d) ---- */

static mnz_status read_values(const char *text, mnz_call *c, mnz_dim dim, const mnz_quantity_context *context,
                              double **values, size_t *count, mnz_error *err) {
  if (c->count == 0)
    return mnz_call_wrong_since(
        text, "expected values such as empirical(3, 5, 9), or empirical('file.csv', column 'name', unit 'd')",
        err);
  *values = mnz_arena_alloc(context->arena, c->count, sizeof **values, err);
  if (*values == NULL) return MNZ_NO_MEMORY;
  for (*count = 0; *count < c->count; (*count)++) {
    mnz_argument arg;
    mnz_status status = mnz_call_take(text, c, &arg, err);
    if (status == MNZ_OK && arg.name[0] != '\0')
      status =
          mnz_call_wrong_since(text, "values have no names; expected some such as empirical(3, 5, 9)", err);
    if (status == MNZ_OK) status = read_value(&arg, "value", dim, context, &(*values)[*count], err);
    if (status != MNZ_OK) return status;
  }
  return MNZ_OK;
}

/* A table's first argument is in quotes, or has a name; a value begins with neither. */
static bool is_table_call(const mnz_call *c) {
  return *c->at == '\'' || *c->at == '"' || mnz_is_letter(*c->at);
}

static mnz_status make_from_table(const char *text, mnz_call *c, mnz_dim dim,
                                  const mnz_quantity_context *context, mnz_distribution *value,
                                  mnz_error *err) {
  double *values;
  size_t count;
  mnz_error why;
  mnz_status status =
      (is_table_call(c) ? read_table : read_values)(text, c, dim, context, &values, &count, err);
  if (status != MNZ_OK) return status;
  status = strcmp(c->name, "empirical") == 0
               ? mnz_distribution_empirical(value, values, count, &why)
               : mnz_distribution_trace(value, values, count, strcmp(c->name, "cycle") == 0, &why);
  return status == MNZ_OK ? MNZ_OK : mnz_call_wrong_since(text, why.message, err);
}

bool mnz_distribution_table_unit(const char *text, char unit[MNZ_QUANTITY_ROOM]) {
  mnz_call c;
  mnz_argument parts[N_PARTS];
  if (!mnz_is_letter(*mnz_skip_spaces(text)) || strchr(text, '(') == NULL) return false;
  if (mnz_call_read(text, &c, NULL) != MNZ_OK || !takes_table(c.name) || !is_table_call(&c)) return false;
  if (read_table_call(text, &c, parts, NULL) != MNZ_OK) return false;
  (void)snprintf(unit, MNZ_QUANTITY_ROOM, "%.*s", MNZ_QUANTITY_ROOM - 1, parts[UNIT].value);
  return true;
}

/* ---- the public side ---- */

mnz_status mnz_quantity_distribution(const char *text, mnz_dim dim, const mnz_quantity_context *context,
                                     mnz_distribution *value, mnz_error *err) {
  if (!mnz_is_letter(*mnz_skip_spaces(text))) {
    double constant;
    const mnz_status status = mnz_quantity_number(text, dim, context, &constant, err);
    if (status == MNZ_OK) *value = mnz_distribution_constant(constant);
    return status;
  }
  if (strchr(text, '(') == NULL) {
    mnz_buffer detail = {0};
    mnz_buffer_print(&detail, "expected %s, or a distribution of it", mnz_quantity_phrase(dim));
    return mnz_call_wrong(text, &detail, err);
  }
  mnz_call c;
  const mnz_status status = mnz_call_read(text, &c, err);
  if (status != MNZ_OK) return status;
  if (strcmp(c.name, "discrete") == 0) return make_discrete(text, &c, dim, context, value, err);
  if (takes_table(c.name)) return make_from_table(text, &c, dim, context, value, err);
  return make_from_form(text, &c, dim, context, value, err);
}
