/* The importances of the features for the classifier that is chosen in the study's table, as bars. */
#pragma once
#include "session/study.h"
#include <adwaita.h>

#define MG_TYPE_IMPORTANCES_VIEW (mg_importances_view_get_type())
G_DECLARE_FINAL_TYPE(MgImportancesView, mg_importances_view, MG, IMPORTANCES_VIEW, AdwBin)

GtkWidget *mg_importances_view_new(void);
void mg_importances_view_show(MgImportancesView *view, MgStudyRow *row); /* NULL: none */
