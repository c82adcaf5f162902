/* Learning curves in the window: axes, curves, legend, and under the pointer the values of all of them at that step. */
#pragma once
#include "plot/curve.h"
#include "ui/widgets/drawing.h"

typedef struct MgCurveView MgCurveView;

/* The view belongs to its widget. `empty` says what will appear. */
MgCurveView *mg_curve_view_new(const char *title, const char *file_name, const char *empty);
GtkWidget *mg_curve_view_widget(MgCurveView *view);
/* Takes copies of names and values. Curves that belong together (train and validation of a run) share a hue. */
void mg_curve_view_set(MgCurveView *view, const MgCurve *curves, size_t n, double steps_per_epoch);
void mg_curve_view_set_log(MgCurveView *view, gboolean log);
void mg_curve_view_set_smoothing(MgCurveView *view, double smoothing);
/* The other view shows the same step under the pointer. */
void mg_curve_view_link(MgCurveView *view, MgCurveView *other);
