/* What reads one family of formats for the decoder: a handle over an open descriptor, which stays the
 * decoder's. */
#pragma once
#include "audio/decoder.h"

enum { MG_MOST_CHANNELS = 8 };

typedef struct {
  /* Fills container, codec, sr, channels and frames (as the file claims; 0 where it does not tell). The
   * descriptor's position is free to use. NULL where the file cannot be read. */
  gpointer (*open)(int descriptor, const char *path, MgAudioInfo *info, GError **error);
  gint64 (*read)(gpointer handle, float *interleaved, gint64 frames); /* 0: the end, or damage that cannot be passed */
  gboolean (*seek)(gpointer handle, gint64 frame);
  /* Whether there are so many frames and no more, found out without reading through them. */
  gboolean (*holds)(gpointer handle, gint64 frames);
  const char *(*complaint)(gpointer handle); /* why reading ended, or NULL */
  void (*close)(gpointer handle);            /* accepts NULL */
} MgBackend;

extern const MgBackend mg_backend_sndfile, mg_backend_flac, mg_backend_mpeg;

#define MG_DECODER_FORMATS "wav, flac, ogg, opus, mp3, aiff, au, caf, w64 or rf64"

/* Where "fLaC" stands: behind an ID3 tag where there is one. */
gint64 mg_flac_start(int descriptor);
