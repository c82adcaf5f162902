#include "session/results-private.h"
#include <math.h>

const MgPredictions *
mg_results_predictions(MgResults *results)
{
  return results->table ? results->table->predictions : NULL;
}

int
mg_results_n_classes(MgResults *results)
{
  return results->table ? (int)results->table->predictions->labels->len : 0;
}

const char *const *
mg_results_labels(MgResults *results)
{
  static const char *const none[] = {NULL};
  return results->table ? results->table->labels : none;
}

const guint *
mg_results_confusion(MgResults *results)
{
  return results->table ? results->table->confusion : NULL;
}

double
mg_results_accuracy(MgResults *results)
{
  return results->table ? results->table->accuracy : NAN;
}

double
mg_results_macro_f1(MgResults *results)
{
  return results->table ? results->table->macro_f1 : NAN;
}

const MgPredictions *
mg_results_other_predictions(MgResults *results)
{
  return results->table ? results->table->other : NULL;
}

const guint *
mg_results_other_confusion(MgResults *results)
{
  return results->table ? results->table->other_confusion : NULL;
}

double
mg_results_other_accuracy(MgResults *results)
{
  return results->table ? results->table->other_accuracy : NAN;
}

double
mg_results_other_macro_f1(MgResults *results)
{
  return results->table ? results->table->other_macro_f1 : NAN;
}

guint
mg_results_n_differ(MgResults *results)
{
  return results->table ? results->table->differ : 0;
}

double
mg_results_mcnemar(MgResults *results, size_t *only_a, size_t *only_b)
{
  *only_a = results->table ? results->table->only_a : 0;
  *only_b = results->table ? results->table->only_b : 0;
  return results->table ? results->table->p : NAN;
}

guint
mg_results_n_wrong(MgResults *results)
{
  return results->table ? results->table->wrong : 0;
}

guint
mg_results_n_unsure(MgResults *results)
{
  return results->table ? results->table->unsure : 0;
}

gboolean
mg_results_is_leaky(MgResults *results)
{
  return (results->table && results->table->predictions->leaky) || (results->run && mg_run_is_leaky(results->run));
}

size_t
mg_results_n_tracks(MgResults *results)
{
  return results->table ? results->table->votes->len : 0;
}

size_t
mg_results_n_tracks_right(MgResults *results)
{
  return results->table ? results->table->tracks_right : 0;
}

const MgVote *
mg_results_track(MgResults *results, size_t i)
{
  g_return_val_if_fail(i < mg_results_n_tracks(results), NULL);
  return &g_array_index(results->table->votes, MgVote, i);
}
