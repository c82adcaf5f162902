/* Grad-CAM (Selvaraju et al., 2017): a layer's maps, each weighted by the mean of the output's gradient over it; what
 * is above 0 of their sum, spread over the picture. */
#include "train/explain-method.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {.name = "layer",
     .type = MG_PARAM_TEXT,
     .default_value = "auto",
     .automatic = N_("the last with the size of the last convolution's maps"),
     .help = N_("Layer whose maps are weighted")},
};
static const MgParamTable table = MG_PARAM_TABLE("grad-cam", N_("Grad-CAM"), specs);

static gboolean
same_shape(MgShape a, MgShape b)
{
  return a.channels == b.channels && a.height == b.height && a.width == b.width;
}

/* The last layer whose output has the size of the last convolution's: behind its normalisation, sum and activation. */
static gboolean
find_last(const MgNetwork *network, size_t *found, GError **error)
{
  size_t n = mg_network_n_layers(network), last = n;
  for (size_t i = 0; i < n; i++)
    if (g_str_equal(mg_network_layer(network, i).type, "conv2d"))
      last = i;
  if (last == n) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("grad-cam: the network has no convolution; expected another method: integrated-gradients, occlusion "
                  "or gradient"));
    return FALSE;
  }
  for (size_t i = last; i < n; i++)
    if (same_shape(mg_network_layer(network, i).output, mg_network_layer(network, last).output))
      *found = i;
  return TRUE;
}

/* Whether a layer's maps lie as the picture does: nothing on the way to it turned rows and columns. */
static gboolean
lies_like_picture(const MgNetwork *network, size_t number)
{
  MgLayerInfo layer = mg_network_layer(network, number);
  gboolean good = !g_str_equal(layer.type, "transpose") && !g_str_equal(layer.type, "flatten");
  for (int k = 0; good && k < layer.n_inputs; k++)
    good = layer.from[k] < 0 || lies_like_picture(network, (size_t)layer.from[k]);
  return good;
}

static gboolean
gives_map(const MgNetwork *network, size_t number)
{
  MgShape output = mg_network_layer(network, number).output;
  return output.height * output.width > 1 && lies_like_picture(network, number);
}

static gboolean
fits(const MgNetwork *network)
{
  size_t last;
  return find_last(network, &last, NULL) && gives_map(network, last);
}

static gboolean
find_layer(const MgExplainJob *job, size_t *found, GError **error)
{
  const MgNetwork *network = job->seen->model->network;
  gboolean any = mg_params_is_auto(job->params, "layer");
  if (any ? !find_last(network, found, error)
          : !mg_network_find_layer(network, mg_params_text(job->params, "layer"), found, error))
    return FALSE;
  if (gives_map(network, *found))
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("layer=%s: expected one whose output is a map over time"),
              mg_network_layer(network, *found).name);
  return FALSE;
}

/* Σ weight · map, what is above 0 of it. */
static void
sum_maps(MgShape shape, const float *maps, const float *gradient, float *sum)
{
  size_t area = (size_t)shape.height * shape.width;
  for (int c = 0; c < shape.channels; c++) {
    double weight = 0;
    for (size_t i = 0; i < area; i++)
      weight += gradient[c * area + i];
    for (size_t i = 0; i < area; i++)
      sum[i] += (float)(weight / (double)area) * maps[c * area + i];
  }
  for (size_t i = 0; i < area; i++)
    sum[i] = MAX(sum[i], 0);
}

/* Where place i of n lies among `cells` that span the same length: the cell before it, and how far to the next. */
static size_t
find_cell(size_t i, size_t n, int cells, float *share)
{
  float at = CLAMP(((float)i + 0.5f) * cells / n - 0.5f, 0, cells - 1);
  size_t cell = MIN((size_t)at, (size_t)MAX(cells - 2, 0));
  *share = at - cell;
  return cell;
}

/* Bilinear between the middles of the cells. */
static void
spread(MgShape shape, const float *cells, MgMatrix *map)
{
  for (size_t r = 0; r < map->rows; r++)
    for (size_t c = 0; c < map->cols; c++) {
      float down, right;
      size_t y = find_cell(r, map->rows, shape.height, &down), x = find_cell(c, map->cols, shape.width, &right);
      const float *upper = cells + y * shape.width, *lower = cells + MIN(y + 1, (size_t)shape.height - 1) * shape.width;
      size_t next = MIN(x + 1, (size_t)shape.width - 1);
      mg_matrix_row(map, r)[c] = (1 - down) * ((1 - right) * upper[x] + right * upper[next]) +
                                 down * ((1 - right) * lower[x] + right * lower[next]);
    }
}

static gboolean
explain(const MgExplainJob *job, MgMatrix *map, GError **error)
{
  MgNetwork *network = job->seen->model->network;
  size_t number;
  if (!mg_progress_go_on(job->progress, error) || !find_layer(job, &number, error))
    return FALSE;
  MgShape shape = mg_network_layer(network, number).output;
  g_autofree float *sum = g_new0(float, (size_t)shape.height *shape.width);
  mg_network_keep(network, TRUE);
  mg_explain_trace(job, job->seen->x->data, 1, NULL, NULL);
  mg_network_keep(network, FALSE);
  sum_maps(shape, mg_network_activation(network, number), mg_network_gradient(network, number), sum);
  spread(shape, sum, map);
  mg_progress_report(job->progress, 1, NULL);
  return TRUE;
}

static const MgParamTable *const tables[] = {&mg_explain_output_params, &table, NULL};

const MgExplainMethod mg_explain_grad_cam = {
    .name = "grad-cam",
    .title = N_("Grad-CAM"),
    .help = N_("Where the last convolution found what speaks for the class; coarse, and quick"),
    .tables = tables,
    .fits = fits,
    .explain = explain,
};
