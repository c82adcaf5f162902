/* The last seconds of a sound that goes on, as mel bands in decibels, for a picture that runs along with it. One thread
 * adds samples, another reads columns. */
#pragma once
#include <glib.h>

typedef struct MgMelStrip MgMelStrip;

/* A column every 10 ms. */
MgMelStrip *mg_mel_strip_new(int sr, double seconds, GError **error);
void mg_mel_strip_free(MgMelStrip *strip); /* accepts NULL */
void mg_mel_strip_add(MgMelStrip *strip, const float *samples, size_t n);

/* What the reader sees between both calls stays as it is. */
void mg_mel_strip_lock(MgMelStrip *strip);
void mg_mel_strip_unlock(MgMelStrip *strip);
size_t mg_mel_strip_bands(const MgMelStrip *strip);
size_t mg_mel_strip_frames(const MgMelStrip *strip);     /* since the beginning; the last ones are kept */
double mg_mel_strip_first_time(const MgMelStrip *strip); /* s, the middle of frame 0 */
double mg_mel_strip_frame_step(const MgMelStrip *strip); /* s */
double mg_mel_strip_top_hz(const MgMelStrip *strip);     /* where the highest band ends */
float mg_mel_strip_peak(const MgMelStrip *strip);        /* dB; the loudest of late, it sinks by 3 dB a second */
/* The bands of a frame, as MgImageSource.value_column asks for them; NULL: not kept. */
const float *mg_mel_strip_column(size_t frame, gpointer strip);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgMelStrip, mg_mel_strip_free)
