#include "train/trainer-private.h"
#include "train/run-config.h"
#include "train/run-split.h"
#include "train/batch-feed.h"
#include "train/train-memory.h"
#include "train/transfer.h"
#include "base/error.h"
#include "dataset/augment.h"
#include "dataset/front-end.h"
#include "dataset/split.h"
#include "nn/description.h"
#include "config.h"
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static const MgParamSpec specs[] = {
    {.name = "early_stop",
     .type = MG_PARAM_INT,
     .default_value = "0",
     .min = 0,
     .max = 100000,
     .help = N_("Epochs without a better validation result after which training ends; 0 trains to the end")},
    {.name = "early_stop_on",
     .type = MG_PARAM_CHOICE,
     .default_value = "f1",
     .choices = "f1|loss",
     .help = N_("Result that early_stop watches: macro F1 or loss of the validation segments")},
    {.name = "model_parameters",
     .type = MG_PARAM_TEXT,
     .default_value = "",
     .help = N_("The network's own parameters, with blanks between: hidden=64 layers=1")},
};
static const MgParamTable train_params = MG_PARAM_TABLE("train", N_("Stopping"), specs);

const MgParamTable *const *
mg_train_tables(void)
{
  static const MgParamTable *tables[64];
  static gsize ready;
  if (g_once_init_enter(&ready)) {
    const MgParamTable *const others[] = {
        &mg_split_params,    &mg_fit_params, &mg_batch_feed_params, &mg_optimizer_params,
        &mg_schedule_params, &train_params,  &mg_transfer_params,   NULL};
    const MgParamTable *const *const lists[] = {others, mg_augment_tables(), mg_front_end_tables()};
    size_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
      for (const MgParamTable *const *table = lists[i]; *table; table++)
        tables[n++] = *table;
    g_assert(n < G_N_ELEMENTS(tables));
    g_once_init_leave(&ready, 1);
  }
  return tables;
}

static void
trainer_clear(MgTrainer *trainer)
{
  mg_trainer_checkpoint_wait(trainer, NULL);
  mg_events_free(trainer->events);
  mg_fit_free(trainer->fit);
  mg_model_free(trainer->model);
  mg_train_side_clear(&trainer->train);
  mg_train_side_clear(&trainer->val);
  mg_manifest_free(trainer->manifest);
  mg_params_free(trainer->params);
  mg_run_dir_free(trainer->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgTrainer, trainer_clear)

/* A new run */

/* The network's description with the parameters that were asked for; `path` is where it comes from. */
static char *
read_description(const MgTrainer *trainer, const char *model, char **path, GError **error)
{
  g_autofree char *text = mg_description_read(model, path, error);
  return text ? mg_description_with(text, *path, mg_params_text(trainer->params, "model_parameters"), error) : NULL;
}

static gboolean
start_from(MgTrainer *trainer, GError **error)
{
  const char *init = mg_params_text(trainer->params, "init");
  if (!*init)
    return TRUE;
  g_autofree char *path = mg_model_find(init, error), *note = NULL;
  if (!path || !mg_transfer_init(trainer->model, path, &trainer->normalised, &note, error))
    return FALSE;
  mg_model_set_provenance(trainer->model, "init", path);
  mg_run_dir_log(trainer->dir, "%s", note);
  return TRUE;
}

static gboolean
freeze(MgTrainer *trainer, GError **error)
{
  const char *layer = mg_params_text(trainer->params, "freeze");
  return !*layer || mg_network_freeze(trainer->model->network, layer, error);
}

static gboolean
make_model(MgTrainer *trainer, const char *description, const char *path, GError **error)
{
  guint64 seed = mg_params_int(trainer->params, "seed");
  trainer->model = mg_model_new(description, path, trainer->params, trainer->manifest->labels, seed, error);
  return trainer->model && start_from(trainer, error) && freeze(trainer, error);
}

static void
log_lines(MgRunDir *dir, const char *kind, const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    mg_run_dir_log(dir, "%s: %s", kind, (const char *)lines->pdata[i]);
}

static void
note_provenance(MgTrainer *trainer, const MgTrainJob *job)
{
  g_autofree char *dataset = g_canonicalize_filename(job->dataset, NULL);
  mg_model_set_provenance(trainer->model, "dataset", dataset);
  mg_model_set_provenance(trainer->model, "model", job->model);
  mg_model_set_provenance(trainer->model, "run", mg_run_dir_path(trainer->dir));
  mg_model_set_provenance(trainer->model, "seed", mg_params_text(trainer->params, "seed"));
  mg_model_set_provenance(trainer->model, "split", mg_params_text(trainer->params, "split"));
  mg_model_set_provenance(trainer->model, "leaky", trainer->leaky ? "true" : "false");
  mg_model_set_provenance(trainer->model, "trained_with", "melograph " MG_VERSION);
}

/* schedule=on-plateau and early_stop need validation segments. */
static gboolean
has_what_is_watched(const MgTrainer *trainer, const GArray *segments, GError **error)
{
  const char *wants = g_str_equal(mg_params_text(trainer->params, "schedule"), "on-plateau") ? "schedule=on-plateau"
                      : mg_params_int(trainer->params, "early_stop") > 0                     ? "early_stop"
                                                                                             : NULL;
  gboolean good = !wants;
  for (guint i = 0; i < segments->len && !good; i++)
    good = g_array_index(segments, MgSegment, i).split == MG_SPLIT_VAL;
  if (!good)
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                _("%s: %s watches the validation segments, and split=%s leaves none; expected a split with some"),
                trainer->manifest->path, wants, mg_params_text(trainer->params, "split"));
  return good;
}

static gboolean
can_begin(const MgTrainer *trainer, GError **error)
{
  g_autoptr(GArray) segments = mg_train_segments(trainer->manifest, trainer->params);
  MgTrainMemory memory = mg_train_memory(trainer->model, trainer->params, segments->len);
  if (!has_what_is_watched(trainer, segments, error) ||
      !mg_train_memory_check(&memory, trainer->params, mg_run_dir_path(trainer->dir), error))
    return FALSE;
  g_autofree char *text = mg_train_memory_text(&memory);
  mg_run_dir_log(trainer->dir, "memory: %s", text);
  return TRUE;
}

/* Everything that can be wrong with the job is found out before config.ini is written, so that a mistyped command
 * leaves nothing behind. */
static gboolean
begin(MgTrainer *trainer, const MgTrainJob *job, GError **error)
{
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
  trainer->params = mg_params_copy(job->params);
  trainer->leaky = mg_split_is_leaky(trainer->params);
  g_autofree char *path = NULL, *description = read_description(trainer, job->model, &path, error);
  if (!description || !mg_augment_fits(trainer->params, mg_front_end_gives_decibels(trainer->params), error))
    return FALSE;
  trainer->manifest = mg_manifest_open(job->dataset, &job->import, trainer->progress, error);
  if (!trainer->manifest || !mg_split_apply(trainer->manifest, trainer->params, warnings, error) ||
      !make_model(trainer, description, path, error) || !can_begin(trainer, error))
    return FALSE;
  const char *folder = mg_run_dir_path(trainer->dir);
  if (!mg_run_split_save(folder, trainer->manifest, trainer->leaky, error) ||
      !mg_run_config_save(folder, job, trainer->manifest->labels, error))
    return FALSE;
  note_provenance(trainer, job);
  mg_run_dir_log(trainer->dir, "melograph %s trains %s on %s", MG_VERSION, job->model, job->dataset);
  log_lines(trainer->dir, "data set", trainer->manifest->problems);
  log_lines(trainer->dir, "split", warnings);
  if (trainer->leaky)
    mg_run_dir_log(trainer->dir, "split: leaky: segments of one track are on both sides, so figures pretend");
  return TRUE;
}

/* Takes away what mg_run_dir_create() made, where nothing else is in it. */
static void
discard_folder(const MgRunDir *dir)
{
  g_autofree char *checkpoints = mg_run_dir_file(dir, "checkpoints");
  g_autofree char *split = mg_run_dir_file(dir, "split.csv");
  g_autofree char *log = mg_run_dir_file(dir, "log.txt");
  unlink(split);
  unlink(log);
  rmdir(checkpoints);
  rmdir(mg_run_dir_path(dir));
}

/* Going on with one */

static gboolean
refuse_other(const char *what, const char *wanted, const char *run, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s “%s” is not what the run to resume was begun with: “%s”"), what,
              wanted, run ? run : "");
  return FALSE;
}

static gboolean
agree(const char *what, const char *wanted, const char *run, GError **error)
{
  return !wanted || g_strcmp0(wanted, run) == 0 || refuse_other(what, wanted, run, error);
}

static gboolean
params_agree(const MgParams *wanted, const MgParams *run, GError **error)
{
  for (const MgParamTable *const *table = mg_params_tables(run); wanted && *table; table++)
    for (size_t i = 0; i < (*table)->n; i++) {
      const char *name = (*table)->specs[i].name;
      if (!g_str_equal(name, "threads") && !agree(name, mg_params_text(wanted, name), mg_params_text(run, name), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
job_agrees(const MgTrainJob *job, const MgRunConfig *config, GError **error)
{
  g_autofree char *dataset = job->dataset ? g_canonicalize_filename(job->dataset, NULL) : NULL;
  return agree("--dataset", dataset, config->dataset, error) && agree("--model", job->model, config->model, error) &&
         agree("--label-from", job->import.label_from, config->label_from, error) &&
         agree("--group-from", job->import.group_from, config->group_from, error) &&
         agree("--fold-from", job->import.fold_from, config->fold_from, error) &&
         params_agree(job->params, config->params, error);
}

static gboolean
load_checkpoint(MgTrainer *trainer, const char *path, GError **error)
{
  trainer->model = mg_model_load(path, error);
  if (!trainer->model || !mg_checkpoint_state(trainer->model, path, &trainer->state, error) || !freeze(trainer, error))
    return FALSE;
  const char *folder = mg_run_dir_path(trainer->dir);
  return !mg_ranks_leads(trainer->ranks) || mg_metrics_cut(folder, trainer->state.metrics_length, error);
}

/* Stopped before the first checkpoint: from the start, on the tracks that split.csv names. */
static gboolean
start_over(MgTrainer *trainer, const MgRunConfig *config, GError **error)
{
  MgTrainJob job = {.dataset = config->dataset, .model = config->model};
  g_autofree char *path = NULL, *description = read_description(trainer, config->model, &path, error);
  if (!description || !make_model(trainer, description, path, error))
    return FALSE;
  note_provenance(trainer, &job);
  g_autofree char *metrics = mg_run_dir_file(trainer->dir, "metrics.csv");
  if (mg_ranks_leads(trainer->ranks))
    unlink(metrics);
  return TRUE;
}

static gboolean
take_up(MgTrainer *trainer, const MgTrainJob *job, GError **error)
{
  const char *folder = mg_run_dir_path(trainer->dir);
  g_autoptr(MgRunConfig) config = mg_run_config_load_network(folder, error);
  if (!config || !job_agrees(job, config, error))
    return FALSE;
  trainer->params = mg_params_copy(config->params);
  if (job->params)
    mg_params_set(trainer->params, "threads", mg_params_text(job->params, "threads"), NULL);
  trainer->leaky = config->leaky;
  trainer->manifest = mg_run_split_load(folder, (const char *const *)config->labels, error);
  if (!trainer->manifest)
    return FALSE;
  g_autofree char *last = mg_run_dir_file(trainer->dir, "checkpoints/last.safetensors");
  gboolean has_checkpoint = g_file_test(last, G_FILE_TEST_EXISTS);
  if (!(has_checkpoint ? load_checkpoint(trainer, last, error) : start_over(trainer, config, error)))
    return FALSE;
  if (!can_begin(trainer, error))
    return FALSE;
  trainer->kept_step = trainer->state.step;
  mg_run_dir_log(trainer->dir, "resumed at step %" G_GINT64_FORMAT ", ranks: %d", trainer->state.step,
                 mg_ranks_size(trainer->ranks));
  return TRUE;
}

/* Both */

static gboolean
load_side(MgTrainer *trainer, MgTrainSide *side, const GArray *segments, MgSplit split, GError **error)
{
  return mg_train_side_load(side, trainer->manifest, segments, split, trainer->params, trainer->progress, error);
}

static int
classes_among(const MgTrainSide *side, guint classes)
{
  g_autofree gboolean *seen = g_new0(gboolean, classes);
  int n = 0;
  for (guint i = 0; i < side->segments->len; i++) {
    n += !seen[side->labels[i]];
    seen[side->labels[i]] = TRUE;
  }
  return n;
}

/* Every rank makes the pictures of its part of the tracks; where they share a cache, that is all of them. */
static gboolean
load_part(MgTrainer *trainer, const GArray *segments, GError **error)
{
  static const MgSplit sides[] = {MG_SPLIT_TRAIN, MG_SPLIT_VAL};
  guint32 rank = (guint32)mg_ranks_rank(trainer->ranks), ranks = (guint32)mg_ranks_size(trainer->ranks);
  g_autoptr(GArray) part = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < segments->len; i++)
    if (g_array_index(segments, MgSegment, i).track % ranks == rank)
      g_array_append_val(part, g_array_index(segments, MgSegment, i));
  gboolean good = TRUE;
  for (size_t i = 0; ranks > 1 && i < G_N_ELEMENTS(sides); i++) {
    MgTrainSide side = {0};
    good = good && load_side(trainer, &side, part, sides[i], error);
    mg_train_side_clear(&side);
  }
  return mg_ranks_agree(trainer->ranks, good, trainer->progress, error);
}

/* Every rank needs a segment of every batch, or some would have nothing to do. */
static gboolean
can_be_parted(const MgTrainer *trainer, GError **error)
{
  gint64 n = trainer->train.segments->len, batch = mg_params_int(trainer->params, "batch_size");
  gint64 steps = (n + batch - 1) / batch, ranks = mg_ranks_size(trainer->ranks);
  if (n / steps >= ranks)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("batch_size=%" PRId64 ": batches of %" PRId64 " segments for %" PRId64
                " ranks; expected one for each at least"),
              batch, n / steps, ranks);
  return FALSE;
}

static gboolean
load_data(MgTrainer *trainer, GError **error)
{
  g_autoptr(GArray) segments = mg_train_segments(trainer->manifest, trainer->params);
  if (!load_part(trainer, segments, error) || !load_side(trainer, &trainer->train, segments, MG_SPLIT_TRAIN, error) ||
      !load_side(trainer, &trainer->val, segments, MG_SPLIT_VAL, error))
    return FALSE;
  int classes = classes_among(&trainer->train, trainer->manifest->labels->len);
  if (classes < 2) {
    g_autofree char *count =
        g_strdup_printf(ngettext("%u training segment", "%u training segments", trainer->train.segments->len),
                        trainer->train.segments->len);
    g_autofree char *of_classes = g_strdup_printf(ngettext("%d class", "%d classes", (gulong)classes), classes);
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: %s of %s; at least two classes were expected"),
                trainer->manifest->path, count, of_classes);
    return FALSE;
  }
  if (!can_be_parted(trainer, error))
    return FALSE;
  mg_run_dir_log(trainer->dir, "%u training and %u validation segments, %u classes", trainer->train.segments->len,
                 trainer->val.segments->len, trainer->manifest->labels->len);
  return TRUE;
}

/* Rank 0 looks at all pictures, for all. */
static void
measure(MgTrainer *trainer)
{
  MgModel *model = trainer->model;
  if (mg_ranks_leads(trainer->ranks))
    mg_train_side_measure(&trainer->train, model);
  mg_ranks_share(trainer->ranks, model->means, model->scales * sizeof *model->means);
  mg_ranks_share(trainer->ranks, model->deviations, model->scales * sizeof *model->deviations);
}

/* The optimizer, its state, the event file and, in a new run, the normalisation and the first checkpoint. */
static gboolean
get_ready(MgTrainer *trainer, gboolean fresh, GError **error)
{
  gint64 batch = mg_params_int(trainer->params, "batch_size"), n = trainer->train.segments->len;
  trainer->steps_per_epoch = (n + batch - 1) / batch;
  trainer->fit = mg_fit_new(trainer->model->network, trainer->params, trainer->steps_per_epoch, error);
  g_autofree char *last = mg_run_dir_file(trainer->dir, "checkpoints/last.safetensors");
  gboolean good = trainer->fit && (fresh || mg_checkpoint_fit(last, trainer->fit, error));
  if (!mg_ranks_agree(trainer->ranks, good, trainer->progress, error)) /* they make common memory next */
    return FALSE;
  mg_fit_balance(trainer->fit, trainer->train.labels, n);
  mg_fit_set_plateau(trainer->fit, &trainer->state.plateau);
  mg_fit_set_steps_done(trainer->fit, trainer->state.step);
  mg_fit_set_ranks(trainer->fit, trainer->ranks);
  trainer->events =
      mg_ranks_leads(trainer->ranks) ? mg_events_new(mg_run_dir_path(trainer->dir), trainer->state.step, error) : NULL;
  if (!mg_ranks_agree(trainer->ranks, trainer->events || !mg_ranks_leads(trainer->ranks), trainer->progress, error))
    return FALSE;
  if (!fresh)
    return TRUE;
  if (!trainer->normalised)
    measure(trainer);
  trainer->state = (MgTrainState){.best_f1 = -1, .lowest_loss = G_MAXDOUBLE, .plateau = MG_PLATEAU_START};
  return mg_trainer_checkpoint(trainer, FALSE, error);
}

static gboolean
set_state(MgTrainer *trainer, MgRunState state, const char *message, GError **error)
{
  trainer->status.state = state;
  g_strlcpy(trainer->status.message, message, sizeof trainer->status.message);
  return mg_run_dir_set_status(trainer->dir, &trainer->status, TRUE, error);
}

/* The last status of a run that did not come to its end. Nothing more can be done where even that cannot be written. */
static void
set_failure(MgTrainer *trainer, const GError *failure)
{
  gboolean stopped = g_error_matches(failure, MG_ERROR, MG_ERROR_CANCELLED);
  g_autoptr(GError) error = NULL;
  if (!stopped)
    mg_run_dir_log(trainer->dir, "failed: %s", failure->message);
  if (!set_state(trainer, stopped ? MG_RUN_STOPPED : MG_RUN_FAILED, stopped ? "" : failure->message, &error))
    g_debug("%s", error->message);
}

static gboolean
run(MgTrainer *trainer, GError **error)
{
  gboolean fresh = trainer->state.best_epoch == 0 && trainer->state.step == 0 && trainer->state.metrics_length == 0;
  trainer->epochs = (int)mg_params_int(trainer->params, "epochs");
  trainer->status = (MgRunStatus){.pid = getpid(), .epochs = trainer->epochs, .seconds_left = -1};
  return set_state(trainer, MG_RUN_PREPARING, _("computing pictures"), error) && load_data(trainer, error) &&
         get_ready(trainer, fresh, error) && set_state(trainer, MG_RUN_RUNNING, "", error) &&
         mg_trainer_loop(trainer, error) &&
         set_state(trainer, trainer->waits ? MG_RUN_STOPPED : MG_RUN_FINISHED, "", error);
}

static gboolean
is_finished(const char *folder)
{
  MgRunStatus status;
  return mg_run_status_read(folder, &status, NULL) && status.state == MG_RUN_FINISHED;
}

/* What rank 0 has begun, the others take up. */
static gboolean
follow(MgTrainer *trainer, const MgTrainJob *job, GError **error)
{
  MgTrainJob begun = {.run = job->run, .resume = TRUE, .ranks = job->ranks};
  trainer->dir = mg_run_dir_follow(job->run);
  return mg_ranks_agree(trainer->ranks, TRUE, NULL, error) && take_up(trainer, &begun, error);
}

static gboolean
prepare(MgTrainer *trainer, const MgTrainJob *job, GError **error)
{
  trainer->dir = job->resume ? mg_run_dir_reopen(job->run, error) : mg_run_dir_create(job->run, error);
  if (!trainer->dir)
    return FALSE;
  if (job->resume)
    return take_up(trainer, job, error);
  gboolean good = begin(trainer, job, error);
  if (!good)
    discard_folder(trainer->dir);
  return good;
}

/* Rank 0 goes ahead, and the others see the folder as it leaves it. */
static gboolean
prepare_all(MgTrainer *trainer, const MgTrainJob *job, GError **error)
{
  if (!trainer->ranks)
    return prepare(trainer, job, error);
  gboolean good;
  if (mg_ranks_leads(trainer->ranks))
    good = mg_ranks_agree(trainer->ranks, prepare(trainer, job, error), NULL, error);
  else
    good = follow(trainer, job, error);
  return mg_ranks_agree(trainer->ranks, good, NULL, error);
}

/* Where a rank is gone: what is left to go on from. */
static void
explain_loss(const MgTrainer *trainer, GError **failure)
{
  g_autoptr(GError) loss = NULL;
  if (mg_ranks_check(trainer->ranks, &loss))
    return;
  g_clear_error(failure);
  g_set_error(failure, MG_ERROR, MG_ERROR_DATA,
              _("%s: %s, after step %" PRId64 "; --resume goes on from the checkpoint of step %" PRId64),
              mg_run_dir_path(trainer->dir), loss->message, trainer->state.step, trainer->kept_step);
}

/* A run must find its files again from another folder. */
static MgParams *
with_absolute_paths(const MgParams *params)
{
  if (!params)
    return NULL;
  MgParams *own = mg_params_copy(params);
  const char *init = mg_params_text(own, "init");
  if (g_file_test(init, G_FILE_TEST_EXISTS)) {
    g_autofree char *absolute = g_canonicalize_filename(init, NULL);
    mg_params_set(own, "init", absolute, NULL);
  }
  return own;
}

gboolean
mg_train(const MgTrainJob *job, MgProgress *progress, GError **error)
{
  g_auto(MgTrainer) trainer = {.progress = progress, .ranks = job->ranks, .until = job->until};
  g_autoptr(MgParams) params = with_absolute_paths(job->params);
  MgTrainJob own = *job;
  own.params = params;
  if (job->resume && is_finished(job->run))
    return TRUE;
  if (!prepare_all(&trainer, &own, error))
    return FALSE;
  GError *failure = NULL;
  if (mg_ranks_agree(trainer.ranks, run(&trainer, &failure), NULL, &failure))
    return TRUE;
  explain_loss(&trainer, &failure);
  set_failure(&trainer, failure);
  g_propagate_error(error, failure);
  return FALSE;
}
