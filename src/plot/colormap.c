#include "plot/colormap.h"
#include <math.h>

#define CONTROL_VALUES 16

/* Every 17th of the 256 published values: magma, viridis, inferno (van der Walt and Smith, 2015, CC0), cividis (Nunez,
 * Anderton and Renslow, 2018). A Catmull-Rom curve through them stays within 5/255 of the tables. */
static const struct {
  const char *name;
  guint32 control[CONTROL_VALUES];
} published[] = {
    {"magma",
     {0x000004, 0x0b0924, 0x20114b, 0x3b0f70, 0x57157e, 0x721f81, 0x8c2981, 0xa8327d, 0xc43c75, 0xde4968, 0xf1605d,
      0xfa7f5e, 0xfe9f6d, 0xfebf84, 0xfddea0, 0xfcfdbf}},
    {"viridis",
     {0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e, 0x1f988b, 0x22a884, 0x35b779,
      0x54c568, 0x7ad151, 0xa5db36, 0xd2e21b, 0xfde725}},
    {"inferno",
     {0x000004, 0x0c0826, 0x240c4f, 0x420a68, 0x5d126e, 0x781c6d, 0x932667, 0xae305c, 0xc73e4c, 0xdd513a, 0xed6925,
      0xf8850f, 0xfca50a, 0xfac62d, 0xf2e661, 0xfcffa4}},
    {"cividis",
     {0x00224e, 0x002e6c, 0x1e3a6f, 0x35456c, 0x47516c, 0x575d6d, 0x666970, 0x757575, 0x848279, 0x948e77, 0xa59c74,
      0xb7a96e, 0xc8b866, 0xdbc75a, 0xeed649, 0xfee838}},
    {"grey",
     {0x000000, 0x111111, 0x222222, 0x333333, 0x444444, 0x555555, 0x666666, 0x777777, 0x888888, 0x999999, 0xaaaaaa,
      0xbbbbbb, 0xcccccc, 0xdddddd, 0xeeeeee, 0xffffff}},
    {"cyclic", /* a circle of radius 46 in CIE L*a*b* at L* = 62: no phase is brighter than another */
     {0xe07397, 0xe27677, 0xd77f5b, 0xc28b47, 0xa69642, 0x849f4c, 0x5ca664, 0x18aa84, 0x00aba5, 0x00a9c5, 0x00a5dc,
      0x329de7, 0x7e91e3, 0xae85d3, 0xcf79b8, 0xe07397}},
};

static MgColormap colormaps[G_N_ELEMENTS(published)];
static const MgColormap *colormap_list[G_N_ELEMENTS(published) + 1];

/* Beyond the ends the curve goes on straight. */
static double
control_value(const guint32 *control, int i, int shift)
{
  int inside = CLAMP(i, 0, CONTROL_VALUES - 1);
  double value = (control[inside] >> shift) & 255;
  if (i == inside)
    return value;
  int next = i < 0 ? 1 : CONTROL_VALUES - 2;
  return 2 * value - ((control[next] >> shift) & 255);
}

static guint32
interpolated_channel(const guint32 *control, double at, int shift)
{
  int i = MIN((int)at, CONTROL_VALUES - 2);
  double t = at - i;
  double a = control_value(control, i - 1, shift), b = control_value(control, i, shift);
  double c = control_value(control, i + 1, shift), d = control_value(control, i + 2, shift);
  double value = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  return (guint32)lround(CLAMP(value, 0, 255));
}

static gpointer
make_colormaps(gpointer unused)
{
  for (size_t m = 0; m < G_N_ELEMENTS(published); m++) {
    colormaps[m].name = published[m].name;
    for (int i = 0; i < 256; i++) {
      double at = i / 255.0 * (CONTROL_VALUES - 1);
      guint32 argb = 0xff000000;
      for (int shift = 0; shift <= 16; shift += 8)
        argb |= interpolated_channel(published[m].control, at, shift) << shift;
      colormaps[m].argb[i] = argb;
    }
    colormap_list[m] = &colormaps[m];
  }
  return NULL;
}

const MgColormap *const *
mg_colormaps(void)
{
  static GOnce once = G_ONCE_INIT;
  g_once(&once, make_colormaps, NULL);
  return colormap_list;
}

const MgColormap *
mg_colormap_find(const char *name)
{
  for (const MgColormap *const *map = mg_colormaps(); *map; map++)
    if (g_strcmp0((*map)->name, name) == 0)
      return *map;
  return NULL;
}

void
mg_hue(int i, double rgb[3])
{
  /* Okabe and Ito, "Color Universal Design", 2008. Grey stands for their black, which would vanish on a dark ground. */
  static const guint32 hues[] = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x999999, 0xf0e442};
  guint32 hue = hues[(guint)i % G_N_ELEMENTS(hues)];
  rgb[0] = ((hue >> 16) & 255) / 255.0;
  rgb[1] = ((hue >> 8) & 255) / 255.0;
  rgb[2] = (hue & 255) / 255.0;
}
