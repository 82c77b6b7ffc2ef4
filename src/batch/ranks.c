/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages: rank 0 sends TERMS, gets an ANSWER, sends WORK, gets PARCELs, sends STOP, gets BYE, sends
 * FAREWELL. All of a mate's come through one receive that is always posted, so that they keep their order and
 * data flow while nobody looks. What is sent is sent without waiting; a rank waits only for what must come.
 */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "batch/ranks.h"

#include <mpi.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "batch/hands.h"
#include "batch/replicate.h"

enum {
  LOOK_MS = 2,      /* between two looks */
  FEWEST_AHEAD = 2, /* replications a thread that a mate has: one at work, one waiting */
  MOST_AHEAD = 16,  /* where they are done quicker than we look */
  MOST_CORES = 1024
};

enum tag { TERMS = 1, WORK, STOP, FAREWELL, ANSWER, PARCEL, FAILURE, BYE };

typedef struct answer {
  char host[256];
  uint32_t threads;
  mnz_error failure; /* MNZ_OK: will serve */
} answer;

/* Another rank as rank 0 sees it. */
typedef struct mate {
  enum { AWAY, SERVING, STOPPING, LOST } state;
  int rank;
  char host[256];
  uint32_t threads;
  void *buffer; /* what comes in, `room` bytes */
  int room;
  MPI_Request incoming;
  uint32_t *positions; /* handed out and not yet back, at most MOST_AHEAD a thread */
  uint32_t n_positions;
  uint32_t ahead;    /* so many it should have */
  uint32_t *numbers; /* on their way to it */
  MPI_Request outgoing;
  MPI_Request word; /* TERMS, STOP or FAREWELL on its way */
} mate;

struct mnz_ranks {
  MPI_Comm comm;
  int rank;
  int size;
  char host[256];
  char library[64];
  mnz_team team;
  const mnz_result *shape;
  mate *mates;     /* of rank 0: [size], its own not used */
  bool broken;     /* MPI cannot be ended in order */
  char lost[300];  /* the mate that was lost last */
  char *paper;     /* the terms as they travel */
  mnz_terms terms; /* of the others: what rank 0 said */
  bool sent_home;
};

/* --- small things --- */

static void nap(int milliseconds) {
  (void)poll(NULL, 0, milliseconds);
}

/* Waits asleep. Returns MPI's code. */
static int await(MPI_Request *request, MPI_Status *status) {
  int done = 0;
  int code;
  while ((code = MPI_Test(request, &done, status)) == MPI_SUCCESS && !done) nap(LOOK_MS);
  return code;
}

static mnz_status mpi_failed(int code, const char *where, mnz_error *err) {
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  (void)MPI_Error_string(code, text, &length);
  text[strcspn(text, "\n")] = '\0';
  return mnz_fail(err, MNZ_IO, where, "%s", text);
}

static void copy_text(char *to, size_t room, const char *from) {
  const size_t length = strlen(from) < room ? strlen(from) : room - 1;
  memcpy(to, from, length);
  to[length] = '\0';
}

static void name_mate(const mate *m, char *out, size_t room) {
  snprintf(out, room, "rank %d%s%s", m->rank, m->host[0] != '\0' ? " on " : "", m->host);
}

/* --- beginning --- */

/* Which cores this process may run on; where nobody says, all that there are. */
static void mark_cores(int mine[MOST_CORES]) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  for (int i = 0; i < MOST_CORES; i++) mine[i] = i < cores;
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return;
  for (size_t i = 0; i < MOST_CORES && i < CPU_SETSIZE; i++) mine[i] = CPU_ISSET(i, &set) != 0;
#endif
}

/* Ranks may be bound each to cores of its own or all to the same ones: a core is divided among those ranks of
 * this node that may run on it. */
static int count_cores(const mnz_ranks *r, uint32_t *cores) {
  int mine[MOST_CORES];
  int users[MOST_CORES];
  MPI_Comm node;
  mark_cores(mine);
  int code = MPI_Comm_split_type(r->comm, MPI_COMM_TYPE_SHARED, r->rank, MPI_INFO_NULL, &node);
  if (code != MPI_SUCCESS) return code;
  if ((code = MPI_Allreduce(mine, users, MOST_CORES, MPI_INT, MPI_SUM, node)) == MPI_SUCCESS) {
    double share = 1e-9; /* three thirds are one */
    for (int i = 0; i < MOST_CORES; i++)
      if (mine[i]) share += 1.0 / users[i];
    *cores = share < 1 ? 1 : (uint32_t)share;
  }
  (void)MPI_Comm_free(&node);
  return code;
}

static void ask_names(mnz_ranks *r) {
  char name[MPI_MAX_PROCESSOR_NAME] = "";
  char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length;
  (void)MPI_Get_processor_name(name, &length);
  (void)MPI_Get_library_version(library, &length);
  copy_text(r->host, sizeof r->host, name);
  library[strcspn(library, ",\n")] = '\0';
  copy_text(r->library, sizeof r->library, library);
  for (char *c = r->library; *c != '\0'; c++)
    if (*c == '\t') *c = ' ';
}

static mnz_status agree(void *self, const mnz_terms *terms, const mnz_result *shape, mnz_error *err);
static mnz_status exchange(void *self, const mnz_batch_options *options, mnz_dispatch *dispatch,
                           mnz_error *err);
static void dismiss(void *self);

static mnz_status create_mates(mnz_ranks *r, mnz_error *err) {
  if (r->rank != 0) return MNZ_OK;
  const mnz_status status = mnz_new_array(&r->mates, (size_t)r->size, err);
  for (int i = 0; i < r->size && status == MNZ_OK; i++)
    r->mates[i] = (mate){
        .rank = i, .incoming = MPI_REQUEST_NULL, .outgoing = MPI_REQUEST_NULL, .word = MPI_REQUEST_NULL};
  return status;
}

mnz_status mnz_ranks_begin(mnz_ranks **out, int *argc, char ***argv, mnz_error *err) {
  int provided = MPI_THREAD_SINGLE;
  mnz_ranks *r;
  mnz_status status = mnz_new_array(&r, 1, err);
  *out = r;
  if (status != MNZ_OK) return status;
  *r = (mnz_ranks){.comm = MPI_COMM_WORLD, .broken = true}; /* until all is there: the others must not wait */
  int code = MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
  if (code == MPI_SUCCESS) code = MPI_Comm_dup(MPI_COMM_WORLD, &r->comm);
  if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(r->comm, MPI_ERRORS_RETURN);
  if (code == MPI_SUCCESS) code = MPI_Comm_rank(r->comm, &r->rank);
  if (code == MPI_SUCCESS) code = MPI_Comm_size(r->comm, &r->size);
  if (code == MPI_SUCCESS) code = count_cores(r, &r->team.cores);
  if (code != MPI_SUCCESS) return mpi_failed(code, "MPI", err);
  ask_names(r);
  r->team = (mnz_team){.self = r,
                       .ranks = r->size,
                       .cores = r->team.cores,
                       .milliseconds = LOOK_MS,
                       .agree = agree,
                       .exchange = exchange,
                       .dismiss = dismiss};
  status = create_mates(r, err);
  if (status == MNZ_OK && provided < MPI_THREAD_FUNNELED)
    status = mnz_fail(err, MNZ_LIMIT, r->library, "offers no threads beside its own (MPI_THREAD_FUNNELED)");
  r->broken = status != MNZ_OK;
  return status;
}

int32_t mnz_ranks_rank(const mnz_ranks *r) {
  return r->rank;
}

mnz_team *mnz_ranks_team(mnz_ranks *r) {
  return &r->team;
}

const char *mnz_ranks_lost(const mnz_ranks *r) {
  return r->lost[0] != '\0' ? r->lost : NULL;
}

const char *mnz_ranks_library(const mnz_ranks *r) {
  return r->library;
}

/* --- rank 0: receiving --- */

/* Its replications go to others, if the batch is still on. */
static void lose(mnz_ranks *r, mate *m, mnz_dispatch *dispatch) {
  m->state = LOST;
  r->broken = true;
  name_mate(m, r->lost, sizeof r->lost);
  while (m->n_positions > 0 && dispatch != NULL)
    mnz_dispatch_give_back(dispatch, m->positions[--m->n_positions]);
}

static int listen(const mnz_ranks *r, mate *m) {
  return MPI_Irecv(m->buffer, m->room, MPI_BYTE, m->rank, MPI_ANY_TAG, r->comm, &m->incoming);
}

/* All the memory that a mate needs, so that nothing can fail later. */
static mnz_status enlist(const mnz_ranks *r, mate *m, mnz_error *err) {
  const size_t failed = sizeof(mnz_parcel) + sizeof(mnz_error);
  const size_t parcel = mnz_parcel_bytes(r->shape);
  const size_t room = parcel > failed ? parcel : failed;
  char *buffer = NULL;
  mnz_status status = mnz_new_array(&buffer, room, err);
  if (status == MNZ_OK) status = mnz_new_array(&m->positions, (size_t)MOST_AHEAD * m->threads, err);
  if (status == MNZ_OK) status = mnz_new_array(&m->numbers, (size_t)MOST_AHEAD * m->threads, err);
  m->buffer = buffer;
  m->room = (int)room;
  m->ahead = FEWEST_AHEAD * m->threads;
  m->n_positions = 0;
  return status;
}

/* --- rank 0: terms --- */

/* Waits for the answer. A refusal becomes the error, with the place where it was met in front. */
static mnz_status hear(mnz_ranks *r, mate *m, mnz_error *err) {
  answer a = {.threads = 0};
  char where[sizeof a.host + 32];
  MPI_Status got;
  int bytes = 0;
  int code = MPI_Irecv(&a, sizeof a, MPI_BYTE, m->rank, ANSWER, r->comm, &m->incoming);
  if (code == MPI_SUCCESS) code = await(&m->incoming, &got);
  if (code == MPI_SUCCESS) code = await(&m->word, MPI_STATUS_IGNORE);
  if (code == MPI_SUCCESS) code = MPI_Get_count(&got, MPI_BYTE, &bytes);
  if (code != MPI_SUCCESS) lose(r, m, NULL);
  copy_text(m->host, sizeof m->host, a.host);
  name_mate(m, where, sizeof where);
  if (code != MPI_SUCCESS) return mpi_failed(code, where, err);
  if (bytes != sizeof a) return mnz_fail(err, MNZ_SCENARIO, where, "runs another monazite");
  if (a.failure.status != MNZ_OK)
    return mnz_fail(err, a.failure.status, where, "%s%s%s", a.failure.where,
                    a.failure.where[0] != '\0' ? ": " : "", a.failure.message);
  m->threads = a.threads;
  m->state = SERVING;
  return MNZ_OK;
}

static mnz_status agree(void *self, const mnz_terms *terms, const mnz_result *shape, mnz_error *err) {
  mnz_ranks *r = self;
  size_t bytes;
  MNZ_REQUIRE(r->paper == NULL); /* once is enough for a program */
  r->shape = shape;
  mnz_status status = mnz_terms_pack(terms, &r->paper, &bytes, err);
  if (status != MNZ_OK) return status;
  for (int i = 1; i < r->size; i++) /* a failure to send shows when the answer is awaited */
    (void)MPI_Isend(r->paper, (int)bytes, MPI_BYTE, i, TERMS, r->comm, &r->mates[i].word);
  r->team.threads = 0;
  for (int i = 1; i < r->size; i++) { /* all of them, also after a refusal: the others have answered too */
    mate *m = &r->mates[i];
    mnz_error later;
    mnz_error *first = status == MNZ_OK ? err : &later;
    mnz_status heard = hear(r, m, first);
    if (heard == MNZ_OK) heard = enlist(r, m, first);
    if (m->state == SERVING && (heard != MNZ_OK || listen(r, m) != MPI_SUCCESS)) lose(r, m, NULL);
    if (status == MNZ_OK) status = heard;
    r->team.threads += m->threads;
  }
  return status;
}

/* --- rank 0: the batch --- */

static mnz_status take_parcel(mate *m, const mnz_batch_options *o, const mnz_result *shape, size_t bytes,
                              mnz_dispatch *dispatch, mnz_error *err) {
  const mnz_parcel *parcel = m->buffer;
  char where[sizeof m->host + 32];
  uint32_t i = 0;
  name_mate(m, where, sizeof where);
  if (!mnz_parcel_is_sound(shape, parcel, bytes))
    return mnz_fail(err, MNZ_FORMAT, where, "sent %zu bytes that are no replication of this batch", bytes);
  while (i < m->n_positions && mnz_batch_replication(o, m->positions[i]) != parcel->replication) i++;
  if (i == m->n_positions)
    return mnz_fail(err, MNZ_FORMAT, where, "sent replication %u, which it was not asked for",
                    parcel->replication);
  char *copy;
  const mnz_status status = mnz_new_array(&copy, bytes, err);
  if (status != MNZ_OK) return status;
  memcpy(copy, m->buffer, bytes);
  mnz_parcel *given = (mnz_parcel *)(void *)copy;
  mnz_dispatch_give(dispatch, m->positions[i], &given);
  m->positions[i] = m->positions[--m->n_positions];
  return MNZ_OK;
}

/* Everything that has come. */
static mnz_status take_in(mnz_ranks *r, mate *m, const mnz_batch_options *o, mnz_dispatch *dispatch,
                          uint32_t *came, mnz_error *err) {
  mnz_status status = MNZ_OK;
  while (status == MNZ_OK) {
    MPI_Status got;
    int there = 0;
    int bytes = 0;
    int code = MPI_Test(&m->incoming, &there, &got);
    if (code == MPI_SUCCESS && !there) break;
    if (code == MPI_SUCCESS) code = MPI_Get_count(&got, MPI_BYTE, &bytes);
    if (code == MPI_SUCCESS && got.MPI_TAG == FAILURE) {
      char where[sizeof m->host + 32];
      const mnz_error *e = m->buffer;
      name_mate(m, where, sizeof where);
      status =
          mnz_fail(err, e->status, where, "%s%s%s", e->where, e->where[0] != '\0' ? ": " : "", e->message);
    } else if (code == MPI_SUCCESS) {
      status = take_parcel(m, o, r->shape, (size_t)bytes, dispatch, err);
      (*came)++;
    }
    if (code == MPI_SUCCESS) code = listen(r, m);
    if (code != MPI_SUCCESS) {
      lose(r, m, dispatch);
      break;
    }
  }
  return status;
}

/* Tops up what the mate has. If some of its threads ran dry before we looked, it gets more from now on. */
static void hand_out(mnz_ranks *r, mate *m, const mnz_batch_options *o, mnz_dispatch *dispatch,
                     uint32_t came) {
  if (came > 0 && m->n_positions < m->threads && m->ahead < MOST_AHEAD * m->threads) m->ahead *= 2;
  uint32_t position;
  int count = 0;
  int sent = 0;
  const bool failed = MPI_Test(&m->outgoing, &sent, MPI_STATUS_IGNORE) != MPI_SUCCESS;
  if (failed) lose(r, m, dispatch);
  if (failed || !sent) return;
  while (m->n_positions < m->ahead && mnz_dispatch_try_take(dispatch, &position)) {
    m->positions[m->n_positions++] = position;
    m->numbers[count++] = mnz_batch_replication(o, position);
  }
  if (count > 0 &&
      MPI_Isend(m->numbers, count, MPI_UINT32_T, m->rank, WORK, r->comm, &m->outgoing) != MPI_SUCCESS)
    lose(r, m, dispatch);
}

static mnz_status exchange(void *self, const mnz_batch_options *o, mnz_dispatch *dispatch, mnz_error *err) {
  mnz_ranks *r = self;
  mnz_status status = MNZ_OK;
  for (int i = 1; i < r->size && status == MNZ_OK; i++) {
    mate *m = &r->mates[i];
    uint32_t came = 0;
    if (m->state == SERVING) status = take_in(r, m, o, dispatch, &came, err);
    if (m->state == SERVING && status == MNZ_OK) hand_out(r, m, o, dispatch, came);
  }
  return status;
}

static void dismiss(void *self) {
  mnz_ranks *r = self;
  for (int i = 1; i < r->size; i++) {
    mate *m = &r->mates[i];
    if (m->state != SERVING) continue;
    m->state = STOPPING;
    if (MPI_Isend(NULL, 0, MPI_BYTE, m->rank, STOP, r->comm, &m->word) != MPI_SUCCESS) lose(r, m, NULL);
  }
}

/* --- the end --- */

/* Parcels that are still under way come in and are dropped: nothing may be left when MPI ends. */
static void await_bye(mnz_ranks *r, mate *m) {
  MPI_Status got = {.MPI_TAG = 0};
  while (m->state == STOPPING) {
    if (await(&m->incoming, &got) != MPI_SUCCESS)
      lose(r, m, NULL);
    else if (got.MPI_TAG == BYE)
      m->state = AWAY;
    else if (listen(r, m) != MPI_SUCCESS)
      lose(r, m, NULL);
  }
  if (m->state == AWAY && (await(&m->outgoing, MPI_STATUS_IGNORE) != MPI_SUCCESS ||
                           await(&m->word, MPI_STATUS_IGNORE) != MPI_SUCCESS))
    lose(r, m, NULL);
}

static void send_home(mnz_ranks *r) {
  dismiss(r);
  for (int i = 1; i < r->size; i++) await_bye(r, &r->mates[i]);
  for (int i = 1; i < r->size; i++) {
    mate *m = &r->mates[i];
    if (m->state == AWAY && MPI_Isend(NULL, 0, MPI_BYTE, i, FAREWELL, r->comm, &m->word) != MPI_SUCCESS)
      lose(r, m, NULL);
  }
  for (int i = 1; i < r->size; i++) {
    mate *m = &r->mates[i];
    if (m->state == AWAY && await(&m->word, MPI_STATUS_IGNORE) != MPI_SUCCESS) lose(r, m, NULL);
  }
}

static void wait_to_be_sent_home(mnz_ranks *r) {
  const mnz_terms *unheard = NULL;
  while (!r->sent_home && !r->broken) {
    (void)mnz_ranks_learn(r, &unheard, NULL);
    if (unheard != NULL) r->broken = true; /* it would wait for an answer that nobody can give any more */
  }
}

void mnz_ranks_end(mnz_ranks *r, int code) {
  if (r == NULL) return;
  if (r->mates != NULL && !r->broken) send_home(r);
  if (r->rank != 0) wait_to_be_sent_home(r);
  if (r->broken) (void)MPI_Abort(r->comm, code);
  (void)MPI_Comm_free(&r->comm);
  (void)MPI_Finalize();
  for (int i = 0; i < r->size && r->mates != NULL; i++) {
    free(r->mates[i].buffer);
    free(r->mates[i].positions);
    free(r->mates[i].numbers);
  }
  free(r->mates);
  free(r->paper);
  free(r);
}

/* --- the other ranks: before and after --- */

static mnz_status lost_rank_0(mnz_ranks *r, int code, mnz_error *err) {
  r->broken = true;
  return mpi_failed(code, "rank 0", err);
}

mnz_status mnz_ranks_learn(mnz_ranks *r, const mnz_terms **terms, mnz_error *err) {
  MPI_Status got;
  int there = 0;
  int code;
  *terms = NULL;
  while ((code = MPI_Iprobe(0, MPI_ANY_TAG, r->comm, &there, &got)) == MPI_SUCCESS && !there) nap(LOOK_MS);
  int bytes = 0;
  if (code == MPI_SUCCESS) code = MPI_Get_count(&got, MPI_BYTE, &bytes);
  if (code != MPI_SUCCESS) return lost_rank_0(r, code, err);
  free(r->paper);
  const mnz_status status = mnz_new_array(&r->paper, (size_t)bytes + 1, err);
  if (status != MNZ_OK) return status;
  code = MPI_Recv(r->paper, bytes, MPI_BYTE, 0, got.MPI_TAG, r->comm, MPI_STATUS_IGNORE);
  if (code != MPI_SUCCESS) return lost_rank_0(r, code, err);
  r->sent_home = got.MPI_TAG == FAREWELL;
  if (got.MPI_TAG != TERMS) return MNZ_OK;
  r->terms = mnz_terms_unpack(r->paper, (size_t)bytes);
  *terms = &r->terms;
  return MNZ_OK;
}

mnz_status mnz_ranks_answer(mnz_ranks *r, uint32_t threads, const mnz_error *failure, mnz_error *err) {
  answer a = {.threads = threads};
  MPI_Request request;
  if (failure != NULL) a.failure = *failure;
  memcpy(a.host, r->host, sizeof a.host);
  int code = MPI_Isend(&a, sizeof a, MPI_BYTE, 0, ANSWER, r->comm, &request);
  if (code == MPI_SUCCESS) code = await(&request, MPI_STATUS_IGNORE);
  return code == MPI_SUCCESS ? MNZ_OK : lost_rank_0(r, code, err);
}

/* --- the other ranks: at work --- */

typedef struct service {
  mnz_ranks *ranks;
  mnz_hands *hands; /* NULL: could not be started */
  mnz_error failure;
  MPI_Request failing; /* the failure on its way */
  bool told;           /* of it */
  uint32_t room;       /* of the following, each */
  uint32_t *numbers;   /* that come in */
  MPI_Request incoming;
  mnz_parcel **parcels; /* on their way; NULL: a free place */
  MPI_Request *outgoing;
} service;

static int expect_word(service *s) {
  return MPI_Irecv(s->numbers, (int)s->room, MPI_UINT32_T, 0, MPI_ANY_TAG, s->ranks->comm, &s->incoming);
}

/* Everything that rank 0 has said; *stop: it wants no more. */
static int take_orders(service *s, bool *stop) {
  MPI_Status got;
  int there = 0;
  int code;
  while ((code = MPI_Test(&s->incoming, &there, &got)) == MPI_SUCCESS && there) {
    int count = 0;
    if (got.MPI_TAG != WORK) {
      *stop = true;
      break;
    }
    if ((code = MPI_Get_count(&got, MPI_UINT32_T, &count)) != MPI_SUCCESS) break;
    for (int i = 0; i < count && s->hands != NULL; i++) mnz_hands_add(s->hands, s->numbers[i]);
    if ((code = expect_word(s)) != MPI_SUCCESS) break;
  }
  return code;
}

static int send_parcels(service *s) {
  int code = MPI_SUCCESS;
  bool more = true;
  for (uint32_t i = 0; i < s->room && code == MPI_SUCCESS; i++) {
    if (s->parcels[i] != NULL) {
      int sent = 0;
      code = MPI_Test(&s->outgoing[i], &sent, MPI_STATUS_IGNORE);
      if (!sent) continue;
      free(s->parcels[i]);
      s->parcels[i] = NULL;
    }
    if (!more || code != MPI_SUCCESS) continue;
    more = (s->parcels[i] = mnz_hands_collect(s->hands)) != NULL;
    if (more)
      code = MPI_Isend(s->parcels[i], (int)s->parcels[i]->bytes, MPI_BYTE, 0, PARCEL, s->ranks->comm,
                       &s->outgoing[i]);
  }
  return code;
}

static int tell_failure(service *s) {
  s->told = true;
  return MPI_Isend(&s->failure, sizeof s->failure, MPI_BYTE, 0, FAILURE, s->ranks->comm, &s->failing);
}

static int work(service *s) {
  bool stop = false;
  int code = expect_word(s);
  while (code == MPI_SUCCESS && !stop) {
    code = take_orders(s, &stop);
    if (code == MPI_SUCCESS && s->hands != NULL) code = send_parcels(s);
    if (s->hands != NULL && !s->told) (void)mnz_hands_failure(s->hands, &s->failure);
    if (code == MPI_SUCCESS && !s->told && s->failure.status != MNZ_OK) code = tell_failure(s);
    if (!stop) nap(LOOK_MS);
  }
  return code;
}

/* Nothing of ours is under way when we say goodbye. */
static int leave(service *s) {
  MPI_Request bye;
  int code = await(&s->failing, MPI_STATUS_IGNORE);
  for (uint32_t i = 0; i < s->room && code == MPI_SUCCESS; i++)
    code = await(&s->outgoing[i], MPI_STATUS_IGNORE);
  if (code == MPI_SUCCESS) code = MPI_Isend(NULL, 0, MPI_BYTE, 0, BYE, s->ranks->comm, &bye);
  return code == MPI_SUCCESS ? await(&bye, MPI_STATUS_IGNORE) : code;
}

mnz_status mnz_ranks_serve(mnz_ranks *r, const mnz_scenario *scenario, const mnz_result *shape,
                           const mnz_batch_options *options, mnz_error *err) {
  service s = {.ranks = r, .failing = MPI_REQUEST_NULL, .room = MOST_AHEAD * options->threads};
  mnz_status status = mnz_new_array(&s.numbers, s.room, err);
  if (status == MNZ_OK) status = mnz_new_array(&s.parcels, s.room, err);
  if (status == MNZ_OK) status = mnz_new_array(&s.outgoing, s.room, err);
  if (status != MNZ_OK) {
    r->broken = true; /* rank 0 counts on us, and we have not even the room to tell it */
    goto out;
  }
  for (uint32_t i = 0; i < s.room; i++) s.outgoing[i] = MPI_REQUEST_NULL;
  (void)mnz_hands_start(&s.hands, scenario, shape, options, s.room, &s.failure);
  int code = work(&s);
  mnz_hands_end(s.hands);
  if (code == MPI_SUCCESS) code = leave(&s);
  if (code != MPI_SUCCESS) status = lost_rank_0(r, code, err);

out:
  for (uint32_t i = 0; i < s.room && s.parcels != NULL; i++) free(s.parcels[i]);
  free(s.outgoing);
  free(s.parcels);
  free(s.numbers);
  return status;
}
