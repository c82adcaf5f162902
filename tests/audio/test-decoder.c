#include "audio/decoder.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>

enum { SR = 44100, FRAMES = 30000 };

/* Channel c carries a tone of its own. */
static float *
tones(int channels)
{
  float *samples = g_new(float, FRAMES *channels);
  for (int i = 0; i < FRAMES; i++)
    for (int c = 0; c < channels; c++)
      samples[i * channels + c] = 0.5f * sinf((float)(0.02 * (c + 1)) * i);
  return samples;
}

static char *
write_sound(const char *folder, const char *name, int format, int sr, int channels)
{
  char *path = g_build_filename(folder, name, NULL);
  SF_INFO info = {.samplerate = sr, .channels = channels, .format = format};
  SNDFILE *file = sf_open(path, SFM_WRITE, &info);
  g_assert_nonnull(file);
  g_autofree float *samples = tones(channels);
  g_assert_cmpint(sf_writef_float(file, samples, FRAMES), ==, FRAMES);
  sf_close(file);
  return path;
}

static gint64
read_all(MgDecoder *decoder, GArray *mono)
{
  float block[1000];
  gint64 total = 0, n;
  while ((n = mg_decoder_read_mono(decoder, block, 1000)) > 0) {
    total += n;
    if (mono)
      g_array_append_vals(mono, block, n);
  }
  return total;
}

static const struct {
  const char *name, *container, *codec;
  int format, sr;
  double tolerance; /* 0: what was written, to 16 bit */
} formats[] = {
    {"a.wav", "WAV", "PCM 16 bit", SF_FORMAT_WAV | SF_FORMAT_PCM_16, SR, 1e-4},
    {"a.float.wav", "WAV", "float 32 bit", SF_FORMAT_WAV | SF_FORMAT_FLOAT, SR, 1e-6},
    {"a.rf64", "RF64", "PCM 24 bit", SF_FORMAT_RF64 | SF_FORMAT_PCM_24, SR, 1e-5},
    {"a.w64", "W64", "PCM 16 bit", SF_FORMAT_W64 | SF_FORMAT_PCM_16, SR, 1e-4},
    {"a.aiff", "AIFF", "PCM 16 bit", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SR, 1e-4},
    {"a.au", "AU", "PCM 16 bit", SF_FORMAT_AU | SF_FORMAT_PCM_16, SR, 1e-4},
    {"a.caf", "CAF", "PCM 16 bit", SF_FORMAT_CAF | SF_FORMAT_PCM_16, SR, 1e-4},
    {"a.flac", "FLAC", "FLAC 16 bit", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SR, 1e-4},
    {"a.ogg", "Ogg", "Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, SR, 0.1},
    {"a.opus", "Ogg", "Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000, 0.1},
    {"a.mp3", "MPEG", "MPEG layer III", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, SR, 0.1},
};

/* Every format gives back what was written, whole and with its length. */
static void
test_formats(void)
{
  char *folder = test_folder();
  g_autofree float *written = tones(1);
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autofree char *path = write_sound(folder, formats[i].name, formats[i].format, formats[i].sr, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
    g_assert_no_error(error);
    const MgAudioInfo *info = mg_decoder_info(decoder);
    g_assert_cmpstr(info->container, ==, formats[i].container);
    g_assert_cmpstr(info->codec, ==, formats[i].codec);
    g_assert_cmpint(info->sr, ==, formats[i].sr);
    g_assert_cmpint(info->frames, ==, FRAMES);
    g_autoptr(GArray) mono = g_array_new(FALSE, FALSE, sizeof(float));
    g_assert_cmpint(read_all(decoder, mono), ==, FRAMES);
    g_test_message("%s: %.2e", formats[i].name, test_relative_error((float *)mono->data, written, FRAMES));
    g_assert_cmpfloat(test_relative_error((float *)mono->data, written, FRAMES), <=, formats[i].tolerance);
    g_assert_true(mg_decoder_accepts_name(path));
  }
  test_remove(folder);
}

/* After seeking, the samples are those that reading through gives at that place. */
static void
test_seek(void)
{
  char *folder = test_folder();
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autofree char *path = write_sound(folder, formats[i].name, formats[i].format, formats[i].sr, 1);
    g_autoptr(MgDecoder) decoder = mg_decoder_open(path, NULL);
    g_autoptr(GArray) through = g_array_new(FALSE, FALSE, sizeof(float));
    read_all(decoder, through);
    static const int places[] = {0, 1, 12345, FRAMES - 200, 100};
    for (size_t p = 0; p < G_N_ELEMENTS(places); p++) {
      float block[200];
      g_assert_true(mg_decoder_seek(decoder, places[p], NULL));
      g_assert_cmpint(mg_decoder_read_mono(decoder, block, 200), ==, 200);
      double difference = test_relative_error(block, &g_array_index(through, float, places[p]), 200);
      g_test_message("%s from %d: %.2e", formats[i].name, places[p], difference);
      g_assert_cmpfloat(difference, <=, formats[i].tolerance);
    }
    g_assert_true(mg_decoder_seek(decoder, FRAMES, NULL));
    float one;
    g_assert_cmpint(mg_decoder_read_mono(decoder, &one, 1), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_false(mg_decoder_seek(decoder, FRAMES + 1, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_LIMIT);
  }
  test_remove(folder);
}

static void
test_channels(void)
{
  char *folder = test_folder();
  for (int channels = 1; channels <= 9; channels++) {
    g_autofree char *path = write_sound(folder, "a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 8000, channels);
    g_autoptr(GError) error = NULL;
    g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
    if (channels == 9) {
      g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
      break;
    }
    g_assert_cmpint(mg_decoder_info(decoder)->channels, ==, channels);
    g_autofree float *written = tones(channels), *mono = g_new(float, FRAMES);
    g_assert_cmpint(mg_decoder_read_mono(decoder, mono, FRAMES), ==, FRAMES);
    for (int i = 0; i < FRAMES; i++) {
      double mean = 0;
      for (int c = 0; c < channels; c++)
        mean += written[i * channels + c] / channels;
      g_assert_cmpfloat_with_epsilon(mono[i], mean, 1e-6);
    }
  }
  test_remove(folder);
}

static void
test_not_finite(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "nan.wav", NULL);
  float samples[100] = {0};
  samples[10] = NAN;
  samples[20] = INFINITY;
  samples[30] = 0.5f;
  samples[40] = -1e38f; /* a number, but no sound: its square is infinite */
  samples[41] = 40000;  /* 16-bit values that were not divided */
  g_assert_true(mg_wav_write(path, samples, 50, 2, SR, TRUE, NULL));
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, NULL);
  float read[100];
  g_assert_cmpint(mg_decoder_bad_samples(decoder), ==, 0);
  g_assert_cmpint(mg_decoder_read(decoder, read, 50), ==, 50);
  g_assert_cmpint(mg_decoder_bad_samples(decoder), ==, 3);
  g_assert_cmpfloat(read[40], ==, 0);
  g_assert_cmpfloat(read[41], ==, 40000);
  g_assert_cmpfloat(read[10], ==, 0);
  g_assert_cmpfloat(read[20], ==, 0);
  g_assert_cmpfloat(read[30], ==, 0.5f);
  test_remove(folder);
}

static void
test_wav_write(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "a.wav", NULL);
  float samples[] = {0, 0.25f, -1, 1, 2, -2};
  static const float pcm[] = {0, 0.25f, -1, 32767 / 32768.f, 32767 / 32768.f, -1};
  for (int exact = 0; exact < 2; exact++) {
    float read[6];
    g_assert_true(mg_wav_write(path, samples, 6, 1, 8000, exact, NULL));
    g_autoptr(MgDecoder) decoder = mg_decoder_open(path, NULL);
    g_assert_cmpstr(mg_decoder_info(decoder)->codec, ==, exact ? "float 32 bit" : "PCM 16 bit");
    g_assert_cmpint(mg_decoder_read(decoder, read, 6), ==, 6);
    g_assert_cmpmem(read, sizeof read, exact ? samples : pcm, sizeof read);
  }
  mg_file_fail_after(60);
  g_autoptr(GError) error = NULL;
  g_autofree char *other = g_build_filename(folder, "b.wav", NULL);
  g_assert_false(mg_wav_write(other, samples, 6, 1, 8000, TRUE, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
  mg_file_fail_after(-1);
  test_remove(folder);
}

static void
expect_error(const char *path, int code, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_decoder_open(path, &error));
  g_assert_error(error, MG_ERROR, code);
  g_assert_nonnull(strstr(error->message, path));
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_null(strpbrk(error->message, "\r\n"));
}

static void
test_refused(void)
{
  static const struct {
    const char *bytes;
    size_t n;
    int code;
    const char *words;
  } cases[] = {
      {"\0\0\0\x20"
       "ftypM4A ....",
       16, MG_ERROR_FORMAT, "m4a"},
      {"\xff\xf1\x50\x80\x00\x1f\xfc........", 15, MG_ERROR_FORMAT, "AAC"},
      {"\x0b\x77............", 14, MG_ERROR_FORMAT, "ac3"},
      {"\x30\x26\xb2\x75\x8e\x66\xcf\x11........", 16, MG_ERROR_FORMAT, "wma"},
      {"ID3\x04\0\0\0\0\0\x02..", 12, MG_ERROR_DATA, "ID3"},
      {"ID3\x04\0\0\x7f\x7f\x7f\x7f..", 12, MG_ERROR_DATA, "ID3"},
      {"hello, this is text", 19, MG_ERROR_FORMAT, "not a sound file"},
      {"\xff\xff\xff\xff\xff\xff\xff\xff", 8, MG_ERROR_FORMAT, "mp3"},
      {"RIFF\x10\0\0\0WAVEfmt ", 16, MG_ERROR_FORMAT, "damaged"},
      {"fLaC\0\0\0\x22................", 24, MG_ERROR_FORMAT, "damaged"},
      {"", 0, MG_ERROR_DATA, "empty"},
  };
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "sound", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_assert_true(g_file_set_contents(path, cases[i].bytes, cases[i].n, NULL));
    expect_error(path, cases[i].code, cases[i].words);
  }
  expect_error(folder, MG_ERROR_IO, "folder");
  g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
  g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
  expect_error(fifo, MG_ERROR_IO, "regular file");
  expect_error("/nowhere/at-all.wav", MG_ERROR_IO, "cannot read");
  test_remove(folder);
}

/* Puts a wrong number of samples into a FLAC file's STREAMINFO. */
static void
claim_frames(const char *path, guint64 frames)
{
  char *bytes;
  gsize n;
  g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
  for (int i = 0; i < 5; i++)
    bytes[21 + i] = (char)((i == 0 ? bytes[21] & 0xf0 : 0) | ((frames >> (8 * (4 - i))) & 0xff));
  g_assert_true(g_file_set_contents(path, bytes, n, NULL));
  g_free(bytes);
}

static void
test_lying_flac(void)
{
  static const guint64 claims[] = {0, 1, FRAMES - 1, FRAMES + 1, G_GUINT64_CONSTANT(0xfffffffff)};
  char *folder = test_folder();
  g_autofree char *path = write_sound(folder, "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SR, 1);
  for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
    claim_frames(path, claims[i]);
    g_autoptr(MgDecoder) decoder = mg_decoder_open(path, NULL);
    g_assert_cmpint(mg_decoder_info(decoder)->frames, ==, FRAMES);
    g_assert_cmpint(read_all(decoder, NULL), ==, FRAMES);
    g_assert_true(mg_decoder_seek(decoder, FRAMES - 5, NULL));
    g_assert_cmpint(read_all(decoder, NULL), ==, 5);
  }
  test_remove(folder);
}

/* Cut anywhere, a file gives what is left of it, or one line. */
static void
test_truncated(void)
{
  char *folder = test_folder();
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autofree char *path = write_sound(folder, formats[i].name, formats[i].format, formats[i].sr, 1);
    char *bytes;
    gsize n;
    g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    for (gsize cut = n * 9 / 10; cut > 0; cut = cut * 2 / 3) {
      g_assert_true(g_file_set_contents(path, bytes, cut, NULL));
      g_autoptr(GError) error = NULL;
      g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
      g_assert_true((decoder == NULL) == (error != NULL));
      if (decoder)
        g_assert_cmpint(read_all(decoder, NULL), ==, mg_decoder_info(decoder)->frames);
    }
    g_free(bytes);
  }
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio/decoder/formats", test_formats);
  g_test_add_func("/audio/decoder/seek", test_seek);
  g_test_add_func("/audio/decoder/channels", test_channels);
  g_test_add_func("/audio/decoder/not-finite", test_not_finite);
  g_test_add_func("/audio/decoder/refused", test_refused);
  g_test_add_func("/audio/decoder/lying-flac", test_lying_flac);
  g_test_add_func("/audio/decoder/truncated", test_truncated);
  g_test_add_func("/audio/encoder/wav", test_wav_write);
  return g_test_run();
}
