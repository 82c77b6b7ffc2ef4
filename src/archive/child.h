/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child process that reads a file for us: HDF5 can crash, hang, or ask for all memory when a file is
 * damaged. The child has limits on time and memory, and speaks through a pipe. */
#ifndef MNZ_ARCHIVE_CHILD_H
#define MNZ_ARCHIVE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "monazite/status.h"

typedef struct mnz_child {
  pid_t id;
  int out;      /* what it says */
  size_t bytes; /* of the file */
} mnz_child;

/* In the child: says all that it has to say to `fd`; false if it cannot. */
typedef bool mnz_child_fn(void *self, const char *path, int fd);
bool mnz_child_say(int fd, const void *bytes, size_t count);

/* Looks at the file (MNZ_NO_INPUT; MNZ_FORMAT if it is no HDF5 file), then starts the child. */
mnz_status mnz_child_start(mnz_child *child, const char *path, mnz_child_fn *speak, void *self,
                           mnz_error *err);
/* Exactly so many bytes; false if there are no more. */
bool mnz_child_hear(const mnz_child *child, void *bytes, size_t count);
/* Closes the pipe and waits; the state is waitpid's. */
int mnz_child_end(mnz_child *child);
/* The failure when the child did not say what it should have. */
mnz_status mnz_child_death(const char *path, int state, mnz_error *err);

#endif
