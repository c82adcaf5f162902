/* Waves, spectra, levels, mel bands and cepstra of a lesson's sound. */
#include "learn/lesson-facts.h"
#include "plot/chart.h"
#include "plot/spectrum.h"
#include "ui/learn/picture.h"
#include "ui/widgets/format.h"
#include "dsp/mel.h"
#include <glib/gi18n.h>
#include <math.h>

/* Curves that own their points. */
typedef struct {
  GArray *curves;    /* MgCurve */
  GPtrArray *points; /* double * */
  double x1;
} Chart;

static void
free_chart(gpointer data)
{
  Chart *chart = data;
  g_array_unref(chart->curves);
  g_ptr_array_unref(chart->points);
  g_free(chart);
}

static Chart *
new_chart(void)
{
  Chart *chart = g_new0(Chart, 1);
  chart->curves = g_array_new(FALSE, TRUE, sizeof(MgCurve));
  chart->points = g_ptr_array_new_with_free_func(g_free);
  return chart;
}

/* A curve of n points that are to be filled in. */
static MgCurve *
add_curve(Chart *chart, const char *name, int hue, gboolean dashed, size_t n)
{
  double *x = g_new0(double, MAX(n, 1)), *y = g_new0(double, MAX(n, 1));
  MgCurve curve = {.name = name, .x = x, .y = y, .n = n, .hue = hue, .dashed = dashed, .marked_x = NAN};
  g_ptr_array_add(chart->points, x);
  g_ptr_array_add(chart->points, y);
  g_array_append_val(chart->curves, curve);
  return &g_array_index(chart->curves, MgCurve, chart->curves->len - 1);
}

static void
set_point(MgCurve *curve, size_t i, double x, double y)
{
  ((double *)curve->x)[i] = x;
  ((double *)curve->y)[i] = y;
}

static void
replace(MgLessonPicture *picture, gpointer made)
{
  if (picture->made && picture->free_made)
    picture->free_made(picture->made);
  picture->made = made;
}

/* All curves of what was made, on the given axes. */
static void
draw_curves(cairo_t *cr, double width, double height, const MgStyle *style, const MgLessonPicture *picture,
            const MgChart *axes)
{
  const Chart *chart = picture->made;
  if (!chart)
    return;
  MgChart shown = *axes;
  shown.curves = (const MgCurve *)chart->curves->data;
  shown.n = chart->curves->len;
  shown.x1 = chart->x1;
  mg_chart_draw(cr, width, height, style, &shown);
}

static double
fact(MgLessonPicture *picture, const char *name)
{
  double value;
  return mg_lesson_fact(name)->find(mg_lesson_stage_state(picture->stage), &value) ? value : NAN;
}

/* What is measured is told as exactly as it is known. */
static double
to_nearest(double value, double step)
{
  return step * round(value / step);
}

/* Samples. */

#define FINE 400 /* points of a wave between its samples, a picture */
#define REACH 24 /* samples to either side that a value between two of them is made of */

/* What a converter makes of samples: sin(x)/x around each, faded out (Hann) at REACH. */
static double
between_samples(const MgLessonSamples *samples, double at)
{
  double sum = 0;
  for (gssize i = (gssize)floor(at) - REACH + 1; i <= (gssize)floor(at) + REACH; i++) {
    double off = at - (double)i, fade = 0.5 + 0.5 * cos(G_PI * off / REACH);
    if (i >= 0 && i < (gssize)samples->n)
      sum += (double)samples->samples[i] * fade * (fabs(off) < 1e-9 ? 1 : sin(G_PI * off) / (G_PI * off));
  }
  return sum;
}

#define FIRST 64 /* the sample that the picture begins with, so that there are others before it */

static char *
make_samples(MgLessonPicture *picture)
{
  const MgLessonSamples *samples = mg_lesson_stage_samples(picture->stage);
  double seconds = mg_lesson_state_number(mg_lesson_stage_state(picture->stage), picture->view, "seconds", 0.005);
  if (!samples || samples->n <= FIRST)
    return NULL;
  int finer = (int)ceil(FINE / (seconds * samples->sr));
  g_autoptr(MgLessonSamples) wave = mg_lesson_sound_render(samples->sound, samples->sr * MAX(finer, 1), NULL);
  Chart *chart = new_chart();
  size_t n = wave ? (size_t)(seconds * wave->sr) : 0, first = (size_t)FIRST * (size_t)MAX(finer, 1);
  MgCurve *own = add_curve(chart, _("the wave"), 0, FALSE, n);
  for (size_t i = 0; i < n && first + i < wave->n; i++)
    set_point(own, i, 1000.0 * (double)i / wave->sr, (double)wave->samples[first + i]);
  MgCurve *heard = add_curve(chart, _("what is heard"), 1, TRUE, n);
  for (size_t i = 0; i < n; i++)
    set_point(heard, i, 1000.0 * (double)i / wave->sr, between_samples(samples, FIRST + (double)i / MAX(finer, 1)));
  MgCurve *dots = add_curve(chart, NULL, 1, FALSE, MIN((size_t)(seconds * samples->sr) + 1, samples->n - FIRST));
  for (size_t i = 0; i < dots->n; i++)
    set_point(dots, i, 1000.0 * (double)i / samples->sr, (double)samples->samples[FIRST + i]);
  chart->x1 = seconds * 1000;
  replace(picture, chart);
  double heard_hz = to_nearest(fact(picture, "loudest_hz"), 1);
  g_autofree char *rate = mg_format_count(samples->sr), *hz = mg_format_value(heard_hz, N_("Hz"));
  return g_strdup_printf(_("%s samples a second · heard: %s"), rate, hz);
}

static void
draw_samples(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgLessonPicture *picture = data;
  const Chart *chart = picture->made;
  if (!chart)
    return;
  const MgCurve *curves = (const MgCurve *)chart->curves->data;
  const MgChart shown = {.curves = curves,
                         .n = 2,
                         .x1 = chart->x1,
                         .y0 = -1.05,
                         .y1 = 1.05,
                         .x_ticks = MG_TICKS_LINEAR,
                         .y_ticks = MG_TICKS_LINEAR,
                         .x_title = _("Time (ms)"),
                         .y_title = _("Amplitude"),
                         .dot_x = curves[2].x,
                         .dot_y = curves[2].y,
                         .dots = curves[2].n,
                         .dot_hue = 1,
                         .legend = 2};
  mg_chart_draw(cr, width, height, style, &shown);
}

GtkWidget *
mg_lesson_samples_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 200, make_samples, draw_samples, free_chart);
}

/* Sums. */

static void
add_samples(Chart *chart, const char *name, int hue, gboolean dashed, const float *samples, size_t n, int sr)
{
  MgCurve *curve = add_curve(chart, name, hue, dashed, n);
  for (size_t i = 0; i < n; i++)
    set_point(curve, i, 1000.0 * (double)i / sr, (double)samples[i]);
}

#define SUM_SR 96000 /* fine enough for edges */

static char *
make_sum(MgLessonPicture *picture)
{
  const MgLessonSamples *samples = mg_lesson_stage_samples(picture->stage);
  double seconds = mg_lesson_state_number(mg_lesson_stage_state(picture->stage), picture->view, "seconds", 0.01);
  if (!samples)
    return NULL;
  g_autoptr(MgLessonSamples) fine = mg_lesson_sound_render(samples->sound, SUM_SR, NULL);
  Chart *chart = new_chart();
  size_t n = fine ? MIN((size_t)(seconds * SUM_SR), fine->n) : 0;
  if (fine && fine->target)
    add_samples(chart, _("target"), 7, TRUE, fine->target, n, SUM_SR);
  if (fine)
    add_samples(chart, _("sum"), 0, FALSE, fine->samples, n, SUM_SR);
  for (guint i = 0; i < samples->sound->parts->len; i++) {
    g_autofree float *one = mg_lesson_part_render(&g_array_index(samples->sound->parts, MgLessonPart, i), n, SUM_SR);
    g_autofree char *hz = mg_format_value(g_array_index(samples->sound->parts, MgLessonPart, i).hz, N_("Hz"));
    char *name = g_strdup(hz);
    g_ptr_array_add(chart->points, name);
    add_samples(chart, name, 1 + (int)i, FALSE, one, n, SUM_SR);
  }
  chart->x1 = seconds * 1000;
  replace(picture, chart);
  double difference = fact(picture, "difference");
  return isnan(difference) ? g_strdup("") : g_strdup_printf(_("Difference from the target: %.0f %%"), 100 * difference);
}

static void
draw_sum(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgChart axes = {.y0 = -1.6,
                        .y1 = 1.6,
                        .x_ticks = MG_TICKS_LINEAR,
                        .y_ticks = MG_TICKS_LINEAR,
                        .x_title = _("Time (ms)"),
                        .y_title = _("Amplitude"),
                        .legend = 2};
  draw_curves(cr, width, height, style, data, &axes);
}

GtkWidget *
mg_lesson_sum_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 220, make_sum, draw_sum, free_chart);
}

/* Spectra. */

static char *
make_spectrum(MgLessonPicture *picture)
{
  const MgLessonSamples *samples = mg_lesson_stage_samples(picture->stage);
  MgMatrix *spectrum = mg_lesson_spectrum(mg_lesson_stage_state(picture->stage), NULL);
  if (!spectrum)
    return NULL;
  replace(picture, spectrum);
  size_t n_fft = 2 * (spectrum->cols - 1);
  g_autofree char *frame = mg_format_duration((double)n_fft / samples->sr);
  g_autofree char *bin = mg_format_value((double)samples->sr / (double)n_fft, N_("Hz"));
  g_autofree char *hz = mg_format_value(to_nearest(fact(picture, "loudest_hz"), 1), N_("Hz"));
  return g_strdup_printf(_("Frame of %s · a bin every %s · highest peak at %s · tones told apart: %.0f"), frame, bin,
                         hz, fact(picture, "tones_seen"));
}

static void
draw_spectrum(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgLessonPicture *picture = data;
  const MgMatrix *matrix = picture->made;
  const MgLessonSamples *samples = mg_lesson_stage_samples(picture->stage);
  const MgLessonState *state = mg_lesson_stage_state(picture->stage);
  if (!matrix || !samples)
    return;
  MgSpectrum spectrum = {.db = matrix->data, .bins = matrix->cols};
  double to = mg_lesson_state_number(state, picture->view, "to", samples->sr / 2.0);
  spectrum.bin_hz = samples->sr / 2.0 / (double)(matrix->cols - 1);
  spectrum.low_hz = MAX(mg_lesson_state_number(state, picture->view, "from", 20), 1);
  spectrum.low_db = -mg_lesson_state_number(state, picture->view, "range", 100);
  spectrum.high_db = 3;
  spectrum.bins = MIN(matrix->cols, MAX((size_t)(to / spectrum.bin_hz) + 1, 2));
  mg_spectrum_draw(cr, width, height, style, &spectrum, _("Hz"), _("dB"));
}

GtkWidget *
mg_lesson_spectrum_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 200, make_spectrum, draw_spectrum, (GDestroyNotify)mg_matrix_free);
}

/* Levels. */

#define LOWEST_DB (-60.0)

static char *
make_level(MgLessonPicture *picture)
{
  const MgLessonSamples *samples = mg_lesson_stage_samples(picture->stage);
  if (!samples)
    return NULL;
  double db = fact(picture, "peak_db"), amplitude = pow(10, db / 20);
  Chart *chart = new_chart();
  MgCurve *curve = add_curve(chart, NULL, 0, FALSE, 500);
  for (size_t i = 0; i < curve->n; i++)
    set_point(curve, i, (double)(i + 1) / (double)curve->n,
              MAX(20 * log10((double)(i + 1) / (double)curve->n), LOWEST_DB));
  MgCurve *dot = add_curve(chart, NULL, 1, FALSE, 1);
  set_point(dot, 0, amplitude, MAX(db, LOWEST_DB));
  replace(picture, chart);
  g_autofree char *level = mg_format_value(to_nearest(db, 0.01), N_("dB"));
  return g_strdup_printf(_("Largest amplitude %.3g · %s"), amplitude, level);
}

static void
draw_level(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const Chart *chart = ((const MgLessonPicture *)data)->made;
  if (!chart)
    return;
  const MgCurve *curves = (const MgCurve *)chart->curves->data;
  const MgChart shown = {.curves = curves,
                         .n = 1,
                         .x1 = 1.02,
                         .y0 = LOWEST_DB,
                         .y1 = 3,
                         .x_ticks = MG_TICKS_LINEAR,
                         .y_ticks = MG_TICKS_DB,
                         .x_title = _("Amplitude"),
                         .y_title = _("Level (dB)"),
                         .dot_x = curves[1].x,
                         .dot_y = curves[1].y,
                         .dots = 1,
                         .dot_hue = 1};
  mg_chart_draw(cr, width, height, style, &shown);
}

GtkWidget *
mg_lesson_level_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 180, make_level, draw_level, free_chart);
}

/* Mel bands. */

/* A band as the line through its weights, its largest being 1; one without any bin is left out. */
static void
add_band(Chart *chart, const MgMatrix *filters, size_t band, double bin_hz)
{
  const float *weights = mg_matrix_row(filters, band);
  size_t first = filters->cols, last = 0;
  float largest = 0;
  for (size_t bin = 0; bin < filters->cols; bin++)
    if (weights[bin] > 0) {
      first = MIN(first, bin);
      last = bin;
      largest = MAX(largest, weights[bin]);
    }
  if (largest <= 0)
    return;
  size_t from = first > 0 ? first - 1 : 0, to = MIN(last + 1, filters->cols - 1);
  MgCurve *curve = add_curve(chart, NULL, (int)(band % 2) * 2, FALSE, to - from + 1);
  for (size_t bin = from; bin <= to; bin++)
    set_point(curve, bin - from, (double)bin * bin_hz, (double)(weights[bin] / largest));
}

static char *
make_mel_scale(MgLessonPicture *picture)
{
  const MgLessonSamples *samples = mg_lesson_stage_samples(picture->stage);
  g_autoptr(MgParams) params = mg_lesson_params(mg_lesson_stage_state(picture->stage));
  if (!samples)
    return NULL;
  size_t n_fft = (size_t)mg_params_int(params, "n_fft");
  g_autoptr(MgMelFilters) filters = mg_mel_filters_new(params, samples->sr, n_fft, NULL);
  g_autoptr(MgMatrix) dense = filters ? mg_mel_filters_dense(filters) : NULL;
  if (!dense)
    return NULL;
  Chart *chart = new_chart();
  for (size_t band = 0; band < dense->rows; band++)
    add_band(chart, dense, band, samples->sr / (double)n_fft);
  double top = samples->sr / 2.0, most = mg_hz_to_mel(top, FALSE);
  MgCurve *scale = add_curve(chart, NULL, 5, FALSE, 200);
  for (size_t i = 0; i < scale->n; i++) {
    double hz = top * (double)i / (double)(scale->n - 1);
    set_point(scale, i, hz, mg_hz_to_mel(hz, FALSE) / most);
  }
  chart->x1 = top;
  replace(picture, chart);
  return g_strdup_printf(_("%zu bands · below 1000 Hz: %.0f %% · empty: %.0f"), dense->rows,
                         100 * fact(picture, "share_below_1000"), fact(picture, "empty_bands"));
}

static void
draw_mel_scale(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgChart axes = {.y1 = 1.05,
                        .x_ticks = MG_TICKS_HZ,
                        .y_ticks = MG_TICKS_LINEAR,
                        .x_title = _("Frequency (Hz)"),
                        .y_title = _("Weight, share of all mels")};
  draw_curves(cr, width, height, style, data, &axes);
}

GtkWidget *
mg_lesson_mel_scale_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 200, make_mel_scale, draw_mel_scale, free_chart);
}

/* Cepstra. */

static char *
make_cepstrum(MgLessonPicture *picture)
{
  g_autoptr(MgMatrix) both = mg_lesson_cepstrum(mg_lesson_stage_state(picture->stage), NULL);
  if (!both)
    return NULL;
  Chart *chart = new_chart();
  double squares = 0;
  for (int row = 0; row < 2; row++) {
    MgCurve *curve = add_curve(chart, row ? _("from its coefficients") : _("mel spectrum"), row, row == 1, both->cols);
    for (size_t band = 0; band < both->cols; band++)
      set_point(curve, band, (double)band, (double)mg_matrix_row(both, (size_t)row)[band]);
  }
  for (size_t band = 0; band < both->cols; band++) {
    double off = (double)(mg_matrix_row(both, 0)[band] - mg_matrix_row(both, 1)[band]);
    squares += off * off / (double)both->cols;
  }
  chart->x1 = (double)both->cols - 1;
  replace(picture, chart);
  g_autofree char *off = mg_format_value(sqrt(squares), N_("dB"));
  return g_strdup_printf(_("Off by %s on average"), off);
}

static void
draw_cepstrum(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const MgChart axes = {.y0 = -90,
                        .y1 = 10,
                        .x_ticks = MG_TICKS_INTEGER,
                        .y_ticks = MG_TICKS_DB,
                        .x_title = _("Mel band"),
                        .y_title = _("Level (dB)"),
                        .legend = 2};
  draw_curves(cr, width, height, style, data, &axes);
}

GtkWidget *
mg_lesson_cepstrum_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 200, make_cepstrum, draw_cepstrum, free_chart);
}
