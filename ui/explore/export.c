#include "ui/explore/export.h"
#include "plot/export.h"
#include "plot/text.h"
#include "ui/explore/views/ruler.h"
#include "ui/widgets/ask-file.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define SCALE 2 /* pixels a logical pixel in PNG files and on the clipboard */
#define MARGIN 12
#define GAP 6
#define TITLE 18

/* Drawings for others are light, whatever the window is. */
static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const MgExportScene *scene = data;
  const MgStyle *style = &mg_style_light;
  double y = MARGIN;
  cairo_set_source_rgb(cr, style->background[0], style->background[1], style->background[2]);
  cairo_paint(cr);
  mg_view_draw(scene->ruler, cr, 0, y, width, MG_RULER_HEIGHT, style);
  y += MG_RULER_HEIGHT;
  for (guint i = 0; i < scene->panes->len; i++) {
    const MgExportPane *pane = &g_array_index(scene->panes, MgExportPane, i);
    MgTextLook look = {.bold = TRUE, .max_width = MAX(1, width - MG_VIEW_LEFT - MG_VIEW_RIGHT)};
    double own = gtk_widget_get_height(GTK_WIDGET(pane->view));
    mg_text_draw_look(cr, style, pane->title, MG_VIEW_LEFT, y + TITLE - 2, 0, 1, &look);
    mg_view_draw(pane->view, cr, 0, y + TITLE, width, own, style);
    y += TITLE + own + GAP;
  }
}

static double
height_of(const MgExportScene *scene)
{
  double height = 2 * MARGIN + MG_RULER_HEIGHT - GAP;
  for (guint i = 0; i < scene->panes->len; i++)
    height += TITLE + gtk_widget_get_height(GTK_WIDGET(g_array_index(scene->panes, MgExportPane, i).view)) + GAP;
  return height;
}

gboolean
mg_export_scene(const MgExportScene *scene, const char *path, GError **error)
{
  return mg_export(path, scene->width, height_of(scene), SCALE, draw, (gpointer)scene, error);
}

void
mg_export_copy(GtkWidget *widget, const MgExportScene *scene)
{
  int width = (int)(scene->width * SCALE), height = (int)(height_of(scene) * SCALE);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, SCALE, SCALE);
  draw(cr, scene->width, height_of(scene), FALSE, (gpointer)scene);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  int stride = cairo_image_surface_get_stride(surface);
  g_autoptr(GBytes) bytes = g_bytes_new(cairo_image_surface_get_data(surface), (gsize)stride * height);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  cairo_surface_destroy(surface);
  gdk_clipboard_set_texture(gtk_widget_get_clipboard(widget), texture);
  mg_window_toast(widget, _("Picture copied"));
}

static void
free_scene(gpointer data)
{
  MgExportScene *scene = data;
  g_array_unref(scene->panes);
  g_free(scene);
}

static void
save(GtkWidget *widget, const char *path, gpointer scene)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_path_get_basename(path), *text = g_strdup_printf(_("Saved %s"), name);
  gboolean saved = mg_export_scene(scene, path, &error);
  mg_window_toast(widget, saved ? text : error->message);
}

void
mg_export_ask(GtkWidget *widget, const MgExportScene *scene)
{
  MgExportScene *copy = g_new(MgExportScene, 1);
  g_autofree char *name = mg_ask_file_name(scene->name, ".png");
  *copy = *scene;
  g_array_ref(copy->panes);
  mg_ask_file(widget, GTK_FILE_CHOOSER_ACTION_SAVE, _("Export the picture as PNG, SVG or PDF"), _("_Export"), name,
              save, copy, free_scene);
}
