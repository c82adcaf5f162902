/* Writes whole sound files. */
#pragma once
#include <glib.h>

/* 16-bit PCM WAV, or 32-bit float where `exact`; (frames, channels) interleaved samples, clipped to [-1, 1]
 * for PCM. The file appears at once or not at all. */
gboolean mg_wav_write(const char *path, const float *interleaved, gint64 frames, int channels, int sr, gboolean exact,
                      GError **error);
