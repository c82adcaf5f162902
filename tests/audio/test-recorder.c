/* The recorder on a device of numbers: what comes before the start, pauses, full disks, unplugging, machines that
 * sleep, files beyond 4 GiB, and what a crash leaves. */
#include "audio/decoder.h"
#include "audio/recorder.h"
#include "audio/wav-file.h"
#include "base/error.h"
#include "base/file.h"
#include "fake-input.h"
#include "support.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SR = 48000 };

static char *folder;
static _Atomic long slept; /* s that the machine has slept */

/* In place of libc's: the machine sleeps when the test wants it to. */
int
clock_gettime(clockid_t clock, struct timespec *now)
{
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_BOOTTIME)
    now->tv_sec += atomic_load(&slept);
  return result;
}

static char *
in_folder(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

/* The file holds samples from number `first` on, so many frames. */
static void
expect_samples(const char *path, gint64 first, gint64 frames)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(mg_decoder_info(decoder)->frames, ==, frames);
  g_autofree float *samples = g_new(float, frames);
  g_assert_cmpint(mg_decoder_read_mono(decoder, samples, frames), ==, frames);
  for (gint64 i = 0; i < frames; i++)
    g_assert_cmpfloat(samples[i], ==, fake_sample(first + i));
}

static MgRecorderState
wait_for_frames(MgRecorder *recorder, gint64 frames)
{
  MgRecorderState state;
  do {
    g_usleep(1000);
    g_assert_true(mg_recorder_state(recorder, &state, NULL));
  } while (state.frames < frames);
  return state;
}

static GError *
wait_for_failure(MgRecorder *recorder)
{
  GError *error = NULL;
  MgRecorderState state;
  while (mg_recorder_state(recorder, &state, &error))
    g_usleep(1000);
  return error;
}

static void
test_pre_roll(void)
{
  g_autofree char *path = in_folder("pre-roll.wav");
  g_autoptr(GError) error = NULL;
  MgInput *input = fake_input_new(SR, 1);
  MgRecorder *recorder = mg_recorder_listen(input, 2);
  fake_give(input, 5 * SR);
  MgRecorderState state;
  do {
    fake_wait(input);
    g_assert_true(mg_recorder_state(recorder, &state, &error));
    g_assert_false(state.writing);
  } while (state.peak[0] == 0);
  g_assert_true(mg_recorder_begin(recorder, path, &error));
  g_assert_no_error(error);
  wait_for_frames(recorder, 2 * SR);
  fake_give(input, SR);
  state = wait_for_frames(recorder, 3 * SR);
  g_assert_true(state.writing);
  g_assert_true(mg_recorder_stop(recorder, &error));
  expect_samples(path, 3 * SR, 3 * SR);
}

static void
test_pause(void)
{
  g_autofree char *path = in_folder("pause.wav");
  g_autoptr(GError) error = NULL;
  MgInput *input = fake_input_new(SR, 1);
  MgRecorder *recorder = mg_recorder_start(input, path, &error);
  g_assert_no_error(error);
  fake_give(input, SR);
  wait_for_frames(recorder, SR);
  mg_recorder_pause(recorder, TRUE);
  fake_give(input, 2 * SR);
  fake_wait(input);
  MgRecorderState state;
  float most = 0;
  while (most == 0) { /* it hears while it pauses */
    g_assert_true(mg_recorder_state(recorder, &state, &error));
    most = MAX(most, state.peak[0]);
  }
  g_assert_cmpint(state.frames, ==, SR);
  mg_recorder_pause(recorder, FALSE);
  fake_give(input, 100);
  wait_for_frames(recorder, SR + 100);
  g_assert_true(mg_recorder_stop(recorder, &error));
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  g_assert_cmpint(mg_decoder_info(decoder)->frames, ==, SR + 100);
  g_assert_true(mg_decoder_seek(decoder, SR, &error));
  float after;
  g_assert_cmpint(mg_decoder_read(decoder, &after, 1), ==, 1);
  g_assert_cmpfloat(after, ==, fake_sample(3 * SR));
}

/* The disk is full: said, what was written is whole, and the next file goes on where that one ends. */
static void
test_full_disk(void)
{
  static const gint64 rooms[] = {MG_WAV_HEADER_BYTES, MG_WAV_HEADER_BYTES + 1, 4095, 50001, 100000};
  for (size_t i = 0; i < G_N_ELEMENTS(rooms); i++) {
    g_autofree char *full = in_folder("full.wav"), *other = in_folder("other.wav");
    g_autofree char *middle = in_folder("middle.wav");
    g_autoptr(GError) error = NULL, failure = NULL;
    MgInput *input = fake_input_new(SR, 1);
    mg_file_fail_after(rooms[i]);
    MgRecorder *recorder = mg_recorder_start(input, full, &error);
    g_assert_no_error(error);
    fake_give(input, 3 * SR);
    failure = wait_for_failure(recorder);
    g_assert_error(failure, MG_ERROR, MG_ERROR_IO);
    g_assert_nonnull(strstr(failure->message, "full.wav"));
    g_assert_true(mg_recorder_hears(recorder));
    fake_wait(input);
    mg_file_fail_after(rooms[i]);
    g_assert_true(mg_recorder_begin(recorder, middle, &error));
    g_clear_error(&failure);
    failure = wait_for_failure(recorder); /* this disk is full, too */
    mg_file_fail_after(-1);
    g_assert_true(mg_recorder_begin(recorder, other, &error));
    fake_give(input, SR);
    gint64 frames, more, found, all = 4 * SR;
    int sr;
    g_assert_true(mg_wav_file_repair(full, &frames, &found, &sr, &error));
    g_assert_true(mg_wav_file_repair(middle, &more, &found, &sr, &error));
    wait_for_frames(recorder, all - frames - more);
    g_assert_true(mg_recorder_stop(recorder, &error));
    if (frames > 0)
      expect_samples(full, 0, frames);
    if (more > 0)
      expect_samples(middle, frames, more);
    expect_samples(other, frames + more, all - frames - more);
  }
}

static void
test_unplugged(void)
{
  g_autofree char *path = in_folder("unplugged.wav");
  g_autoptr(GError) error = NULL, failure = NULL;
  MgInput *input = fake_input_new(SR, 1);
  MgRecorder *recorder = mg_recorder_start(input, path, &error);
  g_assert_no_error(error);
  fake_give(input, SR + 7);
  fake_unplug(input);
  failure = wait_for_failure(recorder);
  g_assert_error(failure, MG_ERROR, MG_ERROR_DEVICE);
  g_assert_false(mg_recorder_hears(recorder));
  g_assert_false(mg_recorder_begin(recorder, path, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DEVICE);
  g_assert_false(mg_recorder_stop(recorder, NULL));
  expect_samples(path, 0, SR + 7);
}

static void
test_sleep(void)
{
  g_autofree char *path = in_folder("sleep.wav");
  g_autoptr(GError) error = NULL;
  MgInput *input = fake_input_new(SR, 1);
  MgRecorder *recorder = mg_recorder_start(input, path, &error);
  g_assert_no_error(error);
  fake_give(input, SR);
  MgRecorderState state = wait_for_frames(recorder, SR);
  g_assert_cmpfloat(state.slept, ==, 0);
  atomic_store(&slept, 3600);
  while (state.slept == 0)
    g_assert_true(mg_recorder_state(recorder, &state, &error));
  g_assert_cmpfloat_with_epsilon(state.slept, 3600, 1);
  fake_give(input, SR);
  wait_for_frames(recorder, 2 * SR);
  g_assert_true(mg_recorder_stop(recorder, &error));
  expect_samples(path, 0, 2 * SR);
}

/* A device whose rate was changed gives more or fewer samples than it should. */
static void
test_rate(void)
{
  g_autofree char *path = in_folder("rate.wav");
  g_autoptr(GError) error = NULL;
  MgInput *input = fake_input_new(8000, 1);
  MgRecorder *recorder = mg_recorder_start(input, path, &error);
  g_assert_no_error(error);
  MgRecorderState state;
  do {
    fake_give(input, 8000);
    g_usleep(10000);
    g_assert_true(mg_recorder_state(recorder, &state, &error));
  } while (state.heard_sr == 0);
  g_assert_cmpfloat(state.heard_sr, >, 12000);
  g_assert_true(mg_recorder_stop(recorder, &error));
}

static guint64
size_of(const char *path)
{
  GStatBuf status;
  g_assert_cmpint(g_stat(path, &status), ==, 0);
  return (guint64)status.st_size;
}

/* A sparse file of just below 4 GiB grows beyond: the header becomes RF64's, and everything is read. */
static void
test_large(void)
{
  enum { CHANNELS = 2, FRAME = 4, MORE = 3 * SR };
  static const gint64 before = (G_GINT64_CONSTANT(1) << 32) / FRAME - SR;
  g_autofree char *path = in_folder("large.wav");
  g_autoptr(GError) error = NULL;
  MgWavFormat format = {.sr = SR, .channels = CHANNELS};
  mg_wav_file_free(mg_wav_file_create(path, &format, &error));
  g_assert_no_error(error);
  g_assert_cmpint(truncate(path, MG_WAV_HEADER_BYTES + before * FRAME), ==, 0);
  g_autoptr(MgWavFile) file = mg_wav_file_continue(path, &format, &error);
  g_assert_no_error(error);
  g_assert_cmpint(mg_wav_file_frames(file), ==, before);
  g_autofree float *samples = g_new(float, MORE *CHANNELS);
  for (int i = 0; i < MORE * CHANNELS; i++)
    samples[i] = fake_sample(i);
  for (int done = 0; done < MORE; done += SR / 4) { /* valid on the way, too */
    g_assert_true(mg_wav_file_write(file, samples + (size_t)done * CHANNELS, SR / 4, &error));
    g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(mg_decoder_info(decoder)->frames, >=, mg_wav_file_frames(file) - SR / 2);
  }
  g_assert_true(mg_wav_file_finish(file, &error));
  g_assert_cmpuint(size_of(path), >, G_GUINT64_CONSTANT(1) << 32);
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(mg_decoder_info(decoder)->container, ==, "RF64");
  g_assert_cmpint(mg_decoder_info(decoder)->frames, ==, before + MORE);
  g_assert_true(mg_decoder_seek(decoder, before, &error));
  g_autofree float *read = g_new(float, MORE *CHANNELS);
  g_assert_cmpint(mg_decoder_read(decoder, read, MORE), ==, MORE);
  g_assert_cmpmem(read, MORE * CHANNELS * sizeof *read, samples, MORE * CHANNELS * sizeof *samples);
}

/* What stands behind the last header that was written is found again. */
static void
test_repair(void)
{
  g_autofree char *path = in_folder("repair.wav"), *other = in_folder("other.txt");
  g_autoptr(GError) error = NULL;
  MgWavFormat format = {.sr = SR, .channels = 1};
  guint8 header[MG_WAV_HEADER_BYTES];
  mg_wav_header(header, &format, 2 * 1000);
  g_autofree guint8 *bytes = g_malloc0(MG_WAV_HEADER_BYTES + 2 * 1500 + 1);
  memcpy(bytes, header, sizeof header);
  g_assert_true(mg_file_write(path, bytes, MG_WAV_HEADER_BYTES + 2 * 1500 + 1, &error));
  g_assert_true(mg_wav_file_needs_repair(path));
  gint64 frames, found;
  int sr;
  g_assert_true(mg_wav_file_repair(path, &frames, &found, &sr, &error));
  g_assert_cmpint(frames, ==, 1500);
  g_assert_cmpint(found, ==, 500);
  g_assert_cmpint(sr, ==, SR);
  g_assert_false(mg_wav_file_needs_repair(path));
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, &error);
  g_assert_cmpint(mg_decoder_info(decoder)->frames, ==, 1500);
  /* Files of others stay as they are. */
  for (size_t n = 0; n <= MG_WAV_HEADER_BYTES; n++) {
    bytes[40] = 1;
    g_assert_true(mg_file_write(other, bytes, n, &error));
    g_assert_false(mg_wav_file_needs_repair(other));
    g_assert_false(mg_wav_file_repair(other, &frames, &found, &sr, &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
    g_clear_error(&error);
  }
}

static void
test_continue(void)
{
  g_autofree char *path = in_folder("continue.wav");
  g_autoptr(GError) error = NULL;
  MgWavFormat mono = {.sr = SR, .channels = 1}, stereo = {.sr = SR, .channels = 2};
  mg_wav_file_free(mg_wav_file_create(path, &mono, &error));
  g_assert_null(mg_wav_file_continue(path, &stereo, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "continue.wav"));
}

typedef struct {
  const char *path;
  gint done, empty; /* atomic */
} Onlooker;

static gpointer
look_all_the_while(gpointer data)
{
  Onlooker *onlooker = data;
  struct stat found;
  while (!g_atomic_int_get(&onlooker->done))
    if (stat(onlooker->path, &found) == 0 && found.st_size < MG_WAV_HEADER_BYTES)
      g_atomic_int_inc(&onlooker->empty);
  return NULL;
}

/* Nobody finds a new file without its header. */
static void
test_never_empty(void)
{
  const MgWavFormat format = {.sr = SR, .channels = 1};
  g_autofree char *path = in_folder("new.wav");
  int unnamed = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (unnamed < 0) {
    g_test_skip("the file system has no files without names");
    return;
  }
  close(unnamed);
  Onlooker onlooker = {.path = path};
  GThread *thread = g_thread_new("onlooker", look_all_the_while, &onlooker);
  for (int i = 0; i < 1000; i++) {
    g_autoptr(GError) error = NULL;
    mg_wav_file_free(mg_wav_file_create(path, &format, &error));
    g_assert_no_error(error);
    g_assert_cmpint(unlink(path), ==, 0);
  }
  g_atomic_int_set(&onlooker.done, TRUE);
  g_thread_join(thread);
  g_assert_cmpint(onlooker.empty, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  folder = test_folder();
  g_test_add_func("/audio/recorder/pre-roll", test_pre_roll);
  g_test_add_func("/audio/recorder/pause", test_pause);
  g_test_add_func("/audio/recorder/full-disk", test_full_disk);
  g_test_add_func("/audio/recorder/unplugged", test_unplugged);
  g_test_add_func("/audio/recorder/sleep", test_sleep);
  g_test_add_func("/audio/recorder/rate", test_rate);
  g_test_add_func("/audio/recorder/large", test_large);
  g_test_add_func("/audio/recorder/repair", test_repair);
  g_test_add_func("/audio/recorder/continue", test_continue);
  g_test_add_func("/audio/recorder/never-empty", test_never_empty);
  int status = g_test_run();
  test_remove(folder);
  return status;
}
