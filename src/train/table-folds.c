#include "train/table-folds.h"
#include "base/error.h"
#include "ml/folds.h"
#include <glib/gi18n-lib.h>

enum { CV_OF_TABLES = 5 };

/* The data set's own folds, numbered from 0 without gaps. */
static int *
folds_of_tracks(const MgTableData *data, int *k, GError **error)
{
  g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
  g_autofree int *folds = g_new(int, MAX(data->segments->len, 1));
  for (guint row = 0; row < data->segments->len; row++) {
    const MgTrack *track = mg_manifest_track(data->manifest, g_array_index(data->segments, MgSegment, row).track);
    if (track->fold < 0) {
      g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                  _("%s: %s is in no fold; --folds column needs a data set with folds, or --fold-from"),
                  data->manifest->path, track->name);
      return NULL;
    }
    gpointer number;
    if (!g_hash_table_lookup_extended(numbers, GINT_TO_POINTER(track->fold), NULL, &number)) {
      number = GINT_TO_POINTER(g_hash_table_size(numbers));
      g_hash_table_insert(numbers, GINT_TO_POINTER(track->fold), number);
    }
    folds[row] = GPOINTER_TO_INT(number);
  }
  *k = (int)g_hash_table_size(numbers);
  if (*k >= 2)
    return g_steal_pointer(&folds);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: one fold; at least two were expected"), data->manifest->path);
  return NULL;
}

/* Of a class with fewer rows than folds some folds have nothing to learn from or to test. */
static void
warn_of_small_classes(MgTableData *data, int k)
{
  const MgSamples *samples = data->samples;
  g_autofree int *counts = g_new0(int, samples->labels->len);
  for (size_t row = 0; row < samples->x->rows; row++)
    counts[samples->y[row]]++;
  for (guint label = 0; label < samples->labels->len; label++)
    if (counts[label] > 0 && counts[label] < k)
      g_ptr_array_add(
          data->warnings,
          g_strdup_printf(
              ngettext("%s: class “%s” has %d row, fewer than the %d folds: not every fold can learn and test it",
                       "%s: class “%s” has %d rows, fewer than the %d folds: not every fold can learn and test it",
                       counts[label]),
              samples->name, (const char *)samples->labels->pdata[label], counts[label], k));
}

static int *
make_folds(const MgTableData *data, const char *folds, const MgParams *params, int *k, GError **error)
{
  if (g_strcmp0(folds, "column") == 0)
    return folds_of_tracks(data, k, error);
  if (folds)
    return mg_folds_load(folds, data->samples, k, error);
  *k = (int)mg_params_int_or(params, "cv", CV_OF_TABLES);
  return mg_folds_deal(data->samples, *k, (guint64)mg_params_int(params, "seed"), error);
}

int *
mg_table_folds(MgTableData *data, const char *folds, const MgParams *params, int *k, GError **error)
{
  if (folds && mg_params_bool(params, "group_duplicates")) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("group_duplicates=true: the folds of %s are given; leave out one of both"), folds);
    return NULL;
  }
  int *fold_of = make_folds(data, folds, params, k, error);
  if (fold_of && !data->dealt)
    warn_of_small_classes(data, *k);
  data->dealt |= fold_of != NULL;
  return fold_of;
}
