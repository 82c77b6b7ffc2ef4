/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a scenario text. Blanks and comments (#, //, slash-star) are passed over. Numbers, flags and
 * keys are told apart exactly as libconfig does; a run of characters that it would take to pieces ("38%",
 * "2nd") is one LEX_OTHER here. */
#ifndef MNZ_CONFIG_LEXER_H
#define MNZ_CONFIG_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum mnz_lex {
  MNZ_LEX_END,
  MNZ_LEX_OPEN_COMMENT, /* not closed: goes to the end of the text */
  MNZ_LEX_KEY,          /* letters, digits, _ and -, a letter (or *) first */
  MNZ_LEX_INTEGER,
  MNZ_LEX_LONG, /* an integer with L */
  MNZ_LEX_FLOAT,
  MNZ_LEX_FLAG,
  MNZ_LEX_TEXT,      /* with its quotes */
  MNZ_LEX_OPEN_TEXT, /* not closed: goes to the end of the line */
  MNZ_LEX_OTHER,
  MNZ_LEX_SIGN /* one of = : , ; ( ) [ ] { } */
} mnz_lex;

typedef struct mnz_token {
  mnz_lex lex;
  const char *at;
  size_t length;
  int32_t line;
} mnz_token;

typedef struct mnz_lexer {
  const char *next;
  const char *end;
  int32_t line; /* of `next` */
} mnz_lexer;

mnz_lexer mnz_lexer_start(const char *text, size_t length);
/* Cannot fail; at the end it gives MNZ_LEX_END again and again. */
mnz_token mnz_lexer_next(mnz_lexer *lexer);
bool mnz_token_is(const mnz_token *token, char sign);

#endif
