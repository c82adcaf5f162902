/* Milliseconds a picture, on a synthetic sound of 1025 bins: what a frame of the window is made of. */
#include "cli/bench.h"
#include "plot/axis.h"
#include "plot/image.h"
#include "plot/scatter.h"
#include "plot/surface.h"
#include "plot/waveform.h"
#include <math.h>

enum { BINS = 1025, FRAMES = 16000, WIDTH = 1800, HEIGHT = 900 };
static const double frame_step = 512 / 22050.0;

typedef struct {
  guint8 *levels; /* (FRAMES, BINS) */
  MgMatrix *surface;
  MgParams *params;
  float *low, *high; /* WIDTH */
  cairo_surface_t *picture;
} Scene;

static void
compose(Scene *scene, MgFrequencyScale scale, double frames_a_pixel)
{
  MgImageSource source = {.levels = scene->levels,
                          .bins = BINS,
                          .frames = FRAMES,
                          .frame_step = frame_step,
                          .top_hz = 11025,
                          .low_db = -80};
  MgImageStyle style = {-80, 0, mg_colormap_find("magma"), scale};
  double y0, y1;
  mg_image_limits(&source, scale, &y0, &y1);
  guint32 *argb = (guint32 *)(gpointer)cairo_image_surface_get_data(scene->picture);
  mg_image_compose(&source, &style, 0, WIDTH * frames_a_pixel * frame_step, y0, y1, WIDTH, HEIGHT, argb,
                   cairo_image_surface_get_stride(scene->picture) / sizeof *argb, 0);
}

static void
compose_near(Scene *scene, cairo_t *cr)
{
  compose(scene, MG_SCALE_LINEAR_HZ, 0.1);
}

static void
compose_linear(Scene *scene, cairo_t *cr)
{
  compose(scene, MG_SCALE_LINEAR_HZ, 1.5);
}

static void
compose_mel(Scene *scene, cairo_t *cr)
{
  compose(scene, MG_SCALE_MEL_HZ, 1.5);
}

static void
draw_waveform(Scene *scene, cairo_t *cr)
{
  MgGeometry g = {0, 0, WIDTH, 200, 0, 1, -1, 1};
  mg_waveform_draw(cr, &g, &mg_style_dark, scene->low, scene->high, NULL, WIDTH);
}

static void
draw_axes(Scene *scene, cairo_t *cr)
{
  MgGeometry g = {80, 0, WIDTH - 80, HEIGHT - 40, 0, 232, 0, mg_axis_mel(11025)};
  mg_axis_draw_x(cr, &g, &mg_style_dark, MG_TICKS_TIME, "Time", TRUE, FALSE);
  mg_axis_draw_y(cr, &g, &mg_style_dark, MG_TICKS_MEL, "Frequency (Hz)", TRUE);
}

static void
draw_surface(Scene *scene, cairo_t *cr)
{
  MgSurfaceWorld world = {.seconds = 6, .high_hz = 11025, .mel = TRUE, .low_db = -80};
  mg_surface_draw(cr, 1200, 800, &mg_style_dark, scene->surface, &world, scene->params, FALSE);
}

/* Ten clouds, a fifth of the points ringed. */
static void
draw_scatter(Scene *scene, cairo_t *cr)
{
  static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  static MgPoint points[10000];
  for (int i = 0; i < (int)G_N_ELEMENTS(points); i++)
    points[i] = (MgPoint){.x = (float)(3 * cos(i % 10) + sin(i * 1.3) * cos(i * 0.7)),
                          .y = (float)(3 * sin(i % 10) + sin(i * 1.7) * cos(i * 0.9)),
                          .group = i % 10,
                          .shape = i % MG_N_POINT_SHAPES,
                          .wrong = i % 5 == 0};
  MgScatter scatter = {.points = points, .n = G_N_ELEMENTS(points), .groups = names, .n_groups = 10, .wrong = "wrong"};
  mg_scatter_draw(cr, 900, 500, &mg_style_dark, &scatter);
}

static const struct {
  const char *name;
  void (*draw)(Scene *scene, cairo_t *cr);
} cases[] = {
    {"spectrogram 1800x900, 0.1 frames a pixel", compose_near},
    {"spectrogram 1800x900, 1.5 frames a pixel", compose_linear},
    {"spectrogram 1800x900, 1.5 frames a pixel, mel axis", compose_mel},
    {"waveform 1800x200", draw_waveform},
    {"axes 1800x900", draw_axes},
    {"surface 512x256 at 1200x800", draw_surface},
    {"scatter of 10,000 points at 900x500", draw_scatter},
};

/* A gliding harmonic tone. */
static double
level_at(double time, double at)
{
  double distance = fmod(at * 20 + 3 * sin(time * 9), 1) - 0.5;
  return (1 - at) * exp(-20 * distance * distance) * (0.8 + 0.2 * sin(time * 60));
}

static gboolean
make_scene(Scene *scene, GError **error)
{
  static const MgParamTable *const tables[] = {&mg_surface_params, NULL};
  *scene = (Scene){.surface = mg_matrix_new(256, 512, error)};
  if (!scene->surface)
    return FALSE;
  for (size_t i = 0; i < 256 * 512; i++)
    scene->surface->data[i] = (float)(-80 + 80 * level_at(i % 512 / 512.0, i / 512 / 256.0));
  scene->levels = g_malloc((size_t)BINS * FRAMES);
  for (size_t i = 0; i < (size_t)BINS * FRAMES; i++)
    scene->levels[i] = (guint8)(255 * level_at(i / BINS / 600.0, i % BINS / (double)BINS));
  scene->low = g_new(float, WIDTH);
  scene->high = g_new(float, WIDTH);
  for (int i = 0; i < WIDTH; i++) {
    scene->high[i] = (float)fabs(sin(i * 0.37));
    scene->low[i] = -scene->high[i];
  }
  scene->params = mg_params_new(tables);
  mg_params_set(scene->params, "smooth", "false", NULL);
  scene->picture = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  return TRUE;
}

static void
clear_scene(Scene *scene)
{
  mg_matrix_free(scene->surface);
  mg_params_free(scene->params);
  g_free(scene->levels);
  g_free(scene->low);
  g_free(scene->high);
  cairo_surface_destroy(scene->picture);
}

static void
run_case(size_t c, Scene *scene, int repeats)
{
  g_autofree double *seconds = g_new(double, repeats);
  for (int i = -1; i < repeats; i++) { /* the first warms up */
    cairo_t *cr = cairo_create(scene->picture);
    double start = mg_bench_seconds();
    cases[c].draw(scene, cr);
    if (i >= 0)
      seconds[i] = mg_bench_seconds() - start;
    cairo_destroy(cr);
  }
  mg_bench_report(json_pack("{s:s, s:i, s:f, s:f}", "picture", cases[c].name, "threads", 1, "ms",
                            mg_bench_median_ms(seconds, repeats), "peak_rss_mb", mg_bench_peak_mb()));
}

static gboolean
run(const MgBenchOptions *options, GError **error)
{
  Scene scene;
  if (!make_scene(&scene, error))
    return FALSE;
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++)
    run_case(c, &scene, options->repeats);
  clear_scene(&scene);
  return TRUE;
}

const MgBench mg_bench_render = {"render", "pictures", run};
