/* Calls from rank 0 to the others: work that is handed out piece by piece, to whoever is free. While calls are open,
 * nothing else is sent between ranks. A rank that is gone costs its calls, which fail with MG_ERROR_DEVICE; the others
 * go on. */
#pragma once
#include "base/ranks.h"

typedef struct MgRanksCalls MgRanksCalls;

/* Rank 0: while the others are in mg_ranks_serve(). Where *progress is cancelled, theirs is. NULL for NULL. */
MgRanksCalls *mg_ranks_calls_new(MgRanks *ranks, MgProgress *progress);
/* Lets the others go on. Accepts NULL. */
void mg_ranks_calls_free(MgRanksCalls *calls);
/* Cancels their progress. Accepts NULL; any thread. */
void mg_ranks_calls_cancel(MgRanksCalls *calls);
/* What `rank` answers, NULL where it fails; waits for it. Any thread, any number at a time. */
GByteArray *mg_ranks_call(MgRanksCalls *calls, int rank, const GByteArray *question, GError **error);

/* The answer, or NULL with an error; on any thread. */
typedef GByteArray *(*MgRanksAnswer)(const GByteArray *question, gpointer data, MgProgress *progress, GError **error);
/* The other ranks: answers, `threads` questions at a time, until rank 0 lets go. FALSE where rank 0 is gone. */
gboolean mg_ranks_serve(MgRanks *ranks, int threads, MgRanksAnswer func, gpointer data, MgProgress *progress,
                        GError **error);
