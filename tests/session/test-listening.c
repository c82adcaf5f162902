/* Listening on a thread of its own: what a virtual microphone hears is classified, looked at, saved and logged while it
 * goes on; what cannot be begun says why. */
#include "session-support.h"
#include "../audio/sound-server.h"
#include "audio/decoder.h"
#include "audio/encoder.h"
#include "base/csv.h"
#include "base/error.h"
#include "session/listening.h"
#include "train/model-file.h"
#include <math.h>

enum { SR = 48000, SECONDS = 60, CLASSES = 10 };

static SoundServer server;

typedef struct {
  guint decided, ended;
  double last_end;
  GError *error;
} Heard;

static void
on_decided(MgListening *listening, const MgLiveDecision *decision, Heard *heard)
{
  float sum = 0;
  g_assert_cmpuint(decision->model, ==, 0);
  g_assert_cmpfloat(decision->end, >, heard->last_end);
  g_assert_cmpfloat(decision->end, <=, mg_listening_seconds(listening));
  g_assert_cmpint(mg_listening_due(listening), <=, g_get_monotonic_time());
  for (int c = 0; c < CLASSES; c++)
    sum += decision->probabilities[c];
  g_assert_cmpfloat_with_epsilon(sum, 1, 1e-4);
  heard->last_end = decision->end;
  heard->decided++;
}

static void
on_ended(MgListening *listening, const GError *error, Heard *heard)
{
  heard->ended++;
  g_clear_error(&heard->error);
  heard->error = error ? g_error_copy(error) : NULL;
}

static MgListening *
listening_new(Heard *heard)
{
  MgListening *listening = mg_listening_new();
  g_signal_connect(listening, "decided", G_CALLBACK(on_decided), heard);
  g_signal_connect(listening, "ended", G_CALLBACK(on_ended), heard);
  return listening;
}

static MgParams *
settings(void)
{
  static const MgParamTable *const tables[] = {&mg_live_params, NULL};
  MgParams *params = mg_params_new(tables);
  g_assert_true(mg_params_assign(params, "live_hop=0.1", NULL));
  return params;
}

static char *
in_folder(const char *name)
{
  return g_build_filename(server.folder, name, NULL);
}

/* A minute of a tone goes into the microphone. */
static GPid
play(void)
{
  g_autofree char *path = in_folder("tone.wav");
  g_autofree float *samples = g_new(float, SR *SECONDS);
  for (int i = 0; i < SR * SECONDS; i++)
    samples[i] = 0.5f * (float)sin(2 * G_PI * 440 * i / SR);
  g_assert_true(mg_wav_write(path, samples, SR * SECONDS, 1, SR, FALSE, NULL));
  char *arguments[] = {"paplay", "--device=vspeaker", path, NULL};
  return spawn(arguments, NULL);
}

static void
keep_result(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

/* Whether [start, end) s could be saved; the error's message where not. */
static gboolean
save(MgListening *listening, double start, double end, const char *path, char **message)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  mg_listening_save_async(listening, start, end, path, keep_result, &result);
  test_wait_for(result);
  gboolean good = mg_listening_save_finish(listening, result, &error);
  if (message)
    *message = error ? g_strdup(error->message) : NULL;
  return good;
}

static void
expect_seconds(const char *path, double seconds)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  g_assert_no_error(error);
  const MgAudioInfo *info = mg_decoder_info(decoder);
  g_assert_cmpfloat_with_epsilon(info->frames / (double)info->sr, seconds, 0.001);
}

static void
expect_log(const char *path, guint decided)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgCsv) csv = mg_csv_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(csv->rows->len, >=, decided);
  g_assert_cmpstr(mg_csv_get(csv, 0, 2), ==, "digits");
}

static gboolean
is_loud(MgListening *listening)
{
  double peak = mg_listening_peak(listening);
  return peak > -20 && peak <= 0;
}

static void
test_hears(void)
{
  Heard heard = {0};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgListening) listening = listening_new(&heard);
  g_autoptr(MgParams) params = settings();
  g_autofree char *model = mg_model_find("digits", &error), *log = in_folder("log.csv"), *wav = in_folder("kept.wav"),
                  *message = NULL;
  g_assert_cmpuint(mg_listening_n_models(listening), ==, 0);
  g_assert_cmpfloat(mg_listening_seconds(listening), ==, 0);
  g_assert_cmpfloat(mg_listening_peak(listening), ==, -INFINITY);
  g_assert_null(mg_listening_strip(listening));
  g_assert_false(save(listening, 0, 1, wav, &message));
  g_assert_nonnull(message);

  GPid player = play();
  mg_listening_start(listening, (const char *const[]){model, NULL}, "vmic", params, log);
  g_assert_true(mg_listening_active(listening));
  test_wait_for(heard.decided >= 5 || heard.ended);
  g_assert_no_error(heard.error);
  g_assert_cmpuint(mg_listening_n_models(listening), ==, 1);
  g_assert_cmpstr(mg_listening_model_name(listening, 0), ==, "digits");
  g_assert_cmpuint(mg_listening_labels(listening, 0)->len, ==, CLASSES);
  g_assert_cmpfloat(mg_listening_segment_seconds(listening, 0), ==, 1);
  g_assert_cmpfloat(mg_listening_kept_from(listening), ==, 0);
  mg_listening_set_threshold(listening, 0.9);
  mg_listening_set_smoothing(listening, 0.5);
  test_wait_for(is_loud(listening));
  MgMelStrip *strip = mg_listening_strip(listening);
  mg_mel_strip_lock(strip);
  g_assert_cmpuint(mg_mel_strip_frames(strip), >, 50);
  mg_mel_strip_unlock(strip);

  g_free(message);
  g_assert_true(save(listening, 0.25, 1, wav, &message));
  expect_seconds(wav, 0.75);
  g_assert_false(save(listening, 1e6, 2e6, wav, &message));
  g_assert_nonnull(message);
  guint decided = heard.decided;
  mg_listening_stop(listening);
  test_wait_for(!mg_listening_active(listening));
  g_assert_cmpuint(heard.ended, ==, 1);
  g_assert_no_error(heard.error);
  expect_log(log, decided);
  g_assert_true(save(listening, 0, 0.5, wav, NULL)); /* what was heard stays until the next start */
  kill(player, SIGKILL);
  wait_for(player);
}

/* A second start is not told what the first one still has to say. */
static void
test_starts_anew(void)
{
  Heard heard = {0};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgListening) listening = listening_new(&heard);
  g_autoptr(MgParams) params = settings();
  g_autofree char *model = mg_model_find("digits", &error);
  mg_listening_start(listening, (const char *const[]){model, NULL}, "no such device", params, NULL);
  mg_listening_start(listening, (const char *const[]){model, NULL}, "vmic", params, NULL);
  test_wait_for(heard.decided > 0);
  g_assert_cmpuint(heard.ended, ==, 0);
  g_assert_true(mg_listening_active(listening));
}

static void
expect_failure(const char *model, const char *device, const char *log, const char *words)
{
  Heard heard = {0};
  g_autoptr(MgListening) listening = listening_new(&heard);
  g_autoptr(MgParams) params = settings();
  mg_listening_start(listening, (const char *const[]){model, NULL}, device, params, log);
  test_wait_for(heard.ended > 0);
  g_assert_false(mg_listening_active(listening));
  g_assert_cmpuint(heard.decided, ==, 0);
  g_assert_nonnull(heard.error);
  g_assert_nonnull(strstr(heard.error->message, words));
  g_clear_error(&heard.error);
}

static void
test_says_why_not(void)
{
  g_autofree char *model = mg_model_find("digits", NULL);
  expect_failure(model, "no such device", NULL, "no such device");
  expect_failure("/nowhere/model.safetensors", "vmic", NULL, "/nowhere/model.safetensors");
  expect_failure(model, "vmic", "/nowhere/log.csv", "/nowhere/log.csv");
}

/* Last: the server is gone after it. */
static void
test_says_that_the_device_is_gone(void)
{
  if (g_getenv("TSAN_OPTIONS")) {
    g_test_skip(
        "only a thread that is cancelled leaves a dead server, and the thread sanitizer takes that for an error");
    return;
  }
  Heard heard = {0};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgListening) listening = listening_new(&heard);
  g_autoptr(MgParams) params = settings();
  g_autofree char *model = mg_model_find("digits", &error);
  mg_listening_start(listening, (const char *const[]){model, NULL}, "vmic", params, NULL);
  test_wait_for(mg_listening_seconds(listening) > 0);
  kill_server(&server);
  test_wait_for(heard.ended > 0);
  g_assert_error(heard.error, MG_ERROR, MG_ERROR_UNPLUGGED);
  g_clear_error(&heard.error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  start_server(&server);
  g_test_add_func("/session/listening/hears", test_hears);
  g_test_add_func("/session/listening/starts-anew", test_starts_anew);
  g_test_add_func("/session/listening/says-why-not", test_says_why_not);
  g_test_add_func("/session/listening/device-gone", test_says_that_the_device_is_gone);
  int status = g_test_run();
  stop_server(&server);
  return status;
}
