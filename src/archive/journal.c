/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layout: a `header`, the scenario's text, filled up with NUL to a multiple of 8; then records: a `mark`,
 * a parcel. Numbers are of the machine that wrote it; the magic word tells one of another kind. */
#include "monazite/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "archive/part.h"
#include "base/error.h"
#include "base/memory.h"
#include "monazite/version.h"

#define MAGIC       UINT64_C(0x316c6e6a7a6e6d0a) /* "\nmnzjnl1" */
#define MARK        UINT32_C(0x6c637270)
#define MOST_HEADER ((uint32_t)64 << 20)

typedef struct header {
  uint64_t magic;
  uint32_t bytes; /* of header and text, a multiple of 8 */
  uint32_t crc;   /* of all from `parcel_bytes` to the end of the text */
  uint32_t plan;  /* replications of the whole plan; may grow, so it is not under the checksum */
  uint32_t spare;
  uint64_t parcel_bytes;
  int64_t period_us;
  int32_t watched;
  int32_t months;
  int32_t digits;
  uint32_t shard;
  uint32_t shards;
  uint32_t text_bytes; /* with its NUL */
  char version[44];    /* of the program: another one may compute other numbers */
  uint32_t saved;      /* 1: events, 2: and lots */
} header;

typedef struct mark {
  uint32_t word;
  uint32_t crc; /* of the parcel */
} mark;

typedef struct record {
  off_t parcel;
  off_t log;
  bool failed;
} record;

struct mnz_journal {
  char *path;
  int fd;
  const mnz_result *shape;
  size_t *offsets; /* of each variable in a parcel */
  uint32_t plan;
  off_t end; /* of the last whole record */
  record *at;
  size_t count;
  size_t capacity;
};

static mnz_status io_failure(const mnz_journal *j, const char *doing, mnz_error *err) {
  return mnz_fail(err, MNZ_IO, j->path, "cannot %s: %s", doing, strerror(errno));
}

/* ---- bytes ---- */

static uint32_t checksum(const void *bytes, size_t count) {
  return (uint32_t)crc32_z(0, bytes, count);
}

static bool write_at(int fd, const void *bytes, size_t count, off_t at) {
  const char *from = bytes;
  while (count > 0) {
    const ssize_t written = pwrite(fd, from, count, at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    from += written;
    at += written;
    count -= (size_t)written;
  }
  return true;
}

/* False at the end of the file, with errno 0, and on an error. */
static bool read_at(int fd, void *bytes, size_t count, off_t at) {
  char *to = bytes;
  while (count > 0) {
    const ssize_t got = pread(fd, to, count, at);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = 0;
    if (got <= 0) return false;
    to += got;
    at += got;
    count -= (size_t)got;
  }
  return true;
}

/* ---- the header ---- */

static size_t aligned(size_t bytes) {
  return (bytes + 7) / 8 * 8;
}

static uint32_t saved(const mnz_watch *watch) {
  return !watch->events ? 0 : watch->lots ? 2 : 1;
}

/* Header and text in one piece, the caller's. */
static mnz_status make_header(const mnz_journal_identity *identity, const mnz_result *shape, char **out,
                              mnz_error *err) {
  const size_t text = strlen(identity->scenario_text) + 1;
  header h = {.magic = MAGIC,
              .bytes = (uint32_t)aligned(sizeof h + text),
              .plan = identity->plan,
              .parcel_bytes = mnz_parcel_bytes(shape),
              .period_us = identity->watch.period_us,
              .watched = (int32_t)identity->watch.what,
              .months = identity->watch.months,
              .digits = identity->digits,
              .shard = identity->shard,
              .shards = identity->shards,
              .text_bytes = (uint32_t)text,
              .version = MNZ_VERSION " " MNZ_COMMIT,
              .saved = saved(&identity->watch)};
  mnz_status status = mnz_new_array(out, h.bytes, err);
  if (status != MNZ_OK) return status;
  memcpy(*out, &h, sizeof h);
  memcpy(*out + sizeof h, identity->scenario_text, text);
  h.crc = checksum(*out + offsetof(header, parcel_bytes), h.bytes - offsetof(header, parcel_bytes));
  memcpy(*out + offsetof(header, crc), &h.crc, sizeof h.crc);
  return MNZ_OK;
}

static mnz_status read_header(mnz_journal *j, header *h, char **whole, mnz_error *err) {
  *whole = NULL;
  if (!read_at(j->fd, h, sizeof *h, 0) || h->magic != MAGIC || h->bytes < sizeof *h ||
      h->bytes > MOST_HEADER || h->text_bytes == 0 || h->text_bytes > h->bytes - sizeof *h)
    return mnz_fail(err, MNZ_FORMAT, j->path, "is no journal of a batch");
  mnz_status status = mnz_new_array(whole, h->bytes, err);
  if (status != MNZ_OK) return status;
  const size_t from = offsetof(header, parcel_bytes);
  if (!read_at(j->fd, *whole, h->bytes, 0) || checksum(*whole + from, h->bytes - from) != h->crc ||
      (*whole)[sizeof *h + h->text_bytes - 1] != '\0')
    return mnz_fail(err, MNZ_FORMAT, j->path, "is damaged at its beginning");
  j->end = (off_t)h->bytes;
  j->plan = h->plan;
  return MNZ_OK;
}

/* A plan that was said anew counts from now on. */
static mnz_status renew_plan(mnz_journal *j, uint32_t plan, mnz_error *err) {
  if (plan == 0 || plan == j->plan) return MNZ_OK;
  j->plan = plan;
  return write_at(j->fd, &plan, sizeof plan, (off_t)offsetof(header, plan))
             ? MNZ_OK
             : io_failure(j, "be written", err);
}

/* Is it the journal of this very batch? */
static mnz_status compare_header(const mnz_journal *j, const header *h, const char *whole,
                                 const mnz_journal_identity *identity, char **was, mnz_error *err) {
  const char *const text = whole + sizeof *h;
  if (strncmp(h->version, MNZ_VERSION " " MNZ_COMMIT, sizeof h->version - 1) != 0)
    return mnz_fail(
        err, MNZ_FORMAT, j->path,
        "was begun by version %.43s, this is %s: go on with that one, or remove it and begin anew",
        h->version, MNZ_VERSION " " MNZ_COMMIT);
  if (strcmp(text, identity->scenario_text) != 0) {
    if (was != NULL && mnz_new_array(was, h->text_bytes, NULL) == MNZ_OK) memcpy(*was, text, h->text_bytes);
    return mnz_fail(err, MNZ_SCENARIO, j->path, "is of another scenario");
  }
  if (h->shard != identity->shard || h->shards != identity->shards)
    return mnz_fail(err, MNZ_SCENARIO, j->path, "is of shard %u of %u; asked for was %u of %u", h->shard,
                    h->shards, identity->shard, identity->shards);
  if (h->watched != (int32_t)identity->watch.what || h->months != identity->watch.months ||
      h->period_us != identity->watch.period_us)
    return mnz_fail(err, MNZ_SCENARIO, j->path, "was begun with other --series or --bands");
  if (h->saved != saved(&identity->watch)) {
    const mnz_watch was_kept = {.events = h->saved > 0, .lots = h->saved > 1};
    return mnz_fail(err, MNZ_SCENARIO, j->path, "was begun %s", mnz_watch_saved(&was_kept));
  }
  if (h->digits != identity->digits)
    return mnz_fail(err, MNZ_SCENARIO, j->path, "was begun with --digits %d, 0 meaning all; asked for was %d",
                    (int)h->digits, (int)identity->digits);
  if (h->parcel_bytes != mnz_parcel_bytes(j->shape))
    return mnz_fail(err, MNZ_FORMAT, j->path, "holds other variables: it was begun by another build");
  return MNZ_OK;
}

/* ---- records ---- */

static mnz_status note_record(mnz_journal *j, off_t at, const mnz_parcel *parcel, mnz_error *err) {
  mnz_status status = mnz_reserve_array(&j->at, &j->capacity, j->count + 1, err);
  if (status != MNZ_OK) return status;
  j->at[j->count++] = (record){at, at + (off_t)mnz_parcel_log_offset(parcel), parcel->status != MNZ_OK};
  j->end = at + (off_t)parcel->bytes;
  return MNZ_OK;
}

/* The head of the record at the journal's end. A length is believed if all of the head agrees with it and the
 * file has so much: a damaged one must not ask for all memory. */
static bool read_head(const mnz_journal *j, off_t file_bytes, mark *m, mnz_parcel *head) {
  const off_t at = j->end + (off_t)sizeof *m;
  return read_at(j->fd, m, sizeof *m, j->end) && m->word == MARK && read_at(j->fd, head, sizeof *head, at) &&
         mnz_parcel_can_begin(j->shape, head) && (off_t)head->bytes <= file_bytes - at;
}

/* Finds the whole records, and cuts off what comes behind the last of them. */
static mnz_status scan(mnz_journal *j, mnz_error *err) {
  struct stat s;
  mark m;
  mnz_parcel head;
  char *room = NULL;
  size_t capacity = 0;
  if (fstat(j->fd, &s) != 0) return io_failure(j, "be read", err);
  mnz_status status = MNZ_OK;
  errno = 0;
  while (status == MNZ_OK && read_head(j, s.st_size, &m, &head)) {
    const off_t at = j->end + (off_t)sizeof m;
    if ((status = mnz_reserve_array(&room, &capacity, head.bytes, err)) != MNZ_OK) break;
    const mnz_parcel *const parcel = (const mnz_parcel *)(const void *)room;
    if (!read_at(j->fd, room, head.bytes, at) || checksum(room, head.bytes) != m.crc ||
        !mnz_parcel_is_sound(j->shape, parcel, head.bytes))
      break;
    status = note_record(j, at, parcel, err);
  }
  free(room);
  /* What cannot be read is not what is not there. */
  if (status == MNZ_OK && errno != 0) return io_failure(j, "be read", err);
  if (status == MNZ_OK && ftruncate(j->fd, j->end) != 0)
    status = io_failure(j, "be cut to whole records", err);
  return status;
}

/* ---- life ---- */

static mnz_status make(mnz_journal **out, const char *path, const mnz_result *shape, mnz_error *err) {
  mnz_status status = mnz_new_array(out, 1, err);
  if (status != MNZ_OK) return status;
  mnz_journal *j = *out;
  *j = (mnz_journal){.fd = -1, .shape = shape};
  if ((status = mnz_new_array(&j->path, strlen(path) + 1, err)) != MNZ_OK) return status;
  memcpy(j->path, path, strlen(path) + 1);
  if ((status = mnz_new_array(&j->offsets, shape->n_variables, err)) != MNZ_OK) return status;
  for (size_t k = 0; k < shape->n_variables; k++) j->offsets[k] = mnz_parcel_offset(shape, k);
  return MNZ_OK;
}

/* A file system without locks does without. Who was just killed may hold his for a moment. */
static mnz_status lock(const mnz_journal *j, mnz_error *err) {
  const struct timespec moment = {.tv_nsec = 50000000};
  for (int tries = 0; tries < 20; tries++) {
    if (flock(j->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return MNZ_OK;
    (void)nanosleep(&moment, NULL);
  }
  return mnz_fail(err, MNZ_CANNOT_CREATE, j->path, "is being written by another batch");
}

/* A journal has its name from the moment on at which its header is on disk: one with the name is never less.
 */
static mnz_status name_journal(const mnz_journal *j, const char *begin, mnz_error *err) {
  if (fdatasync(j->fd) != 0) return io_failure(j, "be brought to disk", err);
  if (link(begin, j->path) == 0) {
    (void)unlink(begin);
  } else if (errno == EEXIST || access(j->path, F_OK) == 0 || rename(begin, j->path) != 0) {
    /* A file system without hard links renames. */
    return mnz_fail(err, MNZ_CANNOT_CREATE, j->path, "cannot be created: %s", strerror(errno));
  }
  return mnz_folder_sync(j->path) ? MNZ_OK : io_failure(j, "bring its folder to disk", err);
}

static mnz_status begin_journal(mnz_journal *j, const char *begin, const char *head, mnz_error *err) {
  header h;
  memcpy(&h, head, sizeof h);
  j->fd = open(begin, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (j->fd < 0) return mnz_fail(err, MNZ_CANNOT_CREATE, j->path, "cannot be created: %s", strerror(errno));
  mnz_status status = lock(j, err);
  if (status != MNZ_OK) return status;
  j->end = (off_t)h.bytes;
  j->plan = h.plan;
  if (ftruncate(j->fd, 0) != 0 || !write_at(j->fd, head, h.bytes, 0))
    status = io_failure(j, "be written", err);
  else
    status = name_journal(j, begin, err);
  if (status != MNZ_OK) (void)unlink(begin);
  return status;
}

mnz_status mnz_journal_create(mnz_journal **out, const char *path, const mnz_journal_identity *identity,
                              const mnz_result *shape, mnz_error *err) {
  char *head = NULL;
  char *begin = NULL;
  const size_t room = strlen(path) + sizeof ".begin";
  mnz_status status = make(out, path, shape, err);
  if (status == MNZ_OK) status = make_header(identity, shape, &head, err);
  if (status == MNZ_OK) status = mnz_new_array(&begin, room, err);
  if (status == MNZ_OK) {
    (void)snprintf(begin, room, "%s.begin", path);
    status = begin_journal(*out, begin, head, err);
  }
  free(begin);
  free(head);
  if (status == MNZ_OK) return MNZ_OK;
  mnz_journal_close(*out);
  *out = NULL;
  return status;
}

mnz_status mnz_journal_open(mnz_journal **out, const char *path, const mnz_journal_identity *identity,
                            const mnz_result *shape, char **was, mnz_error *err) {
  char *whole = NULL;
  header h;
  struct stat s;
  if (was != NULL) *was = NULL;
  mnz_status status = make(out, path, shape, err);
  if (status != MNZ_OK) goto out;
  mnz_journal *j = *out;
  j->fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (j->fd < 0 || fstat(j->fd, &s) != 0) {
    status = mnz_fail(err, MNZ_NO_INPUT, path, "cannot be opened: %s", strerror(errno));
    goto out;
  }
  if (!S_ISREG(s.st_mode)) {
    status = mnz_fail(err, MNZ_FORMAT, path, "is no ordinary file");
    goto out;
  }
  if ((status = lock(j, err)) != MNZ_OK) goto out;
  if ((status = read_header(j, &h, &whole, err)) != MNZ_OK) goto out;
  if ((status = compare_header(j, &h, whole, identity, was, err)) != MNZ_OK) goto out;
  if ((status = scan(j, err)) == MNZ_OK) status = renew_plan(j, identity->plan, err);
out:
  free(whole);
  if (status == MNZ_OK) return MNZ_OK;
  mnz_journal_close(*out);
  *out = NULL;
  return status;
}

void mnz_journal_close(mnz_journal *j) {
  if (j == NULL) return;
  if (j->fd >= 0) (void)close(j->fd);
  free(j->path);
  free(j->offsets);
  free(j->at);
  free(j);
}

uint32_t mnz_journal_plan(const mnz_journal *j) {
  return j->plan;
}

void mnz_journal_remove(mnz_journal *j) {
  (void)unlink(j->path);
}

/* ---- adding ---- */

mnz_status mnz_journal_add(mnz_journal *j, mnz_parcel **parcel, mnz_error *err) {
  mnz_parcel *const p = *parcel;
  *parcel = NULL;
  const mark m = {MARK, checksum(p, p->bytes)};
  const off_t at = j->end + (off_t)sizeof m;
  mnz_status status = MNZ_OK;
  if (!write_at(j->fd, &m, sizeof m, j->end) || !write_at(j->fd, p, p->bytes, at)) {
    status = io_failure(j, "be added to", err);
    (void)!ftruncate(j->fd, j->end);
  } else {
    status = note_record(j, at, p, err);
  }
  free(p);
  return status;
}

mnz_status mnz_journal_sync(mnz_journal *j, mnz_error *err) {
  struct stat s;
  if (fdatasync(j->fd) != 0) return io_failure(j, "be brought to disk", err);
  if (fstat(j->fd, &s) == 0 && s.st_nlink > 0) return MNZ_OK;
  return mnz_fail(err, MNZ_IO, j->path, "was removed by somebody while the batch was running");
}

/* ---- reading ---- */

static mnz_status lost(const mnz_journal *j, mnz_error *err) {
  return mnz_fail(err, MNZ_IO, j->path, "cannot be read back: %s",
                  errno != 0 ? strerror(errno) : "it is cut");
}

static mnz_status journal_head(void *self, size_t row, mnz_row *out, mnz_error *err) {
  const mnz_journal *j = self;
  mnz_parcel p;
  errno = 0;
  if (!read_at(j->fd, &p, sizeof p, j->at[row].parcel)) return lost(j, err);
  *out = (mnz_row){.replication = p.replication,
                   .status = (mnz_status)p.status,
                   .events = p.events,
                   .residual_mg = p.residual_mg,
                   .n_log = p.n_log};
  if (p.message_bytes == 0) return MNZ_OK;
  if (p.message_bytes > sizeof out->message) return lost(j, err);
  return read_at(j->fd, out->message, p.message_bytes, j->at[row].parcel + (off_t)sizeof p) ? MNZ_OK
                                                                                            : lost(j, err);
}

static mnz_status journal_read(void *self, size_t row, size_t k, size_t from, size_t count, void *out,
                               mnz_error *err) {
  const mnz_journal *j = self;
  const mnz_cell cell = j->shape->variables[k].cell;
  const size_t size = mnz_cell_size(cell);
  if (j->at[row].failed) {
    mnz_cells_undefined(cell, out, count);
    return MNZ_OK;
  }
  const off_t at = j->at[row].parcel + (off_t)(j->offsets[k] + from * size);
  errno = 0;
  return read_at(j->fd, out, count * size, at) ? MNZ_OK : lost(j, err);
}

static mnz_status journal_log(void *self, size_t row, size_t from, size_t count, mnz_model_event *out,
                              mnz_error *err) {
  const mnz_journal *j = self;
  errno = 0;
  return read_at(j->fd, out, count * sizeof *out, j->at[row].log + (off_t)(from * sizeof *out))
             ? MNZ_OK
             : lost(j, err);
}

mnz_rows mnz_journal_rows(const mnz_journal *j) {
  return (mnz_rows){j->shape, j->count, (void *)(uintptr_t)j, journal_head, journal_read, journal_log};
}
