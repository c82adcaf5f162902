/* Blocks of an analysis against the feature of the whole signal, and the work on threads. */
#include "audio/encoder.h"
#include "dsp/feature.h"
#include "dsp/settling.h"
#include "session-support.h"
#include "session/analysis-block.h"
#include "session/analysis-store.h"
#include "session/analysis.h"
#include <math.h>

#define SR 22050
#define SECONDS 130 /* more than the window computes at once */
#define N (SR * SECONDS)

static float samples[N];
static char *folder, *path;

static void
make_signal(void)
{
  guint32 state = 1;
  for (size_t i = 0; i < N; i++) {
    state = state * 1664525 + 1013904223;
    double noise = (state >> 8) / 16777216.0 - 0.5, t = i / (double)SR;
    samples[i] = (float)(0.4 * sin(2 * G_PI * (300 + 2 * t) * t) + 0.05 * noise);
    if (i % (SR / 2) < 200)
      samples[i] += (float)noise; /* a beat */
  }
  folder = test_folder();
  path = g_build_filename(folder, "signal.wav", NULL);
  g_assert_true(mg_wav_write(path, samples, N, 1, SR, TRUE, NULL));
}

static MgParams *
native_params(const MgFeature *feature)
{
  MgParams *params = mg_feature_params(feature);
  g_assert_true(mg_params_assign(params, "sr=native", NULL));
  return params;
}

static gboolean
is_whole(const MgFeature *feature)
{
  guint whole = MG_WHOLE_NOTHING;
  for (const MgFeature *each = feature; each; each = each->source)
    whole |= each->whole;
  return (whole & MG_WHOLE_ALL) != 0;
}

/* The values of a block in the middle are those of the whole signal, unless the table says that they depend on
 * everything; with what the whole signal decides settled. */
static void
test_blocks(gconstpointer data)
{
  const MgFeature *feature = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = native_params(feature);
  MgBlockGrid grid;
  g_assert_true(mg_block_grid_init(&grid, SECONDS, SR, feature, params, &error));
  g_autoptr(MgMatrix) whole = mg_feature_compute(feature, samples, N, SR, params, &error);
  g_autoptr(MgSampleReader) reader = mg_sample_reader_open(path, SR, &error);
  g_assert_no_error(error);
  gint64 index = grid.frames > (gint64)1 << grid.exponent; /* what depends on everything is one block */
  if (mg_settling_needed(feature, params)) {
    gint cancelled = FALSE, progress = 0;
    MgParams *settled = mg_block_settle(reader, &grid, feature, params, &cancelled, &progress, &error);
    g_assert_no_error(error);
    g_assert_cmpint(progress, >, 500);
    mg_params_free(params);
    params = settled;
  }
  MgBlock *block = mg_block_make(reader, &grid, feature, params, index, 0, &error);
  g_assert_no_error(error);
  gint64 first = index << grid.exponent, most = (gint64)1 << grid.exponent;
  gboolean amplitude, levels = mg_block_in_decibels(feature, params, &amplitude);
  g_assert_cmpuint(block->bins, ==, whole->rows);
  g_assert_cmpuint(block->cols, ==, MIN(most, (gint64)whole->cols - first));
  size_t wrong = 0;
  for (size_t c = 0; c < block->cols && !is_whole(feature); c++)
    for (size_t bin = 0; bin < block->bins; bin++) {
      double value = mg_matrix_row(whole, bin)[first + (gint64)c], got = block->level[0][c * block->bins + bin];
      if (levels)
        value = (amplitude ? 20 : 10) * log10(MAX(value, amplitude ? 1e-5 : 1e-10));
      wrong += fabs(value - got) > 1e-2 * (1 + fabs(value));
    }
  if (wrong > block->cols * block->bins / 200)
    g_test_fail_printf("%zu of %zu values differ from the whole signal's", wrong, block->cols * block->bins);
  mg_block_free(block);
}

static gboolean
whole_is_told(MgAnalysis *analysis, const MgMatrix *whole)
{
  const float *column = mg_analysis_column(analysis, 0, 100);
  for (size_t bin = 0; column && bin < whole->rows; bin++)
    if (fabs(column[bin] - mg_matrix_row(whole, bin)[100]) > 1e-2 * (1 + fabs(mg_matrix_row(whole, bin)[100])))
      return FALSE;
  return column && !mg_analysis_working(analysis, NULL, NULL);
}

/* The first block by itself has another floor of its decibels than the whole file, whose end is loud: it is seen at
 * once, and becomes the whole file's. */
static void
test_settled(void)
{
  g_autoptr(GError) error = NULL;
  const MgFeature *feature = mg_feature_find("mfcc", NULL);
  g_autoptr(MgParams) params = native_params(feature);
  g_autofree float *quiet = g_memdup2(samples, sizeof samples);
  for (size_t i = 0; i < N - SR; i++)
    quiet[i] *= 1e-4f;
  g_autofree char *file = g_build_filename(folder, "quiet.wav", NULL);
  g_assert_true(mg_wav_write(file, quiet, N, 1, SR, TRUE, NULL));
  g_autoptr(MgMatrix) whole = mg_feature_compute(feature, quiet, N, SR, params, &error);
  g_autoptr(MgMatrix) alone = mg_feature_compute(feature, quiet, 60 * SR, SR, params, &error);
  g_assert_cmpfloat(fabs(mg_matrix_row(whole, 0)[100] - mg_matrix_row(alone, 0)[100]), >, 10);
  g_autoptr(MgAnalysis) analysis = mg_analysis_new(file, SECONDS, SR, feature, params, &error);
  g_assert_no_error(error);
  mg_analysis_want(analysis, 0, 0, 10);
  test_wait_for(mg_analysis_column(analysis, 0, 100));
  test_wait_for(whole_is_told(analysis, whole));
  mg_analysis_stop(analysis);
}

/* Each level holds the larger of two columns of the one below; a coarse block has only the coarse ones. */
static void
test_pyramid(void)
{
  g_autoptr(GError) error = NULL;
  const MgFeature *feature = mg_feature_find("melspectrogram", NULL);
  g_autoptr(MgParams) params = native_params(feature);
  MgBlockGrid grid;
  g_assert_true(mg_block_grid_init(&grid, SECONDS, SR, feature, params, &error));
  g_autoptr(MgSampleReader) reader = mg_sample_reader_open(path, SR, &error);
  MgBlock *fine = mg_block_make(reader, &grid, feature, params, 0, 0, &error);
  MgBlock *coarse = mg_block_make(reader, &grid, feature, params, 0, 4, &error);
  g_assert_no_error(error);
  for (int level = 1; level <= grid.exponent; level++)
    for (size_t c = 0; c < mg_block_level_columns(fine, level); c++)
      for (size_t bin = 0; bin < fine->bins; bin++) {
        const float *below = fine->level[level - 1];
        size_t two = MIN(2 * c + 1, mg_block_level_columns(fine, level - 1) - 1);
        float larger = MAX(below[2 * c * fine->bins + bin], below[two * fine->bins + bin]);
        g_assert_cmpfloat(fine->level[level][c * fine->bins + bin], ==, larger);
      }
  g_assert_null(coarse->level[3]);
  g_assert_cmpmem(coarse->level[4], mg_block_level_columns(coarse, 4) * coarse->bins * sizeof(float), fine->level[4],
                  mg_block_level_columns(fine, 4) * fine->bins * sizeof(float));
  g_assert_cmpuint(mg_block_bytes(coarse), <, mg_block_bytes(fine));
  mg_block_free(fine);
  mg_block_free(coarse);
}

/* Through the threads: what is wanted comes, the rest does not. */
static void
test_on_demand(gconstpointer data)
{
  const MgFeature *feature = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(MgAnalysisStore) store = mg_analysis_store_new(path, SECONDS, SR);
  g_autoptr(MgParams) params = native_params(feature);
  g_autoptr(MgAnalysis) analysis = mg_analysis_store_get(store, feature, params, &error);
  g_autoptr(MgAnalysis) same = mg_analysis_store_get(store, feature, params, &error);
  double fraction, number;
  g_assert_no_error(error);
  g_assert_true(same == analysis);
  g_assert_false(mg_analysis_working(analysis, NULL, NULL));
  mg_analysis_want(analysis, 0, 100, 110);
  g_assert_true(mg_analysis_working(analysis, &fraction, NULL));
  g_assert_cmpfloat(fraction, ==, 0);
  test_wait_for(!mg_analysis_working(analysis, NULL, NULL));
  g_assert_null(mg_analysis_failure(analysis));
  if (feature->kind == MG_FEATURE_EVENTS) {
    g_autoptr(GArray) times = mg_analysis_events(analysis, 100, 110);
    for (guint i = 0; i < times->len; i++)
      g_assert_cmpfloat(fabs(g_array_index(times, double, i) - 105), <=, 5);
    g_assert_cmpuint(times->len, >, 5);
  } else if (feature->kind == MG_FEATURE_NUMBER)
    g_assert_true(mg_analysis_number(analysis, &number));
  else {
    double first, step;
    mg_analysis_times(analysis, 0, &first, &step);
    g_assert_nonnull(mg_analysis_column(analysis, 0, (gint64)(105 / step)));
    g_assert_null(mg_analysis_column(analysis, 0, -1));
    g_assert_null(mg_analysis_column(analysis, 0, mg_analysis_columns(analysis, 0) + 9));
    double low, high;
    g_assert_true(mg_analysis_range(analysis, &low, &high));
    g_assert_cmpfloat(low, <=, high);
  }
}

static void
ignore(MgAnalysis *analysis, const char *message, char **kept)
{
  g_assert_null(*kept);
  *kept = g_strdup(message);
}

static void
test_failure(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;
  const MgFeature *feature = mg_feature_find("stft", NULL);
  g_autoptr(MgParams) params = native_params(feature);
  g_autoptr(MgAnalysis) analysis = mg_analysis_new("/nowhere/at-all.wav", 10, SR, feature, params, &error);
  g_assert_no_error(error);
  g_signal_connect(analysis, "failed", G_CALLBACK(ignore), &message);
  mg_analysis_want(analysis, 0, 0, 10);
  test_wait_for(message);
  g_assert_nonnull(strstr(message, "at-all.wav"));
  g_assert_cmpstr(mg_analysis_failure(analysis), ==, message);
  g_assert_false(mg_analysis_working(analysis, NULL, NULL));
  g_assert_true(mg_params_assign(params, "sr=no", NULL));
  g_assert_null(mg_analysis_new(path, 10, SR, feature, params, &error));
  g_assert_nonnull(strstr(error->message, "sr=no"));
}

/* Those that go away while a thread works for them leave nothing behind. */
static void
test_gone(void)
{
  const MgFeature *feature = mg_feature_find("stft", NULL);
  g_autoptr(MgParams) params = native_params(feature);
  for (int i = 0; i < 5; i++) {
    g_autoptr(MgAnalysis) analysis = mg_analysis_new(path, SECONDS, SR, feature, params, NULL);
    mg_analysis_want(analysis, 0, 0, SECONDS);
    mg_analysis_want(analysis, 3, 100, SECONDS);
  }
  test_wait_for(!g_main_context_pending(NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_signal();
  for (const MgFeature *const *feature = mg_features(); *feature; feature++) {
    g_autofree char *blocks = g_strdup_printf("/analysis/blocks/%s", (*feature)->name);
    g_autofree char *demand = g_strdup_printf("/analysis/on-demand/%s", (*feature)->name);
    if ((*feature)->kind == MG_FEATURE_PICTURE || (*feature)->kind == MG_FEATURE_CURVE)
      g_test_add_data_func(blocks, *feature, test_blocks);
    g_test_add_data_func(demand, *feature, test_on_demand);
  }
  g_test_add_func("/analysis/settled", test_settled);
  g_test_add_func("/analysis/pyramid", test_pyramid);
  g_test_add_func("/analysis/failure", test_failure);
  g_test_add_func("/analysis/gone", test_gone);
  int failed = g_test_run();
  test_remove(folder);
  g_free(path);
  return failed;
}
