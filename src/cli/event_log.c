/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/event_log.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "monazite/calendar.h"
#include "monazite/scenario.h"

/* --- lines --- */

/* Always with the time of the day, so that all of a column look alike. */
static void print_moment(FILE *to, int64_t us) {
  char text[32];
  mnz_moment_format(us, text);
  fprintf(to, "%s%s", text, strchr(text, 'T') == NULL ? "T00:00:00" : "");
}

/* A comma and a name, in quotes where RFC 4180 wants them. */
static void print_name(FILE *to, const char *name) {
  fputc(',', to);
  if (name == NULL) return;
  if (strpbrk(name, ",\"\r\n") == NULL) {
    fputs(name, to);
    return;
  }
  fputc('"', to);
  for (const char *c = name; *c != '\0'; c++) {
    if (*c == '"') fputc('"', to);
    fputc(*c, to);
  }
  fputc('"', to);
}

/* Of a lot; none is empty. */
static void print_number(FILE *to, int64_t number) {
  fputc(',', to);
  if (number != 0) fprintf(to, "%" PRId64, number);
}

static void print_line(FILE *to, const mnz_scenario *s, const mnz_model_event *e) {
  const int64_t tonne = 1000000000; /* milligrams */
  print_moment(to, mnz_scenario_start(s) + e->time_us);
  fprintf(to, ",%" PRId64 ",%s", e->time_us, mnz_model_event_words[e->what]);
  print_name(to, mnz_scenario_node_name(s, e->node));
  print_name(to, mnz_scenario_node_name(s, e->other));
  print_name(to, mnz_scenario_material_name(s, e->material));
  fputc(',', to);
  if (e->material >= 0) fprintf(to, "%" PRId64 ".%09" PRId64, e->mass_mg / tonne, e->mass_mg % tonne);
  print_name(to, mnz_scenario_link_name(s, e->link));
  print_name(to, mnz_scenario_disruption_name(s, e->disruption));
  fputc(',', to);
  if (!isnan(e->detail)) fprintf(to, "%.12g", e->detail);
  print_number(to, e->lot);
  print_number(to, e->parent);
  fputc('\n', to);
}

enum { MOST_KEPT = 1000000 }; /* 72 MB */

static void keep(mnz_cli_event_log *log, const mnz_model_event *event) {
  if (log->is_cut || (event->what >= MNZ_EVENT_BORN && event->what <= MNZ_EVENT_ENDED)) return;
  log->is_cut =
      log->n_kept == MOST_KEPT || mnz_reserve_array(&log->kept, &log->room, log->n_kept + 1, NULL) != MNZ_OK;
  if (log->is_cut)
    log->n_kept = 0;
  else
    log->kept[log->n_kept++] = *event;
}

/* Each line goes out at once: whatever ends the program, the log tells what came before. */
static void take(void *self, const mnz_model_event *event) {
  mnz_cli_event_log *log = self;
  keep(log, event);
  if (log->file == NULL || log->failure != 0) return;
  errno = 0;
  print_line(log->file, log->scenario, event);
  if (fflush(log->file) != 0 || ferror(log->file)) log->failure = errno != 0 ? errno : EIO;
}

/* --- life --- */

static bool is_standard(const mnz_cli_event_log *log) {
  return strcmp(log->path, "-") == 0;
}

mnz_status mnz_cli_event_log_open(mnz_cli_event_log *log, const char *path, const mnz_scenario *scenario,
                                  mnz_error *err) {
  *log = (mnz_cli_event_log){.scenario = scenario, .path = path};
  if (path == NULL) return MNZ_OK;
  log->file = is_standard(log) ? stdout : fopen(path, "w");
  if (log->file == NULL) return mnz_fail(err, MNZ_CANNOT_CREATE, path, "%s", strerror(errno));
  fputs(MNZ_CLI_EVENT_LOG_HEAD, log->file);
  return MNZ_OK;
}

void mnz_cli_event_log_watch(mnz_cli_event_log *log, mnz_replication *replication) {
  mnz_replication_watch_events(replication, take, log);
}

mnz_status mnz_cli_event_log_check(const mnz_cli_event_log *log, mnz_error *err) {
  if (log->failure == 0) return MNZ_OK;
  return mnz_fail(err, MNZ_IO, is_standard(log) ? "standard output" : log->path, "%s",
                  strerror(log->failure));
}

mnz_status mnz_cli_event_log_close(mnz_cli_event_log *log, mnz_error *err) {
  if (log->file != NULL && log->file != stdout && fclose(log->file) != 0 && log->failure == 0)
    log->failure = errno;
  const mnz_status status = log->path == NULL ? MNZ_OK : mnz_cli_event_log_check(log, err);
  free(log->kept);
  *log = (mnz_cli_event_log){0};
  return status;
}
