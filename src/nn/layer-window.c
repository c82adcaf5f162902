#include "nn/layer-window.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

/* The whole number of the key for one direction, or of the key for both, or `otherwise`. */
static int
one_of(const MgParams *params, const char *own, const char *both, int otherwise)
{
  return mg_params_int_or(params, own, mg_params_int_or(params, both, otherwise));
}

/* Places of a window along a side: PyTorch's rule, by which the last window begins inside the picture or its border
 * before. */
static int
count_places(int side, int kernel, int stride, int padding, gboolean ceil_mode)
{
  int way = side + 2 * padding - kernel + (ceil_mode ? stride - 1 : 0);
  int places = way < 0 ? 0 : way / stride + 1;
  return ceil_mode && (places - 1) * stride >= side + padding ? places - 1 : places;
}

gboolean
mg_window_read(MgWindow *window, const MgParams *params, MgShape input, MgShape *output, GError **error)
{
  MgSize kernel = {one_of(params, "kernel_height", "kernel_size", 1), one_of(params, "kernel_width", "kernel_size", 1)};
  MgSize stride = {one_of(params, "stride_height", "stride", kernel.height),
                   one_of(params, "stride_width", "stride", kernel.width)};
  MgSize padding = {one_of(params, "padding_height", "padding", 0), one_of(params, "padding_width", "padding", 0)};
  gboolean ceil_mode = mg_params_has(params, "ceil_mode") && mg_params_bool(params, "ceil_mode");
  *window = (MgWindow){kernel, stride, padding, ceil_mode};
  output->height = count_places(input.height, kernel.height, stride.height, padding.height, ceil_mode);
  output->width = count_places(input.width, kernel.width, stride.width, padding.width, ceil_mode);
  if (output->height < 1 || output->width < 1) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
                _("the input of %d x %d with padding %d x %d is smaller than the window of %d x %d"), input.height,
                input.width, padding.height, padding.width, kernel.height, kernel.width);
    return FALSE;
  }
  return TRUE;
}

gboolean
mg_window_read_pool(MgWindow *window, const MgParams *params, MgShape input, MgShape *output, GError **error)
{
  if (!mg_window_read(window, params, input, output, error))
    return FALSE;
  if (2 * window->padding.height <= window->kernel.height && 2 * window->padding.width <= window->kernel.width)
    return TRUE;
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("padding %d x %d is more than half of the window's %d x %d"),
              window->padding.height, window->padding.width, window->kernel.height, window->kernel.width);
  return FALSE;
}

gboolean
mg_window_is_square(const MgWindow *window, int kernel, int stride, int padding)
{
  return window->kernel.height == kernel && window->kernel.width == kernel && window->stride.height == stride &&
         window->stride.width == stride && window->padding.height == padding && window->padding.width == padding;
}
