/* Messages between ranks by MPI. A module of its own, so that only who is started by mpirun or srun loads MPI. */
#include "base/ranks-engine.h"
#include <limits.h>
#include <mpi.h>
#include <sys/statvfs.h>

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

static GArray *windows; /* MPI_Win; NULL: none */

static void
close_mpi(void)
{
  for (guint i = 0; windows && i < windows->len; i++) {
    MPI_Win_unlock_all(g_array_index(windows, MPI_Win, i));
    MPI_Win_free(&g_array_index(windows, MPI_Win, i));
  }
  g_clear_pointer(&windows, g_array_unref);
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

static MgRanksRequest *
meet(void)
{
  MPI_Request request;
  int status = MPI_Ibarrier(MPI_COMM_WORLD, &request);
  return begun(status, &request);
}

/* Common memory */

enum { LINE = 64 };

static gboolean
all_agree(gboolean good)
{
  int bad = !good;
  return MPI_Allreduce(MPI_IN_PLACE, &bad, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD) == MPI_SUCCESS && bad == 0;
}

/* Open MPI takes it from there, and does not get over it where it is too small. */
static gboolean
has_room(size_t bytes)
{
  struct statvfs room;
  double all = (double)bytes;
  return MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD) == MPI_SUCCESS &&
         statvfs("/dev/shm", &room) == 0 && (double)room.f_bavail * (double)room.f_frsize > 2 * all;
}

/* At the next line of the caches: where that is, all see alike, as they see whole pages. */
static void *
aligned(void *place)
{
  return (void *)(((guintptr)place + LINE - 1) & ~(guintptr)(LINE - 1));
}

static gboolean
find_places(MPI_Win window, int size, void **places)
{
  gboolean good = TRUE;
  for (int i = 0; good && i < size; i++) {
    MPI_Aint bytes;
    int unit;
    good = MPI_Win_shared_query(window, i, &bytes, &unit, &places[i]) == MPI_SUCCESS;
    places[i] = good ? aligned(places[i]) : NULL;
  }
  return good && MPI_Win_lock_all(MPI_MODE_NOCHECK, window) == MPI_SUCCESS;
}

static gboolean
open_window(MPI_Comm machine, int size, size_t bytes, void **places)
{
  MPI_Win window;
  void *own;
  if (!all_agree(MPI_Win_allocate_shared((MPI_Aint)bytes + LINE, 1, MPI_INFO_NULL, machine, &own, &window) ==
                 MPI_SUCCESS) ||
      !all_agree(find_places(window, size, places)))
    return FALSE;
  if (!windows)
    windows = g_array_new(FALSE, FALSE, sizeof(MPI_Win));
  g_array_append_val(windows, window);
  return TRUE;
}

static gboolean
open_common(size_t bytes, void **places)
{
  MPI_Comm machine;
  int size, here = 0;
  if (!all_agree(MPI_Comm_size(MPI_COMM_WORLD, &size) == MPI_SUCCESS &&
                 MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine) == MPI_SUCCESS))
    return FALSE;
  MPI_Comm_set_errhandler(machine, MPI_ERRORS_RETURN);
  MPI_Comm_size(machine, &here);
  gboolean good = all_agree(has_room(bytes) && here == size) && open_window(machine, size, bytes, places);
  MPI_Comm_free(&machine);
  return good;
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
    .meet = meet,
    .open_common = open_common,
    .done = done,
    .send = send,
    .arrived = arrived,
    .receive = receive,
};
