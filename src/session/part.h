/* A part of a sound for the ear: a feature that is a sound (harmonic, percussive), or what a mask leaves, made of a
 * stretch on a thread, piece by piece, into a file of its own that goes with the object.
 *
 * Main thread only. "changed": mg_part_fraction() has grown. "done" (const char *message): the file is there, or the
 * message says why not; after mg_part_stop() neither comes. */
#pragma once
#include "dsp/feature.h"
#include "dsp/mask.h"
#include <gio/gio.h>

#define MG_PART_LONGEST 1800.0 /* s: longer stretches are refused */

#define MG_TYPE_PART (mg_part_get_type())
G_DECLARE_FINAL_TYPE(MgPart, mg_part, MG, PART, GObject)

/* [start, end) s of the file at `path`. Begins at once. */
MgPart *mg_part_new(const char *path, const MgFeature *feature, const MgParams *params, double start, double end);
/* TRUE where it is, or will be, what these arguments would make. */
gboolean mg_part_is_of(MgPart *part, const char *path, const MgFeature *feature, const MgParams *params, double start,
                       double end);
/* What a mask leaves, at the file's own rate, in one channel. */
MgPart *mg_part_new_masked(const char *path, MgMask *mask, double start, double end);
gboolean mg_part_is_masked(MgPart *part, const char *path, const MgMask *mask, double start, double end);
double mg_part_fraction(MgPart *part);  /* 0 to 1 */
const char *mg_part_file(MgPart *part); /* NULL while it is not there */
double mg_part_start(MgPart *part);     /* s, in the whole file */
double mg_part_end(MgPart *part);       /* s */
void mg_part_stop(MgPart *part);
