/* What a crash leaves of a recording is found at the next start, and nothing else is touched. */
#include "session/recovery.h"
#include "audio/decoder.h"
#include "audio/wav-file.h"
#include "base/file.h"
#include "support.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SR = 8000 };

static const MgWavFormat format = {.sr = SR, .channels = 1};

static char *folder;

static char *
in_folder(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

/* Frames of silence, in a process that is killed before it says so in the header. */
static void
record_and_die(const char *path, size_t frames)
{
  pid_t child = fork();
  if (child == 0) {
    MgWavFile *file = mg_wav_file_create(path, &format, NULL);
    g_autofree float *samples = g_new0(float, frames);
    gboolean good = file && mg_recovery_mark(path, NULL) && mg_wav_file_write(file, samples, frames, NULL);
    kill(getpid(), good ? SIGKILL : SIGTERM);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static guint
count_entries(void)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir))
    n++;
  return n;
}

static void
test_found(void)
{
  folder = test_folder();
  g_autofree char *first = in_folder("2026-01-01 10-00-00.wav"), *second = in_folder("2026-01-02 10-00-00.wav");
  g_autofree char *empty = in_folder("2026-01-03 10-00-00.wav"), *whole = in_folder("whole.wav");
  record_and_die(second, SR + 100);
  record_and_die(first, 300); /* less than half a second: the header tells nothing of it */
  record_and_die(empty, 0);
  mg_wav_file_free(mg_wav_file_create(whole, &format, NULL)); /* not marked: nobody's business */
  g_autoptr(GPtrArray) found = mg_recovery_find(folder);
  g_assert_cmpuint(found->len, ==, 2);
  const MgRecovered *a = found->pdata[0], *b = found->pdata[1];
  g_assert_cmpstr(a->path, ==, first);
  g_assert_cmpfloat(a->seconds, ==, 300.0 / SR);
  g_assert_cmpstr(b->path, ==, second);
  g_assert_cmpfloat(b->seconds, ==, (SR + 100.0) / SR);
  g_autoptr(MgDecoder) decoder = mg_decoder_open(first, NULL);
  g_assert_cmpint(mg_decoder_info(decoder)->frames, ==, 300);
  g_assert_false(g_file_test(empty, G_FILE_TEST_EXISTS));
  /* Until it is answered it is offered again. */
  g_autoptr(GPtrArray) again = mg_recovery_find(folder);
  g_assert_cmpuint(again->len, ==, 2);
  mg_recovery_unmark(first);
  mg_recovery_unmark(second);
  g_autoptr(GPtrArray) nothing = mg_recovery_find(folder);
  g_assert_cmpuint(nothing->len, ==, 0);
  g_assert_cmpuint(count_entries(), ==, 3); /* both, and the one that was whole */
  test_remove(folder);
}

/* Another window is recording: its file is no ruin, and nobody else records into it. */
static void
test_in_use(void)
{
  folder = test_folder();
  g_autofree char *path = in_folder("now.wav");
  g_autoptr(GError) error = NULL;
  int gate[2], told[2];
  g_assert_true(pipe(gate) == 0 && pipe(told) == 0);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    MgWavFile *file = mg_wav_file_create(path, &format, NULL);
    gboolean good = file && mg_recovery_mark(path, NULL) && write(told[1], "x", 1) == 1;
    _exit(good && read(gate[0], &byte, 1) == 1 ? 0 : 1);
  }
  char byte;
  g_assert_cmpint(read(told[0], &byte, 1), ==, 1);
  g_autoptr(GPtrArray) found = mg_recovery_find(folder);
  g_assert_cmpuint(found->len, ==, 0);
  g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
  g_assert_null(mg_wav_file_create(path, &format, &error));
  g_assert_nonnull(strstr(error->message, "now.wav"));
  g_assert_cmpint(write(gate[1], "x", 1), ==, 1);
  int status;
  waitpid(child, &status, 0);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  test_remove(folder);
}

static void
test_nothing(void)
{
  g_autoptr(GPtrArray) found = mg_recovery_find("/nowhere/at/all");
  g_assert_cmpuint(found->len, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/recovery/found", test_found);
  g_test_add_func("/recovery/in-use", test_in_use);
  g_test_add_func("/recovery/nothing", test_nothing);
  return g_test_run();
}
