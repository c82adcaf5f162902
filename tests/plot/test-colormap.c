#include "support.h"
#include "plot/colormap.h"

static double
luminance(guint32 argb)
{
  double channels[3];
  for (int c = 0; c < 3; c++)
    channels[c] = pow(((argb >> (16 - 8 * c)) & 255) / 255.0, 2.2);
  return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
}

/* Louder is lighter, in every map of levels: what makes them readable in grey and to the colour-blind. */
static void
test_luminance(void)
{
  int maps = 0;
  for (const MgColormap *const *map = mg_colormaps(); *map; map++, maps++)
    for (int i = 1; i < 256 && !g_str_equal((*map)->name, "cyclic"); i++) {
      double before = luminance((*map)->argb[i - 1]), after = luminance((*map)->argb[i]);
      if (after < before - 0.002)
        g_test_fail_printf("%s darkens from %d to %d: %g, %g", (*map)->name, i - 1, i, before, after);
    }
  g_assert_cmpint(maps, ==, 6);
}

/* Phases meet at the ends, and none stands out. */
static void
test_cyclic(void)
{
  const MgColormap *map = mg_colormap_find("cyclic");
  double low = 1, high = 0;
  for (int i = 0; i < 256; i++) {
    low = MIN(low, luminance(map->argb[i]));
    high = MAX(high, luminance(map->argb[i]));
  }
  g_assert_cmphex(map->argb[0], ==, map->argb[255]);
  g_assert_cmpfloat(high / low, <, 1.35);
}

static void
test_smooth(void)
{
  for (const MgColormap *const *map = mg_colormaps(); *map; map++)
    for (int i = 1; i < 256; i++)
      for (int shift = 0; shift < 24; shift += 8) {
        int step = (int)(((*map)->argb[i] >> shift) & 255) - (int)(((*map)->argb[i - 1] >> shift) & 255);
        g_assert_cmpint(ABS(step), <=, 7);
      }
}

/* The published tables' ends and middles (matplotlib 3: viridis 128, magma 113, inferno 116, cividis 63 and 191). */
static void
test_published(void)
{
  static const struct {
    const char *name;
    int index;
    int rgb[3];
  } values[] = {
      {"magma", 0, {0, 0, 4}},         {"magma", 113, {158, 47, 127}},    {"magma", 255, {252, 253, 191}},
      {"viridis", 0, {68, 1, 84}},     {"viridis", 128, {33, 145, 140}},  {"viridis", 255, {253, 231, 37}},
      {"inferno", 116, {169, 46, 94}}, {"inferno", 255, {252, 255, 164}}, {"cividis", 0, {0, 34, 78}},
      {"cividis", 63, {66, 78, 108}},  {"cividis", 191, {187, 173, 109}}, {"grey", 128, {128, 128, 128}},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
    guint32 argb = mg_colormap_find(values[i].name)->argb[values[i].index];
    g_assert_cmphex(argb >> 24, ==, 255);
    for (int c = 0; c < 3; c++)
      g_assert_cmpint(ABS((int)((argb >> (16 - 8 * c)) & 255) - values[i].rgb[c]), <=, 5);
  }
}

static void
test_find(void)
{
  g_auto(GStrv) names = g_strsplit(MG_COLORMAP_CHOICES, "|", -1);
  for (int i = 0; names[i]; i++)
    g_assert_cmpstr(mg_colormap_find(names[i])->name, ==, names[i]);
  g_assert_null(mg_colormap_find("jet"));
  g_assert_null(mg_colormap_find(NULL));
}

static void
test_hues(void)
{
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < i; k++) {
      double a[3], b[3];
      mg_hue(i, a);
      mg_hue(k, b);
      g_assert_cmpfloat(fabs(a[0] - b[0]) + fabs(a[1] - b[1]) + fabs(a[2] - b[2]), >, 0.3);
    }
  double first[3], ninth[3];
  mg_hue(0, first);
  mg_hue(8, ninth);
  g_assert_cmpfloat(first[2], ==, ninth[2]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/colormap/cyclic", test_cyclic);
  g_test_add_func("/colormap/luminance", test_luminance);
  g_test_add_func("/colormap/smooth", test_smooth);
  g_test_add_func("/colormap/published", test_published);
  g_test_add_func("/colormap/find", test_find);
  g_test_add_func("/colormap/hues", test_hues);
  return g_test_run();
}
