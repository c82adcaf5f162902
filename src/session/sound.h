/* A sound file that is open: its header, and its waveform, which a thread reads into a min/max pyramid.
 *
 * Functions belong to the main thread. "changed": more of the waveform is there (at most 20 times a second). "failed"
 * with a message: reading has ended early. */
#pragma once
#include "audio/decoder.h"
#include <gio/gio.h>

#define MG_TYPE_SOUND (mg_sound_get_type())
G_DECLARE_FINAL_TYPE(MgSound, mg_sound, MG, SOUND, GObject)

/* Opens the file in a thread, because some formats have to be read through to know their length. */
void mg_sound_open_async(const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
MgSound *mg_sound_open_finish(GAsyncResult *result, GError **error);
/* A sound without a file, that a recording fills by mg_sound_append(). */
MgSound *mg_sound_new_live(int sr, int channels);
void mg_sound_append(MgSound *sound, const float *interleaved, gint64 frames);

const char *mg_sound_path(MgSound *sound); /* NULL: live */
int mg_sound_sr(MgSound *sound);
int mg_sound_channels(MgSound *sound);
double mg_sound_duration(MgSound *sound);   /* s; as the header says until all is read */
gboolean mg_sound_complete(MgSound *sound); /* all is read */
/* The largest amplitude (0 to 1), and the share of the time in which it is full scale. FALSE until all is read. */
gboolean mg_sound_loudness(MgSound *sound, double *peak, double *full);
/* Describes container, codec, rate and channels: "FLAC, PCM 16 bit, 44 100 Hz, 2 channels". g_free() it. */
char *mg_sound_describe(MgSound *sound);
/* Columns of the waveform as mg_peaks_read() gives them, for [from, to) s of `channel` (-1: over all). Where a column
 * is shorter than the pyramid's finest step, the samples themselves are fetched in a thread, and "changed" follows.
 * FALSE: the columns are a line through samples, and rms was not filled. */
gboolean mg_sound_columns(MgSound *sound, int channel, double from, double to, size_t n, float *low, float *high,
                          float *rms);
/* Gives up reading; no more signals. */
void mg_sound_stop(MgSound *sound);
