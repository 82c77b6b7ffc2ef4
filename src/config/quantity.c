/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading numbers with units. A number is kept in decimal until its unit is known, so that "0.1 t" is exactly
 * 100000000 mg. Nothing here depends on the locale. */
#include "config/quantity_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/file_text.h"
#include "monazite/calendar.h"

enum { MAX_EXPONENT = 9999, WORD_ROOM = 24, NUMBER_ROOM = MNZ_QUANTITY_ROOM };

__extension__ typedef unsigned __int128 wide;

/* digits * 10^exponent */
typedef struct decimal {
  bool negative;
  uint64_t digits;
  int32_t exponent;
} decimal;

/* ---- messages ---- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

const char *mnz_quantity_quote(const char *text, char out[MNZ_QUOTE_ROOM]) {
  enum { TAIL = sizeof "...\"" };
  const char *end = text + strlen(text);
  size_t used = 0;
  out[used++] = '"';
  while (text < end) {
    const size_t length = mnz_utf8_length(text, end);
    const size_t step = length > 0 ? length : 1;
    if (used + step + TAIL > MNZ_QUOTE_ROOM) {
      memcpy(out + used, "...", 3);
      used += 3;
      break;
    }
    const bool printable = length > 1 || (length == 1 && *text >= ' ' && *text != 0x7F);
    if (printable)
      memcpy(out + used, text, step);
    else
      out[used] = '?';
    used += printable ? step : 1;
    text += step;
  }
  out[used++] = '"';
  out[used] = '\0';
  return out;
}

/* The one form of a refusal: what was found; what was expected. */
static mnz_status refuse(const char *text, const char *expected, mnz_error *err) {
  char found[MNZ_QUOTE_ROOM];
  return mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; expected %s", mnz_quantity_quote(text, found),
                  expected);
}

static mnz_status refuse_size(const char *text, mnz_dim dim, mnz_error *err) {
  static const char *const most[] = {
      [MNZ_DIM_NUMBER] = "at most 1e308",     [MNZ_DIM_SHARE] = "at most 1e308",
      [MNZ_DIM_MASS] = "at most 9223 Mt",     [MNZ_DIM_TIME] = "at most 292471 yr",
      [MNZ_DIM_RATE] = "at most 9223 Mt",     [MNZ_DIM_DATE] = "a date before the year 10000",
      [MNZ_DIM_MONEY] = "at most 9e18 USD",   [MNZ_DIM_PRICE] = "at most 9e18 USD",
      [MNZ_DIM_HOLDING] = "at most 9e18 USD", [MNZ_DIM_SPENDING] = "at most 9e18 USD"};
  return refuse(text, most[dim], err);
}

static mnz_status refuse_unit(const char *text, const char *word, mnz_dim dim, const char *expected,
                              mnz_error *err) {
  char found[MNZ_QUOTE_ROOM];
  char unit[MNZ_QUOTE_ROOM];
  mnz_quantity_quote(text, found);
  mnz_quantity_quote(word, unit);
  const char *meant = mnz_unit_meant(word, dim);
  if (meant != NULL)
    return mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; there is no unit %s; did you mean \"%s\"?", found,
                    unit, meant);
  return mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; there is no unit %s; expected %s", found, unit,
                  expected);
}

/* ---- numbers ---- */

/* Adds the digits at *at; those beyond what 64 bits hold only count as zeros. */
static void take_digits(const char **at, bool after_point, decimal *out) {
  for (; is_digit(**at); (*at)++) {
    const bool room = out->digits <= (UINT64_MAX - 9) / 10;
    if (room) out->digits = out->digits * 10 + (uint64_t)(**at - '0');
    if (room && after_point) out->exponent--;
    if (!room && !after_point) out->exponent++;
  }
}

/* The number at `at`; returns where it ends, or NULL if there is none. */
static const char *read_decimal(const char *at, decimal *out) {
  *out = (decimal){.negative = *at == '-'};
  if (*at == '-') at++;
  if (!is_digit(*at)) return NULL;
  take_digits(&at, false, out);
  if (at[0] == '.' && is_digit(at[1])) {
    at++;
    take_digits(&at, true, out);
  }
  const size_t sign = (*at == 'e' || *at == 'E') && (at[1] == '-' || at[1] == '+') ? 1 : 0;
  if ((*at == 'e' || *at == 'E') && is_digit(at[1 + sign])) {
    const bool negative = at[1] == '-';
    int32_t exponent = 0;
    for (at += 1 + sign; is_digit(*at); at++)
      if (exponent < MAX_EXPONENT) exponent = exponent * 10 + (*at - '0');
    out->exponent += negative ? -exponent : exponent;
  }
  return at;
}

/* The nearest double to the decimal * 10^shift; infinite if none is near. Written without a decimal point,
 * the number means the same to strtod in every locale. */
static double decimal_value(decimal d, int32_t shift) {
  if (d.digits == 0) return 0;
  char text[NUMBER_ROOM];
  (void)snprintf(text, sizeof text, "%s%" PRIu64 "e%" PRId32, d.negative ? "-" : "", d.digits,
                 d.exponent + shift);
  return strtod(text, NULL);
}

/* The decimal times a whole unit, rounded to the nearest whole number, halves away from zero. Returns false
 * if that does not fit. *exact says that nothing was rounded. */
static bool decimal_count(decimal d, const mnz_unit *unit, int64_t *count, bool *exact) {
  enum { LEAST_EXPONENT = -34 }; /* digits * size is below 10^33: less than this leaves nothing */
  wide value = (wide)d.digits * (uint64_t)unit->size;
  int32_t exponent = value > 0 ? d.exponent : 0;
  for (; exponent > 0 && value <= INT64_MAX; exponent--) value *= 10;
  if (exponent < LEAST_EXPONENT) {
    value = 0;
    exponent = 0;
  }

  wide divisor = 1;
  for (; exponent < 0; exponent++) divisor *= 10;
  const wide rest = value % divisor;
  const wide whole = value / divisor + (rest >= divisor - rest ? 1 : 0);
  *exact = rest == 0 && (value > 0 || d.digits == 0);
  if (whole > INT64_MAX) return false;
  *count = d.negative ? -(int64_t)whole : (int64_t)whole;
  return true;
}

/* ---- amounts: a number and what stands behind it ---- */

typedef struct amount {
  decimal number;
  char unit[WORD_ROOM];   /* "" when there is none */
  char per[WORD_ROOM];    /* behind a stroke; "" when there is none */
  char per_it[WORD_ROOM]; /* behind another one */
  const char *rest;       /* what comes then */
} amount;

static bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '%' || (unsigned char)c >= 0x80;
}

/* The word at `at`, cut if it is too long to mean anything; returns what comes after it and spaces. */
static const char *read_word(const char *at, char word[WORD_ROOM]) {
  size_t length = 0;
  for (; is_word(*at); at++)
    if (length + 1 < WORD_ROOM) word[length++] = *at;
  word[length] = '\0';
  return mnz_skip_spaces(at);
}

static mnz_status read_amount(const char *text, const char *expected, amount *out, mnz_error *err) {
  const char *at = read_decimal(mnz_skip_spaces(text), &out->number);
  if (at == NULL) return refuse(text, expected, err);
  at = mnz_skip_spaces(at);
  if (*at != '\0' && strchr(",.'_0123456789", *at) != NULL)
    return refuse(text, "a number such as 1234.5, with nothing between thousands", err);

  at = read_word(at, out->unit);
  if (strcmp(out->unit, "working") == 0) return refuse(text, "calendar days such as \"45 d\"", err);
  char *const pers[] = {out->per, out->per_it};
  out->per[0] = out->per_it[0] = '\0';
  for (size_t i = 0; i < sizeof pers / sizeof pers[0] && *at == '/'; i++) {
    at = read_word(mnz_skip_spaces(at + 1), pers[i]);
    if (pers[i][0] == '\0') return refuse(text, expected, err);
  }
  out->rest = at;
  return MNZ_OK;
}

static mnz_status find_unit(const char *text, const char *word, mnz_dim dim, const char *expected,
                            const mnz_unit **unit, mnz_error *err) {
  if (word[0] == '\0') return refuse(text, expected, err);
  *unit = mnz_unit_find(word);
  if (*unit == NULL) return refuse_unit(text, word, dim, expected, err);
  return (*unit)->dim == dim ? MNZ_OK : refuse(text, expected, err);
}

/* A number with a unit of `dim` and nothing else. */
static mnz_status read_measure(const char *text, mnz_dim dim, decimal *number, const mnz_unit **unit,
                               mnz_error *err) {
  const char *expected = mnz_quantity_phrase(dim);
  amount a;
  mnz_status status = read_amount(text, expected, &a, err);
  if (status == MNZ_OK) status = find_unit(text, a.unit, dim, expected, unit, err);
  if (status == MNZ_OK && (a.per[0] != '\0' || *a.rest != '\0')) status = refuse(text, expected, err);
  *number = a.number;
  return status;
}

/* The number in the base unit: exact where that is whole. Infinite if 64 bits do not hold it. */
static double measure_value(decimal number, const mnz_unit *unit) {
  int64_t count;
  bool exact;
  if (!decimal_count(number, unit, &count, &exact)) return INFINITY;
  return exact ? (double)count : decimal_value(number, 0) * unit->size;
}

static mnz_status read_count(const char *text, mnz_dim dim, int64_t *count, mnz_error *err) {
  decimal number;
  const mnz_unit *unit;
  const mnz_status status = read_measure(text, dim, &number, &unit, err);
  if (status != MNZ_OK) return status;
  bool exact;
  return decimal_count(number, unit, count, &exact) ? MNZ_OK : refuse_size(text, dim, err);
}

mnz_status mnz_quantity_mass(const char *text, mnz_mass *value, mnz_error *err) {
  return read_count(text, MNZ_DIM_MASS, value, err);
}

mnz_status mnz_quantity_time(const char *text, mnz_time *value, mnz_error *err) {
  return read_count(text, MNZ_DIM_TIME, value, err);
}

mnz_status mnz_quantity_date(const char *text, int64_t *us_since_1970, mnz_error *err) {
  if (mnz_moment_parse(text, us_since_1970)) return MNZ_OK;
  return refuse(text, mnz_quantity_phrase(MNZ_DIM_DATE), err);
}

/* A share over a time: both. */
static mnz_status read_growth(const char *text, const char *expected, double *share, double *time,
                              mnz_error *err) {
  amount a;
  const mnz_unit *unit;
  const mnz_unit *per;
  mnz_status status = read_amount(text, expected, &a, err);
  if (status == MNZ_OK) status = find_unit(text, a.unit, MNZ_DIM_SHARE, expected, &unit, err);
  if (status == MNZ_OK) status = find_unit(text, a.per, MNZ_DIM_TIME, expected, &per, err);
  if (status == MNZ_OK && (a.per_it[0] != '\0' || *a.rest != '\0')) status = refuse(text, expected, err);
  if (status != MNZ_OK) return status;
  *share = decimal_value(a.number, -2);
  *time = per->size;
  return isfinite(*share) ? MNZ_OK : refuse_size(text, MNZ_DIM_SHARE, err);
}

mnz_status mnz_quantity_growth(const char *text, double *per_us, mnz_error *err) {
  double share;
  double time;
  const mnz_status status = read_growth(text, "a growth such as \"12 %/yr\"", &share, &time, err);
  if (status == MNZ_OK) *per_us = share / time;
  return status;
}

mnz_status mnz_quantity_volatility(const char *text, double *per_us, mnz_error *err) {
  double share;
  double time;
  const mnz_status status = read_growth(text, "a volatility such as \"40 %/yr\"", &share, &time, err);
  if (status == MNZ_OK) *per_us = share / sqrt(time);
  return status;
}

/* ---- rates ---- */

static mnz_status add_to_basis(const char *text, const char *word, mnz_names elements, uint32_t *basis,
                               mnz_error *err) {
  char found[MNZ_QUOTE_ROOM];
  char name[MNZ_QUOTE_ROOM];
  mnz_quantity_quote(text, found);
  mnz_quantity_quote(word, name);
  for (int32_t i = 0; i < elements.count; i++) {
    if (strcmp(elements.at[i], word) != 0) continue;
    if (*basis >> i & 1)
      return mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; the element %s is said twice", found, name);
    *basis |= UINT32_C(1) << i;
    return MNZ_OK;
  }
  const char *meant = mnz_quantity_meant(word, elements.at, (size_t)elements.count);
  if (meant != NULL)
    return mnz_fail(err, MNZ_SCENARIO, NULL, "found %s; there is no element %s here; did you mean \"%s\"?",
                    found, name, meant);
  return mnz_fail(err, MNZ_SCENARIO, NULL,
                  "found %s; there is no element %s here; expected \"REO\" or elements such as \"Nd+Pr\"",
                  found, name);
}

/* "REO" or "Nd+Pr", up to the end of the text. */
static mnz_status read_basis(const char *text, const char *at, mnz_names elements, uint32_t *basis,
                             mnz_error *err) {
  char word[WORD_ROOM];
  *basis = 0;
  for (bool more = true; more;) {
    at = read_word(at, word);
    if (strcmp(word, "REO") == 0 && *basis == 0 && *at == '\0' && elements.count > 0) {
      *basis = UINT32_MAX >> (MNZ_MAX_ELEMENTS - elements.count);
      return MNZ_OK;
    }
    const mnz_status status = add_to_basis(text, word, elements, basis, err);
    if (status != MNZ_OK) return status;
    more = *at == '+';
    if (more) at = mnz_skip_spaces(at + 1);
  }
  return *at == '\0' ? MNZ_OK : refuse(text, mnz_quantity_phrase(MNZ_DIM_RATE), err);
}

mnz_status mnz_quantity_rate(const char *text, const mnz_quantity_context *context, mnz_rate *value,
                             mnz_error *err) {
  const char *expected = mnz_quantity_phrase(MNZ_DIM_RATE);
  amount a;
  const mnz_unit *unit;
  const mnz_unit *per;
  mnz_rate rate = {0};
  mnz_status status = read_amount(text, expected, &a, err);
  if (status == MNZ_OK) status = find_unit(text, a.unit, MNZ_DIM_MASS, expected, &unit, err);
  if (status == MNZ_OK) status = find_unit(text, a.per, MNZ_DIM_TIME, expected, &per, err);
  if (status == MNZ_OK && a.per_it[0] != '\0') status = refuse(text, expected, err);
  if (status == MNZ_OK && *a.rest != '\0')
    status = read_basis(text, a.rest, context->elements, &rate.basis, err);
  if (status != MNZ_OK) return status;
  rate.per_us = measure_value(a.number, unit) / per->size;
  if (!isfinite(rate.per_us)) return refuse_size(text, MNZ_DIM_RATE, err);
  *value = rate;
  return MNZ_OK;
}

/* ---- money ---- */

/* Divides *value by the unit behind a stroke. Of a mass and a time, what is still wanted is each taken once,
 * in whatever order. */
static mnz_status divide_by(const char *text, const char *word, const char *expected, bool *mass, bool *time,
                            double *value, mnz_error *err) {
  const mnz_unit *unit;
  const mnz_unit *const known = mnz_unit_find(word);
  const bool is_time = *time && (!*mass || (known != NULL && known->dim == MNZ_DIM_TIME));
  const mnz_status status =
      find_unit(text, word, is_time ? MNZ_DIM_TIME : MNZ_DIM_MASS, expected, &unit, err);
  if (status != MNZ_OK) return status;
  *(is_time ? time : mass) = false;
  *value /= unit->size;
  return MNZ_OK;
}

static mnz_status read_money(const char *text, mnz_dim dim, double *value, mnz_error *err) {
  const char *expected = mnz_quantity_phrase(dim);
  bool mass = dim == MNZ_DIM_PRICE || dim == MNZ_DIM_HOLDING;
  bool time = dim == MNZ_DIM_HOLDING || dim == MNZ_DIM_SPENDING;
  amount a;
  const mnz_unit *unit;
  mnz_status status = read_amount(text, expected, &a, err);
  if (status == MNZ_OK) status = find_unit(text, a.unit, MNZ_DIM_MONEY, expected, &unit, err);
  if (status != MNZ_OK) return status;
  double money = measure_value(a.number, unit);
  const char *const pers[] = {a.per, a.per_it};
  for (size_t i = 0; i < sizeof pers / sizeof pers[0] && status == MNZ_OK && (mass || time); i++)
    status = divide_by(text, pers[i], expected, &mass, &time, &money, err);
  if (status != MNZ_OK) return status;
  const char *const beyond = dim == MNZ_DIM_MONEY ? a.per : dim == MNZ_DIM_HOLDING ? "" : a.per_it;
  if (beyond[0] != '\0' || *a.rest != '\0') return refuse(text, expected, err);
  if (!isfinite(money)) return refuse_size(text, dim, err);
  *value = money;
  return MNZ_OK;
}

mnz_status mnz_quantity_amount(const char *text, const mnz_quantity_context *context, mnz_amount *value,
                               mnz_error *err) {
  const char *expected = "a mass such as \"1 kt\" or \"1 kt Nd+Pr\"";
  amount a;
  const mnz_unit *unit;
  mnz_amount read = {0};
  bool exact;
  mnz_status status = read_amount(text, expected, &a, err);
  if (status == MNZ_OK) status = find_unit(text, a.unit, MNZ_DIM_MASS, expected, &unit, err);
  if (status == MNZ_OK && a.per[0] != '\0') status = refuse(text, expected, err);
  if (status == MNZ_OK && *a.rest != '\0')
    status = read_basis(text, a.rest, context->elements, &read.basis, err);
  if (status != MNZ_OK) return status;
  if (!decimal_count(a.number, unit, &read.mass, &exact)) return refuse_size(text, MNZ_DIM_MASS, err);
  *value = read;
  return MNZ_OK;
}

/* ---- any of them as a double ---- */

/* A bare number, or with % if `percent`. */
static mnz_status read_number(const char *text, mnz_dim dim, double *value, mnz_error *err) {
  const char *expected = mnz_quantity_phrase(dim);
  amount a;
  mnz_status status = read_amount(text, expected, &a, err);
  if (status != MNZ_OK) return status;
  int32_t shift = 0;
  if (dim == MNZ_DIM_SHARE && a.unit[0] != '\0') {
    const mnz_unit *unit;
    status = find_unit(text, a.unit, dim, expected, &unit, err);
    shift = -2;
  } else if (a.unit[0] != '\0') {
    status = refuse(text, expected, err);
  }
  if (status == MNZ_OK && (a.per[0] != '\0' || *a.rest != '\0')) status = refuse(text, expected, err);
  if (status != MNZ_OK) return status;
  const double number = decimal_value(a.number, shift);
  if (!isfinite(number)) return refuse_size(text, dim, err);
  *value = number;
  return MNZ_OK;
}

static mnz_status read_measure_value(const char *text, mnz_dim dim, double *value, mnz_error *err) {
  decimal number;
  const mnz_unit *unit;
  const mnz_status status = read_measure(text, dim, &number, &unit, err);
  if (status != MNZ_OK) return status;
  const double measure = measure_value(number, unit);
  if (!isfinite(measure)) return refuse_size(text, dim, err);
  *value = measure;
  return MNZ_OK;
}

static mnz_status read_whole_rate(const char *text, const mnz_quantity_context *context, double *value,
                                  mnz_error *err) {
  mnz_rate rate;
  const mnz_status status = mnz_quantity_rate(text, context, &rate, err);
  if (status != MNZ_OK) return status;
  if (rate.basis != 0) return refuse(text, "a rate of the whole mass such as \"10.5 kt/yr\"", err);
  *value = rate.per_us;
  return MNZ_OK;
}

static mnz_status read_date_since(const char *text, int64_t start_us, double *value, mnz_error *err) {
  int64_t us;
  const mnz_status status = mnz_quantity_date(text, &us, err);
  if (status == MNZ_OK) *value = (double)(us - start_us);
  return status;
}

mnz_status mnz_quantity_number(const char *text, mnz_dim dim, const mnz_quantity_context *context,
                               double *value, mnz_error *err) {
  switch (dim) {
  case MNZ_DIM_NUMBER:
  case MNZ_DIM_SHARE:
    return read_number(text, dim, value, err);
  case MNZ_DIM_MASS:
  case MNZ_DIM_TIME:
    return read_measure_value(text, dim, value, err);
  case MNZ_DIM_RATE:
    return read_whole_rate(text, context, value, err);
  case MNZ_DIM_DATE:
    return read_date_since(text, context->start_us, value, err);
  case MNZ_DIM_MONEY:
  case MNZ_DIM_PRICE:
  case MNZ_DIM_HOLDING:
  case MNZ_DIM_SPENDING:
    return read_money(text, dim, value, err);
  }
  return refuse(text, mnz_quantity_phrase(dim), err);
}

/* ---- and back ---- */

typedef struct shortest {
  double value;
  mnz_dim dim;
  char text[NUMBER_ROOM];
} shortest;

/* In characters; of equal ones that with fewer digits. */
static bool is_shorter(const char *text, const char *other) {
  const size_t length = strlen(text);
  const size_t other_length = strlen(other);
  return length < other_length || (length == other_length && strcspn(text, " ") < strcspn(other, " "));
}

/* Keeps "number unit/per" if it is shorter than what there is and reads back as the same value. */
static void try_text(shortest *best, double number, const char *unit, const char *per) {
  static const int digits[] = {15, 16, 17}; /* 15 hide the rounding of number, 17 keep all of it */
  const mnz_quantity_context nothing = {0};
  for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++) {
    char text[2 * NUMBER_ROOM];
    const int length = snprintf(text, sizeof text, "%.*g%s%s%s%s", digits[i], number,
                                unit[0] != '\0' ? " " : "", unit, per[0] != '\0' ? "/" : "", per);
    if (best->text[0] != '\0' && !is_shorter(text, best->text)) return;
    double value;
    if (mnz_quantity_number(text, best->dim, &nothing, &value, NULL) != MNZ_OK || value != best->value)
      continue;
    memcpy(best->text, text, (size_t)length + 1);
    return;
  }
}

/* Of two names for one size, which stand together in the table, the first is written. */
static bool is_second_name(const mnz_unit *unit) {
  return unit > mnz_units && unit[-1].dim == unit->dim && unit[-1].size >= unit->size;
}

static void try_per(shortest *best, const mnz_unit *unit, mnz_dim per_dim, const mnz_unit *than) {
  for (const mnz_unit *per = mnz_units; per->name != NULL; per++) {
    if (per->dim != per_dim || is_second_name(per)) continue;
    char pers[2 * WORD_ROOM];
    (void)snprintf(pers, sizeof pers, "%s%s%s", than != NULL ? than->name : "", than != NULL ? "/" : "",
                   per->name);
    const double size = than != NULL ? than->size * per->size : per->size;
    try_text(best, best->value / unit->size * size, unit->name, pers);
  }
}

static void try_units(shortest *best) {
  for (const mnz_unit *unit = mnz_units; unit->name != NULL; unit++) {
    if (unit->dim == best->dim && !is_second_name(unit))
      try_text(best, best->value / unit->size, unit->name, "");
    if (unit->dim == MNZ_DIM_MASS && best->dim == MNZ_DIM_RATE) try_per(best, unit, MNZ_DIM_TIME, NULL);
    if (unit->dim != MNZ_DIM_MONEY) continue;
    if (best->dim == MNZ_DIM_SPENDING) try_per(best, unit, MNZ_DIM_TIME, NULL);
    if (best->dim == MNZ_DIM_PRICE) try_per(best, unit, MNZ_DIM_MASS, NULL);
    for (const mnz_unit *mass = mnz_units; mass->name != NULL && best->dim == MNZ_DIM_HOLDING; mass++)
      if (mass->dim == MNZ_DIM_MASS) try_per(best, unit, MNZ_DIM_TIME, mass);
  }
}

const char *mnz_quantity_format(double value, mnz_dim dim, char out[MNZ_QUANTITY_ROOM]) {
  shortest best = {.value = value, .dim = dim};
  /* Nothing has no size to choose a unit by. */
  if (dim == MNZ_DIM_MASS && value == 0) try_text(&best, 0, "t", "");
  if (dim == MNZ_DIM_TIME && value == 0) try_text(&best, 0, "d", "");
  if (dim == MNZ_DIM_RATE && value == 0) try_text(&best, 0, "t", "d");
  if (dim == MNZ_DIM_MONEY && value == 0) try_text(&best, 0, "USD", "");
  if (dim == MNZ_DIM_PRICE && value == 0) try_text(&best, 0, "USD", "kg");
  if (dim == MNZ_DIM_HOLDING && value == 0) try_text(&best, 0, "USD", "t/yr");
  if (dim == MNZ_DIM_SPENDING && value == 0) try_text(&best, 0, "USD", "yr");
  if (dim == MNZ_DIM_DATE) (void)mnz_moment_format((int64_t)value, best.text);
  if (best.text[0] == '\0') try_units(&best);
  if (best.text[0] == '\0') (void)mnz_text_number(value, best.text);
  memcpy(out, best.text, sizeof best.text);
  return out;
}

const char *mnz_quantity_format_in(double value, mnz_dim dim, const char *unit, char out[MNZ_QUANTITY_ROOM]) {
  shortest best = {.value = value, .dim = dim};
  char word[WORD_ROOM];
  char per[WORD_ROOM];
  const char *at = read_word(mnz_skip_spaces(unit), word);
  const mnz_unit *const of = mnz_unit_find(word);
  const char *const pers = *at == '/' ? mnz_skip_spaces(at + 1) : "";
  double number = value / (of != NULL ? of->size : 1);
  while (*at == '/') {
    at = read_word(mnz_skip_spaces(at + 1), per);
    const mnz_unit *const in = mnz_unit_find(per);
    if (in != NULL) number *= in->size;
  }
  if (dim != MNZ_DIM_DATE) try_text(&best, number, word, pers);
  if (best.text[0] == '\0') return mnz_quantity_format(value, dim, out);
  memcpy(out, best.text, sizeof best.text);
  return out;
}

const char *mnz_quantity_write(double value, mnz_dim dim, mnz_arena *arena, mnz_error *err) {
  char text[MNZ_QUANTITY_ROOM];
  return mnz_arena_text(arena, mnz_quantity_format(value, dim, text), err);
}
