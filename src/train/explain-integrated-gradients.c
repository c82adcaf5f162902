/* Integrated gradients (Sundararajan, Taly, Yan, 2017): the way from a picture that stands for nothing to the segment's
 * is gone in steps, and each place is credited with its gradient along the way times its own change. The credits sum to
 * the change of the output; steps are doubled until they do. */
#include "train/explain-method.h"
#include <glib/gi18n-lib.h>
#include <math.h>

enum { TOGETHER = 4, FIRST_STEPS = 16 }; /* pictures in one pass: every layer's output is kept */

static const MgParamSpec specs[] = {
    {.name = "tolerance",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.008",
     .min = 1e-4,
     .max = 1,
     .help = N_("How far the sum may be off, as a share of the change of the output")},
    {.name = "steps",
     .type = MG_PARAM_INT,
     .default_value = "1024",
     .min = FIRST_STEPS,
     .max = 65536,
     .help = N_("The most steps along the way")},
};
static const MgParamTable table = MG_PARAM_TABLE("integrated-gradients", N_("Integrated gradients"), specs);

typedef struct {
  const MgExplainJob *job;
  const float *from, *to;
  size_t n;
  float *x, *dx; /* TOGETHER pictures */
  double *sums;  /* of the gradients so far */
} Way;

/* Adds the gradients at the middles of steps first … first + count - 1 of `steps`. */
static void
go(Way *way, int first, int count, int steps)
{
  for (int k = 0; k < count; k++) {
    float share = (float)((first + k + 0.5) / steps), *x = way->x + k * way->n;
    for (size_t i = 0; i < way->n; i++)
      x[i] = way->from[i] + share * (way->to[i] - way->from[i]);
  }
  mg_explain_trace(way->job, way->x, count, NULL, way->dx);
  for (int k = 0; k < count; k++)
    for (size_t i = 0; i < way->n; i++)
      way->sums[i] += way->dx[k * way->n + i];
}

/* The credits into the map; returns how far their sum is off `change`, as a share of it. Where credits nearly cancel,
 * a hundredth of them all takes its place: float32 has no more digits. */
static double
take_credits(const Way *way, int steps, double change, MgMatrix *map)
{
  double sum = 0, sizes = 0;
  for (size_t i = 0; i < way->n; i++) {
    double credit = way->sums[i] / steps * (way->to[i] - way->from[i]);
    map->data[i] = (float)credit;
    sum += credit;
    sizes += fabs(credit);
  }
  return fabs(sum - change) / MAX(MAX(fabs(change), sizes / 100), G_MINDOUBLE);
}

/* Rounds double: what has been gone already, of all that may come. */
static gboolean
go_round(Way *way, int steps, int most, MgProgress *progress, GError **error)
{
  for (size_t i = 0; i < way->n; i++)
    way->sums[i] = 0;
  for (int first = 0; first < steps; first += TOGETHER) {
    if (!mg_progress_go_on(progress, error))
      return FALSE;
    go(way, first, MIN(TOGETHER, steps - first), steps);
    mg_progress_report(progress, (steps - FIRST_STEPS + first) / (2.0 * most), NULL);
  }
  return TRUE;
}

static gboolean
integrate(Way *way, MgMatrix *map, GError **error)
{
  const MgExplainJob *job = way->job;
  double ends[2], tolerance = mg_params_float(job->params, "tolerance");
  int most = (int)mg_params_int(job->params, "steps");
  mg_explain_trace(job, way->from, 1, &ends[0], NULL);
  mg_explain_trace(job, way->to, 1, &ends[1], NULL);
  double change = ends[1] - ends[0], off = INFINITY;
  for (int steps = FIRST_STEPS; steps <= most && off > tolerance; steps *= 2) {
    if (!go_round(way, steps, most, job->progress, error))
      return FALSE;
    off = take_credits(way, steps, change, map);
    if (job->partial)
      job->partial(map, job->data);
  }
  mg_progress_report(job->progress, 1, NULL);
  return TRUE;
}

static gboolean
explain(const MgExplainJob *job, MgMatrix *map, GError **error)
{
  size_t n = map->rows * map->cols;
  g_autofree float *nothing = mg_explain_nothing(job);
  g_autofree float *x = g_new(float, TOGETHER *n), *dx = g_new(float, TOGETHER *n);
  g_autofree double *sums = g_new(double, n);
  Way way = {job, nothing, job->seen->x->data, n, x, dx, sums};
  return integrate(&way, map, error);
}

static const MgParamTable *const tables[] = {&mg_explain_output_params, &mg_explain_nothing_params, &table, NULL};

const MgExplainMethod mg_explain_integrated_gradients = {
    .name = "integrated-gradients",
    .title = N_("Integrated gradients"),
    .help = N_("How much of the output each place has brought since silence; all places sum to it"),
    .tables = tables,
    .explain = explain,
};
