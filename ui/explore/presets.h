/* Sets of parameters by name. */
#pragma once
#include "ui/widgets/param-panel.h"

/* A group with one row that applies the chosen preset to the panel. */
AdwPreferencesGroup *mg_presets_new(MgParamPanel *panel);
