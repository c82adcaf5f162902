/* What carries messages between ranks: the one symbol of the module that base/ranks loads. Requests are under way until
 * done() tells otherwise, and what was passed has to stay until then. One thread at a time. */
#pragma once
#include <glib.h>

typedef struct MgRanksRequest MgRanksRequest;

typedef enum {
  MG_RANKS_UNDER_WAY,
  MG_RANKS_DONE, /* the request is freed */
  MG_RANKS_BROKEN,
} MgRanksState;

typedef struct {
  gboolean (*open)(int *rank, int *size);
  void (*close)(void); /* waits for all ranks */
  /* Together: every rank calls the same, in the same order. */
  MgRanksRequest *(*sum_floats)(float *values, size_t n); /* in place: the sum of all ranks' */
  MgRanksRequest *(*sum_doubles)(double *values, size_t n);
  MgRanksRequest *(*share)(void *data, size_t n, int from);        /* `from`'s bytes for all */
  MgRanksRequest *(*gather)(const void *own, size_t n, void *all); /* n bytes of each, in the order of the ranks */
  MgRanksRequest *(*meet)(void);                                   /* done when all have called it */
  /* Memory that all ranks see, `bytes` of this one (others may have more or less) at places[rank], until close(). The
   * same answer for all: FALSE where they are not on one machine, or it has no room. Waits for all. */
  gboolean (*open_common)(size_t bytes, void **places);
  MgRanksState (*done)(MgRanksRequest *request);
  /* From one to one. */
  MgRanksRequest *(*send)(int to, const void *data, size_t n);
  gboolean (*arrived)(int *from, size_t *n); /* a message waits: receive() is next */
  gboolean (*receive)(int from, void *data, size_t n);
} MgRanksEngine;

#define MG_RANKS_ENGINE_SYMBOL "mg_ranks_engine"
