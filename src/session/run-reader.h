/* What is new in a run folder, gathered on any thread. */
#pragma once
#include "train/run-dir.h"
#include <gio/gio.h>

/* Facts of config.ini that a run shows; "" while unknown. */
typedef struct {
  char *model, *dataset;
  gboolean leaky, table, search; /* table: of a classifier on a table; search: of many trials */
} MgRunFacts;

typedef struct {
  char *folder;
  gboolean want_facts;
  MgMetricsTail tail; /* where the metrics were read to, before and after */
  /* the answer */
  gboolean has_status, has_facts, restarted, has_last, has_best;
  MgRunStatus status;
  MgRunFacts facts;
  GArray *metrics; /* of MgMetric: the new ones */
} MgRunNews;

MgRunNews *mg_run_news_new(const char *folder, const MgMetricsTail *tail, gboolean want_facts);
void mg_run_news_read(MgRunNews *news);
void mg_run_news_free(MgRunNews *news);
void mg_run_facts_clear(MgRunFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgRunNews, mg_run_news_free)
