/* What the results' files share. */
#pragma once
#include "session/results.h"
#include "session/worker.h"
#include "train/comparison.h"

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
  /* Of the run beside; NULL and NaN where there is none. */
  MgPredictions *other; /* of the same segments in the same order */
  guint *other_confusion;
  double other_accuracy, other_macro_f1, p;
  size_t only_a, only_b;
  GArray *other_votes;
  guint differ;
} MgResultTable;

struct _MgResults {
  GObject parent_instance;
  MgResultsState state;
  char *message;
  MgRun *run, *against;
  char *split, *path;            /* path: of the CSV that is or will be there */
  MgWorker *worker;              /* that evaluates, or NULL */
  double fraction, seconds_left; /* of that */
  guint64 errand;                /* number of the newest request; older answers are dropped */
  MgResultTable *table;
  GArray *shown;     /* guint: indices of the rows shown; those of tracks count down from G_MAXUINT */
  GPtrArray *rows;   /* MgResultRow * or NULL, one an index: made when first asked for */
  GPtrArray *tracks; /* the same, one a vote */
  MgResultsFilter filter;
  gboolean grouped;
  int class;
  char *search; /* case-folded, or NULL */
  int truth, prediction;
  gboolean cell_of_other;
  guint8 *picked; /* [rows]: those that a pick kept, or NULL */
  size_t n_picked, n_found;
};

/* Takes the predictions. */
MgResultTable *mg_result_table_new(MgPredictions *predictions);
/* Takes what both runs say. */
MgResultTable *mg_result_table_new_of_two(MgComparison *comparison);
MgResultTable *mg_result_table_ref(MgResultTable *table);
void mg_result_table_unref(MgResultTable *table); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgResultTable, mg_result_table_unref)

gboolean mg_prediction_is_wrong(const MgPrediction *prediction);
gboolean mg_prediction_is_unsure(const MgPrediction *prediction);
gboolean mg_prediction_is_same(const MgPrediction *a, const MgPrediction *b); /* the same segment */
/* `track`: the row of the track of that number. */
MgResultRow *mg_result_row_new(MgResultTable *table, guint index);
MgResultRow *mg_result_row_new_track(MgResultTable *table, guint track);
