/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monazite: one process, as many threads as are asked for. */
#include "cli/cli.h"

int main(int argc, char **argv) {
  return mnz_cli_main(argc, argv, NULL);
}
