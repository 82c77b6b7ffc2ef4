/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line by the tables, through getopt_long. */
#include "cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* A long option's value in getopt: beyond all letters. */
enum { LONG_BASE = 256 };

/* One command line being read. */
typedef struct reader {
  const mnz_cli_command *command;
  mnz_arena *arena;
  char *options;      /* the command's struct */
  size_t n_arguments; /* no option can be repeated more often */
  struct option *longs;
  char *shorts;
  size_t n_options;
} reader;

/* getopt's two tables. Its own messages are off (":"): ours say what was meant. */
static mnz_status prepare(reader *r, bool stop_early, mnz_error *err) {
  while (mnz_cli_option_at(r->command, r->n_options) != NULL) r->n_options++;
  r->longs = mnz_arena_alloc(r->arena, r->n_options + 1, sizeof *r->longs, err);
  r->shorts = mnz_arena_alloc(r->arena, 2 * r->n_options + 3, 1, err);
  if (r->longs == NULL || r->shorts == NULL) return MNZ_NO_MEMORY;

  char *letter = r->shorts;
  if (stop_early) *letter++ = '+';
  *letter++ = ':';
  for (size_t k = 0; k < r->n_options; k++) {
    const mnz_cli_option *o = mnz_cli_option_at(r->command, k);
    const int takes = o->argument != NULL ? required_argument : no_argument;
    r->longs[k] = (struct option){.name = o->name, .has_arg = takes, .val = LONG_BASE + (int)k};
    if (o->letter != 0) *letter++ = o->letter;
    if (o->letter != 0 && o->argument != NULL) *letter++ = ':';
  }
  return MNZ_OK;
}

/* What getopt returned (or left in optopt) as an option; NULL if it is none. */
static const mnz_cli_option *option_of(const reader *r, int value) {
  for (size_t k = 0; k < r->n_options; k++) {
    const mnz_cli_option *o = mnz_cli_option_at(r->command, k);
    if (value == LONG_BASE + (int)k || (o->letter != 0 && value == o->letter)) return o;
  }
  return NULL;
}

static mnz_status unknown_long(const reader *r, const char *word, mnz_error *err) {
  const char **names = mnz_arena_alloc(r->arena, r->n_options, sizeof *names, err);
  char *bare = mnz_arena_text(r->arena, word + strspn(word, "-"), err);
  if (names == NULL || bare == NULL) return MNZ_NO_MEMORY;
  bare[strcspn(bare, "=")] = '\0';

  const char *begins[2] = {NULL, NULL}; /* the last two that begin like it */
  for (size_t k = 0; k < r->n_options; k++) {
    const mnz_cli_option *o = mnz_cli_option_at(r->command, k);
    names[k] = o->hidden ? NULL : o->name;
    if (strncmp(o->name, bare, strlen(bare)) != 0) continue;
    begins[0] = begins[1];
    begins[1] = o->name;
  }
  if (begins[0] != NULL)
    return mnz_fail(err, MNZ_USAGE, r->command->name, "--%s may be --%s or --%s; write it out", bare,
                    begins[0], begins[1]);
  const char *near = mnz_text_nearest(bare, names, r->n_options);
  if (near != NULL)
    return mnz_fail(err, MNZ_USAGE, r->command->name, "unknown option --%s; did you mean --%s?", bare, near);
  return mnz_fail(err, MNZ_USAGE, r->command->name, "unknown option --%s; --help lists them", bare);
}

/* getopt's '?' and ':' in our words. */
static mnz_status refuse(const reader *r, int code, char *const *argv, mnz_error *err) {
  const char *where = r->command->name;
  const mnz_cli_option *known = option_of(r, optopt);
  if (known != NULL && code == ':')
    return mnz_fail(err, MNZ_USAGE, where, "--%s lacks its argument %s", known->name, known->argument);
  if (known != NULL) return mnz_fail(err, MNZ_USAGE, where, "--%s takes no argument", known->name);
  if (optopt != 0) return mnz_fail(err, MNZ_USAGE, where, "unknown option -%c; --help lists them", optopt);
  return unknown_long(r, argv[optind - 1], err);
}

static mnz_status take_count(const reader *r, const mnz_cli_option *o, const char *text, mnz_error *err) {
  char *end;
  errno = 0;
  const intmax_t value = strtoimax(text, &end, 10);
  if (text[0] == '\0' || *end != '\0' || errno != 0 || value < o->min || value > o->max)
    return mnz_fail(err, MNZ_USAGE, r->command->name,
                    "--%s: found \"%s\"; expected a whole number from %" PRId64 " to %" PRId64, o->name, text,
                    o->min, o->max);
  const int64_t count = value;
  memcpy(r->options + o->offset, &count, sizeof count);
  return MNZ_OK;
}

static mnz_status take_choice(const reader *r, const mnz_cli_option *o, const char *text, mnz_error *err) {
  mnz_buffer all = {0};
  for (int32_t i = 0; o->choices[i] != NULL; i++) {
    if (strcmp(text, o->choices[i]) == 0) {
      memcpy(r->options + o->offset, &i, sizeof i);
      mnz_buffer_free(&all);
      return MNZ_OK;
    }
    mnz_buffer_print(&all, "%s%s", i > 0 ? ", " : "", o->choices[i]);
  }
  mnz_fail(err, MNZ_USAGE, r->command->name, "--%s: found \"%s\"; expected one of %s", o->name, text,
           all.failed ? "its choices" : all.at);
  mnz_buffer_free(&all);
  return MNZ_USAGE;
}

static mnz_status take_texts(const reader *r, const mnz_cli_option *o, const char *text, mnz_error *err) {
  mnz_cli_texts *list = (mnz_cli_texts *)(void *)(r->options + o->offset);
  if (list->at == NULL) list->at = mnz_arena_alloc(r->arena, r->n_arguments, sizeof *list->at, err);
  if (list->at == NULL) return MNZ_NO_MEMORY;
  list->at[list->count++] = text;
  return MNZ_OK;
}

static mnz_status take(const reader *r, const mnz_cli_option *o, const char *text, mnz_error *err) {
  switch (o->type) {
  case MNZ_CLI_FLAG:
    *(bool *)(r->options + o->offset) = true;
    return MNZ_OK;
  case MNZ_CLI_TEXT:
    memcpy(r->options + o->offset, &text, sizeof text);
    return MNZ_OK;
  case MNZ_CLI_TEXTS:
    return take_texts(r, o, text, err);
  case MNZ_CLI_COUNT:
    return take_count(r, o, text, err);
  case MNZ_CLI_CHOICE:
    return take_choice(r, o, text, err);
  }
  return MNZ_OK;
}

static mnz_status check_operands(const mnz_cli_command *command, int count, mnz_error *err) {
  if (count < command->min_operands)
    return mnz_fail(err, MNZ_USAGE, command->name, "%s is missing; usage: monazite %s [OPTION]... %s",
                    command->operand, command->name, command->operand);
  if (count > command->max_operands)
    return mnz_fail(err, MNZ_USAGE, command->name, "too many arguments; usage: monazite %s [OPTION]... %s",
                    command->name, command->operand != NULL ? command->operand : "");
  return MNZ_OK;
}

mnz_status mnz_cli_parse(const mnz_cli_command *command, int argc, char **argv, bool stop_early,
                         mnz_arena *arena, void *options, int *first, mnz_error *err) {
  reader r = {.command = command, .arena = arena, .options = options, .n_arguments = (size_t)argc};
  mnz_status status = prepare(&r, stop_early, err);
  optind = 0; /* glibc: start anew, with the flags of this table */
  for (int code; status == MNZ_OK && (code = getopt_long(argc, argv, r.shorts, r.longs, NULL)) != -1;) {
    const bool good = code != '?' && code != ':';
    status = good ? take(&r, option_of(&r, code), optarg, err) : refuse(&r, code, argv, err);
  }
  *first = optind;
  if (status == MNZ_OK && !((const mnz_cli_common *)options)->help)
    status = check_operands(command, argc - optind, err);
  return status;
}
