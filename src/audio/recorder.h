/* Records an input device to a WAV file that is valid at every moment (the header is kept current twice a
 * second). A thread of its own empties the input's ring buffer into the file. */
#pragma once
#include "audio/device.h"

typedef struct MgRecorder MgRecorder;

typedef struct {
  gint64 frames; /* in the file so far */
  double seconds;
  gboolean complete;     /* the limit has been reached */
  float peak[8], rms[8]; /* a channel's level since the last call, linear */
  guint clipped;         /* samples at full scale so far */
  guint overruns;
} MgRecorderState;

/* Starts at once. Takes the input. */
MgRecorder *mg_recorder_start(MgInput *input, const char *path, GError **error);
/* Writes that many frames at most, exactly; none beyond. */
void mg_recorder_set_limit(MgRecorder *recorder, gint64 frames);
/* FALSE and the error where recording has ended by itself (disk full, device unplugged); what came before is
 * kept. */
gboolean mg_recorder_state(MgRecorder *recorder, MgRecorderState *state, GError **error);
void mg_recorder_pause(MgRecorder *recorder, gboolean paused);
/* Copies samples recorded since the last call for drawing (interleaved); returns floats. */
size_t mg_recorder_tail(MgRecorder *recorder, float *interleaved, size_t n);
/* Ends and frees it, the input too. FALSE where something of the recording is missing: it ended by itself, or its last
 * part could not be written. */
gboolean mg_recorder_stop(MgRecorder *recorder, GError **error);
