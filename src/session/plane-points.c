#include "session/plane-points.h"
#include "base/error.h"
#include "base/file.h"
#include "base/npy.h"
#include "base/parallel.h"
#include "ml/projection.h"
#include "ml/samples.h"
#include <glib/gi18n-lib.h>

MgPlaneSegments *
mg_plane_segments_ref(MgPlaneSegments *segments)
{
  g_atomic_ref_count_inc(&segments->references);
  return segments;
}

void
mg_plane_segments_unref(MgPlaneSegments *segments)
{
  if (!segments || !g_atomic_ref_count_dec(&segments->references))
    return;
  mg_matrix_free(segments->vectors);
  mg_result_table_unref(segments->table);
  g_free(segments->splits);
  g_free(segments);
}

gboolean
mg_plane_segments_are_fresh(const char *run)
{
  g_autofree char *model = g_build_filename(run, "checkpoints", "best.safetensors", NULL);
  g_autofree char *vectors = g_build_filename(run, "embeddings.csv", NULL);
  g_autofree char *predictions = g_build_filename(run, "predictions-all.csv", NULL);
  gint64 trained = mg_file_modified(model);
  return trained >= 0 && mg_file_modified(vectors) >= trained && mg_file_modified(predictions) >= trained;
}

/* The two files tell of the same rows, in the same order. */
static gboolean
join(MgPlaneSegments *segments, MgSamples *samples, MgPredictions *predictions, const char *path, GError **error)
{
  size_t n = samples->x->rows;
  gboolean same = predictions->predictions->len == n;
  segments->splits = g_new(MgSplit, n + 1);
  for (size_t i = 0; same && i < n; i++)
    same = g_str_equal(samples->rows[i], ((MgPrediction *)predictions->predictions->pdata[i])->songname) &&
           mg_split_parse(samples->groups[i], &segments->splits[i], NULL);
  if (!same)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not of the segments of predictions-all.csv beside it"), path);
  return same;
}

MgPlaneSegments *
mg_plane_segments_load(const char *run, GError **error)
{
  static const MgSamplesLayout layout = {.label = "label", .group = "split", .ignore = "songname,track,part,start,end"};
  g_autofree char *path = g_build_filename(run, "embeddings.csv", NULL);
  g_autofree char *predictions_path = g_build_filename(run, "predictions-all.csv", NULL);
  g_autoptr(MgSamples) samples = mg_samples_load(path, &layout, error);
  g_autoptr(MgPredictions) predictions = samples ? mg_predictions_load(predictions_path, error) : NULL;
  if (!predictions)
    return NULL;
  g_autoptr(MgPlaneSegments) segments = g_new0(MgPlaneSegments, 1);
  g_atomic_ref_count_init(&segments->references);
  if (!join(segments, samples, predictions, path, error))
    return NULL;
  segments->vectors = g_steal_pointer(&samples->x);
  segments->table = mg_result_table_new(g_steal_pointer(&predictions));
  return g_steal_pointer(&segments);
}

static MgMatrix *
kept_places(const MgPlaneSegments *segments, const char *run, const char *path)
{
  g_autofree char *vectors = g_build_filename(run, "embeddings.csv", NULL);
  g_autoptr(MgMatrix) places = mg_file_modified(path) >= mg_file_modified(vectors) ? mg_npy_load(path, NULL) : NULL;
  gboolean fits = places && places->rows == segments->vectors->rows && places->cols == 2;
  return fits ? g_steal_pointer(&places) : NULL;
}

MgMatrix *
mg_plane_places_make(const MgPlaneSegments *segments, const char *run, const char *method, MgProgress *progress,
                     GError **error)
{
  const MgProjection *projection = mg_projection_find(method, error);
  if (!projection)
    return NULL;
  g_autofree char *name = g_strdup_printf("embedding-%s.npy", method), *path = g_build_filename(run, name, NULL);
  MgMatrix *kept = kept_places(segments, run, path);
  if (kept)
    return kept;
  g_autoptr(MgParams) params = mg_projection_params(projection);
  int threads = MAX(1, mg_processors() - 1); /* the window keeps one */
  g_autoptr(MgMatrix) places = mg_project(projection, segments->vectors, params, 0, threads, progress, error);
  if (places)
    mg_npy_save(path, places, FALSE,
                NULL); /* it only saves time: a folder that cannot be written to is no reason to fail */
  return g_steal_pointer(&places);
}
