#include "train/table-embeddings.h"
#include "base/error.h"
#include "train/run-split.h"
#include "train/table-model.h"
#include <glib/gi18n-lib.h>

/* By cross-validation every row has an answer of who had not seen it; in the order of the rows. */
static gboolean
take_answers(MgEmbeddings *embeddings, const char *run)
{
  g_autofree char *path = g_build_filename(run, "predictions.csv", NULL);
  g_autoptr(MgPredictions) answers = mg_predictions_load(path, NULL);
  gboolean same = answers && answers->predictions->len == embeddings->rows->len &&
                  answers->labels->len == embeddings->predictions->labels->len;
  for (guint i = 0; same && i < embeddings->rows->len; i++) {
    const MgEmbeddingRow *row = embeddings->rows->pdata[i];
    const MgPrediction *answer = answers->predictions->pdata[i];
    same = answer->part == row->part && g_str_equal(answer->track, row->track);
  }
  for (guint i = 0; same && i < embeddings->rows->len; i++)
    mg_embeddings_predict(embeddings, i, 1, ((const MgPrediction *)answers->predictions->pdata[i])->probabilities);
  return same;
}

static gboolean
refuse_layer(const char *run, const char *layer, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: a classifier on rows has no layer “%s”; expected no --layer"),
              run, layer);
  return FALSE;
}

MgEmbeddings *
mg_table_embeddings(const char *run, const char *path, const MgRunConfig *config, const char *layer, int threads,
                    MgProgress *progress, GError **error)
{
  if (layer && !refuse_layer(run, layer, error))
    return NULL;
  g_autoptr(MgTableModel) model = mg_table_model_load(path, error);
  g_autoptr(MgManifest) manifest = model ? mg_run_split_load(run, (const char *const *)config->labels, error) : NULL;
  if (!manifest)
    return NULL;
  g_autoptr(GArray) segments = mg_table_model_cut(model, manifest);
  g_autoptr(MgMatrix) x = mg_table_model_rows(model, path, manifest, segments, threads, progress, error);
  if (!x)
    return NULL;
  MgEmbeddings *embeddings = mg_embeddings_of_segments(manifest, segments, model->labels, "rows");
  if (!take_answers(embeddings, run)) {
    g_autoptr(MgMatrix) probabilities = mg_table_model_predict(model, x);
    mg_embeddings_predict(embeddings, 0, x->rows, probabilities->data);
  }
  mg_scaler_apply(model->scaler, x);
  embeddings->vectors = g_steal_pointer(&x);
  return embeddings;
}
