#include "base/parallel.h"
#include <sched.h>

/* Turns of libgomp's waiting loop. Alone, a training is as fast as with the default of 300,000. */
static const char spins[] = "300";

typedef struct {
  size_t n;
  MgParallelFunc func;
  gpointer data;
  MgProgress *progress;
  GMutex lock; /* guards the rest */
  size_t next, done;
  GError *failure;
} Loop;

typedef struct {
  Loop *loop;
  int worker;
} Worker;

static gboolean
take_item(Loop *loop, size_t *index)
{
  g_mutex_lock(&loop->lock);
  if (!loop->failure)
    mg_progress_go_on(loop->progress, &loop->failure);
  gboolean taken = !loop->failure && loop->next < loop->n;
  if (taken)
    *index = loop->next++;
  g_mutex_unlock(&loop->lock);
  return taken;
}

/* Progress is told under the lock, so that fractions only grow. */
static void
finish_item(Loop *loop, GError *failure)
{
  g_mutex_lock(&loop->lock);
  if (failure && !loop->failure)
    loop->failure = g_steal_pointer(&failure);
  mg_progress_report(loop->progress, ++loop->done / (double)loop->n, NULL);
  g_mutex_unlock(&loop->lock);
  g_clear_error(&failure);
}

static gpointer
work(gpointer data)
{
  Worker *worker = data;
  Loop *loop = worker->loop;
  size_t index;
  while (take_item(loop, &index)) {
    GError *failure = NULL;
    if (!loop->func(index, worker->worker, loop->data, &failure) && !failure)
      g_error("item %zu of a parallel loop failed without an error", index);
    finish_item(loop, failure);
  }
  return NULL;
}

static int sharers = 1; /* set before there are threads */

void
mg_processors_share(int processes)
{
  sharers = MAX(1, processes);
}

int
mg_processors(void)
{
#ifdef __linux__
  cpu_set_t allowed; /* g_get_num_processors() counts all that there are */
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return MAX(1, CPU_COUNT(&allowed) / sharers);
#endif
  return MAX(1, (int)g_get_num_processors() / sharers);
}

gboolean
mg_parallel_for(size_t n, int threads, MgParallelFunc func, gpointer data, MgProgress *progress, GError **error)
{
  Loop loop = {.n = n, .func = func, .data = data, .progress = progress};
  g_mutex_init(&loop.lock);
  int workers = (int)MIN((size_t)(threads < 1 ? mg_processors() : threads), MAX(n, 1));
  g_autofree Worker *worker = g_new(Worker, workers);
  g_autofree GThread **thread = g_new0(GThread *, workers);
  for (int i = 0; i < workers; i++)
    worker[i] = (Worker){&loop, i};
  for (int i = 1; i < workers; i++)
    thread[i] = g_thread_try_new("parallel", work, &worker[i], NULL); /* fewer threads do the same work */
  work(&worker[0]);
  for (int i = 1; i < workers; i++)
    if (thread[i])
      g_thread_join(thread[i]);
  g_mutex_clear(&loop.lock);
  if (!loop.failure)
    return TRUE;
  g_propagate_error(error, loop.failure);
  return FALSE;
}

char **
mg_parallel_environment(char **environment)
{
  if (g_environ_getenv(environment, "OMP_WAIT_POLICY"))
    return environment;
  return g_environ_setenv(environment, "GOMP_SPINCOUNT", spins, FALSE);
}
