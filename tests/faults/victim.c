/* Does one kind of work without end, for who kills it at some moment and looks at what is left:
 *
 *   victim record FILE SHARED   records a device of numbers; SHARED (8 bytes) holds how many frames were taken from it
 *   victim store FOLDER NAME    adds tracks, labels and runs to a workspace, and prints a number once it is kept
 *   victim list FOLDER          opens a workspace and prints how many tracks, labels and runs there are
 *   victim repair FILE          brings a recording's header up to date; prints its frames */
#include "audio/recorder.h"
#include "audio/wav-file.h"
#include "dataset/store-labels.h"
#include "dataset/store.h"
#include "fake-input.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SR = 48000 };

static int
complain(GError *error)
{
  fprintf(stderr, "%s\n", error->message);
  g_error_free(error);
  return 1;
}

static void *
share(const char *path)
{
  int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0 || ftruncate(descriptor, sizeof(gint64)) != 0)
    g_error("%s: cannot be shared", path);
  return mmap(NULL, sizeof(gint64), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
}

static int
record(const char *path, const char *shared)
{
  GError *error = NULL;
  MgInput *input = fake_input_new(SR, 1);
  input->taken = share(shared);
  MgRecorder *recorder = mg_recorder_start(input, path, &error);
  if (!recorder)
    return complain(error);
  puts("recording");
  fflush(stdout);
  gint64 start = g_get_monotonic_time();
  for (;;) {
    gint64 due = (g_get_monotonic_time() - start) * SR / G_TIME_SPAN_SECOND;
    fake_give(input, due - atomic_load(&input->given));
    g_usleep(5000);
  }
}

static gboolean
add_one(MgStore *store, const char *name, int i, GError **error)
{
  g_autofree char *path = g_strdup_printf("/%s/%d.wav", name, i), *run = g_strdup_printf("runs/%s-%d", name, i);
  g_autofree char *folder = g_build_filename(mg_store_folder(store), run, NULL);
  MgStoreTrack track = {.path = path, .label = (char *)"x", .duration = i, .sr = 8000, .channels = 1};
  MgStoreRun entry = {.path = folder, .model = (char *)"small-cnn"};
  MgLabel label = {.start = i, .end = i + 1, .text = (char *)"clap"};
  return mg_store_add_track(store, &track, error) && mg_store_put_label(store, path, &label, error) &&
         mg_store_add_run(store, &entry, error) && mg_store_put(store, name, run, error);
}

static int
fill_store(const char *folder, const char *name)
{
  GError *error = NULL;
  g_autoptr(MgStore) store = mg_store_open(folder, &error);
  for (int i = 0; store; i++) {
    if (!add_one(store, name, i, &error))
      break;
    printf("%d\n", i);
    fflush(stdout);
  }
  return complain(error);
}

static int
list_store(const char *folder)
{
  GError *error = NULL;
  g_autoptr(MgStore) store = mg_store_open(folder, &error);
  g_autoptr(GPtrArray) tracks = store ? mg_store_tracks(store, &error) : NULL;
  g_autoptr(GPtrArray) runs = tracks ? mg_store_runs(store, &error) : NULL;
  if (!runs)
    return complain(error);
  guint n_labels = 0;
  for (guint i = 0; i < tracks->len; i++) {
    g_autoptr(GPtrArray) labels = mg_store_labels(store, ((MgStoreTrack *)tracks->pdata[i])->path, &error);
    if (!labels)
      return complain(error);
    n_labels += labels->len;
  }
  printf("%u %u %u\n", tracks->len, n_labels, runs->len);
  return 0;
}

static int
repair(const char *path)
{
  GError *error = NULL;
  gint64 frames, found;
  int sr;
  if (!mg_wav_file_repair(path, &frames, &found, &sr, &error))
    return complain(error);
  printf("%" G_GINT64_FORMAT "\n", frames);
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 4 && strcmp(argv[1], "record") == 0)
    return record(argv[2], argv[3]);
  if (argc == 4 && strcmp(argv[1], "store") == 0)
    return fill_store(argv[2], argv[3]);
  if (argc == 3 && strcmp(argv[1], "list") == 0)
    return list_store(argv[2]);
  if (argc == 3 && strcmp(argv[1], "repair") == 0)
    return repair(argv[2]);
  fprintf(stderr, "victim: record FILE SHARED, store FOLDER NAME, list FOLDER or repair FILE was expected\n");
  return 2;
}
