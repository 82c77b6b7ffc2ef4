/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario: what is simulated, read from a libconfig file, checked wholly, then constant.
 *
 * Loading collects every mistake of a file before it gives up: see mnz_problems. A loaded scenario is
 * immutable and may be shared by any number of replications. */
#ifndef MONAZITE_SCENARIO_H
#define MONAZITE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "monazite/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mnz_scenario mnz_scenario;

/* One mistake (or warning) in a scenario. Printed as "file:line: path: message"; the message reads "what
 * was found; what was expected". */
typedef struct mnz_problem {
  bool warning;
  const char *file; /* "" when it belongs to no file (an override) */
  int32_t line;     /* 0 when unknown */
  const char *path; /* nodes["LAMP heavy"].hold_up; "" for the file as a whole */
  const char *message;
  const char *text; /* the offending line as it stands in the file, or "" */
} mnz_problem;

typedef struct mnz_problems {
  const mnz_problem *at; /* in order of file and line */
  size_t count;
  size_t errors; /* of them, not warnings */
} mnz_problems;

/* Reads `path`, merges what it extends, applies `overrides` ("path=value", in order), checks all of it.
 * *problems (never NULL afterwards unless memory is out) lives until mnz_problems_free and holds all
 * findings, warnings also on success. Fails with MNZ_SCENARIO (see *problems), MNZ_NO_INPUT. */
mnz_status mnz_scenario_load(mnz_scenario **out, const char *path, const char *const *overrides,
                             size_t n_overrides, mnz_problems **problems, mnz_error *err);
/* The same from a text in memory that needs no other file for its values, as mnz_scenario_explain writes it
 * and results files keep it; `extends` in it is an error. `name` stands for the file in messages, and a table
 * of numbers that the text names all the same is looked for beside it. Fails with MNZ_SCENARIO (see
 * *problems). */
mnz_status mnz_scenario_load_text(mnz_scenario **out, const char *name, const char *text,
                                  mnz_problems **problems, mnz_error *err);
void mnz_scenario_free(mnz_scenario *scenario); /* NULL allowed */
void mnz_problems_free(mnz_problems *problems); /* NULL allowed */

/* The resolved scenario as libconfig text that loads to the same scenario, wherever it is: tables of numbers
 * are in it value by value, so that another table is another text. With `origins`, each value is
 * followed by a comment: the file and line that it comes from, "default", or "--set". Owned by the
 * caller: free(). Without origins the text depends on the values alone. */
mnz_status mnz_scenario_explain(const mnz_scenario *scenario, bool origins, char **text, mnz_error *err);

/* Where two texts of mnz_scenario_explain (without origins) differ, a line for each of the first `most`
 * values: what the second has, in its order, then what only the first has.
 *
 *   nodes["Plant"].makes[0].recovery: was "90 %", is "60 %"
 *   links["A -> B"]: is new
 *   disruptions["Storm"]: is gone
 *
 * Elements of lists are matched by label where all of them have one, whatever their order, else by number;
 * a list of plain values is one value; what is long is shown from where the two part. Numbers are compared
 * by value, texts letter by letter ("90 %" is not "0.9"). *count is how many values differ in all; 0, and
 * *text "", when the two mean the same. *text is the caller's: free(); NULL on failure. Fails with
 * MNZ_FORMAT when a text cannot be understood (`where` says which). */
mnz_status mnz_scenario_difference(const char *was, const char *is, size_t most, char **text, size_t *count,
                                   mnz_error *err);

const char *mnz_scenario_title(const mnz_scenario *scenario);
const char *mnz_scenario_question(const mnz_scenario *scenario); /* "" when not said */
const char *mnz_scenario_seed(const mnz_scenario *scenario);     /* as text */
/* The country whose users the summary speaks of; NULL: all users. */
const char *mnz_scenario_focus(const mnz_scenario *scenario);
int64_t mnz_scenario_start(const mnz_scenario *scenario); /* microseconds since 1970 */
int64_t mnz_scenario_end(const mnz_scenario *scenario);
/* Measures count from then on: the end of the warm-up, or the start. */
int64_t mnz_scenario_measured_from(const mnz_scenario *scenario);

/* The reference of the language, made from the same tables that the loader reads by. `topic` is NULL (an
 * overview), a kind ("plant"), a top-level list ("links"), "quantities" or "distributions"; MNZ_USAGE
 * with a suggestion otherwise. *text is the caller's: free(). */
typedef enum mnz_describe_format {
  MNZ_DESCRIBE_TEXT,
  MNZ_DESCRIBE_MARKDOWN,
  MNZ_DESCRIBE_JSON
} mnz_describe_format;
mnz_status mnz_describe(const char *topic, mnz_describe_format format, char **text, mnz_error *err);
/* The topics, NULL-terminated, for completion. */
const char *const *mnz_describe_topics(void);

#ifdef __cplusplus
}
#endif
#endif
