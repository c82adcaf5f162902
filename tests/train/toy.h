/* A data set that a small network learns within a second: sines against noise, and the job that trains on it. */
#pragma once
#include "audio/encoder.h"
#include "base/file.h"
#include "base/rng.h"
#include "support.h"
#include "train/trainer.h"
#include <string.h>

enum { TOY_SR = 8000, TOY_TRACKS = 8, TOY_SECONDS = 2 };

/* One convolution, batch norm and dropout: everything that has a state or draws numbers. */
#define TOY_NETWORK                                                                                                    \
  "{\"name\": \"toy\", \"layers\": ["                                                                                  \
  "{\"type\": \"conv2d\", \"name\": \"conv1\", \"out_channels\": 6, \"kernel_size\": 3, \"padding\": 1},"              \
  "{\"type\": \"batchnorm\", \"name\": \"norm1\"}, {\"type\": \"relu\", \"name\": \"relu1\"},"                         \
  "{\"type\": \"maxpool\", \"name\": \"pool1\", \"kernel_size\": 2},"                                                  \
  "{\"type\": \"global-average-pool\", \"name\": \"mean\"}, {\"type\": \"dropout\", \"name\": \"drop\", \"p\": 0.1},"  \
  "{\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}]}"

static inline void
toy_track(const char *path, gboolean sine, int number)
{
  enum { n = TOY_SR * TOY_SECONDS };
  g_autofree float *samples = g_new(float, n);
  MgRng rng = mg_rng_stream(sine, number);
  for (int i = 0; i < n; i++)
    samples[i] = sine ? 0.3f * sinf(2 * (float)G_PI * (300 + 90 * number) * i / TOY_SR) + 0.02f * mg_rng_normal(&rng)
                      : 0.1f * mg_rng_normal(&rng);
  g_autoptr(GError) error = NULL;
  mg_wav_write(path, samples, n, 1, TOY_SR, FALSE, &error);
  g_assert_no_error(error);
}

typedef struct {
  char *folder;  /* of everything; test_remove()d */
  char *dataset; /* two classes */
  char *model;   /* a description */
  MgParams *params;
} Toy;

static inline void
toy_set(Toy *toy, const char *assignment)
{
  g_autoptr(GError) error = NULL;
  mg_params_assign(toy->params, assignment, &error);
  g_assert_no_error(error);
}

static inline Toy
toy_new(void)
{
  Toy toy = {.folder = test_folder(), .params = mg_params_new(mg_train_tables())};
  toy.dataset = g_build_filename(toy.folder, "data", NULL);
  toy.model = g_build_filename(toy.folder, "toy.json", NULL);
  g_assert_true(mg_file_write(toy.model, TOY_NETWORK, strlen(TOY_NETWORK), NULL));
  for (int sine = 0; sine < 2; sine++)
    for (int i = 0; i < TOY_TRACKS; i++) {
      g_autofree char *class_folder = g_build_filename(toy.dataset, sine ? "sine" : "noise", NULL);
      g_autofree char *name = g_strdup_printf("%d.wav", i);
      g_autofree char *path = g_build_filename(class_folder, name, NULL);
      g_assert_true(mg_folder_make(class_folder, NULL));
      toy_track(path, sine, i);
    }
  static const char *const assignments[] = {
      "sr=8000",      "segment_seconds=0.25", "n_fft=256",          "n_mels=20", "epochs=4",
      "batch_size=4", "learning_rate=0.02",   "augment=time-shift", "threads=1", "hop_length=128"};
  for (size_t i = 0; i < G_N_ELEMENTS(assignments); i++)
    toy_set(&toy, assignments[i]);
  return toy;
}

static inline void
toy_free(Toy *toy)
{
  mg_params_free(toy->params);
  g_free(toy->dataset);
  g_free(toy->model);
  test_remove(toy->folder);
}

static inline char *
toy_run(const Toy *toy, const char *name)
{
  return g_build_filename(toy->folder, name, NULL);
}

static inline MgTrainJob
toy_job(const Toy *toy, const char *run)
{
  return (MgTrainJob){.dataset = toy->dataset, .model = toy->model, .run = run, .params = toy->params};
}

static inline void
toy_train(const Toy *toy, const char *run)
{
  MgTrainJob job = toy_job(toy, run);
  g_autoptr(GError) error = NULL;
  mg_train(&job, NULL, &error);
  g_assert_no_error(error);
}

static inline char *
toy_text(const char *run, const char *name)
{
  g_autofree char *path = g_build_filename(run, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = mg_file_read(path, 1 << 24, NULL, &error);
  g_assert_no_error(error);
  return text;
}

/* Pictures are kept apart from the user's. */
static inline void
toy_init(int *argc, char ***argv)
{
  g_autofree char *cache = test_folder();
  g_setenv("XDG_CACHE_HOME", cache, TRUE);
  g_test_init(argc, argv, NULL);
  g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK); /* a full disk warns */
}

static inline int
toy_end(int result)
{
  test_remove(g_strdup(g_getenv("XDG_CACHE_HOME")));
  return result;
}
