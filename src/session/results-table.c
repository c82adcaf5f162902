#include "session/results-private.h"
#include "ml/metrics.h"
#include <math.h>

static gboolean
knows_truth(const MgPredictions *predictions)
{
  for (guint i = 0; i < predictions->predictions->len; i++)
    if (((const MgPrediction *)predictions->predictions->pdata[i])->y_test >= 0)
      return TRUE;
  return FALSE;
}

static void
count(MgResultTable *table)
{
  const GPtrArray *rows = table->predictions->predictions;
  table->search_keys = g_new0(char *, rows->len + 1);
  for (guint i = 0; i < rows->len; i++) {
    const MgPrediction *row = rows->pdata[i];
    table->wrong += mg_prediction_is_wrong(row);
    table->unsure += mg_prediction_is_unsure(row);
    g_autofree char *text = g_strjoin(" ", row->songname, row->genre ? row->genre : "", NULL);
    table->search_keys[i] = g_utf8_casefold(text, -1);
  }
}

/* Votes follow the order of the table, each over `segments` rows. */
static void
count_votes(MgResultTable *table)
{
  table->votes = mg_predictions_votes(table->predictions);
  table->vote_of = g_new0(guint, table->predictions->predictions->len + 1);
  guint row = 0;
  for (guint i = 0; i < table->votes->len; i++) {
    const MgVote *vote = &g_array_index(table->votes, MgVote, i);
    for (int k = 0; k < vote->segments; k++)
      table->vote_of[row++] = i;
    table->tracks_right += vote->y_test == vote->y_pred;
  }
}

MgResultTable *
mg_result_table_new(MgPredictions *predictions)
{
  MgResultTable *table = g_new0(MgResultTable, 1);
  g_atomic_ref_count_init(&table->references);
  table->predictions = predictions;
  guint classes = predictions->labels->len;
  table->labels = g_new0(const char *, classes + 1);
  for (guint i = 0; i < classes; i++)
    table->labels[i] = predictions->labels->pdata[i];
  table->accuracy = table->macro_f1 = NAN;
  if (knows_truth(predictions)) {
    table->confusion = mg_predictions_confusion(predictions);
    table->accuracy = mg_confusion_accuracy(table->confusion, classes);
    table->macro_f1 = mg_confusion_macro_f1(table->confusion, classes);
  }
  table->other_accuracy = table->other_macro_f1 = table->p = NAN;
  count(table);
  count_votes(table);
  return table;
}

MgResultTable *
mg_result_table_new_of_two(MgComparison *comparison)
{
  MgResultTable *table = mg_result_table_new(g_steal_pointer(&comparison->a));
  int classes = (int)table->predictions->labels->len;
  table->other = g_steal_pointer(&comparison->b);
  table->other_confusion = mg_predictions_confusion(table->other);
  table->other_accuracy = mg_confusion_accuracy(table->other_confusion, classes);
  table->other_macro_f1 = mg_confusion_macro_f1(table->other_confusion, classes);
  table->other_votes = mg_predictions_votes(table->other);
  table->p = comparison->p;
  table->only_a = comparison->only_a;
  table->only_b = comparison->only_b;
  for (guint i = 0; i < table->other->predictions->len; i++)
    table->differ += ((MgPrediction *)table->predictions->predictions->pdata[i])->y_pred !=
                     ((MgPrediction *)table->other->predictions->pdata[i])->y_pred;
  mg_comparison_free(comparison);
  return table;
}

MgResultTable *
mg_result_table_ref(MgResultTable *table)
{
  g_atomic_ref_count_inc(&table->references);
  return table;
}

void
mg_result_table_unref(MgResultTable *table)
{
  if (!table || !g_atomic_ref_count_dec(&table->references))
    return;
  g_free(table->vote_of);
  g_array_unref(table->votes);
  g_strfreev(table->search_keys);
  g_free(table->confusion);
  g_free(table->labels);
  mg_predictions_free(table->predictions);
  mg_predictions_free(table->other);
  g_clear_pointer(&table->other_votes, g_array_unref);
  g_free(table->other_confusion);
  g_free(table);
}
