/* An input device of numbers, in place of a real one: the calls of audio/device.h that the recorder makes, for a
 * program that links no others. Time is the test's: there is as much to read as fake_give() has given. */
#pragma once
#include "audio/device.h"
#include <stdatomic.h>

struct MgInput {
  int sr, channels;
  _Atomic gint64 given, *taken; /* frames */
  _Atomic gint64 own_taken;
  _Atomic int gone;
};

/* Sample k of a fake device: 16 bits hold it exactly, and it follows from its number. */
static inline float
fake_sample(gint64 k)
{
  return (float)((k * 331) % 60000 - 30000) / 32768;
}

static inline MgInput *
fake_input_new(int sr, int channels)
{
  MgInput *input = g_new0(MgInput, 1);
  input->sr = sr;
  input->channels = channels;
  input->taken = &input->own_taken;
  return input;
}

static inline void
fake_give(MgInput *input, gint64 frames)
{
  atomic_fetch_add(&input->given, frames);
}

static inline void
fake_unplug(MgInput *input)
{
  atomic_store(&input->gone, 1);
}

/* Until the recorder has read all that was given. */
static inline void
fake_wait(MgInput *input)
{
  while (atomic_load(input->taken) < atomic_load(&input->given))
    g_usleep(500);
}

size_t
mg_input_read(MgInput *input, float *interleaved, size_t n)
{
  gint64 taken = atomic_load(input->taken),
         frames = MIN((gint64)n / input->channels, atomic_load(&input->given) - taken);
  for (gint64 i = 0; i < frames * input->channels; i++)
    interleaved[i] = fake_sample(taken * input->channels + i);
  atomic_store(input->taken, taken + frames);
  return (size_t)(frames * input->channels);
}

guint
mg_input_overruns(const MgInput *input)
{
  return 0;
}

gboolean
mg_input_alive(MgInput *input)
{
  return !atomic_load(&input->gone);
}

int
mg_input_sr(const MgInput *input)
{
  return input->sr;
}

int
mg_input_channels(const MgInput *input)
{
  return input->channels;
}

void
mg_input_close(MgInput *input)
{
  g_free(input);
}
