#include "ui/widgets/drawing.h"
#include "plot/export.h"
#include "ui/window.h"
#include <adwaita.h>
#include <glib/gi18n.h>

#define LARGEST_TEXT 1.6

struct _MgDrawing {
  GtkWidget parent_instance;
  MgDrawingFunc draw, live;
  gpointer data;
  GskRenderNode *node; /* what `draw` drew at width x height, or NULL */
  int width, height;
  int min_width, min_height;
  double aspect;
  gboolean pixels;
  char *file_name;
  GtkWidget *menu;
  GtkNativeDialog *dialog;
};

G_DEFINE_FINAL_TYPE(MgDrawing, mg_drawing, GTK_TYPE_WIDGET)

static gboolean large_text;

void
mg_style_set_large(gboolean large)
{
  large_text = large;
}

/* Relative to the usual 96 dpi. */
double
mg_text_scale(void)
{
  int dpi = 0;
  g_object_get(gtk_settings_get_default(), "gtk-xft-dpi", &dpi, NULL);
  return MAX(dpi / 1024.0 / 96, 1);
}

void
mg_window_set_size(GtkWindow *window, int width, int height)
{
  gtk_window_set_default_size(window, (int)(width * mg_text_scale()), (int)(height * mg_text_scale()));
}

/* Pictures have no room for more than LARGEST_TEXT. */
double
mg_drawing_text_scale(void)
{
  return MIN(mg_text_scale(), LARGEST_TEXT) * (large_text ? 1.4 : 1);
}

void
mg_drawing_adapt(MgStyle *style)
{
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  *style = dark ? mg_style_dark : mg_style_light;
  style->font_size *= mg_drawing_text_scale();
  if (!adw_style_manager_get_high_contrast(adw_style_manager_get_default()))
    return;
  for (int i = 0; i < 3; i++)
    style->foreground[i] = dark;
  style->grid[3] = 0.4;
}

void
mg_drawing_follow_style(GtkWidget *widget, GCallback changed)
{
  AdwStyleManager *manager = adw_style_manager_get_default();
  g_signal_connect_object(manager, "notify::dark", changed, widget, G_CONNECT_SWAPPED);
  g_signal_connect_object(manager, "notify::high-contrast", changed, widget, G_CONNECT_SWAPPED);
  g_signal_connect_object(gtk_settings_get_default(), "notify::gtk-xft-dpi", changed, widget, G_CONNECT_SWAPPED);
}

/* On libadwaita's window_bg_color, so that a picture has no edge of its own. */
const MgStyle *
mg_drawing_style(void)
{
  static MgStyle style;
  static const double grounds[2] = {0xfa / 255.0, 0x24 / 255.0};
  mg_drawing_adapt(&style);
  for (int i = 0; i < 3; i++)
    style.background[i] = grounds[style.dark];
  return &style;
}

static GskRenderNode *
render_pixels(MgDrawing *drawing)
{
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(drawing));
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, drawing->width * scale, drawing->height * scale);
  cairo_surface_set_device_scale(surface, scale, scale);
  cairo_t *cr = cairo_create(surface);
  drawing->draw(cr, drawing->width, drawing->height, mg_drawing_style(), FALSE, drawing->data);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  size_t stride = (size_t)cairo_image_surface_get_stride(surface);
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(cairo_image_surface_get_data(surface),
                                                       stride * (size_t)cairo_image_surface_get_height(surface),
                                                       (GDestroyNotify)cairo_surface_destroy, surface);
  g_autoptr(GdkTexture) texture =
      gdk_memory_texture_new(drawing->width * scale, drawing->height * scale, GDK_MEMORY_DEFAULT, bytes, stride);
  return gsk_texture_node_new(texture, &GRAPHENE_RECT_INIT(0, 0, drawing->width, drawing->height));
}

static GskRenderNode *
render(MgDrawing *drawing)
{
  if (drawing->pixels)
    return render_pixels(drawing);

  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new();
  graphene_rect_t bounds = GRAPHENE_RECT_INIT(0, 0, drawing->width, drawing->height);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &bounds);
  drawing->draw(cr, drawing->width, drawing->height, mg_drawing_style(), FALSE, drawing->data);
  cairo_destroy(cr);
  return gtk_snapshot_free_to_node(g_steal_pointer(&snapshot));
}

static void
mg_drawing_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgDrawing *drawing = MG_DRAWING(widget);
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  if (!drawing->draw || width < 1 || height < 1)
    return;
  if (width != drawing->width || height != drawing->height)
    g_clear_pointer(&drawing->node, gsk_render_node_unref);
  drawing->width = width;
  drawing->height = height;
  if (!drawing->node)
    drawing->node = render(drawing);
  if (drawing->node)
    gtk_snapshot_append_node(snapshot, drawing->node);
  if (!drawing->live)
    return;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT(0, 0, width, height);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &bounds);
  drawing->live(cr, width, height, mg_drawing_style(), FALSE, drawing->data);
  cairo_destroy(cr);
}

static GtkSizeRequestMode
mg_drawing_get_request_mode(GtkWidget *widget)
{
  return MG_DRAWING(widget)->aspect > 0 ? GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
mg_drawing_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                   int *minimum_baseline, int *natural_baseline)
{
  MgDrawing *drawing = MG_DRAWING(widget);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? drawing->min_width : drawing->min_height;
  if (orientation == GTK_ORIENTATION_VERTICAL && drawing->aspect > 0 && for_size > 0)
    *minimum = MAX(*minimum, (int)(for_size * drawing->aspect));
  *natural = *minimum;
}

static void
save_scaled(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  MgDrawing *drawing = data;
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  drawing->draw(cr, width, height, &mg_style_light, vector, drawing->data);
}

static void
on_save_response(GtkNativeDialog *dialog, int response, MgDrawing *drawing)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  g_autoptr(GError) error = NULL;
  if (path && drawing->width > 0 && !mg_export(path, drawing->width, drawing->height, 2, save_scaled, drawing, &error))
    mg_window_toast(GTK_WIDGET(drawing), error->message);
  g_clear_object(&drawing->dialog);
}

static void
save_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgDrawing *drawing = MG_DRAWING(widget);
  if (drawing->dialog)
    return;
  g_autofree char *suggestion = g_strconcat(drawing->file_name, ".png", NULL);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(_("Save picture"), GTK_WINDOW(gtk_widget_get_root(widget)),
                                                             GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), suggestion);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  drawing->dialog = GTK_NATIVE_DIALOG(dialog);
  g_signal_connect(dialog, "response", G_CALLBACK(on_save_response), drawing);
  gtk_native_dialog_show(drawing->dialog);
}

static void
on_secondary_click(GtkGestureClick *gesture, int n, double x, double y, MgDrawing *drawing)
{
  if (!drawing->menu) {
    g_autoptr(GMenu) menu = g_menu_new();
    g_menu_append(menu, _("Save picture (PNG, SVG, PDF)…"), "drawing.save");
    drawing->menu = gtk_popover_menu_new_from_model(G_MENU_MODEL(menu));
    gtk_popover_set_has_arrow(GTK_POPOVER(drawing->menu), FALSE);
    gtk_widget_set_halign(drawing->menu, GTK_ALIGN_START);
    gtk_widget_set_parent(drawing->menu, GTK_WIDGET(drawing));
  }
  GdkRectangle at = {(int)x, (int)y, 1, 1};
  gtk_popover_set_pointing_to(GTK_POPOVER(drawing->menu), &at);
  gtk_popover_popup(GTK_POPOVER(drawing->menu));
}

static void
mg_drawing_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  if (MG_DRAWING(widget)->menu)
    gtk_popover_present(GTK_POPOVER(MG_DRAWING(widget)->menu));
}

void
mg_drawing_set_funcs(MgDrawing *drawing, MgDrawingFunc draw, MgDrawingFunc live, gpointer data)
{
  drawing->draw = draw;
  drawing->live = live;
  drawing->data = data;
  mg_drawing_changed(drawing);
}

void
mg_drawing_changed(MgDrawing *drawing)
{
  g_clear_pointer(&drawing->node, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(drawing));
}

void
mg_drawing_live_changed(MgDrawing *drawing)
{
  gtk_widget_queue_draw(GTK_WIDGET(drawing));
}

void
mg_drawing_keep_pixels(MgDrawing *drawing)
{
  drawing->pixels = TRUE;
  g_signal_connect(drawing, "notify::scale-factor", G_CALLBACK(mg_drawing_changed), NULL);
}

void
mg_drawing_set_text(MgDrawing *drawing, const char *label, const char *description)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(drawing), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description ? description : "", -1);
}

void
mg_drawing_set_aspect(MgDrawing *drawing, double height_of_width)
{
  if (drawing->aspect == height_of_width)
    return;
  drawing->aspect = height_of_width;
  gtk_widget_queue_resize(GTK_WIDGET(drawing));
}

/* The font may have another size. */
static void
mg_drawing_css_changed(GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS(mg_drawing_parent_class)->css_changed(widget, change);
  mg_drawing_changed(MG_DRAWING(widget));
}

static void
mg_drawing_dispose(GObject *object)
{
  MgDrawing *drawing = MG_DRAWING(object);
  g_clear_pointer(&drawing->menu, gtk_widget_unparent);
  g_clear_object(&drawing->dialog);
  g_clear_pointer(&drawing->node, gsk_render_node_unref);
  drawing->draw = drawing->live = NULL;
  G_OBJECT_CLASS(mg_drawing_parent_class)->dispose(object);
}

static void
mg_drawing_finalize(GObject *object)
{
  g_free(MG_DRAWING(object)->file_name);
  G_OBJECT_CLASS(mg_drawing_parent_class)->finalize(object);
}

static void
mg_drawing_class_init(MgDrawingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = mg_drawing_dispose;
  G_OBJECT_CLASS(klass)->finalize = mg_drawing_finalize;
  widget_class->snapshot = mg_drawing_snapshot;
  widget_class->measure = mg_drawing_measure;
  widget_class->css_changed = mg_drawing_css_changed;
  widget_class->get_request_mode = mg_drawing_get_request_mode;
  widget_class->size_allocate = mg_drawing_size_allocate;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name(widget_class, "drawing");
  gtk_widget_class_install_action(widget_class, "drawing.save", NULL, save_action);
}

static void
mg_drawing_init(MgDrawing *drawing)
{
  GtkGesture *click = gtk_gesture_click_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(on_secondary_click), drawing);
  gtk_widget_add_controller(GTK_WIDGET(drawing), GTK_EVENT_CONTROLLER(click));
  gtk_widget_set_overflow(GTK_WIDGET(drawing), GTK_OVERFLOW_HIDDEN);
  mg_drawing_follow_style(GTK_WIDGET(drawing), G_CALLBACK(mg_drawing_changed));
}

GtkWidget *
mg_drawing_new(const char *file_name, int min_width, int min_height)
{
  MgDrawing *drawing = g_object_new(MG_TYPE_DRAWING, NULL);
  drawing->file_name = g_strdup(file_name);
  drawing->min_width = min_width;
  drawing->min_height = min_height;
  return GTK_WIDGET(drawing);
}
