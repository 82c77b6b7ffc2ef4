/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same work on many things, on several threads. */
#ifndef MNZ_BATCH_PARALLEL_H
#define MNZ_BATCH_PARALLEL_H

#include <stddef.h>
#include <stdint.h>

#include "monazite/status.h"

/* Calls fn for 0 .. count - 1, each once, in no order, from up to `threads` threads at once (this one among
 * them); `thread` numbers them. Threads that cannot be started are done without. The first failure found ends
 * it and is returned. */
typedef mnz_status mnz_parallel_fn(void *self, uint32_t thread, size_t i, mnz_error *err);
mnz_status mnz_parallel(uint32_t threads, size_t count, mnz_parallel_fn *fn, void *self, mnz_error *err);

#endif
