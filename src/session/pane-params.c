#include "plot/colormap.h"
#include "session/pane.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec picture_specs[] = {
    {"colormap", MG_PARAM_CHOICE, "magma", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours from quiet to loud")},
    {"frequency_axis", MG_PARAM_CHOICE, "linear", 0, 0, "linear|log|mel", NULL, NULL,
     N_("Spacing of the STFT's frequencies")},
    {"max_db", MG_PARAM_FLOAT, "0", -120, 0, NULL, "dB", NULL,
     N_("Level of the brightest colour, relative to the loudest place")},
};
const MgParamTable mg_picture_params = MG_PARAM_TABLE("picture", N_("Picture"), picture_specs);

static const MgParamSpec value_specs[] = {
    {"colormap", MG_PARAM_CHOICE, "magma", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours from low to high")},
    {"lowest", MG_PARAM_FLOAT, "auto", 0, 0, NULL, NULL, N_("the smallest value of all rows but one"),
     N_("Value of the darkest colour")},
    {"highest", MG_PARAM_FLOAT, "auto", 0, 0, NULL, NULL, N_("the largest value of all rows but one"),
     N_("Value of the brightest colour")},
};
const MgParamTable mg_value_params = MG_PARAM_TABLE("picture", N_("Picture"), value_specs);

static const MgParamSpec phase_specs[] = {
    {"colormap", MG_PARAM_CHOICE, "cyclic", 0, 0, MG_COLORMAP_CHOICES, NULL, NULL, N_("Colours of phases")},
    {"frequency_axis", MG_PARAM_CHOICE, "linear", 0, 0, "linear|log|mel", NULL, NULL,
     N_("Spacing of the STFT's frequencies")},
    {"lowest", MG_PARAM_FLOAT, "-3.1415927", -3.1415927, 3.1415927, NULL, "rad", NULL,
     N_("Value of the darkest colour")},
    {"highest", MG_PARAM_FLOAT, "3.1415927", -3.1415927, 3.1415927, NULL, "rad", NULL,
     N_("Value of the brightest colour")},
};
const MgParamTable mg_phase_params = MG_PARAM_TABLE("picture", N_("Picture"), phase_specs);

static const MgParamSpec curve_specs[] = {
    {"lowest", MG_PARAM_FLOAT, "auto", 0, 0, NULL, NULL, N_("the smallest value"), N_("Lower end of the axis")},
    {"highest", MG_PARAM_FLOAT, "auto", 0, 0, NULL, NULL, N_("the largest value"), N_("Upper end of the axis")},
};
const MgParamTable mg_curve_params = MG_PARAM_TABLE("curve", N_("Curve"), curve_specs);

static const MgParamSpec ribbon_specs[] = {
    {"run", MG_PARAM_TEXT, "", 0, 0, NULL, NULL, NULL, N_("A folder in runs, or the path of a run")},
};
const MgParamTable mg_ribbon_params = MG_PARAM_TABLE("ribbon", N_("Run"), ribbon_specs);

static const MgParamSpec surface_pane_specs[] = {
    {"beside", MG_PARAM_TEXT, "", 0, 0, NULL, NULL, NULL, N_("A second sound that is shown beside the first")},
};
const MgParamTable mg_surface_pane_params = MG_PARAM_TABLE("surface-pane", N_("3D surface"), surface_pane_specs);
