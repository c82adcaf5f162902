#include "ml/search-table.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* Every combination once; the last parameter changes fastest. */
static gboolean
check(const MgSpace *space, GError **error)
{
  for (guint i = 0; i < space->params->len; i++) {
    const MgSpaceParam *param = mg_space_param(space, i);
    if (mg_space_count(param) > 0)
      continue;
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("%s: %s: a range without steps; a grid needs “values”, “step” or “integer”"), space->name,
                param->name);
    return FALSE;
  }
  return TRUE;
}

/* The first combination of the parameters from `first` on. */
static void
start(const MgSpace *space, guint first, double *values)
{
  for (guint i = first; i < space->params->len; i++) {
    values[i] = NAN;
    if (mg_space_counts(space, i, values))
      values[i] = mg_space_step_value(mg_space_param(space, i), 0);
  }
}

/* Counts one parameter up; FALSE where it has its last value, or does not count. */
static gboolean
advance(const MgSpaceParam *param, double *value)
{
  guint64 n = mg_space_count(param);
  if (isnan(*value))
    return FALSE;
  double at = param->values ? *value : floor((*value - param->low) / (param->step > 0 ? param->step : 1) + 0.5);
  if (at + 1 >= (double)n)
    return FALSE;
  *value = mg_space_step_value(param, (guint64)at + 1);
  return TRUE;
}

static gboolean
propose(const MgSearch *search, MgRng *rng, double *values)
{
  const MgSpace *space = search->space;
  if (search->trials->len == 0) {
    start(space, 0, values);
    return TRUE;
  }
  const double *before = mg_search_trial(search, search->trials->len - 1)->values;
  for (guint i = 0; i < space->params->len; i++)
    values[i] = before[i];
  for (guint i = space->params->len; i-- > 0;)
    if (advance(mg_space_param(space, i), &values[i])) {
      start(space, i + 1, values);
      return TRUE;
    }
  return FALSE;
}

const MgSampler mg_sampler_grid = {.name = "grid", .check = check, .propose = propose};
