#include "ml/classifier-sequence.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {.name = "sequence_length",
     .type = MG_PARAM_INT,
     .default_value = "auto",
     .automatic = N_("a step for every 16 columns"),
     .min = 1,
     .max = 100000,
     .help = N_("Steps that a row is read in, each of equally many neighbouring columns")},
};
const MgParamTable mg_sequence_params = MG_PARAM_TABLE("sequence", N_("Sequence"), specs);

enum { COLUMNS_A_STEP = 16 };

gboolean
mg_sequence_shape(const MgClassifier *classifier, const MgParams *params, MgShape *input, GError **error)
{
  int features = (int)classifier->features;
  int steps = (int)mg_params_int_or(params, "sequence_length", (features + COLUMNS_A_STEP - 1) / COLUMNS_A_STEP);
  if (steps > features) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("sequence_length %d: a row has %d columns; expected 1 to %d"), steps,
                features, features);
    return FALSE;
  }
  *input = (MgShape){1, steps, (features + steps - 1) / steps};
  return TRUE;
}
