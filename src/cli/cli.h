/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program `monazite`: subcommands as data.
 *
 * A command is one const descriptor; its option table is the only place where an option is written down.
 * Parsing, help, the man page and the completion are all made from it. Adding a command touches its own
 * file and the list in commands.c. */
#ifndef MNZ_CLI_CLI_H
#define MNZ_CLI_CLI_H

#include <stdio.h>

#include "base/memory.h"

/* type: the C type at `offset` in the command's options struct; its value when not given is all zero */
typedef enum mnz_cli_type {
  MNZ_CLI_FLAG,  /* bool */
  MNZ_CLI_TEXT,  /* const char *; the last one counts */
  MNZ_CLI_TEXTS, /* mnz_cli_texts; may be repeated, order kept */
  MNZ_CLI_COUNT, /* int64_t, min .. max */
  MNZ_CLI_CHOICE /* int32_t, index into choices */
} mnz_cli_type;

typedef struct mnz_cli_texts {
  const char **at;
  size_t count;
} mnz_cli_texts;

/* What the shell offers for an argument. */
typedef enum mnz_cli_completes {
  MNZ_CLI_NOTHING,
  MNZ_CLI_SCENARIO, /* *.cfg */
  MNZ_CLI_RESULTS,  /* *.h5 */
  MNZ_CLI_EITHER,
  MNZ_CLI_TOPIC, /* of the reference */
  MNZ_CLI_COMMAND
} mnz_cli_completes;

typedef struct mnz_cli_option {
  const char *name; /* NULL ends a table */
  char letter;      /* 0: none */
  mnz_cli_type type;
  size_t offset;
  const char *argument;       /* "RESULTS.h5"; NULL: a flag */
  const char *const *choices; /* CHOICE: NULL-terminated */
  int64_t min, max;           /* COUNT */
  mnz_cli_completes completes;
  bool hidden; /* from help, man page and completion */
  const char *help;
} mnz_cli_option;

/* Options that every command has; an options struct begins with them. */
typedef struct mnz_cli_common {
  bool help;
  bool quiet;
  bool verbose;
  bool json;     /* only of commands with takes_json */
  int32_t color; /* mnz_cli_color */
} mnz_cli_common;
typedef enum mnz_cli_color { MNZ_CLI_COLOR_AUTO, MNZ_CLI_COLOR_ALWAYS, MNZ_CLI_COLOR_NEVER } mnz_cli_color;

/* What a running command is given beside its options. */
typedef struct mnz_cli {
  mnz_cli_common common;
  bool color_out; /* standard output may be coloured */
  bool color_err;
  bool silent;              /* a rank that helps: what there is to say of a scenario rank 0 says */
  const char *name;         /* of the command */
  const char *command_line; /* as typed, quoted where needed */
  char *const *operands;
  int n_operands;
  mnz_arena *arena;      /* dies with the program */
  struct mnz_team *team; /* other ranks (batch/team.h); NULL: this process is alone */
} mnz_cli;

typedef struct mnz_cli_command {
  const char *name;
  const char *summary;     /* one line */
  const char *description; /* a paragraph */
  const char *example;     /* a command line */
  const char *operand;     /* "FILE", "[TOPIC]"; NULL: none */
  int min_operands, max_operands;
  mnz_cli_completes completes; /* the operands */
  const mnz_cli_option *options;
  size_t options_size;
  bool takes_json;
  /* Fails with an empty message when all has been said already. */
  mnz_status (*run)(const mnz_cli *cli, const void *options, mnz_error *err);
} mnz_cli_command;

/* The whole program ("monazite" with its own options), and its commands, NULL-terminated. */
extern const mnz_cli_command mnz_cli_program;
extern const mnz_cli_command *const mnz_cli_commands[];
typedef struct mnz_cli_program_options {
  mnz_cli_common common;
  bool version;
  bool man;
  bool completion;
} mnz_cli_program_options;

extern const mnz_cli_command mnz_cli_run;
extern const mnz_cli_command mnz_cli_batch;
extern const mnz_cli_command mnz_cli_merge;
extern const mnz_cli_command mnz_cli_compare;
extern const mnz_cli_command mnz_cli_trace;
extern const mnz_cli_command mnz_cli_why;
extern const mnz_cli_command mnz_cli_calendar;
extern const mnz_cli_command mnz_cli_validate;
extern const mnz_cli_command mnz_cli_explain;
extern const mnz_cli_command mnz_cli_describe;
extern const mnz_cli_command mnz_cli_info;
extern const mnz_cli_command mnz_cli_help;
extern const mnz_cli_command mnz_cli_version;

/* NULL, and an error with a suggestion (MNZ_USAGE), if there is none of that name. */
const mnz_cli_command *mnz_cli_find(const char *name, mnz_error *err);

/* The k-th option of a command, its own first, then the common ones; NULL after the last. */
const mnz_cli_option *mnz_cli_option_at(const mnz_cli_command *command, size_t k);
bool mnz_cli_option_is_common(const mnz_cli_option *option);

/* Fills the command's options struct (zeroed by the caller) from argv[1 ..]; operands end up behind the
 * options, from *first on. With `stop_early` at the first operand. Fails with MNZ_USAGE. */
mnz_status mnz_cli_parse(const mnz_cli_command *command, int argc, char **argv, bool stop_early,
                         mnz_arena *arena, void *options, int *first, mnz_error *err);

/* All written from the tables. A stream that cannot be written is noticed at the end of main. */
void mnz_cli_print_help(FILE *to, const mnz_cli_command *command);
void mnz_cli_print_man(FILE *to);
void mnz_cli_print_completion(FILE *to);

/* The whole program; its exit code. `team`: as above. */
int mnz_cli_main(int argc, char **argv, struct mnz_team *team);

/* One line on standard error; none where the message is empty: all has been said then. */
void mnz_cli_print_error(const mnz_error *err);

/* The exit code of a status (sysexits), and the list of them for the manual, ending with text NULL. */
typedef struct mnz_cli_exit {
  int code;
  const char *text;
} mnz_cli_exit;
extern const mnz_cli_exit mnz_cli_exits[];
int mnz_cli_exit_code(mnz_status status);

#endif
