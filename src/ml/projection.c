#include "ml/projection.h"
#include "base/error.h"
#include "base/parallel.h"
#include "ml/projection-table.h"
#include <glib/gi18n-lib.h>

/* One line a projection. */
static const MgProjection *const projections[] = {
    &mg_projection_pca,
    &mg_projection_tsne,
    &mg_projection_umap,
    NULL,
};

const MgProjection *const *
mg_projections(void)
{
  return projections;
}

const MgProjection *
mg_projection_find(const char *name, GError **error)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (size_t i = 0; projections[i]; i++) {
    if (g_str_equal(projections[i]->name, name))
      return projections[i];
    g_string_append_printf(names, "%s%s", i ? ", " : "", projections[i]->name);
  }
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("there is no projection “%s”; expected one of %s"), name, names->str);
  return NULL;
}

MgParams *
mg_projection_params(const MgProjection *projection)
{
  return mg_params_new(projection->tables);
}

MgMatrix *
mg_project(const MgProjection *projection, const MgMatrix *x, const MgParams *params, guint64 seed, int threads,
           MgProgress *progress, GError **error)
{
  if (x->rows < 4) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%zu rows; at least four were expected"), x->rows);
    return NULL;
  }
  g_autoptr(MgMatrix) out = mg_matrix_new(x->rows, 2, error);
  if (!out || !projection->project(x, params, seed, threads < 1 ? mg_processors() : threads, out, progress, error))
    return NULL;
  return g_steal_pointer(&out);
}
