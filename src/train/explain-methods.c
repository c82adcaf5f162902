#include "train/explain-method.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

extern const MgExplainMethod mg_explain_grad_cam, mg_explain_integrated_gradients, mg_explain_occlusion,
    mg_explain_gradient;

static const MgExplainMethod *const methods[] = {&mg_explain_grad_cam, &mg_explain_integrated_gradients,
                                                 &mg_explain_occlusion, &mg_explain_gradient, NULL};

static const MgParamSpec output_specs[] = {
    {.name = "output",
     .type = MG_PARAM_CHOICE,
     .default_value = "log-odds",
     .choices = "logit|log-odds",
     .help = N_("What is explained: the class's logit, or how it stands against all other classes together")},
};
const MgParamTable mg_explain_output_params = MG_PARAM_TABLE("output", N_("Output"), output_specs);

static const MgParamSpec nothing_specs[] = {
    {.name = "baseline",
     .type = MG_PARAM_CHOICE,
     .default_value = "silence",
     .choices = "silence|mean",
     .help = N_("What stands for nothing: silence, or the mean of the training pictures")},
};
const MgParamTable mg_explain_nothing_params = MG_PARAM_TABLE("baseline", N_("Baseline"), nothing_specs);

const MgExplainMethod *const *
mg_explain_methods(void)
{
  return methods;
}

const MgExplainMethod *
mg_explain_method_find(const char *name, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (size_t i = 0; methods[i]; i++) {
    if (g_str_equal(methods[i]->name, name))
      return methods[i];
    g_string_append_printf(names, "%s%s", i ? ", " : "", methods[i]->name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no method “%s”; expected one of %s"), name, names->str);
  return NULL;
}

const MgExplainMethod *
mg_explain_method_for(const MgNetwork *network)
{
  size_t i = 0;
  while (methods[i]->fits && !methods[i]->fits(network)) /* most fit every network */
    i++;
  return methods[i];
}

MgParams *
mg_explain_params(const MgExplainMethod *method)
{
  return mg_params_new(method->tables);
}

MgMatrix *
mg_explain(const MgExplainMethod *method, const MgExplainJob *job, GError **error)
{
  g_autoptr(MgMatrix) map = mg_matrix_new(job->seen->x->rows, job->seen->x->cols, error);
  return map && method->explain(job, map, error) ? g_steal_pointer(&map) : NULL;
}

static gboolean
asks_for_odds(const MgExplainJob *job)
{
  return g_str_equal(mg_params_text(job->params, "output"), "log-odds");
}

/* log Σ exp of the other classes' logits; shares[classes] (may be NULL) are the terms' shares of the sum. */
static double
others(const MgExplainJob *job, const float *logits, double *shares)
{
  int classes = (int)job->seen->model->labels->len;
  double largest = -INFINITY, sum = 0;
  for (int c = 0; c < classes; c++)
    largest = c == job->label ? largest : MAX(largest, logits[c]);
  for (int c = 0; c < classes; c++)
    sum += c == job->label ? 0 : exp(logits[c] - largest);
  for (int c = 0; shares && c < classes; c++)
    shares[c] = c == job->label ? 0 : exp(logits[c] - largest) / sum;
  return largest + log(sum);
}

double
mg_explain_output(const MgExplainJob *job, const float *logits)
{
  return logits[job->label] - (asks_for_odds(job) ? others(job, logits, NULL) : 0);
}

void
mg_explain_output_gradient(const MgExplainJob *job, const float *logits, float *dlogits)
{
  guint classes = job->seen->model->labels->len;
  g_autofree double *shares = g_new0(double, classes);
  if (asks_for_odds(job))
    others(job, logits, shares);
  for (guint c = 0; c < classes; c++)
    dlogits[c] = (float)-shares[c];
  dlogits[job->label] = 1;
}

float *
mg_explain_nothing(const MgExplainJob *job)
{
  float *x = g_new(float, job->seen->x->rows * job->seen->x->cols);
  mg_seen_fill_nothing(job->seen, g_str_equal(mg_params_text(job->params, "baseline"), "mean"), x);
  return x;
}

void
mg_explain_trace(const MgExplainJob *job, const float *x, int n, double *outputs, float *dx)
{
  MgNetwork *network = job->seen->model->network;
  guint classes = job->seen->model->labels->len;
  const float *logits = mg_network_trace(network, x, n);
  g_autofree float *dlogits = g_new(float, n *classes);
  for (int i = 0; i < n; i++) {
    mg_explain_output_gradient(job, logits + i * classes, dlogits + i * classes);
    if (outputs)
      outputs[i] = mg_explain_output(job, logits + i * classes);
  }
  mg_network_backward(network, dlogits, dx);
}
