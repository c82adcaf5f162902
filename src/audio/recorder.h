/* Records an input device to a WAV file that is valid at every moment (wav-file.h). A thread of its own empties the
 * input's ring buffer into the file. Without a file, before one is given and after a failure, it goes on listening and
 * keeps the last seconds: they come first in the next file, so that recording elsewhere loses nothing. */
#pragma once
#include "audio/device.h"

typedef struct MgRecorder MgRecorder;

typedef struct {
  gboolean writing; /* a file is being written, or recording is paused */
  gint64 frames;    /* in the file so far */
  double seconds;
  gboolean complete;     /* the limit has been reached */
  float peak[8], rms[8]; /* a channel's level since the last call, linear */
  guint clipped;         /* samples at full scale so far */
  guint overruns;
  double slept;    /* s that the machine has slept meanwhile: so much is missing */
  double heard_sr; /* Hz, at which samples come, over the last seconds; 0: not known yet */
} MgRecorderState;

/* Listens and keeps the last `pre_roll` seconds, until mg_recorder_begin(). Takes the input. */
MgRecorder *mg_recorder_listen(MgInput *input, double pre_roll);
/* Starts a new file, with what was kept; also where the one before has failed. */
gboolean mg_recorder_begin(MgRecorder *recorder, const char *path, GError **error);
/* Both at once, with nothing kept from before. */
MgRecorder *mg_recorder_start(MgInput *input, const char *path, GError **error);
/* Writes that many frames at most, exactly; none beyond. */
void mg_recorder_set_limit(MgRecorder *recorder, gint64 frames);
/* FALSE and the error where recording has ended by itself (disk full, device unplugged); what came before is kept. */
gboolean mg_recorder_state(MgRecorder *recorder, MgRecorderState *state, GError **error);
/* FALSE: the device is gone, so that recording cannot go on into another file. */
gboolean mg_recorder_hears(MgRecorder *recorder);
void mg_recorder_pause(MgRecorder *recorder, gboolean paused);
/* Copies samples recorded since the last call for drawing (interleaved); returns floats. */
size_t mg_recorder_tail(MgRecorder *recorder, float *interleaved, size_t n);
/* Ends and frees it, the input too. FALSE where something of the recording is missing: it ended by itself, or its last
 * part could not be written. */
gboolean mg_recorder_stop(MgRecorder *recorder, GError **error);
