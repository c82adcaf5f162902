#include "train/transfer.h"
#include "base/error.h"
#include "base/plural.h"
#include "nn/load-tensors.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const MgParamSpec specs[] = {
    {.name = "init",
     .type = MG_PARAM_TEXT,
     .default_value = "",
     .help = N_("A .safetensors file, or the name of a model that comes with the program, whose weights the training "
                "starts from; empty: at random")},
    {.name = "freeze",
     .type = MG_PARAM_TEXT,
     .default_value = "",
     .help = N_("Layer up to which, itself included, nothing is learned; empty: all layers learn")},
};
const MgParamTable mg_transfer_params = MG_PARAM_TABLE("transfer", N_("Transfer"), specs);

/* The tensors of the last layer that has some: "NAME.". */
static char *
head_prefix(const MgNetwork *network)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  const char *name = ((MgTensor *)tensors->pdata[tensors->len - 1])->name;
  return g_strndup(name, strrchr(name, '.') + 1 - name);
}

static gboolean
same_labels(const MgModel *a, const MgModel *b)
{
  gboolean same = a->labels->len == b->labels->len;
  for (guint i = 0; same && i < a->labels->len; i++)
    same = g_str_equal(a->labels->pdata[i], b->labels->pdata[i]);
  return same;
}

static gboolean
take_normalisation(MgModel *model, const MgModel *from)
{
  g_autofree char *here = mg_params_key(model->front_end, NULL), *there = mg_params_key(from->front_end, NULL);
  if (!g_str_equal(here, there) || model->scales != from->scales)
    return FALSE;
  memcpy(model->means, from->means, model->scales * sizeof *model->means);
  memcpy(model->deviations, from->deviations, model->scales * sizeof *model->deviations);
  return TRUE;
}

gboolean
mg_transfer_init(MgModel *model, const char *path, gboolean *normalised, char **note, GError **error)
{
  g_autoptr(MgSafetensors) file = mg_safetensors_load(path, error);
  if (!file)
    return FALSE;
  g_autoptr(MgModel) from = mg_safetensors_metadata(file, "network") ? mg_model_load(path, NULL) : NULL;
  g_autofree char *head = from && !same_labels(model, from) ? head_prefix(model->network) : NULL;
  g_autoptr(GPtrArray) left = g_ptr_array_new();
  if (!mg_network_load_tensors(model->network, file, head, left, error))
    return FALSE;
  guint taken = mg_network_tensors(model->network)->len - left->len;
  *normalised = from && take_normalisation(model, from);
  g_ptr_array_add(left, NULL);
  g_autofree char *names = g_strjoinv(", ", (char **)left->pdata);
  *note = g_strdup_printf("init: %u tensor%s from %s%s%s", taken, mg_plural(taken), path, *names ? "; at random: " : "",
                          names);
  return TRUE;
}
