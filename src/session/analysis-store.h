/* The analyses of one file, shared: two panes that show the same with the same parameters compute it once, and what was
 * dropped last is there again at once. Main thread only. */
#pragma once
#include "session/analysis.h"

#define MG_TYPE_ANALYSIS_STORE (mg_analysis_store_get_type())
G_DECLARE_FINAL_TYPE(MgAnalysisStore, mg_analysis_store, MG, ANALYSIS_STORE, GObject)

MgAnalysisStore *mg_analysis_store_new(const char *path, double duration, int native_sr);
/* A new reference. Of `params` only what the feature reads counts (mg_analysis_new). */
MgAnalysis *mg_analysis_store_get(MgAnalysisStore *store, const MgFeature *feature, const MgParams *params,
                                  GError **error);
/* The parameters with which `feature` goes together with a pane: those of the tables that both have are the pane's, all
 * others the feature's defaults. */
MgParams *mg_analysis_params_beside(const MgFeature *feature, const MgParams *pane);
