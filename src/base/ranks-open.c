/* Joining a job, and how its machines are parted among the ranks. */
#include "base/error.h"
#include "base/parallel.h"
#include "base/ranks-private.h"
#include "config.h"
#include <dlfcn.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Set by mpirun, and by srun --mpi=pmix or pmi2, for each process that they start. */
static const char *const launchers[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};

static gboolean
is_launched(void)
{
  if (g_strcmp0(g_getenv("MELOGRAPH_MPI"), "off") == 0)
    return FALSE;
  for (size_t i = 0; i < G_N_ELEMENTS(launchers); i++)
    if (g_getenv(launchers[i]))
      return TRUE;
  return FALSE;
}

static char *
module_path(void)
{
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  gboolean built_here = program && g_str_has_prefix(program, MG_BUILD_DIR "/");
  return g_build_filename(built_here ? MG_BUILD_DIR "/src/mpi" : MG_LIBDIR, "libmg-mpi.so", NULL);
}

/* RTLD_GLOBAL: Open MPI loads parts of its own, which look for its symbols. */
static const MgRanksEngine *
load_engine(GError **error)
{
  g_autofree char *path = module_path();
  void *module = g_file_test(path, G_FILE_TEST_EXISTS) ? dlopen(path, RTLD_NOW | RTLD_GLOBAL) : NULL;
  const MgRanksEngine *engine = module ? dlsym(module, MG_RANKS_ENGINE_SYMBOL) : NULL;
  if (!engine)
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                g_file_test(path, G_FILE_TEST_EXISTS)
                    ? _("%s: cannot be loaded, so ranks cannot work together; expected a build with -Dmpi=enabled, or "
                        "no mpirun")
                    : _("%s: this program has no MPI, so ranks cannot work together; expected a build with "
                        "-Dmpi=enabled, or no mpirun"),
                path);
  return engine;
}

static MgRankInfo
own_info(void)
{
  MgRankInfo info = {.pid = getpid(), .apart = g_strcmp0(g_getenv("MELOGRAPH_MPI"), "messages") == 0};
  cpu_set_t allowed;
  g_strlcpy(info.machine, g_get_host_name(), sizeof info.machine);
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    memcpy(info.mask, &allowed, MIN(sizeof info.mask, sizeof allowed));
  return info;
}

static gboolean
share_processors(const MgRankInfo *a, const MgRankInfo *b)
{
  for (size_t i = 0; i < sizeof a->mask; i++)
    if (a->mask[i] & b->mask[i])
      return TRUE;
  return FALSE;
}

/* Ranks of a machine that are bound to the same processors part them. */
static int
count_sharers(const MgRanks *ranks, int rank)
{
  int n = 0;
  const MgRankInfo *own = &ranks->infos[rank];
  for (int i = 0; i < ranks->size; i++)
    n += i == rank || (g_str_equal(ranks->infos[i].machine, own->machine) && share_processors(&ranks->infos[i], own));
  return n;
}

static int
count_bits(const MgRankInfo *info)
{
  int n = 0;
  for (size_t i = 0; i < sizeof info->mask; i++)
    n += __builtin_popcount(info->mask[i]);
  return n;
}

/* In a container of its own a rank of the same machine may not be seen. */
static void
look_around(MgRanks *ranks)
{
  const MgRankInfo *own = &ranks->infos[ranks->rank];
  for (int i = 0; i < ranks->size; i++) {
    MgRankInfo *info = &ranks->infos[i];
    info->processors = MAX(1, count_bits(info) / count_sharers(ranks, i));
    info->watched = i != ranks->rank && g_str_equal(info->machine, own->machine) &&
                    (kill((pid_t)info->pid, 0) == 0 || errno != ESRCH);
  }
  mg_processors_share(count_sharers(ranks, ranks->rank));
}

static MgRanks *
join(const MgRanksEngine *engine, GError **error)
{
  MgRanks *ranks = g_new0(MgRanks, 1);
  ranks->engine = engine;
  if (!engine->open(&ranks->rank, &ranks->size)) {
    g_free(ranks);
    g_set_error(error, MG_ERROR, MG_ERROR_IO, _("MPI cannot be started"));
    return NULL;
  }
  MgRankInfo own = own_info();
  ranks->infos = g_new0(MgRankInfo, ranks->size);
  ranks->gone = g_new0(gboolean, ranks->size);
  ranks->sums = g_ptr_array_new();
  if (mg_ranks_wait(ranks, engine->gather(&own, sizeof own, ranks->infos)))
    look_around(ranks);
  return ranks;
}

MgRanks *
mg_ranks_open(GError **error)
{
  const MgRanksEngine *engine = is_launched() ? load_engine(error) : NULL;
  return engine ? join(engine, error) : NULL;
}

void
mg_ranks_close(MgRanks *ranks)
{
  if (!ranks)
    return;
  if (mg_ranks_check(ranks, NULL) && !mg_ranks_look(ranks))
    ranks->engine->close();
  ranks->over = TRUE;
  mg_ranks_sum_end(ranks);
  g_ptr_array_unref(ranks->sums);
  g_free(ranks->infos);
  g_free(ranks->gone);
  g_free(ranks);
}
