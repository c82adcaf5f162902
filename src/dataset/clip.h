/* A stretch of a file as mono samples at a wanted rate: the one way in which sound reaches features and networks. */
#pragma once
#include "base/progress.h"
#include "base/spool.h"

typedef struct {
  float *samples; /* owned */
  size_t n;
  int sr;
  gint64 bad_samples; /* NaN or infinite ones that became 0 */
} MgClip;

/* [start, end) in seconds; end <= 0: to the end. sr 0: the file's own. A file that ends earlier gives what there is; a
 * stretch with no sample at all is MG_ERROR_DATA. Refuses over 1 GiB of samples (MG_ERROR_LIMIT). */
gboolean mg_clip_load(MgClip *clip, const char *path, double start, double end, int sr, GError **error);
void mg_clip_clear(MgClip *clip);

/* The same for several stretches of one file, which stays open in between: each stretch is resampled by itself, so that
 * it has the samples that mg_clip_load() gives for it. */
typedef struct MgClipReader MgClipReader;

MgClipReader *mg_clip_reader_new(const char *path, int sr, GError **error);
gboolean mg_clip_reader_read(MgClipReader *reader, MgClip *clip, double start, double end, GError **error);
/* A stretch of any length, the samples that mg_clip_reader_read() gives: one row of samples in a spool. */
MgSpool *mg_clip_reader_spool(MgClipReader *reader, double start, double end, GError **error);
int mg_clip_reader_sr(const MgClipReader *reader); /* that of the samples it gives */
void mg_clip_reader_free(MgClipReader *reader);    /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgClipReader, mg_clip_reader_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgClip, mg_clip_clear)
