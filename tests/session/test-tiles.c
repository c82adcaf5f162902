/* Levels of the pyramid against the STFT of the whole signal. */
#include "audio/encoder.h"
#include "dsp/feature.h"
#include "dsp/mel.h"
#include "dsp/stft.h"
#include "session/tile-maker.h"
#include "session/tiles-gather.h"
#include "session/urgency.h"
#include "support.h"

#define SR 22050
#define N (SR * 8)

static float samples[N];
static char *folder, *path;

static const MgParamTable *const tables[] = {&mg_stft_params, &mg_mel_params, &mg_audio_params, NULL};

static void
make_signal(void)
{
  guint32 state = 1;
  for (size_t i = 0; i < N; i++) {
    state = state * 1664525 + 1013904223;
    double noise = (state >> 8) / 16777216.0 - 0.5, t = i / (double)SR;
    samples[i] = (float)(0.4 * sin(2 * G_PI * 440 * t * (1 + t)) + 0.01 * noise);
    if (i % 30011 == 0)
      samples[i] = 0.9f; /* clicks: they must not vanish at any level */
  }
  folder = test_folder();
  path = g_build_filename(folder, "signal.wav", NULL);
  g_assert_true(mg_wav_write(path, samples, N, 1, SR, TRUE, NULL));
}

static MgParams *
params_with(const char *const *assignments)
{
  MgParams *params = mg_params_new(tables);
  for (; *assignments; assignments++)
    g_assert_true(mg_params_assign(params, *assignments, NULL));
  return params;
}

/* The largest power of the frames under a column. */
static double
expected_power(const MgMatrix *matrix, size_t bin, gint64 column, int level)
{
  double largest = 0;
  for (gint64 frame = column << level; frame < (column + 1) << level && frame < (gint64)matrix->cols; frame++)
    largest = MAX(largest, mg_matrix_row(matrix, bin)[frame]);
  return largest;
}

/* Levels are steps of half a decibel; below the 127 dB they reach they are 0. */
static void
compare(const MgTile *tile, const MgTileWorld *world, MgLayer layer, const MgMatrix *matrix)
{
  gint64 columns = ((gint64)matrix->cols + (1 << tile->level) - 1) >> tile->level;
  for (gint64 i = 0; i < MG_TILE_COLUMNS; i++) {
    gint64 column = tile->index * MG_TILE_COLUMNS + i;
    for (size_t bin = 0; bin < world->bins[layer]; bin++) {
      guint8 level = tile->levels[layer][i * world->bins[layer] + bin];
      if (column >= columns) {
        g_assert_cmpint(level, ==, 0);
        continue;
      }
      double db = 10 * log10(expected_power(matrix, bin, column, tile->level) + 1e-30);
      double wanted = CLAMP(255 + 2 * (db - world->ceiling[layer]), 0, 255);
      g_assert_cmpfloat(fabs(level - wanted), <=, 0.6);
    }
  }
}

static void
check(const char *const *assignments)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = params_with(assignments);
  MgTileMaker *maker = mg_tile_maker_new(path, params, MG_ALL_LAYERS, &error);
  g_assert_no_error(error);
  const MgTileWorld *world = mg_tile_maker_world(maker);
  g_autoptr(MgMatrix) stft = mg_stft_spectrogram(samples, N, params, 2, 1, &error);
  g_autoptr(MgMatrix) mel = mg_mel_spectrogram(samples, N, SR, params, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpint(world->frames, ==, stft->cols);
  gint cancelled = FALSE;
  for (int level = 0; level < 4; level++)
    for (gint64 index = 0; index * MG_TILE_COLUMNS << level < world->frames; index++) {
      MgTile *tile = mg_tile_maker_make(maker, level, index, MG_TILE_EXACT, &cancelled, &error);
      g_assert_no_error(error);
      compare(tile, world, MG_LAYER_STFT, stft);
      compare(tile, world, MG_LAYER_MEL, mel);
      mg_tile_free(tile);
    }
  mg_tile_maker_free(maker);
}

static void
test_equal_to_stft(void)
{
  check((const char *[]){"sr=native", NULL});
  check((const char *[]){"sr=native", "n_fft=1024", "hop_length=300", "win_length=700", "n_mels=40", NULL});
}

static void
test_padding(void)
{
  check((const char *[]){"sr=native", "pad_mode=reflect", NULL});
  check((const char *[]){"sr=native", "pad_mode=edge", "n_fft=4096", "hop_length=256", NULL});
  check((const char *[]){"sr=native", "center=false", NULL});
  check((const char *[]){"sr=native", "n_fft=512", "hop_length=2000", NULL}); /* gaps between frames */
}

static void
test_join(void)
{
  g_autoptr(MgParams) params = params_with((const char *[]){"sr=native", "hop_length=256", NULL});
  MgTileMaker *maker = mg_tile_maker_new(path, params, MG_ALL_LAYERS, NULL);
  const MgTileWorld *world = mg_tile_maker_world(maker);
  gint cancelled = FALSE;
  MgTile *one = mg_tile_maker_make(maker, 0, 0, MG_TILE_EXACT, &cancelled, NULL);
  MgTile *two = mg_tile_maker_make(maker, 0, 1, MG_TILE_EXACT, &cancelled, NULL);
  MgTile *above = mg_tile_maker_make(maker, 1, 0, MG_TILE_EXACT, &cancelled, NULL);
  MgTile *joined = mg_tile_join(world, one, two);
  for (int layer = 0; layer < MG_N_LAYERS; layer++)
    g_assert_cmpmem(joined->levels[layer], MG_TILE_COLUMNS * world->bins[layer], above->levels[layer],
                    MG_TILE_COLUMNS * world->bins[layer]);
  MgTile *const all[] = {one, two, above, joined};
  for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
    mg_tile_free(all[i]);
  mg_tile_maker_free(maker);
}

/* A layer for itself is what it is beside the other one. */
static void
test_one_layer(void)
{
  g_autoptr(MgParams) params = params_with((const char *[]){"sr=native", NULL});
  MgTileMaker *both = mg_tile_maker_new(path, params, MG_ALL_LAYERS, NULL);
  gint cancelled = FALSE;
  MgTile *whole = mg_tile_maker_make(both, 1, 0, MG_TILE_EXACT, &cancelled, NULL);
  for (int layer = 0; layer < MG_N_LAYERS; layer++) {
    MgTileMaker *maker = mg_tile_maker_new(path, params, MG_LAYER_BIT(layer), NULL);
    size_t bins = mg_tile_maker_world(maker)->bins[layer];
    g_assert_cmpuint(mg_tile_maker_world(maker)->bins[1 - layer], ==, 0);
    MgTile *tile = mg_tile_maker_make(maker, 1, 0, MG_TILE_EXACT, &cancelled, NULL);
    g_assert_cmpmem(tile->levels[layer], MG_TILE_COLUMNS * bins, whole->levels[layer], MG_TILE_COLUMNS * bins);
    mg_tile_free(tile);
    mg_tile_maker_free(maker);
  }
  mg_tile_free(whole);
  mg_tile_maker_free(both);
}

/* Where there is no time for all frames: a column is one of them, and a rough tile knows at least every 16th. */
static void
test_glances(void)
{
  gint cancelled = 0;
  const int level = 1;
  g_autoptr(MgParams) params = params_with((const char *[]){"hop_length=128", "n_mels=40", NULL});
  MgTileMaker *maker = mg_tile_maker_new(path, params, MG_ALL_LAYERS, NULL);
  const MgTileWorld *world = mg_tile_maker_world(maker);
  MgTile *frames = mg_tile_maker_make(maker, 0, 0, MG_TILE_EXACT, &cancelled, NULL);
  size_t bins = world->bins[MG_LAYER_STFT];
  for (int quality = MG_TILE_ROUGH; quality <= MG_TILE_GLANCED; quality++) {
    MgTile *tile = mg_tile_maker_make(maker, level, 0, (MgTileQuality)quality, &cancelled, NULL);
    g_assert_cmpint(tile->quality, >=, quality);
    g_assert_cmpint(tile->quality, <=, MG_TILE_GLANCED);
    int known = tile->quality == MG_TILE_ROUGH ? 16 : 1;
    for (int column = 0; column < MG_TILE_COLUMNS / 2; column++) {
      int frame = (column / known * known << level) + (1 << level) / 2;
      if (tile->quality == MG_TILE_GLANCED || column % known == 0)
        g_assert_cmpmem(tile->levels[MG_LAYER_STFT] + column * bins, bins, frames->levels[MG_LAYER_STFT] + frame * bins,
                        bins);
      g_assert_cmpint(tile->levels[MG_LAYER_STFT][column * bins + 41], >, 0); /* 440 Hz: nothing is left blank */
    }
    mg_tile_free(tile);
  }
  mg_tile_free(frames);
  mg_tile_maker_free(maker);
}

static void
test_cancel(void)
{
  g_autoptr(MgParams) params = params_with((const char *[]){"sr=native", NULL});
  MgTileMaker *maker = mg_tile_maker_new(path, params, MG_ALL_LAYERS, NULL);
  g_autoptr(GError) error = NULL;
  gint cancelled = TRUE;
  g_assert_null(mg_tile_maker_make(maker, 0, 0, MG_TILE_EXACT, &cancelled, &error));
  g_assert_no_error(error);
  mg_tile_maker_free(maker);
}

/* Until it was let go on, in microseconds since `began`. */
static gpointer
rest(gpointer began)
{
  gint64 *until = began;
  mg_rest_while_frame();
  *until = g_get_monotonic_time() - *until;
  return NULL;
}

/* A thread rests until the frame is over, and not for ever where nobody tells of its end. */
static void
test_rest(void)
{
  const gint64 longest = 16000;
  gint64 rested = g_get_monotonic_time(), ended;
  mg_frame_begin();
  GThread *thread = g_thread_new("rests", rest, &rested);
  gint64 began = rested;
  g_usleep(5000);
  ended = g_get_monotonic_time() - began;
  mg_frame_end();
  g_thread_join(thread);
  g_assert_cmpint(rested, >=, MIN(ended, longest));

  rested = g_get_monotonic_time();
  mg_frame_begin();
  rest(&rested);
  g_assert_cmpint(rested, >=, longest);
  rested = g_get_monotonic_time();
  rest(&rested); /* that frame is taken for over */
}

static void
test_bad_parameters(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = params_with((const char *[]){"fmin=9000", "fmax=200", NULL});
  g_assert_null(mg_tile_maker_new(path, params, MG_ALL_LAYERS, &error));
  g_assert_nonnull(error);
  g_assert_nonnull(strstr(error->message, "fmin"));
  g_clear_error(&error);
  g_assert_null(mg_tiles_new("/nowhere/at-all.wav", params, MG_ALL_LAYERS, &error));
  g_assert_nonnull(strstr(error->message, "at-all.wav"));
}

static void
wait_for(MgTiles *tiles, int level, double from, double to)
{
  gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  mg_tiles_want(tiles, level, from, to);
  while (!mg_tiles_complete(tiles) && g_get_monotonic_time() < deadline)
    g_main_context_iteration(NULL, TRUE);
  g_assert_true(mg_tiles_complete(tiles));
}

/* Through the worker threads, and by a coarser level where the one asked for is missing. */
static void
test_on_demand(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = params_with((const char *[]){"sr=native", "hop_length=64", NULL});
  g_autoptr(MgTiles) tiles = mg_tiles_new(path, params, MG_ALL_LAYERS, &error);
  g_assert_no_error(error);
  g_assert_null(mg_tiles_column(tiles, MG_LAYER_STFT, 0, 0));
  wait_for(tiles, 2, 0, 8);
  const guint8 *coarse = mg_tiles_column(tiles, MG_LAYER_STFT, 2, 10);
  g_assert_nonnull(coarse);
  g_assert_true(mg_tiles_column(tiles, MG_LAYER_STFT, 0, 40) == coarse);
  g_assert_null(mg_tiles_column(tiles, MG_LAYER_STFT, 2, mg_tiles_columns(tiles, 2)));
  g_assert_cmpfloat(mg_tiles_loudest(tiles, MG_LAYER_STFT), >, 30);
  size_t before = mg_tiles_bytes(tiles);
  wait_for(tiles, 3, 0, 8); /* joined from what is there */
  g_assert_cmpuint(mg_tiles_bytes(tiles), >, before);
}

/* Resampled tiles must not depend on where a tile begins. */
static void
test_resampled(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = params_with((const char *[]){"sr=16000", "hop_length=128", NULL});
  MgTileMaker *one = mg_tile_maker_new(path, params, MG_ALL_LAYERS, &error),
              *two = mg_tile_maker_new(path, params, MG_ALL_LAYERS, &error);
  g_assert_no_error(error);
  gint cancelled = FALSE;
  MgTile *first = mg_tile_maker_make(one, 0, 0, MG_TILE_EXACT, &cancelled, NULL);
  MgTile *after = mg_tile_maker_make(one, 0, 1, MG_TILE_EXACT, &cancelled, NULL);
  MgTile *direct = mg_tile_maker_make(two, 0, 1, MG_TILE_EXACT, &cancelled, NULL);
  int most = 0;
  for (size_t i = 0; i < MG_TILE_COLUMNS * mg_tile_maker_world(one)->bins[MG_LAYER_MEL]; i++)
    most = MAX(most, ABS(after->levels[MG_LAYER_MEL][i] - direct->levels[MG_LAYER_MEL][i]));
  g_assert_cmpint(most, <=, 1);
  mg_tile_free(first);
  mg_tile_free(after);
  mg_tile_free(direct);
  mg_tile_maker_free(one);
  mg_tile_maker_free(two);
}

/* Any stretch as a matrix of any size: no click is lost, and beyond the ends it is silent. */
static void
test_gather(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = params_with((const char *[]){"sr=native", NULL});
  g_autoptr(MgTiles) tiles = mg_tiles_new(path, params, MG_LAYER_BIT(MG_LAYER_STFT), &error);
  g_assert_no_error(error);
  double low, high;
  mg_tiles_decibels(tiles, MG_LAYER_STFT, &low, &high);
  g_autoptr(MgMatrix) unknown = mg_tiles_gather(tiles, MG_LAYER_STFT, 0, 8, 64, 50);
  g_assert_cmpuint(unknown->rows, ==, 64);
  g_assert_cmpuint(unknown->cols, ==, 50);
  for (size_t i = 0; i < 64 * 50; i++)
    g_assert_cmpfloat_with_epsilon(unknown->data[i], low, 1e-4);
  wait_for(tiles, mg_tiles_gather_level(tiles, 0, 16, 50), 0, 16);
  g_autoptr(MgMatrix) matrix = mg_tiles_gather(tiles, MG_LAYER_STFT, 0, 16, 64, 50); /* the sound lasts 8 s */
  float loudest = -INFINITY;
  for (size_t i = 0; i < 64 * 50; i++)
    loudest = MAX(loudest, matrix->data[i]);
  g_assert_cmpfloat_with_epsilon(loudest, mg_tiles_loudest(tiles, MG_LAYER_STFT), 0.51);
  for (size_t r = 0; r < 64; r++) {
    g_assert_cmpfloat(mg_matrix_row(matrix, r)[4], >, low + 20); /* clicks reach all frequencies */
    g_assert_cmpfloat_with_epsilon(mg_matrix_row(matrix, r)[45], low, 1e-4);
  }
  g_autoptr(MgMatrix) one = mg_tiles_gather(tiles, MG_LAYER_STFT, 3, 3, 1, 1);
  g_assert_cmpuint(one->rows * one->cols, ==, 1);
  g_autoptr(MgMatrix) away = mg_tiles_gather(tiles, MG_LAYER_STFT, -9, -5, 5000, 5000);
  g_assert_cmpuint(away->rows, ==, mg_tiles_bins(tiles, MG_LAYER_STFT));
  g_assert_cmpfloat_with_epsilon(away->data[0], low, 1e-4);
  mg_tiles_stop(tiles);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_signal();
  g_test_add_func("/tiles/equal-to-stft", test_equal_to_stft);
  g_test_add_func("/tiles/padding", test_padding);
  g_test_add_func("/tiles/join", test_join);
  g_test_add_func("/tiles/one-layer", test_one_layer);
  g_test_add_func("/tiles/glances", test_glances);
  g_test_add_func("/tiles/cancel", test_cancel);
  g_test_add_func("/tiles/rest", test_rest);
  g_test_add_func("/tiles/bad-parameters", test_bad_parameters);
  g_test_add_func("/tiles/on-demand", test_on_demand);
  g_test_add_func("/tiles/resampled", test_resampled);
  g_test_add_func("/tiles/gather", test_gather);
  int failed = g_test_run();
  test_remove(folder);
  g_free(path);
  return failed;
}
