/* Saliency (Simonyan, Vedaldi, Zisserman, 2014): how much the output changes with each place, |d output / d x|. */
#include "train/explain-method.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
explain(const MgExplainJob *job, MgMatrix *map, GError **error)
{
  if (!mg_progress_go_on(job->progress, error))
    return FALSE;
  mg_explain_trace(job, job->seen->x->data, 1, NULL, map->data);
  for (size_t i = 0; i < map->rows * map->cols; i++)
    map->data[i] = fabsf(map->data[i]);
  mg_progress_report(job->progress, 1, NULL);
  return TRUE;
}

static const MgParamTable *const tables[] = {&mg_explain_output_params, NULL};

const MgExplainMethod mg_explain_gradient = {
    .name = "gradient",
    .title = N_("Gradient"),
    .help = N_("Where a small change of the picture changes the output most, whichever way"),
    .tables = tables,
    .explain = explain,
};
