#include "train/evaluator.h"
#include "train/file-segments.h"
#include "train/model-file.h"
#include "train/run-config.h"
#include "train/run-split.h"
#include "train/table-model.h"
#include "train/train-data.h"
#include "base/error.h"
#include "ml/samples.h"
#include <math.h>

static const size_t chunk = 16; /* segments between two looks at whether to go on */

gboolean
mg_split_parse(const char *name, MgSplit *split, GError **error)
{
  for (*split = MG_SPLIT_TRAIN; *split <= MG_SPLIT_TEST; (*split)++)
    if (g_str_equal(name, mg_split_name(*split)))
      return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "split “%s”: expected one of train, val, test", name);
  return FALSE;
}

char *
mg_checkpoint_path(const char *run, const char *checkpoint, GError **error)
{
  if (!g_str_equal(checkpoint, "best") && !g_str_equal(checkpoint, "last")) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, "checkpoint “%s”: expected best or last", checkpoint);
    return NULL;
  }
  g_autofree char *name = g_strdup_printf("%s.safetensors", checkpoint);
  return g_build_filename(run, "checkpoints", name, NULL);
}

static MgModel *
load_checkpoint(const char *run, const char *checkpoint, GError **error)
{
  g_autofree char *path = mg_checkpoint_path(run, checkpoint, error);
  return path ? mg_model_load(path, error) : NULL;
}

/* Finite weights may still overflow on their way through the network. */
static gboolean
add_prediction(MgPredictions *predictions, const char *path, int label, const MgSegment *segment,
               const float *probabilities, GError **error)
{
  for (guint c = 0; c < predictions->labels->len; c++)
    if (!isfinite(probabilities[c])) {
      g_set_error(
          error, MG_ERROR, MG_ERROR_LIMIT,
          "%s: part %u: the network answers with %g for “%s”; expected a probability, its weights are too large", path,
          segment->part, probabilities[c], (const char *)predictions->labels->pdata[c]);
      return FALSE;
    }
  mg_predictions_add(predictions, path, label, (int)segment->part, segment->start, segment->end, probabilities);
  return TRUE;
}

static gboolean
predict_side(MgModel *model, const MgManifest *manifest, const MgTrainSide *side, MgPredictions *predictions,
             MgProgress *progress, GError **error)
{
  size_t n = side->segments->len, classes = model->labels->len;
  g_autofree float *probabilities = g_new(float, classes *chunk);
  for (size_t first = 0; first < n; first += chunk) {
    const float *pictures[16];
    size_t count = MIN(chunk, n - first);
    if (!mg_progress_go_on(progress, error))
      return FALSE;
    for (size_t i = 0; i < count; i++)
      pictures[i] = mg_pictures_get(side->pictures, first + i);
    mg_model_predict(model, pictures, count, probabilities);
    for (size_t i = 0; i < count; i++) {
      const MgSegment *segment = &g_array_index(side->segments, MgSegment, first + i);
      const MgTrack *track = mg_manifest_track(manifest, segment->track);
      if (!add_prediction(predictions, track->path, track->label, segment, probabilities + i * classes, error))
        return FALSE;
    }
    mg_progress_report(progress, (first + count) / (double)n, NULL);
  }
  return TRUE;
}

static gboolean
labels_agree(const MgModel *model, const GPtrArray *labels, const char *run, GError **error)
{
  gboolean same = labels->len == model->labels->len;
  for (guint i = 0; same && i < model->labels->len; i++)
    same = g_str_equal(labels->pdata[i], model->labels->pdata[i]);
  if (!same)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s: the checkpoint's classes are not those of the segments", run);
  return same;
}

static gboolean
evaluate(MgModel *model, const MgRunConfig *config, const char *run, const MgManifest *manifest, const GArray *segments,
         MgSplit split, MgPredictions *predictions, MgProgress *progress, GError **error)
{
  MgTrainSide side;
  gboolean good = mg_train_side_load(&side, manifest, segments, split, config->params, progress, error);
  if (good && side.segments->len == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, "%s: its split has no %s segments; --split names another side", run,
                mg_split_name(split));
    good = FALSE;
  }
  good = good && predict_side(model, manifest, &side, predictions, progress, error);
  mg_train_side_clear(&side);
  return good;
}

MgPredictions *
mg_evaluate_segments(const char *run, const char *checkpoint, const MgManifest *manifest, const GArray *segments,
                     MgSplit split, int threads, MgProgress *progress, GError **error)
{
  g_autoptr(MgRunConfig) config = mg_run_config_load(run, error);
  g_autoptr(MgModel) model = config ? load_checkpoint(run, checkpoint, error) : NULL;
  if (!model || !labels_agree(model, manifest->labels, run, error))
    return NULL;
  mg_network_set_threads(model->network, threads);
  if (threads > 0)
    mg_params_set_int(config->params, "threads", threads);
  g_autoptr(MgPredictions) predictions = mg_predictions_new(model->labels);
  predictions->leaky = config->leaky;
  if (!evaluate(model, config, run, manifest, segments, split, predictions, progress, error))
    return NULL;
  return g_steal_pointer(&predictions);
}

MgPredictions *
mg_evaluate_run(const char *run, const char *checkpoint, const char *split, int threads, MgProgress *progress,
                GError **error)
{
  MgSplit side;
  if (!mg_split_parse(split, &side, error))
    return NULL;
  g_autoptr(MgRunConfig) config = mg_run_config_load(run, error);
  g_autoptr(MgManifest) manifest = config ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  if (!manifest)
    return NULL;
  g_autoptr(GArray) segments = mg_train_segments(manifest, config->params);
  return mg_evaluate_segments(run, checkpoint, manifest, segments, side, threads, progress, error);
}

/* All parts of one file; a file that ends before its header says so has the parts up to there. FALSE also where it is
 * stopped. */
static gboolean
predict_file(MgModel *model, const char *path, MgPredictions *predictions, MgProgress *progress, GError **error)
{
  g_autoptr(MgFileSegments) segments = mg_file_segments_open(path, 0, 0, model->front_end, error);
  if (!segments)
    return FALSE;
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  g_autofree float *picture = g_new(float, mg_shape_size(mg_network_input(model->network)));
  g_autofree float *probabilities = g_new(float, model->labels->len);
  for (size_t i = 0; i < mg_file_segments_n(segments); i++) {
    g_autoptr(GError) cause = NULL;
    if (!mg_progress_go_on(progress, &cause) || !mg_file_segments_picture(segments, i, picture, &cause)) {
      if (i > 0 && g_error_matches(cause, MG_ERROR, MG_ERROR_DATA))
        return TRUE;
      g_propagate_error(error, g_steal_pointer(&cause));
      return FALSE;
    }
    const float *pictures[] = {picture};
    const MgSegment *segment = mg_file_segments_get(segments, i);
    mg_model_predict(model, pictures, 1, probabilities);
    if (!add_prediction(predictions, absolute, -1, segment, probabilities, error))
      return FALSE;
  }
  return TRUE;
}

MgPredictions *
mg_predict_files(const char *model_path, const char *const *files, int threads, GPtrArray *problems,
                 MgProgress *progress, GError **error)
{
  g_autoptr(MgModel) model = mg_model_load(model_path, error);
  if (!model)
    return NULL;
  mg_network_set_threads(model->network, threads);
  g_autoptr(MgPredictions) predictions = mg_predictions_new(model->labels);
  const char *leaky = g_hash_table_lookup(model->provenance, "leaky");
  predictions->leaky = g_strcmp0(leaky, "true") == 0;
  guint n = g_strv_length((char **)files);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) problem = NULL;
    guint before = predictions->predictions->len;
    if (!predict_file(model, files[i], predictions, progress, &problem)) {
      g_ptr_array_set_size(predictions->predictions, (int)before);
      if (g_error_matches(problem, MG_ERROR, MG_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
      }
      if (problems)
        g_ptr_array_add(problems, g_strdup(problem->message));
    }
    mg_progress_report(progress, (i + 1) / (double)n, NULL);
  }
  return g_steal_pointer(&predictions);
}

MgPredictions *
mg_predict_table(const char *model_path, const char *table, GError **error)
{
  g_autoptr(MgTableModel) model = mg_table_model_load(model_path, error);
  g_autoptr(MgSamples) samples = model ? mg_samples_load_columns(table, model->columns, error) : NULL;
  if (!samples)
    return NULL;
  g_autoptr(MgMatrix) probabilities = mg_table_model_predict(model, samples->x);
  MgPredictions *predictions = mg_predictions_new(model->labels);
  for (size_t row = 0; row < samples->x->rows; row++)
    mg_predictions_add(predictions, samples->rows[row], -1, 1, 0, 0, mg_matrix_row(probabilities, row));
  return predictions;
}
