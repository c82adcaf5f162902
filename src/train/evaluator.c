#include "train/evaluator.h"
#include "train/predictor.h"
#include "train/run-evaluation.h"
#include "train/run-split.h"
#include "train/table-model.h"
#include "base/error.h"
#include "dataset/sound-files.h"
#include "dataset/split.h"
#include "ml/samples.h"
#include <glib/gi18n-lib.h>

gboolean
mg_split_parse(const char *name, MgSplit *split, GError **error)
{
  for (*split = MG_SPLIT_TRAIN; *split <= MG_SPLIT_TEST; (*split)++)
    if (g_str_equal(name, mg_split_name(*split)))
      return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("split “%s”: expected one of train, val, test"), name);
  return FALSE;
}

char *
mg_checkpoint_path(const char *run, const char *checkpoint, GError **error)
{
  if (!g_str_equal(checkpoint, "best") && !g_str_equal(checkpoint, "last")) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("checkpoint “%s”: expected best or last"), checkpoint);
    return NULL;
  }
  g_autofree char *name = g_strdup_printf("%s.safetensors", checkpoint);
  return g_build_filename(run, "checkpoints", name, NULL);
}

MgPredictor *
mg_run_predictor(const char *run, const char *checkpoint, int threads, GError **error)
{
  g_autofree char *path = mg_checkpoint_path(run, checkpoint, error);
  return path ? mg_predictor_load(path, threads, error) : NULL;
}

GArray *
mg_run_segments(const MgPredictor *predictor, const MgRunConfig *config, const MgManifest *manifest)
{
  GArray *segments = predictor->class->cut(predictor, manifest);
  if (mg_split_is_leaky(config->params))
    mg_split_segments(segments, manifest, config->params);
  return segments;
}

static gboolean
labels_agree(const MgPredictor *predictor, const GPtrArray *labels, const char *run, GError **error)
{
  gboolean same = labels->len == predictor->labels->len;
  for (guint i = 0; same && i < labels->len; i++)
    same = g_str_equal(labels->pdata[i], predictor->labels->pdata[i]);
  if (!same)
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: the checkpoint's classes are not those of the segments"), run);
  return same;
}

static GArray *
of_side(const GArray *segments, MgSplit split)
{
  GArray *side = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < segments->len; i++)
    if (g_array_index(segments, MgSegment, i).split == split)
      g_array_append_val(side, g_array_index(segments, MgSegment, i));
  return side;
}

MgPredictions *
mg_evaluate_segments(MgPredictor *predictor, const MgRunConfig *config, const char *run, const MgManifest *manifest,
                     const GArray *segments, MgSplit split, MgProgress *progress, GError **error)
{
  if (!labels_agree(predictor, manifest->labels, run, error))
    return NULL;
  g_autoptr(GArray) side = of_side(segments, split);
  if (side->len == 0) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: its split has no %s segments; --split names another side"), run,
                mg_split_name(split));
    return NULL;
  }
  g_autoptr(MgPredictions) predictions = mg_predictions_new(predictor->labels);
  predictions->leaky = config->leaky;
  if (!predictor->class->segments(predictor, manifest, side, predictions, progress, error))
    return NULL;
  return g_steal_pointer(&predictions);
}

/* A run's own number of threads where none is asked for. */
static int
threads_of(const MgRunConfig *config, int threads)
{
  gboolean knows = threads < 1 && mg_params_has(config->params, "threads");
  return knows ? (int)mg_params_int_or(config->params, "threads", 0) : threads;
}

MgPredictions *
mg_evaluate_run(const char *run, const char *checkpoint, const char *split, int threads, MgProgress *progress,
                GError **error)
{
  MgSplit side;
  if (!mg_split_parse(split, &side, error))
    return NULL;
  g_autoptr(MgRunConfig) config = mg_run_config_load(run, error);
  g_autoptr(MgPredictor) predictor =
      config ? mg_run_predictor(run, checkpoint, threads_of(config, threads), error) : NULL;
  g_autoptr(MgManifest) manifest =
      predictor ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  if (!manifest)
    return NULL;
  g_autoptr(GArray) segments = mg_run_segments(predictor, config, manifest);
  return mg_evaluate_segments(predictor, config, run, manifest, segments, side, progress, error);
}

MgPredictions *
mg_predict_files(const char *model_path, const char *const *paths, int threads, GPtrArray *problems,
                 MgProgress *progress, GError **error)
{
  g_autoptr(MgPredictor) predictor = mg_predictor_load(model_path, threads, error);
  g_auto(GStrv) files = predictor ? mg_sound_files(paths, error) : NULL;
  if (!files)
    return NULL;
  g_autoptr(MgPredictions) predictions = mg_predictions_new(predictor->labels);
  const char *leaky = g_hash_table_lookup(predictor->provenance, "leaky");
  predictions->leaky = g_strcmp0(leaky, "true") == 0;
  guint n = g_strv_length(files);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) problem = NULL;
    g_autoptr(MgProgress) part = mg_progress_new_part(progress, i / (double)n, (i + 1) / (double)n, NULL, NULL);
    guint before = predictions->predictions->len;
    if (!predictor->class->file(predictor, files[i], predictions, part, &problem)) {
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
