#include "ml/classifier-network.h"
#include "ml/classifier-sequence.h"
#include "ml/classifier-table.h"
#include "nn/fit.h"
#include <glib/gi18n-lib.h>

/* An LSTM that reads a row from left to right. Parameters are called as those of models/lstm.json. */
static const MgParamSpec specs[] = {
    {.name = "hidden",
     .type = MG_PARAM_INT,
     .default_value = "64",
     .min = 1,
     .max = 4096,
     .help = N_("Values of the hidden state")},
    {.name = "layers",
     .type = MG_PARAM_INT,
     .default_value = "1",
     .min = 1,
     .max = 16,
     .help = N_("Recurrent layers, one over another")},
    {.name = "bidirectional",
     .type = MG_PARAM_BOOL,
     .default_value = "true",
     .help = N_("Read the sequence from its end as well")},
    {.name = "output",
     .type = MG_PARAM_CHOICE,
     .default_value = "last",
     .choices = "last|mean",
     .help = N_("What is classified: the state after each direction's last step, or the mean over the steps")},
    {.name = "dropout",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.1",
     .min = 0,
     .max = 0.99,
     .help = N_("Probability that a value between the layers is zeroed while training")},
    {.name = "output_dropout",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.3",
     .min = 0,
     .max = 0.99,
     .help = N_("The same for what is classified")},
};
static const MgParamTable table = MG_PARAM_TABLE("lstm", N_("LSTM"), specs);
static const MgParamTable *const tables[] = {&table, &mg_sequence_params, MG_NETWORK_CLASSIFIER_TABLES};

static char *
describe(const MgParams *params)
{
  char dropout[G_ASCII_DTOSTR_BUF_SIZE], output_dropout[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_dtostr(dropout, sizeof dropout, mg_params_float(params, "dropout"));
  g_ascii_dtostr(output_dropout, sizeof output_dropout, mg_params_float(params, "output_dropout"));
  return g_strdup_printf("{\"name\": \"lstm\", \"layers\": [{\"type\": \"transpose\"}, {\"type\": \"lstm\", \"name\": "
                         "\"lstm\", \"hidden_size\": %s, \"num_layers\": %s, \"bidirectional\": %s, \"dropout\": %s, "
                         "\"output\": \"%s\"}, {\"type\": \"dropout\", \"p\": %s}, {\"type\": \"linear\", \"name\": "
                         "\"logits\", \"out_features\": \"classes\"}]}",
                         mg_params_text(params, "hidden"), mg_params_text(params, "layers"),
                         mg_params_text(params, "bidirectional"), dropout, mg_params_text(params, "output"),
                         output_dropout);
}

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  g_autofree char *description = describe(lesson->params);
  MgShape input;
  return mg_sequence_shape(classifier, lesson->params, &input, error) &&
         mg_network_classifier_fit((MgNetworkClassifier *)classifier, description, input, lesson, error);
}

const MgClassifierClass mg_classifier_lstm = {
    .name = "lstm",
    .title = N_("LSTM"),
    .tables = tables,
    .fit = fit,
    MG_NETWORK_CLASSIFIER_CLASS,
};
