/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */
#include "archive/part.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static mnz_status io_failure(const mnz_part *part, const char *doing, mnz_error *err) {
  return mnz_fail(err, MNZ_IO, part->path, "cannot %s: %s", doing, strerror(errno));
}

/* ---- opening ---- */

/* The lock may have been won on a file that the run before it has meanwhile renamed away. */
static bool still_named(const mnz_part *part) {
  struct stat opened;
  struct stat named;
  return fstat(part->fd, &opened) == 0 && stat(part->part, &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

/* Opens and locks; *again says that the name is another file's by now. */
static mnz_status open_locked(mnz_part *part, bool *again, mnz_error *err) {
  *again = false;
  part->fd = open(part->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (part->fd < 0)
    return mnz_fail(err, MNZ_CANNOT_CREATE, part->path, "cannot be created: %s", strerror(errno));
  /* A file system that has no locks does without. */
  if (flock(part->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
    *again = !still_named(part);
    if (!*again) return MNZ_OK;
  }
  (void)close(part->fd);
  part->fd = -1;
  return *again ? MNZ_OK
                : mnz_fail(err, MNZ_CANNOT_CREATE, part->path, "is being written by another run, to %s",
                           part->part);
}

/* The names while it is written and at last. A link is followed: what it points to is replaced, not the link.
 */
static mnz_status name_part(mnz_part *part, mnz_error *err) {
  part->target = realpath(part->path, NULL);
  if (part->target == NULL) {
    mnz_status status = mnz_new_array(&part->target, strlen(part->path) + 1, err);
    if (status != MNZ_OK) return status;
    memcpy(part->target, part->path, strlen(part->path) + 1);
  }
  const size_t length = strlen(part->target);
  mnz_status status = mnz_new_array(&part->part, length + sizeof ".part", err);
  if (status != MNZ_OK) return status;
  memcpy(part->part, part->target, length);
  memcpy(part->part + length, ".part", sizeof ".part");
  return MNZ_OK;
}

mnz_status mnz_part_open(mnz_part *part, const char *path, mnz_error *err) {
  *part = (mnz_part){.path = path, .fd = -1};
  struct stat old;
  if (stat(path, &old) == 0 && !S_ISREG(old.st_mode))
    return mnz_fail(err, MNZ_CANNOT_CREATE, path, "is there already and is no ordinary file");
  mnz_status status = name_part(part, err);
  if (status != MNZ_OK) return status;

  bool again = true;
  while (again && status == MNZ_OK) status = open_locked(part, &again, err);
  if (status == MNZ_OK && ftruncate(part->fd, 0) != 0)
    status = io_failure(part, "empty what was left of it", err);
  return status;
}

/* ---- its content ---- */

/* The disk gives the room now, or says no: a page that it could not take later would be a signal. Only what
 * is new is asked for: where the C library has to write it itself, that costs. */
static mnz_status ask_for_room(const mnz_part *part, size_t size, mnz_error *err) {
  int no_room;
  do no_room = posix_fallocate(part->fd, (off_t)part->size, (off_t)(size - part->size));
  while (no_room == EINTR);
  if (no_room == 0) return MNZ_OK;
  return mnz_fail(err, MNZ_IO, part->path, "cannot grow to %.1f MB: %s", (double)size / 1e6,
                  strerror(no_room));
}

mnz_status mnz_part_map(mnz_part *part, size_t size, mnz_error *err) {
  mnz_status status = ask_for_room(part, size, err);
  if (status != MNZ_OK) return status;
  void *const bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, part->fd, 0);
  if (bytes == MAP_FAILED) return io_failure(part, "be mapped into memory", err);
  /* With the old mapping goes what it held of our memory; the file keeps it. */
  if (part->bytes != NULL) (void)munmap(part->bytes, part->size);
  part->bytes = bytes;
  part->size = size;
  return MNZ_OK;
}

mnz_status mnz_part_save(mnz_part *part, size_t size, mnz_error *err) {
  const int synced = part->bytes != NULL ? msync(part->bytes, part->size, MS_SYNC) : 0;
  if (synced != 0) return io_failure(part, "be written", err);
  if (part->bytes != NULL) (void)munmap(part->bytes, part->size);
  part->bytes = NULL;
  if (ftruncate(part->fd, (off_t)size) != 0) return io_failure(part, "be cut to its length", err);
  return fsync(part->fd) == 0 ? MNZ_OK : io_failure(part, "be brought to disk", err);
}

/* ---- publishing ---- */

/* The folder that holds the path: "." for a bare name. */
static int open_folder(const char *path) {
  char folder[4096];
  const char *const slash = strrchr(path, '/');
  const size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
  if (length >= sizeof folder) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(folder, path, length);
  folder[length] = '\0';
  return open(length > 0 ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool mnz_folder_sync(const char *path) {
  const int folder = open_folder(path);
  if (folder < 0) return false;
  /* Some file systems cannot do this for a folder, and do not need it. */
  const bool synced = fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
  (void)close(folder);
  return synced;
}

mnz_status mnz_part_publish(mnz_part *part, mnz_error *err) {
  if (rename(part->part, part->target) != 0) return io_failure(part, "be given its name", err);
  free(part->part);
  part->part = NULL;
  return mnz_folder_sync(part->target) ? MNZ_OK : io_failure(part, "bring its folder to disk", err);
}

void mnz_part_close(mnz_part *part) {
  if (part->bytes != NULL) (void)munmap(part->bytes, part->size);
  if (part->fd >= 0) {
    if (part->part != NULL) (void)unlink(part->part);
    (void)close(part->fd);
  }
  free(part->part);
  free(part->target);
  *part = (mnz_part){.fd = -1};
}
