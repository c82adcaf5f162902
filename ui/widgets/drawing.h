/* A picture of src/plot in the window: drawn once into a render node and kept until it changes, with a live layer on
 * top for what follows the pointer. Its context menu saves it as PNG, SVG or PDF in print's colours. */
#pragma once
#include "plot/geometry.h"
#include <gtk/gtk.h>

#define MG_TYPE_DRAWING (mg_drawing_get_type())
G_DECLARE_FINAL_TYPE(MgDrawing, mg_drawing, MG, DRAWING, GtkWidget)

typedef void (*MgDrawingFunc)(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector,
                              gpointer data);

/* `file_name` (without ending) is offered when the picture is saved. */
GtkWidget *mg_drawing_new(const char *file_name, int min_width, int min_height);
/* `data` belongs to the caller and lives as long as the widget does. `live` may be NULL. */
void mg_drawing_set_funcs(MgDrawing *drawing, MgDrawingFunc draw, MgDrawingFunc live, gpointer data);
void mg_drawing_changed(MgDrawing *drawing);      /* draw anew */
void mg_drawing_live_changed(MgDrawing *drawing); /* only the live layer */
/* Keeps what `draw` drew as pixels in place of strokes: for thousands of shapes, which are not to be drawn every frame.
 */
void mg_drawing_keep_pixels(MgDrawing *drawing);
/* What it shows, for those who do not see it. */
void mg_drawing_set_text(MgDrawing *drawing, const char *label, const char *description);
/* Height that goes with a width, as a factor; 0: whatever there is. */
void mg_drawing_set_aspect(MgDrawing *drawing, double height_of_width);
/* How much larger than usual the user wants text: 1 or more; what has a width in pixels for its text grows with it. */
double mg_text_scale(void);
/* The size of a window at its start: in pixels with text as large as usual. */
void mg_window_set_size(GtkWindow *window, int width, int height);
/* Of the text in and beside pictures: 1 to 1.6. */
double mg_drawing_text_scale(void);
/* Style and size of text that the user has chosen: light or dark, high contrast, larger text. */
void mg_drawing_adapt(MgStyle *style);
/* Calls changed(widget) when it becomes another. */
void mg_drawing_follow_style(GtkWidget *widget, GCallback changed);
/* The window's style of now. */
const MgStyle *mg_drawing_style(void);
/* Larger text in all drawings, for a room; MgStyle's otherwise. */
void mg_style_set_large(gboolean large);
