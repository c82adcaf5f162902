#include "ml/svc-machine.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

void
mg_svc_machine_clear(MgSvcMachine *machine)
{
  g_free(machine->vectors);
  g_free(machine->coefficients);
  g_free(machine->rho);
  g_free(machine->sigmoids);
  g_free(machine->labels);
}

/* Files */

void
mg_svc_machine_save(const MgSvcMachine *machine, GPtrArray *tensors)
{
  int pairs = mg_svc_pairs(machine->present);
  mg_classifier_store(tensors, "support_vectors", machine->vectors, (int)machine->n, (int)machine->features);
  mg_classifier_store(tensors, "dual_coef", machine->coefficients, machine->present - 1, (int)machine->n);
  mg_classifier_store(tensors, "rho", machine->rho, 1, pairs);
  mg_classifier_store(tensors, "labels", machine->labels, 2, machine->present);
  if (machine->sigmoids)
    mg_classifier_store(tensors, "sigmoids", machine->sigmoids, 2, pairs);
}

/* Every class once, and as many support vectors as there are. */
static gboolean
check_labels(const MgSvcMachine *machine, int classes, GError **error)
{
  g_autofree gboolean *seen = g_new0(gboolean, classes);
  double vectors = 0;
  gboolean good = TRUE;
  for (int c = 0; good && c < machine->present; c++) {
    float label = machine->labels[c], n = machine->labels[machine->present + c];
    good = label >= 0 && label < classes && label == floorf(label) && !seen[(int)label] && n >= 0 && n == floorf(n) &&
           n <= machine->n;
    if (good)
      seen[(int)label] = TRUE;
    vectors += n;
  }
  if (good && vectors == machine->n)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT,
              _("classifier.labels: each of %d classes once and the %zu support vectors were expected"), classes,
              machine->n);
  return FALSE;
}

static float *
copy_stored(const GPtrArray *tensors, const char *name, int rows, int cols, GError **error)
{
  const MgTensor *tensor = mg_classifier_stored(tensors, name, rows, cols, error);
  return tensor ? g_memdup2(tensor->data, tensor->n * sizeof(float)) : NULL;
}

gboolean
mg_svc_machine_load(MgSvcMachine *machine, const MgClassifier *classifier, gboolean probability,
                    const GPtrArray *tensors, GError **error)
{
  const MgTensor *labels = mg_classifier_stored(tensors, "labels", 2, -1, error);
  const MgTensor *coefficients =
      labels ? mg_classifier_stored(tensors, "dual_coef", labels->shape[1] - 1, -1, error) : NULL;
  if (!coefficients)
    return FALSE;
  machine->present = labels->shape[1];
  machine->n = (size_t)coefficients->shape[1];
  machine->features = classifier->features;
  int pairs = mg_svc_pairs(machine->present);
  machine->labels = g_memdup2(labels->data, labels->n * sizeof(float));
  machine->coefficients = g_memdup2(coefficients->data, coefficients->n * sizeof(float));
  machine->vectors = copy_stored(tensors, "support_vectors", (int)machine->n, (int)machine->features, error);
  machine->rho = machine->vectors ? copy_stored(tensors, "rho", 1, pairs, error) : NULL;
  machine->sigmoids = machine->rho && probability ? copy_stored(tensors, "sigmoids", 2, pairs, error) : NULL;
  return machine->rho && (!probability || machine->sigmoids) && check_labels(machine, classifier->classes, error);
}

/* For libsvm */

static double *
to_doubles(const float *values, size_t n)
{
  double *doubles = g_new(double, n);
  for (size_t i = 0; i < n; i++)
    doubles[i] = values[i];
  return doubles;
}

struct svm_model *
mg_svc_machine_model(const MgSvcMachine *machine)
{
  size_t pairs = (size_t)mg_svc_pairs(machine->present);
  struct svm_model *model = g_new0(struct svm_model, 1);
  model->param =
      (struct svm_parameter){.svm_type = C_SVC, .kernel_type = PRECOMPUTED, .probability = machine->sigmoids != NULL};
  model->nr_class = machine->present;
  model->l = (int)machine->n;
  model->SV = g_new(struct svm_node *, machine->n);
  struct svm_node *places = g_new0(struct svm_node, machine->n);
  for (size_t i = 0; i < machine->n; i++) {
    places[i].value = (double)i;
    model->SV[i] = &places[i];
  }
  model->sv_coef = g_new(double *, machine->present - 1);
  for (int c = 0; c < machine->present - 1; c++)
    model->sv_coef[c] = to_doubles(machine->coefficients + (size_t)c * machine->n, machine->n);
  model->rho = to_doubles(machine->rho, pairs);
  model->probA = machine->sigmoids ? to_doubles(machine->sigmoids, pairs) : NULL;
  model->probB = machine->sigmoids ? to_doubles(machine->sigmoids + pairs, pairs) : NULL;
  model->label = g_new(int, machine->present);
  model->nSV = g_new(int, machine->present);
  for (int c = 0; c < machine->present; c++) {
    model->label[c] = (int)machine->labels[c];
    model->nSV[c] = (int)machine->labels[machine->present + c];
  }
  return model;
}

void
mg_svc_model_free(struct svm_model *model)
{
  if (!model)
    return;
  g_free(model->SV[0]); /* they lie in one piece */
  g_free(model->SV);
  for (int c = 0; c < model->nr_class - 1; c++)
    g_free(model->sv_coef[c]);
  g_free(model->sv_coef);
  g_free(model->rho);
  g_free(model->probA);
  g_free(model->probB);
  g_free(model->label);
  g_free(model->nSV);
  g_free(model);
}
