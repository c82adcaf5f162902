#include "cli/feature-picture.h"
#include "dsp/decibel.h"
#include "plot/export.h"
#include "plot/figure.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {"colormap", MG_PARAM_CHOICE, "magma", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours of a picture")},
    {"scale", MG_PARAM_CHOICE, "auto", 0, 0, "linear|log|mel", NULL, N_("mel for mel bands, else linear"),
     N_("Frequency axis of a picture")},
};
const MgParamTable mg_picture_params = MG_PARAM_TABLE("picture", N_("Picture"), specs);

typedef struct {
  const char *title;
  MgImageSource source;
  MgImageStyle style;
  const char *unit;
} Picture;

static MgFrequencyScale
choose_scale(const MgFeature *feature, const MgParams *params)
{
  const char *text = mg_params_text(params, "scale");
  if (feature->axis != MG_AXIS_HZ && feature->axis != MG_AXIS_MEL)
    return MG_SCALE_ROWS;
  if (mg_params_is_auto(params, "scale"))
    return feature->axis == MG_AXIS_MEL ? MG_SCALE_MEL_HZ : MG_SCALE_LINEAR_HZ;
  return g_str_equal(text, "mel") ? MG_SCALE_MEL_HZ : g_str_equal(text, "log") ? MG_SCALE_LOG_HZ : MG_SCALE_LINEAR_HZ;
}

static MgImageSource
describe(const MgFeature *feature, const MgMatrix *matrix, int sr, const MgParams *params)
{
  MgImageSource source = {.values = matrix->data, .bins = matrix->rows, .frames = matrix->cols, .top_hz = sr / 2.0};
  source.first_time = mg_feature_frame_seconds(params, sr, 0);
  source.frame_step = mg_feature_frame_seconds(params, sr, 1) - source.first_time;
  if (feature->axis == MG_AXIS_MEL) {
    source.mel_rows = TRUE;
    source.low_hz = mg_params_float(params, "fmin");
    source.top_hz = mg_params_float_or(params, "fmax", source.top_hz);
    source.htk = mg_params_bool(params, "htk");
  }
  return source;
}

/* A mel spectrogram of exponent 1 holds amplitudes. */
static gboolean
is_amplitude(const MgFeature *feature, const MgParams *params)
{
  return feature->scale == MG_SCALE_AMPLITUDE ||
         (mg_params_has(params, "power") && mg_params_float(params, "power") == 1);
}

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  mg_figure_spectrogram(cr, width, height, &mg_style_light, picture->title, &picture->source, &picture->style,
                        picture->unit);
}

gboolean
mg_feature_picture(const char *path, const char *title, const MgFeature *feature, MgMatrix *matrix, int sr,
                   const MgParams *params, GError **error)
{
  gboolean decibels = feature->scale != MG_SCALE_LINEAR;
  if (decibels && !mg_matrix_to_db(matrix, is_amplitude(feature, params), params, error))
    return FALSE;
  float low, high;
  mg_matrix_range(matrix, &low, &high);
  double top_db = mg_params_float_or(params, "top_db", high - low);
  Picture picture = {.title = title, .unit = decibels ? "dB" : NULL};
  picture.source = describe(feature, matrix, sr, params);
  picture.style.low = decibels ? high - top_db : low;
  picture.style.high = high > picture.style.low ? high : picture.style.low + 1;
  picture.style.colormap = mg_colormap_find(mg_params_text(params, "colormap"));
  picture.style.scale = choose_scale(feature, params);
  return mg_export(path, 960, 480, 2, draw, &picture, error);
}
