/* What is looked at in a track's sound to find what is wrong with it, and which others it is a copy of. */
#pragma once
#include <glib.h>

typedef struct {
  char *message;    /* why it cannot be read; NULL: it can */
  char *digest;     /* of its samples as decoded, whatever the container: equal ones are the same sound */
  double peak, rms; /* of full scale; the root mean square of all channels */
  gint64 clipped;   /* samples in runs of at least three at full scale */
  gint64 samples;   /* of all channels */
  GArray *print;    /* guint32: a word a tenth of a second, see mg_print_distance() */
} MgTrackScan;

/* Reads [start, end) s of a file; end 0: to its end. A file that cannot be read is told in the scan's message. The
 * print is of the first two minutes. */
MgTrackScan *mg_track_scan(const char *path, double start, double end);
void mg_track_scan_free(MgTrackScan *scan); /* accepts NULL */

/* The share of bits in which two prints differ where b begins `offset` words after a: about 0.5 for sounds that have
 * nothing to do with each other, 0 for the same one. Words of silence do not count. 1 where fewer than `least` words
 * lie over each other. After Haitsma and Kalker, A Highly Robust Audio Fingerprinting System, 2002. */
double mg_print_distance(const GArray *a, const GArray *b, int offset, guint least);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgTrackScan, mg_track_scan_free)
