#include "ml/pca.h"
#include "ml/projection-table.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const MgParamTable *const tables[] = {NULL};

static gboolean
project(const MgMatrix *x, const MgParams *params, guint64 seed, int threads, MgMatrix *out, MgProgress *progress,
        GError **error)
{
  g_autoptr(MgMatrix) scores = mg_pca(x, 2, seed);
  memcpy(out->data, scores->data, out->rows * 2 * sizeof(float));
  return mg_progress_go_on(progress, error);
}

const MgProjection mg_projection_pca = {
    .name = "pca", .title = N_("Principal components"), .tables = tables, .project = project};
