#include "train/trainer-private.h"
#include "train/batch-feed.h"
#include "train/run-confusion.h"
#include "base/error.h"
#include "ml/metrics.h"
#include "nn/finite.h"
#include "nn/loss.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

static const gint64 checkpoint_interval = 60 * G_USEC_PER_SEC;
static const size_t validation_batch = 16;

/* What only this stretch of the training knows. */
typedef struct {
  MgTrainer *trainer;
  MgBatchFeed *feed;
  gint64 started, steps_at_start, examples; /* of this process */
  double seconds_at_start;
  gint64 last_checkpoint, last_flush; /* monotonic microseconds */
  double loss;
} Loop;

static void
fail_not_finite(const MgTrainer *trainer, const char *what, gint64 step, const char *layer, const char *of_layer,
                GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_DATA,
              _("%s: %s at step %" PRId64 " is not a number: the first value that is none is in the %s%s%s; a "
                "lower learning_rate than %s, or clip_norm=1, may help; the last checkpoint is kept"),
              mg_run_dir_path(trainer->dir), what, step, of_layer, *layer ? _(" of layer ") : "", layer,
              mg_params_text(trainer->params, "learning_rate"));
}

/* A step may give a number and leave weights that are none: they never replace a good checkpoint. */
static gboolean
weights_are_finite(const MgTrainer *trainer, GError **error)
{
  const char *layer = mg_network_bad_layer(trainer->model->network);
  if (layer)
    fail_not_finite(trainer, _("a weight"), trainer->state.step, layer, _("weights"), error);
  return !layer;
}

static MgFileWriter *
write_best(MgTrainer *trainer, const char *path, GError **error)
{
  mg_fit_swap_average(trainer->fit);
  MgFileWriter *writer = mg_model_write(trainer->model, path, NULL, error);
  mg_fit_swap_average(trainer->fit);
  return writer;
}

static gboolean
add_writer(GPtrArray *writers, MgFileWriter *writer)
{
  if (writer)
    g_ptr_array_add(writers, writer);
  return writer != NULL;
}

gboolean
mg_trainer_checkpoint_wait(MgTrainer *trainer, GError **error)
{
  return mg_files_wait(g_steal_pointer(&trainer->checkpoint), error);
}

gboolean
mg_trainer_checkpoint(MgTrainer *trainer, gboolean best, GError **error)
{
  g_autofree char *epoch = g_strdup_printf("%d", trainer->state.epoch);
  g_autofree char *best_path = mg_run_dir_file(trainer->dir, "checkpoints/best.safetensors");
  g_autofree char *last_path = mg_run_dir_file(trainer->dir, "checkpoints/last.safetensors");
  mg_model_set_provenance(trainer->model, "epoch", epoch);
  trainer->state.metrics_length = mg_metrics_length(mg_run_dir_path(trainer->dir));
  trainer->kept_step = trainer->state.step;
  if (!mg_ranks_leads(trainer->ranks))
    return TRUE;
  g_autoptr(GPtrArray) writers = g_ptr_array_new_with_free_func((GDestroyNotify)mg_file_writer_free);
  /* Best first: a run that is killed in between does this epoch again, and with it the best one. */
  if (!mg_trainer_checkpoint_wait(trainer, error) || !weights_are_finite(trainer, error) ||
      (best && !add_writer(writers, write_best(trainer, best_path, error))) ||
      !add_writer(writers, mg_checkpoint_write(last_path, trainer->model, trainer->fit, &trainer->state, error)))
    return FALSE;
  trainer->checkpoint = mg_files_finish_later(g_steal_pointer(&writers));
  return TRUE;
}

/* metrics.csv and TensorBoard together. */
static gboolean
record(Loop *loop, const MgMetric *metrics, size_t n, gboolean flush, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  if (!mg_ranks_leads(trainer->ranks))
    return TRUE;
  if (!mg_metrics_append(mg_run_dir_path(trainer->dir), metrics, n, error))
    return FALSE;
  for (size_t i = 0; i < n; i++) {
    g_autofree char *tag = g_strdup_printf("%s/%s", metrics[i].split, metrics[i].name);
    mg_events_scalar(trainer->events, tag, metrics[i].step, (float)metrics[i].value);
  }
  gint64 now = g_get_monotonic_time();
  if (!flush && now - loop->last_flush < G_USEC_PER_SEC)
    return TRUE;
  loop->last_flush = now;
  return mg_events_flush(trainer->events, error);
}

static gboolean
tell(Loop *loop, gboolean now, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  MgRunStatus *status = &trainer->status;
  gint64 steps = trainer->epochs * trainer->steps_per_epoch, step = trainer->state.step;
  double elapsed = (g_get_monotonic_time() - loop->started) / 1e6;
  gint64 done = step - loop->steps_at_start;
  trainer->state.seconds = loop->seconds_at_start + elapsed;
  status->epoch = trainer->state.epoch;
  status->epochs = trainer->epochs;
  status->step = step;
  status->steps = steps;
  status->seconds = trainer->state.seconds;
  status->seconds_left = done > 0 ? elapsed / done * (steps - step) : -1;
  status->examples_per_second = elapsed > 0 ? loop->examples / elapsed : 0;
  g_autofree char *what = g_strdup_printf(_("epoch %d of %d, loss %.4f"),
                                          MIN(trainer->state.epoch + 1, trainer->epochs), trainer->epochs, loop->loss);
  mg_progress_report(trainer->progress, step / (double)MAX(steps, 1), what);
  return mg_run_dir_set_status(trainer->dir, status, now, error);
}

/* What mg_network_non_finite() calls it, in the user's language. */
static const char *
place_name(const char *where)
{
  return g_str_equal(where, "weights") ? _("weights") : g_str_equal(where, "input") ? _("input") : _("output");
}

static gboolean
check_loss(const MgTrainer *trainer, const char *what, double loss, const float *x, int n, gboolean training,
           GError **error)
{
  if (isfinite(loss))
    return TRUE;
  const char *where, *layer;
  MgRng rng = mg_rng_new(0);
  mg_network_set_sharing(trainer->model->network, &(MgSharing){0}); /* each looks by itself */
  layer = mg_network_non_finite(trainer->model->network, x, n, training, &rng, &where);
  fail_not_finite(trainer, what, trainer->state.step + (training ? 1 : 0), layer ? layer : "",
                  layer ? place_name(where) : _("sum of the losses"), error);
  return FALSE;
}

static gboolean
train_step(Loop *loop, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  const MgTrainBatch *made = mg_batch_feed_next(loop->feed);
  gboolean mixed = mg_params_lists(trainer->params, "augment", "mixup");
  MgFitBatch batch = {made->x,     made->labels, mixed ? made->others : NULL, mixed ? made->shares : NULL, made->n,
                      made->first, made->whole};
  MgFitStep step = mg_fit_step_mixed(trainer->fit, &batch);
  if (!mg_ranks_check(trainer->ranks, error))
    return FALSE;
  if (!check_loss(trainer, _("the loss"), step.loss, batch.x, batch.n, TRUE, error))
    return FALSE;
  trainer->state.step++;
  trainer->state.correct += step.correct;
  trainer->state.seen += batch.whole;
  loop->examples += batch.whole;
  loop->loss = step.loss;
  int epoch = trainer->state.epoch + 1;
  MgMetric metrics[] = {mg_metric(epoch, trainer->state.step, "train", "loss", step.loss),
                        mg_metric(epoch, trainer->state.step, "train", "learning_rate", step.learning_rate)};
  return record(loop, metrics, G_N_ELEMENTS(metrics), FALSE, error);
}

/* Loss and confusion matrix over this rank's part of the validation segments. */
static gboolean
validate_part(Loop *loop, guint *matrix, double *loss, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  const MgTrainSide *side = &trainer->val;
  size_t n = side->segments->len, size = mg_shape_size(mg_network_input(trainer->model->network));
  int classes = (int)trainer->model->labels->len;
  g_autofree float *x = g_new(float, size *validation_batch);
  g_autofree float *probabilities = g_new(float, classes *validation_batch);
  size_t rank = (size_t)mg_ranks_rank(trainer->ranks), ranks = (size_t)mg_ranks_size(trainer->ranks);
  *loss = 0;
  for (size_t first = rank * validation_batch; first < n; first += ranks * validation_batch) {
    size_t count = MIN(validation_batch, n - first);
    if (!mg_progress_go_on(trainer->progress, error))
      return FALSE;
    for (size_t i = 0; i < count; i++)
      mg_model_normalise(trainer->model, mg_pictures_get(side->pictures, first + i), size, x + i * size);
    const float *logits = mg_network_forward(trainer->model->network, x, (int)count, FALSE, NULL);
    double part = mg_cross_entropy(logits, side->labels + first, (int)count, classes, probabilities, NULL);
    if (!check_loss(trainer, _("the validation loss"), part, x, (int)count, FALSE, error))
      return FALSE;
    *loss += part * count;
    for (size_t i = 0; i < count; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++)
        if (logits[i * classes + c] > logits[i * classes + best])
          best = c;
      mg_confusion_add(matrix, classes, &side->labels[first + i], &best, 1);
    }
  }
  return TRUE;
}

/* Over all of them, by all ranks. */
static gboolean
validate(Loop *loop, guint *matrix, double *loss, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  size_t cells = (size_t)trainer->model->labels->len * trainer->model->labels->len;
  g_autofree double *totals = g_new(double, cells + 1);
  gboolean good = validate_part(loop, matrix, loss, error);
  if (trainer->ranks && !mg_ranks_agree(trainer->ranks, good, NULL, error))
    return FALSE;
  for (size_t i = 0; i < cells; i++)
    totals[i] = matrix[i];
  totals[cells] = *loss;
  mg_ranks_sum(trainer->ranks, totals, cells + 1);
  for (size_t i = 0; i < cells; i++)
    matrix[i] = (guint)totals[i];
  *loss = totals[cells] / trainer->val.segments->len;
  return good && mg_ranks_check(trainer->ranks, error);
}

static void
add_metric(GArray *metrics, const MgTrainer *trainer, const char *split, const char *name, double value)
{
  MgMetric metric = mg_metric(trainer->state.epoch + 1, trainer->state.step, split, name, value);
  g_array_append_val(metrics, metric);
}

static void
add_recalls(GArray *metrics, const MgTrainer *trainer, const guint *matrix, int classes)
{
  for (int label = 0; label < classes; label++) {
    double recall = mg_confusion_recall(matrix, classes, label);
    g_autofree char *name = g_strdup_printf("recall:%s", (const char *)trainer->model->labels->pdata[label]);
    if (!isnan(recall))
      add_metric(metrics, trainer, "val", name, recall);
  }
}

/* Validates and closes the epoch: its metrics, whether it is the best one, the checkpoint. */
static gboolean
finish_epoch(Loop *loop, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  MgTrainState *state = &trainer->state;
  int classes = (int)trainer->model->labels->len;
  g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(MgMetric));
  g_autofree guint *matrix = g_new0(guint, classes * classes);
  gboolean has_validation = trainer->val.segments->len > 0;
  double loss = NAN, accuracy = state->correct / (double)MAX(state->seen, 1), f1 = NAN, val_accuracy = NAN;
  add_metric(metrics, trainer, "train", "accuracy", accuracy);
  if (has_validation) {
    mg_fit_swap_average(trainer->fit);
    gboolean good = validate(loop, matrix, &loss, error);
    mg_fit_swap_average(trainer->fit);
    if (!good)
      return FALSE;
    f1 = mg_confusion_macro_f1(matrix, classes);
    val_accuracy = mg_confusion_accuracy(matrix, classes);
    add_metric(metrics, trainer, "val", "loss", loss);
    add_metric(metrics, trainer, "val", "accuracy", val_accuracy);
    add_metric(metrics, trainer, "val", "f1_macro", f1);
    add_recalls(metrics, trainer, matrix, classes);
    if (mg_ranks_leads(trainer->ranks) &&
        !mg_run_confusion_save(mg_run_dir_path(trainer->dir), state->epoch + 1, trainer->model->labels, matrix, error))
      return FALSE;
  }
  if (!record(loop, (MgMetric *)(void *)metrics->data, metrics->len, TRUE, error))
    return FALSE;
  gboolean best = !has_validation || f1 > state->best_f1 || (f1 == state->best_f1 && loss < state->best_loss);
  state->epoch++;
  state->correct = state->seen = 0;
  if (best) {
    state->best_f1 = has_validation ? f1 : -1;
    state->best_loss = has_validation ? loss : 0;
    state->best_epoch = state->epoch;
  }
  if (loss < state->lowest_loss) {
    state->lowest_loss = loss;
    state->lowest_epoch = state->epoch;
  }
  if (has_validation)
    mg_schedule_epoch(trainer->params, loss, &state->plateau);
  mg_run_dir_log(trainer->dir, "epoch %d: train loss %.4f accuracy %.4f; validation loss %.4f accuracy %.4f F1 %.4f%s",
                 state->epoch, loop->loss, accuracy, loss, val_accuracy, f1, best && has_validation ? " (best)" : "");
  loop->last_checkpoint = g_get_monotonic_time();
  return mg_trainer_checkpoint(trainer, best, error) && tell(loop, FALSE, error);
}

static gboolean
checkpoint_if_due(Loop *loop, GError **error)
{
  gint64 now = g_get_monotonic_time();
  if (now - loop->last_checkpoint < checkpoint_interval)
    return TRUE;
  loop->last_checkpoint = now;
  return mg_trainer_checkpoint(loop->trainer, FALSE, error);
}

static gboolean
train_epoch(Loop *loop, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  gint64 batch = trainer->state.step - trainer->state.epoch * trainer->steps_per_epoch;
  for (; batch < trainer->steps_per_epoch; batch++) {
    if (!mg_ranks_agree(trainer->ranks, TRUE, trainer->progress, error))
      return FALSE;
    gboolean good = train_step(loop, error) && tell(loop, FALSE, error) && checkpoint_if_due(loop, error);
    if (!good)
      return mg_ranks_agree(trainer->ranks, FALSE, NULL, error);
  }
  return finish_epoch(loop, error);
}

static gboolean
should_stop_early(const MgTrainer *trainer)
{
  gint64 patience = mg_params_int(trainer->params, "early_stop");
  gboolean by_loss = g_str_equal(mg_params_text(trainer->params, "early_stop_on"), "loss");
  int since = by_loss ? trainer->state.lowest_epoch : trainer->state.best_epoch;
  return patience > 0 && trainer->state.epoch - since >= patience;
}

static gboolean
train_epochs(Loop *loop, GError **error)
{
  MgTrainer *trainer = loop->trainer;
  while (trainer->state.epoch < trainer->epochs) {
    if (should_stop_early(trainer)) {
      mg_run_dir_log(trainer->dir, "ended early: epoch %d stays the best one", trainer->state.best_epoch);
      return TRUE;
    }
    trainer->waits = trainer->until > 0 && trainer->state.epoch >= trainer->until;
    if (trainer->waits)
      return TRUE;
    if (!train_epoch(loop, error))
      return FALSE;
  }
  return TRUE;
}

/* A user's stop keeps the very step; a failure leaves the last checkpoint as it is. */
static void
keep_where_stopped(Loop *loop, GError *failure)
{
  g_autoptr(GError) error = NULL;
  if (!g_error_matches(failure, MG_ERROR, MG_ERROR_CANCELLED) || !mg_ranks_leads(loop->trainer->ranks))
    return;
  mg_run_dir_log(loop->trainer->dir, "stopped at step %" G_GINT64_FORMAT, loop->trainer->state.step);
  if (!mg_trainer_checkpoint(loop->trainer, FALSE, &error) || !mg_trainer_checkpoint_wait(loop->trainer, &error) ||
      !mg_events_flush(loop->trainer->events, &error))
    mg_run_dir_log(loop->trainer->dir, "no checkpoint of this step: %s", error->message);
}

gboolean
mg_trainer_loop(MgTrainer *trainer, GError **error)
{
  gint64 now = g_get_monotonic_time();
  Loop loop = {.trainer = trainer,
               .started = now,
               .last_checkpoint = now,
               .last_flush = now,
               .steps_at_start = trainer->state.step,
               .seconds_at_start = trainer->state.seconds};
  loop.feed = mg_batch_feed_new(&trainer->train, trainer->model, trainer->params, trainer->state.step,
                                trainer->steps_per_epoch, trainer->ranks);
  g_autoptr(GError) failure = NULL;
  gboolean good = tell(&loop, TRUE, &failure) && train_epochs(&loop, &failure);
  if (!good)
    keep_where_stopped(&loop, failure);
  if (good)
    good = mg_trainer_checkpoint_wait(trainer, &failure);
  tell(&loop, FALSE, NULL);
  mg_batch_feed_free(loop.feed);
  if (!good)
    g_propagate_error(error, g_steal_pointer(&failure));
  else
    mg_run_dir_log(trainer->dir, "%s after %d epochs; best epoch %d", trainer->waits ? "stopped" : "finished",
                   trainer->state.epoch, trainer->state.best_epoch);
  return good;
}
