/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine of src/engine/engine.c once more, around the heap. */
#include "heap_names.h"

#include "bench_engine.h"

#include "engine/engine.c"

const bench_engine bench_heap_engine = BENCH_ENGINE;
