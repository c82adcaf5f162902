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
  MgRowAxis rows;
  const char *rows_title;
} Picture;

/* A curve, moments or a sound over time. */
typedef struct {
  const MgFeature *feature;
  const char *title, *unit;
  const MgMatrix *values;
  double *times;
  int sr;
  double first_time, frame_step, seconds;
} Line;

static MgFrequencyScale
choose_scale(const MgFeature *feature, const MgParams *params)
{
  const char *text = mg_params_text(params, "scale");
  if (feature->axis == MG_AXIS_TEMPO)
    return MG_SCALE_TEMPO;
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
  source.lag_seconds = source.frame_step;
  if (feature->axis == MG_AXIS_MEL) {
    source.mel_rows = TRUE;
    source.low_hz = mg_params_float(params, "fmin");
    source.top_hz = mg_params_float_or(params, "fmax", source.top_hz);
    source.htk = mg_params_bool(params, "htk");
  }
  return source;
}

/* What the rows of a picture are that is not over frequency. */
static void
name_rows(Picture *picture, const MgFeature *feature, const MgParams *params)
{
  static const struct {
    MgRows kind;
    const char *title;
  } names[] = {[MG_AXIS_INDEX] = {MG_ROWS_NUMBERS, N_("Number")},
               [MG_AXIS_NOTE] = {MG_ROWS_NOTES, N_("Note")},
               [MG_AXIS_CHROMA] = {MG_ROWS_CHROMA, N_("Pitch class")},
               [MG_AXIS_TONNETZ] = {MG_ROWS_TONNETZ, N_("Tonnetz")},
               [MG_AXIS_TEMPO] = {MG_ROWS_TEMPO, N_("BPM")}};
  static const double lowest_c = 32.703195662574829;
  picture->rows = (MgRowAxis){names[feature->axis].kind, picture->source.bins, lowest_c, 12};
  picture->rows_title = names[feature->axis].title ? _(names[feature->axis].title) : NULL;
  if (feature->axis == MG_AXIS_NOTE && mg_params_has(params, "fmin"))
    picture->rows.first_hz = mg_params_float_or(params, "fmin", lowest_c);
  if (mg_params_has(params, "bins_per_octave"))
    picture->rows.bins_per_octave = (double)mg_params_int(params, "bins_per_octave");
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
                        picture->unit, &picture->rows, picture->rows_title);
}

static void
draw_line(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Line *line = data;
  const MgStyle *style = &mg_style_light;
  MgOverlayCurve curve = {.values = line->values->data,
                          .n = line->values->cols,
                          .first_time = line->first_time,
                          .frame_step = line->frame_step};
  mg_hue(0, curve.colour);
  if (line->feature->kind == MG_FEATURE_SOUND)
    mg_figure_waveform(cr, width, height, style, line->title, line->values->data, line->values->cols, line->sr);
  else if (line->feature->kind == MG_FEATURE_EVENTS)
    mg_figure_events(cr, width, height, style, line->title, line->times, line->values->cols, line->seconds);
  else
    mg_figure_line(cr, width, height, style, line->title, line->unit, &curve, line->seconds);
}

static gboolean
export_line(const char *path, const char *title, const MgFeature *feature, const MgMatrix *values, int sr,
            const MgParams *params, double seconds, GError **error)
{
  Line line = {.feature = feature, .title = title, .values = values, .sr = sr, .seconds = seconds};
  line.unit = feature->unit ? _(feature->unit) : NULL;
  if (feature->kind != MG_FEATURE_SOUND) {
    line.first_time = mg_feature_frame_seconds(params, sr, 0);
    line.frame_step = mg_feature_frame_seconds(params, sr, 1) - line.first_time;
  }
  g_autofree double *times = g_new(double, values->cols + 1);
  for (size_t i = 0; feature->kind == MG_FEATURE_EVENTS && i < values->cols; i++)
    times[i] = line.first_time + values->data[i] * line.frame_step;
  line.times = times;
  return mg_export(path, 960, feature->kind == MG_FEATURE_EVENTS ? 200 : 320, 2, draw_line, &line, error);
}

gboolean
mg_feature_picture(const char *path, const char *title, const MgFeature *feature, MgMatrix *matrix, int sr,
                   const MgParams *params, double seconds, GError **error)
{
  if (feature->kind != MG_FEATURE_PICTURE)
    return export_line(path, title, feature, matrix, sr, params, seconds, error);
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
  name_rows(&picture, feature, params);
  return mg_export(path, 960, 480, 2, draw, &picture, error);
}
