/* torch.nn.LSTM over the width of a picture: (C, H, W) is a sequence of W steps with C · H features. */
#include "nn/layer-recurrent.h"
#include <glib/gi18n-lib.h>

static const MgParamTable table = MG_PARAM_TABLE("lstm", N_("LSTM"), mg_recurrent_specs);

static gboolean
shape(MgLayer *layer, const MgParams *params, GError **error)
{
  return mg_recurrent_layer_shape(layer, &mg_cell_lstm, params, error);
}

const MgLayerClass mg_layer_lstm = {
    .type = "lstm",
    .params = &table,
    .size = sizeof(MgRecurrentLayer),
    .shape = shape,
    .weights = mg_recurrent_layer_weights,
    .create = mg_recurrent_layer_create,
    .forward = mg_recurrent_layer_forward,
    .backward = mg_recurrent_layer_backward,
    .spares_x = TRUE,
    .spares_y = TRUE,
};
