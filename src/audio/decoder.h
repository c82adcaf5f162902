/* Reads sound files through libsndfile, a stretch at a time: memory does not grow with a file's length. */
#pragma once
#include <glib.h>

typedef struct {
  const char *path;
  const char *container; /* "WAV", "FLAC", "Ogg" … */
  const char *codec;     /* "PCM 16 bit", "Vorbis", "MPEG layer III" … */
  int sr;                /* Hz */
  int channels;
  gint64 frames;   /* samples a channel */
  double duration; /* s */
} MgAudioInfo;

typedef struct MgDecoder MgDecoder;

/* Errors: MG_ERROR_IO (cannot be read), MG_ERROR_FORMAT (names the format where it is known but not
 * supported, e.g. m4a; or what is damaged), MG_ERROR_DATA (no audio in it). */
MgDecoder *mg_decoder_open(const char *path, GError **error);
const MgAudioInfo *mg_decoder_info(const MgDecoder *decoder);
/* Reads up to `frames` frames of interleaved samples in [-1, 1]; returns how many, 0 at the end. Samples that
 * are not finite become 0 and are counted. A file that ends early (truncated) just ends. */
gint64 mg_decoder_read(MgDecoder *decoder, float *interleaved, gint64 frames);
/* The same, mixed down to mono by the mean of the channels (librosa.to_mono). */
gint64 mg_decoder_read_mono(MgDecoder *decoder, float *samples, gint64 frames);
/* The mean of the channels, also in place. */
void mg_mix_to_mono(const float *interleaved, int channels, gint64 frames, float *mono);
gboolean mg_decoder_seek(MgDecoder *decoder, gint64 frame, GError **error);
gint64 mg_decoder_bad_samples(const MgDecoder *decoder); /* NaN and beyond ±1e12, met so far */
void mg_decoder_free(MgDecoder *decoder);                /* accepts NULL */

/* File name patterns that the program offers to open ("*.wav", …), NULL-terminated. */
const char *const *mg_decoder_patterns(void);
gboolean mg_decoder_accepts_name(const char *path); /* by the file name's ending, any case */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgDecoder, mg_decoder_free)
