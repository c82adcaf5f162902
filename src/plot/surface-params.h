/* How a 3D surface is seen. */
#pragma once
#include "base/param.h"

/* colormap frequency_axis azimuth elevation zoom … The frequency axis is for those who make the values. */
extern const MgParamTable mg_surface_params;
