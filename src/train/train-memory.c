#include "train/train-memory.h"
#include "base/error.h"
#include "base/memory.h"
#include <glib/gi18n-lib.h>

static const guint64 program = (guint64)64 << 20; /* libraries, stacks, buffers of OpenBLAS: measured 55 MB */

MgTrainMemory
mg_train_memory(const MgModel *model, const MgParams *params, size_t segments)
{
  int batch = (int)MIN((size_t)mg_params_int(params, "batch_size"), MAX(segments, 1));
  guint64 picture = mg_shape_size(mg_network_input(model->network)) * sizeof(float);
  MgTrainMemory memory = {.network = mg_network_memory_estimate(model->network, batch, TRUE),
                          .batches = picture * (batch + 1) * (mg_params_int(params, "prefetch") + 1),
                          .program = program,
                          .pictures = picture * segments};
  if (mg_params_float(params, "ema") > 0)
    memory.network += mg_network_parameters_total(model->network) * sizeof(float);
  memory.total = memory.network + memory.batches + memory.program;
  return memory;
}

#define MEGABYTES(bytes) ((double)(bytes) / 1e6)

char *
mg_train_memory_text(const MgTrainMemory *memory)
{
  return g_strdup_printf(_("about %.0f MB (network %.1f, batches %.1f) beside pictures of %.1f MB in the cache"),
                         MEGABYTES(memory->total), MEGABYTES(memory->network), MEGABYTES(memory->batches),
                         MEGABYTES(memory->pictures));
}

gboolean
mg_train_memory_check(const MgTrainMemory *memory, const MgParams *params, const char *run, GError **error)
{
  guint64 available = mg_memory_available();
  if (memory->total <= available)
    return TRUE;
  g_autofree char *text = mg_train_memory_text(memory);
  g_set_error(
      error, MG_ERROR, MG_ERROR_LIMIT,
      _("%s: not enough memory: the training needs %s, but %.0f MB are free; a batch_size below %s or a smaller "
        "network may help"),
      run, text, MEGABYTES(available), mg_params_text(params, "batch_size"));
  return FALSE;
}
