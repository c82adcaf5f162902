#include "dataset/similar.h"
#include "audio/decoder.h"
#include "base/error.h"
#include "base/parallel.h"
#include "dataset/clip.h"
#include "dataset/table-row.h"
#include "dataset/table.h"
#include "dsp/feature.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  MgSimilar found;
  float *values; /* NULL: could not be read */
} Stretch;

typedef struct {
  const MgSimilarMeasure *measure;
  GPtrArray *stretches; /* Stretch *; the first is the one that is looked for */
  char **problems;      /* [stretches] */
} Search;

MgParams *
mg_similar_params(void)
{
  MgParams *params = mg_params_new(mg_table_param_tables());
  mg_params_set(params, "features", "mfcc", NULL);
  mg_params_set(params, "statistics", "mean,std", NULL);
  return params;
}

static void
free_stretch(gpointer data)
{
  Stretch *stretch = data;
  g_free(stretch->found.path);
  g_free(stretch->values);
  g_free(stretch);
}

static void
free_similar(gpointer data)
{
  MgSimilar *similar = data;
  g_free(similar->path);
  g_free(similar);
}

static void
add_stretch(GPtrArray *stretches, const char *path, double start, double end)
{
  Stretch *stretch = g_new0(Stretch, 1);
  stretch->found = (MgSimilar){g_strdup(path), start, end, 0};
  g_ptr_array_add(stretches, stretch);
}

static gboolean
overlap(const MgSimilar *a, const MgSimilar *b)
{
  return g_str_equal(a->path, b->path) && a->start < b->end - 1e-9 && b->start < a->end - 1e-9;
}

/* A file shorter than the stretch is one. */
static void
cut(GPtrArray *stretches, const char *path, double length, GPtrArray *problems)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  if (!decoder) {
    if (problems)
      g_ptr_array_add(problems, g_strdup(error->message));
    return;
  }
  double duration = mg_decoder_info(decoder)->duration;
  for (double start = 0; start == 0 || start + length <= duration; start += length / 2)
    add_stretch(stretches, path, start, MIN(start + length, duration));
}

static gboolean
measure_one(size_t index, int worker, gpointer data, GError **error)
{
  Search *search = data;
  Stretch *stretch = search->stretches->pdata[index];
  const MgSimilar *place = &stretch->found;
  g_autoptr(GError) cause = NULL;
  g_autofree float *values = g_new(float, search->measure->columns);
  if (search->measure->values(place->path, place->start, place->end, worker, values, search->measure->data, &cause))
    stretch->values = g_steal_pointer(&values);
  else
    search->problems[index] = g_strdup(cause->message);
  return TRUE;
}

/* Columns by their deviation: those that are the same everywhere tell nothing. */
static void
set_distances(Search *search)
{
  size_t columns = search->measure->columns;
  const Stretch *wanted = search->stretches->pdata[0];
  for (size_t column = 0; column < columns; column++) {
    double sum = 0, squares = 0, n = 0;
    for (guint i = 0; i < search->stretches->len; i++) {
      const Stretch *stretch = search->stretches->pdata[i];
      if (!stretch->values)
        continue;
      sum += stretch->values[column];
      squares += (double)stretch->values[column] * stretch->values[column];
      n++;
    }
    double variance = squares / n - sum / n * sum / n;
    for (guint i = 0; i < search->stretches->len && variance > 1e-12; i++) {
      Stretch *stretch = search->stretches->pdata[i];
      double difference = stretch->values ? stretch->values[column] - wanted->values[column] : 0;
      stretch->found.distance += difference * difference / variance / columns;
    }
  }
}

static int
by_distance(gconstpointer a, gconstpointer b)
{
  double first = (*(const Stretch *const *)a)->found.distance, second = (*(const Stretch *const *)b)->found.distance;
  return (first > second) - (first < second);
}

static GPtrArray *
nearest(Search *search, guint most)
{
  GPtrArray *found = g_ptr_array_new_with_free_func(free_similar);
  g_autofree char *path = g_strdup(((Stretch *)search->stretches->pdata[0])->found.path);
  MgSimilar wanted = ((Stretch *)search->stretches->pdata[0])->found;
  wanted.path = path;
  g_ptr_array_remove_index(search->stretches, 0);
  g_ptr_array_sort(search->stretches, by_distance);
  for (guint i = 0; i < search->stretches->len && found->len < most; i++) {
    const Stretch *stretch = search->stretches->pdata[i];
    gboolean taken = !stretch->values || overlap(&stretch->found, &wanted);
    for (guint k = 0; k < found->len && !taken; k++)
      taken = overlap(&stretch->found, found->pdata[k]);
    if (taken)
      continue;
    MgSimilar *one = g_memdup2(&stretch->found, sizeof *one);
    one->path = g_strdup(one->path);
    one->distance = sqrt(one->distance);
    g_ptr_array_add(found, one);
  }
  return found;
}

static void
tell_problems(Search *search, GPtrArray *problems)
{
  for (guint i = 0; i < search->stretches->len; i++)
    if (search->problems[i] && problems)
      g_ptr_array_add(problems, g_strdup(search->problems[i]));
}

static GPtrArray *
rank(Search *search, guint most, int jobs, GPtrArray *problems, MgProgress *progress, GError **error)
{
  guint n = search->stretches->len;
  GPtrArray *found = NULL;
  search->problems = g_new0(char *, n + 1);
  if (mg_parallel_for(n, jobs, measure_one, search, progress, error)) {
    Stretch *wanted = search->stretches->pdata[0];
    if (!wanted->values)
      g_set_error_literal(error, MG_ERROR, MG_ERROR_DATA, search->problems[0]);
    else {
      tell_problems(search, problems);
      set_distances(search);
      found = nearest(search, most);
    }
  }
  for (guint i = 0; i < n; i++)
    g_free(search->problems[i]);
  g_free(search->problems);
  return found;
}

GPtrArray *
mg_similar_rank(const char *path, double start, double end, const char *const *others, const MgSimilarMeasure *measure,
                guint most, int jobs, GPtrArray *problems, MgProgress *progress, GError **error)
{
  g_autoptr(GPtrArray) stretches = g_ptr_array_new_with_free_func(free_stretch);
  Search search = {.measure = measure, .stretches = stretches};
  if (!(start >= 0) || !(end - start >= 0.05)) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%g to %g s: expected a stretch of at least 0.05 s"), start, end);
    return NULL;
  }
  add_stretch(stretches, path, start, end);
  for (; *others; others++)
    cut(stretches, *others, end - start, problems);
  GPtrArray *found = rank(&search, most, jobs, problems, progress, error);
  if (found && found->len == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: there is no other sound to compare it with"), path);
    g_clear_pointer(&found, g_ptr_array_unref);
  }
  return found;
}

/* By features */

typedef struct {
  MgRowMaker *maker;
  int sr;
} Features;

static gboolean
feature_values(const char *path, double start, double end, int worker, float *values, gpointer data, GError **error)
{
  const Features *features = data;
  g_autoptr(MgClipReader) reader = mg_clip_reader_new(path, features->sr, error);
  g_autoptr(MgSpool) samples = reader ? mg_clip_reader_spool(reader, start, end, error) : NULL;
  return samples && mg_row_maker_make(features->maker, samples, mg_clip_reader_sr(reader), values, error);
}

GPtrArray *
mg_similar_find(const char *path, double start, double end, const char *const *others, const MgParams *params,
                guint most, int jobs, GPtrArray *problems, MgProgress *progress, GError **error)
{
  Features features;
  if (!mg_audio_params_sr(params, &features.sr, error))
    return NULL;
  g_autoptr(MgRowMaker) maker = features.maker = mg_row_maker_new("summary", params, error);
  if (!maker)
    return NULL;
  MgSimilarMeasure measure = {mg_row_maker_columns(maker)->len, feature_values, &features};
  return mg_similar_rank(path, start, end, others, &measure, most, jobs, problems, progress, error);
}
