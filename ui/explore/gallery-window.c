#include "ui/explore/gallery-window.h"
#include "plot/gallery.h"
#include "session/gallery.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/escape.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stack.h"
#include <glib/gi18n.h>

struct _MgGalleryWindow {
  AdwWindow parent;
  char *path, *over, *title;
  double start, end;
  MgParams *params;
  const MgColormap *colormap;
  GtkStack *stack; /* "working", "failed" or "drawing" */
  GtkWidget *drawing, *failed;
  MgVariants *variants; /* NULL: not there yet */
  GCancellable *making;
};

G_DEFINE_FINAL_TYPE(MgGalleryWindow, mg_gallery_window, ADW_TYPE_WINDOW)

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgGalleryWindow *window = data;
  const MgVariants *variants = window->variants;
  guint n = variants ? variants->variants->len : 0;
  g_autofree MgGalleryPicture *pictures = g_new(MgGalleryPicture, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    const MgVariant *one = variants->variants->pdata[i];
    pictures[i] = (MgGalleryPicture){one->levels, one->first_time, one->frame_step, one->value, one->empty};
  }
  if (n == 0)
    return;
  MgGallery gallery = {.title = window->title,
                       .over = window->over,
                       .x0 = variants->start,
                       .x1 = variants->end,
                       .low_hz = variants->low_hz,
                       .top_hz = variants->top_hz,
                       .htk = variants->htk,
                       .pictures = pictures,
                       .n = n};
  MgImageStyle image = {.low = -variants->range_db, .colormap = window->colormap, .scale = MG_SCALE_MEL_HZ};
  mg_gallery_draw(cr, width, height, style, &gallery, &image);
}

static void
show_failure(MgGalleryWindow *window, const char *message)
{
  g_autofree char *sentence = mg_format_sentence(message), *text = g_markup_escape_text(sentence, -1);
  adw_status_page_set_description(ADW_STATUS_PAGE(window->failed), text);
  gtk_stack_set_visible_child_name(window->stack, "failed");
}

static void
describe(MgGalleryWindow *window)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < window->variants->variants->len; i++) {
    const MgVariant *one = window->variants->variants->pdata[i];
    g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, i ? ", " : "", window->over, one->value);
    if (one->empty > 0)
      g_string_append_printf(text, ngettext(" (%zu empty band)", " (%zu empty bands)", one->empty), one->empty);
  }
  mg_drawing_set_text(MG_DRAWING(window->drawing), window->title, text->str);
}

static void
finish(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgGalleryWindow) window = data;
  g_autoptr(GError) error = NULL;
  MgVariants *variants = mg_variants_finish(result, &error);
  if (g_cancellable_is_cancelled(G_CANCELLABLE(g_task_get_cancellable(G_TASK(result))))) {
    mg_variants_free(variants);
    return;
  }
  g_clear_object(&window->making);
  if (!variants) {
    show_failure(window, error->message);
    return;
  }
  g_clear_pointer(&window->variants, mg_variants_free);
  window->variants = variants;
  describe(window);
  mg_drawing_changed(MG_DRAWING(window->drawing));
  gtk_stack_set_visible_child_name(window->stack, "drawing");
}

static void
make(MgGalleryWindow *window, const char *over)
{
  g_cancellable_cancel(window->making);
  g_clear_object(&window->making);
  g_clear_pointer(&window->variants, mg_variants_free);
  g_free(window->over);
  window->over = g_strdup(over);
  window->making = g_cancellable_new();
  gtk_stack_set_visible_child_name(window->stack, "working");
  mg_variants_async(window->path, window->start, window->end, window->params, over, window->making, finish,
                    g_object_ref(window));
}

static void
choose(GtkToggleButton *button, MgGalleryWindow *window)
{
  if (gtk_toggle_button_get_active(button))
    make(window, gtk_button_get_label(GTK_BUTTON(button)));
}

static GtkWidget *
new_chooser(MgGalleryWindow *window, const char *over)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *first = NULL;
  g_auto(GStrv) names = g_strsplit(MG_VARIANT_CHOICES, "|", -1);
  gtk_widget_add_css_class(box, "linked");
  for (char **name = names; *name; name++) {
    GtkWidget *button = gtk_toggle_button_new_with_label(*name);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), g_str_equal(*name, over));
    if (first)
      gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), GTK_TOGGLE_BUTTON(first));
    first = first ? first : button;
    g_signal_connect_object(button, "toggled", G_CALLBACK(choose), window, 0);
    gtk_box_append(GTK_BOX(box), button);
  }
  return box;
}

static void
save(GtkButton *button, MgGalleryWindow *window)
{
  gtk_widget_activate_action(window->drawing, "drawing.save", NULL);
}

static GtkWidget *
new_header(MgGalleryWindow *window, const char *over)
{
  GtkWidget *bar = adw_header_bar_new(), *button = gtk_button_new_from_icon_name("document-save-symbolic");
  adw_header_bar_set_title_widget(ADW_HEADER_BAR(bar), new_chooser(window, over));
  gtk_widget_set_tooltip_text(button, _("Save the picture"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Save the picture"), -1);
  g_signal_connect_object(button, "clicked", G_CALLBACK(save), window, 0);
  adw_header_bar_pack_start(ADW_HEADER_BAR(bar), button);
  return bar;
}

static GtkWidget *
new_working(void)
{
  GtkWidget *spinner = gtk_spinner_new();
  gtk_spinner_start(GTK_SPINNER(spinner));
  gtk_widget_set_size_request(spinner, 32, 32);
  gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Computing…"), -1);
  return spinner;
}

static void
build(MgGalleryWindow *window, const char *over)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  window->stack = GTK_STACK(mg_stack_new());
  window->failed = adw_status_page_new();
  window->drawing = mg_drawing_new("gallery", 300, 240);
  mg_drawing_set_funcs(MG_DRAWING(window->drawing), draw, NULL, window);
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(window->failed), "dialog-warning-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(window->failed), _("These pictures cannot be made"));
  gtk_stack_add_named(window->stack, new_working(), "working");
  gtk_stack_add_named(window->stack, window->failed, "failed");
  gtk_stack_add_named(window->stack, window->drawing, "drawing");
  gtk_widget_set_vexpand(GTK_WIDGET(window->stack), TRUE);
  gtk_box_append(GTK_BOX(box), new_header(window, over));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(window->stack));
  adw_window_set_content(ADW_WINDOW(window), box);
}

void
mg_gallery_window_show(GtkWindow *parent, const char *path, double start, double end, const MgParams *params,
                       const char *over)
{
  MgGalleryWindow *window =
      g_object_new(MG_TYPE_GALLERY_WINDOW, "transient-for", parent, "title", _("Gallery"), "default-width", 1000,
                   "default-height", 640, "destroy-with-parent", TRUE, NULL);
  g_autofree char *name = g_filename_display_basename(path);
  window->path = g_strdup(path);
  window->start = start;
  window->end = MIN(end, start + MG_GALLERY_LONGEST);
  g_autofree char *from = mg_format_clock(window->start, 1), *to = mg_format_clock(window->end, 1);
  window->title = g_strdup_printf("%s, %s–%s", name, from, to);
  window->params = mg_variants_params();
  mg_params_take(window->params, params);
  gboolean coloured = mg_params_has(params, "colormap");
  window->colormap = mg_colormap_find(coloured ? mg_params_text(params, "colormap") : "magma");
  build(window, over);
  mg_close_on_escape(GTK_WIDGET(window));
  make(window, over);
  gtk_window_present(GTK_WINDOW(window));
}

static void
dispose(GObject *object)
{
  MgGalleryWindow *window = MG_GALLERY_WINDOW(object);
  g_cancellable_cancel(window->making);
  g_clear_object(&window->making);
  G_OBJECT_CLASS(mg_gallery_window_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  MgGalleryWindow *window = MG_GALLERY_WINDOW(object);
  g_clear_pointer(&window->variants, mg_variants_free);
  g_clear_pointer(&window->params, mg_params_free);
  g_free(window->path);
  g_free(window->over);
  g_free(window->title);
  G_OBJECT_CLASS(mg_gallery_window_parent_class)->finalize(object);
}

static void
mg_gallery_window_class_init(MgGalleryWindowClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_gallery_window_init(MgGalleryWindow *window)
{
}
