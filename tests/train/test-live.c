/* Live classification: the probabilities of files, in whatever pieces the sound comes, from the microphone too. */
#include "audio/device.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/rng.h"
#include "dataset/clip.h"
#include "dsp/resample.h"
#include "train/evaluator.h"
#include "train/live-log.h"
#include "train/model-file.h"
#include "base/rng.h"
#include "../audio/sound-server.h"
#include <string.h>

enum { SR = 8000, CLASSES = 10 };

typedef struct {
  guint model;
  double start, end;
  int y_pred;
  gboolean sure;
  float probabilities[CLASSES], smoothed[CLASSES];
} Decision;

static void
collect(const MgLiveDecision *decision, gpointer data)
{
  Decision copy = {decision->model, decision->start, decision->end, decision->y_pred, decision->sure, {0}, {0}};
  memcpy(copy.probabilities, decision->probabilities, sizeof copy.probabilities);
  memcpy(copy.smoothed, decision->smoothed, sizeof copy.smoothed);
  g_array_append_val((GArray *)data, copy);
}

static MgLive *
digits(int sr, const char *settings, guint models)
{
  static const MgParamTable *const tables[] = {&mg_live_params, NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_auto(GStrv) all = g_strsplit(settings, " ", -1);
  for (char **setting = all; *setting; setting++)
    g_assert_true(mg_params_assign(params, *setting, NULL));
  g_autofree char *path = mg_model_find("digits", &error);
  const char *paths[] = {path, models > 1 ? path : NULL, NULL};
  MgLive *live = mg_live_new(paths, sr, params, 1, &error);
  g_assert_no_error(error);
  return live;
}

/* Beeps and noise that change the answer from time to time. */
static float *
make_sound(size_t n)
{
  MgRng rng = mg_rng_new(3);
  float *samples = g_new(float, n);
  for (size_t i = 0; i < n; i++) {
    double hz = 200 + 300 * (double)(i / 5000 % 7);
    samples[i] = (float)(0.3 * sin(2 * G_PI * hz * i / SR) * (i % 5000 < 3000)) + mg_rng_between(&rng, -0.01f, 0.01f);
  }
  return samples;
}

static GArray *
push_all(MgLive *live, const float *samples, size_t n, size_t block)
{
  g_autoptr(GError) error = NULL;
  GArray *decisions = g_array_new(FALSE, FALSE, sizeof(Decision));
  for (size_t i = 0; i < n; i += block)
    g_assert_true(mg_live_push(live, samples + i, MIN(block, n - i), collect, decisions, &error));
  g_assert_no_error(error);
  return decisions;
}

static const Decision *
get(const GArray *decisions, guint i)
{
  return &g_array_index(decisions, Decision, i);
}

static void
test_same_in_any_blocks(void)
{
  enum { N = 5 * SR };
  g_autofree float *samples = make_sound(N);
  g_autoptr(MgLive) whole = digits(SR, "live_hop=0.1 smoothing=0", 1),
                    pieces = digits(SR, "live_hop=0.1 smoothing=0", 1);
  g_autoptr(GArray) a = push_all(whole, samples, N, 800), b = push_all(pieces, samples, N, 37);
  g_assert_cmpuint(a->len, ==, 41);
  g_assert_cmpuint(b->len, ==, a->len);
  for (guint i = 0; i < a->len; i++) {
    g_assert_cmpfloat_with_epsilon(get(a, i)->end, 1 + 0.1 * i, 1e-9);
    g_assert_cmpfloat_with_epsilon(get(a, i)->start, 0.1 * i, 1e-9);
    g_assert_cmpmem(get(a, i)->probabilities, sizeof(float) * CLASSES, get(b, i)->probabilities,
                    sizeof(float) * CLASSES);
  }
  g_assert_cmpuint(mg_live_skipped(whole), ==, 0);
}

/* Blocks of a second make four decisions due at once: the last is made. */
static void
test_stays_in_time(void)
{
  enum { N = 5 * SR };
  g_autofree float *samples = make_sound(N);
  g_autoptr(MgLive) live = digits(SR, "live_hop=0.25 smoothing=0", 1), all = digits(SR, "live_hop=0.25 smoothing=0", 1);
  g_autoptr(GArray) some = push_all(live, samples, N, SR), every = push_all(all, samples, N, 500);
  g_assert_cmpuint(some->len, ==, 5);
  g_assert_cmpuint(mg_live_skipped(live), ==, 12);
  for (guint i = 0; i < some->len; i++)
    g_assert_cmpmem(get(some, i)->probabilities, sizeof(float) * CLASSES, get(every, 4 * i)->probabilities,
                    sizeof(float) * CLASSES);
}

static void
test_smooths(void)
{
  enum { N = 6 * SR };
  g_autofree float *samples = make_sound(N);
  g_autoptr(MgLive) live = digits(SR, "live_hop=0.25 smoothing=0.5 threshold=0.3", 1);
  g_autoptr(GArray) decisions = push_all(live, samples, N, 400);
  double weight = 1 - exp(-0.25 / 0.5), mean[CLASSES];
  guint unsure = 0;
  for (guint i = 0; i < decisions->len; i++) {
    const Decision *decision = get(decisions, i);
    int best = 0;
    for (int c = 0; c < CLASSES; c++) {
      mean[c] = i == 0 ? decision->probabilities[c] : mean[c] + weight * (decision->probabilities[c] - mean[c]);
      g_assert_cmpfloat_with_epsilon(decision->smoothed[c], mean[c], 1e-5);
      best = decision->smoothed[c] > decision->smoothed[best] ? c : best;
    }
    g_assert_cmpint(decision->y_pred, ==, best);
    g_assert_cmpint(decision->sure, ==, decision->smoothed[best] >= 0.3f);
    unsure += !decision->sure;
  }
  g_assert_cmpuint(unsure, >, 0);
  g_assert_cmpuint(unsure, <, decisions->len);
}

static void
test_keeps_the_last_minutes(void)
{
  enum { N = 20 * SR };
  g_autoptr(GError) error = NULL;
  g_autofree float *samples = make_sound(N);
  g_autoptr(MgLive) live = digits(SR, "keep_minutes=0.2", 1);
  g_autoptr(GArray) decisions = push_all(live, samples, N, 999);
  size_t n = 0;
  g_autofree float *kept = mg_live_stretch(live, 9.25, 19.5, &n, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(kept, n * sizeof *kept, samples + (size_t)(9.25 * SR), (size_t)(10.25 * SR) * sizeof *samples);
  g_assert_null(mg_live_stretch(live, 7.9, 9, &n, &error)); /* 12 s are kept */
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  g_clear_error(&error);
  g_assert_null(mg_live_stretch(live, 19, 20.5, &n, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  g_clear_error(&error);
  g_assert_null(mg_live_stretch(live, 19, 19, &n, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
}

/* The maps are those of the segment of the last decision, and asking for them changes no answer. */
static void
test_maps(void)
{
  enum { N = 3 * SR };
  g_autoptr(GError) error = NULL;
  g_autofree float *samples = make_sound(N);
  g_autofree char *path = mg_model_find("digits", &error);
  g_autoptr(MgLive) live = digits(SR, "live_hop=0.25 smoothing=0", 1),
                    other = digits(SR, "live_hop=0.25 smoothing=0", 1);
  g_assert_null(mg_live_maps(live)); /* nothing was heard */
  g_autoptr(GArray) decisions = push_all(live, samples, N - SR / 2, 400), all = push_all(other, samples, N, 400);
  g_autoptr(MgFeatureMaps) maps = mg_live_maps(live);
  g_autoptr(MgModel) model = mg_model_load(path, &error);
  const float *segment = samples + (size_t)rint(get(decisions, decisions->len - 1)->start * SR);
  g_autoptr(MgSeen) seen = mg_seen_of_samples(model, segment, SR, &error);
  g_autoptr(MgFeatureMaps) expected = mg_feature_maps(seen, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(maps->layer, ==, expected->layer);
  g_assert_cmpuint(maps->maps->len, ==, expected->maps->len);
  for (guint i = 0; i < maps->maps->len; i++) {
    const MgMatrix *one = maps->maps->pdata[i], *same = expected->maps->pdata[i];
    g_assert_cmpfloat(test_relative_error(one->data, same->data, same->rows * same->cols), <, 1e-5);
  }
  g_autoptr(GArray) rest = push_all(live, samples + N - SR / 2, SR / 2, 400);
  g_assert_cmpuint(decisions->len + rest->len, ==, all->len);
  g_assert_cmpmem(get(rest, rest->len - 1)->probabilities, sizeof(float) * CLASSES,
                  get(all, all->len - 1)->probabilities, sizeof(float) * CLASSES);
}

/* Two models give two lines a time; one that is not sure has no y_pred. */
static void
test_logs(void)
{
  enum { N = 3 * SR };
  g_autoptr(GError) error = NULL;
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "log.csv", NULL);
  g_autofree float *samples = make_sound(N);
  g_autoptr(MgLive) live = digits(SR, "live_hop=0.5 threshold=0.6", 2);
  g_autoptr(MgLiveLog) log = mg_live_log_new(path, live, (const char *const[]){"one", "other, quoted", NULL}, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) decisions = push_all(live, samples, N, 400);
  for (guint i = 0; i < decisions->len; i++) {
    const Decision *decision = get(decisions, i);
    MgLiveDecision copy = {decision->model, decision->start,         decision->end,     decision->y_pred,
                           decision->sure,  decision->probabilities, decision->smoothed};
    g_assert_true(mg_live_log_add(log, &copy, &error));
  }
  g_autoptr(MgCsv) csv = mg_csv_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(csv->rows->len, ==, 10);
  g_assert_cmpuint(csv->columns->len, ==, 6 + CLASSES);
  for (guint i = 0; i < csv->rows->len; i++) {
    const Decision *decision = get(decisions, i);
    g_autofree char *name = g_strdup_printf("%d", decision->y_pred);
    g_assert_cmpstr(mg_csv_get(csv, i, 2), ==, i % 2 == 0 ? "one" : "other, quoted");
    g_assert_cmpstr(mg_csv_get(csv, i, 3), ==, decision->sure ? name : "");
    for (int c = 0; c < CLASSES; c++)
      g_assert_cmpfloat_with_epsilon(g_ascii_strtod(mg_csv_get(csv, i, 6 + c), NULL), decision->smoothed[c], 1e-5);
  }
  test_remove(folder);
}

/* A file in whose own rate and segments live classification goes gives what predict gives. */
static void
test_gives_the_probabilities_of_files(void)
{
  g_autofree char *file = test_shared("data/music/speech_libri1.ogg");
  if (!file)
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *path = mg_model_find("digits", &error);
  g_autoptr(MgPredictions) expected =
      mg_predict_files(path, (const char *const[]){file, NULL}, 1, problems, NULL, &error);
  g_assert_no_error(error);
  g_auto(MgClip) clip = {0};
  g_assert_true(mg_clip_load(&clip, file, 0, 0, 0, &error));
  g_assert_cmpint(clip.sr, !=, SR);
  g_autoptr(MgLive) live = digits(clip.sr, "live_hop=1 smoothing=0", 1);
  g_autoptr(GArray) decisions = push_all(live, clip.samples, clip.n, 1000);
  g_assert_cmpuint(decisions->len, >=, 5);
  for (guint i = 0; i < decisions->len; i++) {
    const MgPrediction *prediction = expected->predictions->pdata[i];
    for (int c = 0; c < CLASSES; c++)
      g_assert_cmpfloat_with_epsilon(get(decisions, i)->probabilities[c], prediction->probabilities[c], 1e-5);
  }
}

static gboolean
has_heard(const MgLive *live, double from)
{
  size_t n = 0;
  g_autofree float *samples = mg_live_stretch(live, from, mg_live_seconds(live), &n, NULL);
  for (size_t i = 0; samples && i < n; i++)
    if (fabsf(samples[i]) > 0.05f)
      return TRUE;
  return FALSE;
}

/* Listens until three seconds after sound has come. */
static GArray *
hear_it(MgInput *input, MgLive *live)
{
  g_autoptr(GError) error = NULL;
  GArray *decisions = g_array_new(FALSE, FALSE, sizeof(Decision));
  double until = 60;
  while (mg_live_seconds(live) < until) {
    float block[4096];
    size_t n = mg_input_read(input, block, G_N_ELEMENTS(block));
    g_assert_true(mg_live_push(live, block, n, collect, decisions, &error));
    g_assert_no_error(error);
    if (until == 60 && n > 0 && has_heard(live, mg_live_seconds(live) - (double)n / mg_input_sr(input)))
      until = mg_live_seconds(live) + 3;
    g_usleep(4000);
  }
  return decisions;
}

/* Where in `heard` the sound begins, by correlation. */
static size_t
find_sound(const float *heard, size_t n, const float *sound, size_t length)
{
  size_t best = 0;
  double most = -1;
  for (size_t lag = 0; lag + length <= n; lag++) {
    float sum = 0;
    for (size_t i = 0; i < length; i++)
      sum += heard[lag + i] * sound[i];
    if (sum > most) {
      most = sum;
      best = lag;
    }
  }
  return best;
}

static const Decision *
nearest(const GArray *decisions, double end)
{
  const Decision *best = get(decisions, 0);
  for (guint i = 1; i < decisions->len; i++)
    if (fabs(get(decisions, i)->end - end) < fabs(best->end - end))
      best = get(decisions, i);
  return best;
}

/* A spoken digit goes through a sound server into the microphone. */
static void
test_gives_the_probabilities_through_the_microphone(void)
{
  g_autofree char *file = test_shared("data/fsdd/7_jackson_0.wav");
  if (!file)
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *model = mg_model_find("digits", &error);
  g_autoptr(MgPredictions) expected =
      mg_predict_files(model, (const char *const[]){file, NULL}, 1, problems, NULL, &error);
  g_assert_no_error(error);
  const float *probabilities = ((MgPrediction *)expected->predictions->pdata[0])->probabilities;

  SoundServer server;
  start_server(&server);
  g_autoptr(MgInput) input = mg_input_open("vmic", 48000, 1, &error);
  g_assert_no_error(error);
  g_autoptr(MgLive) live = digits(mg_input_sr(input), "live_hop=0.02 smoothing=0", 1);
  char *arguments[] = {"paplay", "--device=vspeaker", file, NULL};
  GPid player = spawn(arguments, NULL);
  g_autoptr(GArray) decisions = hear_it(input, live);
  wait_for(player);

  size_t n = 0, length = 0, heard_at_8000 = 0;
  g_autofree float *heard = mg_live_stretch(live, 0, mg_live_seconds(live), &n, &error);
  g_auto(MgClip) clip = {0};
  g_assert_true(mg_clip_load(&clip, file, 0, 0, 0, &error));
  g_autofree float *low = mg_resample(heard, n, mg_input_sr(input), clip.sr, &heard_at_8000, &error);
  length = MIN(clip.n, 2000);
  double begin = (double)find_sound(low, heard_at_8000, clip.samples, length) / clip.sr;
  const Decision *decision = nearest(decisions, begin + mg_live_segment_seconds(live, 0));
  g_test_message("the sound begins at %.3f s; %u gaps", begin, mg_input_overruns(input));
  for (int c = 0; c < CLASSES; c++)
    g_assert_cmpfloat_with_epsilon(decision->probabilities[c], probabilities[c], 0.02);
  g_clear_pointer(&input, mg_input_close);
  stop_server(&server);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/live/same-in-any-blocks", test_same_in_any_blocks);
  g_test_add_func("/live/stays-in-time", test_stays_in_time);
  g_test_add_func("/live/smooths", test_smooths);
  g_test_add_func("/live/keeps-the-last-minutes", test_keeps_the_last_minutes);
  g_test_add_func("/live/mapsmaps", test_maps);
  g_test_add_func("/live/logs", test_logs);
  g_test_add_func("/live/probabilities-of-files", test_gives_the_probabilities_of_files);
  g_test_add_func("/live/microphone", test_gives_the_probabilities_through_the_microphone);
  return g_test_run();
}
