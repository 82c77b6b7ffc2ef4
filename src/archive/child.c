/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive/child.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A sound file takes a hundredth of this. */
#define SECONDS_AT_LEAST 20
#define BYTES_PER_SECOND 1000000
#define WALL_PER_CPU     5                 /* on a busy machine or a slow disk */
#define BYTES_OF_MEMORY  ((size_t)1 << 30) /* beyond what the process has when it forks */

#if defined(__SANITIZE_ADDRESS__)
#define UNLIMITED_MEMORY 1 /* AddressSanitizer reserves terabytes */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNLIMITED_MEMORY 1
#endif
#endif
#ifndef UNLIMITED_MEMORY
#define UNLIMITED_MEMORY 0
#endif

/* ---- the child ---- */

static void limit(int resource, rlim_t most) {
  struct rlimit r;
  if (getrlimit(resource, &r) != 0 || (r.rlim_cur != RLIM_INFINITY && r.rlim_cur <= most)) return;
  r.rlim_cur = most;
  (void)setrlimit(resource, &r);
}

/* Bytes of address space in use, where the system tells (Linux); 0 otherwise. */
static size_t memory_in_use(void) {
  char text[32] = "";
  const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t length = read(fd, text, sizeof text - 1);
  (void)close(fd);
  const long page = sysconf(_SC_PAGESIZE);
  return length > 0 && page > 0 ? (size_t)strtoull(text, NULL, 10) * (size_t)page : 0;
}

/* Death is quiet and final: no handlers of the program around us, nothing on its terminal, no core. */
static void confine(rlim_t seconds) {
  static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGXCPU};
  sigset_t none;
  (void)sigemptyset(&none);
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) (void)signal(deadly[i], SIG_DFL);
  /* Ctrl-C goes to all of the terminal's processes; what it means is the program's business. */
  (void)signal(SIGINT, SIG_IGN);
  (void)signal(SIGTERM, SIG_IGN);
  (void)sigprocmask(SIG_SETMASK, &none, NULL);
  const int null = open("/dev/null", O_RDWR);
  if (null >= 0) {
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(null, STDERR_FILENO);
  }
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, seconds);
  const size_t used = UNLIMITED_MEMORY ? 0 : memory_in_use();
  if (used > 0) limit(RLIMIT_AS, used + BYTES_OF_MEMORY);
  (void)alarm((unsigned)(seconds * WALL_PER_CPU));
}

/* What else the program has open is not the child's: a lock of a journal would outlive a program that is
 * killed. */
static void close_all_but(int out) {
  const long most = sysconf(_SC_OPEN_MAX);
  for (int fd = STDERR_FILENO + 1; fd < (most > 0 && most < 4096 ? most : 4096); fd++)
    if (fd != out) (void)close(fd);
}

bool mnz_child_say(int fd, const void *bytes, size_t count) {
  const char *at = bytes;
  while (count > 0) {
    const ssize_t sent = write(fd, at, count);
    if (sent < 0 && errno != EINTR) return false;
    if (sent > 0) at += sent;
    if (sent > 0) count -= (size_t)sent;
  }
  return true;
}

/* tools/lib/sanitizer-reports knows it by its name. */
static _Noreturn void run_child(size_t bytes, const char *path, mnz_child_fn *speak, void *self, int out) {
  close_all_but(out);
  confine(SECONDS_AT_LEAST + bytes / BYTES_PER_SECOND);
  const bool said = speak(self, path, out);
  _exit(said ? 0 : 1); /* not exit: what the parent has open is not ours to finish */
}

/* ---- the parent ---- */

/* The cheap questions, which need no child. */
static mnz_status look_at(const char *path, size_t *bytes, mnz_error *err) {
  static const char signature[] = "\211HDF\r\n\032\n";
  char start[sizeof signature - 1] = "";
  struct stat s;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would wait for its other end */
  if (fd < 0) return mnz_fail(err, MNZ_NO_INPUT, path, "cannot be opened: %s", strerror(errno));
  mnz_status status = MNZ_OK;
  if (fstat(fd, &s) != 0)
    status = mnz_fail(err, MNZ_NO_INPUT, path, "cannot be read: %s", strerror(errno));
  else if (!S_ISREG(s.st_mode))
    status = mnz_fail(err, MNZ_NO_INPUT, path, "is no ordinary file");
  else if (read(fd, start, sizeof start) != (ssize_t)sizeof start ||
           memcmp(start, signature, sizeof start) != 0)
    status = mnz_fail(err, MNZ_FORMAT, path, "is not an HDF5 file");
  else
    *bytes = (size_t)s.st_size;
  (void)close(fd);
  return status;
}

mnz_status mnz_child_start(mnz_child *child, const char *path, mnz_child_fn *speak, void *self,
                           mnz_error *err) {
  int ends[2];
  *child = (mnz_child){.out = -1};
  mnz_status status = look_at(path, &child->bytes, err);
  if (status != MNZ_OK) return status;
  if (pipe(ends) != 0) return mnz_fail(err, MNZ_IO, path, "cannot be read: %s", strerror(errno));
  child->id = fork();
  if (child->id == 0) {
    (void)close(ends[0]);
    run_child(child->bytes, path, speak, self, ends[1]);
  }
  (void)close(ends[1]);
  child->out = ends[0];
  if (child->id > 0) return MNZ_OK;
  (void)close(ends[0]);
  return mnz_fail(err, MNZ_NO_MEMORY, path, "cannot start a process to read it: %s", strerror(errno));
}

bool mnz_child_hear(const mnz_child *child, void *bytes, size_t count) {
  char *at = bytes;
  while (count > 0) {
    const ssize_t got = read(child->out, at, count);
    if (got == 0 || (got < 0 && errno != EINTR)) return false;
    if (got > 0) at += got;
    if (got > 0) count -= (size_t)got;
  }
  return true;
}

int mnz_child_end(mnz_child *child) {
  int state = 0;
  (void)close(child->out); /* one that speaks on is ended by that */
  while (waitpid(child->id, &state, 0) < 0 && errno == EINTR) continue;
  return state;
}

mnz_status mnz_child_death(const char *path, int state, mnz_error *err) {
  const int number = WIFSIGNALED(state) ? WTERMSIG(state) : 0;
  if (number == SIGXCPU || number == SIGALRM || number == SIGKILL)
    return mnz_fail(err, MNZ_FORMAT, path, "is damaged: reading it takes more time or memory than it should");
  if (number != 0)
    return mnz_fail(err, MNZ_FORMAT, path, "is damaged: reading it ended in signal %d", number);
  return mnz_fail(err, MNZ_FORMAT, path, "is damaged: reading it gave no answer");
}
