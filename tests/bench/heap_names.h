/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other names for the engine and its queue, so that one program can hold two engines: included before
 * anything else by the files of the second one. */
#ifndef MNZ_BENCH_HEAP_NAMES_H
#define MNZ_BENCH_HEAP_NAMES_H

#define mnz_engine_create     heap_engine_create
#define mnz_engine_free       heap_engine_free
#define mnz_engine_reset      heap_engine_reset
#define mnz_engine_post       heap_engine_post
#define mnz_engine_cancel     heap_engine_cancel
#define mnz_engine_move       heap_engine_move
#define mnz_engine_is_pending heap_engine_is_pending
#define mnz_engine_run        heap_engine_run
#define mnz_engine_stop       heap_engine_stop
#define mnz_engine_now        heap_engine_now
#define mnz_engine_pending    heap_engine_pending
#define mnz_engine_executed   heap_engine_executed
#define mnz_engine_next_time  heap_engine_next_time
#define mnz_engine_verify     heap_engine_verify

#define mnz_queue_create     heap_queue_create
#define mnz_queue_free       heap_queue_free
#define mnz_queue_reset      heap_queue_reset
#define mnz_queue_post       heap_queue_post
#define mnz_queue_cancel     heap_queue_cancel
#define mnz_queue_move       heap_queue_move
#define mnz_queue_is_pending heap_queue_is_pending
#define mnz_queue_count      heap_queue_count
#define mnz_queue_peek       heap_queue_peek
#define mnz_queue_pop        heap_queue_pop
#define mnz_queue_verify     heap_queue_verify

#endif
