/* What convolution and pooling share: a window that moves over a picture, and its keys in a description. */
#pragma once
#include "nn/compute.h"
#include "nn/layer.h"
#include <glib/gi18n-lib.h>

typedef struct {
  MgSize kernel, stride, padding;
  gboolean ceil_mode; /* a last window that begins inside the picture counts though it goes beyond */
} MgWindow;

#define MG_WINDOW_SPEC(key, value, least, otherwise, text)                                                             \
  {                                                                                                                    \
    .name = key, .type = MG_PARAM_INT, .default_value = value, .min = least, .max = 4096, .automatic = otherwise,      \
    .help = text                                                                                                       \
  }
/* The keys of a table that mg_window_read() reads. `stride_otherwise`: what a stride of "auto" means. */
#define MG_WINDOW_SPECS(kernel, stride, stride_otherwise)                                                              \
  MG_WINDOW_SPEC("kernel_size", kernel, 1, NULL, N_("Height and width of the window")),                                \
      MG_WINDOW_SPEC("kernel_height", "auto", 1, "kernel_size", N_("Height of the window")),                           \
      MG_WINDOW_SPEC("kernel_width", "auto", 1, "kernel_size", N_("Width of the window")),                             \
      MG_WINDOW_SPEC("stride", stride, 1, stride_otherwise, N_("Step of the window")),                                 \
      MG_WINDOW_SPEC("stride_height", "auto", 1, "stride", N_("Step of the window downwards")),                        \
      MG_WINDOW_SPEC("stride_width", "auto", 1, "stride", N_("Step of the window to the right")),                      \
      MG_WINDOW_SPEC("padding", "0", 0, NULL, N_("Border around the picture")),                                        \
      MG_WINDOW_SPEC("padding_height", "auto", 0, "padding", N_("Border above and below the picture")),                \
      MG_WINDOW_SPEC("padding_width", "auto", 0, "padding", N_("Border left and right of the picture"))
/* Pooling has one key more. */
#define MG_POOL_SPECS                                                                                                  \
  MG_WINDOW_SPECS("2", "auto", N_("the window's size")),                                                               \
  {                                                                                                                    \
    .name = "ceil_mode", .type = MG_PARAM_BOOL, .default_value = "false",                                              \
    .help = N_("Keep windows that go beyond the picture")                                                              \
  }

/* Sets the window and the output's height and width; FALSE where the picture is smaller than the window. */
gboolean mg_window_read(MgWindow *window, const MgParams *params, MgShape input, MgShape *output, GError **error);
/* The same for pooling: the border may be half a window at most, as a window needs a value in it. */
gboolean mg_window_read_pool(MgWindow *window, const MgParams *params, MgShape input, MgShape *output, GError **error);
/* Whether height and width are the same, and these. */
gboolean mg_window_is_square(const MgWindow *window, int kernel, int stride, int padding);
