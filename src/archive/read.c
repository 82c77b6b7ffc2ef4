/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading in a child process: HDF5 can crash, hang, or ask for all memory when a file is damaged. The child
 * has limits on time and memory, and answers through a pipe. */
#include "monazite/archive.h"

#include "archive/inspect.h"
#include "base/error.h"
#include "base/memory.h"

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
#define SECONDS_AT_LEAST  20
#define BYTES_PER_SECOND  1000000
#define WALL_PER_CPU      5                 /* on a busy machine or a slow disk */
#define BYTES_OF_MEMORY   ((size_t)1 << 30) /* beyond what the process has when it forks */
#define MOST_BYTES_ANSWER ((size_t)64 << 20)

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
  static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGXCPU, SIGTERM, SIGINT};
  sigset_t none;
  (void)sigemptyset(&none);
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) (void)signal(deadly[i], SIG_DFL);
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

static bool send_all(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t sent = write(fd, bytes, count);
    if (sent < 0 && errno != EINTR) return false;
    if (sent > 0) bytes += sent;
    if (sent > 0) count -= (size_t)sent;
  }
  return true;
}

static _Noreturn void run_child(const char *path, bool check, int out, rlim_t seconds) {
  confine(seconds);
  mnz_buffer answer = {0};
  mnz_inspect_file(path, check, &answer);
  const bool sent = !answer.failed && send_all(out, answer.at, answer.length);
  _exit(sent ? 0 : 1); /* not exit: what the parent has open is not ours to finish */
}

/* ---- the parent ---- */

typedef struct holder {
  mnz_archive_info info;
  char *texts; /* the answer, to which info points */
} holder;

static bool receive(int fd, mnz_buffer *answer) {
  char piece[65536];
  for (;;) {
    const ssize_t got = read(fd, piece, sizeof piece);
    if (got == 0) return !answer->failed;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || answer->length + (size_t)got > MOST_BYTES_ANSWER) return false;
    mnz_buffer_add_bytes(answer, piece, (size_t)got);
  }
}

/* What became of the child, when its answer is not to be had. */
static mnz_status explain_death(const char *path, int state, mnz_error *err) {
  const int number = WIFSIGNALED(state) ? WTERMSIG(state) : 0;
  if (number == SIGXCPU || number == SIGALRM || number == SIGKILL)
    return mnz_fail(err, MNZ_FORMAT, path, "is damaged: reading it takes more time or memory than it should");
  if (number != 0)
    return mnz_fail(err, MNZ_FORMAT, path, "is damaged: reading it ended in signal %d", number);
  return mnz_fail(err, MNZ_FORMAT, path, "is damaged: reading it gave no answer");
}

/* The next of the answer's texts; NULL after the last. */
static char *next_text(char **at, const char *end) {
  char *const text = *at;
  char *const nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;
  if (nul == NULL) return NULL;
  *at = nul + 1;
  return text;
}

static bool next_count(char **at, const char *end, size_t *count) {
  char *const text = next_text(at, end);
  if (text == NULL || text[0] < '0' || text[0] > '9') return false;
  *count = (size_t)strtoull(text, NULL, 10);
  return true;
}

/* The facts of a good answer; false if they are not all there. */
static bool take_facts(mnz_archive_info *info, char *at, const char *end) {
#define TAKE(field, object, attribute)                                                                       \
  if ((info->field = next_text(&at, end)) == NULL) return false;
  MNZ_INSPECT_TEXTS(TAKE)
#undef TAKE
  size_t n = 0;
  if (!next_count(&at, end, &info->replications) || !next_count(&at, end, &n)) return false;
  if (n > (size_t)(end - at) || mnz_new_array(&info->variables, n, NULL) != MNZ_OK) return false;
  for (; info->n_variables < n; info->n_variables++)
    if ((info->variables[info->n_variables] = next_text(&at, end)) == NULL) return false;
  const char *const last = next_text(&at, end);
  return last != NULL && strcmp(last, MNZ_INSPECT_END) == 0;
}

/* Turns the answer into *out, which then owns it. */
static mnz_status understand(const char *path, mnz_buffer *answer, int state, mnz_archive_info **out,
                             mnz_error *err) {
  char *at = answer->at;
  const char *const end = at + answer->length;
  size_t status = 0;
  if (answer->length == 0 || !next_count(&at, end, &status)) return explain_death(path, state, err);
  const char *const message = next_text(&at, end);
  if (message == NULL) return explain_death(path, state, err);
  if (status != MNZ_OK)
    return mnz_fail(err, status == MNZ_NO_MEMORY ? MNZ_NO_MEMORY : MNZ_FORMAT, path, "%s", message);

  holder *held = NULL;
  const mnz_status memory = mnz_new_array(&held, 1, err);
  if (memory != MNZ_OK) return memory;
  held->texts = answer->at;
  *answer = (mnz_buffer){0};
  *out = &held->info;
  return take_facts(*out, at, end) ? MNZ_OK : explain_death(path, state, err);
}

static mnz_status ask_child(const char *path, bool check, rlim_t seconds, mnz_archive_info **out,
                            mnz_error *err) {
  int ends[2];
  if (pipe(ends) != 0) return mnz_fail(err, MNZ_IO, path, "cannot be read: %s", strerror(errno));
  const pid_t child = fork();
  if (child == 0) {
    (void)close(ends[0]);
    run_child(path, check, ends[1], seconds);
  }
  (void)close(ends[1]);
  if (child < 0) {
    (void)close(ends[0]);
    return mnz_fail(err, MNZ_NO_MEMORY, path, "cannot start a process to read it: %s", strerror(errno));
  }
  mnz_buffer answer = {0};
  if (!receive(ends[0], &answer)) mnz_buffer_free(&answer);
  (void)close(ends[0]);
  int state = 0;
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) continue;
  const mnz_status status = understand(path, &answer, state, out, err);
  mnz_buffer_free(&answer);
  return status;
}

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

mnz_status mnz_archive_read_info(const char *path, bool check, mnz_archive_info **out, mnz_error *err) {
  size_t bytes = 0;
  *out = NULL;
  mnz_status status = look_at(path, &bytes, err);
  if (status != MNZ_OK) return status;
  status = ask_child(path, check, SECONDS_AT_LEAST + bytes / BYTES_PER_SECOND, out, err);
  if (status == MNZ_OK) {
    (*out)->bytes = bytes;
  } else {
    mnz_archive_info_free(*out);
    *out = NULL;
  }
  return status;
}

void mnz_archive_info_free(mnz_archive_info *info) {
  if (info == NULL) return;
  holder *const held = (holder *)(void *)info; /* info is its first member */
  free(info->variables);
  free(held->texts);
  free(held);
}
