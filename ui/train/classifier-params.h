/* The parameters of classifiers, one classifier's at a time, with those that all share: how they are tested, and what
 * the rows are made of. */
#pragma once
#include "ml/classifier.h"
#include <adwaita.h>

#define MG_TYPE_CLASSIFIER_PARAMS (mg_classifier_params_get_type())
G_DECLARE_FINAL_TYPE(MgClassifierParams, mg_classifier_params, MG, CLASSIFIER_PARAMS, AdwBin)

/* Signal "changed": another classifier, or other values. */
GtkWidget *mg_classifier_params_new(void);
/* Whether rows are made of sounds by features, or vectors: their tables have parameters too. */
void mg_classifier_params_set_sounds(MgClassifierParams *params, gboolean sounds);
const MgClassifierClass *mg_classifier_params_class(MgClassifierParams *params);
/* Values of the classifier that is chosen, and the common ones. g_free(), mg_params_free() them. */
MgParams *mg_classifier_params_get(MgClassifierParams *params);
/* "svc:C=3", what differs from the defaults, as table-train takes it. g_free() it. */
char *mg_classifier_params_text(MgClassifierParams *params, const MgClassifierClass *class);
/* NAME=VALUE of the common ones that differ from their defaults. g_strfreev() it. */
char **mg_classifier_params_settings(MgClassifierParams *params);
/* Sets a common one. */
void mg_classifier_params_assign(MgClassifierParams *params, const char *assignment);
