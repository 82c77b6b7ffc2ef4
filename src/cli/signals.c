/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

/* The one global: a signal handler can reach nothing else. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
  (void)number;
  interrupted = 1;
}

/* The second signal finds the default action again: who insists is let go at once. */
void mnz_cli_catch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
  struct sigaction before;
  if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* not under nohup */
    (void)sigaction(SIGHUP, &action, NULL);
}

void mnz_cli_let_writes_fail(void) {
  (void)signal(SIGXFSZ, SIG_IGN);
}

bool mnz_cli_interrupted(void) {
  return interrupted != 0;
}
