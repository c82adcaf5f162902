#include "nn/load-tensors.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* What wrappers put before the names of what they hold. */
static const char *const prefixes[] = {"", "module.", "model.", "backbone.", "module.model.", "encoder.", "net."};

/* How many of the network's names the file has behind the prefix. */
static guint
count_names(const GPtrArray *tensors, const MgSafetensors *file, const char *prefix)
{
  guint n = 0;
  for (guint i = 0; i < tensors->len; i++) {
    g_autofree char *name = g_strconcat(prefix, ((MgTensor *)tensors->pdata[i])->name, NULL);
    n += mg_safetensors_has(file, name);
  }
  return n;
}

static const char *
best_prefix(const GPtrArray *tensors, const MgSafetensors *file)
{
  const char *best = prefixes[0];
  guint most = 0;
  for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
    guint n = count_names(tensors, file, prefixes[i]);
    if (n > most) {
      most = n;
      best = prefixes[i];
    }
  }
  return best;
}

/* What fails halfway must not stay half read. */
static gboolean
take(MgTensor *tensor, const MgSafetensors *file, const char *name, GError **error)
{
  g_autofree float *kept = g_memdup2(tensor->data, tensor->n * sizeof *tensor->data);
  if (mg_safetensors_read_as(file, name, tensor, error))
    return TRUE;
  memcpy(tensor->data, kept, tensor->n * sizeof *kept);
  return FALSE;
}

gboolean
mg_network_load_tensors(MgNetwork *network, const MgSafetensors *file, const char *but, GPtrArray *left, GError **error)
{
  const GPtrArray *tensors = mg_network_tensors(network);
  const char *prefix = best_prefix(tensors, file);
  guint taken = 0;
  g_autoptr(GError) first = NULL;
  for (guint i = 0; i < tensors->len; i++) {
    MgTensor *tensor = tensors->pdata[i];
    g_autoptr(GError) cause = NULL;
    g_autofree char *name = g_strconcat(prefix, tensor->name, NULL);
    if ((!but || !g_str_has_prefix(tensor->name, but)) && take(tensor, file, name, &cause)) {
      taken++;
      continue;
    }
    if (g_error_matches(cause, MG_ERROR, MG_ERROR_IO)) {
      g_propagate_error(error, g_steal_pointer(&cause));
      return FALSE;
    }
    if (!first)
      first = g_steal_pointer(&cause);
    g_ptr_array_add(left, tensor->name);
  }
  if (taken > 0)
    return TRUE;
  g_set_error(
      error, MG_ERROR, MG_ERROR_DATA,
      _("%s; none of its tensors has the name and shape of one of the network's %u, expected a file of the same "
        "layers"),
      first ? first->message : _("no tensor agrees"), tensors->len);
  return FALSE;
}
