/* What playing and recording share of PortAudio, which is not safe to call from two threads at once. */
#pragma once
#include "audio/device.h"
#include <portaudio.h>

typedef struct {
  const char *device; /* NULL: default */
  gboolean input;
  int sr;       /* 0: the device's default */
  int channels; /* 0: one, or the fewest that the device takes */
  PaStreamCallback *callback;
  gpointer data;
} MgStreamWish;

/* Initialises PortAudio, opens and starts a stream. sr and channels become what was opened. `prepare` is called with
 * the data once they are known, before the first callback. */
PaStream *mg_stream_start(MgStreamWish *wish, void (*prepare)(gpointer data, const MgStreamWish *wish), GError **error);
void mg_stream_stop(PaStream *stream);
