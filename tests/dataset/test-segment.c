#include "dataset/segment.h"
#include "support.h"

static const MgParamTable *const tables[] = {&mg_segment_params, NULL};

static GArray *
cut(const char *seconds, const char *hop, double start, double duration)
{
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_assert_true(mg_params_set(params, "segment_seconds", seconds, NULL));
  g_assert_true(mg_params_set(params, "segment_hop", hop, NULL));
  GArray *segments = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  mg_segments_cut_track(segments, 3, start, duration, MG_SPLIT_VAL, params);
  return segments;
}

static void
test_counts(void)
{
  static const struct {
    const char *seconds, *hop;
    double duration;
    guint n;
  } cases[] = {
      {"15", "auto", 30, 2},    /* exactly */
      {"15", "auto", 37.49, 2}, /* a remainder under half */
      {"15", "auto", 37.5, 3},  /* half: kept, padded */
      {"15", "auto", 3, 1},     /* shorter than a segment, and under half of it */
      {"15", "auto", 0, 0},     /* nothing */
      {"5", "auto", 4.99999999, 1}, {"5", "auto", 220500 / 44100.0, 1},
      {"0.1", "auto", 0.3, 3},      {"10", "5", 30, 5},  /* overlapping: 0 5 10 15 20 */
      {"10", "5", 34.9, 5},                              /* 4.9 s that none holds: under half */
      {"10", "5", 35, 6},           {"10", "20", 45, 3}, /* gaps: 0 20 40 (5 s) */
      {"10", "20", 44, 2},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GArray) segments = cut(cases[i].seconds, cases[i].hop, 0, cases[i].duration);
    g_test_message("%s s, hop %s, of %g s", cases[i].seconds, cases[i].hop, cases[i].duration);
    g_assert_cmpuint(segments->len, ==, cases[i].n);
  }
}

static void
test_places(void)
{
  g_autoptr(GArray) segments = cut("4", "auto", 2, 10);
  g_assert_cmpuint(segments->len, ==, 3);
  for (guint i = 0; i < segments->len; i++) {
    const MgSegment *segment = &g_array_index(segments, MgSegment, i);
    g_assert_cmpuint(segment->track, ==, 3);
    g_assert_cmpuint(segment->part, ==, i + 1);
    g_assert_cmpfloat(segment->start, ==, 2 + 4 * i);
    g_assert_cmpfloat(segment->end, ==, 6 + 4 * i);
    g_assert_cmpint(segment->split, ==, MG_SPLIT_VAL);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/segment/counts", test_counts);
  g_test_add_func("/segment/places", test_places);
  return g_test_run();
}
