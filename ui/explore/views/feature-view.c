#include "ui/explore/views/feature-view.h"
#include "plot/row-axis.h"
#include "plot/summary.h"
#include "ui/explore/views/composed.h"
#include "ui/explore/views/progress-text.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define BAR_WIDTH 8          /* of the colour bar, logical pixels */
#define LOWEST_C 32.70319566 /* Hz, C1: librosa's fmin of the cqt */

struct _MgFeatureView {
  MgView parent;
  MgPane *pane;
  MgAnalysis *analysis;
  MgComposed picture;
  MgProgressText progress;
  double low, high; /* that the colours were chosen by */
};

G_DEFINE_FINAL_TYPE(MgFeatureView, mg_feature_view, MG_TYPE_VIEW)

GtkWidget *
mg_feature_view_new(MgPane *pane)
{
  MgFeatureView *self = g_object_new(MG_TYPE_FEATURE_VIEW, NULL);
  self->pane = g_object_ref(pane);
  return GTK_WIDGET(self);
}

static const MgParams *
params_of(MgFeatureView *self)
{
  return mg_pane_params(self->pane);
}

static gboolean
has_hz(MgFeatureView *self)
{
  const MgFeature *feature = mg_pane_feature(self->pane);
  return feature->kind == MG_FEATURE_SOUND || feature->axis == MG_AXIS_HZ;
}

static MgFrequencyScale
scale_of(MgFeatureView *self)
{
  const MgFeature *feature = mg_pane_feature(self->pane);
  if (feature->axis == MG_AXIS_TEMPO)
    return MG_SCALE_TEMPO;
  if (feature->axis == MG_AXIS_MEL && mg_params_has(params_of(self), "fmin"))
    return MG_SCALE_MEL_HZ;
  if (!has_hz(self))
    return MG_SCALE_ROWS;
  const char *axis =
      mg_params_has(params_of(self), "frequency_axis") ? mg_params_text(params_of(self), "frequency_axis") : "linear";
  return g_str_equal(axis, "mel") ? MG_SCALE_MEL_HZ : g_str_equal(axis, "log") ? MG_SCALE_LOG_HZ : MG_SCALE_LINEAR_HZ;
}

static MgRowAxis
rows_of(MgFeatureView *self)
{
  static const MgRows kinds[] = {[MG_AXIS_NOTE] = MG_ROWS_NOTES,
                                 [MG_AXIS_CHROMA] = MG_ROWS_CHROMA,
                                 [MG_AXIS_TONNETZ] = MG_ROWS_TONNETZ,
                                 [MG_AXIS_TEMPO] = MG_ROWS_TEMPO};
  const MgParams *params = params_of(self);
  MgRowAxis rows = {.kind = kinds[mg_pane_feature(self->pane)->axis], .first_hz = LOWEST_C, .bins_per_octave = 12};
  rows.n = self->analysis ? mg_analysis_bins(self->analysis) : 0;
  if (mg_params_has(params, "fmin"))
    rows.first_hz = mg_params_float_or(params, "fmin", LOWEST_C);
  if (mg_params_has(params, "bins_per_octave"))
    rows.bins_per_octave = (double)mg_params_int(params, "bins_per_octave");
  return rows;
}

typedef struct {
  MgAnalysis *analysis;
  int level;
} Columns;

static const float *
column(size_t frame, gpointer data)
{
  Columns *columns = data;
  return mg_analysis_column(columns->analysis, columns->level, (gint64)frame);
}

static void
describe_source(MgFeatureView *self, Columns *columns, MgImageSource *source)
{
  const MgParams *params = params_of(self);
  double first, frame_step;
  *source = (MgImageSource){
      .value_column = column,
      .column_data = columns,
      .bins = mg_analysis_bins(self->analysis),
      .frames = (size_t)mg_analysis_columns(self->analysis, columns->level),
      .top_hz = mg_analysis_sr(self->analysis) / 2.0,
  };
  mg_analysis_times(self->analysis, columns->level, &source->first_time, &source->frame_step);
  mg_analysis_times(self->analysis, 0, &first, &frame_step);
  source->lag_seconds = frame_step;
  if (scale_of(self) == MG_SCALE_MEL_HZ && !has_hz(self)) {
    source->mel_rows = TRUE;
    source->low_hz = mg_params_float(params, "fmin");
    source->top_hz = mg_params_float_or(params, "fmax", source->top_hz);
    source->htk = mg_params_has(params, "htk") && mg_params_bool(params, "htk");
  }
}

/* What the colours are relative to, dB; 0 where the values are none. */
static double
reference(MgFeatureView *self)
{
  double low, high;
  if (!self->analysis || !mg_analysis_is_decibels(self->analysis) || !mg_analysis_range(self->analysis, &low, &high))
    return 0;
  return MAX(high, -99); /* silence stays dark: nothing in it is loud */
}

static void
describe_colours(MgFeatureView *self, MgImageStyle *style)
{
  const MgParams *params = params_of(self);
  double low = 0, high = 1;
  *style = (MgImageStyle){.colormap = mg_colormap_find(mg_params_text(params, "colormap")), .scale = scale_of(self)};
  if (mg_params_has(params, "max_db")) {
    style->high = mg_params_float(params, "max_db");
    style->low = style->high - mg_params_float_or(params, "top_db", 120);
    return;
  }
  if (self->analysis)
    mg_analysis_range(self->analysis, &low, &high);
  style->low = mg_params_float_or(params, "lowest", low);
  style->high = mg_params_float_or(params, "highest", high);
  if (!(style->high > style->low))
    style->high = style->low + 1;
}

/* The colours that the picture needs: those of levels in dB count from the loudest place. */
static MgImageStyle
absolute_colours(MgFeatureView *self)
{
  MgImageStyle style;
  describe_colours(self, &style);
  style.low += reference(self);
  style.high += reference(self);
  return style;
}

static gboolean
has_data(MgFeatureView *self)
{
  return self->analysis && mg_analysis_bins(self->analysis) > 0;
}

static void
paint(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(view));
  if (has_data(self) && !mg_composed_is_for(&self->picture, geometry, scale)) {
    Columns columns = {self->analysis,
                       mg_analysis_level(self->analysis, (geometry->x1 - geometry->x0) / (geometry->width * scale))};
    MgImageStyle colours = absolute_colours(self);
    MgImageSource source;
    describe_source(self, &columns, &source);
    mg_composed_make(&self->picture, &source, &colours, geometry, scale, style);
  }
  if (self->picture.node)
    mg_composed_append(&self->picture, snapshot, geometry);
}

static void
draw(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  if (!has_data(self))
    return;
  Columns columns = {self->analysis,
                     mg_analysis_level(self->analysis, (geometry->x1 - geometry->x0) / geometry->width / 2)};
  MgImageStyle colours = absolute_colours(self);
  MgImageSource source;
  describe_source(self, &columns, &source);
  mg_image_draw(cr, geometry, &source, &colours);
}

/* What the numbers of the vertical axis are. */
static const char *
axis_title(MgFeatureView *self)
{
  static const char *const titles[] = {
      [MG_AXIS_INDEX] = N_("Number"),    [MG_AXIS_NOTE] = N_("Note"), [MG_AXIS_CHROMA] = N_("Pitch class"),
      [MG_AXIS_TONNETZ] = N_("Tonnetz"), [MG_AXIS_TEMPO] = N_("BPM"),
  };
  MgFeatureAxis axis = mg_pane_feature(self->pane)->axis;
  if (scale_of(self) != MG_SCALE_ROWS && scale_of(self) != MG_SCALE_TEMPO)
    return _("Hz");
  return axis < G_N_ELEMENTS(titles) && titles[axis] ? _(titles[axis]) : NULL;
}

static void
draw_axes(MgView *view, cairo_t *cr, const MgGeometry *geometry, const MgStyle *style)
{
  static const MgTicks ticks[] = {
      [MG_SCALE_LINEAR_HZ] = MG_TICKS_HZ, [MG_SCALE_LOG_HZ] = MG_TICKS_LOG, [MG_SCALE_MEL_HZ] = MG_TICKS_MEL};
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  MgFrequencyScale scale = scale_of(self);
  gboolean levels = mg_params_has(params_of(self), "max_db");
  mg_view_draw_titles(cr, geometry, style, axis_title(self), levels ? _("dB") : NULL);
  if (!has_data(self))
    return;
  MgRowAxis rows = rows_of(self);
  if (scale == MG_SCALE_ROWS || scale == MG_SCALE_TEMPO)
    mg_row_axis_draw(cr, geometry, style, &rows, NULL);
  else
    mg_axis_draw_y(cr, geometry, style, ticks[scale], NULL, FALSE);
  MgGeometry bar = *geometry;
  bar.x = geometry->x + geometry->width + 8;
  bar.width = BAR_WIDTH;
  MgImageStyle colours;
  describe_colours(self, &colours);
  if (levels)
    mg_colorbar_draw(cr, &bar, style, &colours, NULL);
  else
    mg_colorbar_draw_values(cr, &bar, style, &colours);
}

static void
limits(MgView *view, double *y0, double *y1)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  MgImageSource source;
  *y0 = 0;
  *y1 = 1;
  if (!has_data(self))
    return;
  describe_source(self, &(Columns){self->analysis, 0}, &source);
  mg_image_limits(&source, scale_of(self), y0, y1);
}

static double
of_hz(MgView *view, double hz)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  MgRowAxis rows = rows_of(self);
  if (!(hz > 0))
    return NAN;
  if (rows.kind == MG_ROWS_NOTES)
    return rows.bins_per_octave * log2(hz / rows.first_hz) + 0.5;
  MgFrequencyScale scale = scale_of(self);
  return scale == MG_SCALE_ROWS || scale == MG_SCALE_TEMPO ? NAN : mg_scale_world(scale, hz);
}

static double
to_hz(MgView *view, double y)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  MgRowAxis rows = rows_of(self);
  if (rows.kind == MG_ROWS_NOTES)
    return rows.first_hz * exp2((y - 0.5) / rows.bins_per_octave);
  return mg_scale_hz(scale_of(self), y);
}

static void
append_row(MgFeatureView *self, size_t row, double y, GString *text)
{
  MgRowAxis rows = rows_of(self);
  const char *name = mg_row_name(&rows, row);
  if (rows.kind == MG_ROWS_NOTES)
    mg_format_append_hz(text, rows.first_hz * exp2((double)row / rows.bins_per_octave), NAN);
  else if (rows.kind == MG_ROWS_TEMPO)
    g_string_append_printf(text, " · %.1f\u202f%s", exp2(y), _("BPM"));
  else if (name)
    g_string_append_printf(text, " · %s", name);
  else
    g_string_append_printf(text, _(" · number %zu"), row);
}

static void
read_place(MgView *view, double seconds, double y, GString *text)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  MgFrequencyScale scale = scale_of(self);
  MgImageSource source;
  if (!has_data(self))
    return;
  describe_source(self, &(Columns){self->analysis, 0}, &source);
  double bin = floor(mg_image_bin(&source, scale, y) + 0.5), frame = floor(mg_image_frame(&source, seconds) + 0.5);
  gboolean hz = scale != MG_SCALE_ROWS && scale != MG_SCALE_TEMPO;
  if (bin < 0 || bin >= source.bins)
    return;
  const float *values = mg_analysis_column(self->analysis, 0, (gint64)frame);
  double value = values ? values[(size_t)bin] : NAN;
  gboolean levels = mg_analysis_is_decibels(self->analysis);
  if (hz)
    mg_format_append_hz(text, mg_scale_hz(scale, y), NAN);
  else
    append_row(self, (size_t)bin, y, text);
  if (levels)
    mg_format_append_hz(text, NAN, value - reference(self));
  else if (isfinite(value)) {
    g_autofree char *number = mg_format_value(value, mg_pane_feature(self->pane)->unit);
    g_string_append_printf(text, " · %s", number);
  }
}

static char *
describe(MgView *view, const char *range)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  g_autofree char *differences = mg_pane_differences(self->pane);
  return g_strdup_printf("%s, %s%s%s", mg_pane_title(self->pane), range, differences ? ", " : "",
                         differences ? differences : "");
}

static char *
summarise(MgView *view, const MgGeometry *geometry)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  double seconds, y, value;
  MgImageSource source;
  if (!has_data(self))
    return NULL;
  Columns columns = {self->analysis,
                     mg_analysis_level(self->analysis, (geometry->x1 - geometry->x0) / MAX(geometry->width, 1))};
  describe_source(self, &columns, &source);
  if (!mg_image_peak(&source, scale_of(self), geometry, &seconds, &y, &value))
    return NULL;
  g_autofree char *place = mg_view_place_text(view, seconds, y);
  return g_strdup_printf(_("Strongest at %s"), place);
}

static void
want(MgView *view, const MgGeometry *geometry, double seconds_per_pixel)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  if (!self->analysis)
    return;
  mg_analysis_want(self->analysis, mg_analysis_level(self->analysis, seconds_per_pixel), geometry->x0, geometry->x1);
  gtk_widget_queue_draw(GTK_WIDGET(view));
}

/* Of angles that share a pixel none tells anything of the others. */
static gboolean
is_crowded(MgFeatureView *self)
{
  MgTimeline *timeline = mg_view_timeline(MG_VIEW(self));
  double seconds = mg_timeline_to(timeline) - mg_timeline_from(timeline), first, step;
  int pixels = MAX(1, gtk_widget_get_width(GTK_WIDGET(self)) - MG_VIEW_LEFT - MG_VIEW_RIGHT);
  mg_analysis_times(self->analysis, 0, &first, &step);
  return g_strcmp0(mg_pane_feature(self->pane)->unit, "rad") == 0 && seconds / pixels > step;
}

static char *
status(MgView *view)
{
  MgFeatureView *self = MG_FEATURE_VIEW(view);
  if (!self->analysis)
    return g_strdup(_("The picture is made when the recording ends"));
  char *progress = mg_progress_text(&self->progress, self->analysis, GTK_WIDGET(view));
  return progress || !is_crowded(self) ? progress : g_strdup(_("Phases of many frames share a pixel: zoom in"));
}

static void
follow(MgFeatureView *self)
{
  double low = 0, high = 0;
  mg_analysis_range(self->analysis, &low, &high);
  if (low != self->low || high != self->high) {
    self->low = low;
    self->high = high;
    mg_view_redraw_axes(MG_VIEW(self));
  }
  self->picture.outdated = TRUE;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  mg_view_describe_soon(MG_VIEW(self));
}

void
mg_feature_view_set(MgFeatureView *self, MgAnalysis *analysis)
{
  if (analysis != self->analysis) {
    if (self->analysis)
      g_signal_handlers_disconnect_by_data(self->analysis, self);
    g_set_object(&self->analysis, analysis);
    mg_progress_text_clear(&self->progress);
    if (analysis)
      g_signal_connect_object(analysis, "changed", G_CALLBACK(follow), self, G_CONNECT_SWAPPED);
    else
      mg_composed_clear(&self->picture);
  }
  self->picture.outdated = TRUE;
  mg_view_redraw_axes(MG_VIEW(self));
  mg_view_redraw_overlays(MG_VIEW(self));
  mg_view_want_soon(MG_VIEW(self));
  mg_view_describe_soon(MG_VIEW(self));
}

static void
dispose(GObject *object)
{
  MgFeatureView *self = MG_FEATURE_VIEW(object);
  mg_progress_text_clear(&self->progress);
  mg_composed_clear(&self->picture);
  g_clear_object(&self->analysis);
  G_OBJECT_CLASS(mg_feature_view_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_object_unref(MG_FEATURE_VIEW(object)->pane);
  G_OBJECT_CLASS(mg_feature_view_parent_class)->finalize(object);
}

static void
mg_feature_view_class_init(MgFeatureViewClass *class)
{
  MgViewClass *view = MG_VIEW_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  view->paint = paint;
  view->draw = draw;
  view->draw_axes = draw_axes;
  view->limits = limits;
  view->of_hz = of_hz;
  view->to_hz = to_hz;
  view->read = read_place;
  view->describe = describe;
  view->summarise = summarise;
  view->want = want;
  view->status = status;
  view->coloured = TRUE;
}

static void
mg_feature_view_init(MgFeatureView *self)
{
}
