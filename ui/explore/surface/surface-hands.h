/* The hand's habits over a 3D surface: drag turns, Shift and drag shifts, the wheel zooms, and keys for all of it. */
#pragma once
#include "ui/explore/surface/surface-view.h"

void mg_surface_hands_attach(MgSurfaceView *view);
