/* The arithmetic of time, pixels and frames at zooms that no picture has: there and back again. */
#include "support.h"
#include "base/rng.h"
#include "plot/image.h"

/* From two milliseconds to ten hours, anywhere in ten hours. */
static MgGeometry
any_geometry(MgRng *rng)
{
  double span = exp(mg_rng_between(rng, log(0.002), log(36000)));
  MgGeometry g = {.x = mg_rng_between(rng, 0, 200),
                  .y = mg_rng_between(rng, 0, 2000),
                  .width = floor(mg_rng_between(rng, 1, 8192)),
                  .height = floor(mg_rng_between(rng, 1, 4096)),
                  .x0 = mg_rng_between(rng, 0, 36000 - span),
                  .y1 = 1};
  g.x1 = g.x0 + span;
  return g;
}

static void
test_pixels(void)
{
  MgRng rng = mg_rng_new(1);
  for (int i = 0; i < 100000; i++) {
    MgGeometry g = any_geometry(&rng);
    double x = g.x + mg_rng_between(&rng, 0, g.width), seconds = mg_geometry_from_x(&g, x);
    g_assert_cmpfloat(seconds, >=, g.x0);
    g_assert_cmpfloat(seconds, <=, g.x1);
    /* seconds are doubles: ten hours have steps of 7e-12 s, which at 8192 pixels for 2 ms is 3e-5 of a pixel */
    g_assert_cmpfloat_with_epsilon(mg_geometry_to_x(&g, seconds), x, 1e-4);
    double y = g.y + mg_rng_between(&rng, 0, g.height);
    g_assert_cmpfloat_with_epsilon(mg_geometry_to_y(&g, mg_geometry_from_y(&g, y)), y, 1e-6);
    g_assert_cmpfloat(mg_geometry_to_x(&g, g.x0), ==, g.x);
    g_assert_cmpfloat(mg_geometry_to_y(&g, g.y0), ==, g.y + g.height);
  }
}

static MgImageSource
any_source(MgRng *rng, size_t frames)
{
  MgImageSource source = {.bins = 1, .frames = frames, .top_hz = 8000, .low_db = -80};
  source.frame_step = exp(mg_rng_between(rng, log(1e-4), log(30)));
  source.first_time = mg_rng_between(rng, 0, 4) * source.frame_step;
  return source;
}

static void
test_frames(void)
{
  MgRng rng = mg_rng_new(2);
  for (int i = 0; i < 100000; i++) {
    MgImageSource source = any_source(&rng, 1000000);
    double frame = floor(mg_rng_between(&rng, 0, 1e6));
    double seconds = source.first_time + frame * source.frame_step;
    g_assert_cmpfloat_with_epsilon(mg_image_frame(&source, seconds), frame, 1e-6);
    g_assert_cmpfloat_with_epsilon(mg_image_frame(&source, seconds + source.frame_step / 2), frame + 0.5, 1e-6);
  }
}

/* One frame is loud: exactly the pixels that it covers are bright, and the readout of each of them tells that frame. */
static void
test_one_frame(void)
{
  enum { frames = 64, most = 700 };
  MgRng rng = mg_rng_new(3);
  guint8 levels[frames];
  guint32 argb[most];
  for (int i = 0; i < 4000; i++) {
    MgImageSource source = any_source(&rng, frames);
    size_t loud = (size_t)mg_rng_below(&rng, frames);
    memset(levels, 0, sizeof levels);
    levels[loud] = 255;
    source.levels = levels;
    MgImageStyle style = {-80, 0, mg_colormap_find("grey"), MG_SCALE_ROWS};
    int width = 1 + (int)mg_rng_below(&rng, most);
    double middle = source.first_time + (double)loud * source.frame_step;
    double span = source.frame_step * exp(mg_rng_between(&rng, log(0.01), log(200)));
    double x0 = middle - span * mg_rng_between(&rng, 0.1, 0.9), pixel = span / width;
    mg_image_compose(&source, &style, x0, x0 + span, 0, 1, width, 1, argb, most, 0);
    int bright = 0;
    for (int x = 0; x < width; x++) {
      double left = x0 + x * pixel, right = left + pixel;
      gboolean is_bright = (argb[x] & 255) > 128;
      bright += is_bright;
      double slack = 1e-6 * source.frame_step;
      if (is_bright) { /* the pixel touches the frame, or the frame whose centre it holds */
        g_assert_cmpfloat(right, >, middle - source.frame_step / 2 - pixel - slack);
        g_assert_cmpfloat(left, <, middle + source.frame_step / 2 + pixel + slack);
      } else if (pixel < source.frame_step) /* finer than the data: what lies wholly in the frame is bright */
        g_assert_false(left > middle - source.frame_step / 2 + pixel && right < middle + source.frame_step / 2 - pixel);
    }
    g_assert_cmpint(bright, >=, 1); /* a peak never vanishes */
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/geometry/pixels", test_pixels);
  g_test_add_func("/geometry/frames", test_frames);
  g_test_add_func("/geometry/one-frame", test_one_frame);
  return g_test_run();
}
