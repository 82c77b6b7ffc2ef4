/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual page monazite(1), written from the tables in man(7). */
#include "cli/cli.h"

#include <ctype.h>

#include "monazite/version.h"

/* Text as troff must see it: its own signs escaped, hyphens that may be copied into a shell. */
static void put(FILE *to, const char *text) {
  if (*text == '.' || *text == '\'') fputs("\\&", to);
  for (; *text != '\0'; text++) {
    if (*text == '\\') {
      fputs("\\e", to);
    } else if (*text == '-') {
      fputs("\\-", to);
    } else {
      fputc(*text, to);
    }
  }
}

static void line(FILE *to, const char *before, const char *text, const char *after) {
  fputs(before, to);
  put(to, text);
  fprintf(to, "%s\n", after);
}

static void print_option(FILE *to, const mnz_cli_option *o) {
  if (o->hidden) return;
  fputs(".TP\n", to);
  if (o->letter != 0) fprintf(to, "\\fB\\-%c\\fR, ", o->letter);
  fputs("\\fB\\-\\-", to);
  put(to, o->name);
  line(to, o->argument != NULL ? "\\fR=\\fI" : "\\fR", o->argument != NULL ? o->argument : "", "\\fR");
  line(to, "", o->help, "");
}

/* Those that all commands share are described once, with the program. */
static void print_options(FILE *to, const mnz_cli_command *command) {
  const mnz_cli_option *o;
  for (size_t k = 0; (o = mnz_cli_option_at(command, k)) != NULL; k++) {
    if (command == &mnz_cli_program || !mnz_cli_option_is_common(o)) print_option(to, o);
  }
}

static void print_command(FILE *to, const mnz_cli_command *command) {
  line(to, ".SS \"monazite ", command->name, "\"");
  fprintf(to, "\\fBmonazite %s\\fR [\\fIOPTION\\fR]...", command->name);
  line(to, " \\fI", command->operand != NULL ? command->operand : "", "\\fR");
  fprintf(to, ".PP\n%c", toupper((unsigned char)command->summary[0]));
  line(to, "", command->summary + 1, ".");
  line(to, "", command->description, "");
  print_options(to, command);
}

static void print_exits(FILE *to) {
  fputs(".SH EXIT STATUS\nAs in sysexits.\n", to);
  for (const mnz_cli_exit *e = mnz_cli_exits; e->text != NULL; e++)
    fprintf(to, ".TP\n\\fB%d\\fR\n%s\n", e->code, e->text);
}

static void print_examples(FILE *to) {
  fputs(".SH EXAMPLES\n", to);
  for (const mnz_cli_command *const *c = mnz_cli_commands; *c != NULL; c++) {
    line(to, ".PP\n", (*c)->summary, ":");
    line(to, ".PP\n.RS 4\n.nf\n", (*c)->example, "\n.fi\n.RE");
  }
}

void mnz_cli_print_man(FILE *to) {
  fprintf(to, ".TH MONAZITE 1 \"\" \"monazite %s\" \"User Commands\"\n", MNZ_VERSION);
  line(to, ".SH NAME\nmonazite \\- ", mnz_cli_program.summary, "");
  fputs(".SH SYNOPSIS\n\\fBmonazite\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n", to);
  line(to, ".SH DESCRIPTION\n", mnz_cli_program.description, "");
  fputs(".SH OPTIONS\nAll but the first belong to every command.\n", to);
  print_options(to, &mnz_cli_program);
  fputs(".SH COMMANDS\n", to);
  for (const mnz_cli_command *const *c = mnz_cli_commands; *c != NULL; c++) print_command(to, *c);
  print_exits(to);
  fputs(".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nwhen set and not empty, nothing is coloured unless "
        "\\fB\\-\\-color=always\\fR asks for it\n"
        ".TP\n\\fBTERM\\fR\nwhen \\fIdumb\\fR, nothing is coloured and no progress is shown\n",
        to);
  fputs(".SH FILES\n.TP\n\\fI*.cfg\\fR\na scenario: libconfig text; \\fBmonazite describe\\fR prints its "
        "reference\n"
        ".TP\n\\fI*.h5\\fR\nresults: HDF5 by the CF conventions; while it is being written the file is "
        "called \\fI*.h5.part\\fR\n",
        to);
  print_examples(to);
}
