#include "nn/fit.h"
#include "nn/average.h"
#include "nn/common-step.h"
#include "nn/gradient-sum.h"
#include "nn/loss.h"
#include <glib/gi18n-lib.h>
#include <math.h>

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
    {.name = "precision",
     .type = MG_PARAM_CHOICE,
     .default_value = "fp32",
     .choices = "fp32|bf16",
     .help =
         N_("Numbers that convolutions multiply while training; bf16 is faster where the processor has AVX512_BF16")},
    {.name = "batchnorm",
     .type = MG_PARAM_CHOICE,
     .default_value = "sync",
     .choices = "sync|local",
     .help = N_("What several ranks normalise by while training: the whole batch, or each by its own part of it")},
    {.name = "label_smoothing",
     .type = MG_PARAM_FLOAT,
     .default_value = "0",
     .min = 0,
     .max = 0.9,
     .help = N_("Part of the target that is dealt out evenly to all classes")},
    {.name = "class_weights",
     .type = MG_PARAM_CHOICE,
     .default_value = "none",
     .choices = "none|balanced",
     .help = N_("Whether segments of rare classes count for more, so that all classes count the same")},
    {.name = "ema",
     .type = MG_PARAM_FLOAT,
     .default_value = "0",
     .min = 0,
     .max = 0.99999,
     .help = N_("Memory of the moving average of the weights, which is validated and kept in their place; 0: none")},
};
const MgParamTable mg_fit_params = MG_PARAM_TABLE("fit", N_("Training"), specs);

struct MgFit {
  MgNetwork *network;
  MgParams *params;
  MgOptimizer *optimizer;
  MgAverage *average;       /* NULL: none */
  const MgPlateau *plateau; /* not owned */
  float *weights;           /* of the classes; NULL: all 1 */
  double smoothing;
  MgRanks *ranks;       /* not owned; NULL: it learns by itself */
  MgCommonStep *common; /* how ranks of one machine step, */
  MgGradientSum *sum;   /* and those of several */
  guint64 seed;
  gint64 done, steps, steps_per_epoch;
  float *dlogits, *targets;
  int room; /* of both, in segments */
};

static const MgPlateau first_rate = MG_PLATEAU_START;

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
  fit->smoothing = mg_params_float(params, "label_smoothing");
  fit->plateau = &first_rate;
  double ema = mg_params_float(params, "ema");
  if (ema > 0)
    fit->average = mg_average_new(mg_network_tensors(network), ema);
  fit->steps_per_epoch = MAX(steps_per_epoch, 1);
  fit->steps = fit->steps_per_epoch * mg_params_int(params, "epochs");
  mg_network_set_threads(network, mg_params_int_or(params, "threads", 0));
  mg_network_set_half(network, g_str_equal(mg_params_text(params, "precision"), "bf16"));
  return fit;
}

void
mg_fit_free(MgFit *fit)
{
  if (!fit)
    return;
  mg_common_step_free(fit->common);
  mg_gradient_sum_free(fit->sum);
  mg_optimizer_free(fit->optimizer);
  mg_average_free(fit->average);
  mg_params_free(fit->params);
  g_free(fit->weights);
  g_free(fit->dlogits);
  g_free(fit->targets);
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

static void
reserve(MgFit *fit, int n)
{
  size_t values = (size_t)n * mg_network_classes(fit->network);
  if (n <= fit->room)
    return;
  fit->dlogits = g_renew(float, fit->dlogits, values);
  fit->targets = g_renew(float, fit->targets, values);
  fit->room = n;
}

static void
fill_targets(MgFit *fit, const MgFitBatch *batch)
{
  int classes = mg_network_classes(fit->network);
  float base = (float)(fit->smoothing / classes), rest = (float)(1 - fit->smoothing);
  for (int s = 0; s < batch->n; s++) {
    float *targets = fit->targets + (size_t)s * classes, share = batch->shares ? batch->shares[s] : 1;
    for (int c = 0; c < classes; c++)
      targets[c] = base;
    targets[batch->labels[s]] += rest * share;
    if (batch->shares)
      targets[batch->others[s]] += rest * (1 - share);
  }
}

static double
loss_of(MgFit *fit, const MgFitBatch *batch, const float *logits)
{
  int classes = mg_network_classes(fit->network);
  if (!batch->shares && fit->smoothing == 0 && !fit->weights)
    return mg_cross_entropy(logits, batch->labels, batch->n, classes, NULL, fit->dlogits);
  fill_targets(fit, batch);
  return mg_cross_entropy_shares(logits, fit->targets, fit->weights, batch->n, classes, fit->dlogits);
}

void
mg_fit_set_ranks(MgFit *fit, MgRanks *ranks)
{
  gboolean local = g_str_equal(mg_params_text(fit->params, "batchnorm"), "local");
  fit->ranks = ranks;
  fit->common = mg_common_step_new(ranks, mg_network_tensors(fit->network), local, fit->optimizer);
  if (!fit->common)
    fit->sum = mg_gradient_sum_new(ranks, mg_network_tensors(fit->network), local);
}

static void
share_pass(MgFit *fit, const MgFitBatch *batch)
{
  gboolean local = g_str_equal(mg_params_text(fit->params, "batchnorm"), "local");
  MgSharing sharing = {.ranks = local ? NULL : fit->ranks, .first = batch->first};
  sharing.learned = fit->sum ? mg_gradient_sum_take : NULL;
  sharing.data = fit->sum;
  mg_network_set_sharing(fit->network, &sharing);
}

/* The backward pass, and what a step comes to, of all ranks together: they part the loss by the whole batch. */
static void
go_back_together(MgFit *fit, const MgFitBatch *batch, MgFitStep *step)
{
  double totals[] = {step->loss * batch->n, step->correct};
  float share = (float)batch->n / (float)batch->whole;
  for (size_t i = 0; i < (size_t)batch->n * mg_network_classes(fit->network); i++)
    fit->dlogits[i] *= share;
  mg_ranks_sum_doubles_begin(fit->ranks, totals, G_N_ELEMENTS(totals));
  if (fit->common)
    mg_common_step_begin(fit->common);
  mg_network_backward(fit->network, fit->dlogits, NULL);
  if (fit->sum)
    mg_gradient_sum_end(fit->sum);
  mg_ranks_sum_end(fit->ranks);
  step->loss = totals[0] / batch->whole;
  step->correct = (int)totals[1];
}

static void
move_weights(MgFit *fit, double learning_rate, int threads)
{
  mg_optimizer_set_threads(fit->optimizer, threads);
  if (fit->common)
    mg_common_step_end(fit->common, learning_rate, threads);
  else
    mg_optimizer_step(fit->optimizer, learning_rate);
}

MgFitStep
mg_fit_step_mixed(MgFit *fit, const MgFitBatch *batch)
{
  reserve(fit, batch->n);
  MgRng rng = mg_rng_stream(fit->seed, fit->done);
  MgFitStep step;
  share_pass(fit, batch);
  const float *logits = mg_network_forward(fit->network, batch->x, batch->n, TRUE, &rng);
  step.loss = loss_of(fit, batch, logits);
  step.correct = count_correct(logits, batch->labels, batch->n, mg_network_classes(fit->network));
  step.learning_rate = mg_schedule_rate(fit->params, mg_params_float(fit->params, "learning_rate"), fit->done,
                                        fit->steps, fit->steps_per_epoch, fit->plateau);
  if (fit->ranks)
    go_back_together(fit, batch, &step);
  if (!isfinite(step.loss))
    return step;
  if (!fit->ranks)
    mg_network_backward(fit->network, fit->dlogits, NULL);
  move_weights(fit, step.learning_rate, mg_network_pass_threads(fit->network, batch->n));
  fit->done++;
  if (fit->average)
    mg_average_take(fit->average, fit->done);
  return step;
}

MgFitStep
mg_fit_step(MgFit *fit, const float *x, const int *labels, int n)
{
  return mg_fit_step_mixed(fit, &(MgFitBatch){.x = x, .labels = labels, .n = n});
}

void
mg_fit_balance(MgFit *fit, const int *labels, size_t n)
{
  int classes = mg_network_classes(fit->network);
  if (!g_str_equal(mg_params_text(fit->params, "class_weights"), "balanced"))
    return;
  g_autofree size_t *counts = g_new0(size_t, classes);
  for (size_t i = 0; i < n; i++)
    counts[labels[i]]++;
  fit->weights = g_renew(float, fit->weights, classes);
  for (int c = 0; c < classes; c++)
    fit->weights[c] = counts[c] ? (float)((double)n / classes / counts[c]) : 0;
}

void
mg_fit_set_plateau(MgFit *fit, const MgPlateau *plateau)
{
  fit->plateau = plateau;
}

void
mg_fit_swap_average(MgFit *fit)
{
  if (!fit->average)
    return;
  mg_average_swap(fit->average);
  mg_network_tensors(fit->network); /* they have changed */
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

GPtrArray *
mg_fit_state(MgFit *fit)
{
  GPtrArray *state = g_ptr_array_new();
  g_ptr_array_extend(state, (GPtrArray *)mg_optimizer_state(fit->optimizer), NULL, NULL);
  if (fit->average)
    g_ptr_array_extend(state, (GPtrArray *)mg_average_state(fit->average), NULL, NULL);
  return state;
}
