#include "ml/network-training.h"
#include "ml/classifier-network.h"
#include "ml/figures.h"
#include "ml/metrics.h"
#include "base/error.h"
#include "nn/fit.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {.name = "epochs",
     .type = MG_PARAM_INT,
     .default_value = "40",
     .min = 1,
     .max = 100000,
     .help = N_("Passes over the rows")},
    {.name = "batch_size",
     .type = MG_PARAM_INT,
     .default_value = "32",
     .min = 1,
     .max = 65536,
     .help = N_("Rows a step")},
    {.name = "learning_rate",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.005",
     .min = 1e-8,
     .max = 100,
     .help = N_("Largest size of a step")},
    {.name = "early_stop",
     .type = MG_PARAM_INT,
     .default_value = "0",
     .min = 0,
     .max = 100000,
     .help = N_("Epochs without a better macro F1 of the rows held out after which training ends; 0 trains to the end "
                "on all rows")},
    {.name = "validation_fraction",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.1",
     .min = 0.01,
     .max = 0.9,
     .help = N_("early_stop, schedule=on-plateau: part of each class's rows that is held out")},
};
const MgParamTable mg_network_classifier_params = MG_PARAM_TABLE("network", N_("Training on rows"), specs);

struct MgNetworkTraining {
  MgNetwork *network;
  MgFit *fit;
  MgParams *params;
  const MgLesson *lesson;
  size_t size;          /* values of a network's input */
  guint32 *rows, *held; /* to learn from, and to choose the epoch by */
  size_t n, n_held;
  size_t batch;
  float *x; /* of a batch */
  int *y;
  float *best; /* the weights of the best epoch */
  double best_f1, best_loss;
  int best_epoch;
  MgPlateau plateau;
  int epoch;        /* the next one */
  gboolean over;    /* nothing is left to learn */
  gboolean answers; /* the network holds the weights to answer with, not those to go on from */
  float *going;     /* where those are the best ones: what to go on from */
};
typedef MgNetworkTraining Training;

void
mg_network_training_free(MgNetworkTraining *training)
{
  if (!training)
    return;
  mg_fit_free(training->fit);
  mg_params_free(training->params);
  g_free(training->rows);
  g_free(training->held);
  g_free(training->x);
  g_free(training->y);
  g_free(training->best);
  g_free(training->going);
  g_free(training);
}

void
mg_network_fill_row(const float *row, size_t features, size_t size, float *values)
{
  memcpy(values, row, features * sizeof *values);
  memset(values + features, 0, (size - features) * sizeof *values);
}

/* The names that the lesson has, with the lesson's own seed and threads. */
static MgParams *
params_of(const MgParamTable *const *tables, const MgLesson *lesson)
{
  MgParams *params = mg_params_new(tables);
  mg_params_take(params, lesson->params);
  mg_params_set_int(params, "seed", (gint64)(lesson->seed & G_MAXUINT32));
  mg_params_set_int(params, "threads", MIN(lesson->threads, 256));
  return params;
}

static gboolean
watches(const MgParams *params)
{
  return mg_params_int(params, "early_stop") > 0 || g_str_equal(mg_params_text(params, "schedule"), "on-plateau");
}

/* Of every class the first rows of a shuffled order are held out, rounded down: a class with few keeps them all. */
static void
deal_rows(Training *training)
{
  const MgLesson *lesson = training->lesson;
  size_t rows = lesson->x->rows;
  double part = watches(training->params) ? mg_params_float(training->params, "validation_fraction") : 0;
  MgRng rng = mg_rng_stream(lesson->seed, G_MAXUINT64);
  g_autofree guint32 *order = g_new(guint32, rows);
  g_autofree size_t *wanted = g_new0(size_t, lesson->classes);
  for (guint32 row = 0; row < rows; row++) {
    order[row] = row;
    wanted[lesson->y[row]]++;
  }
  for (int c = 0; c < lesson->classes; c++)
    wanted[c] = (size_t)(part * (double)wanted[c]);
  mg_rng_shuffle(&rng, order, rows);
  training->rows = g_new(guint32, rows);
  training->held = g_new(guint32, rows);
  for (size_t i = 0; i < rows; i++) {
    size_t *still = &wanted[lesson->y[order[i]]];
    if (*still > 0)
      training->held[training->n_held++] = order[i];
    else
      training->rows[training->n++] = order[i];
    *still -= *still > 0;
  }
}

static void
fill_batch(Training *training, const guint32 *rows, size_t n)
{
  const MgLesson *lesson = training->lesson;
  for (size_t i = 0; i < n; i++) {
    mg_network_fill_row(mg_matrix_row(lesson->x, rows[i]), lesson->x->cols, training->size,
                        training->x + i * training->size);
    training->y[i] = lesson->y[rows[i]];
  }
}

static gboolean
train_epoch(Training *training, int epoch, GError **error)
{
  MgRng rng = mg_rng_stream(training->lesson->seed, (guint64)epoch);
  mg_rng_shuffle(&rng, training->rows, training->n);
  for (size_t first = 0; first < training->n; first += training->batch) {
    size_t n = MIN(training->batch, training->n - first);
    fill_batch(training, training->rows + first, n);
    MgFitStep step = mg_fit_step(training->fit, training->x, training->y, (int)n);
    if (!isfinite(step.loss)) {
      g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                  _("the loss of epoch %d is not a number; a learning_rate below %s may help"), epoch + 1,
                  mg_params_text(training->params, "learning_rate"));
      return FALSE;
    }
  }
  return mg_progress_go_on(training->lesson->progress, error);
}

/* Macro F1 and mean loss of the rows held out. */
static double
validate(Training *training, double *loss)
{
  int classes = training->lesson->classes;
  g_autofree guint *confusion = g_new0(guint, classes * classes);
  g_autofree float *probabilities = g_new(float, training->batch *(size_t)classes);
  *loss = 0;
  for (size_t first = 0; first < training->n_held; first += training->batch) {
    size_t n = MIN(training->batch, training->n_held - first);
    fill_batch(training, training->held + first, n);
    mg_network_predict(training->network, training->x, n, probabilities);
    for (size_t i = 0; i < n; i++) {
      const float *p = probabilities + i * (size_t)classes;
      int predicted = mg_most_probable(p, classes);
      mg_confusion_add(confusion, classes, &training->y[i], &predicted, 1);
      *loss -= log(MAX(p[training->y[i]], 1e-30)) / (double)training->n_held;
    }
  }
  return mg_confusion_macro_f1(confusion, classes);
}

/* All weights one behind the other: into `values`, or back from there. */
static void
copy_weights(MgNetwork *network, float *values, gboolean back)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    memcpy(back ? tensor->data : values, back ? values : tensor->data, tensor->n * sizeof *values);
    values += tensor->n;
  }
  mg_network_tensors(network); /* they may have changed */
}

static void
judge_epoch(Training *training, int epoch)
{
  double loss;
  mg_fit_swap_average(training->fit);
  double f1 = validate(training, &loss);
  if (!training->best || f1 > training->best_f1 || (f1 == training->best_f1 && loss < training->best_loss)) {
    if (!training->best)
      training->best = g_new(float, mg_network_parameters_total(training->network));
    copy_weights(training->network, training->best, FALSE);
    training->best_f1 = f1;
    training->best_loss = loss;
    training->best_epoch = epoch;
  }
  mg_fit_swap_average(training->fit);
  mg_schedule_epoch(training->params, loss, &training->plateau);
}

/* Between the weights that are learned and those that answer: the best ones, or the moving averages. */
static void
show_answers(Training *training, gboolean answers)
{
  if (training->answers == answers)
    return;
  training->answers = answers;
  if (!training->best) {
    mg_fit_swap_average(training->fit);
    return;
  }
  if (!training->going)
    training->going = g_new(float, mg_network_parameters_total(training->network));
  if (answers)
    copy_weights(training->network, training->going, FALSE);
  copy_weights(training->network, answers ? training->best : training->going, TRUE);
}

static gboolean
train_epochs(Training *training, int until, GError **error)
{
  int patience = (int)mg_params_int(training->params, "early_stop");
  while (training->epoch < until && !training->over) {
    int epoch = training->epoch;
    if (!train_epoch(training, epoch, error))
      return FALSE;
    if (training->n_held > 0)
      judge_epoch(training, epoch);
    training->over = patience > 0 && training->n_held > 0 && epoch - training->best_epoch >= patience;
    training->epoch++;
    mg_progress_report(training->lesson->progress, (epoch + 1.0) / until, NULL);
  }
  training->over |= training->epoch >= (int)mg_params_int(training->params, "epochs");
  return TRUE;
}

gboolean
mg_network_training_run(MgNetworkTraining *training, const MgLesson *lesson, GError **error)
{
  int epochs = (int)mg_params_int(training->params, "epochs");
  training->lesson = lesson;
  show_answers(training, FALSE);
  gboolean good = train_epochs(training, lesson->until > 0 ? MIN(lesson->until, epochs) : epochs, error);
  show_answers(training, TRUE);
  return good;
}

gboolean
mg_network_training_is_over(const MgNetworkTraining *training)
{
  return training->over;
}

MgNetworkTraining *
mg_network_training_new(MgNetwork *network, const MgParamTable *const *tables, const MgLesson *lesson, GError **error)
{
  g_autoptr(MgNetworkTraining) training = g_new0(Training, 1);
  *training = (Training){
      .network = network,
      .params = params_of(tables, lesson),
      .lesson = lesson,
      .size = mg_shape_size(mg_network_input(network)),
      .plateau = MG_PLATEAU_START,
  };
  deal_rows(training);
  training->batch = MIN((size_t)mg_params_int(training->params, "batch_size"), lesson->x->rows);
  training->x = g_new(float, training->batch * training->size);
  training->y = g_new(int, training->batch);
  training->fit =
      mg_fit_new(network, training->params, (gint64)((training->n + training->batch - 1) / training->batch), error);
  if (!training->fit)
    return NULL;
  mg_fit_set_plateau(training->fit, &training->plateau);
  mg_fit_balance(training->fit, lesson->y, lesson->x->rows);
  return g_steal_pointer(&training);
}
