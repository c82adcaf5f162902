/* What an explanation found, in plain sentences with their figures. */
#pragma once
#include "train/explain-evidence.h"

typedef struct {
  const MgSeen *seen;
  int label;           /* the class that was asked about */
  MgEvidenceBox box;   /* where its evidence lies */
  const MgSeen *rest;  /* mg_evidence_without(); NULL: not known */
  const char *nearest; /* name of the training segment of the predicted class that is nearest; NULL: not known */
} MgExplainFindings;

/* The class with the largest probability. */
int mg_seen_predicted(const MgSeen *seen);
/* In the user's language; g_free() it. */
char *mg_explain_summary(const MgExplainFindings *findings);
