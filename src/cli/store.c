/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/output.h"
#include "monazite/archive.h"
#include "monazite/scenario.h"
#include "monazite/version.h"

/* ---- another batch than ours ---- */

enum { MOST_DIFFERENCES = 3 };

mnz_status mnz_cli_refuse_scenario(const char *path, const char *was, const char *is, mnz_error *err) {
  char *text = NULL;
  size_t count = 0;
  if (mnz_scenario_difference(was, is, MOST_DIFFERENCES, &text, &count, NULL) != MNZ_OK || count == 0) {
    free(text);
    return mnz_fail(err, MNZ_SCENARIO, path, "is of another scenario");
  }
  for (char *at = text; *at != '\0'; at++)
    if (*at == '\n') *at = at[1] != '\0' ? ';' : '\0';
  char more[48] = "";
  if (count > MOST_DIFFERENCES) snprintf(more, sizeof more, "; and %zu more", count - MOST_DIFFERENCES);
  mnz_fail(err, MNZ_SCENARIO, path, "is of another scenario: %s%s", text, more);
  free(text);
  return MNZ_SCENARIO;
}

/* Is the file the beginning of this very batch, as this program would have written it? */
static mnz_status check_file(const char *path, const mnz_archive_info *info,
                             const mnz_journal_identity *identity, mnz_error *err) {
  char watch[MNZ_WATCH_TEXT];
  mnz_watch_format(&identity->watch, watch);
  uint32_t shard;
  uint32_t shards;
  uint32_t plan;
  if (strcmp(info->scenario_text, identity->scenario_text) != 0)
    return mnz_cli_refuse_scenario(path, info->scenario_text, identity->scenario_text, err);
  if (strcmp(info->version, MNZ_VERSION) != 0 || strcmp(info->commit, MNZ_COMMIT) != 0)
    return mnz_fail(err, MNZ_SCENARIO, path,
                    "was written by monazite %s %s, this is %s %s: go on with that one", info->version,
                    info->commit, MNZ_VERSION, MNZ_COMMIT);
  if (!mnz_shard_parse(info->shard, &shard, &shards, &plan) || shard != identity->shard ||
      shards != identity->shards)
    return mnz_fail(err, MNZ_SCENARIO, path, "is part %s of a batch; asked for was %u of %u", info->shard,
                    identity->shard, identity->shards);
  if (info->replications == 1 && strncmp(info->watch, "all", 3) == 0 && identity->watch.what != MNZ_WATCH_ALL)
    return mnz_fail(err, MNZ_SCENARIO, path, "is a single run, no batch: remove it, or choose another name");
  mnz_watch found;
  if (mnz_watch_parse(info->watch, &found) &&
      (found.events != identity->watch.events || found.lots != identity->watch.lots))
    return mnz_fail(err, MNZ_SCENARIO, path, "was written %s", mnz_watch_saved(&found));
  if (strcmp(info->watch, watch) != 0 || info->digits != identity->digits)
    return mnz_fail(err, MNZ_SCENARIO, path, "was written with other --series, --bands or --digits (%s)",
                    info->watch);
  if (!info->has_series && identity->watch.what != MNZ_WATCH_NOTHING)
    return mnz_fail(err, MNZ_SCENARIO, path,
                    "was written with --series=none: without the single series its bands cannot be made "
                    "anew; begin a new batch");
  return MNZ_OK;
}

/* ---- going on ---- */

typedef struct importer {
  mnz_cli_store *store;
  size_t skip; /* what the journal has already */
} importer;

static mnz_status keep(mnz_cli_store *store, mnz_parcel **parcel, mnz_error *err) {
  return store->journal != NULL ? mnz_journal_add(store->journal, parcel, err)
                                : mnz_parcels_add(store->memory, parcel, err);
}

static mnz_status take(void *self, mnz_parcel **parcel, mnz_error *err) {
  importer *i = self;
  if (i->skip == 0) return keep(i->store, parcel, err);
  i->skip--;
  free(*parcel);
  *parcel = NULL;
  return MNZ_OK;
}

/* A whole results file has more than the journal when the process died while taking it over. One of another
 * batch beside a sound journal is what the batch is to replace. */
static mnz_status import_file(mnz_cli_store *store, const char *output, const mnz_journal_identity *identity,
                              const mnz_result *shape, mnz_error *err) {
  mnz_archive_info *info = NULL;
  mnz_error other = {.status = MNZ_OK};
  const importer begun = {store, mnz_cli_store_rows(store).count};
  importer i = begun;
  mnz_status status = mnz_archive_read_info(output, true, &info, &other);
  if (status == MNZ_OK) status = check_file(output, info, identity, &other);
  if (status != MNZ_OK && begun.skip > 0) {
    status = MNZ_OK;
  } else if (status != MNZ_OK) {
    mnz_fail(err, other.status, other.where, "%s", other.message);
  } else if (info->replications > i.skip) {
    status = mnz_archive_read_rows(output, shape, take, &i, err);
    if (status == MNZ_OK) status = mnz_journal_sync(store->journal, err);
  }
  mnz_archive_info_free(info);
  return status;
}

static bool exists(const char *path) {
  return access(path, F_OK) == 0;
}

static mnz_status resume_journal(mnz_cli_store *store, const mnz_journal_identity *identity,
                                 const mnz_result *shape, mnz_error *err) {
  char *was = NULL;
  mnz_status status = mnz_journal_open(&store->journal, store->journal_path, identity, shape, &was, err);
  if (status == MNZ_SCENARIO && was != NULL)
    status = mnz_cli_refuse_scenario(store->journal_path, was, identity->scenario_text, err);
  free(was);
  return status;
}

/* Somebody's work, done or going on. */
static mnz_status refuse_begun(mnz_cli_store *store, const mnz_journal_identity *identity,
                               const mnz_result *shape, mnz_error *err) {
  const mnz_journal_identity as_it_is = {.scenario_text = identity->scenario_text};
  const mnz_status status =
      mnz_journal_open(&store->journal, store->journal_path, &as_it_is, shape, NULL, err);
  if (status == MNZ_CANNOT_CREATE) return status; /* it is being written */
  return mnz_fail(err, MNZ_CANNOT_CREATE, store->journal_path,
                  "is an interrupted batch: go on with --resume, or remove it");
}

mnz_status mnz_cli_store_open(mnz_cli_store *store, const mnz_cli_store_wish *wish,
                              const mnz_journal_identity *identity, const mnz_result *shape, mnz_error *err) {
  const char *output = wish->output;
  *store = (mnz_cli_store){0};
  if (output == NULL) return mnz_parcels_create(&store->memory, shape, err);
  const size_t room = strlen(output) + sizeof ".journal";
  mnz_status status = mnz_new_array(&store->journal_path, room, err);
  if (status != MNZ_OK) return status;
  snprintf(store->journal_path, room, "%s.journal", output);
  const bool begun = exists(store->journal_path);
  if (begun && !wish->resume) return refuse_begun(store, identity, shape, err);
  if (!wish->resume && !wish->overwrite &&
      (status = mnz_cli_check_loss(output, identity->scenario_text, wish->replications, err)) != MNZ_OK)
    return status;
  store->fresh = !begun;
  status = begun ? resume_journal(store, identity, shape, err)
                 : mnz_journal_create(&store->journal, store->journal_path, identity, shape, err);
  if (status == MNZ_OK && wish->resume && exists(output))
    status = import_file(store, output, identity, shape, err);
  return status;
}

mnz_status mnz_cli_store_look(const mnz_cli_store_wish *wish, const mnz_journal_identity *identity,
                              const mnz_result *shape, size_t *there, mnz_error *err) {
  mnz_cli_store store = {0};
  mnz_archive_info *info = NULL;
  mnz_buffer path = {0};
  mnz_status status = MNZ_OK;
  *there = 0;
  if (wish->output == NULL) return MNZ_OK;
  mnz_buffer_print(&path, "%s.journal", wish->output);
  if (path.failed) return mnz_fail(err, MNZ_NO_MEMORY, wish->output, "out of memory");
  if (!wish->resume) {
    if (!wish->overwrite)
      status = mnz_cli_check_loss(wish->output, identity->scenario_text, wish->replications, err);
  } else if (exists(path.at)) {
    store.journal_path = path.at;
    status = resume_journal(&store, identity, shape, err);
    if (status == MNZ_OK) *there = mnz_journal_rows(store.journal).count;
    mnz_journal_close(store.journal);
  } else if (exists(wish->output)) {
    status = mnz_archive_read_info(wish->output, false, &info, err);
    if (status == MNZ_OK) status = check_file(wish->output, info, identity, err);
    if (status == MNZ_OK) *there = info->replications;
    mnz_archive_info_free(info);
  }
  mnz_buffer_free(&path);
  return status;
}

/* ---- in and out ---- */

mnz_rows mnz_cli_store_rows(const mnz_cli_store *store) {
  return store->journal != NULL ? mnz_journal_rows(store->journal) : mnz_parcels_rows(store->memory);
}

static mnz_status put(void *self, mnz_parcel **parcel, mnz_error *err) {
  mnz_cli_store *store = self;
  store->added++;
  return keep(store, parcel, err);
}

static mnz_status border(void *self, mnz_error *err) {
  mnz_cli_store *store = self;
  return store->journal != NULL ? mnz_journal_sync(store->journal, err) : MNZ_OK;
}

mnz_sink mnz_cli_store_sink(mnz_cli_store *store) {
  return (mnz_sink){store, put, border};
}

void mnz_cli_store_discard(mnz_cli_store *store) {
  if (store->journal != NULL) mnz_journal_remove(store->journal);
}

void mnz_cli_store_close(mnz_cli_store *store) {
  if (store->fresh && store->added == 0) mnz_cli_store_discard(store);
  mnz_journal_close(store->journal);
  mnz_parcels_free(store->memory);
  free(store->journal_path);
  *store = (mnz_cli_store){0};
}
