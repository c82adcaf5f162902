/* Messages between ranks by MPI. A module of its own, so that only who is started by mpirun or srun loads MPI. */
#include "base/ranks-engine.h"
#include <limits.h>
#include <mpi.h>

struct MgRanksRequest {
  MPI_Request request;
};

static const int tag = 1;

/* Threads take turns: the one that serves messages is not the one that began. Errors are told, not fatal. */
static gboolean
open_mpi(int *rank, int *size)
{
  int level;
  return MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level) == MPI_SUCCESS && level >= MPI_THREAD_SERIALIZED &&
         MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN) == MPI_SUCCESS &&
         MPI_Comm_rank(MPI_COMM_WORLD, rank) == MPI_SUCCESS && MPI_Comm_size(MPI_COMM_WORLD, size) == MPI_SUCCESS;
}

static void
close_mpi(void)
{
  MPI_Finalize();
}

/* NULL, which done() takes for broken, where it could not begin. */
static MgRanksRequest *
begun(int status, const MPI_Request *request)
{
  MgRanksRequest *self = status == MPI_SUCCESS ? g_new(MgRanksRequest, 1) : NULL;
  if (self)
    self->request = *request;
  return self;
}

static int
count_of(size_t n)
{
  g_assert(n <= INT_MAX);
  return (int)n;
}

static MgRanksRequest *
sum_floats(float *values, size_t n)
{
  MPI_Request request;
  int status = MPI_Iallreduce(MPI_IN_PLACE, values, count_of(n), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &request);
  return begun(status, &request);
}

static MgRanksRequest *
sum_doubles(double *values, size_t n)
{
  MPI_Request request;
  int status = MPI_Iallreduce(MPI_IN_PLACE, values, count_of(n), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD, &request);
  return begun(status, &request);
}

static MgRanksRequest *
share(void *data, size_t n, int from)
{
  MPI_Request request;
  int status = MPI_Ibcast(data, count_of(n), MPI_BYTE, from, MPI_COMM_WORLD, &request);
  return begun(status, &request);
}

static MgRanksRequest *
gather(const void *own, size_t n, void *all)
{
  MPI_Request request;
  int status = MPI_Iallgather(own, count_of(n), MPI_BYTE, all, count_of(n), MPI_BYTE, MPI_COMM_WORLD, &request);
  return begun(status, &request);
}

static MgRanksState
done(MgRanksRequest *request)
{
  int complete = 0;
  if (!request || MPI_Test(&request->request, &complete, MPI_STATUS_IGNORE) != MPI_SUCCESS)
    return MG_RANKS_BROKEN;
  if (!complete)
    return MG_RANKS_UNDER_WAY;
  g_free(request);
  return MG_RANKS_DONE;
}

static MgRanksRequest *
send(int to, const void *data, size_t n)
{
  MPI_Request request;
  int status = MPI_Isend(data, count_of(n), MPI_BYTE, to, tag, MPI_COMM_WORLD, &request);
  return begun(status, &request);
}

static gboolean
arrived(int *from, size_t *n)
{
  int there = 0, bytes;
  MPI_Status status;
  if (MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &there, &status) != MPI_SUCCESS || !there ||
      MPI_Get_count(&status, MPI_BYTE, &bytes) != MPI_SUCCESS)
    return FALSE;
  *from = status.MPI_SOURCE;
  *n = (size_t)bytes;
  return TRUE;
}

static gboolean
receive(int from, void *data, size_t n)
{
  return MPI_Recv(data, count_of(n), MPI_BYTE, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE) == MPI_SUCCESS;
}

extern const MgRanksEngine mg_ranks_engine;
const MgRanksEngine mg_ranks_engine = {
    .open = open_mpi,
    .close = close_mpi,
    .sum_floats = sum_floats,
    .sum_doubles = sum_doubles,
    .share = share,
    .gather = gather,
    .done = done,
    .send = send,
    .arrived = arrived,
    .receive = receive,
};
