/* What waiting (ranks.c), joining (ranks-open.c) and calling (ranks-calls.c) share. */
#pragma once
#include "base/ranks-engine.h"
#include "base/ranks.h"
#include <sys/types.h>

enum { MG_RANKS_MACHINE = 64, MG_RANKS_MASK = 128 };

/* What a rank tells of itself when it joins. */
typedef struct {
  char machine[MG_RANKS_MACHINE];
  guint8 mask[MG_RANKS_MASK]; /* processors that it may use, a bit each */
  gint64 pid;
  gint32 processors; /* its share */
  gint32 watched;    /* its process can be seen from here */
  gint32 apart;      /* has memory of its own alone: MELOGRAPH_MPI=messages */
} MgRankInfo;

struct MgRanks {
  const MgRanksEngine *engine;
  int rank, size;
  MgRankInfo *infos; /* [size] */
  MgProgress *progress;
  GPtrArray *sums;   /* MgRanksRequest *, under way */
  gboolean over;     /* an agreement has failed: nothing is sent any more */
  gboolean *gone;    /* [size] */
  gboolean given_up; /* the job is being ended, and somebody does not answer */
  gint64 usual;      /* microseconds that one waits, of late */
  gint64 looked;     /* monotonic microseconds */
};

/* Notes which ranks of this machine are gone; TRUE where any is. Looks every 50 ms at most. */
gboolean mg_ranks_look(MgRanks *ranks);
/* FALSE where that cannot be had any more. */
gboolean mg_ranks_wait(MgRanks *ranks, MgRanksRequest *request);
/* Gives way to others, the more the longer one has waited. `turn` counts from 0. */
void mg_ranks_rest(guint turn);
/* Keeps what MPI may still read or write, nobody knows how long, until the process ends. NULL is nothing. */
void mg_ranks_abandon(gpointer request);
