/* Playing and recording through a virtual microphone, kills and full disks included. */
#include "audio/decoder.h"
#include "audio/device.h"
#include "audio/encoder.h"
#include "audio/recorder.h"
#include "sound-server.h"
#include <string.h>

enum { SR = 48000 };

static const double tone_hz = 997;
static SoundServer server;

static char *
in_folder(const char *name)
{
  return g_build_filename(server.folder, name, NULL);
}

static void
wait_until_heard(void)
{
  GError *error = NULL;
  g_autoptr(MgInput) input = mg_input_open("vmic", SR, 1, &error);
  g_assert_no_error(error);
  int loud = 0;
  for (int i = 0; i < 2000 && loud < SR / 4; i++) {
    float block[SR / 10];
    size_t n = mg_input_read(input, block, G_N_ELEMENTS(block));
    for (size_t k = 0; k < n; k++)
      loud += fabsf(block[k]) > 0.1f;
    g_usleep(10000);
  }
  g_assert_cmpint(loud, >, 0);
}

/* Plays a minute of the tone into the microphone, and returns once it is heard. */
static GPid
play_tone(void)
{
  enum { N = 60 * SR };
  g_autofree char *path = in_folder("tone.wav");
  g_autofree float *samples = g_new(float, N);
  for (int i = 0; i < N; i++)
    samples[i] = 0.5f * (float)sin(2 * G_PI * tone_hz * i / SR);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    g_assert_true(mg_wav_write(path, samples, N, 1, SR, FALSE, NULL));
  char *arguments[] = {"paplay", "--device=vspeaker", path, NULL};
  GPid pid = spawn(arguments, NULL);
  wait_until_heard();
  return pid;
}

static void
stop_tone(GPid pid)
{
  kill(pid, SIGKILL);
  wait_for(pid);
}

static GPid
record(const char *path, const char *seconds, int *err)
{
  char *arguments[] = {(char *)g_getenv("MELOGRAPH_CLI"),
                       "record",
                       "--out",
                       (char *)path,
                       "--seconds",
                       (char *)seconds,
                       "--device",
                       "vmic",
                       "--sr",
                       "48000",
                       NULL};
  return spawn(arguments, err);
}

static float *
load(const char *path, gint64 *frames)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  g_assert_no_error(error);
  const MgAudioInfo *info = mg_decoder_info(decoder);
  g_assert_cmpint(info->sr, ==, SR);
  g_assert_cmpint(info->channels, ==, 1);
  *frames = info->frames;
  float *samples = g_new(float, info->frames);
  g_assert_cmpint(mg_decoder_read(decoder, samples, info->frames), ==, info->frames);
  return samples;
}

/* A tone follows s[i + 1] = 2 cos(w) s[i] - s[i - 1]; a gap, a lost or a repeated sample does not. Silence follows it
 * too, so the level is looked at as well. */
static void
expect_tone(const float *samples, gint64 from, gint64 to)
{
  double c = 2 * cos(2 * G_PI * tone_hz / SR);
  for (gint64 i = from + 1; i + 1 < to; i++)
    if (fabs(samples[i + 1] - c * samples[i] + samples[i - 1]) > 0.002)
      g_error("a gap at sample %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, i, to);
  for (gint64 at = from; at + 480 <= to; at += 480) {
    float peak = 0;
    for (int i = 0; i < 480; i++)
      peak = MAX(peak, fabsf(samples[at + i]));
    g_assert_cmpfloat_with_epsilon(peak, 0.5, 0.02);
  }
}

/* Phase of the tone in a second of samples. */
static double
phase_at(const float *samples, gint64 from)
{
  double re = 0, im = 0;
  for (int i = 0; i < SR; i++) {
    double angle = 2 * G_PI * tone_hz * i / SR;
    re += samples[from + i] * cos(angle);
    im -= samples[from + i] * sin(angle);
  }
  return atan2(im, re);
}

static double
frequency(const float *samples, gint64 from)
{
  double turns = (phase_at(samples, from + SR) - phase_at(samples, from)) / (2 * G_PI);
  return tone_hz + turns - rint(turns);
}

static void
test_devices(void)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) devices = mg_devices_list(&error);
  g_assert_no_error(error);
  gboolean found = FALSE;
  for (guint i = 0; i < devices->len; i++) {
    const MgDevice *device = g_ptr_array_index(devices, i);
    found |= g_str_equal(device->name, "vmic") && device->inputs > 0;
  }
  g_assert_true(found);
}

static void
test_tone(void)
{
  GPid player = play_tone();
  g_autofree char *path = in_folder("recorded.wav");
  g_assert_cmpint(wait_for(record(path, "4", NULL)), ==, 0);
  stop_tone(player);
  gint64 frames;
  g_autofree float *samples = load(path, &frames);
  g_assert_cmpint(frames, ==, 4 * SR);
  expect_tone(samples, SR / 2, frames);
  g_assert_cmpfloat_with_epsilon(frequency(samples, SR), tone_hz, 0.02);
}

static gint64
size_of(const char *path)
{
  GStatBuf status;
  return g_stat(path, &status) == 0 ? status.st_size : 0;
}

static void
test_kill(void)
{
  GPid player = play_tone();
  g_autofree char *path = in_folder("killed.wav");
  for (int round = 0; round < 5; round++) {
    g_unlink(path);
    GPid pid = record(path, "30", NULL);
    while (size_of(path) < 1000)
      g_usleep(2000);
    gint64 start = g_get_monotonic_time();
    g_usleep(g_test_rand_int_range(1200, 2500) * 1000);
    kill(pid, SIGKILL);
    double seconds = (g_get_monotonic_time() - start) / 1e6;
    g_assert_cmpint(wait_for(pid), ==, 128 + SIGKILL);
    gint64 frames;
    g_autofree float *samples = load(path, &frames);
    g_test_message("killed after %.3f s, %.3f s are in the file", seconds, frames / (double)SR);
    g_assert_cmpfloat(frames / (double)SR, >=, seconds - 1);
    expect_tone(samples, frames / 2, frames);
  }
  stop_tone(player);
}

/* Reads what a process says on stderr until it ends. */
static char *
read_err(int descriptor)
{
  GString *text = g_string_new(NULL);
  char block[500];
  ssize_t n;
  while ((n = read(descriptor, block, sizeof block)) > 0)
    g_string_append_len(text, block, n);
  close(descriptor);
  return g_string_free(text, FALSE);
}

static void
expect_one_line(const char *text, const char *words)
{
  g_assert_nonnull(strstr(text, words));
  g_assert_true(strchr(text, '\n') == text + strlen(text) - 1);
}

static void
test_full_disk(void)
{
  g_autofree char *path = in_folder("full.wav");
  int err;
  g_setenv("MELOGRAPH_TEST_DISK_FULL_AFTER", "100001", TRUE);
  GPid pid = record(path, "30", &err);
  g_unsetenv("MELOGRAPH_TEST_DISK_FULL_AFTER");
  g_autofree char *text = read_err(err);
  g_assert_cmpint(wait_for(pid), ==, 1);
  expect_one_line(text, "No space left on device");
  gint64 frames;
  g_autofree float *samples = load(path, &frames);
  g_assert_cmpint(frames, >=, 50000 - SR);
}

static gboolean
somebody_listens(void)
{
  g_autofree char *streams = NULL;
  g_autoptr(GError) error = NULL;
  g_spawn_command_line_sync("pactl list short source-outputs", &streams, NULL, NULL, &error);
  g_assert_no_error(error);
  return streams && *streams;
}

/* It starts by itself with the sound, and holds half a second of the silence before. */
static void
test_start_level(void)
{
  g_autofree char *path = in_folder("start-level.wav");
  char *arguments[] = {(char *)g_getenv("MELOGRAPH_CLI"),
                       "record",
                       "--out",
                       path,
                       "--seconds",
                       "1.5",
                       "--device",
                       "vmic",
                       "--sr",
                       "48000",
                       "--start-level",
                       "-20",
                       "--pre-roll",
                       "0.5",
                       NULL};
  GPid pid = spawn(arguments, NULL);
  while (!somebody_listens())
    g_usleep(20000);
  g_usleep(4 *
           G_USEC_PER_SEC); /* a device takes two seconds to begin; then it hears nothing for longer than it keeps */
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  GPid player = play_tone();
  g_assert_cmpint(wait_for(pid), ==, 0);
  stop_tone(player);
  gint64 frames, onset = 0;
  g_autofree float *samples = load(path, &frames);
  g_assert_cmpint(frames, ==, 3 * SR / 2);
  while (onset < frames && fabsf(samples[onset]) < 0.1f)
    onset++;
  g_assert_cmpint(onset, >, SR / 20);
  g_assert_cmpint(onset, <=, SR / 2);
}

static void
test_unknown_device(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_input_open("no such device", SR, 1, &error));
  g_assert_nonnull(strstr(error->message, "no such device"));
}

static void
test_unwritable(void)
{
  GError *error = NULL;
  MgInput *input = mg_input_open("vmic", SR, 1, &error);
  g_assert_no_error(error);
  g_assert_null(mg_recorder_start(input, "/nowhere/at-all.wav", &error));
  g_assert_nonnull(strstr(error->message, "/nowhere/at-all.wav"));
  g_clear_error(&error);
}

/* While paused nothing is written; levels and the tail for drawing follow what is heard. */
static void
test_state(void)
{
  GPid player = play_tone();
  g_autofree char *path = in_folder("state.wav");
  g_autoptr(GError) error = NULL;
  MgInput *input = mg_input_open("vmic", SR, 1, &error);
  g_assert_no_error(error);
  MgRecorder *recorder = mg_recorder_start(input, path, &error);
  g_assert_no_error(error);
  MgRecorderState state;
  do {
    g_usleep(10000);
    g_assert_true(mg_recorder_state(recorder, &state, &error));
  } while (state.frames < SR);
  g_usleep(500 * 1000); /* levels are those since the last call: now of the tone alone */
  g_assert_true(mg_recorder_state(recorder, &state, &error));
  g_assert_cmpfloat_with_epsilon(state.peak[0], 0.5, 0.02);
  g_assert_cmpfloat_with_epsilon(state.rms[0], 0.5 / sqrt(2), 0.02);
  g_assert_cmpuint(state.clipped, ==, 0);
  float tail[SR];
  g_assert_cmpuint(mg_recorder_tail(recorder, tail, SR), >, 0);
  mg_recorder_pause(recorder, TRUE);
  g_usleep(100 * 1000);
  g_assert_true(mg_recorder_state(recorder, &state, &error));
  gint64 paused_at = state.frames;
  g_usleep(500 * 1000);
  g_assert_true(mg_recorder_state(recorder, &state, &error));
  g_assert_cmpint(state.frames, ==, paused_at);
  g_assert_true(mg_recorder_stop(recorder, &error));
  stop_tone(player);
  gint64 frames;
  g_autofree float *samples = load(path, &frames);
  g_assert_cmpint(frames, ==, paused_at);
}

/* What the program plays, the microphone hears; the place of the ear grows and stops at the end. */
static void
test_play(void)
{
  enum { N = SR };
  g_autofree float *samples = g_new(float, N);
  for (int i = 0; i < N; i++)
    samples[i] = 0.5f * (float)sin(2 * G_PI * tone_hz * i / SR);
  g_autofree char *path = in_folder("played.wav");
  GPid pid = record(path, "3", NULL);
  while (size_of(path) < 1000)
    g_usleep(5000);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgOutput) output = mg_output_open("vspeaker", SR, 1, &error);
  g_assert_no_error(error);
  gint64 last = 0;
  for (size_t at = 0; at < N;) {
    at += mg_output_write(output, samples + at, MIN(N - at, mg_output_space(output)));
    gint64 played = mg_output_played(output);
    g_assert_cmpint(played, <=, at);
    last = MAX(last, played);
    g_usleep(10000);
  }
  g_assert_cmpint(last, >, 0);
  for (int i = 0; i < 200 && mg_output_played(output) < N; i++)
    g_usleep(10000);
  g_assert_cmpint(mg_output_played(output), ==, N);
  g_assert_cmpint(wait_for(pid), ==, 0);
  gint64 frames;
  g_autofree float *heard = load(path, &frames);
  double energy = 0;
  for (gint64 i = 0; i < frames; i++)
    energy += (double)heard[i] * heard[i];
  g_assert_cmpfloat_with_epsilon(energy, N * 0.125, N * 0.125 * 0.1);
}

/* What is flushed is not heard, and what comes after it is. */
static void
test_flush(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgOutput) output = mg_output_open("vspeaker", SR, 2, &error);
  g_assert_no_error(error);
  g_autofree float *silence = g_new0(float, 4 * SR);
  size_t first = mg_output_write(output, silence, MIN(4 * SR, mg_output_space(output)));
  g_assert_cmpuint(first, >, SR / 4);
  mg_output_flush(output);
  for (int i = 0; i < 300 && mg_output_space(output) < first; i++)
    g_usleep(10000);
  g_assert_cmpuint(mg_output_space(output), ==, first);
  gint64 before = mg_output_played(output);
  g_assert_cmpint(before, <, (gint64)first / 2);
  g_assert_cmpuint(mg_output_write(output, silence, 2000), ==, 2000);
  for (int i = 0; i < 300 && mg_output_space(output) < first; i++)
    g_usleep(10000);
  g_assert_cmpuint(mg_output_space(output), ==, first);
}

/* The server is killed: recording ends by itself and keeps what there was. */
static void
test_device_gone(void)
{
  g_autofree char *path = in_folder("gone.wav");
  int err;
  GPid pid = record(path, "60", &err);
  while (size_of(path) < SR)
    g_usleep(10000);
  kill_server(&server);
  g_autofree char *text = read_err(err);
  g_assert_cmpint(wait_for(pid), ==, 1);
  g_test_message("%s", text);
  expect_one_line(text, "gone.wav");
  gint64 frames;
  g_autofree float *samples = load(path, &frames);
  g_assert_cmpint(frames, >=, SR / 4);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autofree char *found = g_find_program_in_path("pulseaudio");
  if (!found)
    g_error("pulseaudio is not installed; ./dev setup installs what the tests need");
  start_server(&server);
  g_test_add_func("/audio/recording/devices", test_devices);
  g_test_add_func("/audio/recording/tone", test_tone);
  g_test_add_func("/audio/recording/kill", test_kill);
  g_test_add_func("/audio/recording/full-disk", test_full_disk);
  g_test_add_func("/audio/recording/start-level", test_start_level);
  g_test_add_func("/audio/recording/unknown-device", test_unknown_device);
  g_test_add_func("/audio/recording/unwritable", test_unwritable);
  g_test_add_func("/audio/recording/state", test_state);
  g_test_add_func("/audio/recording/play", test_play);
  g_test_add_func("/audio/recording/flush", test_flush);
  g_test_add_func("/audio/recording/device-gone", test_device_gone);
  int status = g_test_run();
  stop_server(&server);
  return status;
}
