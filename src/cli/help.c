/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, written from the tables, for a terminal of 80 columns. */
#include "cli/cli.h"

#include <string.h>

enum { COLUMNS = 79, GAP = 2 };

/* Words of `text` from column `at` on, further lines indented. */
static void print_wrapped(FILE *to, const char *text, size_t at, size_t indent) {
  bool first = true;
  for (const char *word = text; *word != '\0';) {
    const size_t length = strcspn(word, " ");
    if (!first && at + 1 + length > COLUMNS) {
      fprintf(to, "\n%*s", (int)indent, "");
      at = indent;
    } else if (!first) {
      fputc(' ', to);
      at++;
    }
    fprintf(to, "%.*s", (int)length, word);
    at += length;
    first = false;
    word += length + strspn(word + length, " ");
  }
  fputc('\n', to);
}

/* "-o, --output=RESULTS.h5"; its length. Without a stream: only the length. */
static size_t print_option_name(FILE *to, const mnz_cli_option *o) {
  char letter[5] = "    ";
  if (o->letter != 0) snprintf(letter, sizeof letter, "-%c, ", o->letter);
  const char *sign = o->argument != NULL ? "=" : "";
  const char *argument = o->argument != NULL ? o->argument : "";
  if (to != NULL) fprintf(to, "%s--%s%s%s", letter, o->name, sign, argument);
  return strlen(letter) + strlen("--") + strlen(o->name) + strlen(sign) + strlen(argument);
}

static void print_options(FILE *to, const mnz_cli_command *command) {
  size_t width = 0;
  const mnz_cli_option *o;
  for (size_t k = 0; (o = mnz_cli_option_at(command, k)) != NULL; k++) {
    const size_t length = o->hidden ? 0 : print_option_name(NULL, o);
    if (length > width) width = length;
  }
  fputs("\noptions:\n", to);
  for (size_t k = 0; (o = mnz_cli_option_at(command, k)) != NULL; k++) {
    if (o->hidden) continue;
    fprintf(to, "%*s", GAP, "");
    fprintf(to, "%*s", (int)(width - print_option_name(to, o) + GAP), "");
    print_wrapped(to, o->help, GAP + width + GAP, GAP + width + GAP);
  }
}

static void print_commands(FILE *to) {
  enum { NAME_WIDTH = 10 };
  fputs("\ncommands:\n", to);
  for (const mnz_cli_command *const *c = mnz_cli_commands; *c != NULL; c++)
    fprintf(to, "%*s%-*s%s\n", GAP, "", NAME_WIDTH, (*c)->name, (*c)->summary);
}

void mnz_cli_print_help(FILE *to, const mnz_cli_command *command) {
  const bool whole = command == &mnz_cli_program;
  fprintf(to, "monazite%s%s: %s\n\n", whole ? "" : " ", whole ? "" : command->name, command->summary);
  fprintf(to, "usage: monazite%s%s [OPTION]...%s%s\n\n", whole ? "" : " ", whole ? "" : command->name,
          command->operand != NULL ? " " : "", command->operand != NULL ? command->operand : "");
  print_wrapped(to, command->description, 0, 0);
  if (whole) print_commands(to);
  print_options(to, command);
  fprintf(to, "\nexample:\n  %s\n", command->example);
  if (whole) fputs("\n\"monazite help COMMAND\" says more of a command.\n", to);
}
