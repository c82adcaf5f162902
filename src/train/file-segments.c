#include "train/file-segments.h"
#include "audio/decoder.h"
#include "base/error.h"
#include "dataset/front-end.h"
#include <glib/gi18n-lib.h>

struct MgFileSegments {
  MgClipReader *reader; /* the file stays open: seeking in a compressed one is cheap only where it goes on */
  MgFrontEnd *front_end;
  GArray *segments; /* MgSegment */
};

MgFileSegments *
mg_file_segments_open(const char *path, double start, double end, const MgParams *params, GError **error)
{
  g_autoptr(MgDecoder) decoder = mg_decoder_open(path, error);
  if (!decoder)
    return NULL;
  g_autoptr(MgFileSegments) segments = g_new0(MgFileSegments, 1);
  segments->segments = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  segments->front_end = mg_front_end_new(params, error);
  if (!segments->front_end)
    return NULL;
  segments->reader = mg_clip_reader_new(path, mg_front_end_sr(segments->front_end), error);
  if (!segments->reader)
    return NULL;
  double duration = (end > 0 ? end : mg_decoder_info(decoder)->duration) - start;
  mg_segments_cut_track(segments->segments, 0, start, duration, MG_SPLIT_NONE, params);
  if (segments->segments->len > 0)
    return g_steal_pointer(&segments);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: no sound in it"), path);
  return NULL;
}

size_t
mg_file_segments_n(const MgFileSegments *segments)
{
  return segments->segments->len;
}

const MgSegment *
mg_file_segments_get(const MgFileSegments *segments, size_t i)
{
  return &g_array_index(segments->segments, MgSegment, i);
}

gboolean
mg_file_segments_sound(MgFileSegments *segments, size_t i, MgClip *clip, GError **error)
{
  const MgSegment *segment = mg_file_segments_get(segments, i);
  return mg_clip_reader_read(segments->reader, clip, segment->start, segment->end, error);
}

gboolean
mg_file_segments_picture(MgFileSegments *segments, size_t i, float *picture, GError **error)
{
  g_auto(MgClip) clip = {0};
  if (!mg_file_segments_sound(segments, i, &clip, error))
    return FALSE;
  mg_front_end_segment(segments->front_end, clip.samples, clip.n, picture);
  return TRUE;
}

void
mg_file_segments_free(MgFileSegments *segments)
{
  if (!segments)
    return;
  mg_front_end_free(segments->front_end);
  g_clear_pointer(&segments->segments, g_array_unref);
  mg_clip_reader_free(segments->reader);
  g_free(segments);
}
