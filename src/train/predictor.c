#include "train/predictor-class.h"
#include "train/metadata.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* One line a kind. */
static const MgPredictorClass *const classes[] = {
    &mg_predictor_network,
    &mg_predictor_table,
};

static const MgPredictorClass *
find_class(const char *path, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, error);
  const char *kind = file ? mg_metadata_text(file, path, "kind", error) : NULL;
  if (!kind)
    return NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
    if (g_str_equal(classes[i]->kind, kind))
      return classes[i];
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: a model of kind “%s”; network or table was expected"), path,
              kind);
  return NULL;
}

MgPredictor *
mg_predictor_load(const char *path, int threads, GError **error)
{
  const MgPredictorClass *class = find_class(path, error);
  return class ? class->load(path, threads, error) : NULL;
}

void
mg_predictor_free(MgPredictor *predictor)
{
  if (predictor)
    predictor->class->free(predictor);
}

gboolean
mg_predictor_add(MgPredictions *predictions, const char *path, int label, const MgSegment *segment,
                 const float *probabilities, GError **error)
{
  for (guint c = 0; c < predictions->labels->len; c++)
    if (!isfinite(probabilities[c])) {
      g_set_error(
          error, MG_ERROR, MG_ERROR_LIMIT,
          _("%s: part %u: the model answers with %g for “%s”; expected a probability, its weights are too large"), path,
          segment->part, probabilities[c], (const char *)predictions->labels->pdata[c]);
      return FALSE;
    }
  mg_predictions_add(predictions, path, label, (int)segment->part, segment->start, segment->end, probabilities);
  return TRUE;
}
