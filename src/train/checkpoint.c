#include "train/checkpoint.h"
#include "base/error.h"
#include "nn/safetensors.h"
#include <glib/gi18n-lib.h>
#include <stddef.h>

/* Counters travel in the provenance, one text each; 17 digits bring a double back exactly. */
typedef enum { INT, LONG, DOUBLE } Type;
static const struct {
  const char *key;
  Type type;
  size_t offset;
} fields[] = {
    {"state.epoch", INT, offsetof(MgTrainState, epoch)},
    {"state.step", LONG, offsetof(MgTrainState, step)},
    {"state.correct", INT, offsetof(MgTrainState, correct)},
    {"state.seen", INT, offsetof(MgTrainState, seen)},
    {"state.best_f1", DOUBLE, offsetof(MgTrainState, best_f1)},
    {"state.best_loss", DOUBLE, offsetof(MgTrainState, best_loss)},
    {"state.best_epoch", INT, offsetof(MgTrainState, best_epoch)},
    {"state.lowest_loss", DOUBLE, offsetof(MgTrainState, lowest_loss)},
    {"state.lowest_epoch", INT, offsetof(MgTrainState, lowest_epoch)},
    {"state.plateau_best", DOUBLE, offsetof(MgTrainState, plateau.best)},
    {"state.plateau_bad_epochs", INT, offsetof(MgTrainState, plateau.bad_epochs)},
    {"state.plateau_factor", DOUBLE, offsetof(MgTrainState, plateau.factor)},
    {"state.metrics_length", LONG, offsetof(MgTrainState, metrics_length)},
    {"state.seconds", DOUBLE, offsetof(MgTrainState, seconds)},
};

static double
get_field(const MgTrainState *state, size_t i)
{
  const char *at = (const char *)state + fields[i].offset;
  if (fields[i].type == INT)
    return *(const int *)(const void *)at;
  return fields[i].type == LONG ? (double)*(const gint64 *)(const void *)at : *(const double *)(const void *)at;
}

static void
set_field(MgTrainState *state, size_t i, double value)
{
  char *at = (char *)state + fields[i].offset;
  if (fields[i].type == INT)
    *(int *)(void *)at = (int)value;
  else if (fields[i].type == LONG)
    *(gint64 *)(void *)at = (gint64)value;
  else
    *(double *)(void *)at = value;
}

MgFileWriter *
mg_checkpoint_write(const char *path, MgModel *model, MgFit *fit, const MgTrainState *state, GError **error)
{
  g_autoptr(GPtrArray) kept = mg_fit_state(fit);
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    mg_model_set_provenance(model, fields[i].key, g_ascii_dtostr(text, sizeof text, get_field(state, i)));
  mg_fit_swap_average(fit);
  MgFileWriter *writer = mg_model_write(model, path, kept, error);
  mg_fit_swap_average(fit);
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    g_hash_table_remove(model->provenance, fields[i].key);
  return writer;
}

gboolean
mg_checkpoint_state(const MgModel *model, const char *path, MgTrainState *state, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
    const char *text = g_hash_table_lookup(model->provenance, fields[i].key);
    if (!text) {
      g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: not a checkpoint to go on from: it has no “%s”"), path,
                  fields[i].key);
      return FALSE;
    }
    set_field(state, i, g_ascii_strtod(text, NULL));
  }
  return TRUE;
}

gboolean
mg_checkpoint_fit(const char *path, MgFit *fit, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, error);
  g_autoptr(GPtrArray) state = mg_fit_state(fit);
  for (guint i = 0; file && i < state->len; i++)
    if (!mg_safetensors_read(file, state->pdata[i], error))
      return FALSE;
  if (file)
    mg_fit_swap_average(fit);
  return file != NULL;
}
