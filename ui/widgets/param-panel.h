/* Rows for a set of parameters, made from their specs: one group a table, one row a parameter; the help is the tooltip,
 * the unit stands behind the value, a value that does not fit is marked and explained where it was typed. */
#pragma once
#include "base/param.h"
#include <adwaita.h>

#define MG_TYPE_PARAM_PANEL (mg_param_panel_get_type())
G_DECLARE_FINAL_TYPE(MgParamPanel, mg_param_panel, MG, PARAM_PANEL, AdwBin)

/* Rows for all tables of `params`, which it copies; `left_out` (NULL-terminated names, may be NULL) get no row.
 * Signal "changed": the values have changed, 250 ms after the last change by hand. */
GtkWidget *mg_param_panel_new(const MgParams *params, const char *const *left_out);
/* The values as they are now; those typed that do not fit are not in them. Borrowed. */
const MgParams *mg_param_panel_params(MgParamPanel *panel);
/* Takes over the values of the names that both have (a preset, a run's configuration); "changed" follows. */
void mg_param_panel_take(MgParamPanel *panel, const MgParams *from);
/* Takes over "name=value" texts, NULL-terminated; names without a row are passed over. */
void mg_param_panel_assign(MgParamPanel *panel, const char *const *assignments);
/* TRUE where every value that was typed fits. */
gboolean mg_param_panel_valid(MgParamPanel *panel);
/* Adds a group of the caller's own above or below the parameters' groups. */
void mg_param_panel_add(MgParamPanel *panel, AdwPreferencesGroup *group, gboolean on_top);
