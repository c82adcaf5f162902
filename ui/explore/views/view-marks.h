/* What tools leave over a view: the selected band, what was measured and the harmonics of a place, what was brushed. */
#pragma once
#include "ui/explore/views/view.h"

void mg_view_append_marks(MgView *view, GtkSnapshot *snapshot, const MgGeometry *geometry, const MgStyle *style);
