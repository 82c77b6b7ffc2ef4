/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts such as name(argument, argument), an argument being a value or a name and a value: distributions,
 * policies. */
#ifndef MNZ_CONFIG_CALL_TEXT_H
#define MNZ_CONFIG_CALL_TEXT_H

#include "base/text.h"
#include "monazite/status.h"

enum { MNZ_ARGUMENT_NAME = 40, MNZ_ARGUMENT_VALUE = 256 };

typedef struct mnz_argument {
  char name[MNZ_ARGUMENT_NAME]; /* "" when it is told by its place */
  char value[MNZ_ARGUMENT_VALUE];
} mnz_argument;

/* A text taken apart up to the arguments, which mnz_call_take reads one by one. */
typedef struct mnz_call {
  char name[MNZ_ARGUMENT_NAME];
  const char *at;  /* the arguments not read yet ... */
  const char *end; /* ... up to the closing parenthesis */
  size_t count;
} mnz_call;

/* Reads `name(...)`; count tells how many arguments there are. */
mnz_status mnz_call_read(const char *text, mnz_call *out, mnz_error *err);
/* The next argument; there must be one. */
mnz_status mnz_call_take(const char *text, mnz_call *c, mnz_argument *out, mnz_error *err);

/* Raise `found "text"; detail`; the first frees the detail. */
mnz_status mnz_call_wrong(const char *text, mnz_buffer *detail, mnz_error *err);
mnz_status mnz_call_wrong_since(const char *text, const char *why, mnz_error *err);

bool mnz_is_letter(char c);

#endif
