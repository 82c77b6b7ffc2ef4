/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scan of a text before libconfig sees it. It follows the same grammar
 *
 *   text = settings         settings = { key ( "=" | ":" ) value [ ";" | "," ] }
 *   value = number | flag | text | "{" settings "}" | "(" [ value { "," value } ] ")" | "[" the same "]"
 *
 * with a stack of open brackets instead of recursion. What is wrong in itself (a number out of range, a bad
 * key) is reported wherever it stands; after the first thing that breaks the structure nothing more is said
 * of the structure, because all of it would only be that one mistake again. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/file_text.h"
#include "config/lexer.h"
#include "config/tree_parts.h"

enum {
  MAX_DEPTH = 32,      /* of brackets; a scenario needs six */
  MAX_KEYS = 256,      /* in one group: libconfig's groups are quadratic */
  MAX_TEXT = 64 * 1024 /* of one text: libconfig takes seconds for megabytes */
};

/* What may come next. */
typedef enum expectation {
  AT_SETTING,       /* a key, or the end of the group */
  AFTER_KEY,        /* = */
  AT_VALUE,         /* the value of a key */
  AFTER_VALUE,      /* a terminator, a key, or the end of the group */
  AT_FIRST_ELEMENT, /* a value, or the end of the list */
  AT_ELEMENT,       /* a value: after a comma */
  AFTER_ELEMENT     /* a comma, or the end of the list */
} expectation;

typedef struct bracket {
  char open; /* { ( [ ; NUL for the text itself */
  int32_t line;
  size_t first_key; /* in keys */
  mnz_lex element;  /* of a [ ]: what its first element is */
} bracket;

typedef struct scan {
  const mnz_tree_text *text;
  mnz_lexer lexer;
  mnz_token token;
  mnz_token previous;
  expectation state;
  bool lost; /* the structure is broken */
  bool clean;
  bracket stack[MAX_DEPTH + 1];
  int32_t depth;
  mnz_token *keys; /* of all groups that are open */
  size_t n_keys;
  size_t key_room;
  int32_t *lines;
  size_t n_lines;
  size_t line_room;
  mnz_error *err;
  mnz_status status;
} scan;

/* ---- findings ---- */

__attribute__((format(printf, 3, 4))) static void complain(scan *s, int32_t line, const char *format, ...) {
  s->clean = false;
  if (s->text->findings == NULL) return;
  char message[512];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(message, sizeof message, format, args);
  va_end(args);
  const bool in_file = *s->text->file != '\0';
  mnz_finder_error(s->text->findings, s->text->file, in_file ? line : 0, s->text->path, "%s", message);
}

enum { SHOWN = 64 };
typedef struct shown {
  char text[SHOWN + 8];
} shown;

/* A token for a message: cut when long, at a whole character. */
static shown show(const mnz_token *token) {
  shown out;
  size_t length = token->length < SHOWN ? token->length : SHOWN;
  while (length < token->length && ((unsigned char)token->at[length] & 0xC0U) == 0x80U) length--;
  const char *const rest = length < token->length ? "..." : "";
  (void)snprintf(out.text, sizeof out.text, "%.*s%s", (int)length, token->at, rest);
  return out;
}

static char closing(char open) {
  return open == '{' ? '}' : open == '(' ? ')' : ']';
}

static bracket *top(scan *s) {
  return &s->stack[s->depth];
}

/* What could have stood where the token stands. */
static const char *expected(scan *s, char *room, size_t size) {
  const bracket *in = top(s);
  const char *what = "";
  switch (s->state) {
  case AT_SETTING:
    what = "a key";
    break;
  case AFTER_KEY:
    (void)snprintf(room, size, "\"=\" after the key \"%s\"", show(&s->previous).text);
    return room;
  case AT_VALUE:
  case AT_ELEMENT:
    return "a value: a number, true, false, a text in quotes, or ( [ {";
  case AFTER_VALUE:
    what = "\";\" or a key";
    break;
  case AT_FIRST_ELEMENT:
    what = "a value";
    break;
  case AFTER_ELEMENT:
    what = "\",\"";
    break;
  }
  if (in->open == '\0') return what;
  (void)snprintf(room, size, "%s, or \"%c\" for the \"%c\" on line %d", what, closing(in->open), in->open,
                 (int)in->line);
  return room;
}

static bool is_number(const mnz_token *token) {
  return token->lex == MNZ_LEX_INTEGER || token->lex == MNZ_LEX_LONG || token->lex == MNZ_LEX_FLOAT;
}

static bool is_text(const mnz_token *token) {
  return token->lex == MNZ_LEX_TEXT || token->lex == MNZ_LEX_OPEN_TEXT;
}

static bool is_word(const mnz_token *token) {
  return token->lex == MNZ_LEX_KEY || token->lex == MNZ_LEX_OTHER;
}

static bool is_assigned(const scan *s) {
  mnz_lexer ahead = s->lexer;
  const mnz_token next = mnz_lexer_next(&ahead);
  return mnz_token_is(&next, '=') || mnz_token_is(&next, ':');
}

/* `hold_up = 60 d;`: the commonest slip of all, so it gets words of its own. */
static bool is_bare_quantity(const scan *s) {
  return is_number(&s->previous) && is_word(&s->token) && s->previous.line == s->token.line &&
         (s->state == AFTER_VALUE || s->state == AFTER_ELEMENT);
}

/* `kind = mine;` or `recovery = 92%;` */
static bool is_bare_text(const scan *s) {
  return is_word(&s->token) &&
         (s->state == AT_VALUE || s->state == AT_ELEMENT || s->state == AT_FIRST_ELEMENT) && !is_assigned(s);
}

static void complain_of_structure(scan *s) {
  const mnz_token *token = &s->token;
  const shown found = show(token);
  const shown before = show(&s->previous);
  char room[128];
  const char *const wanted = expected(s, room, sizeof room);
  const bool closes = mnz_token_is(token, ')') || mnz_token_is(token, ']') || mnz_token_is(token, '}');

  if (token->lex == MNZ_LEX_END && s->depth > 0 && s->state != AFTER_KEY && s->state != AT_VALUE)
    complain(s, top(s)->line, "found a \"%c\" that is never closed; expected a \"%c\" before the end",
             top(s)->open, closing(top(s)->open));
  else if (token->lex == MNZ_LEX_END)
    complain(s, s->previous.line, "found the end after %s; expected %s", before.text, wanted);
  else if (is_text(token) && is_text(&s->previous))
    complain(s, token->line, "found a text right after a text: %s; expected \",\" or \";\" between them",
             found.text);
  else if (closes && s->state == AT_ELEMENT)
    complain(s, s->previous.line, "found a comma before \"%s\"; expected another value, or no comma",
             found.text);
  else if (is_bare_quantity(s))
    complain(s, token->line, "found %s %s without quotes; expected \"%s %s\"", before.text, found.text,
             before.text, found.text);
  else if (is_bare_text(s))
    complain(s, token->line, "found %s without quotes; expected \"%s\"", found.text, found.text);
  else if (token->lex == MNZ_LEX_SIGN)
    complain(s, token->line, "found \"%s\"; expected %s", found.text, wanted);
  else
    complain(s, token->line, "found %s; expected %s", found.text, wanted);
  s->lost = true;
}

/* ---- what is wrong in itself ---- */

static void check_integer(scan *s) {
  const mnz_token *token = &s->token;
  const bool hex = token->length > 1 && (token->at[1] == 'x' || token->at[1] == 'X');
  errno = 0;
  const long long value = strtoll(token->at, NULL, hex ? 16 : 10);
  const shown found = show(token);
  if (errno == ERANGE)
    complain(s, token->line, "found %s; expected an integer of at most 64 bits, or a text in quotes",
             found.text);
  else if (token->lex == MNZ_LEX_INTEGER && (value < INT32_MIN || value > INT32_MAX))
    complain(s, token->line, "found %s, an integer of more than 32 bits; expected %sL", found.text,
             found.text);
}

static void check_float(scan *s) {
  if (!isfinite(strtod(s->token.at, NULL)))
    complain(s, s->token.line, "found %s, which is beyond all numbers; expected one below 1.8e308",
             show(&s->token).text);
}

static bool is_utf8(const char *text, size_t length) {
  const char *const end = text + length;
  for (size_t step; text < end; text += step)
    if ((step = mnz_utf8_length(text, end)) == 0) return false;
  return true;
}

/* \x00 would end the text early, \x80 and above would not be UTF-8. */
static bool has_bad_escape(const mnz_token *token) {
  for (size_t i = 0; i + 3 < token->length; i++) {
    if (token->at[i] != '\\') continue;
    i++;
    const char digits[] = {token->at[i + 1], token->at[i + 2], '\0'};
    const bool hex =
        (token->at[i] == 'x' || token->at[i] == 'X') && strspn(digits, "0123456789abcdefABCDEF") == 2;
    const unsigned long value = hex ? strtoul(digits, NULL, 16) : ' ';
    if (value == 0 || value > 0x7F) return true;
  }
  return false;
}

static void check_text(scan *s) {
  const mnz_token *token = &s->token;
  const shown found = show(token);
  if (token->lex == MNZ_LEX_OPEN_TEXT)
    complain(s, token->line, "found a text that is not closed on its line; expected a closing \"");
  else if (token->length > MAX_TEXT)
    complain(s, token->line, "found a text of %zu bytes; expected at most %d", token->length, (int)MAX_TEXT);
  else if (!is_utf8(token->at, token->length))
    complain(s, token->line, "found a text that is not UTF-8; expected the file to be saved in UTF-8");
  else if (has_bad_escape(token))
    complain(s, token->line, "found \\x00 or \\x80 to \\xff in %s; expected the character itself, in UTF-8",
             found.text);
}

static void check_token(scan *s) {
  switch (s->token.lex) {
  case MNZ_LEX_INTEGER:
  case MNZ_LEX_LONG:
    check_integer(s);
    break;
  case MNZ_LEX_FLOAT:
    check_float(s);
    break;
  case MNZ_LEX_TEXT:
  case MNZ_LEX_OPEN_TEXT:
    check_text(s);
    break;
  case MNZ_LEX_OPEN_COMMENT:
    complain(s, s->token.line, "found a comment that is not closed; expected */ before the end");
    break;
  case MNZ_LEX_OTHER:
    if (strncmp(s->token.at, "@include", strlen("@include")) == 0) {
      complain(s, s->token.line, "found @include; expected extends = \"other.cfg\", which merges key by key");
      s->lost = true;
    }
    break;
  case MNZ_LEX_END:
  case MNZ_LEX_KEY:
  case MNZ_LEX_FLAG:
  case MNZ_LEX_SIGN:
    break;
  }
}

/* ---- structure ---- */

static void note_line(scan *s) {
  if (s->status == MNZ_OK) s->status = mnz_reserve_array(&s->lines, &s->line_room, s->n_lines + 1, s->err);
  if (s->status == MNZ_OK) s->lines[s->n_lines++] = s->token.line;
}

static bool is_same(const mnz_token *a, const mnz_token *b) {
  return a->length == b->length && memcmp(a->at, b->at, a->length) == 0;
}

/* Notes the key that stands at the token, and judges its spelling. */
static void take_key(scan *s) {
  const mnz_token *key = &s->token;
  const shown found = show(key);
  bool ascii = true;
  for (size_t i = 0; i < key->length; i++) ascii = ascii && (unsigned char)key->at[i] < 0x80U;

  if (key->lex == MNZ_LEX_FLAG)
    complain(s, key->line, "found the key \"%s\", which is a value; expected another word", found.text);
  else if (!ascii)
    complain(s, key->line, "found the key \"%s\"; expected only the letters a to z, digits, _ and -",
             found.text);
  else if (key->lex != MNZ_LEX_KEY)
    complain(s, key->line, "found the key \"%s\"; expected a letter first, then letters, digits, _ and -",
             found.text);

  const size_t first = top(s)->first_key;
  for (size_t i = first; i < s->n_keys; i++)
    if (is_same(&s->keys[i], key)) {
      complain(s, key->line, "found the key \"%s\" a second time; expected it once (the first is on line %d)",
               found.text, (int)s->keys[i].line);
      break;
    }
  if (s->n_keys - first == MAX_KEYS) {
    complain(s, key->line, "found more than %d keys in a group; expected a list of groups for a long table",
             (int)MAX_KEYS);
    s->lost = true;
    return;
  }
  if (s->status == MNZ_OK) s->status = mnz_reserve_array(&s->keys, &s->key_room, s->n_keys + 1, s->err);
  if (s->status == MNZ_OK) s->keys[s->n_keys++] = *key;
  note_line(s);
  s->state = AFTER_KEY;
}

/* A key, or a word that is meant to be one because "=" follows. */
static bool at_key(const scan *s) {
  if (s->token.lex == MNZ_LEX_SIGN || is_text(&s->token)) return false;
  return is_assigned(s) || (s->token.lex == MNZ_LEX_KEY && !is_bare_quantity(s));
}

static void open_bracket(scan *s) {
  if (s->depth == MAX_DEPTH) {
    complain(s, s->token.line, "found brackets more than %d deep; expected a flatter scenario",
             (int)MAX_DEPTH);
    s->lost = true;
    return;
  }
  s->stack[++s->depth] =
      (bracket){.open = *s->token.at, .line = s->token.line, .first_key = s->n_keys, .element = MNZ_LEX_END};
  s->state = *s->token.at == '{' ? AT_SETTING : AT_FIRST_ELEMENT;
}

static void after_value(scan *s) {
  s->state = top(s)->open == '{' || top(s)->open == '\0' ? AFTER_VALUE : AFTER_ELEMENT;
}

/* libconfig wants the elements of [ ] to be alike, and plain. */
static void check_array_element(scan *s) {
  bracket *in = top(s);
  const mnz_lex lex = s->token.lex == MNZ_LEX_OPEN_TEXT ? MNZ_LEX_TEXT : s->token.lex;
  if (in->element == MNZ_LEX_END) in->element = lex;
  if (lex == MNZ_LEX_SIGN || lex != in->element)
    complain(s, s->token.line,
             "found %s in [ ], which holds plain values of one kind; expected ( ) around them",
             show(&s->token).text);
}

static void take_value(scan *s) {
  const bool plain = is_number(&s->token) || is_text(&s->token) || s->token.lex == MNZ_LEX_FLAG;
  const bool opens =
      mnz_token_is(&s->token, '{') || mnz_token_is(&s->token, '(') || mnz_token_is(&s->token, '[');
  if (!plain && !opens) {
    complain_of_structure(s);
    return;
  }
  if (s->state != AT_VALUE) note_line(s);
  if (top(s)->open == '[') check_array_element(s);
  if (opens)
    open_bracket(s);
  else
    after_value(s);
}

static bool closes_top(scan *s) {
  return top(s)->open != '\0' && mnz_token_is(&s->token, closing(top(s)->open));
}

static void close_bracket(scan *s) {
  s->n_keys = top(s)->first_key;
  s->depth--;
  after_value(s);
}

static void take_setting(scan *s) {
  const bool terminator = mnz_token_is(&s->token, ';') || mnz_token_is(&s->token, ',');
  if (closes_top(s))
    close_bracket(s);
  else if (terminator && s->state == AFTER_VALUE)
    s->state = AT_SETTING;
  else if (at_key(s))
    take_key(s);
  else if (s->token.lex != MNZ_LEX_END || s->depth > 0)
    complain_of_structure(s);
}

static void take_token(scan *s) {
  switch (s->state) {
  case AT_SETTING:
  case AFTER_VALUE:
    take_setting(s);
    break;
  case AFTER_KEY:
    if (mnz_token_is(&s->token, '=') || mnz_token_is(&s->token, ':'))
      s->state = AT_VALUE;
    else
      complain_of_structure(s);
    break;
  case AT_FIRST_ELEMENT:
    if (closes_top(s))
      close_bracket(s);
    else
      take_value(s);
    break;
  case AT_VALUE:
  case AT_ELEMENT:
    take_value(s);
    break;
  case AFTER_ELEMENT:
    if (closes_top(s))
      close_bracket(s);
    else if (mnz_token_is(&s->token, ','))
      s->state = AT_ELEMENT;
    else
      complain_of_structure(s);
    break;
  }
}

static void scan_tokens(scan *s) {
  do {
    s->previous = s->token;
    s->token = mnz_lexer_next(&s->lexer);
    check_token(s);
    if (s->token.lex == MNZ_LEX_OPEN_COMMENT) s->lost = true;
    if (!s->lost) take_token(s);
  } while (s->token.lex != MNZ_LEX_END && s->token.lex != MNZ_LEX_OPEN_COMMENT && s->status == MNZ_OK);
}

/* Lines up to a place in the text. */
static int32_t line_of(const char *text, const char *place) {
  int32_t line = 1;
  for (; text < place; text++)
    if (*text == '\n') line++;
  return line;
}

mnz_status mnz_tree_scan(const mnz_tree_text *text, int32_t **lines, mnz_error *err) {
  static const char bom[] = "\xEF\xBB\xBF";
  scan s = {.text = text, .clean = true, .err = err, .status = MNZ_OK};
  *lines = NULL;

  const char *const nul = memchr(text->at, '\0', text->length);
  const size_t skip = text->length >= 3 && memcmp(text->at, bom, 3) == 0 ? 3 : 0;
  if (nul != NULL) {
    complain(&s, line_of(text->at, nul), "found a zero byte; expected a text file in UTF-8");
  } else {
    if (skip > 0)
      complain(&s, 1, "found a byte order mark; expected the file to be saved as UTF-8 without one");
    s.lexer = mnz_lexer_start(text->at + skip, text->length - skip);
    scan_tokens(&s);
  }
  /* An empty text has no lines, but is clean. */
  if (s.clean) note_line(&s);
  if (s.clean && s.status == MNZ_OK) {
    *lines = s.lines;
    s.lines = NULL;
  }
  free(s.keys);
  free(s.lines);
  return s.status;
}
