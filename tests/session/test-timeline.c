#include "session/timeline.h"
#include "base/rng.h"
#include "support.h"

static MgTimeline *
new_timeline(double seconds)
{
  MgTimeline *timeline = mg_timeline_new();
  mg_timeline_set_duration(timeline, seconds);
  return timeline;
}

static void
assert_visible(MgTimeline *timeline, double from, double to)
{
  g_assert_cmpfloat_with_epsilon(mg_timeline_from(timeline), from, 1e-9);
  g_assert_cmpfloat_with_epsilon(mg_timeline_to(timeline), to, 1e-9);
}

static void
test_zoom(void)
{
  g_autoptr(MgTimeline) timeline = new_timeline(100);
  mg_timeline_zoom(timeline, 0.5, 20); /* 20 stays at a fifth */
  assert_visible(timeline, 10, 60);
  mg_timeline_zoom(timeline, 2, 20);
  assert_visible(timeline, 0, 100);
  mg_timeline_zoom(timeline, 1e-9, 30);
  g_assert_cmpfloat_with_epsilon(mg_timeline_to(timeline) - mg_timeline_from(timeline), MG_TIMELINE_SHORTEST, 1e-9);
  mg_timeline_zoom(timeline, 1e9, 30);
  assert_visible(timeline, 0, 100);
}

/* From anywhere to anywhere: the time that is zoomed at stays where it is seen, unless an end of the track is met. */
static void
test_any_zoom(void)
{
  MgRng rng = mg_rng_new(5);
  g_autoptr(MgTimeline) timeline = new_timeline(36000);
  for (int i = 0; i < 20000; i++) {
    double from = mg_timeline_from(timeline), length = mg_timeline_to(timeline) - from;
    double share = mg_rng_between(&rng, 0, 1), at = from + share * length;
    mg_timeline_zoom(timeline, exp(mg_rng_between(&rng, -3, 3)), at);
    double now = mg_timeline_to(timeline) - mg_timeline_from(timeline);
    g_assert_cmpfloat(mg_timeline_from(timeline), >=, 0);
    g_assert_cmpfloat(mg_timeline_to(timeline), <=, 36000 + 1e-9);
    g_assert_cmpfloat(now, >=, MG_TIMELINE_SHORTEST - 1e-9);
    if (mg_timeline_from(timeline) > 0 && mg_timeline_to(timeline) < 36000)
      g_assert_cmpfloat_with_epsilon((at - mg_timeline_from(timeline)) / now, share, 1e-6);
  }
}

static void
test_scroll(void)
{
  g_autoptr(MgTimeline) timeline = new_timeline(100);
  mg_timeline_show(timeline, 10, 30);
  mg_timeline_scroll(timeline, 5);
  assert_visible(timeline, 15, 35);
  mg_timeline_scroll(timeline, 1000);
  assert_visible(timeline, 80, 100);
  mg_timeline_scroll(timeline, -1000);
  assert_visible(timeline, 0, 20);
  mg_timeline_fit(timeline);
  assert_visible(timeline, 0, 100);
}

static void
test_cursor(void)
{
  g_autoptr(MgTimeline) timeline = new_timeline(100);
  mg_timeline_set_cursor(timeline, 250);
  g_assert_cmpfloat(mg_timeline_cursor(timeline), ==, 100);
  mg_timeline_show(timeline, 0, 10);
  mg_timeline_set_cursor(timeline, 42);
  mg_timeline_follow_cursor(timeline);
  g_assert_cmpfloat(mg_timeline_from(timeline), <=, 42);
  g_assert_cmpfloat(mg_timeline_to(timeline), >, 42);
  g_assert_cmpfloat_with_epsilon(mg_timeline_to(timeline) - mg_timeline_from(timeline), 10, 1e-9);
}

static void
test_empty_and_growing(void)
{
  g_autoptr(MgTimeline) timeline = new_timeline(0);
  mg_timeline_zoom(timeline, 0.5, 0);
  mg_timeline_scroll(timeline, 1);
  assert_visible(timeline, 0, 0);
  mg_timeline_grow(timeline, 3);
  assert_visible(timeline, 0, 3);
  mg_timeline_show(timeline, 1, 2);
  mg_timeline_grow(timeline, 4);
  assert_visible(timeline, 1, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/timeline/zoom", test_zoom);
  g_test_add_func("/timeline/any-zoom", test_any_zoom);
  g_test_add_func("/timeline/scroll", test_scroll);
  g_test_add_func("/timeline/cursor", test_cursor);
  g_test_add_func("/timeline/empty-and-growing", test_empty_and_growing);
  return g_test_run();
}
