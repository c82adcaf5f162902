/* What the results' files share. */
#pragma once
#include "session/results.h"

/* A loaded table with the figures over it; never changed once made, so rows share it. */
typedef struct {
  gatomicrefcount references;
  MgPredictions *predictions;
  const char **labels; /* NULL-terminated */
  guint *confusion;    /* NULL where no truth is known */
  double accuracy, macro_f1;
  guint wrong, unsure;
  GArray *votes;  /* of MgVote */
  guint *vote_of; /* the number of its track's vote, one a prediction */
  size_t tracks_right;
  char **search_keys; /* case-folded "songname genre", one a prediction */
} MgResultTable;

/* Takes the predictions. */
MgResultTable *mg_result_table_new(MgPredictions *predictions);
MgResultTable *mg_result_table_ref(MgResultTable *table);
void mg_result_table_unref(MgResultTable *table); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgResultTable, mg_result_table_unref)

gboolean mg_prediction_is_wrong(const MgPrediction *prediction);
gboolean mg_prediction_is_unsure(const MgPrediction *prediction);
gboolean mg_prediction_is_same(const MgPrediction *a, const MgPrediction *b); /* the same segment */
MgResultRow *mg_result_row_new(MgResultTable *table, guint index);
