#include "nn/fit.h"
#include "nn/loss.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {.name = "epochs",
     .type = MG_PARAM_INT,
     .default_value = "30",
     .min = 1,
     .max = 100000,
     .help = N_("Passes over the training segments")},
    {.name = "batch_size",
     .type = MG_PARAM_INT,
     .default_value = "16",
     .min = 1,
     .max = 4096,
     .help = N_("Segments a step")},
    {.name = "seed",
     .type = MG_PARAM_INT,
     .default_value = "0",
     .min = 0,
     .max = 0x1p53,
     .help = N_("Start of everything random: the same seed and threads give the same numbers")},
    {.name = "threads",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .min = 1,
     .max = 256,
     .automatic = N_("all processors"),
     .help = N_("Processors to compute on")},
};
const MgParamTable mg_fit_params = MG_PARAM_TABLE("fit", N_("Training"), specs);

struct MgFit {
  MgNetwork *network;
  MgParams *params;
  MgOptimizer *optimizer;
  guint64 seed;
  gint64 done, steps, steps_per_epoch;
  float *dlogits;
  int dlogits_for; /* batch */
};

MgFit *
mg_fit_new(MgNetwork *network, const MgParams *params, gint64 steps_per_epoch, GError **error)
{
  MgOptimizer *optimizer = mg_optimizer_new(params, mg_network_tensors(network), error);
  if (!optimizer)
    return NULL;
  MgFit *fit = g_new0(MgFit, 1);
  fit->network = network;
  fit->params = mg_params_copy(params);
  fit->optimizer = optimizer;
  fit->seed = mg_params_int(params, "seed");
  fit->steps_per_epoch = MAX(steps_per_epoch, 1);
  fit->steps = fit->steps_per_epoch * mg_params_int(params, "epochs");
  mg_network_set_threads(network, mg_params_int_or(params, "threads", 0));
  mg_optimizer_set_threads(optimizer, mg_network_threads(network));
  return fit;
}

void
mg_fit_free(MgFit *fit)
{
  if (!fit)
    return;
  mg_optimizer_free(fit->optimizer);
  mg_params_free(fit->params);
  g_free(fit->dlogits);
  g_free(fit);
}

static int
count_correct(const float *logits, const int *labels, int n, int classes)
{
  int correct = 0;
  for (int s = 0; s < n; s++, logits += classes) {
    int best = 0;
    for (int c = 1; c < classes; c++)
      if (logits[c] > logits[best])
        best = c;
    correct += best == labels[s];
  }
  return correct;
}

MgFitStep
mg_fit_step(MgFit *fit, const float *x, const int *labels, int n)
{
  int classes = mg_network_classes(fit->network);
  if (n > fit->dlogits_for) {
    fit->dlogits = g_renew(float, fit->dlogits, (size_t)n *classes);
    fit->dlogits_for = n;
  }
  MgRng rng = mg_rng_stream(fit->seed, fit->done);
  MgFitStep step;
  const float *logits = mg_network_forward(fit->network, x, n, TRUE, &rng);
  step.loss = mg_cross_entropy(logits, labels, n, classes, NULL, fit->dlogits);
  step.correct = count_correct(logits, labels, n, classes);
  step.learning_rate = mg_schedule_rate(fit->params, mg_params_float(fit->params, "learning_rate"), fit->done,
                                        fit->steps, fit->steps_per_epoch);
  mg_network_backward(fit->network, fit->dlogits, NULL);
  mg_optimizer_step(fit->optimizer, step.learning_rate);
  fit->done++;
  return step;
}

gint64
mg_fit_steps_done(const MgFit *fit)
{
  return fit->done;
}

void
mg_fit_set_steps_done(MgFit *fit, gint64 steps)
{
  fit->done = steps;
}

MgOptimizer *
mg_fit_optimizer(MgFit *fit)
{
  return fit->optimizer;
}
