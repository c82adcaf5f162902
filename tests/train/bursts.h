/* Sound in which it is known what decides: noise, and in one class a burst of a tone somewhere in it; and a small
 * network that has learned to tell them apart. */
#pragma once
#include "base/rng.h"
#include "dataset/front-end.h"
#include "nn/fit.h"
#include "support.h"
#include "train/explain-evidence.h"
#include <string.h>

enum { BURST_SR = 8000, BURST_LENGTH = 1200, BURST_CLASS = 0 }; /* of 8000 samples; classes "burst" and "plain" */
#define BURST_HZ 1500.0

/* Its first layer lets nothing through but what is louder than any noise here: what decides can only be the burst. */
#define BURST_NETWORK                                                                                                  \
  "{\"name\": \"bursts\", \"layers\": [{\"type\": \"relu\", \"name\": \"loud\"},"                                      \
  "{\"type\": \"conv2d\", \"name\": \"conv1\", \"out_channels\": 8, \"kernel_size\": 3, \"padding\": 1},"              \
  "{\"type\": \"relu\", \"name\": \"relu1\"}, {\"type\": \"maxpool\", \"name\": \"pool1\", \"kernel_size\": 2},"       \
  "{\"type\": \"conv2d\", \"name\": \"conv2\", \"out_channels\": 8, \"kernel_size\": 3, \"padding\": 1},"              \
  "{\"type\": \"relu\", \"name\": \"relu2\"}, {\"type\": \"global-average-pool\", \"name\": \"mean\"},"                \
  "{\"type\": \"linear\", \"name\": \"logits\", \"out_features\": \"classes\"}]}"

/* Noise of some level, with a gap of silence; where `burst` is set, with a burst that swells and fades, so
 * that it is heard in its own bands alone. Returns the burst's first sample. */
static inline size_t
burst_sound(float *samples, gboolean burst, guint64 number)
{
  MgRng rng = mg_rng_stream(burst, number);
  size_t first = 400 + mg_rng_below(&rng, BURST_SR - BURST_LENGTH - 800);
  size_t gap = mg_rng_below(&rng, BURST_SR), end = gap + mg_rng_below(&rng, BURST_SR / 2);
  float level = powf(10, mg_rng_between(&rng, -2.5f, -1.3f));
  for (size_t i = 0; i < BURST_SR; i++)
    samples[i] = i >= gap && i < end ? 0 : level * mg_rng_normal(&rng);
  for (size_t i = 0; burst && i < BURST_LENGTH; i++)
    samples[first + i] +=
        0.3f * sinf((float)G_PI * i / BURST_LENGTH) * sinf(2 * (float)G_PI * (float)BURST_HZ * i / BURST_SR);
  return first;
}

static inline MgParams *
burst_front_end(void)
{
  MgParams *params = mg_params_new(mg_front_end_tables());
  static const char *const assignments[] = {"sr=8000",        "segment_seconds=1", "n_fft=256",
                                            "hop_length=128", "n_mels=24",         "ref=1"};
  for (size_t i = 0; i < G_N_ELEMENTS(assignments); i++)
    g_assert_true(mg_params_assign(params, assignments[i], NULL));
  return params;
}

/* ref=1 lets a burst be heard where it is alone: relative to the largest level it would lower the noise everywhere. */
static inline MgModel *
burst_model_new(const char *network)
{
  g_autoptr(MgParams) params = burst_front_end();
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  g_ptr_array_add(labels, "burst");
  g_ptr_array_add(labels, "plain");
  g_autoptr(GError) error = NULL;
  MgModel *model = mg_model_new(network, "bursts", params, labels, 1, &error);
  g_assert_no_error(error);
  model->means[0] = -10;
  model->deviations[0] = 5;
  return model;
}

static inline void
burst_picture(const MgModel *model, MgFrontEnd *front_end, gboolean burst, guint64 number, float *x)
{
  static float samples[BURST_SR];
  burst_sound(samples, burst, number);
  mg_front_end_segment(front_end, samples, BURST_SR, x);
  mg_model_normalise(model, x, mg_shape_size(mg_network_input(model->network)), x);
}

static inline MgModel *
burst_model(void)
{
  enum { batch = 16, steps = 80 };
  MgModel *model = burst_model_new(BURST_NETWORK);
  const MgParamTable *tables[] = {&mg_fit_params, &mg_optimizer_params, &mg_schedule_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  g_assert_true(mg_params_assign(params, "learning_rate=0.02", NULL));
  g_assert_true(mg_params_assign(params, "epochs=1", NULL));
  g_autoptr(MgFit) fit = mg_fit_new(model->network, params, steps, NULL);
  g_autoptr(MgFrontEnd) front_end = mg_front_end_new(model->front_end, NULL);
  size_t size = mg_shape_size(mg_network_input(model->network));
  g_autofree float *x = g_new(float, batch *size);
  mg_network_set_threads(model->network, 1);
  for (int step = 0; step < steps; step++) {
    int labels[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = i % 2;
      burst_picture(model, front_end, labels[i] == BURST_CLASS, 1000 + step * batch + i, x + i * size);
    }
    mg_fit_step(fit, x, labels, batch);
  }
  return model;
}
