/* What the command explain finds out about a segment, as text and as JSON. */
#pragma once
#include "train/explain-change.h"
#include "train/explain-nearest.h"
#include "train/explain-summary.h"

/* All that is found out; what is not wanted stays NULL. */
typedef struct {
  const char *file;
  int part; /* from 1 */
  const MgExplainMethod *method;
  MgParams *params; /* the method's and those of the change */
  MgModel *model, *other;
  MgSeen *seen, *evidence_seen, *rest_seen; /* the last two: what the sounds of the evidence and the rest give */
  MgSeen *without;                          /* the segment without the evidence's box */
  int label;
  MgMatrix *map;
  float *evidence, *rest;
  MgEvidenceBox box;
  MgEvidenceCurves curves;
  MgEmbeddings *embeddings;
  GArray *near[2]; /* MgNearSegment: of the predicted class, of the one asked about where that is another */
} MgFindings;

/* "classique 0.27 · rap 0.73"; g_free() it. */
char *mg_findings_probabilities(const MgSeen *seen);
const char *mg_findings_class(const MgFindings *findings); /* the one that is asked about */
void mg_findings_print(const MgFindings *findings);
void mg_findings_print_json(const MgFindings *findings);
void mg_findings_clear(MgFindings *findings);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgFindings, mg_findings_clear)
