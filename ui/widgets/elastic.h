/* A bin that may be narrower than its child: what does not fit is cut off at the right. A window around it can be
 * shrunk in one go, before what folds by its width has folded. */
#pragma once
#include <adwaita.h>

#define MG_TYPE_ELASTIC (mg_elastic_get_type())
G_DECLARE_FINAL_TYPE(MgElastic, mg_elastic, MG, ELASTIC, AdwBin)

GtkWidget *mg_elastic_new(GtkWidget *child);
