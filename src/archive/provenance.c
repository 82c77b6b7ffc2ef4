/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the results come from. Everything that differs between two equal runs is in the one attribute `run`,
 * padded to a fixed length so that it moves nothing else. */
#include "archive/content.h"

#include "archive/format.h"
#include "base/text.h"
#include "monazite/calendar.h"
#include "monazite/version.h"
#include "world/scenario.h"

#include <gsl/gsl_version.h>
#include <sha2.h>

#include <math.h>
#include <string.h>
#include <unistd.h>

#define RUN_LENGTH 1024

/* One line "name=value"; a newline within becomes a space. */
static void add_fact(mnz_buffer *text, const char *name, const char *value) {
  mnz_buffer_print(text, "%s=", name);
  for (const char *at = value; *at != '\0'; at++) mnz_buffer_add_bytes(text, *at == '\n' ? " " : at, 1);
  mnz_buffer_add(text, "\n");
}

static void add_moment(mnz_buffer *text, const char *name, double unix_seconds) {
  char moment[32];
  const double last = 253402300799.0; /* the year 9999 */
  if (!(unix_seconds >= 0 && unix_seconds <= last)) return;
  mnz_buffer_print(text, "%s=%sZ\n", name,
                   mnz_moment_format((int64_t)unix_seconds * MNZ_US_PER_SECOND, moment));
}

/* The command line comes last: it alone can be too long, and is cut then. */
static void describe_run(const mnz_run_facts *facts, mnz_buffer *text) {
  char host[256] = "";
  (void)gethostname(host, sizeof host - 1);
  add_fact(text, "host", host);
  add_moment(text, "started", facts->started_unix);
  add_moment(text, "finished", facts->finished_unix);
  mnz_buffer_print(text, "wall_seconds=%.3f\nthreads=%d\nranks=%d\n", facts->wall_seconds,
                   (int)facts->threads, facts->ranks > 0 ? (int)facts->ranks : 1);
  if (facts->stopped != NULL) add_fact(text, "stopped", facts->stopped);
  add_fact(text, "command_line", facts->command_line != NULL ? facts->command_line : "");
}

static void put_run(mnz_h5 *h, hid_t group, const mnz_run_facts *facts) {
  mnz_buffer text = {0};
  describe_run(facts, &text);
  char run[RUN_LENGTH + 1];
  memset(run, ' ', RUN_LENGTH);
  run[RUN_LENGTH] = '\0';
  if (text.failed) {
    mnz_h5_no_memory(h);
  } else {
    size_t length = text.length < RUN_LENGTH ? text.length : RUN_LENGTH;
    /* Not in the middle of a character of UTF-8. */
    while (length > 0 && length < text.length && ((unsigned char)text.at[length] & 0xC0U) == 0x80U) length--;
    memcpy(run, text.at, length);
    mnz_h5_put_text(h, group, "run", run);
  }
  mnz_buffer_free(&text);
}

static void put_libraries(mnz_h5 *h, hid_t group) {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  (void)H5get_libversion(&major, &minor, &release);
  char text[128];
  (void)snprintf(text, sizeof text, "hdf5 %u.%u.%u, gsl %s", major, minor, release, gsl_version);
  mnz_h5_put_text(h, group, "libraries", text);
}

static void put_scenario(mnz_h5 *h, hid_t group, const char *text) {
  const hid_t type = mnz_h5_text_type(h, H5T_VARIABLE);
  const hid_t space = mnz_h5_id(h, H5Screate(H5S_SCALAR), "set up", "scenario_text");
  const hid_t list = mnz_h5_creation(h, H5P_DATASET_CREATE);
  const hid_t dataset =
      mnz_h5_id(h, H5Dcreate2(group, "scenario_text", type, space, H5P_DEFAULT, list, H5P_DEFAULT), "create",
                "scenario_text");
  (void)mnz_h5_do(h, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &text), "fill", "scenario_text");
  mnz_h5_put_text(h, dataset, "long_name", "the scenario, with all that it extends and every override");
  mnz_h5_close(h, dataset);
  mnz_h5_close(h, list);
  mnz_h5_close(h, space);
  mnz_h5_close(h, type);
}

void mnz_shard_format(uint32_t shard, uint32_t shards, uint32_t plan, char *out) {
  if (shards == 1)
    (void)snprintf(out, 48, "1 of 1");
  else
    (void)snprintf(out, 48, "%u of %u of %u", (unsigned)shard, (unsigned)shards, (unsigned)plan);
}

bool mnz_shard_parse(const char *text, uint32_t *shard, uint32_t *shards, uint32_t *plan) {
  unsigned at[3] = {0, 0, 0};
  const int found = sscanf(text, "%u of %u of %u", &at[0], &at[1], &at[2]);
  *shard = at[0];
  *shards = at[1];
  *plan = at[2];
  return found >= 2 && at[0] >= 1 && at[0] <= at[1];
}

void mnz_provenance_write(mnz_h5 *h, const mnz_archive_input *input) {
  const char *const text = input->options->scenario_text != NULL ? input->options->scenario_text : "";
  const char *const seed = input->scenario->seed_text != NULL ? input->scenario->seed_text : "";
  char sha256[SHA256_DIGEST_STRING_LENGTH];
  (void)SHA256Data((const uint8_t *)text, strlen(text), sha256);
  const hid_t list = mnz_h5_creation(h, H5P_GROUP_CREATE);
  const hid_t group = mnz_h5_id(h, H5Gcreate2(h->file, MNZ_FORMAT_PROVENANCE, H5P_DEFAULT, list, H5P_DEFAULT),
                                "create", MNZ_FORMAT_PROVENANCE);
  mnz_h5_put_text(h, group, "version", MNZ_VERSION);
  mnz_h5_put_text(h, group, "git_commit", MNZ_COMMIT);
  mnz_h5_put_text(h, group, "build", "C11, compiler " __VERSION__);
  put_libraries(h, group);
  mnz_h5_put_text(h, group, "seed", seed);
  mnz_h5_put_text(h, group, "generator", "Philox4x32-10");
  mnz_h5_put_text(h, group, "scenario_sha256", sha256);
  char watch[MNZ_WATCH_TEXT];
  mnz_watch_format(&input->options->watch, watch);
  mnz_h5_put_text(h, group, "watch", watch);
  char shard[48];
  mnz_shard_format(input->options->shard, input->options->shards, input->options->plan, shard);
  mnz_h5_put_text(h, group, "shard", shard);
  mnz_h5_put_cells(h, group, "digits", MNZ_CELL_I4, &input->options->digits, 1);
  put_run(h, group, input->facts);
  put_scenario(h, group, text);
  mnz_h5_close(h, group);
  mnz_h5_close(h, list);
}
