#include "session/playhead.h"
#include "support.h"

static void
test_nothing(void)
{
  MgPlayhead *playhead = mg_playhead_new();
  g_assert_cmpint(mg_playhead_at(playhead, 100), ==, -1);
  mg_playhead_free(playhead);
}

static void
test_straight(void)
{
  MgPlayhead *playhead = mg_playhead_new();
  mg_playhead_wrote(playhead, 1000, 500);
  mg_playhead_wrote(playhead, 1500, 500);
  g_assert_cmpint(mg_playhead_at(playhead, 0), ==, 1000);
  g_assert_cmpint(mg_playhead_at(playhead, 700), ==, 1700);
  g_assert_cmpint(mg_playhead_ahead(playhead, 700), ==, 300);
  g_assert_cmpint(mg_playhead_at(playhead, 5000), ==, 2000); /* never beyond what was written */
  g_assert_cmpint(mg_playhead_ahead(playhead, 5000), ==, 0);
  mg_playhead_free(playhead);
}

static void
test_loop(void)
{
  MgPlayhead *playhead = mg_playhead_new();
  mg_playhead_wrote(playhead, 200, 100);
  mg_playhead_wrote(playhead, 100, 200); /* back to the start */
  mg_playhead_wrote(playhead, 100, 200);
  g_assert_cmpint(mg_playhead_at(playhead, 99), ==, 299);
  g_assert_cmpint(mg_playhead_at(playhead, 100), ==, 100);
  g_assert_cmpint(mg_playhead_at(playhead, 350), ==, 150);
  mg_playhead_free(playhead);
}

static void
test_restart(void)
{
  MgPlayhead *playhead = mg_playhead_new();
  mg_playhead_wrote(playhead, 0, 1000);
  mg_playhead_restart(playhead, 400); /* a seek: what was queued is dropped */
  g_assert_cmpint(mg_playhead_at(playhead, 400), ==, -1);
  mg_playhead_wrote(playhead, 7000, 100);
  g_assert_cmpint(mg_playhead_at(playhead, 450), ==, 7050);
  mg_playhead_free(playhead);
}

static void
test_steps(void)
{
  gint64 place = 90;
  g_assert_cmpint(mg_playhead_step(&place, 50, 100, FALSE, 64), ==, 10);
  place = 100;
  g_assert_cmpint(mg_playhead_step(&place, 50, 100, FALSE, 64), ==, 0);
  g_assert_cmpint(mg_playhead_step(&place, 50, 100, TRUE, 64), ==, 50);
  g_assert_cmpint(place, ==, 50);
  place = 10;
  g_assert_cmpint(mg_playhead_step(&place, 10, 10, TRUE, 64), ==, 0); /* an empty region does not spin */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/playhead/nothing", test_nothing);
  g_test_add_func("/playhead/straight", test_straight);
  g_test_add_func("/playhead/loop", test_loop);
  g_test_add_func("/playhead/restart", test_restart);
  g_test_add_func("/playhead/steps", test_steps);
  return g_test_run();
}
