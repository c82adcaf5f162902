#include "train/train-estimate.h"
#include "base/memory.h"
#include "nn/description.h"
#include "nn/fit.h"

enum { TRIED = 4, STEPS = 2 }; /* pictures a step; the first step also gets the memory ready */

static const double forward_share = 1.0 / 3; /* of a training step: the backward pass takes twice as long */

static MgModel *
make_model(const char *name, const MgParams *params, const GPtrArray *labels, GError **error)
{
  g_autofree char *path = NULL, *text = mg_description_read(name, &path, error);
  g_autofree char *description =
      text ? mg_description_with(text, path, mg_params_text(params, "model_parameters"), error) : NULL;
  return description ? mg_model_new(description, path, params, labels, 0, error) : NULL;
}

/* Seconds of the last of a few steps on noise, for one picture. */
static gboolean
measure(MgModel *model, const MgParams *params, gint64 steps_per_epoch, double *seconds, GError **error)
{
  size_t size = mg_shape_size(mg_network_input(model->network));
  g_autoptr(MgFit) fit = mg_fit_new(model->network, params, steps_per_epoch, error);
  g_autofree float *x = g_new(float, size *TRIED);
  int labels[TRIED];
  if (!fit)
    return FALSE;
  MgRng rng = mg_rng_new(1);
  for (size_t i = 0; i < size * TRIED; i++)
    x[i] = mg_rng_normal(&rng);
  for (int i = 0; i < TRIED; i++)
    labels[i] = i % (int)model->labels->len;
  gint64 start = 0;
  for (int step = 0; step < STEPS; step++) {
    start = g_get_monotonic_time();
    mg_fit_step(fit, x, labels, TRIED);
  }
  *seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC / TRIED;
  return TRUE;
}

gboolean
mg_train_estimate(const char *name, const MgParams *params, const GPtrArray *labels, size_t training, size_t validation,
                  MgTrainEstimate *estimate, GError **error)
{
  g_autoptr(MgModel) model = make_model(name, params, labels, error);
  if (!model)
    return FALSE;
  gint64 batch = mg_params_int(params, "batch_size"), epochs = mg_params_int(params, "epochs");
  *estimate = (MgTrainEstimate){.memory = mg_train_memory(model, params, training + validation),
                                .parameters = mg_network_parameters(model->network),
                                .steps_per_epoch = ((gint64)training + batch - 1) / batch,
                                .seconds = -1};
  if (estimate->memory.total > mg_memory_available() || training == 0)
    return TRUE;
  if (!measure(model, params, estimate->steps_per_epoch, &estimate->example_seconds, error))
    return FALSE;
  estimate->seconds =
      estimate->example_seconds * (double)epochs * ((double)training + forward_share * (double)validation);
  return TRUE;
}
