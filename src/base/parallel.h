/* A loop over independent items on several threads. */
#pragma once
#include "base/progress.h"

/* Works on item `index`; `worker` is 0 … threads - 1, for scratch buffers. Called on any thread. */
typedef gboolean (*MgParallelFunc)(size_t index, int worker, gpointer data, GError **error);

/* Runs func for 0 … n - 1 and waits. The first failure (or cancelling) ends the loop and is passed on. Items are handed
 * out one by one, so long and short ones balance. `threads` below 1: all processors. */
gboolean mg_parallel_for(size_t n, int threads, MgParallelFunc func, gpointer data, MgProgress *progress,
                         GError **error);
/* Processors that this process may run on; its share of them where others were told of. */
int mg_processors(void);
/* `processes` run on the same processors, this one among them. */
void mg_processors_share(int processes);
/* For a process that computes beside others: `environment` (which is taken), with OpenMP's threads waiting for each
 * other some microseconds awake and then asleep, where the user did not settle that (OMP_WAIT_POLICY, GOMP_SPINCOUNT).
 * By default they stay awake for milliseconds, and two trainings at once take each other's processors. */
char **mg_parallel_environment(char **environment);
