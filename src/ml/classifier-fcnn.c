#include "ml/classifier-network.h"
#include "ml/classifier-table.h"
#include "base/error.h"
#include "nn/fit.h"
#include <glib/gi18n-lib.h>

/* A fully connected network: layers of relu with dropout behind each. */
static const MgParamSpec specs[] = {
    {.name = "hidden",
     .type = MG_PARAM_TEXT,
     .default_value = "256,128",
     .help = N_("Values of each hidden layer, with commas between: 300,30")},
    {.name = "dropout",
     .type = MG_PARAM_FLOAT,
     .default_value = "0.5",
     .min = 0,
     .max = 0.99,
     .help = N_("Probability that a value of a hidden layer is zeroed while training")},
};
static const MgParamTable table = MG_PARAM_TABLE("fcnn", N_("Fully connected network"), specs);
static const MgParamTable *const tables[] = {&table, MG_NETWORK_CLASSIFIER_TABLES};

enum { MOST_LAYERS = 16, MOST_VALUES = 16384 };

static gboolean
refuse_hidden(const char *text, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_USAGE,
              _("hidden “%s”: 1 to %d numbers from 1 to %d with commas between were expected"), text, MOST_LAYERS,
              MOST_VALUES);
  mg_error_one_line(error);
  return FALSE;
}

static gboolean
describe(GString *description, const MgParams *params, GError **error)
{
  const char *hidden = mg_params_text(params, "hidden");
  char dropout[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_dtostr(dropout, sizeof dropout, mg_params_float(params, "dropout"));
  g_auto(GStrv) sizes = g_strsplit(hidden, ",", -1);
  guint n = g_strv_length(sizes);
  if (n < 1 || n > MOST_LAYERS)
    return refuse_hidden(hidden, error);
  g_string_append(description, "{\"name\": \"fcnn\", \"layers\": [");
  for (guint i = 0; i < n; i++) {
    guint64 size;
    if (!g_ascii_string_to_unsigned(g_strstrip(sizes[i]), 10, 1, MOST_VALUES, &size, NULL))
      return refuse_hidden(hidden, error);
    g_string_append_printf(
        description,
        "{\"type\": \"linear\", \"name\": \"hidden%u\", \"out_features\": %u}, {\"type\": \"relu\"}, "
        "{\"type\": \"dropout\", \"p\": %s}, ",
        i + 1, (guint)size, dropout);
  }
  g_string_append(description, "{\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}]}");
  return TRUE;
}

static gboolean
fit(MgClassifier *classifier, const MgLesson *lesson, GError **error)
{
  g_autoptr(GString) description = g_string_new(NULL);
  MgShape input = {(int)classifier->features, 1, 1};
  return describe(description, lesson->params, error) &&
         mg_network_classifier_fit((MgNetworkClassifier *)classifier, description->str, input, lesson, error);
}

const MgClassifierClass mg_classifier_fcnn = {
    .name = "fcnn",
    .title = N_("Fully connected network"),
    .tables = tables,
    .fit = fit,
    MG_NETWORK_CLASSIFIER_CLASS,
};
