/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The completion for bash, written from the tables. It needs bash alone, not the bash-completion package. */
#include "cli/cli.h"

#include "monazite/scenario.h"

/* The part that does not depend on the tables. `words` and `suffix` are set by the generated cases. */
static const char head[] = "# bash completion for monazite, printed by \"monazite --completion\"\n"
                           "_monazite() {\n"
                           "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                           "  local command= words= suffix= i\n"
                           "  # bash cuts --option=value at the sign\n"
                           "  if [[ $word == = ]]; then word=\n"
                           "  elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
                           "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                           "    [[ ${COMP_WORDS[i]} == -* ]] || { command=${COMP_WORDS[i]}; break; }\n"
                           "  done\n"
                           "  case $command:$before in\n";
static const char tail[] =
    "  esac\n"
    "  COMPREPLY=()\n"
    "  if [[ $suffix && $word != -* ]]; then\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen -f -X \"!*.$suffix\" -- \"$word\"; compgen -d -- \"$word\")\n"
    "  else\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
    "  fi\n"
    "}\n"
    "complete -F _monazite monazite\n";

static void print_completes(FILE *to, mnz_cli_completes what) {
  switch (what) {
  case MNZ_CLI_NOTHING:
    break;
  case MNZ_CLI_SCENARIO:
    fputs(" suffix=cfg", to);
    break;
  case MNZ_CLI_RESULTS:
    fputs(" suffix=h5", to);
    break;
  case MNZ_CLI_EITHER:
    fputs(" suffix='[ch]*[5g]'", to);
    break;
  case MNZ_CLI_TOPIC:
    fputs(" words+=\"", to);
    for (const char *const *t = mnz_describe_topics(); *t != NULL; t++) fprintf(to, " %s", *t);
    fputc('"', to);
    break;
  case MNZ_CLI_COMMAND:
    fputs(" words+=\"", to);
    for (const mnz_cli_command *const *c = mnz_cli_commands; *c != NULL; c++) fprintf(to, " %s", (*c)->name);
    fputc('"', to);
    break;
  }
}

/* After an option that takes an argument: its choices, its files, or nothing. */
static void print_arguments(FILE *to, const char *name, const mnz_cli_command *command) {
  const mnz_cli_option *o;
  for (size_t k = 0; (o = mnz_cli_option_at(command, k)) != NULL; k++) {
    if (o->argument == NULL) continue;
    fprintf(to, "  %s:--%s", name, o->name);
    if (o->letter != 0) fprintf(to, "|%s:-%c", name, o->letter);
    fputs(")", to);
    if (o->choices != NULL) {
      fputs(" words=\"", to);
      for (size_t i = 0; o->choices[i] != NULL; i++) fprintf(to, " %s", o->choices[i]);
      fputc('"', to);
    }
    print_completes(to, o->completes);
    fputs(" ;;\n", to);
  }
}

static void print_words(FILE *to, const char *name, const mnz_cli_command *command) {
  const mnz_cli_option *o;
  fprintf(to, "  %s:*) words=\"", name);
  for (size_t k = 0; (o = mnz_cli_option_at(command, k)) != NULL; k++) {
    if (!o->hidden) fprintf(to, " --%s", o->name);
  }
  fputc('"', to);
  print_completes(to, command->completes);
  fputs(" ;;\n", to);
}

void mnz_cli_print_completion(FILE *to) {
  fputs(head, to);
  print_arguments(to, "", &mnz_cli_program);
  print_words(to, "", &mnz_cli_program);
  for (const mnz_cli_command *const *c = mnz_cli_commands; *c != NULL; c++) {
    print_arguments(to, (*c)->name, *c);
    print_words(to, (*c)->name, *c);
  }
  fputs(tail, to);
}
