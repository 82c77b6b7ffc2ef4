/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How monazite says that something went wrong.
 *
 * Every function that can fail returns an mnz_status; MNZ_OK is 0. The last parameter of such a function
 * is an mnz_error owned by the caller, which may be NULL. Users' mistakes are errors; programmers'
 * mistakes are assertions. The library never prints and never exits. */
#ifndef MONAZITE_STATUS_H
#define MONAZITE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* One list: name, text. */
#define MNZ_STATUS_LIST(X)                                                                                   \
  X(MNZ_OK, "success")                                                                                       \
  X(MNZ_USAGE, "the command line is wrong")                                                                  \
  X(MNZ_SCENARIO, "the scenario is not valid")                                                               \
  X(MNZ_NO_INPUT, "the input cannot be read")                                                                \
  X(MNZ_NO_MEMORY, "out of memory")                                                                          \
  X(MNZ_CANNOT_CREATE, "the output cannot be created")                                                       \
  X(MNZ_IO, "reading or writing failed")                                                                     \
  X(MNZ_FORMAT, "the file is not a sound results file")                                                      \
  X(MNZ_LEDGER, "the ledger does not close")                                                                 \
  X(MNZ_MODEL, "the model came to a state it cannot leave")                                                  \
  X(MNZ_LIMIT, "a limit of the program was reached")                                                         \
  X(MNZ_INTERRUPTED, "interrupted")

typedef enum mnz_status {
#define MNZ_STATUS_NAME(name, text) name,
  MNZ_STATUS_LIST(MNZ_STATUS_NAME)
#undef MNZ_STATUS_NAME
} mnz_status;

/* The first cause of a failure. `where` is a place (file:line, a facility, a path) or empty; `message` is
 * one line that says what was found and what was expected, without a full stop. */
typedef struct mnz_error {
  mnz_status status;
  char where[256];
  char message[512];
} mnz_error;

/* The fixed text of a status; never NULL. */
const char *mnz_status_text(mnz_status status);

#ifdef __cplusplus
}
#endif
#endif
