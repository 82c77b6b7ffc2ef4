/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded before MPI, it cuts rank 0 off from rank 1 after some messages: MPIs that let a job outlive one of
 * its ranks are rare, and yet the case is to be tested. */
#include <mpi.h>

enum { MESSAGES = 20 };

int MPI_Irecv(void *buffer, int count, MPI_Datatype type, int source, int tag, MPI_Comm comm,
              MPI_Request *request) {
  static int calls;
  int rank;
  PMPI_Comm_rank(comm, &rank);
  if (rank == 0 && source == 1 && ++calls > MESSAGES) return MPI_ERR_OTHER;
  return PMPI_Irecv(buffer, count, type, source, tag, comm, request);
}
