/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raising errors. All errors are born in mnz_fail, so a breakpoint there sees each of them. */
#ifndef MNZ_BASE_ERROR_H
#define MNZ_BASE_ERROR_H

#include <stdio.h>
#include <stdlib.h>

#include "monazite/status.h"

/* Fills *err (if not NULL) and returns status, which must not be MNZ_OK. `where` may be NULL. Text that
 * does not fit is cut, at a whole UTF-8 character. */
mnz_status mnz_fail(mnz_error *err, mnz_status status, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds the place where it is known, if the error does not have one yet. Returns err->status (MNZ_OK if
 * err is NULL). */
mnz_status mnz_error_locate(mnz_error *err, const char *where);

/* A cheap check of a fact that only a programming mistake can break; active in every build. */
#define MNZ_REQUIRE(fact)                                                                                    \
  do {                                                                                                       \
    if (!(fact)) {                                                                                           \
      fprintf(stderr, "monazite: %s:%d: broken promise: %s\n", __FILE__, __LINE__, #fact);                   \
      abort();                                                                                               \
    }                                                                                                        \
  } while (0)

#endif
