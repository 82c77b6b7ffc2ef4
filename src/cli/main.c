/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: picks the command, reads its options, runs it, says what went wrong, closes the books. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/signals.h"

/* Started with standard output closed, the next file opened would be it, and a table could end up in a
 * results file. Opened for reading only, so that writing to it still fails. */
static void hold_standard_files(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) == -1 && errno == EBADF) (void)open("/dev/null", O_RDONLY);
  }
}

static bool may_color(int32_t color, int fd) {
  if (color != MNZ_CLI_COLOR_AUTO) return color == MNZ_CLI_COLOR_ALWAYS;
  const char *no_color = getenv("NO_COLOR");
  const char *term = getenv("TERM");
  return (no_color == NULL || no_color[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0 && isatty(fd);
}

/* The command line as it could be typed again. NULL when memory is out. */
static const char *command_line(int argc, char **argv, mnz_arena *arena, mnz_error *err) {
  mnz_buffer text = {0};
  for (int i = 0; i < argc; i++) {
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%";
    if (i > 0) mnz_buffer_add(&text, " ");
    if (argv[i][0] != '\0' && argv[i][strspn(argv[i], plain)] == '\0') {
      mnz_buffer_add(&text, argv[i]);
      continue;
    }
    mnz_buffer_add(&text, "'");
    for (const char *c = argv[i]; *c != '\0'; c++) {
      if (*c == '\'') mnz_buffer_add(&text, "'\\'");
      mnz_buffer_add_bytes(&text, c, 1);
    }
    mnz_buffer_add(&text, "'");
  }
  const char *line = text.at != NULL && !text.failed ? mnz_arena_text(arena, text.at, err) : NULL;
  mnz_buffer_free(&text);
  return line;
}

/* argv[0] is the command's name. */
static mnz_status run_command(mnz_cli *cli, const mnz_cli_command *command, int argc, char **argv,
                              mnz_error *err) {
  void *options = mnz_arena_alloc(cli->arena, 1, command->options_size, err);
  if (options == NULL) return MNZ_NO_MEMORY;
  memcpy(options, &cli->common, sizeof cli->common); /* what was said before the command */
  int first;
  const mnz_status status = mnz_cli_parse(command, argc, argv, false, cli->arena, options, &first, err);
  if (status != MNZ_OK) return status;

  memcpy(&cli->common, options, sizeof cli->common);
  if (cli->common.help) {
    mnz_cli_print_help(stdout, command);
    return MNZ_OK;
  }
  cli->color_out = may_color(cli->common.color, STDOUT_FILENO);
  cli->color_err = may_color(cli->common.color, STDERR_FILENO);
  cli->name = command->name;
  cli->operands = argv + first;
  cli->n_operands = argc - first;
  return command->run(cli, options, err);
}

static mnz_status run_program(mnz_cli *cli, int argc, char **argv, mnz_error *err) {
  mnz_cli_program_options options = {0};
  int first;
  const mnz_status status =
      mnz_cli_parse(&mnz_cli_program, argc, argv, true, cli->arena, &options, &first, err);
  if (status != MNZ_OK) return status;

  cli->common = options.common;
  if (cli->common.help) {
    mnz_cli_print_help(stdout, &mnz_cli_program);
  } else if (options.version) {
    return mnz_cli_version.run(cli, NULL, err);
  } else if (options.man) {
    mnz_cli_print_man(stdout);
  } else if (options.completion) {
    mnz_cli_print_completion(stdout);
  } else if (first == argc) {
    mnz_cli_print_help(stderr, &mnz_cli_program);
    return mnz_fail(err, MNZ_USAGE, NULL, "no command was given");
  } else {
    const mnz_cli_command *command = mnz_cli_find(argv[first], err);
    return command != NULL ? run_command(cli, command, argc - first, argv + first, err) : MNZ_USAGE;
  }
  return MNZ_OK;
}

/* A full disk or a closed pipe is noticed here at the latest. */
static mnz_status close_output(mnz_error *err) {
  errno = 0;
  const bool flushed = fflush(stdout) == 0 && !ferror(stdout);
  const int reason = errno;
  /* In any case, for its buffer ends with main. */
  if (fclose(stdout) == 0 && flushed) return MNZ_OK;
  return mnz_fail(err, MNZ_IO, "standard output", "%s",
                  strerror(reason != 0  ? reason
                           : errno != 0 ? errno
                                        : EIO));
}

void mnz_cli_print_error(const mnz_error *err) {
  if (err->message[0] == '\0') return;
  fprintf(stderr, "monazite: %s%s%s\n", err->where, err->where[0] != '\0' ? ": " : "", err->message);
}

int mnz_cli_main(int argc, char **argv, struct mnz_team *team) {
  hold_standard_files();
  mnz_cli_let_writes_fail();
  /* All that a command prints goes out at its end, where a full disk can be told from a closed pipe. */
  char output[1 << 18];
  (void)setvbuf(stdout, output, _IOFBF, sizeof output);
  (void)gsl_set_error_handler_off(); /* GSL would abort; statuses are checked instead */

  mnz_cli cli = {.team = team};
  mnz_error err = {0};
  mnz_status status = mnz_arena_create(&cli.arena, &err);
  if (status == MNZ_OK && (cli.command_line = command_line(argc, argv, cli.arena, &err)) == NULL)
    status = mnz_fail(&err, MNZ_NO_MEMORY, NULL, "%s", mnz_status_text(MNZ_NO_MEMORY));
  if (status == MNZ_OK) status = run_program(&cli, argc, argv, &err);
  if (status != MNZ_OK) mnz_cli_print_error(&err);

  mnz_error late = {0};
  const mnz_status closed = close_output(&late);
  /* Unless the command has noticed it before. */
  if (closed != MNZ_OK && strcmp(late.where, err.where) != 0) mnz_cli_print_error(&late);
  mnz_arena_free(cli.arena);
  return mnz_cli_exit_code(status != MNZ_OK ? status : closed);
}
