#include "ml/folds.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/rng.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* Rows that stay together. */
typedef struct {
  GArray *rows;  /* guint32 */
  guint32 order; /* dealt out at random */
} Unit;

typedef struct {
  const MgSamples *samples;
  int k, classes;
  GPtrArray *units;
  double *held;  /* (k, classes): rows dealt so far */
  double *total; /* [classes] */
} Deal;

static void
unit_free(gpointer data)
{
  Unit *unit = data;
  g_array_unref(unit->rows);
  g_free(unit);
}

static Unit *
add_unit(Deal *deal)
{
  Unit *unit = g_new0(Unit, 1);
  unit->rows = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_ptr_array_add(deal->units, unit);
  return unit;
}

static void
collect_units(Deal *deal)
{
  const MgSamples *samples = deal->samples;
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint32 row = 0; row < samples->x->rows; row++) {
    const char *group = samples->groups && *samples->groups[row] ? samples->groups[row] : NULL;
    Unit *unit = group ? g_hash_table_lookup(known, group) : NULL;
    if (!unit)
      unit = add_unit(deal);
    if (group)
      g_hash_table_replace(known, (gpointer)group, unit);
    g_array_append_val(unit->rows, row);
  }
}

static void
shuffle_units(Deal *deal, guint64 seed)
{
  MgRng rng = mg_rng_new(seed);
  guint n = deal->units->len;
  g_autofree guint32 *order = g_new(guint32, n);
  for (guint i = 0; i < n; i++)
    order[i] = i;
  mg_rng_shuffle(&rng, order, n);
  for (guint i = 0; i < n; i++)
    ((Unit *)deal->units->pdata[i])->order = order[i];
}

/* Larger units first, while there is room to even out; of equal ones in the order of the shuffle. */
static int
compare_units(gconstpointer a, gconstpointer b)
{
  const Unit *one = *(const Unit *const *)a, *other = *(const Unit *const *)b;
  if (one->rows->len != other->rows->len)
    return one->rows->len > other->rows->len ? -1 : 1;
  return one->order < other->order ? -1 : 1;
}

/* The fold where the unit's classes are short of most; of equal ones the one with the fewest rows. */
static int
choose_fold(const Deal *deal, const Unit *unit)
{
  int best = 0;
  double best_need = -INFINITY, best_rows = INFINITY;
  for (int fold = 0; fold < deal->k; fold++) {
    double need = 0, rows = 0;
    for (guint i = 0; i < unit->rows->len; i++) {
      int class = deal->samples->y[g_array_index(unit->rows, guint32, i)];
      need += deal->total[class] / deal->k - deal->held[fold * deal->classes + class];
    }
    for (int c = 0; c < deal->classes; c++)
      rows += deal->held[fold * deal->classes + c];
    if (need > best_need + 1e-9 || (need > best_need - 1e-9 && rows < best_rows)) {
      best = fold;
      best_need = need;
      best_rows = rows;
    }
  }
  return best;
}

static void
deal_out(Deal *deal, int *folds)
{
  for (guint32 row = 0; row < deal->samples->x->rows; row++)
    deal->total[deal->samples->y[row]]++;
  for (guint u = 0; u < deal->units->len; u++) {
    const Unit *unit = deal->units->pdata[u];
    int fold = choose_fold(deal, unit);
    for (guint i = 0; i < unit->rows->len; i++) {
      guint32 row = g_array_index(unit->rows, guint32, i);
      folds[row] = fold;
      deal->held[fold * deal->classes + deal->samples->y[row]]++;
    }
  }
}

int *
mg_folds_deal(const MgSamples *samples, int k, guint64 seed, GError **error)
{
  g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(unit_free);
  Deal deal = {.samples = samples, .k = k, .classes = (int)samples->labels->len, .units = units};
  collect_units(&deal);
  if (k < 2 || (guint)k > units->len) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                samples->groups ? _("%s: %d folds of %u groups; expected 2 to %u")
                                : _("%s: %d folds of %u rows; expected 2 to %u"),
                samples->name, k, units->len, units->len);
    return NULL;
  }
  shuffle_units(&deal, seed);
  g_ptr_array_sort(units, compare_units);
  deal.held = g_new0(double, k *deal.classes);
  deal.total = g_new0(double, deal.classes);
  int *folds = g_new(int, samples->x->rows);
  deal_out(&deal, folds);
  g_free(deal.held);
  g_free(deal.total);
  return folds;
}

static gboolean
read_fold(const MgCsv *csv, guint line, int row_column, int fold_column, int *folds, size_t rows, int *k)
{
  guint64 row, fold;
  if (!g_ascii_string_to_unsigned(mg_csv_get(csv, line, row_column), 10, 0, rows - 1, &row, NULL) ||
      !g_ascii_string_to_unsigned(mg_csv_get(csv, line, fold_column), 10, 0, 9999, &fold, NULL) || folds[row] >= 0)
    return FALSE;
  folds[row] = (int)fold;
  *k = MAX(*k, (int)fold + 1);
  return TRUE;
}

int *
mg_folds_load(const char *path, const MgSamples *samples, int *k, GError **error)
{
  g_autoptr(MgCsv) csv = mg_csv_load(path, error);
  if (!csv)
    return NULL;
  size_t rows = samples->x->rows;
  int row_column = mg_csv_column(csv, "row"), fold_column = mg_csv_column(csv, "fold");
  if (row_column < 0 || fold_column < 0 || csv->rows->len != rows) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                _("%s: %u lines; columns row and fold with one line for each of the %zu rows of %s were expected"),
                path, csv->rows->len, rows, samples->name);
    return NULL;
  }
  g_autofree int *folds = g_new(int, rows);
  for (size_t row = 0; row < rows; row++)
    folds[row] = -1;
  *k = 0;
  for (guint line = 0; line < csv->rows->len; line++)
    if (!read_fold(csv, line, row_column, fold_column, folds, rows, k)) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
                  _("%s: row “%s”, fold “%s”: each row from 0 to %zu once, with its fold, was expected"), path,
                  mg_csv_get(csv, line, row_column), mg_csv_get(csv, line, fold_column), rows - 1);
      return NULL;
    }
  if (*k >= 2)
    return g_steal_pointer(&folds);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: one fold; at least two were expected"), path);
  return NULL;
}

guint32 *
mg_folds_rows(const int *folds, size_t rows, int fold, gboolean inside, size_t *n)
{
  guint32 *picked = g_new(guint32, MAX(1, rows));
  *n = 0;
  for (guint32 row = 0; row < rows; row++)
    if ((folds[row] == fold) == inside)
      picked[(*n)++] = row;
  return picked;
}
