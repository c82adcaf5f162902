#include "ml/classifier-network.h"
#include "ml/classifier-sequence.h"
#include "ml/classifier-table.h"
#include "nn/fit.h"
#include <glib/gi18n-lib.h>

/* Two convolutions over the steps of a row, whose columns are the channels, their mean over time, and one linear layer:
 * models/fma-cnn.json, for rows. */
static const MgParamSpec specs[] = {
    {.name = "out_channels",
     .type = MG_PARAM_INT,
     .default_value = "64",
     .min = 1,
     .max = 4096,
     .help = N_("Channels that each convolution gives")},
    {.name = "kernel_size",
     .type = MG_PARAM_INT,
     .default_value = "3",
     .min = 1,
     .max = 99,
     .help = N_("Steps that a convolution sees at once")},
    {.name = "output_dropout",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.3",
     .min = 0,
     .max = 0.99,
     .help = N_("Probability that a value that is classified is zeroed while training")},
};
static const MgParamTable table = MG_PARAM_TABLE("cnn", N_("Convolutional network"), specs);
static const MgParamTable *const tables[] = {&table, &mg_sequence_params, MG_NETWORK_CLASSIFIER_TABLES};

enum { CONVOLUTIONS = 2 };

static char *
describe(const MgParams *params)
{
  int kernel = (int)mg_params_int(params, "kernel_size");
  char dropout[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_dtostr(dropout, sizeof dropout, mg_params_float(params, "output_dropout"));
  GString *text = g_string_new("{\"name\": \"cnn\", \"layers\": [{\"type\": \"transpose\"}, "
                               "{\"type\": \"rows-to-channels\"}, ");
  for (int i = 1; i <= CONVOLUTIONS; i++)
    g_string_append_printf(text,
                           "{\"type\": \"conv2d\", \"name\": \"conv%d\", \"out_channels\": %s, \"kernel_size\": 1, "
                           "\"kernel_width\": %d, \"padding_width\": %d}, {\"type\": \"relu\"}, ",
                           i, mg_params_text(params, "out_channels"), kernel, kernel / 2);
  g_string_append_printf(text,
                         "{\"type\": \"mean-over-time\"}, {\"type\": \"dropout\", \"p\": %s}, {\"type\": \"linear\", "
                         "\"name\": \"logits\", \"out_features\": \"classes\"}]}",
                         dropout);
  return g_string_free(text, FALSE);
}

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  g_autofree char *description = describe(lesson->params);
  MgShape input;
  return mg_sequence_shape(classifier, lesson->params, &input, error) &&
         mg_network_classifier_fit((MgNetworkClassifier *)classifier, description, input, lesson, error);
}

const MgClassifierClass mg_classifier_cnn = {
    .name = "cnn",
    .title = N_("Convolutional network"),
    .tables = tables,
    .fit = fit,
    MG_NETWORK_CLASSIFIER_CLASS,
};
