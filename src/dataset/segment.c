#include "dataset/segment.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec specs[] = {
    {"segment_seconds", MG_PARAM_FLOAT, "15", 0.01, 3600, NULL, "s", NULL, N_("Length of a segment")},
    {"segment_hop", MG_PARAM_FLOAT, "auto", 0.01, 3600, NULL, "s", N_("segment_seconds"),
     N_("Distance between the starts of two segments")},
};

const MgParamTable mg_segment_params = MG_PARAM_TABLE("segment", N_("Segments"), specs);

static const double tolerance = 1e-6; /* s: durations are counts of samples divided by a rate */

static void
append(GArray *segments, guint32 track, guint32 part, double start, double seconds, MgSplit split)
{
  MgSegment segment = {.track = track, .part = part, .start = start, .end = start + seconds, .split = split};
  g_array_append_val(segments, segment);
}

void
mg_segments_cut_track(GArray *segments, guint32 track, double start, double duration, MgSplit split,
                      const MgParams *params)
{
  double seconds = mg_params_float(params, "segment_seconds");
  double hop = mg_params_float_or(params, "segment_hop", seconds);
  guint32 part = 0;
  if (duration <= 0)
    return;
  for (; part * hop + seconds <= duration + tolerance; part++)
    append(segments, track, part + 1, start + part * hop, seconds, split);
  /* What no segment holds yet: with overlap, that is less than a hop. */
  double held = part ? MAX(part * hop, (part - 1) * hop + seconds) : 0;
  if (part == 0 || duration - held >= seconds / 2 - tolerance)
    append(segments, track, part + 1, start + part * hop, seconds, split);
}

GArray *
mg_segments_cut(const MgManifest *manifest, const MgParams *params)
{
  GArray *segments = g_array_new(FALSE, FALSE, sizeof(MgSegment));
  for (guint i = 0; i < manifest->tracks->len; i++) {
    const MgTrack *track = mg_manifest_track(manifest, i);
    mg_segments_cut_track(segments, i, track->start, track->duration, track->split, params);
  }
  return segments;
}
