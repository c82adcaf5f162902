/* What a map of an explanation (explain-method.h) says: where the evidence lies, how it sounds, and whether it is true.
 */
#pragma once
#include "train/explain-method.h"

/* Rows [first_row, end_row) and frames [first_frame, end_frame). */
typedef struct {
  size_t first_row, end_row, first_frame, end_frame;
  double share; /* of all evidence: of what is above 0 in the map */
  double area;  /* of the picture's */
} MgEvidenceBox;

/* The box in which evidence is densest: the one whose share less its area is largest. Empty (end_row 0) where the
 * map holds none; the whole picture where it is spread evenly. */
MgEvidenceBox mg_evidence_box(const MgMatrix *map);
/* Whether the box tells a place: not where it is most of the picture. */
gboolean mg_evidence_has_place(const MgEvidenceBox *box);
/* The share of all evidence that lies in a box. */
double mg_evidence_share(const MgMatrix *map, const MgEvidenceBox *box);

/* 1 where the strongest places lie that hold `share` of all evidence together, 0 elsewhere, with soft edges. */
MgMatrix *mg_evidence_mask(const MgMatrix *map, double share, GError **error);
/* The segment's sound through a mask (bins, frames) of its picture: the short-time spectrum is scaled by it and keeps
 * its phase. What is left of the sound is the rest: both sum to the segment. Bins that no band takes from are left
 * out: the network does not hear them. g_free() it; seen->n_samples values. MG_ERROR_USAGE where the picture's rows are
 * no bands of frequency. */
float *mg_evidence_sound(const MgSeen *seen, const MgMatrix *mask, GError **error);

/* The segment without what the mask lets through. */
MgSeen *mg_evidence_rest(const MgSeen *seen, const MgMatrix *mask, GError **error);
/* The segment without the box or, where that tells no place, without the strongest places that hold 60 % of the
 * evidence. */
MgSeen *mg_evidence_without(const MgSeen *seen, const MgMatrix *map, const MgEvidenceBox *box, GError **error);

/* Deletion and insertion (Petsiuk, Das, Saenko, 2018): the class's probability while the strongest places are covered
 * with silence, or uncovered from it, one after another. */
typedef struct {
  double deletion, insertion; /* areas below the curves, 0 to 1: evidence is true where one is low and one high */
  float *deleted, *inserted;  /* [n] probabilities, from none to all places */
  size_t n;
} MgEvidenceCurves;

/* `steps` steps, each of as many places. */
gboolean mg_evidence_curves(const MgSeen *seen, const MgMatrix *map, int label, size_t steps, MgEvidenceCurves *curves,
                            MgProgress *progress, GError **error);
void mg_evidence_curves_clear(MgEvidenceCurves *curves);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgEvidenceCurves, mg_evidence_curves_clear)
