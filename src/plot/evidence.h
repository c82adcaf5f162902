/* A spectrogram with what speaks for a class, and what speaks against it, laid over it. */
#pragma once
#include "plot/geometry.h"
#include "base/matrix.h"

typedef struct {
  const MgMatrix *picture; /* (bins, frames) */
  const MgMatrix *map;     /* of the same size: above 0 for, below 0 against; NULL: nothing is laid over */
  const MgMatrix *kept;    /* of the same size: dimmed towards 0; NULL: all is kept */
  double strength;         /* of the overlay, 0 to 1 */
  double start, end;       /* s */
  const double *edges;     /* bins + 1, Hz at the rows' edges, ascending; NULL: rows are no bands and have numbers */
  gboolean mel;            /* rows follow a mel scale, not a linear one */
} MgEvidencePicture;

/* Where the picture lies in (0, 0, width, height) with room for its axes; the world is seconds and rows. */
MgGeometry mg_evidence_layout(const MgEvidencePicture *evidence, const MgStyle *style, double width, double height);
/* The picture in that place, and its axes. */
void mg_evidence_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgEvidencePicture *evidence);
/* The whole page for files: a title, a line below it, the picture and what its colours say. */
void mg_evidence_figure(cairo_t *cr, double width, double height, const MgStyle *style, const char *title,
                        const char *line, const MgEvidencePicture *evidence);
/* RGB of what speaks for (TRUE) and against a class, told apart by all eyes. */
const double *mg_evidence_hue(gboolean speaks_for);
