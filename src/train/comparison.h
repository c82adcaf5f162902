/* Two runs on the same segments: who is right where. */
#pragma once
#include "train/evaluator.h"

typedef struct {
  MgPredictions *a, *b;  /* of the same segments, in the same order */
  guint left_out;        /* segments of A's split that either model trained on */
  size_t only_a, only_b; /* segments that one of them alone has right */
  double p;              /* McNemar's exact test, two-sided */
} MgComparison;

/* Run `against` classifies what `run` was split to; both have the same classes and segments as long. Segments of tracks
 * that either of them trained on are left out; MG_ERROR_DATA where none is left. `checkpoint` and `split`
 * are those of mg_evaluate_run(). */
MgComparison *mg_compare_runs(const char *run, const char *against, const char *checkpoint, const char *split,
                              int threads, MgProgress *progress, GError **error);
/* songname, track, genre, y_test, part, start, end, y_pred_A, y_pred_B, then CLASS_prob_A of all classes and
 * CLASS_prob_B.
 */
gboolean mg_comparison_save(const MgComparison *comparison, const char *path, GError **error);
/* Reads what was saved; `left_out` is not in there. MG_ERROR_FORMAT names what is wrong. */
MgComparison *mg_comparison_load(const char *path, GError **error);
void mg_comparison_free(MgComparison *comparison); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgComparison, mg_comparison_free)
