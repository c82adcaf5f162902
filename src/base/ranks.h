/* Ranks: the processes that mpirun or srun has started as one job, and what they tell one another. NULL is a process by
 * itself, rank 0 of 1: everything here accepts it and does nothing. Without MPI there is nothing else.
 *
 * A rank that is gone leaves the others waiting for it. They notice, and from then on nothing is sent: sums and what is
 * shared are worthless, and mg_ranks_check() and mg_ranks_agree() tell so. Unless said otherwise, every rank calls the
 * same functions in the same order, on one thread at a time. */
#pragma once
#include "base/progress.h"

typedef struct MgRanks MgRanks;

/* Joins the job; NULL without an error where the process was started by itself, or MELOGRAPH_MPI=off. From then on
 * mg_processors() tells this rank's share of the machine. MG_ERROR_USAGE where the program has no MPI. */
MgRanks *mg_ranks_open(GError **error);
/* Waits for all ranks, unless one is gone. */
void mg_ranks_close(MgRanks *ranks);
int mg_ranks_rank(const MgRanks *ranks);
int mg_ranks_size(const MgRanks *ranks);
int mg_ranks_processors(const MgRanks *ranks, int rank); /* mg_processors() there */
gboolean mg_ranks_leads(const MgRanks *ranks);           /* rank 0, who writes the files */
/* Whether this one tells the user what is wrong: rank 0, or who is left of this machine's. */
gboolean mg_ranks_speaks(const MgRanks *ranks);
/* A job that is being ended is one whose progress is cancelled, on some rank or on all. Kept, not owned. */
void mg_ranks_watch(MgRanks *ranks, MgProgress *progress);

/* Sums over all ranks, in place, the same on each. */
void mg_ranks_sum(MgRanks *ranks, double *values, size_t n);
/* The same in the background: values stay until mg_ranks_sum_end(), which waits for all that were begun.
 * mg_ranks_move() is called now and then in between, or nothing moves. */
void mg_ranks_sum_begin(MgRanks *ranks, float *values, size_t n);
void mg_ranks_sum_doubles_begin(MgRanks *ranks, double *values, size_t n);
void mg_ranks_move(MgRanks *ranks);
void mg_ranks_sum_end(MgRanks *ranks);
/* Memory that all ranks see, places[rank] of each: n floats of this one, others may have more or less; until
 * mg_ranks_close(). FALSE where there is none: ranks are on several machines, or theirs has no room, or
 * MELOGRAPH_MPI=messages. */
gboolean mg_ranks_common(MgRanks *ranks, size_t n, float **places);
/* Waits for all ranks. What a rank has written there before, the others see afterwards. */
void mg_ranks_meet(MgRanks *ranks);
/* Rank 0's bytes for all. */
void mg_ranks_share(MgRanks *ranks, void *data, size_t n);

/* Whether all ranks are well. Every stretch of work that may fail ends with it: `good` tells of this rank, whose error
 * is set where it is not. Where any is not, all have the error of the first one that is not; where none fails and any
 * one's progress is cancelled, all have MG_ERROR_CANCELLED. After that no rank sends anything: this is FALSE at once.
 * By itself: good and not cancelled. */
gboolean mg_ranks_agree(MgRanks *ranks, gboolean good, MgProgress *progress, GError **error);
/* FALSE where a rank is gone. */
gboolean mg_ranks_check(const MgRanks *ranks, GError **error);
/* Who is known to be gone; -1: nobody. */
int mg_ranks_lost(const MgRanks *ranks);
