/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "world/host.h"

const char *mnz_host_where(const mnz_replication *r, int32_t node, char *out) {
  char date[32];
  mnz_moment_format(r->scenario->start_us + mnz_engine_now(r->engine), date);
  snprintf(out, 160, "%s, %s", node < 0 ? "links" : r->sites[node].spec->name, date);
  return out;
}

mnz_status mnz_host_locate(mnz_replication *r, int32_t node, mnz_status status, mnz_error *err) {
  if (status == MNZ_OK && !r->stream_exhausted && r->trace_count == 0 && !r->memory_out) return MNZ_OK;
  char where[160];
  mnz_host_where(r, node, where);
  if (status == MNZ_OK && r->memory_out) return mnz_fail(err, MNZ_NO_MEMORY, where, "no memory for an event");
  if (status == MNZ_OK && r->trace_count > 0) {
    return mnz_fail(
        err, MNZ_MODEL, where,
        "a trace of %zu values has come to its end; make it longer, or let cycle(...) begin again",
        r->trace_count);
  }
  if (status == MNZ_OK) {
    return mnz_fail(err, MNZ_LIMIT, where,
                    "more than %" PRIu32
                    " draws of one kind; let what is drawn come less often (larger lots, longer intervals)",
                    MNZ_STREAM_MAX_OCCURRENCE);
  }
  if (err != NULL) snprintf(err->where, sizeof err->where, "%s", where);
  return status;
}

static mnz_status on_wake(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t node = (int32_t)(arg >> 32);
  mnz_site *site = &r->sites[node];
  const mnz_status status = site->fluid != NULL
                                ? mnz_fluid_wake(site->fluid, err)
                                : site->spec->kind->wake(site->self, (int32_t)(uint32_t)arg, err);
  return mnz_host_locate(r, node, status, err);
}

static mnz_status on_decide(void *self, int64_t arg, mnz_error *err) {
  mnz_replication *r = self;
  const int32_t node = (int32_t)arg;
  mnz_site *site = &r->sites[node];
  r->stirred[node] = false;
  const mnz_status status =
      site->fluid != NULL ? mnz_fluid_decide(site->fluid, err) : site->spec->kind->decide(site->self, err);
  return mnz_host_locate(r, node, status, err);
}

mnz_status mnz_host_post(mnz_replication *r, mnz_time at, mnz_phase phase, mnz_event_fn *fn, int64_t arg,
                         mnz_event_id *id, mnz_error *err) {
  const mnz_event event = {.time = at, .phase = (uint8_t)phase, .fn = fn, .self = r, .arg = arg};
  return mnz_engine_post(r->engine, &event, id, err);
}

mnz_status mnz_host_alarm(mnz_replication *r, mnz_time at, mnz_phase phase, mnz_event_fn *fn, int64_t arg,
                          mnz_alarm *alarm, mnz_error *err) {
  mnz_event_id id;
  mnz_status status = mnz_host_post(r, at, phase, fn, arg, &id, err);
  if (status == MNZ_OK && alarm != NULL) *alarm = (uint64_t)id.generation << 32 | id.slot;
  return status;
}

mnz_time mnz_host_now(const void *host) {
  return mnz_engine_now(((const mnz_replication *)host)->engine);
}

static mnz_status host_wake(void *host, int32_t node, mnz_time at, mnz_phase phase, int32_t tag,
                            mnz_alarm *alarm, mnz_error *err) {
  return mnz_host_alarm(host, at, phase, on_wake, mnz_host_pack(node, tag), alarm, err);
}

static void host_cancel(void *host, mnz_alarm *alarm) {
  mnz_replication *r = host;
  if (*alarm == 0) return;
  mnz_engine_cancel(r->engine,
                    (mnz_event_id){.slot = (uint32_t)*alarm, .generation = (uint32_t)(*alarm >> 32)});
  *alarm = 0;
}

static mnz_status host_stir(void *host, int32_t node, mnz_error *err) {
  mnz_replication *r = host;
  if (r->stirred[node]) return MNZ_OK;
  r->stirred[node] = true;
  return mnz_host_post(r, mnz_engine_now(r->engine), MNZ_PHASE_DECISION, on_decide, node, NULL, err);
}

static void host_stream(void *host, uint32_t hash, mnz_purpose purpose, uint32_t occurrence,
                        mnz_stream *stream) {
  mnz_replication *r = host;
  if (occurrence > MNZ_STREAM_MAX_OCCURRENCE) r->stream_exhausted = true; /* the event fails behind us */
  mnz_stream_open(stream, (mnz_stream_key){.seed = r->scenario->seed,
                                           .replication = r->index,
                                           .object = hash,
                                           .purpose = (uint32_t)purpose,
                                           .occurrence = occurrence & MNZ_STREAM_MAX_OCCURRENCE});
}

static void host_trace_over(void *host, size_t count) {
  ((mnz_replication *)host)->trace_count = count; /* the event fails behind us */
}

void mnz_host_open(mnz_replication *r) {
  r->services = (mnz_services){.host = r,
                               .start_us = r->scenario->start_us,
                               .now = mnz_host_now,
                               .wake = host_wake,
                               .cancel = host_cancel,
                               .stir = host_stir,
                               .stream = host_stream,
                               .trace_over = host_trace_over};
  mnz_host_add_links(&r->services);
  mnz_host_add_orders(&r->services);
  mnz_host_add_money(r);
}
