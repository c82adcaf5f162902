/* Playing, through a sound server of the test's own. */
#include "session-support.h"
#include "../audio/sound-server.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "session/player.h"
#include <glib/gstdio.h>
#include <math.h>

#define SR 22050
#define SECONDS 60

static SoundServer server;
static MgPlayer *player;
static char *sound;
static GError *failure;

static void
keep_failure(MgPlayer *from, const GError *error, gpointer data)
{
  failure = g_error_copy(error);
}

/* The position is asked for, not told. */
static gboolean
tick(gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Only a thread that is cancelled leaves a dead server, and the thread sanitizer takes that for an error. */
static gboolean
may_kill(void)
{
  gboolean races = g_getenv("TSAN_OPTIONS") != NULL;
  if (races)
    g_test_skip("the thread sanitizer takes a cancelled thread for an error");
  return !races;
}

static void
test_plays(void)
{
  mg_player_play(player, sound, 1, 0, 0);
  test_wait_for(mg_player_position(player) > 1.3);
  g_assert_cmpint(mg_player_state(player), ==, MG_PLAYER_PLAYING);
}

/* The server goes, and another is in its place already, however slow the machine is. */
static void
test_goes_on(void)
{
  if (!may_kill())
    return;
  g_autofree char *place = g_build_filename(server.folder, "native", NULL);
  g_autofree char *beside = g_build_filename(server.folder, "other", NULL);
  GPid other = launch_server(server.folder, beside);
  g_assert_cmpint(g_rename(beside, place), ==, 0);
  kill_server(&server);
  server.pid = other;
  double before = mg_player_position(player);
  test_wait_for(mg_player_position(player) > before + 1.5); /* farther than the former device had been given */
  g_assert_cmpint(mg_player_state(player), ==, MG_PLAYER_PLAYING);
  g_assert_no_error(failure);
}

/* Last: the server is gone after it. */
static void
test_gone(void)
{
  if (!may_kill())
    return;
  kill_server(&server);
  test_wait_for(failure != NULL);
  g_assert_cmpint(mg_player_state(player), ==, MG_PLAYER_STOPPED);
  g_assert_error(failure, MG_ERROR, MG_ERROR_UNPLUGGED);
  g_assert_cmpfloat(mg_player_position(player), >, 1.3);
  g_clear_error(&failure);
}

static void
make_sound(const char *folder)
{
  g_autofree float *samples = g_new0(float, SR *SECONDS);
  for (int i = 0; i < SR * SECONDS; i++)
    samples[i] = 0.3f * (float)sin(2 * G_PI * 440 * i / SR);
  sound = g_build_filename(folder, "tone.wav", NULL);
  g_assert_true(mg_wav_write(sound, samples, SR * SECONDS, 1, SR, FALSE, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  start_server(&server);
  make_sound(server.folder);
  player = mg_player_new();
  g_signal_connect(player, "failed", G_CALLBACK(keep_failure), NULL);
  g_timeout_add(20, tick, NULL);
  g_test_add_func("/session/player/plays", test_plays);
  g_test_add_func("/session/player/goes-on", test_goes_on);
  g_test_add_func("/session/player/gone", test_gone);
  int status = g_test_run();
  g_object_unref(player);
  g_free(sound);
  stop_server(&server);
  return status;
}
