/* Sound devices through PortAudio, whose libraries' chatter is kept away from stderr. The audio callback touches ring
 * buffers and atomics, nothing else. Built without PortAudio, every call fails with MG_ERROR_DEVICE saying so. */
#pragma once
#include <glib.h>

typedef struct {
  char *name;          /* as --device takes it */
  int inputs, outputs; /* channels */
  double sr;           /* default, Hz */
  gboolean is_default_input, is_default_output;
} MgDevice;

/* MgDevice * elements that free themselves. An empty array is no error: there is no sound card. */
GPtrArray *mg_devices_list(GError **error);

typedef struct MgOutput MgOutput;
typedef struct MgInput MgInput;

/* Opens `device` (NULL: default) for `channels` interleaved floats at `sr`. */
MgOutput *mg_output_open(const char *device, int sr, int channels, GError **error);
size_t mg_output_space(const MgOutput *output);                               /* floats that can be written now */
size_t mg_output_write(MgOutput *output, const float *interleaved, size_t n); /* floats taken */
/* Frames that have left for the loudspeaker since opening, latency taken off: where the ear is. */
gint64 mg_output_played(const MgOutput *output);
guint mg_output_underruns(const MgOutput *output);
gboolean mg_output_alive(const MgOutput *output); /* FALSE once the device is gone: it asks for nothing more */
void mg_output_flush(MgOutput *output);           /* drops what is queued */
void mg_output_close(MgOutput *output);           /* accepts NULL */

/* sr 0: the device's own, which is also taken where it cannot do the one asked for. channels 0: one, or the fewest that
 * the device can do. */
MgInput *mg_input_open(const char *device, int sr, int channels, GError **error);
size_t mg_input_read(MgInput *input, float *interleaved, size_t n);
guint mg_input_overruns(const MgInput *input);
gboolean mg_input_alive(MgInput *input); /* FALSE once the device is gone; ask on the thread that reads */
int mg_input_sr(const MgInput *input);
int mg_input_channels(const MgInput *input);
void mg_input_close(MgInput *input); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgOutput, mg_output_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgInput, mg_input_close)
