/* The per-segment table of a run: a GListModel of MgResultRow that shows all of them, the wrong ones, the unsure ones,
 * one cell of the confusion matrix, segments picked elsewhere, or what a search finds. */
#pragma once
#include "session/run.h"
#include "train/evaluator.h"
#include <gio/gio.h>

#define MG_TYPE_RESULT_ROW (mg_result_row_get_type())
G_DECLARE_FINAL_TYPE(MgResultRow, mg_result_row, MG, RESULT_ROW, GObject)

/* Owned by the row's table, which the row keeps alive. */
const MgPrediction *mg_result_row_prediction(MgResultRow *row);
int mg_result_row_n_classes(MgResultRow *row);
const char *mg_result_row_class(MgResultRow *row, int label);
gboolean mg_result_row_has_sound(MgResultRow *row); /* FALSE for a row of a table of numbers */
gboolean mg_result_row_is_wrong(MgResultRow *row);  /* FALSE where the truth is unknown */
gboolean mg_result_row_is_unsure(MgResultRow *row);
const MgVote *mg_result_row_vote(MgResultRow *row);                          /* of its track */
gboolean mg_result_row_is_of(MgResultRow *row, const MgPrediction *segment); /* the same segment */

/* What the other run says of the same segment; NULL where none is compared with. */
const MgPrediction *mg_result_row_other(MgResultRow *row);
/* Of a row that stands for a track, above its segments: its prediction is that of the first one. */
gboolean mg_result_row_is_track(MgResultRow *row);
const MgVote *mg_result_row_other_vote(MgResultRow *row); /* NULL as above */

typedef enum {
  MG_RESULT_SONGNAME, /* numbers within the name by their value: x_2 before x_10 */
  MG_RESULT_GENRE,
  MG_RESULT_Y_TEST,
  MG_RESULT_PART,
  MG_RESULT_Y_PRED,
  MG_RESULT_P_PRED,   /* probability of the class that was predicted */
  MG_RESULT_P_TEST,   /* probability of the true class; -1 where it is unknown */
  MG_RESULT_Y_PRED_B, /* the other run's */
  MG_RESULT_P_PRED_B,
  MG_RESULT_P_TEST_B,
  MG_RESULT_PROBABILITY, /* of class n: MG_RESULT_PROBABILITY + n; the other run's: + the number of classes */
} MgResultColumn;

/* The probability that a column shows, by the kinds of columns above; -1: there is none. */
double mg_result_row_probability(MgResultRow *row, guint column);
/* The order of tracks where rows are grouped: rows of one track are 0, its own row comes first. */
int mg_result_row_compare_tracks(MgResultRow *a, MgResultRow *b);
/* Order of two rows by a column; rows that are equal in it keep the table's order. */
int mg_result_row_compare(MgResultRow *a, MgResultRow *b, guint column);

/* DIFFER: the two runs say different classes. */
typedef enum { MG_RESULTS_ALL, MG_RESULTS_WRONG, MG_RESULTS_UNSURE, MG_RESULTS_DIFFER } MgResultsFilter;
typedef enum {
  MG_RESULTS_EMPTY,
  MG_RESULTS_LOADING,
  MG_RESULTS_EVALUATING,
  MG_RESULTS_READY,
  MG_RESULTS_FAILED
} MgResultsState;

/* A segment whose largest probability is below this is unsure. */
#define MG_RESULTS_SURE 0.6f

#define MG_TYPE_RESULTS (mg_results_get_type())
G_DECLARE_FINAL_TYPE(MgResults, mg_results, MG, RESULTS, GObject)

/* Signals "changed": state, table, figures or filter are different; "progress" of evaluating. The list model tells of
 * rows as usual. */
MgResults *mg_results_new(void);

/* Loads the run's table of a split ("test", "val", "train"), on a thread. Where there is none yet, or it is older than
 * the checkpoint, and the run has a model, evaluates it first in a child process. Any earlier request is dropped. */
void mg_results_open_run(MgResults *results, MgRun *run, const char *split);
/* Sets another run beside the one that is open, on the segments that neither trained on: then the table is of these.
 * NULL: none. Both are evaluated in a child process where that was not done yet. */
void mg_results_compare(MgResults *results, MgRun *against);
MgRun *mg_results_against(MgResults *results); /* NULL: none */
/* Evaluates anew. */
void mg_results_evaluate(MgResults *results);
/* Loads a predictions.csv from anywhere. */
void mg_results_open_file(MgResults *results, const char *path);
void mg_results_stop(MgResults *results);
/* Of evaluating: 0 to 1, and s left (negative: not known yet). */
void mg_results_progress(MgResults *results, double *fraction, double *seconds_left);

MgResultsState mg_results_state(MgResults *results);
const char *mg_results_message(MgResults *results); /* why it failed, or "" */
MgRun *mg_results_run(MgResults *results);          /* NULL: a file from elsewhere, or nothing */
const char *mg_results_split(MgResults *results);
/* Writes the rows that are shown now as CSV with the columns of predictions.csv, or of comparison.csv, on a thread. Of
 * `progress` (may be NULL) it tells there; where that is cancelled, MG_ERROR_CANCELLED, and no file is written. */
void mg_results_export_async(MgResults *results, const char *path, MgProgress *progress, GAsyncReadyCallback callback,
                             gpointer data);
gboolean mg_results_export_finish(MgResults *results, GAsyncResult *result, GError **error);

void mg_results_set_filter(MgResults *results, MgResultsFilter filter);
MgResultsFilter mg_results_filter(MgResults *results);
void mg_results_set_search(MgResults *results, const char *text); /* in songname and genre, any case */
/* Only rows of this truth and prediction (of the other run where `other` is set); -1, -1: all. */
void mg_results_set_cell(MgResults *results, int truth, int prediction);
void mg_results_set_cell_of(MgResults *results, gboolean other, int truth, int prediction);
gboolean mg_results_cell_is_other(MgResults *results);
void mg_results_set_class(MgResults *results, int label); /* only rows of this class; -1: all */
int mg_results_class(MgResults *results);
/* Whether a row for each track with its votes stands above its segments. */
void mg_results_set_grouped(MgResults *results, gboolean grouped);
gboolean mg_results_is_grouped(MgResults *results);
gboolean mg_results_cell(MgResults *results, int *truth, int *prediction); /* FALSE where none is set */

/* Only rows of these segments (an embedding's lasso); NULL: all. Segments that are not in the table are passed over. */
void mg_results_pick(MgResults *results, const MgPrediction *const *segments, size_t n);
/* How many were picked and how many of them are in the table; FALSE where none were. */
gboolean mg_results_picked(MgResults *results, size_t *n, size_t *in_table);

/* Figures over all rows, whatever is shown. Valid until the next "changed". */
const MgPredictions *mg_results_predictions(MgResults *results); /* NULL while there is none */
int mg_results_n_classes(MgResults *results);
const char *const *mg_results_labels(MgResults *results); /* NULL-terminated */
const guint *mg_results_confusion(MgResults *results);    /* classes x classes; NULL where no truth is known */
double mg_results_accuracy(MgResults *results);           /* NaN where no truth is known */
double mg_results_macro_f1(MgResults *results);
/* The other run's; NULL or NaN where there is none. */
const MgPredictions *mg_results_other_predictions(MgResults *results);
const guint *mg_results_other_confusion(MgResults *results);
double mg_results_other_accuracy(MgResults *results);
double mg_results_other_macro_f1(MgResults *results);
guint mg_results_n_differ(MgResults *results);
/* McNemar's p of the two runs, and how many segments only one of them has right; NaN where there is none. */
double mg_results_mcnemar(MgResults *results, size_t *only_a, size_t *only_b);
guint mg_results_n_wrong(MgResults *results);
guint mg_results_n_unsure(MgResults *results);
gboolean mg_results_is_leaky(MgResults *results);
size_t mg_results_n_tracks(MgResults *results);
const MgVote *mg_results_track(MgResults *results, size_t i);
size_t mg_results_n_tracks_right(MgResults *results); /* by vote */
