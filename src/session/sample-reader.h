/* Mono samples of a file at a wanted rate from any place on, without the whole file in memory. */
#pragma once
#include "audio/decoder.h"

typedef struct MgSampleReader MgSampleReader;

/* sr 0: the file's own. */
MgSampleReader *mg_sample_reader_open(const char *path, int sr, GError **error);
const MgAudioInfo *mg_sample_reader_info(const MgSampleReader *reader);
int mg_sample_reader_sr(const MgSampleReader *reader);
/* Samples at the reader's rate that the file's header promises. */
gint64 mg_sample_reader_length(const MgSampleReader *reader);
/* Fills samples [first, first + n); what lies before the start or beyond the end is 0. Reading on where the last call
 * ended costs no seek. FALSE where the file cannot be read there. */
gboolean mg_sample_reader_read(MgSampleReader *reader, gint64 first, float *samples, size_t n, GError **error);
/* The same by straight lines between the file's samples: quick and only good enough for a first picture. */
gboolean mg_sample_reader_glance(MgSampleReader *reader, gint64 first, float *samples, size_t n, GError **error);
void mg_sample_reader_free(MgSampleReader *reader); /* accepts NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgSampleReader, mg_sample_reader_free)
