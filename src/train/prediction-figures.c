#include "train/prediction-figures.h"
#include <string.h>

/* Tracks are numbered as they come. */
static guint32
number_of(GHashTable *numbers, const char *track)
{
  gpointer number;
  if (g_hash_table_lookup_extended(numbers, track, NULL, &number))
    return GPOINTER_TO_UINT(number);
  guint32 next = g_hash_table_size(numbers);
  g_hash_table_insert(numbers, (gpointer)track, GUINT_TO_POINTER(next));
  return next;
}

MgFigures
mg_predictions_figures(const MgPredictions *predictions)
{
  const GPtrArray *all = predictions->predictions;
  size_t classes = predictions->labels->len, rows = 0;
  g_autofree float *probabilities = g_new(float, all->len *classes);
  g_autofree int *truth = g_new(int, all->len);
  g_autofree guint32 *units = g_new(guint32, all->len);
  g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < all->len; i++) {
    const MgPrediction *prediction = all->pdata[i];
    if (prediction->y_test < 0)
      continue;
    memcpy(probabilities + rows * classes, prediction->probabilities, classes * sizeof *probabilities);
    truth[rows] = prediction->y_test;
    units[rows++] = number_of(numbers, prediction->track);
  }
  return mg_figures(&(MgAnswers){probabilities, truth, rows, (int)classes, units, 0});
}
