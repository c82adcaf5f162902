/* Golden pictures: what the painters drew when somebody looked. Text is left out, since fonts differ between machines.
 * MELOGRAPH_UPDATE_RENDERS=1 writes them anew: look at them before committing. */
#include "canvas.h"
#include "support.h"
#include "plot/answers.h"
#include "plot/axis.h"
#include "plot/bars.h"
#include "plot/chart.h"
#include "plot/confusion.h"
#include "plot/curve.h"
#include "plot/diagram.h"
#include "plot/evidence.h"
#include "plot/gallery.h"
#include "plot/image.h"
#include "plot/labels.h"
#include "plot/maps.h"
#include "plot/overlay.h"
#include "plot/parallel.h"
#include "plot/quality.h"
#include "plot/ribbon.h"
#include "plot/scatter.h"
#include "plot/spectrum.h"
#include "plot/surface-picture.h"
#include "plot/surface.h"
#include "plot/text.h"
#include "plot/trials.h"
#include "plot/waveform.h"

enum { width = 240, height = 160 };
static const MgGeometry area = {8, 8, width - 16, height - 16, 0, 2, 0, 1};

/* A rising harmonic sound over a floor of noise, in dB. */
static MgMatrix *
sound(size_t rows, size_t cols)
{
  MgMatrix *matrix = mg_matrix_new(rows, cols, NULL);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < cols; c++) {
      double at = (double)r / rows, time = (double)c / cols, level = -70 + 6 * sin(r * 12.9898 + c * 78.233);
      for (int harmonic = 1; harmonic <= 6; harmonic++) {
        double distance = (at - harmonic * (0.08 + 0.05 * time)) * 60;
        level = MAX(level, -6 * harmonic - 20 * time - distance * distance);
      }
      mg_matrix_row(matrix, r)[c] = (float)level;
    }
  return matrix;
}

static void
draw_image(cairo_t *cr, const MgStyle *style, MgFrequencyScale scale, const char *colormap)
{
  g_autoptr(MgMatrix) matrix = sound(257, 300);
  MgImageSource source = {.values = matrix->data, .bins = 257, .frames = 300, .frame_step = 2.0 / 300, .top_hz = 8000};
  MgImageStyle look = {-80, 0, mg_colormap_find(colormap), scale};
  MgGeometry g = area;
  mg_image_limits(&source, scale, &g.y0, &g.y1);
  mg_image_draw(cr, &g, &source, &look);
}

static void
draw_linear(cairo_t *cr, const MgStyle *style)
{
  draw_image(cr, style, MG_SCALE_LINEAR_HZ, "magma");
}

static void
draw_log(cairo_t *cr, const MgStyle *style)
{
  draw_image(cr, style, MG_SCALE_LOG_HZ, "viridis");
}

static void
draw_mel(cairo_t *cr, const MgStyle *style)
{
  draw_image(cr, style, MG_SCALE_MEL_HZ, "inferno");
}

static void
draw_waveform(cairo_t *cr, const MgStyle *style)
{
  enum { n = width - 16 };
  float low[n], high[n], rms[n];
  for (int i = 0; i < n; i++) {
    high[i] = (float)(exp(-3.0 * i / n) * (0.6 + 0.4 * sin(i * 0.9)));
    low[i] = -0.8f * high[i];
    rms[i] = 0.4f * high[i];
  }
  low[100] = 1;
  high[100] = -1; /* an empty column */
  MgGeometry g = area;
  g.y0 = -1;
  mg_waveform_draw(cr, &g, style, low, high, rms, n);
}

static void
draw_curves(cairo_t *cr, const MgStyle *style)
{
  double x[60], train[60], validation[60];
  for (int i = 0; i < 60; i++) {
    x[i] = i / 30.0;
    train[i] = exp(-i / 15.0) + 0.06 * sin(i * 2.1);
    validation[i] = 0.2 + 0.7 * exp(-i / 12.0) + 0.003 * i;
  }
  MgCurve curves[] = {{"train", x, train, 60, 0, FALSE, 0.7, NAN}, {"validation", x, validation, 60, 1, TRUE, 0, NAN}};
  mg_curves_draw(cr, &area, style, curves, 2);
}

static const MgParamTable *const surface_tables[] = {&mg_surface_params, NULL};

static void
draw_turned(cairo_t *cr, const MgStyle *style, const char *mesh, double azimuth)
{
  g_autoptr(MgParams) params = mg_params_new(surface_tables);
  g_autoptr(MgMatrix) matrix = sound(64, 128);
  MgSurfaceWorld world = {.seconds = 2, .high_hz = 8000, .low_db = -80, .high_db = 0};
  mg_params_set(params, "mesh", mesh, NULL);
  mg_params_set_float(params, "azimuth", azimuth);
  mg_surface_draw(cr, width, height, style, matrix, &world, params, FALSE);
}

static void
draw_surface(cairo_t *cr, const MgStyle *style)
{
  draw_turned(cr, style, "none", -32);
}

static void
draw_maps(cairo_t *cr, const MgStyle *style)
{
  g_autoptr(MgMatrix) input = sound(64, 96);
  MgMatrix *maps[7];
  for (int i = 0; i < 7; i++) {
    maps[i] = sound(32, 48);
    for (size_t k = 0; k < 32 * 48; k++)
      maps[i]->data[k] = MAX(0, maps[i]->data[k] + 10 * (i + 1));
  }
  mg_maps_draw(cr, width, height, style, input, maps, 7, NULL, mg_colormap_find("cividis"));
  for (int i = 0; i < 7; i++)
    mg_matrix_free(maps[i]);
}

static MgGraphNode *
add_box(GPtrArray *graph, gint64 parameters, int first, int second)
{
  MgGraphNode *node = mg_graph_node_new();
  node->name = g_strdup("");
  node->detail = g_strdup("");
  node->shape = g_strdup("");
  node->parameters = parameters;
  g_array_append_val(node->from, first);
  if (second >= -1)
    g_array_append_val(node->from, second);
  g_ptr_array_add(graph, node);
  return node;
}

/* A box, then a block with two branches and a way beside both, then a box. */
static void
draw_diagram(cairo_t *cr, const MgStyle *style)
{
  g_autoptr(GPtrArray) graph = mg_graph_new();
  add_box(graph, 10, -1, -2);
  MgGraphNode *block = add_box(graph, 200, 0, -2);
  add_box(graph, 0, 1, -2);
  block->repeats = 3;
  block->inner = mg_graph_new();
  add_box(block->inner, 10, -1, -2);
  add_box(block->inner, 120, -1, -2);
  add_box(block->inner, 5, 1, 0);
  add_box(block->inner, 0, -1, 2);
  double wide, tall;
  mg_diagram_measure(style, graph, &wide, &tall);
  g_assert_cmpfloat(wide, >, 2 * 232);
  cairo_scale(cr, width / wide, height / tall);
  mg_diagram_draw(cr, wide, tall, style, "", "", graph);
}

static double
doubled(double value, gconstpointer data)
{
  return value * 2;
}

/* A line with a gap and a dense part, and marks at both edges, over a bright picture. */
static void
draw_overlay(cairo_t *cr, const MgStyle *style)
{
  float values[400];
  double times[] = {0.2, 0.5, 0.9, 1.4}, crowd[60];
  MgOverlayCurve curve = {.values = values,
                          .n = 400,
                          .first_time = 0,
                          .frame_step = 2.0 / 400,
                          .to_world = doubled,
                          .halo = {0, 0, 0, 0.72}};
  for (int i = 0; i < 400; i++)
    values[i] = i > 100 && i < 160 ? NAN : (float)(0.25 + 0.15 * sin(i / 20.0) + (i > 280) * 0.05 * sin(i * 2.0));
  for (int i = 0; i < 60; i++)
    crowd[i] = 1 + i / 60.0;
  draw_image(cr, style, MG_SCALE_LINEAR_HZ, "magma");
  mg_overlay_hue(0, curve.colour);
  mg_overlay_curve_draw(cr, &area, &curve);
  mg_overlay_hue(1, curve.colour);
  mg_overlay_events_draw(cr, &area, times, G_N_ELEMENTS(times), curve.colour, FALSE);
  mg_overlay_hue(2, curve.colour);
  mg_overlay_events_draw(cr, &area, crowd, G_N_ELEMENTS(crowd), curve.colour, TRUE);
}

/* Few values: frames are wider than pixels. */
static void
draw_line(cairo_t *cr, const MgStyle *style)
{
  float values[12] = {0.1f, 0.4f, 0.35f, NAN, 0.8f, NAN, 0.6f, 0.62f, 0.9f, 0.2f, 0.15f, 0.5f};
  MgOverlayCurve curve = {.values = values, .n = 12, .first_time = 0, .frame_step = 2.0 / 11};
  for (int i = 0; i < 3; i++)
    curve.colour[i] = style->accent[i];
  mg_overlay_curve_draw(cr, &area, &curve);
}

static void
draw_gallery(cairo_t *cr, const MgStyle *style)
{
  g_autoptr(MgMatrix) few = sound(16, 80), many = sound(128, 80);
  MgGalleryPicture pictures[] = {{few, 0, 2.0 / 80, 16, 0}, {many, 0, 2.0 / 80, 128, 3}};
  MgGallery gallery = {.over = "n_mels", .x1 = 2, .top_hz = 8000, .pictures = pictures, .n = 2};
  MgImageStyle look = {-80, 0, mg_colormap_find("magma"), MG_SCALE_MEL_HZ};
  mg_gallery_draw(cr, width, height, style, &gallery, &look);
}

/* Nine classes on three sides: the last two are hollow. */
static void
draw_scatter(cairo_t *cr, const MgStyle *style)
{
  enum { n = 90 };
  static const char *const names[] = {"", "", "", "", "", "", "", "", ""}, *const shapes[] = {"", "", ""};
  MgPoint points[n];
  for (int i = 0; i < n; i++) {
    double angle = i % 9 * 0.7, distance = 1 + 0.02 * i;
    points[i] = (MgPoint){(float)(distance * cos(angle)), (float)(distance * sin(angle)), i % 9,
                          (MgPointShape)(i / 9 % 3), FALSE};
  }
  MgScatter scatter = {.points = points, .n = n, .groups = names, .n_groups = 9, .shapes = shapes};
  mg_scatter_draw(cr, width, height, style, &scatter);
}

/* Three classes around three centres, those beyond a border ringed, with the regions of the nearest centre. */
static void
draw_regions(cairo_t *cr, const MgStyle *style)
{
  enum { n = 60, side = 24 };
  static const char *const names[] = {"", "", ""};
  static const double centre[3][2] = {{1, 20}, {3, 60}, {4, 15}};
  MgPoint points[n];
  float probabilities[side * side * 3];
  for (int i = 0; i < n; i++) {
    double angle = i * 2.4, distance = 0.2 + 0.015 * i;
    points[i] = (MgPoint){(float)(centre[i % 3][0] + distance * cos(angle)),
                          (float)(centre[i % 3][1] + 20 * distance * sin(angle)), i % 3, MG_POINT_DISC, i % 7 == 0};
  }
  MgRegions regions = {side, side, 3, probabilities, 0, 5, 0, 80};
  for (int i = 0; i < side * side; i++) {
    double sum = 0, near[3], x = i % side * 5.0 / (side - 1), y = i / side * 80.0 / (side - 1);
    for (int c = 0; c < 3; c++)
      sum += near[c] = exp(-2 * hypot(x - centre[c][0], (y - centre[c][1]) / 20));
    for (int c = 0; c < 3; c++)
      probabilities[i * 3 + c] = (float)(near[c] / sum);
  }
  MgScatter scatter = {.points = points,
                       .n = n,
                       .groups = names,
                       .n_groups = 3,
                       .wrong = "",
                       .x_title = "",
                       .y_title = "",
                       .regions = &regions};
  mg_scatter_draw(cr, width, height, style, &scatter);
}

/* Sure and not sure, neighbours of one class, a gap, and what lies beyond the edges. */
static void
draw_answers(cairo_t *cr, const MgStyle *style)
{
  const MgAnswer stretches[] = {
      {-0.5, 0.3, 0, "", 0.9, TRUE}, {0.3, 0.6, 0, "", 0.5, TRUE}, {0.6, 0.9, 1, "", 0.4, FALSE},
      {1.1, 1.4, 2, "", 1, TRUE},    {1.4, 3, 3, "", 0.3, FALSE},
  };
  mg_background(cr, style, width, height);
  mg_answers_draw(cr, &area, style, stretches, G_N_ELEMENTS(stretches));
}

/* Whiskers, a bar below zero, and more bars than have room. */
/* Part of a sum of sines with its samples. */
static void
draw_chart(cairo_t *cr, const MgStyle *style)
{
  double x[80], sum[80], target[80];
  for (int i = 0; i < 80; i++) {
    x[i] = i / 40.0;
    sum[i] = sin(2 * G_PI * x[i]) + sin(6 * G_PI * x[i]) / 3;
    target[i] = fmod(x[i], 1) < 0.5 ? G_PI / 4 : -G_PI / 4;
  }
  double dot_x[8], dot_y[8];
  for (int i = 0; i < 8; i++) {
    dot_x[i] = x[10 * i];
    dot_y[i] = sum[10 * i];
  }
  MgCurve curves[] = {{"", x, sum, 80, 0, FALSE, 0, NAN}, {"", x, target, 80, 1, TRUE, 0, NAN}};
  mg_chart_draw(cr, width, height, style,
                &(MgChart){.curves = curves,
                           .n = 2,
                           .x1 = 2,
                           .y0 = -1.2,
                           .y1 = 1.2,
                           .x_ticks = MG_TICKS_LINEAR,
                           .y_ticks = MG_TICKS_LINEAR,
                           .dot_x = dot_x,
                           .dot_y = dot_y,
                           .dots = 8,
                           .dot_hue = 2});
}

static void
draw_bars(cairo_t *cr, const MgStyle *style)
{
  MgBar values[12];
  for (int i = 0; i < 12; i++)
    values[i] = (MgBar){"", 0.5 - 0.12 * i, i % 3 ? 0.05 * i : NAN};
  MgBars bars = {values, 12, NULL, 2};
  mg_bars_draw(cr, width, height, style, &bars, 1);
}

/* Five axes, lines from faint to strong, one that passes an axis, and the strongest marked. */
static void
draw_parallel(cairo_t *cr, const MgStyle *style)
{
  enum { axes = 5, lines = 12 };
  static const char *const labels[] = {"", "", ""};
  static const double places[] = {0, 0.5, 1};
  MgParallelAxis axis[axes];
  MgParallelLine line[lines];
  double at[lines][axes];
  for (int a = 0; a < axes; a++)
    axis[a] = (MgParallelAxis){"", labels, places, 3};
  for (int i = 0; i < lines; i++) {
    for (int a = 0; a < axes; a++)
      at[i][a] = a == 2 && i % 4 == 3 ? NAN : 0.5 + 0.5 * sin(i * (a + 1.3) + a);
    line[i] = (MgParallelLine){at[i], (i + 1.0) / lines};
  }
  MgParallel parallel = {axis, axes, line, lines};
  mg_parallel_draw(cr, width, height, style, &parallel, lines - 1);
}

/* Whole and stopped trials, one without a score, one far below. */
/* A dashed second run, and one whose points have rows behind them. */
static void
draw_quality(cairo_t *cr, const MgStyle *style)
{
  enum { n = 40 };
  double x[n], good[n], fair[n], sure[5] = {0.3, 0.5, 0.7, 0.85, 0.97}, right[5] = {0.2, 0.55, 0.6, 0.7, 0.95};
  const double rows[5] = {3, 10, 20, 40, 160};
  for (int i = 0; i < n; i++) {
    x[i] = i / (n - 1.0);
    good[i] = pow(x[i], 0.2);
    fair[i] = pow(x[i], 0.6);
  }
  MgQualityLine lines[] = {
      {"", x, good, NULL, n, 0, FALSE}, {"", x, fair, NULL, n, 0, TRUE}, {"", sure, right, rows, 5, 1, FALSE}};
  MgQualityLook look = {"", "", "", "", TRUE, FALSE};
  mg_quality_draw(cr, width, height, style, &(MgQuality){&look, lines, G_N_ELEMENTS(lines), "", NULL});
}

static void
draw_trials(cairo_t *cr, const MgStyle *style)
{
  enum { n = 24 };
  double scores[n];
  gboolean whole[n];
  for (int i = 0; i < n; i++) {
    scores[i] = i == 7 ? NAN : i == 11 ? 0.02 : 0.6 + 0.1 * sin(i * 1.7) + 0.005 * i;
    whole[i] = i % 3 != 1;
  }
  MgTrialsPlot plot = {scores, whole, n, 30, "", ""};
  mg_trials_draw(cr, width, height, style, &plot, 17);
}

/* Right ones, wrong ones, an empty row, and a cell that is looked at; too many for numbers. */
static void
draw_confusion(cairo_t *cr, const MgStyle *style)
{
  enum { classes = 14 };
  static const char *const names[] = {"", "", "", "", "", "", "", "", "", "", "", "", "", ""};
  guint matrix[classes * classes] = {0};
  for (int i = 0; i < classes - 1; i++) {
    matrix[i * classes + i] = 9;
    matrix[i * classes + i * 5 % classes] += (guint)i;
  }
  mg_confusion_draw(cr, width, height, style, matrix, classes, names, 20);
}

/* Narrow segments, without numbers: sure, unsure, and wrong. */
static void
draw_ribbon(cairo_t *cr, const MgStyle *style)
{
  enum { n = 16 };
  static const float strengths[3][3] = {{0.9f, 0.05f, 0.05f}, {0.3f, 0.4f, 0.3f}, {0.1f, 0.1f, 0.8f}};
  MgRibbonSegment segments[n];
  for (int i = 0; i < n; i++)
    segments[i] = (MgRibbonSegment){i / 8.0, (i + 1) / 8.0, strengths[i % 3], i % 3, i % 4 - 1};
  mg_ribbon_draw(cr, &area, style, segments, n, 3);
}

static void
draw_evidence(cairo_t *cr, const MgStyle *style)
{
  g_autoptr(MgMatrix) picture = sound(48, 96), map = mg_matrix_new(48, 96, NULL);
  for (size_t i = 0; i < 48 * 96; i++)
    map->data[i] = (float)(sin(i % 96 / 15.0) * cos(i / 96 / 9.0));
  MgEvidencePicture evidence = {.picture = picture, .map = map, .strength = 0.7, .end = 2};
  MgGeometry g = mg_evidence_layout(&evidence, style, width, height);
  mg_evidence_draw(cr, &g, style, &evidence);
}

/* Grids of a linear and a mel axis. */
static void
draw_grid(cairo_t *cr, const MgStyle *style)
{
  MgGeometry g = area;
  g.y1 = mg_axis_mel(8000);
  mg_axis_draw_x(cr, &g, style, MG_TICKS_TIME, NULL, TRUE, FALSE);
  mg_axis_draw_y(cr, &g, style, MG_TICKS_MEL, NULL, TRUE);
}

static void
draw_colorbar(cairo_t *cr, const MgStyle *style)
{
  MgGeometry bar = {.x = 8, .y = 8, .width = 60, .height = height - 16};
  MgImageStyle look = {-80, 0, mg_colormap_find("viridis"), MG_SCALE_LINEAR_HZ};
  mg_colorbar_draw(cr, &bar, style, &look, NULL);
}

static void
draw_mesh(cairo_t *cr, const MgStyle *style)
{
  draw_turned(cr, style, "only", 140);
}

/* As the window shows it: turned, with the lines of a time and a frequency. */
static void
draw_sections(cairo_t *cr, const MgStyle *style)
{
  g_autoptr(MgParams) params = mg_params_new(surface_tables);
  g_autoptr(MgMatrix) matrix = sound(64, 128);
  MgSurfaceWorld world = {.seconds = 2, .high_hz = 8000, .low_db = -80};
  g_autoptr(MgSurface) surface = mg_surface_new(matrix, &world);
  g_autoptr(MgSurfacePicture) picture =
      mg_surface_picture_new(surface, width, height, mg_pixels_per_unit(cr), style, params, TRUE, NULL);
  cairo_set_source_surface(cr, mg_surface_picture_pixels(picture), 0, 0);
  cairo_paint(cr);
  mg_surface_picture_draw_section(picture, cr, MG_SURFACE_TIME, 0.6, style->accent, 1);
  mg_surface_picture_draw_section(picture, cr, MG_SURFACE_FREQUENCY, 0.3, style->accent, 1);
}

/* A mark, stretches that overlap and one that is chosen. */
static void
draw_labels(cairo_t *cr, const MgStyle *style)
{
  MgLabelSpan spans[] = {{0.1, 0.5, "", FALSE, 0}, {0.3, 0.9, "", FALSE, 0}, {0.7, 0.7, "", FALSE, 0},
                         {1.1, 1.6, "", TRUE, 0},  {1.2, 1.3, "", FALSE, 0}, {1.8, 1.8, "", TRUE, 0}};
  int rows = mg_label_spans_stack(spans, G_N_ELEMENTS(spans), &area, style);
  mg_label_spans_draw(cr, &area, style, spans, G_N_ELEMENTS(spans), rows);
}

static void
draw_spectrum(cairo_t *cr, const MgStyle *style)
{
  enum { bins = 257 };
  static float db[bins];
  static const double peak_hz[] = {500, 1500}, peak_db[] = {-10, -30};
  for (int i = 0; i < bins; i++) {
    double hz = i * 31.25;
    db[i] = (float)MAX(-90 + 5 * sin(i / 7.0), MAX(-10 - fabs(hz - 500) / 6, -30 - fabs(hz - 1500) / 9));
  }
  MgSpectrum spectrum = {db, bins, 31.25, 40, -100, 0, peak_hz, peak_db, G_N_ELEMENTS(peak_hz)};
  mg_spectrum_draw(cr, width, height, style, &spectrum, "", "");
}

typedef struct {
  const char *name;
  void (*draw)(cairo_t *cr, const MgStyle *style);
  gboolean plain; /* the same on light and dark */
} Picture;

/* Each of them light and dark, at one and at two pixels a unit. */
static const Picture pictures[] = {
    {"image-linear", draw_linear, TRUE}, {"image-log", draw_log, TRUE},
    {"image-mel", draw_mel, TRUE},       {"waveform", draw_waveform, FALSE},
    {"curves", draw_curves, FALSE},      {"surface", draw_surface, FALSE},
    {"maps", draw_maps, FALSE},          {"diagram", draw_diagram, FALSE},
    {"overlay", draw_overlay, FALSE},    {"line", draw_line, FALSE},
    {"gallery", draw_gallery, FALSE},    {"scatter", draw_scatter, FALSE},
    {"regions", draw_regions, FALSE},    {"bars", draw_bars, FALSE},
    {"answers", draw_answers, FALSE},    {"parallel", draw_parallel, FALSE},
    {"trials", draw_trials, FALSE},      {"confusion", draw_confusion, FALSE},
    {"ribbon", draw_ribbon, FALSE},      {"evidence", draw_evidence, FALSE},
    {"grid", draw_grid, FALSE},          {"chart", draw_chart, FALSE},
    {"colorbar", draw_colorbar, FALSE},  {"quality", draw_quality, FALSE},
    {"surface-mesh", draw_mesh, FALSE},  {"surface-sections", draw_sections, FALSE},
    {"labels", draw_labels, FALSE},      {"spectrum", draw_spectrum, FALSE},
};

typedef struct {
  const Picture *picture;
  gboolean dark;
  int scale;
  char *name;
} Variant;

/* Mean difference a channel, and the share of pixels that are another colour. */
static void
compare(Canvas *canvas, cairo_surface_t *golden, const char *name)
{
  double sum = 0, changed = 0;
  g_assert_cmpint(cairo_surface_status(golden), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint(cairo_image_surface_get_width(golden), ==, canvas->width);
  g_assert_cmpint(cairo_image_surface_get_height(golden), ==, canvas->height);
  for (int y = 0; y < canvas->height; y++) {
    const unsigned char *row = cairo_image_surface_get_data(golden);
    row += (size_t)y * cairo_image_surface_get_stride(golden);
    for (int x = 0; x < canvas->width; x++) {
      guint32 a = canvas_pixel(canvas, x, y), b = ((const guint32 *)(gconstpointer)row)[x];
      int largest = 0;
      for (int shift = 0; shift < 24; shift += 8) {
        int difference = ABS((int)(a >> shift & 255) - (int)(b >> shift & 255));
        sum += difference;
        largest = MAX(largest, difference);
      }
      changed += largest > 40;
    }
  }
  double pixels = canvas->width * canvas->height;
  if (sum / pixels / 3 > 1.5 || changed / pixels > 0.01)
    g_test_fail_printf("%s: mean difference %.2f, %.2f%% of the pixels changed", name, sum / pixels / 3,
                       changed / pixels * 100);
}

static void
test_variant(gconstpointer data)
{
  const Variant *variant = data;
  MgStyle style = variant->dark ? mg_style_dark : mg_style_light;
  for (int c = 0; c < 4; c++)
    style.foreground[c] = style.background[c]; /* no text */
  Canvas canvas = canvas_new(width * variant->scale, height * variant->scale);
  cairo_surface_set_device_scale(canvas.surface, variant->scale, variant->scale);
  cairo_set_source_rgb(canvas.cr, style.background[0], style.background[1], style.background[2]);
  cairo_paint(canvas.cr);
  variant->picture->draw(canvas.cr, &style);
  g_autofree char *file = g_strdup_printf("renders/%s.png", variant->name);
  g_autofree char *path = test_file(file);
  if (g_getenv("MELOGRAPH_UPDATE_RENDERS"))
    g_assert_cmpint(cairo_surface_write_to_png(canvas.surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_t *golden = cairo_image_surface_create_from_png(path);
  compare(&canvas, golden, variant->name);
  cairo_surface_destroy(golden);
  canvas_free(&canvas);
}

static void
free_variant(gpointer data)
{
  Variant *variant = data;
  g_free(variant->name);
  g_free(variant);
}

static void
add_variant(const Picture *picture, gboolean dark, int scale)
{
  Variant *variant = g_new(Variant, 1);
  char *name = g_strconcat(picture->name, dark ? "-dark" : "", scale == 2 ? "-2x" : "", NULL);
  *variant = (Variant){picture, dark, scale, name};
  g_autofree char *path = g_strdup_printf("/render/%s", name);
  g_test_add_data_func_full(path, variant, test_variant, free_variant);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++)
    for (int scale = 1; scale <= 2; scale++)
      for (int dark = 0; dark <= !pictures[i].plain; dark++)
        add_variant(&pictures[i], dark, scale);
  return g_test_run();
}
