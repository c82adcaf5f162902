#include "audio/decoder.h"
#include "base/error.h"
#include "base/file.h"
#include "dataset/clip.h"
#include "dataset/manifest.h"
#include "dataset/split.h"
#include "dataset/synth.h"
#include "dsp/fft.h"
#include "support.h"
#include <string.h>

static const MgParamTable *const tables[] = {&mg_synth_params, NULL};

static char *
make(int seed, int tracks, double seconds, int threads)
{
  char *folder = test_folder();
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_autoptr(GError) error = NULL;
  mg_params_set_int(params, "seed", seed);
  mg_params_set_int(params, "tracks", tracks);
  mg_params_set_float(params, "seconds", seconds);
  g_assert_true(mg_synth_write(folder, params, threads, NULL, &error));
  g_assert_no_error(error);
  return folder;
}

/* One checksum over all files of a folder's classes. */
static char *
sum_of(const char *folder)
{
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(MgManifest) manifest = mg_manifest_open(folder, NULL, NULL, NULL);
  g_assert_nonnull(manifest);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    size_t length;
    g_autofree char *contents = mg_file_read(mg_manifest_track(manifest, i)->path, 1 << 30, &length, NULL);
    g_checksum_update(sum, (guchar *)contents, length);
  }
  return g_strdup(g_checksum_get_string(sum));
}

static void
test_deterministic(void)
{
  char *one = make(5, 10, 2, 1), *same = make(5, 10, 2, 3), *other = make(6, 3, 2, 2);
  g_autofree char *one_sum = sum_of(one), *same_sum = sum_of(same), *other_sum = sum_of(other);
  g_assert_cmpstr(one_sum, ==, same_sum);
  g_assert_cmpstr(one_sum, !=, other_sum);
  test_remove(one);
  test_remove(same);
  test_remove(other);
}

/* Mono, 22050 Hz, as long as asked for, never silent, never clipped; more tracks than pieces get names of their own. */
static void
test_files(void)
{
  char *folder = make(0, 12, 2, 0);
  g_autoptr(MgManifest) manifest = mg_manifest_open(folder, NULL, NULL, NULL);
  g_assert_cmpuint(manifest->tracks->len, ==, 24);
  g_assert_cmpuint(manifest->problems->len, ==, 0);
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    g_auto(MgClip) clip = {0};
    g_assert_true(mg_clip_load(&clip, track->path, 0, 0, 0, NULL));
    g_assert_cmpint(clip.sr, ==, 22050);
    g_assert_cmpuint(clip.n, ==, 44100);
    double energy = 0, peak = 0;
    for (size_t k = 0; k < clip.n; k++) {
      energy += clip.samples[k] * clip.samples[k];
      peak = MAX(peak, fabs(clip.samples[k]));
    }
    g_test_message("%s: %.1f dB", track->name, 10 * log10(energy / clip.n));
    g_assert_cmpfloat(10 * log10(energy / clip.n), >, -35);
    g_assert_cmpfloat(peak, <, 1);
  }
  test_remove(folder);
}

/* With the defaults, a crossover track of each class is in the test split, where it can be looked into. */
static void
test_crossovers_in_test(void)
{
  static const MgParamTable *const split_tables[] = {&mg_split_params, NULL};
  char *folder = make(0, 10, 1, 0);
  g_autoptr(MgManifest) manifest = mg_manifest_open(folder, NULL, NULL, NULL);
  g_autoptr(MgParams) params = mg_params_new(split_tables);
  g_assert_true(mg_split_apply(manifest, params, NULL, NULL));
  int tested[2] = {0}, crossovers[2] = {0};
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    gboolean crossover = strstr(track->name, "crossover") != NULL;
    tested[track->label] += track->split == MG_SPLIT_TEST;
    crossovers[track->label] += crossover;
    g_assert_true(!crossover || track->split == MG_SPLIT_TEST);
  }
  for (int label = 0; label < 2; label++) {
    g_assert_cmpint(tested[label], ==, 2);
    g_assert_cmpint(crossovers[label], ==, 1);
  }
  test_remove(folder);
}

/* Loudness and spectral centroid of a segment. */
typedef struct {
  double x[2];
  int label;
} Example;

static void
describe(const MgClip *clip, Example *example)
{
  enum { FFT = 2048 };
  g_autoptr(MgFft) fft = mg_fft_new(FFT);
  g_autofree float *power = g_new(float, FFT / 2 + 1);
  double energy = 0, sum = 0;
  int frames = 0;
  for (size_t i = 0; i < clip->n; i++)
    energy += clip->samples[i] * clip->samples[i];
  for (size_t start = 0; start + FFT <= clip->n; start += FFT, frames++) {
    double weight = 1e-9, moment = 0;
    for (int i = 0; i < FFT; i++)
      mg_fft_input(fft)[i] = clip->samples[start + i] * (float)(0.5 - 0.5 * cos(2 * G_PI * i / FFT));
    mg_fft_power(fft, power);
    for (int b = 0; b <= FFT / 2; b++) {
      weight += sqrt(power[b]);
      moment += sqrt(power[b]) * b * clip->sr / FFT;
    }
    sum += moment / weight;
  }
  example->x[0] = 10 * log10(energy / clip->n + 1e-9);
  example->x[1] = sum / frames;
}

static void
standardise(Example *examples, size_t n)
{
  for (int k = 0; k < 2; k++) {
    double mean = 0, variance = 0;
    for (size_t i = 0; i < n; i++)
      mean += examples[i].x[k] / n;
    for (size_t i = 0; i < n; i++)
      variance += (examples[i].x[k] - mean) * (examples[i].x[k] - mean) / n;
    for (size_t i = 0; i < n; i++)
      examples[i].x[k] = (examples[i].x[k] - mean) / sqrt(variance);
  }
}

static double
score(const double w[3], const Example *example)
{
  return w[0] * example->x[0] + w[1] * example->x[1] + w[2];
}

/* Gradient descent on the logistic loss; returns the share of right answers on the very examples. */
static double
logistic_accuracy(const Example *examples, size_t n)
{
  double w[3] = {0};
  for (int step = 0; step < 2000; step++) {
    double gradient[3] = {0};
    for (size_t i = 0; i < n; i++) {
      double miss = 1 / (1 + exp(-score(w, &examples[i]))) - examples[i].label;
      gradient[0] += miss * examples[i].x[0] / n;
      gradient[1] += miss * examples[i].x[1] / n;
      gradient[2] += miss / n;
    }
    for (int k = 0; k < 3; k++)
      w[k] -= gradient[k];
  }
  size_t right = 0;
  for (size_t i = 0; i < n; i++)
    right += (score(w, &examples[i]) > 0) == examples[i].label;
  return (double)right / n;
}

static void
test_two_figures_do_not_tell(void)
{
  for (int seed = 0; seed < 2; seed++) {
    char *folder = make(seed, 10, 16, 0);
    g_autoptr(MgManifest) manifest = mg_manifest_open(folder, NULL, NULL, NULL);
    g_autofree Example *examples = g_new0(Example, manifest->tracks->len);
    size_t n = 0;
    for (guint i = 0; i < manifest->tracks->len; i++, n++) {
      const MgTrack *track = mg_manifest_track(manifest, i);
      g_auto(MgClip) clip = {0};
      g_assert_true(mg_clip_load(&clip, track->path, 0, 15, 0, NULL));
      describe(&clip, &examples[n]);
      examples[n].label = track->label;
    }
    standardise(examples, n);
    double accuracy = logistic_accuracy(examples, n);
    g_test_message("seed %d: %.3f", seed, accuracy);
    g_assert_cmpfloat(accuracy, <=, 0.75);
    for (size_t i = 0; i < n; i++) /* were one class louder, it would be seen */
      examples[i].x[0] += 4 * examples[i].label;
    g_assert_cmpfloat(logistic_accuracy(examples, n), >=, 0.9);
    test_remove(folder);
  }
}

static void
test_full_disk(void)
{
  char *folder = test_folder();
  g_autoptr(MgParams) params = mg_params_new(tables);
  mg_params_set_int(params, "tracks", 1);
  mg_params_set_float(params, "seconds", 1);
  g_autoptr(GError) error = NULL;
  mg_file_fail_after(5000);
  g_assert_false(mg_synth_write(folder, params, 1, NULL, &error));
  mg_file_fail_after(-1);
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/synth/deterministic", test_deterministic);
  g_test_add_func("/synth/files", test_files);
  g_test_add_func("/synth/crossovers-in-test", test_crossovers_in_test);
  g_test_add_func("/synth/two-figures-do-not-tell", test_two_figures_do_not_tell);
  g_test_add_func("/synth/full-disk", test_full_disk);
  return g_test_run();
}
