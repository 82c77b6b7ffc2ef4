/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/lexer.h"

#include <string.h>

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_one_of(char c, const char *set) {
  return c != '\0' && strchr(set, c) != NULL;
}

mnz_lexer mnz_lexer_start(const char *text, size_t length) {
  return (mnz_lexer){.next = text, .end = text + length, .line = 1};
}

/* The character `ahead` places on; NUL beyond the end. */
static char peek(const mnz_lexer *lexer, size_t ahead) {
  return ahead < (size_t)(lexer->end - lexer->next) ? lexer->next[ahead] : '\0';
}

static bool at_line_comment(const mnz_lexer *lexer) {
  return peek(lexer, 0) == '#' || (peek(lexer, 0) == '/' && peek(lexer, 1) == '/');
}

static bool at_block_comment(const mnz_lexer *lexer) {
  return peek(lexer, 0) == '/' && peek(lexer, 1) == '*';
}

static void skip_to_line_end(mnz_lexer *lexer) {
  while (lexer->next < lexer->end && *lexer->next != '\n') lexer->next++;
}

/* False, and at the end of the text, if the comment is not closed. */
static bool skip_block_comment(mnz_lexer *lexer) {
  for (lexer->next += 2; lexer->next < lexer->end; lexer->next++) {
    if (*lexer->next == '\n') lexer->line++;
    if (*lexer->next == '*' && peek(lexer, 1) == '/') {
      lexer->next += 2;
      return true;
    }
  }
  return false;
}

/* To the next token. False at a comment that is not closed, which *open then is. */
static bool skip_blanks(mnz_lexer *lexer, mnz_token *open) {
  while (lexer->next < lexer->end) {
    if (at_line_comment(lexer)) {
      skip_to_line_end(lexer);
    } else if (at_block_comment(lexer)) {
      *open = (mnz_token){MNZ_LEX_OPEN_COMMENT, lexer->next, 2, lexer->line};
      if (!skip_block_comment(lexer)) return false;
    } else if (is_one_of(*lexer->next, " \t\r\f\n")) {
      if (*lexer->next == '\n') lexer->line++;
      lexer->next++;
    } else {
      break;
    }
  }
  return true;
}

static mnz_lex take_text(mnz_lexer *lexer) {
  for (lexer->next++; lexer->next < lexer->end && *lexer->next != '\n'; lexer->next++) {
    if (*lexer->next == '"') {
      lexer->next++;
      return MNZ_LEX_TEXT;
    }
    const bool escape = *lexer->next == '\\' && is_one_of(peek(lexer, 1), "\\\"");
    if (escape) lexer->next++;
  }
  return MNZ_LEX_OPEN_TEXT;
}

/* ---- what a word is ---- */

static const char *skip_digits(const char *at, const char *end) {
  while (at < end && is_digit(*at)) at++;
  return at;
}

static const char *skip_sign(const char *at, const char *end) {
  return at < end && (*at == '+' || *at == '-') ? at + 1 : at;
}

static bool is_key(const char *at, const char *end) {
  if (!is_letter(*at) && *at != '*') return false;
  while (at < end && (is_letter(*at) || is_digit(*at) || is_one_of(*at, "-_*"))) at++;
  return at == end;
}

static bool is_word(const char *at, const char *end, const char *word) {
  while (at < end && *word != '\0' && (*at == *word || *at == *word - 'a' + 'A')) {
    at++;
    word++;
  }
  return at == end && *word == '\0';
}

/* An integer, decimal or hexadecimal, with or without L or LL. */
static mnz_lex lex_of_integer(const char *at, const char *end) {
  const bool hex = end - at > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') && is_hex(at[2]);
  const char *const digits = hex ? at + 2 : skip_sign(at, end);
  const char *rest = digits;
  while (rest < end && (hex ? is_hex(*rest) : is_digit(*rest))) rest++;
  if (rest == digits) return MNZ_LEX_OTHER;
  if (rest == end) return MNZ_LEX_INTEGER;
  const bool is_long = *rest == 'L' && (end - rest == 1 || (end - rest == 2 && rest[1] == 'L'));
  return is_long ? MNZ_LEX_LONG : MNZ_LEX_OTHER;
}

/* Digits with a point or an exponent or both. (libconfig takes a lone point too, as 0: not here.) */
static bool is_float(const char *at, const char *end) {
  const char *const digits = skip_sign(at, end);
  const char *rest = skip_digits(digits, end);
  size_t count = (size_t)(rest - digits);
  const bool point = rest < end && *rest == '.';
  if (point) {
    const char *const fraction = rest + 1;
    rest = skip_digits(fraction, end);
    count += (size_t)(rest - fraction);
  }
  if (count == 0) return false;
  if (rest == end) return point;
  if (*rest != 'e' && *rest != 'E') return false;
  const char *const exponent = skip_sign(rest + 1, end);
  rest = skip_digits(exponent, end);
  return rest > exponent && rest == end;
}

static mnz_lex lex_of_word(const char *at, const char *end) {
  if (is_word(at, end, "true") || is_word(at, end, "false")) return MNZ_LEX_FLAG;
  if (is_key(at, end)) return MNZ_LEX_KEY;
  if (is_float(at, end)) return MNZ_LEX_FLOAT;
  return lex_of_integer(at, end);
}

static mnz_lex take_word(mnz_lexer *lexer) {
  const char *const start = lexer->next;
  while (lexer->next < lexer->end && !is_one_of(*lexer->next, " \t\r\f\n\"=:,;()[]{}") &&
         !at_line_comment(lexer) && !at_block_comment(lexer))
    lexer->next++;
  return lex_of_word(start, lexer->next);
}

mnz_token mnz_lexer_next(mnz_lexer *lexer) {
  mnz_token token;
  if (!skip_blanks(lexer, &token)) return token;
  token = (mnz_token){.lex = MNZ_LEX_END, .at = lexer->next, .line = lexer->line};
  if (lexer->next == lexer->end) return token;
  if (*lexer->next == '"') {
    token.lex = take_text(lexer);
  } else if (is_one_of(*lexer->next, "=:,;()[]{}")) {
    token.lex = MNZ_LEX_SIGN;
    lexer->next++;
  } else {
    token.lex = take_word(lexer);
  }
  token.length = (size_t)(lexer->next - token.at);
  return token;
}

bool mnz_token_is(const mnz_token *token, char sign) {
  return token->lex == MNZ_LEX_SIGN && *token->at == sign;
}
